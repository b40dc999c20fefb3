"""People and what they see: a reader in a chat types, presses, and hears what the bot says."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.bot_api.server import BotApi
from tests.bot_api.state import Chat, Json, State, entities_of

ANONYMOUS = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
"""Who is shown as the writer of what is written in a group's name."""
CHANNEL = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
"""The same for what is written in a channel's name."""


@dataclass(frozen=True)
class Message:
    """A message as it stood when it was sent, edited or heard."""

    raw: Json

    @property
    def id(self) -> int:
        """Its number in its chat."""
        return self.raw["message_id"]

    @property
    def text(self) -> str:
        """What it says; empty for a message without text."""
        return self.raw.get("text", "")

    @property
    def edited(self) -> bool:
        """Whether it was changed since it was sent."""
        return "edit_date" in self.raw

    @property
    def reply_to(self) -> int | None:
        """The id of the message it replies to."""
        return self.raw.get("reply_to_message", {}).get("message_id")

    @property
    def topic(self) -> int | None:
        """The forum's topic it stands in; none in General, and where there are no topics."""
        return self.raw.get("message_thread_id") if self.raw.get("is_topic_message") else None

    @property
    def buttons(self) -> list[list[str]]:
        """The labels on the keyboard below it, row by row."""
        return [[button["text"] for button in row] for row in self._rows]

    def button(self, label: str) -> Json:
        """The first button whose label holds these words."""
        found = (button for row in self._rows for button in row if label in button["text"])
        button = next(found, None)
        assert button, f"no button “{label}” among {self.buttons} under: {self.text}"
        return button

    def marked(self, kind: str) -> list[str]:
        """The stretches of text under entities of this kind, such as ``blockquote``."""
        units = self.text.encode("utf-16-le")
        spans = [
            (entity["offset"], entity["offset"] + entity["length"])
            for entity in self.raw.get("entities", [])
            if entity["type"] == kind
        ]
        return [units[2 * start : 2 * end].decode("utf-16-le") for start, end in spans]

    @property
    def _rows(self) -> list[list[Json]]:
        return self.raw.get("reply_markup", {}).get("inline_keyboard", [])


@dataclass(frozen=True)
class Listed:
    """What a reader is shown while they type after the bot's name."""

    raw: Json

    @property
    def titles(self) -> list[str]:
        """The first line of each result."""
        return [result["title"] for result in self.raw["results"]]

    @property
    def descriptions(self) -> list[str | None]:
        """The second line of each result."""
        return [result.get("description") for result in self.raw["results"]]

    @property
    def messages(self) -> list[Message]:
        """What is sent to the chat if a result is picked."""
        return [
            Message(
                {
                    "text": result["input_message_content"]["message_text"],
                    "entities": result["input_message_content"].get("entities", []),
                    "reply_markup": result.get("reply_markup", {}),
                }
            )
            for result in self.raw["results"]
        ]

    @property
    def next_offset(self) -> str:
        """What asks for the results after these; empty where there are none."""
        return self.raw.get("next_offset", "")


@dataclass(frozen=True)
class Ear:
    """What was heard so far in a chat; everybody there hears the same."""

    api: BotApi
    chat: Chat
    heard: list[Message]

    def hears(self) -> Message:
        """The next message that the bot sent or edited here; waits for it."""
        self.api.wait_until(lambda: len(self.chat.said) > len(self.heard), "hears a message")
        self.heard.append(Message(self.chat.said[len(self.heard)]))
        return self.heard[-1]

    def turn_bot(self, status: str, by: Json) -> None:
        """Give the bot another place here, somebody having done so; in the server's thread."""
        state = self.api.state
        state.set_member(self.chat, state.bot["id"], status, by=by)

    def unheard(self) -> list[str]:
        """The texts the bot said here that nobody has listened to."""
        return [said.get("text", "") for said in self.chat.said[len(self.heard) :]]


