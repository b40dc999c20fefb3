"""Who is an administrator of a group right now, and which of them can be told something."""

import logging

from telegram import Bot, Message
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.chats.message import Message as Shown
from bot.chats.sending import send
from bot.chats.state import ChatState

_log = logging.getLogger(__name__)

_NOT_THERE = (BadRequest, ChatMigrated, Forbidden)
"""What is raised where there is no such chat or person, or the bot is not there any more."""
_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


async def is_admin(bot: Bot, chat_id: int, user_id: int) -> bool:
    """Whether somebody is an administrator of a chat at this moment.

    Who presses a button is always a user, also an administrator who is anonymous otherwise.
    """
    try:
        member = await bot.get_chat_member(chat_id, user_id)
    except _NOT_THERE:
        return False
    return member.status in _ADMINS


async def is_by_admin(bot: Bot, message: Message) -> bool:
    """Whether an administrator wrote this, in their own name, the group's, or its channel's."""
    chat, guise = message.chat, message.sender_chat
    if guise is None:
        writer = message.from_user
        return writer is not None and await is_admin(bot, chat.id, writer.id)
    if guise.id == chat.id:
        return True
    return (await bot.get_chat(chat.id)).linked_chat_id == guise.id


async def tell_admins(bot: Bot, state: ChatState, chat_id: int, message: Shown) -> int:
    """How many of a chat's administrators were told; a bot can write to those who wrote to it."""
    try:
        members = await bot.get_chat_administrators(chat_id)
    except _NOT_THERE:
        return 0
    told = 0
    for user in (member.user for member in members):
        if user.is_bot or not state.memberships.knows(user.id):
            continue
        try:
            await send(bot, user.id, message)
            told += 1
        except (BadRequest, Forbidden):  # they blocked the bot, or deleted their account
            _log.info("An admin of chat %d could not be told.", chat_id)
    return told
