"""The command ``pullquote`` as a real process."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command printed, and how it ended."""

    output: str
    errors: str
    exit_code: int


class Command:
    """Runs ``python -m bot`` with the articles in seeds/ and a data folder of its own."""

    def __init__(self, data: Path) -> None:
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PULLQUOTE_ARTICLES": str(ROOT / "seeds"),
            "PULLQUOTE_DATA": str(data),
            "LANG": "en_US.UTF-8",
            "PYTHONUTF8": "1",
        }

    def __call__(self, *arguments: str | Path, input: str = "", **settings: str) -> Printed:  # noqa: A002
        """What the command printed with these arguments, input and settings."""
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "bot", *map(str, arguments)],
            input=input,
            env=self.environment | settings,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Printed(done.stdout, done.stderr, done.returncode)
