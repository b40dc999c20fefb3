"""Inbox: updates stored before they are acknowledged, then handled, chat by chat."""

import asyncio
import json
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from telegram import Bot, ChatMember, ChatMemberRestricted, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.chats.alarm import kind
from bot.chats.delivery import LONGEST_PAUSE
from bot.chats.metrics import Metrics
from bot.chats.polling import has_id, is_id
from bot.chats.queries import Queries
from bot.chats.state import ChatState
from bot.chats.updates import Received

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the inbox keeps to."""

    at_once: int = 32
    """How many handlers run at once."""
    group_age: float = 600.0
    """Seconds after which a question in a group is too old to answer: the talk has moved on."""


_LIMITS = Limits()
_READ_AHEAD = 500
"""Updates that are not read once more when their turn comes, some 10 kB each."""
_IN_HAND: ContextVar[int | None] = ContextVar("update being handled", default=None)


class Inbox:
    """Hands every update to ``handle``: in order within a chat, in parallel across chats.

    An update is open from ``keep`` until ``handle`` has returned; after a crash ``resume`` takes up
    what is open. One that ``handle`` postpones stays open, is handled again when its time has come,
    and keeps no other waiting. Only an update that is being handled takes one of the places, not
    those that wait behind it. Where ``state.db`` cannot be used, everything stays open, and is gone
    on with when it can; what was handled by then is not handled again. Inline queries are handled
    from memory and never stored; see ``Queries``.
    """

    def __init__(  # noqa: PLR0913, PLR0917  three are for tests
        self,
        state: ChatState,
        bot: Bot,
        handle: Callable[[Update], Awaitable[object]],
        limits: Limits = _LIMITS,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        metrics: Metrics | None = None,
    ) -> None:
        self._state = state
        self._bot = bot
        self._handle = handle
        self._places = asyncio.Semaphore(limits.at_once)
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._alarm: asyncio.Task[None] | None = None
        self._ring_at = 0.0
        self._mending: asyncio.Task[None] | None = None
        """Waits until ``state.db`` can be used; nothing is begun meanwhile."""
        self._pause = 1.0
        self._handled: set[int] = set()
        """The updates that are only to be marked as done."""
        self._busy: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._queries = Queries(handle, self._start)
        self._is_closing = False
        self._metrics = metrics or Metrics()
        self._arrived: dict[int, float] = {}
        self._read_ahead: dict[int, Update] = {}
        """Updates read on arrival and not handled yet, so many that memory is no matter."""

    def resume(self) -> None:
        """Go on with what was open when the bot ended."""
        open_count = self._state.updates.open_count()
        if open_count:
            _log.info("Updates left from before, handled now: %d.", open_count)
        unsure_count = self._state.updates.unsure_count()
        if unsure_count:
            _log.info("Their replies on the way then, which may come twice: %d.", unsure_count)
        self._wake_all()

    def keep(self, batch: Sequence[Any]) -> None:
        """Store a batch of raw updates in one transaction, then have them handled.

        One that cannot be read is set aside with the reason. ``sqlite3.Error`` is raised where
        they cannot be stored; nothing was done with them then.
        """
        stored: list[Received] = []
        inline: list[Update] = []
        read: list[Update] = []
        unreadable: Counter[str] = Counter()
        for raw in batch:
            try:
                update = _read(raw, self._bot)
                received = Received(
                    update.update_id,
                    _chat_of(update),
                    json.dumps(raw),
                    is_guest=update.guest_message is not None,
                    kind=_kind_where_seen(update),
                )
            except Exception as error:  # whatever a malformed update makes the library raise
                reason = f"unreadable: {type(error).__name__}"
                unreadable[reason] += 1
                self._metrics.received("unreadable")
                if has_id(raw):
                    stored.append(Received(raw["update_id"], None, json.dumps(raw), reason))
                continue
            self._metrics.received(_kind_of(raw))
            if update.inline_query:
                inline.append(update)
            elif not update.chosen_inline_result:  # which nobody asked for, and has a query's text
                stored.append(received)
                read.append(update)
        if stored:
            self._state.updates.keep(stored)
        for reason, count in unreadable.items():
            _log.warning("Updates set aside, %s: %d.", reason, count)
        for update in inline:
            self._queries.put(update)
        for received in stored:
            if received.chat_id is not None:
                self._arrived[received.update_id] = time.perf_counter()
                self._wake(received.chat_id)
        for update in read[: max(0, _READ_AHEAD - len(self._read_ahead))]:
            self._read_ahead[update.update_id] = update

    async def close(self, within: float) -> None:
        """Begin nothing new, and give what is in hand so many seconds; the rest stays open."""
        self._is_closing = True
        for waiting in (self._alarm, self._mending):
            if waiting:
                waiting.cancel()
        if self._tasks:
            _, pending = await asyncio.wait(self._tasks, timeout=within)
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
        open_count = self._state.updates.open_count()
        if open_count:
            _log.info("Updates left for the next start: %d.", open_count)

    def _wake_all(self) -> None:
        for chat_id in self._state.updates.open_chats():
            self._wake(chat_id)
        self._set_alarm()

    def _set_alarm(self) -> None:
        """Have the chats woken when the next of the updates postponed is to be handled."""
        due_at = self._state.updates.next_due()
        if due_at is None or self._is_closing:
            return
        # What is due already is in hand, or will be by then.
        ring_at = max(due_at, self._clock() + 1)
        if self._alarm and self._ring_at <= ring_at:
            return
        if self._alarm:
            self._alarm.cancel()
        self._ring_at = ring_at
        self._alarm = asyncio.create_task(self._ring())

    async def _ring(self) -> None:
        await self._sleep(max(0.0, self._ring_at - self._clock()))
        self._alarm = None
        try:
            self._wake_all()
        except sqlite3.Error as error:
            self._begin_mending(error)

    def _begin_mending(self, error: sqlite3.Error) -> None:
        """Begin nothing more, until ``state.db`` can be used again."""
        if self._mending or self._is_closing:
            return
        _log.error("state.db cannot be used (%s); updates stay open.", error)
        self._mending = asyncio.create_task(self._mend())

    async def _mend(self) -> None:
        while True:
            await self._sleep(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE / 3)
            if self._state.is_writable():
                break
        self._mending = None
        _log.info("state.db can be used again.")
        try:
            self._wake_all()
        except sqlite3.Error as error:
            self._begin_mending(error)

    def _wake(self, chat_id: int) -> None:
        if chat_id not in self._busy and not self._mending:
            self._busy.add(chat_id)
            self._start(self._work(chat_id))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, chat_id: int) -> None:
        """Handle the chat's updates, one after the other, until none is open."""
        dropped = 0
        try:
            while received := self._state.updates.next_open(chat_id):
                async with self._places:
                    if self._is_closing or self._mending:
                        break
                    dropped += await self._handle_stored(received)
            self._set_alarm()
        except sqlite3.Error as error:
            self._begin_mending(error)
        finally:
            self._busy.discard(chat_id)
            if not self._busy:
                self._arrived.clear()
                self._read_ahead.clear()
        if dropped:
            _log.info("Questions in chat %d too old to answer, dropped: %d.", chat_id, dropped)

    async def _handle_stored(self, received: Received) -> bool:
        """Whether the update was dropped as too old instead of being handled."""
        _IN_HAND.set(received.update_id)
        try:
            update = self._read_ahead.pop(received.update_id, None) or _read(
                json.loads(received.body), self._bot
            )
            if received.update_id not in self._handled:
                if self._is_too_old(update, received.due_at):
                    self._state.updates.finish(received.update_id, reason="too old")
                    return True
                if not self._is_answered(update):
                    await self._handle(update)
                self._handled.add(received.update_id)
            self._state.catch_up()
            reply_id = self._reply_to(update)
            self._state.updates.finish(received.update_id, reply_id=reply_id)
            self._handled.discard(received.update_id)
            self._pause = 1.0
            self._time(received, reply_id)
        except sqlite3.Error:
            raise
        except Exception as error:
            reason = f"failed: {type(error).__name__}"
            _log.error("Update %d %s", received.update_id, reason, extra=kind(reason))
            _log.debug("The same in full:", exc_info=error)
            self._metrics.failed("exception")
            self._state.updates.finish(received.update_id, reason=reason)
        return False

    def _time(self, received: Received, reply_id: int | None) -> None:
        """Count how long it took to reply to an update that was not postponed."""
        arrived = self._arrived.pop(received.update_id, None)
        if reply_id and arrived is not None and received.due_at is None:
            self._metrics.replied(time.perf_counter() - arrived)

    def _is_too_old(self, update: Update, due_at: int | None) -> bool:
        """Whether a message in a group has waited longer than the limit since it was due."""
        message = _written(update) or update.guest_message
        if message is None or message.chat.type == ChatType.PRIVATE:
            return False
        asked_at = (message.edit_date or message.date).timestamp()
        return self._clock() - max(asked_at, due_at or 0) > self._limits.group_age

    def _is_answered(self, update: Update) -> bool:
        """Whether its reply was sent and recorded before a crash cut off the end."""
        is_new = update.message is not None or update.channel_post is not None
        return is_new and self._reply_to(update) is not None

    def _reply_to(self, update: Update) -> int | None:
        message = _written(update)
        return self._state.reply_to(message.chat_id, message.message_id) if message else None


