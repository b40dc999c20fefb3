"""Question–passage pairs, kept as data, through the Answerer and through the command line."""

from json import loads
from pathlib import Path
from typing import Any

import pytest

from bot.matching.answer import Answerer
from tests.command import Command

PAIRS = [
    loads(line)
    for line in (Path(__file__).parents[1] / "questions" / "seed.jsonl").read_text().splitlines()
]


def pairs(by: str) -> Any:
    return pytest.mark.parametrize(
        "pair", [pytest.param(pair, id=pair["id"]) for pair in PAIRS if by in pair.get("by", ())]
    )


@pairs("fuzzy")
def test_the_passage_that_answers_is_first_by_words_alone(
    pair: dict[str, Any], answerer: Answerer
) -> None:
    assert answerer.answer(pair["q"]).excerpts[0].passage.paragraph in pair["gold"]


@pairs("semantic")
def test_the_passage_that_answers_is_first_by_meaning(
    pair: dict[str, Any], semantic: Answerer
) -> None:
    assert semantic.answer(pair["q"]).excerpts[0].passage.paragraph in pair["gold"]


@pytest.mark.parametrize(
    "pair", [pytest.param(pair, id=pair["id"]) for pair in PAIRS if not pair["gold"]]
)
def test_what_the_article_has_nothing_on_is_not_answered(
    pair: dict[str, Any], answerer: Answerer, semantic: Answerer
) -> None:
    assert answerer.answer(pair["q"]).outcome == "none"
    assert semantic.answer(pair["q"]).outcome == "none"
    assert not semantic.answer(pair["q"], place="group").would_reply


def test_the_command_line_answers_the_same(command: Command, semantic: Answerer) -> None:
    printed = command("ask", "--json", input="\n".join(pair["q"] for pair in PAIRS))
    for pair, line in zip(PAIRS, printed.output.splitlines(), strict=True):
        found, expected = loads(line), semantic.answer(pair["q"])
        assert found["question"] == pair["q"]
        assert found["outcome"] == expected.outcome
        assert [passage["paragraph"] for passage in found["passages"]] == [
            excerpt.passage.paragraph for excerpt in expected.excerpts
        ]
