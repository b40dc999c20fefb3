"""What a message in a group is to the bot: put to it or not, what it asks, and who asks.

Nothing here knows where a message comes from: ``said`` reads one of Telegram's, and anything else
that can fill in a ``Said`` is heard alike.
"""

import re
from dataclasses import dataclass
from typing import Literal

from bot.corpus.article import Span

Address = Literal["command", "mention", "reply", "other", "open"]
"""Put to the bot by /ask, by its name, by a reply to it; put to somebody else; put to all."""
Ignored = Literal["automatic forward", "forward", "via a bot", "by a bot", "no text", "edit"]
"""Why a message is passed over, whatever it says."""

Kind = Literal["bot_command", "mention", "text_mention"]
"""What a stretch of a message is to Telegram."""

_CUT = " \t\n,:;–—-"
"""What stands between a name and what is said to it."""
_NAMED = re.compile(r"/(\w+)(?:@(\w+))?")


@dataclass(frozen=True, slots=True)
class Tag:
    """A stretch of a message that Telegram has marked as a command or as somebody's name."""

    kind: Kind
    span: Span
    """In code points."""
    user_id: int | None = None
    """Whom a ``text_mention`` names."""


@dataclass(frozen=True, slots=True)
class RepliedTo:
    """The message that another replies to."""

    message_id: int
    author: int | None
    """A user's id, or that of the chat in whose name it was written."""
    text: str = ""
    is_by_bot: bool = False
    opens_thread: bool = False
    """Whether it begins a forum's topic or a channel post's comments: whoever writes there replies
    to it, and speaks to nobody by that."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message in a group as plain data."""

    chat_id: int
    message_id: int
    author: int
    """A user's id, or that of the chat in whose name it was written."""
    text: str
    """Its text or caption; empty where it has none."""
    tags: tuple[Tag, ...] = ()
    replied_to: RepliedTo | None = None
    thread_id: int | None = None
    """The first message of the topic, of the comments or of the replies it belongs to."""
    topic_id: int | None = None
    """The same in a forum alone; none in General."""
    is_reply_elsewhere: bool = False
    """Whether it replies to a story or to a message of another chat."""
    is_by_bot: bool = False
    is_via_bot: bool = False
    is_forward: bool = False
    is_automatic_forward: bool = False
    is_edit: bool = False


@dataclass(frozen=True, slots=True)
class Me:
    """The bot as others name it."""

    id: int
    username: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A message in a group, and what the bot makes of it."""

    said: Said
    address: Address
    question: str
    """What was asked, verbatim, without the words that address the bot. To a bare address in reply
    to somebody's message, that message."""
    ignored: Ignored | None
    """Why it is passed over; None: it is not."""

    @property
    def is_addressed(self) -> bool:
        """Whether it was put to the bot."""
        return self.address in ("command", "mention", "reply")


def hear(said: Said, me: Me) -> Heard:
    """The message as the bot hears it.

    >>> greeting = Said(-1, 1, 7, "@pullquote_bot, who asked?", (Tag("mention", Span(0, 14)),))
    >>> heard = hear(greeting, Me(42, "pullquote_bot"))
    >>> heard.address, heard.question
    ('mention', 'who asked?')
    """
    address = _address(said, me)
    naming = [tag.span for tag in said.tags if _is_mine(tag, said.text, me)]
    if address == "command":
        naming.insert(0, said.tags[0].span)
    question = said.text
    for span in reversed(naming):
        question = _without(question, span)
    question = question.strip()
    if not question and address in ("command", "mention") and _is_by_somebody(said.replied_to):
        assert said.replied_to is not None
        question = said.replied_to.text
    return Heard(said, address, question, _ignored(said, address))


def _address(said: Said, me: Me) -> Address:
    command = _command(said)
    if command:
        name, bot = command
        is_mine = bot is None or bot.lower() == me.username.lower()
        return "command" if is_mine and name.lower() == "ask" else "other"
    mentions = [tag for tag in said.tags if tag.kind != "bot_command"]
    if any(_is_mine(tag, said.text, me) for tag in mentions):
        return "mention"
    replied_to = said.replied_to
    if mentions or said.is_reply_elsewhere:
        return "other"
    if replied_to is None or replied_to.opens_thread:
        return "open"
    return "reply" if replied_to.author == me.id else "other"


def _command(said: Said) -> tuple[str, str | None] | None:
    """The command that the message begins with, and the bot it names, if it names one."""
    first = said.tags[0] if said.tags else None
    if first is None or first.kind != "bot_command" or first.span.start:
        return None
    named = _NAMED.fullmatch(first.span.of(said.text))
    return (named[1], named[2]) if named else None


def _is_mine(tag: Tag, text: str, me: Me) -> bool:
    """Whether the bot is named there."""
    if tag.kind == "text_mention":
        return tag.user_id == me.id
    return tag.kind == "mention" and tag.span.of(text).lower() == f"@{me.username}".lower()


def _without(text: str, span: Span) -> str:
    """The text without a stretch, and without what parted that from the rest at its beginning."""
    before, after = text[: span.start].rstrip(), text[span.end :]
    if not before:
        return after.lstrip(_CUT)
    return f"{before}{after}"


def _is_by_somebody(replied_to: RepliedTo | None) -> bool:
    return replied_to is not None and not (replied_to.is_by_bot or replied_to.opens_thread)


def _ignored(said: Said, address: Address) -> Ignored | None:
    rules: tuple[tuple[bool, Ignored], ...] = (
        (said.is_automatic_forward, "automatic forward"),
        (said.is_forward, "forward"),
        (said.is_via_bot, "via a bot"),
        (said.is_by_bot, "by a bot"),
        (not said.text.strip(), "no text"),
        (said.is_edit and address in ("other", "open"), "edit"),
    )
    return next((reason for applies, reason in rules if applies), None)
