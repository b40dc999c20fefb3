"""Stats: what the bot said and what became of it, counted from ``state.db``, for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from bot.chats.database import open_to_read
from bot.text.columns import cut
from bot.text.controls import harmless

MOST = 10
"""How many chats and passages are named."""
NARROWEST = 40
"""Columns; a narrower terminal breaks the lines itself."""
_EIGHTHS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True, slots=True)
class Day:
    """A day in UTC."""

    day: str
    replies: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of messages in one kind of chat, and of those passed over also why."""

    chat: str
    outcome: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Busy:
    """A chat that was replied in."""

    chat_id: int
    replies: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """A passage that was quoted."""

    article_key: str
    paragraph: int
    replies: int


@dataclass(frozen=True, slots=True)
class Stats:
    """What was counted. Replies that a dry run kept back are in ``outcomes`` alone."""

    days: Sequence[Day]
    """Each day, the last one today; those without a reply too."""
    private: int
    """Replies to people alone with the bot."""
    groups: int
    """Replies in groups."""
    removed_by_askers: int
    removed_by_admins: int
    """Those that count as wrong."""
    outcomes: Sequence[Outcome]
    busiest: Sequence[Busy]
    most_quoted: Sequence[Quoted]

    @property
    def replies(self) -> int:
        """All of them."""
        return self.private + self.groups


def gathered(path: Path, days: int, now: float) -> Stats:
    """What ``state.db`` has of the last so many days, today included; ``now`` is Unix time.

    It is only read. ``OtherVersion`` is raised where another version wrote it.
    """
    midnight = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight - timedelta(days=days - 1)
    since = int(first.timestamp())
    # A table of its own in memory, so that the queries below need not repeat what counts.
    with closing(open_to_read(path)) as database:
        rows = database.conn.execute
        rows("PRAGMA temp_store = MEMORY")
        rows(
            "CREATE TEMP TABLE said AS SELECT * FROM replies WHERE reply_id != 0 AND sent_at >= ?",
            (since,),
        )
        by_day = dict(rows("SELECT (sent_at - ?) / 86400, count(*) FROM said GROUP BY 1", (since,)))
        [(private, groups, by_askers, by_admins)] = rows(
            "SELECT count(*) FILTER (WHERE chat_id > 0), count(*) FILTER (WHERE chat_id < 0),"
            " count(*) FILTER (WHERE removed_by = 'asker'),"
            " count(*) FILTER (WHERE removed_by = 'admin') FROM said"
        )
        outcomes = rows(
            "SELECT chat, outcome, reason, sum(count) FROM daily WHERE day >= ?"
            " GROUP BY 1, 2, 3 ORDER BY 1, 4 DESC, 2, 3",
            (f"{first:%Y-%m-%d}",),
        )
        busiest = rows(
            "SELECT chat_id, count(*) FROM said GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?", (MOST,)
        )
        quoted = rows(
            "SELECT article_key, paragraph, count(*) FROM said WHERE article_key IS NOT NULL"
            " GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ?",
            (MOST,),
        )
        return Stats(
            [
                Day(f"{first + timedelta(days=number):%Y-%m-%d}", by_day.get(number, 0))
                for number in range(days)
            ],
            *(private, groups, by_askers, by_admins),
            [Outcome(*row) for row in outcomes],
            [Busy(*row) for row in busiest],
            [Quoted(*row) for row in quoted],
        )


def record(stats: Stats) -> dict[str, object]:
    """The stats as ``stats --json`` prints them."""
    return {"replies": stats.replies, **asdict(stats)}


def chart(stats: Stats, titles: Mapping[str, str], width: int) -> Iterator[str]:
    """The stats as lines of so many columns; ``titles`` are the articles' by their keys.

    Nothing in a title steers a terminal.
    """
    width = max(width, NARROWEST)
    yield f"Replies in {len(stats.days)} days (UTC): {stats.replies}"
    yield f"  in private {stats.private}, in groups {stats.groups}"
    yield f"  removed by askers {stats.removed_by_askers}"
    yield f"  removed by admins {stats.removed_by_admins} (wrong)"
    yield ""
    yield from _bars([(day.day, day.replies) for day in stats.days], width)
    for chat, outcomes in groupby(stats.outcomes, lambda outcome: outcome.chat):
        yield f"\nWhat came of messages: {chat}"
        named = [
            (f"{outcome.outcome}, {outcome.reason}".removesuffix(", "), outcome.count)
            for outcome in outcomes
        ]
        yield from _bars(named, width)
    if stats.busiest:
        yield "\nBusiest chats"
        yield from _bars([(str(busy.chat_id), busy.replies) for busy in stats.busiest], width)
    if stats.most_quoted:
        yield "\nMost quoted passages"
        for quoted in stats.most_quoted:
            head = f"{quoted.replies:>6}  "
            tail = f" ¶{quoted.paragraph}" if quoted.paragraph else ", headline"
            title = titles.get(quoted.article_key, f"article {quoted.article_key}, gone")
            yield head + cut(harmless(title), width - len(head) - len(tail)) + tail


def _bars(named: Sequence[tuple[str, int]], width: int) -> Iterator[str]:
    """A bar for each name, the longest as long as there is room for."""
    most = max((count for _, count in named), default=0)
    names = max((len(name) for name, _ in named), default=0)
    digits = len(str(most))
    room = max(width - names - digits - 4, 1)
    for name, count in named:
        bar = _bar(count / most if most else 0, room)
        yield f"{name:<{names}}  {count:>{digits}}  {bar}".rstrip()


def _bar(share: float, room: int) -> str:
    """A bar so many columns long at the most, to an eighth of a column.

    >>> _bar(1.0, 4), _bar(0.4, 4), _bar(0.0, 4)
    ('████', '█▋', '')
    """
    whole, eighths = divmod(round(share * room * 8), 8)
    return ("█" * whole + _EIGHTHS[eighths]).rstrip()
