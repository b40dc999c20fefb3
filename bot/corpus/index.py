"""Index: the tables of the derived database, being filled; ``store`` reads them."""

import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from hashlib import blake2b
from json import dumps, loads
from pathlib import Path

from sqlite_utils import Database

from bot.corpus.article import Article, Passage
from bot.corpus.readers import BadArticle, parse
from bot.corpus.store import FORMAT, File, pack
from bot.text.encoder import Encoder
from bot.text.language import FUNCTION_WORDS
from bot.text.lexicon import near_words
from bot.text.terms import runs, stems, words

Progress = Callable[[str, int, int], None]
"""Told what is being done, and how much of it: (what, done, of)."""

Content = bytes | OSError
"""What is in a file, or why that cannot be known."""

LONGEST_STRETCH = 512
"""Characters of a part of a passage that has a vector of its own."""

_BATCH = 16
"""Stretches encoded between two signs of progress."""

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
            "sentences": str,
            "quotations": str,
            "terms": bytes,
        },
        "id",
    ),
    "terms": (
        {"id": int, "term": str, "frequency": int, "passages": bytes, "counts": bytes},
        "id",
    ),
    "words": ({"word": str, "term": int}, ("word", "term")),
    "runs": ({"run": str, "frequency": int}, "run"),
    "kin": ({"word": str, "term": int, "similarity": float}, ("word", "term")),
    "vectors": (
        {"passage": int, "start": int, "end": int, "digest": str, "vector": bytes},
        ("passage", "start", "end"),
    ),
}
"""Each table's columns and its key."""


def digest(content: Content) -> str:
    """What tells this content from any other."""
    known = content if isinstance(content, bytes) else str(content).encode()
    return blake2b(known, digest_size=16).hexdigest()


class Index:
    """The tables of an index, being filled."""

    def __init__(self, database: Database) -> None:
        self.files: list[File] = []
        self._connection = database.conn
        self._database = database
        self._slugs: set[str] = set()
        self._passages = 0
        self._length = 0
        self._terms: dict[str, int] = {}
        self._frequencies: Counter[int] = Counter()
        self._words: set[tuple[str, int]] = set()
        self._runs: Counter[str] = Counter()
        self._languages: set[str] = set()
        self._postings: dict[int, tuple[array[int], bytearray]] = defaultdict(
            lambda: (array("I"), bytearray())
        )
        for table, (columns, key) in _TABLES.items():
            database.table(table).create(columns, pk=key)

    def add_file(self, name: str, content: Content) -> None:
        """Take in the article of a file, or the reason why not."""
        reason = None
        try:
            if isinstance(content, OSError):
                raise BadArticle(f"cannot be read ({content.strerror})")
            text = parse(name, content)
            if text.article.slug in self._slugs:
                raise BadArticle("another article has the same name before the ending")
            self._add_article(text.article, text.passages)
        except BadArticle as error:
            reason = str(error)
        self.files.append(File(name, digest(content), reason))

    def _add_article(self, article: Article, passages: Sequence[Passage]) -> None:
        self._slugs.add(article.slug)
        self._languages.add(article.language)
        self._database.table("articles").insert(
            {
                "id": len(self._slugs),
                "slug": article.slug,
                "title": article.title,
                "published": article.published and article.published.isoformat(),
                "language": article.language,
                "source": article.source,
                "url": article.url,
                "author": article.author,
                "paragraphs": article.of,
                "first": self._passages + 1,
            }
        )
        self._connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
            [self._passage_row(passage, article.language) for passage in passages],
        )

    def _passage_row(self, passage: Passage, language: str) -> tuple[object, ...]:
        self._passages += 1
        return (
            self._passages,
            len(self._slugs),
            passage.paragraph,
            passage.text,
            dumps([(span.start, span.end) for span in passage.sentences]),
            dumps([(said.span.start, said.span.end, said.speaker) for said in passage.quotations]),
            pack(self._post(passage, language)),
        )

    def _post(self, passage: Passage, language: str) -> list[list[int]]:
        """The passage's term ids, sentence by sentence, noted in the postings.

        Function words stand in the sentences, but have no postings: they lead nowhere.
        """
        function_words = FUNCTION_WORDS.get(language, frozenset())
        sentences = []
        counts: Counter[int] = Counter()
        of_letters: set[str] = set()
        for span in passage.sentences:
            found = words(span.of(passage.text))
            ids = [
                self._terms.setdefault(stem, len(self._terms) + 1)
                for stem in stems(found, language)
            ]
            sentences.append(ids)
            for word, id_ in zip(found, ids, strict=True):
                of_letters.update(runs(word))
                if word not in function_words:
                    self._words.add((word, id_))
                    counts[id_] += 1
        self._runs.update(of_letters)
        self._length += sum(map(len, sentences))
        self._frequencies.update({id_ for ids in sentences for id_ in ids})
        for id_, count in counts.items():
            passages, of_passages = self._postings[id_]
            passages.append(self._passages)
            of_passages.append(min(count, 255))
        return sentences

    def finish(self) -> None:
        """Write what could only be written once all articles were in."""
        self._connection.executemany(
            "INSERT INTO terms VALUES (?, ?, ?, ?, ?)",
            (
                (id_, term, self._frequencies[id_], passages.tobytes(), bytes(counts))
                for term, id_ in self._terms.items()
                for passages, counts in [self._postings[id_]]
            ),
        )
        self._connection.executemany("INSERT INTO words VALUES (?, ?)", sorted(self._words))
        self._connection.executemany("INSERT INTO runs VALUES (?, ?)", sorted(self._runs.items()))
        self._connection.executemany("INSERT INTO kin VALUES (?, ?, ?)", self._kin())
        self._database.table("terms").create_index(["term"], unique=True)
        self._database.table("passages").enable_fts(
            ["text"], tokenize="unicode61 remove_diacritics 2"
        )
        self._database.table("files").insert_all(
            {"name": file.name, "digest": file.digest, "reason": file.reason} for file in self.files
        )
        self._database.table("meta").insert_all(
            {"name": name, "value": value}
            for name, value in {
                "format": FORMAT,
                "passages": str(self._passages),
                "average_length": str(self._length / max(1, self._passages)),
            }.items()
        )

    def _kin(self) -> Iterator[tuple[str, int, float]]:
        """Words of any language that are near in meaning to a term that has postings."""
        by_word = defaultdict(set)
        for word, id_ in self._words:
            by_word[word].add(id_)
        kin: dict[tuple[str, int], float] = {}
        for word, other, similarity in near_words():
            stemmed = {stems([other], language)[0] for language in self._languages}
            ids = by_word.get(other, set()) | {self._terms.get(stem, 0) for stem in stemmed}
            for id_ in ids & self._postings.keys():
                kin[word, id_] = max(kin.get((word, id_), 0.0), similarity)
        for (word, id_), similarity in kin.items():
            yield word, id_, similarity

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
            "SELECT passages.id, title, paragraph, text, sentences FROM passages"
            " JOIN articles ON articles.id = article"
        )
        found = []
        for id_, title, paragraph, text, ends in rows:
            for start, end in stretches(text, loads(ends)):
                stretch = _in_context(text[start:end], text, title if paragraph else "")
                found.append((id_, (start, end), stretch, digest(stretch.encode())))
        return found


def stretches(text: str, sentences: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """The (start, end) offsets of what is encoded of a passage: its sentences, and all of it.

    A long sentence is encoded in several stretches: one vector holds only so much.
    """
    found = {
        (begin, min(begin + LONGEST_STRETCH, end))
        for start, end in sentences
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
