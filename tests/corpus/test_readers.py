"""Readers: a file in, an article and its passages out, or one reason why not."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.files import article_files
from bot.corpus.readers import BadArticle, parse

SEED = Path(__file__).parents[2] / "seeds" / "000_ae21a01c4e6ca856.txt"


def test_the_seed_article_is_read_paragraph_by_paragraph() -> None:
    text = parse(SEED.name, SEED.read_bytes())
    article = text.article
    assert article.slug == "000_ae21a01c4e6ca856"
    assert article.title == "Illegal migrants flocking from Chile to Peru out of fear of Kast"
    assert article.published == date(2025, 11, 28)
    assert (article.language, article.of, article.source, article.url) == ("en", 8, None, None)
    assert [passage.paragraph for passage in text.passages] == list(range(9))
    assert text.passages[0].text == article.title
    assert text.passages[5].text.startswith("Frustrated migrants blocked the Panamericana Sur")
    assert text.passages[2].text.endswith("Our borders are respected,” Jerí said")


def test_every_passage_of_the_seed_article_stands_in_its_file_character_for_character() -> None:
    content = SEED.read_text("utf-8")
    assert all(passage.text in content for passage in parse(SEED.name, SEED.read_bytes()).passages)


MARKDOWN = """---
title: A day at   the border
date: 2025-11-28
source: The Daily Example
url: https://example.org/a-day
author: Ana Quispe
language: en-GB
tags: [border, chile]
---
# A day at the border

The *first* paragraph has a [link](https://example.org), `code` & an entity: &eacute;.
It goes on.

## A section

- one item
- another

> A quotation.

| who | where |
|-----|-------|
| Ana | Tacna |

![a picture](picture.png)

<script>alert(1)</script>

```
not a paragraph
```
"""


def test_markdown_is_read_as_a_reader_sees_it() -> None:
    text = parse("a-day.md", MARKDOWN.encode())
    article = text.article
    assert (article.slug, article.title) == ("a-day", "A day at the border")
    assert (article.published, article.language) == (date(2025, 11, 28), "en")
    assert article.source == "The Daily Example"
    assert article.url == "https://example.org/a-day"
    assert article.author == "Ana Quispe"
    assert [passage.text for passage in text.passages] == [
        "A day at the border",
        "The first paragraph has a link, code & an entity: é. It goes on.",
        "one item",
        "another",
        "A quotation.",
        "who | where",
        "Ana | Tacna",
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("a.txt", b"\xff\xfeabc", "not UTF-8 text (byte 1)", id="not UTF-8"),
        pytest.param("a.txt", b"", "no title: the first line is not", id="empty"),
        pytest.param(
            "a.txt", b"Just text.\n\nMore.", "no title: the first line is not", id="no title"
        ),
        pytest.param("a.txt", b" date 2025-11-28 Title\n\n \n", "no body", id="no body"),
        pytest.param(
            "a.txt",
            b" date 2025-02-30 Title\n\nBody",
            "the date 2025-02-30 does not exist",
            id="no such day",
        ),
        pytest.param(
            "a.md",
            b"Body without front matter",
            "no title in the front matter",
            id="no front matter",
        ),
        pytest.param(
            "a.md",
            b"---\ntitle: [\n---\nBody",
            "the front matter is not valid YAML (line",
            id="broken YAML",
        ),
        pytest.param(
            "a.md",
            b"---\n- a\n- b\n---\nBody",
            "no title in the front matter",
            id="front matter is a list",
        ),
        pytest.param(
            "a.md", b"---\ntitle: T\ndate: soon\n---\nBody", "the date is not written", id="no date"
        ),
        pytest.param(
            "a.md", b"---\ntitle: T\n---\n# Only a heading", "no body", id="headings alone"
        ),
        pytest.param(
            "a.md",
            b"---\ntitle: T\nurl: javascript:alert(1)\n---\nBody",
            "the url does not start",
            id="no web address",
        ),
        pytest.param(
            "a.md",
            b"---\ntitle: T\nlanguage: tlh\n---\nBody",
            "the language ‘tl’ is not one of",
            id="no such language",
        ),
    ],
)
def test_what_is_no_article_is_refused_with_the_reason(
    name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(BadArticle) as refused:
        parse(name, content)
    assert str(refused.value).startswith(reason)
    assert "\n" not in str(refused.value)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    plain = parse("a.txt", b" date 2025-11-28 Title\n\nOne.\n\nTwo.\n")
    odd = parse("a.txt", "\ufeff date 2025-11-28 Title\r\n\r\nOne.\r\n\r\nTwo.\r\n".encode())
    assert odd == plain


def test_the_language_is_told_from_the_words_where_it_is_not_given() -> None:
    body = "Los migrantes esperan en la frontera desde el viernes porque no hay paso."
    text = parse("a.md", f"---\ntitle: T\n---\n{body}".encode())
    assert text.article.language == "es"


def test_only_files_that_can_hold_articles_are_taken(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "README.md", "readme.txt", ".hidden.txt", "c.pdf", "D.TXT"):
        (tmp_path / name).write_text("x")
    (tmp_path / "folder.txt").mkdir()
    assert [path.name for path in article_files(tmp_path)] == ["D.TXT", "a.md", "b.txt"]


@given(st.sampled_from(["a.txt", "a.md"]), st.binary() | st.text().map(str.encode))
def test_no_content_raises_anything_but_a_reason(name: str, content: bytes) -> None:
    try:
        passages = parse(name, content).passages
    except BadArticle:
        return
    for passage in passages:
        assert all(span.of(passage.text).strip() for span in passage.sentences)


@given(st.text().filter(lambda body: body.strip()))
def test_any_body_below_a_title_becomes_slices_of_it(body: str) -> None:
    content = body.replace("\r\n", "\n").replace("\r", "\n")
    passages = parse("a.txt", f" date 2025-11-28 T\n\n{body}".encode("utf-8", "replace")).passages
    assert all(
        passage.text in content.encode("utf-8", "replace").decode() for passage in passages[1:]
    )
