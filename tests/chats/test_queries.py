"""Inline queries from memory: each reader's in order, the last of those that wait, few at once."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from telegram import InlineQuery, Update, User

from bot.chats.queries import AT_ONCE, Queries

PATIENCE = 10.0


def typed(text: str, reader: int = 7) -> Update:
    """A query typed by somebody."""
    who = User(reader, "Ana", is_bot=False)
    return Update(1, inline_query=InlineQuery("1", who, text, ""))


def text_of(update: Update) -> str:
    """What was typed."""
    assert update.inline_query
    return update.inline_query.query


class Practice:
    """Queries whose handler waits for a gate, and writes down what it has begun and ended."""

    def __init__(self, failing: frozenset[str] = frozenset()) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.gate = asyncio.Event()
        self._failing = failing
        self._tasks: set[asyncio.Task[None]] = set()
        self.queries = Queries(self._handle, lambda work: self._tasks.add(_task(work)))

    async def _handle(self, update: Update) -> None:
        text = text_of(update)
        self.begun.append(text)
        await self.gate.wait()
        if text in self._failing:
            raise ValueError(text)
        self.ended.append(text)

    async def settle(self) -> None:
        """Let everything run that can run."""
        for _ in range(20):
            await asyncio.sleep(0)

    async def all_done(self) -> None:
        """Open the gate, and return once nothing is left."""
        self.gate.set()
        await asyncio.wait_for(asyncio.gather(*self._tasks), PATIENCE)


def _task(work: object) -> asyncio.Task[None]:
    return asyncio.ensure_future(work)  # type: ignore[arg-type]


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    """Run it."""

    async def limited() -> None:
        async with asyncio.timeout(2 * PATIENCE):
            await scenario()

    asyncio.run(limited())


def test_of_those_that_wait_only_the_last_is_handled() -> None:
    """What is in hand is finished first: answers come in the order of the questions."""

    async def scenario() -> None:
        practice = Practice()
        practice.queries.put(typed("who"))
        await practice.settle()
        for text in ("who a", "who as", "who asked"):
            practice.queries.put(typed(text))
        await practice.all_done()
        assert practice.ended == ["who", "who asked"]

    run(scenario)


def test_readers_do_not_drop_each_other_s() -> None:
    """Each has a last one."""

    async def scenario() -> None:
        practice = Practice()
        practice.queries.put(typed("who", 7))
        practice.queries.put(typed("why", 8))
        await practice.all_done()
        assert sorted(practice.ended) == ["who", "why"]

    run(scenario)


def test_only_a_few_are_handled_at_once() -> None:
    """However many type; the others wait, and the last of each is handled in the end."""

    async def scenario() -> None:
        practice = Practice()
        for reader in range(50):
            practice.queries.put(typed(f"who {reader}", reader))
        await practice.settle()
        assert len(practice.begun) == AT_ONCE
        for reader in range(50):
            practice.queries.put(typed(f"why {reader}", reader))
        await practice.all_done()
        assert practice.ended.count("why 49") == 1
        assert len(practice.ended) == 50 + AT_ONCE

    run(scenario)


def test_one_that_fails_keeps_no_other_waiting(caplog: pytest.LogCaptureFixture) -> None:
    """It is told without its words."""

    async def scenario() -> None:
        practice = Practice(failing=frozenset({"secret"}))
        practice.queries.put(typed("secret"))
        await practice.settle()
        practice.queries.put(typed("who"))
        await practice.all_done()
        assert practice.ended == ["who"]

    run(scenario)
    assert caplog.messages == ["Update 1 failed: ValueError"]
