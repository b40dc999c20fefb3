"""The queue of updates, and long polling as Telegram does it."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.bot_api.refusal import other_poller, webhook_active

NOT_UNLESS_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""What a bot gets only if its ``allowed_updates`` name it."""


class Changes:
    """Wakes whoever waits for something to become true. Belongs to the server's event loop."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def tell(self) -> None:
        """Have every waiting condition looked at again."""
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, condition: Callable[[], object], seconds: float) -> bool:
        """Whether the condition became true within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    await self._next.wait()
        except TimeoutError:
            return False
        return True


class Updates:
    """The updates that the bot has not acknowledged yet, in order."""

    def __init__(self, changes: Changes) -> None:
        self.pending: dict[int, Any] = {}
        self.webhook: dict[str, Any] = {}
        """What getWebhookInfo says of it; empty while the bot polls."""
        self.secret = ""
        """What is posted along."""
        self._changes = changes
        self.last = 700_000_000
        """The id of the newest update."""
        self._poller = 0
        self._allowed: frozenset[str] = frozenset()

    def add(self, kind: str, content: dict[str, Any]) -> None:
        """Queue an update, if the bot has asked for its kind."""
        if kind in self._allowed or not (self._allowed or kind in NOT_UNLESS_ASKED):
            update_id = self.last + 1
            self.put_raw({"update_id": update_id, kind: content})

    def put_raw(self, body: Any) -> int:
        """The id under which any JSON value at all is queued: the body's own if it has one."""
        own = body.get("update_id") if isinstance(body, dict) else None
        update_id = own if isinstance(own, int) else self.last + 1
        self.last = max(self.last, update_id)
        self.pending[update_id] = body
        self._changes.tell()
        return update_id

    async def poll(
        self,
        offset: int = 0,
        limit: int = 100,
        timeout: int = 0,
        allowed_updates: list[str] | None = None,
    ) -> list[Any]:
        """What getUpdates answers: the updates from the offset on, at once if there are any.

        Asking with an offset acknowledges every update before it; a negative one keeps that many
        from the end. A newer request ends an older one that still waits with 409.
        """
        if self.webhook.get("url"):
            raise webhook_active()
        if allowed_updates is not None:
            self._allowed = frozenset(allowed_updates)
        self._acknowledge(offset)
        mine = self._take_over()
        await self._changes.until(lambda: self.pending or self._is_ended(mine), timeout)
        if self._is_ended(mine):
            raise other_poller()
        return [self.pending[update_id] for update_id in sorted(self.pending)[:limit]]

    def post_to(self, url: str, secret: str, kinds: list[str] | None) -> None:
        """Have updates posted to this address from now on; an empty one: have them polled again."""
        self.webhook = {"url": url} if url else {}
        self.secret = secret
        if kinds is not None:
            self._allowed = frozenset(kinds)
        self._take_over()

    def posted(self, update_id: int) -> None:
        """The bot has taken this update in."""
        self.pending.pop(update_id, None)
        self._changes.tell()

    def failed(self, reason: str, now: int) -> None:
        """The bot did not take in what was posted."""
        self.webhook |= {"last_error_message": reason, "last_error_date": now}
        self._changes.tell()

    async def disturb(self) -> None:
        """Poll as a second bot with the same token does, again and again, until cancelled."""
        while True:
            mine = self._take_over()
            await self._changes.until(partial(self._is_ended, mine), 3600)

    def _acknowledge(self, offset: int) -> None:
        waiting = sorted(self.pending)
        acknowledged = waiting[:offset] if offset < 0 else [i for i in waiting if i < offset]
        for update_id in acknowledged:
            del self.pending[update_id]
        if acknowledged:
            self._changes.tell()

    def _take_over(self) -> int:
        self._poller += 1
        self._changes.tell()
        return self._poller

    def _is_ended(self, poller: int) -> bool:
        return self._poller != poller
