"""The precious database, on real files: what it remembers, and what becomes of the file."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bot.chats.chat_settings import ChatSettings
from bot.chats.database import IN_MEMORY, MIGRATIONS, NewerDatabase, open_precious
from bot.chats.heard import Said
from bot.chats.manners import Lately
from bot.chats.state import UNSAID, ChatState, Sent, chosen_in, last_heard
from bot.chats.updates import Received

NOW = datetime(2026, 3, 1, 12, 30, 45)
HOUR = 3600


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.time = 1_770_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is, in a folder that is not there yet."""
    return tmp_path / "data" / "state.db"


@pytest.fixture
def clock() -> Clock:
    """A clock that the test sets."""
    return Clock()


@pytest.fixture
def state(path: Path, clock: Clock) -> Iterator[ChatState]:
    """A new database."""
    state = ChatState(path, clock)
    yield state
    state.close()


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    """What another program reads from the file at this moment."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


class TestChoice:
    """Which article a chat asks about."""

    def test_is_none_at_first(self, state: ChatState) -> None:
        """A chat never heard of asks about all articles."""
        assert state.chosen_article(7) is None

    def test_is_the_last_one_made(self, state: ChatState) -> None:
        """In this chat alone."""
        state.choose_article(7, "first")
        state.choose_article(7, "second")
        state.choose_article(8, "first")
        assert [state.chosen_article(7), state.chosen_article(8)] == ["second", "first"]

    def test_can_be_taken_back(self, state: ChatState) -> None:
        """None stands for all articles."""
        state.choose_article(7, "first")
        state.choose_article(7, None)
        assert state.chosen_article(7) is None

    def test_is_kept_when_the_chat_writes(self, state: ChatState) -> None:
        """A new update changes when the chat was seen and nothing else."""
        state.choose_article(7, "first")
        state.updates.keep([Received(1, 7, "{}")])
        assert state.chosen_article(7) == "first"


class TestReply:
    """Which message replied to which question."""

    def test_is_found_by_its_question(self, state: ChatState) -> None:
        """The same message id in another chat is another question."""
        state.record_reply(7, 100, 101, "0123abcd", 3)
        assert state.reply_to(7, 100) == 101
        assert state.reply_to(8, 100) is None

    def test_is_the_last_one_sent(self, state: ChatState, path: Path) -> None:
        """A reply sent anew takes the place of the one that is gone."""
        state.record_reply(7, 100, 101, "0123abcd", 3)
        state.record_reply(7, 100, 105, None, None)
        assert rows(path, "SELECT chat_id, question_id, reply_id, paragraph FROM replies") == [
            (7, 100, 105, None)
        ]

    def test_keeps_its_time_when_it_is_edited(
        self, state: ChatState, path: Path, clock: Clock
    ) -> None:
        """One sent anew has a new one."""
        state.record_reply(7, 100, 101, "0123abcd", 3)
        clock.time += HOUR
        state.record_reply(7, 100, 101, "0123abcd", 4)
        [edited] = rows(path, "SELECT sent_at, paragraph FROM replies")
        state.record_reply(7, 100, 102, "0123abcd", 4)
        [anew] = rows(path, "SELECT sent_at, paragraph FROM replies")
        assert (edited, anew) == ((clock.time - HOUR, 4), (clock.time, 4))

    def test_is_known_with_its_asker_for_two_days(self, state: ChatState, clock: Clock) -> None:
        """As long as the asker can have it removed."""
        state.record_reply(7, 100, 101, "0123abcd", 3, asker_id=5)
        assert state.sent_to(7, 100) == state.sent_as(7, 101) == Sent(100, 101, 5, None)
        clock.time += 48 * HOUR
        state.forget()
        assert state.sent_as(7, 101) == Sent(100, 101, None, None)
        assert state.sent_as(7, 100) is None

    def test_is_known_as_removed(self, state: ChatState) -> None:
        """With who did it."""
        state.record_reply(7, 100, 101, "0123abcd", 3, asker_id=5)
        state.record_removal(7, 101, "asker")
        assert state.sent_to(7, 100) == Sent(100, 101, 5, "asker")


QUESTION = Said(7, 999, 5, "Who asked?", thread_id=50)
"""Put by 5 in thread 50 of chat 7."""
PLACE = ("0123abcd", 3)


class TestLately:
    """What was said in a chat not long ago, as manners count it."""

    def test_is_nothing_in_a_new_chat(self, state: ChatState) -> None:
        """No row, no count."""
        assert state.lately(QUESTION, PLACE, 30) == state.lately(QUESTION, None, 30) == Lately()

    def test_counts_by_time_by_person_and_by_passage(self, state: ChatState, clock: Clock) -> None:
        """Each within its window, other chats left out."""
        told = (
            (1, 5, "0123abcd", 3),  # two hours ago: in none
            (2, 5, "0123abcd", 3),  # half an hour ago, to the same person, the same passage
            (3, 6, "0123abcd", 4),  # half an hour ago, to another, another passage
            (4, 6, None, None),  # this minute, nothing found
        )
        clock.time -= 2 * HOUR
        for number, asker, key, paragraph in told:
            state.record_reply(7, number, number + 100, key, paragraph, asker_id=asker)
            state.record_reply(8, number, number + 100, key, paragraph, asker_id=asker)
            clock.time += 1.5 * HOUR if number == 1 else 0.5 * HOUR - 10 if number == 3 else 0
        assert state.lately(QUESTION, PLACE, 30) == Lately(
            in_minute=1, in_hour=3, to_user=1, of_passage=1
        )

    def test_has_the_reply_within_the_cooldown_in_the_same_thread(
        self, state: ChatState, clock: Clock
    ) -> None:
        """Another thread, or a longer time ago, is not the same."""
        state.record_reply(7, 1, 101, "0123abcd", 3, thread_id=51)
        assert state.lately(QUESTION, PLACE, 30).in_thread is None
        state.record_reply(7, 2, 102, "0123abcd", 3, thread_id=50)
        assert state.lately(QUESTION, PLACE, 30).in_thread == 102
        clock.time += 30 * 60
        assert state.lately(QUESTION, PLACE, 30).in_thread is None
        assert state.lately(QUESTION, PLACE, 60).in_thread == 102

    def test_has_the_reply_to_the_question_that_began_the_thread(self, state: ChatState) -> None:
        """Outside of topics, that question stands in none, and the replies to its reply do."""
        state.record_reply(7, 50, 101, "0123abcd", 3)
        assert state.lately(QUESTION, PLACE, 30).in_thread == 101

    def test_leaves_out_what_was_removed_and_counts_what_admins_removed(
        self, state: ChatState
    ) -> None:
        """The budgets still count both: they were said."""
        for number, by in ((1, "admin"), (2, "admin"), (3, "asker")):
            state.record_reply(7, number, number + 100, "0123abcd", 3, thread_id=50)
            state.record_removal(7, number + 100, by)  # type: ignore[arg-type]
        lately = state.lately(QUESTION, PLACE, 30)
        assert (lately.in_thread, lately.removals, lately.of_passage) == (None, 2, 3)
        assert state.lately(QUESTION, ("0123abcd", 4), 30).removals == 0

    def test_of_a_dry_run_counts_what_was_kept_back_alone(self, state: ChatState) -> None:
        """And when the bot speaks again, only what was said."""
        state.record_reply(7, 1, UNSAID, "0123abcd", 3, thread_id=50)
        state.record_reply(7, 2, 102, "0123abcd", 4, thread_id=50)
        assert state.lately(QUESTION, PLACE, 30).of_passage == 0
        assert state.lately(QUESTION, PLACE, 30).in_hour == 1
        dry = state.lately(QUESTION, PLACE, 30, unsaid=True)
        assert (dry.in_hour, dry.of_passage, dry.in_thread) == (1, 1, UNSAID)

    def test_leaves_out_the_reply_to_the_question_itself(self, state: ChatState) -> None:
        """An edit of a question does not stand in its own way."""
        state.record_reply(7, 999, 101, "0123abcd", 3, thread_id=50, asker_id=5)
        assert state.lately(QUESTION, PLACE, 30) == Lately()


class TestSettings:
    """What admins chose for a chat and its topics."""

    def test_are_the_defaults_at_first(self, state: ChatState) -> None:
        """In a topic too."""
        assert state.settings(7) == state.settings(7, 50) == ChatSettings()

    def test_of_a_topic_lie_over_those_of_its_chat(self, state: ChatState) -> None:
        """Other topics and other chats have none of it."""
        state.override(7, None, {"mode": "questions", "waiting": 3})
        state.override(7, 50, {"waiting": 0})
        assert state.settings(7, 50) == ChatSettings(mode="questions")
        assert state.settings(7, 51) == ChatSettings(mode="questions", waiting=3)
        assert state.settings(8, 50) == ChatSettings()

    def test_are_those_chosen_last(self, state: ChatState) -> None:
        """What was chosen before is gone."""
        state.override(7, None, {"mode": "questions"})
        state.override(7, None, {})
        assert state.overrides(7, None) == {}

    def test_are_seen_from_beside_a_running_bot(self, path: Path, state: ChatState) -> None:
        """What was chosen alone, the chat's under 0; nothing is made where there is no file."""
        state.override(7, None, {"mode": "questions"})
        state.override(7, 5, {"mode": "off"})
        state.override(8, None, {"mode": "off"})
        assert chosen_in(path, 7) == {0: {"mode": "questions"}, 5: {"mode": "off"}}
        nowhere = path.parent / "nowhere" / "state.db"
        assert chosen_in(nowhere, 7) == {}
        assert not nowhere.parent.exists()


