"""Corpus: the articles and their index, which is built anew where it is not that of them."""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.corpus.files import article_files, content_of, digest, name_of
from bot.corpus.store import NoIndex, PassageStore
from bot.text.encoder import Encoder

if TYPE_CHECKING:
    from bot.corpus.index import Progress

_CHECKED = 32 * 1024 * 1024
"""Bytes of an index up to which all of it is checked before use; nobody waits for that long."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """All articles: the folder they are in, and the index that is built from them."""

    folder: Path
    path: Path
    """Where the index is."""
    encoder: Encoder | None = None
    posts: Path | None = None
    """A second folder of articles, which need not be there."""
    _known: dict[str, tuple[object, str]] = field(default_factory=dict, repr=False, compare=False)
    """Of each file its times and size, and the digest it had then: unchanged ones are not read."""

    def up_to_date(
        self, progress: "Progress" = lambda *_: None, *, is_suspect: bool = False
    ) -> PassageStore:
        """The index, built anew where it is not that of the articles as they are now.

        A suspect index is examined whole, whatever its size. Raises ``NoFolder``.
        """
        return self._current(is_suspect=is_suspect) or self._rebuilt(progress)

    def current(self) -> PassageStore | None:
        """The index if it is sound and that of the articles as they are now."""
        return self._current(is_suspect=False)

    def file(self, name: str) -> Path:
        """Where the file of this name stands."""
        own = self.folder / name
        return own if own.exists() or not self.posts else self.posts / name

    def _files(self) -> list[Path]:
        files = article_files(self.folder)
        names = {file.name for file in files}
        if self.posts and self.posts.is_dir():
            files += [file for file in article_files(self.posts) if file.name not in names]
        return files

    def _digest(self, file: Path) -> str:
        try:
            found = file.stat()
            # The last is that of a change of rights too: what could not be read may be readable.
            state: object = found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
        except OSError as error:
            state = str(error)
        known = self._known.get(file.name)
        if known is None or known[0] != state:
            known = self._known[file.name] = state, digest(content_of(file))
        return known[1]

    def _current(self, *, is_suspect: bool) -> PassageStore | None:
        files = self._files()
        with suppress(NoIndex, sqlite3.DatabaseError):
            store = PassageStore(self.path)
            if is_suspect or self.path.stat().st_size <= _CHECKED:
                store.check()
            has_vectors = self.encoder is None or store.meta["encoder"] == self.encoder.name
            digests = {name_of(file): self._digest(file) for file in files}
            if has_vectors and {file.name: file.digest for file in store.files()} == digests:
                return store
            store.close()
        return None

    def _rebuilt(self, progress: "Progress") -> PassageStore:
        # What reads Markdown takes a tenth of the time to start, and is mostly not needed then.
        from bot.corpus.rebuild import rebuild  # noqa: PLC0415

        return rebuild(self._files(), self.path, self.encoder, progress)
