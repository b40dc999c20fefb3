"""Export: what Telegram Desktop wrote of a group's past, read as a stream.

Of a file of any size, one message at a time is held.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import ijson
from ijson.common import ObjectBuilder

from bot.text.controls import harmless

FILE = "result.json"
"""The name that Telegram Desktop gives it."""
GROUPS = ("private_group", "private_supergroup", "public_group", "public_supergroup")
"""The types of chat in which people talk among themselves."""
AS_JSON = "Export it anew in Telegram Desktop, as machine-readable JSON."
_CHATS = ("", "chats.list.item", "left_chats.list.item")
"""Where chats stand: the file is one, or it holds those of a whole account."""

Told = Callable[[int, int], object]
"""Called with how many bytes of how many are read."""


class BadExport(ValueError):
    """An export that cannot be replayed; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class ExportedChat:
    """A chat in an export."""

    name: str
    """Harmless to a terminal, on one line."""
    kind: str
    id: int
    """As the export has it, without a sign."""
    number: int
    """Which of the file's chats it is, from 0."""

    @property
    def is_group(self) -> bool:
        """Whether people talk among themselves there."""
        return self.kind in GROUPS

    @property
    def chat_id(self) -> int:
        """Its id as bots have it."""
        return peer("chat" if self.kind == "private_group" else "channel", self.id)


def peer(kind: str, number: int) -> int:
    """The id that bots have for a user, a basic group (``chat``), a supergroup or channel.

    See core.telegram.org/api/bots/ids.

    >>> peer("user", 7), peer("chat", 7), peer("channel", 1234567890)
    (7, -7, -1001234567890)
    """
    return {"user": number, "chat": -number}.get(kind, -(10**12) - number)


def file_of(export: Path) -> Path:
    """The file of an export that is given as itself or as the folder it is in."""
    path = export / FILE if export.is_dir() else export
    if not path.exists():
        what = f"There is no {FILE} in {export}." if export.is_dir() else f"There is no {export}."
        raise BadExport(f"{what} {AS_JSON}" if export.is_dir() else what)
    return path


def group_in(path: Path, wanted: str | None, told: Told = lambda *_: None) -> ExportedChat:
    """The group of an export, or the one of its groups that is wanted by its name or id."""
    chats = list(_chats(path, told))
    groups = [chat for chat in chats if chat.is_group]
    if not chats:
        raise BadExport(f"{path} holds no chat with messages. {AS_JSON}")
    if not groups:
        kinds = ", ".join(sorted({chat.kind.replace("_", " ") or "no type" for chat in chats}))
        raise BadExport(f"{path} holds no group ({kinds}): only a group's past can be replayed.")
    found = [group for group in groups if wanted is None or _is(group, wanted)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"“{group.name}” ({group.id})" for group in found or groups)
    if wanted is None:
        raise BadExport(f"Several groups are in {path}; choose one with --chat: {names}")
    if found:
        raise BadExport(f"Several groups are called {wanted}; choose one by its id: {names}")
    raise BadExport(f"No group in {path} is called {wanted}; there are: {names}")


def messages(
    path: Path, chat: ExportedChat, told: Told = lambda *_: None
) -> Iterator[dict[str, Any]]:
    """What was said in a chat and what happened there, in the order in which it did."""
    number, item, builder, is_empty = -1, "", None, True
    for prefix, event, value in _events(path, told):
        if not item:
            if event == "start_array" and _is_messages(prefix):
                number += 1
                item = f"{prefix}.item" if number == chat.number else ""
        elif prefix == item and event == "start_map":
            builder = ObjectBuilder()
            builder.event(event, value)
        elif builder:
            builder.event(event, value)
            if prefix == item and event == "end_map":
                yield builder.value
                builder, is_empty = None, False
        elif event == "end_array" and _is_messages(prefix):
            item = ""
    if is_empty:
        raise BadExport(f"{path} holds no messages of “{chat.name}” ({chat.id}).")


def _chats(path: Path, told: Told) -> Iterator[ExportedChat]:
    """The chats that have messages, in the order in which they stand in the file.

    Where the whole file is one chat, no more is read than its beginning.
    """
    number, heading = 0, dict[str, Any]()
    for prefix, event, value in _events(path, told):
        if event == "start_map" and prefix in _CHATS:
            heading = {}
        elif event == "start_array" and _is_messages(prefix):
            yield _chat(heading, number)
            number += 1
            if prefix == "messages":
                return
        elif event in ("string", "number"):
            place, _, name = prefix.rpartition(".")
            if place in _CHATS and name in ("name", "type", "id"):
                heading[name] = value


def _is_messages(prefix: str) -> bool:
    """Whether a chat's messages stand there."""
    place, _, name = prefix.rpartition(".")
    return name == "messages" and place in _CHATS


def _chat(heading: dict[str, Any], number: int) -> ExportedChat:
    id_ = heading.get("id")
    return ExportedChat(
        " ".join(harmless(str(heading.get("name", ""))).split()) or "no name",
        harmless(str(heading.get("type", ""))),
        abs(id_) if isinstance(id_, int) else 0,
        number,
    )


def _is(group: ExportedChat, wanted: str) -> bool:
    return wanted in (str(group.id), str(group.chat_id)) or (
        wanted.casefold() == group.name.casefold()
    )


class _Watched:
    """A file that tells how far it is read."""

    def __init__(self, file: BinaryIO, told: Told) -> None:
        self._file, self._told = file, told
        self._size = os.fstat(file.fileno()).st_size

    def read(self, size: int) -> bytes:
        self._told(self._file.tell(), self._size)
        return self._file.read(size)


def _events(path: Path, told: Told) -> Iterator[tuple[str, str, Any]]:
    is_json = False
    try:
        with path.open("rb") as file:
            for event in ijson.parse(_Watched(file, told), use_float=True):
                is_json = True
                yield event
    except (ijson.JSONError, UnicodeDecodeError) as error:
        if is_json:
            raise BadExport(f"{path} breaks off or is damaged. {AS_JSON}") from error
        raise BadExport(f"{path} is not JSON. {AS_JSON}") from error
    except OSError as error:
        raise BadExport(f"{path} cannot be read ({error.strerror}).") from error
