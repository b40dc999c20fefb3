"""A group's past put to the bot: which messages get which replies, and why others get none."""

from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.chats.export import ExportedChat
from bot.chats.past import past
from bot.chats.replay import Replay, replay_of
from bot.chats.state import ChatState
from bot.corpus.store import PassageStore
from bot.matching.answer import Answerer
from bot.settings import Settings
from tests.chats.exported import Group

CHAT = ExportedChat("Vecinos", "private_supergroup", 123, 0)
BLOCKED = "Who blocked the Panamericana Sur?"
"""¶5 of the seed article answers it, surely enough to be said unasked."""
RETURNED = "How many migrants returned on foot?"
"""And ¶6 this one."""
HOUR = 3600


class Room:
    """Where a past is replayed."""

    def __init__(self, store: PassageStore, answerer: Answerer, data: Path) -> None:
        self._store, self._answerer = store, answerer
        self.settings = Settings(token="42:secret", data=data)

    def replay(self, group: Group, **options: Any) -> tuple[Replay, list[str]]:
        """The replay, and its replies: when, to which message, which paragraph or words."""
        made = replay_of(
            CHAT, self.settings, self._store, self._answerer, options, "@pullquote_bot"
        )
        transcript = [
            f"{reply.clock:%H:%M} {reply.message_id} "
            + (f"¶{reply.excerpt.passage.paragraph}" if reply.excerpt else reply.what)
            for reply in made.replies(past(group.messages, CHAT, made.me.id))
        ]
        return made, transcript

    def says(self, group: Group, **options: Any) -> list[str]:
        """The replies alone."""
        return self.replay(group, **options)[1]


@pytest.fixture
def room(store: PassageStore, answerer: Answerer, tmp_path: Path) -> Room:
    """A room without anything chosen."""
    return Room(store, answerer, tmp_path)


@pytest.fixture
def group() -> Group:
    """A group where nothing was said yet."""
    return Group()


class TestReplies:
    """What the bot would have said."""

    def test_are_to_questions_it_can_answer(self, room: Room, group: Group) -> None:
        """A morning in a group; everything else is counted by the reason."""
        group.says("Ana", "Good morning")
        group.says("Ana", BLOCKED)
        group.says("Ben", "No idea", reply_to_message_id=2)
        group.says("Eva", "When does the bus leave tomorrow?")
        group.says("Eva", RETURNED, forwarded_from="News")
        group.says("Rose Bot", RETURNED)
        group.says("Ben", RETURNED, via_bot="@gif")
        group.says("Ben", "", photo="photos/1.jpg")
        group.happens("pin_message", actor_id="user7")
        group.says("Ben", ["/start", {"type": "bot_command", "text": "/start"}])
        group.says("Eva", RETURNED)
        replay, transcript = room.replay(group)
        assert transcript == ["10:01 2 ¶5", "10:10 11 ¶6"]
        assert (replay.tally.messages, replay.tally.replies) == (10, 2)
        assert replay.tally.silences == {
            "not a question": 2,
            "for another": 1,
            "not confident": 1,
            "forward": 1,
            "by a bot": 1,
            "via a bot": 1,
            "no text": 1,
        }

    def test_are_not_the_same_again_within_the_cooldown(self, room: Room, group: Group) -> None:
        """By the clock of the past; in another thread it is another matter."""
        group.says("Ana", BLOCKED)
        group.says("Ben", BLOCKED, after=29 * 60)
        group.says("Eva", BLOCKED, after=2 * 60)
        replay, transcript = room.replay(group)
        assert transcript == ["10:00 1 ¶5", "10:31 3 ¶5"]
        assert replay.tally.silences == {"cooldown": 1}
        assert room.says(group, cooldown=0) == ["10:00 1 ¶5", "10:29 2 ¶5", "10:31 3 ¶5"]

    def test_are_within_the_budgets(self, room: Room, group: Group) -> None:
        """Of the passage: six an hour; the next hour has its own."""
        for _ in range(8):
            group.says("Ana", BLOCKED)
        group.says("Ana", BLOCKED, after=HOUR)
        replay, transcript = room.replay(group, cooldown=0)
        assert [line.split()[1] for line in transcript] == ["1", "2", "3", "4", "5", "6", "9"]
        assert replay.tally.silences == {"budget of the passage": 2}

    def test_are_within_the_budget_of_each_person(self, room: Room, group: Group) -> None:
        """Three an hour where the admins chose so."""
        for _ in range(2):
            group.says("Ana", BLOCKED)
            group.says("Ana", RETURNED)
        group.says("Ben", BLOCKED)
        replay, transcript = room.replay(group, cooldown=0, user_budget=3)
        assert [line.split()[1] for line in transcript] == ["1", "2", "3", "5"]
        assert replay.tally.silences == {"budget of the user": 1}

    def test_wait_for_people_where_there_is_a_waiting_time(self, room: Room, group: Group) -> None:
        """Who answers within it spares the reply; who is late, or who asked, does not."""
        first = group.says("Ana", BLOCKED)
        group.says("Ben", "The migrants", after=179, reply_to_message_id=first)
        second = group.says("Ana", RETURNED, after=60)
        group.says("Ana", "Nobody?", after=60, reply_to_message_id=second)
        group.says("Ben", "Some hundreds", after=121, reply_to_message_id=second)
        last = group.says("Eva", BLOCKED, after=60)
        replay, transcript = room.replay(group, waiting=3)
        assert transcript == [f"10:06 {second} ¶6", f"10:11 {last} ¶5"]
        assert replay.tally.silences == {"answered by somebody": 1, "for another": 3}

    def test_are_weighed_once_the_waiting_is_over(self, room: Room, group: Group) -> None:
        """The same question asked twice while it waits is answered once."""
        group.says("Ana", BLOCKED)
        group.says("Ben", BLOCKED)
        replay, transcript = room.replay(group, waiting=10)
        assert transcript == ["10:10 1 ¶5"]
        assert replay.tally.silences == {"cooldown": 1}

    def test_are_none_in_the_quiet_hours(self, room: Room, group: Group) -> None:
        """Which are those of the group's own clock."""
        group.says("Ana", BLOCKED)
        group.says("Ana", BLOCKED, after=2 * HOUR)
        quiet = {"quiet_from": 12, "quiet_until": 13, "utc_offset": 120}
        replay, transcript = room.replay(group, **quiet)
        assert transcript == ["12:00 2 ¶5"]
        assert replay.tally.silences == {"quiet hours": 1}

    def test_are_to_whoever_asks_it_in_the_mode_for_that(self, room: Room, group: Group) -> None:
        """With one line where nothing is found, and where it was just said."""
        mention = {"type": "mention", "text": "@pullquote_bot"}
        group.says("Ana", BLOCKED)
        group.says("Ana", [mention, f" {BLOCKED}"])
        group.says("Ben", [{"type": "bot_command", "text": "/ask"}, " xylophone lessons"])
        group.says("Eva", [mention, f" {BLOCKED}"])
        group.says("Eva", [{"type": "mention", "text": "@luis"}, f" {BLOCKED}"])
        replay, transcript = room.replay(group, mode="mention")
        assert transcript == ["10:01 2 ¶5", "10:02 3 nothing found", "10:03 4 said before"]
        assert replay.tally.silences == {"not addressed": 1, "for another": 1}

    def test_are_none_to_the_bot_itself(self, room: Room, group: Group) -> None:
        """Which may have been in the group already; the token tells its id."""
        group.says("Pullquote", BLOCKED, from_id="user42")
        assert room.says(group) == []


