"""An index is built beside the old one, and put in its place by one rename."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from tempfile import mkstemp
from time import time

from sqlite_utils import Database

from bot.corpus.encoding import add_vectors
from bot.corpus.files import content_of, name_of
from bot.corpus.index import Index, Progress
from bot.corpus.postings import fingerprint
from bot.corpus.store import PassageStore
from bot.text.encoder import Encoder

_CACHE = 64 * 1024
"""KiB of the index kept in memory while it is filled."""
_NEW, _FOLDER = ".new", ".files"
"""How the names end of an index being built, and of the folder that belongs to it."""
_ABANDONED = 3600.0
"""Seconds after which nobody is at work any more on an index that was not touched meanwhile."""


def rebuild(
    files: Sequence[Path], path: Path, encoder: Encoder | None, progress: Progress
) -> PassageStore:
    """The index of these files, once it is in place.

    A reader of the old one goes on with it until it asks for the new one; a build that is broken
    off leaves the old one as it was, and the next goes on with the vectors made so far. ``OSError``
    is raised where it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=_NEW)
    os.close(handle)
    beside = Path(name)
    folder = beside.with_suffix(_FOLDER)
    begun = path.with_name(f"{path.name}.encoded")
    try:
        # One thread reads the articles, another writes them.
        connection = sqlite3.connect(beside, check_same_thread=False)
        with closing(connection), connection:
            # Nobody else opens it yet, and larger pages are a tenth faster to fill.
            connection.execute("PRAGMA locking_mode = exclusive")
            connection.execute("PRAGMA page_size = 16384")
            connection.execute("PRAGMA journal_mode = off")
            connection.execute("PRAGMA synchronous = off")
            connection.execute(f"PRAGMA cache_size = -{_CACHE}")
            with closing(Index(Database(connection, execute_plugins=False), folder)) as index:
                for number, file in enumerate(files):
                    progress("Reading articles", number, len(files))
                    index.add_file(name_of(file), content_of(file))
                index.finish()
            encoded_by = add_vectors(
                connection, encoder, folder, old=path, begun=begun, progress=progress
            )
            connection.executemany(
                "INSERT INTO meta VALUES (?, ?)",
                [("encoder", encoded_by), ("fingerprint", fingerprint(folder))],
            )
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        beside.chmod(0o644)
        beside.replace(path)
    except BaseException as error:
        beside.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        if _is_of_the_disk(error):
            raise OSError(errno.EIO, f"cannot be written ({error})", str(path)) from error
        raise
    if encoder:
        begun.unlink(missing_ok=True)
    store = PassageStore(path)
    _sweep(path, store.meta["folder"])
    return store


def _is_of_the_disk(error: BaseException) -> bool:
    """Whether SQLite or tantivy could not write, for which they have names of their own."""
    is_of_postings = isinstance(error, ValueError) and "IO error" in str(error)
    return isinstance(error, sqlite3.OperationalError) or is_of_postings


def _sweep(path: Path, current: str) -> None:
    """Remove all folders but the current one, and what builds left that were killed."""
    for left in path.parent.glob(f"{path.name}.*{_NEW}"):
        with suppress(FileNotFoundError):
            if time() - left.stat().st_mtime > _ABANDONED:
                left.unlink()
    for left in path.parent.glob(f"{path.name}.*{_FOLDER}"):
        if left.name != current and not left.with_suffix(_NEW).exists():
            shutil.rmtree(left, ignore_errors=True)
