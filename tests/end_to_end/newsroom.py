"""Newsroom: the bot as a process over a folder of articles, and the people who write to it."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path

from bot.chats.manners import Bars
from bot.corpus.build import Corpus
from bot.matching.answer import Answer, Answerer, Outcome
from tests.bot_api.driver import Telegram
from tests.bot_api.people import Message
from tests.bot_api.process import ROOT, BotProcess
from tests.bot_api.server import PATIENCE, BotApi

SEED = ROOT / "seeds" / "000_ae21a01c4e6ca856.txt"
KEY = "bc74ee8e"
"""The seed article's, in links and buttons."""
TITLE, *PARAGRAPHS = SEED.read_text("utf-8").removeprefix(" date 2025-11-28 ").strip().split("\n\n")
"""The seed article as its file has it: ``PARAGRAPHS[2]`` is ¶3."""

QUESTIONS = (
    "Who blocked the Panamericana Sur?",
    "Who is the governor of Tacna?",
    "Who asked for the army's help?",
    "Who is Luis Cordero?",
    "What did the president of Peru declare?",
    "How many migrants returned on foot?",
    "Why was the traffic disruption cleared?",
    "What did Bloomberg mention?",
    "What did Jerí say?",
    "Which migrants are at the border between Peru and Chile?",
    "Is there a bottleneck?",
    "When did the crisis happen?",
    "What does Kast want?",
    "Which campaign was it?",
    "Was the army at the police complex?",
    "Why did migrants leave?",
    "Who fears what?",
    "¿Quién es el gobernador de Tacna?",
    "What is the weather in Lima?",
    "Who won the football match?",
    "xylophone zebra quasar",
)
"""About the seed article, more or less. What each gets depends on constants that change."""


class Newsroom:
    """The bot over a folder of articles, matching by words alone; it runs between its methods."""

    def __init__(self, api: BotApi, folder: Path) -> None:
        self.api = api
        self.telegram = Telegram(api)
        self.articles = folder / "articles"
        self.articles.mkdir()
        self.bot = BotProcess(api, folder, self.articles)
        self.bot.settings["PULLQUOTE_ENCODER"] = "off"
        self._index = folder / "expected.db"

    def write(self, name: str, title: str, *paragraphs: str, **more: str) -> None:
        """Put an article into the folder; ``more`` is front matter, such as ``date``."""
        lines = [f"{field}: {value}" for field, value in ({"title": title} | more).items()]
        front = "\n".join(["---", *lines, "---"])
        (self.articles / f"{name}.md").write_text("\n\n".join([front, *paragraphs]), "utf-8")

    def restart(self) -> None:
        """Stop the bot and start it again."""
        self.bot.stop()
        self.bot.start()

    def keeps(self, text: str) -> bool:
        """Whether a text stands in any file of the bot's."""
        files = [file for file in self.bot.data.rglob("*") if file.is_file()]
        assert self.bot.data / "state.db" in files
        return any(text.encode() in file.read_bytes() for file in files)

    def question(
        self, outcome: Outcome, needs: Callable[[Answer], object] = lambda answer: True
    ) -> Answer:
        """A question with this outcome, and what it should get; ``needs`` may ask for more."""
        for text in QUESTIONS:
            answer = self._answerer.answer(text)
            if answer.outcome == outcome and needs(answer):
                return answer
        raise AssertionError(f"No question gets “{outcome}” as this test needs it: add one.")

    def question_for_all(
        self, *, is_sure: bool, needs: Callable[[Answer], object] = lambda answer: True
    ) -> Answer:
        """A question that is answered in a group unasked, or, not sure enough for that, if asked.

        By the thresholds of groups, which a chat's own settings can change.
        """
        bars = Bars.of(self._answerer)
        least, most = (bars.unasked, 1.0) if is_sure else (bars.addressed, bars.unasked)
        for text in QUESTIONS:
            answer = self._answerer.answer(text, place="group")
            is_question = answer.explanation.is_question >= bars.question
            if is_question and least <= answer.confidence < most and needs(answer):
                return answer
        raise AssertionError("No question is answered in a group as this test needs it: add one.")

    @cached_property
    def _answerer(self) -> Answerer:
        return Answerer(Corpus(self.articles, self._index).up_to_date())


def paragraph(answer: Answer) -> int:
    """The number of the paragraph put forward first."""
    return answer.excerpts[0].passage.paragraph


def is_between_others(answer: Answer) -> bool:
    """Whether a paragraph of the body stands before the one put forward, and one after it."""
    return bool(answer.excerpts) and 1 < paragraph(answer) < answer.excerpts[0].article.of


def quotation(message: Message) -> str:
    """The one stretch that a message quotes, short or long."""
    [quoted] = message.marked("blockquote") + message.marked("expandable_blockquote")
    return quoted


@contextmanager
def locked(bot: BotProcess) -> Iterator[None]:
    """Within it another program writes to state.db and does not come to an end."""
    with closing(sqlite3.connect(bot.data / "state.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def logged(bot: BotProcess, words: str, times: int = 1) -> None:
    """Return once these words stand in the bot's log, so many times."""
    deadline = time.monotonic() + PATIENCE
    while bot.printed.count(words) < times:
        assert time.monotonic() < deadline, f"it never said “{words}”:\n{bot.printed}"
        time.sleep(0.01)


def texts_kept(bot: BotProcess) -> int:
    """How many updates the inbox still has the content of."""
    with closing(sqlite3.connect(bot.data / "state.db")) as state:
        return state.execute("SELECT count(*) FROM inbox WHERE body IS NOT NULL").fetchone()[0]


def has_nothing_in_hand(bot: BotProcess) -> None:
    """Return once every update in the inbox is done."""
    deadline = time.monotonic() + PATIENCE
    while texts_kept(bot):
        assert time.monotonic() < deadline, "an update stays open"
        time.sleep(0.01)
