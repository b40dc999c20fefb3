"""The image and the compose file, held to their promises as far as that goes without an engine."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml

from tests.bot_api.driver import Telegram
from tests.bot_api.process import ROOT, BotProcess
from tests.chats.office import told

LINES = [
    tuple(line.split(maxsplit=1))
    for line in re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text("utf-8")).splitlines()
    if line and not line.startswith("#")
]
"""The Dockerfile's instructions, each with what follows it."""
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SOURCES = [
    part
    for name, rest in LINES
    if name == "COPY" and "--from" not in rest
    for part in rest.split()[:-1]
    if not part.startswith("--")
]


def of(name: str) -> list[str]:
    """What follows each instruction of this name."""
    return [rest for instruction, rest in LINES if instruction == name]


class TestDockerfile:
    """What the image is made of."""

    def test_names_the_version_of_what_it_stands_on(self) -> None:
        assert all(re.match(r"python:3\.\d+-slim-[a-z]+( AS \w+)?$", base) for base in of("FROM"))

    def test_installs_only_what_is_locked(self) -> None:
        installs = [run for run in of("RUN") if "pip install" in run]
        assert installs
        assert all("--require-hashes" in run or "--no-deps ." in run for run in installs)

    def test_runs_as_a_user_and_not_through_a_shell(self) -> None:
        """So that SIGTERM reaches the bot itself."""
        assert of("USER") == ["pullquote"]
        assert [json.loads(command) for command in of("CMD")] == [["pullquote", "run"]]
        assert "SIGTERM" in of("STOPSIGNAL")
        [check] = of("HEALTHCHECK")
        assert json.loads(check.partition("CMD ")[2]) == ["pullquote", "doctor", "--alive"]
        assert of("ADD") == []

    def test_writes_to_its_data_alone(self) -> None:
        assert [json.loads(volume) for volume in of("VOLUME")] == [["/data"]]

    @pytest.mark.parametrize("source", SOURCES)
    def test_copies_what_is_there_and_not_ignored(self, source: str) -> None:
        assert (ROOT / source).exists()
        assert source.rstrip("/") not in (ROOT / ".dockerignore").read_text("utf-8").split()


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_the_compose_file_takes_every_right_away(mode: str) -> None:
    service = COMPOSE["services"][mode]
    assert service["profiles"] == [mode]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == ["/tmp"]
    assert service["stop_grace_period"] == "10s"
    assert service["volumes"] == ["./seeds:/seeds:ro", "data:/data"]
    assert ("PULLQUOTE_WEBHOOK_URL" in service["environment"]) == (mode == "webhook")


def test_the_bot_writes_to_its_data_alone(
    pullquote: BotProcess, telegram: Telegram, tmp_path: Path
) -> None:
    """Run from a copy of what the image copies, read-only; it stops within 10 seconds."""
    image = tmp_path / "image"
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("bot", "seeds"):
        shutil.copytree(ROOT / name, image / name, ignore=ignored)
    files = sorted(image.rglob("*"))
    for file in files:
        file.chmod(0o555 if file.is_dir() else 0o444)
    before = [(file, file.stat().st_mtime_ns) for file in files]
    pullquote.articles = image / "seeds"
    pullquote.command = (sys.executable, "-m", "bot", "run")
    pullquote.settings |= {
        "PYTHONPATH": str(image),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PULLQUOTE_ENCODER": "off",
    }
    pullquote.start()
    assert "/articles" in told(telegram.private("Ana"), "/help").text
    pullquote.stop()
    assert [(file, file.stat().st_mtime_ns) for file in sorted(image.rglob("*"))] == before
    for folder in (file for file in files if file.is_dir()):
        folder.chmod(0o755)
