"""A message on its way to Telegram: its marks as entities, its buttons as a keyboard."""

import re
from collections.abc import Awaitable

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest

from bot.chats.client import post_message
from bot.chats.message import Message

_REPLIED_IS_GONE = re.compile("repl.* not found", re.IGNORECASE)


def entities(message: Message) -> list[MessageEntity]:
    """The message's marks, their offsets in UTF-16 units as Telegram counts."""
    marked = [
        MessageEntity(mark.kind, mark.span.start, mark.span.end - mark.span.start, url=mark.url)
        for mark in message.marks
    ]
    return list(MessageEntity.adjust_message_entities_to_utf_16(message.text, marked))


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """The message's buttons, if it has any."""
    if not message.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(
                    button.text, url=button.url, callback_data=None if button.url else button.data
                )
                for button in row
            ]
            for row in message.buttons
        ]
    )


async def send(  # noqa: PLR0913  what, where, in reply to what, and how
    bot: Bot,
    chat_id: int,
    message: Message,
    reply_to: int | None = None,
    *,
    topic_id: int | None = None,
    silent: bool = False,
) -> int:
    """The id of the message sent, as a reply if asked, also where the other one is gone by now.

    ``topic_id`` keeps it in a forum's topic even then; none stands for General, which Telegram
    knows by no id. ``silent``: nobody's device makes a sound.
    """
    try:
        return await post_message(
            bot,
            chat_id,
            message.text,
            entities=entities(message),
            reply_markup=keyboard(message),
            message_thread_id=topic_id,
            disable_notification=silent or None,
            reply_parameters=(
                ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None
            ),
        )
    except BadRequest as error:
        # In a forum's topic Telegram does not allow what was asked for.
        if not reply_to or not _REPLIED_IS_GONE.search(error.message):
            raise
        return await send(bot, chat_id, message, topic_id=topic_id, silent=silent)


async def answer_in_time(answering: Awaitable[object]) -> None:
    """Answer a query; one that was made too long ago takes no answer, and nobody waits for it."""
    try:
        await answering
    except BadRequest as error:
        if "query is too old" not in error.message.lower():
            raise


async def edit(bot: Bot, chat_id: int, message_id: int, message: Message) -> bool:
    """Whether the message sent before reads so now; false where it can no longer be edited."""
    try:
        await bot.edit_message_text(
            message.text,
            chat_id,
            message_id,
            entities=entities(message),
            reply_markup=keyboard(message),
        )
    except BadRequest as error:
        return "message is not modified" in error.message.lower()
    return True
