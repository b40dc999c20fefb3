"""Vectors in few bytes: each a scale, and its numbers as multiples of it from -127 to 127."""

from collections.abc import Sequence
from pathlib import Path

import numkong
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


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
    """A vector for each passage, in two files that are mapped: the system decides what it holds."""

    def __init__(self, scales: Path, numbers: Path) -> None:
        self._scales = np.memmap(scales, dtype="<f4", mode="r")
        self._numbers = np.memmap(numbers, dtype="i1", mode="r").reshape(len(self._scales), -1)

    def cosines(self, question: Floats, ids: range) -> Floats:
        """The cosines of a vector with those of the passages of these ids, counted from 1."""
        scale, numbers = _scaled(question[None])
        among = slice(ids.start - 1, ids.stop - 1)
        products = np.asarray(numkong.cdist(numbers, self._numbers[among], metric="dot"))[0]
        cosines: Floats = products * (self._scales[among] * scale[0])
        return cosines


def _scaled(vectors: Floats) -> tuple[Floats, NDArray[np.int8]]:
    scales = np.abs(vectors).max(axis=1) / 127 + 1e-12
    return scales, np.rint(vectors / scales[:, None]).astype(np.int8)


def _row(dimensions: int) -> np.dtype[np.void]:
    return np.dtype([("scale", "<f4"), ("numbers", "i1", (dimensions,))])
