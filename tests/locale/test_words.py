"""The bot says the same in each of its languages, within Telegram's limits."""

from datetime import date
from string import Formatter

import pytest

from bot.chats.message import units
from bot.locale import LANGUAGES, words_for, words_in

LIMITS = {
    "commands.": 256,
    "profile.description": 512,
    "profile.short_description": 120,
    "toast.": 200,
    "": 2000,
}
"""The first prefix that fits a text's name limits its UTF-16 units."""


def places(text: str) -> set[str]:
    """The names of the places to fill in a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts_with_the_same_places(language: str) -> None:
    """No reader meets a missing text or an unfilled place."""
    english = {name: places(text) for name, text in words_in("en").texts.items()}
    assert {name: places(text) for name, text in words_in(language).texts.items()} == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_longer_than_telegram_allows(language: str) -> None:
    """Nothing is refused for its length."""
    for name, text in words_in(language).texts.items():
        limit = next(limit for prefix, limit in LIMITS.items() if name.startswith(prefix))
        assert 0 < units(text) <= limit, name


@pytest.mark.parametrize(
    ("language_code", "language"),
    [
        ("es-PE", "es"),
        ("pt-BR", "pt"),
        ("PT", "pt"),
        ("es_ES.UTF-8", "es"),
        ("de", "en"),
        ("est", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_the_reader_s_language_is_spoken_else_english(
    language_code: str | None, language: str
) -> None:
    """A region makes no difference; a language that only begins alike does."""
    assert words_for(language_code).language == language


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("en", "28 November 2025"),
        ("es", "28 de noviembre de 2025"),
        ("pt", "28 de novembro de 2025"),
    ],
)
def test_dates_are_written_as_readers_write_them(language: str, day: str) -> None:
    """A day has its month in words."""
    assert words_in(language).date(date(2025, 11, 28)) == day


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_has_a_name_of_its_own(language: str) -> None:
    """Twelve of them."""
    assert len(set(words_in(language).months)) == 12
