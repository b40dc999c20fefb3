"""Index: the tables of the derived database, being filled; ``store`` reads them."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from json import dumps
from pathlib import Path

from sqlite_utils import Database

from bot.corpus.article import Article, Passage
from bot.corpus.files import Content, digest
from bot.corpus.postings import Postings, PostingsWriter
from bot.corpus.readers import BadArticle, parse
from bot.corpus.store import FORMAT
from bot.corpus.vocabulary import VocabularyTables, vocabulary
from bot.text.controls import harmless
from bot.text.spelling import sound
from bot.text.terms import words

Progress = Callable[[str, int, int], None]
"""Told what is being done, and how much of it: (what, done, of)."""

_ROWS = 5000
"""Passages written at once."""
_AHEAD = 4
"""How many times as many may be read that are not written yet, some 4 MB each."""

_TABLES: dict[str, tuple[dict[str, type], str | tuple[str, ...]]] = {
    "meta": ({"name": str, "value": str}, "name"),
    "files": ({"name": str, "digest": str, "reason": str}, "name"),
    "articles": (
        {
            "id": int,
            "slug": str,
            "title": str,
            "published": str,
            "language": str,
            "source": str,
            "url": str,
            "author": str,
            "paragraphs": int,
            "first": int,
        },
        "id",
    ),
    "passages": (
        {
            "id": int,
            "article": int,
            "paragraph": int,
            "text": str,
            "quotations": str,
        },
        "id",
    ),
    "forms": ({"term": str, "form": str}, ("term", "form")),
    "words": ({"word": str, "term": str, "sound": str}, ("word", "term")),
    "runs": ({"run": str, "frequency": int}, "run"),
    "kin": ({"word": str, "term": str, "similarity": float}, ("word", "term")),
    "vectors": ({"passage": int, "digest": bytes, "spans": bytes, "rows": bytes}, "passage"),
}
"""Each table's columns and its key."""
_INDEXES = {
    "sounds": "sound",
    "word_beginnings": "substr(word, 1, 1), length(word)",
    "word_ends": "substr(word, -1, 1), length(word)",
    "sound_beginnings": "substr(sound, 1, 1), length(sound)",
    "sound_ends": "substr(sound, -1, 1), length(sound)",
}
"""Ways to find a misspelt word."""
_FULL_TEXT = {"hashsize": 8 * 1024 * 1024, "automerge": 0}
"""How the full-text table is filled: in large pieces, which are not merged again and again."""
_SAMPLE = 500
"""Passages whose words are counted, evenly spread, to know their average length."""


class Index:
    """The tables of an index, being filled.

    A full-text table over the paragraphs serves people, the postings serve the matching. The words
    found in these are then stemmed, each once, whatever the number of paragraphs.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        """Create the tables, and the new folder for what stands in no table."""
        self._connection = database.conn
        self._folder = folder
        self._postings = PostingsWriter(folder)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="index")
        self._writing: deque[Future[None]] = deque()
        self._files: list[tuple[object, ...]] = []
        self._articles: list[tuple[object, ...]] = []
        self._firsts: dict[str, int] = {}
        """By slug, the id of each article's headline."""
        self._languages: set[str] = set()
        self._passages: list[tuple[object, ...]] = []
        """Rows not yet written."""
        self._written = 0
        for table, (columns, key) in _TABLES.items():
            database.table(table).create(columns, pk=key)
        database.table("passages").enable_fts(["text"], tokenize="unicode61 remove_diacritics 2")
        self._connection.executemany(
            "INSERT INTO passages_fts (passages_fts, rank) VALUES (?, ?)", _FULL_TEXT.items()
        )

    def add_file(self, name: str, content: Content) -> None:
        """Take in the article of a file, or the reason why not."""
        reason = None
        try:
            if isinstance(content, OSError):
                raise BadArticle(f"cannot be read ({content.strerror})")
            text = parse(name, content)
            if text.article.slug in self._firsts:
                raise BadArticle("another article has the same name before the ending")
            self._add_article(text.article, text.passages)
        except BadArticle as error:
            reason = harmless(str(error))
        self._files.append((name, digest(content), reason))

    def _add_article(self, article: Article, passages: Sequence[Passage]) -> None:
        first = self._written + len(self._passages) + 1
        self._firsts[article.slug] = first
        self._languages.add(article.language)
        self._articles.append(
            (
                len(self._firsts),
                article.slug,
                article.title,
                article.published and article.published.isoformat(),
                article.language,
                article.source,
                article.url,
                article.author,
                article.of,
                first,
            )
        )
        for id_, passage in enumerate(passages, start=first):
            self._postings.add(id_, len(self._firsts), passage.text)
            quoted = passage.quotations and dumps(
                [(said.span.start, said.span.end, said.speaker) for said in passage.quotations]
            )
            self._passages.append(
                (id_, len(self._firsts), passage.paragraph, passage.text, quoted or None)
            )
        if len(self._passages) >= _ROWS:
            self._write_passages()

    def _write_passages(self) -> None:
        """Have the passages written in another thread, while the next are read."""
        if len(self._writing) == _AHEAD:
            self._writing.popleft().result()
        rows, self._passages = self._passages, []
        self._writing.append(self._writer.submit(self._insert, rows, self._written))
        self._written += len(rows)

    def _insert(self, rows: Sequence[tuple[object, ...]], written: int) -> None:
        self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?)", rows)
        self._connection.execute(
            "INSERT INTO passages_fts (rowid, text) SELECT id, text FROM passages WHERE id > ?",
            (written,),
        )

    def _finish_writing(self) -> None:
        while self._writing:
            self._writing.popleft().result()

    def close(self) -> None:
        """End the thread that writes."""
        self._writer.shutdown()

    def finish(self) -> None:
        """Write what could only be written once all articles were in."""
        self._write_passages()
        self._postings.finish()
        # The last passages are still being written meanwhile.
        words = vocabulary(Postings(self._folder).forms(), self._languages)
        self._finish_writing()
        write = self._connection.executemany
        write("INSERT INTO files VALUES (?, ?, ?)", self._files)
        write("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._articles)
        self._write_words(words)
        write(
            "INSERT INTO meta VALUES (?, ?)",
            {
                "format": FORMAT,
                "passages": str(self._written),
                "average_length": str(self._average_length()),
                "folder": self._folder.name,
            }.items(),
        )

    def _average_length(self) -> float:
        """Words in a passage, on average."""
        ids = range(1, self._written + 1, self._written // _SAMPLE + 1)
        counts = [
            len(words(text))
            for id_ in ids
            for (text,) in self._connection.execute(
                "SELECT text FROM passages WHERE id = ?", (id_,)
            )
        ]
        return sum(counts) / max(1, len(counts))

    def _write_words(self, known: VocabularyTables) -> None:
        """Write the words of the forms found, their terms, and what leads to both."""
        write = self._connection.executemany
        write("INSERT INTO forms VALUES (?, ?)", sorted(known.forms))
        write(
            "INSERT INTO words VALUES (?, ?, ?)",
            (
                (word, term, key)
                for word, terms in sorted(known.words.items())
                for key in [sound(word)]
                for term in sorted(terms)
            ),
        )
        write(
            "INSERT INTO runs VALUES (?, ?)",
            ((run, min(count, self._written)) for run, count in sorted(known.runs.items())),
        )
        write(
            "INSERT INTO kin VALUES (?, ?, ?)",
            ((word, term, similarity) for (word, term), similarity in known.kin.items()),
        )
        for name, columns in _INDEXES.items():
            self._connection.execute(f"CREATE INDEX {name} ON words ({columns})")
