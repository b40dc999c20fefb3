"""Manners: whether the bot speaks in a group, and what it then says; else why it is silent.

Pure: what was said lately, how sure the answer is and what time it is come in as arguments.
"""

from dataclasses import dataclass
from typing import Literal

from bot.chats.chat_settings import Caution, ChatSettings, is_quiet
from bot.chats.heard import Heard, Ignored
from bot.matching.answer import Answer, Answerer

Reason = (
    Ignored
    | Literal[
        "for another",
        "off",
        "not addressed",
        "quiet hours",
        "budget of the user",
        "budget of the chat",
        "budget of the passage",
        "not a question",
        "not confident",
        "cooldown",
    ]
)
"""Why the bot is silent."""

MINUTE_BUDGET = 12
"""Replies a minute in a group; Telegram allows 20 (core.telegram.org/bots/faq)."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing is said."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Speak:
    """Something is said, in reply to the question."""

    what: Literal["answer", "nothing found", "said before"]
    bar: float
    """The confidence from which on the passage is quoted here."""
    before: int | None = None
    """The reply that has said it already."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Which confidence speaks, before a chat's own settings."""

    addressed: float
    """To quote a passage to who asked the bot."""
    unasked: float
    """To quote it to who asked all."""
    question: float
    """The probability from which on a message counts as a question."""

    @classmethod
    def of(cls, answerer: Answerer) -> "Bars":
        """Those that the constants in use have."""
        answer = answerer.constants.answer
        return cls(answer["private"], answer["group"], answerer.model.question_threshold)


@dataclass(frozen=True, slots=True)
class Found:
    """What the bot could say to a message, as far as manners need to know."""

    confidence: float
    is_question: float
    """The probability that the message is a question at all."""
    place: tuple[str, int] | None
    """The article's key and the paragraph; none where there is no passage at all."""
    is_followup: bool = False
    """Whether the message leans on the question before it, as “and why?” and “more” do."""

    @classmethod
    def of(cls, answer: Answer, *, is_followup: bool = False) -> "Found":
        """That of an answer."""
        first = answer.excerpts[0] if answer.excerpts else None
        place = (first.article.key, first.passage.paragraph) if first else None
        return cls(answer.confidence, answer.explanation.is_question, place, is_followup)


@dataclass(frozen=True, slots=True)
class Lately:
    """What was said in the chat not long ago."""

    in_minute: int = 0
    """Replies in the chat in the last minute."""
    in_hour: int = 0
    """Replies in the chat in the last hour."""
    to_user: int = 0
    """Replies to who asks now, in the last hour."""
    of_passage: int = 0
    """Replies that quoted the passage found, in the last hour."""
    in_thread: int | None = None
    """The reply in the same thread that quoted the passage found, within its cooldown."""
    removals: int = 0
    """How often an admin of the chat removed a reply that quoted the passage found."""


def before(heard: Heard, settings: ChatSettings, now: float) -> Silent | None:
    """Why the message is passed over without looking for an answer; nothing: one is looked for."""
    if heard.ignored:
        return Silent(heard.ignored)
    return _first(
        (
            (heard.address == "other", "for another"),
            (settings.mode == "off", "off"),
            (settings.mode == "mention" and not heard.is_addressed, "not addressed"),
            (not heard.is_addressed and is_quiet(settings, now), "quiet hours"),
        )
    )


def after(
    heard: Heard, settings: ChatSettings, found: Found, lately: Lately, bars: Bars
) -> Speak | Silent:
    """What is said to a message, now that it is known what could be."""
    least = bar(bars.addressed if heard.is_addressed else bars.unasked, settings, lately.removals)
    is_found = found.place is not None and found.confidence >= least
    is_again = is_found and lately.in_thread is not None
    is_spent = is_found and not is_again and lately.of_passage >= settings.passage_budget
    silent = over_budget(settings, lately) or _first(
        (
            (is_talk(heard, found.is_question, bars) and not found.is_followup, "not a question"),
            (not is_found and not heard.is_addressed, "not confident"),
            (is_again and not heard.is_addressed, "cooldown"),
            (is_spent, "budget of the passage"),
        )
    )
    if silent:
        return silent
    if is_again:
        return Speak("said before", least, lately.in_thread)
    return Speak("answer" if is_found else "nothing found", least)


def is_talk(heard: Heard, is_question: float, bars: Bars) -> bool:
    """Whether a message asks nothing, unless it is a follow-up.

    A reply to the bot may be thanks; a command or its name asks in few words.
    """
    return heard.address in ("open", "reply") and is_question < bars.question


def over_budget(settings: ChatSettings, lately: Lately) -> Silent | None:
    """Why nothing more is said for now, whatever it is; nothing: the budgets are not spent."""
    return _first(
        (
            (lately.to_user >= settings.user_budget, "budget of the user"),
            (lately.in_hour >= settings.chat_budget, "budget of the chat"),
            (lately.in_minute >= MINUTE_BUDGET, "budget of the chat"),
        )
    )


def bar(threshold: float, settings: ChatSettings, removals: int = 0) -> float:
    """The confidence from which on a passage is quoted in the chat, from 0 to 1.

    Caution, and each reply with the passage that an admin removed, halves what is left to
    certainty.

    >>> bar(0.5, ChatSettings()), bar(0.5, ChatSettings(), removals=2)
    (0.5, 0.875)
    """
    levels: dict[Caution, float] = {
        "careful": 1 - (1 - threshold) / 2,
        "normal": threshold,
        "bold": threshold * 0.75,
    }
    return 1 - (1 - levels[settings.confidence]) * 0.5**removals


def _first(rules: tuple[tuple[bool, Reason], ...]) -> Silent | None:
    return next((Silent(reason) for applies, reason in rules if applies), None)
