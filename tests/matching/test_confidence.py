"""Confidence: what speaks for the first candidate, and the probability made of it."""

from math import exp, log

import pytest

from bot.matching.answer import Answerer
from bot.matching.confidence import CLIPPED, Evidence, Logistic, evidence, shares


def told(answerer: Answerer, question: str) -> dict[str, float]:
    """The evidence for the first candidate of a question to the seed article."""
    return dict(answerer.answer(question).explanation.evidence)


def test_evidence_counts_in_deviations_from_its_mean_and_no_further_than_so_many() -> None:
    coverage = Evidence(weight=2.0, mean=0.5, deviation=0.25)
    assert coverage.part(0.75) == 2.0
    assert coverage.part(100) == 2.0 * CLIPPED
    assert coverage.part(-100) == -2.0 * CLIPPED


def test_the_parts_add_up_to_log_odds() -> None:
    logistic = Logistic(-1.0, {"coverage": Evidence(2.0, 0.5, 0.25)})
    assert logistic.probability({"coverage": 0.75}) == pytest.approx(1 / (1 + exp(-1.0)))
    assert logistic.probability({"coverage": 0.5}) == pytest.approx(1 / (1 + exp(1.0)))


def test_shares_add_up_to_one_and_grow_with_the_score() -> None:
    found = shares([3.0, 1.0, 1.0])
    assert sum(found) == pytest.approx(1.0)
    assert found[0] > found[1] == found[2]


def test_a_clear_lead_leaves_little_to_the_others(answerer: Answerer) -> None:
    clear = told(answerer, "Who blocked the Panamericana Sur highway in both directions?")
    assert exp(clear["share"]) > 0.9
    assert exp(clear["beyond_three"]) <= exp(clear["beyond_two"]) < 0.1
    vague = told(answerer, "What about Peru and Chile?")
    assert exp(vague["share"]) < exp(clear["share"])


def test_words_and_meaning_can_agree(semantic: Answerer) -> None:
    found = told(semantic, "Who blocked the Panamericana Sur highway?")
    assert found["agreement"] == 1.0
    assert found["share_by_meaning"] <= log(1 + 1e-3)


def test_what_the_corpus_does_not_know_is_told(answerer: Answerer) -> None:
    known = told(answerer, "Who blocked the highway?")
    assert (known["known"], known["unknown"], known["unknown_names"]) == (1.0, 0.0, 0.0)
    unknown = told(answerer, "Did Zubizarreta win 4711 zlotys on the highway?")
    assert unknown["unknown_names"] == unknown["unknown_numbers"] == 1.0
    assert 0 < unknown["known"] < 1
    assert unknown["unknown"] > 0.5


def test_what_is_asked_for_is_told(answerer: Answerer) -> None:
    when = told(answerer, "When was the highway blocked?")
    assert (when["asks_for_time"], when["asks_for_person"], when["keywords"]) == (1.0, 0.0, 0.0)
    assert told(answerer, "highway blockade")["keywords"] == 1.0


def test_whatever_was_fitted_is_told(answerer: Answerer, semantic: Answerer) -> None:
    for each in (answerer, semantic):
        found = told(each, "Who blocked the highway?")
        assert each.constants.confidence.evidence.keys() <= found.keys()


def test_evidence_is_of_the_first_candidate(answerer: Answerer) -> None:
    explained = answerer.answer("Who blocked the highway?").explanation
    by_words = answerer.model.fuzzy.rank
    assert evidence(explained.asked, explained.ranked, by_words) == explained.evidence
    assert explained.evidence["coverage"] == explained.ranked[0].features["coverage"]