class TestFault:
    """What the bot may not do in a chat."""

    def test_is_new_once_until_it_is_mended(self, state: ChatState) -> None:
        """So that admins are told once."""
        assert state.record_fault(7, "cannot send")
        assert not state.record_fault(7, "cannot send")
        assert state.record_fault(8, "cannot send")
        state.mend(7, "cannot send")
        assert state.record_fault(7, "cannot send")


class TestPerson:
    """Who can be written to."""

    def test_is_known_once_they_wrote(self, state: ChatState) -> None:
        """Their chat with the bot has their id."""
        assert not state.memberships.knows(5)
        state.updates.keep([Received(1, 5, "{}")])
        assert state.memberships.knows(5)


class TestPostponed:
    """An update that is to be handled later."""

    def test_stays_open_and_is_not_next_until_its_time(
        self, state: ChatState, clock: Clock
    ) -> None:
        """The one after it is; marked as done too early, it still stays."""
        state.updates.keep([Received(1, 7, "a"), Received(2, 7, "b")])
        assert state.updates.postpone(1, message_id=11, seconds=60)
        state.updates.finish(1)
        assert state.updates.next_open(7) == Received(2, 7, "b")
        state.updates.finish(2)
        assert (state.updates.open_chats(), state.updates.open_count()) == ([], 1)
        assert state.updates.next_due() == clock.time + 60
        clock.time += 60
        due = Received(1, 7, "a", due_at=int(clock.time))
        assert (state.updates.open_chats(), state.updates.next_open(7)) == ([7], due)
        state.updates.finish(1)
        assert state.updates.next_due() is None

    def test_is_so_once(self, state: ChatState, clock: Clock) -> None:
        """When its time has come it is handled, and then it is done."""
        state.updates.keep([Received(1, 7, "a")])
        state.updates.postpone(1, message_id=11, seconds=60)
        clock.time += 60
        assert not state.updates.postpone(1, message_id=11, seconds=60)
        state.updates.finish(1)
        assert state.updates.open_count() == 0

    def test_is_left_alone_by_its_message_id(self, state: ChatState, path: Path) -> None:
        """In its chat alone; its text is erased."""
        state.updates.keep([Received(1, 7, "a"), Received(2, 8, "b")])
        for update_id in (1, 2):
            state.updates.postpone(update_id, message_id=11, seconds=60)
        state.updates.leave_alone(7, 11, "answered by somebody")
        assert rows(path, "SELECT body, reason FROM inbox ORDER BY update_id") == [
            (None, "answered by somebody"),
            ("b", None),
        ]


