"""Retention: what was kept for a while is erased in time, also where nothing comes in."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from itertools import count
from typing import NoReturn

from bot.chats.desk import Desk

_log = logging.getLogger(__name__)

BETWEEN_SWEEPS = 60.0
"""Seconds from one look for what is to be erased to the next."""
BETWEEN_COMPACTIONS = 60
"""Sweeps from one to the next after which the space is given back."""


class Retention:
    """Has the desk forget by the clock, and the database give back the space."""

    def __init__(
        self, desk: Desk, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._desk = desk
        self._sleep = sleep
        self._is_sweeping = True

    async def watch(self) -> NoReturn:
        """Sweep minute by minute, and compact hour by hour."""
        for number in count(1):
            await self._sleep(BETWEEN_SWEEPS)
            self.sweep(is_compacted=number % BETWEEN_COMPACTIONS == 0)
        raise AssertionError("numbers end")

    def sweep(self, *, is_compacted: bool = True) -> None:
        """Erase what is old enough; give back the space it took, and cut the WAL, if asked."""
        self._desk.conversations.forget()
        try:
            expired = self._desk.state.forget()
            if is_compacted:
                self._desk.state.compact()
        except sqlite3.Error as error:
            if self._is_sweeping:
                _log.error("state.db cannot be used (%s); what is old is erased later.", error)
            self._is_sweeping = False
            return
        self._is_sweeping = True
        if expired:
            _log.warning("Updates that waited for 24 hours, erased unhandled: %d.", expired)
