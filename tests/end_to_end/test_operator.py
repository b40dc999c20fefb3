"""The operator's view: metrics, the log, what the admin chat is told, stats and backups."""

import http.client
import json
import os
import pty
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.bot_api.driver import Telegram
from tests.bot_api.faults import Error
from tests.bot_api.people import Reader
from tests.bot_api.process import ROOT, BotProcess
from tests.bot_api.server import PATIENCE, BotApi
from tests.chats.office import QUESTION, told
from tests.chats.test_backup import CROWDED
from tests.chats.test_metrics import read
from tests.command import Command
from tests.end_to_end.newsroom import SEED, Newsroom, logged, paragraph
from tests.end_to_end.test_delivery import IMPATIENT

CONFIGURATION, TELEGRAM = 3, 4
UNANSWERABLE = "xylophone zebra quasar"


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def becomes(look: Callable[[], object], wanted: object) -> None:
    """Return once it looks as wanted."""
    deadline = time.monotonic() + PATIENCE
    while (found := look()) != wanted:
        assert time.monotonic() < deadline, f"{found!r} instead of {wanted!r}"
        time.sleep(0.02)


def older(bot: BotProcess) -> Path:
    """The bot's state as the version before this one left it."""
    with closing(sqlite3.connect(bot.data / "state.db")) as state, state:
        state.execute("DELETE FROM _sqlite_migrations WHERE name = 'daily_counts'")
        state.execute("DROP TABLE daily")
        state.execute("CREATE TABLE filler AS SELECT zeroblob(50000) AS room")
    return bot.data / "state.db"


def newer(bot: BotProcess) -> None:
    """The bot's state as a version to come leaves it."""
    with closing(sqlite3.connect(bot.data / "state.db")) as state, state:
        state.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('pullquote', 'of_the_future', '2030-01-01')"
        )


@pytest.fixture(scope="module")
def newsroom(empty: Newsroom) -> Newsroom:
    """One with the seed article, whose bot serves metrics."""
    shutil.copy(SEED, empty.articles)
    empty.bot.settings["PULLQUOTE_METRICS"] = str(free_port())
    empty.bot.start()
    return empty


class TestMetrics:
    """At ``PULLQUOTE_METRICS``, over HTTP."""

    @pytest.fixture
    def page(self, newsroom: Newsroom) -> Callable[[], str]:
        """What Prometheus reads."""
        url = f"http://127.0.0.1:{newsroom.bot.settings['PULLQUOTE_METRICS']}/metrics"

        def get() -> str:
            with urllib.request.urlopen(url, timeout=10) as response:
                return response.read().decode()

        return get

    def test_count_a_conversation(
        self, newsroom: Newsroom, ana: Reader, page: Callable[[], str]
    ) -> None:
        """Each message, what came of it, and how long it took; no chat is named."""
        before, sends = read(page()), len(newsroom.api.calls("sendMessage"))
        told(ana, newsroom.question("answer").question)
        told(ana, UNANSWERABLE)
        told(ana, "/help")
        group = newsroom.telegram.group("Vecinos")
        group.reader("Luis").says("Good morning to all of you")
        ignored = "pullquote_outcomes_total{chat=group,outcome=silent,reason=not addressed}"
        becomes(lambda: read(page()).get(ignored), 1)

        def rise(name: str) -> float:
            return read(page()).get(name, 0) - before.get(name, 0)

        # Its own update is finished after its reply was sent.
        becomes(lambda: rise("pullquote_reply_seconds_count"), 2)
        becomes(lambda: read(page())["pullquote_inbox_open"], 0)
        assert rise("pullquote_updates_total{kind=message}") == 4
        assert rise("pullquote_outcomes_total{chat=private,outcome=answer,reason=}") == 1
        assert rise("pullquote_outcomes_total{chat=private,outcome=none,reason=}") == 1
        assert rise("pullquote_answer_seconds_count") == 2
        assert rise("pullquote_sends_total") == len(newsroom.api.calls("sendMessage")) - sends == 3
        assert str(ana.user["id"]) not in page()
        assert str(group.chat.id) not in page()

    def test_tell_what_is_served(self, page: Callable[[], str]) -> None:
        """The seed article has a headline and eight paragraphs; here no encoder is used."""
        found = read(page())
        assert found["pullquote_articles"] == 1
        assert found["pullquote_passages"] == 9
        assert found["pullquote_vectors"] == 0

    def test_count_faults(self, newsroom: Newsroom, ana: Reader, page: Callable[[], str]) -> None:
        """Those survived too."""
        newsroom.api.fail_next("sendMessage", Error(status=429, retry_after=1))
        newsroom.api.fail_next("sendMessage", Error(status=502))
        told(ana, QUESTION)
        found = read(page())
        assert found["pullquote_faults_total{kind=retry_after}"] == 1
        assert found["pullquote_faults_total{kind=network}"] == 1

    def test_do_not_keep_the_bot_from_ending(self, pullquote: BotProcess) -> None:
        """While Prometheus holds its connection."""
        port = free_port()
        pullquote.settings["PULLQUOTE_METRICS"] = f"127.0.0.1:{port}"
        pullquote.start()
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", "/metrics")
            assert connection.getresponse().read()
            pullquote.stop()
        assert pullquote.printed.endswith("Stopped.\n")

    def test_at_a_place_that_is_taken_are_refused(self, pullquote: BotProcess) -> None:
        """The bot does not start half."""
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            pullquote.settings["PULLQUOTE_METRICS"] = f"127.0.0.1:{other.getsockname()[1]}"
            pullquote.launch()
            assert pullquote.exit_code() == CONFIGURATION
        assert "PULLQUOTE_METRICS: nothing can be served there" in pullquote.printed
        assert "Traceback" not in pullquote.printed


