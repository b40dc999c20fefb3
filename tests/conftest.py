"""What many tests stand on: the seed article's index, a loopback Bot API, the bot as a process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.corpus.build import Corpus
from bot.corpus.store import PassageStore
from bot.matching.answer import Answerer
from bot.text.encoder import Encoder, installed_encoder
from tests.bot_api.driver import Telegram
from tests.bot_api.process import ROOT, BotProcess
from tests.bot_api.server import BotApi
from tests.command import Command

SEEDS = ROOT / "seeds"


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The sentence encoder, which the development set-up installs."""
    found = installed_encoder()
    assert found is not None
    return found


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> PassageStore:
    """The index of the seed article, with vectors."""
    return Corpus(SEEDS, tmp_path_factory.mktemp("data") / "passages.db", encoder).up_to_date()


@pytest.fixture(scope="session")
def answerer(store: PassageStore) -> Answerer:
    """An Answerer over the seed article that matches words alone."""
    return Answerer(store)


@pytest.fixture(scope="session")
def semantic(store: PassageStore, encoder: Encoder) -> Answerer:
    """An Answerer over the seed article that knows meanings too."""
    return Answerer(store, encoder)


@pytest.fixture(scope="session")
def command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The command ``pullquote`` over the seed article."""
    return Command(tmp_path_factory.mktemp("data"))


@pytest.fixture
def api() -> Iterator[BotApi]:
    """A Bot API; the test fails if a request broke one of its rules and was not excused."""
    with BotApi() as api:
        yield api
    assert api.violations == []


@pytest.fixture
def telegram(api: BotApi) -> Telegram:
    """The people, groups and channels on it."""
    return Telegram(api)


@pytest.fixture
def pullquote(api: BotApi, tmp_path: Path) -> Iterator[BotProcess]:
    """The bot over the seed article and a data folder of its own, not started yet.

    At the end it must go within 10 seconds with exit code 0, its token never printed.
    """
    process = BotProcess(api, tmp_path, SEEDS)
    yield process
    print(process.printed)  # pytest shows it where the test failed
    process.finish()
