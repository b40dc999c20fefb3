"""Retention on real files: what is old is erased by the clock, and its bytes are gone."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot, Update

from bot.chats.desk import Desk
from bot.chats.inbox import Inbox
from bot.chats.retention import BETWEEN_SWEEPS, Retention
from bot.chats.state import ChatState
from bot.chats.updates import Received
from bot.corpus.store import PassageStore
from bot.matching.answer import Answerer
from bot.settings import Settings
from tests.chats.clock import Clock

NOW = 1_770_000_000.0
DAY = 86400
UPDATES = 5000
WORD = "quetzalcoatlus"
"""A reader's, in every text."""
TEXT = f"Is the {WORD} in the article? " * 60
"""A long message of 2,000 letters or so."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "state.db"


@pytest.fixture
def clock() -> Clock:
    """A clock that the test moves."""
    return Clock(NOW)


@pytest.fixture
def state(path: Path, clock: Clock) -> Iterator[ChatState]:
    """A new database."""
    state = ChatState(path, clock)
    yield state
    state.close()


@pytest.fixture
def retention(
    state: ChatState, clock: Clock, store: PassageStore, answerer: Answerer
) -> Iterator[Retention]:
    """What sweeps the desk over it."""
    desk = Desk(Settings(), store, state, answerer, lambda: None)
    yield Retention(desk, clock.sleep)
    desk.close()


def message(update_id: int) -> dict[str, Any]:
    """A message as Telegram sends it, in one of a hundred chats."""
    chat = {"id": update_id % 100 + 1, "type": "private", "first_name": "Ana"}
    content = {"message_id": update_id, "date": NOW, "chat": chat, "text": TEXT}
    return {"update_id": update_id, "message": content}


def bytes_of(path: Path) -> bytes:
    """Everything that stands in the database and beside it."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


def size_of(path: Path) -> int:
    """How much of the disk all that takes, but for the memory that processes share."""
    files = [path, path.with_name(f"{path.name}-wal")]
    return sum(file.stat().st_size for file in files if file.exists())


def soaked(state: ChatState, clock: Clock, path: Path) -> None:
    """Have all updates come in at once, be handled, and be replied to."""

    async def handle(update: Update) -> None:
        assert update.message
        state.record_reply(update.message.chat.id, update.message.id, 7, "bc74ee8e", 5)

    async def scenario() -> None:
        inbox = Inbox(state, Bot("42:x"), handle, clock=clock)
        for start in range(1, UPDATES + 1, 100):
            inbox.keep([message(start + number) for number in range(100)])
        assert size_of(path) > UPDATES * len(TEXT)
        while state.updates.open_count():
            await asyncio.sleep(0)
        await inbox.close(10)

    asyncio.run(scenario())


def test_after_a_soak_the_file_is_small_and_no_word_is_left(
    path: Path, state: ChatState, clock: Clock, retention: Retention
) -> None:
    """While the bot still has it open: not in free pages, nor in the WAL."""
    soaked(state, clock, path)
    retention.sweep()
    assert WORD.encode() not in bytes_of(path)
    clock.time += 3 * DAY
    retention.sweep()
    with closing(sqlite3.connect(path)) as after:
        assert after.execute("SELECT count(*) FROM inbox").fetchone() == (0,)
        assert after.execute("SELECT count(*) FROM replies").fetchone() == (UPDATES,)
    assert size_of(path) < 600_000


def test_by_the_clock_also_where_nothing_comes_in(
    path: Path, state: ChatState, clock: Clock, retention: Retention
) -> None:
    """A text is gone when its day is over."""
    state.updates.keep([Received(1, 7, TEXT)])

    async def scenario() -> None:
        watching = asyncio.create_task(retention.watch())
        for _ in range(DAY // int(BETWEEN_SWEEPS)):
            await asyncio.sleep(0)
            assert WORD.encode() in bytes_of(path)
            clock.move(BETWEEN_SWEEPS)
            await asyncio.sleep(0)
        assert WORD.encode() not in bytes_of(path)
        watching.cancel()

    asyncio.run(scenario())
    with closing(sqlite3.connect(path)) as after:
        assert after.execute("SELECT body, reason FROM inbox").fetchall() == [(None, "expired")]


def test_space_is_not_given_back_while_something_is_open(
    path: Path, state: ChatState, clock: Clock, retention: Retention
) -> None:
    """Readers do not wait for it; a later sweep does it."""
    state.updates.keep([Received(number, 7, TEXT, "set aside") for number in range(1, 1000)])
    clock.time += 3 * DAY
    state.updates.keep([Received(1000, 7, TEXT)])
    retention.sweep()
    assert path.stat().st_size > 2_000_000
    state.updates.finish(1000)
    retention.sweep()
    assert path.stat().st_size < 200_000


def test_a_locked_database_is_swept_later(
    path: Path,
    clock: Clock,
    state: ChatState,
    retention: Retention,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is told once, and the sweeps go on."""
    state.updates.keep([Received(1, 7, TEXT)])
    state._database.execute("PRAGMA busy_timeout = 1").fetchall()
    clock.time += DAY

    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        retention.sweep()
        retention.sweep()
    assert caplog.text.count("what is old is erased later") == 1
    caplog.clear()
    caplog.set_level(logging.WARNING)
    retention.sweep()
    assert "Updates that waited for 24 hours, erased unhandled: 1." in caplog.text
