"""Replay: a group's past put to the bot by the rules of the running one, and what it says to it.

It is a dry run whose clock is that of the past, so that cooldowns, budgets, quiet hours and the
waiting time are what they would have been.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.chats.chat_settings import ChatSettings, Overrides, settled
from bot.chats.conversations import Conversations
from bot.chats.database import IN_MEMORY
from bot.chats.desk import Desk
from bot.chats.export import ExportedChat
from bot.chats.heard import Me, hear
from bot.chats.manners import Silent
from bot.chats.past import Past
from bot.chats.state import UNSAID, ChatState, chosen_in
from bot.chats.tally import Tally
from bot.chats.updates import Received
from bot.chats.verdict import Verdict, is_left_to_people, leave_answered, remember, verdict
from bot.corpus.store import PassageStore
from bot.matching.answer import Answerer, Excerpt
from bot.settings import Settings

ANSWERED = "answered by somebody"
"""Why a question is left alone that waited."""
MODE: Overrides = {"mode": "questions"}
"""What is tried where nobody has chosen: as it comes, the bot would hardly speak."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot would have said, and to what."""

    clock: datetime
    """When, by the clock of who exported it."""
    message_id: int
    text: str
    """The message replied to."""
    what: str
    """``answer``, ``nothing found`` or ``said before``."""
    confidence: float
    excerpt: Excerpt | None
    """What is quoted."""


@dataclass(slots=True)
class _Clock:
    """The time of the past."""

    time: float = 0

    def __call__(self) -> float:
        return self.time


@dataclass(slots=True)
class Replay:
    """A dry run over the past of one group."""

    group: ExportedChat
    me: Me
    store: PassageStore
    answerer: Answerer
    chosen: Mapping[int, Overrides] = field(default_factory=dict)
    """What was chosen for the chat (0) and for topics of it."""
    options: Overrides = field(default_factory=dict)
    """What is tried in place of that."""
    tally: Tally = field(default_factory=Tally)
    _clock: _Clock = field(default_factory=_Clock)
    _waiting: dict[int, Past] = field(default_factory=dict)
    """The questions left to people, by their ids."""

    @property
    def settings(self) -> ChatSettings:
        """The settings in force in the chat."""
        return settled(self._overrides(0))

    def replies(self, past: Iterable[Past]) -> Iterator[Reply]:
        """What is said to each message, in the order in which it is said; the tally goes along."""
        # Nothing of it is kept: a year's replies take some megabytes.
        state = ChatState(IN_MEMORY, self._clock)
        for topic_id in {0, *self.chosen}:
            state.override(self.group.chat_id, topic_id or None, self._overrides(topic_id))
        conversations = Conversations(self._clock)
        desk = Desk(
            Settings(), self.store, state, self.answerer, lambda: None, conversations=conversations
        )
        loop = asyncio.new_event_loop()
        try:
            for each in past:
                for due in self._due(desk, each.at):
                    yield from loop.run_until_complete(self._listen(desk, due))
                self._clock.time = each.at
                self.tally.message(each.clock)
                self._leave_answered(desk, each)
                yield from loop.run_until_complete(self._listen(desk, each))
            for due in self._due(desk, None):
                yield from loop.run_until_complete(self._listen(desk, due))
        finally:
            loop.close()
            desk.close()
            state.close()

    def _overrides(self, topic_id: int) -> Overrides:
        base = {} if topic_id else MODE
        return {**base, **self.chosen.get(topic_id, {}), **self.options}

    def _due(self, desk: Desk, until: float | None) -> Iterator[Past]:
        """What has waited long enough by then; without a time, whatever waits."""
        while self._waiting:
            due_at = desk.state.updates.next_due()
            assert due_at is not None
            if until is not None and due_at > until:
                return
            self._clock.time = max(self._clock.time, due_at)
            received = desk.state.updates.next_open(self.group.chat_id)
            assert received is not None
            yield self._waiting.pop(received.update_id)
            desk.state.updates.finish(received.update_id)
            desk.state.forget()

    def _leave_answered(self, desk: Desk, each: Past) -> None:
        leave_answered(desk.state, each.said)
        if each.said.replied_to and desk.state.updates.open_count() < len(self._waiting):
            del self._waiting[each.said.replied_to.message_id]
            self.tally.silences[ANSWERED] += 1

    async def _listen(self, desk: Desk, each: Past) -> list[Reply]:
        """What is said now, if anything is."""
        said, state = each.said, desk.state
        heard = hear(said, self.me)
        settings = replace(state.settings(said.chat_id, said.topic_id), dry_run=True)
        found = await verdict(desk, heard, settings)
        if isinstance(found, Silent):
            self.tally.silences[found.reason] += 1
            return []
        state.updates.keep([Received(said.message_id, said.chat_id, "")])
        if is_left_to_people(state, heard, settings, said.message_id):
            self._waiting[said.message_id] = each
            return []
        state.updates.finish(said.message_id)
        remember(state, said, UNSAID, found.place)
        clock = each.clock + timedelta(seconds=self._clock.time - each.at)
        self.tally.reply(clock)
        return [_reply(each, found, clock)]


def replay_of(  # noqa: PLR0913, PLR0917  which group, with what, and what is tried there
    group: ExportedChat,
    settings: Settings,
    store: PassageStore,
    answerer: Answerer,
    options: Overrides,
    username: str = "",
) -> Replay:
    """A replay of a group's past with what its admins chose.

    The bot is named by its username and, where the token is set, by its id. ``DatabaseError`` of
    sqlite3 is raised where there is a state that cannot be read.
    """
    id_, _, _ = settings.token.partition(":")
    me = Me(int(id_) if id_.isdecimal() else 0, username.removeprefix("@"))
    chosen = chosen_in(settings.state_db, group.chat_id)
    return Replay(group, me, store, answerer, chosen, options)


def _reply(each: Past, found: Verdict, clock: datetime) -> Reply:
    what, answer = found.speak.what, found.answer
    excerpt = answer.excerpts[0] if what == "answer" else None
    return Reply(clock, each.said.message_id, each.said.text, what, answer.confidence, excerpt)
