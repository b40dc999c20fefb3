"""Desk: what every handler of a chat works with."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from telegram.ext import CallbackContext

from bot.chats.state import ChatState
from bot.corpus.store import NoIndex, PassageStore
from bot.matching.answer import Answer, Answerer, Place
from bot.settings import Settings

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """The settings, both databases, and somebody who answers questions."""

    settings: Settings
    store: PassageStore
    state: ChatState
    answerer: Answerer
    rebuild: Callable[[], object]
    """Builds the index anew and puts it in the old one's place."""
    _thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="answerer")
    )

    async def ask(
        self, question: str, *, place: Place = "private", article: str | None = None
    ) -> Answer:
        """The answer to a question, found in a thread of its own while the chats go on.

        ``article`` is a slug: only that article is searched. A damaged or missing index is built
        anew once.
        """
        find = partial(self._answer, question, place, article)
        return await asyncio.get_running_loop().run_in_executor(self._thread, find)

    def _answer(self, question: str, place: Place, article: str | None) -> Answer:
        try:
            return self.answerer.answer(question, place=place, article=article)
        except (sqlite3.DatabaseError, NoIndex, OSError) as error:
            _log.warning("The index cannot be read (%s). It is built anew.", error)
            self.rebuild()
            return self.answerer.answer(question, place=place, article=article)

    def close(self) -> None:
        """Answer nothing any more."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def desk_of(context: CallbackContext[Any, Any, Any, Any]) -> Desk:
    """The desk that a handler works at."""
    desk = context.bot_data["desk"]
    assert isinstance(desk, Desk)
    return desk
