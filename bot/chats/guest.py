"""Guest mode: the bot is named in a chat that it is not in, and may say one thing there."""

import re
from typing import Any

from telegram import InlineQueryResultArticle, Update
from telegram import Message as Received
from telegram.ext import BaseHandler, ContextTypes, MessageHandler, filters

from bot.chats.desk import Desk, desk_of
from bot.chats.inline import excerpt_result, result
from bot.chats.message import Message
from bot.chats.sending import answer_in_time
from bot.locale import Words, words_for

_BOTS = re.compile(r"@\w+bot\b", re.IGNORECASE)
"""The names of bots, several of which may be called at once."""


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """What a guest reacts to."""
    return [MessageHandler(filters.UpdateType.GUEST_MESSAGE, guest_message)]


async def guest_message(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Reply with the excerpt that answers, or say in one line that none was found."""
    message, bot = update.guest_message, context.bot
    assert message is not None
    writer = message.from_user
    is_by_bot = writer is not None and writer.is_bot and message.sender_chat is None
    if message.guest_query_id is None or is_by_bot:
        return
    words = words_for(writer.language_code if writer else None)
    question = _question(message, bot.id, bot.username)
    said = await _reply(question, desk_of(context), bot.username, words)
    await answer_in_time(bot.answer_guest_query(message.guest_query_id, said))


async def _reply(
    question: str, desk: Desk, username: str, words: Words
) -> InlineQueryResultArticle:
    if not question:
        return _line(words("guest.no_question"))
    answer = await desk.ask(question)
    desk.count("guest", answer.outcome)
    if answer.outcome != "answer":
        return _line(words("answer.none"))
    return excerpt_result(answer.excerpts[0], username, words)


def _line(text: str) -> InlineQueryResultArticle:
    return result("none", text, None, Message(text))


def _question(message: Received, bot_id: int, username: str) -> str:
    """What the message asks beside naming bots; if nothing, what the one it replies to asks."""
    asked = _without_bots(message, username)
    replied_to = message.reply_to_message
    if asked or replied_to is None or (replied_to.from_user and replied_to.from_user.id == bot_id):
        return asked
    return _without_bots(replied_to, username)


def _without_bots(message: Received, username: str) -> str:
    text = message.text or message.caption or ""
    return _BOTS.sub(" ", re.sub(rf"@{username}\b", " ", text, flags=re.IGNORECASE)).strip()
