"""A question and its three outcomes, word for word; its edits; whatever else can be sent."""

import pytest

from bot.matching.answer import Answer
from tests.bot_api.media import MEDIA
from tests.bot_api.people import Reader
from tests.chats.office import told
from tests.end_to_end.newsroom import (
    PARAGRAPHS,
    TITLE,
    Newsroom,
    paragraph,
    quotation,
)

CLOSEST = "This is not a direct answer, but the closest passage I found:\n\n"
NONE = f"I found no passage that answers this.\n\nWhat you can read here:\n“{TITLE}”"


class TestAnswer:
    """There is a passage that answers."""

    def test_is_the_passage_and_where_it_stands(self, ana: Reader, newsroom: Newsroom) -> None:
        """The whole reply, letter for letter, with the buttons under it."""
        blocked = newsroom.question("answer", lambda answer: paragraph(answer) == 5)
        question = ana.says(blocked.question)
        answer = ana.hears()
        assert answer.text == (
            "Frustrated migrants blocked the Panamericana Sur highway in both directions, "
            "demanding to be allowed entry into Peruvian territory to continue their journey "
            "north.\n\n"
            "“Illegal migrants flocking from Chile to Peru out of fear of Kast”\n"
            "28 November 2025 · ¶5 of 8"
        )
        assert answer.marked("blockquote") == [PARAGRAPHS[4]]
        assert answer.buttons[:2] == [["⬅ Paragraph 4", "Paragraph 6 ➡"], ["Read in context"]]
        assert answer.reply_to == question.id
        ana.hears_nothing_more()

    def test_has_its_best_sentence_in_bold(self, ana: Reader, newsroom: Newsroom) -> None:
        """Where the passage has several."""
        asked = newsroom.question("answer", has_several_sentences)
        answer = told(ana, asked.question)
        assert quotation(answer) == PARAGRAPHS[paragraph(asked) - 1]
        [bold] = answer.marked("bold")
        assert bold in quotation(answer)
        assert bold == asked.excerpts[0].highlight.of(quotation(answer))

    def test_names_who_is_quoted(self, ana: Reader, newsroom: Newsroom) -> None:
        """As the article gives them, above the title."""
        asked = newsroom.question("answer", lambda answer: "Cordero" in str(speaker(answer)))
        assert told(ana, asked.question).text == (
            f"{PARAGRAPHS[7]}\n\n"
            "Quoting Chilean Security Minister Luis Cordero\n"
            f"“{TITLE}”\n"
            "28 November 2025 · ¶8 of 8"
        )


class TestClosest:
    """There is none, but one comes close."""

    def test_is_labelled_as_such(self, ana: Reader, newsroom: Newsroom) -> None:
        """Above the quotation, which is the article's and attributed all the same."""
        asked = newsroom.question("closest")
        place = paragraph(asked)
        closest = told(ana, asked.question)
        assert closest.text.startswith(CLOSEST + PARAGRAPHS[place - 1] + "\n\n")
        assert closest.text.endswith(f"“{TITLE}”\n28 November 2025 · ¶{place} of 8")
        assert quotation(closest) == PARAGRAPHS[place - 1]
        assert ["Read in context"] in closest.buttons


class TestNone:
    """There is no such passage."""

    def test_is_said_and_the_article_offered(self, ana: Reader, newsroom: Newsroom) -> None:
        """That none was found, never that the article does not say it."""
        nothing = told(ana, newsroom.question("none").question)
        assert nothing.text == NONE
        assert nothing.buttons == [["Illegal migrants flocking from Chile to Peru out of fear of…"]]
        assert nothing.marked("blockquote") == []


