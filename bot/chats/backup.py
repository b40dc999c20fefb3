"""Backup: a whole and sound copy of the precious database, also while a bot writes to it."""

import os
import sqlite3
import tempfile
import time
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

_PARTIAL = ".pullquote-", ".partial"
"""How the name of a copy begins and ends that is not finished."""
_GIVEN_UP = 3600
"""Seconds after which nobody works any more on what is not finished."""


class NotCopied(Exception):
    """There is no copy; the message says why, and nothing has changed."""


def back_up(source: Path, target: Path | None, now: datetime) -> Path:
    """Where the copy of the database is: in ``target``, else in a dated file in ``backups``.

    It is as the database stood at one moment. ``NotCopied`` is raised where there is no database,
    or the target is there already.
    """
    if not source.exists():
        raise NotCopied(f"There is no {source} yet: no bot has run over this data.")
    if target is None:
        folder = source.with_name("backups")
        with suppress(OSError):  # what is wrong with it shows when the copy is written
            folder.mkdir(mode=0o700, exist_ok=True)
        target = folder / f"{source.stem}-{now:%Y%m%d-%H%M%S}{source.suffix}"
    reading = f"{source.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(reading, uri=True, timeout=5)) as database:
        copy(database, target)
    return target


def copy(database: sqlite3.Connection, target: Path) -> None:
    """Copy an open database to a new file that its owner alone can read: all of it, or nothing.

    It is examined and on the disk before it gets its name. ``NotCopied`` is raised where it is
    damaged, the disk is full, or the target is there already.
    """
    if target.exists():
        raise NotCopied(f"{target} is there already, and is left as it is.")
    try:
        _discard_given_up(target.parent)
        number, name = tempfile.mkstemp(_PARTIAL[1], _PARTIAL[0], target.parent)
        os.close(number)
        partial = Path(name)
        try:
            _fill(partial, database)
            partial.rename(target)
            with suppress(PermissionError):  # Windows opens no folder
                _sync(target.parent)
        finally:
            _discard(partial)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise NotCopied(f"{target} cannot be written ({reason}). Nothing has changed.") from error


def _fill(partial: Path, database: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(partial)) as copied:
        database.backup(copied)
        # One file, whatever the mode of the one copied.
        copied.execute("PRAGMA journal_mode = DELETE").fetchall()
        [found] = copied.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise NotCopied(f"The database is damaged ({found}); there is no sound copy to be had.")
    _sync(partial)


def _sync(path: Path) -> None:
    """Return once a file, or the names in a folder, are on the disk."""
    number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _discard_given_up(folder: Path) -> None:
    """Remove what a copy left that was cut off, by a power cut for example."""
    prefix, suffix = _PARTIAL
    for partial in folder.glob(f"{prefix}*{suffix}"):
        with suppress(OSError):
            if partial.stat().st_mtime < time.time() - _GIVEN_UP:
                _discard(partial)


def _discard(partial: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        partial.with_name(partial.name + suffix).unlink(missing_ok=True)
