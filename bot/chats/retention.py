"""Retention: what was kept for a while is erased in time, also where nothing comes in."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from typing import NoReturn

from bot.chats.desk import Desk

_log = logging.getLogger(__name__)

BETWEEN_SWEEPS = 3600.0
"""Seconds from one look for what is to be erased to the next."""


class Retention:
    """Has the desk forget by the clock, and the database give back the space."""

    def __init__(
        self, desk: Desk, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self._desk = desk
        self._sleep = sleep

    async def watch(self) -> NoReturn:
        """Sweep hour by hour."""
        while True:
            await self._sleep(BETWEEN_SWEEPS)
            self.sweep()

    def sweep(self) -> None:
        """Erase what is old enough, give back the space it took, and cut the WAL."""
        self._desk.conversations.forget()
        try:
            expired = self._desk.state.forget()
            self._desk.state.compact()
        except sqlite3.Error as error:
            _log.error("state.db cannot be used (%s); what is old is erased later.", error)
            return
        if expired:
            _log.warning("Updates that waited for 24 hours, erased unhandled: %d.", expired)
