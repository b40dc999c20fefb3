"""Tally: what a replay counts, and the same over time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

PERIODS = (1, 7, 28, 91, 364)
"""Days that a period can have: the fewest with which there are not too many periods."""


@dataclass(slots=True)
class Tally:
    """How much was read, said and left unsaid."""

    messages: int = 0
    silences: Counter[str] = field(default_factory=Counter)
    """Messages without a reply, by the reason."""
    first: datetime | None = None
    last: datetime | None = None
    messages_by_day: Counter[date] = field(default_factory=Counter)
    replies_by_hour: Counter[datetime] = field(default_factory=Counter)

    @property
    def replies(self) -> int:
        """How many there were."""
        return self.replies_by_hour.total()

    @property
    def hours(self) -> float:
        """The span from the first message to the last, an hour at the least."""
        if self.first is None or self.last is None:
            return 1.0
        return max(1.0, (self.last - self.first).total_seconds() / 3600)

    @property
    def busiest(self) -> tuple[datetime, int] | None:
        """The hour with the most replies, the first of several, and how many those are."""
        return max(self.replies_by_hour.items(), key=lambda hour: hour[1], default=None)

    def message(self, clock: datetime) -> None:
        """Count a message."""
        self.messages += 1
        self.messages_by_day[clock.date()] += 1
        self.first = min(self.first or clock, clock)
        self.last = max(self.last or clock, clock)

    def reply(self, clock: datetime) -> None:
        """Count a reply."""
        self.replies_by_hour[clock.replace(minute=0, second=0, microsecond=0)] += 1


@dataclass(frozen=True, slots=True)
class Period:
    """A day, or several in a row."""

    start: date
    days: int
    messages: int
    replies: int


def periods(tally: Tally, most: int) -> Sequence[Period]:
    """The whole span in periods of the same length, no more of them than asked for, if possible."""
    days = [*tally.messages_by_day, *(hour.date() for hour in tally.replies_by_hour)]
    if not days:
        return ()
    start, end = min(days), max(days)
    span = (end - start).days + 1
    length = next((length for length in PERIODS if span <= most * length), -(-span // most))
    count = -(-span // length)
    messages, replies = [0] * count, [0] * count
    for day, number in tally.messages_by_day.items():
        messages[(day - start).days // length] += number
    for hour, number in tally.replies_by_hour.items():
        replies[(hour.date() - start).days // length] += number
    return [
        Period(start + timedelta(days=length * each), length, messages[each], replies[each])
        for each in range(count)
    ]
