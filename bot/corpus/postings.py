"""Postings: which passages have which words, in an index of tantivy's; ``store`` reads it.

The passages' texts stand in the database; here are only the words in them, folded.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b
from math import log
from pathlib import Path

import tantivy

from bot.text.terms import fold, words

_MEMORY = 60_000_000
"""Bytes of postings that are held before they are written."""
_FEW = 200
"""Passages that are counted in less time than it takes to notice."""
_KEPT = 20_000
"""Forms of which it is kept how many passages have them."""
_SEPARATED = re.compile(r"[0-9]+(?:[.,][0-9]+)+")
"""Numbers that would be taken apart as any text is."""
_SEPARATORS = re.compile(",[0-9]"), re.compile(r"\.[0-9]")
"""What such a number has: each begins with one letter, and is found in a tenth of the time."""

_SCHEMA = (
    tantivy.SchemaBuilder()
    .add_unsigned_field("passage", fast=True)
    .add_unsigned_field("article", indexed=True)
    .add_text_field("text", tokenizer_name="words", index_option="freq")
    .add_text_field("numbers", tokenizer_name="raw", index_option="freq")
    .build()
)
_WORDS = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).build()


_MUST, _SHOULD = tantivy.Occur.Must, tantivy.Occur.Should


class BadPostings(OSError):
    """The postings are missing or damaged."""


def rarity(passages: int, frequency: int) -> float:
    """BM25's inverse document frequency of a word that so many of the passages have."""
    return log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


class PostingsWriter:
    """A new index, being filled in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._index = tantivy.Index(_SCHEMA, path=str(folder))
        self._index.register_tokenizer("words", _WORDS)
        self._writer = self._index.writer(_MEMORY, num_threads=1)

    def add(self, passage: int, article: int, text: str) -> None:
        """Take in a passage."""
        folded = fold(text)
        document = tantivy.Document()
        document.add_unsigned("passage", passage)
        document.add_unsigned("article", article)
        if any(separator.search(folded) for separator in _SEPARATORS):
            for word in words(" ".join(_SEPARATED.findall(folded))):
                document.add_text("numbers", word)
            folded = _SEPARATED.sub(" ", folded)
        document.add_text("text", folded)
        self._writer.add_document(document)

    def finish(self) -> None:
        """Write what is still held."""
        self._writer.commit()
        self._writer.wait_merging_threads()


class Postings:
    """A finished index, opened for reading; several threads may read at once.

    Raises ``BadPostings`` on opening and wherever damage is met.
    """

    def __init__(self, folder: Path) -> None:
        with _damage_told():
            index = tantivy.Index.open(str(folder))
            index.register_tokenizer("words", _WORDS)
            index.config_reader(reload_policy="manual")
            self._searcher = index.searcher()
        self._passages = self._searcher.num_docs
        self._clauses = lru_cache(_KEPT)(self._looked_up)

    def forms(self) -> Iterator[tuple[str, int]]:
        """Every word and number there is, and how many passages have it."""
        for field in ("text", "numbers"):
            yield from self._searcher.terms_with_prefix(field, "")

    def frequency(self, forms: Collection[str]) -> int:
        """How many passages have one of these forms: counted where they are few.

        Where they are many, passages with two forms count twice.
        """
        with _damage_told():
            found = [clause for form in forms for clause in self._clauses(form)]
            most = sum(frequency for _, frequency in found)
            if len(found) < 2 or most > _FEW:
                return min(most, self._passages)
            query = tantivy.Query.boolean_query([(_SHOULD, query) for query, _ in found])
            return int(self._searcher.search(query, 1).count)  # type: ignore[attr-defined]

    def best(self, gains: Mapping[str, float], article: int | None, count: int) -> list[int]:
        """The ids of so many passages with the most of these forms, by BM25, the best first.

        ``gains`` says what each form is worth, its rarity included; ``article`` is an article's
        number: only that one is searched. Lists of common words are skipped where they cannot make
        a passage one of the best (block-max WAND, Ding & Suel 2011).
        """
        with _damage_told():
            clauses = [
                (
                    _SHOULD,
                    tantivy.Query.boost_query(query, gain / rarity(self._passages, frequency)),
                )
                for form, gain in gains.items()
                for query, frequency in self._clauses(form)
            ]
            if not clauses:
                return []
            query = tantivy.Query.boolean_query(clauses)
            if article is not None:
                within = tantivy.Query.term_query(_SCHEMA, "article", article)
                within = tantivy.Query.const_score_query(within, 0.0)
                query = tantivy.Query.boolean_query([(_MUST, within), (_MUST, query)])
            hits = self._searcher.search(query, count, count=False).hits
            places = [place for _, place in hits]
            found = self._searcher.fast_field_values("passage", places) if places else []
            return [int(id_) for id_ in found if id_ is not None]

    def _looked_up(self, form: str) -> list[tuple[tantivy.Query, int]]:
        """Queries for a form in each field that has it, and how many passages there have it."""
        return [
            (tantivy.Query.term_query(_SCHEMA, field, form, index_option="freq"), frequency)
            for field in (("text", "numbers") if form[:1].isdecimal() else ("text",))
            if (frequency := self._searcher.doc_freq(field, form))
        ]


def fingerprint(folder: Path) -> str:
    """What tells the files in this folder from any others."""
    found = blake2b(digest_size=16)
    for file in sorted(folder.iterdir()):
        if not file.name.startswith("."):  # locks of those who write
            found.update(file.name.encode())
            found.update(file.read_bytes())
    return found.hexdigest()


@contextmanager
def _damage_told() -> Iterator[None]:
    """Raise ``BadPostings`` for whatever tantivy raises."""
    try:
        yield
    except ValueError as error:
        raise BadPostings(str(error)) from error
    except BaseException as error:
        # Damaged files make it panic, for which it has an exception that it does not export.
        if type(error).__name__ != "PanicException":
            raise
        raise BadPostings("the postings are damaged") from error
