"""The Searcher: which candidates a question gets, and what it is taken to mean."""

from pathlib import Path

import pytest

from bot.corpus.build import Corpus
from bot.corpus.store import PassageStore
from bot.matching.question import read
from bot.matching.search import BEST_BY_MEANING, BEST_BY_WORDS, Searcher
from bot.text.encoder import installed_encoder


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> PassageStore:
    """Forty paragraphs about one town in each of two articles, one with a rare word."""
    folder = tmp_path_factory.mktemp("town")
    for name, rare in (("north", "lighthouse"), ("south", "windmill")):
        body = [f"The town has street number {number}." for number in range(39)]
        body.insert(20, f"The town has a {rare}.")
        text = "\n\n".join([f" date 2025-01-01 The {name} of town", *body])
        (folder / f"{name}.txt").write_text(text)
    return Corpus(folder, folder / "passages.db").up_to_date()


def candidates(store: PassageStore, text: str, article: str | None = None) -> list[tuple[str, int]]:
    """The articles and paragraphs that a question leads to, without an encoder."""
    _, pairs = Searcher(store, None)(read(text), article)
    return [(pair.candidate.passage.article, pair.candidate.passage.paragraph) for pair in pairs]


def test_only_the_best_are_candidates(town: PassageStore) -> None:
    assert len(candidates(town, "street of the town")) == BEST_BY_WORDS


def test_a_rare_word_leads_to_where_it_stands(town: PassageStore) -> None:
    assert candidates(town, "the town and its windmill")[0] == ("south", 21)


def test_a_named_article_is_searched_alone(town: PassageStore) -> None:
    assert {slug for slug, _ in candidates(town, "street", "north")} == {"north"}
    assert candidates(town, "windmill", "north") == []
    assert candidates(town, "street", "no such article") == []


def test_a_question_of_nothing_has_no_candidates(town: PassageStore) -> None:
    assert candidates(town, "") == candidates(town, "🙂") == candidates(town, "zzz") == []


def test_meaning_adds_candidates_that_share_no_word(tmp_path: Path) -> None:
    encoder = installed_encoder()
    assert encoder is not None, "the tests are run with the extra"
    (tmp_path / "a.txt").write_text(" date 2025-01-01 News\n\nThe vessel sank.\n\nSnow fell.")
    store = Corpus(tmp_path, tmp_path / "passages.db", encoder).up_to_date()
    _, by_words = Searcher(store, None)(read("ship under water"), None)
    _, pairs = Searcher(store, encoder)(read("ship under water"), None)
    assert 0 < len(pairs) - len(by_words) <= BEST_BY_MEANING
    nearest = max(pairs, key=lambda pair: pair.near.stretch if pair.near else -1)
    assert nearest.candidate.passage.paragraph == 1


def test_the_articles_date_is_asked_for_where_one_dated_article_is_searched(
    town: PassageStore,
) -> None:
    question = read("when was this article published")
    searcher = Searcher(town, None)
    assert searcher(question, None)[0].dateline_of is None
    asked, pairs = searcher(question, "south")
    assert asked.dateline_of == "south"
    assert ("south", 0) in [
        (pair.candidate.passage.article, pair.candidate.passage.paragraph) for pair in pairs
    ]
