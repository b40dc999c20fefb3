"""Faults: the network, Telegram, the disk and other programs do their worst; readers wait a little.

Nothing is lost, and nothing is said twice but where Telegram did what it was asked and its answer
was lost on the way.
"""

import random
import resource
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.bot_api.driver import Telegram
from tests.bot_api.faults import Body, Dropped, Error, Fault, Truncated
from tests.bot_api.people import Message, Reader
from tests.bot_api.process import BotProcess
from tests.bot_api.server import BotApi
from tests.chats.office import told
from tests.end_to_end.circle import NAME
from tests.end_to_end.newsroom import SEED, Newsroom, locked, logged, quotation
from tests.end_to_end.test_delivery import answered, has_nothing_in_hand

FAST = """
import asyncio, time
from bot.chats import delivery
delivery.Time.__init__.__defaults__ = (
    lambda: 600 * time.monotonic(),
    lambda seconds: asyncio.sleep(seconds / 600),
)
from bot import cli
cli.pullquote(["run"])
"""
"""The bot as it is, but that its pauses take a 600th of their time: ten minutes are a second."""

HASTY = """
from bot.chats import client
client.LONG_POLL = client.POLL_PATIENCE = client.PATIENCE = 1
from bot import cli
cli.pullquote(["run"])
"""
"""The bot as it is, but that it takes a second for what it waits 15 or 40 s for."""

UNYIELDING = """
from bot.chats import database
database.PATIENCE = 0.1
from bot import cli
cli.pullquote(["run"])
"""
"""The bot as it is, but that it waits 0.1 s for another program's lock instead of five."""

WATCHFUL = """
from bot.chats.upkeep import Upkeep
Upkeep.__init__.__defaults__ = (0.05,)
from bot import cli
cli.pullquote(["run"])
"""
"""The bot as it is, but that it looks for changed articles 20 times a second."""

QUESTION = "Who is Kast?"


@pytest.fixture(scope="module")
def newsroom(empty: Newsroom) -> Newsroom:
    """A newsroom whose bot is fast."""
    empty.articles.joinpath(SEED.name).write_bytes(SEED.read_bytes())
    empty.bot.command = (sys.executable, "-c", FAST)
    empty.bot.start()
    return empty


@contextmanager
def disk_full(bot: BotProcess) -> Iterator[None]:
    """Within it no file of the bot's can become larger than the one it writes state.db through."""
    room = (bot.data / "state.db-wal").stat().st_size
    assert room > 2 * bot.log.stat().st_size, "its log would be cut off too"
    _, most = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (room, most))
    yield
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (most, most))


class TestReply:
    """A reply that meets a fault on its way."""

    @pytest.mark.parametrize(
        ("fault", "times"),
        [
            pytest.param(Error(status=429, retry_after=5), 1, id="too many requests"),
            pytest.param(Error(status=500), 1, id="internal server error"),
            pytest.param(Error(status=502), 1, id="bad gateway"),
            pytest.param(Dropped(), 1, id="cut before it was sent"),
            pytest.param(Dropped(applied=True), 2, id="cut after it was sent"),
            pytest.param(Truncated(), 2, id="cut in the midst of the answer"),
            pytest.param(Body(body=b"<html>"), 1, id="no JSON"),
            pytest.param(Body(body=b"<html>", applied=True), 2, id="no JSON, and sent"),
            pytest.param(Body(body=b""), 1, id="nothing at all"),
            pytest.param(Body(body=b"[]"), 1, id="a list"),
            pytest.param(Body(body=b'{"ok": true}'), 1, id="no result"),
        ],
    )
    def test_arrives(self, fault: Fault, times: int, ana: Reader, newsroom: Newsroom) -> None:
        """Once, or twice where the bot cannot know that it has."""
        newsroom.api.fail_next("sendMessage", fault)
        question = ana.says(QUESTION).id
        assert answered(ana, times) == [question] * times
        ana.hears_nothing_more()

    def test_that_telegram_puts_off_holds_up_no_other_chat(
        self, ana: Reader, newsroom: Newsroom
    ) -> None:
        """Half an hour, which is three seconds here, passes for Ana alone."""
        newsroom.api.fail_next("sendMessage", Error(status=429, retry_after=1800))
        question = ana.says(QUESTION).id
        logged(newsroom.bot, "sendMessage: Telegram asks to wait 1800 s.")
        for name in ("Luis", "Rosa", "Pía"):
            assert told(newsroom.telegram.private(name), QUESTION).text
        assert ana.ear.unheard() == []
        assert ana.hears().reply_to == question


