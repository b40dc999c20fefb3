"""The inbox on real files: nothing is lost, order within a chat, no waiting across chats."""

import asyncio
import json
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import generate_latest
from telegram import Bot, Update

from bot.chats.inbox import Inbox, Limits, mark_send
from bot.chats.metrics import Metrics
from bot.chats.state import UNSAID, ChatState
from tests.chats.clock import Clock
from tests.chats.test_metrics import read

BOT = Bot("42:x")
NOW = 1_770_000_000
PATIENCE = 10.0


@pytest.fixture
def state(tmp_path: Path) -> Iterator[ChatState]:
    """A new database."""
    state = ChatState(tmp_path / "state.db", lambda: NOW)
    yield state
    state.close()


def message(
    update_id: int, chat_id: int = 7, kind: str = "private", *, ago: int = 0, **more: Any
) -> dict[str, Any]:
    """A message as Telegram sends it; its text and its id are the update's."""
    chat = {"id": chat_id, "type": kind, "title": "A group", "first_name": "Ana"}
    content = {"message_id": update_id, "date": NOW - ago, "chat": chat, "text": str(update_id)}
    return {"update_id": update_id, "message": content | more}


def press(update_id: int, chat_id: int) -> dict[str, Any]:
    """A press of a button under a message of the bot's in this chat, by somebody else."""
    under = message(1, chat_id)["message"]
    who = {"id": 99, "is_bot": False, "first_name": "Ben"}
    query = {"id": "1", "from": who, "chat_instance": "1", "data": "x", "message": under}
    return {"update_id": update_id, "callback_query": query}


def inline_query(update_id: int) -> dict[str, Any]:
    """A query typed after the bot's name in any chat."""
    who = {"id": 99, "is_bot": False, "first_name": "Ben"}
    query = {"id": "1", "from": who, "query": "a reader’s own words", "offset": ""}
    return {"update_id": update_id, "inline_query": query}


