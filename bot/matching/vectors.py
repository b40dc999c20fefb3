"""How near passages are to a question in meaning, where an encoder is installed.

The vectors stay on the disk. Where there are many passages, those that are nearest as wholes are
compared by their stretches too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from typing import NamedTuple

import numpy as np

from bot.corpus.article import Span
from bot.corpus.compact import Floats, Wholes, unpacked, unpacked_spans
from bot.corpus.store import PassageStore
from bot.matching.candidates import Nearness

FEW = 256
"""Passages that are all compared by their stretches, and are a sample of more."""
COMPARED = 64
"""Passages compared by their stretches, where there are more than few."""
_KEPT = 4
"""Sets of few passages whose vectors stay in memory, some 2 MB each."""


@dataclass(frozen=True, slots=True)
class Stretches:
    """The vectors of some passages, in the order of their ids."""

    passages: list[int]
    spans: list[list[tuple[int, int]]]
    """Of each passage: all of it, then its parts."""
    starts: list[int]
    """The row where each passage begins."""
    rows: Floats


class PassageVectors:
    """The vectors of all passages. As good as the store is fresh."""

    def __init__(self, store: PassageStore) -> None:
        self._store = store
        self.wholes = Wholes(*store.wholes())
        self.sample = lru_cache(_KEPT)(self._sample)
        """The vectors of few among these ids, evenly spread: of all, where they are few."""

    def of(self, ids: Iterable[int]) -> Stretches:
        """The vectors of these passages."""
        found = self._store.vectors(ids)
        spans = [unpacked_spans(packed) for _, packed, _ in found]
        counts = [len(each) for each in spans]
        rows = unpacked(b"".join(packed for *_, packed in found), sum(counts))
        starts = np.cumsum([0, *counts[:-1]]).tolist()
        return Stretches([id_ for id_, *_ in found], spans, starts, rows)

    def _sample(self, ids: range) -> Stretches:
        return self.of(ids[:: -(-len(ids) // FEW)])


class _Compared(NamedTuple):
    """A passage compared with the question."""

    whole: float
    """Cosine of all of it."""
    stretch: float
    """Cosine of its nearest stretch."""
    among: Stretches
    place: int
    """The passage's, among those compared at once."""
    cosines: Floats
    """Of all their stretches."""


class Search:
    """A question's vector among those of the passages of these ids, which are not none."""

    def __init__(self, vectors: PassageVectors, question: Floats, ids: range) -> None:
        self._vectors = vectors
        self._question = question
        self._compared: dict[int, _Compared] = {}
        wholes, stretches = self._compare(vectors.sample(ids))
        self._stretches_among = stretches.mean(), stretches.std() + 1e-6
        if len(self._compared) < len(ids):
            wholes = vectors.wholes.cosines(question, ids)
            nearest = np.argpartition(-wholes, COMPARED)[:COMPARED]
            self._compare(vectors.of((nearest + ids.start).tolist()))
        self._wholes_among = wholes.mean(), wholes.std() + 1e-6

    def _compare(self, among: Stretches) -> tuple[Floats, Floats]:
        """The cosines of the passages as wholes, and those of each one's nearest stretch."""
        cosines = among.rows @ self._question
        wholes: Floats = cosines[among.starts]
        stretches: Floats = np.maximum.reduceat(cosines, among.starts)
        both = zip(wholes.tolist(), stretches.tolist(), strict=True)
        for place, (id_, (whole, stretch)) in enumerate(zip(among.passages, both, strict=True)):
            self._compared[id_] = _Compared(whole, stretch, among, place, cosines)
        return wholes, stretches

    def nearest(self, count: int) -> list[int]:
        """The ids of the nearest passages, the nearest first."""
        nearness = {id_: each.whole + each.stretch for id_, each in self._compared.items()}
        return nsmallest(count, nearness, key=lambda id_: (-nearness[id_], id_))

    def nearness(self, id_: int) -> Nearness:
        """How near one of the passages is."""
        if id_ not in self._compared:
            self._compare(self._vectors.of([id_]))
        found = self._compared[id_]
        wholes_mean, wholes_deviation = self._wholes_among
        stretches_mean, stretches_deviation = self._stretches_among
        return Nearness(
            passage=found.whole,
            stretch=found.stretch,
            passage_among=float((found.whole - wholes_mean) / wholes_deviation),
            stretch_among=float((found.stretch - stretches_mean) / stretches_deviation),
            span=_nearest_part(found),
        )


def _nearest_part(found: _Compared) -> Span:
    """The nearest part of the passage; all of it only where it has no parts."""
    spans = found.among.spans[found.place]
    first = found.among.starts[found.place]
    parts = range(1, len(spans)) if len(spans) > 1 else range(1)
    nearest = max(parts, key=lambda number: float(found.cosines[first + number]))
    return Span(*spans[nearest])
