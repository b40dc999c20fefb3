"""What goes wrong on the way: each fault strikes one request of a method, then is gone.

A fault with ``applied`` strikes after Telegram has done what was asked, so that only the answer is
lost; without it, nothing was done.
"""

import asyncio
from dataclasses import dataclass, field

from aiohttp import web

from tests.bot_api.refusal import Refused, too_many_requests

Right = web.StreamResponse | None
"""The right answer; None before Telegram has done what was asked."""

HTML_ERROR = """<html>\r
<head><title>{status} {reason}</title></head>\r
<body>\r
<center><h1>{status} {reason}</h1></center>\r
<hr><center>nginx/1.18.0</center>\r
</body>\r
</html>\r
"""


@dataclass
class Fault:
    """Nothing goes wrong; each kind of fault says what does."""

    applied: bool = False

    async def answer(self, request: web.Request, right: Right) -> Right:
        """What the bot gets instead of the right answer; None: do what was asked after all."""
        return right


@dataclass
class Error(Fault):
    """An error status: as JSON, or from 502 on the HTML page of a proxy on the way."""

    status: int = 500
    retry_after: int = 0

    async def answer(self, request: web.Request, right: Right) -> Right:
        """The error."""
        reason = {429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway"}.get(
            self.status, "Error"
        )
        if self.status > 500:
            page = HTML_ERROR.format(status=self.status, reason=reason)
            return web.Response(status=self.status, text=page, content_type="text/html")
        refused = Refused(self.status, reason)
        if self.status == 429:
            refused = too_many_requests(self.retry_after)
        return web.json_response(refused.body(), status=self.status)


@dataclass
class Body(Fault):
    """A body that is not what the Bot API promises, with status 200."""

    body: bytes = b""

    async def answer(self, request: web.Request, right: Right) -> Right:
        """The body as given."""
        return web.Response(body=self.body, content_type="application/json")


@dataclass
class Truncated(Fault):
    """The right answer, of which only the first half arrives."""

    applied: bool = True

    async def answer(self, request: web.Request, right: Right) -> Right:
        """Half of the body under the whole one's length, then the connection closes."""
        assert isinstance(right, web.Response)
        assert isinstance(right.body, bytes)
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        response.content_length = len(right.body)
        await response.prepare(request)
        await response.write(right.body[: len(right.body) // 2])
        assert request.transport is not None
        request.transport.close()
        return response


@dataclass
class Dropped(Fault):
    """No answer: the connection is reset."""

    async def answer(self, request: web.Request, right: Right) -> Right:
        """Nothing that would arrive."""
        assert request.transport is not None
        request.transport.abort()
        return web.Response()


@dataclass
class Held(Fault):
    """The right answer, but only once it is released; in the test's thread see ``Hold``.

    Where the bot is gone before that, a request that was not applied yet never is.
    """

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request, right: Right) -> Right:
        """The right answer, late."""
        self.reached.set()
        await self.released.wait()
        return right
