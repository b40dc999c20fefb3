"""The bot as a real process, with nothing of ours inside it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from tests.bot_api.server import PATIENCE, BotApi

ROOT = Path(__file__).parents[2]
RUN = (sys.executable, "-m", "bot", "run")
LAST_WORDS = 10.0
"""Seconds the bot has to finish what is in hand after SIGTERM."""


class BotProcess:
    """The bot over one data folder: start it, kill it, start it again.

    Its environment is its settings and little else, so that neither a token nor a proxy of the
    machine's reaches it.
    """

    def __init__(
        self, api: BotApi, folder: Path, articles: Path, command: Sequence[str] = RUN
    ) -> None:
        self.api = api
        self.data = folder / "data"
        self.articles = articles
        self.command = command
        self.settings: dict[str, str] = {}
        """More environment variables; they win over the others."""
        self.log = folder / "bot.log"
        """Where its stdout and stderr go."""
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._watch = threading.Thread()

    @property
    def printed(self) -> str:
        """All it wrote to stdout and stderr so far, over every start."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def start(self) -> None:
        """Start it and return once its first getUpdates or its setWebhook has arrived."""
        before = self._begun
        self.launch()
        self.api.wait_until(lambda: self._begun > before or self._has_ended, "the bot polls")
        assert self._begun > before, f"the bot ended instead of polling:\n{self.printed}"

    def launch(self) -> None:
        """Start it and wait for nothing: for a bot that is expected to end by itself."""
        assert self._process is None, "it runs already"
        with self.log.open("ab") as log:
            self._process = self._popen(log)
        self._watch = threading.Thread(target=self._tell_of_end, args=(self._process,))
        self._watch.start()

    def _tell_of_end(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        self.api.do(self.api.changes.tell)

    def _popen(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        environment = kept | {
            "HOME": str(self._folder),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "TELEGRAM_BOT_TOKEN": self.api.token,
            "TELEGRAM_API_URL": self.api.url,
            "PULLQUOTE_ARTICLES": str(self.articles),
            "PULLQUOTE_DATA": str(self.data),
            "PULLQUOTE_LOG": "text",
        }
        return subprocess.Popen(
            self.command,
            cwd=self._folder,
            env=environment | self.settings,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )

    def exit_code(self, seconds: float = PATIENCE) -> int:
        """The code it ends with by itself, within so many seconds."""
        code = self._running.wait(seconds)
        self._watch.join()
        self._process = None
        return code

    def stop(self) -> None:
        """Ask it to end, as a service manager does; it must, in time and with code 0."""
        self.send(signal.SIGTERM)
        try:
            code = self.exit_code(LAST_WORDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still there {LAST_WORDS:g} s after SIGTERM") from None
        assert code == 0, f"exit code {code}:\n{self.printed}"

    def kill(self) -> None:
        """End it as a power cut does."""
        self.send(signal.SIGKILL)
        self.exit_code()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._running.send_signal(number)

    def finish(self) -> None:
        """End of the test: stop it if it runs, and see that it never printed its token."""
        try:
            if self._process is not None:
                self.stop()
        finally:
            given = self.settings.get("TELEGRAM_BOT_TOKEN") or self.api.token
            secrets = (given, self.api.token, self.api.token.partition(":")[2])
            assert not any(secret in self.printed for secret in secrets), "the token was printed"

    @property
    def pid(self) -> int:
        """The number of the process that runs."""
        return self._running.pid

    @property
    def _begun(self) -> int:
        """How often a bot asked for updates."""
        return self.api.polls + len(self.api.calls("setWebhook"))

    @property
    def _has_ended(self) -> bool:
        return self._running.poll() is not None

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "it does not run"
        return self._process
