"""A newsroom that the tests of a module share, and a reader of their own for each."""

import shutil
from collections.abc import Iterator

import pytest

from tests.bot_api.people import Reader
from tests.bot_api.process import BotProcess
from tests.bot_api.server import BotApi
from tests.end_to_end.newsroom import SEED, Newsroom


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """A newsroom without articles, not open yet."""
    with BotApi() as api:
        newsroom = Newsroom(api, tmp_path_factory.mktemp("newsroom"))
        yield newsroom
        print(newsroom.bot.printed)  # pytest shows it where a test failed
        newsroom.bot.finish()
    assert api.violations == []


@pytest.fixture(scope="module")
def newsroom(empty: Newsroom) -> Newsroom:
    """One with the seed article, open."""
    shutil.copy(SEED, empty.articles)
    empty.bot.start()
    return empty


@pytest.fixture
def ana(newsroom: Newsroom) -> Iterator[Reader]:
    """A reader whose client speaks English; nothing sent in the test broke a rule of Telegram's."""
    yield newsroom.telegram.private("Ana")
    assert newsroom.api.violations == []


@pytest.fixture
def pullquote(pullquote: BotProcess) -> BotProcess:
    """The bot for one test alone, matching by words alone."""
    pullquote.settings["PULLQUOTE_ENCODER"] = "off"
    return pullquote
