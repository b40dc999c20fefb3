"""How near passages are to a question in meaning, where an encoder is installed."""

import numpy as np
from numpy.typing import NDArray

from bot.corpus.article import Span
from bot.corpus.store import PassageStore
from bot.matching.candidates import Nearness

Floats = NDArray[np.float32]


class PassageVectors:
    """The vectors of all passages, in memory. As good as the store is fresh."""

    def __init__(self, store: PassageStore) -> None:
        ids = store.passage_ids(None)
        stored = store.vectors(ids)
        self.spans = stored.spans
        self.rows: Floats = (
            np.frombuffer(stored.rows, dtype="<f2").reshape(len(stored.spans), -1).astype("f4")
        )
        # Where the rows of each passage begin, and where the last ends.
        self.starts = np.searchsorted(stored.passages, [*ids, ids.stop])
        # The longest stretch of a passage is all of it.
        lengths = np.asarray([span.end - span.start for span in stored.spans])
        self.wholes = np.asarray(
            [
                start + lengths[start:end].argmax()
                for start, end in zip(self.starts, self.starts[1:], strict=False)
            ],
            dtype=np.int64,
        )


class Search:
    """The cosines of a question's vector with the passages of these ids."""

    def __init__(self, vectors: PassageVectors, question: Floats, ids: range) -> None:
        self._vectors = vectors
        self._ids = ids
        starts = vectors.starts[ids.start - 1 : ids.stop]
        self._first = int(starts[0])
        self._rows = vectors.rows[starts[0] : starts[-1]] @ question
        self._wholes = self._rows[vectors.wholes[ids.start - 1 : ids.stop - 1] - self._first]
        self._stretches = np.maximum.reduceat(self._rows, starts[:-1] - self._first)
        self._wholes_among = _standardised(self._wholes)
        self._stretches_among = _standardised(self._stretches)

    def nearest(self, count: int) -> list[int]:
        """The ids of the nearest passages, the nearest first."""
        order = np.argsort(-(self._wholes + self._stretches), kind="stable")
        return [self._ids.start + int(place) for place in order[:count]]

    def nearness(self, id_: int) -> Nearness:
        """How near one of the passages is."""
        place = id_ - self._ids.start
        return Nearness(
            passage=float(self._wholes[place]),
            stretch=float(self._stretches[place]),
            passage_among=float(self._wholes_among[place]),
            stretch_among=float(self._stretches_among[place]),
            span=self._nearest_stretch(id_),
        )

    def _nearest_stretch(self, id_: int) -> Span:
        """The nearest part of the passage; all of it only where it has no parts."""
        start, end = self._vectors.starts[id_ - 1], self._vectors.starts[id_]
        whole = int(self._vectors.wholes[id_ - 1])
        parts = [row for row in range(start, end) if row != whole] or [whole]
        nearest = max(parts, key=lambda row: self._rows[row - self._first])
        return self._vectors.spans[nearest]


def _standardised(values: Floats) -> Floats:
    """The values in standard deviations above their mean."""
    apart: Floats = (values - values.mean()) / (values.std() + 1e-6)
    return apart
