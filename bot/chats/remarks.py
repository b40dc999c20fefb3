"""What the bot says in a group or channel: silently, in the right place, within its rights."""

import logging
from collections.abc import Callable

from telegram import Chat, Message, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden
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
from bot.text.language import language_of

_log = logging.getLogger(__name__)

CANNOT_SEND, CANNOT_DELETE = "cannot send", "cannot delete"
_NO_RIGHT_TO_SEND = (
    *("not enough rights", "no rights to send", "write_forbidden", "chat_send_plain_forbidden"),
    *("chat_restricted", "topic_closed"),
)
"""What Telegram's refusal says where the bot is in a chat and may not write."""


def words_of(settings: ChatSettings, message: Message) -> Words:
    """The words for a chat: in the language chosen for it, else in that of who writes there.

    A channel's posts are by nobody, so it is the language they are written in.
    """
    if settings.language != "auto":
        return words_for(settings.language)
    writer, text = message.from_user, message.text or message.caption or ""
    return words_for(writer.language_code if writer else language_of(text))


async def say(
    context: ContextTypes.DEFAULT_TYPE, message: Message, shown: Shown, words: Words
) -> int | None:
    """The id of what was said in reply to a message in a group or channel; None as below."""
    at = said(message)
    return await say_in(
        context, message.chat, shown, words, reply_to=at.message_id, topic_id=at.topic_id
    )


async def say_in(  # noqa: PLR0913  where, what, and in reply to what
    context: ContextTypes.DEFAULT_TYPE,
    chat: Chat,
    shown: Shown,
    words: Words,
    *,
    reply_to: int | None = None,
    topic_id: int | None = None,
) -> int | None:
    """The id of what was said in a group or channel.

    None where the bot may not write there: its administrators are told, once until it may again.
    """
    state = desk_of(context).state
    try:
        reply_id = await send(
            context.bot, chat.id, shown, reply_to=reply_to, topic_id=topic_id, silent=True
        )
    except Forbidden as error:
        _log.info("Chat %d: %s.", chat.id, error.message)
        return None
    except ChatMigrated as moved:
        # What it replies to has another number there.
        state.memberships.move(chat.id, moved.new_chat_id)
        return await send(context.bot, moved.new_chat_id, shown, silent=True)
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
    await say_of_own(update, context, lambda words: Shown(words(name)))


async def say_of_own(
    update: Update, context: ContextTypes.DEFAULT_TYPE, shown: Callable[[Words], Shown]
) -> None:
    """Say something that quotes no article, unless the budgets are spent."""
    message, desk = update.effective_message, desk_of(context)
    assert message is not None
    command = said(message)
    settings = desk.state.settings(command.chat_id, command.topic_id)
    if settings.dry_run or over_budget(settings, desk.state.lately(command, None, 0)):
        return
    words = words_of(settings, message)
    reply_id = await say(context, message, shown(words), words)
    if reply_id is not None:
        record(desk, message, reply_id, None)


def record(desk: Desk, message: Message, reply_id: int, place: tuple[str, int] | None) -> None:
    """Remember what was said to a message, with the passage quoted, for budgets and removal."""
    remember(desk.state, said(message), reply_id, place)
