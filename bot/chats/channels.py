"""Channels: posts that ask are replied to as questions in groups are, where an admin wants it.

Nothing is said there before. What is set is set in private: every subscriber reads the channel.
"""

from contextlib import suppress
from typing import Any

from telegram import Message as Received
from telegram import Update
from telegram.error import BadRequest
from telegram.ext import BaseHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.chats import groups
from bot.chats.admins import tell_admins
from bot.chats.desk import Desk, desk_of
from bot.chats.discussions import keep, post_of
from bot.chats.links import settings_link
from bot.chats.message import Button, Message, shortened
from bot.chats.remarks import words_of
from bot.chats.removing import remove
from bot.chats.scope import Scope
from bot.locale import Words


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """What channels react to, in the order in which it is tried."""
    posts = filters.UpdateType.CHANNEL_POST
    own = posts & ~filters.FORWARDED & ~filters.VIA_BOT
    return [
        # An admin sets the bot up.
        CommandHandler("settings", lead_to_panel, own),
        # An admin takes a reply back.
        CommandHandler("remove", remove, own),
        # A post may be a question.
        MessageHandler(posts, listen),
        # One that was replied to, edited afterwards.
        MessageHandler(filters.UpdateType.EDITED_CHANNEL_POST, listen_again),
    ]


async def listen(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Reply to a post, now, later or not at all; never to a reply of the bot's own."""
    post, desk = _post(update), desk_of(context)
    if desk.state.sent_as(post.chat.id, post.message_id) is None:
        await _keep(post, desk)
        await groups.listen(update, context)


async def listen_again(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Edit the reply to what a post reads now, and the article that it is."""
    post = update.edited_channel_post
    assert post is not None
    await _keep(post, desk_of(context))
    await groups.listen_again(update, context)


async def _keep(post: Received, desk: Desk) -> None:
    """Have a long post be an article, if an admin wants that; not one that was forwarded here."""
    if desk.state.settings(post.chat.id).post_articles and post.forward_origin is None:
        await keep(post_of(post, post.chat, post.message_id), desk)


async def lead_to_panel(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Lead the administrators to the channel's panel in private, and take the command away."""
    post, state = _post(update), desk_of(context).state
    words = words_of(state.settings(post.chat.id), post)
    shown = invitation("channel.settings", post.chat.title, post.chat.id, context, words)
    if await tell_admins(context.bot, state, post.chat.id, shown):
        with suppress(BadRequest):
            await context.bot.delete_message(post.chat.id, post.message_id)


def invitation(
    name: str, title: str | None, chat_id: int, context: ContextTypes.DEFAULT_TYPE, words: Words
) -> Message:
    """A text, named as in ``locale``, with a button that leads to a chat's panel in private."""
    link = settings_link(context.bot.username, Scope(chat_id))
    text = words(name, chat=shortened(title or "", 100), bot=f"@{context.bot.username}")
    return Message(text, buttons=((Button(words("button.settings"), url=link),),))


def _post(update: Update) -> Received:
    post = update.channel_post
    assert post is not None
    return post
