"""A question's words looked up in the corpus: readings, and the passages where they stand."""

from collections import defaultdict
from dataclasses import dataclass
from math import log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.corpus.article import Span
from bot.corpus.store import PassageStore
from bot.text.terms import stems

K1 = 1.2
"""How soon a term's repetition in a passage stops counting (Robertson & Zaragoza 2009)."""
B = 0.5
"""How much a passage's length counts against it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A term of the corpus that a word of the question may mean, and how surely, up to 1."""

    term: int
    word: str
    weight: float


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question and its readings, the surest first; none where it is unknown."""

    word: str
    readings: tuple[Reading, ...]
    rarity: float
    """Inverse document frequency of its surest reading; of a new word where it has none."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """Cosines of a question with a passage and with the nearest of its stretches."""

    passage: float
    stretch: float
    span: Span
    """The nearest stretch."""


def rarity(passages: int, frequency: int) -> float:
    """BM25's inverse document frequency of a term that stands in so many of the passages."""
    return log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def terms(words: tuple[str, ...], languages: frozenset[str], store: PassageStore) -> list[Term]:
    """The question's words as the corpus may mean them."""
    everywhere = len(store.passage_ids(None))
    found = []
    for word in words:
        readings = tuple(_readings(word, languages, store))
        frequency = store.frequency(readings[0].term) if readings else 0
        found.append(Term(word, readings, rarity(everywhere, frequency)))
    return found


def _readings(word: str, languages: frozenset[str], store: PassageStore) -> list[Reading]:
    """The word itself if the corpus has it or its stem, else the nearest words that it has."""
    vocabulary = store.words()
    exact = dict.fromkeys(vocabulary.get(word, ()), word)
    for language in languages:
        stem = stems([word], language)[0]
        exact |= dict.fromkeys(store.term_ids(stem), stem)
    if exact:
        return [Reading(term, spelt, 1.0) for term, spelt in exact.items()]
    return _repairs(word, store)


def _repairs(word: str, store: PassageStore) -> list[Reading]:
    """The corpus's words within the edit budget of a word that it has not, the nearest first."""
    budget = edit_budget(word)
    if not budget:
        return []
    vocabulary = store.words()
    near: dict[int, Reading] = {}
    for other, distance, _ in process.extract(
        word, vocabulary.keys(), scorer=OSA.distance, score_cutoff=budget, limit=6
    ):
        cost = distance + (other[0] != word[0])
        if cost <= budget and len(other) > 2:
            weight = 1 - cost / max(4, len(word))
            for term in vocabulary[other]:
                if term not in near or near[term].weight < weight:
                    near[term] = Reading(term, other, weight)
    return sorted(near.values(), key=lambda reading: -reading.weight)


def edit_budget(word: str) -> int:
    """How many letters of a word may be wrong: none up to 4, 1 up to 8, 2 beyond; none in numbers.

    >>> [edit_budget(word) for word in ("kast", "cordeiro", "chacayuta", "2025000")]
    [0, 1, 2, 0]
    """
    if word[0].isdecimal() or len(word) <= 4:
        return 0
    return 1 if len(word) <= 8 else 2


def candidates(terms: list[Term], ids: range, store: PassageStore, limit: int) -> list[int]:
    """The ids of up to ``limit`` passages that hold most of the terms' weight, by BM25."""
    scores: dict[int, float] = defaultdict(float)
    for term in terms:
        best: dict[int, float] = {}
        for reading in term.readings:
            postings = store.postings(reading.term)
            for passage, count in zip(postings.passages, postings.counts, strict=True):
                if passage in ids:
                    gain = reading.weight * term.rarity * count * (K1 + 1) / (count + K1)
                    best[passage] = max(best.get(passage, 0.0), gain)
        for passage, gain in best.items():
            scores[passage] += gain
    return sorted(scores, key=lambda passage: (-scores[passage], passage))[:limit]
