"""Readings: what a word of the question may mean among the words the corpus has."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler, Levenshtein

from bot.corpus.postings import rarity
from bot.corpus.store import PassageStore
from bot.text.language import FUNCTION_WORDS
from bot.text.spelling import sound
from bot.text.terms import runs, stems

SURE = 0.6
"""Weight from which on a reading counts as found, so that no further ones are looked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A term of the corpus that a word may mean, how surely up to 1, and how rare it is."""

    term: str
    weight: float
    rarity: float


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question as the corpus may mean it."""

    word: str
    readings: tuple[Reading, ...]
    """The surest first; none where the corpus has nothing like it."""
    kin: tuple[Reading, ...]
    """Terms near it in meaning, of whatever language."""
    weight: float
    """How much it counts in the question: the rarity of what it surely is, more if it is unsure."""

    @property
    def is_known(self) -> bool:
        """Whether the corpus has the very word, in some form."""
        return bool(self.readings) and self.readings[0].weight == 1.0

    @property
    def sureness(self) -> float:
        """The weight of its surest reading; 0 where there is none."""
        return self.readings[0].weight if self.readings else 0.0


_LIGHT = [word for words in FUNCTION_WORDS.values() for word in words if len(word) >= 4]
"""Words that a slip makes look like ones that carry meaning."""

_KEPT = 10_000
"""Words, terms and runs whose look-ups are kept, each."""


def edit_budget(word: str) -> int:
    """How many letters of a word may be wrong: none up to 3, 1 up to 8, 2 beyond; none in numbers.

    >>> [edit_budget(word) for word in ("jar", "minister", "president", "2025000")]
    [0, 1, 2, 0]
    """
    if word[0].isdecimal() or len(word) < 4:
        return 0
    return 1 if len(word) <= 8 else 2


