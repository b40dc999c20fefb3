"""The file of the precious database: examined, migrated after a backup, never deleted."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from bot.chats.backup import copy

_log = logging.getLogger(__name__)

PATIENCE = 5
"""Seconds for which another's lock is waited for."""
IN_MEMORY = Path(":memory:")
"""Stands for no file at all: what is written is gone with the database."""
MIGRATIONS = Migrations("pullquote")
"""Every step from an empty file to what this version reads, in order. Steps are only ever added."""
BACKUPS_KEPT = 3
"""How many of the copies made before migrations are kept."""


_PASSING = frozenset(
    {
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR),
        *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM),
        *(sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL),
    }
)


class Unusable(sqlite3.OperationalError):
    """The file cannot be used now, and may be later: no room, another's lock, a failing disk."""


class _Connection(sqlite3.Connection):
    """Raises ``Unusable`` where the file is at fault, and not what was asked of it."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        try:
            return super().execute(sql, parameters)
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _PASSING:
                raise
            raise Unusable(str(error)) from error


class OtherVersion(Exception):
    """Another version wrote this file; the message says what to do about it."""


class NewerDatabase(OtherVersion):
    """A newer version wrote this file; the message says what to do about it."""


@MIGRATIONS()
def chats_replies_inbox(database: Database) -> None:
    """The first version."""
    database.table("chats").create(
        {"chat_id": int, "article": str, "seen_at": int}, pk="chat_id", not_null={"seen_at"}
    )
    database.table("replies").create(
        {
            "chat_id": int,
            "question_id": int,
            "reply_id": int,
            "article_key": str,
            "paragraph": int,
            "sent_at": int,
        },
        pk=("chat_id", "question_id"),
        not_null={"reply_id", "sent_at"},
    )
    database.table("inbox").create(
        {
            "update_id": int,
            "chat_id": int,
            "received_at": int,
            "body": str,
            "done_at": int,
            "reply_id": int,
            "reason": str,
        },
        pk="update_id",
        not_null={"received_at"},
    )
    database.execute(
        "CREATE INDEX open_updates ON inbox (chat_id, update_id) WHERE done_at IS NULL"
    )


@MIGRATIONS()
def chat_settings(database: Database) -> None:
    """What admins chose for a chat, and, under its id, for a topic; topic 0 is the whole chat."""
    database.table("chat_settings").create(
        {"chat_id": int, "topic_id": int, "settings": str},
        pk=("chat_id", "topic_id"),
        not_null={"settings"},
    )


@MIGRATIONS()
def threads_askers_and_removals_of_replies(database: Database) -> None:
    """Where a reply was given and to whom, and whether the asker or an admin removed it."""
    for column, kind in (("thread_id", int), ("asker_id", int), ("removed_by", str)):
        database.table("replies").add_column(column, kind)
    database.execute("CREATE INDEX replies_by_time ON replies (chat_id, sent_at)")
    database.execute("CREATE INDEX replies_by_id ON replies (chat_id, reply_id)")
    database.execute(
        "CREATE INDEX wrong_replies ON replies (chat_id, article_key, paragraph)"
        " WHERE removed_by = 'admin'"
    )


@MIGRATIONS()
def updates_handled_later(database: Database) -> None:
    """When an update is to be handled, if not at once, and which message it is."""
    for column in ("due_at", "message_id"):
        database.table("inbox").add_column(column, int)


@MIGRATIONS()
def faults(database: Database) -> None:
    """What the bot may not do in a chat, once its admins were told."""
    database.table("faults").create(
        {"chat_id": int, "fault": str, "told_at": int},
        pk=("chat_id", "fault"),
        not_null={"told_at"},
    )


@MIGRATIONS()
def kinds_of_chats_and_when_the_bot_left(database: Database) -> None:
    """What a chat is, and since when the bot is not in it any more."""
    for column, kind in (("kind", str), ("left_at", int)):
        database.table("chats").add_column(column, kind)
    database.execute("CREATE INDEX chats_left ON chats (left_at) WHERE left_at IS NOT NULL")


@MIGRATIONS()
def unanswered(database: Database) -> None:
    """Questions that no passage answered, without who asked, where the operator wants them."""
    database.table("unanswered").create(
        {"asked_at": int, "kind": str, "question": str},
        not_null={"asked_at", "kind", "question"},
    )
    database.table("unanswered").create_index(["asked_at"])


@MIGRATIONS()
def threads(database: Database) -> None:
    """Which post begins the thread of its comments, and which article it is about."""
    database.table("threads").create(
        {"chat_id": int, "thread_id": int, "url": str, "article_key": str},
        pk=("chat_id", "thread_id"),
        not_null={"url"},
    )


@MIGRATIONS()
def daily_counts(database: Database) -> None:
    """How often what came of messages, by day and kind of chat; nothing of whose they were."""
    database.table("daily").create(
        {"day": str, "chat": str, "outcome": str, "reason": str, "count": int},
        pk=("day", "chat", "outcome", "reason"),
        not_null={"count"},
    )


@MIGRATIONS()
def sends_marked(database: Database) -> None:
    """When something was sent for an update, noted just before."""
    database.table("inbox").add_column("send_at", int)


def open_precious(path: Path, now: datetime, migrations: Migrations = MIGRATIONS) -> Database:
    """The database in this file, ready for use; a new one where there is none or it is damaged.

    A damaged file is set aside under another name. ``NewerDatabase`` is raised where this version
    cannot read the file, ``NotCopied`` where it cannot be copied before it is brought up to date,
    ``sqlite3.OperationalError`` or ``OSError`` where it cannot be opened.
    """
    if path != IN_MEMORY:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not _is_sound(path):
            _set_aside(path, now)
        with suppress(FileExistsError):
            path.touch(0o600, exist_ok=False)  # nobody else reads what readers ask
    connection = sqlite3.connect(path, timeout=PATIENCE, factory=_Connection)
    database = Database(connection, execute_plugins=False)
    try:
        _migrate(database, path, now, migrations)
    except BaseException:
        database.close()
        raise
    database.enable_wal()
    database.execute("PRAGMA synchronous = FULL")
    # What is erased is overwritten, so that a reader's question does not stay in free pages.
    database.execute("PRAGMA secure_delete = ON").fetchall()
    return database


@contextmanager
def unhurried(database: Database) -> Iterator[None]:
    """What is written within outlives the bot at once, and the machine with the next write.

    Waiting for the disk takes longer than all else that is done for an update.
    """
    if database.conn.in_transaction:  # which ends as it began
        yield
        return
    database.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        database.execute("PRAGMA synchronous = FULL")


def open_to_read(path: Path, migrations: Migrations = MIGRATIONS) -> Database:
    """The database in this file as it stands, also while a bot writes to it.

    ``OtherVersion`` is raised where another version wrote it.
    """
    reading = f"{path.absolute().as_uri()}?mode=ro"
    database = Database(sqlite3.connect(reading, uri=True, timeout=5), execute_plugins=False)
    try:
        _refuse_newer(database, path, migrations)
        if migrations.pending(database):
            raise OtherVersion(
                f"{path} was written by an older version of Pullquote. The next start of the bot "
                "brings it up to date."
            )
    except BaseException:
        database.close()
        raise
    return database


def _is_sound(path: Path) -> bool:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
    try:
        return [row[0] for row in connection.execute("PRAGMA quick_check(1)")] == ["ok"]
    except sqlite3.DatabaseError as error:
        primary_code = error.sqlite_errorcode & 0xFF
        if primary_code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return False
        raise
    finally:
        connection.close()


def _set_aside(path: Path, now: datetime) -> None:
    aside = _free_name(path, "damaged", now)
    path.rename(aside)
    for suffix in ("-wal", "-shm"):
        companion = path.with_name(path.name + suffix)
        if companion.exists():
            companion.rename(aside.with_name(aside.name + suffix))
    _log.error("%s is damaged. It was set aside as %s, and a new one begun.", path, aside.name)


def _refuse_newer(database: Database, path: Path, migrations: Migrations) -> None:
    known = {step.name for step in migrations._migrations}
    if not known.issuperset(step.name for step in migrations.applied(database)):
        raise NewerDatabase(
            f"{path} was written by a newer version of Pullquote. Install that version, or put "
            "back the backup that stands beside the file."
        )


def _migrate(database: Database, path: Path, now: datetime, migrations: Migrations) -> None:
    _refuse_newer(database, path, migrations)
    if migrations.pending(database) and migrations.applied(database):
        backup = _free_name(path, "backup", now)
        copy(database.conn, backup)
        _log.info("%s was copied to %s before it is brought up to date.", path, backup.name)
    migrations.apply(database)
    for old in sorted(path.parent.glob(f"{path.name}.backup-*"))[:-BACKUPS_KEPT]:
        old.unlink(missing_ok=True)


def _free_name(path: Path, kind: str, now: datetime) -> Path:
    """A name beside the file that nothing has yet: its own, why, and the date and time."""
    name = path.with_name(f"{path.name}.{kind}-{now:%Y%m%d-%H%M%S}")
    return _free_name(path, kind, now + timedelta(seconds=1)) if name.exists() else name
