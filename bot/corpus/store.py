"""PassageStore: the SQLite index, opened for reading; ``index`` says how it is written."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from json import dumps, loads
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar, cast

from sqlite_utils import Database

from bot.corpus.article import Article, Passage, Quotation, Span
from bot.corpus.postings import Postings, fingerprint

FORMAT = "9"
"""Changed whenever an index written before cannot be read any more: it is then built anew."""

WHOLES = ("wholes.scales", "wholes.numbers")
"""The files with the vector of each whole passage, which ``compact.Wholes`` reads."""

_KEPT = 4096
"""Passages kept in memory, and what is known of as many terms."""
_LAST = "\U0010ffff"
"""Sorts behind every letter."""


class NoIndex(Exception):
    """No index can be read at this path: it is missing, damaged or of another format."""


@dataclass(frozen=True, slots=True)
class File:
    """A file in the folder of articles, and why it is not served, where it is not."""

    name: str
    digest: str
    reason: str | None = None


K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """What is read by its keys, many at once, and kept for the next time; all is let go if full."""

    def __init__(self, read: Callable[[list[K]], dict[K, V]], most: int) -> None:
        self._read = read
        self._most = most
        self._known: dict[K, V] = {}

    def __call__(self, keys: Iterable[K]) -> dict[K, V]:
        """The values of these keys, in their order."""
        found = {key: self._known.get(key) for key in keys}
        missing = [key for key, value in found.items() if value is None]
        if missing:
            new = self._read(missing)
            if len(self._known) + len(new) > self._most:
                self._known = {}
            self._known |= new
            found |= new
        return cast("dict[K, V]", found)


class PassageStore:
    """The index of passages. It only reads, and takes up a new index put in its place.

    Several threads may read at once. ``NoIndex`` is raised on opening; where damage is met later,
    ``sqlite3.DatabaseError`` or ``OSError``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.generation = 0
        """Counts the indexes opened: what was derived from one is not good for the next."""
        self.rows_read = 0
        """Counts the rows of the database that were read for the matching."""
        self._open()

    def _open(self) -> None:
        identity = 0
        try:
            identity = self.path.stat().st_ino
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False
            )
            database = Database(connection, execute_plugins=False)
            meta = {row["name"]: row["value"] for row in database["meta"].rows}
            if meta.get("format") != FORMAT:
                raise NoIndex("it was written by another version")
            articles = {article.slug: article for article in _read_articles(database)}
            numbers = {
                slug: (number, first)
                for slug, number, first in database.conn.execute(
                    "SELECT slug, id, first FROM articles"
                )
            }
            folder = self.path.with_name(meta["folder"])
            postings = Postings(folder)
        except (OSError, sqlite3.DatabaseError, KeyError) as error:
            if self._is_another_than(identity):
                self._open()  # it was replaced meanwhile, and its files were removed
                return
            raise NoIndex(str(error)) from error
        # All at once, for the threads that read meanwhile.
        self._identity = identity
        self._database = database
        self.meta: Mapping[str, str] = meta
        self._articles = articles
        self._numbers: Mapping[str, tuple[int, int]] = numbers
        self._slugs = {number: slug for slug, (number, _) in numbers.items()}
        self._folder = folder
        self._postings = postings
        self._languages = frozenset(article.language for article in articles.values())
        self.average_length = max(1.0, float(meta["average_length"]))
        """Words in a passage, on average; at least 1."""
        # People ask for the same again.
        self.indexed = Kept(self._read_passages, _KEPT)
        """The passages of these ids."""
        self.forms = Kept(self._read_forms, _KEPT)
        """The forms in which the passages have each of these terms; none if they have not."""
        self.terms_of = Kept(self._read_terms, _KEPT)
        """The terms of each of these folded words; none of one not there or without a meaning."""
        self.kin = Kept(self._read_kin, _KEPT)
        """The terms near in meaning to each of these folded words, and how near, nearest first."""
        self.run_frequencies = Kept(self._read_runs, _KEPT)
        """How many passages have each of these runs of letters in a word, at the most."""
        self.frequency = lru_cache(_KEPT)(self._read_frequency)
        """How many passages have this term; where they are many, at the most."""
        self.generation += 1

    def is_stale(self) -> bool:
        """Whether another index stands in the place of the open one, or none."""
        try:
            return self.path.stat().st_ino != self._identity
        except OSError:
            return True

    def refresh(self) -> bool:
        """Whether a new index had been put in the place of the open one; it is open now."""
        if self.path.stat().st_ino == self._identity:
            return False
        self._open()
        return True

    def _is_another_than(self, identity: int) -> bool:
        """Whether another file stands there now; none counts as the same."""
        with suppress(OSError):
            return identity not in (0, self.path.stat().st_ino)
        return False

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    # What a reader of the corpus asks for.

    def articles(self) -> tuple[Article, ...]:
        """All articles, by file name."""
        return tuple(self._articles.values())

    def article(self, slug: str) -> Article | None:
        """The article of this slug."""
        return self._articles.get(slug)

    def article_of_key(self, key: str) -> Article | None:
        """The article whose ``Article.key`` this is."""
        return next((article for article in self.articles() if article.key == key), None)

    def passage(self, slug: str, paragraph: int) -> Passage | None:
        """One paragraph of an article, 0 for its headline."""
        ids = self.passage_ids(slug)
        if not 0 <= paragraph < len(ids):
            return None
        return self.indexed([ids[paragraph]])[ids[paragraph]]

    def passages(self, slug: str) -> tuple[Passage, ...]:
        """The headline and all paragraphs of an article, in order."""
        ids = self.passage_ids(slug)
        found = self.indexed(ids)
        return tuple(found[id_] for id_ in ids)

    # What the matching asks for.

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the articles."""
        return self._languages

    def passage_ids(self, slug: str | None) -> range:
        """The ids of an article's passages, headline first; of all passages for None."""
        if slug is None:
            return range(1, int(self.meta["passages"]) + 1)
        article = self._articles.get(slug)
        _, first = self._numbers.get(slug, (0, 0))
        return range(first, first + article.of + 1) if article else range(0)

    def words_beginning(self, beginning: str) -> list[tuple[str, str]]:
        """The words that begin with these letters, each with its term, in order."""
        query = "SELECT word, term FROM words WHERE word >= ? AND word < ? ORDER BY word, term"
        return self._rows(query, beginning, f"{beginning}{_LAST}")

    def words_sounding(self, key: str) -> list[tuple[str, str]]:
        """The words of this key of ``bot.text.spelling.sound``, each with its term."""
        return self._rows("SELECT word, term FROM words WHERE sound = ? ORDER BY word, term", key)

    def words_near(self, word: str, apart: int) -> list[str]:
        """The words that begin or end as this one does, and are so many letters apart in length."""
        return self._near("word", word, apart)

    def sounds_near(self, key: str, apart: int) -> list[str]:
        """The keys of the words' sounds that begin or end as this does, as far apart in length."""
        return self._near("sound", key, apart)

    def _near(self, column: Literal["word", "sound"], text: str, apart: int) -> list[str]:
        ends = " UNION ".join(
            f"SELECT {column} FROM words WHERE substr({column}, {place}, 1) = ?"  # noqa: S608  ours
            f" AND length({column}) BETWEEN ? AND ?"
            for place in (1, -1)
        )
        lengths = len(text) - apart, len(text) + apart
        return [row[0] for row in self._rows(ends, text[0], *lengths, text[-1], *lengths)]

    def best(self, gains: Mapping[str, float], slug: str | None, count: int) -> list[int]:
        """The ids of the passages with the most of these forms, the best first.

        ``gains`` says what each form is worth, its rarity included. Only the named article is
        searched, all of them for None.
        """
        if slug is None:
            return self._postings.best(gains, None, count)
        number, _ = self._numbers.get(slug, (0, 0))
        return self._postings.best(gains, number, count)

    def articles_with(self, phrase: Sequence[str]) -> list[str]:
        """The slugs of the articles that have these words in this order, one after the other."""
        quoted = f'"{" ".join(phrase)}"'
        query = (
            "SELECT DISTINCT article FROM passages WHERE id IN"
            " (SELECT rowid FROM passages_fts WHERE passages_fts MATCH ?)"
        )
        return [self._slugs[article] for (article,) in self._rows(query, quoted)]

    def vectors(self, ids: Iterable[int]) -> list[tuple[int, bytes, bytes]]:
        """Of these passages, in order, the ends of their stretches and a vector for each.

        Both as ``compact`` packs them; all of a passage is its first stretch.
        """
        return self._rows(
            "SELECT passage, spans, rows FROM vectors"
            " WHERE passage IN (SELECT value FROM json_each(?)) ORDER BY passage",
            dumps([*ids]),
        )

    def wholes(self) -> tuple[Path, Path]:
        """The files with the vectors of whole passages: scales and numbers."""
        return self._folder / WHOLES[0], self._folder / WHOLES[1]

    def vector_count(self) -> int:
        """How many passages have vectors: all or none."""
        scales, _ = self.wholes()
        return scales.stat().st_size // 4 if scales.exists() else 0

    # What the building of the next index asks for.

    def check(self) -> None:
        """Raise ``NoIndex`` if any page of the file is damaged."""
        found = self._database.conn.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise NoIndex(found)
        if fingerprint(self._folder) != self.meta["fingerprint"]:
            raise NoIndex("the postings are damaged")

    def files(self) -> list[File]:
        """Each file the index was built from, those that are not served too."""
        rows = self._database.conn.execute("SELECT name, digest, reason FROM files")
        return [File(*row) for row in rows]

    def passed_over(self) -> list[File]:
        """The files that are not served."""
        return [file for file in self.files() if file.reason]

    def _rows(self, query: str, *parameters: object) -> list[Any]:
        rows = self._database.conn.execute(query, parameters).fetchall()
        self.rows_read += len(rows)
        return rows

    def _read_frequency(self, term: str) -> int:
        return self._postings.frequency(self.forms([term])[term])

    def _read_forms(self, terms: Sequence[str]) -> dict[str, tuple[str, ...]]:
        return self._grouped("SELECT term, form FROM forms WHERE term IN", terms)

    def _read_terms(self, words: Sequence[str]) -> dict[str, tuple[str, ...]]:
        return self._grouped("SELECT word, term FROM words WHERE word IN", words)

    def _read_kin(self, words: Sequence[str]) -> dict[str, tuple[tuple[str, float], ...]]:
        near = "SELECT word, term, similarity FROM kin WHERE word IN"
        return self._grouped(near, words, " ORDER BY similarity DESC")

    def _read_runs(self, runs: Sequence[str]) -> dict[str, int]:
        found = self._grouped("SELECT run, frequency FROM runs WHERE run IN", runs)
        return {run: frequencies[0] if frequencies else 0 for run, frequencies in found.items()}

    def _grouped(self, query: str, keys: Sequence[str], order: str = "") -> dict[str, Any]:
        """What a query that ends with ``IN`` has of each of these keys, which come first in it."""
        found: dict[str, tuple[Any, ...]] = dict.fromkeys(keys, ())
        rows = self._rows(f"{query} (SELECT value FROM json_each(?)){order}", dumps(keys))  # noqa: S608  ours
        for key, *values in rows:
            found[key] += (tuple(values) if values[1:] else values[0],)
        return found

    def _read_passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        rows = self._rows(
            "SELECT id, article, paragraph, text, quotations FROM passages"
            " WHERE id IN (SELECT value FROM json_each(?))",
            dumps(ids),
        )
        return {
            id_: Passage(
                article=self._slugs[article],
                paragraph=paragraph,
                text=text,
                quotations=tuple(
                    Quotation(Span(start, end), name)
                    for start, end, name in (loads(quoted) if quoted else ())
                ),
            )
            for id_, article, paragraph, text, quoted in rows
        }


def _read_articles(database: Database) -> Iterable[Article]:
    for row in database.query("SELECT * FROM articles ORDER BY id"):
        yield Article(
            slug=row["slug"],
            title=row["title"],
            published=date.fromisoformat(row["published"]) if row["published"] else None,
            language=row["language"],
            of=row["paragraphs"],
            source=row["source"],
            url=row["url"],
            author=row["author"],
        )
