"""The bot as a process: how it starts, what stops it, and what it says about that."""

import signal
import sqlite3
import time
from contextlib import closing

import pytest

from tests.bot_api.driver import Telegram
from tests.bot_api.faults import Error
from tests.bot_api.process import BotProcess
from tests.bot_api.server import PATIENCE, TOKEN, BotApi

CONFIGURATION, TELEGRAM = 3, 4


def says(bot: BotProcess, words: str) -> None:
    """Return once these words stand in its log."""
    deadline = time.monotonic() + PATIENCE
    while words not in bot.printed:
        assert time.monotonic() < deadline, f"it never said “{words}”:\n{bot.printed}"
        time.sleep(0.01)


class TestStart:
    """What is looked at before the first getUpdates."""

    @pytest.mark.parametrize(
        "token", ["shaped-otherwise", "4200000042:", ":abcdef", "4200000042:a b"]
    )
    def test_with_a_malformed_token_is_refused(self, pullquote: BotProcess, token: str) -> None:
        """Telegram is not even asked."""
        pullquote.settings["TELEGRAM_BOT_TOKEN"] = token
        pullquote.launch()
        assert pullquote.exit_code() == CONFIGURATION
        assert "TELEGRAM_BOT_TOKEN is no token" in pullquote.printed
        assert pullquote.api.requests == []

    def test_with_a_wrong_token_is_refused(self, pullquote: BotProcess) -> None:
        """One plain line without the token, and no traceback."""
        wrong = f"{TOKEN[:-2]}11"
        pullquote.settings["TELEGRAM_BOT_TOKEN"] = wrong
        pullquote.launch()
        assert pullquote.exit_code() == TELEGRAM
        assert "Telegram does not accept the token" in pullquote.printed
        assert wrong not in pullquote.printed
        assert "Traceback" not in pullquote.printed
        pullquote.api.violations.clear()

    def test_waits_for_the_network(self, pullquote: BotProcess) -> None:
        """It says so, and says when it is there."""
        pullquote.api.fail_next("getMe", Error(status=502))
        pullquote.start()
        assert "Telegram cannot be reached (NetworkError: Bad Gateway (502))" in pullquote.printed
        assert "Telegram is back after 1 s." in pullquote.printed

    def test_removes_a_webhook_and_keeps_what_waits(
        self, pullquote: BotProcess, api: BotApi
    ) -> None:
        """A webhook would get the updates; those that wait are answered."""
        api.do(api.state.updates.webhook.update, {"url": "https://example.org/hook"})
        pullquote.start()
        assert "A webhook was set" in pullquote.printed
        assert api.calls("deleteWebhook") == [{"drop_pending_updates": False}]

    def test_tells_of_privacy_mode(self, pullquote: BotProcess, api: BotApi) -> None:
        """An admin who wonders why the bot is silent finds it in the log."""
        api.do(api.state.bot.update, {"can_read_all_group_messages": False})
        pullquote.start()
        assert "Privacy mode is on" in pullquote.printed

    def test_tells_that_inline_mode_is_off(self, pullquote: BotProcess, api: BotApi) -> None:
        """And where it is switched on."""
        api.do(api.state.bot.update, {"supports_inline_queries": False})
        pullquote.start()
        assert "Inline mode is off: nobody can ask by typing @pullquote_test_bot" in (
            pullquote.printed
        )
        assert "@BotFather, /setinline." in pullquote.printed

    def test_with_a_newer_state_is_refused(self, pullquote: BotProcess) -> None:
        """One line; the file is left alone."""
        pullquote.start()
        pullquote.stop()
        with closing(sqlite3.connect(pullquote.data / "state.db")) as state, state:
            state.execute(
                "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
                " VALUES ('pullquote', 'of_the_future', '2030-01-01')"
            )
        pullquote.launch()
        assert pullquote.exit_code() == CONFIGURATION
        assert "state.db was written by a newer version" in pullquote.printed
        assert "Traceback" not in pullquote.printed


class TestEnd:
    """SIGTERM and SIGINT."""

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_is_quick_and_clean(self, pullquote: BotProcess, number: signal.Signals) -> None:
        """Code 0, though a getUpdates is waiting for half a minute."""
        pullquote.start()
        pullquote.send(number)
        assert pullquote.exit_code(10) == 0

    def test_while_there_is_no_network(self, pullquote: BotProcess, api: BotApi) -> None:
        """Before the first getUpdates too."""
        api.fail_next("getMe", Error(status=502), times=100)
        pullquote.launch()
        says(pullquote, "Telegram cannot be reached")
        pullquote.send(signal.SIGTERM)
        assert pullquote.exit_code(10) == 0

    def test_finishes_what_is_in_hand(
        self, pullquote: BotProcess, api: BotApi, telegram: Telegram
    ) -> None:
        """A reply on its way arrives, and is not sent again by the next start."""
        pullquote.start()
        ana = telegram.private("Ana")
        sending = api.hold_next("sendMessage")
        ana.says("/help")
        sending.wait()
        pullquote.send(signal.SIGTERM)
        says(pullquote, "Stopping")
        sending.release()
        assert pullquote.exit_code(10) == 0
        assert "/articles" in ana.hears().text
        pullquote.start()
        ana.says("/about")
        assert "/articles" not in ana.hears().text
        pullquote.stop()
        assert len(api.calls("sendMessage")) == 2

    def test_by_a_second_signal_is_at_once(
        self, pullquote: BotProcess, api: BotApi, telegram: Telegram
    ) -> None:
        """What is in hand is left for the next start, which answers it."""
        pullquote.start()
        ana = telegram.private("Ana")
        sending = api.hold_next("sendMessage")
        ana.says("/help")
        sending.wait()
        pullquote.send(signal.SIGTERM)
        says(pullquote, "A second signal stops at once")
        pullquote.send(signal.SIGTERM)
        assert pullquote.exit_code() == -signal.SIGTERM
        sending.release()
        pullquote.start()
        assert ana.hears().text
