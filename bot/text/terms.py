"""Fold, tokenise, stem: strings to terms. For matching, never for display."""

import re
import unicodedata
from functools import lru_cache
from string import ascii_lowercase

import Stemmer

LANGUAGES = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""ISO 639-1 code to Snowball's name, for each language that terms can be stemmed in."""

_KEPT = 50_000
"""Words whose stems are kept, of each language."""
_ACCENT = re.compile("[\u0300-\u036f]+")
_APOSTROPHE = re.compile("[’‘ʼ`´]")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_PLAIN = str.maketrans(
    {chr(code): " " if not chr(code).isalnum() else "0" for code in range(128)}
    | dict(zip(ascii_lowercase, ascii_lowercase, strict=True))
)
"""Leaves letters of folded text, makes all digits 0, and a blank of the rest."""
_CLITIC = re.compile(r"'(?:s|t|re|ve|ll|d|m)\b")
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")


def fold(text: str) -> str:
    """The text without case, accents and the shapes of apostrophes.

    >>> fold("JERÍ’s Ёлка, Señor")
    "jeri's елка, senor"
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _APOSTROPHE.sub("'", _ACCENT.sub("", unicodedata.normalize("NFKD", plain)))


def words(text: str) -> list[str]:
    """The folded words and numbers of a text; a number's thousands stand without separators.

    >>> words("Army’s 1,200 troops: 3.5%")
    ['army', '1200', 'troops', '3.5']
    """
    folded = _CLITIC.sub(" ", fold(text))
    if folded.isascii():
        # Most sentences are so plain that they need no pattern, which takes ten times as long.
        plain = folded.translate(_PLAIN)
        if "0" not in plain:
            return plain.split()
    return _WORD.findall(_THOUSANDS.sub("", folded))


def stems(words: list[str], language: str) -> list[str]:
    """Each word's stem in that language; a language without a stemmer leaves them as they are.

    >>> stems(["migrants", "borders"], "en")
    ['migrant', 'border']
    """
    return list(map(_known_stems(language).__getitem__, words))


def terms(text: str, language: str) -> list[str]:
    """The stemmed words of a text in order, function words included.

    >>> terms("The borders are respected", "en")
    ['the', 'border', 'are', 'respect']
    """
    return stems(words(text), language)


def runs(word: str) -> list[str]:
    """The runs of four letters in a word.

    >>> runs("border")
    ['bord', 'orde', 'rder']
    """
    return [word[start : start + 4] for start in range(len(word) - 3)]


class _Stems(dict[str, str]):
    """The stem of each word met so far in one language, as the same are met again and again."""

    def __init__(self, language: str) -> None:
        name = LANGUAGES.get(language)
        self._stem = Stemmer.Stemmer(name, 0).stemWord if name else str

    def __missing__(self, word: str) -> str:
        if len(self) >= _KEPT:
            self.clear()
        found = self[word] = self._stem(word)
        return found


@lru_cache(maxsize=8)
def _known_stems(language: str) -> _Stems:
    return _Stems(language)
