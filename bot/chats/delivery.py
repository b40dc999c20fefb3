"""How a request is sent to Telegram: within its limits, and again when something passing failed."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter

from bot.chats.metrics import Metrics
from bot.chats.updates import TEXTS_KEPT

_log = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0
"""Seconds between two attempts at the most."""
PATIENCE = 600.0
"""Seconds after which a message that Telegram does not take is given up.

Without a network, a person alone with the bot is answered as long as the question is kept.
"""

QUERY_PATIENCE = 10.0
"""The same for the answer to a query, which Telegram soon does not take any more."""
LINES = 8
"""Requests on their way at once: with 50 ms each, five times what Telegram lets a bot say."""
_UNLIMITED = ("get", "delete")
"""How the methods begin whose requests say nothing in a chat."""

_Json = bool | dict[str, Any] | list[dict[str, Any]]
_TO_QUERIES = frozenset({"answerInlineQuery", "answerGuestQuery"})


@dataclass(frozen=True, slots=True)
class Time:
    """How time passes: seconds from some point on, and a wait for so many of them."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep


class TokenRefused(asyncio.CancelledError):
    """Telegram does not know the token any more; polling finds that out too, and ends the bot.

    It is a cancellation, so that the question whose reply was refused stays in the inbox.
    """


class PatientLimiter(AIORateLimiter):
    """Keeps to Telegram's limits, and tries again what it, or the network, did not take.

    Told to wait, it waits with this request alone; other chats go on. A passing error (no network,
    5xx) is tried again for ten minutes if a reader waits for it; in a private chat the time without
    a network does not count, up to a day. A send whose answer was lost on the way may have arrived:
    it is tried once more and not again, so that a message is doubled at most. ``mark`` is called
    just before each; what it raises holds the send back.
    """

    def __init__(
        self,
        time: Time | None = None,
        metrics: Metrics | None = None,
        mark: Callable[[], object] = lambda: None,
    ) -> None:
        # No retries of the library's own: they would hold up every chat, not one.
        super().__init__(max_retries=0)
        self._time = time or Time()
        self._metrics = metrics or Metrics()
        self._mark = mark
        # Each further connection costs: the library looks at all of them for every request.
        self._lines = asyncio.Semaphore(LINES)

    async def process_request(  # noqa: PLR0913, PLR0917  the library's signature
        self,
        callback: Callable[..., Coroutine[Any, Any, _Json]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> _Json:
        """What the request returns."""

        async def insist(*args: Any, **kwargs: Any) -> _Json:
            return await self._insist(lambda: callback(*args, **kwargs), endpoint, data)

        # Telegram limits what is said in a chat; who is an admin there can be asked at any time.
        limited = {} if endpoint.startswith(_UNLIMITED) else data
        return await super().process_request(
            insist, args, kwargs, endpoint, limited, rate_limit_args
        )

    async def _insist(
        self, request: Callable[[], Awaitable[_Json]], endpoint: str, data: dict[str, Any]
    ) -> _Json:
        is_waited_for = "chat_id" in data or endpoint.startswith("answer")
        is_send = endpoint.startswith(("send", "forward", "copy"))
        is_to_query = endpoint in _TO_QUERIES
        patience = QUERY_PATIENCE if is_to_query else PATIENCE
        began, pause, lost = self._time.now(), 1.0, 0
        kept_until = began + TEXTS_KEPT if _is_private(data) else began
        while True:
            try:
                async with self._lines:
                    if is_send:
                        self._mark()
                    with self._metrics.asking():
                        result = await _sensible(request)
                if is_send or is_to_query:
                    self._metrics.sent()
                return result
            except RetryAfter as error:
                wait = seconds(error)
                if is_to_query and wait > patience:
                    raise
                _log.warning("%s: Telegram asks to wait %.0f s.", endpoint, wait)
            except InvalidToken:
                if is_waited_for:
                    raise TokenRefused from None
                raise
            except TelegramError as error:
                lost += _is_answer_lost(error)
                now = self._time.now()
                if _is_unreached(error) and now < kept_until:
                    began = now
                is_over = now - began >= patience or (is_send and lost > 1)
                if not is_waited_for or is_over or not _is_passing(error):
                    raise
                wait, pause = pause, min(2 * pause, LONGEST_PAUSE)
                _log.info("%s: %s; again in %.0f s.", endpoint, in_short(error), wait)
            await self._time.sleep(wait)


def seconds(error: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else wait


def in_short(error: Exception) -> str:
    """What happened, as the end of one line; an answer of a proxy's is left out."""
    return f"{type(error).__name__}: {error}".partition(". Parsing the server")[0][:200].rstrip(".")


async def _sensible(request: Callable[[], Awaitable[_Json]]) -> _Json:
    """What the request returns, also where the library does not see that the answer is none."""
    try:
        return await request()
    except (KeyError, TypeError) as error:
        raise TelegramError("Invalid server response") from error


def _is_private(data: dict[str, Any]) -> bool:
    """Whether it is said to a person alone: only groups and channels have other ids."""
    chat_id = data.get("chat_id")
    return isinstance(chat_id, int) and chat_id > 0


def _is_passing(error: TelegramError) -> bool:
    """Whether the same request may succeed later."""
    is_network = isinstance(error, NetworkError) and not isinstance(error, BadRequest)
    return is_network or _is_nonsense(error)


def _is_answer_lost(error: TelegramError) -> bool:
    """Whether Telegram may have done what it was asked."""
    is_lost = isinstance(error.__cause__, httpx.HTTPError) and not _is_unreached(error)
    return is_lost or _is_nonsense(error)


def _is_unreached(error: TelegramError) -> bool:
    """Whether nothing was sent, as there was no connection to send it on."""
    never_sent = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    return isinstance(error.__cause__, never_sent)


def _is_nonsense(error: TelegramError) -> bool:
    """Whether the answer was no JSON: the library raises the base class for nothing else."""
    return type(error) is TelegramError
