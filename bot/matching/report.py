"""The figures of an evaluation as a table to read, and as a record for programs."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from bot.matching.evaluation import Figure, Result, by_kind, figures, percentile

_COLUMNS = {
    "accuracy_at_1": "acc@1",
    "accuracy_at_3": "acc@3",
    "mrr": "MRR",
    "answered_right": "right",
    "answered_wrong": "wrong",
    "false_answers": "false",
    "group_replies": "in group",
    "group_precision": "precision",
    "ece": "ECE",
}
LEGEND = (
    "Per cent, with the 95 % interval. acc@1, acc@3, MRR: the passage is found, whatever the "
    "outcome.\nright, wrong: of the rows to be answered, those answered so; false: of the rest, "
    "those answered.\nin group: of all rows, those the bot would reply to in a group; precision: "
    "of these, the right ones.\nECE: expected calibration error. ms: p50 and p99 a question."
)


def record(results: Sequence[Result]) -> dict[str, object]:
    """``{"all": {…}, "kinds": {kind: {…}}}``, rates from 0 to 1."""
    return {
        "all": _record(results),
        "kinds": {kind: _record(of_kind) for kind, of_kind in by_kind(results).items()},
    }


def _record(results: Sequence[Result]) -> dict[str, float | int | None]:
    times = [result.answer.milliseconds for result in results]
    return {
        "rows": len(results),
        **{name: figure.value for name, figure in figures(results).items()},
        "p50_ms": median(times),
        "p99_ms": percentile(times, 99),
    }


def table(results: Sequence[Result]) -> Iterator[str]:
    """The table's lines: all rows first, then a line for each kind."""
    kinds = by_kind(results)
    lines = [["", "rows", *_COLUMNS.values(), "ms"], _cells("all", results)]
    if len(kinds) > 1:
        lines += [_cells(kind, of_kind) for kind, of_kind in kinds.items()]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = zip(line, widths, strict=True)
        yield "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(cells)
        ).rstrip()
    yield ""
    yield from LEGEND.splitlines()


def _cells(kind: str, results: Sequence[Result]) -> list[str]:
    times = [result.answer.milliseconds for result in results]
    found: Mapping[str, Figure] = figures(results)
    return [
        kind,
        str(len(results)),
        *(_percent(found[name]) for name in _COLUMNS),
        f"{median(times):.1f} {percentile(times, 99):.1f}",
    ]


def _percent(figure: Figure) -> str:
    """A figure in per cent with its interval.

    >>> _percent(Figure(0.5, 0.401, 0.6))
    '50.0 40–60'
    """
    if figure.value is None:
        return "–"
    if figure.low is None or figure.high is None:
        return f"{100 * figure.value:.1f}"
    return f"{100 * figure.value:.1f} {100 * figure.low:.0f}–{100 * figure.high:.0f}"
