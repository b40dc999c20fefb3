"""The index is built from the articles beside the old one, and put in its place by one rename."""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

from sqlite_utils import Database

from bot.corpus.index import Content, Index, Progress, digest
from bot.corpus.readers import article_files
from bot.corpus.store import NoIndex, PassageStore
from bot.text.encoder import Encoder

_CHECKED = 32 * 1024 * 1024
"""Bytes of an index up to which all of it is checked before use; nobody waits for that long."""


class NoFolder(Exception):
    """The folder of articles is not there."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """All articles: the folder they are in, and the index that is built from them."""

    folder: Path
    path: Path
    """Where the index is."""
    encoder: Encoder | None = None

    def up_to_date(
        self, progress: Progress = lambda *_: None, *, is_suspect: bool = False
    ) -> PassageStore:
        """The index, built anew where it is not that of the articles as they are now.

        A suspect index is examined whole, whatever its size. Raises ``NoFolder``.
        """
        contents = self._contents()
        return self._current(contents, is_suspect) or self._rebuilt(contents, progress)

    def current(self) -> PassageStore | None:
        """The index if it is sound and that of the articles as they are now."""
        return self._current(self._contents(), is_suspect=False)

    def _contents(self) -> dict[str, Content]:
        if not self.folder.is_dir():
            raise NoFolder(f"There is no folder {self.folder}.")
        return {file.name: _content(file) for file in article_files(self.folder)}

    def _current(self, contents: Mapping[str, Content], is_suspect: bool) -> PassageStore | None:
        with suppress(NoIndex, sqlite3.DatabaseError):
            store = PassageStore(self.path)
            if is_suspect or self.path.stat().st_size <= _CHECKED:
                store.check()
            digests = {name: digest(content) for name, content in contents.items()}
            has_vectors = self.encoder is None or store.meta["encoder"] == self.encoder.name
            if has_vectors and {file.name: file.digest for file in store.files()} == digests:
                return store
            store.close()
        return None

    def _rebuilt(self, contents: Mapping[str, Content], progress: Progress) -> PassageStore:
        """The index of these files, once it is in place.

        A reader of the old one goes on with it until it asks for the new one; a build that is
        broken off leaves the old one as it was.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = mkstemp(dir=self.path.parent, prefix=f"{self.path.name}.", suffix=".new")
        os.close(handle)
        try:
            with closing(sqlite3.connect(beside)) as connection, connection:
                connection.execute("PRAGMA journal_mode = off")
                connection.execute("PRAGMA synchronous = off")
                index = Index(Database(connection, execute_plugins=False))
                for number, (name, content) in enumerate(contents.items()):
                    progress("Reading articles", number, len(contents))
                    index.add_file(name, content)
                index.finish()
                index.add_vectors(self.encoder, self.path, progress)
            with open(beside, "rb") as file:
                os.fsync(file.fileno())
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
