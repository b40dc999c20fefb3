"""Inline mode: what is listed while somebody types after the bot's name, and what they send."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot_api.people import Message, Reader
from tests.bot_api.server import BotApi
from tests.chats.office import told
from tests.end_to_end.newsroom import KEY, PARAGRAPHS, TITLE, Newsroom, quotation

QUESTION = "Who blocked the Panamericana Sur?"
FIFTH = PARAGRAPHS[4]


@pytest.fixture
def archive(api: BotApi, tmp_path: Path) -> Iterator[Newsroom]:
    """A newsroom without articles, not open yet, for one test alone."""
    newsroom = Newsroom(api, tmp_path)
    yield newsroom
    newsroom.bot.finish()


def link(message: Message, label: str) -> str:
    """Where a button leads."""
    return message.button(label)["url"]


def start_parameter(message: Message, label: str) -> str:
    """What pressing Start sends where a button leads."""
    return link(message, label).partition("?start=")[2]


class TestAQuestion:
    """@pullquote_test_bot and a question, in any chat."""

    def test_lists_the_passages_best_first(self, ana: Reader) -> None:
        """The sentence that answers, and where it stands."""
        listed = ana.types("Who blocked the highway at the border between Chile and Peru?")
        assert len(listed.titles) == 5
        assert listed.titles[0] == (
            "Frustrated migrants blocked the Panamericana Sur highway in both directions, "
            "demanding to be allowed entry into…"
        )
        assert listed.descriptions[0] == (
            "“Illegal migrants flocking from Chile to Peru out of fear of…”"
            " · 28 November 2025 · ¶5 of 8"
        )

    def test_sends_the_one_that_is_picked(self, ana: Reader) -> None:
        """Verbatim, with its attribution, and a way to read on; no preview of any link."""
        listed = ana.types(QUESTION)
        picked = listed.messages[0]
        assert picked.text == f"{FIFTH}\n\n“{TITLE}”\n28 November 2025 · ¶5 of 8"
        assert quotation(picked) == FIFTH
        assert picked.buttons == [["Read in context"]]
        content = listed.raw["results"][0]["input_message_content"]
        assert content["link_preview_options"] == {"is_disabled": True}
        for message in ana.types("Which migrants are at the border?").messages:
            assert quotation(message) in (TITLE, *PARAGRAPHS)

    def test_leads_to_the_passage_in_context(self, ana: Reader, newsroom: Newsroom) -> None:
        """In the private chat of whoever presses the button."""
        picked = ana.types(QUESTION).messages[0]
        username = newsroom.api.state.bot["username"]
        assert link(picked, "Read in context") == f"https://t.me/{username}?start={KEY}_5"
        luis = newsroom.telegram.private("Luis")
        page = told(luis, f"/start {start_parameter(picked, 'Read in context')}")
        assert f"¶5\n{FIFTH}" in page.text

    def test_lists_in_the_language_of_who_types(self, newsroom: Newsroom) -> None:
        """All but the quotation."""
        luis = newsroom.telegram.private("Luis", language="es")
        listed = luis.types(QUESTION)
        assert listed.descriptions[0] == (
            "«Illegal migrants flocking from Chile to Peru out of fear of…»"
            " · 28 de noviembre de 2025 · ¶5 de 8"
        )
        assert listed.messages[0].text == (
            f"{FIFTH}\n\n«{TITLE}»\n28 de noviembre de 2025 · ¶5 de 8"
        )
        assert listed.messages[0].buttons == [["Leer en contexto"]]
        assert listed.raw["button"]["text"] == "Preguntar en privado"

    def test_that_nothing_answers_lists_nothing(self, ana: Reader) -> None:
        """But the button to the private chat."""
        listed = ana.types("how do I make pancakes")
        assert listed.titles == []
        assert listed.raw["button"]["text"] == "Ask in private"
        greeting = told(ana, f"/start {listed.raw['button']['start_parameter']}")
        assert greeting.text.startswith("Ask me a question in your own words.")

    def test_is_kept_by_nobody(self, ana: Reader, newsroom: Newsroom) -> None:
        """Not by Telegram for others, nor for long; and not a word of it in a file of ours."""
        listed = ana.types("carabineros and their unmistakable elephants")
        assert (listed.raw["is_personal"], listed.raw["cache_time"]) == (True, 10)
        assert not newsroom.keeps("elephants")

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("?", id="a question mark"),
            pytest.param("🇵🇪🤷🏽‍♀️" * 30, id="emoji only"),
            pytest.param("من طلب مساعدة الجيش؟", id="right to left"),
            pytest.param("\u202eyma eht dekaf ohw\u202c\x00", id="turned around"),
            pytest.param("e\u0301" * 128, id="stacked accents"),
            pytest.param("army " * 51, id="256 characters"),
            pytest.param("'; DROP TABLE chats; --", id="SQL"),
        ],
    )
    def test_may_be_any_text(self, ana: Reader, text: str) -> None:
        """A list, maybe an empty one."""
        assert len(ana.types(text).titles) <= 5


class TestNothingTypedYet:
    """@pullquote_test_bot alone."""

    def test_lists_the_articles(self, ana: Reader) -> None:
        """One that is picked is named, with a button to read it."""
        for empty in ("", "   "):
            listed = ana.types(empty)
            assert listed.titles == [TITLE]
            assert listed.descriptions == ["28 November 2025"]
            [picked] = listed.messages
            assert picked.text == f"“{TITLE}”\n28 November 2025"
            page = told(ana, f"/start {start_parameter(picked, 'Read in context')}")
            assert page.text.startswith(f"“{TITLE}”\n28 November 2025 · Page 1 of 2")


class TestTyping:
    """Each pause in it is a query of its own."""

    def test_is_answered_as_it_stands_last(self, ana: Reader, newsroom: Newsroom) -> None:
        """What was typed on while an answer was on its way is not answered."""
        answering = newsroom.api.hold_next("answerInlineQuery")
        first = ana.typed("Who")
        answering.wait()
        second, last = ana.typed("Who blocked"), ana.typed(QUESTION)
        # The press comes after both queries, so the bot has them when it is answered.
        ana.forges(0, "no such button")
        answering.release()
        assert ana.sees(last).messages[0].text.startswith(FIFTH)
        answered = [call["inline_query_id"] for call in newsroom.api.calls("answerInlineQuery")]
        assert (first in answered, second in answered) == (True, False)

    def test_goes_on_where_an_answer_was_too_late(self, ana: Reader, newsroom: Newsroom) -> None:
        """Nobody waits for it any more, and nobody has to hear of it."""
        before = len(newsroom.bot.printed)
        answering = newsroom.api.hold_next("answerInlineQuery")
        ana.loses_patience(ana.typed("Who blocked"))
        answering.wait()
        answering.release()
        assert ana.types(QUESTION).titles
        assert newsroom.bot.printed[before:] == ""
        assert any("query is too old" in refusal for refusal in newsroom.api.refusals)


class TestArchive:
    """Of many articles, or of none yet."""

    def test_is_listed_newest_first_as_the_reader_scrolls(self, archive: Newsroom) -> None:
        """Twenty at a time; what has no date comes last, a source stands beside the date."""
        for day in range(1, 26):
            archive.write(f"a{day:02}", f"Article {day}", "Text.", date=f"2025-03-{day:02}")
        archive.write("b", "Undated", "Text.", source="The Daily Hopper")
        archive.bot.start()
        ana = archive.telegram.private("Ana")
        listed = ana.types("")
        assert listed.titles == [f"Article {day}" for day in range(25, 5, -1)]
        rest = ana.types("", listed.next_offset)
        assert rest.titles == [*(f"Article {day}" for day in range(5, 0, -1)), "Undated"]
        assert rest.descriptions[-1] == "The Daily Hopper"
        assert rest.messages[-1].text == "“Undated”\nThe Daily Hopper"
        assert (rest.next_offset, ana.types("", "forged").titles) == ("", listed.titles)

    def test_without_any_lists_nothing(self, archive: Newsroom) -> None:
        """But the button."""
        archive.bot.start()
        ana = archive.telegram.private("Ana")
        assert (ana.types("").titles, ana.types(QUESTION).titles) == ([], [])
