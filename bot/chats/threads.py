"""Threads: which post of a channel the comments of a discussion group are about."""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Tie:
    """The post that begins a thread, and the article it is about, if that is known."""

    url: str
    """The post's."""
    article_key: str | None


class Threads:
    """The threads in ``state.db``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tie(self, chat_id: int, thread_id: int, tie: Tie) -> None:
        """Remember what a thread is about; the last time counts."""
        self._database.execute(
            "INSERT OR REPLACE INTO threads (chat_id, thread_id, url, article_key)"
            " VALUES (?, ?, ?, ?)",
            (chat_id, thread_id, tie.url, tie.article_key),
        )

    def of(self, chat_id: int, thread_id: int | None) -> Tie | None:
        """What a thread is about, where it is the comments under a post."""
        row = self._database.execute(
            "SELECT url, article_key FROM threads WHERE chat_id = ? AND thread_id = ?",
            (chat_id, thread_id),
        ).fetchone()
        return Tie(*row) if row else None
