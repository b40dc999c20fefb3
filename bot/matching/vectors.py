"""How near passages are to a question in meaning: cosines, where an encoder is installed."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.corpus.store import PassageStore
from bot.matching.candidates import Nearness


class PassageVectors:
    """The vectors of all passages, in memory."""

    def __init__(self, store: PassageStore) -> None:
        stored = store.vectors(store.passage_ids(None))
        self._spans = stored.spans
        self._rows: NDArray[np.float32] = (
            np.frombuffer(stored.rows, dtype="<f2").reshape(len(stored.spans), -1).astype("f4")
        )
        passages = np.asarray(stored.passages, dtype=np.int64)
        self._passages, starts = np.unique(passages, return_index=True)
        self._starts = [*starts.tolist(), len(passages)]

    def nearness(self, question: NDArray[np.float32], ids: range) -> dict[int, Nearness]:
        """How near each of these passages is to the question's vector."""
        first, last = np.searchsorted(self._passages, [ids.start, ids.stop])
        bounds = self._starts[first : last + 1]
        if len(bounds) < 2:
            return {}
        cosines = self._rows[bounds[0] : bounds[-1]] @ question
        near = {}
        for id_, (start, end) in zip(
            self._passages[first:last].tolist(), pairwise(bounds), strict=True
        ):
            of_passage = cosines[start - bounds[0] : end - bounds[0]]
            spans = self._spans[start:end]
            whole = max(range(end - start), key=lambda row: spans[row].end - spans[row].start)
            best = (
                int(of_passage.argmax())
                if end - start == 1
                else max(
                    (row for row in range(end - start) if row != whole), key=of_passage.__getitem__
                )
            )
            near[id_] = Nearness(float(of_passage[whole]), float(of_passage[best]), spans[best])
        return near
