"""Vectors in few bytes: each a scale, and its numbers as multiples of it from -127 to 127."""

from collections.abc import Sequence
from pathlib import Path
from weakref import finalize

import numkong
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

WINDOW = 32 * 1024 * 1024
"""Bytes of vectors that are mapped at once; at 1,000,000 passages it costs a fifth of the time."""


def packed(vectors: Floats) -> bytes:
    """Vectors of shape (count, dimensions), row after row: a scale of four bytes, then the numbers.

    A cosine changes by about 0.0005.
    """
    rows = np.empty(len(vectors), dtype=_row(vectors.shape[1]))
    rows["scale"], rows["numbers"] = _scaled(vectors)
    return rows.tobytes()


def unpacked(data: bytes, count: int) -> Floats:
    """So many vectors again, from ``packed`` ones behind one another; shape (count, dimensions)."""
    rows = np.frombuffer(data, dtype=_row(len(data) // count - 4))
    found: Floats = rows["numbers"].astype("f4") * rows["scale"][:, None]
    return found


def packed_spans(spans: Sequence[tuple[int, int]]) -> bytes:
    """Pairs of offsets, four bytes each."""
    return np.asarray(spans, dtype="<u4").tobytes()


def unpacked_spans(data: bytes) -> list[tuple[int, int]]:
    """Pairs of offsets again."""
    return [(start, end) for start, end in np.frombuffer(data, dtype="<u4").reshape(-1, 2).tolist()]


class Wholes:
    """A vector for each passage, in two files that are open; of the numbers a window is mapped.

    However many there are, no more of them is held than a window: the system may drop its pages
    sooner, and the next question finds those it kept.
    """

    def __init__(self, scales: Path, numbers: Path, window: int = WINDOW) -> None:
        self._scales = np.memmap(scales, dtype="<f4", mode="r")
        self._numbers = numbers.open("rb")
        finalize(self, self._numbers.close)
        self._dimensions = numbers.stat().st_size // len(self._scales)
        self._in_window = max(1, window // self._dimensions)

    def cosines(self, question: Floats, ids: range) -> Floats:
        """The cosines of a vector with those of the passages of these ids, counted from 1."""
        scale, numbers = _scaled(question[None])
        products = [
            np.asarray(numkong.cdist(numbers, self._rows(first, ids.stop), metric="dot"))[0]
            for first in range(ids.start, ids.stop, self._in_window)
        ]
        cosines: Floats = np.concatenate(products, dtype="f4", casting="same_kind")
        cosines *= self._scales[ids.start - 1 : ids.stop - 1] * scale[0]
        return cosines

    def _rows(self, first: int, stop: int) -> NDArray[np.int8]:
        """The numbers of the passages from this id on, as many as a window holds."""
        shape = min(self._in_window, stop - first), self._dimensions
        offset = (first - 1) * self._dimensions
        return np.memmap(self._numbers, dtype="i1", mode="r", offset=offset, shape=shape)


def _scaled(vectors: Floats) -> tuple[Floats, NDArray[np.int8]]:
    scales = np.abs(vectors).max(axis=1) / 127 + 1e-12
    return scales, np.rint(vectors / scales[:, None]).astype(np.int8)


def _row(dimensions: int) -> np.dtype[np.void]:
    return np.dtype([("scale", "<f4"), ("numbers", "i1", (dimensions,))])