class TestLog:
    """On standard error."""

    @pytest.mark.parametrize("form", ["text", "json"])
    def test_has_no_word_of_a_readers(
        self, pullquote: BotProcess, api: BotApi, telegram: Telegram, form: str
    ) -> None:
        """Nor of an answer; also where something fails."""
        pullquote.settings["PULLQUOTE_LOG"] = form
        pullquote.start()
        ana = telegram.private("Anastasia")
        api.fail_next("sendMessage", Error(status=400))
        ana.says("Who asked for the army's kryptonite?")
        logged(pullquote, "BadRequest")
        told(ana, QUESTION)
        told(ana, "Any kryptonite at all?")
        pullquote.stop()
        for word in ("kryptonite", "army", "governor", "Anastasia"):
            assert word not in pullquote.printed

    def test_is_json_where_no_person_reads_it(self, pullquote: BotProcess) -> None:
        """Each line by itself, the first and the last too."""
        pullquote.settings["PULLQUOTE_LOG"] = "auto"
        pullquote.start()
        pullquote.stop()
        events = [json.loads(line) for line in pullquote.printed.splitlines()]
        assert all({"time", "level", "logger", "message"} <= set(event) for event in events)
        assert events[-1]["message"] == "Stopped."

    def test_is_text_on_a_terminal(self, pullquote: BotProcess) -> None:
        """A line that a person reads."""
        terminal, end = pty.openpty()
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "TELEGRAM_BOT_TOKEN": "shaped-otherwise",
            "PULLQUOTE_ARTICLES": str(pullquote.articles),
            "PULLQUOTE_DATA": str(pullquote.data),
            "PULLQUOTE_ENCODER": "off",
        }
        command = [sys.executable, "-m", "bot", "run"]
        code = subprocess.call(command, env=environment, stderr=end, timeout=60)
        os.close(end)
        shown = os.read(terminal, 100_000).decode()
        os.close(terminal)
        assert code == CONFIGURATION
        assert " ERROR TELEGRAM_BOT_TOKEN is no token" in shown
        assert "{" not in shown

    def test_has_less_at_a_higher_level(self, pullquote: BotProcess) -> None:
        """At ``error``, nothing where all goes well."""
        pullquote.settings["PULLQUOTE_LOG_LEVEL"] = "error"
        pullquote.start()
        pullquote.stop()
        assert pullquote.printed == ""


class TestAdminChat:
    """Who is told what goes wrong."""

    @pytest.fixture
    def olga(self, pullquote: BotProcess, telegram: Telegram) -> Reader:
        """The operator, who has written to the bot that runs."""
        olga = telegram.private("Olga")
        pullquote.settings["PULLQUOTE_ADMIN_CHAT"] = str(olga.user["id"])
        pullquote.start()
        told(olga, "/help")
        return olga

    def test_is_told_once(
        self, pullquote: BotProcess, api: BotApi, telegram: Telegram, olga: Reader
    ) -> None:
        """Of each kind, in one message without a reader's words."""
        ana = telegram.private("Ana")
        for number in range(1, 4):
            api.fail_next("sendMessage", Error(status=400))
            ana.says(QUESTION)
            becomes(lambda: pullquote.printed.count("BadRequest"), number)
            if number == 1:
                message = olga.hears()
        assert f"in chat {ana.user['id']}: BadRequest: Error (" in message.text
        assert "army" not in message.text
        told(ana, QUESTION)
        olga.hears_nothing_more()

    def test_that_cannot_be_told_sets_off_nothing(
        self, pullquote: BotProcess, api: BotApi, telegram: Telegram, olga: Reader
    ) -> None:
        """It is logged once, and everybody else is answered."""
        olga.blocks()
        ana = telegram.private("Ana")
        api.fail_next("sendMessage", Error(status=400))
        ana.says(QUESTION)
        logged(pullquote, "The admin chat could not be told (Forbidden")
        assert told(ana, QUESTION).text
        assert pullquote.printed.count("could not be told") == 1

    def test_is_told_why_the_bot_ends(
        self, pullquote: BotProcess, api: BotApi, olga: Reader
    ) -> None:
        """Where it still can be, within the time there is to end."""
        pullquote.stop()
        pullquote.command = (sys.executable, "-c", IMPATIENT)
        pullquote.start()
        with api.second_poller():
            assert pullquote.exit_code() == TELEGRAM
        assert olga.hears().text.startswith("Another program fetches this bot's updates")


