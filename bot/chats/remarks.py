"""What the bot says in a group: in the right place, silently, within its rights and budgets."""

import logging

from telegram import Message, Update
from telegram.error import BadRequest, Forbidden
from telegram.ext import ContextTypes

from bot.chats.admins import tell_admins
from bot.chats.chat_settings import ChatSettings
from bot.chats.desk import Desk, desk_of
from bot.chats.manners import over_budget
from bot.chats.message import Message as Shown
from bot.chats.message import shortened
from bot.chats.said import said
from bot.chats.sending import send
from bot.chats.verdict import remember
from bot.locale import Words, words_for

_log = logging.getLogger(__name__)

CANNOT_SEND, CANNOT_DELETE = "cannot send", "cannot delete"
_NO_RIGHT_TO_SEND = (
    *("not enough rights", "no rights to send", "write_forbidden", "chat_send_plain_forbidden"),
    *("chat_restricted", "topic_closed"),
)
"""What Telegram's refusal says where the bot is in a chat and may not write."""


def words_of(settings: ChatSettings, message: Message) -> Words:
    """The words for a chat: in the language chosen for it, else in that of who writes there."""
    if settings.language != "auto":
        return words_for(settings.language)
    return words_for(message.from_user.language_code if message.from_user else None)


async def say(
    context: ContextTypes.DEFAULT_TYPE, message: Message, shown: Shown, words: Words
) -> int | None:
    """The id of what was said in reply to a message in a group.

    None where the bot may not write there: its administrators are told, once until it may again.
    """
    state, chat = desk_of(context).state, message.chat
    try:
        reply_id = await send(
            context.bot,
            chat.id,
            shown,
            reply_to=message.message_id,
            topic_id=said(message).topic_id,
            silent=True,
        )
    except Forbidden as error:
        _log.info("Chat %d: %s.", chat.id, error.message)
        return None
    except BadRequest as error:
        if not any(reason in error.message.lower() for reason in _NO_RIGHT_TO_SEND):
            raise
        told = words("fault.cannot_send", chat=shortened(chat.title or "", 100))
        await tell_fault(context, chat.id, CANNOT_SEND, Shown(told))
        return None
    state.mend(chat.id, CANNOT_SEND)
    return reply_id


async def tell_fault(
    context: ContextTypes.DEFAULT_TYPE, chat_id: int, fault: str, told: Shown
) -> None:
    """Tell the administrators of a chat what the bot may not do there, if they were not told."""
    state = desk_of(context).state
    if state.record_fault(chat_id, fault):
        count = await tell_admins(context.bot, state, chat_id, told)
        _log.warning("Chat %d: %s; admins told: %d.", chat_id, fault, count)


async def remark(update: Update, context: ContextTypes.DEFAULT_TYPE, name: str) -> None:
    """Say one line of the bot's own, named as in ``locale``, unless the budgets are spent."""
    message, desk = update.effective_message, desk_of(context)
    assert message is not None
    command = said(message)
    settings = desk.state.settings(command.chat_id, command.topic_id)
    if settings.dry_run or over_budget(settings, desk.state.lately(command, None, 0)):
        return
    words = words_of(settings, message)
    reply_id = await say(context, message, Shown(words(name)), words)
    if reply_id is not None:
        record(desk, message, reply_id, None)


def record(desk: Desk, message: Message, reply_id: int, place: tuple[str, int] | None) -> None:
    """Remember what was said to a message, with the passage quoted, for budgets and removal."""
    remember(desk.state, said(message), reply_id, place)
