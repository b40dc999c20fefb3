"""Backups on real files: whole and sound copies, or none, whatever else goes on."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from bot.chats.backup import NotCopied, back_up, copy
from bot.chats.state import ChatState
from tests.bot_api.process import ROOT
from tests.bot_api.server import PATIENCE

NOW = datetime(2026, 3, 1, 12, 30, 45)

HAMMER = """
import sys
from pathlib import Path
from bot.chats.state import ChatState
from bot.chats.updates import Received
state = ChatState(Path(sys.argv[1]))
number = int(sys.argv[2])
while True:
    # Both or neither: a copy in which they differ was not of one moment.
    with state._database.atomic():
        state.updates.keep([Received(number, number % 50, "x" * 2000)])
        state.record_reply(7, number, number, "bc74ee8e", 5)
    number += 1
"""
"""A process that writes without a pause."""

CROWDED = """
import resource, signal, sys
from datetime import datetime
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
from bot.cli import main
sys.argv = ["pullquote", *sys.argv[1:]]
main()
"""
"""The command where a file can have 40,000 bytes: what is beyond them cannot be written."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with something in it, which no process has open."""
    path = tmp_path / "data" / "state.db"
    with closing(ChatState(path)) as state:
        state.choose_article(7, "first")
    return path


@pytest.fixture
def hammer(path: Path) -> Iterator["Hammer"]:
    """A process that writes to it without a pause."""
    hammer = Hammer(path)
    hammer.start(1)
    yield hammer
    hammer.kill()


class Hammer:
    """Starts and kills the process that writes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, number: int) -> None:
        """Have it write from this number on, and return once it has."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", HAMMER, self._path, str(number)],
            env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        )
        deadline = time.monotonic() + PATIENCE
        while counts(self._path)[0] < number:
            assert time.monotonic() < deadline, "it never writes"
            time.sleep(0.01)

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None


def counts(path: Path) -> tuple[int, int]:
    """How many updates and replies a file has."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        query = "SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM replies)"
        return database.execute(query).fetchone()


def is_sound(path: Path) -> bool:
    """Whether SQLite finds nothing wrong with a file."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def names(folder: Path) -> list[str]:
    """All that is in a folder."""
    return sorted(file.name for file in folder.iterdir())


def test_has_what_the_database_has(path: Path, tmp_path: Path) -> None:
    """In one file, which its owner alone can read, and from which a bot can start."""
    target = tmp_path / "elsewhere.db"
    assert back_up(path, target, NOW) == target
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert names(tmp_path) == ["data", "elsewhere.db"]
    with closing(ChatState(target)) as state:
        assert state.chosen_article(7) == "first"


def test_without_a_name_has_the_date(path: Path) -> None:
    """In a folder of backups beside the database, which nobody else can look into."""
    copied = back_up(path, None, NOW)
    assert copied == path.parent / "backups" / "state-20260301-123045.db"
    assert names(copied.parent) == [copied.name]
    assert stat.S_IMODE(copied.parent.stat().st_mode) == 0o700


def test_takes_no_other_files_place(path: Path, tmp_path: Path) -> None:
    """Whatever it is."""
    target = tmp_path / "letter.txt"
    target.write_text("Dear Ana")
    with pytest.raises(NotCopied, match=r"letter\.txt is there already"):
        back_up(path, target, NOW)
    assert target.read_text() == "Dear Ana"
    assert names(tmp_path) == ["data", "letter.txt"]


def test_of_nothing_is_refused(tmp_path: Path) -> None:
    """And makes no folder."""
    with pytest.raises(NotCopied, match=r"There is no .*state\.db yet"):
        back_up(tmp_path / "data" / "state.db", None, NOW)
    assert names(tmp_path) == []


def test_into_a_folder_that_is_not_there_is_refused(path: Path, tmp_path: Path) -> None:
    with pytest.raises(NotCopied, match="No such file or directory"):
        back_up(path, tmp_path / "nowhere" / "state.db", NOW)


def test_of_a_damaged_database_is_refused(path: Path, tmp_path: Path) -> None:
    """A copy that is not sound is none."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(NotCopied):
        back_up(path, tmp_path / "copy.db", NOW)
    assert names(tmp_path) == ["data"]


def test_is_of_one_moment_while_another_process_writes(
    path: Path, tmp_path: Path, hammer: Hammer
) -> None:
    """Each is sound, each has more than the one before, and the writer goes on."""
    last = 0
    for number in range(5):
        back_up(path, tmp_path / f"{number}.db", NOW)
        updates, replies = counts(tmp_path / f"{number}.db")
        assert is_sound(tmp_path / f"{number}.db")
        assert updates == replies > last
        last = updates
        deadline = time.monotonic() + PATIENCE
        while counts(path)[0] == last:
            assert time.monotonic() < deadline, "the writer has stopped"


def test_is_sound_whenever_the_writer_is_killed(path: Path, tmp_path: Path, hammer: Hammer) -> None:
    """Right after that, with what it left in the WAL."""
    for number in range(1, 6):
        hammer.kill()
        target = tmp_path / f"{number}.db"
        back_up(path, target, NOW)
        assert is_sound(target)
        assert counts(target) == counts(path)
        hammer.start(counts(path)[0] + 1)


def test_on_a_full_disk_is_refused_in_one_line(path: Path, tmp_path: Path) -> None:
    """Nothing of it stays, and the database is as it was."""
    with closing(ChatState(path)) as state:
        for number in range(2000):
            state.daily.count("private", "answer", str(number))
    before = path.read_bytes()
    assert len(before) > 40_000
    done = subprocess.run(
        [sys.executable, "-c", CROWDED, "backup", tmp_path / "copy.db"],
        env={
            "PYTHONPATH": str(ROOT),
            "PATH": os.environ["PATH"],
            "PULLQUOTE_DATA": str(path.parent),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.startswith(f"pullquote: {tmp_path}/copy.db cannot be written (")
    assert len(done.stderr.splitlines()) == 1
    assert names(tmp_path) == ["data"]
    assert path.read_bytes() == before


def test_what_a_power_cut_left_is_removed_by_the_next(path: Path, tmp_path: Path) -> None:
    """After an hour, in which another backup may still be going on."""
    old, new = tmp_path / ".pullquote-old.partial", tmp_path / ".pullquote-new.partial"
    for partial in (old, new):
        partial.write_bytes(b"half")
    os.utime(old, (time.time() - 3700,) * 2)
    with closing(sqlite3.connect(path)) as database:
        copy(database, tmp_path / "copy.db")
    assert names(tmp_path) == [".pullquote-new.partial", "copy.db", "data"]
