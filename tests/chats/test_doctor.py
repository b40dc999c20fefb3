"""The doctor: what it finds, what it says to do about it, and the exit code that scripts see."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.chats.doctor import examine
from bot.chats.state import ChatState
from bot.corpus.build import Corpus
from bot.settings import Settings, Webhook
from tests.bot_api.driver import Telegram
from tests.bot_api.process import BotProcess
from tests.bot_api.server import TOKEN, BotApi
from tests.chats.office import SEED, told
from tests.command import Command

CONFIGURATION, TELEGRAM = 3, 4


class Practice:
    """A doctor with a bot to examine, all well at first."""

    def __init__(self, api: BotApi, folder: Path) -> None:
        self.token = api.token
        self.api_url = api.url
        self.articles = folder / "articles"
        self.articles.mkdir()
        shutil.copy(SEED, self.articles)
        self.data = folder / "data"
        self.data.mkdir()
        self.webhook: Webhook | None = None

    @property
    def settings(self) -> Settings:
        """The bot's settings as they are now."""
        return Settings(self.token, self.api_url, self.articles, self.data, webhook=self.webhook)

    @property
    def corpus(self) -> Corpus:
        """Its articles, matched by words alone."""
        return Corpus(self.articles, self.settings.passages_db)

    def index(self) -> None:
        """Have the index built."""
        self.corpus.up_to_date().close()

    def findings(self) -> dict[str, int]:
        """What is found, each with its exit code."""
        return {finding.text: finding.exit_code for finding in examine(self.settings, self.corpus)}

    def finding(self, words: str) -> tuple[str, int]:
        """The one finding that holds these words."""
        [found] = [(text, code) for text, code in self.findings().items() if words in text]
        return found


@pytest.fixture
def practice(api: BotApi, tmp_path: Path) -> Iterator[Practice]:
    """A doctor who has looked at the index."""
    practice = Practice(api, tmp_path)
    practice.index()
    return practice


def test_all_is_well(practice: Practice) -> None:
    """A line for each thing looked at, in the order in which it has to be right."""
    findings = practice.findings()
    assert set(findings.values()) == {0}
    assert [text.split(":")[0].split(" (")[0] for text in findings] == [
        "No sentence encoder",
        f"{practice.settings.passages_db} is up to date",
        f"{practice.settings.state_db} will be made at the first start.",
        "The token is that of @pullquote_test_bot.",
        "Privacy mode is off",
        "Inline mode is on",
        "Guest mode is on",
        "No bot is running over this data; 0 updates are waiting for it.",
    ]


class TestToken:
    """TELEGRAM_BOT_TOKEN."""

    def test_may_be_missing(self, practice: Practice) -> None:
        """The bot talks in the terminal then."""
        practice.token = ""
        text, code = practice.finding("No TELEGRAM_BOT_TOKEN is set")
        assert "Get a token from @BotFather" in text
        assert code == 0

    def test_that_is_none_is_not_sent_anywhere(self, practice: Practice, api: BotApi) -> None:
        """It may be something else that is secret."""
        practice.token = "hunter2"
        text, code = practice.finding("TELEGRAM_BOT_TOKEN is no token")
        assert "hunter2" not in text
        assert (code, api.requests) == (CONFIGURATION, [])

    def test_that_telegram_refuses_is_told(self, practice: Practice, api: BotApi) -> None:
        """And not repeated."""
        practice.token = f"{TOKEN[:-2]}11"
        text, code = practice.finding("Telegram does not accept the token.")
        assert practice.token not in text
        assert code == TELEGRAM
        api.violations.clear()


