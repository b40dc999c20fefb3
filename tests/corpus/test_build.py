"""The index: built from the articles, put in place at once, thrown away at any time."""

import os
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.corpus.build import Corpus
from bot.corpus.encoding import stretches
from bot.corpus.files import Content, NoFolder, content_of
from bot.corpus.store import NoIndex, PassageStore
from bot.text.encoder import Encoder


class CountingEncoder:
    """An encoder that counts what it is given; its vectors mean nothing."""

    name = "counting"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def question(self, text: str) -> NDArray[np.float32]:
        return self.passages([text])[0]

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += texts
        return np.eye(4, dtype=np.float32)[[len(text) % 4 for text in texts]]


def up_to_date(folder: Path, path: Path, encoder: Encoder | None = None) -> PassageStore:
    return Corpus(folder, path, encoder).up_to_date()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(" date 2025-11-28 First\n\nOne passage. Two sentences.\n\nMore.")
    (folder / "b.md").write_text("---\ntitle: Second\n---\nEn la frontera de los migrantes.")
    return folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "passages.db"


def test_the_index_holds_every_article_in_the_order_of_their_files(
    folder: Path, path: Path
) -> None:
    store = up_to_date(folder, path)
    assert [(article.slug, article.title, article.of) for article in store.articles()] == [
        ("a", "First", 2),
        ("b", "Second", 1),
    ]
    assert [passage.text for passage in store.passages("a")] == [
        "First",
        "One passage. Two sentences.",
        "More.",
    ]
    assert store.passage("b", 1) == store.passages("b")[1]
    assert store.passage("a", 3) is None
    assert store.passage("nothing", 0) is None
    assert store.passed_over() == []


def test_an_article_is_found_by_its_key_as_well(folder: Path, path: Path) -> None:
    store = up_to_date(folder, path)
    second = store.articles()[1]
    assert store.article_of_key(second.key) == second
    assert store.article_of_key("00000000") is None


def test_nothing_is_built_where_nothing_changed(folder: Path, path: Path) -> None:
    up_to_date(folder, path)
    before = path.stat().st_ino
    os.utime(folder / "a.txt")
    up_to_date(folder, path)
    assert path.stat().st_ino == before


@pytest.mark.parametrize("change", ["edit", "add", "remove", "rename"])
def test_it_is_built_anew_when_the_articles_change(folder: Path, path: Path, change: str) -> None:
    up_to_date(folder, path)
    match change:
        case "edit":
            (folder / "a.txt").write_text(" date 2025-11-28 New\n\nBody.")
        case "add":
            (folder / "c.txt").write_text(" date 2025-11-28 Third\n\nBody.")
        case "remove":
            (folder / "b.md").unlink()
        case "rename":
            (folder / "b.md").rename(folder / "z.md")
    store = up_to_date(folder, path)
    expected = {
        "edit": [("a", "New"), ("b", "Second")],
        "add": [("a", "First"), ("b", "Second"), ("c", "Third")],
        "remove": [("a", "First")],
        "rename": [("a", "First"), ("z", "Second")],
    }
    assert [(article.slug, article.title) for article in store.articles()] == expected[change]


def test_files_that_have_not_changed_are_not_read_again(
    folder: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A running bot looks at the folder every minute; a change of the same size is noticed."""
    corpus = Corpus(folder, path)
    corpus.up_to_date()
    read: list[str] = []

    def noted(file: Path) -> Content:
        read.append(file.name)
        return content_of(file)

    monkeypatch.setattr("bot.corpus.build.content_of", noted)
    assert corpus.current()
    read.clear()
    assert corpus.current()
    assert read == []
    changed = folder / "a.txt"
    changed.write_text(changed.read_text().replace("More", "Less"))
    os.utime(changed, ns=(0, 1))
    assert corpus.current() is None
    assert read == ["a.txt"]


def test_an_open_store_takes_up_the_new_index_when_it_is_asked(folder: Path, path: Path) -> None:
    store = up_to_date(folder, path)
    (folder / "b.md").unlink()
    up_to_date(folder, path)
    assert len(store.articles()) == 2
    assert store.refresh()
    assert len(store.articles()) == 1
    assert not store.refresh()


def test_an_index_that_is_replaced_while_it_is_opened_is_opened_all_the_same(
    folder: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files beside the old one are gone by then."""
    up_to_date(folder, path)
    opened = sqlite3.connect

    def replaced(*arguments: Any, **options: Any) -> sqlite3.Connection:
        found = opened(*arguments, **options)
        monkeypatch.setattr(sqlite3, "connect", opened)
        found.execute("SELECT * FROM meta").fetchall()
        (folder / "b.md").unlink()
        up_to_date(folder, path)
        return found

    monkeypatch.setattr(sqlite3, "connect", replaced)
    assert [article.slug for article in PassageStore(path).articles()] == ["a"]


def test_a_file_that_is_no_article_is_named_with_the_reason_and_the_others_are_served(
    folder: Path, path: Path
) -> None:
    (folder / "bad.txt").write_bytes(b"\xff")
    (folder / "a.md").write_text("---\ntitle: Same slug\n---\nBody.")
    for _ in range(2):
        store = up_to_date(folder, path)
        assert [(file.name, file.reason) for file in store.passed_over()] == [
            ("a.txt", "another article has the same name before the ending"),
            ("bad.txt", "not UTF-8 text (byte 1)"),
        ]
        assert [article.title for article in store.articles()] == ["Same slug", "Second"]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(b"", id="emptied"),
        pytest.param(b"This is no database, and never was." * 200, id="another file"),
        pytest.param(5_000, id="cut short"),
        pytest.param(-8_192, id="the last pages lost"),
    ],
)
def test_a_damaged_index_is_built_anew(folder: Path, path: Path, damage: bytes | int) -> None:
    up_to_date(folder, path)
    path.write_bytes(path.read_bytes()[:damage] if isinstance(damage, int) else damage)
    with pytest.raises((NoIndex, sqlite3.DatabaseError)):
        PassageStore(path).check()
    store = up_to_date(folder, path)
    assert len(store.passages("a")) == 3


