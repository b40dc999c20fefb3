"""``python -m benchmarks.nearest``: ways to find the nearest vectors among many, and without any.

The vectors are those of squad-dev's stretches, each many times with noise; the questions are
squad-dev's. Each way is a process of its own. Writes benchmarks/nearest.md.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import commit, commit_date
from benchmarks.sets import ROOT, SEED_ES, SPANISH, SQUAD, QuestionSet, RememberingEncoder
from benchmarks.systems import peak_memory
from bot.corpus.compact import Wholes, packed, unpacked
from bot.matching import search
from bot.matching.answer import Answerer
from bot.matching.evaluation import percentile, share

Floats = NDArray[np.float32]
Ask = Callable[[Floats], NDArray[np.int64]]
"""A question's vector in, the numbers of the nearest out."""

REPORT = ROOT / "benchmarks" / "nearest.md"
SIZES = (100_000, 1_000_000)
SOUGHT = 64
QUESTIONS = 200
NOISE = 0.5
"""Of the noise's deviation to that of the vectors themselves around their mean."""


def vectors(size: int) -> Floats:
    """So many unit vectors."""
    store = SQUAD.store(RememberingEncoder())
    found = store.vectors(store.passage_ids(None))
    real = np.concatenate([unpacked(rows, len(spans) // 8) for _, spans, rows in found])
    random = np.random.default_rng(1)
    chosen = real[random.integers(len(real), size=size)]
    chosen += NOISE * real.std(axis=0) * random.standard_normal(chosen.shape, dtype="f4")
    chosen /= np.linalg.norm(chosen, axis=1, keepdims=True)
    return chosen


def questions() -> list[Floats]:
    """The vectors of some questions."""
    encoder = RememberingEncoder()
    rows = SQUAD.rows()
    return [encoder.question(row.question) for row in rows[:: len(rows) // QUESTIONS]]


def nearest(cosines: Floats) -> NDArray[np.int64]:
    """The numbers of the largest."""
    return np.argpartition(-cosines, SOUGHT)[:SOUGHT]


# The ways: each stores the rows in a folder, and opens them from there.


def store_floats(rows: Floats, folder: Path) -> None:
    """As they are."""
    rows.tofile(folder / "rows")


def open_floats(folder: Path) -> Ask:
    """In memory, multiplied by numpy."""
    rows = np.fromfile(folder / "rows", dtype="f4").reshape(-1, 384)
    return lambda question: nearest(rows @ question)


def store_bytes(rows: Floats, folder: Path) -> None:
    """As Pullquote does."""
    with (folder / "scales").open("wb") as scales, (folder / "numbers").open("wb") as numbers:
        for row in rows:
            data = packed(row[None])
            scales.write(data[:4])
            numbers.write(data[4:])


def open_bytes(folder: Path) -> Ask:
    """Mapped, multiplied by numkong."""
    wholes = Wholes(folder / "scales", folder / "numbers")
    count = (folder / "scales").stat().st_size // 4
    return lambda question: nearest(wholes.cosines(question, range(1, count + 1)))


def store_graph(rows: Floats, folder: Path) -> None:
    """As usearch recommends, a byte a number."""
    from usearch.index import Index

    index = Index(ndim=384, metric="cos", dtype="i8")
    index.add(np.arange(len(rows)), rows)
    index.save(folder / "graph")


def open_graph(folder: Path) -> Ask:
    """Mapped, searched by its graph."""
    from usearch.index import Index

    index = Index.restore(folder / "graph", view=True)
    assert index is not None
    return lambda question: index.search(question, SOUGHT).keys.astype(np.int64)


WAYS: dict[str, tuple[Callable[[Floats, Path], None], Callable[[Path], Ask]]] = {
    "numpy, four bytes a number, in memory": (store_floats, open_floats),
    "**numkong, a byte a number, mapped**": (store_bytes, open_bytes),
    "usearch, a byte a number, a graph (HNSW), mapped": (store_graph, open_graph),
}


def measure(what: str, way: str, size: int, folder: Path) -> None:
    """Store, or ask; print what was found."""
    store, opened = WAYS[way]
    if what == "store":
        rows = vectors(size)
        begun = perf_counter()
        store(rows, folder)
        print(json.dumps({"seconds": perf_counter() - begun}))
        return
    asked = questions()
    ask = opened(folder)
    ask(asked[0])
    milliseconds, found = [], []
    for question in asked:
        begun = perf_counter()
        found.append(ask(question).tolist())
        milliseconds.append(1000 * (perf_counter() - begun))
    memory = peak_memory()
    print(json.dumps({"milliseconds": milliseconds, "found": found, "memory": memory}))


def process(what: str, way: str, size: int, folder: Path) -> dict[str, object]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.nearest", what, way, str(size), str(folder)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


# The report.


def table(size: int) -> Iterator[str]:
    """Every way at one size."""
    heads = f"p50 / p99, ms | recall@{SOUGHT}, % | stored in, s | MB stored | MB to ask"
    yield f"| {size:,} vectors | {heads} |"
    yield "|---|---:|---:|---:|---:|---:|"
    exact: list[set[int]] = []
    for way in WAYS:
        with TemporaryDirectory() as name:
            folder = Path(name)
            stored = process("store", way, size, folder)
            disk = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
            asked = process("ask", way, size, folder)
        found = [set(each) for each in asked["found"]]  # type: ignore[attr-defined]
        exact = exact or found
        both = sum(len(a & b) for a, b in zip(exact, found, strict=True))
        times = asked["milliseconds"]
        assert isinstance(times, list)
        cells = (
            way,
            f"{percentile(times, 50):.2f} / {percentile(times, 99):.2f}",
            f"{100 * both / SOUGHT / len(exact):.1f}",
            f"{stored['seconds']:.0f}",
            f"{disk:.0f}",
            f"{asked['memory'] / 1e6:.0f}",  # type: ignore[operator]
        )
        yield f"| {' | '.join(cells)} |"


def accuracy(question_set: QuestionSet, by_meaning: int) -> str:
    """First passage right, where meaning proposes so many candidates; it always ranks them."""
    encoder = RememberingEncoder()
    store = question_set.store(encoder)
    search.BEST_BY_MEANING = by_meaning
    answerer = Answerer(store, encoder)
    flags = []
    for row in question_set.rows():
        if row.gold:
            article = None if question_set.is_pooled else row.article
            found = answerer.answer(row.question, article=article).excerpts[:1]
            flags.append(
                any(
                    each.passage.paragraph in row.gold and row.article in (None, each.article.slug)
                    for each in found
                )
            )
    rate = share(flags).value
    return f"{100 * rate:.1f}" if rate is not None else "–"


def report() -> Iterator[str]:
    """The lines of the report."""
    yield "# The nearest vectors"
    yield ""
    yield f"Made by `python -m benchmarks.nearest` on {commit_date()}, on the code of {commit()}."
    yield "The vectors are squad-dev's, each many times with noise; memory is the peak of a process"
    yield "that only asks, pages of mapped files included, which the system takes back if need be."
    yield "Recall is of what the first finds."
    for size in SIZES:
        yield ""
        yield from table(size)
    yield ""
    yield "Without any search, meaning would only rank what the words propose. First passage right,"
    yield "per cent, with the constants as they are:"
    yield ""
    ways = {"words and meaning propose": search.BEST_BY_MEANING, "meaning only ranks": 0}
    yield f"| | {SPANISH.name} | {SEED_ES.name} |"
    yield "|---|---:|---:|"
    for way, by_meaning in ways.items():
        yield f"| {way} | {accuracy(SPANISH, by_meaning)} | {accuracy(SEED_ES, by_meaning)} |"


def main() -> None:
    """Measure, print the report and write it down."""
    text = "\n".join(report())
    REPORT.write_text(text + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    if sys.argv[1:]:
        measure(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
