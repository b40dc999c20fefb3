"""``make soak``: the bot among many people, killed again and again, and beside a bare handler.

Telegram is the tests' Bot API on this machine; the bot is a process of its own and matches by words
alone. Writes benchmarks/soak.md.
"""

import functools
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from telegram.ext import AIORateLimiter

from benchmarks.report import commit, commit_date
from benchmarks.sets import ROOT
from benchmarks.systems import memory
from bot import cli
from bot.chats.state import ChatState
from bot.corpus.build import Corpus
from bot.matching.evaluation import percentile
from bot.progress import Bars
from tests.bot_api.driver import Telegram
from tests.bot_api.people import Reader
from tests.bot_api.process import RUN, BotProcess
from tests.bot_api.server import BotApi
from tests.end_to_end.crowd import Crowd
from tests.end_to_end.newsroom import QUESTIONS, SEED, Newsroom, texts_kept

REPORT = ROOT / "benchmarks" / "soak.md"
RANDOM_SEED = 6
"""Of every random choice."""
CHATS, UPDATES = 200, 20_000
"""The crowd's."""
WARM = 2_000
"""Its updates after which the memory is read for the first time."""
MOST_OPEN = 400
"""Updates that wait for the bot before more are made."""
KILLS, KILLED_QUESTIONS = 50, 2_000
FLOOD = 1_500
"""Questions asked at once."""
RATE, SECONDS = 30, 30
"""Questions a second, and for how long."""
ROUNDS = 3
"""How often each of those compared is run, in turns."""
READERS = 50
"""Who ask, each alone with the bot."""
REST = 2.0
"""Seconds after which Telegram's limits are as if nothing had been said."""
PATIENCE = 120.0
"""Seconds after which the bot has failed to answer."""
UNLIMITED = (sys.executable, "-m", "benchmarks.soak", "unlimited")
BARE = (sys.executable, "-m", "benchmarks.bare")


# The crowd.


@dataclass(frozen=True)
class Crowded:
    """What became of the crowd's updates."""

    deeds: Counter[str]
    updates: int
    replies: int
    seconds: float
    wrongs: list[str]
    errors: list[str]
    memory: tuple[int, int]
    """Bytes held once it was warm, and at the end."""


def crowded(chats: int = CHATS, updates: int = UPDATES) -> Crowded:
    """Have the crowd do so many things, and the bot end with all of them."""
    with TemporaryDirectory() as name, BotApi() as api:
        newsroom = Newsroom(api, Path(name))
        shutil.copy(SEED, newsroom.articles)
        newsroom.bot.start()
        crowd = Crowd(newsroom, chats, RANDOM_SEED)
        begun, first, warm = time.perf_counter(), api.state.updates.last, 0
        with Bars() as bars:
            for number in range(updates):
                bars("the crowd", number, updates)
                crowd.act()
                if number % 100 == 0:
                    _wait_for(newsroom.bot, api, MOST_OPEN)
                if number == WARM:
                    warm = memory(newsroom.bot.pid)
        _wait_for(newsroom.bot, api, 0)
        seconds, held = time.perf_counter() - begun, memory(newsroom.bot.pid)
        newsroom.bot.stop()
        lines = newsroom.bot.printed.splitlines()
        return Crowded(
            crowd.done,
            api.state.updates.last - first,
            sum(call.method == "sendMessage" for call in api.requests),
            seconds,
            crowd.wrongs(),
            [line for line in lines if " ERROR " in line or "Traceback" in line] + api.violations,
            (warm, held),
        )


def _wait_for(bot: BotProcess, api: BotApi, most: int) -> None:
    """Return once no more than so many updates wait for the bot."""
    deadline = time.monotonic() + PATIENCE
    while len(api.state.updates.pending) + texts_kept(bot) > most:
        if time.monotonic() > deadline:
            raise TimeoutError(f"more than {most} updates still open\n{bot.printed[-2000:]}")
        time.sleep(0.05)


# Killed again and again.


@dataclass(frozen=True)
class Killed:
    """What became of the questions."""

    unanswered: int
    doubled: int
    marked: int
    """Sends marked as on their way when the bot was killed, over all kills."""
    seconds: float


