"""The README: what it shows is what happens."""

import re

import pytest

from bot.settings import SETTINGS
from tests.command import ROOT, Command

README = (ROOT / "README.md").read_text("utf-8")


def test_the_table_of_settings_is_that_of_the_code() -> None:
    rows = [
        f"| `{setting.variable}` | {f'`{setting.default}`' if setting.default else '–'} "
        f"| {setting.meaning} |"
        for setting in SETTINGS
    ]
    assert "\n".join(rows) in README


@pytest.mark.parametrize("question", ["Who asked for the army's help?", "how do I make pancakes"])
def test_the_exchanges_shown_are_what_the_bot_says(command: Command, question: str) -> None:
    shown = README.split(f"**{question}**")[1].split("\n\n> **")[0].split("\n\nPut articles")[0]
    plain = re.sub(r"^[> ]+|\s+$", "", shown, flags=re.MULTILINE)
    said = command("ask", question).output.replace("│ ", "")
    assert " ".join(plain.split()) in " ".join(said.split())


@pytest.mark.parametrize("line", re.findall(r"^\$ pullquote (.*)$", README, re.MULTILINE))
def test_the_commands_shown_run(command: Command, line: str) -> None:
    arguments = [part.strip('"') for part in re.findall(r'"[^"]*"|\S+', line)]
    assert command(*arguments).exit_code == 0


def test_every_command_is_there(command: Command) -> None:
    listed = command("--help").output
    for name in ("ask", "run", "index", "articles", "eval", "stats", "backup", "doctor"):
        assert re.search(rf"^  {name} ", listed, re.MULTILINE)
        assert command(name, "--help").exit_code == 0
