"""Detection: questions put to a group are told from its talk."""

import pytest

from bot.matching.detection import signs
from bot.matching.model import Model
from bot.matching.question import read


def is_question(message: str) -> bool:
    model = Model.shipped()
    return model.is_question(signs(message, read(message))) >= model.question_threshold


@pytest.mark.parametrize(
    "message",
    [
        "Who blocked the road?",
        "who blocked the road",
        "anyone know when the border opens",
        "hi all, quick one: how many people came back? thx",
        "did they say why",
        "¿Quién bloqueó la carretera?",
        "quien bloqueo la carretera",
        "xq cerraron la frontera",
        "alguien sabe cuando abren",
        "Quem bloqueou a estrada?",
        "onde foi o bloqueio",
    ],
)
def test_what_asks_is_a_question(message: str) -> None:
    assert is_question(message)


@pytest.mark.parametrize(
    "message",
    [
        "ok",
        "lol",
        "who cares",
        "really?? 😂",
        "good morning everyone",
        "I know who did it",
        "that's why nobody believes them",
        "when I was there it was quiet",
        "thanks for the link https://example.org/who-is-it",
        "no sé qué decir",
        "cuando yo era chico no pasaba",
        "por eso no voto",
        "bom dia grupo",
        "obrigado pela informação",
    ],
)
def test_what_only_talks_is_none(message: str) -> None:
    assert not is_question(message)
