"""The sentence encoder: near in meaning is near in vectors, in whatever language."""

import pytest

from bot.text.encoder import Encoder


def test_a_question_is_nearest_to_the_passage_that_answers_in_another_language(
    encoder: Encoder,
) -> None:
    question = encoder.question("¿Quién bloqueó la carretera?")
    passages = encoder.passages(["Migrants blocked the highway.", "The minister was calm."])
    assert passages.shape == (2, 384)
    assert passages[0] @ question > passages[1] @ question


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "🇵🇪" * 1000, "word " * 50_000])
def test_any_text_has_a_vector(encoder: Encoder, text: str) -> None:
    assert encoder.question(text).shape == (384,)
    (vector,) = encoder.passages([text])
    assert float(vector @ vector) == pytest.approx(1, abs=1e-3)
