"""Dry run: the group hears nothing, and its admins hear what it would have heard."""

from collections.abc import Iterator

import pytest

from tests.bot_api.people import Reader
from tests.chats.office import after
from tests.end_to_end.circle import Circle
from tests.end_to_end.newsroom import Newsroom, quotation

UNANSWERABLE = "What is the weather in Lima?"


@pytest.fixture
def circle(newsroom: Newsroom) -> Iterator[Circle]:
    """A group where nothing was chosen; nothing sent in the test broke a rule of Telegram's."""
    yield Circle.of(newsroom)
    assert newsroom.api.violations == []


@pytest.fixture
def rosa(circle: Circle) -> Reader:
    """Its administrator alone with the bot, to whom it can write."""
    rosa = circle.rosa.alone()
    rosa.says("/start")
    rosa.hears()
    return rosa


@pytest.fixture
def sure(newsroom: Newsroom) -> str:
    """A question that the bot answers unasked."""
    return newsroom.question_for_all(is_sure=True).question


class TestDryRun:
    """Switched on on the panel."""

    def test_tells_the_admin_what_would_have_been_said(
        self, circle: Circle, rosa: Reader, sure: str
    ) -> None:
        """Where, to which message, the excerpt and how sure; the question is not repeated."""
        circle.answers_all()
        circle.chooses("Dry run", "on")
        question = circle.ana.says(sure)
        told = rosa.hears()
        circle.ana.hears_nothing_more()
        lines = told.text.splitlines()
        assert lines[:2] == ["Dry run in “Vecinos”. I would have said:", "In reply to this message"]
        internal = -circle.group.chat.id - 1_000_000_000_000
        [link] = [entity["url"] for entity in told.raw["entities"] if "url" in entity]
        assert link == f"https://t.me/c/{internal}/{question.id}"
        assert quotation(told)
        assert lines[-1].startswith("Confidence ")
        assert sure not in told.text
        assert told.buttons == [["Speak from now on"]]

    def test_keeps_the_manners_of_the_real_thing(
        self, circle: Circle, rosa: Reader, sure: str
    ) -> None:
        """No passage twice, nothing to talk; asked without an answer, one line."""
        circle.answers_all()
        circle.chooses("Dry run", "on")
        for text in (sure, sure, "good morning everyone", f"/ask {UNANSWERABLE}"):
            circle.ana.says(text)
        circle.ana.hears_nothing_more()
        assert quotation(rosa.hears())
        assert "I found no passage that answers this." in rosa.hears().text
        rosa.hears_nothing_more()

    def test_ends_with_one_press(self, circle: Circle, rosa: Reader, sure: str) -> None:
        """The next one is said; what was kept back stands in nobody's way."""
        circle.chooses("Dry run", "on")
        circle.ana.says(f"/ask {sure}")
        told = rosa.hears()
        assert rosa.presses(told, "Speak from now on")["text"] == (
            "The dry run is over. I speak from now on."
        )
        assert rosa.hears().buttons == []
        circle.ana.says(f"/ask {sure}")
        assert quotation(circle.ana.hears())
        rosa.hears_nothing_more()

    def test_ends_by_an_admin_alone(self, circle: Circle, rosa: Reader, sure: str) -> None:
        """Who is one no more presses in vain."""
        circle.chooses("Dry run", "on")
        circle.ana.says(f"/ask {sure}")
        told = rosa.hears()
        circle.group.dismisses(circle.rosa)
        toast = rosa.presses(told, "Speak from now on")["text"]
        assert toast == "Only admins of the group can change my settings."

    def test_says_that_start_must_be_pressed_first(self, circle: Circle, sure: str) -> None:
        """Until then nobody can be told, and the group is left alone all the same."""
        panel = after(circle.rosa, after(circle.rosa, circle.opens(), "Dry run"), "on")
        assert "⚠ Press “Open in private” once" in panel.text
        circle.ana.says(f"/ask {sure}")
        circle.ana.hears_nothing_more()
        rosa = circle.rosa.follows(panel, "Open in private")
        assert "⚠" not in rosa.hears().text
        circle.luis.says(f"/ask {UNANSWERABLE}")
        assert rosa.hears().text.startswith("Ensayo en «Vecinos». Habría dicho:")

    def test_is_told_to_every_admin_who_can_be(
        self, circle: Circle, rosa: Reader, sure: str
    ) -> None:
        """Members hear nothing of it; an admin who has blocked the bot is passed over."""
        readers = [
            circle.group.reader(name, status=status).alone()
            for name, status in (
                ("Eva", "administrator"),
                ("Iris", "administrator"),
                ("Olga", "member"),
            )
        ]
        for reader in readers:
            reader.says("/start")
            reader.hears()
        eva, iris, olga = readers
        iris.blocks()
        circle.chooses("Dry run", "on")
        circle.ana.says(f"/ask {sure}")
        assert quotation(eva.hears()) == quotation(rosa.hears())
        olga.hears_nothing_more()

    def test_is_that_of_a_topic_alone(self, newsroom: Newsroom, sure: str) -> None:
        """And ends there alone."""
        forum = Circle.of(newsroom, forum=True)
        rosa = forum.rosa.alone()
        rosa.says("/start")
        rosa.hears()
        news, sport = forum.group.topic("News"), forum.group.topic("Sport")
        forum.chooses("Dry run", "on", topic=news)
        forum.ana.says(f"/ask {sure}", topic=sport)
        assert forum.ana.hears().topic == sport
        question = forum.ana.says(f"/ask {sure}", topic=news)
        told = rosa.hears()
        [link] = [entity["url"] for entity in told.raw["entities"] if "url" in entity]
        assert link.endswith(f"/{news}/{question.id}")
        rosa.presses(told, "Speak from now on")
        forum.ana.says(f"/ask {UNANSWERABLE}", topic=news)
        assert forum.ana.hears().topic == news
