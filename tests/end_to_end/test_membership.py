"""Membership: what the bot says where it comes to, and what is left of it where it goes."""

from collections.abc import Iterator

import pytest

from bot.chats.state import ChatState
from tests.bot_api.people import Reader
from tests.end_to_end.circle import NAME, Circle
from tests.end_to_end.newsroom import Newsroom, logged, quotation

ADDED = (
    "Hello! I answer questions with an article's own words, and say where they stand. Ask me with "
    f"/ask, by my name {NAME} or by a reply to me; otherwise I keep quiet. An admin can have me "
    "answer any question, or be silent, under Settings."
)
DAY = 86400


@pytest.fixture
def rosa(newsroom: Newsroom) -> Iterator[Reader]:
    """Alone with the bot, and about to add it to a group."""
    yield newsroom.telegram.private("Rosa")
    assert newsroom.api.violations == []


def test_where_it_is_added_it_says_so_once(newsroom: Newsroom) -> None:
    """In one message, silently, with a button to the settings; being promoted says nothing."""
    group = newsroom.telegram.group("Vecinos", bot="left")
    rosa = group.reader("Rosa", status="creator")
    group.adds_bot(by=rosa)
    said = rosa.hears()
    assert (said.text, said.buttons) == (ADDED, [["Settings"]])
    assert newsroom.api.calls("sendMessage")[-1]["disable_notification"] is True
    panel = rosa.follows(said, "Settings").hears()
    assert panel.text.startswith("My settings in “Vecinos”")
    group.ear.api.do(group.ear.turn_bot, "administrator", rosa.user)
    rosa.hears_nothing_more()


def test_it_speaks_the_language_of_who_adds_it(newsroom: Newsroom) -> None:
    """Spanish for a Spanish client."""
    group = newsroom.telegram.group("Vecinos", bot="left")
    luis = group.reader("Luis", language="es", status="creator")
    group.adds_bot(by=luis)
    assert luis.hears().text.startswith("¡Hola! Respondo preguntas")


def test_added_where_it_may_not_write_tells_the_admins(newsroom: Newsroom, rosa: Reader) -> None:
    """In private, once."""
    rosa.says("/start")
    rosa.hears()
    group = newsroom.telegram.group("Muted", bot="left")
    group.chat.members[rosa.user["id"]] = "creator"
    group.mutes_bot()
    group.adds_bot(by=rosa)
    assert "“Muted” and may not write there" in rosa.hears().text


def test_a_group_that_becomes_a_supergroup_keeps_its_settings(newsroom: Newsroom) -> None:
    """What an admin chose holds under the new id, and questions are answered there."""
    sure = newsroom.question_for_all(is_sure=True).question
    group = newsroom.telegram.group("Small", kind="group")
    rosa = group.reader("Rosa", status="creator")
    circle = Circle(newsroom, group, rosa, rosa, rosa)
    circle.answers_all()
    supergroup = group.becomes_supergroup()
    ana = supergroup.reader("Ana")
    ana.says(sure)
    assert quotation(ana.hears())
    ana.hears_nothing_more()


def test_a_question_whose_group_moved_meanwhile_is_answered_in_the_new_one(
    newsroom: Newsroom,
) -> None:
    """Telegram refuses the old id and names the new one."""
    sure = newsroom.question_for_all(is_sure=True).question
    group = newsroom.telegram.group("Small", kind="group")
    ana = group.reader("Ana")
    answering = newsroom.api.hold_next("sendMessage")
    ana.says(f"/ask {sure}")
    answering.wait()
    supergroup = group.becomes_supergroup()
    answering.release()
    assert quotation(supergroup.ear.hears())


class TestForgetting:
    """What is left of a chat that the bot was removed from."""

    def test_comes_after_thirty_days(self, newsroom: Newsroom) -> None:
        """Settings, replies and faults; until then a return finds all as it was."""
        circle = Circle.of(newsroom)
        circle.answers_all()
        circle.ana.says(newsroom.question_for_all(is_sure=True).question)
        circle.ana.hears()
        chat_id = circle.group.chat.id
        circle.group.removes_bot(by=circle.rosa)
        logged(newsroom.bot, f"Removed from chat {chat_id}")
        assert _overrides(newsroom, chat_id, days=29) == {"mode": "questions"}
        assert _overrides(newsroom, chat_id, days=31) == {}

    def test_does_not_come_to_who_is_back(self, newsroom: Newsroom) -> None:
        """Added again within the 30 days, also where it hears of both at once."""
        circle = Circle.of(newsroom)
        circle.answers_all()
        chat_id = circle.group.chat.id
        newsroom.bot.stop()
        circle.group.removes_bot(by=circle.rosa)
        circle.group.adds_bot(by=circle.rosa)
        newsroom.bot.start()
        circle.rosa.hears()
        circle.rosa.hears_nothing_more()
        assert _overrides(newsroom, chat_id, days=31) == {"mode": "questions"}


def _overrides(newsroom: Newsroom, chat_id: int, *, days: int) -> object:
    """What is chosen in a chat, in a copy of the state so many days later."""
    newsroom.bot.stop()
    copy = newsroom.bot.data / "later.db"
    original = ChatState(newsroom.bot.data / "state.db")
    now = original.now
    original.close()
    copy.write_bytes((newsroom.bot.data / "state.db").read_bytes())
    later = ChatState(copy, clock=lambda: now + days * DAY)
    later.forget()
    overrides = later.overrides(chat_id, None)
    later.close()
    copy.unlink()
    newsroom.bot.start()
    return overrides
