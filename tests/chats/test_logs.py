"""The token is in no line of the log, and in no ``repr``."""

import io
import logging

import pytest
from telegram.error import InvalidToken

from bot.chats.app import application
from bot.chats.client import Client
from bot.chats.logs import RedactingFormatter

TOKEN = "4200000042:not-a-token-only-shaped-like-one-00"


@pytest.fixture
def log() -> io.StringIO:
    """What is written to the log by the logger ``test``."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(RedactingFormatter(TOKEN))
    logger = logging.getLogger("test")
    logger.handlers, logger.propagate = [handler], False
    return written


def test_a_message_has_a_mark_in_its_place(log: io.StringIO) -> None:
    """Also where it comes in as an argument, or escaped in a URL."""
    url = "https://api.telegram.org/bot%s/getMe?token=4200000042%%3Anot-a-token-only-shaped-like-one-00"
    logging.getLogger("test").error(url, TOKEN)
    assert log.getvalue().endswith(
        "ERROR https://api.telegram.org/bot<token>/getMe?token=<token>\n"
    )


def test_a_traceback_has_too(log: io.StringIO) -> None:
    """Through every error that led to it."""
    try:
        try:
            raise InvalidToken(f"The token `{TOKEN}` was rejected by the server.")
        except InvalidToken as error:
            raise RuntimeError(TOKEN) from error
    except RuntimeError:
        logging.getLogger("test").exception("It failed")
    assert "not-a-token" not in log.getvalue()
    assert log.getvalue().count("<token>") == 2


def test_without_a_token_nothing_is_replaced() -> None:
    """An empty one stands between any two letters."""
    record = logging.makeLogRecord({"msg": "Hello", "levelname": "INFO"})
    assert RedactingFormatter("").format(record).endswith(" INFO Hello")


def test_no_repr_shows_it() -> None:
    """Of the bot, of the application."""
    client = Client(TOKEN, "https://api.telegram.org")
    assert repr(client) == "Client[id=4200000042]"
    assert repr(application(client, None)) == "Application[bot=Client[id=4200000042]]"  # type: ignore[arg-type]
