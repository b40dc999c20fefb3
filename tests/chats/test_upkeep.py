"""Upkeep: a folder that changes while the bot runs, looked at every few milliseconds here."""

import asyncio
import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.chats.upkeep import Upkeep
from bot.corpus.build import Corpus
from bot.corpus.store import PassageStore

ANTS = "---\ntitle: On ants\n---\nAnts follow trails.\n"
BEES = "---\ntitle: On bees\n---\nBees dance for nectar.\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """A folder with one article."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "ants.md").write_text(ANTS)
    return Corpus(folder, tmp_path / "passages.db")


@pytest.fixture
def store(corpus: Corpus) -> Iterator[PassageStore]:
    """Its index, as the bot has it open."""
    store = corpus.up_to_date()
    yield store
    store.close()


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log, what goes well included."""
    caplog.set_level(logging.INFO, "bot")
    return caplog


def titles(store: PassageStore) -> list[str]:
    """What a reader can ask about now."""
    store.refresh()
    return [article.title for article in store.articles()]


def watched(corpus: Corpus, *steps: tuple[Callable[[], object], Callable[[], bool]]) -> None:
    """Watch the folder while each change is made; the next once its condition holds."""

    async def scenario() -> None:
        upkeep = Upkeep(corpus, between_looks=0.005)
        watching = asyncio.create_task(upkeep.watch())
        async with asyncio.timeout(20):
            for change, has_happened in steps:
                change()
                while not has_happened():
                    assert not watching.done(), "it has stopped watching"
                    await asyncio.sleep(0.005)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(scenario())


def test_articles_are_served_as_they_come_change_and_go(
    corpus: Corpus, store: PassageStore, log: pytest.LogCaptureFixture
) -> None:
    """Without a restart; how many there are is told each time."""
    ants, bees = corpus.folder / "ants.md", corpus.folder / "bees.md"
    watched(
        corpus,
        (lambda: bees.write_text(BEES), lambda: titles(store) == ["On ants", "On bees"]),
        (
            lambda: bees.write_text(BEES.replace("On", "Of")),
            lambda: titles(store) == ["On ants", "Of bees"],
        ),
        (ants.unlink, lambda: titles(store) == ["Of bees"]),
    )
    assert log.messages[0] == "The articles have changed; served now: 2."
    assert log.messages[-1].startswith("The articles have changed; served now: ")


def test_a_bad_file_is_named_and_the_others_served(
    corpus: Corpus, store: PassageStore, log: pytest.LogCaptureFixture
) -> None:
    """Once, not at every look."""
    bad, bees = corpus.folder / "bad.txt", corpus.folder / "bees.md"
    watched(
        corpus,
        (lambda: bad.write_bytes(b"\xff\xfe"), lambda: str(bad) in log.text),
        (lambda: bees.write_text(BEES), lambda: titles(store) == ["On ants", "On bees"]),
    )
    named = [message for message in log.messages if message.startswith(f"{bad}: ")]
    assert 1 <= len(named) <= 2


def test_a_folder_that_is_gone_is_told_and_the_old_articles_served(
    corpus: Corpus, store: PassageStore, log: pytest.LogCaptureFixture
) -> None:
    """It may come back, as a share on the network does."""
    away = corpus.folder.with_name("away")
    watched(
        corpus,
        (lambda: corpus.folder.rename(away), lambda: "Articles cannot be looked at" in log.text),
        (lambda: (away / "bees.md").write_text(BEES), lambda: titles(store) == ["On ants"]),
        (lambda: away.rename(corpus.folder), lambda: titles(store) == ["On ants", "On bees"]),
    )


def test_a_damaged_index_is_built_anew(corpus: Corpus, store: PassageStore) -> None:
    """Before a reader meets it."""
    damaged = bytes(corpus.path.stat().st_size)
    watched(
        corpus,
        (
            lambda: corpus.path.write_bytes(damaged),
            lambda: corpus.path.read_bytes() != damaged,
        ),
    )
    assert titles(store) == ["On ants"]


def test_nothing_is_built_where_nothing_changed(corpus: Corpus, store: PassageStore) -> None:
    """The file stays the same one, however often it is looked at."""
    looks = []

    class Counted(Corpus):
        def current(self) -> PassageStore | None:
            looks.append(1)
            return super().current()

    before = corpus.path.stat()
    counted = Counted(corpus.folder, corpus.path)
    watched(counted, (lambda: None, lambda: len(looks) >= 3))
    assert corpus.path.stat() == before


def test_rebuild_leaves_a_sound_index_alone(corpus: Corpus, store: PassageStore) -> None:
    """It is examined whole, and that is all."""
    before = corpus.path.stat().st_ino
    Upkeep(corpus).rebuild()
    assert corpus.path.stat().st_ino == before


def test_a_build_is_given_up_when_the_bot_ends(corpus: Corpus, store: PassageStore) -> None:
    """The question that waits for it is cancelled, not answered wrongly; the old index stays."""
    shutil.copy(corpus.folder / "ants.md", corpus.folder / "more.md")
    upkeep = Upkeep(corpus)
    upkeep.end()
    before = corpus.path.read_bytes()
    with pytest.raises(asyncio.CancelledError):
        upkeep.rebuild()
    assert corpus.path.read_bytes() == before
    assert list(corpus.path.parent.glob("*.new")) == []