class TestUpdates:
    """What the bot gets from Telegram."""

    @pytest.mark.parametrize(
        "fault",
        [
            pytest.param(Error(status=429, retry_after=5), id="too many requests"),
            pytest.param(Error(status=500), id="internal server error"),
            pytest.param(Error(status=502), id="bad gateway"),
            pytest.param(Dropped(), id="cut before the answer"),
            pytest.param(Dropped(applied=True), id="cut after it"),
            pytest.param(Truncated(), id="cut in the midst of it"),
            pytest.param(Body(body=b"<html>"), id="no JSON"),
            pytest.param(Body(body=b'{"ok": true}'), id="no result"),
            pytest.param(Body(body=b'{"ok": true, "result": 5}'), id="a number"),
        ],
    )
    def test_that_do_not_arrive_are_fetched_again(
        self, fault: Fault, ana: Reader, newsroom: Newsroom
    ) -> None:
        """And no question is answered twice for that."""
        is_limit = isinstance(fault, Error) and fault.status == 429
        line = "WARNING Telegram asks to wait" if is_limit else "Telegram cannot be reached"
        before = newsroom.bot.printed.count(line)
        newsroom.api.fail_next("getUpdates", fault)
        questions = [ana.says(QUESTION).id for _ in range(3)]
        assert answered(ana, 3) == questions
        ana.hears_nothing_more()
        logged(newsroom.bot, line, times=before + 1)

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param(None, id="null"),
            pytest.param("message", id="text"),
            pytest.param({"message": {}}, id="no id"),
            pytest.param({"update_id": 800_000_001, "message": 5}, id="a message that is none"),
            pytest.param({"update_id": 800_000_002, "message": {}}, id="a message without a chat"),
        ],
    )
    def test_that_cannot_be_parsed_are_set_aside(
        self, body: object, ana: Reader, newsroom: Newsroom
    ) -> None:
        """The question behind it is answered, and one line tells of it."""
        line = "Updates set aside, unreadable"
        before = newsroom.bot.printed.count(line)
        newsroom.api.put_raw(body)
        question = ana.says(QUESTION).id
        assert ana.hears().reply_to == question
        ana.hears_nothing_more()
        logged(newsroom.bot, line, times=before + 1)

    def test_of_an_unknown_kind_are_passed_over(self, ana: Reader, newsroom: Newsroom) -> None:
        """Telegram adds kinds, and a bot need not know them."""
        said = len(newsroom.bot.printed)
        newsroom.api.put_raw({"update_id": 800_000_003, "comet": {"tail": 3}})
        question = ana.says(QUESTION).id
        assert ana.hears().reply_to == question
        ana.hears_nothing_more()
        assert newsroom.bot.printed[said:] == ""


class TestSilence:
    """Telegram accepts a request and never answers."""

    def test_to_a_reply_is_not_waited_out(
        self, pullquote: BotProcess, api: BotApi, telegram: Telegram
    ) -> None:
        """It is sent once more; twice it arrives where Telegram had sent it."""
        pullquote.command = (sys.executable, "-c", HASTY)
        pullquote.start()
        ana, luis = telegram.private("Ana"), telegram.private("Luis")
        for reader, is_sent in ((ana, False), (luis, True)):
            silent = api.hold_next("sendMessage", applied=is_sent)
            question = reader.says(QUESTION).id
            silent.wait()
            times = 1 + is_sent
            assert answered(reader, times) == [question] * times
            reader.hears_nothing_more()

    def test_to_a_poll_is_not_waited_out(
        self, pullquote: BotProcess, api: BotApi, telegram: Telegram
    ) -> None:
        """Questions asked meanwhile are answered after the next one."""
        pullquote.command = (sys.executable, "-c", HASTY)
        ana = telegram.private("Ana")
        silent = api.hold_next("getUpdates")
        pullquote.launch()
        silent.wait()
        question = ana.says(QUESTION).id
        assert ana.hears().reply_to == question
        assert "Telegram cannot be reached (TimedOut" in pullquote.printed
        ana.hears_nothing_more()


