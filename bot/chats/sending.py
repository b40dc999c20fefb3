"""A message on its way to Telegram: its marks as entities, its buttons as a keyboard."""

from collections.abc import Awaitable

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest

from bot.chats.message import Message


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


async def send(bot: Bot, chat_id: int, message: Message, reply_to: int | None = None) -> int:
    """The id of the message sent, as a reply if asked, also where the other one is gone by now."""
    sent = await bot.send_message(
        chat_id,
        message.text,
        entities=entities(message),
        reply_markup=keyboard(message),
        reply_parameters=(
            ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None
        ),
    )
    return sent.message_id


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
