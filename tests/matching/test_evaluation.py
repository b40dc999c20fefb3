"""The figures of an evaluation, worked out by hand on a handful of results."""

from pathlib import Path

import pytest

from bot.matching.answer import Answerer
from bot.matching.evaluation import (
    BadQuestions,
    Figure,
    calibration_error,
    evaluate,
    figures,
    mean,
    rows,
    share,
)

QUESTIONS = """\
{"id": "1", "q": "Who blocked the Panamericana Sur?", "gold": [5], "kind": "plain"}

{"id": "2", "q": "how do I make pancakes", "gold": [], "kind": "off_topic"}
{"id": "3", "q": "Who is Luis Cordero?", "gold": [8], "answerable": false, "kind": "plain"}
"""


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text(QUESTIONS)
    return path


def test_rows_are_read_with_what_they_leave_out(questions: Path) -> None:
    first, second, third = rows(questions)
    assert (first.question, first.gold, first.article) == (
        "Who blocked the Panamericana Sur?",
        frozenset({5}),
        None,
    )
    assert [row.is_answerable for row in (first, second, third)] == [True, False, False]
    assert [row.kind for row in (first, second, third)] == ["plain", "off_topic", "plain"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param('{"q": "a", "gold": [1]}\n{"q": "b"}', "line 2", id="no gold"),
        pytest.param("not JSON", "line 1", id="no JSON"),
        pytest.param('["a"]', "line 1", id="no object"),
        pytest.param('{"q": "a", "gold": ["x"]}', "line 1", id="gold is no number"),
        pytest.param("\n\n", "has no rows", id="empty"),
    ],
)
def test_a_file_that_is_no_question_set_is_refused_with_the_line(
    tmp_path: Path, content: str, line: str
) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(content)
    with pytest.raises(BadQuestions, match=line):
        rows(path)


def test_the_figures_count_what_their_names_say(questions: Path, answerer: Answerer) -> None:
    results = list(evaluate(rows(questions), answerer, is_pooled=False))
    assert [result.rank for result in results] == [1, None, 1]
    found = figures(results)
    assert found["accuracy_at_1"].value == 1.0
    assert found["mrr"].value == 1.0
    assert found["answered_right"].value == 1.0
    assert found["answered_wrong"].value == 0.0
    assert (
        found["false_answers"].value
        == sum(result.answer.outcome == "answer" for result in results[1:]) / 2
    )


def test_a_share_of_nothing_is_no_figure() -> None:
    assert share([]) == Figure(None)


def test_a_mean_has_an_interval_around_it() -> None:
    assert mean([]) == Figure(None)
    assert mean([1.0, 1.0]) == Figure(1.0, 1.0, 1.0)
    half = mean([0.0, 1.0, 0.0, 1.0])
    assert (half.value, half.low, half.high) == (0.5, 0.0, 1.0)


def test_calibration_error_is_nothing_where_there_is_nothing_to_count() -> None:
    assert calibration_error([]) is None
