"""Long polling against a far end that is scripted, in a time that the test moves."""

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from typing import Any

import pytest
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.chats.delivery import Time
from bot.chats.polling import Refused, poll

KINDS = ("message", "callback_query")
CONFLICT = Conflict("terminated by other getUpdates request")


class End(BaseException):
    """The script is over."""


class Telegram:
    """Answers each getUpdates with the next line of a script; a wait takes no time but counts."""

    def __init__(self, *script: list[Any] | Exception) -> None:
        self._script = iter(script)
        self.offsets: list[int | None] = []
        self.kept: list[list[Any]] = []
        self.waits: list[float] = []
        self.time = 0.0

    async def raw_updates(self, offset: int | None, kinds: Sequence[str]) -> list[Any]:
        """The next line."""
        assert kinds == KINDS
        self.offsets.append(offset)
        match next(self._script, End()):
            case BaseException() as error:
                raise error
            case updates:
                return updates

    async def sleep(self, seconds: float) -> None:
        """Move the time on."""
        self.waits.append(seconds)
        self.time += seconds

    def run(self) -> None:
        """Poll until the script is over."""
        time = Time(lambda: self.time, self.sleep)
        with pytest.raises(End):
            asyncio.run(poll(self, self.kept.append, KINDS, time=time))


def updates(*ids: int) -> list[Any]:
    """Updates with nothing in them."""
    return [{"update_id": number} for number in ids]


class TestOffset:
    """What acknowledges updates to Telegram."""

    def test_is_asked_for_only_after_the_batch_is_kept(self) -> None:
        """One more than the highest id of the batch."""
        telegram = Telegram(updates(5, 6), updates(7))
        telegram.run()
        assert telegram.kept == [updates(5, 6), updates(7)]
        assert telegram.offsets == [None, 7, 8]

    def test_is_none_again_after_an_empty_batch(self) -> None:
        """Should Telegram count anew from a lower number after a quiet week, nothing is missed."""
        telegram = Telegram(updates(900), [], updates(5))
        telegram.run()
        assert telegram.offsets == [None, 901, None, 6]

    def test_stays_when_the_batch_cannot_be_kept(self, caplog: pytest.LogCaptureFixture) -> None:
        """A full disk loses nothing: Telegram keeps the updates, and they are fetched again.

        That is told once, and once that it is over.
        """
        caplog.set_level(logging.INFO)
        telegram = Telegram(updates(5), *[updates(6)] * 6, updates(7))
        error = sqlite3.OperationalError("database or disk is full")
        full = iter([None, *[error] * 5, None, None])

        def keep(batch: list[Any]) -> None:
            if error := next(full):
                raise error
            telegram.kept.append(batch)

        time = Time(lambda: 0.0, telegram.sleep)
        with pytest.raises(End):
            asyncio.run(poll(telegram, keep, KINDS, time=time))
        assert telegram.offsets == [None, *[6] * 6, 7, 8]
        assert telegram.kept == [updates(5), updates(6), updates(7)]
        assert telegram.waits == [1, 2, 4, 8, 10]
        told, over = caplog.messages
        assert "disk is full" in told
        assert over == "Updates can be stored again."

    def test_passes_over_what_has_no_id(self) -> None:
        """It goes with the others of its batch; alone it is asked for again after a pause."""
        telegram = Telegram([None, *updates(5), {"update_id": "6"}], [None])
        telegram.run()
        assert telegram.offsets == [None, 6, None]
        assert telegram.waits == [10.0]


