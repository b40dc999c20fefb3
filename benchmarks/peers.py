"""What somebody would use instead: each peer ranks the same passages for the same questions."""

import re
import sqlite3
from collections.abc import Callable, Sequence

import bm25s
import Stemmer
from rapidfuzz import fuzz, process, utils

Ranker = Callable[[str], list[int]]
"""A question in, the numbers of the up to three best passages out, best first."""


def rapidfuzz_wratio(texts: Sequence[str]) -> Ranker:
    """``extract`` with its default scorer."""
    return _rapidfuzz(texts, fuzz.WRatio)


def rapidfuzz_token_set(texts: Sequence[str]) -> Ranker:
    """``extract`` with ``token_set_ratio``."""
    return _rapidfuzz(texts, fuzz.token_set_ratio)


def _rapidfuzz(texts: Sequence[str], scorer: Callable[..., float]) -> Ranker:
    prepared = [utils.default_process(text) for text in texts]

    def rank(question: str) -> list[int]:
        asked = utils.default_process(question)
        return [number for _, _, number in process.extract(asked, prepared, scorer=scorer, limit=3)]

    return rank


def sqlite_fts5(texts: Sequence[str]) -> Ranker:
    """SQLite's full-text search: an OR of the question's words, porter stems, its bm25."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE passages USING fts5 (text, tokenize = 'porter')")
    database.executemany("INSERT INTO passages (rowid, text) VALUES (?, ?)", enumerate(texts))

    def rank(question: str) -> list[int]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        found = database.execute(
            "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY bm25(passages) LIMIT 3",
            (words or '""',),
        )
        return [row[0] for row in found]

    return rank


def bm25s_stemmed(texts: Sequence[str]) -> Ranker:
    """bm25s with English stems and stop words."""
    stemmer = Stemmer.Stemmer("english")
    index = bm25s.BM25()
    tokens = bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)
    index.index(tokens, show_progress=False)

    def rank(question: str) -> list[int]:
        asked = bm25s.tokenize(question, stopwords="en", stemmer=stemmer, show_progress=False)
        if not asked.vocab:
            return []
        found, _ = index.retrieve(asked, k=min(3, len(texts)), show_progress=False)
        return [int(number) for number in found[0]]

    return rank


PEERS = {
    "rapidfuzz extractOne, WRatio": rapidfuzz_wratio,
    "rapidfuzz token_set_ratio": rapidfuzz_token_set,
    "SQLite FTS5 bm25 (porter)": sqlite_fts5,
    "bm25s, stemmed": bm25s_stemmed,
}
