"""The private chat: commands, questions, and questions edited afterwards."""

import re
from typing import Any

from telegram import Message as Received
from telegram import Update
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.chats import about, pages, render
from bot.chats.buttons import OpenArticle, Reference
from bot.chats.conversations import Thread
from bot.chats.desk import Desk, desk_of
from bot.chats.message import Message
from bot.chats.panel_presses import private_handlers
from bot.chats.presses import leads_to, press
from bot.chats.profile import register_words
from bot.chats.sending import edit, send
from bot.corpus.article import Article
from bot.locale import Words, words_for
from bot.matching.answer import Answer
from bot.matching.conversation import Turn

__all__ = ["handlers", "register_words"]

_LINK = re.compile(r"([0-9a-f]{8})_([0-9]{1,7})")


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """What the private chat reacts to, in the order in which it is tried."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    edited = filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE
    words = filters.TEXT | filters.CAPTION
    return [
        # The settings of a group, for its admins.
        *private_handlers(),
        # The greeting, or the passage that a link from elsewhere leads to.
        CommandHandler("start", start, private),
        # What to write, and what the buttons do.
        CommandHandler("help", tell_help, private),
        # The articles, to ask about one or about all.
        CommandHandler("articles", list_articles, private),
        # The article itself, page by page.
        CommandHandler("read", read, private),
        # Whose words these are, what is stored, what is never done.
        CommandHandler("about", tell_about, private),
        # A command that belongs to another bot, or to none.
        MessageHandler(private & filters.COMMAND, unknown_command),
        # Any other text is a question, also under a photo or a document.
        MessageHandler(private & words, question),
        # Nothing to read in it; messages by which Telegram reports something are passed over.
        MessageHandler(private & ~filters.StatusUpdate.ALL, reads_text),
        # A question edited afterwards: its answer is edited.
        MessageHandler(edited & words & ~filters.COMMAND, edited_question),
        # A button under one of the messages above.
        CallbackQueryHandler(press),
    ]


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Greet, or show the passage named in the link that was followed here."""
    _, words, desk = _heard(update, context)
    link = _LINK.fullmatch(context.args[0]) if context.args else None
    place = OpenArticle(Reference(link[1], int(link[2]))) if link else None
    passage = place and leads_to(place, desk.store, words)
    await _say(update, context, passage or about.greeting(desk.store.articles(), words))


async def tell_help(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Tell how to ask."""
    _, words, _ = _heard(update, context)
    await _say(update, context, Message(words("help.text")))


async def list_articles(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """List the articles, to ask about one or about all."""
    message, words, desk = _heard(update, context)
    chosen, _ = _chosen(message.chat_id, desk)
    shown = pages.articles_to_ask(desk.store.articles(), chosen, 0, words)
    assert shown is not None
    await _say(update, context, shown)


async def read(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Open the chosen or the only article; where there are several, ask which."""
    message, words, desk = _heard(update, context)
    articles = desk.store.articles()
    article, _ = _chosen(message.chat_id, desk)
    if article is None and len(articles) == 1:
        article = articles[0]
    if article:
        shown = pages.page(article, desk.store.passages(article.slug), 1, words)
    else:
        shown = pages.articles_to_read(articles, 0, words)
    assert shown is not None
    await _say(update, context, shown)


async def tell_about(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Tell whose words these are, what is stored and what is never done."""
    _, words, desk = _heard(update, context)
    await _say(update, context, about.about(desk.store.articles(), words))


async def unknown_command(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Point to the commands there are."""
    _, words, _ = _heard(update, context)
    await _say(update, context, Message(words("help.unknown_command")))


async def reads_text(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say that only text is read; once for an album, and not at all where its caption was read."""
    message, words, _ = _heard(update, context)
    if not _is_of_the_same_album(message, context):
        await _say(update, context, Message(words("help.reads_text")))


async def question(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Reply to a question."""
    message, words, desk = _heard(update, context)
    _is_of_the_same_album(message, context)
    shown, answer, taken = await _reply(message, desk, words)
    desk.count("private", answer.outcome)
    reply_id = await send(context.bot, message.chat_id, shown, reply_to=message.message_id)
    _record(message, reply_id, answer, taken, desk)
    if answer.outcome == "none" and taken.asks_something and not taken.shown:
        desk.miss(message.chat.type, taken.question)


async def edited_question(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Edit the reply to what the question reads now; reply anew where it is gone."""
    message, words, desk = _heard(update, context)
    shown, answer, taken = await _reply(message, desk, words)
    reply_id = desk.state.reply_to(message.chat_id, message.message_id)
    if reply_id is None or not await edit(context.bot, message.chat_id, reply_id, shown):
        reply_id = await send(context.bot, message.chat_id, shown, reply_to=message.message_id)
    _record(message, reply_id, answer, taken, desk)


async def _reply(message: Received, desk: Desk, words: Words) -> tuple[Message, Answer, Turn]:
    text = message.text or message.caption or ""
    chosen, was_dropped = _chosen(message.chat_id, desk)
    taken = desk.conversations.turn(
        text, _thread(message), message.message_id, _replied_to(message)
    )
    answer, taken = await desk.answer(taken, chosen=chosen.slug if chosen else None)
    shown = render.reply(answer, desk.store.articles(), chosen, words, taken.shown)
    shown = shown.after(words("articles.chosen_is_gone")) if was_dropped else shown
    return shown, answer, taken


def _record(message: Received, reply_id: int, answer: Answer, taken: Turn, desk: Desk) -> None:
    """Keep which reply answers which question, and with which passage."""
    quoted = taken.quoted(answer)
    key, paragraph = (quoted.article.key, quoted.passage.paragraph) if quoted else (None, None)
    desk.state.record_reply(message.chat_id, message.message_id, reply_id, key, paragraph)
    desk.conversations.remember(_thread(message), message.message_id, reply_id, taken)


def _replied_to(message: Received) -> int | None:
    """The message it replies to; in a topic, what replies to nothing replies to its beginning."""
    replied_to = message.reply_to_message
    return replied_to.message_id if replied_to and not replied_to.forum_topic_created else None


def _thread(message: Received) -> Thread:
    return message.chat_id, message.message_thread_id


def _chosen(chat_id: int, desk: Desk) -> tuple[Article | None, bool]:
    """The article chosen in the chat, and whether the choice was dropped as it is gone."""
    slug = desk.state.chosen_article(chat_id)
    article = desk.store.article(slug) if slug else None
    was_dropped = slug is not None and article is None
    if was_dropped:
        desk.state.choose_article(chat_id, None)
    return article, was_dropped


def _is_of_the_same_album(message: Received, context: ContextTypes.DEFAULT_TYPE) -> bool:
    """Whether the message before was of the same album; a caption stands under one of it only."""
    if message.media_group_id is None or context.chat_data is None:
        return False
    is_same = context.chat_data.get("album") == message.media_group_id
    context.chat_data["album"] = message.media_group_id
    return is_same


def _heard(update: Update, context: ContextTypes.DEFAULT_TYPE) -> tuple[Received, Words, Desk]:
    """The message, the words for who wrote it, and the desk."""
    message = update.effective_message
    assert message is not None
    writer = message.from_user
    return message, words_for(writer.language_code if writer else None), desk_of(context)


async def _say(update: Update, context: ContextTypes.DEFAULT_TYPE, message: Message) -> None:
    """Send what is no reply to a question."""
    assert update.effective_chat is not None
    await send(context.bot, update.effective_chat.id, message)
