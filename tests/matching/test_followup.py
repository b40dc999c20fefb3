"""Follow-ups, kept as data: what leans on the question before, and what is found for the two."""

from json import loads
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.answer import Answerer
from bot.matching.followup import LONGEST_TOPIC, leans, together

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

        both = [together(row["q"], row["before"]) for row in CONVERSATIONS]
        assert len(CONVERSATIONS) == 49
        assert firsts(both) >= found
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
        assert together(text, before) == question

    def test_are_no_longer_than_a_question(self) -> None:
        """However long the one before was, what is asked now is read."""
        both = together("and when?", "Who blocked the road " + "to nowhere " * 400 + "?")
        assert both.startswith("when? blocked the road to nowhere to nowhere")
        assert len(both) < LONGEST_TOPIC + 20


@given(st.text(), st.text(), st.booleans())
def test_any_two_texts_can_be_looked_at(text: str, topic: str, is_reply: bool) -> None:
    """Neither raises."""
    assert leans(text, is_reply=is_reply) in ("more", "elliptic", None)
    assert len(together(text, topic)) <= len(text) + len(topic) + 1
