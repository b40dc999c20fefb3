"""Features of a question with a candidate, each a named number, and the score made of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import log

from rapidfuzz import fuzz

from bot.matching.candidates import Candidate, Nearness, bm25
from bot.matching.question import Question
from bot.matching.readings import SURE, Reading, Term

SENTENCE_K1 = 0.8
"""As K1 in BM25, for a sentence, where repetition says less."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the corpus may mean it: what all its pairs have in common."""

    question: Question
    terms: Sequence[Term]
    """Of the words that carry the question."""
    sequence: Sequence[str]
    """The terms of all its words in order, empty for those that the corpus has not."""
    function_words: Mapping[str, float]
    """The terms of the words that carry little, and how rare each is."""
    rarities: Mapping[str, float]
    """How rare each term of the sequence is."""
    dateline_of: str | None
    """The slug of the article whose own date is asked for, if there is one that has a date."""
    runs: Mapping[str, float]
    """The runs of four letters in the words that carry it, and how rare each is."""

    @property
    def weight(self) -> float:
        """The weight of all its terms."""
        return sum(term.weight for term in self.terms) or 1e-9


@dataclass(frozen=True, slots=True)
class Hit:
    """A term of the question in a sentence, by its surest reading there."""

    reading: Reading
    positions: Sequence[int]
    gain: float
    """What it adds to the sentence's BM25."""


class Pair:
    """A question with a candidate."""

    def __init__(
        self,
        asked: Asked,
        candidate: Candidate,
        length: float,
        near: Nearness | None,
    ) -> None:
        self.asked = asked
        self.candidate = candidate
        self.length = length
        """Of the passage, as a multiple of the average."""
        self.near = near

    @cached_property
    def hits(self) -> list[dict[int, Hit]]:
        """For each term of the question, the sentences it stands in."""
        return [self._hits(term.readings) for term in self.asked.terms]

    @cached_property
    def kin(self) -> list[dict[int, Hit]]:
        """For each term that is not surely there, the sentences with something near in meaning."""
        return [
            {} if any(hit.reading.weight >= SURE for hit in hits.values()) else self._hits(term.kin)
            for term, hits in zip(self.asked.terms, self.hits, strict=True)
        ]

    def _hits(self, readings: Sequence[Reading]) -> dict[int, Hit]:
        hits: dict[int, Hit] = {}
        for reading in readings:
            for sentence, positions in self.candidate.places(reading.term).items():
                count = len(positions)
                gain = reading.weight * reading.rarity * count * (SENTENCE_K1 + 1)
                gain /= count + SENTENCE_K1
                if sentence not in hits or hits[sentence].gain < gain:
                    hits[sentence] = Hit(reading, positions, gain)
        return hits

    @cached_property
    def sentence_gains(self) -> list[float]:
        """The BM25 of each sentence."""
        gains = [0.0] * len(self.candidate.sentences)
        for hits in self.hits:
            for sentence, hit in hits.items():
                gains[sentence] += hit.gain
        return gains

    @cached_property
    def best_by_words(self) -> int | None:
        """The number of the sentence with the most of the question's weight, if any has some."""
        gains = self.sentence_gains
        best = max(range(len(gains)), key=gains.__getitem__, default=None)
        return best if best is not None and gains[best] else None

    @cached_property
    def best_sentence(self) -> int:
        """The number of the sentence to highlight: the best by its words and by its meaning."""
        gains = self.sentence_gains
        most = max(gains, default=0.0) or 1.0
        spans = self.candidate.passage.sentences
        nearest = self.near.span if self.near else None

        def worth(number: int) -> float:
            is_nearest = nearest is not None and nearest.start <= spans[number].start < nearest.end
            return gains[number] / most * 0.5 + is_nearest

        return max(range(len(gains)), key=worth, default=0)

    def gain(self, hits: Mapping[int, Hit]) -> float:
        """The BM25 of one term in the passage, by its surest reading there."""
        if not hits:
            return 0.0
        best = max((hit.reading for hit in hits.values()), key=lambda reading: reading.weight)
        count = sum(len(hit.positions) for hit in hits.values() if hit.reading.term == best.term)
        return best.weight * best.rarity * bm25(count, self.length)


# The features. None looks at the other candidates, but through ``Nearness``.


def words(pair: Pair) -> float:
    """BM25 of the question's words, as they stand in the passage."""
    return sum(
        pair.gain(hits)
        for term, hits in zip(pair.asked.terms, pair.hits, strict=True)
        if term.is_known
    )


def repaired(pair: Pair) -> float:
    """BM25 of what the words that the corpus has not may mean."""
    return sum(
        pair.gain(hits)
        for term, hits in zip(pair.asked.terms, pair.hits, strict=True)
        if not term.is_known
    )


def meanings(pair: Pair) -> float:
    """BM25 of words near in meaning to those that are not there."""
    return sum(pair.gain(hits) for hits in pair.kin)


def sentence(pair: Pair) -> float:
    """BM25 of the best sentence."""
    return max(pair.sentence_gains, default=0.0)


def sentence_meanings(pair: Pair) -> float:
    """What words near in meaning would add to the best sentence's BM25."""
    gains = list(pair.sentence_gains)
    for hits in pair.kin:
        for number, hit in hits.items():
            gains[number] += hit.gain
    return max(gains, default=0.0) - sentence(pair)


