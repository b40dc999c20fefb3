"""Membership: the bot is added to a chat or removed from it, or a group gets another id."""

import logging
from contextlib import suppress
from typing import Any

from telegram import Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden
from telegram.ext import BaseHandler, ChatMemberHandler, ContextTypes, MessageHandler, filters

from bot.chats.channels import invitation
from bot.chats.desk import desk_of
from bot.chats.inbox import is_there
from bot.chats.remarks import say_in
from bot.chats.sending import send
from bot.locale import words_for

_log = logging.getLogger(__name__)


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """What any chat reports of the bot's own place in it."""
    return [
        ChatMemberHandler(change, ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(filters.StatusUpdate.MIGRATE, move),
    ]


async def change(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say once, where the bot is added, what it does there; note where it is removed.

    A channel's subscribers are told nothing: who added it is, in private.
    """
    changed = update.my_chat_member
    assert changed is not None
    chat, state = changed.chat, desk_of(context).state
    if not is_there(changed.new_chat_member):
        state.memberships.leave(chat.id)
        _log.info("Removed from chat %d; it is forgotten after 30 days.", chat.id)
        return
    # It may have been received before its removal was handled, as both can come at once.
    state.memberships.see(chat.id, chat.type)
    if is_there(changed.old_chat_member) or chat.type == ChatType.PRIVATE:
        return
    language, by = state.settings(chat.id).language, changed.from_user
    words = words_for(by.language_code if language == "auto" else language)
    if chat.type == ChatType.CHANNEL:
        with suppress(BadRequest, Forbidden):  # who never wrote to the bot cannot be written to
            shown = invitation("channel.added", chat.title, chat.id, context, words)
            await send(context.bot, by.id, shown)
    else:
        shown = invitation("group.added", chat.title, chat.id, context, words)
        await say_in(context, chat, shown, words)


async def move(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Have a group that became a supergroup keep its settings; both ids tell of it."""
    message, memberships = update.effective_message, desk_of(context).state.memberships
    assert message is not None
    if message.migrate_to_chat_id:
        memberships.move(message.chat.id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id:
        memberships.move(message.migrate_from_chat_id, message.chat.id)
