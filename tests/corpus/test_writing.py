"""What is written as an article's file is read back word for word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.readers import parse
from bot.corpus.writing import markdown

FIELDS = {"title": "A title: with “marks”", "date": "2025-11-28", "language": "en"}

LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)
"""A line as somebody may type it, blanks at its ends included."""
PARAGRAPHS = st.lists(LINES, min_size=1).map("\n".join).map(str.strip).filter(bool)


def read_back(*paragraphs: str) -> list[str]:
    """The paragraphs of the file's article, its headline left out."""
    text = parse("post.md", markdown(FIELDS, paragraphs).encode())
    return [passage.text for passage in text.passages[1:]]


@pytest.mark.parametrize(
    "paragraph",
    [
        "# no heading",
        "1. no list\n- neither\n* nor this",
        "> no quotation",
        "*stars* _lines_ `code` [link](https://example.org) <b>bold</b> &amp; \\ | ~~~",
        "    no code\n\tnor here",
        "two blanks  \nat the end of a line",
        "---",
        "---\ntitle: no front matter\n---",
        "🇵🇪 ¿Quién? “Nobody”… ¶3",
    ],
)
def test_what_markdown_takes_for_marks_is_kept(paragraph: str) -> None:
    assert read_back("Before it.", paragraph, "After it.") == [
        "Before it.",
        paragraph.strip(),
        "After it.",
    ]


@given(st.lists(PARAGRAPHS, min_size=1, max_size=4))
def test_anything_is_read_back_as_it_was(paragraphs: list[str]) -> None:
    assert read_back(*paragraphs) == paragraphs


def test_its_fields_are_read_back() -> None:
    article = parse("post.md", markdown(FIELDS, ["Text."]).encode()).article
    assert (article.title, str(article.published)) == (FIELDS["title"], FIELDS["date"])


def test_what_could_steer_a_terminal_is_left_out() -> None:
    assert read_back("a\x1b[31mb\x00c\rd") == ["a[31mbcd"]