class TestTelegram:
    """What Telegram says of the bot."""

    def test_privacy_mode_is_explained(self, practice: Practice, api: BotApi) -> None:
        """Many want it on, so it is no fault."""
        api.do(api.state.bot.update, {"can_read_all_group_messages": False})
        text, code = practice.finding("Privacy mode is on")
        assert "@BotFather, /setprivacy, Disable, then add it to the group again" in text
        assert code == 0

    def test_modes_that_are_off_are_explained(self, practice: Practice, api: BotApi) -> None:
        """The bot works without them, so they are no fault."""
        api.do(
            api.state.bot.update,
            {"supports_inline_queries": False, "supports_guest_queries": False},
        )
        text, code = practice.finding("Inline mode is off")
        assert (text.endswith("@BotFather, /setinline."), code) == (True, 0)
        text, code = practice.finding("Guest mode is off")
        assert ("switch it on in @BotFather's app" in text, code) == (True, 0)

    def test_a_webhook_is_in_the_way(self, practice: Practice, api: BotApi) -> None:
        """And left alone: the bot removes it."""
        api.do(api.state.updates.webhook.update, {"url": "https://example.org/hook"})
        assert practice.finding("A webhook is set")[1] == TELEGRAM
        assert api.state.updates.webhook["url"] == "https://example.org/hook"

    def test_without_a_network_is_told_where_it_was_sought(
        self, practice: Practice, api: BotApi
    ) -> None:
        """What is not Telegram's is examined all the same."""
        with api.network_gone():
            text, code = practice.finding("Telegram cannot be reached")
        assert text.startswith(f"Telegram cannot be reached at {practice.api_url} (")
        assert practice.token not in text
        assert code == TELEGRAM

    def test_is_asked_for_nothing_that_disturbs(self, practice: Practice, api: BotApi) -> None:
        """A getUpdates of its own would end the running bot's."""
        practice.findings()
        assert [call.method for call in api.requests] == ["getMe", "getWebhookInfo"]
        assert api.polls == 0


class TestWebhook:
    """What Telegram says of the webhook that is set here."""

    URL = "https://news.example.org/bot"

    @pytest.fixture
    def known(self, practice: Practice, api: BotApi) -> dict[str, Any]:
        """What getWebhookInfo says: that all is well."""
        practice.webhook = Webhook(self.URL, ("127.0.0.1", 8080))
        api.do(api.state.updates.webhook.update, {"url": self.URL})
        return api.state.updates.webhook

    def test_that_is_registered_is_well(self, practice: Practice, known: dict[str, Any]) -> None:
        assert practice.finding("Updates are posted to PULLQUOTE_WEBHOOK_URL.")[1] == 0

    def test_in_other_letters_is_the_same(self, practice: Practice, known: dict[str, Any]) -> None:
        """Telegram may write the host in small ones."""
        practice.webhook = Webhook(self.URL.replace("news", "News"), ("127.0.0.1", 8080))
        assert practice.finding("Updates are posted to PULLQUOTE_WEBHOOK_URL.")[1] == 0

    def test_that_is_not_registered_yet_is_no_fault(
        self, practice: Practice, known: dict[str, Any]
    ) -> None:
        """The start does that."""
        known["url"] = ""
        assert practice.finding("No webhook is set yet")[1] == 0

    def test_elsewhere_is_a_fault(self, practice: Practice, known: dict[str, Any]) -> None:
        """The address, which may be a secret, is not shown."""
        known["url"] = "https://other.example.org/hook"
        text, code = practice.finding("Updates are posted to another address")
        assert ("other.example.org" in text, code) == (False, TELEGRAM)

    @pytest.mark.parametrize(("waiting", "code"), [(0, 0), (3, TELEGRAM)])
    def test_that_failed_is_a_fault_while_updates_wait(
        self, practice: Practice, known: dict[str, Any], waiting: int, code: int
    ) -> None:
        """When, why, and where to look."""
        known |= {
            "last_error_date": 1_770_000_000,
            "last_error_message": "Connection refused",
            "pending_update_count": waiting,
        }
        assert practice.finding("could not deliver") == (
            "At 2026-02-02 02:40 UTC Telegram could not deliver (Connection refused). Check that "
            "the proxy hands posts on to PULLQUOTE_WEBHOOK_LISTEN.",
            code,
        )


