"""Index: the tables of the derived database, being filled; ``store`` reads them."""

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from hashlib import blake2b
from json import dumps
from pathlib import Path

from sqlite_utils import Database

from bot.corpus.article import Article, Passage
from bot.corpus.readers import BadArticle, parse
from bot.corpus.store import FORMAT
from bot.text.encoder import Encoder
from bot.text.language import FUNCTION_WORDS
from bot.text.lexicon import near_words
from bot.text.sentences import sentences
from bot.text.spelling import sound
from bot.text.terms import runs, stems, words

Progress = Callable[[str, int, int], None]
"""Told what is being done, and how much of it: (what, done, of)."""

Content = bytes | OSError
"""What is in a file, or why that cannot be known."""

LONGEST_STRETCH = 512
"""Characters of a part of a passage that has a vector of its own."""

_BATCH = 16
"""Stretches encoded between two signs of progress."""
_ROWS = 5000
"""Passages written at once."""
_SEPARATED = re.compile(r"[0-9]+(?:[.,][0-9]+)+")
"""Numbers that the full-text table takes apart."""

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
    "terms": ({"term": str, "frequency": int}, "term"),
    "forms": ({"term": str, "form": str}, ("term", "form")),
    "words": ({"word": str, "term": str, "sound": str}, ("word", "term")),
    "runs": ({"run": str, "frequency": int}, "run"),
    "kin": ({"word": str, "term": str, "similarity": float}, ("word", "term")),
    "vectors": (
        {"passage": int, "start": int, "end": int, "digest": str, "vector": bytes},
        ("passage", "start", "end"),
    ),
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


def digest(content: Content) -> str:
    """What tells this content from any other."""
    known = content if isinstance(content, bytes) else str(content).encode()
    return blake2b(known, digest_size=16).hexdigest()


