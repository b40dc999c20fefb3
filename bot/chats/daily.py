"""Daily: how often what came of messages, by day and kind of chat; nothing of whose they were."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlite_utils import Database

DAYS_KEPT = 400
"""Days for which the counts are kept."""
ChatKind = Literal["private", "group", "channel", "inline", "guest"]


class Daily:
    """The counts in ``state.db``, and in memory those not written yet. ``clock`` is Unix time."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._counted: Counter[tuple[str, str, str]] = Counter()

    def count(self, chat: ChatKind, outcome: str, reason: str = "") -> None:
        """Count what came of a message, and why; on the disk once written."""
        self._counted[chat, outcome, reason] += 1

    def write(self) -> None:
        """Put what was counted onto the disk."""
        if not self._counted:
            return
        with self._database.atomic():
            for kind, count in self._counted.items():
                self._database.execute(
                    "INSERT INTO daily (day, chat, outcome, reason, count) VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT (day, chat, outcome, reason)"
                    " DO UPDATE SET count = count + excluded.count",
                    (self._day(), *kind, count),
                )
        self._counted.clear()

    def forget(self) -> None:
        """Erase the counts of days long ago."""
        self._database.execute("DELETE FROM daily WHERE day < ?", (self._day(DAYS_KEPT),))

    def _day(self, ago: int = 0) -> str:
        """The date so many days ago, in UTC."""
        return f"{datetime.fromtimestamp(self._clock(), UTC) - timedelta(days=ago):%Y-%m-%d}"
