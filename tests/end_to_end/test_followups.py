"""A conversation: questions that lean on the one before, replies to older answers, and “more”."""

import pytest

from tests.bot_api.people import Reader
from tests.chats.office import told
from tests.end_to_end.newsroom import Newsroom, quotation

TACNA = "Migrants blocked the coastal highway near Tacna on Friday because the border was closed."
TROOPS = "The army sent eighty soldiers from Arica in the night to Sunday."
TUNNEL = "Reindeer blocked the northern tunnel near Tromsø on Monday because they were hungry."
COUNTED = "Professor Balker counted four hundred reindeer."
NO_MORE = "That was the last passage I found for this question."


@pytest.fixture(scope="module")
def newsroom(empty: Newsroom) -> Newsroom:
    """One with two articles about blocked roads, the bot running."""
    empty.write("tacna", "The highway", TACNA, TROOPS, "The highway is open again.")
    empty.write("tunnel", "The tunnel", TUNNEL, COUNTED, "The tunnel is open again.")
    empty.bot.start()
    return empty


class TestAnEllipticQuestion:
    """It takes the terms of the question before it."""

    def test_is_answered_as_if_asked_in_full(self, ana: Reader) -> None:
        """By itself, “and why?” could be about anything."""
        assert quotation(told(ana, "Who blocked the road near Tacna?")) == TACNA
        assert quotation(told(ana, "and why?")) == TACNA
        assert quotation(told(ana, "Thanks! And when?")) == TACNA
        assert quotation(told(ana, "what about Tromsø?")) == TUNNEL
        assert quotation(told(ana, "and why?")) == TUNNEL

    def test_is_answered_in_spanish(self, newsroom: Newsroom) -> None:
        """And so is its no."""
        luis = newsroom.telegram.private("Luis", language="es")
        assert quotation(told(luis, "¿Quién bloqueó el túnel de Tromsø?")) == TUNNEL
        assert quotation(told(luis, "¿Y por qué?")) == TUNNEL
        assert quotation(told(luis, "¿y en Tacna?")) == TACNA

    def test_asked_first_follows_nothing(self, newsroom: Newsroom) -> None:
        """What somebody else asked is theirs."""
        told(newsroom.telegram.private("Rosa"), "Who blocked the coastal highway?")
        eva = newsroom.telegram.private("Eva")
        assert TACNA not in told(eva, "and why?").text

    def test_after_a_restart_follows_nothing(self, ana: Reader, newsroom: Newsroom) -> None:
        """What was asked is in no file."""
        assert quotation(told(ana, "Who blocked the coastal highway?")) == TACNA
        newsroom.restart()
        assert TACNA not in told(ana, "and why?").text
        assert not newsroom.keeps("Who blocked the coastal")

    def test_follows_the_edits_of_its_own(self, ana: Reader) -> None:
        """It leans on what was asked before it, not since."""
        told(ana, "Who blocked the road near Tacna?")
        then = ana.says("and near Tromsø?")
        assert quotation(ana.hears()) == TUNNEL
        assert quotation(told(ana, "Who counted the reindeer?")) == COUNTED
        ana.edits(then, "and why?")
        edited = ana.hears()
        assert (quotation(edited), edited.edited) == (TACNA, True)


class TestAQuestionOfItsOwn:
    """It needs nobody's terms."""

    def test_leans_on_nothing(self, ana: Reader) -> None:
        """Although it begins like a follow-up."""
        assert quotation(told(ana, "Who blocked the coastal highway?")) == TACNA
        assert quotation(told(ana, "And who counted the reindeer?")) == COUNTED


class TestAReply:
    """To an answer of the bot's."""

    def test_goes_back_to_the_question_answered_there(self, ana: Reader) -> None:
        """However many were asked since."""
        highway = told(ana, "Who blocked the coastal highway?")
        told(ana, "Who blocked the northern tunnel?")
        ana.says("and why?", reply_to=highway)
        assert quotation(ana.hears()) == TACNA

    def test_goes_on_with_the_same_article(self, ana: Reader) -> None:
        """What both articles say is taken from the one; what only the other says, from that."""
        tunnel = told(ana, "Who blocked the northern tunnel?")
        ana.says("Is anything open again?", reply_to=tunnel)
        assert "The tunnel is open again." in ana.hears().text
        ana.says("How many soldiers did the army send?", reply_to=tunnel)
        assert quotation(ana.hears()) == TROOPS


class TestMore:
    """The next match of the question before."""

    def test_goes_on_to_the_last(self, ana: Reader) -> None:
        """And says when there is no other."""
        best = told(ana, "Who blocked the coastal highway?")
        second = told(ana, "more")
        assert second.text.startswith("Match 2 of 3:\n\n")
        third = told(ana, "what else?")
        assert third.text.startswith("Match 3 of 3:\n\n")
        assert len({quotation(match) for match in (best, second, third)}) == 3
        assert told(ana, "more").text == NO_MORE
        assert quotation(told(ana, "and why?")) == TACNA

    def test_of_an_older_answer_is_asked_for_by_a_reply(self, ana: Reader) -> None:
        """To it."""
        highway = told(ana, "Who blocked the coastal highway?")
        told(ana, "Who counted the reindeer?")
        ana.says("more", reply_to=highway)
        assert ana.hears().text.startswith("Match 2 of 3:\n\n")

    def test_is_understood_in_spanish_and_portuguese(self, newsroom: Newsroom) -> None:
        """¿Qué más? O que mais?"""
        luis = newsroom.telegram.private("Luis", language="es")
        told(luis, "Who blocked the coastal highway?")
        assert told(luis, "¿Qué más?").text.startswith("Coincidencia 2 de 3:\n\n")
        bia = newsroom.telegram.private("Bia", language="pt-br")
        told(bia, "Who blocked the coastal highway?")
        assert told(bia, "o que mais?").text.startswith("Correspondência 2 de 3:\n\n")

    def test_of_nothing_is_an_honest_no(self, newsroom: Newsroom) -> None:
        """It is a word like any other then."""
        eva = newsroom.telegram.private("Eva")
        assert told(eva, "more").text.startswith("I found no passage that answers this.")
