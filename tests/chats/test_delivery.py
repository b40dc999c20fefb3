"""Requests that Telegram, or the network, does not take at once."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
from telegram.error import (
    BadRequest,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.chats.client import Client
from bot.chats.delivery import PatientLimiter, Time
from tests.bot_api.driver import Telegram
from tests.bot_api.faults import Dropped, Error
from tests.bot_api.server import BotApi


@pytest.fixture(autouse=True)
def timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library gives times as timedelta, as in ``serve``."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def because(error: TelegramError, cause: Exception) -> TelegramError:
    """The error as the library raises it from a cause."""
    error.__cause__ = cause
    return error


OFFLINE = because(NetworkError("httpx.ConnectError"), httpx.ConnectError("no network"))
ANSWER_LOST = because(TimedOut(), httpx.ReadTimeout("no answer"))
BAD_GATEWAY = NetworkError("Bad Gateway (502)")


class Request:
    """A request that fails as often as told, then succeeds; time moves by its waits alone."""

    def __init__(self, *failures: Exception) -> None:
        self._failures = iter(failures)
        self.tries = 0
        self.waits: list[float] = []

    async def send(self, *_: Any, **__: Any) -> bool:
        """What the library would send."""
        self.tries += 1
        if failure := next(self._failures, None):
            raise failure
        return True

    async def sleep(self, seconds: float) -> None:
        """Move the time on."""
        self.waits.append(seconds)

    def run(self, method: str = "sendMessage", **data: Any) -> None:
        """Put it through the limiter."""

        async def scenario() -> None:
            limiter = PatientLimiter(Time(lambda: sum(self.waits), self.sleep))
            await limiter.process_request(self.send, (), {}, method, data, None)

        asyncio.run(scenario())


def test_telegram_s_own_time_is_waited() -> None:
    """As often as it asks."""
    request = Request(RetryAfter(3), RetryAfter(40))
    request.run(chat_id=7)
    assert (request.tries, request.waits) == (3, [3, 40])


def test_what_says_nothing_in_a_group_is_not_held_up() -> None:
    """Twenty messages a minute may be sent there; who is an admin is asked at every press."""

    async def scenario() -> None:
        limiter, request = PatientLimiter(), Request()
        data = {"chat_id": -7}
        async with asyncio.timeout(20):  # with the limit of messages it takes minutes
            for method in ("getChatMember", "deleteMessage") * 100:
                await limiter.process_request(request.send, (), {}, method, data, None)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "failure", [pytest.param(OFFLINE, id="no network"), pytest.param(BAD_GATEWAY, id="5xx")]
)
def test_what_was_surely_not_sent_to_a_group_is_tried_for_ten_minutes(
    failure: TelegramError,
) -> None:
    """Less and less often, then given up."""
    request = Request(*[failure] * 100)
    with pytest.raises(NetworkError):
        request.run(chat_id=-7)
    assert request.waits[:6] == [1, 2, 4, 8, 16, 30]
    assert sum(request.waits) == 601


class TestAPrivateChat:
    """Whoever asked alone waits for the reply, however long there is no network."""

    def test_is_written_to_for_as_long_as_its_question_is_kept(self) -> None:
        """A day; after ten minutes more it is given up."""
        request = Request(*[OFFLINE] * 10_000)
        with pytest.raises(NetworkError):
            request.run(chat_id=7)
        assert 24 * 3600 + 570 <= sum(request.waits) <= 24 * 3600 + 600

    def test_is_written_to_for_ten_minutes_where_telegram_fails(self) -> None:
        """The time before, without a network, does not count."""
        request = Request(*[OFFLINE] * 100, *[BAD_GATEWAY] * 100)
        with pytest.raises(NetworkError):
            request.run(chat_id=7)
        assert request.tries == 100 + 20


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(ANSWER_LOST, id="time-out"),
        pytest.param(TelegramError("Invalid server response"), id="no JSON"),
        pytest.param(KeyError("result"), id="JSON without a result"),
        pytest.param(TypeError("list indices must be integers"), id="another JSON"),
    ],
)
def test_a_send_whose_answer_was_lost_is_tried_once_more(failure: Exception) -> None:
    """It may have arrived, so a message is doubled at most."""
    once = Request(failure)
    once.run(chat_id=7)
    assert once.tries == 2
    twice = Request(failure, failure)
    with pytest.raises(TelegramError):
        twice.run(chat_id=7)
    assert twice.tries == 2


@pytest.mark.parametrize("method", ["editMessageText", "answerCallbackQuery"])
def test_what_can_be_done_twice_is_tried_as_often_as_needed(method: str) -> None:
    """An edit, the answer to a press."""
    request = Request(*[ANSWER_LOST] * 5)
    request.run(method, **({"chat_id": 7} if method.startswith("edit") else {}))
    assert request.tries == 6


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(BadRequest("message is not modified"), id="400"),
        pytest.param(Forbidden("bot was blocked by the user"), id="403"),
    ],
)
def test_a_refusal_is_final(refusal: TelegramError) -> None:
    """The same request would be refused again."""
    request = Request(refusal)
    with pytest.raises(type(refusal)):
        request.run(chat_id=7)
    assert request.tries == 1


def test_what_no_reader_waits_for_fails_at_once() -> None:
    """The start of the bot, say, which has its own way to say that there is no network."""
    request = Request(OFFLINE)
    with pytest.raises(NetworkError):
        request.run("getMe")
    assert request.tries == 1


def send_to(api: BotApi, scenario: Callable[[Client], Coroutine[Any, Any, None]]) -> None:
    """Run the scenario with a client on the loopback Bot API, whose waits take no time."""

    async def at_once(_: float) -> None:
        await asyncio.sleep(0)

    async def connected() -> None:
        limiter = PatientLimiter(Time(sleep=at_once))
        async with Client(api.token, api.url, limiter) as client:
            await scenario(client)

    asyncio.run(connected())


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Error(status=429, retry_after=1), id="429"),
        pytest.param(Error(status=500), id="500"),
        pytest.param(Error(status=502), id="502 as a page"),
        pytest.param(Dropped(), id="connection cut"),
    ],
)
def test_a_message_arrives_once_over_real_http(
    fault: Error, api: BotApi, telegram: Telegram
) -> None:
    """Whatever the first try met on its way."""
    ana = telegram.private("Ana")
    ana.says("Hello")
    api.fail_next("sendMessage", fault)

    async def scenario(client: Client) -> None:
        await client.send_message(ana.user["id"], "Hello")

    send_to(api, scenario)
    assert ana.hears().text == "Hello"


def test_one_chat_told_to_wait_does_not_hold_up_another(api: BotApi, telegram: Telegram) -> None:
    """The second chat has its message while the first still waits."""
    ana, ben = telegram.private("Ana"), telegram.private("Ben")
    ana.says("Hello")
    ben.says("Hello")
    api.fail_next("sendMessage", Error(status=429, retry_after=60))

    async def scenario() -> None:
        waiting, go_on = asyncio.Event(), asyncio.Event()

        async def sleep(_: float) -> None:
            waiting.set()
            await go_on.wait()

        async with Client(api.token, api.url, PatientLimiter(Time(sleep=sleep))) as client:
            first = asyncio.create_task(client.send_message(ana.user["id"], "late"))
            await waiting.wait()
            await client.send_message(ben.user["id"], "at once")
            assert not first.done()
            go_on.set()
            await first

    asyncio.run(scenario())
    assert [ben.hears().text, ana.hears().text] == ["at once", "late"]


@pytest.mark.parametrize("method", ["answerInlineQuery", "answerGuestQuery"])
class TestAnAnswerToAQuery:
    """Telegram takes it for a few seconds only."""

    def test_is_given_up_after_ten_seconds(self, method: str) -> None:
        """So that it holds up no other."""
        request = Request(*[OFFLINE] * 100)
        with pytest.raises(NetworkError):
            request.run(method)
        assert request.waits == [1, 2, 4, 8]

    def test_does_not_wait_for_longer_than_that(self, method: str) -> None:
        """Although Telegram asks it to; a short time is waited."""
        request = Request(RetryAfter(3), RetryAfter(40))
        with pytest.raises(RetryAfter):
            request.run(method)
        assert request.waits == [3]
