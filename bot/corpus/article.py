"""Articles and passages as plain frozen data; nothing here reads or writes."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b

from bot.text import sentences


@dataclass(frozen=True, slots=True)
class Article:
    """An article without its text: what an attribution needs."""

    slug: str
    """The file's stem."""
    title: str
    published: date | None
    language: str
    """ISO 639-1 code of the text, such as ``en``."""
    of: int
    """How many paragraphs the body has; the headline, ¶0, is not counted."""
    source: str | None = None
    url: str | None = None
    author: str | None = None

    @property
    def key(self) -> str:
        """Eight letters and digits that name the article in links and buttons.

        A slug may be longer than the 64 bytes Telegram allows there; the key depends on the slug
        alone, so a button still works after a restart and a rebuild.
        """
        return blake2b(self.slug.encode(), digest_size=4).hexdigest()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a passage's text: code-point offsets, end exclusive."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The slice itself.

        >>> Span(4, 7).of("the cat sat")
        'cat'
        """
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks, marks included, and who the article says spoke them."""

    span: Span
    speaker: str


@dataclass(frozen=True)
class Passage:
    """A numbered paragraph of an article: ¶1 is the first of the body, 0 the headline."""

    article: str
    """The slug of the article it stands in."""
    paragraph: int
    text: str
    quotations: tuple[Quotation, ...] = ()
    """Only those whose speaker the article names."""

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """In order, together covering all of the text but the blanks between them."""
        return tuple(Span(*ends) for ends in sentences.sentences(self.text))

    def speaker(self, within: Span) -> str | None:
        """Who is quoted in this stretch; else who is, if one person alone is in the passage."""
        for quotation in self.quotations:
            if quotation.span.start < within.end and within.start < quotation.span.end:
                return quotation.speaker
        speakers = {quotation.speaker for quotation in self.quotations}
        return speakers.pop() if len(speakers) == 1 else None
