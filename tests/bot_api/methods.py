"""The Bot API's methods, each a function of the state and the judged parameters."""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

from tests.bot_api.refusal import no_such_query, not_modified, query_too_old, refusal, violation
from tests.bot_api.state import PRESENT, Chat, Json, State

CONTENT = ("text", "entities", "link_preview_options")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
TWO_DAYS = 48 * 3600
"""Seconds after which a bot cannot delete a message any more."""


def send_message(state: State, call: Json) -> Json:
    """The message, as it now stands in the chat."""
    chat = state.writable(call["chat_id"])
    message = state.new_message(
        chat,
        **{"from": state.bot},
        **{name: call.get(name) for name in (*CONTENT, "reply_markup")},
        **_thread(chat, call),
        **_reply(state, chat, call.get("reply_parameters"), call.get("message_thread_id")),
    )
    return state.bot_says(chat, message)


def _thread(chat: Chat, call: Json) -> Json:
    thread = call.get("message_thread_id")
    if thread is None:
        return {}
    # In a forum's General topic the thread is left out: 1 names no thread to send to.
    if thread not in chat.topics and (thread == 1 or thread not in chat.messages):
        raise violation("message thread not found")
    return {"message_thread_id": thread}


def _reply(state: State, chat: Chat, reply: Json | None, thread: int | None) -> Json:
    if reply is None:
        return {}
    there = state.chat(reply["chat_id"]) if "chat_id" in reply else chat
    # “Always False for replies in another chat or forum topic”, says the Bot API.
    is_allowed = reply.get("allow_sending_without_reply") and there is chat
    if is_allowed and thread not in chat.topics and reply["message_id"] in there.deleted:
        return {}
    replied = there.message(reply["message_id"], "be replied")
    quote = reply.get("quote")
    if quote is None:
        return {"reply_to_message": replied}
    text = replied.get("text") or replied.get("caption") or ""
    if quote not in text:
        raise violation(f"QUOTE_TEXT_INVALID: the message replied to does not hold “{quote}”")
    position = len(text[: text.index(quote)].encode("utf-16-le")) // 2
    return {
        "reply_to_message": replied,
        "quote": {"text": quote, "position": position, "is_manual": True},
    }


def edit_message_text(state: State, call: Json) -> Json:
    """The message with its new text and keyboard; without one, the keyboard goes."""
    return _edit(state, call, {name: call.get(name) for name in (*CONTENT, "reply_markup")})


def edit_message_reply_markup(state: State, call: Json) -> Json:
    """The message with its new keyboard, or none."""
    return _edit(state, call, {"reply_markup": call.get("reply_markup")})


def _edit(state: State, call: Json, changes: Json) -> Json:
    chat = state.present(call.get("chat_id", ""))
    message = chat.message(call["message_id"], "edit")
    if message.get("from") != state.bot:
        raise violation("message can't be edited")
    seen = set(changes) - {"link_preview_options"}
    if all((message.get(name) or None) == (changes[name] or None) for name in seen):
        raise not_modified()
    state.change(message, **changes)
    return state.bot_says(chat, message)


def delete_message(state: State, call: Json) -> bool:
    """True: the message is gone. The bot's own, or any where it is an administrator."""
    chat = state.present(call["chat_id"])
    message = chat.message(call["message_id"], "delete")
    may = chat.kind == "private" or chat.members[state.bot["id"]] == "administrator"
    if message.get("from") != state.bot and not may:
        raise refusal("message can't be deleted")
    if state.now() - message["date"] > TWO_DAYS:
        raise refusal("message can't be deleted for everyone")
    chat.delete(call["message_id"])
    return True


def send_chat_action(state: State, call: Json) -> bool:
    """True: the readers see that the bot is at it."""
    state.writable(call["chat_id"])
    return True


def answer_callback_query(state: State, call: Json) -> bool:
    """True, the first time only: a query is answered once."""
    return _answer_once(state, state.callbacks, call["callback_query_id"], call)


def answer_inline_query(state: State, call: Json) -> bool:
    """True, the first time only."""
    return _answer_once(state, state.inline_queries, call["inline_query_id"], call)


def answer_guest_query(state: State, call: Json) -> Json:
    """The message's id, the first time only: it stands in the chat, sent by a guest."""
    query_id = call["guest_query_id"]
    _answer_once(state, state.guest_queries, query_id, call)
    asked, result = state.guest_messages[query_id], call["result"]
    chat, content = state.chats[asked["chat"]["id"]], result["input_message_content"]
    message = state.new_message(
        chat,
        **{"from": state.bot},
        guest_bot_caller_user=asked["from"],
        text=content["message_text"],
        entities=content.get("entities"),
        reply_markup=result.get("reply_markup"),
    )
    state.bot_says(chat, message)
    return {"inline_message_id": f"guest-{query_id}"}


