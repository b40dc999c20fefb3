"""An office, that is the bot without its inbox and polling, and a reader who writes to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot_api.driver import Telegram
from tests.bot_api.people import Reader
from tests.bot_api.server import BotApi
from tests.chats.office import SEED, Office


@pytest.fixture
def empty(api: BotApi, tmp_path: Path) -> Iterator[Office]:
    """An office without articles, not open yet."""
    office = Office(api, tmp_path)
    yield office
    office.close()


@pytest.fixture
def office(empty: Office) -> Office:
    """One with the seed article, open."""
    (empty.articles / SEED.name).write_bytes(SEED.read_bytes())
    empty.open()
    return empty


@pytest.fixture
def ana(telegram: Telegram, office: Office) -> Reader:
    """A reader whose client speaks English."""
    return telegram.private("Ana")
