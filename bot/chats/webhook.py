"""The webhook: Telegram is told where to post updates, and asked now and then how it goes."""

import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NoReturn, Protocol

from telegram import WebhookInfo
from telegram.error import BadRequest

from bot.chats import logs
from bot.chats.delivery import Time
from bot.chats.letterbox import Letterbox
from bot.chats.listening import listening
from bot.chats.polling import Refused, insist
from bot.chats.secret import webhook_secret
from bot.chats.state import ChatState
from bot.settings import Settings

_log = logging.getLogger(__name__)
_TIME = Time()

BETWEEN_LOOKS = 60.0
"""Seconds from one question to Telegram to the next: twice within what counts as alive."""


class Poster(Protocol):
    """Who posts updates, once told where."""

    async def set_webhook(
        self,
        url: str,
        *,
        secret_token: str | None,
        allowed_updates: Sequence[str] | None,
        drop_pending_updates: bool | None,
    ) -> bool:
        """Have updates of these kinds posted there from now on."""

    async def get_webhook_info(self) -> WebhookInfo:
        """Where updates are posted to, and what went wrong with it last."""


@asynccontextmanager
async def letterbox_of(settings: Settings, state: ChatState) -> AsyncIterator[Letterbox | None]:
    """What Telegram posts into, open; None where the bot polls. ``BadSetting`` if it cannot be."""
    if settings.webhook is None:
        yield None
        return
    secret = webhook_secret(settings)
    logs.hide(secret)
    letterbox = Letterbox(settings.webhook, secret, state.is_writable)
    with listening(settings.webhook.listen) as sockets:
        letterbox.open(sockets)
        try:
            yield letterbox
        finally:
            await letterbox.close()


async def receive(
    poster: Poster,
    keep: Callable[[list[Any]], None],
    kinds: Sequence[str],
    letterbox: Letterbox,
    *,
    time: Time = _TIME,
) -> NoReturn:
    """Have updates posted for ever; ``keep`` stores each before the post is answered.

    ``Refused`` is raised when the token is no longer valid, Telegram does not take the address, or
    another program keeps changing it.
    """
    letterbox.keep = keep
    register = partial(_register, poster, kinds, letterbox, time)
    try:
        await register()
        info = await insist(poster.get_webhook_info, time)
        _log.info("Telegram posts updates to %s.", letterbox.webhook.url)
        watch = _Watch(info.url or letterbox.webhook.url, info.last_error_date)
        while True:
            letterbox.is_registered = True
            letterbox.tell_refused()
            _hear(keep)
            await time.sleep(BETWEEN_LOOKS)
            if not watch.is_well(await insist(poster.get_webhook_info, time)):
                await register()
    finally:
        await letterbox.close()
        _log.info("The webhook stays registered: Telegram keeps updates for 24 hours.")


async def _register(poster: Poster, kinds: Sequence[str], letterbox: Letterbox, time: Time) -> None:
    """Tell Telegram where to post; also where it knows, as it does not say with which secret."""

    async def request() -> BadRequest | None:
        try:
            await poster.set_webhook(
                letterbox.webhook.url,
                secret_token=letterbox.secret,
                allowed_updates=kinds,
                drop_pending_updates=False,
            )
        except BadRequest as error:
            return error
        return None

    error = await insist(request, time)
    if error:
        raise Refused(
            f"Telegram does not take PULLQUOTE_WEBHOOK_URL ({error.message.rstrip('.')})."
        )


def _hear(keep: Callable[[list[Any]], None]) -> None:
    """Telegram was heard from, as an empty batch shows where it is polled."""
    try:
        keep([])
    except sqlite3.Error as error:
        _log.error("state.db cannot be written (%s).", error)


@dataclass(slots=True)
class _Watch:
    """What Telegram said of the webhook so far."""

    url: str
    failed_at: datetime | None
    told: str | None = None
    """The failure that the log tells of."""
    was_changed: bool = False

    def is_well(self, info: WebhookInfo) -> bool:
        """Whether the webhook is still the bot's; what else there is to say goes to the log."""
        self._tell_failure(info)
        is_changed = info.url != self.url
        if is_changed and self.was_changed:
            raise Refused(
                "Another program changes this bot's webhook with the same token. Stop it, or give "
                "this bot a token of its own."
            )
        if is_changed:
            _log.warning("Another program changed the webhook; it is registered again.")
        self.was_changed = is_changed
        return not is_changed

    def _tell_failure(self, info: WebhookInfo) -> None:
        """Tell of a failure once, however long it lasts, and when it is over."""
        if info.last_error_date != self.failed_at:
            self.failed_at = info.last_error_date
            if info.last_error_message != self.told:
                self.told = info.last_error_message
                _log.warning(
                    "Telegram could not deliver (%s). Updates that wait: %d.",
                    self.told,
                    info.pending_update_count,
                )
        elif self.told and not info.pending_update_count:
            self.told = None
            _log.info("Telegram delivers again.")
