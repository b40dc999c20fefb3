"""ChatSettings: how the bot behaves in a chat, and in a topic of it.

Only what was chosen is stored, one JSON object for the chat and one for each topic: a topic has its
chat's settings but for what was chosen for the topic. A name or a value that this version does not
know counts as not chosen, so that an older and a newer version can read each other's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from bot.locale import LANGUAGES

Mode = Literal["off", "mention", "questions"]
"""Silent; replying to what is put to the bot; replying to any question it can answer as well."""
Caution = Literal["careful", "normal", "bold"]
"""How sure the bot has to be before it speaks."""

Overrides = Mapping[str, Any]
"""What was chosen, by the names of ``ChatSettings``, as JSON has it."""

ARTICLES_SERVED = 20
"""How many articles can be chosen for a chat; beyond that, it is served all of them."""
_KEY = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """The settings in force in a chat or topic."""

    mode: Mode = "mention"
    confidence: Caution = "normal"
    cooldown: int = 30
    """Minutes for which the same passage is not quoted again in a thread."""
    waiting: int = 0
    """Minutes that a question put to all is left to people first."""
    quiet_from: int | None = None
    """The hour from which on nothing is said unasked; None: there are no quiet hours."""
    quiet_until: int = 7
    """The hour at which the quiet hours end."""
    utc_offset: int = 0
    """Minutes by which the chat's clock is ahead of UTC."""
    language: str = "auto"
    """The language of the bot's own words; ``auto``: that of who asks."""
    articles: tuple[str, ...] = ()
    """The keys of the articles served; none chosen: all of them."""
    user_budget: int = 10
    """Replies an hour to one person."""
    chat_budget: int = 60
    """Replies an hour in the chat."""
    passage_budget: int = 6
    """Replies an hour in the chat that quote the same passage."""
    dry_run: bool = False
    """Whether nothing is said in the chat, and its admins are told what would have been."""
    post_articles: bool = False
    """Whether a channel's long posts become articles."""


DEFAULTS = ChatSettings()

_OFFSETS = (
    *range(-720, 841, 60),
    *(-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765),
)
CHOICES: Mapping[str, tuple[Any, ...]] = {
    "mode": ("off", "mention", "questions"),
    "confidence": ("careful", "normal", "bold"),
    "cooldown": (0, 10, 30, 60, 180, 1440),
    "waiting": (0, 1, 3, 10),
    "quiet_from": (None, *range(24)),
    "quiet_until": tuple(range(24)),
    "utc_offset": tuple(sorted(_OFFSETS)),
    "language": ("auto", *LANGUAGES),
    "user_budget": (3, 10, 30),
    "chat_budget": (10, 30, 60, 120),
    "passage_budget": (1, 3, 6, 12),
    "dry_run": (False, True),
    "post_articles": (False, True),
}
"""The values each setting can have, in the order in which they are offered."""


def settled(*layers: Overrides) -> ChatSettings:
    """The settings in force: the defaults, under what was chosen, the more particular later.

    >>> settled({"mode": "questions", "waiting": 3}, {"waiting": 0, "tone": "ironic"})
    ChatSettings(mode='questions', confidence='normal', cooldown=30, waiting=0, ...)
    """
    chosen: dict[str, Any] = {}
    for layer in layers:
        chosen |= known(layer)
    return ChatSettings(**chosen)


def known(overrides: Overrides) -> dict[str, Any]:
    """What of it this version knows, as ``ChatSettings`` has it."""
    return {
        name: tuple(value) if name == "articles" else value
        for name, value in overrides.items()
        if _is_known(name, value)
    }


def chosen(overrides: Overrides, base: ChatSettings, name: str, value: Any) -> dict[str, Any]:
    """What was chosen, after this choice as well; a choice of what ``base`` has is none.

    What this version does not know stays. ``ValueError`` is raised where there is no such choice.
    """
    if not _is_known(name, list(value) if name == "articles" else value):
        raise ValueError(f"no choice: {name}={value!r}")
    rest = {other: kept for other, kept in overrides.items() if other != name}
    return rest if value == getattr(base, name) else {**rest, name: value}


def differing(overrides: Overrides, base: ChatSettings) -> frozenset[str]:
    """The names of the settings that differ from those underneath."""
    return frozenset(
        name for name, value in known(overrides).items() if value != getattr(base, name)
    )


def is_quiet(settings: ChatSettings, now: float) -> bool:
    """Whether it is within the quiet hours at this Unix time.

    >>> is_quiet(ChatSettings(quiet_from=22, quiet_until=7, utc_offset=-300), 4 * 3600)
    True
    """
    if settings.quiet_from is None:
        return False
    hour = int(now + settings.utc_offset * 60) // 3600 % 24
    if settings.quiet_from <= settings.quiet_until:
        return settings.quiet_from <= hour < settings.quiet_until
    return hour >= settings.quiet_from or hour < settings.quiet_until


def _is_known(name: str, value: object) -> bool:
    if name == "articles":
        return (
            isinstance(value, list)
            and len(value) <= ARTICLES_SERVED
            and all(isinstance(key, str) and _KEY.fullmatch(key) for key in value)
        )
    # 0 == False, and JSON tells them apart.
    return any(type(value) is type(choice) and value == choice for choice in CHOICES.get(name, ()))


assert {*CHOICES, "articles"} == {field.name for field in fields(ChatSettings)}