class Handled:
    """Handles updates by writing down their ids."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self._changed = asyncio.Event()

    async def __call__(self, update: Update) -> None:
        self.ids.append(update.update_id)
        self._changed.set()

    async def until(self, count: int) -> list[int]:
        """The ids, once there are so many."""
        while len(self.ids) < count:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), PATIENCE)
        return self.ids


def counted(metrics: Metrics) -> dict[str, float]:
    """What was counted of updates and faults, and how many replies were timed."""
    text = generate_latest(metrics.registry).decode()
    wanted = ("updates_total", "faults_total", "reply_seconds_count")
    return {
        name: value
        for name, value in read(text).items()
        if name.removeprefix("pullquote_").startswith(wanted)
    }


def inbox(
    state: ChatState,
    handle: Callable[[Update], Awaitable[object]],
    limits: Limits | None = None,
) -> Inbox:
    """An inbox whose clock stands still."""
    return Inbox(state, BOT, handle, limits or Limits(), lambda: NOW)


def run(scenario: Coroutine[Any, Any, None]) -> None:
    """Run it, and fail if it takes far longer than it could."""

    async def limited() -> None:
        async with asyncio.timeout(2 * PATIENCE):
            await scenario

    asyncio.run(limited())


def test_updates_are_stored_before_they_are_handled(state: ChatState, tmp_path: Path) -> None:
    """When ``keep`` returns they are on the disk, and no handler has begun."""

    async def scenario() -> None:
        handled = Handled()
        box = inbox(state, handled)
        box.keep([message(1), message(2)])
        with closing(ChatState(tmp_path / "state.db", lambda: NOW)) as after_a_crash:
            assert (handled.ids, after_a_crash.updates.open_count()) == ([], 2)
        await box.close(PATIENCE)

    run(scenario())


def test_a_chat_is_handled_in_order_one_at_a_time(state: ChatState) -> None:
    """Also a press of a button, and what comes while the first is in hand."""

    async def scenario() -> None:
        events: list[str] = []
        gates = {number: asyncio.Event() for number in (1, 2, 3)}
        begun = {number: asyncio.Event() for number in (1, 2, 3)}

        async def handle(update: Update) -> None:
            events.append(f"begin {update.update_id}")
            begun[update.update_id].set()
            await gates[update.update_id].wait()
            events.append(f"end {update.update_id}")

        box = inbox(state, handle)
        box.keep([message(1), press(2, chat_id=7)])
        await begun[1].wait()
        box.keep([message(3)])
        for number in (3, 2, 1):
            gates[number].set()
        await begun[3].wait()
        await box.close(PATIENCE)
        assert events == ["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"]

    run(scenario())


def test_chats_do_not_wait_for_each_other(state: ChatState) -> None:
    """Three handlers meet, which they can only if all three run at once."""

    async def scenario() -> None:
        meeting = asyncio.Barrier(4)

        async def handle(update: Update) -> None:
            await meeting.wait()

        box = inbox(state, handle)
        box.keep([message(1, chat_id=7), message(2, chat_id=8), message(3, chat_id=9)])
        await meeting.wait()
        await box.close(PATIENCE)
        assert state.updates.open_count() == 0

    run(scenario())


def test_a_busy_chat_takes_one_place_only(state: ChatState) -> None:
    """With two places, a hundred updates waiting in one chat leave the other place to others."""

    async def scenario() -> None:
        gate, others = asyncio.Event(), Handled()

        async def handle(update: Update) -> None:
            if update.effective_chat and update.effective_chat.id == 7:
                await gate.wait()
            else:
                await others(update)

        box = inbox(state, handle, Limits(at_once=2))
        box.keep([message(number, chat_id=7) for number in range(1, 101)])
        box.keep([message(101, chat_id=8), message(102, chat_id=9)])
        assert await others.until(2) == [101, 102]
        assert state.updates.open_count() >= 100
        gate.set()
        while state.updates.open_count():
            await asyncio.sleep(0)
        await box.close(PATIENCE)

    run(scenario())


def test_no_more_run_at_once_than_there_are_places(state: ChatState) -> None:
    """The third waits until one of two has ended."""

    async def scenario() -> None:
        gate, running, most = asyncio.Event(), 0, 0
        two = asyncio.Barrier(3)

        async def handle(update: Update) -> None:
            nonlocal running, most
            running += 1
            most = max(most, running)
            if update.update_id <= 2:
                await two.wait()
                await gate.wait()
            running -= 1

        box = inbox(state, handle, Limits(at_once=2))
        box.keep([message(number, chat_id=number) for number in (1, 2, 3)])
        await two.wait()
        gate.set()
        while state.updates.open_count():
            await asyncio.sleep(0)
        await box.close(PATIENCE)
        assert most == 2

    run(scenario())


def test_what_a_crash_left_open_is_handled_in_order(state: ChatState, tmp_path: Path) -> None:
    """The one in hand is handled again, those done are not."""

    async def crash() -> None:
        reached = asyncio.Event()

        async def handle(update: Update) -> None:
            if update.update_id == 2:
                reached.set()
                await asyncio.Event().wait()

        box = inbox(state, handle)
        box.keep([message(number) for number in (1, 2, 3)])
        await reached.wait()

    async def start_again() -> None:
        with closing(ChatState(tmp_path / "state.db", lambda: NOW)) as again:
            handled = Handled()
            box = inbox(again, handled)
            box.resume()
            assert await handled.until(2) == [2, 3]
            box.keep([message(2), message(3), message(4)])
            assert await handled.until(3) == [2, 3, 4]
            await box.close(PATIENCE)
            assert again.updates.open_count() == 0

    run(crash())
    run(start_again())


def test_a_question_whose_reply_is_recorded_is_not_answered_twice(state: ChatState) -> None:
    """A crash between the reply and the mark that it is done doubles nothing."""

    async def scenario() -> None:
        handled = Handled()
        box = inbox(state, handled)
        state.record_reply(7, 1, 101, None, None)
        box.keep([message(1), message(2)])
        assert await handled.until(1) == [2]
        await box.close(PATIENCE)

    run(scenario())


def test_a_done_update_has_its_reply_and_no_text(state: ChatState, tmp_path: Path) -> None:
    """The reply is the one recorded by the handler."""

    async def scenario() -> None:
        async def handle(update: Update) -> None:
            state.record_reply(7, update.update_id, 101, "0123abcd", 3)

        box = inbox(state, handle)
        box.keep([message(1)])
        while state.updates.open_count():
            await asyncio.sleep(0)
        await box.close(PATIENCE)

    run(scenario())
    with closing(sqlite3.connect(tmp_path / "state.db")) as connection:
        row = connection.execute("SELECT body, done_at, reply_id FROM inbox").fetchone()
    assert row == (None, NOW, 101)


def test_inline_queries_are_handled_and_never_stored(state: ChatState, tmp_path: Path) -> None:
    """No row, and not a word of them in the files."""

    async def scenario() -> None:
        handled = Handled()
        box = inbox(state, handled)
        box.keep([inline_query(1)])
        assert await handled.until(1) == [1]
        await box.close(PATIENCE)

    run(scenario())
    assert state._database.table("inbox").count == 0
    for file in tmp_path.iterdir():
        assert b"own words" not in file.read_bytes()


def test_what_a_reader_picked_is_not_stored_either(state: ChatState) -> None:
    """It has the query's words; nobody asked for it, and nobody handles it."""

    async def scenario() -> None:
        handled = Handled()
        box = inbox(state, handled)
        picked = {"from": inline_query(1)["inline_query"]["from"], "query": "own words"}
        box.keep([{"update_id": 1, "chosen_inline_result": picked | {"result_id": "1"}}])
        await box.close(PATIENCE)
        assert handled.ids == []

    run(scenario())
    assert state._database.table("inbox").count == 0


