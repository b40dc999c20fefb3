"""Features of a question with a passage, each a named number, and the scores made of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import exp, log

from rapidfuzz import fuzz

from bot.corpus.article import Span
from bot.corpus.store import IndexedPassage
from bot.matching.candidates import K1, B, Nearness, Term
from bot.matching.kinds import kinds_in
from bot.matching.question import Question


@dataclass(frozen=True, slots=True)
class Hit:
    """A term of the question in a sentence: how surely it is that term, and where it stands."""

    weight: float
    positions: tuple[int, ...]


class Pair:
    """A question and a passage, with what several features need."""

    def __init__(
        self,
        question: Question,
        terms: Sequence[Term],
        indexed: IndexedPassage,
        average_length: float,
        near: Nearness | None,
    ) -> None:
        self.question = question
        self.terms = terms
        self.passage = indexed.passage
        self.near = near
        self.sentences = indexed.terms
        self.length = sum(map(len, indexed.terms)) / max(1.0, average_length)
        """In terms, as a multiple of the corpus's average."""

    @cached_property
    def hits(self) -> list[dict[int, Hit]]:
        """For each term of the question, the sentences it stands in."""
        return [
            {
                number: hit
                for number, sentence in enumerate(self.sentences)
                if (hit := _hit(term, sentence))
            }
            for term in self.terms
        ]

    @cached_property
    def best_sentence(self) -> int:
        """The number of the sentence to be highlighted, from 0."""
        stretch = self.near.span if self.near else Span(0, 0)
        return max(
            range(len(self.sentences)),
            key=lambda number: (
                sentence_weight(self, number) / max(1e-9, weight(self))
                + (2 * _overlap(stretch, self.passage.sentences[number]) if self.near else 0)
            ),
            default=0,
        )


def _hit(term: Term, sentence: Sequence[int]) -> Hit | None:
    for reading in term.readings:
        if reading.term in sentence:
            positions = tuple(i for i, id_ in enumerate(sentence) if id_ == reading.term)
            return Hit(reading.weight, positions)
    return None


def _overlap(a: Span, b: Span) -> float:
    """The share of ``b`` that lies in ``a``."""
    shared = min(a.end, b.end) - max(a.start, b.start)
    return max(0, shared) / max(1, b.end - b.start)


def weight(pair: Pair) -> float:
    """The weight of the question: the rarity of all its terms, known or not."""
    return sum(term.rarity for term in pair.terms)


def sentence_weight(pair: Pair, number: int) -> float:
    """The weight of the question's terms that stand in a sentence."""
    return sum(
        term.rarity * hits[number].weight
        for term, hits in zip(pair.terms, pair.hits, strict=True)
        if number in hits
    )


# The features. None looks at the other candidates.


def bm25(pair: Pair) -> float:
    """BM25 of the passage (Robertson & Zaragoza 2009), terms weighted by how sure they are."""
    norm = K1 * (1 - B + B * pair.length)
    gains = 0.0
    for term, hits in zip(pair.terms, pair.hits, strict=True):
        count = sum(len(hit.positions) for hit in hits.values())
        if count:
            sure = max(hit.weight for hit in hits.values())
            gains += sure * term.rarity * count * (K1 + 1) / (count + norm)
    return gains


def sentence(pair: Pair) -> float:
    """The largest weight of the question's terms that stand in one sentence."""
    return max(
        (sentence_weight(pair, number) for number in range(len(pair.sentences))), default=0.0
    )


def coverage(pair: Pair) -> float:
    """The share of the question's weight that stands somewhere in the passage, 0 to 1."""
    held = sum(
        term.rarity * max(hit.weight for hit in hits.values())
        for term, hits in zip(pair.terms, pair.hits, strict=True)
        if hits
    )
    return held / max(1e-9, weight(pair))


def sentence_coverage(pair: Pair) -> float:
    """The share of the question's weight that stands in one sentence, 0 to 1."""
    return sentence(pair) / max(1e-9, weight(pair))


def adjacency(pair: Pair) -> float:
    """The weight of neighbouring terms of the question that are near in a sentence as well."""
    found = 0.0
    for (a, a_hits), (b, b_hits) in pairwise(zip(pair.terms, pair.hits, strict=True)):
        gaps = [
            abs(i - j)
            for number in a_hits.keys() & b_hits.keys()
            for i in a_hits[number].positions
            for j in b_hits[number].positions
            if i != j
        ]
        if gaps and min(gaps) <= 3:
            found += (a.rarity + b.rarity) / 2 / min(gaps)
    return found