class TestOutage:
    """The network is gone for eleven minutes and more."""

    def test_is_outlasted_by_a_reader_alone(
        self, pullquote: BotProcess, api: BotApi, telegram: Telegram
    ) -> None:
        """A group has moved on after ten; the reader still waits, and is answered once."""
        pullquote.command = (sys.executable, "-c", FAST)
        pullquote.start()
        ana, luis = telegram.private("Ana"), telegram.group("Vecinos").reader("Luis")
        sending = [api.hold_next("sendMessage") for _ in range(2)]
        question = ana.says(QUESTION).id
        luis.says(f"{NAME} {QUESTION}")
        for hold in sending:
            hold.wait()
        with api.network_gone():
            logged(pullquote, "sendMessage: NetworkError", times=2 * 24)
            logged(pullquote, f"in chat {luis.ear.chat.id}: NetworkError")
        assert ana.hears().reply_to == question
        later = luis.says(f"{NAME} {QUESTION}").id
        assert luis.hears().reply_to == later
        ana.hears_nothing_more()
        assert "Traceback" not in pullquote.printed

    def test_may_have_a_crash_in_its_midst(
        self, pullquote: BotProcess, api: BotApi, telegram: Telegram
    ) -> None:
        """The bot starts without a network, waits for it, and answers what it had accepted."""
        pullquote.start()
        ana = telegram.private("Ana")
        sending = api.hold_next("sendMessage")
        questions = [ana.says(QUESTION).id for _ in range(3)]
        sending.wait()
        api.wait_until(lambda: not api.state.updates.pending, "every question is accepted")
        with api.network_gone():
            pullquote.kill()
            pullquote.command = (sys.executable, "-c", FAST)
            pullquote.launch()
            logged(pullquote, "Telegram cannot be reached")
        assert answered(ana, 3) == questions
        ana.hears_nothing_more()


@pytest.mark.parametrize(
    "spoiled",
    [pytest.param(disk_full, id="disk full"), pytest.param(locked, id="locked")],
)
class TestStateThatCannotBeWritten:
    """No room on the disk, or another program that does not end its transaction."""

    @pytest.fixture
    def pullquote(self, pullquote: BotProcess) -> BotProcess:
        """The bot for one test alone, which does not wait long for another's lock."""
        pullquote.command = (sys.executable, "-c", UNYIELDING)
        return pullquote

    def test_costs_readers_a_wait(
        self,
        spoiled: Callable[[BotProcess], AbstractContextManager[None]],
        pullquote: BotProcess,
        api: BotApi,
        telegram: Telegram,
    ) -> None:
        """One answer is on its way, one question waits behind it, and Luis asks in the midst.

        What is not stored stays with Telegram; the answer that is out is not given again, and is
        known afterwards; the rest is answered without a restart.
        """
        pullquote.start()
        index = (pullquote.data / "passages.db").stat().st_ino
        ana, luis = telegram.private("Ana"), telegram.private("Luis")
        told(ana, "/help")
        sending = api.hold_next("sendMessage")
        first, second = ana.says(QUESTION), ana.says("Who blocked the highway?")
        sending.wait()
        api.wait_until(lambda: not api.state.updates.pending, "both are accepted")
        with spoiled(pullquote):
            sending.release()
            assert ana.hears().reply_to == first.id
            third = luis.says(QUESTION)
            logged(pullquote, "state.db cannot be used")
            logged(pullquote, "Updates cannot be stored")
            polls = api.polls
            api.wait_until(lambda: api.polls > polls, "it tries again")
            assert len(api.state.updates.pending) == 1
            assert ana.ear.unheard() == luis.ear.unheard() == []
        assert ana.hears().reply_to == second.id
        assert luis.hears().reply_to == third.id
        ana.edits(first, "Who blocked the highway?")
        assert ana.hears().edited
        ana.hears_nothing_more()
        luis.hears_nothing_more()
        for line in ("cannot be used", "can be used again", "cannot be stored", "stored again"):
            assert pullquote.printed.count(line) == 1
        assert "Traceback" not in pullquote.printed
        assert (pullquote.data / "passages.db").stat().st_ino == index

    def test_costs_an_admin_a_wait(
        self,
        spoiled: Callable[[BotProcess], AbstractContextManager[None]],
        pullquote: BotProcess,
        api: BotApi,
        telegram: Telegram,
    ) -> None:
        """What Rosa chose holds, though it could not be stored when she pressed."""
        pullquote.start()
        rosa = telegram.group("Vecinos").reader("Rosa", status="creator")
        rosa.says("/settings")
        rosa.presses(rosa.hears(), "I reply to")
        asking = api.hold_next("getChatMember")
        panel = rosa.hears()
        with ThreadPoolExecutor(1) as hand:
            pressed = hand.submit(rosa.presses, panel, "any question")
            asking.wait()
            api.wait_until(lambda: not api.state.updates.pending, "the press is accepted")
            with spoiled(pullquote):
                asking.release()
                logged(pullquote, "state.db cannot be used")
                assert rosa.ear.unheard() == []
            assert "text" not in pressed.result()
        assert rosa.hears().buttons[0] == ["I reply to: any question •"]
        assert "built anew" not in pullquote.printed
        assert "Traceback" not in pullquote.printed


