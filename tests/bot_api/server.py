"""The server: a thread with an event loop of its own that answers as api.telegram.org does."""

import asyncio
import threading
import time
import traceback
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.bot_api.courier import Courier
from tests.bot_api.faults import Fault, Held
from tests.bot_api.judge import decoded, judge, schema
from tests.bot_api.methods import METHODS
from tests.bot_api.refusal import Refused, unauthorized
from tests.bot_api.state import Json, State
from tests.bot_api.updates import Changes

T = TypeVar("T")

TOKEN = "4200000042:not-a-token-only-shaped-like-one-00"
PATIENCE = 20.0
"""Seconds after which a wait has failed: far more than anything here takes."""


@dataclass(frozen=True)
class Request:
    """A request that arrived, as plain data, and the status it was answered with."""

    method: str
    parameters: Json
    status: int
    at: float
    """When, by ``time.perf_counter``."""


@dataclass(frozen=True)
class Hold:
    """The test's hand on a request that is kept waiting."""

    api: "BotApi"
    fault: Held

    def wait(self) -> None:
        """Return once the request has arrived."""
        self.api.run(asyncio.wait_for(self.fault.reached.wait(), PATIENCE))

    def release(self) -> None:
        """Let the answer go."""
        self.api.do(self.fault.released.set)


class BotApi:
    """A Bot API on loopback, between ``start`` and ``stop`` or as a context manager.

    ``violations`` holds what broke a rule of the Bot API, ``refusals`` what was refused for a
    reason the bot could not know, ``requests`` all but getUpdates that reached Telegram whole.
    """

    def __init__(self) -> None:
        self.token = TOKEN
        self.revoked = False
        """Whether @BotFather has taken the token back: then everything is unauthorized."""
        self.violations: list[str] = []
        self.refusals: list[str] = []
        self.requests: list[Request] = []
        self.polls = 0
        self.changes = Changes()
        self.state = State(int(TOKEN.split(":", maxsplit=1)[0]), self.changes, time.time)
        self.courier = Courier(self.state)
        """Who posts to a webhook."""
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="Bot API", daemon=True)
        app = web.Application(client_max_size=50 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=1
        )
        self._port = 0

    # The test's side: every call runs in the server's loop, so nothing needs a lock.

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What the coroutine returns, run in the server's loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(2 * PATIENCE)

    def do(self, function: Callable[..., T], *args: Any, **more: Any) -> T:
        """What the function returns, called in the server's loop."""

        async def call() -> T:
            result = function(*args, **more)
            self.changes.tell()
            return result

        return self.run(call())

    def wait_until(self, condition: Callable[[], object], what: str) -> None:
        """Return once the condition on the state holds; fail, saying what was waited for."""
        if not self.run(self.changes.until(condition, PATIENCE)):
            happened = [f"{call.method} {call.status}" for call in self.requests[-10:]]
            problems = self.violations + self.refusals
            raise AssertionError(f"{what}: not within {PATIENCE:g} s. {happened=} {problems=}")

    def calls(self, method: str) -> list[Json]:
        """The parameters of every request for this method so far."""
        return [call.parameters for call in self.requests if call.method == method]

    def excuse(self, words: str) -> None:
        """Take the violation that holds these words off the list: the test expects it."""
        found = [violation for violation in self.violations if words in violation]
        assert found, f"no violation says “{words}”: {self.violations}"
        self.violations.remove(found[0])

    def put_raw(self, body: Any) -> int:
        """The id under which this update is queued: any JSON value, as it is."""
        return self.do(self.state.updates.put_raw, body)

    # What can go wrong.

    def fail_next(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let the fault strike the next requests for this method."""
        self.do(self._faults[method].extend, [fault] * times)

    def hold_next(self, method: str, *, applied: bool = False) -> Hold:
        """Keep the next request for this method waiting until the hold is released."""
        held = Held(applied=applied)
        self.fail_next(method, held)
        return Hold(self, held)

    @contextmanager
    def network_gone(self) -> Iterator[None]:
        """Within it nobody listens, and every connection is cut; then the same port answers."""
        self.run(self._hang_up())
        try:
            yield
        finally:
            self.run(self._listen())

    @contextmanager
    def second_poller(self) -> Iterator[None]:
        """Within it another bot polls with the same token, and takes over whenever it is ended."""
        other = asyncio.run_coroutine_threadsafe(self.state.updates.disturb(), self._loop)
        try:
            yield
        finally:
            other.cancel()

    # Start and stop.

    def __enter__(self) -> Self:
        self._thread.start()
        self.run(self._runner.setup())
        self.run(self._listen())
        asyncio.run_coroutine_threadsafe(self.courier.go(), self._loop)
        return self

    def __exit__(self, *exc: object) -> None:
        self.run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """The address, as TELEGRAM_API_URL takes it."""
        return f"http://127.0.0.1:{self._port}"

    async def _listen(self) -> None:
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]

    async def _hang_up(self) -> None:
        for site in list(self._runner.sites):
            await site.stop()
        assert self._runner.server is not None
        for connection in self._runner.server.connections:
            if connection.transport is not None:
                connection.transport.abort()

    async def _close(self) -> None:
        await self._hang_up()
        await self._runner.cleanup()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    # The bot's side.

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        if name == "getUpdates":
            self.polls += 1
            self.changes.tell()
        waiting = self._faults[name]
        fault = waiting.popleft() if waiting else Fault(applied=True)
        right = await self._right_answer(request) if fault.applied else None
        answer = await fault.answer(request, right)
        return await self._right_answer(request) if answer is None else answer

    async def _right_answer(self, request: web.Request) -> web.Response:
        name, fields = request.match_info["method"], await _fields(request)
        try:
            if self.revoked or request.match_info["token"] != self.token:
                raise unauthorized()
            model = schema(name)
            fields = decoded(model, fields)
            judge(model, fields)
            result = await self._result(model.__api_method__, fields)
            response = web.json_response({"ok": True, "result": result})
        except Refused as refused:
            kept = self.violations if refused.violation else self.refusals
            kept.append(f"{name}: {refused.description}")
            response = web.json_response(refused.body(), status=refused.status)
        except Exception:
            self.violations.append(f"{name}: the loopback Bot API failed\n{traceback.format_exc()}")
            raise
        if name != "getUpdates":
            self.requests.append(Request(name, fields, response.status, time.perf_counter()))
        self.changes.tell()
        return response

    async def _result(self, method: str, parameters: Json) -> Any:
        if method == "getUpdates":
            return await self.state.updates.poll(**parameters)
        if method not in METHODS:
            raise Refused(501, f"{method} is not in tests/bot_api/methods.py yet", violation=True)
        return METHODS[method](self.state, parameters)


async def _fields(request: web.Request) -> Json:
    fields: Json = dict(request.query)
    if request.content_type == "application/json":
        with suppress(ValueError):
            fields |= await request.json()
    else:
        fields |= {
            name: value if isinstance(value, str) else f"attach://{name}"
            for name, value in (await request.post()).items()
        }
    return fields
