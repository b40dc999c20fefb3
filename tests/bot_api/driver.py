"""Telegram as a test sees it: make people, groups and channels, then let them talk."""

from dataclasses import dataclass
from typing import Any

from tests.bot_api.people import CHANNEL, Ear, Message, Reader
from tests.bot_api.server import BotApi
from tests.bot_api.state import Chat, Json, entities_of

SERVICE = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
"""Who posts what a channel forwards into its discussion group."""


@dataclass(frozen=True)
class Group:
    """A group, supergroup or forum."""

    ear: Ear

    @property
    def chat(self) -> Chat:
        """The chat as the server has it."""
        return self.ear.chat

    def reader(self, name: str, *, language: str | None = "en", status: str = "member") -> Reader:
        """A new person in the group: a member, administrator or its creator."""
        return self.ear.api.do(self._join, name, language, status)

    def _join(self, name: str, language: str | None, status: str) -> Reader:
        user = self.ear.api.state.new_user(name, language)
        self.chat.members[user["id"]] = status
        return Reader(self.ear, user)

    def mutes_bot(self, muted: bool = True) -> None:
        """The bot may no longer write here, or may again."""
        self.ear.api.do(setattr, self.chat, "mutes_bot", muted)

    def ages(self, message: Message, hours: int) -> None:
        """A message turns out to have been sent so long ago."""

        def age() -> None:
            self.chat.messages[message.id]["date"] -= 3600 * hours

        self.ear.api.do(age)

    def dismisses(self, reader: Reader) -> None:
        """An administrator is a member like others from now on."""
        self.ear.api.do(self.chat.members.update, {reader.user["id"]: "member"})

    def adds_bot(self, by: Reader) -> None:
        """The bot is a member from now on."""
        self.ear.api.do(self.ear.turn_bot, "member", by.user)

    def removes_bot(self, by: Reader) -> None:
        """The bot is not there any more."""
        self.ear.api.do(self.ear.turn_bot, "kicked", by.user)

    def becomes_supergroup(self) -> "Group":
        """The supergroup that the group is from now on, with the same people; both tell of it."""
        return Group(self.ear.api.do(self._become_supergroup))

    def _become_supergroup(self) -> Ear:
        state, old = self.ear.api.state, self.chat
        new = state.add_chat(
            id=-1_000_000_000_000 - state.next_id(), type="supergroup", title=old.facts["title"]
        )
        new.members = old.members
        for chat, content in (
            (old, {"migrate_to_chat_id": new.id}),
            (new, {"migrate_from_chat_id": old.id}),
        ):
            state.deliver("message", chat, state.new_message(chat, **{"from": SERVICE}, **content))
        old.moved_to = new.id
        return Ear(self.ear.api, new, [])

    def topic(self, name: str) -> int:
        """The thread id of a new topic in a forum."""
        return self.ear.api.do(self._open, name)

    def _open(self, name: str) -> int:
        state = self.ear.api.state
        created = {"name": name, "icon_color": 0x6FB9F0}
        service = state.new_message(self.chat, **{"from": SERVICE}, forum_topic_created=created)
        thread = service["message_thread_id"] = service["message_id"]
        self.chat.topics.add(thread)
        state.deliver("message", self.chat, service | {"is_topic_message": True})
        return thread


@dataclass(frozen=True)
class Channel:
    """A channel, maybe with a discussion group below its posts."""

    ear: Ear
    discussion: Group | None

    def admin(self, name: str, *, language: str | None = "en") -> Reader:
        """A new administrator of the channel, who reads it, and writes there in its name."""
        return self.ear.api.do(self._join, name, language)

    def _join(self, name: str, language: str | None) -> Reader:
        user = self.ear.api.state.new_user(name, language)
        self.ear.chat.members[user["id"]] = "administrator"
        return Reader(self.ear, user)

    def adds_bot(self, by: Reader) -> None:
        """The bot is an administrator from now on."""
        self.ear.api.do(self.ear.turn_bot, "administrator", by.user)

    def edits(self, post: Message, text: str) -> None:
        """A post, and its automatic forward with it, reads so now."""
        self.ear.api.do(self._edit, post.id, text)

    def _edit(self, post_id: int, text: str) -> None:
        state, chat = self.ear.api.state, self.ear.chat
        state.change(chat.messages[post_id], text=text, entities=entities_of(text))
        state.deliver("edited_channel_post", chat, chat.messages[post_id])
        if self.discussion is None:
            return
        for message in self.discussion.chat.messages.values():
            origin = message.get("forward_origin", {})
            if message.get("is_automatic_forward") and origin["message_id"] == post_id:
                state.change(message, text=text, entities=entities_of(text))
                state.deliver("edited_message", self.discussion.chat, message)

    def speaks_in(self, group: Group) -> Reader:
        """The channel itself, writing in a group in its own name."""
        return Reader(group.ear, CHANNEL, self.ear.chat.facts)

    def posts(self, text: str, **content: Any) -> tuple[Message, Message | None]:
        """The post, and the automatic forward of it that stands in the discussion group."""
        written = {"text": text, "entities": entities_of(text)} | content
        return self.ear.api.do(self._post, **written)

    def _post(self, **content: Any) -> tuple[Message, Message | None]:
        state, chat = self.ear.api.state, self.ear.chat
        post = state.new_message(chat, sender_chat=chat.facts, **content)
        state.deliver("channel_post", chat, post)
        if self.discussion is None:
            return Message(dict(post)), None
        origin = {"type": "channel", "chat": chat.facts, "message_id": post["message_id"]}
        forward = state.new_message(
            self.discussion.chat,
            **{"from": SERVICE},
            sender_chat=chat.facts,
            is_automatic_forward=True,
            forward_origin=origin | {"date": post["date"]},
            **content,
        )
        state.deliver("message", self.discussion.chat, forward)
        return Message(dict(post)), Message(dict(forward))


class Telegram:
    """Everybody the bot can meet."""

    def __init__(self, api: BotApi) -> None:
        self.api = api

    def private(self, name: str, *, language: str | None = "en") -> Reader:
        """A person alone with the bot, which can write to them once they have."""
        return self.api.do(self._private, name, language)

    def _private(self, name: str, language: str | None) -> Reader:
        user = self.api.state.new_user(name, language)
        chat = self.api.state.add_chat(id=user["id"], type="private", first_name=name)
        return Reader(Ear(self.api, chat, []), user)

    def group(
        self, title: str, *, kind: str = "supergroup", forum: bool = False, bot: str = "member"
    ) -> Group:
        """A group where the bot is a member, an ``administrator``, or has ``left``."""
        more: Json = {"is_forum": True} if forum else {}
        return Group(self.api.do(self._place, bot, type=kind, title=title, **more))

    def channel(
        self, title: str, *, discussion: Group | None = None, bot: str = "administrator"
    ) -> Channel:
        """A channel; its posts appear in the discussion group too."""
        ear = self.api.do(self._place, bot, type="channel", title=title)
        if discussion is not None:
            ear.chat.more["linked_chat_id"] = discussion.chat.id
            discussion.chat.more["linked_chat_id"] = ear.chat.id
        return Channel(ear, discussion)

    def _place(self, bot: str, **facts: Any) -> Ear:
        state = self.api.state
        number = state.next_id()
        chat_id = -number if facts["type"] == "group" else -1_000_000_000_000 - number
        chat = state.add_chat(id=chat_id, **facts)
        chat.members[state.bot["id"]] = bot
        state.new_message(chat, **{f"{chat.kind}_chat_created": True})
        return Ear(self.api, chat, [])
