"""Groups: what is heard there, and the reply to it, if there is to be one."""

import logging
from typing import Any

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.chats import dry_run, render
from bot.chats.chat_settings import ChatSettings
from bot.chats.daily import ChatKind
from bot.chats.desk import Desk, desk_of
from bot.chats.heard import Heard, Me, hear
from bot.chats.links import message_link
from bot.chats.manners import Silent
from bot.chats.message import Draft
from bot.chats.message import Message as Shown
from bot.chats.panel_presses import open_panel, press_on_panel
from bot.chats.remarks import record, remark, say, words_of
from bot.chats.removing import press_remove, remove
from bot.chats.said import said
from bot.chats.scope import Scope
from bot.chats.sending import edit
from bot.chats.state import UNSAID
from bot.chats.verdict import Verdict, is_left_to_people, leave_answered, thread_of, verdict
from bot.locale import Words

_log = logging.getLogger(__name__)

_OUTCOMES = {"answer": "answer", "nothing found": "none", "said before": "said before"}
"""What is said, as it is counted."""


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """What groups react to, in the order in which it is tried."""
    groups = filters.ChatType.GROUPS
    new = groups & filters.UpdateType.MESSAGE
    own = new & ~filters.FORWARDED & ~filters.VIA_BOT
    return [
        # An admin sets the bot up.
        CommandHandler("settings", open_panel, own),
        CallbackQueryHandler(press_on_panel, pattern=r"^s:"),
        # The asker or an admin takes a reply back.
        CommandHandler("remove", remove, own),
        CallbackQueryHandler(press_remove, pattern=r"^x:"),
        # How to ask here.
        CommandHandler(("help", "start"), tell_help, own),
        # Anything else said may be a question, or somebody's answer to one.
        MessageHandler(new, listen),
        # A question put to the bot and edited afterwards: its reply is edited.
        MessageHandler(groups & filters.UpdateType.EDITED_MESSAGE, listen_again),
    ]


async def tell_help(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say in one line how to ask, unless the bot is switched off."""
    message = update.effective_message
    assert message is not None
    heard = said(message)
    if desk_of(context).state.settings(heard.chat_id, heard.topic_id).mode != "off":
        await remark(update, context, "group.help")


async def listen(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Reply to what was said, now, later or not at all."""
    message, desk, heard, settings = _heard(update, context)
    leave_answered(desk.state, heard.said)
    found = await verdict(desk, heard, settings)
    if isinstance(found, Silent):
        _pass_over(desk, message, found)
        return
    if is_left_to_people(desk.state, heard, settings, update.update_id):
        return
    outcome = "kept back" if settings.dry_run else _OUTCOMES[found.speak.what]
    desk.count(_kind(message), outcome)
    words = words_of(settings, message)
    shown = _shown(found, heard, context.bot.username, words)
    if settings.dry_run:
        figures = words(
            "dry_run.figures",
            confidence=round(100 * found.answer.confidence),
            bar=round(100 * found.speak.bar),
        )
        await dry_run.report(context, message, shown, figures, words)
        record(desk, message, UNSAID, found.place)
        return
    reply_id = await say(context, message, shown, words)
    if reply_id is not None:
        record(desk, message, reply_id, found.place)
        desk.conversations.remember(
            thread_of(heard.said), message.message_id, reply_id, found.taken
        )
        if found.speak.what == "nothing found" and heard.question and not found.taken.shown:
            desk.miss(message.chat.type, heard.question)


async def listen_again(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Edit the reply to what a question put to the bot reads now; reply where there was none.

    A reply that was removed stays so.
    """
    message, desk, heard, settings = _heard(update, context)
    sent = desk.state.sent_to(message.chat_id, message.message_id)
    if sent is None and heard.is_addressed:
        await listen(update, context)
    if sent is None or sent.removed_by or sent.reply_id == UNSAID or settings.dry_run:
        return
    found = await verdict(desk, heard, settings, again=True)
    if isinstance(found, Verdict):
        shown = _shown(found, heard, context.bot.username, words_of(settings, message))
        if await edit(context.bot, message.chat_id, sent.reply_id, shown):
            record(desk, message, sent.reply_id, found.place)
            desk.conversations.remember(
                thread_of(heard.said), message.message_id, sent.reply_id, found.taken
            )


def _pass_over(desk: Desk, message: Message, silent: Silent) -> None:
    _log.debug("Chat %d: %s.", message.chat_id, silent.reason)
    desk.count(_kind(message), "silent", silent.reason)


def _kind(message: Message) -> ChatKind:
    return "channel" if message.chat.type == ChatType.CHANNEL else "group"


def _heard(
    update: Update, context: ContextTypes.DEFAULT_TYPE
) -> tuple[Message, Desk, Heard, ChatSettings]:
    """The message, the desk, what the bot heard, and the settings in force there."""
    message, desk, bot = update.effective_message, desk_of(context), context.bot
    assert message is not None
    is_edit = bool(update.edited_message or update.edited_channel_post)
    heard = hear(said(message, is_edit=is_edit), Me(bot.id, bot.username))
    return message, desk, heard, desk.state.settings(heard.said.chat_id, heard.said.topic_id)


def _shown(found: Verdict, heard: Heard, username: str, words: Words) -> Shown:
    """What is said, in the comments on a post or elsewhere."""
    speak, answer, taken = found.speak, found.answer, found.taken
    if speak.what == "answer":
        count = taken.shown + len(answer.excerpts)
        excerpt = answer.excerpts[0]
        is_of_post = found.tie and found.tie.article_key == excerpt.article.key
        post = found.tie.url if found.tie and is_of_post else None
        return render.in_group(excerpt, username, words, post=post, shown=taken.shown, count=count)
    if speak.before is not None:
        draft = Draft()
        scope = Scope(heard.said.chat_id, heard.said.topic_id)
        link = message_link(scope, speak.before)
        draft.write(words("group.said_before"), "text_link" if link else None, link)
        return draft.message()
    if taken.shown and answer.confidence >= speak.bar:
        return Shown(words("answer.no_more"))
    return Shown(words("answer.none" if heard.question else "group.help"))
