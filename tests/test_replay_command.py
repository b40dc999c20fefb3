"""``pullquote replay``: what scripts and people rely on."""

from json import dumps, loads
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.chats.exported import Group, account
from tests.command import Command

BLOCKED = "Who blocked the Panamericana Sur?"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A folder as Telegram Desktop leaves it."""
    group = Group("Vecinos \x1b[31m")
    group.says("Ana", "Good morning")
    group.says("Ana", f"{BLOCKED}\x1b[2J\x9b2J\ud83d")
    group.says("Ben", BLOCKED)
    folder = tmp_path / "ChatExport_2025-11-28"
    folder.mkdir()
    (folder / "result.json").write_text(dumps(group.written()), "utf-8")
    return folder


def test_the_report_is_a_table_totals_and_a_chart(command: Command, export: Path) -> None:
    """Nothing in it is obeyed by a terminal."""
    printed = command("replay", export)
    assert (printed.exit_code, printed.errors) == (0, "")
    shown = printed.output.splitlines()
    assert shown[0].split() == ["time", "message", "reply", "sure"]
    assert shown[1].startswith("2025-11-28 10:01  Who blocked the Panam")
    assert "¶5: Frustrated" in shown[1]
    assert shown[3:5] == ["Vecinos, 28 November 2025", "Settings: mode questions."]
    assert "messages read             3" in shown
    assert "  cooldown                        1" in shown
    assert "replies a day" in shown
    assert "█" in shown[-4]
    assert all(line.isprintable() for line in shown)
    assert max(map(len, shown)) == 100


def test_the_file_itself_will_do(command: Command, export: Path) -> None:
    """As well as the folder it is in."""
    assert command("replay", export / "result.json").output == command("replay", export).output


def test_the_json_has_the_replies_and_the_totals(command: Command, export: Path) -> None:
    """One object a line."""
    printed = command("replay", "--json", export)
    first, last = map(loads, printed.output.splitlines())
    assert printed.output.replace("\n", "").isprintable()
    assert (first["message_id"], first["paragraph"]) == (2, 5)
    assert first["message"].startswith(f"{BLOCKED}\x1b[2J\x9b2J")
    assert last["silences"] == {"not a question": 1, "cooldown": 1}


def test_options_try_other_settings(command: Command, export: Path) -> None:
    """In place of those of the group."""
    printed = command("replay", export, "--cooldown", "0", "--waiting", "3", "--confidence", "bold")
    assert "Settings: mode questions, confidence bold, cooldown 0, waiting 3." in printed.output
    assert "replies                   2" in printed.output
    mention = command("replay", export, "--mode", "mention", "--bot", "@pullquote_bot")
    assert "Settings: mode mention." in mention.output
    assert "  not addressed                   3" in mention.output


def test_the_picture_is_written(command: Command, export: Path, tmp_path: Path) -> None:
    """Beside the report."""
    printed = command("replay", export, "--picture", tmp_path / "past.svg")
    assert "messages read" in printed.output
    assert ElementTree.parse(tmp_path / "past.svg").getroot().tag.endswith("svg")


def test_a_picture_that_cannot_be_written_ends_with_2(
    command: Command, export: Path, tmp_path: Path
) -> None:
    """After the report, which is good as it is."""
    printed = command("replay", export, "--picture", tmp_path)
    assert "messages read" in printed.output
    assert (printed.exit_code, printed.errors) == (
        2,
        f"pullquote: {tmp_path} cannot be written (Is a directory).\n",
    )


def test_other_articles_can_be_asked(command: Command, export: Path, tmp_path: Path) -> None:
    """With an index of their own."""
    (tmp_path / "other.txt").write_text(" date 2025-11-28 Other\n\nSomething else.")
    printed = command("replay", export, "--articles", tmp_path)
    assert "replies                   0" in printed.output


def test_a_group_of_several_is_chosen(command: Command, tmp_path: Path) -> None:
    """By name or id; without it, one line lists them."""
    groups = Group(), Group("Barrio", id=456)
    for group in groups:
        group.says("Ana", BLOCKED)
    (tmp_path / "result.json").write_text(dumps(account(*groups)), "utf-8")
    printed = command("replay", tmp_path)
    assert (printed.exit_code, printed.output) == (2, "")
    assert printed.errors.endswith("choose one with --chat: “Vecinos” (123), “Barrio” (456)\n")
    assert "Barrio, 28 November 2025" in command("replay", tmp_path, "--chat", "barrio").output


@pytest.mark.parametrize(
    ("content", "arguments", "line"),
    [
        pytest.param(None, [], "There is no result.json in ", id="wrong folder"),
        pytest.param(b"<html>", [], "is not JSON. Export it anew", id="not JSON"),
        pytest.param(b"\xff\xfe{\x00", [], "is not JSON", id="not UTF-8"),
        pytest.param(b"{}", [], "holds no chat with messages", id="no messages"),
        pytest.param(
            dumps(Group("N", "private_channel").written()).encode(),
            [],
            "holds no group (private channel): only a group's past can be replayed",
            id="a channel",
        ),
        pytest.param(
            dumps(Group().written()).encode(), [], "holds no messages of “Vecinos”", id="empty"
        ),
        pytest.param(
            dumps(Group().written()).encode()[:-2], [], "breaks off or is damaged", id="cut"
        ),
        pytest.param(
            dumps(Group("\x1b[31mV\n").written()).encode(),
            ["--chat", "nope"],
            "is called nope; there are: “V",
            id="unknown",
        ),
        pytest.param(
            dumps(Group().written()).encode(),
            ["--picture", "/nope/x.svg"],
            "There is no folder /nope.",
            id="no place for the picture",
        ),
        pytest.param(
            dumps(Group().written()).encode(),
            ["--articles", "/nope"],
            "There is no folder /nope.",
            id="no articles",
        ),
    ],
)
def test_bad_input_ends_with_2(
    command: Command, tmp_path: Path, content: bytes | None, arguments: list[str], line: str
) -> None:
    """In one line, harmless to a terminal."""
    if content is not None:
        (tmp_path / "result.json").write_bytes(content)
    printed = command("replay", tmp_path, *arguments)
    assert (printed.exit_code, printed.output) == (2, "")
    assert line in printed.errors
    assert printed.errors.rstrip("\n").isprintable()


def test_a_file_that_is_not_there_ends_with_2(command: Command) -> None:
    """As well as an option that is none."""
    printed = command("replay", "/nope")
    assert (printed.exit_code, printed.errors) == (2, "pullquote: There is no /nope.\n")
    assert command("replay", "/nope", "--mode", "off").exit_code == 2


def test_a_state_that_cannot_be_read_ends_with_3(
    command: Command, export: Path, tmp_path: Path
) -> None:
    """Rather than with settings that are not the group's."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "state.db").write_bytes(b"no database at all" * 100)
    printed = command("replay", export, PULLQUOTE_DATA=str(data))
    assert printed.exit_code == 3
    assert f"{data}/state.db cannot be read" in printed.errors