def killed(kills: int = KILLS, count: int = KILLED_QUESTIONS) -> Killed:
    """Ask while the bot is killed at random moments, half of the times before it has begun."""
    chance = random.Random(RANDOM_SEED)
    with TemporaryDirectory() as name, BotApi() as api:
        bot = _bot(api, Path(name))
        readers = [Telegram(api).private(f"Reader {number}") for number in range(READERS)]
        asked: Counter[tuple[int, int]] = Counter()
        begun, marked = time.perf_counter(), 0
        with Bars() as bars:
            for number in range(kills):
                bars("kills", number, kills)
                bot.launch()
                for reader in chance.choices(readers, k=count // kills):
                    asked[_ask(reader, chance.choice(QUESTIONS))] += 1
                time.sleep(chance.uniform(0.2, 2.5))
                bot.kill()
                if (bot.data / "state.db").exists():
                    with closing(ChatState(bot.data / "state.db")) as state:
                        marked += state.updates.unsure_count()
        bot.start()
        _wait_for(bot, api, 0)
        bot.stop()
        assert asked.total() == count
        replies = Counter(place for place, _ in _replies(api))
        return Killed(
            unanswered=sum(place not in replies for place in asked),
            doubled=replies.total() - len(replies),
            marked=marked,
            seconds=time.perf_counter() - begun,
        )


def _ask(reader: Reader, question: str) -> tuple[int, int]:
    """The chat and the number of the question."""
    return reader.ear.chat.id, reader.says(question).id


def _replies(api: BotApi, since: int = 0) -> Iterator[tuple[tuple[int, int], float]]:
    """Each reply that Telegram took: the chat and the question, and when."""
    for request in api.requests[since:]:
        to = request.parameters.get("reply_parameters")
        if request.method == "sendMessage" and request.status == 200 and to:
            yield (request.parameters["chat_id"], to["message_id"]), request.at


# Beside a bare handler.


@dataclass(frozen=True)
class Compared:
    """One of those compared."""

    command: Sequence[str]
    unlimited: Sequence[str]
    """The same, where Telegram's limits are off."""


COMPARED = {
    "Pullquote": Compared(RUN, UNLIMITED),
    "bare handler": Compared(BARE, BARE),
    "bare handler, `concurrent_updates`": Compared((*BARE, "concurrent"), (*BARE, "concurrent")),
}


def flooded(command: Sequence[str], count: int = FLOOD) -> float:
    """Updates a second, where so many questions come at once."""
    with _asked(command) as (api, readers):
        begun = time.perf_counter()
        asked = [
            (_ask(readers[number % READERS], QUESTIONS[number % len(QUESTIONS)]), begun)
            for number in range(count)
        ]
        return count / max(_answered(api, asked))


def paced(command: Sequence[str], seconds: float = SECONDS) -> list[float]:
    """Milliseconds from each question's update to its reply, at so many a second."""
    with _asked(command) as (api, readers):
        asked = []
        begun = time.perf_counter()
        for number in range(round(seconds * RATE)):
            time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
            now, question = time.perf_counter(), QUESTIONS[number % len(QUESTIONS)]
            asked.append((_ask(readers[number % READERS], question), now))
        return [1000 * taken for taken in _answered(api, asked)]


@contextmanager
def _asked(command: Sequence[str]) -> Iterator[tuple[BotApi, list[Reader]]]:
    """A bot that runs and has answered each reader once."""
    with TemporaryDirectory() as name, BotApi() as api:
        bot = _bot(api, Path(name), command)
        if "benchmarks.bare" in command:
            index = Path(name) / "passages.db"
            Corpus(bot.articles, index).up_to_date()
            bot.command = (*command, str(index))
        bot.start()
        try:
            readers = [Telegram(api).private(f"Reader {number}") for number in range(READERS)]
            _answered(api, [(_ask(reader, QUESTIONS[0]), 0.0) for reader in readers])
            time.sleep(REST)
            yield api, readers
        finally:
            bot.kill()


def _answered(api: BotApi, asked: Sequence[tuple[tuple[int, int], float]]) -> list[float]:
    """The seconds that each question waited; returns once all are answered."""
    since = max(0, len(api.requests) - 10 * len(asked))
    places = {place for place, _ in asked}
    deadline = time.monotonic() + PATIENCE
    while True:
        at: dict[tuple[int, int], float] = {}
        for place, when in _replies(api, since):
            at.setdefault(place, when)
        if at.keys() >= places:
            return [at[place] - begun for place, begun in asked]
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(places - at.keys())} questions unanswered")
        time.sleep(0.1)