@pytest.mark.parametrize("damage", ["lost", "a file lost", "a file cut short", "a byte changed"])
def test_damaged_postings_are_built_anew(folder: Path, path: Path, damage: str) -> None:
    postings = path.with_name(up_to_date(folder, path).meta["folder"])
    terms = next(postings.glob("*.term"))
    match damage:
        case "lost":
            shutil.rmtree(postings)
        case "a file lost":
            terms.unlink()
        case "a file cut short":
            terms.write_bytes(terms.read_bytes()[:40])
        case "a byte changed":
            content = bytearray(terms.read_bytes())
            content[3] ^= 255
            terms.write_bytes(content)
    with pytest.raises(NoIndex):
        PassageStore(path).check()
    store = up_to_date(folder, path)
    assert store.best({"passage": 1.0}, None, 9) == [2]


def test_a_missing_folder_is_told_and_the_old_index_left_alone(folder: Path, path: Path) -> None:
    up_to_date(folder, path)
    with pytest.raises(NoFolder):
        up_to_date(folder / "gone", path)
    assert len(PassageStore(path).articles()) == 2


def test_a_build_that_breaks_off_leaves_the_old_index_and_nothing_else(
    folder: Path, path: Path
) -> None:
    up_to_date(folder, path)
    (folder / "a.txt").unlink()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Corpus(folder, path).up_to_date(interrupted)
    store = PassageStore(path)
    assert sorted(file.name for file in path.parent.iterdir()) == [
        "passages.db",
        store.meta["folder"],
    ]
    assert len(store.articles()) == 2


def test_what_killed_builds_left_is_removed_by_the_next(folder: Path, path: Path) -> None:
    """Not what a build still works on in another process."""
    up_to_date(folder, path)
    for name in ("abandoned", "fresh"):
        path.with_name(f"passages.db.{name}.new").write_text("half an index")
        path.with_name(f"passages.db.{name}.files").mkdir()
    os.utime(path.with_name("passages.db.abandoned.new"), (0, 0))
    path.with_name("passages.db.renamed.files").mkdir()
    (folder / "a.txt").unlink()
    store = up_to_date(folder, path)
    assert sorted(file.name for file in path.parent.iterdir()) == sorted(
        ["passages.db", store.meta["folder"], "passages.db.fresh.new", "passages.db.fresh.files"]
    )


def test_vectors_are_kept_by_content(folder: Path, path: Path) -> None:
    """A restart encodes nothing, a change only what is new, a lost index everything."""
    encoder = CountingEncoder()
    up_to_date(folder, path, encoder)
    everything = sorted(encoder.encoded)
    assert "First: Two sentences." in everything, "a part stands below its title"
    assert "One passage. Two sentences." in everything, "and the whole by itself"
    encoder.encoded.clear()
    up_to_date(folder, path, encoder)
    assert encoder.encoded == []
    (folder / "b.md").write_text("---\ntitle: Second\n---\nSomething new.")
    store = up_to_date(folder, path, encoder)
    assert encoder.encoded == ["Something new."]
    assert [passage for passage, *_ in store.vectors(store.passage_ids(None))] == [1, 2, 3, 4, 5]
    encoder.encoded.clear()
    path.unlink()
    up_to_date(folder, path, encoder)
    assert len(encoder.encoded) == len(everything)


def test_encoding_that_was_broken_off_goes_on_where_it_was(folder: Path, path: Path) -> None:
    """It takes hours for an archive; what was made is kept beside until the index is in place."""
    body = "\n\n".join(f"Passage number {number}." for number in range(20))
    (folder / "c.txt").write_text(f" date 2025-01-01 Many\n\n{body}")
    told: list[tuple[str, int, int]] = []

    def interrupted(what: str, done: int, of: int) -> None:
        told.append((what, done, of))
        if what == "Encoding passages" and done >= of / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Corpus(folder, path, CountingEncoder()).up_to_date(interrupted)
    assert [file.name for file in path.parent.iterdir()] == ["passages.db.encoded"]
    _, done, of = told[-1]
    again = CountingEncoder()
    store = up_to_date(folder, path, again)
    assert len({*again.encoded}) < of
    assert of - done <= len(again.encoded)
    assert len(store.vectors(store.passage_ids(None))) == len(store.passage_ids(None))
    assert not path.with_name("passages.db.encoded").exists()


