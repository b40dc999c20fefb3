"""Sentences: offsets that slice the text, at the places a reader would name."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One. Two! Three?", ["One.", "Two!", "Three?"], id="plain"),
        pytest.param(
            "“We won!” he said. Then.", ["“We won!” he said.", "Then."], id="quotation goes on"
        ),
        pytest.param("He said “no.” She left.", ["He said “no.”", "She left."], id="closing mark"),
        pytest.param("Mr. Kast met Dr. Jara.", ["Mr. Kast met Dr. Jara."], id="abbreviations"),
        pytest.param("J. A. Kast spoke.", ["J. A. Kast spoke."], id="initials"),
        pytest.param(
            "It grew 3.5% in 2025. Good.", ["It grew 3.5% in 2025.", "Good."], id="decimals"
        ),
        pytest.param("¿Quién? ¡Nadie! Fin.", ["¿Quién?", "¡Nadie!", "Fin."], id="Spanish marks"),
        pytest.param("Wait… what. Yes... No", ["Wait… what.", "Yes...", "No"], id="ellipses"),
        pytest.param("First\n\nSecond", ["First", "Second"], id="an empty line"),
        pytest.param("no end", ["no end"], id="no mark at all"),
        pytest.param("  \n ", [], id="blank"),
    ],
)
def test_sentences_end_where_a_reader_says(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(st.text(alphabet=st.sampled_from("aA1.!?…”“ \n\t,")) | st.text())
def test_sentences_hold_all_of_the_text_but_blanks(text: str) -> None:
    found = sentences(text)
    assert all(start < end for start, end in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    assert "".join("".join(text[a:b].split()) for a, b in found) == "".join(text.split())
