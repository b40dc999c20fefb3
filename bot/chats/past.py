"""Past: exported messages as plain data, each with what the ones before it tell of it.

An export says less than Telegram tells a bot. Whether a bot wrote a message can only be guessed,
by its buttons or a name that ends in “bot”; the topic follows from what is replied to; an edited
message is known by its last text alone.
"""

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.chats.export import ExportedChat, peer
from bot.chats.heard import Kind, RepliedTo, Said, Tag
from bot.corpus.article import Span

REMEMBERED = 10_000
"""How many messages a reply can reach back; and as many that begin threads, however old."""

_PEER = re.compile(r"(user|chat|channel)([0-9]{1,18})")
_BOT = re.compile(r"(?:\b|_)(?i:bot)\W*$|[a-z]Bot\W*$")
_TAGS: Mapping[str, Kind] = {
    "bot_command": "bot_command",
    "mention": "mention",
    "mention_name": "text_mention",
}
_YEARS = range(2013, 2100)
"""Those in which something may have been said on Telegram."""


@dataclass(frozen=True, slots=True)
class Past:
    """Something that was said."""

    said: Said
    at: int
    """When, in Unix time."""
    clock: datetime
    """When, by the clock of who exported it."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What a reply to a message has to know of it."""

    replied_to: RepliedTo
    thread_id: int | None = None
    topic_id: int | None = None


class _Latest(dict[int, _Known]):
    """The latest messages that were put in."""

    def __setitem__(self, message_id: int, known: _Known) -> None:
        super().__setitem__(message_id, known)
        if len(self) > REMEMBERED:
            del self[next(iter(self))]


def past(
    exported: Iterable[Mapping[str, Any]], chat: ExportedChat, me: int | None = None
) -> Iterator[Past]:
    """What people, bots and channels said, of all that an export has; ``me`` is the bot's id."""
    latest, openers, bots, at = _Latest(), _Latest(), {me}, 0
    for raw in exported:
        message_id, author = raw.get("id"), _author(raw)
        if type(message_id) is not int:
            continue
        if raw.get("type") != "message":
            if raw.get("action") == "topic_created":
                begins = RepliedTo(message_id, author, opens_thread=True)
                openers[message_id] = _Known(begins, topic_id=message_id)
            continue
        if author is not None and author > 0 and _seems_bot(raw):
            bots.add(author)
        answered = raw.get("reply_to_message_id")
        is_elsewhere = "reply_to_peer_id" in raw
        known = None
        if type(answered) is int and not is_elsewhere:
            known = openers.get(answered) or latest.get(answered)
            known = known or _Known(RepliedTo(answered, None))
        text, tags = _text(raw)
        said = Said(
            chat_id=chat.chat_id,
            message_id=message_id,
            author=author or 0,
            text=text,
            tags=tags,
            replied_to=known.replied_to if known else None,
            thread_id=_thread(known, chat),
            topic_id=known.topic_id if known else None,
            is_reply_elsewhere=is_elsewhere,
            is_by_bot=author in bots,
            is_via_bot="via_bot" in raw,
            is_forward="forwarded_from" in raw,
            is_automatic_forward=_is_automatic(raw, author, chat),
        )
        at, clock = _time(raw, at)
        yield Past(said, at, clock)
        (openers if said.is_automatic_forward else latest)[message_id] = _Known(
            RepliedTo(message_id, author, text, said.is_by_bot, said.is_automatic_forward),
            said.thread_id,
            said.topic_id,
        )


def _author(raw: Mapping[str, Any]) -> int | None:
    found = _PEER.fullmatch(str(raw.get("from_id") or raw.get("actor_id")))
    return peer(found[1], int(found[2])) if found else None


def _seems_bot(raw: Mapping[str, Any]) -> bool:
    has_buttons = "inline_bot_buttons" in raw and "via_bot" not in raw
    return has_buttons or bool(_BOT.search(str(raw.get("from"))))


def _is_automatic(raw: Mapping[str, Any], author: int | None, chat: ExportedChat) -> bool:
    """Whether it is a channel's post in the group where it is discussed."""
    is_by_channel = author is not None and author < 0 and author != chat.chat_id
    return is_by_channel and "forwarded_from" in raw and raw["forwarded_from"] == raw.get("from")


def _thread(known: _Known | None, chat: ExportedChat) -> int | None:
    """What a reply to it belongs to; basic groups have no threads."""
    if known is None or chat.kind == "private_group":
        return None
    return known.thread_id or known.replied_to.message_id


def _text(raw: Mapping[str, Any]) -> tuple[str, tuple[Tag, ...]]:
    """The text or caption, and where commands and names stand in it."""
    parts = raw.get("text_entities") or raw.get("text")
    text, tags = "", []
    for part in parts if isinstance(parts, list) else [parts]:
        entity = part if isinstance(part, dict) else {"text": part}
        piece = entity.get("text")
        if not isinstance(piece, str):
            continue
        start, text = len(text), text + piece.encode("utf-8", "replace").decode()
        kind = _TAGS.get(str(entity.get("type")))
        if kind:
            user_id = entity.get("user_id")
            whom = user_id if isinstance(user_id, int) and kind == "text_mention" else None
            tags.append(Tag(kind, Span(start, len(text)), whom))
    return text, tuple(tags)


def _time(raw: Mapping[str, Any], before: int) -> tuple[int, datetime]:
    """When it was said, never before what was said before it."""
    clock = None
    with suppress(ValueError):
        clock = datetime.fromisoformat(str(raw.get("date"))).replace(tzinfo=None)
    if clock and clock.year not in _YEARS:
        clock = None
    at = calendar.timegm(clock.timetuple()) if clock else before
    with suppress(ValueError, OverflowError, OSError):
        written = int(str(raw.get("date_unixtime")))
        if datetime.fromtimestamp(written, UTC).year in _YEARS:
            at = written
    return max(at, before), clock or datetime.fromtimestamp(at, UTC).replace(tzinfo=None)
