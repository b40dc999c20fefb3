"""Readings: what a word of the question may mean among the words of the seed article."""

import pytest

from bot.corpus.store import PassageStore
from bot.matching.readings import Vocabulary, rarity


@pytest.fixture(scope="module")
def vocabulary(store: PassageStore) -> Vocabulary:
    return Vocabulary(store)


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        pytest.param("migrants", "migrant", id="the very word"),
        pytest.param("blocking", "block", id="another form of it"),
        pytest.param("100", "100", id="a number"),
    ],
)
def test_a_word_of_the_corpus_is_surely_itself(
    vocabulary: Vocabulary, word: str, stem: str
) -> None:
    term = vocabulary.term(word)
    assert (term.readings[0].term, term.readings[0].weight, term.is_known) == (stem, 1.0, True)


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        pytest.param("emergancy", "emergenc", id="a wrong letter"),
        pytest.param("bordr", "border", id="a missing letter"),
        pytest.param("mgirants", "migrant", id="swapped letters"),
        pytest.param("chacayuta", "chacalluta", id="written by ear"),
        pytest.param("blokade", "block", id="the beginning of the family"),
        pytest.param("situacion", "", id="nothing like it"),
        pytest.param("militarization", "", id="not even nearly"),
    ],
)
def test_a_word_misspelt_is_repaired(vocabulary: Vocabulary, word: str, stem: str) -> None:
    term = vocabulary.term(word)
    assert not term.is_known
    assert [reading.term for reading in term.readings[:1]] == ([stem] if stem else [])
    assert all(0 < reading.weight < 1 for reading in term.readings)


def test_words_run_together_are_taken_apart(vocabulary: Vocabulary) -> None:
    readings = vocabulary.term("panamericanasur").readings
    assert {(reading.term, reading.weight) for reading in readings} >= {
        ("panamericana", 0.9),
        ("sur", 0.9),
    }


@pytest.mark.parametrize("number", ["101", "10", "2026"])
def test_numbers_stay_exact(vocabulary: Vocabulary, number: str) -> None:
    assert vocabulary.term(number).readings == ()


def test_a_word_of_another_language_has_kin_where_it_is_near_in_meaning(
    vocabulary: Vocabulary,
) -> None:
    assert "border" in [reading.term for reading in vocabulary.term("frontera").kin]


@pytest.mark.parametrize(("word", "is_slip"), [("waht", True), ("wich", True), ("kast", False)])
def test_slips_of_words_that_ask_are_told(vocabulary: Vocabulary, word: str, is_slip: bool) -> None:
    assert vocabulary.is_slip_of_light_word(word) == is_slip


def test_the_rarer_a_term_the_more_it_counts() -> None:
    assert rarity(100, 1) > rarity(100, 10) > rarity(100, 100) > 0
