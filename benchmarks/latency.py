"""How long a question takes, without the encoder, with it, and how much of that is the encoder."""

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

import numpy as np

from benchmarks.sets import SEED_EN, SQUAD, QuestionSet
from bot.matching.answer import Answerer
from bot.matching.evaluation import Row
from bot.matching.question import read
from bot.text.encoder import MultilingualE5


def latency_table() -> Iterator[str]:
    """Milliseconds a question on the seed article and on one of squad's, as a Markdown table."""
    yield "Milliseconds a question, p50 and p99, each question put once after five to warm up:"
    yield ""
    yield "| | rows | fuzzy only | semantic | the encoder alone | on top of it, p50 |"
    yield "|---|---|---|---|---|---|"
    first = SQUAD.rows()[0].article
    of_one = [row for row in SQUAD.rows() if row.article == first]
    for name, question_set, rows in (
        ("seed article", SEED_EN, SEED_EN.rows()),
        (f"squad-dev, {first}", SQUAD, of_one),
    ):
        fuzzy, semantic, encoder = timed(question_set, rows, first)
        on_top = float(np.median(semantic) - np.median(encoder))
        cells = [
            f"{np.percentile(times, 50):.2f} / {np.percentile(times, 99):.2f}"
            for times in (fuzzy, semantic, encoder)
        ]
        yield f"| {name} | {len(rows)} | {' | '.join(cells)} | {on_top:.2f} |"


def timed(
    question_set: QuestionSet, rows: Sequence[Row], article: str | None
) -> tuple[list[float], list[float], list[float]]:
    """The milliseconds of each row without the encoder, with it, and of the encoder alone."""
    encoder = MultilingualE5()
    store = question_set.store(encoder)
    chosen = article if store.article(article or "") else None
    fuzzy, semantic = Answerer(store), Answerer(store, encoder)
    ways: list[Callable[[str], object]] = [
        lambda text: fuzzy.answer(text, article=chosen),
        lambda text: semantic.answer(text, article=chosen),
        lambda text: encoder.question(read(text).core),
    ]
    times: list[list[float]] = []
    for way in ways:
        taken = []
        for row in [*rows[:5], *rows]:
            started = perf_counter()
            way(row.question)
            taken.append((perf_counter() - started) * 1000)
        times.append(taken[5:])
    without, with_it, alone = times
    return without, with_it, alone
