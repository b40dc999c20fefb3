"""Desk: what every handler of a chat works with."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from telegram.ext import CallbackContext

from bot.chats.conversations import Conversations
from bot.chats.daily import ChatKind
from bot.chats.database import Unusable
from bot.chats.metrics import Metrics
from bot.chats.state import ChatState
from bot.corpus.article import Article
from bot.corpus.files import NoFolder
from bot.corpus.store import NoIndex, PassageStore
from bot.corpus.subject import subject
from bot.matching.answer import BEST, Answer, Answerer
from bot.matching.conversation import Turn, answered
from bot.matching.model import Place
from bot.settings import Settings

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

_OF_THE_INDEX = (sqlite3.DatabaseError, NoIndex, OSError)
"""What is raised where the index cannot be read."""
_ANEW = "The index cannot be read (%s). It is built anew."


@dataclass(frozen=True, slots=True)
class Desk:
    """The settings, both databases, and somebody who answers questions."""

    settings: Settings
    store: PassageStore
    state: ChatState
    answerer: Answerer
    rebuild: Callable[[], object]
    """Builds the index anew and puts it in the old one's place."""
    look: Callable[[], object] = lambda: None
    """Builds the index anew if articles have changed."""
    conversations: Conversations = field(default_factory=Conversations)
    """What was asked lately, in memory alone."""
    metrics: Metrics = field(default_factory=Metrics)
    _thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="answerer")
    )
    _turns: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by whoever uses the index, in the thread or not: it may be replaced by another."""

    async def ask(
        self,
        question: str,
        *,
        place: Place = "private",
        article: str | None = None,
        best: int = BEST,
    ) -> Answer:
        """The answer to a question.

        ``article`` is a slug: only that article is searched. ``best``: how many excerpts. A damaged
        or missing index is built anew once.
        """
        asking = partial(self.answerer.answer, question, place=place, article=article, best=best)
        return await self._find(asking)

    async def answer(
        self, taken: Turn, *, place: Place = "private", chosen: str | None = None
    ) -> tuple[Answer, Turn]:
        """The answer to a turn of a conversation, and the turn as ``conversations`` remember it.

        ``chosen`` is the slug of an article that alone is asked. What is quoted is
        ``taken.quoted(answer)``, which is not the first excerpt where the next match was asked for.
        """
        return await self._find(partial(answered, taken, self.answerer, place, chosen))

    def miss(self, kind: str, question: str) -> None:
        """Keep a question that nothing was found for, if the operator wants it; and of what chat.

        Neither who asked nor where is kept.
        """
        if self.settings.keep_unanswered:
            # The reply was sent: it is not to be sent again for the sake of a list.
            with suppress(Unusable):
                self.state.unanswered.record(kind, question)

    async def subject(self, text: str, links: Sequence[str]) -> Article | None:
        """The article that a text links to, names or repeats."""
        asking = partial(subject, text, links, self.store)
        return await self._in_thread(partial(self._insist, asking))

    async def take_up_articles(self) -> None:
        """Read what was written into the folders of articles just now."""
        await asyncio.to_thread(self.look)
        await self.take_up()

    def count(self, chat: ChatKind, outcome: str, reason: str = "") -> None:
        """Count what came of a message in such a chat, and of one passed over also why."""
        self.metrics.came_of(chat, outcome, reason)
        self.state.daily.count(chat, outcome, reason)

    async def take_up(self) -> None:
        """Read the index that now stands in the place of the one read so far, if it is another."""
        if self.store.is_stale():
            await self._in_thread(self._take_up)

    async def repair(self) -> bool:
        """Whether the index was damaged; it has been built anew then, and is read from now on."""
        return await self._in_thread(self._repair)

    async def _find(self, asking: Callable[[], _T]) -> _T:
        """What is found; in the thread where an encoder works, which needs no turn of the loop's.

        Words alone are matched right here: two threads would take turns all the time, and the loop
        would get no further for it.
        """
        if self.answerer.has_encoder:
            return await self._in_thread(partial(self._insist, asking))
        try:
            async with self._turns:
                with self.metrics.answering():
                    return asking()
        except _OF_THE_INDEX as error:
            return await self._in_thread(partial(self._find_anew, asking, error))

    async def _in_thread(self, work: Callable[[], _T]) -> _T:
        async with self._turns:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _take_up(self) -> None:
        try:
            self.store.refresh()
        except (NoIndex, OSError) as error:
            _log.warning(_ANEW, error)
            self._repair()

    def _repair(self) -> bool:
        try:
            self.rebuild()
        except (NoFolder, OSError) as error:
            _log.error("The index cannot be built anew (%s).", error)
            return False
        return self.store.refresh()

    def _insist(self, asking: Callable[[], _T]) -> _T:
        try:
            with self.metrics.answering():
                return asking()
        except _OF_THE_INDEX as error:
            return self._find_anew(asking, error)

    def _find_anew(self, asking: Callable[[], _T], error: Exception) -> _T:
        _log.warning(_ANEW, error)
        self.rebuild()
        return asking()

    def close(self) -> None:
        """Answer nothing any more."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def desk_of(context: CallbackContext[Any, Any, Any, Any]) -> Desk:
    """The desk that a handler works at."""
    desk = context.bot_data["desk"]
    assert isinstance(desk, Desk)
    return desk
