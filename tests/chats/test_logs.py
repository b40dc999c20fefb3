"""The log: the token is in no line of it, nor in a ``repr``; for programs a line is JSON."""

import asyncio
import io
import json
import logging
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from telegram.error import InvalidToken

from bot.chats.app import application
from bot.chats.client import Client
from bot.chats.logs import JsonFormatter, RedactingFormatter, begin
from bot.chats.state import ChatState
from bot.chats.webhook import letterbox_of
from bot.settings import Settings, Webhook

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


def test_the_webhook_s_secret_has_a_mark_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """From when the webhook is opened, with the secret that was made for it."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    webhook = Webhook("https://news.example.org/bot", tmp_path / "socket")
    settings = Settings(TOKEN, data=tmp_path, webhook=webhook)

    async def shown() -> str:
        with closing(ChatState(settings.state_db)) as state:
            begin(TOKEN)
            async with letterbox_of(settings, state) as letterbox:
                assert letterbox
                logging.getLogger("bot").warning("{'secret_token': '%s'}", letterbox.secret)
                return letterbox.secret

    secret = asyncio.run(shown())
    printed = capsys.readouterr().err
    assert printed.endswith("WARNING {'secret_token': '<secret>'}\n")
    assert secret not in printed


def test_what_is_set_as_a_secret_is_hidden_escaped_too() -> None:
    """And the token still is."""
    formatter = RedactingFormatter(TOKEN)
    formatter.hide("a b", "<secret>")
    assert formatter.redacted(f"{TOKEN} a b a%20b") == "<token> <secret> <secret>"


@pytest.fixture
def json_log(log: io.StringIO) -> io.StringIO:
    """The same as JSON lines."""
    [handler] = logging.getLogger("test").handlers
    handler.setFormatter(JsonFormatter(TOKEN))
    return log


def test_json_has_an_object_a_line(json_log: io.StringIO) -> None:
    """Whatever stands in the message: when, how grave, who says so and what."""
    logging.getLogger("test").warning("Two\nlines, “%s” \x1b[2J \u2028", "ñ")
    [line] = json_log.getvalue().splitlines()
    event = json.loads(line)
    time = datetime.fromisoformat(event.pop("time"))
    assert abs((datetime.now(UTC) - time).total_seconds()) < 60
    assert event == {
        "level": "warning",
        "logger": "test",
        "message": "Two\nlines, “ñ” \x1b[2J \u2028",
    }


def test_json_has_the_exception_and_no_token(json_log: io.StringIO) -> None:
    """In the message neither."""
    try:
        raise InvalidToken(f"The token `{TOKEN}` was rejected by the server.")
    except InvalidToken:
        logging.getLogger("test").exception("It failed with %s", TOKEN)
    event = json.loads(json_log.getvalue())
    assert event["message"] == "It failed with <token>"
    assert event["exception"].startswith("Traceback (most recent call last):\n")
    assert event["exception"].endswith("The token `<token>` was rejected by the server.")
    assert "not-a-token" not in json_log.getvalue()


def test_no_repr_shows_it() -> None:
    """Of the bot, of the application."""
    client = Client(TOKEN, "https://api.telegram.org")
    assert repr(client) == "Client[id=4200000042]"
    assert repr(application(client, None)) == "_Application[bot=Client[id=4200000042]]"  # type: ignore[arg-type]
