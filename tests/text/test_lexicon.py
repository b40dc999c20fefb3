"""The lexicon: words of near meaning across the languages."""

from bot.text.lexicon import near_words
from bot.text.terms import fold


def test_words_are_near_their_translations() -> None:
    near = {frozenset((word, other)) for word, other, _ in near_words()}
    for word, other in (("frontera", "border"), ("police", "policia"), ("eleicoes", "election")):
        assert frozenset((word, other)) in near


def test_every_word_is_folded_and_no_word_is_near_itself() -> None:
    for word, other, similarity in near_words():
        assert fold(word) == word
        assert fold(other) == other
        assert word != other
        assert 0 < similarity < 2
