"""ChatState: what must not be lost, that is choices, replies sent, and updates not handled yet."""

import json
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from bot.chats.chat_settings import ChatSettings, Overrides, settled
from bot.chats.daily import Daily
from bot.chats.database import PATIENCE, Unusable, open_precious, open_to_read, unhurried
from bot.chats.heard import Said
from bot.chats.manners import Lately
from bot.chats.memberships import IN_CHANNELS, Memberships
from bot.chats.threads import Threads
from bot.chats.unanswered import Unanswered
from bot.chats.updates import Updates

ASKERS_KEPT = 48 * 3600
"""Seconds for which it is known who was replied to, and can remove the reply."""
REPLIES_KEPT = 30 * 86400
"""Seconds for which a reply is known, unless an admin removed it: that counts for good."""
MUCH_FREE = 1 << 20
"""Bytes free within the file from which on they are given back to the disk."""
UNSAID = 0
"""The id, which Telegram gives to no message, of a reply that a dry run kept back."""

Remover = Literal["asker", "admin"]
"""Who removed a reply; what an admin removed counts as wrong."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply in a chat, sent or kept back by a dry run."""

    question_id: int
    reply_id: int
    asker_id: int | None
    removed_by: Remover | None


class ChatState:
    """The precious database ``state.db``. Belongs to the thread that opens it.

    Every method is one transaction, on the disk when it returns; what only says that something was
    done for an update is there with the next one. What tells of a reply that was sent already waits
    for ``catch_up`` where it cannot be written, so that nobody sends it again for that.
    ``Unusable`` is raised where the file cannot be used. ``clock`` gives Unix time.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._owed: list[tuple[str, tuple[Any, ...]]] = []
        """What is still to be written, oldest first."""
        self._heartbeat = _heartbeat(path)
        self._database = open_precious(path, datetime.fromtimestamp(clock()))
        self.memberships = Memberships(self._database, clock)
        self.threads = Threads(self._database)
        self.unanswered = Unanswered(self._database, clock)
        self.daily = Daily(self._database, clock)
        self.updates = Updates(self._database, self.memberships, self.daily, clock)

    def close(self) -> None:
        """Let go of the file."""
        with suppress(sqlite3.Error):
            self.catch_up()
            self.daily.write()
        self._database.close()

    @property
    def now(self) -> int:
        """Unix time."""
        return int(self._clock())

    def hear(self) -> None:
        """Note that Telegram was heard from now, for ``last_heard`` in another process."""
        with suppress(OSError):
            self._heartbeat.touch()
            os.utime(self._heartbeat, (self._clock(), self._clock()))

    def is_writable(self) -> bool:
        """Whether something could be stored at this moment; nobody's lock is waited for."""
        self._database.execute("PRAGMA busy_timeout = 0")
        try:
            # A write that is true, as it goes to the disk, and changes nothing.
            self._database.execute("PRAGMA user_version = 0")
        except sqlite3.Error:
            return False
        finally:
            self._database.execute(f"PRAGMA busy_timeout = {1000 * PATIENCE}")
        return True

    def catch_up(self) -> None:
        """Write what could not be written when it was to be."""
        owed, self._owed = self._owed, []
        if not owed:
            return
        try:
            with unhurried(self._database), self._database.atomic():
                for statement, parameters in owed:
                    self._database.execute(statement, parameters)
        except Unusable:
            self._owed = owed
            raise

    def _note(self, statement: str, *parameters: Any) -> None:
        """Write what has happened already, or owe it."""
        self._owed.append((statement, parameters))
        with suppress(Unusable):
            self.catch_up()

    # What was chosen and replied in a chat.

    def chosen_article(self, chat_id: int) -> str | None:
        """The slug of the article chosen in the chat; None: all of them."""
        row = self._row("SELECT article FROM chats WHERE chat_id = ?", chat_id)
        return row[0] if row else None

    def choose_article(self, chat_id: int, slug: str | None) -> None:
        """Remember which article the chat asks about from now on; None: all of them."""
        self._database.execute(
            "INSERT INTO chats (chat_id, article, seen_at) VALUES (?, ?, ?)"
            " ON CONFLICT (chat_id) DO UPDATE SET article = excluded.article",
            (chat_id, slug, self.now),
        )

    def reply_to(self, chat_id: int, question_id: int) -> int | None:
        """The message id of the reply sent to a question, if one was."""
        row = self._row(
            "SELECT reply_id FROM replies WHERE chat_id = ? AND question_id = ?",
            chat_id,
            question_id,
        )
        return row[0] if row else None

    def record_reply(  # noqa: PLR0913  a reply is what it answers, what it says, where and to whom
        self,
        chat_id: int,
        question_id: int,
        reply_id: int,
        article_key: str | None,
        paragraph: int | None,
        *,
        thread_id: int | None = None,
        asker_id: int | None = None,
    ) -> None:
        """Remember the reply sent to a question, and the passage it quotes, if any.

        One that was edited keeps the time at which it was sent.
        """
        self._note(
            "INSERT INTO replies (chat_id, question_id, reply_id, article_key, paragraph,"
            " sent_at, thread_id, asker_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (chat_id, question_id) DO UPDATE SET reply_id = excluded.reply_id,"
            " article_key = excluded.article_key, paragraph = excluded.paragraph,"
            " sent_at = iif(reply_id = excluded.reply_id, sent_at, excluded.sent_at),"
            " thread_id = excluded.thread_id, asker_id = excluded.asker_id, removed_by = NULL",
            *(chat_id, question_id, reply_id, article_key, paragraph),
            *(self.now, thread_id, asker_id),
        )

    def sent_to(self, chat_id: int, question_id: int) -> Sent | None:
        """The reply to a question, if there was one."""
        return self._sent("question_id", chat_id, question_id)

    def sent_as(self, chat_id: int, reply_id: int) -> Sent | None:
        """The reply that has this message id, if it was one."""
        return self._sent("reply_id", chat_id, reply_id)

    def _sent(self, which: str, chat_id: int, message_id: int) -> Sent | None:
        columns = "question_id, reply_id, asker_id, removed_by"
        query = f"SELECT {columns} FROM replies WHERE chat_id = ? AND {which} = ?"  # noqa: S608
        row = self._row(query, chat_id, message_id)
        return Sent(*row) if row else None

    def record_removal(self, chat_id: int, reply_id: int, by: Remover) -> None:
        """Remember that a reply was removed, and by whom."""
        self._note(
            "UPDATE replies SET removed_by = ? WHERE chat_id = ? AND reply_id = ?",
            *(by, chat_id, reply_id),
        )

    def lately(
        self, said: Said, place: tuple[str, int] | None, cooldown: int, *, unsaid: bool = False
    ) -> Lately:
        """What was said not long ago in the chat of a message, what was said to it left out.

        ``place`` is the passage found, ``cooldown`` counts minutes. ``unsaid`` counts what a dry
        run kept back, and that alone.
        """
        key, paragraph = place or (None, None)
        row = self._database.execute(
            "WITH lately AS (SELECT *, article_key = :key AND paragraph = :paragraph AS is_same"
            " FROM replies WHERE chat_id = :chat AND sent_at > :now - 86400 - 3600"
            " AND question_id != :question AND (reply_id = 0) = :unsaid)"
            " SELECT count(*) FILTER (WHERE sent_at > :now - 60),"
            " count(*) FILTER (WHERE sent_at > :now - 3600),"
            " count(*) FILTER (WHERE sent_at > :now - 3600 AND asker_id = :asker),"
            " count(*) FILTER (WHERE sent_at > :now - 3600 AND is_same),"
            " max(reply_id) FILTER (WHERE sent_at > :now - 60 * :cooldown AND is_same"
            " AND removed_by IS NULL AND (thread_id IS :thread OR question_id = :thread)),"
            " (SELECT count(*) FROM replies WHERE chat_id = :chat AND article_key = :key"
            " AND paragraph = :paragraph AND removed_by = 'admin') FROM lately",
            {
                "chat": said.chat_id,
                "question": said.message_id,
                "thread": said.thread_id,
                "asker": said.author,
                "key": key,
                "paragraph": paragraph,
                "cooldown": cooldown,
                "unsaid": unsaid,
                "now": self.now,
            },
        ).fetchone()
        return Lately(*row)

    # What admins chose, and what they were told.

    def settings(self, chat_id: int, topic_id: int | None = None) -> ChatSettings:
        """The settings in force in a chat, or in a topic of it."""
        return settled(self.underneath(chat_id, topic_id), self.overrides(chat_id, topic_id))

    def underneath(self, chat_id: int, topic_id: int | None) -> Overrides:
        """What holds in a chat or topic before anything is chosen for it."""
        if topic_id:
            return self.overrides(chat_id, None)
        return IN_CHANNELS if self.memberships.is_channel(chat_id) else {}

    def overrides(self, chat_id: int, topic_id: int | None) -> Overrides:
        """What was chosen for a chat, or for a topic of it."""
        row = self._row(
            "SELECT settings FROM chat_settings WHERE chat_id = ? AND topic_id = ?",
            chat_id,
            topic_id or 0,
        )
        return json.loads(row[0]) if row else {}

    def override(self, chat_id: int, topic_id: int | None, overrides: Overrides) -> None:
        """Remember what was chosen for a chat, or for a topic of it."""
        self._database.execute(
            "INSERT OR REPLACE INTO chat_settings (chat_id, topic_id, settings) VALUES (?, ?, ?)",
            (chat_id, topic_id or 0, json.dumps(overrides)),
        )

    def record_fault(self, chat_id: int, fault: str) -> bool:
        """Whether a fault in a chat is new; it is not any more, until it is mended."""
        return (
            self._database.execute(
                "INSERT OR IGNORE INTO faults (chat_id, fault, told_at) VALUES (?, ?, ?)",
                (chat_id, fault, self.now),
            ).rowcount
            > 0
        )

    def mend(self, chat_id: int, fault: str) -> None:
        """Remember that a fault is none any more."""
        self._note("DELETE FROM faults WHERE chat_id = ? AND fault = ?", chat_id, fault)

    def forget(self) -> int:
        """How many updates were given up unhandled as their time was over; old texts are erased."""
        now = self.now
        with self._database.atomic():
            expired = self.updates.forget()
            self._database.execute(
                "UPDATE replies SET asker_id = NULL WHERE asker_id IS NOT NULL AND sent_at <= ?",
                (now - ASKERS_KEPT,),
            )
            self._database.execute(
                "DELETE FROM replies WHERE sent_at <= ? AND removed_by IS NOT 'admin'",
                (now - REPLIES_KEPT,),
            )
            self.unanswered.forget()
            self.memberships.forget()
            self.daily.forget()
            self.daily.write()
        return expired

    def compact(self) -> None:
        """Give back to the disk what is free, if it is much and nothing is open; cut the WAL.

        What was erased may stand in the WAL until then.
        """
        free, pages = self._pragma("freelist_count"), self._pragma("page_count")
        is_much = free * self._pragma("page_size") >= MUCH_FREE and 2 * free >= pages
        if is_much and not self.updates.open_count():
            self._database.execute("VACUUM")
        self._pragma("wal_checkpoint(TRUNCATE)")

    def _pragma(self, name: str) -> int:
        return int(self._database.execute(f"PRAGMA {name}").fetchone()[0])

    def _row(self, query: str, *parameters: object) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._database.execute(query, parameters).fetchone()
        return row


def chosen_in(path: Path, chat_id: int) -> dict[int, Overrides]:
    """What was chosen for a chat (0) and for topics of it in the state of a bot, which may run.

    ``OtherVersion`` is raised where another version wrote it, ``sqlite3.DatabaseError`` where it
    cannot be read.
    """
    if not path.exists():
        return {}
    with closing(open_to_read(path)) as database:
        rows = database.execute(
            "SELECT topic_id, settings FROM chat_settings WHERE chat_id = ?", (chat_id,)
        )
        return {topic_id: json.loads(settings) for topic_id, settings in rows}


def last_heard(path: Path) -> float | None:
    """When the bot whose state this is last heard from Telegram, in Unix time; None: never."""
    try:
        return _heartbeat(path).stat().st_mtime
    except OSError:
        return None


def _heartbeat(path: Path) -> Path:
    """An empty file beside the database whose time is what counts."""
    return path.with_name("heartbeat")
