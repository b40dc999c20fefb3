"""The Answerer: outcomes by place and threshold, excerpts that are slices, never an exception."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.corpus.article import Passage, Span
from bot.corpus.build import Corpus
from bot.corpus.store import PassageStore
from bot.matching.answer import LONGEST_EXCERPT, Answerer, excerpt

PRINTED = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("army?. \n")
QUESTION = "Who blocked the Panamericana Sur?"


def test_an_answer_says_where_it_stands(answerer: Answerer) -> None:
    answer = answerer.answer("What did Luis Cordero confirm?")
    first = answer.excerpts[0]
    assert first.article.title == "Illegal migrants flocking from Chile to Peru out of fear of Kast"
    assert first.passage.paragraph == 8
    assert first.speaker == "Chilean Security Minister Luis Cordero"
    assert first.highlight.of(first.passage.text).startswith("Chilean Security Minister")


def test_the_outcome_follows_the_threshold_of_the_place(answerer: Answerer) -> None:
    constants = answerer.constants
    answer = answerer.answer(QUESTION)
    assert constants.closest < constants.answer["private"] < constants.answer["group"] < 1
    assert answer.confidence >= constants.answer["group"]
    assert (answer.outcome, answer.would_reply) == ("answer", True)
    in_group = answerer.at(answer, "group")
    assert (in_group.outcome, in_group.would_reply) == ("answer", True)


@pytest.mark.parametrize("message", [QUESTION, "thanks", "¿quién?", "see you at 8"])
def test_a_question_is_known_as_one_without_an_answer(answerer: Answerer, message: str) -> None:
    answer = answerer.answer(message)
    assert answerer.is_question(message) == answer.explanation.is_question


def test_a_group_is_never_given_the_closest(answerer: Answerer) -> None:
    for question in ("who is kast", "army tank", "crisis", "the border and the sea", "lol"):
        assert answerer.answer(question, place="group").outcome in ("answer", "none")


def test_only_the_named_article_is_searched(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "a.txt").write_text(" date 2025-01-01 Roads\n\nThe army blocked the road.")
    (folder / "b.txt").write_text(" date 2025-01-01 Trains\n\nThe train was late.")
    store = Corpus(folder, folder / "passages.db").up_to_date()
    answerer = Answerer(store)
    assert answerer.answer("who blocked the road").excerpts[0].passage.article == "a"
    assert {
        found.passage.article
        for found in answerer.answer("who blocked the road", article="b").excerpts
    } <= {"b"}
    assert answerer.answer("who blocked the road", article="gone").outcome == "none"


@pytest.mark.parametrize(
    ("question", "is_other"),
    [("¿Quién bloqueó la carretera?", True), ("Who blocked the road?", False), ("Kast", False)],
)
def test_without_an_encoder_a_question_in_another_language_is_noted(
    question: str, is_other: bool, answerer: Answerer, semantic: Answerer
) -> None:
    """Its words are all there is to go by then; bare names belong to no language."""
    assert answerer.answer(question).is_in_other_language is is_other
    assert not semantic.answer(question).is_in_other_language


@pytest.mark.parametrize("question", ["when was this article published", "de cuándo es la noticia"])
def test_the_articles_own_date_is_told_by_its_headline(
    question: str, answerer: Answerer, semantic: Answerer
) -> None:
    """The attribution below has the date; the thresholds of both places are passed."""
    for each in (answerer, semantic):
        answer = each.answer(question, place="group")
        assert answer.outcome == "answer"
        assert answer.excerpts[0].passage.paragraph == 0


def test_without_a_date_or_with_several_articles_there_is_none_to_tell(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "a.md").write_text("---\ntitle: Roads\n---\nThe army came.")
    corpus = Corpus(folder, folder / "passages.db")
    question = "when was this article published"
    assert Answerer(corpus.up_to_date()).answer(question).outcome == "none"
    (folder / "b.txt").write_text(" date 2025-01-01 Trains\n\nThe train was late.")
    assert Answerer(corpus.up_to_date()).answer(question).outcome == "none"
    answer = Answerer(corpus.up_to_date()).answer(question, article="b")
    assert (answer.outcome, answer.excerpts[0].passage.paragraph) == ("answer", 0)


def test_a_new_index_is_taken_up_at_the_next_question(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "a.txt").write_text(" date 2025-01-01 Roads\n\nThe army blocked the road.")
    corpus = Corpus(folder, folder / "passages.db")
    store = corpus.up_to_date()
    answerer = Answerer(store)
    assert answerer.answer("the army").excerpts[0].passage.paragraph == 1
    (folder / "a.txt").write_text(" date 2025-01-01 Roads\n\nNothing.\n\nThe army left.")
    corpus.up_to_date().close()
    store.refresh()  # as somebody else who reads it may have done before
    assert answerer.answer("the army").excerpts[0].passage.text == "The army left."


def test_a_corpus_without_articles_answers_nothing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("articles")
    answer = Answerer(Corpus(folder, folder / "passages.db").up_to_date()).answer(QUESTION)
    assert (answer.outcome, answer.confidence, answer.excerpts) == ("none", 0.0, ())


@settings(deadline=None, max_examples=60)
@given(question=st.text() | st.text(alphabet="abc ?¿'\"%_*:-().🇵🇪\n"), by_meaning=st.booleans())
def test_whatever_is_asked_what_is_quoted_stands_in_the_article(
    question: str, by_meaning: bool, answerer: Answerer, semantic: Answerer, store: PassageStore
) -> None:
    """The first promise: verbatim. And no text raises."""
    answer = (semantic if by_meaning else answerer).answer(question)
    assert 0 <= answer.confidence <= 1
    assert len(answer.excerpts) <= 3
    for found in answer.excerpts:
        stored = store.passage(found.article.slug, found.passage.paragraph)
        assert stored is not None
        assert found.passage.text == stored.text
        assert found.excerpt.of(found.passage.text) in stored.text
        assert found.excerpt.start <= found.highlight.start < found.highlight.end
        assert found.highlight.end <= found.excerpt.end


@settings(deadline=None, max_examples=10)
@given(paragraphs=st.lists(st.text(PRINTED, min_size=1), min_size=1, max_size=4), data=st.data())
def test_whatever_is_written_and_asked_of_it_what_is_quoted_stands_there(
    paragraphs: list[str], data: st.DataObject
) -> None:
    """Of any article, asked in its own words or in others."""
    with TemporaryDirectory() as folder:
        body = "\n\n".join(paragraphs)
        Path(folder, "a.txt").write_text(f" date 2025-01-01 Roads\n\nThe army.\n\n{body}", "utf-8")
        store = Corpus(Path(folder), Path(folder) / "passages.db").up_to_date()
        question = data.draw(st.sampled_from(paragraphs) | st.text(PRINTED))
        for found in Answerer(store).answer(f"{question} army").excerpts:
            assert found.passage.text in f"Roads\n\nThe army.\n\n{body}"
            assert found.excerpt.of(found.passage.text).strip()
            assert found.excerpt.start <= found.highlight.start < found.highlight.end
            assert found.highlight.end <= found.excerpt.end <= len(found.passage.text)
        store.close()


@given(st.lists(st.integers(5, 400), min_size=1, max_size=12), st.data())
def test_an_excerpt_is_whole_sentences_around_its_highlight(
    lengths: list[int], data: st.DataObject
) -> None:
    text = " ".join("A" + "b" * (length - 2) + "." for length in lengths)
    passage = Passage("a", 1, text)
    spans = passage.sentences
    highlight = data.draw(st.sampled_from(spans))
    found = excerpt(passage, highlight)
    assert found.start in {span.start for span in spans}
    assert found.end in {span.end for span in spans}
    assert found.start <= highlight.start < highlight.end <= found.end
    assert found.end - found.start <= LONGEST_EXCERPT or found == highlight
    if len(text) <= LONGEST_EXCERPT:
        assert found == Span(0, len(text))
