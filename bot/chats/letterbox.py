"""Letterbox: the server that Telegram posts updates to, each answered once it is in the inbox."""

import asyncio
import hmac
import json
import logging
import socket
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.web import Application, RequestHandler, stream_request_body

from bot.chats.polling import has_id
from bot.settings import HEALTHY, READY, Webhook

_log = logging.getLogger(__name__)

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the header's name
LARGEST = 2**20
"""Bytes of a post; Telegram's are some kilobytes."""
TRIES = 3
"""How often the same bytes may come before it is clear that they are no update."""

_SLOWEST = 30.0
"""Seconds that a post may take to arrive."""
_IDLE = 75.0
"""Seconds for which a connection stays open for the next post."""
_IN_HAND = 1.0
"""Seconds in which posts that are arriving are taken in at the end."""
_MOST_REMEMBERED = 1000


class Letterbox:
    """Takes in posts that carry the secret; says whether the bot lives and is ready.

    Others are refused before anything of their body is read. Until ``keep`` is there, Telegram is
    asked to come again.
    """

    def __init__(self, webhook: Webhook, secret: str, is_writable: Callable[[], bool]) -> None:
        self.webhook = webhook
        self.secret = secret
        self.keep: Callable[[list[Any]], None] | None = None
        """Stores a batch; ``sqlite3.Error`` is raised where it cannot."""
        self.is_registered = False
        """Whether Telegram knows where to post."""
        self.in_hand: set[object] = set()
        """The requests that are being read."""
        self.refused: Counter[str] = Counter()
        """What was refused lately, by reason, and is not told yet."""
        self._is_writable = is_writable
        self._is_storing = True
        self._unreadable: Counter[bytes] = Counter()
        self._server = HTTPServer(
            Application([(".*", _Post, {"letterbox": self})], log_function=lambda _: None),
            body_timeout=_SLOWEST,
            idle_connection_timeout=_IDLE,
            max_body_size=sys.maxsize,  # ``LARGEST`` is kept to here, so that 413 is the answer
        )

    def open(self, sockets: Iterable[socket.socket]) -> None:
        """Take in what is posted to these sockets."""
        # A line for whatever a stranger sends, with the stranger's words in it.
        logging.getLogger("tornado.general").setLevel(logging.ERROR)
        self._server.add_sockets(sockets)

    async def close(self) -> None:
        """Accept nothing more, and finish what is arriving."""
        self._server.stop()
        for _ in range(20):
            if not self.in_hand:
                break
            await asyncio.sleep(_IN_HAND / 20)
        await self._server.close_all_connections()

    def answer(self, request: HTTPServerRequest) -> int | None:
        """The status by which the headers alone are answered; None: the body is wanted."""
        if request.path == self.webhook.path:
            return self._objection(request)
        if request.path not in (HEALTHY, READY):
            return 404
        if request.method not in ("GET", "HEAD"):
            return 405
        return 200 if request.path == HEALTHY or self._is_ready() else 503

    def take(self, body: bytes) -> int:
        """The status by which a body is answered: 200 once its update is stored.

        What is no update was damaged on the way, or is not Telegram's: it may come whole the next
        time. The same bytes once more are dropped, with a line in the log, as Telegram would send
        them for 24 hours and hold back what comes after them in that chat.
        """
        assert self.keep
        try:
            update = json.loads(body)
            if not has_id(update):
                return self._unread(body)
            self.keep([update])
        except (ValueError, RecursionError):
            return self._unread(body)
        except sqlite3.Error as error:
            if self._is_storing:
                _log.error("Updates cannot be stored (%s). Telegram keeps them meanwhile.", error)
            self._is_storing = False
            return 503
        if not self._is_storing:
            _log.info("Updates can be stored again.")
        self._is_storing = True
        return 200

    def tell_refused(self) -> None:
        """Put what was refused lately into the log: one line for each reason."""
        for reason, count in self.refused.items():
            _log.warning("Posts refused, %s: %d.", reason, count)
        self.refused.clear()

    def too_large(self) -> int:
        """The status of a body that is larger than any update."""
        self.refused["larger than 1 MB"] += 1
        return 413

    def _objection(self, request: HTTPServerRequest) -> int | None:
        """What a post is refused with, if it is."""
        if request.method != "POST":
            return 405
        given = request.headers.get(SECRET, "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            self.refused["without the secret"] += 1
            return 403
        length = request.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LARGEST:
            return self.too_large()
        return None if self.keep else 503

    def _is_ready(self) -> bool:
        return self.keep is not None and self.is_registered and self._is_writable()

    def _unread(self, body: bytes) -> int:
        digest = sha256(body).digest()
        if len(self._unreadable) >= _MOST_REMEMBERED:
            self._unreadable.clear()
        self._unreadable[digest] += 1
        if self._unreadable[digest] < TRIES:
            self.refused["no update"] += 1
            return 400
        _log.warning("A post of %d bytes was dropped: it came %d times.", len(body), TRIES)
        return 200


@stream_request_body
class _Post(RequestHandler):
    """One request, answered by the letterbox."""

    def initialize(self, letterbox: Letterbox) -> None:
        self._letterbox = letterbox
        self._body = bytearray()

    def set_default_headers(self) -> None:
        self.clear_header("Server")

    def prepare(self) -> None:
        self._letterbox.in_hand.add(self)
        status = self._letterbox.answer(self.request)
        if status is not None:
            self._end(status)

    def data_received(self, chunk: bytes) -> None:
        self._body += chunk
        if len(self._body) > LARGEST:
            self._body.clear()
            self._end(self._letterbox.too_large())

    def post(self) -> None:
        if not self._finished:
            self._end(self._letterbox.take(bytes(self._body)))

    def on_finish(self) -> None:
        self._letterbox.in_hand.discard(self)

    def on_connection_close(self) -> None:
        self._letterbox.in_hand.discard(self)
        super().on_connection_close()

    def log_exception(self, *error: Any) -> None:
        """Where it went wrong, without a word of what was posted."""
        _log.error("A post could not be taken in: %s", error[0] and error[0].__name__)
        _log.debug("The same in full:", exc_info=error)

    def _end(self, status: int) -> None:
        self.set_status(status)
        self.finish()
