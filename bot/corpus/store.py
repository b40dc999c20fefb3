"""PassageStore: the SQLite index, opened for reading; ``index`` says how it is written."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from json import dumps, loads
from pathlib import Path
from typing import Any, Literal

from sqlite_utils import Database

from bot.corpus.article import Article, Passage, Quotation, Span

FORMAT = "8"
"""Changed whenever an index written before cannot be read any more: it is then built anew."""

_KEPT = 4096
"""Passages kept in memory, and what is known of as many terms."""
_FEW = 2000
"""Passages that are counted in less time than it takes to notice."""
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


@dataclass(frozen=True, slots=True)
class IndexedVectors:
    """Vectors of stretches of passages, in the order of the passages, one row each."""

    passages: Sequence[int]
    spans: Sequence[Span]
    rows: bytes
    """Half-precision floats, little-endian, row after row."""


class PassageStore:
    """The index of passages. It only reads, and takes up a new index put in its place.

    Several threads may read at once. ``NoIndex`` is raised on opening; where damage is met later,
    ``sqlite3.DatabaseError``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.generation = 0
        """Counts the indexes opened: what was derived from one is not good for the next."""
        self.postings_read = 0
        """Counts the rows that ``holding`` has read."""
        self._open()

    def _open(self) -> None:
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
            firsts = dict(database.conn.execute("SELECT slug, first FROM articles"))
        except (OSError, sqlite3.DatabaseError) as error:
            raise NoIndex(str(error)) from error
        # All at once, for the threads that read meanwhile.
        self._identity = identity
        self._database = database
        self.meta: Mapping[str, str] = meta
        self._articles = articles
        self._firsts: Mapping[str, int] = firsts
        self._languages = frozenset(article.language for article in articles.values())
        self.average_length = max(1.0, float(meta["average_length"]))
        """Words in a passage, on average; at least 1."""
        # People ask for the same again.
        self.indexed = lru_cache(_KEPT)(self._read_passage)
        """The passage of this id."""
        self.frequency = lru_cache(_KEPT)(self._read_frequency)
        """How many passages have this term, at the most; 0 if the corpus has not."""
        self.forms = lru_cache(_KEPT)(self._read_forms)
        """The forms in which the full-text table has a term."""
        self.generation += 1

    def refresh(self) -> bool:
        """Whether a new index had been put in the place of the open one; it is open now."""
        if self.path.stat().st_ino == self._identity:
            return False
        self._open()
        return True

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
        return self.indexed(ids[paragraph]) if 0 <= paragraph < len(ids) else None

    def passages(self, slug: str) -> tuple[Passage, ...]:
        """The headline and all paragraphs of an article, in order."""
        return tuple(self.indexed(id_) for id_ in self.passage_ids(slug))

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
        first = self._firsts.get(slug, 0)
        return range(first, first + article.of + 1) if article else range(0)

    def counted(self, term: str) -> int:
        """How many passages have this term: counted where they are few, else at the most.

        Passages that have two of its forms count once.
        """
        most = self.frequency(term)
        if not 1 < most <= _FEW:
            return most
        forms = self.forms(term)
        if len(forms) == 1:
            return most
        query = " OR ".join(map(_quoted, forms))
        return self._count("SELECT count(*) FROM passages_fts WHERE passages_fts MATCH ?", query)

    def run_frequencies(self, runs: Iterable[str]) -> dict[str, int]:
        """How many passages have each of these runs of letters in a word, at the most."""
        query = "SELECT run, frequency FROM runs WHERE run IN (SELECT value FROM json_each(?))"
        return dict(self._rows(query, dumps([*runs])))

    def kin(self, word: str) -> list[tuple[str, float]]:
        """The terms of the corpus that are near in meaning to a folded word, and how near."""
        return self._rows(
            "SELECT term, similarity FROM kin WHERE word = ? ORDER BY similarity DESC", word
        )

    def terms_of(self, word: str) -> list[str]:
        """The terms of a folded word that the articles have; of none that carries nothing."""
        return [row[0] for row in self._rows("SELECT term FROM words WHERE word = ?", word)]

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

    def holding(self, forms: Iterable[Iterable[str]], ids: range, limit: int) -> list[int]:
        """The first so many passages among these ids that have some form out of each group."""
        query = " AND ".join(f"({' OR '.join(map(_quoted, group))})" for group in forms)
        rows = self._rows(
            "SELECT rowid FROM passages_fts WHERE passages_fts MATCH ?"
            " AND rowid BETWEEN ? AND ? LIMIT ?",
            query, ids.start, ids.stop - 1, limit,
        )  # fmt: skip
        self.postings_read += len(rows)
        return [row[0] for row in rows]

    def texts(self, ids: Iterable[int]) -> list[tuple[int, str]]:
        """The texts of these passages, each with its id."""
        listed = ",".join(map(str, ids))
        return self._rows(f"SELECT id, text FROM passages WHERE id IN ({listed})")  # noqa: S608  numbers

    def vectors(self, ids: range) -> IndexedVectors:
        """The vectors of these passages' stretches."""
        rows = self._database.conn.execute(
            "SELECT passage, start, end, vector FROM vectors WHERE passage BETWEEN ? AND ?"
            " ORDER BY passage, start, end",
            (ids.start, ids.stop - 1),
        ).fetchall()
        return IndexedVectors(
            passages=[row[0] for row in rows],
            spans=[Span(row[1], row[2]) for row in rows],
            rows=b"".join(row[3] for row in rows),
        )

    # What the building of the next index asks for.

    def check(self) -> None:
        """Raise ``NoIndex`` if any page of the file is damaged."""
        found = self._database.conn.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise NoIndex(found)

    def files(self) -> list[File]:
        """Each file the index was built from, those that are not served too."""
        rows = self._database.conn.execute("SELECT name, digest, reason FROM files")
        return [File(*row) for row in rows]

    def passed_over(self) -> list[File]:
        """The files that are not served."""
        return [file for file in self.files() if file.reason]

    def _rows(self, query: str, *parameters: object) -> list[Any]:
        return self._database.conn.execute(query, parameters).fetchall()

    def _count(self, query: str, *parameters: object) -> int:
        row = self._database.conn.execute(query, parameters).fetchone()
        return int(row[0]) if row else 0

    def _read_frequency(self, term: str) -> int:
        return self._count("SELECT frequency FROM terms WHERE term = ?", term)

    def _read_forms(self, term: str) -> list[str]:
        return [row[0] for row in self._rows("SELECT form FROM forms WHERE term = ?", term)]

    def _read_passage(self, id_: int) -> Passage:
        slug, paragraph, text, quoted = self._rows(
            "SELECT slug, paragraph, text, quotations FROM passages"
            " JOIN articles ON articles.id = passages.article WHERE passages.id = ?",
            id_,
        )[0]
        quotations = loads(quoted) if quoted else ()
        return Passage(
            article=slug,
            paragraph=paragraph,
            text=text,
            quotations=tuple(Quotation(Span(a, b), name) for a, b, name in quotations),
        )


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


def _quoted(form: str) -> str:
    """A form as a string of the full-text query language."""
    return '"' + form.replace('"', '""') + '"'
