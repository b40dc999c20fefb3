"""The index is built from the articles beside the old one, and put in its place by one rename."""

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp

from sqlite_utils import Database

from bot.corpus.index import Content, Index, Progress, digest
from bot.corpus.readers import article_files
from bot.corpus.store import NoIndex, PassageStore
from bot.text.encoder import Encoder

_CHECKED = 32 * 1024 * 1024
"""Bytes of an index up to which all of it is checked before use; nobody waits for that long."""
_CACHE = 64 * 1024
"""KiB of the index kept in memory while it is filled."""


class NoFolder(Exception):
    """The folder of articles is not there."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """All articles: the folder they are in, and the index that is built from them."""

    folder: Path
    path: Path
    """Where the index is."""
    encoder: Encoder | None = None
    _known: dict[str, tuple[object, str]] = field(default_factory=dict, repr=False, compare=False)
    """Of each file its times and size, and the digest it had then: unchanged ones are not read."""

    def up_to_date(
        self, progress: Progress = lambda *_: None, *, is_suspect: bool = False
    ) -> PassageStore:
        """The index, built anew where it is not that of the articles as they are now.

        A suspect index is examined whole, whatever its size. Raises ``NoFolder``.
        """
        return self._current(is_suspect=is_suspect) or self._rebuilt(progress)

    def current(self) -> PassageStore | None:
        """The index if it is sound and that of the articles as they are now."""
        return self._current(is_suspect=False)

    def _files(self) -> list[Path]:
        if not self.folder.is_dir():
            raise NoFolder(f"There is no folder {self.folder}.")
        return article_files(self.folder)

    def _digest(self, file: Path) -> str:
        try:
            found = file.stat()
            # The last is that of a change of rights too: what could not be read may be readable.
            state: object = found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
        except OSError as error:
            state = str(error)
        known = self._known.get(file.name)
        if known is None or known[0] != state:
            known = self._known[file.name] = state, digest(_content(file))
        return known[1]

    def _current(self, *, is_suspect: bool) -> PassageStore | None:
        files = self._files()
        with suppress(NoIndex, sqlite3.DatabaseError):
            store = PassageStore(self.path)
            if is_suspect or self.path.stat().st_size <= _CHECKED:
                store.check()
            has_vectors = self.encoder is None or store.meta["encoder"] == self.encoder.name
            digests = {file.name: self._digest(file) for file in files}
            if has_vectors and {file.name: file.digest for file in store.files()} == digests:
                return store
            store.close()
        return None

    def _rebuilt(self, progress: Progress) -> PassageStore:
        """The index of these files, once it is in place.

        A reader of the old one goes on with it until it asks for the new one; a build that is
        broken off leaves the old one as it was.
        """
        files = self._files()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = mkstemp(dir=self.path.parent, prefix=f"{self.path.name}.", suffix=".new")
        os.close(handle)
        try:
            with closing(sqlite3.connect(beside)) as connection, connection:
                connection.execute("PRAGMA journal_mode = off")
                connection.execute("PRAGMA synchronous = off")
                connection.execute(f"PRAGMA cache_size = -{_CACHE}")
                index = Index(Database(connection, execute_plugins=False))
                for number, file in enumerate(files):
                    progress("Reading articles", number, len(files))
                    index.add_file(file.name, _content(file))
                index.finish()
                index.add_vectors(self.encoder, self.path, progress)
            with open(beside, "rb") as written:
                os.fsync(written.fileno())
            os.chmod(beside, 0o644)
            os.replace(beside, self.path)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(beside)
        return PassageStore(self.path)


def _content(file: Path) -> Content:
    try:
        return file.read_bytes()
    except OSError as error:
        return error
