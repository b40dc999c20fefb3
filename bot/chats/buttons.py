"""What a press of a button asks for, written into the button itself and read back from it.

Nothing is kept between the two, so a button still works after a restart: an article is named by
its key, a place in it by numbers. Telegram allows 64 bytes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

DATA_LIMIT = 64
"""Bytes of ``callback_data`` (core.telegram.org/bots/api#inlinekeyboardbutton)."""

REMOVE = "x:"
"""What a button sends back that has the message it stands under removed."""

_KEY = r"[0-9a-f]{8}"
_NUMBER = r"[0-9]{1,7}"
_REFERENCE = rf"{_KEY}\.{_NUMBER}\.{_NUMBER}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A sentence's place: the article's key, the paragraph, the sentence from 0.

    >>> str(Reference("0123abcd", 5, 1))
    '0123abcd.5.1'
    """

    key: str
    paragraph: int
    sentence: int = 0

    def __str__(self) -> str:
        return f"{self.key}.{self.paragraph}.{self.sentence}"


@dataclass(frozen=True, slots=True)
class ShowParagraph:
    """Quote a whole paragraph."""

    at: Reference

    @property
    def data(self) -> str:
        return f"q:{self.at}"


@dataclass(frozen=True, slots=True)
class OpenArticle:
    """Open the article at the page where a sentence stands."""

    at: Reference

    @property
    def data(self) -> str:
        return f"o:{self.at}"


@dataclass(frozen=True, slots=True)
class TurnPage:
    """Show a page of the article, counted from 1."""

    key: str
    page: int

    @property
    def data(self) -> str:
        return f"t:{self.key}.{self.page}"


@dataclass(frozen=True, slots=True)
class ShowMatch:
    """Show one of the passages found for a question, best first; ``shown`` counts from 0."""

    matches: tuple[Reference, ...]
    shown: int
    outcome: Literal["answer", "closest"]

    @classmethod
    def best(
        cls, matches: tuple[Reference, ...], outcome: Literal["answer", "closest"]
    ) -> "ShowMatch":
        """The first of the matches, of which as many are kept as a button has room for."""
        while len(cls(matches, 0, outcome).data) > DATA_LIMIT:
            matches = matches[:-1]
        return cls(matches, 0, outcome)

    @property
    def data(self) -> str:
        return f"m{self.outcome[0]}{self.shown}:{','.join(map(str, self.matches))}"

    def next(self) -> "ShowMatch":
        """The same with the match after this one, the best after the last."""
        return ShowMatch(self.matches, (self.shown + 1) % len(self.matches), self.outcome)


@dataclass(frozen=True, slots=True)
class ListArticles:
    """Show a page of the list of articles, counted from 0: to read one, or to ask about one."""

    page: int
    to_read: bool = False

    @property
    def data(self) -> str:
        return f"l{'r' if self.to_read else 'a'}:{self.page}"


@dataclass(frozen=True, slots=True)
class ChooseArticle:
    """Ask about this article alone from now on; about all of them without a key."""

    key: str | None
    page: int = 0
    """The page of the list on which it was pressed."""

    @property
    def data(self) -> str:
        return f"c:{self.key or ''}.{self.page}"


Action = ShowParagraph | OpenArticle | TurnPage | ShowMatch | ListArticles | ChooseArticle


def action_of(data: str) -> Action | None:
    """What the button with this data asks for; nothing where no button of ours would carry it.

    >>> action_of("t:0123abcd.2")
    TurnPage(key='0123abcd', page=2)
    >>> action_of("t:../etc/passwd") is None
    True
    """
    for pattern, action in _ACTIONS:
        match = pattern.fullmatch(data)
        if match:
            return action(*match.groups(default=""))
    return None


def _reference(text: str) -> Reference:
    key, paragraph, sentence = text.split(".")
    return Reference(key, int(paragraph), int(sentence))


def _show_match(outcome: str, shown: str, matches: str) -> ShowMatch | None:
    references = tuple(_reference(match) for match in matches.split(","))
    if int(shown) >= len(references):
        return None
    return ShowMatch(references, int(shown), "closest" if outcome == "c" else "answer")


_ACTIONS: tuple[tuple[re.Pattern[str], Callable[..., Action | None]], ...] = (
    (re.compile(rf"q:({_REFERENCE})"), lambda at: ShowParagraph(_reference(at))),
    (re.compile(rf"o:({_REFERENCE})"), lambda at: OpenArticle(_reference(at))),
    (re.compile(rf"t:({_KEY})\.({_NUMBER})"), lambda key, page: TurnPage(key, int(page))),
    (re.compile(rf"m([ac])([0-9]):({_REFERENCE}(?:,{_REFERENCE}){{0,2}})"), _show_match),
    (re.compile(rf"l([ar]):({_NUMBER})"), lambda to, page: ListArticles(int(page), to == "r")),
    (
        re.compile(rf"c:({_KEY})?\.({_NUMBER})"),
        lambda key, page: ChooseArticle(key or None, int(page)),
    ),
)
