"""Fold, tokenise, stem: strings to terms. For matching, never for display."""

import re
import unicodedata
from functools import lru_cache

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

_MARKS = dict.fromkeys(range(0x300, 0x370)) | dict.fromkeys(map(ord, "’‘ʼ`´"), "'")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_CLITIC = re.compile(r"'(?:s|t|re|ve|ll|d|m)\b")
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")


def fold(text: str) -> str:
    """The text without case, accents and the shapes of apostrophes.

    >>> fold("JERÍ’s Ёлка, Señor")
    "jeri's елка, senor"
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFKD", plain).translate(_MARKS)


def words(text: str) -> list[str]:
    """The folded words and numbers of a text; a number's thousands stand without separators.

    >>> words("Army’s 1,200 troops: 3.5%")
    ['army', '1200', 'troops', '3.5']
    """
    folded = _THOUSANDS.sub("", _CLITIC.sub(" ", fold(text)))
    return _WORD.findall(folded)


def stems(words: list[str], language: str) -> list[str]:
    """Each word's stem in that language; a language without a stemmer leaves them as they are.

    >>> stems(["migrants", "borders"], "en")
    ['migrant', 'border']
    """
    name = LANGUAGES.get(language)
    return _stemmer(name).stemWords(words) if name else list(words)


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


@lru_cache(maxsize=8)
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name)
