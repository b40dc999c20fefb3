"""Scope: the chat, or the topic of it, that something holds for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """A chat, or a topic of a forum."""

    chat_id: int
    topic_id: int | None = None
    """None: the whole chat. A forum's General has no id of its own, so it is as the whole is."""

    @property
    def whole(self) -> "Scope":
        """The chat it is in."""
        return Scope(self.chat_id)
