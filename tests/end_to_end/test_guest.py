"""Guest mode: the bot is named in a chat that it is not in, and says one thing there."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.bot_api.driver import Group
from tests.bot_api.people import Reader
from tests.chats.office import told
from tests.end_to_end.newsroom import KEY, PARAGRAPHS, TITLE, Newsroom, quotation

BOT = "@pullquote_test_bot"
QUESTION = "who blocked the Panamericana Sur?"
FIFTH = PARAGRAPHS[4]
NO_QUESTION = "Name me together with a question, and I answer with the passage that answers it."


@pytest.fixture
def group(newsroom: Newsroom) -> Iterator[Group]:
    """Neighbours who talk without the bot; nothing sent in the test broke a rule of Telegram's."""
    yield newsroom.telegram.group("Vecinos", bot="left")
    assert newsroom.api.violations == []


@pytest.fixture
def luis(group: Group) -> Reader:
    """A neighbour."""
    return group.reader("Luis")


class TestAMention:
    """With a question."""

    def test_is_answered_with_the_passage(self, luis: Reader, newsroom: Newsroom) -> None:
        """Where it stands, and a way to read on in private; to everybody in the chat."""
        luis.says(f"{BOT} {QUESTION}")
        answer = luis.hears()
        assert answer.text == f"{FIFTH}\n\n“{TITLE}”\n28 November 2025 · ¶5 of 8"
        assert quotation(answer) == FIFTH
        url = answer.button("Read in context")["url"]
        assert url == f"https://t.me/{BOT[1:]}?start={KEY}_5"

    def test_is_answered_in_the_language_of_who_asks(self, group: Group) -> None:
        """All but the quotation."""
        rosa = group.reader("Rosa", language="es")
        rosa.says(f"¿Qué dijo Luis Cordero, {BOT}?")
        assert rosa.hears().text == (
            f"{PARAGRAPHS[7]}\n\nCita a Chilean Security Minister Luis Cordero\n"
            f"«{TITLE}»\n28 de noviembre de 2025 · ¶8 de 8"
        )
        rosa.says(f"{BOT} ¿cómo se prepara el ceviche?")
        assert rosa.hears().text == "No encontré ningún pasaje que responda a esto."

    def test_that_nothing_answers_gets_an_honest_line(self, luis: Reader) -> None:
        """One, without buttons, and never the closest passage."""
        luis.says(f"{BOT} how do I make pancakes?")
        nothing = luis.hears()
        assert (nothing.text, nothing.buttons) == ("I found no passage that answers this.", [])

    def test_is_not_confused_by_other_bots(self, luis: Reader) -> None:
        """Several may be called at once."""
        luis.says(f"{BOT} @some_other_bot {QUESTION}")
        assert quotation(luis.hears()) == FIFTH

    def test_under_a_photo_is_a_question(self, luis: Reader) -> None:
        """As any text."""
        luis.sends(
            photo=[{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90}],
            caption=f"{BOT} {QUESTION}",
        )
        assert quotation(luis.hears()) == FIFTH

    def test_in_reply_to_a_question_passes_it_on(self, group: Group, luis: Reader) -> None:
        """Somebody asked, somebody else knows who could answer."""
        question = group.reader("Rosa").says(QUESTION)
        luis.says(BOT, reply_to=question)
        assert quotation(luis.hears()) == FIFTH

    def test_alone_is_told_what_is_missing(self, luis: Reader) -> None:
        """In one line."""
        luis.says(BOT)
        assert luis.hears().text == NO_QUESTION

    @pytest.mark.parametrize("text", ["🇵🇪", "\u202e", "?" * 4000, "من طلب مساعدة الجيش؟"])
    def test_may_come_with_any_text(self, luis: Reader, text: str) -> None:
        """One message."""
        luis.says(f"{BOT} {text}")
        assert luis.hears().text


class TestWhoAsks:
    """Anybody but a bot."""

    def test_is_not_a_bot(self, group: Group, luis: Reader, newsroom: Newsroom) -> None:
        """Two of them could go on for ever."""
        other = group.reader("Other")
        newsroom.api.do(other.user.update, {"is_bot": True})
        other.says(f"{BOT} {QUESTION}")
        luis.says(f"{BOT} how do I make pancakes?")
        assert luis.hears().text == "I found no passage that answers this."


class TestTheChat:
    """It is not the bot's."""

    def test_is_heard_only_where_the_bot_is_named(self, luis: Reader) -> None:
        """Everything else is theirs."""
        luis.says(QUESTION)
        luis.says("/start")
        luis.says(f"{BOT} {QUESTION}")
        assert quotation(luis.hears()) == FIFTH
        assert luis.ear.unheard() == []

    def test_is_not_remembered(self, luis: Reader, newsroom: Newsroom) -> None:
        """Not among the chats, and its words are erased with the answer."""
        luis.says(f"{BOT} {QUESTION}")
        luis.hears()
        told(newsroom.telegram.private("Ana"), "/help")
        newsroom.bot.stop()
        with closing(sqlite3.connect(newsroom.bot.data / "state.db")) as state:
            chats = {row[0] for row in state.execute("SELECT chat_id FROM chats")}
            bodies = state.execute("SELECT count(body) FROM inbox").fetchone()
        assert luis.ear.chat.id not in chats
        assert bodies == (0,)
        newsroom.bot.start()

    def test_gets_no_answer_that_is_too_late(self, luis: Reader, newsroom: Newsroom) -> None:
        """Telegram takes it no more, and nothing else happens."""
        before = len(newsroom.bot.printed)
        answering = newsroom.api.hold_next("answerGuestQuery")
        luis.says(f"{BOT} {QUESTION}")
        answering.wait()
        newsroom.api.do(newsroom.api.state.expired.update, newsroom.api.state.guest_queries)
        answering.release()
        luis.says(f"{BOT} how do I make pancakes?")
        assert luis.hears().text == "I found no passage that answers this."
        assert newsroom.bot.printed[before:] == ""
