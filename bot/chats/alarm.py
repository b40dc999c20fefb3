"""Alarm: what goes wrong is told to a chat of the operator's once, and then counted for an hour."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from bot.chats.delivery import Time, in_short
from bot.chats.logs import RedactingFormatter
from bot.chats.message import shortened

_log = logging.getLogger(__name__)

COUNTED = 3600.0
"""Seconds for which more of a kind is counted and not told."""
MOST_KINDS = 50
"""How many kinds are told apart at a time; all others are one kind."""
LONGEST = 1000
"""Of what is told, in UTF-16 units; Telegram takes 4096."""


def kind(name: str) -> dict[str, Any]:
    """``extra`` of a record whose kind is this; without it, it is the message before its values."""
    return {"kind": name}


class Alarm(logging.Handler):
    """Hears every error in the log, and hands the first of a kind to ``tell`` as a text.

    Those that follow within an hour are counted; then one text says how many they were. What
    ``tell`` raises is logged as less than an error, so that telling of it is never told. Made
    where a loop runs; heard is any thread.
    """

    def __init__(
        self, tell: Callable[[str], Awaitable[object]], token: str, time: Time | None = None
    ) -> None:
        super().__init__(logging.ERROR)
        self._tell = tell
        self._redacting = RedactingFormatter(token)
        self.setFormatter(self._redacting)  # for ``logs.hide``
        self._time = time or Time()
        self._loop = asyncio.get_running_loop()
        self._more: dict[str, int] = {}
        """How many of each kind came since it was last told."""
        self._tellings: set[asyncio.Task[None]] = set()
        self._waits: set[asyncio.Task[None]] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Hear a record of the log."""
        if record.name.partition(".")[0] == __name__.partition(".")[0]:
            text = self._redacting.redacted(record.getMessage())
            name = getattr(record, "kind", f"{record.name}: {record.msg}")
        else:
            # A library's own words may be anything.
            cause = record.exc_info[0] if record.exc_info else None
            text = name = f"{record.name}: {cause.__name__ if cause else record.levelname.lower()}"
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._hear, name, shortened(text, LONGEST))

    async def end(self, within: float) -> None:
        """Give what is being told so many seconds, and hear nothing more."""
        await asyncio.sleep(0)  # for what came from other threads
        if self._tellings:
            await asyncio.wait(self._tellings, timeout=within)
        for task in (*self._tellings, *self._waits):
            task.cancel()

    def _hear(self, name: str, text: str) -> None:
        if name not in self._more and len(self._more) >= MOST_KINDS:
            name, text = "", "Errors of other kinds; the log has them."
        if name in self._more:
            self._more[name] += 1
            return
        self._more[name] = 0
        _start(self._say(text), self._tellings)
        _start(self._wait(name, text), self._waits)

    async def _wait(self, name: str, text: str) -> None:
        """Tell hour by hour how many more came, until none does."""
        while True:
            await self._time.sleep(COUNTED)
            more, self._more[name] = self._more[name], 0
            if not more:
                break
            _start(self._say(f"{more} more within an hour: {text}"), self._tellings)
        del self._more[name]

    async def _say(self, text: str) -> None:
        try:
            await self._tell(text)
        except Exception as error:  # whatever it is: an alarm must not set off another
            _log.warning("The admin chat could not be told (%s).", in_short(error))


def _start(work: Coroutine[Any, Any, None], tasks: set[asyncio.Task[None]]) -> None:
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