def fuzzy(pair: Pair) -> float:
    """How alike the question's words and the best sentence are as strings, 0 to 1 (rapidfuzz)."""
    if not pair.passage.sentences:
        return 0.0
    best = pair.passage.sentences[pair.best_sentence].of(pair.passage.text).casefold()
    return fuzz.partial_token_sort_ratio(" ".join(pair.question.words), best[:400]) / 100


def kind_in_passage(pair: Pair) -> float:
    """1 if the passage holds something of a kind that is asked for, or none is asked for."""
    return _holds(pair, pair.passage.text)


def kind_in_sentence(pair: Pair) -> float:
    """1 if the best sentence holds something of a kind that is asked for, or none is asked for."""
    if not pair.passage.sentences:
        return 0.0
    return _holds(pair, pair.passage.sentences[pair.best_sentence].of(pair.passage.text))


def _holds(pair: Pair, text: str) -> float:
    asked = pair.question.asks_for
    return float(not asked or bool(asked & kinds_in(text)))


def headline(pair: Pair) -> float:
    """1 if the passage is a headline."""
    return float(pair.passage.paragraph == 0)


def brevity(pair: Pair) -> float:
    """How short the passage is beside the average: minus the logarithm of its length's ratio."""
    return -log(max(0.05, pair.length))


def passage_cosine(pair: Pair) -> float:
    """How near the passage is in meaning, -1 to 1; 0 without an encoder."""
    return pair.near.passage if pair.near else 0.0


def stretch_cosine(pair: Pair) -> float:
    """How near the nearest stretch of the passage is in meaning, -1 to 1; 0 without an encoder."""
    return pair.near.stretch if pair.near else 0.0


FEATURES = {
    feature.__name__: feature
    for feature in (
        bm25,
        sentence,
        coverage,
        sentence_coverage,
        adjacency,
        fuzzy,
        kind_in_passage,
        kind_in_sentence,
        headline,
        brevity,
        passage_cosine,
        stretch_cosine,
    )
}


@dataclass(frozen=True, slots=True)
class Weights:
    """A linear model: a weight for each feature it uses, and a constant."""

    weights: Mapping[str, float]
    constant: float = 0.0

    def of(self, features: Mapping[str, float]) -> float:
        """The weighted sum of the features."""
        return self.constant + sum(weight * features[name] for name, weight in self.weights.items())


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its features and the score made of them."""

    pair: Pair
    features: Mapping[str, float]
    score: float


def rank(pairs: Iterable[Pair], weights: Weights) -> list[Ranked]:
    """The candidates, best first."""
    ranked = []
    for pair in pairs:
        measured = features(pair)
        ranked.append(Ranked(pair, measured, weights.of(measured)))
    return sorted(ranked, key=lambda candidate: -candidate.score)


def certainty(ranked: Sequence[Ranked]) -> dict[str, float]:
    """What speaks for the first candidate being right, by name: its features, and beside others.

    ``lead`` is its score above the second's, ``share`` its probability among all candidates if
    one of them answers, ``unknown`` the share of the question's weight that the corpus has no
    reading for, ``terms`` how many terms the question has.
    """
    if not ranked:
        return {}
    first = ranked[0]
    scores = [candidate.score - first.score for candidate in ranked]
    unknown = sum(term.rarity for term in first.pair.terms if not term.readings)
    return {
        **first.features,
        "lead": -scores[1] if len(scores) > 1 else 0.0,
        "share": 1 / sum(exp(max(-30.0, score)) for score in scores),
        "unknown": unknown / max(1e-9, weight(first.pair)),
        "terms": log(1 + len(first.pair.terms)),
    }


def features(pair: Pair) -> dict[str, float]:
    """Every feature of the pair by its name."""
    return {name: feature(pair) for name, feature in FEATURES.items()}


def probability(log_odds: float) -> float:
    """The probability that these are the log-odds of.

    >>> probability(0.0)
    0.5
    """
    return 1 / (1 + exp(-max(-30.0, min(30.0, log_odds))))
