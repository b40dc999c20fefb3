"""Features: each a number that says one thing of a question with a passage, worked out by hand."""

from dataclasses import replace
from math import log

import pytest

from bot.corpus.article import Passage, Span
from bot.matching import score
from bot.matching.candidates import Candidate, Nearness, bm25
from bot.matching.question import read
from bot.matching.readings import Reading, Term
from bot.matching.score import Asked, Pair, features

TEXT = "The army came on Friday. Migrants blocked the road."
CANDIDATE = Candidate(7, Passage("a", 2, TEXT), "en")
THE, ARMY, FRIDAY, BLOCK, ROAD = "the", "armi", "friday", "block", "road"
ABSENT = "tank"


def term(word: str, read_as: str, weight: float = 1.0, kin: str | None = None) -> Term:
    """A term of rarity 2 with one reading; none if its weight is 0."""
    readings = (Reading(read_as, weight, 2.0),) if weight else ()
    near = (Reading(kin, 0.5, 2.0),) if kin else ()
    return Term(word, readings, near, 2.0)


def pair(question: str, *terms: Term, near: Nearness | None = None) -> Pair:
    read_as = [each.readings[0].term if each.readings else "" for each in terms]
    asked = Asked(
        read(question),
        terms,
        sequence=[THE, *read_as],
        function_words={THE: 0.5},
        rarities=dict.fromkeys([THE, *read_as], 1.0),
        dateline_of="a",
        runs={"army": 3.0, "tank": 1.0},
    )
    return Pair(asked, CANDIDATE, length=1.0, near=near)


BLOCKED = pair("who blocked the road", term("blocked", BLOCK), term("road", ROAD))
UNSURE = pair("who blokked it", term("blokked", BLOCK, 0.5), term("tank", ABSENT, 0.0, kin=ARMY))
NOWHERE = pair("who won", term("won", ABSENT))


def test_words_is_the_bm25_of_what_stands_there() -> None:
    assert score.words(BLOCKED) == pytest.approx(2 * 2.0 * bm25(1, 1.0))
    assert score.words(UNSURE) == score.words(NOWHERE) == 0


def test_repaired_counts_what_is_unsure_by_how_sure_it_is() -> None:
    assert score.repaired(UNSURE) == pytest.approx(0.5 * 2.0 * bm25(1, 1.0))
    assert score.repaired(BLOCKED) == 0


def test_meanings_counts_kin_of_what_is_not_there() -> None:
    assert score.meanings(UNSURE) == pytest.approx(0.5 * 2.0 * bm25(1, 1.0))
    assert score.meanings(BLOCKED) == 0


def test_the_best_sentence_has_most_of_the_question() -> None:
    assert score.sentence(BLOCKED) == pytest.approx(2 * 2.0)
    assert BLOCKED.best_sentence == BLOCKED.best_by_words == 1
    assert NOWHERE.best_by_words is None


def test_sentence_meanings_is_what_kin_add_to_the_best_sentence() -> None:
    assert score.sentence_meanings(BLOCKED) == 0
    assert 0 <= score.sentence_meanings(UNSURE) <= 1.0


def test_coverage_is_the_share_of_the_questions_weight() -> None:
    assert (score.coverage(BLOCKED), score.sentence_coverage(BLOCKED)) == (1.0, 1.0)
    assert score.coverage(UNSURE) == 0.25
    assert score.coverage(NOWHERE) == 0
    apart = pair("did the army block", term("army", ARMY), term("block", BLOCK))
    assert (score.coverage(apart), score.sentence_coverage(apart)) == (1.0, 0.5)


def test_rarest_is_the_weightiest_term_there() -> None:
    assert (score.rarest(BLOCKED), score.rarest(UNSURE), score.rarest(NOWHERE)) == (2.0, 1.0, 0.0)


def test_bigrams_are_neighbours_function_words_included() -> None:
    assert score.bigrams(pair("the army", term("army", ARMY))) == 1.0
    assert score.bigrams(pair("the friday", term("friday", FRIDAY))) == 0


def test_function_words_have_a_bm25_of_their_own() -> None:
    assert score.function_words(BLOCKED) == pytest.approx(0.5 * bm25(2, 1.0))


def test_spelt_alike_counts_words_letter_by_letter() -> None:
    assert score.spelt_alike(BLOCKED) == 4.0
    assert score.spelt_alike(UNSURE) == 0


def test_letters_is_the_share_of_runs_by_rarity() -> None:
    assert score.letters(BLOCKED) == 0.75


def test_alike_compares_the_question_with_the_best_sentence() -> None:
    assert score.alike(BLOCKED) == 1.0
    assert score.alike(NOWHERE) == 0


def test_kinds_asked_for_are_looked_for() -> None:
    when = pair("when did the army come", term("army", ARMY))
    assert (score.kind_in_passage(when), score.kind_in_sentence(when)) == (1.0, 1.0)
    blocked_when = pair("when was the road blocked", term("road", ROAD))
    assert (score.kind_in_passage(blocked_when), score.kind_in_sentence(blocked_when)) == (1.0, 0.0)
    assert score.kind_in_passage(pair("road", term("road", ROAD))) == 0


def test_what_stands_where_in_the_article() -> None:
    assert (score.headline(BLOCKED), score.dateline(BLOCKED)) == (0.0, 0.0)
    assert score.brevity(BLOCKED) == 0
    short = Pair(BLOCKED.asked, CANDIDATE, 0.5, None)
    assert score.brevity(short) == pytest.approx(log(2))


def test_a_question_for_the_date_of_the_article_points_to_the_headline() -> None:
    headline = Candidate(1, Passage("a", 0, "Army"), "en")
    asked = pair("when was this article published").asked
    assert score.dateline(Pair(asked, headline, 1.0, None)) == 1.0
    elsewhere = replace(asked, dateline_of=None)
    assert score.dateline(Pair(elsewhere, headline, 1.0, None)) == 0.0


def test_what_the_encoder_says_is_passed_on() -> None:
    near = Nearness(0.8, 0.9, 1.5, 2.0, Span(0, 24))
    found = features(pair("who came", term("won", ABSENT), near=near))
    assert [found[name] for name in ("passage_cosine", "stretch_cosine", "passage_among")] == [
        0.8,
        0.9,
        1.5,
    ]
    assert found["stretch_among"] == 2.0
    assert "passage_cosine" not in features(BLOCKED)


def test_the_nearest_stretch_is_highlighted_where_words_tell_nothing() -> None:
    near = Nearness(0.8, 0.9, 1.5, 2.0, Span(25, 51))
    assert pair("who won", term("won", ABSENT), near=near).best_sentence == 1
