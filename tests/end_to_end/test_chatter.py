"""Chatter: what people say among themselves, in a group where any question is answered.

Said are the statements that question detection was fitted with and, where the question sets stand
beside the project, their rows of chatter. ``pytest -rP`` shows what the bot said to any of it.
"""

from collections.abc import Iterator

import pytest

from benchmarks.sets import ROOT, SEED_EN, SEED_ES
from tests.bot_api.people import Message
from tests.end_to_end.circle import Circle
from tests.end_to_end.newsroom import Newsroom

BOUND = 0.01
"""The share of it that may be replied to."""


@pytest.fixture(params=["off", "auto"], ids=["words alone", "semantic"])
def circle(request: pytest.FixtureRequest, newsroom: Newsroom) -> Iterator[Circle]:
    """A group whose admin has chosen that any question be answered."""
    newsroom.bot.stop()
    newsroom.bot.settings["PULLQUOTE_ENCODER"] = request.param
    newsroom.bot.start()
    circle = Circle.of(newsroom)
    circle.answers_all()
    yield circle
    assert newsroom.api.violations == []


def chatter() -> Iterator[str]:
    """What asks nothing of anybody."""
    for line in (ROOT / "benchmarks" / "messages.tsv").read_text("utf-8").splitlines():
        kind, text = line.split("\t")
        if kind == "statement":
            yield text
    for questions in (SEED_EN, SEED_ES):
        if questions.questions.exists():
            yield from (row.question for row in questions.rows() if row.kind == "chatter")


def test_is_left_alone(circle: Circle) -> None:
    """Each message is by somebody else, so that nobody's budget is what keeps the bot silent."""
    said: dict[int | None, str] = {}
    for number, text in enumerate(chatter()):
        said[circle.group.reader(f"Member {number}").says(text).id] = text
    circle.ana.forges(0, "no such button")  # answered once all before has been handled
    replies = [
        f"{said[question]!r}: {reply.text!r}"
        for reply in map(Message, circle.group.chat.said)
        if (question := reply.reply_to) in said
    ]
    print(f"{len(said)} messages, {len(replies)} replies.", *replies, sep="\n")
    assert len(said) > 100
    assert len(replies) <= BOUND * len(said)


def test_among_it_a_question_is_answered(circle: Circle) -> None:
    """The silence above is not that of a bot that hears nothing."""
    found = circle.newsroom.question_for_all(is_sure=True).question
    asked = circle.ana.says(found)
    assert circle.ana.hears().reply_to == asked.id
