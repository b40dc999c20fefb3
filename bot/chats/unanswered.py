"""Unanswered: questions put to the bot that no passage answers, where the operator wants them.

Who asked, and in which chat, is not kept; only the kind of chat is.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import time

from sqlite_utils import Database

from bot.chats.database import open_to_read

QUESTIONS_KEPT = 30 * 86400
"""Seconds for which the text of an unanswered question is kept."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question without an answer, however its letters are written."""

    question: str
    """As it was written the last time."""
    times: int
    last: date
    """In UTC."""


def kept_in(path: Path) -> list[Asked]:
    """The unanswered questions in the ``state.db`` of a bot that may be running.

    ``OtherVersion`` is raised where another version wrote it.
    """
    with closing(open_to_read(path)) as database:
        return Unanswered(database, time).questions()


class Unanswered:
    """The unanswered questions in ``state.db``. ``clock`` gives Unix time."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def record(self, kind: str, question: str) -> None:
        """Keep a question that was asked in such a chat."""
        self._database.execute(
            "INSERT INTO unanswered (asked_at, kind, question) VALUES (?, ?, ?)",
            (int(self._clock()), kind, " ".join(question.split())),
        )

    def questions(self) -> list[Asked]:
        """All that are kept, what was asked most first, then what was asked last."""
        rows = self._database.execute(
            # SQLite takes the other columns from the row that has the maximum.
            "SELECT question, count(*) AS times, date(max(asked_at), 'unixepoch') FROM unanswered"
            " GROUP BY lower(rtrim(question, ' ?!.')) ORDER BY times DESC, max(asked_at) DESC"
        )
        return [Asked(question, times, date.fromisoformat(day)) for question, times, day in rows]

    def forget(self) -> None:
        """Erase what was asked too long ago."""
        self._database.execute(
            "DELETE FROM unanswered WHERE asked_at <= ?", (int(self._clock()) - QUESTIONS_KEPT,)
        )