def test_of_a_chat_where_the_bot_is_a_guest_nothing_else_is_kept(state: ChatState) -> None:
    """The update until it is handled, and no row among the chats the bot is in."""

    async def scenario() -> None:
        handled = Handled()
        box = inbox(state, handled)
        guest = message(1, chat_id=-7, kind="supergroup", guest_query_id="5")["message"]
        box.keep([{"update_id": 1, "guest_message": guest}, message(2, chat_id=8)])
        assert sorted(await handled.until(2)) == [1, 2]
        await box.close(PATIENCE)
        assert state.updates.open_count() == 0

    run(scenario())
    assert [row["chat_id"] for row in state._database.table("chats").rows] == [8]
    assert [row["body"] for row in state._database.table("inbox").rows] == [None, None]


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(None, id="null"),
        pytest.param("text", id="text"),
        pytest.param({}, id="no id"),
        pytest.param({"update_id": "1"}, id="an id that is no number"),
        pytest.param({"update_id": 2**63}, id="an id that is too large"),
        pytest.param({"update_id": 1, "message": 5}, id="a message that is a number"),
        pytest.param(message(1, chat_id="a"), id="a chat whose id is no number"),  # type: ignore[arg-type]
        pytest.param({"update_id": 1, "message": {"message_id": 1}}, id="half a message"),
    ],
)
def test_what_cannot_be_read_does_not_keep_the_rest_waiting(
    odd: object, state: ChatState, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told with its reason, without its content."""

    async def scenario() -> None:
        handled = Handled()
        box = inbox(state, handled)
        box.keep([odd, message(2)])
        assert await handled.until(1) == [2]
        await box.close(PATIENCE)

    run(scenario())
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("Updates set aside, unreadable: ")


def test_an_unreadable_update_is_kept_with_its_reason(state: ChatState) -> None:
    """So that somebody can find out what it was."""

    async def scenario() -> None:
        box = inbox(state, Handled())
        box.keep([{"update_id": 1, "message": {"message_id": 1}}])
        await box.close(PATIENCE)

    run(scenario())
    (row,) = state._database.table("inbox").rows
    assert json.loads(row["body"]) == {"update_id": 1, "message": {"message_id": 1}}
    assert row["reason"] == "unreadable: KeyError"
    assert state.updates.open_count() == 0


def test_an_update_of_a_kind_not_known_yet_is_done(state: ChatState) -> None:
    """Telegram adds kinds; one is handled, by whoever knows it, and does not stay open."""

    async def scenario() -> None:
        handled = Handled()
        box = inbox(state, handled)
        box.keep([{"update_id": 1, "comet": {"tail": 3}}])
        assert await handled.until(1) == [1]
        await box.close(PATIENCE)
        assert state.updates.open_count() == 0

    run(scenario())


@pytest.mark.parametrize("kind", ["group", "supergroup"])
def test_a_question_in_a_group_is_dropped_when_it_is_too_old(
    kind: str, state: ChatState, caplog: pytest.LogCaptureFixture
) -> None:
    """More than ten minutes; told with a count, once for the chat."""
    caplog.set_level(logging.INFO)

    async def scenario() -> None:
        handled = Handled()
        box = inbox(state, handled)
        ages = {1: 3600, 2: 601, 3: 600}
        box.keep([message(number, -7, kind, ago=ago) for number, ago in ages.items()])
        assert await handled.until(1) == [3]
        await box.close(PATIENCE)

    run(scenario())
    assert caplog.messages == ["Questions in chat -7 too old to answer, dropped: 2."]


def test_a_private_question_is_answered_however_late(state: ChatState) -> None:
    """The reader is still there."""

    async def scenario() -> None:
        handled = Handled()
        box = inbox(state, handled)
        box.keep([message(1, ago=20 * 3600)])
        assert await handled.until(1) == [1]
        await box.close(PATIENCE)

    run(scenario())


def test_a_failed_handler_does_not_keep_the_chat_waiting(
    state: ChatState, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told without a word of the message."""

    async def scenario() -> None:
        handled = Handled()

        async def handle(update: Update) -> None:
            if update.update_id == 1:
                raise ValueError("a reader’s own words")
            await handled(update)

        box = inbox(state, handle)
        box.keep([message(1), message(2)])
        assert await handled.until(1) == [2]
        await box.close(PATIENCE)

    run(scenario())
    assert caplog.messages == ["Update 1 failed: ValueError"]
    assert "own words" not in caplog.text


class TestClose:
    """The end of the process, as asked for."""

    def test_finishes_what_is_in_hand_and_begins_nothing(self, state: ChatState) -> None:
        """The rest stays open for the next start."""

        async def scenario() -> None:
            begun, gate, handled = asyncio.Event(), asyncio.Event(), Handled()

            async def handle(update: Update) -> None:
                begun.set()
                await gate.wait()
                await handled(update)

            box = inbox(state, handle)
            box.keep([message(number) for number in (1, 2, 3)])
            await begun.wait()
            closing_ = asyncio.create_task(box.close(PATIENCE))
            await asyncio.sleep(0)
            gate.set()
            await closing_
            assert (handled.ids, state.updates.open_count()) == ([1], 2)

        run(scenario())

    def test_leaves_open_what_takes_too_long(self, state: ChatState) -> None:
        """A handler that is still not there when the time is over is broken off."""

        async def scenario() -> None:
            begun = asyncio.Event()

            async def handle(update: Update) -> None:
                begun.set()
                await asyncio.Event().wait()

            box = inbox(state, handle)
            box.keep([message(1)])
            await begun.wait()
            await box.close(0)
            assert state.updates.open_count() == 1

        run(scenario())


class Waits(Handled):
    """Postpones every update of an odd id by a minute, and handles the others at once."""

    def __init__(self, state: ChatState) -> None:
        super().__init__()
        self._state = state

    async def __call__(self, update: Update) -> None:
        number = update.update_id
        if number % 2 == 0 or not self._state.updates.postpone(number, number, 60):
            await super().__call__(update)


def test_what_is_postponed_keeps_nobody_waiting_and_is_handled_in_its_time(tmp_path: Path) -> None:
    """The rest of the chat goes on; each of those postponed comes at its own minute's end."""

    async def scenario() -> None:
        clock = Clock(NOW)
        with closing(ChatState(tmp_path / "state.db", clock)) as state:
            handled = Waits(state)
            box = Inbox(state, BOT, handled, Limits(), clock, clock.sleep)
            box.keep([message(number) for number in (1, 2)])
            assert await handled.until(1) == [2]
            clock.move(30)
            box.keep([message(number) for number in (3, 4)])
            assert await handled.until(2) == [2, 4]
            clock.move(30)
            assert await handled.until(3) == [2, 4, 1]
            clock.move(30)
            assert await handled.until(4) == [2, 4, 1, 3]
            await box.close(PATIENCE)
            assert state.updates.open_count() == 0

    run(scenario())


def test_what_is_postponed_survives_a_crash(tmp_path: Path) -> None:
    """In its time where that is still to come, at once where it has passed meanwhile."""

    async def scenario() -> None:
        clock = Clock(NOW)
        with closing(ChatState(tmp_path / "state.db", clock)) as state:
            handled = Waits(state)
            box = Inbox(state, BOT, handled, Limits(), clock, clock.sleep)
            box.keep([message(1, -7, "group"), message(2, -7, "group")])
            await handled.until(1)
            clock.move(50)
            box.keep([message(3, -7, "group", ago=-50), message(4, -7, "group")])
            await handled.until(2)
        clock.move(20)
        with closing(ChatState(tmp_path / "state.db", clock)) as again:
            handled = Waits(again)
            box = Inbox(again, BOT, handled, Limits(), clock, clock.sleep)
            box.resume()
            assert await handled.until(1) == [1]
            clock.move(40)
            assert await handled.until(2) == [1, 3]
            await box.close(PATIENCE)

    run(scenario())


def test_what_is_postponed_is_not_too_old_when_its_time_comes(tmp_path: Path) -> None:
    """The ten minutes begin when it is due; a bot that was away for longer drops it."""

    async def scenario() -> None:
        clock = Clock(NOW)
        with closing(ChatState(tmp_path / "state.db", clock)) as state:
            handled = Waits(state)
            box = Inbox(state, BOT, handled, Limits(group_age=45), clock, clock.sleep)
            box.keep([message(1, -7, "group"), message(2, -7, "group")])
            await handled.until(1)
            clock.move(60)
            assert await handled.until(2) == [2, 1]
            box.keep([message(3, -7, "group", ago=-60), message(4, -7, "group", ago=-60)])
            await handled.until(3)
            await box.close(PATIENCE)
            clock.move(60 + 46)
            box = Inbox(state, BOT, handled, Limits(group_age=45), clock, clock.sleep)
            box.resume()
            while state.updates.open_count():
                await asyncio.sleep(0)
            await box.close(PATIENCE)
            assert handled.ids == [2, 1, 4]

    run(scenario())


def test_a_send_is_marked_before_it_is_made(state: ChatState) -> None:
    """With the update it is for; the mark goes when that is done."""
    marked: list[tuple[int, int]] = []

    async def handle(_: Update) -> None:
        before = state.updates.unsure_count()
        mark_send(state)
        marked.append((before, state.updates.unsure_count()))

    async def scenario() -> None:
        box = inbox(state, handle)
        box.keep([message(1), message(2, 8)])
        while state.updates.open_count():
            await asyncio.sleep(0)
        await box.close(PATIENCE)

    run(scenario())
    assert marked == [(0, 1), (0, 1)]
    assert state.updates.unsure_count() == 0
    mark_send(state)  # for nothing received: a word at start, or to the admin chat
    assert state.updates.unsure_count() == 0


def test_a_send_that_cannot_be_marked_is_not_made(
    state: ChatState, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor is the update done."""
    sent: list[int] = []

    async def handle(update: Update) -> None:
        mark_send(state)
        sent.append(update.update_id)

    async def scenario() -> None:
        box = inbox(state, handle)
        box.keep([message(1)])
        state._database.execute("PRAGMA busy_timeout = 0")
        with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(0)
            await box.close(PATIENCE)
            other.execute("ROLLBACK")

    run(scenario())
    assert (sent, state.updates.open_count(), state.updates.unsure_count()) == ([], 1, 0)
    assert "state.db cannot be used (database is locked)" in caplog.text


def test_updates_are_counted_by_kind_and_replies_timed(state: ChatState) -> None:
    """A reply kept back by a dry run is none, and a failure is a fault."""
    metrics = Metrics()

    async def handle(update: Update) -> None:
        if update.update_id == 3:
            raise KeyError("x")
        if update.message:
            reply_id = UNSAID if update.update_id == 2 else 100
            state.record_reply(7, update.message.id, reply_id, None, None)

    async def scenario() -> None:
        box = Inbox(state, BOT, handle, clock=lambda: NOW, metrics=metrics)
        box.keep([message(1), message(2), message(3), press(4, 7), {"update_id": 5, "message": 1}])
        while state.updates.open_count():
            await asyncio.sleep(0)
        await box.close(PATIENCE)

    run(scenario())
    assert counted(metrics) == {
        "pullquote_updates_total{kind=message}": 3,
        "pullquote_updates_total{kind=callback_query}": 1,
        "pullquote_updates_total{kind=unreadable}": 1,
        "pullquote_faults_total{kind=exception}": 1,
        "pullquote_reply_seconds_count": 1,
    }


def test_a_reply_to_what_waited_first_is_not_timed(tmp_path: Path) -> None:
    """The minutes that it was left to people would hide the seconds of others."""
    metrics = Metrics()

    class Replies(Waits):
        async def __call__(self, update: Update) -> None:
            await super().__call__(update)
            if update.update_id in self.ids:
                self._state.record_reply(7, update.update_id, 100, None, None)

    async def scenario() -> None:
        clock = Clock(NOW)
        with closing(ChatState(tmp_path / "state.db", clock)) as state:
            handled = Replies(state)
            box = Inbox(state, BOT, handled, Limits(), clock, clock.sleep, metrics)
            box.keep([message(1), message(2)])
            await handled.until(1)
            clock.move(60)
            assert await handled.until(2) == [2, 1]
            while state.updates.open_count():
                await asyncio.sleep(0)
            await box.close(PATIENCE)

    run(scenario())
    assert counted(metrics)["pullquote_reply_seconds_count"] == 1


class TestStateThatCannotBeWritten:
    """Another program holds on to the database, or there is no room."""

    @pytest.fixture
    def clock(self) -> Clock:
        """What the inbox sleeps by."""
        return Clock(NOW)

    @pytest.fixture
    def state(self, tmp_path: Path, clock: Clock) -> Iterator[ChatState]:
        """A database that another's lock is not waited for."""
        state = ChatState(tmp_path / "state.db", clock)
        state._database.execute("PRAGMA busy_timeout = 0").fetchall()
        yield state
        state.close()

    def test_has_everything_wait_and_nothing_handled_twice(
        self, state: ChatState, clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The first was answered, the second is not begun, the third is tried and stays open."""
        caplog.set_level(logging.INFO)
        events: list[str] = []

        async def scenario() -> None:
            box = Inbox(state, BOT, handle, Limits(), clock, clock.sleep)
            box.keep([message(1), message(2), message(3, chat_id=8)])
            await both.wait()
            with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                locked.set()
                for pause in (1, 2, 4, 8, 10, 10):
                    await clock.until_asleep()
                    clock.move(pause)
                await clock.until_asleep()
                assert events == ["begin 1", "begin 3", "end 1"]
                other.execute("ROLLBACK")
            clock.move(10)
            while state.updates.open_count():
                await asyncio.sleep(0)
            await box.close(PATIENCE)

        both, locked = asyncio.Barrier(3), asyncio.Event()

        async def handle(update: Update) -> None:
            number = update.update_id
            events.append(f"begin {number}")
            if events.count(f"begin {number}") == 1 and number != 2:
                await both.wait()
                await locked.wait()
            if number == 3:
                state.choose_article(8, "before it is sent")
            events.append(f"end {number}")
            state.record_reply(7, number, 100 + number, None, None)

        run(scenario())
        assert sorted(events[3:]) == ["begin 2", "begin 3", "end 2", "end 3"]
        assert [state.reply_to(7, number) for number in (1, 2, 3)] == [101, 102, 103]
        assert caplog.messages == [
            "state.db cannot be used (database is locked); updates stay open.",
            "state.db can be used again.",
        ]

    def test_keeps_nobody_from_ending_the_bot(
        self, state: ChatState, clock: Clock, tmp_path: Path
    ) -> None:
        """What could not be marked as done is left to the next start."""

        async def scenario() -> None:
            handled = Handled()
            box = Inbox(state, BOT, handled, Limits(), clock, clock.sleep)
            box.keep([message(1)])
            with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                await clock.until_asleep()
                await box.close(PATIENCE)
                assert (handled.ids, state.updates.open_count()) == ([1], 1)

        run(scenario())
