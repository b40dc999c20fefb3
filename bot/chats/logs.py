"""The log: one readable line an event on stderr, and the token in none of them."""

import logging
import sys
from urllib.parse import quote

MARK = "<token>"
"""What stands in the place of a token."""


class RedactingFormatter(logging.Formatter):
    """Formats a record, its traceback included, with the token replaced by a mark.

    A filter would see the message only, and the traceback of an error has the token too.
    """

    def __init__(self, token: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S")
        self._secrets = {token, quote(token, safe="")} - {""}

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, MARK)
        return text


def begin(token: str, level: int = logging.INFO) -> None:
    """Write the log to stderr from now on; no reader's words at the default level."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(token))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    if level > logging.DEBUG:
        # A line for every request from the one, whole answers of Telegram's from the other.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
