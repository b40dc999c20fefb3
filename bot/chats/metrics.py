"""Metrics: what the bot counts and times, in Prometheus's format; no chat and no word is in it."""

import math
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from bot.chats.state import ChatState
from bot.corpus.store import PassageStore

Fault = Literal["retry_after", "network", "telegram", "exception"]
"""Told to wait; not reached; refused by Telegram; anything else, which is the bot's own."""

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600)
_UPDATES = (
    *("message", "edited_message", "callback_query", "inline_query", "chosen_inline_result"),
    *("guest_message", "channel_post", "edited_channel_post", "my_chat_member"),
    "unreadable",
)


class Metrics:
    """Everything counted by one bot, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._updates = Counter(
            "pullquote_updates", "Updates received.", ["kind"], registry=self.registry
        )
        self._outcomes = Counter(
            "pullquote_outcomes",
            "What came of messages, by the kind of chat; of those passed over also why.",
            ["chat", "outcome", "reason"],
            registry=self.registry,
        )
        self._sends = Counter(
            "pullquote_sends", "Messages and answers that Telegram took.", registry=self.registry
        )
        self._faults = Counter("pullquote_faults", "Faults.", ["kind"], registry=self.registry)
        self._replying = Histogram(
            "pullquote_reply_seconds",
            "From an update's arrival to its reply; those left to people first are not in it.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._answering = Histogram(
            "pullquote_answer_seconds",
            "Finding an answer, alone.",
            buckets=_SECONDS,
            registry=self.registry,
        )

    def received(self, kind: str) -> None:
        """Count an update by what it holds."""
        self._updates.labels(kind if kind in _UPDATES else "other").inc()

    def came_of(self, chat: str, outcome: str, reason: str) -> None:
        """Count what came of a message."""
        self._outcomes.labels(chat, outcome, reason).inc()

    def sent(self) -> None:
        """Count something said, which Telegram took."""
        self._sends.inc()

    def failed(self, kind: Fault) -> None:
        """Count a fault."""
        self._faults.labels(kind).inc()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Count what Telegram, or the way there, raises within."""
        try:
            yield
        except TelegramError as error:
            self.failed(_kind(error))
            raise

    def replied(self, seconds: float) -> None:
        """Count a reply that took so long since its question came in."""
        self._replying.observe(seconds)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Time what is done within."""
        began = time.perf_counter()
        yield
        self._answering.observe(time.perf_counter() - began)

    def gauge(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """Have a value looked up whenever the metrics are read, in the thread that serves them."""

        def found() -> float:
            try:
                return value()
            except (sqlite3.Error, OSError):
                return math.nan

        Gauge(f"pullquote_{name}", meaning, registry=self.registry).set_function(found)


def watch(metrics: Metrics, state: ChatState, store: PassageStore) -> None:
    """Have the metrics show what is open and what is served, looked up when they are read."""
    metrics.gauge("inbox_open", "Updates to be handled, now or later.", state.updates.open_count)
    metrics.gauge("articles", "Articles served.", lambda: len(store.articles()))
    metrics.gauge("passages", "Passages served.", lambda: len(store.passage_ids(None)))
    metrics.gauge("vectors", "Passages that have vectors.", store.vector_count)


def serve(metrics: Metrics, address: tuple[str, int]) -> HTTPServer:
    """A server of ``/metrics`` on the running loop; ``OSError`` where it cannot listen there."""
    host, port = address
    application = Application(
        [("/metrics", _Page, {"metrics": metrics})],
        log_function=lambda _: None,  # every look would be a line in the log
    )
    server = HTTPServer(application)
    server.add_sockets(bind_sockets(port, host))
    return server


def _kind(error: TelegramError) -> Fault:
    if isinstance(error, RetryAfter):
        return "retry_after"
    is_network = isinstance(error, NetworkError) and not isinstance(error, BadRequest)
    return "network" if is_network else "telegram"


class _Page(RequestHandler):
    def initialize(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def get(self) -> None:
        """The metrics as they stand now."""
        encode, content_type = choose_encoder(self.request.headers.get("Accept", ""))
        self.set_header("Content-Type", content_type)
        self.write(encode(self._metrics.registry))
