"""Delivery: in order, in parallel, and never lost, whatever happens to the bot or the network."""

import signal
import sys
import time

from tests.bot_api.driver import Telegram
from tests.bot_api.people import Reader
from tests.bot_api.process import BotProcess
from tests.bot_api.server import BotApi
from tests.chats.office import told
from tests.end_to_end.newsroom import Newsroom, has_nothing_in_hand, logged, texts_kept

IMPATIENT = """
from functools import partial
from bot import cli
from bot.chats import app
app.serve = partial(app.serve, rival_patience=2.5)
cli.pullquote(["run"])
"""
"""The bot as it is, but that it bears another poller for 2.5 s instead of a minute."""


def answered(reader: Reader, count: int) -> list[int | None]:
    """Which messages the next so many replies are replies to."""
    return [reader.hears().reply_to for _ in range(count)]


class TestChats:
    """Several people at once."""

    def test_is_answered_in_order(self, ana: Reader) -> None:
        """However fast somebody types, and whatever it is."""
        texts = ["Who blocked the highway?", "/help", "🦆", "Who is Kast?", "xylophone"] * 3
        sent = [ana.says(text).id for text in texts]
        questions = [id_ for id_, text in zip(sent, texts, strict=True) if text != "/help"]
        assert [id_ for id_ in answered(ana, len(texts)) if id_] == questions

    def test_does_not_wait_for_another(self, ana: Reader, newsroom: Newsroom) -> None:
        """While Telegram keeps one chat waiting, every other one is answered."""
        slow = newsroom.api.hold_next("sendMessage")
        first, second = ana.says("Who is Kast?"), ana.says("/help")
        slow.wait()
        for name in ("Luis", "Rosa", "Pía"):
            reader = newsroom.telegram.private(name)
            question = reader.says("Who is Kast?")
            assert reader.hears().reply_to == question.id
        assert ana.ear.unheard() == []
        slow.release()
        assert ana.hears().reply_to == first.id
        assert ana.hears().id > second.id

    def test_that_blocked_the_bot_does_not_hold_up_the_rest(
        self, ana: Reader, newsroom: Newsroom
    ) -> None:
        """What cannot be sent is given up at once."""
        luis = newsroom.telegram.private("Luis")
        told(luis, "/help")
        luis.says("Who is Kast?")
        luis.blocks()
        assert told(ana, "Who is Kast?").text
        luis.unblocks()
        luis.says("/about")
        heard = luis.hears()
        assert "What I store" in (heard if heard.reply_to is None else luis.hears()).text


class TestCrash:
    """kill -9."""

    def test_loses_no_question(
        self, pullquote: BotProcess, api: BotApi, telegram: Telegram
    ) -> None:
        """Eighty are accepted, eight answers are on their way; only those may come twice."""
        readers = [telegram.private(f"Reader {number}") for number in range(8)]
        holds = [api.hold_next("sendMessage", applied=True) for _ in readers]
        pullquote.start()
        asked = [[reader.says(f"Who is Kast? {n}").id for n in range(10)] for reader in readers]
        for hold in holds:
            hold.wait()
        api.wait_until(lambda: not api.state.updates.pending, "every question is accepted")
        pullquote.kill()
        assert texts_kept(pullquote) == 80
        pullquote.start()
        for reader, questions in zip(readers, asked, strict=True):
            replies = answered(reader, 1 + len(questions))
            assert replies == [questions[0], *questions]
            reader.hears_nothing_more()
        logged(pullquote, "Updates left from before, handled now: 80.")
        logged(pullquote, "Their replies on the way then, which may come twice: 8.")
        pullquote.stop()
        assert texts_kept(pullquote) == 0

    def test_before_anything_is_accepted_leaves_it_with_telegram(
        self, pullquote: BotProcess, telegram: Telegram
    ) -> None:
        """What is asked while the bot is gone is answered when it is back, once."""
        ana = telegram.private("Ana")
        pullquote.start()
        told(ana, "/help")
        has_nothing_in_hand(pullquote)
        pullquote.kill()
        questions = [ana.says("Who is Kast?").id for _ in range(3)]
        pullquote.start()
        assert answered(ana, 3) == questions
        ana.hears_nothing_more()


