"""Long polling: raw updates, kept before the next request acknowledges them."""

import logging
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn, Protocol, TypeVar

from telegram.error import Conflict, InvalidToken, RetryAfter

from bot.chats.delivery import LONGEST_PAUSE, Time, in_short, seconds

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_TIME = Time()

RIVAL_PATIENCE = 60.0
"""Seconds for which a second poller is borne: a rolling restart overlaps for a few."""

LONG = 60.0
"""Seconds from which on an outage counts as an error, which can be told once it is over."""


class Refused(Exception):
    """Telegram does not let the bot go on; the message says why and what to do."""


class Source(Protocol):
    """Where updates come from."""

    async def raw_updates(self, offset: int | None, kinds: Sequence[str]) -> list[Any]:
        """The updates from the offset on; those before it are acknowledged."""


@dataclass(slots=True)
class _Rivalry:
    """Another program that polls with the same token."""

    since: float
    last: float
    pause: float = 1.0


@dataclass(slots=True)
class _Storing:
    """Stores batches, and tells once when that is not possible, and once when it is again."""

    keep: Callable[[list[Any]], None]
    time: Time
    pause: float | None = None
    """Seconds until the next try; None: the last one succeeded."""

    async def is_kept(self, batch: list[Any]) -> bool:
        """Whether the batch is stored; if not, it is to be fetched again."""
        try:
            self.keep(batch)
        except sqlite3.Error as error:
            if self.pause is None:
                _log.error("Updates cannot be stored (%s). Telegram keeps them meanwhile.", error)
                self.pause = 1.0
            await self.time.sleep(self.pause)
            self.pause = min(2 * self.pause, LONGEST_PAUSE / 3)
            return False
        if self.pause is not None:
            _log.info("Updates can be stored again.")
            self.pause = None
        return True


async def poll(
    source: Source,
    keep: Callable[[list[Any]], None],
    kinds: Sequence[str],
    *,
    rival_patience: float = RIVAL_PATIENCE,
    time: Time = _TIME,
) -> NoReturn:
    """Fetch updates for ever; ``keep`` stores a batch before it is acknowledged.

    ``Refused`` is raised when the token is no longer valid, or another poller stays.
    """
    offset: int | None = None
    rivalry: _Rivalry | None = None
    storing = _Storing(keep, time)
    while True:
        try:
            batch = await insist(partial(source.raw_updates, offset, kinds), time)
        except Conflict:
            rivalry = _another_poller(rivalry, time.now(), rival_patience)
            await time.sleep(rivalry.pause)
            rivalry.pause = min(2 * rivalry.pause, LONGEST_PAUSE / 2)
            continue
        # A poll that nothing came of had its full time: nobody else ended it.
        if rivalry and (not batch or time.now() - rivalry.last >= rival_patience):
            _log.info("The other program has stopped fetching this bot's updates.")
            rivalry = None
        if await storing.is_kept(batch):
            # None after an empty batch: all before it is acknowledged, and should Telegram begin
            # to count elsewhere, as it does after a quiet week, nothing is missed.
            offset = await _next_offset(batch, time)


async def insist(
    request: Callable[[], Awaitable[_T]],
    time: Time = _TIME,
) -> _T:
    """What the request returns, made again until Telegram answers; told when it goes and is back.

    ``Conflict`` is passed on; ``Refused`` is raised where Telegram does not know the token.
    """
    gone_since: float | None = None
    pause = 1.0
    while True:
        try:
            result = await request()
        except Conflict:
            raise
        except InvalidToken:
            raise Refused(
                "Telegram does not accept the token. Look it up at @BotFather and set "
                "TELEGRAM_BOT_TOKEN."
            ) from None
        except RetryAfter as error:
            _log.warning("Telegram asks to wait %.0f s.", seconds(error))
            await time.sleep(seconds(error))
        except Exception as error:  # an answer that makes no sense can raise anything
            if gone_since is None:
                gone_since = time.now()
                _log.warning("Telegram cannot be reached (%s). Trying again.", in_short(error))
            await time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        else:
            if gone_since is not None:
                gone = time.now() - gone_since
                level = logging.ERROR if gone >= LONG else logging.INFO
                _log.log(level, "Telegram is back after %.0f s.", gone)
            return result


def _another_poller(known: _Rivalry | None, now: float, patience: float) -> _Rivalry:
    """What is known of the other poller now; ``Refused`` if it has stayed too long."""
    if known is None or now - known.last >= patience:
        _log.warning(
            "Another program fetches this bot's updates, or a webhook was set. Stop the other "
            "one; otherwise this one ends in %.0f s.",
            patience,
        )
        return _Rivalry(now, now)
    if now - known.since >= patience:
        raise Refused(
            "Another program fetches this bot's updates with the same token, or a webhook was "
            "set. Stop it, or give this bot a token of its own."
        )
    known.last = now
    return known


async def _next_offset(batch: list[Any], time: Time) -> int | None:
    """The offset that acknowledges the batch, if anything in it has an id."""
    ids = [update["update_id"] for update in batch if has_id(update)]
    if batch and not ids:
        await time.sleep(LONGEST_PAUSE / 3)
    return max(ids) + 1 if ids else None


def has_id(update: object) -> bool:
    """Whether this JSON value has the id of an update."""
    return isinstance(update, dict) and is_id(update.get("update_id"))


def is_id(value: object) -> bool:
    """Whether this is a number that a database can hold."""
    return type(value) is int and -(2**63) <= value < 2**63
