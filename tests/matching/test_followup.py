"""Follow-ups, kept as data: what leans on the question before, and what is found for the two."""

from json import loads
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.answer import Answerer
from bot.matching.followup import LONGEST_TOPIC, Turn, leans, turn

ROWS = [
    loads(line)
    for line in (Path(__file__).parents[1] / "questions" / "followups.jsonl")
    .read_text("utf-8")
    .splitlines()
]
CONVERSATIONS = [row for row in ROWS if "before" in row]


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row['id']} {row['q']}") for row in ROWS])
class TestAMessage:
    """After a question, or as a reply to its answer."""

    def test_that_comes_after_leans_only_where_it_cannot_stand_alone(
        self, row: dict[str, Any]
    ) -> None:
        assert (leans(row["q"]) or "none") == row["leans"]

    def test_that_replies_may_lean_in_fewer_words(self, row: dict[str, Any]) -> None:
        """The same, but for a row that says otherwise."""
        expected = row.get("in_reply", row["leans"])
        assert (leans(row["q"], is_reply=True) or "none") == expected


class TestTheTwoTogether:
    """An elliptic question and the one before it, put to the seed article."""

    @pytest.mark.parametrize(("by", "found"), [("words", 43), ("meaning", 44)])
    def test_find_what_either_alone_does_not(
        self, by: str, found: int, answerer: Answerer, semantic: Answerer
    ) -> None:
        """Of 49, the passage that answers is first for at least so many; without, for far fewer."""
        asked = answerer if by == "words" else semantic

        def firsts(questions: list[str]) -> int:
            answers = map(asked.answer, questions)
            return sum(
                answer.excerpts[0].passage.paragraph in row["gold"]
                for row, answer in zip(CONVERSATIONS, answers, strict=True)
                if answer.excerpts
            )

        together = [turn(row["q"], turn(row["before"])).question for row in CONVERSATIONS]
        assert len(CONVERSATIONS) == 49
        assert firsts(together) >= found
        assert firsts([row["q"] for row in CONVERSATIONS]) < found - 8
        assert firsts([row["before"] for row in CONVERSATIONS]) < found - 6

    @pytest.mark.parametrize(
        ("before", "text", "question"),
        [
            pytest.param(
                "Who blocked the road?", "and why?", "why? blocked the road?", id="another kind"
            ),
            pytest.param(
                "¿Quién bloqueó la carretera?",
                "¿Y cuándo?",
                "cuándo? bloqueó la carretera?",
                id="Spanish",
            ),
            pytest.param(
                "Quem bloqueou a estrada?", "e por quê?", "por quê? bloqueou a estrada?", id="pt"
            ),
            pytest.param(
                "What does José Antonio Kast want?",
                "what about Jara?",
                "what about Jara? does want?",
                id="another name",
            ),
            pytest.param(
                "Hi! Who blocked the road? Thanks",
                "and in both directions?",
                "in both directions? blocked the road?",
                id="greetings go",
            ),
        ],
    )
    def test_ask_what_the_follow_up_asks(self, before: str, text: str, question: str) -> None:
        """It comes first; of the question before, what it replaces is left out."""
        assert turn(text, turn(before)).question == question


class TestAConversation:
    """Turn after turn."""

    def test_keeps_its_topic_until_another_is_named(self) -> None:
        """A second “and when?” goes back to the whole question, not to the follow-up before it."""
        first = turn("Who blocked the road?")
        why = turn("and why?", first)
        assert turn("and when?", why).question == "when? blocked the road?"
        elsewhere = turn("and in Lima?", why)
        assert turn("and when?", elsewhere).question == "when? in Lima? blocked the road?"

    def test_goes_through_the_matches(self) -> None:
        """More and more of the same question."""
        first = turn("Who is Kast?")
        second = turn("more", first)
        third = turn("¿qué más?", second)
        assert [each.shown for each in (first, second, third)] == [0, 1, 2]
        assert {each.question for each in (first, second, third)} == {"Who is Kast?"}

    def test_stays_with_the_article_in_a_reply(self) -> None:
        """Also by a question of its own; without a reply only what leans on it stays."""
        before = Turn("Who is Kast?", "Who is Kast?", article="kast", shown=1)
        own = "Who won the election?"
        assert turn(own, before, is_reply=True) == Turn(own, own, "kast")
        assert turn(own, before) == Turn(own, own)
        assert turn("and why?", before).article == "kast"

    def test_begins_where_nothing_was_asked_before(self) -> None:
        """A follow-up to nothing is a question of its own."""
        assert turn("and why?") == Turn("and why?", "and why?")

    def test_takes_no_more_than_a_question_along(self) -> None:
        """However long the one before was, what is asked now is read."""
        long = turn("Who blocked the road " + "to nowhere " * 400 + "?")
        assert turn("and when?", long).question.startswith("when? blocked the road to nowhere")
        assert len(turn("and when?", long).question) < LONGEST_TOPIC + 20


@given(st.text(), st.text(), st.booleans())
def test_any_text_takes_a_turn(text: str, before: str, is_reply: bool) -> None:
    """And what leans on nothing is put as it was typed."""
    taken = turn(text, turn(before), is_reply=is_reply)
    assert taken.shown in (0, 1)
    if leans(text, is_reply=is_reply) is None:
        assert taken.question == text