def test_what_another_encoder_had_begun_is_of_no_use(folder: Path, path: Path) -> None:
    class Other(CountingEncoder):
        name = "other"

    path.parent.mkdir()
    with sqlite3.connect(path.with_name("passages.db.encoded")) as begun:
        begun.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT)")
        begun.execute("INSERT INTO meta VALUES ('encoder', 'counting')")
    begun.close()
    encoder = Other()
    assert up_to_date(folder, path, encoder).meta["encoder"] == "other"
    assert encoder.encoded


def test_an_index_without_vectors_gets_them_when_an_encoder_comes(folder: Path, path: Path) -> None:
    up_to_date(folder, path)
    encoder = CountingEncoder()
    store = up_to_date(folder, path, encoder)
    assert encoder.encoded
    assert store.meta["encoder"] == "counting"


def test_long_sentences_are_encoded_in_stretches() -> None:
    text = "word " * 299 + "end. Then another."
    assert stretches(text) == [(0, 1513), (0, 512), (512, 1024), (1024, 1499), (1500, 1513)]


def test_people_can_search_the_index_with_the_usual_tools(folder: Path, path: Path) -> None:
    up_to_date(folder, path)
    with sqlite3.connect(path) as connection:
        found = connection.execute(
            "SELECT text FROM passages WHERE id IN"
            " (SELECT rowid FROM passages_fts WHERE passages_fts MATCH 'passage')"
        ).fetchall()
    connection.close()
    assert found == [("One passage. Two sentences.",)]


def test_each_term_leads_to_where_it_stands_in_any_form(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        " date 2025-01-01 Roads\n\nA road.\n\nTwo roads, one ROAD.\n\nNo way."
    )
    store = up_to_date(tmp_path, tmp_path / "passages.db")
    assert store.terms_of(["roads"]) == {"roads": ("road",)}
    assert sorted(store.forms(["road"])["road"]) == ["road", "roads"]
    # A passage that has two forms is counted once.
    assert store.frequency("road") == 3
    roads = dict.fromkeys(store.forms(["road"])["road"], 1.0)
    assert sorted(store.best(roads, None, 9)) == [1, 2, 3]
    assert store.best(roads | {"one": 2.0}, None, 1) == [3]
    assert store.best({}, None, 9) == []


def test_numbers_with_separators_are_one_word(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        " date 2025-01-01 Counts\n\nSome 1,200 came.\n\nIt was 3.5 km.\n\n1 of 200."
    )
    store = up_to_date(tmp_path, tmp_path / "passages.db")
    assert store.terms_of(["1200", "3.5"]) == {"1200": ("1200",), "3.5": ("3.5",)}
    assert store.best({"1200": 1.0}, None, 9) == [2]
    assert store.best({"3.5": 1.0}, None, 9) == [3]
    assert store.best({"200": 1.0}, None, 9) == [4], "not a part of 1,200"


def test_function_words_are_terms_but_no_words_to_look_for(folder: Path, path: Path) -> None:
    store = up_to_date(folder, path)
    assert store.frequency("la") == 1
    assert store.terms_of(["la"]) == {"la": ()}


def test_misspelt_words_find_those_that_begin_or_end_alike(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(" date 2025-01-01 Birds\n\nKestrel, heron, kingfisher.")
    store = up_to_date(tmp_path, tmp_path / "passages.db")
    assert store.words_near("kestral", 1) == ["kestrel"]
    assert store.words_near("xeron", 1) == ["heron"]
    assert store.words_near("wagtaid", 1) == []
    assert store.words_beginning("king") == [("kingfisher", "kingfish")]
    assert store.words_sounding("eron") == [("heron", "heron")]
    assert store.sounds_near("eron", 1) == ["eron"]


def test_words_near_in_meaning_lead_to_the_terms_the_corpus_has(folder: Path, path: Path) -> None:
    store = up_to_date(folder, path)
    assert "fronter" in [term for term, _ in store.kin(["border"])["border"]]
    assert store.kin(["pancake"]) == {"pancake": ()}


def test_vectors_are_kept_where_the_encoder_is_away_for_a_while(folder: Path, path: Path) -> None:
    encoder = CountingEncoder()
    up_to_date(folder, path, encoder)
    (folder / "b.md").rename(folder / "c.md")
    up_to_date(folder, path)
    encoder.encoded.clear()
    store = up_to_date(folder, path, encoder)
    assert encoder.encoded == []
    assert store.meta["encoder"] == "counting"
