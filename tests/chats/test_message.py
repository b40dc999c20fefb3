"""Messages are cut where a reader would cut them, and never too late."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chats.message import Mark, Message, fitting, shortened, units
from bot.corpus.article import Span

FAMILY = "👩‍👩‍👧"


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("Our borders are respected", 30, "Our borders are respected"),
        ("Our borders are respected", 14, "Our borders"),
        ("Panamericana", 8, "Panameri"),
        ("🇵🇪" * 3, 9, "🇵🇪🇵🇪"),
        ("mañan\u0303a", 5, "maña"),
        ("abcdef" + FAMILY, 9, "abcdef"),
    ],
    ids=["fits", "between words", "no blank", "surrogates", "combining mark", "joined emoji"],
)
def test_a_text_is_cut_where_it_hurts_least(text: str, limit: int, kept: str) -> None:
    """Between words, else between what a reader takes for characters."""
    assert text[: fitting(text, 0, limit)] == kept


@given(st.text(), st.integers(min_value=2, max_value=50))
def test_what_is_cut_fits_and_goes_on(text: str, limit: int) -> None:
    """The stretch is within the limit, and never empty where there is text left."""
    end = fitting(text, 0, limit)
    assert units(text[:end]) <= limit
    assert end > 0 or not text


@given(st.text(), st.integers(min_value=3, max_value=50))
def test_a_shortened_text_fits_with_its_ellipsis(text: str, limit: int) -> None:
    """The ellipsis counts; a text that fits has none."""
    short = shortened(text, limit)
    assert units(short) <= limit
    assert short == text or short.endswith("…")


def test_a_line_above_moves_the_marks() -> None:
    """They stay on the words they were on."""
    message = Message("the words", (Mark(Span(4, 9), "bold"),)).after("Note:")
    assert message.text == "Note:\n\nthe words"
    assert message.marks[0].span.of(message.text) == "words"
