"""Client: the library's bot with raw updates, and without its token where it is shown."""

import re
from collections.abc import Sequence
from typing import Any

from telegram import Bot, LinkPreviewOptions
from telegram.error import TelegramError
from telegram.ext import Defaults, ExtBot
from telegram.request import HTTPXRequest

from bot.chats.delivery import PatientLimiter
from bot.chats.metrics import Metrics

LONG_POLL = 30
"""Seconds that Telegram waits for an update before it answers that there is none."""
POLL_PATIENCE = 10
"""Seconds more after which that answer does not come any more."""
PATIENCE = 15
"""Seconds after which the answer to any other request does not come any more."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""What a link leads to is not shown below the message."""


class Client(ExtBot[int]):
    """The bot as handlers know it."""

    def __init__(
        self,
        token: str,
        api_url: str,
        limiter: PatientLimiter | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        super().__init__(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=_request(connections=64),
            get_updates_request=_request(connections=1),
            defaults=Defaults(link_preview_options=NO_PREVIEW),
            rate_limiter=limiter or PatientLimiter(metrics=metrics),
        )
        self._metrics = metrics or Metrics()

    def __repr__(self) -> str:
        return f"{type(self).__name__}[id={self.token.partition(':')[0]}]"

    async def raw_updates(self, offset: int | None, kinds: Sequence[str]) -> list[Any]:
        """What getUpdates answers, as JSON values: one bad update does not spoil the others.

        Asking with an offset acknowledges every update before it.
        """
        with self._metrics.asking():
            updates = await self._post(
                "getUpdates",
                {"offset": offset, "timeout": LONG_POLL, "allowed_updates": kinds},
                read_timeout=LONG_POLL + POLL_PATIENCE,
            )
        if not isinstance(updates, list):
            raise TelegramError("Invalid server response")
        return updates


async def post_message(bot: Bot, chat_id: int, text: str, **fields: Any) -> int:
    """The id of the message sent; ``fields`` are those of sendMessage.

    The library's own method makes objects of all that Telegram says of the message it took. That
    takes time, and nobody needs them.
    """
    message = {"chat_id": chat_id, "text": text, "link_preview_options": NO_PREVIEW}
    sent = await bot._post("sendMessage", message | fields)
    return int(sent["message_id"])


def is_token(text: str) -> bool:
    """Whether it looks like what @BotFather gives out.

    >>> is_token("4200000042:AAE-shaped_like_one"), is_token("bot")
    (True, False)
    """
    return re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", text) is not None


def _request(connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=10,
        read_timeout=PATIENCE,
        write_timeout=PATIENCE,
        pool_timeout=PATIENCE,
    )