def _answer_once(
    state: State, queries: dict[str, Json | None], query_id: str, answer: Json
) -> bool:
    if query_id in state.expired:
        raise query_too_old()
    if query_id not in queries or queries[query_id] is not None:
        raise no_such_query()
    queries[query_id] = answer
    return True


def get_me(state: State, call: Json) -> Json:
    """The bot itself."""
    return state.bot


def get_chat(state: State, call: Json) -> Json:
    """The chat in full."""
    chat = state.chat(call["chat_id"])
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    return {
        **chat.facts,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys((*gifts, "gifts_from_channels"), False),
        **chat.more,
    }


def get_chat_member(state: State, call: Json) -> Json:
    """Who somebody is in the chat: ``left`` for a user who never was there."""
    chat = state.chat(call["chat_id"])
    if call["user_id"] not in state.users:
        raise refusal("PARTICIPANT_ID_INVALID")
    return state.member(call["user_id"], chat.members.get(call["user_id"], "left"))


def get_chat_administrators(state: State, call: Json) -> list[Json]:
    """The creator and the administrators who are no bots."""
    chat = state.chat(call["chat_id"])
    if chat.kind == "private":
        raise violation("there are no administrators in the private chat")
    return [
        state.member(user_id, status)
        for user_id, status in chat.members.items()
        if status in ("creator", "administrator") and not state.users[user_id]["is_bot"]
    ]


def get_chat_member_count(state: State, call: Json) -> int:
    """How many are in the chat."""
    return sum(status in PRESENT for status in state.chat(call["chat_id"]).members.values())


def get_webhook_info(state: State, call: Json) -> Json:
    """The address updates go to, empty while the bot polls, and how many wait."""
    return {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(state.updates.pending),
        **state.updates.webhook,
    }


def set_webhook(state: State, call: Json) -> bool:
    """True; ``Courier`` posts to the address, where the test says what the proxy there leads to."""
    secret, kinds = call.get("secret_token", ""), call.get("allowed_updates")
    if call["url"] and not call["url"].startswith("https://"):
        raise refusal("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not SECRET.fullmatch(secret):
        raise violation("secret token contains illegal characters")
    state.updates.post_to(call["url"], secret, kinds)
    _drop(state, call)
    return True


def delete_webhook(state: State, call: Json) -> bool:
    """True, whether there was one or not."""
    state.updates.post_to("", "", None)
    _drop(state, call)
    return True


def _drop(state: State, call: Json) -> None:
    if call.get("drop_pending_updates"):
        state.updates.pending.clear()


def _registered(what: str, call: Json) -> tuple[str, str, str]:
    scope = json.dumps(call.get("scope") or {"type": "default"}, sort_keys=True)
    return what, scope, call.get("language_code") or ""


def _setter(what: str) -> Callable[[State, Json], bool]:
    def set_words(state: State, call: Json) -> bool:
        state.words[_registered(what, call)] = call.get(what) or ""
        return True

    return set_words


def _getter(what: str) -> Callable[[State, Json], Json]:
    def get_words(state: State, call: Json) -> Json:
        in_any_language = (*_registered(what, call)[:2], "")
        words = state.words.get(_registered(what, call)) or state.words.get(in_any_language)
        return {what: words or ""}

    return get_words


def get_my_commands(state: State, call: Json) -> list[Json]:
    """The commands of exactly this scope and language, empty where none were set."""
    return copy.deepcopy(state.words.get(_registered("commands", call)) or [])


METHODS: dict[str, Callable[[State, Json], Any]] = {
    # The bot
    "getMe": get_me,
    "getMyCommands": get_my_commands,
    "setMyCommands": _setter("commands"),
    "deleteMyCommands": _setter("commands"),
    "getMyName": _getter("name"),
    "setMyName": _setter("name"),
    "getMyDescription": _getter("description"),
    "setMyDescription": _setter("description"),
    "getMyShortDescription": _getter("short_description"),
    "setMyShortDescription": _setter("short_description"),
    # Messages
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "sendChatAction": send_chat_action,
    # Queries
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
    "answerGuestQuery": answer_guest_query,
    # Chats
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    # Updates; getUpdates itself waits, so the server asks ``Updates.poll``
    "getWebhookInfo": get_webhook_info,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
}
