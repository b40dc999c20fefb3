"""The private chat in a terminal: the same answers and words, without Telegram."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TextIO

from bot.chats import about, pages, render
from bot.chats.message import Message
from bot.corpus.article import Article, Span
from bot.corpus.store import PassageStore
from bot.locale import Words
from bot.matching.answer import Answerer
from bot.matching.conversation import Turn, answered, turn
from bot.text.controls import harmless

_BOLD, _PLAIN = "\x1b[1m", "\x1b[22m"
_COMMAND = re.compile(r"/(\w+)(?:\s+([0-9]{1,7}|\w{1,10}))?")


def show(message: Message, styled: bool, width: int | None = None) -> str:
    """The message as lines for a terminal; its buttons, which nobody could press, are left out.

    A quotation has a bar before each line; a link's address stands behind it. ``styled`` sets bold
    stretches in bold; ``width`` breaks longer lines between words, the bar not counted. Whatever
    could steer the terminal is taken out of the text.
    """
    quotations = [mark.span for mark in message.marks if mark.kind.endswith("blockquote")]
    rows = (
        ("│ " if any(_covers(quotation, line) for quotation in quotations) else "", row)
        for line in _lines(message.text)
        for row in _rows(line, message.text, width)
    )
    return "\n".join((bar + _styled(row, message, styled)).rstrip(" ") for bar, row in rows)


def chat(conversation: "Conversation", source: TextIO, output: TextIO, notices: TextIO) -> None:
    """Reply to each line of the source until it ends, or until /quit.

    A person is greeted and prompted, and sees bold type; where it goes into a pipe, the output
    holds the replies alone, each followed by an empty line. ``notices`` takes what is said once:
    that no token is set, and how to set one.
    """
    print(conversation.words("terminal.no_token"), end="\n\n", file=notices, flush=True)
    is_person, styled = source.isatty(), output.isatty()
    if is_person:
        _print(conversation.says("/start"), output, styled)
        _print(conversation.says("/help"), output, styled)
    for line in _read(source, output if is_person else None):
        if line == "/quit":
            break
        _print(conversation.says(line), output, styled)


@dataclass(slots=True)
class Conversation:
    """What a terminal says to each line typed, and the article chosen so far."""

    answerer: Answerer
    store: PassageStore
    words: Words
    chosen: Article | None = None
    before: Turn | None = None
    """The question before, which the next may lean on."""

    def says(self, line: str) -> Message:
        """The message that replies to a line: to a command, else to a question."""
        command = _COMMAND.fullmatch(line)
        match command and command.groups(default=""):
            case None:
                shown = self._reply(line)
            case "start", _:
                shown = about.greeting(self.store.articles(), self.words)
            case "help", _:
                shown = Message(self.words("terminal.help"))
            case "articles", which:
                shown = self._articles(which)
            case "read", number:
                shown = self._page(number)
            case "about", _:
                shown = about.about(self.store.articles(), self.words)
            case _:
                shown = Message(self.words("help.unknown_command"))
        return shown

    def _reply(self, question: str) -> Message:
        chosen = self._still_there()
        answer, taken = answered(
            turn(question, self.before), self.answerer, chosen=chosen.slug if chosen else None
        )
        self.before = taken if taken.asks_something else self.before
        return render.reply(answer, self.store.articles(), chosen, self.words, taken.shown)

    def _articles(self, which: str) -> Message:
        """The list of articles, after one of them, or all, was chosen by its number."""
        articles = self.store.articles()
        if which.isdecimal() and 1 <= int(which) <= len(articles):
            self.chosen = articles[int(which) - 1]
        elif which == "all":
            self.chosen = None
        chosen = self._still_there()
        if chosen:
            title = render.titled(chosen, self.words)
            return self._listed(self.words("articles.asking_one", title=title))
        return self._listed(self.words("articles.asking_all"))

    def _page(self, number: str) -> Message:
        """A page of the chosen or the only article, the first without a number."""
        articles = self.store.articles()
        article = self._still_there() or (articles[0] if len(articles) == 1 else None)
        if article is None:
            return self._listed(self.words("articles.to_read"))
        passages = self.store.passages(article.slug)
        wanted = int(number) if number.isdecimal() else 1
        last = len(pages.pages(passages))
        shown = pages.page(article, passages, min(max(wanted, 1), last), self.words)
        assert shown is not None
        return shown

    def _listed(self, text: str) -> Message:
        titles = [
            self.words("terminal.listed", number=number, title=render.titled(article, self.words))
            for number, article in enumerate(self.store.articles(), start=1)
        ]
        if not titles:
            return Message(self.words("articles.none"))
        return Message("\n".join([text, *titles, self.words("terminal.choose")]))

    def _still_there(self) -> Article | None:
        """The chosen article, unless the index has lost it since."""
        return self.store.article(self.chosen.slug) if self.chosen else None


def _read(source: TextIO, prompted: TextIO | None) -> Iterator[str]:
    """The lines of the input that are not empty; a person is prompted for each."""
    while True:
        if prompted:
            print("› ", end="", file=prompted, flush=True)
        line = source.readline()
        if not line:
            return
        if line.strip():
            yield line.strip().encode("utf-8", "replace").decode()


def _print(message: Message, output: TextIO, styled: bool) -> None:
    width = max(20, shutil.get_terminal_size().columns - len("│ ")) if styled else None
    print(show(message, styled, width), end="\n\n", file=output, flush=True)


def _lines(text: str) -> Iterator[Span]:
    """The lines of a text, without what ends them."""
    start = 0
    for line in text.split("\n"):
        yield Span(start, start + len(line))
        start += len(line) + 1


def _rows(line: Span, text: str, width: int | None) -> Iterator[Span]:
    """A line in rows that are no wider than asked, broken at spaces where there are some."""
    start = line.start
    while width and line.end - start > width:
        blank = text.rfind(" ", start + 1, start + width + 1)
        end = blank if blank > 0 else start + width
        yield Span(start, end)
        start = end + (text[end] == " ")
    yield Span(start, line.end)


def _styled(row: Span, message: Message, styled: bool) -> str:
    """A row with its bold stretches styled and the addresses behind its links."""
    edges = {edge for mark in message.marks for edge in (mark.span.start, mark.span.end)}
    cuts = sorted({row.start, row.end} | {edge for edge in edges if row.start < edge < row.end})
    pieces = []
    for piece in (Span(*ends) for ends in pairwise(cuts)):
        text = harmless(piece.of(message.text))
        around = [mark for mark in message.marks if _covers(mark.span, piece)]
        if styled and any(mark.kind == "bold" for mark in around):
            text = f"{_BOLD}{text}{_PLAIN}"
        addresses = [mark.url for mark in around if mark.url and mark.span.end == piece.end]
        pieces.append(text + "".join(f" <{harmless(address)}>" for address in addresses))
    return "".join(pieces)


def _covers(span: Span, stretch: Span) -> bool:
    return span.start <= stretch.start and stretch.end <= span.end
