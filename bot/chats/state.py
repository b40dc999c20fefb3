"""ChatState: what must not be lost, that is choices, replies sent, and updates not handled yet."""

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.chats.database import open_precious

TEXTS_KEPT = 24 * 3600
"""Seconds after which an update's text is erased, handled or not."""
ROWS_KEPT = 48 * 3600
"""Seconds for which a handled update's id is known. Telegram sends none again after 24 hours."""


@dataclass(frozen=True, slots=True)
class Received:
    """An update as it came in."""

    update_id: int
    chat_id: int | None
    """Updates with the same are handled one after the other; none only where it is set aside."""
    body: str
    """Its JSON."""
    reason: str | None = None
    """Why it is set aside at once; None: it is to be handled."""
    is_guest: bool = False
    """Whether it is from a chat where the bot is a guest, of which nothing else is kept."""


class ChatState:
    """The precious database ``state.db``. Belongs to the thread that opens it.

    Every method is one transaction, on the disk when it returns. ``clock`` gives Unix time.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._heartbeat = _heartbeat(path)
        self._database = open_precious(path, datetime.fromtimestamp(clock()))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def hear(self) -> None:
        """Note that Telegram was heard from now, for ``last_heard`` in another process."""
        with suppress(OSError):
            self._heartbeat.touch()
            os.utime(self._heartbeat, (self._clock(), self._clock()))

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
            (chat_id, slug, self._now),
        )

    def reply_to(self, chat_id: int, question_id: int) -> int | None:
        """The message id of the reply sent to a question, if one was."""
        row = self._row(
            "SELECT reply_id FROM replies WHERE chat_id = ? AND question_id = ?",
            chat_id,
            question_id,
        )
        return row[0] if row else None

    def record_reply(
        self,
        chat_id: int,
        question_id: int,
        reply_id: int,
        article_key: str | None,
        paragraph: int | None,
    ) -> None:
        """Remember the reply sent to a question, and the passage it quotes, if any."""
        self._database.execute(
            "INSERT OR REPLACE INTO replies"
            " (chat_id, question_id, reply_id, article_key, paragraph, sent_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (chat_id, question_id, reply_id, article_key, paragraph, self._now),
        )

    # The inbox.

    def keep(self, batch: Iterable[Received]) -> None:
        """Store updates, all or none; those whose id is known already are dropped."""
        with self._database.atomic():
            for received in batch:
                self._database.execute(
                    "INSERT OR IGNORE INTO inbox"
                    " (update_id, chat_id, received_at, body, done_at, reason)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        received.update_id,
                        received.chat_id,
                        self._now,
                        received.body,
                        self._now if received.reason else None,
                        received.reason,
                    ),
                )
                if received.chat_id is not None and not received.is_guest:
                    self._database.execute(
                        "INSERT INTO chats (chat_id, seen_at) VALUES (?, ?)"
                        " ON CONFLICT (chat_id) DO UPDATE SET seen_at = excluded.seen_at",
                        (received.chat_id, self._now),
                    )

    def open_chats(self) -> list[int]:
        """The chats that have updates to be handled, the one that waits longest first."""
        rows = self._database.execute(
            "SELECT chat_id FROM inbox WHERE done_at IS NULL GROUP BY chat_id"
            " ORDER BY min(update_id)"
        )
        return [row[0] for row in rows]

    def open_count(self) -> int:
        """How many updates are to be handled."""
        return self._database.table("inbox").count_where("done_at IS NULL")

    def next_open(self, chat_id: int) -> Received | None:
        """The chat's oldest update that is to be handled."""
        row = self._row(
            "SELECT update_id, chat_id, body FROM inbox"
            " WHERE chat_id = ? AND done_at IS NULL ORDER BY update_id LIMIT 1",
            chat_id,
        )
        return Received(*row) if row else None

    def finish(
        self, update_id: int, *, reply_id: int | None = None, reason: str | None = None
    ) -> None:
        """Mark an update as done, with its reply or the reason for none, and erase its text."""
        self._database.execute(
            "UPDATE inbox SET done_at = ?, body = NULL, reply_id = ?, reason = ?"
            " WHERE update_id = ?",
            (self._now, reply_id, reason, update_id),
        )

    def forget(self) -> int:
        """How many updates were given up unhandled as their time was over; old texts are erased."""
        now = self._now
        with self._database.atomic():
            expired = self._database.execute(
                "UPDATE inbox SET done_at = ?, reason = 'expired'"
                " WHERE done_at IS NULL AND received_at <= ?",
                (now, now - TEXTS_KEPT),
            ).rowcount
            self._database.execute(
                "UPDATE inbox SET body = NULL WHERE body IS NOT NULL AND received_at <= ?",
                (now - TEXTS_KEPT,),
            )
            self._database.execute("DELETE FROM inbox WHERE done_at <= ?", (now - ROWS_KEPT,))
        return expired

    @property
    def _now(self) -> int:
        return int(self._clock())

    def _row(self, query: str, *parameters: object) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._database.execute(query, parameters).fetchone()
        return row


def last_heard(path: Path) -> float | None:
    """When the bot whose state this is last heard from Telegram, in Unix time; None: never."""
    try:
        return _heartbeat(path).stat().st_mtime
    except OSError:
        return None


def _heartbeat(path: Path) -> Path:
    """An empty file beside the database whose time is what counts."""
    return path.with_name("heartbeat")