class TestSettings:
    """The settings in force."""

    def test_are_those_of_the_group_s_admins(self, room: Room, group: Group) -> None:
        """What they chose for a topic holds there; what is tried goes before."""
        with closing(ChatState(room.settings.state_db)) as state:
            state.override(CHAT.chat_id, None, {"cooldown": 0, "dry_run": True})
            state.override(CHAT.chat_id, 1, {"mode": "off"})
        before = room.settings.state_db.read_bytes()
        topic = group.happens("topic_created", actor_id="user7")
        group.says("Ana", BLOCKED, reply_to_message_id=topic)
        group.says("Ana", BLOCKED)
        group.says("Ana", BLOCKED)
        replay, transcript = room.replay(group)
        assert transcript == ["10:02 3 ¶5", "10:03 4 ¶5"]
        assert (replay.settings.mode, replay.settings.cooldown) == ("questions", 0)
        assert replay.tally.silences == {"off": 1}
        assert room.says(group, mode="questions", cooldown=30) == ["10:01 2 ¶5", "10:02 3 ¶5"]
        assert room.settings.state_db.read_bytes() == before

    def test_are_the_defaults_but_for_the_mode(self, room: Room, group: Group) -> None:
        """No state is made where there was none."""
        replay, _ = room.replay(group)
        assert (replay.settings.mode, replay.settings.waiting) == ("questions", 0)
        assert not room.settings.state_db.exists()


class TestTally:
    """What is counted."""

    def test_is_the_rate_and_the_busiest_hour(self, room: Room, group: Group) -> None:
        """By the clock of who exported it."""
        group.says("Ana", BLOCKED)
        group.says("Ana", RETURNED)
        group.says("Ana", BLOCKED, after=3 * HOUR - 60)
        tally = room.replay(group)[0].tally
        assert (tally.replies, tally.hours) == (3, 3.0)
        assert tally.busiest == (datetime(2025, 11, 28, 10), 2)