class TestFullDisk:
    """No room for an index of the articles."""

    def test_has_new_articles_wait(
        self, pullquote: BotProcess, telegram: Telegram, tmp_path: Path
    ) -> None:
        """One that is added meanwhile is served once there is room, without a restart."""
        pullquote.articles = tmp_path / "articles"
        pullquote.articles.mkdir()
        pullquote.articles.joinpath(SEED.name).write_bytes(SEED.read_bytes())
        pullquote.command = (sys.executable, "-c", WATCHFUL)
        pullquote.start()
        ana = telegram.private("Ana")
        told(ana, "/help")
        has_nothing_in_hand(pullquote)
        with disk_full(pullquote):
            zebras = "---\ntitle: On zebras\n---\nZebras sing in Maputo.\n"
            pullquote.articles.joinpath("zebras.md").write_text(zebras)
            logged(pullquote, "passages.db'). The old ones are served.")
        logged(pullquote, "The articles have changed; served now: 2.")
        assert quotation(told(ana, "Where do zebras sing?")) == "Zebras sing in Maputo."
        assert "Traceback" not in pullquote.printed


class TestCrashes:
    """kill -9, again and again, while everybody asks."""

    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_lose_no_question(
        self, seed: int, pullquote: BotProcess, api: BotApi, telegram: Telegram
    ) -> None:
        """Each is answered, in order; a crash doubles one answer in a chat at most."""
        chance = random.Random(seed)
        readers = [telegram.private(f"Reader {number}") for number in range(6)]
        asked: list[list[int]] = [[] for _ in readers]
        crashes = 4
        for _ in range(crashes):
            for reader, questions in zip(readers, asked, strict=True):
                questions += [reader.says(QUESTION).id for _ in range(3)]
            pullquote.start()
            so_far = len(api.calls("sendMessage"))
            some = chance.randrange(18)
            api.wait_until(
                lambda: len(api.calls("sendMessage")) >= so_far + some,  # noqa: B023
                "some are answered",
            )
            pullquote.kill()
        pullquote.start()
        api.wait_until(lambda: not api.state.updates.pending, "every question is accepted")
        has_nothing_in_hand(pullquote)
        for reader, questions in zip(readers, asked, strict=True):
            replies = [Message(said).reply_to for said in reader.ear.chat.said]
            assert replies == sorted(replies)
            assert sorted(set(replies)) == questions
            assert len(replies) <= len(questions) + crashes
