"""Vectors in few bytes."""

from pathlib import Path

import numpy as np
import pytest

from bot.corpus.compact import Floats, Wholes, packed, packed_spans, unpacked, unpacked_spans


@pytest.fixture
def vectors() -> Floats:
    """Two hundred directions, the first repeated."""
    rows = np.random.default_rng(1).standard_normal((200, 384)).astype("f4")
    rows[7] = rows[0]
    directions: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return directions


def test_packed_vectors_take_a_byte_a_number_and_keep_their_cosines(vectors: Floats) -> None:
    data = packed(vectors)
    assert len(data) == 200 * (384 + 4)
    cosines = unpacked(data, 200) @ vectors[0]
    assert np.abs(cosines - vectors @ vectors[0]).max() < 0.002


def test_vectors_packed_apart_are_unpacked_together(vectors: Floats) -> None:
    together = unpacked(packed(vectors[:3]) + packed(vectors[3:5]), 5)
    assert np.array_equal(together, unpacked(packed(vectors[:5]), 5))


def test_a_vector_of_nothing_stays_one() -> None:
    assert not unpacked(packed(np.zeros((1, 8), dtype=np.float32)), 1).any()


def test_spans_come_back_as_they_were() -> None:
    spans = [(0, 1500), (0, 512), (512, 1499)]
    assert unpacked_spans(packed_spans(spans)) == spans


@pytest.mark.parametrize("window", [2**25, 7 * 384, 1], ids=["one window", "many", "a row each"])
def test_wholes_give_the_cosines_of_a_range_of_passages(
    vectors: Floats, tmp_path: Path, window: int
) -> None:
    rows = [packed(row[None]) for row in vectors]
    scales, numbers = tmp_path / "scales", tmp_path / "numbers"
    scales.write_bytes(b"".join(row[:4] for row in rows))
    numbers.write_bytes(b"".join(row[4:] for row in rows))
    wholes = Wholes(scales, numbers, window)
    cosines = wholes.cosines(vectors[0], range(1, 201))
    assert np.abs(cosines - vectors @ vectors[0]).max() < 0.004
    assert cosines[0] == cosines[7] == cosines.max()
    assert np.array_equal(wholes.cosines(vectors[0], range(5, 9)), cosines[4:8])
