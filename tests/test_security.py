"""docs/security.md: each of its lines names a test, and these are those that stand nowhere else."""

import gc
import os
import re
import socket
import time
from pathlib import Path

import pytest

from bot.chats import render
from bot.corpus.build import Corpus
from bot.corpus.files import LARGEST
from bot.corpus.readers import BadArticle, parse
from bot.corpus.store import PassageStore
from bot.locale import words_in
from bot.matching.answer import Answerer
from tests.command import ROOT, Command
from tests.hunt import archive, cold, questions

DOCUMENT = (ROOT / "docs" / "security.md").read_text("utf-8")
YET_TO_COME = {"tests/end_to_end/test_webhook.py::test_a_forged_secret_is_refused"}
"""Tests of a part that is not here yet; once its file is, they have to be in it."""
PATIENCE = 0.1
"""Seconds for a question that is to take 0.05 on a quiet machine, as ``tests.hunt`` shows."""


def test_every_threat_names_a_test_that_exists() -> None:
    rows = [line for line in DOCUMENT.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 10
    for row in rows:
        named = re.findall(r"`(tests/[^`]+\.py::[^`]+)`", row)
        assert named, f"no test: {row}"
        for path, _, test in (each.partition("::") for each in named):
            if f"{path}::{test}" in YET_TO_COME and not (ROOT / path).exists():
                continue
            source = (ROOT / path).read_text("utf-8")
            assert re.search(rf"def {test.split('::')[-1]}\(", source), f"{path} lacks {test}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of articles with one in it."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "good.txt").write_text(" date 2025-01-01 Roads\n\nThe army blocked the road.")
    return folder


def served(folder: Path) -> tuple[list[str], dict[str, str | None]]:
    """The slugs of the articles served, and the reason for each file passed over."""
    corpus = Corpus(folder, folder.parent / "passages.db")
    store = corpus.up_to_date()
    assert corpus.current() is not None, "it would be built anew again and again"
    reasons = {file.name: file.reason for file in store.passed_over()}
    return [article.slug for article in store.articles()], reasons


def test_a_link_is_not_followed_out_of_the_folder(folder: Path) -> None:
    secret = folder.parent / "secret.txt"
    secret.write_text(" date 2025-01-01 Secret\n\nNobody may read this.")
    (folder / "away.txt").symlink_to(secret)
    (folder / "up.txt").symlink_to("../secret.txt")
    (folder / "round.txt").symlink_to("round.txt")
    slugs, reasons = served(folder)
    assert slugs == ["good"]
    assert reasons["away.txt"] == reasons["up.txt"] == "cannot be read (a link out of the folder)"
    assert reasons["round.txt"] is not None


def test_links_within_the_folder_work_and_it_may_be_one_itself(folder: Path) -> None:
    """As Kubernetes mounts files: through ``..data``, which it points elsewhere on a change."""
    (folder / "..2025").mkdir()
    (folder / "..2025" / "bees.md").write_text("---\ntitle: Bees\n---\nBees dance.")
    (folder / "..data").symlink_to("..2025")
    (folder / "bees.md").symlink_to("..data/bees.md")
    link = folder.parent / "link"
    link.symlink_to(folder)
    assert served(link) == (["bees", "good"], {})


def test_what_is_no_plain_file_is_never_opened(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    (folder / "null.md").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "socket.txt"))
        slugs, reasons = served(folder)
    assert slugs == ["good"]
    assert reasons == {
        "null.md": "cannot be read (a link out of the folder)",
        "pipe.txt": "cannot be read (not a regular file)",
        "socket.txt": "cannot be read (not a regular file)",
    }


