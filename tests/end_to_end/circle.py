"""A circle of people in a group with the bot, and what its administrator chooses on the panel."""

from dataclasses import dataclass

from tests.bot_api.driver import Group
from tests.bot_api.people import Message, Reader
from tests.chats.office import after
from tests.end_to_end.newsroom import Newsroom

NAME = "@pullquote_test_bot"


@dataclass(frozen=True)
class Circle:
    """A group, its administrator Rosa, and two of its members."""

    newsroom: Newsroom
    group: Group
    rosa: Reader
    ana: Reader
    luis: Reader

    @classmethod
    def of(cls, newsroom: Newsroom, **more: bool) -> "Circle":
        """A new group; Ana's client speaks English, Luis's Spanish."""
        group = newsroom.telegram.group("Vecinos", **more)  # type: ignore[arg-type]
        rosa = group.reader("Rosa", status="creator")
        return cls(newsroom, group, rosa, group.reader("Ana"), group.reader("Luis", language="es"))

    def chooses(self, *labels: str, topic: int | None = None) -> None:
        """Rosa opens the panel, presses these buttons one after the other, and closes it."""
        panel = self.opens(topic)
        for label in labels:
            panel = after(self.rosa, panel, label)
        self.rosa.presses(panel, "Close")

    def opens(self, topic: int | None = None) -> Message:
        """The panel that Rosa opens."""
        self.rosa.says("/settings", topic=topic)
        return self.rosa.hears()

    def answers_all(self) -> None:
        """Rosa has the bot answer any question."""
        self.chooses("I reply to", "any question")