class TestStats:
    """``pullquote stats`` beside a bot that runs."""

    def test_count_what_it_said(self, newsroom: Newsroom, ana: Reader) -> None:
        """As a chart, and as JSON; the article has its title."""
        stats = Command(newsroom.bot.data)

        def unanswered() -> int:
            printed = stats("stats", "--days", "2", "--json")
            assert printed.exit_code == 0
            return sum(
                outcome["count"]
                for outcome in json.loads(printed.output)["outcomes"]
                if (outcome["chat"], outcome["outcome"]) == ("private", "none")
            )

        before, answer = unanswered(), newsroom.question("answer")
        told(ana, answer.question)
        told(ana, UNANSWERABLE)
        becomes(unanswered, before + 1)
        printed = stats("stats", "--days", "2", COLUMNS="60")
        assert printed.exit_code == 0
        assert "Illegal migrants flocking from Chile to Peru" in printed.output
        assert f" ¶{paragraph(answer)}\n" in printed.output
        assert "█" in printed.output
        assert max(map(len, printed.output.splitlines())) <= 60

    def test_without_a_bot_are_refused(self, tmp_path: Path) -> None:
        """There is nothing to count."""
        printed = Command(tmp_path)("stats")
        assert printed.exit_code == CONFIGURATION
        assert printed.errors == (
            f"pullquote: There is no {tmp_path}/state.db yet: no bot has run over this data.\n"
        )

    def test_of_what_is_no_database_are_refused(self, tmp_path: Path) -> None:
        """In one line."""
        (tmp_path / "state.db").write_text("a letter to Ana, and no database" * 200)
        printed = Command(tmp_path)("stats")
        assert printed.exit_code == CONFIGURATION
        assert printed.errors == (
            f"pullquote: {tmp_path}/state.db cannot be read (file is not a database).\n"
        )

    def test_of_a_newer_versions_state_are_refused(self, pullquote: BotProcess) -> None:
        """In the line that a start has."""
        pullquote.start()
        pullquote.stop()
        newer(pullquote)
        printed = Command(pullquote.data)("stats")
        assert printed.exit_code == CONFIGURATION
        assert "state.db was written by a newer version of Pullquote." in printed.errors
        assert len(printed.errors.splitlines()) == 1


class TestBackup:
    """``pullquote backup`` beside a bot that runs, and what a start copies by itself."""

    def test_is_what_a_bot_starts_from_again(
        self, pullquote: BotProcess, telegram: Telegram
    ) -> None:
        """Put in the place of what was lost, as the README has it."""
        pullquote.start()
        ana = telegram.private("Ana")
        told(ana, QUESTION)
        printed = Command(pullquote.data)("backup")
        assert printed.exit_code == 0
        [copied] = (pullquote.data / "backups").iterdir()
        assert printed.output == f"{copied}: {copied.stat().st_size} bytes.\n"
        pullquote.stop()
        for lost in pullquote.data.glob("state.db*"):
            lost.unlink()
        shutil.copy(copied, pullquote.data / "state.db")
        pullquote.start()
        told(ana, QUESTION)
        pullquote.stop()
        with closing(sqlite3.connect(pullquote.data / "state.db")) as state:
            assert state.execute("SELECT count(*) FROM replies").fetchone() == (2,)

    def test_to_a_file_that_is_there_is_refused(self, newsroom: Newsroom) -> None:
        """One line, and exit code 3."""
        target = newsroom.articles / "000_ae21a01c4e6ca856.txt"
        before = target.read_bytes()
        printed = Command(newsroom.bot.data)("backup", target)
        assert printed.exit_code == CONFIGURATION
        assert printed.errors == f"pullquote: {target} is there already, and is left as it is.\n"
        assert target.read_bytes() == before

    def test_that_has_no_room_before_a_migration_keeps_the_bot_from_starting(
        self, pullquote: BotProcess
    ) -> None:
        """One clear line; the database is as it was, and the next start brings it up to date."""
        pullquote.settings["PULLQUOTE_ENCODER"] = "off"
        pullquote.start()
        pullquote.stop()
        state = older(pullquote)
        before = state.read_bytes()
        usual, pullquote.command = pullquote.command, (sys.executable, "-c", CROWDED, "run")
        pullquote.launch()
        assert pullquote.exit_code() == CONFIGURATION
        last = pullquote.printed.splitlines()[-1]
        assert "cannot be written (" in last
        assert last.endswith("Nothing has changed.")
        assert "Traceback" not in pullquote.printed
        assert state.read_bytes() == before
        assert list(pullquote.data.glob("*backup*")) == []
        assert list(pullquote.data.glob(".pullquote-*")) == []
        pullquote.command = usual
        pullquote.start()
        assert len(list(pullquote.data.glob("state.db.backup-*"))) == 1
