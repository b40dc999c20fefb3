"""Watching the webhook: what Telegram says of it, in a time that the test moves."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telegram import WebhookInfo
from telegram.error import BadRequest, InvalidToken, NetworkError

from bot.chats.delivery import Time
from bot.chats.letterbox import Letterbox
from bot.chats.polling import Refused
from bot.chats.webhook import BETWEEN_LOOKS, receive
from bot.settings import Webhook

URL = "https://news.example.org/bot"
KINDS = ("message",)
LONG_AGO = datetime(2026, 2, 1, tzinfo=UTC)


class End(BaseException):
    """The script is over."""


class Telegram:
    """Says of the webhook what the next line of a script does; a wait takes no time but counts."""

    def __init__(self, *script: WebhookInfo | Exception, refusal: Exception | None = None) -> None:
        self._script = iter(script)
        self._refusal = refusal
        self.registered: list[tuple[str, str | None]] = []
        self.kept: list[list[Any]] = []
        self.waits: list[float] = []

    async def set_webhook(
        self,
        url: str,
        *,
        secret_token: str | None,
        allowed_updates: Sequence[str] | None,
        drop_pending_updates: bool | None,
    ) -> bool:
        """Taken, unless it is to be refused."""
        assert (allowed_updates, drop_pending_updates) == (KINDS, False)
        self.registered.append((url, secret_token))
        if self._refusal:
            raise self._refusal
        return True

    async def get_webhook_info(self) -> WebhookInfo:
        """The next line."""
        match next(self._script, End()):
            case BaseException() as error:
                raise error
            case info:
                return info

    async def sleep(self, seconds: float) -> None:
        """Take no time."""
        self.waits.append(seconds)

    def run(self, ends_with: type[BaseException] = End) -> str:
        """What ends it, once the script is over."""
        return asyncio.run(self._run(ends_with))

    async def _run(self, ends_with: type[BaseException]) -> str:
        letterbox = Letterbox(Webhook(URL, ("127.0.0.1", 0)), "a-secret", lambda: True)
        time = Time(lambda: 0.0, self.sleep)
        with pytest.raises(ends_with) as ended:
            await receive(self, self.kept.append, KINDS, letterbox, time=time)
        return str(ended.value)


def info(url: str = URL, *, failed: int = 0, waiting: int = 0, why: str = "refused") -> WebhookInfo:
    """What getWebhookInfo says, the last failure so many minutes after the first there can be."""
    at = LONG_AGO + timedelta(minutes=failed) if failed else None
    return WebhookInfo(
        url, False, waiting, last_error_date=at, last_error_message=why if failed else None
    )


@pytest.fixture(autouse=True)
def _told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.chats.webhook")


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says between the first line and the last, which are always the same."""
    first, *lines, last = (
        record.getMessage() for record in caplog.records if record.name == "bot.chats.webhook"
    )
    assert first == f"Telegram posts updates to {URL}."
    assert last == "The webhook stays registered: Telegram keeps updates for 24 hours."
    return lines


def test_it_is_registered_once_and_looked_at_every_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each look counts as having heard from Telegram."""
    telegram = Telegram(info(), info(), info())
    telegram.run()
    assert telegram.registered == [(URL, "a-secret")]
    assert telegram.waits == [BETWEEN_LOOKS] * 3
    assert telegram.kept == [[]] * 3
    assert told(caplog) == []


class TestFailure:
    """Telegram could not deliver."""

    def test_is_told_once_and_that_it_is_over(self, caplog: pytest.LogCaptureFixture) -> None:
        """However often it is tried meanwhile, and not before nothing waits any more."""
        failing = [info(failed=minute, waiting=minute) for minute in (1, 2, 3)]
        Telegram(info(), *failing, info(failed=3, waiting=3), info(failed=3), info()).run()
        assert told(caplog) == [
            "Telegram could not deliver (refused). Updates that wait: 1.",
            "Telegram delivers again.",
        ]

    def test_of_another_kind_is_told_too(self, caplog: pytest.LogCaptureFixture) -> None:
        """It may need something else done."""
        first, then = info(failed=1, waiting=1), info(failed=2, waiting=2, why="Wrong response")
        Telegram(info(), first, then).run()
        assert told(caplog) == [
            "Telegram could not deliver (refused). Updates that wait: 1.",
            "Telegram could not deliver (Wrong response). Updates that wait: 2.",
        ]

    def test_from_before_the_start_is_not_told(self, caplog: pytest.LogCaptureFixture) -> None:
        """The bot was not there to take anything in."""
        Telegram(info(failed=1, waiting=5), info(failed=1)).run()
        assert told(caplog) == []

    def test_that_comes_again_is_told_again(self, caplog: pytest.LogCaptureFixture) -> None:
        """Once it was over."""
        once = info(failed=1, waiting=1)
        Telegram(info(), once, info(failed=1), info(failed=9, waiting=1)).run()
        assert len([line for line in told(caplog) if "could not deliver" in line]) == 2


class TestAnotherProgram:
    """It changes the webhook with the same token."""

    def test_once_is_undone(self, caplog: pytest.LogCaptureFixture) -> None:
        """It may have been a bot of before that ended meanwhile."""
        telegram = Telegram(info(), info("https://other.example.org"), info(), info(""), info())
        telegram.run()
        assert telegram.registered == [(URL, "a-secret")] * 3
        assert told(caplog) == ["Another program changed the webhook; it is registered again."] * 2

    def test_twice_running_ends_the_bot(self) -> None:
        """Else the two would take turns."""
        other = info("https://other.example.org")
        telegram = Telegram(info(), other, other)
        assert telegram.run(Refused).startswith("Another program changes this bot's webhook")
        assert len(telegram.registered) == 2


def test_the_address_as_telegram_writes_it_is_the_bot_s(caplog: pytest.LogCaptureFixture) -> None:
    """It may write it otherwise than it was told."""
    telegram = Telegram(*[info(f"{URL}/")] * 3)
    telegram.run()
    assert (len(telegram.registered), told(caplog)) == (1, [])


def test_an_outage_is_waited_out() -> None:
    """And nothing is registered anew after it."""
    telegram = Telegram(info(), NetworkError("gone"), info())
    telegram.run()
    assert telegram.waits == [BETWEEN_LOOKS, 1.0, BETWEEN_LOOKS]
    assert len(telegram.registered) == 1


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (BadRequest("bad webhook."), "Telegram does not take PULLQUOTE_WEBHOOK_URL (bad webhook)."),
        (InvalidToken("?"), "Telegram does not accept the token."),
    ],
    ids=["address", "token"],
)
def test_what_telegram_refuses_ends_the_bot(refusal: Exception, words: str) -> None:
    """With a line that says what to set."""
    assert Telegram(refusal=refusal).run(Refused).startswith(words)
