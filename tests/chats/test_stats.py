"""Stats: counted from a real ``state.db``, whether or not a bot has it open."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unicodedata import category

import pytest

from bot.chats.database import OtherVersion, open_precious
from bot.chats.state import UNSAID, ChatState
from bot.chats.stats import Busy, Day, Outcome, Quoted, Stats, chart, gathered, record
from tests.chats.clock import Clock
from tests.chats.test_state import next_version

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC).timestamp()
DAY = 86400
ANA, GROUP = 7, -1007


@pytest.fixture
def clock() -> Clock:
    """A clock that the test sets."""
    return Clock(NOON)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "state.db"


@pytest.fixture
def state(path: Path, clock: Clock) -> Iterator[ChatState]:
    """A new database, open as a running bot has it."""
    state = ChatState(path, clock)
    yield state
    state.close()


def test_replies_are_counted_by_day_and_kind_of_chat(
    path: Path, state: ChatState, clock: Clock
) -> None:
    """Days are UTC's; those without a reply are there; older ones and dry runs are not."""
    clock.time = NOON - 3 * DAY
    state.record_reply(ANA, 1, 101, None, None)
    clock.time = datetime(2026, 3, 1, 0, 0, tzinfo=UTC).timestamp()
    state.record_reply(ANA, 2, 102, None, None)
    clock.time = NOON
    state.record_reply(ANA, 3, 103, None, None)
    state.record_reply(GROUP, 4, 104, None, None)
    state.record_reply(GROUP, 5, UNSAID, None, None)
    found = gathered(path, 3, NOON)
    assert found.days == [Day("2026-03-01", 1), Day("2026-03-02", 0), Day("2026-03-03", 2)]
    assert (found.replies, found.private, found.groups) == (3, 2, 1)


def test_removals_busiest_chats_and_passages(path: Path, state: ChatState) -> None:
    """What admins removed is wrong."""
    for number, paragraph in enumerate((5, 3, 5, 5), start=1):
        state.record_reply(GROUP, number, 100 + number, "bc74ee8e", paragraph)
    state.record_reply(ANA, 1, 201, "bc74ee8e", 3)
    state.record_removal(GROUP, 101, "admin")
    state.record_removal(GROUP, 102, "asker")
    state.record_removal(GROUP, 103, "asker")
    found = gathered(path, 1, NOON)
    assert (found.removed_by_askers, found.removed_by_admins) == (2, 1)
    assert found.busiest == [Busy(GROUP, 4), Busy(ANA, 1)]
    assert found.most_quoted == [Quoted("bc74ee8e", 5, 3), Quoted("bc74ee8e", 3, 2)]


def test_outcomes_are_added_up(path: Path, state: ChatState, clock: Clock) -> None:
    """They are on the disk once an update is done; a day outside does not count."""
    clock.time = NOON - DAY
    state.daily.count("private", "answer")
    state.updates.finish(1)
    clock.time = NOON
    for _ in range(2):
        state.daily.count("private", "answer")
    state.daily.count("group", "silent", "not a question")
    assert gathered(path, 2, NOON).outcomes == [Outcome("private", "answer", "", 1)]
    state.updates.finish(2)
    assert gathered(path, 1, NOON).outcomes == [
        Outcome("group", "silent", "not a question", 1),
        Outcome("private", "answer", "", 2),
    ]
    assert Outcome("private", "answer", "", 3) in gathered(path, 2, NOON).outcomes


def test_outcomes_outlive_the_bot_and_are_forgotten_after_400_days(
    path: Path, state: ChatState, clock: Clock
) -> None:
    """What was counted last is kept when it ends."""
    state.daily.count("inline", "none")
    state.close()
    with closing(ChatState(path, clock)) as later:
        assert gathered(path, 1, NOON).outcomes == [Outcome("inline", "none", "", 1)]
        clock.time = NOON + 400 * DAY
        later.forget()
        assert len(gathered(path, 500, clock.time).outcomes) == 1
        clock.time += DAY
        later.forget()
        assert gathered(path, 500, clock.time).outcomes == []


def test_nothing_is_written(path: Path, state: ChatState) -> None:
    """Nor is the bot kept from writing."""
    state.record_reply(ANA, 1, 101, None, None)
    before = path.read_bytes(), path.with_name("state.db-wal").read_bytes()
    gathered(path, 30, NOON)
    assert (path.read_bytes(), path.with_name("state.db-wal").read_bytes()) == before
    state.record_reply(ANA, 2, 102, None, None)


