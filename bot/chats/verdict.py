"""Verdict: what comes of a message in a group, as far as Telegram has no part in it.

The running bot and the replay of a group's past both go by it.
"""

from dataclasses import dataclass, replace

from bot.chats.chat_settings import ChatSettings
from bot.chats.conversations import Thread
from bot.chats.desk import Desk
from bot.chats.heard import Heard, Said
from bot.chats.manners import Bars, Found, Lately, Silent, Speak, after, before, is_talk
from bot.chats.state import ChatState
from bot.chats.threads import Tie
from bot.matching.answer import Answer
from bot.matching.conversation import Turn
from bot.matching.model import Place


@dataclass(frozen=True, slots=True)
class Verdict:
    """The bot speaks: how, and what it found."""

    speak: Speak
    answer: Answer
    """Its first excerpt is the one to quote: not the best where the next match was asked for."""
    taken: Turn
    found: tuple[str, int] | None
    """The key of the article and the paragraph that were found."""
    tie: Tie | None = None
    """What the comments are about, where it is said in the comments on a post."""

    @property
    def place(self) -> tuple[str, int] | None:
        """Those that are quoted, if any are."""
        return self.found if self.speak.what == "answer" else None


async def verdict(
    desk: Desk, heard: Heard, settings: ChatSettings, *, again: bool = False
) -> Verdict | Silent:
    """What is said to a message, or why nothing is.

    ``again``: it got a reply already, so that no budget and no cooldown is touched.
    """
    silent, bars = before(heard, settings, desk.state.now), Bars.of(desk.answerer)
    if silent:
        return silent
    # What is said to all follows nothing up, and most of it is talk: no answer is looked for.
    if heard.address == "open" and is_talk(heard, desk.answerer.is_question(heard.question), bars):
        return Silent("not a question")
    tie = desk.state.threads.of(heard.said.chat_id, heard.said.thread_id)
    answer, taken = await _ask(desk, heard, settings, tie)
    found = Found.of(answer, is_followup=taken.question != heard.question)
    lately = desk.state.lately(heard.said, found.place, settings.cooldown, unsaid=settings.dry_run)
    if again:
        lately = Lately(removals=lately.removals)
    speak = after(heard, settings, found, lately, bars)
    return speak if isinstance(speak, Silent) else Verdict(speak, answer, taken, found.place, tie)


def thread_of(said: Said) -> Thread:
    """The chat, or the topic of it; outside of topics a reply has another thread than its question.

    See github.com/tdlib/telegram-bot-api/issues/356.
    """
    return said.chat_id, said.topic_id


def leave_answered(state: ChatState, said: Said) -> None:
    """Leave the question alone that somebody else replies to by this, if it still waits."""
    answered = said.replied_to
    if answered and not said.is_by_bot and answered.author != said.author:
        state.updates.leave_alone(said.chat_id, answered.message_id, "answered by somebody")


def is_left_to_people(
    state: ChatState, heard: Heard, settings: ChatSettings, update_id: int
) -> bool:
    """Whether the question waits from now on for somebody to answer it."""
    if heard.is_addressed or not settings.waiting:
        return False
    return state.updates.postpone(update_id, heard.said.message_id, settings.waiting * 60)


def remember(state: ChatState, said: Said, reply_id: int, place: tuple[str, int] | None) -> None:
    """Remember what was said to a message, with the passage quoted, for budgets and removal."""
    key, paragraph = place or (None, None)
    state.record_reply(
        *(said.chat_id, said.message_id, reply_id, key, paragraph),
        thread_id=said.thread_id,
        asker_id=said.author,
    )


async def _ask(
    desk: Desk, heard: Heard, settings: ChatSettings, tie: Tie | None
) -> tuple[Answer, Turn]:
    """The surest answer from the articles served, and the turn of a conversation it is given to.

    Comments under a post are about its article before any other.
    """
    replied_to = heard.said.replied_to
    taken = desk.conversations.turn_of_reply(
        heard.question, thread_of(heard.said), replied_to.message_id if replied_to else 0
    )
    if tie and tie.article_key and taken.article is None and not taken.shown:
        post_is_about = desk.store.article_of_key(tie.article_key)
        taken = replace(taken, article=post_is_about.slug if post_is_about else None)
    answer, taken = await _surest(desk, taken, heard, settings)
    return replace(answer, excerpts=answer.excerpts[taken.shown :]), taken


async def _surest(
    desk: Desk, taken: Turn, heard: Heard, settings: ChatSettings
) -> tuple[Answer, Turn]:
    # What is put to the bot needs to be as sure as in private.
    place: Place = "private" if heard.is_addressed else "group"
    if not settings.articles:
        return await desk.answer(taken, place=place)
    served = [
        article.slug for key in settings.articles if (article := desk.store.article_of_key(key))
    ]
    about = taken.within if taken.shown else taken.article
    if about in served:
        found = await desk.answer(taken, place=place, chosen=about)
        if taken.shown or found[0].outcome == "answer":
            return found
    answers = [await desk.answer(taken, place=place, chosen=slug) for slug in served]
    if answers:
        return max(answers, key=lambda found: found[0].confidence)
    # Those chosen are gone: nothing is quoted from others in their place.
    answer, taken = await desk.answer(taken, place=place)
    return replace(answer, excerpts=(), confidence=0.0), taken