def _bot(api: BotApi, folder: Path, command: Sequence[str] = RUN) -> BotProcess:
    """A bot over the seed article."""
    bot = BotProcess(api, folder, ROOT / "seeds", command)
    bot.settings["PULLQUOTE_ENCODER"] = "off"
    return bot


def run_unlimited() -> None:
    """The bot without Telegram's limits, which would else be all that is measured."""
    AIORateLimiter.__init__ = functools.partialmethod(  # type: ignore[assignment, method-assign]
        AIORateLimiter.__init__, overall_max_rate=0, group_max_rate=0
    )
    cli.pullquote(["run"])


# The report.


def report() -> Iterator[str]:
    """The lines of the report."""
    yield "# Soak"
    yield ""
    yield f"Made by `make soak` on {commit_date()}, on the code of {commit()}."
    yield ""
    yield "The bot is a process of its own that matches by words alone; Telegram is the tests' Bot"
    yield "API on the same machine."
    yield ""
    yield from crowd_lines(crowded())
    yield ""
    yield from killed_lines(killed())
    yield ""
    rates: dict[str, list[float]] = {name: [] for name in COMPARED}
    times: dict[str, list[list[float]]] = {name: [] for name in COMPARED}
    for _ in range(ROUNDS):
        for name, each in COMPARED.items():
            rates[name].append(flooded(each.unlimited))
            times[name].append(paced(each.command))
    yield from compared_lines(rates, times)


def crowd_lines(found: Crowded) -> Iterator[str]:
    """What the crowd saw."""
    deeds = ", ".join(f"{kind} {count:,}" for kind, count in found.deeds.most_common())
    warm, held = found.memory
    yield f"## {found.updates:,} updates in {CHATS} chats"
    yield ""
    yield f"Made with a seed: {deeds}."
    yield ""
    yield f"- handled: all, in {found.seconds:.0f} s, with {found.replies:,} messages sent"
    yield f"- replies out of order, or over a budget: {len(found.wrongs)}"
    yield f"- errors in the log, and requests against the Bot API's rules: {len(found.errors)}"
    yield (
        f"- memory after {WARM:,} updates and at the end: {warm / 1e6:.0f} and {held / 1e6:.0f} MB "
        f"({100 * (held / warm - 1):+.0f} %)"
    )
    yield from (f"  - {line}" for line in (found.wrongs + found.errors)[:10])


def killed_lines(found: Killed) -> Iterator[str]:
    """What the kills did."""
    yield f"## Killed {KILLS} times while {KILLED_QUESTIONS:,} questions were asked"
    yield ""
    yield f"- unanswered: {found.unanswered}"
    yield (
        f"- answered twice: {found.doubled}; sends marked as on their way at a kill: {found.marked}"
    )
    yield f"- {found.seconds:.0f} s in all"


def compared_lines(
    rates: Mapping[str, list[float]], times: Mapping[str, list[list[float]]]
) -> Iterator[str]:
    """The bot and what it is compared with."""
    yield "## Beside a bare handler of python-telegram-bot"
    yield ""
    yield "It calls the same Answerer, and stores and limits nothing ([bare.py](bare.py)). In a"
    yield f"flood of {FLOOD:,} questions at once Telegram's limits are off for both. Then {RATE} a"
    yield f"second are asked for {SECONDS} s; milliseconds are from the update to the reply. Each"
    yield f"figure is the middle of {ROUNDS} runs, in turns."
    yield ""
    yield "| | updates/s in a flood | p50, ms | p99, ms |"
    yield "|---|---:|---:|---:|"
    for name in COMPARED:
        p50, p99 = (median(percentile(run, share) for run in times[name]) for share in (50, 99))
        yield f"| {name} | {median(rates[name]):.0f} | {p50:.1f} | {p99:.1f} |"


def main() -> None:
    """Run it all, print the report and write it down."""
    text = "\n".join(report())
    REPORT.write_text(text + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    if sys.argv[1:] == ["unlimited"]:
        run_unlimited()
    else:
        main()
