"""Candidates: the passages where the question's terms stand, and those near it in meaning."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import combinations

from bot.corpus.article import Passage, Span
from bot.corpus.store import PassageStore
from bot.matching.kinds import holds
from bot.matching.question import Kind
from bot.matching.readings import SURE, Term
from bot.text.terms import fold, stems, words

K1 = 1.6
"""How soon a term's repetition in a passage stops counting (Robertson & Zaragoza 2009)."""
B = 0.75
"""How much a passage's length counts against it."""
READ_AT_MOST = 3000
"""Rows of the full-text table read to find candidates."""
PRESELECTED = 64
"""Passages whose text is looked at to find the best of them."""


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
        self.words = frozenset(word for each in spoken for word in each)
        """The folded words, as they are written."""
        self.text = " ".join(self.texts)
        """All of them."""
        self._terms = frozenset(term for sentence in self.sentences for term in sentence)
        self._places: dict[str, dict[int, list[int]]] = {}
        self._kinds: dict[Kind, list[bool]] = {}

    def places(self, term: str) -> Mapping[int, Sequence[int]]:
        """The sentences that a term stands in, and where in each."""
        if term not in self._terms:
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
        after = self.places(second)
        return any(
            position + 1 in after[number]
            for number, positions in self.places(first).items()
            if number in after
            for position in positions
        )

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


@dataclass(frozen=True, slots=True)
class Group:
    """What one term of the question may mean: terms of the corpus, and what each is worth."""

    readings: tuple[tuple[str, float], ...]
    """From the least worth on; never empty."""
    frequency: int
    """Passages that have any of them, at the most."""

    @property
    def gain(self) -> float:
        """What the group can add to a passage's score, if it has it once."""
        return self.readings[-1][1]

    def forms(self, store: PassageStore) -> set[str]:
        """All forms of all readings."""
        return {form for term, _ in self.readings for form in store.forms(term)}


def groups(terms: Iterable[Term], store: PassageStore) -> list[Group]:
    """What the question's terms may mean, the rarest first."""
    found = []
    for term in terms:
        readings = [(reading.term, reading.weight * reading.rarity) for reading in term.readings]
        if term.sureness < SURE:
            readings += [(kin.term, 0.4 * kin.weight * kin.rarity) for kin in term.kin]
        if readings:
            readings.sort(key=lambda reading: reading[1])
            frequency = sum(store.frequency(term) for term, _ in readings)
            found.append(Group(tuple(readings), frequency))
    return sorted(found, key=lambda group: group.frequency)


def likeliest(wanted: Sequence[Group], ids: range, store: PassageStore, count: int) -> list[int]:
    """The ids of so many passages among these, found with few rows read.

    The rarest terms lead to passages. The commoner ones, whose lists are long, only tell these
    apart: the full-text table steps through both lists and skips what is in one alone.
    """
    left, read = READ_AT_MOST, 0
    scores: dict[int, float] = {}
    for group in wanted:
        if group.frequency > left:
            break
        left -= group.frequency
        read += 1
        _add(scores, _scores(group, ids, store))
    unread = [(group, group.forms(store)) for group in wanted[read:]]
    leading = [{form for group in wanted[:read] for form in group.forms(store)}]
    if not scores and unread:
        leading, scores = _leading_pair([forms for _, forms in unread], ids, store)
    for group, forms in unread:
        held = store.holding([*leading, forms], ids, READ_AT_MOST)
        _add(scores, dict.fromkeys(held, group.gain))
    if len(scores) > count:
        scores = _by_counts(_best(scores, PRESELECTED), wanted, store)
    return _best(scores, count)


def _leading_pair(
    unread: list[set[str]], ids: range, store: PassageStore
) -> tuple[list[set[str]], dict[int, float]]:
    """Forms that lead to some passages where every term is common, and those passages."""
    for leading in (*map(list, combinations(unread[:3], 2)), unread[:1]):
        found = store.holding(leading, ids, READ_AT_MOST // 2)
        if found:
            return leading, dict.fromkeys(found, 0.0)
    return unread[:1], {}


def _scores(group: Group, ids: range, store: PassageStore) -> dict[int, float]:
    """What the best of a group's readings adds to each passage that has one."""
    found: dict[int, float] = {}
    for term, gain in group.readings:
        found.update(dict.fromkeys(store.holding([store.forms(term)], ids, -1), gain))
    return found


def _add(scores: dict[int, float], found: dict[int, float]) -> None:
    for id_ in scores.keys() & found.keys():
        found[id_] += scores[id_]
    scores |= found


def _best(scores: Mapping[int, float], count: int) -> list[int]:
    """The ids of so many with the largest scores, the largest first."""
    return nsmallest(count, scores, key=lambda id_: (-scores[id_], id_))


def _by_counts(
    ids: Iterable[int], wanted: Sequence[Group], store: PassageStore
) -> dict[int, float]:
    """The BM25 of each passage by how often words in it begin as the forms do: near enough."""
    forms = [
        [(f" {form}", gain) for term, gain in group.readings for form in _roots(store.forms(term))]
        for group in wanted
    ]
    scores = {}
    for id_, text in store.texts(ids):
        held = f" {fold(text)}"
        length = held.count(" ") / store.average_length
        scores[id_] = sum(
            max((gain * bm25(held.count(form), length) for form, gain in group), default=0.0)
            for group in forms
        )
    return scores


def _roots(forms: Iterable[str]) -> list[str]:
    """The forms without those that begin as another does: what has these, has that one too.

    >>> _roots(["migrants", "migrant", "migration"])
    ['migrant', 'migration']
    """
    found: list[str] = []
    for form in sorted(forms):
        if not (found and form.startswith(found[-1])):
            found.append(form)
    return found


def of_few(
    candidates: Iterable[tuple[Candidate, float]], wanted: Sequence[Group], count: int
) -> list[int]:
    """The ids of the best among few candidates, given with their lengths, by all their words."""
    scores = {}
    for candidate, length in candidates:
        score = 0.0
        for group in wanted:
            for term, gain in reversed(group.readings):
                places = candidate.places(term)
                if places:
                    score += gain * bm25(sum(map(len, places.values())), length)
                    break
        if score:
            scores[candidate.id] = score
    return _best(scores, count)