class Vocabulary:
    """The words of a corpus, and the readings they offer. As good as the store is fresh."""

    def __init__(self, store: PassageStore) -> None:
        self._store = store
        self._passages = len(store.passage_ids(None))
        # People ask the same words again.
        self.term = lru_cache(_KEPT)(self._term)
        """The word with its readings."""
        self.exact = lru_cache(_KEPT)(self._exact)
        """The terms of the corpus that the word is, by the stems of its languages."""
        self.rarity = lru_cache(_KEPT)(self._rarity)
        """How rare a term is in the corpus."""
        self.runs = lru_cache(_KEPT)(self._runs)
        """The runs of letters in a word, and how rare each is in the corpus."""

    def _rarity(self, term: str) -> float:
        return rarity(self._passages, self._store.frequency(term))

    def prepare(self, words: Iterable[str]) -> None:
        """Look up what the words of a question lead to, all at once: it costs less than each."""
        store, words = self._store, set(words)
        store.terms_of(words)
        store.kin(words)
        store.forms({term for language in store.languages for term in stems([*words], language)})
        store.run_frequencies({run for word in words for run in runs(word)})

    def _runs(self, word: str) -> dict[str, float]:
        frequencies = self._store.run_frequencies(runs(word))
        return {run: rarity(self._passages, found) for run, found in frequencies.items()}

    def is_slip_of_light_word(self, word: str) -> bool:
        """Whether a word that the corpus has not is a slip of one that asks or carries little."""
        return (
            4 <= len(word) <= 8
            and not self.exact(word)
            and any(OSA.distance(word, light, score_cutoff=1) <= 1 for light in _LIGHT)
        )

    def _terms_of(self, word: str) -> tuple[str, ...]:
        return self._store.terms_of([word])[word]

    def _exact(self, word: str) -> frozenset[str]:
        exact = set(self._terms_of(word))
        in_each_language = [stems([word], language)[0] for language in self._store.languages]
        exact.update(stem for stem, forms in self._store.forms(in_each_language).items() if forms)
        return frozenset(exact)

    def _term(self, word: str) -> Term:
        weights = dict.fromkeys(self.exact(word), 1.0)
        if not word[0].isdecimal():
            weights = self._family(word) | weights
            if 1.0 not in weights.values():
                for term, weight in self._repairs(word):
                    weights[term] = max(weights.get(term, 0.0), weight)
        readings = tuple(self._readings(weights))
        unseen = 0.8 * rarity(self._passages, 0)
        weight = unseen
        if readings:
            weight = readings[0].rarity
            if readings[0].weight < SURE:
                weight = (weight + unseen) / 2
        sure = {reading.term for reading in readings if reading.weight > SURE}
        near = {
            term: min(1.0, 1.5 * similarity)
            for term, similarity in self._store.kin([word])[word]
            if term not in sure
        }
        return Term(word, readings, tuple(self._readings(near)), weight)

    def _readings(self, weights: dict[str, float]) -> Iterable[Reading]:
        self._store.forms(weights)  # all at once, as each one's rarity needs them
        for term, weight in sorted(weights.items(), key=lambda item: -item[1]):
            yield Reading(term, weight, self.rarity(term))

    def _family(self, word: str) -> dict[str, float]:
        """Terms whose words begin as this one does: other forms that stemming keeps apart."""
        found: dict[str, float] = {}
        beginning = word[:4]
        for other, term in self._store.words_beginning(beginning) if len(word) >= 4 else ():
            shared = 4
            shorter = min(len(word), len(other))
            while shared < shorter and word[shared] == other[shared]:
                shared += 1
            likeness = shared / max(len(word), len(other))
            if likeness >= 0.5 and shared >= shorter - 1:
                weight = 0.6 * likeness
            elif likeness >= 0.62:
                weight = 0.48 * likeness
            else:
                continue
            found[term] = max(found.get(term, 0.0), weight)
        return found

    def _repairs(self, word: str) -> Iterable[tuple[str, float]]:
        """The terms of a word misspelt: a slip, written by ear, or two words run together."""
        for other, weight in self._slips(word):
            for term in self._terms_of(other):
                yield term, weight
        yield from self._alike(word)
        ends = range(3, len(word) - 2)
        self._store.terms_of(word[:end] for end in ends)  # all at once, as above
        for end in ends:
            first = self._terms_of(word[:end])
            second = self._terms_of(word[end:]) if first else ()
            if second:
                yield from ((term, 0.9) for term in (*first, *second))

    def _slips(self, word: str) -> Iterable[tuple[str, float]]:
        """Words within the edit budget; a wrong first letter costs one more, if it sounds wrong."""
        budget = edit_budget(word)
        if not budget:
            return
        for other, distance, _ in process.extract(
            word,
            self._store.words_near(word, budget),
            scorer=OSA.distance,
            score_cutoff=budget,
            limit=6,
        ):
            sounds_wrong = other[0] != word[0] and sound(other)[:1] != sound(word)[:1]
            cost = distance + sounds_wrong
            weight = 1 - 1.3 * cost / len(word)
            is_near = cost <= (budget if len(word) <= 5 else 2)
            if is_near and weight > 0 and len(other) >= 4:
                yield other, weight

    def _alike(self, word: str) -> Iterable[tuple[str, float]]:
        """The terms of words that sound the same, or nearly."""
        key = sound(word)
        if len(key) < 3:
            return
        for other, term in self._store.words_sounding(key):
            yield term, 0.85 if other[0] == word[0] else 0.8
        if len(key) < 5:
            return
        for near, similarity, _ in process.extract(
            key,
            self._store.sounds_near(key, len(key) // 3),
            scorer=JaroWinkler.similarity,
            score_cutoff=0.88,
            limit=4,
        ):
            if len(near) >= 4 and Levenshtein.normalized_similarity(key, near) >= 0.7:
                for _, term in self._store.words_sounding(near):
                    yield term, 1.2 * (similarity - 0.4)
