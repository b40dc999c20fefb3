"""A file in, an article and its passages out: the seed format and Markdown with front matter."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml
from frontmatter.default_handlers import SafeLoader, YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.corpus.article import Article, Passage
from bot.corpus.files import ENDINGS
from bot.corpus.speakers import quotations
from bot.text.language import language_of
from bot.text.terms import LANGUAGES

_SEED_TITLE = re.compile(r"date\s+(\d{4}-\d{2}-\d{2})\s+(\S.*)")
_BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_FRONT_MATTER = YAMLHandler()
_LONGEST_FRONT_MATTER = 16 * 1024
"""Characters; it names an article, and does not hold it."""
_DEEPEST = 8
"""Lists and maps within one another in the front matter, of which no field has need."""
_MARKDOWN = MarkdownIt("commonmark").enable("table")


class BadArticle(ValueError):
    """A file that cannot be read as an article; the message says why in a few words."""


@dataclass(frozen=True, slots=True)
class Text:
    """An article as read, with its passages: the headline first, then the body's paragraphs."""

    article: Article
    passages: tuple[Passage, ...]


def parse(name: str, content: bytes) -> Text:
    """The article in the content of a file of this name; ``BadArticle`` where there is none."""
    slug, _, suffix = name.rpartition(".")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadArticle(f"not UTF-8 text (byte {error.start + 1})") from error
    return _READERS[f".{suffix.lower()}"](slug, text.replace("\r\n", "\n").replace("\r", "\n"))


def _seed(slug: str, content: str) -> Text:
    """The seed format: `` date YYYY-MM-DD Title``, then paragraphs apart by an empty line."""
    first, _, rest = content.lstrip("\n").partition("\n")
    match = _SEED_TITLE.fullmatch(first.strip())
    if match is None:
        raise BadArticle("no title: the first line is not ‘ date YYYY-MM-DD Title’")
    try:
        published = date.fromisoformat(match[1])
    except ValueError as error:
        raise BadArticle(f"the date {match[1]} does not exist") from error
    return _text(slug, match[2], published, _BLANK_LINES.split(rest), {})


def _markdown(slug: str, content: str) -> Text:
    """Markdown with YAML front matter: title, date, source, url, author, language."""
    fields, body = _taken_apart(content.strip())
    known = {
        name: " ".join(str(value).split())
        for name, value in fields.items()
        if name != "date" and value is not None and not isinstance(value, dict | list)
    }
    if not known.get("title"):
        raise BadArticle("no title in the front matter")
    return _text(slug, known["title"], _date(fields.get("date")), _paragraphs(body), known)


def _taken_apart(content: str) -> tuple[dict[Any, Any], str]:
    """The front matter's fields, none where there is no front matter, and the body below."""
    parts = _FRONT_MATTER.FM_BOUNDARY.split(content, 2) if _FRONT_MATTER.detect(content) else []
    if len(parts) < 3:
        return {}, content
    _, front_matter, body = parts
    if len(front_matter) > _LONGEST_FRONT_MATTER:
        raise BadArticle(f"the front matter is longer than {_LONGEST_FRONT_MATTER} characters")
    try:
        _check(front_matter)
        fields = _FRONT_MATTER.load(front_matter)
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, BadArticle):
            raise
        # A number or a day that cannot be is no fault of YAML's, and has no mark.
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 1})" if mark else ""
        raise BadArticle(f"the front matter is not valid YAML{line}") from error
    return fields if isinstance(fields, dict) else {}, body.strip()


def _check(front_matter: str) -> None:
    """Raise ``BadArticle`` where a few lines of YAML would be blown up to any size or depth."""
    depth = 0
    for event in yaml.parse(front_matter, SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise BadArticle("the front matter has an alias (*), which is not allowed here")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise BadArticle(f"the front matter is nested more than {_DEEPEST} deep")


def _date(value: object) -> date | None:
    """The day that a front matter's ``date`` names, if any."""
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value).strip()).date()
    except ValueError as error:
        raise BadArticle("the date is not written YYYY-MM-DD") from error


def _text(
    slug: str,
    title: str,
    published: date | None,
    paragraphs: Iterable[str],
    fields: dict[str, str],
) -> Text:
    body = [paragraph.strip() for paragraph in paragraphs if paragraph.strip()]
    if not body:
        raise BadArticle("no body: there is nothing below the title")
    language = fields.get("language", "").lower()[:2] or language_of("\n".join(body))
    if language not in LANGUAGES:
        raise BadArticle(f"the language ‘{language}’ is not one of {', '.join(sorted(LANGUAGES))}")
    article = Article(
        slug=slug,
        title=title,
        published=published,
        language=language,
        of=len(body),
        source=fields.get("source"),
        url=_web_address(fields.get("url")),
        author=fields.get("author"),
    )
    quoted = quotations(body)
    passages = tuple(
        Passage(slug, paragraph, text, spoken)
        for paragraph, (text, spoken) in enumerate(zip([title, *body], [(), *quoted], strict=True))
    )
    return Text(article, passages)


def _web_address(url: str | None) -> str | None:
    if url is not None and not url.startswith(("https://", "http://")):
        raise BadArticle("the url does not start with https:// or http://")
    return url


def _paragraphs(markdown: str) -> Iterator[str]:
    """The paragraphs of a Markdown text as a reader sees them, without its marks.

    Each paragraph, list item and table row is one. Section headings, code, rules and raw HTML
    are no paragraphs of an article and are passed over.
    """
    row: list[str] = []
    around = ""
    for token in _MARKDOWN.parse(markdown):
        if token.type == "tr_close":
            yield " | ".join(row)
            row = []
        elif token.type == "inline" and around in ("th_open", "td_open"):
            row.append(_plain(token))
        elif token.type == "inline" and around != "heading_open":
            yield _plain(token)
        around = token.type


def _plain(inline: Token) -> str:
    """The words of a Markdown inline token."""
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(
        breaks.get(token.type, "" if token.type in ("image", "html_inline") else token.content)
        for token in inline.children or []
    )


_READERS = dict(zip(ENDINGS, (_seed, _markdown), strict=True))
