"""Every button: what it does, that a restart does not matter to it, and what a forged one gets."""

import pytest

from bot.matching.answer import Answer
from tests.bot_api.people import Reader
from tests.chats.office import after, told
from tests.end_to_end.newsroom import (
    KEY,
    PARAGRAPHS,
    TITLE,
    Newsroom,
    is_between_others,
    paragraph,
    quotation,
)

STALE = "This button no longer leads anywhere. Please ask again."


def has_three_matches(answer: Answer) -> bool:
    """Whether two other passages were found as well."""
    return len(answer.excerpts) == 3


class TestParagraphs:
    """⬅ Paragraph, Paragraph ➡."""

    def test_lead_through_the_article(self, ana: Reader, newsroom: Newsroom) -> None:
        """From the answer to the first paragraph and on to the last, always in one message."""
        asked = newsroom.question("answer", is_between_others)
        shown = told(ana, asked.question)
        for place in range(paragraph(asked) - 1, 0, -1):
            shown = after(ana, shown, f"⬅ Paragraph {place}")
            assert quotation(shown) == PARAGRAPHS[place - 1]
        assert shown.buttons == [["Paragraph 2 ➡"], ["Read in context"]]
        for place in range(2, 9):
            shown = after(ana, shown, f"Paragraph {place} ➡")
            assert quotation(shown) == PARAGRAPHS[place - 1]
            assert shown.text.endswith(f"28 November 2025 · ¶{place} of 8")
        assert shown.buttons == [["⬅ Paragraph 7"], ["Read in context"]]
        ana.hears_nothing_more()

    def test_are_quoted_without_a_label(self, ana: Reader, newsroom: Newsroom) -> None:
        """Only the passage found is the closest; its neighbour is just that."""
        closest = told(ana, newsroom.question("closest", is_between_others).question)
        [before, _] = closest.buttons[0]
        assert after(ana, closest, before).text.startswith(tuple(PARAGRAPHS))


class TestContext:
    """Read in context, and the pages it leads to."""

    def test_opens_the_page_with_the_paragraph_marked(
        self, ana: Reader, newsroom: Newsroom
    ) -> None:
        """Every paragraph on it is a quotation of its own, as the file has it."""
        asked = newsroom.question("answer", is_between_others)
        page = after(ana, told(ana, asked.question), "Read in context")
        assert page.marked("bold") == [f"“{TITLE}”", f"¶{paragraph(asked)}"]
        assert PARAGRAPHS[paragraph(asked) - 1] in page.marked("blockquote")
        assert set(page.marked("blockquote")) < set(PARAGRAPHS)

    def test_turns_the_pages(self, ana: Reader, newsroom: Newsroom) -> None:
        """There and back, the whole article and no more."""
        first = told(ana, "/read")
        second = after(ana, first, "Page 2 ➡")
        assert first.marked("blockquote") + second.marked("blockquote") == PARAGRAPHS
        assert second.text.startswith(f"“{TITLE}”\n28 November 2025 · Page 2 of 2\n\n¶")
        assert second.buttons == [["⬅ Page 1"]]
        assert after(ana, second, "⬅ Page 1").text == first.text


class TestOtherMatches:
    """Other matches (2)."""

    def test_come_in_turn(self, ana: Reader, newsroom: Newsroom) -> None:
        """Then the best again, as it was."""
        asked = newsroom.question("answer", has_three_matches)
        answer = told(ana, asked.question)
        second = after(ana, answer, "Other matches (2)")
        assert second.text.startswith("Match 2 of 3:\n\n")
        third = after(ana, second, "Other matches (2)")
        assert third.text.startswith("Match 3 of 3:\n\n")
        found = [excerpt.passage.text for excerpt in asked.excerpts]
        assert [quotation(shown) for shown in (answer, second, third)] == found
        again = after(ana, third, "Other matches (2)")
        assert (again.text, again.buttons) == (answer.text, answer.buttons)
        assert again.marked("bold") == answer.marked("bold")

    def test_of_a_closest_passage_come_back_to_its_label(
        self, ana: Reader, newsroom: Newsroom
    ) -> None:
        """It has not become an answer meanwhile."""
        asked = newsroom.question("closest", lambda answer: len(answer.excerpts) > 1)
        shown = closest = told(ana, asked.question)
        for _ in asked.excerpts:
            shown = after(ana, shown, "Other matches")
        assert shown.text == closest.text
        assert shown.text.startswith("This is not a direct answer")


class TestTitles:
    """A title under a greeting or an honest no."""

    def test_opens_the_article(self, ana: Reader, newsroom: Newsroom) -> None:
        """At its first page, in place."""
        greeting = told(ana, "/start")
        nothing = told(ana, newsroom.question("none").question)
        for message in (greeting, nothing):
            page = after(ana, message, "Illegal migrants flocking")
            assert page.text.startswith(f"“{TITLE}”\n28 November 2025 · Page 1 of 2\n\n¶1\n")


class TestEveryButton:
    """What goes for all of them."""

    def test_works_after_a_restart(self, ana: Reader, newsroom: Newsroom) -> None:
        """What each asks for stands in the button itself."""
        middle = newsroom.question("answer", is_between_others)
        messages = [
            told(ana, middle.question),
            told(ana, newsroom.question("answer", has_three_matches).question),
            told(ana, newsroom.question("none").question),
            told(ana, "/read"),
            told(ana, f"/start {KEY}_8"),
        ]
        newsroom.restart()
        labels = [label for message in messages for row in message.buttons for label in row]
        kinds = ("⬅ Par", "Par", "Read in", "Other", "Illegal", "Page", "⬅ Page")
        assert all(any(label.startswith(kind) for label in labels) for kind in kinds)
        for message in messages:
            for row in message.buttons:
                for label in row:
                    assert after(ana, message, label).id == message.id
        ana.hears_nothing_more()

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param("", id="nothing"),
            pytest.param("q:00000000.1.0", id="an article that is gone"),
            pytest.param(f"q:{KEY}.9.0", id="a paragraph beyond the end"),
            pytest.param(f"o:{KEY}.3.99", id="a sentence beyond the end"),
            pytest.param(f"t:{KEY}.9999999", id="a page beyond the end"),
            pytest.param(f"ma2:{KEY}.3.0,{KEY}.5.0", id="a match that is not in it"),
            pytest.param("c:00000000.0", id="choosing an article that is gone"),
            pytest.param("la:9999999", id="a list beyond the end"),
            pytest.param("q:../etc/passwd", id="a path"),
            pytest.param("c:' OR 1=1 --.0", id="SQL"),
            pytest.param("🦆" * 16, id="64 bytes of emoji"),
        ],
    )
    def test_that_is_stale_or_forged_gets_a_toast(
        self, ana: Reader, newsroom: Newsroom, data: str
    ) -> None:
        """Nothing in the chat is changed, and the next question is answered."""
        answer = told(ana, newsroom.question("answer").question)
        assert ana.forges(answer.id, data)["text"] == STALE
        ana.hears_nothing_more()

    def test_under_a_deleted_message_gets_a_toast(self, ana: Reader, newsroom: Newsroom) -> None:
        """There is nothing left to edit."""
        answer = told(ana, newsroom.question("answer").question)
        ana.deletes(answer)
        assert ana.presses(answer, "Read in context")["text"] == STALE
        ana.hears_nothing_more()
