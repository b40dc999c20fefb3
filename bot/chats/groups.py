"""Groups: what is heard there, and the reply to it, if there is to be one."""

import logging
from dataclasses import replace
from typing import Any

from telegram import Message, Update
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
from bot.chats.conversations import Thread
from bot.chats.desk import Desk, desk_of
from bot.chats.heard import Heard, Me, hear
from bot.chats.links import message_link
from bot.chats.manners import Bars, Found, Lately, Silent, Speak, after, before
from bot.chats.message import Draft
from bot.chats.message import Message as Shown
from bot.chats.panel_presses import open_panel, press_on_panel
from bot.chats.remarks import record, remark, say, words_of
from bot.chats.removing import press_remove, remove
from bot.chats.said import said
from bot.chats.scope import Scope
from bot.chats.sending import edit
from bot.chats.state import UNSAID
from bot.locale import Words
from bot.matching.answer import Answer
from bot.matching.conversation import Turn
from bot.matching.model import Place

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
    answered = heard.said.replied_to
    if answered and not heard.said.is_by_bot and answered.author != heard.said.author:
        desk.state.leave_alone(message.chat_id, answered.message_id, "answered by somebody")
    silent = before(heard, settings, desk.state.now)
    if silent:
        _pass_over(desk, message, silent)
        return
    answer, taken = await _ask(desk, heard, settings)
    found = _found(heard, answer, taken)
    verdict = _verdict(desk, heard, settings, found)
    if isinstance(verdict, Silent):
        _pass_over(desk, message, verdict)
        return
    if not heard.is_addressed and settings.waiting:
        seconds = settings.waiting * 60
        if desk.state.postpone(update.update_id, message.message_id, seconds):
            return
    desk.count("group", "kept back" if settings.dry_run else _OUTCOMES[verdict.what])
    words = words_of(settings, message)
    shown = _shown(verdict, heard, answer, taken, context.bot.username, words)
    place = found.place if verdict.what == "answer" else None
    if settings.dry_run:
        figures = words(
            "dry_run.figures",
            confidence=round(100 * answer.confidence),
            bar=round(100 * verdict.bar),
        )
        await dry_run.report(context, message, shown, figures, words)
        record(desk, message, UNSAID, place)
        return
    reply_id = await say(context, message, shown, words)
    if reply_id is not None:
        record(desk, message, reply_id, place)
        desk.conversations.remember(_thread(heard), message.message_id, reply_id, taken)


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
    if before(heard, settings, desk.state.now):
        return
    answer, taken = await _ask(desk, heard, settings)
    found = _found(heard, answer, taken)
    removals = desk.state.lately(heard.said, found.place, 0).removals
    # It has been spoken already: no budget and no cooldown is touched.
    verdict = after(heard, settings, found, Lately(removals=removals), Bars.of(desk.answerer))
    if isinstance(verdict, Speak):
        words = words_of(settings, message)
        shown = _shown(verdict, heard, answer, taken, context.bot.username, words)
        if await edit(context.bot, message.chat_id, sent.reply_id, shown):
            record(desk, message, sent.reply_id, found.place if verdict.what == "answer" else None)
            desk.conversations.remember(_thread(heard), message.message_id, sent.reply_id, taken)


def _pass_over(desk: Desk, message: Message, silent: Silent) -> None:
    _log.debug("Chat %d: %s.", message.chat_id, silent.reason)
    desk.count("group", "silent", silent.reason)


def _heard(
    update: Update, context: ContextTypes.DEFAULT_TYPE
) -> tuple[Message, Desk, Heard, ChatSettings]:
    """The message, the desk, what the bot heard, and the settings in force there."""
    message, desk, bot = update.effective_message, desk_of(context), context.bot
    assert message is not None
    is_edit = update.edited_message is not None
    heard = hear(said(message, is_edit=is_edit), Me(bot.id, bot.username))
    return message, desk, heard, desk.state.settings(heard.said.chat_id, heard.said.topic_id)


async def _ask(desk: Desk, heard: Heard, settings: ChatSettings) -> tuple[Answer, Turn]:
    """The surest answer from the articles served, and the turn of a conversation it is given to.

    Its first excerpt is the one to quote: not the best where the next match was asked for.
    """
    replied_to = heard.said.replied_to
    taken = desk.conversations.turn_of_reply(
        heard.question, _thread(heard), replied_to.message_id if replied_to else 0
    )
    answer, taken = await _surest(desk, taken, heard, settings)
    return replace(answer, excerpts=answer.excerpts[taken.shown :]), taken


async def _surest(
    desk: Desk, taken: Turn, heard: Heard, settings: ChatSettings
) -> tuple[Answer, Turn]:
    # What is put to the bot needs to be as sure as in private.
    place: Place = "private" if heard.is_addressed else "group"
    if not settings.articles:
        return await desk.answer(taken, place=place)
    served = [
        article.slug for key in settings.articles if (article := desk.store.article_of_key(key))
    ]
    about = taken.within if taken.shown else taken.article
    if about in served:
        found = await desk.answer(taken, place=place, chosen=about)
        if taken.shown or found[0].outcome == "answer":
            return found
    answers = [await desk.answer(taken, place=place, chosen=slug) for slug in served]
    if answers:
        return max(answers, key=lambda found: found[0].confidence)
    # Those chosen are gone: nothing is quoted from others in their place.
    answer, taken = await desk.answer(taken, place=place)
    return replace(answer, excerpts=(), confidence=0.0), taken


def _thread(heard: Heard) -> Thread:
    """The chat, or the topic of it; outside of topics a reply has another thread than its question.

    See github.com/tdlib/telegram-bot-api/issues/356.
    """
    return heard.said.chat_id, heard.said.topic_id


def _found(heard: Heard, answer: Answer, taken: Turn) -> Found:
    return Found.of(answer, is_followup=taken.question != heard.question)


def _verdict(desk: Desk, heard: Heard, settings: ChatSettings, found: Found) -> Speak | Silent:
    lately = desk.state.lately(heard.said, found.place, settings.cooldown, unsaid=settings.dry_run)
    return after(heard, settings, found, lately, Bars.of(desk.answerer))


def _shown(  # noqa: PLR0913, PLR0917  what is said, to what, and how
    verdict: Speak, heard: Heard, answer: Answer, taken: Turn, username: str, words: Words
) -> Shown:
    """What is said."""
    if verdict.what == "answer":
        count = taken.shown + len(answer.excerpts)
        excerpt = answer.excerpts[0]
        return render.in_group(excerpt, username, words, shown=taken.shown, count=count)
    if verdict.before is not None:
        draft = Draft()
        scope = Scope(heard.said.chat_id, heard.said.topic_id)
        link = message_link(scope, verdict.before)
        draft.write(words("group.said_before"), "text_link" if link else None, link)
        return draft.message()
    if taken.shown and answer.confidence >= verdict.bar:
        return Shown(words("answer.no_more"))
    return Shown(words("answer.none" if heard.question else "group.help"))