def coverage(pair: Pair) -> float:
    """The share of the question's weight that stands in the passage, 0 to 1."""
    return (
        sum(
            term.weight * max(hit.reading.weight for hit in hits.values())
            for term, hits in zip(pair.asked.terms, pair.hits, strict=True)
            if hits
        )
        / pair.asked.weight
    )


def sentence_coverage(pair: Pair) -> float:
    """The largest share of the question's weight that stands in one sentence, 0 to 1."""
    held = [0.0] * len(pair.candidate.sentences)
    for term, hits in zip(pair.asked.terms, pair.hits, strict=True):
        for number, hit in hits.items():
            held[number] += term.weight * hit.reading.weight
    return max(held, default=0.0) / pair.asked.weight


def rarest(pair: Pair) -> float:
    """The weight of the weightiest term that stands in the passage."""
    return max(
        (
            term.weight * hit.reading.weight
            for term, hits in zip(pair.asked.terms, pair.hits, strict=True)
            for hit in hits.values()
        ),
        default=0.0,
    )


def bigrams(pair: Pair) -> float:
    """The weight of neighbouring words of the question, function words too, that are neighbours."""
    rarities = pair.asked.rarities
    return sum(
        (rarities[a] + rarities[b]) / 2
        for a, b in set(pairwise(pair.asked.sequence))
        if pair.candidate.are_neighbours(a, b)
    )


def function_words(pair: Pair) -> float:
    """BM25 of the words that carry little."""
    return sum(
        rarity * bm25(count, pair.length)
        for term, rarity in pair.asked.function_words.items()
        if (count := pair.candidate.counts[term])
    )


def spelt_alike(pair: Pair) -> float:
    """The weight of the question's words that stand in the passage letter by letter."""
    return sum(term.weight for term in pair.asked.terms if term.word in pair.candidate.words)


def letters(pair: Pair) -> float:
    """The share of the question's runs of four letters that stand in the passage, by rarity."""
    text = pair.candidate.text
    held = sum(rarity for run, rarity in pair.asked.runs.items() if run in text)
    return held / (sum(pair.asked.runs.values()) or 1e-9)


def alike(pair: Pair) -> float:
    """How alike the question's words and the best sentence are as strings, 0 to 1 (rapidfuzz)."""
    if pair.best_by_words is None:
        return 0.0
    best = pair.candidate.texts[pair.best_by_words]
    return fuzz.token_set_ratio(" ".join(pair.asked.question.words), best) / 100


def kind_in_passage(pair: Pair) -> float:
    """The share of the kinds asked for that the passage holds; 0 if none is asked for."""
    asked = pair.asked.question.asks_for
    return sum(any(pair.candidate.holds(kind)) for kind in asked) / max(1, len(asked))


def kind_in_sentence(pair: Pair) -> float:
    """The share of the kinds asked for that the best sentence holds; 0 if none is asked for."""
    asked, best = pair.asked.question.asks_for, pair.best_by_words
    if best is None:
        return 0.0
    return sum(pair.candidate.holds(kind)[best] for kind in asked) / max(1, len(asked))


def headline(pair: Pair) -> float:
    """1 if the passage is the headline."""
    return float(pair.candidate.passage.paragraph == 0)


def dateline(pair: Pair) -> float:
    """1 if it is the headline of the article whose own date is asked for: its attribution tells."""
    passage = pair.candidate.passage
    return float(passage.paragraph == 0 and passage.article == pair.asked.dateline_of)


def brevity(pair: Pair) -> float:
    """How short the passage is: minus the logarithm of its length over the average."""
    return -log(max(0.02, pair.length))


def passage_cosine(pair: Pair) -> float:
    """Cosine of the passage; 0 without an encoder, as all that follow."""
    return pair.near.passage if pair.near else 0.0


def stretch_cosine(pair: Pair) -> float:
    """Cosine of the nearest stretch of the passage."""
    return pair.near.stretch if pair.near else 0.0


def passage_among(pair: Pair) -> float:
    """The passage's cosine in standard deviations above the mean of those searched."""
    return pair.near.passage_among if pair.near else 0.0


def stretch_among(pair: Pair) -> float:
    """The nearest stretch's cosine in standard deviations above the mean of those searched."""
    return pair.near.stretch_among if pair.near else 0.0


BY_WORDS = (
    words,
    repaired,
    meanings,
    sentence,
    sentence_meanings,
    coverage,
    sentence_coverage,
    rarest,
    bigrams,
    function_words,
    spelt_alike,
    letters,
    alike,
    kind_in_passage,
    kind_in_sentence,
    headline,
    dateline,
    brevity,
)
BY_MEANING = (passage_cosine, stretch_cosine, passage_among, stretch_among)


def features(pair: Pair) -> dict[str, float]:
    """Every feature of the pair by its name."""
    used = BY_WORDS + BY_MEANING if pair.near else BY_WORDS
    return {feature.__name__: feature(pair) for feature in used}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its features and the score made of them."""

    pair: Pair
    features: Mapping[str, float]
    score: float


def score(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The weighted sum of the features."""
    return sum([weight * features[name] for name, weight in weights.items()])


def rank(pairs: Iterable[Pair], weights: Mapping[str, float]) -> list[Ranked]:
    """The candidates, best first."""
    ranked = []
    for pair in pairs:
        measured = features(pair)
        ranked.append(Ranked(pair, measured, score(measured, weights)))
    return sorted(ranked, key=lambda candidate: -candidate.score)
