"""What a press on the panel of settings asks for, written into the button and read back from it."""

import re
from dataclasses import dataclass
from typing import Any

from bot.chats.chat_settings import CHOICES
from bot.chats.scope import Scope

_DATA = re.compile(
    r"s:(-?[0-9]{1,16})\.([0-9]{1,10}):([a-z_]{1,14})(?:=([a-z0-9-]{0,9}))?(?:\.([0-9]{1,4}))?"
)


@dataclass(frozen=True, slots=True)
class PanelButton:
    """A page of the panel of a chat or topic, and what is chosen before it is shown."""

    scope: Scope
    page: str
    """A setting's name, or one of ``panel.PAGES``."""
    value: str | None = None
    """What is chosen for the setting, as ``written``; None: nothing is chosen."""
    number: int = 0
    """The page of the list, counted from 0."""

    @classmethod
    def choosing(cls, scope: Scope, name: str, value: Any) -> "PanelButton":
        """The button that chooses a value."""
        return cls(scope, name, written(value))

    @property
    def data(self) -> str:
        """At most 59 bytes, of the 64 there are."""
        chosen = "" if self.value is None else f"={self.value}"
        number = f".{self.number}" if self.number else ""
        scope = f"{self.scope.chat_id}.{self.scope.topic_id or 0}"
        return f"s:{scope}:{self.page}{chosen}{number}"


def panel_button(data: str) -> PanelButton | None:
    """The button with this data; nothing where none of ours would carry it.

    >>> panel_button("s:-100123.45:waiting=3")
    PanelButton(scope=Scope(chat_id=-100123, topic_id=45), page='waiting', value='3', number=0)
    """
    match = _DATA.fullmatch(data)
    if match is None:
        return None
    scope = Scope(int(match[1]), int(match[2]) or None)
    return PanelButton(scope, match[3], match[4], int(match[5] or 0))


def written(value: Any) -> str:
    """A value of a setting as a button holds it: a choice that is moved or gone is no other one.

    >>> [written(value) for value in ("questions", -300, None, True)]
    ['questions', '-300', 'none', 'true']
    """
    return str(value).lower()


def choice_of(name: str, text: str) -> Any:
    """The value of a setting that was written so; ``KeyError`` where there is no such choice."""
    return {written(value): value for value in CHOICES[name]}[text]
