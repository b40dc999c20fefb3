"""Discussion groups: a channel's post ties its comments to the article it is about."""

import logging
from typing import Any

from telegram import Chat, Message, Update
from telegram.ext import BaseHandler, ContextTypes, MessageHandler, filters

from bot.chats.desk import Desk, desk_of
from bot.chats.posts import Post, keep_article
from bot.chats.threads import Tie
from bot.corpus.files import NoFolder

_log = logging.getLogger(__name__)


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """What happens to a channel's posts in its discussion group, new and edited."""
    return [MessageHandler(filters.ChatType.GROUPS & filters.IS_AUTOMATIC_FORWARD, meet)]


async def meet(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Tie the thread that the post begins to the article that it is, links to, names or repeats."""
    message, desk = update.effective_message, desk_of(context)
    assert message is not None
    origin = message.forward_origin
    channel, post_id = getattr(origin, "chat", None), getattr(origin, "message_id", None)
    if channel is None or post_id is None:
        return
    post = post_of(message, channel, post_id)
    if desk.state.settings(message.chat.id).post_articles:
        await keep(post, desk)
    article = desk.store.article(post.slug) or await desk.subject(post.text, links(message))
    tie = Tie(post.url, article.key if article else None)
    desk.state.threads.tie(message.chat.id, message.message_id, tie)


async def keep(post: Post, desk: Desk) -> None:
    """Have the post be an article, if it is long enough, before anything is asked about it."""
    try:
        if keep_article(post, desk.settings.posts):
            await desk.take_up_articles()
    except (NoFolder, OSError) as error:
        _log.error("Post %s cannot be kept as an article (%s).", post.slug, error)


def post_of(message: Message, channel: Chat, post_id: int) -> Post:
    """A channel's post, wherever its message stands."""
    return Post(
        channel.id,
        post_id,
        channel.title or "",
        channel.username,
        message.text or message.caption or "",
        message.date.date(),
    )


def links(message: Message) -> list[str]:
    """Every address that a message leads to: written out, behind words, on buttons."""
    marked = message.parse_entities(["url", "text_link"])
    marked |= message.parse_caption_entities(["url", "text_link"])
    markup = message.reply_markup
    buttons = [button.url for row in markup.inline_keyboard for button in row] if markup else []
    shown = message.link_preview_options
    return [
        address
        for address in (
            *(entity.url or text for entity, text in marked.items()),
            *buttons,
            shown.url if shown else None,
        )
        if isinstance(address, str)
    ]
