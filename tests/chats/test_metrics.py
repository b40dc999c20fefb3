"""Metrics: what is counted and timed, read over HTTP as Prometheus reads it."""

import asyncio
import sqlite3
import urllib.request
from collections.abc import Callable

import pytest
from prometheus_client.parser import text_string_to_metric_families
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.chats.metrics import Metrics, serve

LOOPBACK = "127.0.0.1"


def read(text: str) -> dict[str, float]:
    """Each sample by its name and labels as Prometheus writes them, but in the order of names."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def page(metrics: Metrics) -> dict[str, float]:
    """What a real request to a real server gets."""

    async def scenario() -> str:
        server = serve(metrics, (LOOPBACK, 0))
        [socket] = server._sockets.values()
        port = socket.getsockname()[1]
        try:
            return await asyncio.to_thread(get, f"http://{LOOPBACK}:{port}/metrics")
        finally:
            server.stop()

    return read(asyncio.run(scenario()))


def get(url: str) -> str:
    """The body that a plain client gets."""
    with urllib.request.urlopen(url, timeout=10) as response:
        assert response.headers["Content-Type"].startswith("text/plain")
        return response.read().decode()


def test_counts_begin_at_nothing() -> None:
    """What has no labels is there from the start, so that its first rise is seen."""
    found = page(Metrics())
    assert found["pullquote_sends_total"] == 0
    assert found["pullquote_reply_seconds_count"] == 0
    assert found["pullquote_answer_seconds_count"] == 0


def test_updates_are_counted_by_kind() -> None:
    """Kinds that Telegram may invent are one, so that labels stay few."""
    metrics = Metrics()
    for kind in ("message", "message", "unreadable", "mind_reading", "dream"):
        metrics.received(kind)
    found = page(metrics)
    assert found["pullquote_updates_total{kind=message}"] == 2
    assert found["pullquote_updates_total{kind=unreadable}"] == 1
    assert found["pullquote_updates_total{kind=other}"] == 2


def test_outcomes_are_counted_by_chat_and_reason() -> None:
    """Silence has a reason."""
    metrics = Metrics()
    metrics.came_of("private", "answer", "")
    metrics.came_of("group", "silent", "not a question")
    found = page(metrics)
    assert found["pullquote_outcomes_total{chat=private,outcome=answer,reason=}"] == 1
    assert found["pullquote_outcomes_total{chat=group,outcome=silent,reason=not a question}"] == 1


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        pytest.param(RetryAfter(1), "retry_after", id="told to wait"),
        pytest.param(NetworkError("Bad Gateway (502)"), "network", id="bad gateway"),
        pytest.param(TimedOut(), "network", id="timed out"),
        pytest.param(BadRequest("Message is too long"), "telegram", id="bad request"),
        pytest.param(Forbidden("bot was blocked by the user"), "telegram", id="blocked"),
        pytest.param(TelegramError("Invalid server response"), "telegram", id="nonsense"),
    ],
)
def test_faults_are_counted_by_kind_and_go_on(error: TelegramError, kind: str) -> None:
    """Whoever asked still sees the error."""
    metrics = Metrics()
    with pytest.raises(type(error)), metrics.asking():
        raise error
    faults = {name: count for name, count in page(metrics).items() if "faults_total" in name}
    assert faults == {f"pullquote_faults_total{{kind={kind}}}": 1}


@pytest.mark.parametrize("error", [OSError("gone"), sqlite3.OperationalError("locked")])
def test_what_cannot_be_looked_up_spoils_nothing_else(error: Exception) -> None:
    """It is no number then."""

    def fail() -> float:
        raise error

    metrics = Metrics()
    metrics.gauge("articles", "Articles served.", lambda: 3)
    metrics.gauge("vectors", "Passages that have vectors.", fail)
    found = page(metrics)
    assert found["pullquote_articles"] == 3
    assert found["pullquote_vectors"] != found["pullquote_vectors"]


def test_two_bots_count_apart() -> None:
    """There is no registry that all share."""
    one, other = Metrics(), Metrics()
    one.sent()
    assert [page(metrics)["pullquote_sends_total"] for metrics in (one, other)] == [1, 0]


def test_times_have_buckets() -> None:
    """From 5 ms to ten minutes."""
    metrics = Metrics()
    metrics.replied(0.02)
    found = page(metrics)
    assert found["pullquote_reply_seconds_bucket{le=0.01}"] == 0
    assert found["pullquote_reply_seconds_bucket{le=0.025}"] == 1
    assert found["pullquote_reply_seconds_bucket{le=600.0}"] == 1


def test_an_answer_is_timed_where_it_is_found() -> None:
    """One that failed is not."""
    metrics = Metrics()

    def answer(found: Callable[[], object]) -> None:
        with metrics.answering():
            found()

    answer(lambda: 1)
    with pytest.raises(ZeroDivisionError):
        answer(lambda: 1 / 0)
    assert page(metrics)["pullquote_answer_seconds_count"] == 1