class TestEdit:
    """A question edited afterwards."""

    def test_edits_the_answer(self, ana: Reader, newsroom: Newsroom) -> None:
        """From any outcome to any other, in the same message."""
        question = ana.says(newsroom.question("none").question)
        reply = ana.hears()
        ana.edits(question, newsroom.question("answer").question)
        answer = ana.hears()
        assert quotation(answer) in PARAGRAPHS
        ana.edits(question, newsroom.question("closest").question)
        closest = ana.hears()
        assert closest.text.startswith(CLOSEST)
        ana.edits(question, newsroom.question("none").question)
        nothing = ana.hears()
        assert nothing.text == NONE
        assert [answer.id, closest.id, nothing.id] == [reply.id] * 3
        ana.hears_nothing_more()

    def test_edits_the_answer_after_a_restart(self, ana: Reader, newsroom: Newsroom) -> None:
        """Which reply belongs to which question is kept."""
        first = ana.says(newsroom.question("none").question)
        reply = ana.hears()
        told(ana, newsroom.question("closest").question)
        newsroom.restart()
        ana.edits(first, newsroom.question("answer").question)
        edited = ana.hears()
        assert (edited.id, edited.edited) == (reply.id, True)
        assert quotation(edited) in PARAGRAPHS
        ana.hears_nothing_more()

    def test_gets_a_new_answer_where_the_old_one_is_gone(
        self, ana: Reader, newsroom: Newsroom
    ) -> None:
        """As a reply again, which later edits change."""
        question = ana.says(newsroom.question("none").question)
        ana.deletes(ana.hears())
        ana.edits(question, newsroom.question("answer").question)
        anew = ana.hears()
        assert (anew.edited, anew.reply_to) == (False, question.id)
        ana.edits(question, newsroom.question("none").question)
        assert (ana.hears().id, ana.hears_nothing_more()) == (anew.id, None)


class TestAnyText:
    """A normal reply, never an exception, never silence."""

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("?", id="a question mark"),
            pytest.param("\u200b\u2060\ufeff", id="nothing that can be seen"),
            pytest.param("🇵🇪🤷🏽‍♀️" * 200, id="emoji only"),
            pytest.param("من طلب مساعدة الجيش؟", id="right to left"),
            pytest.param("\u202eyma eht dekaf ohw\u202c", id="turned around"),
            pytest.param("\x00\x07\x1b[31mred\x7f\u0085", id="control characters"),
            pytest.param("e\u0301\u0302\u0303" * 900, id="stacked accents"),
            pytest.param("'; DROP TABLE chats; --", id="SQL"),
            pytest.param('"army" AND NEAR(* OR ^police) -help: "', id="FTS"),
            pytest.param("%s {0} {title} %(x)s \\", id="format strings"),
            pytest.param("<b>Who</b> &amp; [why](https://example.org)?", id="markup"),
        ],
    )
    def test_is_replied_to(self, ana: Reader, text: str) -> None:
        """With a passage or an honest no."""
        question = ana.says(text)
        assert ana.hears().reply_to == question.id
        ana.hears_nothing_more()

    def test_of_100000_characters_comes_in_pieces(self, ana: Reader) -> None:
        """Telegram cuts it at 4096; each piece is a message of its own, replied to in order."""
        pasted = "Who asked for the army's help? " * 3226
        pieces = [ana.says(pasted[start : start + 4096]) for start in range(0, 100_000, 4096)]
        assert [ana.hears().reply_to for _ in pieces] == [piece.id for piece in pieces]

    def test_under_a_photo_is_a_question(self, ana: Reader, newsroom: Newsroom) -> None:
        """A caption is answered as any text, and edited as any."""
        photo = MEDIA["photo"]
        ana.sends(photo=photo, caption=newsroom.question("answer").question)
        assert quotation(ana.hears()) in PARAGRAPHS

    @pytest.mark.parametrize(
        "content",
        [
            *(pytest.param({field: value}, id=field) for field, value in MEDIA.items()),
            pytest.param({"location": {"latitude": -18.3, "longitude": -70.3}}, id="location"),
        ],
    )
    def test_is_asked_for_where_there_is_none(
        self, ana: Reader, content: dict[str, object]
    ) -> None:
        """In one line."""
        ana.sends(**content)
        assert ana.hears().text == "I read text only. Please write your question as a message."


def has_several_sentences(answer: Answer) -> bool:
    """Whether the passage put forward has more than the one sentence that answers best."""
    return bool(answer.excerpts) and len(answer.excerpts[0].passage.sentences) > 1


def speaker(answer: Answer) -> str | None:
    """Who is quoted in the passage put forward."""
    return answer.excerpts[0].speaker if answer.excerpts else None
