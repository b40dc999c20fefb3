"""Posts of a channel that are articles themselves: files first, which are then served."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.chats.links import message_link
from bot.chats.scope import Scope
from bot.corpus.writing import markdown
from bot.text.sentences import sentences

LEAST = 600
"""Characters from which on a post is an article."""
_TITLE = 150
"""Characters of a title at the most."""
_EMPTY_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a channel."""

    channel_id: int
    post_id: int
    channel: str
    """The channel's title."""
    username: str | None
    """The channel's; a private channel has none."""
    text: str
    day: date
    """On which it was posted, in UTC."""

    @property
    def url(self) -> str:
        """Where it stands; a private channel's for its subscribers."""
        if self.username:
            return f"https://t.me/{self.username}/{self.post_id}"
        return message_link(Scope(self.channel_id), self.post_id) or ""

    @property
    def slug(self) -> str:
        """The name of the article that it is."""
        return f"post-{-self.channel_id}-{self.post_id}"


def keep_article(post: Post, folder: Path) -> bool:
    """Whether the files have changed: the post is an article now, reads otherwise, or is none.

    One that is an article already stays one, however short it becomes, until it has no text.
    """
    file = folder / f"{post.slug}.md"
    known = file.read_text("utf-8") if file.exists() else None
    if not post.text.strip() or (known is None and len(post.text) < LEAST):
        with suppress(FileNotFoundError):
            file.unlink()
        return known is not None
    content = _file(post)
    if content == known:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".new")
    beside.write_text(content, "utf-8")
    beside.replace(file)
    return True


def _file(post: Post) -> str:
    title, paragraphs = headed(post.text)
    fields = {
        "title": title,
        "date": post.day.isoformat(),
        "source": post.channel,
        "url": post.url,
    }
    return markdown(fields, paragraphs)


def headed(text: str) -> tuple[str, list[str]]:
    r"""A post's title and its paragraphs: a line that stands alone, else its first sentence.

    >>> headed("Road closed\n\nThe road is closed.\nSo is the bridge.")
    ('Road closed', ['The road is closed.\nSo is the bridge.'])
    >>> headed("The road is closed. Nobody knows why.")
    ('The road is closed.', ['The road is closed. Nobody knows why.'])
    """
    first, *rest = [part.strip() for part in _EMPTY_LINES.split(text) if part.strip()]
    if rest and "\n" not in first and len(first) <= _TITLE:
        return first, rest
    start, end = sentences(first)[0]
    title = " ".join(first[start:end].split())
    if len(title) > _TITLE:
        title = title[: title.rfind(" ", 0, _TITLE)] if " " in title[:_TITLE] else title[:_TITLE]
    return title, [first, *rest]
