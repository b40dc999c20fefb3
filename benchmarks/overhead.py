"""``python -m benchmarks.overhead``: where the time goes from an update to its reply, and at start.

The bot runs as a process of its own against the tests' Bot API on this machine; a reader asks the
seed article's questions one after the other. Writes benchmarks/overhead.md.
"""

import asyncio
import functools
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import getattr_static
from operator import itemgetter
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

import telegram

from benchmarks.report import commit, commit_date
from benchmarks.sets import ROOT, SEED_EN
from benchmarks.systems import peak_memory
from bot import cli
from bot.chats import private, sending, state, updates
from bot.corpus.store import PassageStore
from bot.matching import answer
from bot.matching.evaluation import percentile
from tests.bot_api.driver import Telegram
from tests.bot_api.process import RUN, BotProcess
from tests.bot_api.server import BotApi

REPORT = ROOT / "benchmarks" / "overhead.md"
WARM_UP = 10
"""Questions that are not counted."""
PAUSE = 0.05
"""Seconds between two questions, so that the bot keeps to Telegram's limits without waiting."""
STARTS = 5
"""How often the bot is started, to tell how long that takes."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the way from an update to its reply."""

    what: str
    whose: str
    of: object
    """What has the function: a class or a module."""
    function: str


STAGES = (
    Stage("JSON made an Update", "the frame's", telegram.Update, "de_json"),
    Stage("written to the inbox, on the disk", "ours", updates.Updates, "keep"),
    Stage("read from the inbox", "ours", updates.Updates, "next_open"),
    Stage("is there another index?", "ours", PassageStore, "is_stale"),
    Stage("the answer", "ours", answer.Answerer, "answer"),
    Stage("the answer made a message", "ours", private.render, "reply"),
    Stage("marked, and sendMessage until answered", "the frame's", sending, "post_message"),
    Stage("the reply recorded", "ours", state.ChatState, "record_reply"),
    Stage("marked as done", "ours", updates.Updates, "finish"),
)
REST = "event loop, threads, and what is between"


# In the bot's process.


def run_timed(path: Path) -> None:
    """The bot, with its stages timed: (stage, begun, ended) of each call goes into a file."""
    noted: list[tuple[str, float, float]] = []
    for stage in STAGES:
        found = getattr_static(stage.of, stage.function)
        function = getattr(found, "__func__", found)
        wrapped = timed(stage.what, function, noted)
        kind = type(found) if isinstance(found, classmethod | staticmethod) else None
        setattr(stage.of, stage.function, kind(wrapped) if kind else wrapped)
    try:
        cli.pullquote(["run"])
    finally:
        path.write_text(json.dumps(noted), "utf-8")


def timed(
    what: str, function: Callable[..., Any], noted: list[tuple[str, float, float]]
) -> Callable[..., Any]:
    """The same function, each call of which is noted."""

    @functools.wraps(function)
    async def awaited(*args: Any, **kwargs: Any) -> Any:
        begun = perf_counter()
        found = await function(*args, **kwargs)
        noted.append((what, begun, perf_counter()))
        return found

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        begun = perf_counter()
        found = function(*args, **kwargs)
        noted.append((what, begun, perf_counter()))
        return found

    return awaited if asyncio.iscoroutinefunction(function) else called


# In the process that asks.


@contextmanager
def running(api: BotApi, folder: Path, encoder: str, *command: str) -> Iterator[BotProcess]:
    """The bot over the seed article, its index built."""
    bot = BotProcess(api, folder, ROOT / "seeds", command or RUN)
    bot.settings["PULLQUOTE_ENCODER"] = encoder
    try:
        bot.start()
        yield bot
    finally:
        bot.finish()


def calls(encoder: str, questions: Sequence[str]) -> list[tuple[str, float, float]]:
    """What was called while the bot answered the questions, one after the other."""
    with TemporaryDirectory() as name, BotApi() as api:
        told = Path(name) / "told.json"
        command = (sys.executable, "-m", "benchmarks.overhead", str(told))
        with running(api, Path(name), encoder, *command):
            reader = Telegram(api).private("Ana")
            for question in questions:
                reader.says(question)
                reader.ear.hears()
                sleep(PAUSE)
        return [tuple(call) for call in json.loads(told.read_text("utf-8"))]