class TestCrash:
    """What a process that ends without a word leaves behind."""

    def test_loses_nothing_that_was_recorded(self, path: Path, state: ChatState) -> None:
        """The file opened anew, while the first never let go of it, has it all."""
        state.choose_article(7, "first")
        state.record_reply(7, 100, 101, "0123abcd", 3)
        state.updates.keep([Received(1, 7, '{"update_id": 1}')])
        with closing(ChatState(path)) as again:
            assert again.chosen_article(7) == "first"
            assert again.reply_to(7, 100) == 101
            assert again.updates.next_open(7) == Received(1, 7, '{"update_id": 1}')


class TestHeartbeat:
    """When the running bot last heard from Telegram, as another process sees it."""

    def test_is_none_before_the_first_answer(self, state: ChatState, path: Path) -> None:
        """Nor where there is no database."""
        assert last_heard(path) is None
        assert last_heard(path.parent / "nowhere" / "state.db") is None

    def test_is_the_time_of_the_last_answer(
        self, state: ChatState, clock: Clock, path: Path
    ) -> None:
        """In Unix time."""
        state.hear()
        clock.time += 30
        state.hear()
        assert last_heard(path) == clock.time


class TestInbox:
    """Updates that are to be handled."""

    def test_gives_out_the_oldest_until_it_is_done(self, state: ChatState) -> None:
        """Each chat's by themselves."""
        state.updates.keep([Received(2, 7, "b"), Received(1, 7, "a"), Received(3, 8, "c")])
        assert state.updates.next_open(7) == state.updates.next_open(7) == Received(1, 7, "a")
        state.updates.finish(1)
        assert state.updates.next_open(7) == Received(2, 7, "b")
        assert state.updates.next_open(8) == Received(3, 8, "c")

    def test_knows_who_waits_longest(self, state: ChatState) -> None:
        """Chats in the order of their oldest open update."""
        state.updates.keep([Received(1, 7, "a"), Received(2, 8, "b"), Received(3, 7, "c")])
        assert state.updates.open_chats() == [7, 8]
        state.updates.finish(1)
        assert (state.updates.open_chats(), state.updates.open_count()) == ([8, 7], 2)

    def test_drops_what_it_knows(self, state: ChatState) -> None:
        """Telegram sends again what was not acknowledged: done stays done, open stays as it was."""
        state.updates.keep([Received(1, 7, "a"), Received(2, 7, "b")])
        state.updates.finish(1)
        state.updates.keep([Received(1, 7, "again"), Received(2, 7, "again"), Received(3, 7, "c")])
        assert state.updates.next_open(7) == Received(2, 7, "b")
        assert state.updates.open_count() == 2

    def test_stores_a_batch_whole_or_not_at_all(self, state: ChatState) -> None:
        """One that cannot be stored leaves none of the batch behind."""
        with pytest.raises(sqlite3.Error):
            state.updates.keep([Received(1, 7, "a"), Received(2, {}, "b")])  # type: ignore[arg-type]
        assert state.updates.open_count() == 0

    def test_erases_a_text_when_it_is_done(self, state: ChatState, path: Path) -> None:
        """The row stays, with the reply; the reader's words are nowhere in the files."""
        state.updates.keep([Received(1, 7, '{"text": "a reader’s own words"}')])
        state.updates.finish(1, reply_id=101)
        assert rows(path, "SELECT body, reply_id, reason FROM inbox") == [(None, 101, None)]
        rows(path, "PRAGMA wal_checkpoint(TRUNCATE)")
        assert b"own words" not in path.read_bytes()

    def test_keeps_what_was_set_aside_with_its_reason(self, state: ChatState, path: Path) -> None:
        """It is not open, and can be looked into until its time is over."""
        state.updates.keep([Received(1, None, '{"odd": 1}', "unreadable: KeyError")])
        assert (state.updates.open_count(), state.updates.open_chats()) == (0, [])
        kept = rows(path, "SELECT body, reason FROM inbox")
        assert kept == [('{"odd": 1}', "unreadable: KeyError")]

    def test_forgets_every_text_after_a_day(
        self, state: ChatState, clock: Clock, path: Path
    ) -> None:
        """Open or set aside; how many were given up unhandled is told."""
        state.updates.keep([Received(1, 7, "a"), Received(2, None, "b", "unreadable: KeyError")])
        clock.time += 24 * HOUR - 1
        assert state.forget() == 0
        clock.time += 1
        assert state.forget() == 1
        assert rows(path, "SELECT body, reason FROM inbox ORDER BY 1, update_id") == [
            (None, "expired"),
            (None, "unreadable: KeyError"),
        ]

    def test_knows_an_id_for_two_days(self, state: ChatState, clock: Clock, path: Path) -> None:
        """Twice as long as Telegram could send it again; then the row goes."""
        state.updates.keep([Received(1, 7, "a")])
        state.updates.finish(1)
        clock.time += 48 * HOUR - 1
        state.forget()
        assert rows(path, "SELECT update_id FROM inbox") == [(1,)]
        clock.time += 1
        state.forget()
        assert rows(path, "SELECT update_id FROM inbox") == []


