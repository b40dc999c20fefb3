"""The log: an event a line on stderr, for people or for programs, and no secret in any of them."""

import json
import logging
import sys
from datetime import UTC, datetime
from urllib.parse import quote

from bot.settings import LogFormat

MARK = "<token>"
"""What stands in the place of a token."""
MARK_OF_SECRET = "<secret>"  # noqa: S105  no secret
"""What stands in the place of the webhook's."""


class RedactingFormatter(logging.Formatter):
    """Formats a record, its traceback included, with the token replaced by a mark.

    A filter would see the message only, and the traceback of an error has the token too.
    """

    def __init__(self, token: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S")
        self._marks: dict[str, str] = {}
        self.hide(token, MARK)

    def hide(self, secret: str, mark: str) -> None:
        """Put the mark in the place of a secret too from now on, escaped or not."""
        self._marks |= {each: mark for each in (secret, quote(secret, safe="")) if each}

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        return self.redacted(super().format(record))

    def redacted(self, text: str) -> str:
        """The text with a mark wherever it has a secret."""
        for secret, mark in self._marks.items():
            text = text.replace(secret, mark)
        return text


class JsonFormatter(RedactingFormatter):
    """Formats a record as a JSON object in one line: when (UTC), how grave, who says so, what."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        event = {
            "time": time.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.redacted(record.getMessage()),
        }
        if record.exc_info:
            event["exception"] = self.redacted(self.formatException(record.exc_info))
        return json.dumps(event)


def begin(token: str, level: int = logging.INFO, log: LogFormat = "text") -> None:
    """Write the log to stderr from now on; no reader's words at the default level."""
    is_for_people = log == "text" or (log == "auto" and sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(token) if is_for_people else JsonFormatter(token))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    if level > logging.DEBUG:
        # A line for every request from the one, whole answers of Telegram's from the other.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        logging.getLogger("telegram.request").setLevel(logging.CRITICAL)


def hide(secret: str) -> None:
    """Keep the webhook's secret out of the log from now on."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, RedactingFormatter):
            handler.formatter.hide(secret, MARK_OF_SECRET)
