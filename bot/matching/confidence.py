"""Confidence: the probability that the first candidate answers, from what speaks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import get_args

from bot.matching.question import Kind
from bot.matching.score import Asked, Ranked, score

CLIPPED = 4.0
"""Standard deviations from the mean beyond which evidence counts no further."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence: its weight once standardised, and its mean and deviation for that."""

    weight: float
    mean: float
    deviation: float

    def part(self, value: float) -> float:
        """What a value adds to the log-odds."""
        apart = (value - self.mean) / self.deviation
        return self.weight * max(-CLIPPED, min(CLIPPED, apart))


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression over named evidence."""

    constant: float
    evidence: Mapping[str, Evidence]

    def probability(self, values: Mapping[str, float]) -> float:
        """The probability that these values speak for."""
        log_odds = self.constant + sum(
            evidence.part(values[name]) for name, evidence in self.evidence.items()
        )
        return 1 / (1 + exp(-max(-30.0, min(30.0, log_odds))))


def evidence(
    asked: Asked, ranked: Sequence[Ranked], by_words: Mapping[str, float]
) -> dict[str, float]:
    """What speaks for the first candidate, by name: its features, the question's, and the others'.

    ``by_words`` are the weights that rank without an encoder: that words and meaning agree is
    evidence of its own.
    """
    first = ranked[0]
    found = dict(first.features)
    count = len(asked.terms)
    found["sentence"] /= count + 1
    found["sentence_meanings"] /= count + 1
    scores = [candidate.score for candidate in ranked]
    likely = shares(scores)
    found["share"] = log(likely[0] + 1e-6)
    found["beyond_two"] = log(max(0.0, 1 - sum(likely[:2])) + 1e-3)
    found["beyond_three"] = log(max(0.0, 1 - sum(likely[:3])) + 1e-3)
    worded = [score(candidate.features, by_words) for candidate in ranked]
    found["share_by_words"] = log(shares(worded)[0] + 1e-3)
    found["agreement"] = float(worded[0] == max(worded))
    if first.pair.near:
        meant = [
            36 * (candidate.features["stretch_cosine"] + candidate.features["passage_cosine"])
            for candidate in ranked
        ]
        found["share_by_meaning"] = log(shares(meant)[0] + 1e-3)
    return found | about(asked)


def about(asked: Asked) -> dict[str, float]:
    """What the question asks for, 0 or 1, and the shares of its terms that the corpus knows."""
    count = max(1, len(asked.terms))
    known = [term for term in asked.terms if term.is_known]
    unsure = [term for term in asked.terms if term.readings and not term.is_known]
    without = [term for term in asked.terms if not term.readings]
    by_meaning = [term for term in without if term.kin]
    question = asked.question
    return {
        "keywords": float(question.is_keywords),
        **{f"asks_for_{kind}": float(kind in question.asks_for) for kind in get_args(Kind)},
        "known": len(known) / count,
        "unsure": sum(term.sureness for term in unsure) / count,
        "by_meaning": len(by_meaning) / count,
        "unknown": sum(1 - term.sureness for term in asked.terms) / count,
        # How many, not which share:
        "unknown_names": float(min(2, sum(term.word in question.capitalised for term in without))),
        "unknown_numbers": float(sum(term.word[0].isdecimal() for term in without)),
        "terms": log(1 + len(asked.terms)),
    }


def shares(scores: Sequence[float]) -> list[float]:
    """The softmax: each score's probability if exactly one of them is right.

    >>> shares([0.0, 0.0])
    [0.5, 0.5]
    """
    most = max(scores)
    odds = [exp(score - most) for score in scores]
    return [each / sum(odds) for each in odds]
