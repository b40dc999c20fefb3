"""Upkeep: the index stays that of the articles while the bot runs."""

import asyncio
import logging
import threading
from typing import NoReturn

from bot.corpus.build import Corpus
from bot.corpus.files import NoFolder

_log = logging.getLogger(__name__)

BETWEEN_LOOKS = 60.0
"""Seconds from one look at the folder of articles to the next."""


class _Ended(asyncio.CancelledError):
    """The bot ends; an index being built is given up, and the old one stays.

    It is a cancellation, so that the question that waits for the index stays in the inbox.
    """


class Upkeep:
    """Builds the index anew when articles change or it is damaged; a reader takes it up itself."""

    def __init__(self, corpus: Corpus, between_looks: float = BETWEEN_LOOKS) -> None:
        self._corpus = corpus
        self._between_looks = between_looks
        self._is_ending = threading.Event()
        self._looking = threading.Lock()

    def rebuild(self) -> None:
        """Examine the index, and build it anew if it is damaged."""
        self._corpus.up_to_date(self._go_on, is_suspect=True).close()

    async def watch(self) -> NoReturn:
        """Look for changed articles again and again, in a thread, while the chats go on."""
        while True:
            await asyncio.sleep(self._between_looks)
            try:
                await asyncio.to_thread(self.look)
            except (NoFolder, OSError) as error:
                _log.warning("Articles cannot be looked at (%s). The old ones are served.", error)

    def end(self) -> None:
        """Give up what is being built."""
        self._is_ending.set()

    def look(self) -> None:
        """Build the index anew if articles have changed."""
        with self._looking:
            self._look()

    def _look(self) -> None:
        current = self._corpus.current()
        if current:
            current.close()
            return
        store = self._corpus.up_to_date(self._go_on)
        _log.info("The articles have changed; served now: %d.", len(store.articles()))
        for file in store.passed_over():
            _log.warning("%s: %s", self._corpus.file(file.name), file.reason)
        store.close()

    def _go_on(self, *_: object) -> None:
        if self._is_ending.is_set():
            raise _Ended
