"""Replay: of what was said in a group, the same is answered as the running bot has answered."""

from collections.abc import Iterator
from json import loads
from pathlib import Path
from typing import Any

import pytest

from tests.bot_api.people import Message
from tests.chats.exported import Group
from tests.command import Command
from tests.end_to_end.circle import NAME, Circle
from tests.end_to_end.newsroom import QUESTIONS, Newsroom


@pytest.fixture
def circle(newsroom: Newsroom) -> Iterator[Circle]:
    """A group where nothing was chosen; nothing sent in the test broke a rule of Telegram's."""
    yield Circle.of(newsroom)
    assert newsroom.api.violations == []


class Export(Group):
    """What is said in a circle, as an export of it has it."""

    def __init__(self, circle: Circle) -> None:
        super().__init__(id=-circle.group.chat.id - 10**12)

    def takes(self, message: Message, text: object = None, **more: Any) -> Message:
        """The message, which is in the export from now on."""
        raw = message.raw
        own = {"id": message.id, "from_id": f"user{raw['from']['id']}"}
        own["date_unixtime"] = str(raw["date"])
        if message.reply_to:
            own["reply_to_message_id"] = message.reply_to
        self.says(raw["from"]["first_name"], text or message.text, **own, **more)
        return message


def test_the_same_is_said(circle: Circle, newsroom: Newsroom, tmp_path: Path) -> None:
    """Talk, questions, some of them twice, answers to them, mentions, a command, a forward."""
    circle.answers_all()
    export, ana, luis = Export(circle), circle.ana, circle.luis
    export.takes(ana.says("Good morning, everybody"))
    for number, question in enumerate(QUESTIONS):
        asked = export.takes((ana, luis)[number % 2].says(question))
        if number % 4 == 0:
            export.takes(ana.says("I think so, yes?", reply_to=asked))
        if number % 5 == 0:
            export.takes(luis.says(question))
    mention = {"type": "mention", "text": NAME}
    export.takes(luis.says(f"{NAME} {QUESTIONS[0]}"), [mention, f" {QUESTIONS[0]}"])
    command = {"type": "bot_command", "text": "/ask"}
    export.takes(ana.says(f"/ask {QUESTIONS[-1]}"), [command, f" {QUESTIONS[-1]}"])
    origin = {"type": "hidden_user", "sender_user_name": "Eva", "date": 1}
    export.takes(
        ana.sends(text=QUESTIONS[2], entities=[], forward_origin=origin), forwarded_from="Eva"
    )
    ana.forges(0, "no such button")  # by its answer, all before it is handled
    said = [
        (call["reply_parameters"]["message_id"], paragraph_of(call["text"]))
        for call in newsroom.api.calls("sendMessage")
        if call["chat_id"] == circle.group.chat.id and "reply_parameters" in call
        if call["reply_parameters"]["message_id"] in {raw["id"] for raw in export.messages}
    ]
    assert len(said) > 5
    replay = Command(newsroom.bot.data)
    printed = replay(
        *("replay", "--json", "--bot", NAME, export.write(tmp_path / "result.json")),
        PULLQUOTE_ARTICLES=str(newsroom.articles),
        PULLQUOTE_ENCODER="off",
        TELEGRAM_BOT_TOKEN=newsroom.api.token,
    )
    *replies, totals = map(loads, printed.output.splitlines())
    assert [(reply["message_id"], reply["paragraph"]) for reply in replies] == said
    assert totals["messages"] == len(export.messages)


def paragraph_of(text: str) -> int | None:
    """Which paragraph is quoted, if one is."""
    _, mark, after = text.rpartition("¶")
    return int(after.split()[0]) if mark else None
