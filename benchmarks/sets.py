"""The question sets: which there are, their rows, and an index of their articles."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.corpus.build import Corpus
from bot.corpus.store import PassageStore
from bot.matching.evaluation import Row, rows
from bot.progress import Bars
from bot.text.encoder import Encoder, MultilingualE5

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("PULLQUOTE_QUESTIONS", ROOT.parent / "shared" / "data"))
"""Where the question sets are; their README says what is in them."""
INDEXES = Path(os.environ.get("PULLQUOTE_DATA", ROOT / "data")) / "benchmarks"


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A named set of rows over a folder of articles."""

    name: str
    questions: Path
    articles: Path
    is_pooled: bool = False
    """Whether every question is put to all articles, and not to its own alone."""

    def rows(self) -> list[Row]:
        """The questions with their gold passages."""
        return rows(self.questions)

    def store(self, encoder: Encoder | None) -> PassageStore:
        """The index of the articles; made once, with vectors if there is an encoder."""
        path = INDEXES / f"{self.articles.parent.name}.db"
        with Bars() as bars:
            return Corpus(self.articles, path, encoder).up_to_date(bars)


def _set(name: str, folder: str, file: str, *, is_pooled: bool = False) -> QuestionSet:
    return QuestionSet(name, DATA / folder / file, DATA / folder / "articles", is_pooled=is_pooled)


SQUAD = _set("squad-dev, within the article", "squad-dev", "questions.jsonl")
KEYBOARD = _set("xquad-dev keyboard, pooled", "xquad-dev", "keyboard.jsonl", is_pooled=True)
ASR = _set("xquad-dev asr, pooled", "xquad-dev", "asr.jsonl", is_pooled=True)
ENGLISH = _set("xquad-dev en, pooled", "xquad-dev", "en.jsonl", is_pooled=True)
SPANISH = _set("xquad-dev es, pooled", "xquad-dev", "es.jsonl", is_pooled=True)
SEED_EN = QuestionSet("seed questions en", DATA / "seed-questions.en.jsonl", ROOT / "seeds")
SEED_ES = QuestionSet("seed questions es and pt", DATA / "seed-questions.es.jsonl", ROOT / "seeds")
SETS = (SQUAD, KEYBOARD, ASR, SPANISH, SEED_EN, SEED_ES)


def distractors() -> list[str]:
    """Sentences of addresses to the US Congress: they ask nothing and answer nothing."""
    return (DATA / "distractors.txt").read_text("utf-8").splitlines()


class RememberingEncoder(MultilingualE5):
    """The encoder, with every question's vector kept on disk, as the same are asked again."""

    def __init__(self) -> None:
        super().__init__()
        INDEXES.mkdir(parents=True, exist_ok=True)
        self._known = sqlite3.connect(INDEXES / "questions.db", isolation_level=None)
        self._known.execute("PRAGMA synchronous = off")
        self._known.execute(
            "CREATE TABLE IF NOT EXISTS vectors (text TEXT PRIMARY KEY, vector BLOB)"
        )

    def plain(self, text: str) -> NDArray[np.float32]:
        """The vector of a question as the model has it, made only once."""
        row = self._known.execute("SELECT vector FROM vectors WHERE text = ?", (text,)).fetchone()
        if row is None:
            row = (super().plain(text).tobytes(),)
            self._known.execute("INSERT INTO vectors VALUES (?, ?)", (text, *row))
        return np.frombuffer(row[0], dtype="f4")
