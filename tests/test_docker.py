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
from tests.dockerfile import Stage, Step, is_ignored, stages
from tests.image import TAKEN

STAGES = stages((ROOT / "Dockerfile").read_text("utf-8"))
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SOURCES = [
    part
    for stage in STAGES
    for step in stage.of("COPY")
    if "from" not in step.options
    for part in step.words[:-1]
]


def of(name: str) -> list[str]:
    """What follows each instruction of this name."""
    return [step.rest for stage in STAGES for step in stage.of(name)]


class TestSteps:
    """How the Dockerfile is read, here and by ``make image``."""

    def test_of_a_stage_are_those_upon_its_base(self) -> None:
        """In order; an instruction may go on on the next line."""
        first, last = stages(
            "# syntax=1\nFROM a:1 AS build\nRUN b \\\n    && c\n\n"
            'FROM d\nCOPY --from=build /x y /z\nCMD ["e", "f g"]\n'
        )
        assert first == Stage("build", "a:1", (Step("RUN", "b && c"),))
        assert (last.name, last.base) == ("1", "d")
        copied, command = last.steps
        assert (copied.words, copied.options) == (["/x", "y", "/z"], {"from": "build"})
        assert command.words == ["e", "f g"]

    def test_before_any_base_are_none(self) -> None:
        with pytest.raises(ValueError, match="RUN before any FROM"):
            stages("RUN b")

    def test_are_all_such_as_the_script_takes(self) -> None:
        """Else ``make image`` would end with the first it does not know."""
        assert {step.name for stage in STAGES for step in stage.steps} <= TAKEN


class TestDockerfile:
    """What the image is made of."""

    def test_names_the_version_of_what_it_stands_on(self) -> None:
        assert all(re.fullmatch(r"python:3\.\d+-slim-[a-z]+", stage.base) for stage in STAGES)

    def test_installs_only_what_is_locked(self) -> None:
        installs = [run for run in of("RUN") if "pip install" in run]
        assert installs
        assert all("--require-hashes" in run or "--no-deps ." in run for run in installs)

    def test_runs_as_a_user_and_not_through_a_shell(self) -> None:
        """By a number, so that it is known not to be root; SIGTERM reaches the bot itself."""
        assert of("USER") == ["10001:10001"]
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
        assert not is_ignored(source, (ROOT / ".dockerignore").read_text("utf-8").split())


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
