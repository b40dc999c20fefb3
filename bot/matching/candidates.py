"""Candidates: the passages where the question's terms stand, and those near it in meaning."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.corpus.article import Passage, Span
from bot.corpus.store import PassageStore
from bot.matching.kinds import holds
from bot.matching.question import Kind
from bot.matching.readings import SURE, Term
from bot.text.terms import stems, words

K1 = 1.6
"""How soon a term's repetition in a passage stops counting (Robertson & Zaragoza 2009)."""
B = 0.75
"""How much a passage's length counts against it."""


class Candidate:
    """A passage the store proposes, taken apart as far as a question asks."""

    def __init__(self, id_: int, passage: Passage, language: str) -> None:
        self.id = id_
        self.passage = passage
        spoken = [words(span.of(passage.text)) for span in passage.sentences]
        self.sentences = [stems(each, language) for each in spoken]
        """Terms, sentence by sentence, function words included."""
        self.texts = [" ".join(each) for each in spoken]
        """The folded words of each sentence."""
        self.words: frozenset[str] = frozenset().union(*spoken)
        """The folded words, as they are written."""
        self.text = " ".join(self.texts)
        """All of them."""
        self.counts = Counter(chain.from_iterable(self.sentences))
        """How often each term stands in the passage."""
        self._in_order = " | ".join(["", *(" ".join(each) for each in self.sentences), ""])
        self._places: dict[str, dict[int, list[int]]] = {}
        self._kinds: dict[Kind, list[bool]] = {}

    def places(self, term: str) -> Mapping[int, Sequence[int]]:
        """The sentences that a term stands in, and where in each."""
        if term not in self.counts:
            return _NOWHERE
        found = self._places.get(term)
        if found is None:
            found = self._places[term] = {
                number: [position for position, each in enumerate(sentence) if each == term]
                for number, sentence in enumerate(self.sentences)
                if term in sentence
            }
        return found

    def are_neighbours(self, first: str, second: str) -> bool:
        """Whether one term stands right before the other anywhere."""
        return f" {first} {second} " in self._in_order

    def holds(self, kind: Kind) -> Sequence[bool]:
        """Of each sentence, whether it holds a thing of this kind."""
        found = self._kinds.get(kind)
        if found is None:
            text = self.passage.text
            found = self._kinds[kind] = [
                holds(kind, span.of(text)) for span in self.passage.sentences
            ]
        return found


_NOWHERE: Mapping[int, Sequence[int]] = {}


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


def gains(terms: Iterable[Term], store: PassageStore) -> dict[str, float]:
    """What each form of whatever the question's terms may mean is worth in a passage."""
    meant: dict[str, float] = {}
    for term in terms:
        kin = term.kin if term.sureness < SURE else ()
        for share, readings in ((1.0, term.readings), (0.4, kin)):
            for reading in readings:
                gain = share * reading.weight * reading.rarity
                meant[reading.term] = max(meant.get(reading.term, 0.0), gain)
    found: dict[str, float] = {}
    for known, forms in store.forms(meant).items():
        for form in forms:
            found[form] = max(found.get(form, 0.0), meant[known])
    return found
