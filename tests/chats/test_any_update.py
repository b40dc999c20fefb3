"""Whatever comes in is handled or set aside: no update ends the bot, and none stays open."""

import asyncio
import json
import logging
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from aiogram.types import Update
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.request import BaseRequest, RequestData

from bot.chats.app import application
from bot.chats.client import Client
from bot.chats.delivery import PatientLimiter
from bot.chats.desk import Desk
from bot.chats.inbox import Inbox
from bot.chats.state import ChatState
from bot.corpus.store import PassageStore
from bot.matching.answer import Answerer
from bot.settings import Settings
from tests.bot_api.judge import decoded, judge, schema
from tests.bot_api.refusal import Refused
from tests.bot_api.server import TOKEN
from tests.chats.any_update import BOT, NOW, mangled, updates
from tests.chats.clock import Clock

PATIENCE = 10.0
STATUSES = ["administrator", "member", "left"]
RIGHTS = (
    *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages"),
    *("can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info"),
    *("can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories"),
)


@dataclass
class Nowhere(BaseRequest):
    """Telegram as far as a handler sees it: takes whatever keeps its rules, and sends nothing on.

    Everybody asked about has the same ``status`` in every chat.
    """

    status: str
    violations: list[str] = field(default_factory=list)
    _last: int = 2**31

    read_timeout = 1.0

    async def initialize(self) -> None:
        """There is nothing to open."""

    async def shutdown(self) -> None:
        """There is nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """What Telegram answers."""
        model = schema(url.rpartition("/")[2])
        fields = decoded(model, request_data.json_parameters if request_data else {})
        try:
            judge(model, fields)
        except Refused as refused:
            self.violations.append(f"{model.__api_method__}: {refused.description}")
            return refused.status, json.dumps(refused.body()).encode()
        result = self._result(model.__api_method__, fields)
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def _result(self, method: str, fields: dict[str, Any]) -> Any:
        chat_id = fields.get("chat_id")
        kind = "private" if isinstance(chat_id, int) and chat_id > 0 else "supergroup"
        chat = {"id": chat_id, "type": kind, "title": "A group", "first_name": "Ana"}
        self._last += 1
        message = {"message_id": self._last, "date": NOW, "chat": chat, "from": BOT, "text": "x"}
        modes = {"can_read_all_group_messages": False, "supports_inline_queries": True}
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
        accepted = dict.fromkeys((*gifts, "gifts_from_channels"), False)
        more = {"accent_color_id": 0, "max_reaction_count": 0, "accepted_gift_types": accepted}
        results: dict[str, Any] = {
            "getMe": BOT | modes,
            "getChat": chat | more,
            "getChatMember": self._member(fields.get("user_id", 0)),
            "getChatAdministrators": [self._member(8)] if self.status == STATUSES[0] else [],
            "answerGuestQuery": {"inline_message_id": "1"},
            **dict.fromkeys(("sendMessage", "editMessageText", "editMessageReplyMarkup"), message),
        }
        return results.get(method, True)

    def _member(self, user_id: int) -> dict[str, Any]:
        user = {"id": user_id, "is_bot": False, "first_name": "Ana"}
        rights = dict.fromkeys(RIGHTS, True) if self.status == "administrator" else {}
        return {"status": self.status, "user": user, **rights}


class Unhurried(PatientLimiter):
    """Lets every request go at once: nobody is there to be flooded."""

    async def process_request(self, callback: Any, args: Any, kwargs: Any, **_: Any) -> Any:
        """What the request returns."""
        return await callback(*args, **kwargs)


@dataclass
class Came:
    """What came of a batch of updates."""

    rows: list[tuple[int, bool, str | None]]
    """Of each that was stored its id, whether it is done, and why it was set aside."""
    logged: Sequence[logging.LogRecord]
    """From warnings on."""
    rebuilt: int
    """How often the index was built anew."""
    violations: Sequence[str]
    """Of the Bot API's rules, by what was sent."""


