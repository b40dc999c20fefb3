"""A message of Telegram's as plain data."""

from telegram import Message, MessageEntity
from telegram.constants import ChatType

from bot.chats.heard import RepliedTo, Said, Tag
from bot.corpus.article import Span

_TAGS = ("bot_command", "mention", "text_mention")


def said(message: Message, *, is_edit: bool = False) -> Said:
    """What was written in a group, and by whom."""
    text = message.text or message.caption or ""
    replied_to = message.reply_to_message
    thread_id = message.message_thread_id
    return Said(
        chat_id=message.chat_id,
        message_id=message.message_id,
        author=author(message) or 0,
        text=text,
        tags=_tags(text, message.entities or message.caption_entities),
        replied_to=_replied_to(replied_to) if replied_to else None,
        thread_id=thread_id,
        topic_id=thread_id if message.is_topic_message else None,
        is_reply_elsewhere=bool(message.external_reply or message.reply_to_story),
        is_by_bot=_is_by_bot(message),
        is_via_bot=message.via_bot is not None,
        is_forward=message.forward_origin is not None,
        is_automatic_forward=bool(message.is_automatic_forward),
        is_edit=is_edit,
    )


def author(message: Message) -> int | None:
    """The id of the chat in whose name a message was written, else of the user who wrote it."""
    whose = message.sender_chat or message.from_user
    return whose.id if whose else None


def _is_by_bot(message: Message) -> bool:
    # Who writes in a chat's name is shown in a group as a bot of Telegram's own.
    writer, is_post = message.from_user, message.chat.type == ChatType.CHANNEL
    return (is_post or message.sender_chat is None) and writer is not None and writer.is_bot


def _replied_to(message: Message) -> RepliedTo:
    return RepliedTo(
        message_id=message.message_id,
        author=author(message),
        text=message.text or message.caption or "",
        is_by_bot=_is_by_bot(message),
        opens_thread=bool(message.forum_topic_created or message.is_automatic_forward),
    )


def _tags(text: str, entities: tuple[MessageEntity, ...]) -> tuple[Tag, ...]:
    """The commands and names among the entities, whose offsets count UTF-16 units."""
    units = text.encode("utf-16-le", "surrogatepass")

    def points(offset: int) -> int:
        return len(units[: 2 * offset].decode("utf-16-le", "ignore"))

    return tuple(
        Tag(
            entity.type,  # type: ignore[arg-type]
            Span(points(entity.offset), points(entity.offset + entity.length)),
            entity.user.id if entity.user else None,
        )
        for entity in sorted(entities, key=lambda entity: entity.offset)
        if entity.type in _TAGS
    )