class TestSigterm:
    """The way a service manager stops it."""

    def test_does_not_wait_for_ever(
        self, pullquote: BotProcess, api: BotApi, telegram: Telegram
    ) -> None:
        """A send that hangs is given up within 10 s; the next start answers all that waited."""
        pullquote.start()
        ana, luis = telegram.private("Ana"), telegram.private("Luis")
        hangs = api.hold_next("sendMessage")
        questions = [ana.says(f"Who is Kast? {number}").id for number in range(5)]
        hangs.wait()
        told(luis, "/help")
        began = time.monotonic()
        pullquote.send(signal.SIGTERM)
        assert pullquote.exit_code() == 0
        assert time.monotonic() - began < 10
        logged(pullquote, "Updates left for the next start: 5.")
        assert "Traceback" not in pullquote.printed
        pullquote.start()
        assert answered(ana, 5) == questions
        ana.hears_nothing_more()
        luis.hears_nothing_more()


class TestNetwork:
    """Telegram is not there."""

    def test_gone_and_back_is_told_and_nothing_lost(
        self, pullquote: BotProcess, api: BotApi, telegram: Telegram
    ) -> None:
        """One line when it goes, one when it is back; questions are answered then."""
        pullquote.start()
        ana = telegram.private("Ana")
        told(ana, "/help")
        with api.network_gone():
            question = ana.says("Who is Kast?")
            logged(pullquote, "Telegram cannot be reached")
        assert ana.hears().reply_to == question.id
        logged(pullquote, "Telegram is back after")
        assert pullquote.printed.count("Telegram cannot be reached") == 1
        assert "Traceback" not in pullquote.printed


class TestSecondPoller:
    """Another program with the same token."""

    def test_is_told_and_borne_while_it_is_short(
        self, pullquote: BotProcess, api: BotApi, telegram: Telegram
    ) -> None:
        """As in a rolling restart: the bot is back as soon as the other has gone."""
        pullquote.start()
        ana = telegram.private("Ana")
        with api.second_poller():
            logged(pullquote, "Another program fetches this bot's updates")
        question = ana.says("Who is Kast?")
        assert ana.hears().reply_to == question.id
        api.refusals.clear()

    def test_that_stays_ends_the_bot(self, pullquote: BotProcess, api: BotApi) -> None:
        """Two would take each other's updates for ever; the exit code is Telegram's."""
        pullquote.command = (sys.executable, "-c", IMPATIENT)
        pullquote.start()
        with api.second_poller():
            assert pullquote.exit_code() == 4
        last = pullquote.printed.splitlines()[-1]
        assert "Stop it, or give this bot a token of its own." in last
        assert "Traceback" not in pullquote.printed


class TestRevokedToken:
    """@BotFather has given out another one."""

    def test_ends_the_bot_and_loses_no_question(
        self, pullquote: BotProcess, api: BotApi, telegram: Telegram
    ) -> None:
        """One plain line; with the right token the next start answers what was accepted."""
        pullquote.start()
        ana = telegram.private("Ana")
        told(ana, "/help")
        sending = api.hold_next("sendMessage")
        first = ana.says("Who is Kast?").id
        sending.wait()
        api.revoked = True
        second = ana.says("Who is Kast, then?").id
        sending.release()
        assert pullquote.exit_code() == 4
        assert "Telegram does not accept the token." in pullquote.printed
        assert "Traceback" not in pullquote.printed
        api.revoked = False
        api.violations.clear()
        pullquote.start()
        assert answered(ana, 2) == [first, second]
        ana.hears_nothing_more()