class House:
    """The handlers of every chat behind a real inbox, on a real ``state.db`` that is new."""

    def __init__(self, store: PassageStore, answerer: Answerer, new: Path) -> None:
        self._store = store
        self._answerer = answerer
        self._new = new

    def take(self, batch: Sequence[Any], status: str) -> Came:
        """What comes of a batch, once nothing is left to be done."""
        with TemporaryDirectory() as folder, _logged() as records:
            shutil.copy(self._new, folder)
            nowhere = Nowhere(status)
            rebuilt = asyncio.run(self._take(batch, Path(folder), nowhere))
            with closing(sqlite3.connect(Path(folder) / "state.db")) as state:
                rows = state.execute("SELECT update_id, done_at IS NOT NULL, reason FROM inbox")
                return Came(rows.fetchall(), records, rebuilt, nowhere.violations)

    async def _take(self, batch: Sequence[Any], folder: Path, nowhere: Nowhere) -> int:
        """How often the index was built anew."""
        rebuilt: list[None] = []
        clock = Clock(NOW)

        async def sleep(seconds: float) -> None:
            clock.move(seconds)

        state = ChatState(folder / "state.db", clock)
        where = Settings(data=folder)
        desk = Desk(where, self._store, state, self._answerer, lambda: rebuilt.append(None))
        with patch("bot.chats.client._request", lambda connections: nowhere):
            client = Client(TOKEN, "http://nowhere.invalid", Unhurried())
        app = application(client, desk)
        await app.initialize()
        inbox = Inbox(state, client, app.process_update, clock=clock, sleep=sleep)
        inbox.keep(batch)
        async with asyncio.timeout(PATIENCE):
            while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
                await asyncio.wait(tasks)
        await inbox.close(0)
        await app.shutdown()
        desk.close()
        state.close()
        return len(rebuilt)


@contextmanager
def _logged() -> Iterator[list[logging.LogRecord]]:
    """Everything that is logged within it from warnings on."""
    records: list[logging.LogRecord] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = records.append  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        yield records
    finally:
        logging.getLogger().removeHandler(handler)


@pytest.fixture(scope="module")
def house(
    store: PassageStore, answerer: Answerer, tmp_path_factory: pytest.TempPathFactory
) -> House:
    """One over the seed article."""
    new = tmp_path_factory.mktemp("new") / "state.db"
    ChatState(new).close()
    return House(store, answerer, new)


@settings(max_examples=60, deadline=None)
@given(batch=st.lists(updates(), min_size=1, max_size=4), status=st.sampled_from(STATUSES))
def test_whatever_telegram_can_send_is_handled(
    batch: list[dict[str, Any]], status: str, house: House
) -> None:
    """No handler fails, no update is set aside, and nothing is sent that Telegram would refuse."""
    for update in batch:
        Update.model_validate(update)
    came = house.take(batch, status)
    assert [record.getMessage() for record in came.logged] == []
    assert (came.violations, came.rebuilt) == ([], 0)
    stored = {update["update_id"] for update in batch}
    assert {update_id for update_id, _, _ in came.rows} <= stored
    assert all(done for _, done, _ in came.rows)
    assert {reason for _, _, reason in came.rows} <= {None, "too old", "answered by somebody"}


@settings(max_examples=60, deadline=None)
@given(batch=st.lists(mangled(), min_size=1, max_size=4), status=st.sampled_from(STATUSES))
def test_whatever_telegram_would_never_send_is_handled_or_set_aside(
    batch: list[Any], status: str, house: House
) -> None:
    """It ends nothing: a handler that fails says so in one line, without a traceback."""
    came = house.take(batch, status)
    assert all(done for _, done, _ in came.rows)
    assert came.rebuilt == 0
    for record in came.logged:
        assert record.name.startswith("bot.")
        assert record.exc_info is None
