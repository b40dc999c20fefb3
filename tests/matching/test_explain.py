"""``--explain``: an operator reads every step, from the question to the outcome."""

import re

import pytest

from bot.matching.answer import Answerer
from bot.matching.explain import explanation


@pytest.fixture(params=["answerer", "semantic"])
def lines(request: pytest.FixtureRequest) -> list[str]:
    """The explanation of a question with a slip in it, without and with the encoder."""
    answerer: Answerer = request.getfixturevalue(request.param)
    answer = answerer.answer("hi all, who blokked the highway?")
    return list(explanation(answer, answerer.constants))


def test_the_steps_stand_in_their_order(lines: list[str]) -> None:
    steps = [line.split()[0] for line in lines if not line.startswith(" ")]
    order = ["question", "term", "candidate", "evidence", "confidence", "outcome"]
    assert list(dict.fromkeys(steps)) == order


def test_it_says_what_was_asked_and_how_each_word_was_read(lines: list[str]) -> None:
    assert "'who blokked the highway?'" in lines[0]
    assert "person" in lines[1]
    assert any("blokked → block ×" in line for line in lines)


def test_what_the_features_add_makes_the_score(lines: list[str]) -> None:
    for number, line in enumerate(lines):
        if line.startswith("candidate"):
            score = float(line.rpartition(" ")[2])
            parts = sum(map(float, re.findall(r"[+-]\d+\.\d+", lines[number + 1])))
            assert parts == pytest.approx(score, abs=0.06)


def test_it_says_why_the_outcome(lines: list[str]) -> None:
    confidence = next(line for line in lines if line.startswith("confidence"))
    assert re.search(r"confidence 0\.\d\d; from private 0\.\d\d, group 0\.\d\d on an", confidence)
    assert lines[-1].startswith("outcome")
