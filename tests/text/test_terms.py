"""Terms: how strings are folded, tokenised and stemmed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.terms import fold, stems, terms, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("José JERÍ", ["jose", "jeri"], id="case and accents"),
        pytest.param(
            "the army's don't l’armée", ["the", "army", "don", "l", "armee"], id="apostrophes"
        ),
        pytest.param("Ёлка ёлка", ["елка", "елка"], id="ё is е"),
        pytest.param(
            "1,200 troops, 3.5% of 2025", ["1200", "troops", "3.5", "of", "2025"], id="numbers"
        ),
        pytest.param("1.200.000 soles", ["1200000", "soles"], id="thousands apart by points"),
        pytest.param("covid19 v2", ["covid", "19", "v", "2"], id="letters and digits part"),
        pytest.param("🇵🇪 — … !!", [], id="nothing that is a word"),
        pytest.param("ﬁnance ＡＢＣ", ["finance", "abc"], id="ligatures and full width"),
    ],
)
def test_words_are_folded(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_terms_are_stemmed_by_the_language_of_the_article() -> None:
    assert terms("migrants were leaving", "en") == ["migrant", "were", "leav"]
    assert terms("los migrantes informaron", "es") == ["los", "migrant", "inform"]


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    assert stems(["migrants"], "xx") == ["migrants"]


@given(st.text())
def test_no_text_raises_and_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert all(words(text))
