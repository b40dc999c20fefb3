"""Telegram's side of things as plain data: users, chats, messages, and what the bot registered."""

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.bot_api.refusal import Refused, blocked, migrated, not_started, refusal, violation
from tests.bot_api.updates import Changes, Updates

Json = dict[str, Any]

USERNAME = "pullquote_test_bot"
PRESENT = frozenset({"creator", "administrator", "member"})
RIGHTS = (
    *("can_be_edited", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
    *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
    *("can_post_stories", "can_edit_stories", "can_delete_stories"),
)
_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(@[A-Za-z0-9_]{5,32})?\b")
_MENTION = re.compile(r"(?<![\w/])@[A-Za-z0-9_]{5,32}\b")


def entities_of(text: str) -> list[Json]:
    """The commands and mentions that Telegram marks in what a person types, in UTF-16 units."""
    return [
        {
            "type": kind,
            "offset": len(text[: found.start()].encode("utf-16-le")) // 2,
            "length": len(found.group()),
        }
        for kind, pattern in (("bot_command", _COMMAND), ("mention", _MENTION))
        for found in pattern.finditer(text)
    ]


@dataclass
class Chat:
    """A chat, its members and its messages as they stand now."""

    facts: Json
    """What every message says of its chat: id, type, title or name."""
    more: Json = field(default_factory=dict)
    """What getChat says beside that."""
    members: dict[int, str] = field(default_factory=dict)
    """User id -> status."""
    messages: dict[int, Json] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    topics: set[int] = field(default_factory=set)
    mutes_bot: bool = False
    """Whether the bot is there and may not write."""
    moved_to: int | None = None
    """The id of the supergroup that this group has become."""
    said: list[Json] = field(default_factory=list)
    """Each message the bot sent or edited here, as it stood then, in order."""

    @property
    def id(self) -> int:
        """The id the Bot API knows it by."""
        return self.facts["id"]

    @property
    def kind(self) -> str:
        """One of private, group, supergroup, channel."""
        return self.facts["type"]

    def message(self, message_id: int, to: str) -> Json:
        """The message to reply to, edit or delete; a violation if there never was one."""
        if message_id in self.messages:
            return self.messages[message_id]
        known = message_id in self.deleted
        raise (refusal if known else violation)(f"message to {to} not found")

    def delete(self, message_id: int) -> None:
        """Take a message out of the chat; its id is not given again."""
        del self.messages[message_id]
        self.deleted.add(message_id)


class State:
    """All that the server knows. Only its event loop's thread reads or writes it."""

    def __init__(self, bot_id: int, changes: Changes, clock: Callable[[], float]) -> None:
        self.changes = changes
        self.updates = Updates(changes)
        self.bot: Json = {
            "id": bot_id,
            "is_bot": True,
            "first_name": "Pullquote",
            "username": USERNAME,
            "can_join_groups": True,
            "can_read_all_group_messages": True,
            "supports_inline_queries": True,
            "supports_guest_queries": True,
        }
        self.users: dict[int, Json] = {bot_id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.callbacks: dict[str, Json | None] = {}
        """Callback query id -> the bot's answer, None until there is one."""
        self.inline_queries: dict[str, Json | None] = {}
        """The same for inline queries."""
        self.guest_queries: dict[str, Json | None] = {}
        """The same for messages that name the bot where it is not."""
        self.guest_messages: dict[str, Json] = {}
        """Those messages by the ids of their queries."""
        self.expired: set[str] = set()
        """The ids of queries that wait for no answer any more."""
        self.words: dict[tuple[str, str, str], Any] = {}
        """What the bot registered, by (what, scope, language): commands, name, descriptions."""
        self._clock = clock
        self._ids = 1000

    def next_id(self) -> int:
        """A number that was not given before: for users, chats and queries."""
        self._ids += 1
        return self._ids

    def now(self) -> int:
        """Unix time in whole seconds, as every date in the Bot API."""
        return int(self._clock())

    def new_user(self, name: str, language: str | None) -> Json:
        """A person, as ``from`` shows them."""
        user = {"id": self.next_id(), "is_bot": False, "first_name": name}
        if language:
            user["language_code"] = language
        self.users[user["id"]] = user
        return user

    def add_chat(self, **facts: Any) -> Chat:
        """A chat with these facts and no members."""
        chat = Chat(facts)
        self.chats[chat.id] = chat
        return chat

    def chat(self, chat_id: int | str) -> Chat:
        """The chat of an id or @username, else the 400 that Telegram answers."""
        for chat in self.chats.values():
            if chat_id in (chat.id, f"@{chat.facts.get('username')}"):
                if chat.moved_to:
                    raise migrated(chat.moved_to)
                return chat
        raise refusal("chat not found")

    def writable(self, chat_id: int | str) -> Chat:
        """The chat, if the bot may write there, else what Telegram answers."""
        chat = self.present(chat_id)
        if chat.mutes_bot:
            raise refusal("not enough rights to send text messages to the chat")
        return chat

    def present(self, chat_id: int | str) -> Chat:
        """The chat, if the bot is there, else the 403 that Telegram answers."""
        chat = self.chat(chat_id)
        status = chat.members.get(self.bot["id"])
        if status in PRESENT:
            return chat
        if chat.kind == "private":
            raise blocked() if status == "kicked" else not_started()
        gone = "was kicked from" if status == "kicked" else "is not a member of"
        raise Refused(403, f"Forbidden: bot {gone} the {chat.kind} chat")

    def set_member(self, chat: Chat, user_id: int, status: str, by: Json) -> None:
        """Give somebody another place in the chat; the bot is told of its own."""
        before, chat.members[user_id] = chat.members.get(user_id, "left"), status
        change = {
            "chat": chat.facts,
            "from": by,
            "date": self.now(),
            "old_chat_member": self.member(user_id, before),
            "new_chat_member": self.member(user_id, status),
        }
        own = user_id == self.bot["id"]
        self.updates.add("my_chat_member" if own else "chat_member", change)

    def member(self, user_id: int, status: str) -> Json:
        """A ChatMember: an administrator has every right."""
        member: Json = {"status": status, "user": self.users[user_id]}
        if status in ("creator", "administrator"):
            member["is_anonymous"] = False
        if status == "administrator":
            member |= dict.fromkeys(RIGHTS, True)
        if status == "kicked":
            member["until_date"] = 0
        return member

    def new_message(self, chat: Chat, **content: Any) -> Json:
        """A message, written into the chat; a reply shows the message it replies to, no more.

        In a forum's topic, what replies to nothing is shown as a reply to the topic's beginning.
        """
        message = {
            "message_id": len(chat.messages) + len(chat.deleted) + 1,
            "chat": chat.facts,
            "date": self.now(),
            **{name: value for name, value in content.items() if value},
        }
        replied = content.get("reply_to_message")
        if not replied and message.get("message_thread_id") in chat.topics:
            replied = chat.messages[message["message_thread_id"]]
        if replied:
            message["reply_to_message"] = shown = copy.deepcopy(replied)
            shown.pop("reply_to_message", None)
            if chat.kind == "supergroup" and replied["chat"]["id"] == chat.id:
                thread = replied.get("message_thread_id", replied["message_id"])
                message.setdefault("message_thread_id", thread)
        if message.get("message_thread_id") in chat.topics:
            message["is_topic_message"] = True
        chat.messages[message["message_id"]] = message
        return message

    def change(self, message: Json, **content: Any) -> None:
        """Edit a message in place; what is empty or None is taken out of it."""
        for name, value in content.items():
            message.pop(name, None)
            if value:
                message[name] = value
        message["edit_date"] = self.now()

    def bot_says(self, chat: Chat, message: Json) -> Json:
        """The message as it stands now, told to whoever listens in the chat."""
        said = copy.deepcopy(message)
        chat.said.append(said)
        self.changes.tell()
        return said

    def deliver(self, kind: str, chat: Chat, message: Json) -> None:
        """Queue a message for the bot, if the bot is shown it, as a guest where it is not there."""
        if self._is_shown(chat, message):
            self.updates.add(kind, copy.deepcopy(message))
        elif kind == "message" and self._calls_guest(chat, message):
            query_id = str(self.next_id())
            self.guest_queries[query_id] = None
            self.guest_messages[query_id] = message
            self.updates.add("guest_message", copy.deepcopy(message) | {"guest_query_id": query_id})

    def _calls_guest(self, chat: Chat, message: Json) -> bool:
        """Whether the bot is called to where it is not: by its name, or a reply to it."""
        is_away = chat.members.get(self.bot["id"]) not in PRESENT
        return (
            self.bot["supports_guest_queries"]
            and is_away
            and chat.kind != "channel"
            and self._is_to_bot(message)
        )

    def _is_shown(self, chat: Chat, message: Json) -> bool:
        """Whether the bot is there, and sees this: in privacy mode not every word of a group."""
        status = chat.members.get(self.bot["id"])
        if status not in PRESENT:
            return False
        sees_all = self.bot["can_read_all_group_messages"] or status == "administrator"
        text = message.get("text") or message.get("caption") or ""
        if sees_all or chat.kind in ("private", "channel") or not ("from" in message and text):
            return True
        commands = [found.group() for found in _COMMAND.finditer(text)]
        return self._is_to_bot(message) or any("@" not in command for command in commands)

    def _is_to_bot(self, message: Json) -> bool:
        """Whether a message names the bot or replies to one of its own."""
        text = message.get("text") or message.get("caption") or ""
        replied_to = message.get("reply_to_message", {}).get("from", {})
        return f"@{USERNAME}" in text or replied_to.get("id") == self.bot["id"]
