"""Links into Telegram: to a passage, to a chat's settings, to a message.

A link to the bot carries up to 64 letters, digits, ``_`` and ``-``
(core.telegram.org/bots/features#deep-linking).
"""

import re

from bot.chats.buttons import Reference
from bot.chats.scope import Scope

_SETTINGS = re.compile(r"settings_(-?[0-9]{1,16})_([0-9]{1,10})")
_SUPERGROUPS = -1_000_000_000_000
"""Supergroups have the ids below this one."""


def passage_link(username: str, at: Reference) -> str:
    """Where the bot with this username shows a passage in context, in its private chat.

    >>> passage_link("pullquote_bot", Reference("0123abcd", 5))
    'https://t.me/pullquote_bot?start=0123abcd_5'
    """
    return f"https://t.me/{username}?start={at.key}_{at.paragraph}"


def settings_link(username: str, scope: Scope) -> str:
    """Where the bot shows the settings of a chat or topic, in its private chat."""
    return f"https://t.me/{username}?start=settings_{scope.chat_id}_{scope.topic_id or 0}"


def scope_of(parameter: str) -> Scope | None:
    """The chat or topic whose settings a link leads to, by what the link carries.

    >>> scope_of("settings_-1001234567890_12")
    Scope(chat_id=-1001234567890, topic_id=12)
    """
    match = _SETTINGS.fullmatch(parameter)
    return Scope(int(match[1]), int(match[2]) or None) if match else None


def message_link(scope: Scope, message_id: int) -> str | None:
    """Where a message stands, for members of its chat; messages of small groups have no link.

    >>> message_link(Scope(-1001234567890, 12), 345)
    'https://t.me/c/1234567890/12/345'
    """
    if scope.chat_id >= _SUPERGROUPS:
        return None
    topic = f"{scope.topic_id}/" if scope.topic_id else ""
    return f"https://t.me/c/{_SUPERGROUPS - scope.chat_id}/{topic}{message_id}"
