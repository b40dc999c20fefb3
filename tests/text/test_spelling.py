"""Spellings: phone typing written out, and keys shared by what sounds or looks alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.spelling import sound, written_out


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("q dijo xq", "que dijo por que", id="Spanish"),
        pytest.param("qdo vc vai", "quando voce vai", id="Portuguese"),
        pytest.param("wat did u say abt it", "what did you say about it", id="English"),
        pytest.param("the border", "the border", id="nothing to write out"),
    ],
)
def test_phone_spellings_are_written_out(typed: str, meant: str) -> None:
    assert written_out(typed.split()) == meant.split()


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param("chacalluta", "chacayuta", id="ll and y"),
        pytest.param("kast", "cast", id="k and c"),
        pytest.param("situation", "situacion", id="-tion, -ción"),
        pytest.param("situation", "situacao", id="-tion, -ção"),
        pytest.param("security", "securidad", id="-ty, -dad"),
        pytest.param("humanitarian", "humanitaria", id="-arian, -aria"),
        pytest.param("vloqueo", "bloqueo", id="v and b"),
        pytest.param("provinsia", "provincia", id="soft c"),
        pytest.param("ospital", "hospital", id="silent h"),
    ],
)
def test_what_sounds_alike_or_has_one_root_shares_a_key(a: str, b: str) -> None:
    assert sound(a) == sound(b)


def test_what_differs_has_keys_of_its_own() -> None:
    assert len({sound(word) for word in ("border", "army", "minister", "kast", "jara")}) == 5


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1))
def test_a_key_has_one_letter_for_each_sound(word: str) -> None:
    assert not set(sound(word)) & set("chvwyz")