def mark_send(state: ChatState) -> None:
    """Mark the update being handled, if one is: something is sent for it now.

    ``Unusable`` is raised where that cannot be written; so nothing is sent.
    """
    update_id = _IN_HAND.get()
    if update_id is not None:
        state.updates.mark_send(update_id)


def _read(raw: Any, bot: Bot) -> Update:
    """The update; anything at all may be raised where it is none."""
    if not has_id(raw):
        raise ValueError("an update without an id")
    update = Update.de_json(raw, bot)
    message, chat = update.effective_message, update.effective_chat
    if message and not is_id(message.message_id):
        raise ValueError("a message without an id")
    if chat and not isinstance(chat.type, str):
        raise ValueError("a chat of no kind")
    return update


def _written(update: Update) -> Message | None:
    """What was written in a chat the bot is in, or edited there."""
    return (
        update.message or update.edited_message or update.channel_post or update.edited_channel_post
    )


def _kind_where_seen(update: Update) -> str | None:
    """The kind of the chat that the update is from, where it shows that the bot is there."""
    if update.my_chat_member:
        change = update.my_chat_member
        return change.chat.type if is_there(change.new_chat_member) else None
    message = _written(update)
    # That somebody left may be the last that is heard, as it may be the bot.
    return message.chat.type if message and not message.left_chat_member else None


def is_there(member: ChatMember) -> bool:
    """Whether somebody is in the chat, restricted or not."""
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


def _kind_of(raw: dict[str, Any]) -> str:
    """The name of what the update holds beside its id."""
    return next((name for name in raw if name != "update_id"), "")


def _chat_of(update: Update) -> int:
    """What it has to be in order with: its chat, else who it came from."""
    whose = update.effective_chat or update.effective_user
    if whose and not is_id(whose.id):
        raise ValueError("a chat without an id")
    return whose.id if whose else 0
