"""Updates: those received and not handled yet, and for a while the ids of those that were."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from bot.chats.daily import Daily
from bot.chats.database import unhurried
from bot.chats.memberships import Memberships

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
    due_at: int | None = None
    """When it is to be handled, in Unix time; None: at once."""
    is_guest: bool = False
    """Whether it is from a chat where the bot is a guest, of which nothing else is kept."""
    kind: str | None = None
    """What its chat is, where it shows that the bot is there."""


class Updates:
    """The inbox in ``state.db``. ``clock`` is Unix time."""

    def __init__(
        self,
        database: Database,
        memberships: Memberships,
        daily: Daily,
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._memberships = memberships
        self._daily = daily
        self._clock = clock

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
                    self._memberships.see(received.chat_id, received.kind)

    def open_chats(self) -> list[int]:
        """The chats that have updates to be handled now, the one that waits longest first."""
        rows = self._database.execute(
            "SELECT chat_id FROM inbox WHERE done_at IS NULL AND ifnull(due_at, 0) <= ?"
            " GROUP BY chat_id ORDER BY min(update_id)",
            (self._now,),
        )
        return [row[0] for row in rows]

    def open_count(self) -> int:
        """How many updates are to be handled, now or later."""
        return self._database.table("inbox").count_where("done_at IS NULL")

    def mark_send(self, update_id: int) -> None:
        """Mark an update: something is sent for it now, and if the bot ends here, again later."""
        with unhurried(self._database):
            self._database.execute(
                "UPDATE inbox SET send_at = ? WHERE update_id = ?", (self._now, update_id)
            )

    def unsure_count(self) -> int:
        """How many updates to be handled are marked: what was sent for them may have arrived."""
        return self._database.table("inbox").count_where("done_at IS NULL AND send_at IS NOT NULL")

    def next_open(self, chat_id: int) -> Received | None:
        """The chat's oldest update that is to be handled now."""
        row = self._row(
            "SELECT update_id, chat_id, body, reason, due_at FROM inbox WHERE chat_id = ?"
            " AND done_at IS NULL AND ifnull(due_at, 0) <= ? ORDER BY update_id LIMIT 1",
            chat_id,
            self._now,
        )
        return Received(*row) if row else None

    def finish(
        self, update_id: int, *, reply_id: int | None = None, reason: str | None = None
    ) -> None:
        """Mark an update as done, with its reply or the reason for none, and erase its text.

        One that was postponed meanwhile stays open.
        """
        with unhurried(self._database), self._database.atomic():
            self._database.execute(
                "UPDATE inbox SET done_at = ?, body = NULL, reply_id = ?, reason = ?"
                " WHERE update_id = ? AND ifnull(due_at, 0) <= ?",
                (self._now, reply_id, reason, update_id, self._now),
            )
            self._daily.write()

    def postpone(self, update_id: int, message_id: int, seconds: float) -> bool:
        """Whether an update is to be handled later; false once its time has come."""
        return (
            self._database.execute(
                "UPDATE inbox SET due_at = ?, message_id = ?"
                " WHERE update_id = ? AND done_at IS NULL AND due_at IS NULL",
                (self._now + int(seconds), message_id, update_id),
            ).rowcount
            > 0
        )

    def leave_alone(self, chat_id: int, message_id: int, reason: str) -> None:
        """Mark the update that was postponed with this message as done, and erase its text."""
        self._database.execute(
            "UPDATE inbox SET done_at = ?, body = NULL, reason = ?"
            " WHERE chat_id = ? AND message_id = ? AND done_at IS NULL",
            (self._now, reason, chat_id, message_id),
        )

    def next_due(self) -> int | None:
        """When the first of the updates postponed is to be handled, or was, in Unix time."""
        row = self._row("SELECT min(due_at) FROM inbox WHERE done_at IS NULL")
        return row[0] if row else None

    def forget(self) -> int:
        """How many were given up unhandled as their time was over; old texts are erased."""
        now = self._now
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