@dataclass(frozen=True)
class Reader:
    """A person in one chat, private or not."""

    ear: Ear
    user: Json
    guise: Json | None = None
    """The chat in whose name this person writes, if not their own."""

    @property
    def anonymous(self) -> "Reader":
        """The same person, an administrator, writing in the group's name."""
        return replace(self, guise=self._chat.facts)

    def alone(self) -> "Reader":
        """The same person alone with the bot, to be asked for once."""

        def chat() -> Chat:
            known = self._state.chats.get(self.user["id"])
            name = self.user["first_name"]
            return known or self._state.add_chat(
                id=self.user["id"], type="private", first_name=name
            )

        return Reader(Ear(self.ear.api, self.ear.api.do(chat), []), self.user)

    def follows(self, message: Message, label: str) -> "Reader":
        """This person alone with the bot, where a button's link has led and Start was pressed."""
        [parameter] = parse_qs(urlsplit(message.button(label)["url"]).query)["start"]
        alone = self.alone()
        alone.says(f"/start {parameter}")
        return alone

    def says(
        self, text: str, *, reply_to: Message | None = None, topic: int | None = None
    ) -> Message:
        """The message as sent."""
        return self.sends(text=text, entities=entities_of(text), reply_to=reply_to, topic=topic)

    def sends(
        self, *, reply_to: Message | None = None, topic: int | None = None, **content: Any
    ) -> Message:
        """The message as sent, with any content: ``sticker={…}``, ``photo=[…], caption=…``."""
        if self._chat.kind == "private":
            self._chat.members.setdefault(self._bot, "member")
        return Message(
            self.ear.api.do(
                self._deliver,
                "message",
                **content,
                reply_to_message=reply_to and self._chat.messages[reply_to.id],
                message_thread_id=topic,
            )
        )

    def edits(self, message: Message, text: str) -> Message:
        """The message with its new text."""

        def edit() -> Json:
            raw = self._chat.messages[message.id]
            self._state.change(raw, text=text, entities=entities_of(text))
            self._state.deliver("edited_message", self._chat, raw)
            return dict(raw)

        return Message(self.ear.api.do(edit))

    def deletes(self, message: Message) -> None:
        """The message is gone; no update tells the bot."""
        self.ear.api.do(self._chat.delete, message.id)

    def presses(self, message: Message, label: str) -> Json:
        """How the bot answered the press: maybe with a ``text``, a toast, or ``show_alert``."""
        return self.forges(message.id, message.button(label)["callback_data"])

    def forges(self, message_id: int, data: str) -> Json:
        """How the bot answered a press with this data, which no button need have held."""
        query_id = self.forged(message_id, data)
        answers = self._state.callbacks
        self.ear.api.wait_until(lambda: answers[query_id] is not None, f"“{data}” is answered")
        return answers[query_id] or {}

    def forged(self, message_id: int, data: str) -> str:
        """The id of such a press, whose answer is not waited for."""

        def press() -> str:
            query_id = str(self._state.next_id())
            inaccessible = {"chat": self._chat.facts, "message_id": message_id, "date": 0}
            self._state.callbacks[query_id] = None
            query = {
                "id": query_id,
                "from": self.user,
                "message": dict(self._chat.messages.get(message_id, inaccessible)),
                "chat_instance": str(self._chat.id),
                "data": data,
            }
            self._state.updates.add("callback_query", query)
            return query_id

        return self.ear.api.do(press)

    def hears(self) -> Message:
        """The next message that the bot sent or edited in this chat; waits for it."""
        return self.ear.hears()

    def hears_nothing_more(self) -> None:
        """Fail if the bot has anything unheard to say to what happened in this chat until now.

        Presses a button whose data means nothing, on a message too old to be shown, and waits until
        the bot has answered that. The bot handles a chat's updates in order and answers every
        press, so by then it has handled all before. What a task of its own says still later would
        be missed.
        """
        self.forges(0, "no such button")
        assert not self.ear.unheard(), f"nobody expected: {self.ear.unheard()}"

    def types(self, query: str, offset: str = "") -> Listed:
        """What the bot lists for what is typed after its name in some other chat."""
        return self.sees(self.typed(query, offset))

    def typed(self, query: str, offset: str = "") -> str:
        """The id of a query, whose answer is not waited for."""

        def ask() -> str:
            query_id = str(self._state.next_id())
            self._state.inline_queries[query_id] = None
            asked = {"id": query_id, "from": self.user, "query": query, "offset": offset}
            self._state.updates.add("inline_query", asked)
            return query_id

        return self.ear.api.do(ask)

    def sees(self, query_id: str) -> Listed:
        """What the bot lists for a query; waits for it."""
        answers = self._state.inline_queries
        self.ear.api.wait_until(lambda: answers[query_id] is not None, "the query is answered")
        return Listed(answers[query_id] or {})

    def loses_patience(self, query_id: str) -> None:
        """The query's answer comes too late from now on."""
        self.ear.api.do(self._state.expired.add, query_id)

    def blocks(self) -> None:
        """The bot can no longer write to this person."""
        self.ear.api.do(self._turn, "kicked")

    def unblocks(self) -> None:
        """The bot can write again."""
        self.ear.api.do(self._turn, "member")

    def _turn(self, status: str) -> None:
        self._state.set_member(self._chat, self._bot, status, by=self.user)

    def _deliver(self, kind: str, **content: Any) -> Json:
        writer: Json = {"from": self.user}
        if self._chat.kind == "channel":
            kind, writer = "channel_post", {"sender_chat": self._chat.facts}
        elif self.guise:
            is_channel = self.guise["type"] == "channel"
            writer = {"from": CHANNEL if is_channel else ANONYMOUS, "sender_chat": self.guise}
        message = self._state.new_message(self._chat, **writer, **content)
        self._state.deliver(kind, self._chat, message)
        return dict(message)

    @property
    def _state(self) -> State:
        return self.ear.api.state

    @property
    def _chat(self) -> Chat:
        return self.ear.chat

    @property
    def _bot(self) -> int:
        return self._state.bot["id"]
