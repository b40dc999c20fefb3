"""Queries: what is typed after the bot's name in any chat, handled from memory and never stored."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from telegram import Update

_log = logging.getLogger(__name__)

AT_ONCE = 4
"""How many queries are handled at once, so that questions in chats need not wait for them."""


class Queries:
    """Hands inline queries to ``handle``: each reader's in order, and of those that wait the last.

    Telegram sends a query whenever a reader stops typing; an answer to an older one would be shown
    to nobody. ``start`` runs a coroutine beside others.
    """

    def __init__(
        self,
        handle: Callable[[Update], Awaitable[object]],
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._handle = handle
        self._start = start
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting: dict[int, Update] = {}
        self._busy: set[int] = set()

    def put(self, update: Update) -> None:
        """Have a query handled, if its reader asks no other before that."""
        if update.effective_user is None:
            _log.warning("Update %d dropped: a query by nobody.", update.update_id)
            return
        reader = update.effective_user.id
        self._waiting[reader] = update
        if reader not in self._busy:
            self._busy.add(reader)
            self._start(self._work(reader))

    async def _work(self, reader: int) -> None:
        try:
            while reader in self._waiting:
                async with self._places:
                    await self._handle_one(self._waiting.pop(reader))
        finally:
            self._busy.discard(reader)

    async def _handle_one(self, update: Update) -> None:
        try:
            await self._handle(update)
        except Exception as error:
            _log.error("Update %d failed: %s", update.update_id, type(error).__name__)
            _log.debug("The same in full:", exc_info=error)
