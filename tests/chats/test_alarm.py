"""The alarm: what it tells, when, and that nothing sets it off for ever. Its clock is moved."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest
from telegram.error import Forbidden

from bot.chats import logs
from bot.chats.alarm import COUNTED, LONGEST, MOST_KINDS, Alarm, kind
from bot.chats.delivery import Time
from tests.chats.clock import Clock

TOKEN = "4200000042:not-a-token-only-shaped-like-one-00"
_log = logging.getLogger("bot.of.a.test")


class Scene:
    """An alarm on the root of the log, and what it told."""

    def __init__(self, tell: Callable[[str], Awaitable[object]] | None = None) -> None:
        self.told: list[str] = []
        self.clock = Clock(0.0)
        self.alarm = Alarm(tell or self._tell, TOKEN, Time(self.clock, self.clock.sleep))

    async def _tell(self, text: str) -> None:
        self.told.append(text)

    async def passes(self, seconds: float) -> None:
        """Let time pass, and all that comes of it."""
        await self.settles()
        self.clock.move(seconds)
        await self.settles()

    async def settles(self) -> None:
        """Let everything happen that needs no time."""
        for _ in range(20):
            await asyncio.sleep(0)


def played(
    scenario: Callable[[Scene], Awaitable[None]],
    tell: Callable[[str], Awaitable[object]] | None = None,
) -> list[str]:
    """What was told in a scene."""

    async def play() -> list[str]:
        scene = Scene(tell)
        logging.getLogger().addHandler(scene.alarm)
        try:
            await scenario(scene)
            await scene.alarm.end(1)
        finally:
            logging.getLogger().removeHandler(scene.alarm)
        return scene.told

    return asyncio.run(play())


def test_the_first_error_of_a_kind_is_told_the_others_counted() -> None:
    """A kind is a message whatever its values; an hour later one text says how many came."""

    async def scenario(scene: Scene) -> None:
        for number in range(4):
            _log.error("Chat %d is on fire", number)
        _log.error("Something else")
        await scene.settles()
        assert scene.told == ["Chat 0 is on fire", "Something else"]
        await scene.passes(COUNTED)
        assert scene.told[2:] == ["3 more within an hour: Chat 0 is on fire"]

    played(scenario)


def test_a_kind_that_was_quiet_for_an_hour_is_new_again() -> None:
    """One that goes on is told hour by hour."""

    async def scenario(scene: Scene) -> None:
        _log.error("On fire")
        await scene.passes(COUNTED - 1)
        _log.error("On fire")
        await scene.passes(1)
        assert scene.told == ["On fire", "1 more within an hour: On fire"]
        await scene.passes(COUNTED)
        _log.error("On fire")
        await scene.settles()
        assert scene.told[2:] == ["On fire"]

    played(scenario)


def test_a_kind_can_be_named() -> None:
    """The same message of two errors is two kinds then."""

    async def scenario(scene: Scene) -> None:
        _log.error("Update %d: %s", 1, "ValueError", extra=kind("ValueError"))
        _log.error("Update %d: %s", 2, "KeyError", extra=kind("KeyError"))
        _log.error("Update %d: %s", 3, "KeyError", extra=kind("KeyError"))

    assert played(scenario) == ["Update 1: ValueError", "Update 2: KeyError"]


def test_less_than_an_error_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    """The log has it."""
    caplog.set_level(logging.INFO)

    async def scenario(scene: Scene) -> None:
        _log.warning("Smoke")

    assert played(scenario) == []
    assert "Smoke" in caplog.text


def test_of_a_librarys_error_only_the_type_is_told() -> None:
    """Its own words may be a reader's."""

    async def scenario(scene: Scene) -> None:
        try:
            raise ValueError("who asked for help?")
        except ValueError:
            logging.getLogger("library").exception("Cannot parse: who asked for help?")

    assert played(scenario) == ["library: ValueError"]


def test_the_token_is_never_told_and_no_text_is_endless() -> None:
    """A mark stands in its place."""

    async def scenario(scene: Scene) -> None:
        _log.error("%s and %s", TOKEN, "x" * 5000)

    [told] = played(scenario)
    assert told.startswith("<token> and xxx")
    assert len(told) <= LONGEST


def test_a_secret_that_the_log_hides_is_not_told_either() -> None:
    """The webhook's is known only once the alarm is there."""

    async def scenario(scene: Scene) -> None:
        logs.hide("not-for-you")
        _log.error("It is not-for-you.")

    [told] = played(scenario)
    assert told == f"It is {logs.MARK_OF_SECRET}."


@pytest.mark.parametrize("error", [Forbidden("bot was kicked"), RuntimeError("broken")])
def test_telling_that_fails_is_not_told(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged as less than an error, once for what was to be told; no loop begins."""
    attempts = []

    async def fail(text: str) -> None:
        attempts.append(text)
        raise error

    async def scenario(scene: Scene) -> None:
        _log.error("On fire")
        await scene.passes(COUNTED)

    played(scenario, fail)
    assert attempts == ["On fire"]
    failures = [entry for entry in caplog.records if "could not be told" in entry.getMessage()]
    assert [entry.levelno for entry in failures] == [logging.WARNING]


def test_kinds_are_bounded() -> None:
    """Beyond a number they are one kind."""

    async def scenario(scene: Scene) -> None:
        for number in range(MOST_KINDS + 10):
            _log.error("Error", extra=kind(f"kind {number}"))

    told = played(scenario)
    assert len(told) == MOST_KINDS + 1
    assert told[-1] == "Errors of other kinds; the log has them."


def test_another_thread_is_heard() -> None:
    """The index is built in one."""

    async def scenario(scene: Scene) -> None:
        await asyncio.to_thread(_log.error, "From below")

    assert played(scenario) == ["From below"]


def test_at_the_end_what_is_being_told_gets_its_time() -> None:
    """What does not get through by then is given up."""
    told: list[str] = []

    async def slow(text: str) -> None:
        await asyncio.sleep(0.01 if text == "Last words" else 3600)
        told.append(text)

    async def scenario(scene: Scene) -> None:
        _log.error("Last words")
        _log.error("Never ends")
        await scene.settles()
        await scene.alarm.end(0.2)

    played(scenario, slow)
    assert told == ["Last words"]
