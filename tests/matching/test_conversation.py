"""A conversation: which turn a message takes, and where its answer is looked for."""

from pathlib import Path

import pytest

from bot.corpus.build import Corpus
from bot.matching.answer import Answerer
from bot.matching.conversation import Turn, answered, turn


class TestAConversation:
    """Turn after turn."""

    def test_keeps_its_topic_until_another_is_named(self) -> None:
        """A second “and when?” goes back to the whole question, not to the follow-up before it."""
        first = turn("Who blocked the road?")
        why = turn("and why?", first)
        assert turn("and when?", why).question == "when? blocked the road?"
        elsewhere = turn("and in Lima?", why)
        assert turn("and when?", elsewhere).question == "when? in Lima? blocked the road?"

    def test_goes_through_the_matches(self) -> None:
        """More and more of the same question."""
        first = turn("Who is Kast?")
        second = turn("more", first)
        third = turn("¿qué más?", second)
        assert [each.shown for each in (first, second, third)] == [0, 1, 2]
        assert {each.question for each in (first, second, third)} == {"Who is Kast?"}

    def test_stays_with_the_article_in_a_reply(self) -> None:
        """Also by a question of its own; without a reply only what leans on it stays."""
        before = Turn("Who is Kast?", "Who is Kast?", article="kast", shown=1)
        own = "Who won the election?"
        assert turn(own, before, is_reply=True) == Turn(own, own, "kast")
        assert turn(own, before) == Turn(own, own)
        assert turn("and why?", before).article == "kast"
        assert turn("and in Lima?", before).article is None
        assert turn("and in Lima?", before, is_reply=True).article == "kast"

    def test_begins_where_nothing_was_asked_before(self) -> None:
        """A follow-up to nothing is a question of its own."""
        assert turn("and why?") == Turn("and why?", "and why?")


@pytest.fixture
def newsroom(tmp_path: Path) -> Answerer:
    """Somebody who answers from two articles about roads."""
    (tmp_path / "chile.md").write_text(
        "---\ntitle: Roads of Chile\n---\n"
        "Migrants blocked the coastal highway on Friday.\n\nThe army came from Arica.\n\n"
        "The coastal highway is old."
    )
    (tmp_path / "norway.md").write_text(
        "---\ntitle: Roads of Norway\n---\n"
        "Reindeer blocked the northern tunnel on Sunday.\n\nProfessor Balker counted the reindeer."
    )
    return Answerer(Corpus(tmp_path, tmp_path / "passages.db").up_to_date())


class TestATurn:
    """Put to the articles."""

    def test_is_about_the_article_that_is_quoted(self, newsroom: Answerer) -> None:
        """So that what follows begins there."""
        answer, taken = answered(turn("Who blocked the coastal highway?"), newsroom)
        assert (answer.outcome, taken.article, taken.within) == ("answer", "chile", None)

    def test_asks_the_article_first_and_then_all(self, newsroom: Answerer) -> None:
        """A reply with a question that only another article answers is answered all the same."""
        _, before = answered(turn("Who blocked the coastal highway?"), newsroom)
        text = "Who counted the reindeer?"
        answer, taken = answered(turn(text, before, is_reply=True), newsroom)
        assert (answer.outcome, taken.article, taken.within) == ("answer", "norway", None)
        text = "What blocked the road?"
        _, taken = answered(turn(text, before, is_reply=True), newsroom)
        assert taken.article == "chile"

    def test_asks_the_chosen_article_alone(self, newsroom: Answerer) -> None:
        """Whatever the conversation is about."""
        _, before = answered(turn("Who blocked the coastal highway?"), newsroom)
        _, taken = answered(turn("and when?", before), newsroom, chosen="norway")
        assert (taken.article, taken.within) == ("norway", "norway")

    def test_that_asks_for_more_gets_the_next_passage(self, newsroom: Answerer) -> None:
        """Of the same answer, until there is none."""
        answer, first = answered(turn("Who blocked the coastal highway?"), newsroom)
        quoted = [first.quoted(answer)]
        taken = first
        while quoted[-1]:
            answer, taken = answered(turn("more", taken), newsroom)
            quoted.append(taken.quoted(answer))
        assert [each and each.passage for each in quoted] == [
            *(excerpt.passage for excerpt in answer.excerpts),
            None,
        ]
        assert taken.article == answer.excerpts[-1].article.slug

    def test_to_an_article_that_is_gone_asks_all(self, newsroom: Answerer) -> None:
        """It may have left the folder since."""
        answer, taken = answered(Turn("Who counted the reindeer?", "", "gone"), newsroom)
        assert (answer.outcome, taken.article) == ("answer", "norway")

    def test_has_something_to_lean_on_only_after_what_asks_something(
        self, newsroom: Answerer
    ) -> None:
        """Thanks in between give it nothing."""
        texts = ("Who counted the reindeer?", "Thanks!")
        assert [answered(turn(text), newsroom)[1].asks_something for text in texts] == [True, False]

    def test_that_nothing_answers_quotes_nothing(self, newsroom: Answerer) -> None:
        """And stays about the article it was about."""
        answer, taken = answered(Turn("xylophone zebra quasar", "", "chile"), newsroom)
        assert (taken.quoted(answer), taken.article) == (None, "chile")