class Index:
    """The tables of an index, being filled.

    One full-text table over the paragraphs serves people and the matching. The words it has found
    are then stemmed, each once, whatever the number of paragraphs.
    """

    def __init__(self, database: Database) -> None:
        self._connection = database.conn
        self._database = database
        self._firsts: dict[str, int] = {}
        """By slug, the id of each article's headline."""
        self._languages: set[str] = set()
        self._passages: list[tuple[object, ...]] = []
        """Rows not yet written."""
        self._written = 0
        self._numbers: Counter[str] = Counter()
        """How many passages have a number written with separators."""
        for table, (columns, key) in _TABLES.items():
            database.table(table).create(columns, pk=key)
        database.table("passages").enable_fts(["text"], tokenize="unicode61 remove_diacritics 2")

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
            reason = str(error)
        self._connection.execute(
            "INSERT INTO files VALUES (?, ?, ?)", (name, digest(content), reason)
        )

    def _add_article(self, article: Article, passages: Sequence[Passage]) -> None:
        first = self._written + len(self._passages) + 1
        self._firsts[article.slug] = first
        self._languages.add(article.language)
        self._connection.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
            ),
        )
        for id_, passage in enumerate(passages, start=first):
            numbers = _SEPARATED.findall(passage.text)
            if numbers:
                self._numbers.update(set(numbers))
            quoted = passage.quotations and dumps(
                [(said.span.start, said.span.end, said.speaker) for said in passage.quotations]
            )
            self._passages.append(
                (id_, len(self._firsts), passage.paragraph, passage.text, quoted or None)
            )
        if len(self._passages) >= _ROWS:
            self._write_passages()

    def _write_passages(self) -> None:
        self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?)", self._passages)
        self._connection.execute(
            "INSERT INTO passages_fts (rowid, text) SELECT id, text FROM passages WHERE id > ?",
            (self._written,),
        )
        self._written += len(self._passages)
        self._passages.clear()

    def finish(self) -> None:
        """Write what could only be written once all articles were in."""
        self._write_passages()
        self._connection.execute(
            "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, passages_fts, row)"
        )
        found = self._connection.execute("SELECT term, doc, cnt FROM vocabulary").fetchall()
        self._write_words([(form, frequency) for form, frequency, _ in found])
        self._connection.execute("DROP TABLE vocabulary")
        length = sum(count for *_, count in found) / max(1, self._written)
        self._connection.executemany(
            "INSERT INTO meta VALUES (?, ?)",
            {
                "format": FORMAT,
                "passages": str(self._written),
                "average_length": str(length),
            }.items(),
        )

    def _write_words(self, found: Iterable[tuple[str, int]]) -> None:
        """Write the words of the forms found, their terms, and what leads to both."""
        function_words = frozenset().union(
            *(FUNCTION_WORDS.get(language, ()) for language in self._languages)
        )
        frequencies: Counter[str] = Counter()
        forms: set[tuple[str, str]] = set()
        of_words: dict[str, set[str]] = defaultdict(set)
        of_runs: Counter[str] = Counter()
        for form, frequency in (*found, *self._numbers.items()):
            of_form = words(form)
            for language in self._languages:
                for word, term in zip(of_form, stems(of_form, language), strict=True):
                    if (term, form) not in forms:
                        forms.add((term, form))
                        frequencies[term] += frequency
                    if word not in function_words:
                        of_words[word].add(term)
            for word in of_form:
                for run in set(runs(word)):
                    of_runs[run] += frequency
        most = self._written
        write = self._connection.executemany
        write(
            "INSERT INTO terms VALUES (?, ?)",
            ((term, min(frequency, most)) for term, frequency in sorted(frequencies.items())),
        )
        write("INSERT INTO forms VALUES (?, ?)", sorted(forms))
        write(
            "INSERT INTO words VALUES (?, ?, ?)",
            (
                (word, term, key)
                for word, of_word in sorted(of_words.items())
                for key in [sound(word)]
                for term in sorted(of_word)
            ),
        )
        write(
            "INSERT INTO runs VALUES (?, ?)",
            ((run, min(frequency, most)) for run, frequency in sorted(of_runs.items())),
        )
        write("INSERT INTO kin VALUES (?, ?, ?)", self._kin(of_words, frequencies))
        for name, columns in _INDEXES.items():
            self._connection.execute(f"CREATE INDEX {name} ON words ({columns})")

    def _kin(
        self, of_words: Mapping[str, Iterable[str]], known: Container[str]
    ) -> Iterator[tuple[str, str, float]]:
        """Words of any language that are near in meaning to a term of the corpus."""
        kin: dict[tuple[str, str], float] = {}
        for word, other, similarity in near_words():
            terms = {*of_words.get(other, ())}
            for language in self._languages:
                terms.update(term for term in stems([other], language) if term in known)
            for term in terms:
                kin[word, term] = max(kin.get((word, term), 0.0), similarity)
        for (word, term), similarity in kin.items():
            yield word, term, similarity

    def add_vectors(self, encoder: Encoder | None, old: Path, progress: Progress) -> None:
        """Write the vectors of all stretches; those that the old index has are not made again.

        Without an encoder the old ones are kept, if there is one for every stretch.
        """
        name, known = _known_vectors(old)
        if encoder and encoder.name != name:
            name, known = encoder.name, {}
        wanted = self._stretches() if encoder or known else []
        if not encoder and any(digest not in known for *_, digest in wanted):
            name, wanted = "", []
        for number in range(0, len(wanted), _BATCH):
            batch = wanted[number : number + _BATCH]
            missing = {digest: text for *_, text, digest in batch if digest not in known}
            if encoder and missing:
                progress("Encoding passages", number, len(wanted))
                vectors = encoder.passages([*missing.values()])
                for digest, vector in zip(missing, vectors, strict=True):
                    known[digest] = vector.astype("<f2").tobytes()
            self._connection.executemany(
                "INSERT INTO vectors VALUES (?, ?, ?, ?, ?)",
                [(id_, *span, digest, known[digest]) for id_, span, _, digest in batch],
            )
        self._database.table("meta").insert({"name": "encoder", "value": name})

    def _stretches(self) -> list[tuple[int, tuple[int, int], str, str]]:
        """Of every passage its id, and a stretch: where it is, what is encoded, its digest."""
        rows = self._connection.execute(
            "SELECT passages.id, title, paragraph, text FROM passages"
            " JOIN articles ON articles.id = article"
        )
        found = []
        for id_, title, paragraph, text in rows:
            for start, end in stretches(text):
                stretch = _in_context(text[start:end], text, title if paragraph else "")
                found.append((id_, (start, end), stretch, digest(stretch.encode())))
        return found


def stretches(text: str) -> list[tuple[int, int]]:
    """The (start, end) offsets of what is encoded of a passage: its sentences, and all of it.

    A long sentence is encoded in several stretches: one vector holds only so much.
    """
    found = {
        (begin, min(begin + LONGEST_STRETCH, end))
        for start, end in sentences(text)
        for begin in range(start, end, LONGEST_STRETCH)
    }
    return sorted(found | {(0, len(text))})


def _in_context(stretch: str, text: str, title: str) -> str:
    """What is encoded for a stretch: part of a passage stands below its title, to be understood."""
    return f"{title}: {stretch}" if title and len(stretch) < len(text) else stretch


def _known_vectors(path: Path) -> tuple[str, dict[str, bytes]]:
    """The encoder of an index's vectors, and each by the digest of what it is of.

    An index of an older format has them too, and a damaged one none.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as old:
            name = old.execute("SELECT value FROM meta WHERE name = 'encoder'").fetchone()
            return name[0], dict(old.execute("SELECT digest, vector FROM vectors"))
    except (sqlite3.DatabaseError, TypeError):
        return "", {}