class TestFile:
    """The file itself: migrated, backed up, set aside, refused; never deleted."""

    def test_is_safe_from_a_power_cut(self, state: ChatState, path: Path) -> None:
        """Write-ahead log, written through to the disk."""
        assert rows(path, "PRAGMA journal_mode") == [("wal",)]
        assert state._database.execute("PRAGMA synchronous").fetchone() == (2,)

    @pytest.mark.parametrize(
        "damage",
        [
            pytest.param(lambda content: b"not a database at all" * 500, id="no database"),
            pytest.param(lambda content: content[:5000], id="cut off"),
            pytest.param(lambda content: content[:4096] + b"\xff" * 8192, id="overwritten"),
        ],
    )
    def test_is_set_aside_when_damaged(
        self, damage, path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Under a name with date and time, told in one line, and a new one begun."""
        with closing(ChatState(path, clock)) as state:
            state.choose_article(7, "first")
        damaged = damage(path.read_bytes())
        path.write_bytes(damaged)
        path.with_name("state.db-wal").write_bytes(b"its log")
        caplog.set_level(logging.INFO)
        open_precious(path, NOW).close()
        aside = path.with_name("state.db.damaged-20260301-123045")
        assert aside.read_bytes() == damaged
        assert path.with_name(f"{aside.name}-wal").read_bytes() == b"its log"
        assert caplog.messages == [
            f"{path} is damaged. It was set aside as {aside.name}, and a new one begun."
        ]
        with closing(ChatState(path, clock)) as state:
            assert state.chosen_article(7) is None

    def test_set_aside_takes_no_other_ones_place(self, path: Path) -> None:
        """Two within one second get two names."""
        for _ in range(2):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"not a database at all" * 500)
            open_precious(path, NOW).close()
        assert sorted(file.name for file in path.parent.glob("*damaged*")) == [
            "state.db.damaged-20260301-123045",
            "state.db.damaged-20260301-123046",
        ]

    def test_is_copied_before_a_migration(self, path: Path) -> None:
        """The copy has what the file had; a new file needs none."""
        with closing(ChatState(path)) as state:
            state.choose_article(7, "first")
        assert list(path.parent.glob("*backup*")) == []
        with closing(open_precious(path, NOW, next_version())) as database:
            assert database.table("chats").columns_dict["tone"] is str
        backup = path.with_name("state.db.backup-20260301-123045")
        assert rows(backup, "SELECT chat_id, article FROM chats") == [(7, "first")]

    def test_is_copied_for_its_owner_alone_and_three_copies_are_kept(self, path: Path) -> None:
        """The last three; nothing else beside the file is touched."""
        ChatState(path).close()
        assert path.stat().st_mode & 0o777 == 0o600
        for minute in range(5):
            path.with_name(f"state.db.backup-20260228-0{minute}0000").write_bytes(b"old")
        path.with_name("state.db.damaged-20260101-000000").write_bytes(b"older")
        open_precious(path, NOW, next_version()).close()
        assert sorted(file.name for file in path.parent.iterdir() if "20" in file.name) == [
            "state.db.backup-20260228-030000",
            "state.db.backup-20260228-040000",
            "state.db.backup-20260301-123045",
            "state.db.damaged-20260101-000000",
        ]
        made = path.with_name("state.db.backup-20260301-123045")
        assert made.stat().st_mode & 0o777 == 0o600
        assert rows(made, "PRAGMA integrity_check") == [("ok",)]

    def test_is_as_it_was_when_a_migration_fails(self, path: Path) -> None:
        """All of a step or nothing of it."""
        ChatState(path).close()
        migrations = next_version()

        @migrations()
        def broken(database: Database) -> None:
            database.execute("DROP TABLE chats")
            raise ValueError("broken")

        with pytest.raises(ValueError, match="broken"):
            open_precious(path, NOW, migrations)
        assert rows(path, "SELECT count(*) FROM chats") == [(0,)]

    def test_is_refused_when_a_newer_version_wrote_it(self, path: Path) -> None:
        """One line that says what to do; the file is left alone."""
        open_precious(path, NOW, next_version()).close()
        content = path.read_bytes()
        with pytest.raises(NewerDatabase, match=r"state\.db was written by a newer version"):
            ChatState(path)
        assert path.read_bytes() == content

    def test_that_cannot_be_opened_is_not_taken_for_damaged(self, path: Path) -> None:
        """A folder of that name is somebody's mistake, not damage."""
        path.mkdir(parents=True)
        with pytest.raises(sqlite3.OperationalError):
            ChatState(path)
        assert path.is_dir()


def next_version() -> Migrations:
    """The migrations that a later version might have."""
    migrations = Migrations("pullquote")
    for step in MIGRATIONS._migrations:
        migrations(name=step.name)(step.fn)

    @migrations()
    def tone(database: Database) -> None:
        database.table("chats").add_column("tone", str)

    return migrations


def test_in_memory_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the command runs."""
    monkeypatch.chdir(tmp_path)
    with closing(ChatState(IN_MEMORY)) as state:
        state.choose_article(7, "first")
        assert state.chosen_article(7) == "first"
    assert list(tmp_path.iterdir()) == []
