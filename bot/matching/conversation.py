"""A conversation, turn by turn: what is put to the articles for a message, and where."""

from dataclasses import dataclass, replace

from bot.matching.answer import Answer, Answerer, Excerpt, Outcome
from bot.matching.followup import leans, names_something, together
from bot.matching.model import Place

_BETTER: tuple[Outcome, ...] = ("none", "closest", "answer")
"""The outcomes, each better than the one before."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question in a conversation, and what a follow-up has to know of its answer."""

    question: str
    """What is put to the articles: of an elliptic one, both questions together."""
    topic: str
    """What an elliptic one that follows takes with it."""
    article: str | None = None
    """The slug of the article that the conversation is about, if it is about one."""
    within: str | None = None
    """The slug of the article that was searched; None: all of them."""
    shown: int = 0
    """Which of the passages found is quoted, from 0."""
    asks_something: bool = True
    """Whether a follow-up has anything to lean on, once answered: “thanks” gives it nothing."""

    def quoted(self, answer: Answer) -> Excerpt | None:
        """The excerpt of its answer that is quoted; nothing where there is no such passage."""
        is_there = answer.outcome != "none" and self.shown < len(answer.excerpts)
        return answer.excerpts[self.shown] if is_there else None


def turn(text: str, before: Turn | None = None, *, is_reply: bool = False) -> Turn:
    """The turn that a message takes after another.

    ``is_reply``: it replies to the answer that ``before`` got, so that it goes on with the same
    article, even where it is a question of its own. What names something else without a reply may
    mean another article.

    >>> before = turn("Who blocked the road?")
    >>> turn("and when?", before).question
    'when? blocked the road?'
    >>> turn("more", before).shown
    1
    >>> turn("Who is Kast?", before) == turn("Who is Kast?")
    True
    """
    leaning = leans(text, is_reply=is_reply) if before else None
    if before is None or (leaning is None and not is_reply):
        return Turn(text, text)
    if leaning == "more":
        return replace(before, shown=before.shown + 1)
    if leaning is None:
        return Turn(text, text, before.article)
    question = together(text, before.topic)
    if names_something(text):
        return Turn(question, question, before.article if is_reply else None)
    return Turn(question, before.topic, before.article)


def answered(
    taken: Turn, answerer: Answerer, place: Place = "private", chosen: str | None = None
) -> tuple[Answer, Turn]:
    """The answer to a turn, and the turn as a follow-up to it has to know it.

    The article that the conversation is about is asked first, and all of them where it does not
    answer. ``chosen`` is the slug of an article that alone is asked. A turn that asks for the next
    match looks where the one before it was found.
    """
    within = chosen or (taken.within if taken.shown else taken.article)
    answer = answerer.answer(taken.question, place=place, article=within)
    if within and not chosen and not taken.shown and answer.outcome != "answer":
        anywhere = answerer.answer(taken.question, place=place)
        if _BETTER.index(anywhere.outcome) > _BETTER.index(answer.outcome):
            answer, within = anywhere, None
    quoted = taken.quoted(answer)
    article = quoted.article.slug if quoted else taken.article
    asks_something = answer.explanation.asked.question.carries_meaning
    return answer, replace(taken, article=article, within=within, asks_something=asks_something)
