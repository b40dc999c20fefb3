"""Removing: the asker or an administrator of the group takes one of the bot's replies back."""

from contextlib import suppress

from telegram import Chat, Update
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.chats.admins import is_admin, is_by_admin
from bot.chats.desk import desk_of
from bot.chats.message import Message as Shown
from bot.chats.message import shortened
from bot.chats.presses import acknowledge
from bot.chats.remarks import CANNOT_DELETE, remark, tell_fault, words_of
from bot.chats.said import author, said
from bot.chats.sending import edit
from bot.chats.state import Remover, Sent
from bot.locale import Words, words_for


async def press_remove(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Take back the reply under which the button was pressed, or say in a toast why not."""
    query = update.callback_query
    assert query is not None
    words = words_for(query.from_user.language_code)
    toast = words("toast.stale")
    if query.message:
        chat, reply_id = query.message.chat, query.message.message_id
        sent = desk_of(context).state.sent_as(chat.id, reply_id)
        if sent and not sent.removed_by:
            presses_as_admin = await is_admin(context.bot, chat.id, query.from_user.id)
            by = _remover(sent, query.from_user.id, presses_as_admin)
            toast = words("toast.not_yours")
            if by:
                toast = await _take_back(context, chat, reply_id, by, words)
    await acknowledge(query, toast)


async def remove(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Take back the reply that /remove replies to; said to anything else, it is for another bot."""
    message, state = update.effective_message, desk_of(context).state
    assert message is not None
    reply = message.reply_to_message
    sent = state.sent_as(message.chat.id, reply.message_id) if reply else None
    if reply is None or sent is None or sent.removed_by:
        return
    by = _remover(sent, author(message), await is_by_admin(context.bot, message))
    if by is None:
        await remark(update, context, "toast.not_yours")
        return
    words = words_of(state.settings(message.chat.id, said(message).topic_id), message)
    await _take_back(context, message.chat, reply.message_id, by, words)
    # The command would stand there replying to nothing; without the right to it, it does.
    with suppress(BadRequest):
        await context.bot.delete_message(message.chat.id, message.message_id)


def _remover(sent: Sent, who: int | None, does_so_as_admin: bool) -> Remover | None:
    """As what somebody may remove a reply; an administrator who asked does so as administrator."""
    if does_so_as_admin:
        return "admin"
    return "asker" if who is not None and who == sent.asker_id else None


async def _take_back(
    context: ContextTypes.DEFAULT_TYPE, chat: Chat, reply_id: int, by: Remover, words: Words
) -> str:
    """What the toast says once the reply is gone, or its words are where it cannot be deleted.

    Telegram lets a bot delete what it said within 48 hours.
    """
    toast = ""
    try:
        await context.bot.delete_message(chat.id, reply_id)
    except BadRequest as error:
        if "not found" not in error.message.lower():
            if not await edit(context.bot, chat.id, reply_id, Shown(words("group.removed"))):
                told = words("fault.cannot_delete", chat=shortened(chat.title or "", 100))
                await tell_fault(context, chat.id, CANNOT_DELETE, Shown(told))
                return words("toast.cannot_remove")
            toast = words("toast.emptied")
    state = desk_of(context).state
    state.record_removal(chat.id, reply_id, by)
    state.mend(chat.id, CANNOT_DELETE)
    return toast
