"""Model: the fitted constants of the matching, as ``benchmarks/fit.py`` wrote them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from json import loads
from typing import Any, Literal

from bot.matching import detection
from bot.matching.confidence import Evidence, Logistic

Place = Literal["private", "group"]


@dataclass(frozen=True, slots=True)
class Constants:
    """The constants of one way of matching: by words alone, or by meaning too."""

    rank: Mapping[str, float]
    """The weight of each feature in a candidate's score."""
    confidence: Logistic
    answer: Mapping[Place, float]
    """The confidence from which on a passage is given as the answer, by place."""
    closest: float
    """The confidence from which on, in private, a passage is given as the closest."""


@dataclass(frozen=True, slots=True)
class Model:
    """All fitted constants."""

    fuzzy: Constants
    semantic: Constants
    question: Mapping[str, float]
    """The weight of each sign that a message is a question."""
    question_constant: float
    question_threshold: float
    """The probability from which on a message counts as a question put to those present."""

    def is_question(self, signs: Mapping[str, float]) -> float:
        """The probability that a message with these signs is a question."""
        return detection.probability(signs, self.question, self.question_constant)

    @classmethod
    @cache
    def shipped(cls) -> "Model":
        """The constants that come with the project."""
        text = resources.files("bot.matching").joinpath("model.json").read_text("utf-8")
        return cls.of(loads(text))

    @classmethod
    def of(cls, fitted: Mapping[str, Any]) -> "Model":
        """The constants as the file has them."""
        return cls(
            fuzzy=_constants(fitted["fuzzy"]),
            semantic=_constants(fitted["semantic"]),
            question=fitted["question"]["weights"],
            question_constant=fitted["question"]["constant"],
            question_threshold=fitted["question"]["threshold"],
        )


def _constants(fitted: Mapping[str, Any]) -> Constants:
    confidence = Logistic(
        constant=fitted["confidence"]["constant"],
        evidence={
            name: Evidence(*numbers) for name, numbers in fitted["confidence"]["evidence"].items()
        },
    )
    return Constants(fitted["rank"], confidence, fitted["answer"], fitted["closest"])
