"""The courier: posts updates to the webhook as Telegram does, through the proxy before the bot."""

import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

from tests.bot_api.state import State

PAUSE = 0.1
"""Seconds before Telegram posts again what was not taken."""


@dataclass
class Courier:
    """Posts what waits, one after the other, until each is answered with 200."""

    state: State
    leads_to: str = ""
    """Where the proxy at the public address hands posts on: ``host:port`` or ``unix:/path``."""
    posted: list[tuple[int, int]] = field(default_factory=list)
    """Every update id that was posted, with the status that came back; 0: nobody was there."""

    async def go(self) -> None:
        """Post for ever."""
        updates = self.state.updates
        while True:
            await self.state.changes.until(self._has_work, 3600)
            if not self._has_work():
                continue
            update_id = min(updates.pending)
            status = await self._post(updates.pending[update_id])
            self.posted.append((update_id, status))
            if status == 200:
                updates.posted(update_id)
            elif updates.webhook:
                updates.failed(_reason(status), self.state.now())
                await self.state.changes.until(lambda: not self._has_work(), PAUSE)

    def _has_work(self) -> bool:
        updates = self.state.updates
        return bool(self.leads_to and updates.webhook.get("url") and updates.pending)

    async def _post(self, update: object) -> int:
        """The status it is answered with."""
        is_file = self.leads_to.startswith("unix:")
        connector = aiohttp.UnixConnector(self.leads_to[5:]) if is_file else None
        host = "localhost" if is_file else self.leads_to
        url = urlsplit(self.state.updates.webhook["url"])
        headers = {"Content-Type": "application/json", "Host": url.netloc}
        if self.state.updates.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.state.updates.secret
        try:
            async with (
                aiohttp.ClientSession(connector=connector) as session,
                session.post(
                    f"http://{host}{url.path}", data=json.dumps(update), headers=headers
                ) as response,
            ):
                return response.status
        except (aiohttp.ClientError, OSError):
            return 0


def _reason(status: int) -> str:
    return f"Wrong response from the webhook: {status}" if status else "Connection refused"
