"""A conversation: questions that lean on the one before, replies to older answers, and “more”."""

from collections.abc import Iterator

import pytest

from tests.bot_api.people import Message, Reader
from tests.chats.office import told
from tests.end_to_end.circle import NAME, Circle
from tests.end_to_end.newsroom import Newsroom, quotation

TACNA = "Migrants blocked the coastal highway near Tacna on Friday because the border was closed."
TROOPS = "The army sent eighty soldiers from Arica in the night to Sunday."
TUNNEL = "Reindeer blocked the northern tunnel near Tromsø on Monday because they were hungry."
COUNTED = "Professor Balker counted four hundred reindeer."
NO_MORE = "That was the last passage I found for this question."
NOTHING = "I found no passage that answers this."
BEFORE = "I quoted the passage for this here a short while ago."


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


class TestInAGroup:
    """There a reply to the bot follows what was asked; nothing else does, as many talk at once."""

    @pytest.fixture
    def circle(self, newsroom: Newsroom) -> Iterator[Circle]:
        """A group where nothing was chosen but that a passage may be quoted again at once."""
        circle = Circle.of(newsroom)
        circle.chooses("Cooldown", "none")
        yield circle
        assert newsroom.api.violations == []

    def test_a_reply_takes_the_terms_of_the_question_before(self, circle: Circle) -> None:
        """Whoever replies, however many questions were put meanwhile; and so on from there."""
        highway = asked(circle.ana, "/ask Who blocked the road near Tacna?")
        assert quotation(highway) == TACNA
        tunnel = asked(circle.luis, f"{NAME} Who blocked the northern tunnel?")
        assert quotation(tunnel) == TUNNEL
        why = replied(circle.luis, highway, "and why?")
        assert quotation(why) == TACNA
        elsewhere = replied(circle.ana, why, "what about Tromsø?")
        assert quotation(elsewhere) == TUNNEL
        assert quotation(replied(circle.ana, elsewhere, f"{NAME} and when?")) == TUNNEL

    def test_a_reply_is_understood_in_spanish(self, circle: Circle) -> None:
        """¿Y cuándo? ¿Qué más?"""
        tunnel = asked(circle.luis, "/ask ¿Quién bloqueó el túnel de Tromsø?")
        assert quotation(tunnel) == TUNNEL
        when = replied(circle.luis, tunnel, "¿Y cuándo?")
        assert quotation(when) == TUNNEL
        assert "Coincidencia" not in when.text
        assert quotation(replied(circle.luis, when, "¿y en Tacna?")) == TACNA
        assert replied(circle.luis, tunnel, "¿Qué más?").text.startswith("Coincidencia 2 de 3:\n\n")

    def test_a_reply_goes_on_with_the_same_article(self, circle: Circle) -> None:
        """What only the other says is taken from that."""
        tunnel = asked(circle.ana, "/ask Who blocked the northern tunnel?")
        assert "The tunnel is open again." in (
            replied(circle.luis, tunnel, "Is anything open again?").text
        )
        soldiers = replied(circle.luis, tunnel, "How many soldiers did the army send?")
        assert quotation(soldiers) == TROOPS

    def test_more_is_the_next_match(self, circle: Circle) -> None:
        """To the last; each can be removed as any other."""
        best = asked(circle.ana, "/ask Who blocked the coastal highway?")
        second = replied(circle.rosa, best, "more")
        assert second.text.startswith("Match 2 of 3:\n\n")
        assert second.buttons == [["Read in context", "Remove"]]
        third = replied(circle.ana, second, "what else?")
        assert third.text.startswith("Match 3 of 3:\n\n")
        assert len({quotation(match) for match in (best, second, third)}) == 3
        assert replied(circle.ana, third, "more").text == NO_MORE
        assert quotation(replied(circle.ana, third, "and why?")) == TACNA

    def test_without_a_reply_nothing_is_followed(self, circle: Circle) -> None:
        """Neither by who asked, nor in reply to somebody else; thanks stay thanks."""
        answer = asked(circle.ana, "/ask Who blocked the coastal highway?")
        circle.ana.says("and why?")
        circle.ana.says("more")
        circle.luis.says("and why?", reply_to=circle.ana.says("The highway is blocked."))
        circle.ana.says("thanks!", reply_to=answer)
        circle.ana.hears_nothing_more()
        assert asked(circle.ana, "/ask more").text == NOTHING

    def test_an_answer_that_nobody_asked_the_bot_for_is_followed_too(self, circle: Circle) -> None:
        """Where it answers any question."""
        circle.answers_all()
        answer = asked(circle.ana, "Who blocked the coastal highway near Tacna?")
        assert quotation(replied(circle.luis, answer, "and why?")) == TACNA

    def test_an_edited_follow_up_has_its_reply_edited(self, circle: Circle) -> None:
        """It still follows what it replies to."""
        answer = asked(circle.ana, "/ask Who blocked the road near Tacna?")
        question = circle.luis.says("and why?", reply_to=answer)
        why = circle.luis.hears()
        asked(circle.ana, "/ask Who counted the reindeer?")
        circle.luis.edits(question, "and near Tromsø?")
        edited = circle.luis.hears()
        assert (edited.id, edited.edited, quotation(edited)) == (why.id, True, TUNNEL)
        assert quotation(replied(circle.ana, edited, "and why?")) == TUNNEL

    def test_in_a_topic_is_answered_there(self, newsroom: Newsroom) -> None:
        """As in General."""
        forum = Circle.of(newsroom, forum=True)
        for topic in (forum.group.topic("News"), None):
            forum.ana.says("/ask Who blocked the coastal highway?", topic=topic)
            answer = forum.ana.hears()
            forum.rosa.says("more", reply_to=answer, topic=topic)
            more = forum.rosa.hears()
            assert (more.topic, more.text.partition(":")[0]) == (topic, "Match 2 of 3")

    def test_keeps_to_the_manners_of_the_chat(self, newsroom: Newsroom) -> None:
        """The passage just quoted is pointed to; the articles served are those chosen."""
        circle = Circle.of(newsroom)
        highway = asked(circle.ana, "/ask Who blocked the road near Tacna?")
        assert replied(circle.ana, highway, "and why?").text == BEFORE
        assert replied(circle.ana, highway, "more").text.startswith("Match 2 of ")
        circle.chooses("Articles", "The highway", "⬅ Back")
        elsewhere = replied(circle.ana, highway, "what about Tromsø?")
        assert TUNNEL not in elsewhere.text


def asked(reader: Reader, text: str) -> Message:
    """What the bot says in a group to a question, in reply to it."""
    question = reader.says(text)
    answer = reader.hears()
    assert answer.reply_to == question.id
    return answer


def replied(reader: Reader, message: Message, text: str) -> Message:
    """The same to a reply to one of its own messages."""
    question = reader.says(text, reply_to=message)
    answer = reader.hears()
    assert answer.reply_to == question.id
    return answer
