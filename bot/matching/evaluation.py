"""How well questions with known answers are answered: the figures of ``pullquote eval``."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from json import JSONDecodeError, loads
from math import ceil, sqrt
from pathlib import Path
from typing import Any

from bot.matching.answer import Answer, Answerer

BINS = 10
"""Equal-width bins of the expected calibration error (Naeini et al. 2015)."""


class BadQuestions(ValueError):
    """A file of questions that cannot be used; the message says which line and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question and the paragraphs that answer it, as a line of a question set has them."""

    question: str
    gold: frozenset[int]
    article: str | None
    kind: str
    is_answerable: bool
    """Whether it should be answered: not where gold is empty or the row says otherwise."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one row."""

    row: Row
    rank: int | None
    """The rank of the first right passage, from 1; None where it was no candidate."""
    answer: Answer
    """In a private chat."""
    in_group: Answer

    @property
    def is_right(self) -> bool:
        """Whether the first passage answers a question that has an answer."""
        return self.row.is_answerable and self.rank == 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A rate from 0 to 1 with its 95 % interval, or nothing where there was no row to count."""

    value: float | None
    low: float | None = None
    high: float | None = None


def rows(path: Path) -> list[Row]:
    """The rows of a question set; ``BadQuestions`` where a line is none."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise BadQuestions(f"{path} cannot be read: {reason}") from error
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(_row(loads(line)))
        except (JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise BadQuestions(
                f'{path}, line {number}: not a row {{"q": "…", "gold": [paragraph, …]}}'
            ) from error
    if not found:
        raise BadQuestions(f"{path} has no rows.")
    return found


def _row(line: dict[str, Any]) -> Row:
    gold = frozenset(int(paragraph) for paragraph in line["gold"])
    return Row(
        question=str(line["q"]),
        gold=gold,
        article=line.get("article"),
        kind=str(line.get("kind") or "all"),
        is_answerable=bool(gold) and line.get("answerable") is not False,
    )


def evaluate(rows: Iterable[Row], answerer: Answerer, *, is_pooled: bool) -> Iterator[Result]:
    """Each row's result; a row with an article is put to that one alone, unless pooled."""
    for row in rows:
        answer = answerer.answer(row.question, article=None if is_pooled else row.article)
        right = (
            rank
            for rank, candidate in enumerate(answer.explanation.ranked, start=1)
            if candidate.pair.candidate.passage.paragraph in row.gold
            and row.article in (None, candidate.pair.candidate.passage.article)
        )
        yield Result(row, next(right, None), answer, answerer.at(answer, "group"))


def figures(results: Sequence[Result]) -> dict[str, Figure]:
    """The figures of some results, by the names that ``pullquote eval --json`` has for them."""
    with_gold = [result for result in results if result.row.gold]
    answerable = [result for result in results if result.row.is_answerable]
    rest = [result for result in results if not result.row.is_answerable]
    replies = [result for result in results if result.in_group.would_reply]

    def is_answered(result: Result) -> bool:
        return result.answer.outcome == "answer"

    return {
        "accuracy_at_1": share([result.rank == 1 for result in with_gold]),
        "accuracy_at_3": share([result.rank in (1, 2, 3) for result in with_gold]),
        "mrr": mean([1 / result.rank if result.rank else 0.0 for result in with_gold]),
        "answered_right": share([is_answered(result) and result.is_right for result in answerable]),
        "answered_wrong": share(
            [is_answered(result) and not result.is_right for result in answerable]
        ),
        "false_answers": share([is_answered(result) for result in rest]),
        "group_replies": share([result.in_group.would_reply for result in results]),
        "group_precision": share([result.is_right for result in replies]),
        "ece": Figure(calibration_error(results)),
    }


def by_kind(results: Sequence[Result]) -> dict[str, list[Result]]:
    """The results of each kind, in the order of their first rows."""
    kinds = defaultdict(list)
    for result in results:
        kinds[result.row.kind].append(result)
    return dict(kinds)


def share(flags: Sequence[bool]) -> Figure:
    """The share of the flags that are set, with Wilson's interval (Wilson 1927, z = 1.96).

    >>> share([True] * 5 + [False] * 5)
    Figure(value=0.5, low=0.2365..., high=0.7634...)
    """
    count = len(flags)
    if not count:
        return Figure(None)
    value = sum(flags) / count
    z = 1.96
    middle = (value + z * z / (2 * count)) / (1 + z * z / count)
    reach = (
        z * sqrt(value * (1 - value) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    )
    return Figure(value, max(0.0, middle - reach), min(1.0, middle + reach))


def mean(values: Sequence[float]) -> Figure:
    """The mean of values from 0 to 1, with the normal approximation's interval."""
    if not values:
        return Figure(None)
    value = sum(values) / len(values)
    variance = sum((each - value) ** 2 for each in values) / max(1, len(values) - 1)
    reach = 1.96 * sqrt(variance / len(values))
    return Figure(value, max(0.0, value - reach), min(1.0, value + reach))


def calibration_error(results: Sequence[Result]) -> float | None:
    """The expected calibration error: how far confidence and being right lie apart, 0 to 1."""
    if not results:
        return None
    bins = defaultdict(list)
    for result in results:
        bins[min(BINS - 1, int(result.answer.confidence * BINS))].append(result)
    gaps = (
        abs(sum(result.answer.confidence - result.is_right for result in in_bin))
        for in_bin in bins.values()
    )
    return sum(gaps) / len(results)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many per cent of the values do not exceed (nearest rank).

    >>> percentile([4.0, 1.0, 3.0, 2.0], 50)
    2.0
    """
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]
