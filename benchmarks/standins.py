"""Stand-ins for vectors: random directions, which cost as much to search as real ones.

What follows the way Pullquote stores its vectors is here, and to be changed with it.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from bot.corpus.article import Span
from bot.corpus.store import IndexedVectors
from bot.matching.search import BEST_BY_MEANING
from bot.matching.vectors import PassageVectors, Search

DIMENSIONS = 384


def write(folder: Path, sentences: Iterable[int]) -> None:
    """Unit rows in half precision: for each passage its own, and one for each of its sentences."""
    random = np.random.default_rng(1)
    counts = list(sentences)
    np.save(folder / "sentences.npy", np.asarray(counts))
    with (folder / "rows").open("wb") as file:
        for count in counts:
            rows = random.standard_normal((1 + count, DIMENSIONS), dtype="f4")
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            file.write(rows.astype("<f2").tobytes())


def searcher(folder: Path) -> Callable[[str], None]:
    """Search by vectors alone, as ``Searcher`` has it, for a random direction at every question."""
    store = StandIns(folder)
    vectors = PassageVectors(store)
    random = np.random.default_rng(2)

    def ask(question: str) -> None:  # noqa: ARG001
        direction = random.standard_normal(DIMENSIONS, dtype="f4")
        direction /= np.linalg.norm(direction)
        search = Search(vectors, direction, store.passage_ids(None))
        for id_ in search.nearest(BEST_BY_MEANING):
            search.nearness(id_)

    return ask


class StandIns:
    """What ``PassageVectors`` asks of a store."""

    def __init__(self, folder: Path) -> None:
        """Raise MemoryError where there is too little, before the system has to end processes."""
        self._rows = folder / "rows"
        self._sentences = np.load(folder / "sentences.npy").tolist()
        # Rows in half and in single precision, a Span and its numbers for each.
        needed = 3 * self._rows.stat().st_size + 200 * sum(self._sentences)
        if needed > memory_available():
            raise MemoryError(f"it takes {needed / 1e9:.0f} GB")

    def passage_ids(self, slug: str | None) -> range:  # noqa: ARG002
        """All ids."""
        return range(1, len(self._sentences) + 1)

    def vectors(self, ids: range) -> IndexedVectors:
        """All vectors: a passage's own, which is of the longest span, before its sentences'."""
        passages, spans = [], []
        for id_, count in zip(ids, self._sentences, strict=True):
            passages += [id_] * (1 + count)
            spans.append(Span(0, 100 * count + 1))
            spans += [Span(100 * number, 100 * number + 100) for number in range(count)]
        return IndexedVectors(passages, spans, self._rows.read_bytes())


def memory_available() -> int:
    """Bytes a process can have without swapping; without limit where Linux does not say."""
    try:
        known = Path("/proc/meminfo").read_text("ascii")
    except OSError:
        return sys.maxsize
    return 1024 * int(known.partition("MemAvailable:")[2].split()[0])