class TestRunning:
    """Whether a bot runs over this data."""

    def test_is_told_by_its_heartbeat(self, practice: Practice) -> None:
        """It wrote when it last heard from Telegram."""
        state = ChatState(practice.settings.state_db)
        state.hear()
        state.close()
        assert practice.finding("A bot is running over this data")[1] == 0

    def test_is_over_two_minutes_after_the_last(self, practice: Practice) -> None:
        """Then it is not running, or has lost the network."""
        state = ChatState(practice.settings.state_db, clock=lambda: time.time() - 121)
        state.hear()
        state.close()
        assert practice.finding("No bot is running over this data")[1] == 0

    def test_counts_what_waits(self, practice: Practice, api: BotApi) -> None:
        """Telegram keeps it for a day."""
        for _ in range(3):
            api.put_raw({})
        assert practice.finding("3 updates are waiting for it.")


class TestFolders:
    """Articles, index and state."""

    def test_no_article_is_a_fault(self, practice: Practice) -> None:
        """There is nothing to answer with."""
        (practice.articles / SEED.name).unlink()
        practice.index()
        text, code = practice.finding("There are no articles in")
        assert (text.endswith("Put one there."), code) == (True, CONFIGURATION)

    def test_no_folder_is_a_fault(self, practice: Practice) -> None:
        """It says how to name another."""
        shutil.rmtree(practice.articles)
        text, code = practice.finding("There is no folder")
        assert ("PULLQUOTE_ARTICLES" in text, code) == (True, CONFIGURATION)

    def test_a_file_that_is_not_served_is_named_with_the_reason(self, practice: Practice) -> None:
        """Although the others are served."""
        (practice.articles / "bad.txt").write_bytes(b"\xff\xfe")
        practice.index()
        text, code = practice.finding("bad.txt is not served: ")
        assert ("UTF-8" in text, code) == (True, CONFIGURATION)

    def test_an_index_to_be_built_is_no_fault(self, practice: Practice) -> None:
        """The next start builds it; the doctor changes nothing."""
        (practice.articles / "new.md").write_text("---\ntitle: New\n---\nText.\n")
        before = practice.settings.passages_db.stat()
        assert practice.finding("is not up to date")[1] == 0
        assert practice.settings.passages_db.stat() == before

    def test_a_damaged_state_is_told_and_left_alone(self, practice: Practice) -> None:
        """Only the bot sets it aside."""
        practice.settings.state_db.write_bytes(b"not a database" * 1000)
        text, code = practice.finding("state.db cannot be read")
        assert ("set aside at the next start" in text, code) == (True, CONFIGURATION)
        assert practice.settings.state_db.read_bytes() == b"not a database" * 1000


class TestCommand:
    """``pullquote doctor``."""

    def test_shows_the_running_bot(self, pullquote: BotProcess, command: Command) -> None:
        """A mark and a line for each finding; ``--alive`` is the health check."""
        pullquote.start()
        api = pullquote.api
        settings = {"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_URL": api.url}
        over_it = settings | {"PULLQUOTE_DATA": str(pullquote.data)}
        told(Telegram(api).private("Ana"), "/help")
        printed = command("doctor", **over_it)
        assert printed.exit_code == 0
        assert all(line.startswith("✓ ") for line in printed.output.splitlines())
        assert "✓ A bot is running over this data: it heard from Telegram 0:00:0" in printed.output
        assert command("doctor", "--alive", **over_it).exit_code == 0
        pullquote.stop()

    def test_ends_with_the_code_of_the_worst(
        self, api: BotApi, command: Command, tmp_path: Path
    ) -> None:
        """No article, and no network: Telegram's."""
        nothing = {"PULLQUOTE_ARTICLES": str(tmp_path), "PULLQUOTE_DATA": str(tmp_path / "data")}
        offline = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": "http://127.0.0.1:9"}
        printed = command("doctor", PULLQUOTE_ENCODER="off", **nothing, **offline)
        assert printed.exit_code == TELEGRAM
        assert "✗ Telegram cannot be reached at http://127.0.0.1:9" in printed.output
        assert command("doctor", "--alive", **nothing).exit_code == TELEGRAM
