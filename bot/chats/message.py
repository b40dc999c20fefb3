"""A message as plain data, text with marks and buttons, without a word of Telegram's library."""

import unicodedata
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.corpus.article import Span

TEXT_LIMIT = 4096
"""UTF-16 units in a message's text (core.telegram.org/bots/api#sendmessage)."""

Kind = Literal["blockquote", "expandable_blockquote", "bold", "text_link"]
"""The Bot API's names for what a stretch of a message can be."""

_ZERO_WIDTH_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a message's text, in code points, and what it is."""

    span: Span
    kind: Kind
    url: str | None = None
    """Where a ``text_link`` leads."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: what stands on it, and what a press of it sends back."""

    text: str
    data: str = ""
    url: str | None = None
    """Where a press leads instead, if it sends nothing back."""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What a reader is shown."""

    text: str
    marks: tuple[Mark, ...] = ()
    buttons: Rows = ()

    def after(self, line: str) -> "Message":
        """The same message with a line of the bot's above it."""
        above = f"{line}\n\n"
        marks = tuple(
            replace(mark, span=Span(mark.span.start + len(above), mark.span.end + len(above)))
            for mark in self.marks
        )
        return replace(self, text=above + self.text, marks=marks)


@dataclass(slots=True)
class Draft:
    """A message being written, one piece after the other."""

    text: str = ""
    marks: list[Mark] = field(default_factory=list)

    def write(self, text: str, kind: Kind | None = None, url: str | None = None) -> None:
        """Put a piece at the end, marked if a kind is given."""
        start = len(self.text)
        self.text += text
        if kind and text:
            self.marks.append(Mark(Span(start, len(self.text)), kind, url))

    def quote(self, text: str, span: Span, bold: Span | None = None) -> None:
        """Put a slice of a text at the end as a blockquote, part of it in bold if asked."""
        shift = len(self.text) - span.start
        kind: Kind = "expandable_blockquote" if units(span.of(text)) > 300 else "blockquote"
        self.write(span.of(text), kind)
        if bold:
            start, end = max(bold.start, span.start), min(bold.end, span.end)
            if start < end and (start, end) != (span.start, span.end):
                self.marks.append(Mark(Span(start + shift, end + shift), "bold"))

    def message(self, buttons: Rows = ()) -> Message:
        """The message as written so far."""
        return Message(self.text, tuple(self.marks), buttons)


def units(text: str) -> int:
    """The length of a text as Telegram counts it, in UTF-16 units.

    >>> units("¿qué? 🇵🇪")
    10
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fitting(text: str, start: int, limit: int) -> int:
    """The end of the longest stretch from ``start`` that fits into so many UTF-16 units.

    It ends where the text does; else between words, if one ends in its second half; else between
    characters as a reader sees them: never before a combining mark or inside a joined emoji.

    >>> text = "Our borders are respected"
    >>> text[: fitting(text, 0, 12)]
    'Our borders'
    """
    stretch = text[start : start + limit].encode("utf-16-le", "surrogatepass")[: 2 * limit]
    end = start + len(stretch.decode("utf-16-le", "ignore"))
    if end == len(text):
        return end
    half = start + (end - start + 1) // 2
    for blank in range(end, half, -1):
        if text[blank].isspace():
            return blank
    for cut in range(end, half, -1):
        if text[cut - 1] != _ZERO_WIDTH_JOINER and not _belongs_to_the_one_before(text[cut]):
            return cut
    return end


def shortened(text: str, limit: int) -> str:
    """The text, its end replaced by an ellipsis where it takes more than so many UTF-16 units.

    >>> shortened("Illegal migrants flocking from Chile", 20)
    'Illegal migrants…'
    """
    if units(text) <= limit:
        return text
    return text[: fitting(text, 0, limit - 1)].rstrip() + "…"


def _belongs_to_the_one_before(character: str) -> bool:
    return (
        character == _ZERO_WIDTH_JOINER
        or unicodedata.category(character).startswith("M")
        or ord(character) in _SKIN_TONES
    )
