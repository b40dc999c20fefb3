"""Vocabulary: the words of a corpus, their terms, and what leads to both."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass

from bot.text.language import FUNCTION_WORDS
from bot.text.lexicon import near_words
from bot.text.terms import runs, stems, words


@dataclass(frozen=True, slots=True)
class VocabularyTables:
    """What the index has of the forms found in a corpus; each word is stemmed in each language."""

    forms: Set[tuple[str, str]]
    """Each term with each form it stands in."""
    words: Mapping[str, Set[str]]
    """The terms of each word that is no function word."""
    runs: Mapping[str, int]
    """How often each run of letters stands in a word, counting the passages that have its form."""
    kin: Mapping[tuple[str, str], float]
    """Words of any language with a term that they are near in meaning to, and how near."""


def vocabulary(found: Iterable[tuple[str, int]], languages: Collection[str]) -> VocabularyTables:
    """The vocabulary of a corpus in these languages, from its forms.

    ``found`` has each form once, with the number of passages that have it.
    """
    function_words = frozenset().union(*(FUNCTION_WORDS.get(each, ()) for each in languages))
    forms: set[tuple[str, str]] = set()
    of_words: dict[str, set[str]] = defaultdict(set)
    of_runs: Counter[str] = Counter()
    for form, frequency in found:
        of_form = words(form)
        for language in languages:
            for word, term in zip(of_form, stems(of_form, language), strict=True):
                forms.add((term, form))
                if word not in function_words:
                    of_words[word].add(term)
        for word in of_form:
            for run in set(runs(word)):
                of_runs[run] += frequency
    return VocabularyTables(
        forms, of_words, of_runs, _kin(of_words, {term for term, _ in forms}, languages)
    )


def _kin(
    of_words: Mapping[str, Set[str]], known: Set[str], languages: Collection[str]
) -> dict[tuple[str, str], float]:
    """Words that the lexicon has near a word whose term the corpus has."""
    pairs = list(near_words())
    listed = list(dict.fromkeys(word for *two, _ in pairs for word in two))
    meant = {word: set(of_words[word]) for word in listed if word in of_words}
    for language in languages:
        for word, term in zip(listed, stems(listed, language), strict=True):
            if term in known:
                meant.setdefault(word, set()).add(term)
    kin: dict[tuple[str, str], float] = {}
    for *two, similarity in pairs:
        for word, other in (two, two[::-1]):
            for term in meant.get(other, ()):
                kin[word, term] = max(kin.get((word, term), 0.0), similarity)
    return kin