def test_a_bot_that_has_stopped_is_counted_too(path: Path, state: ChatState) -> None:
    """Its file alone is there then."""
    state.record_reply(ANA, 1, 101, None, None)
    state.close()
    assert [file.name for file in path.parent.glob("state.db*")] == ["state.db"]
    assert gathered(path, 30, NOON).replies == 1


def test_another_versions_file_is_refused(path: Path, state: ChatState) -> None:
    """Newer or older, with what to do."""
    state.close()
    with closing(sqlite3.connect(path)) as older, older:
        older.execute("DELETE FROM _sqlite_migrations WHERE name = 'daily_counts'")
        older.execute("DROP TABLE daily")
    with pytest.raises(OtherVersion, match=r"older version .* next start"):
        gathered(path, 30, NOON)
    open_precious(path, datetime.now(), next_version()).close()
    with pytest.raises(OtherVersion, match="newer version"):
        gathered(path, 30, NOON)


STATS = Stats(
    days=[Day("2026-03-01", 8), Day("2026-03-02", 0), Day("2026-03-03", 5)],
    private=9,
    groups=4,
    removed_by_askers=1,
    removed_by_admins=2,
    outcomes=[
        Outcome("group", "silent", "not a question", 16),
        Outcome("group", "answer", "", 4),
        Outcome("private", "answer", "", 9),
    ],
    busiest=[Busy(-1007, 4)],
    most_quoted=[Quoted("bc74ee8e", 5, 3), Quoted("00000000", 0, 1)],
)


def test_the_chart_is_as_drawn() -> None:
    """Forty columns; the longest bar of each part fills its lines."""
    lines = "\n".join(chart(STATS, {"bc74ee8e": "Migrants flocking from Chile to Peru"}, 40))
    assert lines == (
        "Replies in 3 days (UTC): 13\n"
        "  in private 9, in groups 4\n"
        "  removed by askers 1\n"
        "  removed by admins 2 (wrong)\n"
        "\n"
        "2026-03-01  8  █████████████████████████\n"
        "2026-03-02  0\n"
        "2026-03-03  5  ███████████████▋\n"
        "\n"
        "What came of messages: group\n"
        "silent, not a question  16  ████████████\n"
        "answer                   4  ███\n"
        "\n"
        "What came of messages: private\n"
        "answer  9  █████████████████████████████\n"
        "\n"
        "Busiest chats\n"
        "-1007  4  ██████████████████████████████\n"
        "\n"
        "Most quoted passages\n"
        "     3  Migrants flocking from Chile… ¶5\n"
        "     1  article 00000000, gone, headline"
    )


@pytest.mark.parametrize("width", [40, 61, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """Also where a title takes two columns a letter."""
    for line in "\n".join(chart(STATS, {"bc74ee8e": "移民问题" * 40}, width)).splitlines():
        assert len(line) + sum("一" <= letter <= "鿿" for letter in line) <= width


def test_a_title_cannot_steer_the_terminal() -> None:
    """Nor turn the direction of what follows."""
    title = "Red \x1b[31m\x07\r\n\x9b2J \u202eand \u2066back"
    lines = list(chart(STATS, {"bc74ee8e": title}, 80))
    assert {category(letter) for line in lines for letter in line.strip("\n")} <= {
        *("Lu", "Ll", "Nd", "Zs", "Po", "Pd", "Ps", "Pe", "So"),
    }


def test_the_record_has_every_figure() -> None:
    """As plain values."""
    told = record(STATS)
    assert told["replies"] == 13
    assert told["days"][0] == {"day": "2026-03-01", "replies": 8}  # type: ignore[index]
    assert set(told) == {
        *("replies", "days", "private", "groups", "removed_by_askers", "removed_by_admins"),
        *("outcomes", "busiest", "most_quoted"),
    }


def test_long_periods_are_whole(path: Path, state: ChatState) -> None:
    """Each day once, in order."""
    days = [day.day for day in gathered(path, 400, NOON).days]
    first = datetime(2026, 3, 3, tzinfo=UTC) - timedelta(days=399)
    assert (days[0], days[-1], len(set(days))) == (f"{first:%Y-%m-%d}", "2026-03-03", 400)
    assert days == sorted(days)