def start(encoder: str, questions: Sequence[str]) -> tuple[float, int, int]:
    """Seconds from the command to the first getUpdates, bytes held then, and after questions."""
    with TemporaryDirectory() as name, BotApi() as api:
        with running(api, Path(name), encoder):
            pass
        begun = perf_counter()
        with running(api, Path(name), encoder) as bot:
            seconds = perf_counter() - begun
            at_start = peak_memory(bot.pid)
            reader = Telegram(api).private("Ana")
            for question in questions:
                reader.says(question)
                reader.ear.hears()
            return seconds, at_start, peak_memory(bot.pid)


def by_stage(noted: Sequence[tuple[str, float, float]]) -> Mapping[str, list[float]]:
    """Milliseconds of each stage at each question; a question ends when it is marked as done."""
    found: dict[str, list[float]] = defaultdict(list)
    spent: Counter[str] = Counter()
    first: float | None = None
    for what, begun, ended in sorted(noted, key=itemgetter(2)):
        if first is None and what != STAGES[0].what:
            continue
        first = begun if first is None else first
        spent[what] += ended - begun
        if what == STAGES[-1].what:
            spent[REST] = ended - first - spent.total()
            for stage in (*(each.what for each in STAGES), REST):
                found[stage].append(1000 * spent[stage])
            spent, first = Counter(), None
    return {what: times[WARM_UP:] for what, times in found.items()}


def imports() -> Iterator[tuple[str, float]]:
    """The packages whose loading takes longest at start, and how many milliseconds each."""
    command = [sys.executable, "-X", "importtime", "-c", "import bot.cli, bot.chats.app"]
    done = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=True)
    spent: Counter[str] = Counter()
    for line in done.stderr.splitlines():
        alone, _, name = line.removeprefix("import time:").split("|")
        if alone.strip().isdecimal():
            spent[name.strip().partition(".")[0]] += int(alone)
    yield from ((name, microseconds / 1000) for name, microseconds in spent.most_common(8))


def report() -> Iterator[str]:
    """The lines of the report."""
    questions = [row.question for row in SEED_EN.rows()]
    yield "# The bot's own overhead"
    yield ""
    yield f"Made by `python -m benchmarks.overhead` on {commit_date()}, on the code of {commit()}."
    yield ""
    yield f"From an update to its reply, {len(questions) - WARM_UP} questions one after the other;"
    yield "milliseconds, p50 and p99. Telegram is the tests' Bot API on the same machine."
    yield ""
    ways = {"words alone": "off", "with `semantic`": "auto"}
    stages = [by_stage(calls(encoder, questions)) for encoder in ways.values()]
    yield f"| | whose | {' | '.join(ways)} |"
    yield f"|---|---|{'---:|' * len(ways)}"
    for what, whose in (*((stage.what, stage.whose) for stage in STAGES), (REST, "the frame's")):
        yield f"| {what} | {whose} | {' | '.join(shown(of[what]) for of in stages)} |"
    totals = [list(map(sum, zip(*of.values(), strict=True))) for of in stages]
    yield f"| **all** | | {' | '.join(map(shown, totals))} |"
    yield ""
    yield "## Start"
    yield ""
    yield f"From the command to the first getUpdates, index built, the middle of {STARTS} starts;"
    yield "the most memory held until then, and after the questions."
    yield ""
    yield "| | s | MB at start | MB after |"
    yield "|---|---:|---:|---:|"
    for name, encoder in ways.items():
        starts = [start(encoder, questions) for _ in range(STARTS)]
        seconds, before, after = map(median, zip(*starts, strict=True))
        yield f"| {name} | {seconds:.2f} | {before / 1e6:.0f} | {after / 1e6:.0f} |"
    yield ""
    listed = ", ".join(f"{name} {milliseconds:.0f}" for name, milliseconds in imports())
    yield f"Loading takes longest, in milliseconds, for {listed}."


def shown(times: Sequence[float]) -> str:
    """The p50 and the p99."""
    return f"{percentile(times, 50):.2f} / {percentile(times, 99):.2f}"


def main() -> None:
    """Measure, print the report and write it down."""
    text = "\n".join(report())
    REPORT.write_text(text + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    if sys.argv[1:]:
        run_timed(Path(sys.argv[1]))
    else:
        main()
