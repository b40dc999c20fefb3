"""The bot's own words, short and neutral, in the languages it speaks.

What an article says never stands here: it stands in quotation, in the article's own words.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "es", "pt")
"""ISO 639-1 codes of the languages the bot speaks; the first is spoken to everybody else."""


@dataclass(frozen=True, slots=True)
class Words:
    """The bot's words in one language."""

    language: str
    texts: Mapping[str, str]
    """Each text, places to fill in braces, under its table's and its own name: ``read.page``."""
    months: tuple[str, ...]

    def __call__(self, name: str, **values: object) -> str:
        """The text of that name with its places filled.

        >>> words_in("es")("button.page_after", page=2)
        'Página 2 ➡'
        """
        return self.texts[name].format(**values)

    def date(self, day: date) -> str:
        """The day as it is written in the language.

        >>> words_in("pt").date(date(2025, 11, 28))
        '28 de novembro de 2025'
        """
        return self("date.day", day=day.day, month=self.months[day.month - 1], year=day.year)


def words_for(language_code: str | None) -> Words:
    """The words for a reader whose client is set to that IETF language tag.

    >>> [words_for(code).language for code in ("es-PE", "pt_BR", "de", None)]
    ['es', 'pt', 'en', 'en']
    """
    language = (language_code or "").lower().replace("_", "-").partition("-")[0]
    return words_in(language if language in LANGUAGES else LANGUAGES[0])


@cache
def words_in(language: str) -> Words:
    """The words in one of ``LANGUAGES``."""
    tables = tomllib.loads((files(__name__) / f"{language}.toml").read_text("utf-8"))
    months = tuple(tables["date"].pop("months"))
    texts = {
        f"{table}.{name}": text.strip()
        for table, entries in tables.items()
        for name, text in entries.items()
    }
    return Words(language, texts, months)
