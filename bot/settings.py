"""Every setting: its environment variable, its default, what it means.

A new user needs ``TELEGRAM_BOT_TOKEN`` only. ``SETTINGS`` is also the README's table, and a test
holds the two against each other.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class BadSetting(ValueError):
    """A setting that cannot be used; the message names it, says why and what to do."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table of settings."""

    variable: str
    default: str
    meaning: str


SETTINGS = (
    Setting(
        "TELEGRAM_BOT_TOKEN",
        "",
        "The bot's token from @BotFather. Without it, `run` talks in the terminal.",
    ),
    Setting(
        "TELEGRAM_API_URL",
        "https://api.telegram.org",
        "The Bot API's address without `/bot`, for a server of your own.",
    ),
    Setting("PULLQUOTE_ARTICLES", "seeds", "The folder the articles are in."),
    Setting(
        "PULLQUOTE_DATA",
        "data",
        "The folder of the two databases: `passages.db`, which can be thrown away, and "
        "`state.db`, which cannot.",
    ),
    Setting(
        "PULLQUOTE_OPERATORS",
        "",
        "Telegram user ids, apart by commas, of those who may see operators' commands.",
    ),
    Setting(
        "PULLQUOTE_ENCODER",
        "auto",
        "`auto`: use the sentence encoder where it is installed; `off`: fuzzy matching alone.",
    ),
    Setting(
        "PULLQUOTE_KEEP_UNANSWERED",
        "off",
        "`on`: keep the text of questions put to the bot that no passage answers, without who "
        "asked, for 30 days; `pullquote unanswered` lists them.",
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. The token is left out of ``repr``."""

    token: str = field(default="", repr=False)
    api_url: str = "https://api.telegram.org"
    articles: Path = Path("seeds")
    data: Path = Path("data")
    operators: frozenset[int] = frozenset()
    encoder: bool = True
    keep_unanswered: bool = False

    @property
    def passages_db(self) -> Path:
        """The derived database: safe to delete."""
        return self.data / "passages.db"

    @property
    def posts(self) -> Path:
        """The folder of the articles that channels' posts have become."""
        return self.data / "posts"

    @property
    def state_db(self) -> Path:
        """The precious database: never deleted by the program."""
        return self.data / "state.db"


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the environment asks for; ``BadSetting`` names the first that is wrong."""
    value = {
        setting.variable: environment.get(setting.variable, "").strip() or setting.default
        for setting in SETTINGS
    }
    if value["PULLQUOTE_ENCODER"] not in ("auto", "off"):
        raise BadSetting("PULLQUOTE_ENCODER is neither `auto` nor `off`.")
    if value["PULLQUOTE_KEEP_UNANSWERED"] not in ("on", "off"):
        raise BadSetting("PULLQUOTE_KEEP_UNANSWERED is neither `on` nor `off`.")
    if not value["TELEGRAM_API_URL"].startswith(("http://", "https://")):
        raise BadSetting("TELEGRAM_API_URL does not start with http:// or https://.")
    operators = [part.strip() for part in value["PULLQUOTE_OPERATORS"].split(",") if part.strip()]
    if not all(operator.isdecimal() for operator in operators):
        raise BadSetting("PULLQUOTE_OPERATORS takes user ids (numbers) apart by commas.")
    return Settings(
        token=value["TELEGRAM_BOT_TOKEN"],
        api_url=value["TELEGRAM_API_URL"].rstrip("/"),
        articles=Path(value["PULLQUOTE_ARTICLES"]),
        data=Path(value["PULLQUOTE_DATA"]),
        operators=frozenset(int(operator) for operator in operators),
        encoder=value["PULLQUOTE_ENCODER"] == "auto",
        keep_unanswered=value["PULLQUOTE_KEEP_UNANSWERED"] == "on",
    )
