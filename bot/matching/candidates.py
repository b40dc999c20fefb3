"""Candidates: the passages where the question's terms stand, and those near it in meaning."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from bot.corpus.article import Passage, Span
from bot.corpus.store import IndexedPassage, PassageStore
from bot.matching.kinds import kinds_in
from bot.matching.question import Kind
from bot.matching.readings import SURE, Term
from bot.text.terms import runs, words

K1 = 1.6
"""How soon a term's repetition in a passage stops counting (Robertson & Zaragoza 2009)."""
B = 0.75
"""How much a passage's length counts against it."""


class Candidate:
    """A passage the store proposes, taken apart for the features."""

    def __init__(self, indexed: IndexedPassage) -> None:
        self.id = indexed.id
        self.passage: Passage = indexed.passage
        self.sentences = indexed.terms
        """Term ids, sentence by sentence, function words included."""

    @cached_property
    def places(self) -> dict[int, dict[int, list[int]]]:
        """For each term the sentences it stands in, and where in them."""
        places: dict[int, dict[int, list[int]]] = defaultdict(dict)
        for number, sentence in enumerate(self.sentences):
            for position, term in enumerate(sentence):
                places[term].setdefault(number, []).append(position)
        return dict(places)

    @cached_property
    def bigrams(self) -> frozenset[tuple[int, int]]:
        """The pairs of neighbouring terms."""
        return frozenset(pair for sentence in self.sentences for pair in pairwise(sentence))

    @cached_property
    def texts(self) -> list[str]:
        """The folded words of each sentence."""
        text = self.passage.text
        return [" ".join(words(span.of(text))) for span in self.passage.sentences]

    @cached_property
    def words(self) -> frozenset[str]:
        """The folded words, as they are written."""
        return frozenset(word for text in self.texts for word in text.split())

    @cached_property
    def letters(self) -> frozenset[str]:
        """The runs of four letters in its words."""
        return frozenset(run for word in self.words for run in runs(word))

    @cached_property
    def kinds(self) -> list[frozenset[Kind]]:
        """The kinds of thing that each sentence holds."""
        return [kinds_in(span.of(self.passage.text)) for span in self.passage.sentences]


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a passage is to a question in meaning."""

    passage: float
    """Cosine of the passage."""
    stretch: float
    """Cosine of the nearest of its stretches."""
    passage_among: float
    """The same in standard deviations above the mean of all passages searched."""
    stretch_among: float
    span: Span
    """The nearest stretch."""


def bm25(count: int, length: float) -> float:
    """The part of BM25 that is not rarity; ``length`` is a multiple of the average."""
    return count * (K1 + 1) / (count + K1 * (1 - B + B * length))


def term_scores(terms: Sequence[Term], ids: range, store: PassageStore) -> dict[int, float]:
    """The BM25 of each passage that has any of the terms, in an average length."""
    scores: Counter[int] = Counter()
    for term in terms:
        best: dict[int, float] = {}
        readings = [(reading, 1.0) for reading in term.readings]
        if term.sureness < SURE:
            readings += [(kin, 0.4) for kin in term.kin]
        for reading, share in readings:
            postings = store.postings(reading.term)
            gain = share * reading.weight * reading.rarity
            for passage, count in zip(postings.passages, postings.counts, strict=True):
                if passage in ids:
                    value = gain * bm25(count, 1.0)
                    if value > best.get(passage, 0.0):
                        best[passage] = value
        scores.update(best)
    return dict(scores)
