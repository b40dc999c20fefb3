"""/privacy, and the questions that are kept only where the operator wants them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chats.memberships import OF_A_CHAT
from bot.chats.privacy import KEPT
from bot.chats.state import ChatState
from bot.chats.unanswered import kept_in
from tests.bot_api.driver import Telegram
from tests.bot_api.process import BotProcess
from tests.end_to_end.circle import NAME, Circle
from tests.end_to_end.newsroom import Newsroom

UNKNOWN = "What is the weather in Lima?"
XANADU = "where is xanadu, the zebra quasar"


@pytest.fixture
def circle(newsroom: Newsroom) -> Iterator[Circle]:
    """A group where nothing was chosen."""
    yield Circle.of(newsroom)
    assert newsroom.api.violations == []


def test_the_list_is_that_of_the_schema(tmp_path: Path) -> None:
    """Every column of state.db stands on it once, and nothing that is no column."""
    state = ChatState(tmp_path / "state.db")
    database = state._database
    tables = [name for name in database.table_names() if not name.startswith(("_", "sqlite_"))]
    schema = [f"{name}.{column}" for name in tables for column in database[name].columns_dict]
    listed = [column for each in KEPT for column in each.columns]
    assert sorted(listed) == sorted(schema)
    with_a_chat = {name for name in tables if "chat_id" in database[name].columns_dict}
    assert with_a_chat - {"inbox"} == set(OF_A_CHAT)
    state.close()


def test_it_is_told_in_private(newsroom: Newsroom) -> None:
    """Each line with its time."""
    ana = newsroom.telegram.private("Ana")
    ana.says("/privacy")
    text = ana.hears().text
    assert text.startswith("What I keep, and for how long:\n\n• ")
    assert text.count("• ") == len(KEPT) - 1
    assert "24 hours at most" in text
    assert "no passage for" not in text


def test_it_is_told_in_a_group_in_its_language(circle: Circle) -> None:
    """In reply, silently."""
    command = circle.luis.says("/privacy")
    told = circle.luis.hears()
    assert told.reply_to == command.id
    assert told.text.startswith("Qué guardo y por cuánto tiempo:")


class TestUnanswered:
    """Questions that no passage answers."""

    def test_are_not_kept_unless_the_operator_wants_them(self, circle: Circle) -> None:
        """Not in any file."""
        circle.ana.says(f"{NAME} {UNKNOWN}")
        circle.ana.hears()
        circle.ana.hears_nothing_more()
        circle.newsroom.restart()
        assert not circle.newsroom.keeps(UNKNOWN)

    def test_are_kept_where_the_operator_wants_them(
        self, pullquote: BotProcess, telegram: Telegram
    ) -> None:
        """What was put to the bot, without who asked; /privacy says so. Talk is not kept."""
        pullquote.settings["PULLQUOTE_KEEP_UNANSWERED"] = "on"
        pullquote.start()
        group = telegram.group("Vecinos")
        luis, ana = group.reader("Luis"), telegram.private("Ana")
        for text in (
            "thanks!",
            UNKNOWN,
            f"{XANADU}?",
            "what is the weather in lima",
        ):
            ana.says(text)
            ana.hears()
        luis.says("Who is the king of France?")
        luis.says(f"{NAME} {UNKNOWN}")
        luis.hears()
        luis.hears_nothing_more()
        kept = [
            (asked.question.lower().rstrip("?"), asked.times)
            for asked in kept_in(pullquote.data / "state.db")
        ]
        assert kept == [
            ("what is the weather in lima", 3),
            (XANADU, 1),
        ]
        ana.says("/privacy")
        assert "without who asked: 30 days" in ana.hears().text
