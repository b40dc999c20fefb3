"""The desk: where questions are answered, and an index built anew where it cannot be read."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.chats.desk import Desk
from bot.chats.state import ChatState
from bot.corpus.build import Corpus
from bot.corpus.store import PassageStore
from bot.matching.answer import Answer, Answerer
from bot.settings import Settings

QUESTION = "Who asked for the army's help?"
SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """The seed article, with an index of its own."""
    return Corpus(SEEDS, tmp_path / "passages.db")


@pytest.fixture
def store(corpus: Corpus) -> Iterator[PassageStore]:
    """Its index."""
    store = corpus.up_to_date()
    yield store
    store.close()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[ChatState]:
    """A new database."""
    state = ChatState(tmp_path / "state.db")
    yield state
    state.close()


def ask(desk: Desk) -> Answer:
    """The desk's answer to the question."""
    try:
        return asyncio.run(desk.ask(QUESTION))
    finally:
        desk.close()


class Broken(Answerer):
    """Fails as often as told, then answers."""

    def __init__(self, store: PassageStore, *failures: Exception) -> None:
        super().__init__(store)
        self.failures = list(failures)

    def answer(self, *arguments: Any, **more: Any) -> Answer:
        """The answer, if it does not fail this time."""
        if self.failures:
            raise self.failures.pop(0)
        return super().answer(*arguments, **more)


def test_a_question_is_answered_by_the_passage(store: PassageStore, state: ChatState) -> None:
    """As the Answerer has it."""
    answer = ask(Desk(Settings(), store, state, Answerer(store), lambda: None))
    assert answer.excerpts[0].passage.paragraph == 3


def test_the_index_is_used_by_one_at_a_time(store: PassageStore, state: ChatState) -> None:
    """By words alone too: what is asked while it is replaced waits, and quotes the new one."""

    async def scenario() -> None:
        go_on, done = threading.Event(), []

        def rebuild() -> None:
            assert go_on.wait(10)
            done.append("rebuilt")

        class Asked(Answerer):
            def answer(self, *arguments: Any, **more: Any) -> Answer:
                done.append("asked")
                return super().answer(*arguments, **more)

        desk = Desk(Settings(), store, state, Asked(store), rebuild)
        repairing = asyncio.create_task(desk.repair())
        asking = asyncio.create_task(desk.ask(QUESTION))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(repairing, asking)
        desk.close()
        assert done == ["rebuilt", "asked"]

    asyncio.run(scenario())


def test_the_chats_go_on_meanwhile(store: PassageStore, state: ChatState) -> None:
    """The encoder works in another thread, while the event loop does other things."""

    async def scenario() -> None:
        go_on = threading.Event()

        class Slow(Answerer):
            has_encoder = True

            def answer(self, *arguments: Any, **more: Any) -> Answer:
                assert go_on.wait(10)
                return super().answer(*arguments, **more)

        desk = Desk(Settings(), store, state, Slow(store), lambda: None)
        asked = asyncio.create_task(desk.ask(QUESTION))
        await asyncio.sleep(0)
        go_on.set()
        assert (await asked).excerpts
        desk.close()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(sqlite3.DatabaseError("database disk image is malformed"), id="damaged"),
        pytest.param(FileNotFoundError("passages.db"), id="gone"),
    ],
)
def test_an_index_that_cannot_be_read_is_built_anew(
    failure: Exception, store: PassageStore, state: ChatState, caplog: pytest.LogCaptureFixture
) -> None:
    """Once, told in one line, and the reader has an answer all the same."""
    built: list[str] = []
    desk = Desk(Settings(), store, state, Broken(store, failure), lambda: built.append("anew"))
    assert ask(desk).excerpts
    assert built == ["anew"]
    assert caplog.messages == [f"The index cannot be read ({failure}). It is built anew."]


def test_an_index_that_stays_unreadable_is_an_error(store: PassageStore, state: ChatState) -> None:
    """No second attempt in the same question."""
    failures = [sqlite3.DatabaseError("malformed"), sqlite3.DatabaseError("still malformed")]
    desk = Desk(Settings(), store, state, Broken(store, *failures), lambda: None)
    with pytest.raises(sqlite3.DatabaseError, match="still malformed"):
        ask(desk)


def test_an_index_overwritten_while_it_is_open_is_replaced(
    corpus: Corpus, store: PassageStore, state: ChatState
) -> None:
    """Whatever stands in the file, the next question is answered."""
    corpus.path.write_bytes(b"\0" * corpus.path.stat().st_size)
    rebuild: Callable[[], object] = lambda: corpus.up_to_date(is_suspect=True).close()  # noqa: E731
    assert ask(Desk(Settings(), store, state, Answerer(store), rebuild)).excerpts
