"""What kinds of thing a stretch of text holds, in three languages."""

from typing import get_args

import pytest

from bot.matching.kinds import holds
from bot.matching.question import Kind


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("The road was closed on Tuesday.", {"time"}),
        ("Chegaram ontem de madrugada.", {"time"}),
        ("Some forty-odd people waited, 12 of them children.", {"number"}),
        ("Esperaban miles de personas.", {"number"}),
        ("Yesterday the mayor, Ana Ruiz, spoke.", {"time", "person"}),
        ("It was closed because of snow.", {"cause"}),
        ("Se cerró debido a la nieve.", {"cause"}),
        ("They went to Lima.", {"place"}),
        ("Fueron hacia Lima.", {"place"}),
        ("nothing of the sort", set()),
    ],
)
def test_kinds_are_told_by_words_and_capitals(text: str, held: set[str]) -> None:
    assert {kind for kind in get_args(Kind) if holds(kind, text)} == held
