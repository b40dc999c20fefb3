"""Encoding: the vectors of all passages, written into an index that is being filled.

A passage is encoded as a whole and in stretches, which depend on its text and its article's title
alone: a digest of the two says whether its vectors are known.
"""

import sqlite3
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

from bot.corpus.index import Progress
from bot.corpus.store import WHOLES
from bot.text.encoder import Encoder
from bot.text.sentences import sentences

LONGEST_STRETCH = 512
"""Characters of a part of a passage that has a vector of its own."""

_AT_ONCE = 4
"""Passages encoded between two signs of progress, each kept then: they take a second or less."""


def add_vectors(  # noqa: PLR0913  an index, what is known, and where
    connection: sqlite3.Connection,
    encoder: Encoder | None,
    folder: Path,
    *,
    old: Path,
    begun: Path,
    progress: Progress,
) -> str:
    """The name of the encoder whose vectors all passages now have; empty where they have none.

    What the ``old`` index has is not encoded again, nor what is in ``begun``, where vectors are
    kept as they are made: a build that was killed goes on where it was. Without an encoder the old
    ones are taken, if there are some for every passage. In the ``folder`` are those of the wholes.
    """
    name = encoder.name if encoder else _encoder_of(old)
    if not name:
        return ""
    connection.create_function("digest", 2, _digest, deterministic=True)
    connection.execute(
        "CREATE TEMP TABLE wanted AS SELECT passages.id AS passage,"
        " digest(iif(paragraph, title, ''), text) AS digest"
        " FROM passages JOIN articles ON articles.id = article"
    )
    if name == _encoder_of(old):
        _copy(connection, old)
    if encoder:
        _encode(connection, encoder, begun, progress)
        _copy(connection, begun)
    complete = "SELECT (SELECT count(*) FROM vectors) = (SELECT count(*) FROM wanted)"
    if not connection.execute(complete).fetchone()[0]:
        connection.execute("DELETE FROM vectors")
        return ""
    _write_wholes(connection, folder)
    return name


def stretches(text: str) -> list[tuple[int, int]]:
    """The (start, end) offsets of what is encoded of a passage: all of it, then its sentences.

    A long sentence is encoded in several stretches: one vector holds only so much.
    """
    found = {
        (begin, min(begin + LONGEST_STRETCH, end))
        for start, end in sentences(text)
        for begin in range(start, end, LONGEST_STRETCH)
    }
    whole = (0, len(text))
    return [whole, *sorted(found - {whole})]


def _encode(
    connection: sqlite3.Connection, encoder: Encoder, begun: Path, progress: Progress
) -> None:
    """Encode what is wanted and not known into a file beside, committed every few passages."""
    # numpy, which this needs, is there only with the extra.
    from bot.corpus.compact import packed, packed_spans  # noqa: PLC0415

    with closing(_begin(begun, encoder.name)) as kept:
        connection.execute("CREATE TEMP TABLE known (digest BLOB PRIMARY KEY)")
        connection.executemany(
            "INSERT INTO known VALUES (?)", kept.execute("SELECT digest FROM vectors")
        )
        connection.execute(
            "CREATE TEMP TABLE missing AS SELECT min(passage) AS passage, digest FROM wanted"
            " WHERE passage NOT IN (SELECT passage FROM vectors)"
            " AND digest NOT IN (SELECT digest FROM known) GROUP BY digest ORDER BY 1"
        )
        count = connection.execute("SELECT count(*) FROM missing").fetchone()[0]
        for number in range(0, count, _AT_ONCE):
            progress("Encoding passages", number, count)
            rows = connection.execute(
                "SELECT digest, iif(paragraph, title, ''), text FROM missing"
                " JOIN passages ON passages.id = passage JOIN articles ON articles.id = article"
                " WHERE missing.rowid BETWEEN ? AND ? ORDER BY missing.rowid",
                (number + 1, number + _AT_ONCE),
            )
            batch = [(digest, title, text, stretches(text)) for digest, title, text in rows]
            encoded = encoder.passages(
                [
                    _in_context(text[start:end], text, title)
                    for _, title, text, spans in batch
                    for start, end in spans
                ]
            )
            first = 0
            for digest, _, _, spans in batch:
                vectors = encoded[first : first + len(spans)]
                first += len(spans)
                row = digest, packed_spans(spans), packed(vectors)
                kept.execute("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)", row)
            kept.commit()


def _in_context(stretch: str, text: str, title: str) -> str:
    """What is encoded for a stretch: part of a passage stands below its title, to be understood."""
    return f"{title}: {stretch}" if title and len(stretch) < len(text) else stretch


def _digest(title: str, text: str) -> bytes:
    return blake2b(f"{title}\0{text}".encode("utf-8", "replace"), digest_size=16).digest()


def _begin(begun: Path, encoder: str) -> sqlite3.Connection:
    """The file of the vectors made so far; those of another encoder are thrown away."""
    if begun.exists() and _encoder_of(begun) != encoder:
        begun.unlink()
    kept = sqlite3.connect(begun)
    # A process that is killed loses nothing by it; what a power cut damages is made again.
    kept.execute("PRAGMA synchronous = off")
    with kept:
        kept.execute("CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT)")
        kept.execute("INSERT OR IGNORE INTO meta VALUES ('encoder', ?)", (encoder,))
        kept.execute(
            "CREATE TABLE IF NOT EXISTS vectors (digest BLOB PRIMARY KEY, spans BLOB, rows BLOB)"
        )
    return kept


def _encoder_of(path: Path) -> str:
    """The encoder whose vectors are in a file; empty where it has none or cannot be read."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as index:
            found = index.execute("SELECT value FROM meta WHERE name = 'encoder'").fetchone()
    except sqlite3.DatabaseError:
        return ""
    return str(found[0]) if found else ""


def _copy(connection: sqlite3.Connection, path: Path) -> None:
    """Take what is wanted of the vectors in another file; where it is damaged, none."""
    connection.commit()
    connection.execute("ATTACH ? AS other", (str(path),))
    try:
        connection.execute(
            "INSERT OR IGNORE INTO vectors"
            " SELECT passage, digest, spans, rows"
            " FROM wanted JOIN (SELECT digest, spans, rows FROM other.vectors) USING (digest)"
        )
    except sqlite3.DatabaseError:
        connection.execute("DELETE FROM vectors")
    connection.commit()
    connection.execute("DETACH other")


def _write_wholes(connection: sqlite3.Connection, folder: Path) -> None:
    """Write the vector of each whole passage once more, into files that can be mapped."""
    rows = connection.execute("SELECT length(spans) / 8, rows FROM vectors ORDER BY passage")
    with (folder / WHOLES[0]).open("wb") as scales, (folder / WHOLES[1]).open("wb") as numbers:
        for count, vectors in rows:
            scales.write(vectors[:4])
            numbers.write(vectors[4 : len(vectors) // count])
