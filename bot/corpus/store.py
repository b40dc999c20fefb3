"""PassageStore: the SQLite index, opened for reading; ``index`` says how it is written."""

import sqlite3
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from json import loads
from pathlib import Path

from sqlite_utils import Database

from bot.corpus.article import Article, Passage, Quotation, Span

FORMAT = "6"
"""Changed whenever an index written before cannot be read any more: it is then built anew."""


class NoIndex(Exception):
    """No index can be read at this path: it is missing, damaged or of another format."""


@dataclass(frozen=True, slots=True)
class File:
    """A file in the folder of articles, and why it is not served, where it is not."""

    name: str
    digest: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a term stands: passage ids, ascending, and how often in each."""

    passages: Sequence[int]
    counts: Sequence[int]


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage with its term ids, sentence by sentence."""

    id: int
    passage: Passage
    terms: tuple[tuple[int, ...], ...]


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
        except (OSError, sqlite3.DatabaseError) as error:
            raise NoIndex(str(error)) from error
        # All at once, for the threads that read meanwhile.
        self._identity = identity
        self._database = database
        self.meta: Mapping[str, str] = meta
        self._articles = articles
        self._languages = frozenset(article.language for article in articles.values())
        self._words: dict[str, tuple[int, ...]] | None = None
        self._indexed: dict[int, IndexedPassage] = {}
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
        return self.indexed(ids[paragraph]).passage if 0 <= paragraph < len(ids) else None

    def passages(self, slug: str) -> tuple[Passage, ...]:
        """The headline and all paragraphs of an article, in order."""
        return tuple(self.indexed(id_).passage for id_ in self.passage_ids(slug))

    # What the matching asks for.

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the articles."""
        return self._languages

    def passage_ids(self, slug: str | None) -> range:
        """The ids of an article's passages, headline first; of all passages for None."""
        if slug is None:
            return range(1, int(self.meta["passages"]) + 1)
        row = self._one("SELECT first, paragraphs FROM articles WHERE slug = ?", slug)
        return range(row[0], row[0] + row[1] + 1) if row else range(0)

    @property
    def average_length(self) -> float:
        """Words in a passage, on average; at least 1."""
        return max(1.0, float(self.meta["average_length"]))

    def words(self) -> Mapping[str, tuple[int, ...]]:
        """The corpus's vocabulary: each folded word, with the ids of the terms it stems to."""
        if self._words is None:
            words: dict[str, tuple[int, ...]] = {}
            for word, term in self._database.conn.execute("SELECT word, term FROM words"):
                words[word] = (*words.get(word, ()), term)
            self._words = words
        return self._words

    def term_ids(self, stem: str) -> tuple[int, ...]:
        """The id of the term that is this stem, if the corpus has it."""
        row = self._one("SELECT id FROM terms WHERE term = ?", stem)
        return row or ()

    def kin(self, word: str) -> list[tuple[int, float]]:
        """The terms of the corpus that are near in meaning to a folded word, and how near."""
        return self._database.conn.execute(
            "SELECT term, similarity FROM kin WHERE word = ? ORDER BY similarity DESC", (word,)
        ).fetchall()

    def run_frequency(self, run: str) -> int:
        """How many passages have this run of letters in a word."""
        row = self._one("SELECT frequency FROM runs WHERE run = ?", run)
        return row[0] if row else 0

    def term(self, id_: int) -> str:
        """The stem that a term is."""
        row = self._database.conn.execute("SELECT term FROM terms WHERE id = ?", (id_,)).fetchone()
        return str(row[0])

    def frequency(self, term: int) -> int:
        """How many passages have this term."""
        row = self._one("SELECT frequency FROM terms WHERE id = ?", term)
        return row[0] if row else 0

    def postings(self, term: int) -> Postings:
        """Where this term stands."""
        row = self._one("SELECT passages, counts FROM terms WHERE id = ?", term)
        return Postings(array("I", bytes(row[0])), bytes(row[1])) if row else Postings((), ())

    def indexed(self, id_: int) -> IndexedPassage:
        """The passage of this id with its terms."""
        found = self._indexed.get(id_)
        if found is None:
            if len(self._indexed) >= 4096:
                self._indexed.clear()
            found = self._indexed[id_] = self._read_passage(id_)
        return found

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

    def _one(self, query: str, *parameters: object) -> tuple[int, ...] | None:
        row: tuple[int, ...] | None = self._database.conn.execute(query, parameters).fetchone()
        return row

    def _read_passage(self, id_: int) -> IndexedPassage:
        row = self._database.conn.execute(
            "SELECT slug, paragraph, text, sentences, quotations, terms FROM passages"
            " JOIN articles ON articles.id = passages.article WHERE passages.id = ?",
            (id_,),
        ).fetchone()
        slug, paragraph, text, ends, quoted, terms = row
        passage = Passage(
            article=slug,
            paragraph=paragraph,
            text=text,
            sentences=tuple(Span(*pair) for pair in loads(ends)),
            quotations=tuple(Quotation(Span(a, b), name) for a, b, name in loads(quoted)),
        )
        return IndexedPassage(id_, passage, unpack(terms))


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


def pack(sentences: Iterable[Sequence[int]]) -> bytes:
    """Term ids sentence by sentence, as stored; a 0 ends each sentence.

    >>> unpack(pack([(5, 7), (), (9,)]))
    ((5, 7), (), (9,))
    """
    return array("I", [id_ for terms in sentences for id_ in (*terms, 0)]).tobytes()


def unpack(stored: bytes) -> tuple[tuple[int, ...], ...]:
    """What ``pack`` was given."""
    sentences: list[tuple[int, ...]] = []
    terms: list[int] = []
    for id_ in array("I", stored):
        if id_:
            terms.append(id_)
        else:
            sentences.append(tuple(terms))
            terms = []
    return tuple(sentences)