def test_a_file_too_large_is_passed_over(folder: Path) -> None:
    (folder / "huge.txt").write_bytes(b" date 2025-01-01 Huge\n\n" + b"a " * (LARGEST // 2))
    assert served(folder) == (["good"], {"huge.txt": "cannot be read (larger than 5 MB)"})


def test_a_name_that_a_terminal_would_obey_is_written_out(folder: Path) -> None:
    for name in (b"\x1b[31mred.txt", b"two\nlines.md", b"\xff.txt"):
        Path(os.fsdecode(bytes(folder) + b"/" + name)).write_text("x")
    slugs, reasons = served(folder)
    assert slugs == ["good"]
    assert set(reasons) == {"\\x1b[31mred.txt", "two\\nlines.md", "\\udcff.txt"}
    assert set(reasons.values()) == {"cannot be read (its name has control characters)"}


FRONT = "---\ntitle: T\n{}\n---\nBody"
BOMB = "a: &a [x, x]\nb: &b [*a, *a]"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param(BOMB, "the front matter has an alias", id="a billion laughs"),
        pytest.param("a: " + "[" * 5000, "the front matter is nested", id="lists in lists"),
        pytest.param("a: " + "x" * 20_000, "the front matter is longer", id="huge"),
        pytest.param("date: 2025-13-45", "the front matter is not valid YAML", id="no day"),
        pytest.param("a: " + "1" * 5000, "the front matter is not valid YAML", id="no number"),
    ],
)
def test_front_matter_cannot_be_blown_up(fields: str, reason: str) -> None:
    with pytest.raises(BadArticle, match=f"^{reason}"):
        parse("a.md", FRONT.format(fields).encode())


@pytest.mark.parametrize("mark", [">", "[", "![", "*", "`", "- ", "<", "“a” said Ana. ", "....x"])
def test_an_article_built_to_be_slow_takes_time_by_its_length_alone(mark: str) -> None:
    """Eight times the length takes eight times as long, not sixty-four; 32 times is let pass.

    The collector of garbage is off: it goes through what the other tests left, too.
    """

    def seconds(length: int) -> float:
        body = (mark * length)[:length]
        gc.disable()
        begun = time.process_time()
        for ending in ("txt", "md"):
            head = " date 2025-01-01 T\n\n" if ending == "txt" else "---\ntitle: T\n---\n"
            try:
                parse(f"a.{ending}", f"{head}a {body}".encode())
            except BadArticle:
                continue
        taken = time.process_time() - begun
        gc.enable()
        return taken

    assert min(seconds(40_000) for _ in range(3)) < 32 * max(0.02, seconds(5_000))


HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) *bold* _it_ ||spoiler|| &lt; `code`"


def test_hostile_text_is_quoted_as_it_is_and_never_as_markup(folder: Path) -> None:
    (folder / "good.txt").write_text(f" date 2025-01-01 Roads\n\nThe army came. {HOSTILE}")
    store = Corpus(folder, folder.parent / "passages.db").up_to_date()
    answer = Answerer(store).answer("did the army come")
    message = render.reply(answer, store.articles(), None, words_in("en"))
    assert HOSTILE in message.text
    assert {mark.url for mark in message.marks} <= {None}


def test_nothing_steers_a_terminal(command: Command, tmp_path: Path) -> None:
    text = "The army \x1b[31mblocked\x1b[0m the \x9b2J road. \x1b]0;title\x07"
    (tmp_path / "a.txt").write_text(f" date 2025-01-01 Roads \x1b[2J\n\n{text}", "utf-8")
    (tmp_path / "\x1b[2J.txt").write_text("x")
    (tmp_path / "b.md").write_text('---\ntitle: T\nlanguage: "\\e["\n---\nBody')
    (tmp_path / "q.jsonl").write_text('{"q": "\\u001b[2J army", "gold": [1], "kind": "\\u001b["}')
    shared = ("--articles", tmp_path)
    asking = "who blocked the road \x1b[2J \x9b1m"
    for printed in (
        command("ask", asking, *shared),
        command("ask", "--json", "--explain", asking, *shared),
        command("articles", *shared),
        command("index", PULLQUOTE_ARTICLES=str(tmp_path)),
        command("run", input=asking + "\n/read\n", PULLQUOTE_ARTICLES=str(tmp_path)),
        command("eval", tmp_path / "q.jsonl", *shared),
        command("eval", "--json", tmp_path / "q.jsonl", *shared),
    ):
        assert printed.exit_code == 0, printed.errors
        shown = printed.output + printed.errors
        assert not re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of 10,000 passages."""
    folder = tmp_path_factory.mktemp("archive")
    archive(folder, 10_000)
    Corpus(folder, folder / "passages.db").up_to_date().close()
    return folder / "passages.db"


@pytest.mark.parametrize("question", [pytest.param(text, id=name) for name, text in questions()])
def test_a_question_built_to_be_slow_is_not(
    question: str, store: PassageStore, large: Path
) -> None:
    """Nothing is known of it from before; one try of five is quick, as others use the machine."""
    for path in (store.path, large):
        assert any(cold(question, path) < PATIENCE for _ in range(5))
