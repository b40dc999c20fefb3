"""Memberships: in which chats the bot is, of what kind they are, and which are to be forgotten."""

from collections.abc import Callable
from typing import Any

from sqlite_utils import Database

from bot.chats.chat_settings import Overrides

CHATS_KEPT = 30 * 86400
"""Seconds for which a chat is remembered that the bot was removed from, or blocked in."""
OF_A_CHAT = ("chats", "chat_settings", "replies", "faults", "threads")
"""The tables that are forgotten with a chat; the inbox empties itself."""
IN_CHANNELS: Overrides = {"mode": "off"}
"""What settings are in a channel before anything is chosen: nothing is said there unasked for."""


class Memberships:
    """The chats in ``state.db``. ``clock`` gives Unix time."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def see(self, chat_id: int, kind: str | None) -> None:
        """Note that something came from a chat; of its kind, where that shows the bot is there."""
        self._database.execute(
            "INSERT INTO chats (chat_id, seen_at, kind) VALUES (?, ?, ?)"
            " ON CONFLICT (chat_id) DO UPDATE SET seen_at = excluded.seen_at,"
            " kind = ifnull(excluded.kind, kind),"
            " left_at = iif(excluded.kind IS NULL, left_at, NULL)",
            (chat_id, int(self._clock()), kind),
        )

    def leave(self, chat_id: int) -> None:
        """Note that the bot is not in a chat any more, from now on."""
        self._database.execute(
            "UPDATE chats SET left_at = ? WHERE chat_id = ?", (int(self._clock()), chat_id)
        )

    def knows(self, chat_id: int) -> bool:
        """Whether anything ever came from a chat; a person who wrote to the bot can be written to.

        A person's chat with the bot has the person's id.
        """
        return bool(self._rows("SELECT 1 FROM chats WHERE chat_id = ?", chat_id))

    def is_channel(self, chat_id: int) -> bool:
        """Whether a chat is a channel."""
        return self._rows("SELECT kind FROM chats WHERE chat_id = ?", chat_id) == [("channel",)]

    def move(self, old: int, new: int) -> None:
        """Have a group's new id stand for it: it keeps its settings, budgets and removals.

        Its messages are numbered anew, so none of those replied to is taken for a new one.
        """
        with self._database.atomic():
            if not self.knows(old):
                return
            self._database.execute("DELETE FROM chats WHERE chat_id = ?", (new,))
            for table in ("chats", "chat_settings", "faults"):
                self._database.execute(
                    f"UPDATE OR IGNORE {table} SET chat_id = ? WHERE chat_id = ?",  # noqa: S608
                    (new, old),
                )
            self._database.execute(
                "UPDATE replies SET chat_id = ?, question_id = -question_id, reply_id = -reply_id,"
                " thread_id = 0 WHERE chat_id = ?",
                (new, old),
            )
            self._delete(old)

    def forget(self) -> int:
        """How many chats were forgotten, as the bot left them long ago."""
        before = int(self._clock()) - CHATS_KEPT
        gone = self._rows("SELECT chat_id FROM chats WHERE left_at <= ?", before)
        for (chat_id,) in gone:
            self._delete(chat_id)
        return len(gone)

    def _delete(self, chat_id: int) -> None:
        for table in OF_A_CHAT:
            self._database.execute(f"DELETE FROM {table} WHERE chat_id = ?", (chat_id,))  # noqa: S608

    def _rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        return list(self._database.execute(query, parameters))