class TestOutage:
    """Telegram cannot be reached."""

    @pytest.mark.parametrize(
        "trouble",
        [
            pytest.param(NetworkError("httpx.ConnectError: no route"), id="network"),
            pytest.param(TimedOut(), id="time-out"),
            pytest.param(NetworkError("Bad Gateway (502)"), id="5xx"),
            pytest.param(KeyError("result"), id="an answer that makes no sense"),
        ],
    )
    def test_is_told_once_and_its_end_once(
        self, trouble: Exception, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Between the two it is tried again, less and less often, for ever."""
        caplog.set_level(logging.INFO)
        telegram = Telegram(*[trouble] * 8, updates(5))
        telegram.run()
        assert telegram.waits == [1, 2, 4, 8, 16, 30, 30, 30]
        assert telegram.kept == [updates(5)]
        gone, back = caplog.messages
        assert gone.startswith("Telegram cannot be reached (")
        assert back == "Telegram is back after 121 s."

    @pytest.mark.parametrize(
        ("failures", "level"),
        [
            pytest.param(6, logging.ERROR, id="61 s"),
            pytest.param(5, logging.INFO, id="31 s"),
        ],
    )
    def test_is_an_error_where_it_lasted(
        self, failures: int, level: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A minute or more: that is what an admin chat is told."""
        caplog.set_level(logging.INFO)
        Telegram(*[NetworkError("httpx.ConnectError")] * failures, updates(5)).run()
        assert caplog.records[-1].getMessage().startswith("Telegram is back")
        assert caplog.records[-1].levelno == level

    def test_does_not_tell_what_a_proxy_answered(self, caplog: pytest.LogCaptureFixture) -> None:
        """The reason is short."""
        page = "Bad Gateway (502). Parsing the server response b'<html>' failed"
        Telegram(NetworkError(page)).run()
        assert caplog.messages == [
            "Telegram cannot be reached (NetworkError: Bad Gateway (502)). Trying again."
        ]

    def test_waits_as_long_as_telegram_asks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A 429 is no outage."""
        monkeypatch.setenv("PTB_TIMEDELTA", "true")
        telegram = Telegram(RetryAfter(17), updates(5))
        telegram.run()
        assert (telegram.waits, telegram.kept) == ([17], [updates(5)])


class TestRevokedToken:
    """The token stops being valid while the bot runs."""

    def test_ends_the_polling_with_one_plain_line(self) -> None:
        """And nothing of the library's message, which can hold the token."""
        telegram = Telegram(updates(5), InvalidToken("The token `42:x` was rejected"))
        with pytest.raises(Refused, match="does not accept the token") as refused:
            asyncio.run(poll(telegram, telegram.kept.append, KINDS))
        assert "42:x" not in str(refused.value)
        assert refused.value.__suppress_context__


class TestSecondPoller:
    """Another program polls with the same token."""

    def test_is_borne_for_a_minute(self, caplog: pytest.LogCaptureFixture) -> None:
        """Told once, tried less and less often, then refused."""
        telegram = Telegram(*[CONFLICT] * 20)
        time = Time(lambda: telegram.time, telegram.sleep)
        with pytest.raises(Refused, match="Stop it, or give this bot a token of its own"):
            asyncio.run(poll(telegram, telegram.kept.append, KINDS, time=time))
        assert telegram.waits == [1, 2, 4, 8, 15, 15, 15]
        assert len(caplog.messages) == 1
        assert caplog.messages[0].startswith("Another program fetches this bot's updates")

    def test_that_stops_is_forgotten(self, caplog: pytest.LogCaptureFixture) -> None:
        """A rolling restart: one poll with its full time, and all is as before."""
        caplog.set_level(logging.INFO)
        telegram = Telegram(*[CONFLICT] * 6, [], *[CONFLICT] * 6)
        telegram.run()
        assert telegram.waits == [1, 2, 4, 8, 15, 15] * 2
        assert caplog.messages[1] == "The other program has stopped fetching this bot's updates."

    def test_is_not_forgotten_because_an_update_got_through(self) -> None:
        """Two pollers share what comes in; this bot must not answer every second question."""
        telegram = Telegram(*[CONFLICT] * 6, updates(5), *[CONFLICT] * 6)
        time = Time(lambda: telegram.time, telegram.sleep)
        with pytest.raises(Refused):
            asyncio.run(poll(telegram, telegram.kept.append, KINDS, time=time))
        assert telegram.kept == [updates(5)]
