"""A waiting time: a question put to all is left to people first, by a clock that the test moves."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.chats.app import KINDS, application
from bot.chats.client import Client
from bot.chats.desk import Desk
from bot.chats.inbox import Inbox
from bot.chats.polling import poll
from bot.chats.state import ChatState
from bot.corpus.build import Corpus
from bot.matching.answer import Answerer
from bot.settings import Settings
from tests.bot_api.driver import Group, Telegram
from tests.bot_api.people import Reader
from tests.bot_api.server import BotApi
from tests.chats.clock import Clock
from tests.chats.office import SEED

QUESTION = "Who blocked the Panamericana Sur?"
"""¶5 of the seed article answers it, surely enough to be said unasked."""
OTHER = "How many migrants returned on foot?"
"""And ¶6 this one."""
WAITING = 3 * 60


class Room:
    """The whole bot, inbox and polling included, in a thread beside the test."""

    def __init__(self, api: BotApi, folder: Path) -> None:
        self.clock = Clock(api.do(api.state.now))
        self._api, self._folder = api, folder
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        """Start it."""
        polls = self._api.polls
        self._loop, self._ends = asyncio.new_event_loop(), asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[self._serve()])
        self._thread.start()
        self._api.wait_until(lambda: self._api.polls > polls, "the bot polls")

    def close(self) -> None:
        """End it as a process ends; what waits stays in the file."""
        if self._thread:
            self._loop.call_soon_threadsafe(self._ends.set)
            self._thread.join()
            self._loop.close()
            self._thread = None

    def pass_(self, seconds: float) -> None:
        """Let so much time pass."""
        self._do(lambda: self.clock.move(seconds))

    def chooses(self, chat_id: int, **chosen: object) -> None:
        """Have choices stand in the state from an earlier time."""
        with closing(ChatState(self._folder / "state.db", self.clock)) as state:
            state.override(chat_id, None, chosen)

    def waiting(self) -> int:
        """How many updates are kept for later."""
        with closing(sqlite3.connect(self._folder / "state.db")) as state:
            query = "SELECT count(*) FROM inbox WHERE due_at IS NOT NULL AND body IS NOT NULL"
            return state.execute(query).fetchone()[0]

    def _do(self, what: Callable[[], object]) -> None:
        done = threading.Event()
        self._loop.call_soon_threadsafe(lambda: (what(), done.set()))
        assert done.wait(10)

    async def _serve(self) -> None:
        store = Corpus(SEED.parent, self._folder / "passages.db").up_to_date()
        state = ChatState(self._folder / "state.db", self.clock)
        desk = Desk(Settings(), store, state, Answerer(store), lambda: None)
        client = Client(self._api.token, self._api.url)
        app = application(client, desk)
        await app.initialize()
        inbox = Inbox(state, client, app.process_update, clock=self.clock, sleep=self.clock.sleep)
        inbox.resume()
        polling = asyncio.create_task(poll(client, inbox.keep, KINDS))
        await self._ends.wait()
        polling.cancel()
        await inbox.close(5)
        await client.shutdown()
        desk.close()
        state.close()
        store.close()


@pytest.fixture
def group(telegram: Telegram) -> Group:
    """A group with the bot."""
    return telegram.group("Vecinos")


@pytest.fixture
def room(api: BotApi, group: Group, tmp_path: Path) -> Iterator[Room]:
    """The bot, which answers any question there after three minutes."""
    room = Room(api, tmp_path)
    room.chooses(group.chat.id, mode="questions", waiting=3)
    room.open()
    yield room
    room.close()


@pytest.fixture
def ana(group: Group, room: Room) -> Reader:
    """Somebody there."""
    return group.reader("Ana")


@pytest.fixture
def luis(group: Group, room: Room) -> Reader:
    """Somebody else."""
    return group.reader("Luis")


class TestQuestion:
    """One put to all."""

    def test_is_answered_when_its_time_is_over(self, ana: Reader, room: Room) -> None:
        """Not a second before."""
        question = ana.says(QUESTION)
        ana.hears_nothing_more()
        room.pass_(WAITING - 1)
        ana.hears_nothing_more()
        room.pass_(1)
        answer = ana.hears()
        assert (answer.reply_to, answer.text[-7:]) == (question.id, "¶5 of 8")
        ana.hears_nothing_more()
        assert room.waiting() == 0

    def test_keeps_nothing_else_waiting(self, ana: Reader, luis: Reader, room: Room) -> None:
        """What is put to the bot is answered at once, and what comes later in its own time."""
        first = ana.says(QUESTION)
        asked = luis.says("/ask Who is Luis Cordero?")
        assert luis.hears().reply_to == asked.id
        room.pass_(60)
        second = luis.says(OTHER)
        luis.hears_nothing_more()
        room.pass_(WAITING - 60)
        assert ana.hears().reply_to == first.id
        ana.hears_nothing_more()
        room.pass_(60)
        assert luis.hears().reply_to == second.id

    def test_that_somebody_answers_is_left_alone(
        self, ana: Reader, luis: Reader, room: Room
    ) -> None:
        """By replying to it, with words or without; its text is not kept any longer."""
        luis.says("Migrants did.", reply_to=ana.says(QUESTION))
        luis.sends(
            voice={"file_id": "f", "file_unique_id": "u", "duration": 3},
            reply_to=ana.says(OTHER),
        )
        ana.hears_nothing_more()
        assert room.waiting() == 0
        room.pass_(WAITING)
        ana.hears_nothing_more()

    def test_is_not_answered_by_who_asked_it(self, ana: Reader, luis: Reader, room: Room) -> None:
        """Nor by talk beside it, nor by another bot."""
        question = ana.says(QUESTION)
        ana.says("Does nobody know?", reply_to=question)
        luis.says("Good morning")
        other = {"id": 5, "is_bot": True, "first_name": "Other"}
        Reader(ana.ear, other).says("I do not know.", reply_to=question)
        ana.hears_nothing_more()
        room.pass_(WAITING)
        assert ana.hears().reply_to == question.id

    def test_survives_a_restart(self, ana: Reader, room: Room) -> None:
        """And one whose time passed meanwhile is answered at the start."""
        first = ana.says(QUESTION)
        ana.hears_nothing_more()
        room.pass_(100)
        second = ana.says(OTHER)
        ana.hears_nothing_more()
        room.close()
        room.clock.move(WAITING - 100)
        room.open()
        assert ana.hears().reply_to == first.id
        ana.hears_nothing_more()
        room.pass_(100)
        assert ana.hears().reply_to == second.id

    def test_that_would_not_be_answered_is_not_kept(self, ana: Reader, room: Room) -> None:
        """Nothing of a group's talk is."""
        for text in ("Good morning", "What is the weather in Lima?", "/weather Lima"):
            ana.says(text)
        ana.hears_nothing_more()
        assert room.waiting() == 0

    def test_that_is_put_to_the_bot_after_all_is_answered_once(
        self, ana: Reader, room: Room
    ) -> None:
        """By an edit, while it waits."""
        question = ana.says(QUESTION)
        ana.edits(question, f"/ask {QUESTION}")
        assert ana.hears().reply_to == question.id
        room.pass_(WAITING)
        ana.hears_nothing_more()

    def test_is_judged_again_when_its_time_is_over(
        self, ana: Reader, luis: Reader, room: Room
    ) -> None:
        """The passage was quoted meanwhile, to somebody who asked the bot."""
        ana.says(QUESTION)
        luis.says(f"/ask {QUESTION}")
        luis.hears()
        assert room.waiting() == 1
        room.pass_(WAITING)
        ana.hears_nothing_more()
