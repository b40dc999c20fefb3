"""Links into Telegram: to a passage.

A link to the bot carries up to 64 letters, digits, ``_`` and ``-``
(core.telegram.org/bots/features#deep-linking).
"""

from bot.chats.buttons import Reference


def passage_link(username: str, at: Reference) -> str:
    """Where the bot with this username shows a passage in context, in its private chat.

    >>> passage_link("pullquote_bot", Reference("0123abcd", 5))
    'https://t.me/pullquote_bot?start=0123abcd_5'
    """
    return f"https://t.me/{username}?start={at.key}_{at.paragraph}"
