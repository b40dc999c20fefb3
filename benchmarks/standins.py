"""Stand-ins for an encoder's vectors: random directions, which cost as much to store and search."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.corpus.store import PassageStore
from bot.matching.search import BEST_BY_MEANING
from bot.matching.vectors import PassageVectors, Search

Floats = NDArray[np.float32]


class StandIn:
    """An encoder that takes no time, and whose vectors mean nothing."""

    name = "stand-in"

    def __init__(self) -> None:
        self._random = np.random.default_rng(1)

    def question(self, text: str) -> Floats:
        """One vector."""
        return self.passages([text])[0]

    def passages(self, texts: Sequence[str]) -> Floats:
        """A vector each."""
        rows = self._random.standard_normal((len(texts), 384), dtype="f4")
        directions: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return directions


def searcher(store: PassageStore) -> Callable[[str], None]:
    """Search by vectors alone, as ``Searcher`` has it, for a random direction at every question."""
    vectors = PassageVectors(store)
    encoder = StandIn()

    def ask(question: str) -> None:
        search = Search(vectors, encoder.question(question), store.passage_ids(None))
        for id_ in search.nearest(BEST_BY_MEANING):
            search.nearness(id_)

    return ask
