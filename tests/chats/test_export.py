"""What Telegram Desktop wrote, read as a stream."""

import gc
from json import dumps
from pathlib import Path
from typing import Any

import pytest

from bot.chats.export import BadExport, ExportedChat, file_of, group_in, messages
from tests.chats.exported import Group, account


def written(path: Path, content: object) -> Path:
    """A file with this as JSON."""
    path.write_text(dumps(content), "utf-8")
    return path


def talking(name: str = "Vecinos", kind: str = "private_supergroup", id: int = 123) -> Group:  # noqa: A002
    """A group in which somebody has said something."""
    group = Group(name, kind, id)
    group.says("Ana", f"Hello, {name}")
    return group


class TestGroupIn:
    """Which group it is."""

    @pytest.mark.parametrize(
        ("kind", "chat_id"),
        [
            ("private_group", -123),
            ("private_supergroup", -1000000000123),
            ("public_supergroup", -1000000000123),
        ],
    )
    def test_has_the_id_that_bots_have_for_it(
        self, tmp_path: Path, kind: str, chat_id: int
    ) -> None:
        """An export has it without a sign."""
        assert group_in(talking(kind=kind).write(tmp_path / "x"), None).chat_id == chat_id

    @pytest.mark.parametrize("wanted", ["Barrio", "barrio", "456", "-1000000000456"])
    def test_is_the_one_wanted_of_several(self, tmp_path: Path, wanted: str) -> None:
        """By its name or by either of its ids; what is said in it is read, and nothing else."""
        groups = talking(), talking("Barrio", id=456), talking("Ana", "personal_chat", 7)
        path = written(tmp_path / "x", account(*groups))
        group = group_in(path, wanted)
        assert group == ExportedChat("Barrio", "private_supergroup", 456, 1)
        assert [each["text"] for each in messages(path, group)] == ["Hello, Barrio"]

    def test_is_the_only_one_beside_other_chats(self, tmp_path: Path) -> None:
        """People and channels in the same export are no groups."""
        others = talking("Ana", "personal_chat", 7), talking("News", "public_channel", 9)
        path = written(tmp_path / "x", account(*others, talking()))
        assert group_in(path, None).name == "Vecinos"

    def test_may_have_been_left(self, tmp_path: Path) -> None:
        """Those stand in a list of their own."""
        left = {"chats": {"list": []}, "left_chats": {"list": [talking().written()]}}
        path = written(tmp_path / "x", left)
        assert [each["id"] for each in messages(path, group_in(path, "123"))] == [1]

    def test_is_found_at_the_beginning_of_its_own_export(self, tmp_path: Path) -> None:
        """Nothing behind it is read yet."""
        path = talking().write(tmp_path / "x")
        path.write_bytes(path.read_bytes()[:-40])
        assert group_in(path, None).id == 123

    @pytest.mark.parametrize(
        ("content", "wanted", "line"),
        [
            pytest.param("{}", None, "holds no chat with messages. Export it anew", id="nothing"),
            pytest.param("[1, 2]", None, "holds no chat with messages", id="a list"),
            pytest.param("", None, "is not JSON. Export it anew", id="empty"),
            pytest.param("<html>", None, "is not JSON. Export it anew", id="HTML"),
            pytest.param('{"name": "x', None, "breaks off or is damaged", id="cut"),
            pytest.param(
                talking("News", "public_channel").written(),
                None,
                "holds no group (public channel): only a group's past",
                id="a channel",
            ),
            pytest.param(
                talking("Ana", "personal_chat").written(),
                None,
                "holds no group (personal chat)",
                id="a person",
            ),
            pytest.param(
                account(talking(), talking("Barrio", id=456)),
                None,
                "choose one with --chat: “Vecinos” (123), “Barrio” (456)",
                id="several",
            ),
            pytest.param(
                account(talking(), talking(id=456)),
                "vecinos",
                "Several groups are called vecinos; choose one by its id: “Vecinos” (123), “V",
                id="the same name twice",
            ),
            pytest.param(
                talking().written(), "Barrio", "is called Barrio; there are: “V", id="unknown"
            ),
        ],
    )
    def test_is_refused_in_one_line(
        self, tmp_path: Path, content: Any, wanted: str | None, line: str
    ) -> None:
        """Which says what there is, or what to do."""
        path = tmp_path / "x"
        path.write_text(content if isinstance(content, str) else dumps(content), "utf-8")
        with pytest.raises(BadExport) as refusal:
            group_in(path, wanted)
        assert line in str(refusal.value)
        assert "\n" not in str(refusal.value)


class TestFileOf:
    """The file."""

    def test_is_found_in_its_folder(self, tmp_path: Path) -> None:
        """As Telegram Desktop leaves it."""
        path = talking().write(tmp_path / "result.json")
        assert file_of(tmp_path) == file_of(path) == path

    def test_is_missed_in_another(self, tmp_path: Path) -> None:
        """An export as HTML has none."""
        with pytest.raises(BadExport, match=r"There is no result.json in .*machine-readable JSON"):
            file_of(tmp_path)
        with pytest.raises(BadExport, match=r"There is no .*nope\.$"):
            file_of(tmp_path / "nope")


class TestMessages:
    """What was said and what happened."""

    def test_come_in_order_whatever_they_hold(self, tmp_path: Path) -> None:
        """What is no message is passed over."""
        content = [{"id": 1, "text": ["a", {"text": "b"}]}, 7, [{"id": 2}], None, {"id": 3}, {}]
        path = written(tmp_path / "x", {**Group().heading, "messages": content})
        found = list(messages(path, group_in(path, None)))
        assert found == [content[0], {"id": 3}, {}]

    def test_are_missed_where_there_are_none(self, tmp_path: Path) -> None:
        """An empty group cannot be replayed."""
        path = Group().write(tmp_path / "x")
        with pytest.raises(BadExport, match=r"holds no messages of “Vecinos” \(123\)"):
            list(messages(path, group_in(path, None)))

    @pytest.mark.parametrize("kept", [0.5, 0.95, -2])
    def test_end_with_a_refusal_where_the_file_breaks_off(
        self, tmp_path: Path, kept: float
    ) -> None:
        """In a message, or where but the last bracket is missing."""
        group = Group()
        for number in range(200):
            group.says("Ana", f"number {number}")
        whole = group.write(tmp_path / "x").read_bytes()
        (tmp_path / "x").write_bytes(whole[: int(len(whole) * kept) if kept > 0 else int(kept)])
        with pytest.raises(BadExport, match="breaks off or is damaged"):
            list(messages(tmp_path / "x", group_in(tmp_path / "x", None)))

    def test_are_read_one_at_a_time(self, tmp_path: Path) -> None:
        """Of 50,000, no more than a few are alive at once, and the file is read as they are."""

        class Read(dict[str, int]):
            """How far the file is read."""

        group, read = Group(), Read()
        for number in range(50_000):
            group.says("Ana", f"number {number}")
        path = group.write(tmp_path / "x")
        group.messages.clear()
        size = path.stat().st_size
        gc.collect()
        stream = messages(
            path, group_in(path, None), lambda done, of: read.update(done=done, of=of)
        )
        for number, message in enumerate(stream):
            assert message["text"] == f"number {number}"
            if number % 10_000 == 5_000:
                # What is read ahead is a buffer of the reader's.
                assert read["done"] <= size * (number + 1) / 50_000 + 300_000
                alive = [
                    each
                    for each in gc.get_objects()
                    if isinstance(each, dict) and "date_unixtime" in each
                ]
                assert len(alive) < 2_000
        assert number == 49_999
        assert read["done"] == read["of"] == size
