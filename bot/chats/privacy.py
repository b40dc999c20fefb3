"""/privacy: what is kept in ``state.db``, column by column, why, and for how long."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import BaseHandler, CommandHandler, ContextTypes, filters

from bot.chats.daily import DAYS_KEPT
from bot.chats.desk import desk_of
from bot.chats.memberships import CHATS_KEPT
from bot.chats.message import Message
from bot.chats.remarks import say_of_own
from bot.chats.sending import send
from bot.chats.state import ASKERS_KEPT, REPLIES_KEPT
from bot.chats.unanswered import QUESTIONS_KEPT
from bot.chats.updates import ROWS_KEPT, TEXTS_KEPT
from bot.locale import Words, words_for


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is kept: a line of the list, and the columns of ``state.db`` it stands for."""

    name: str
    """Of its line in ``locale``."""
    columns: frozenset[str]
    """As ``table.column``."""
    seconds: int
    """For which it is kept; of what lasts while the bot is in the chat, after that."""


def _of(table: str, *columns: str) -> frozenset[str]:
    return frozenset(f"{table}.{column}" for column in columns)


KEPT = (
    Kept(
        "chats",
        _of("chats", "chat_id", "article", "seen_at", "kind", "left_at")
        | _of("chat_settings", "chat_id", "topic_id", "settings")
        | _of("faults", "chat_id", "fault", "told_at"),
        CHATS_KEPT,
    ),
    Kept(
        "replies",
        _of("replies", "chat_id", "question_id", "reply_id", "article_key", "paragraph")
        | _of("replies", "sent_at", "thread_id", "removed_by"),
        REPLIES_KEPT,
    ),
    Kept("threads", _of("threads", "chat_id", "thread_id", "url", "article_key"), CHATS_KEPT),
    Kept("askers", _of("replies", "asker_id"), ASKERS_KEPT),
    Kept("inbox", _of("inbox", "body"), TEXTS_KEPT),
    Kept(
        "received",
        _of("inbox", "update_id", "chat_id", "received_at", "done_at", "reply_id", "reason")
        | _of("inbox", "due_at", "message_id", "send_at"),
        ROWS_KEPT,
    ),
    Kept("daily", _of("daily", "day", "chat", "outcome", "reason", "count"), DAYS_KEPT * 86400),
    Kept("unanswered", _of("unanswered", "asked_at", "kind", "question"), QUESTIONS_KEPT),
)
"""Everything that stands in ``state.db``."""


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """The command, in groups and in private."""
    return [CommandHandler("privacy", tell, filters.UpdateType.MESSAGE)]


async def tell(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """List what is kept, and for how long."""
    message = update.effective_message
    assert message is not None
    shown = partial(kept, keeps_unanswered=desk_of(context).settings.keep_unanswered)
    if message.chat.type == ChatType.PRIVATE:
        writer = message.from_user
        words = words_for(writer.language_code if writer else None)
        await send(context.bot, message.chat.id, shown(words))
    else:
        await say_of_own(update, context, shown)


def kept(words: Words, *, keeps_unanswered: bool) -> Message:
    """The list; what the operator has not switched on is not on it."""
    lines = [
        words(f"privacy.{each.name}", days=each.seconds // 86400, hours=each.seconds // 3600)
        for each in KEPT
        if each.name != "unanswered" or keeps_unanswered
    ]
    listed = "\n".join(f"• {line}" for line in lines)
    return Message(f"{words('privacy.intro')}\n\n{listed}\n\n{words('privacy.end')}")
