"""A group's past as Telegram Desktop writes it: tests say who wrote what, and when."""

from datetime import UTC, datetime
from json import dumps
from pathlib import Path
from typing import Any

START = 1_764_324_000
"""28 November 2025, 10:00 UTC."""
PEOPLE = {"Ana": "user7", "Ben": "user8", "Eva": "user9"}


class Group:
    """A group whose messages follow one another, a minute apart unless told otherwise."""

    def __init__(self, name: str = "Vecinos", kind: str = "private_supergroup", id: int = 123):  # noqa: A002
        self.heading: dict[str, Any] = {"name": name, "type": kind, "id": id}
        self.messages: list[dict[str, Any]] = []
        self._at = START - 60

    def says(self, who: str, text: object, after: int = 60, **more: Any) -> int:
        """The id of a message that somebody writes so many seconds after the one before it."""
        author = {"from": who, "from_id": PEOPLE.get(who, "user99")}
        return self._add(after, {"type": "message", **author, "text": text, **more})

    def happens(self, action: str, after: int = 60, **more: Any) -> int:
        """The id of something that happens."""
        return self._add(after, {"type": "service", "action": action, **more})

    def written(self) -> dict[str, Any]:
        """All of it."""
        return {**self.heading, "messages": self.messages}

    def write(self, path: Path) -> Path:
        """The file it was written into."""
        path.write_text(dumps(self.written(), ensure_ascii=False, indent=1), "utf-8")
        return path

    def _add(self, after: int, raw: dict[str, Any]) -> int:
        self._at += after
        date = datetime.fromtimestamp(self._at, UTC).replace(tzinfo=None).isoformat()
        id_ = len(self.messages) + 1
        times = {"date": date, "date_unixtime": str(self._at)}
        self.messages.append({"id": id_, **times, **raw})
        return id_


def account(*groups: Group) -> dict[str, Any]:
    """An export of everything that somebody has."""
    chats = [group.written() for group in groups]
    about = "Here is the data you requested."
    return {"about": about, "contacts": {"list": []}, "chats": {"about": about, "list": chats}}
