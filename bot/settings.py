"""Every setting: its environment variable, its default, what it means.

A new user needs ``TELEGRAM_BOT_TOKEN`` only. ``SETTINGS`` is also the README's table, and a test
holds the two against each other.
"""

import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

LogFormat = Literal["auto", "text", "json"]
_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


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
    Setting(
        "PULLQUOTE_LOG",
        "auto",
        "`text`: a readable line an event; `json`: an object a line; `auto`: `text` on a terminal, "
        "else `json`.",
    ),
    Setting(
        "PULLQUOTE_LOG_LEVEL",
        "info",
        "From which level on is logged: `debug`, `info`, `warning` or `error`. Only `debug` may "
        "show readers' words.",
    ),
    Setting(
        "PULLQUOTE_METRICS",
        "",
        "`port` or `host:port` to serve metrics at, as Prometheus reads them; on loopback where no "
        "host is given.",
    ),
    Setting(
        "PULLQUOTE_ADMIN_CHAT",
        "",
        "The id of the chat that is told what goes wrong: each kind of error once an hour.",
    ),
    Setting(
        "PULLQUOTE_WEBHOOK_URL",
        "",
        "The public https address to which Telegram posts updates. Without it, the bot polls.",
    ),
    Setting(
        "PULLQUOTE_WEBHOOK_LISTEN",
        "127.0.0.1:8080",
        "Where the bot listens for them behind your proxy: `host:port` or `unix:/path`.",
    ),
    Setting(
        "PULLQUOTE_WEBHOOK_SECRET",
        "",
        "What shows that a post is Telegram's. Without it, "
        "one is made and kept in `PULLQUOTE_DATA`.",
    ),
)
HEALTHY, READY = "/healthz", "/readyz"
"""The paths beside the webhook's own."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are posted to. The secret is left out of ``repr``."""

    url: str
    """What Telegram is told, https, with the path that a proxy hands on."""
    listen: tuple[str, int] | Path
    """Host and port, or the path of a unix socket."""
    secret: str = field(default="", repr=False)
    """What Telegram sends along; empty: one is made and kept."""

    @property
    def path(self) -> str:
        """The path of the address."""
        return urlsplit(self.url).path or "/"


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
    log: LogFormat = "auto"
    log_level: int = logging.INFO
    metrics: tuple[str, int] | None = None
    """The host and port that metrics are served at, if they are."""
    admin_chat: int | None = None
    """The chat that is told what goes wrong, if any."""
    webhook: Webhook | None = None

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

    @property
    def webhook_secret(self) -> Path:
        """The file of the webhook's secret, where none was set."""
        return self.data / "webhook-secret"


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
    log: LogFormat | None = next(
        (known for known in get_args(LogFormat) if known == value["PULLQUOTE_LOG"]), None
    )
    if log is None:
        raise BadSetting("PULLQUOTE_LOG is none of `auto`, `text` and `json`.")
    log_level = _LEVELS.get(value["PULLQUOTE_LOG_LEVEL"].lower())
    if log_level is None:
        raise BadSetting(f"PULLQUOTE_LOG_LEVEL is none of {', '.join(_LEVELS)}.")
    admin_chat = value["PULLQUOTE_ADMIN_CHAT"]
    if not re.fullmatch(r"(-?[0-9]{1,18})?", admin_chat, re.ASCII):
        raise BadSetting("PULLQUOTE_ADMIN_CHAT is no chat id (a number, below zero for a group).")
    return Settings(
        token=value["TELEGRAM_BOT_TOKEN"],
        api_url=value["TELEGRAM_API_URL"].rstrip("/"),
        articles=Path(value["PULLQUOTE_ARTICLES"]),
        data=Path(value["PULLQUOTE_DATA"]),
        operators=frozenset(int(operator) for operator in operators),
        encoder=value["PULLQUOTE_ENCODER"] == "auto",
        keep_unanswered=value["PULLQUOTE_KEEP_UNANSWERED"] == "on",
        log=log,
        log_level=log_level,
        metrics=_metrics(value["PULLQUOTE_METRICS"]),
        admin_chat=int(admin_chat) if admin_chat else None,
        webhook=_webhook(
            value["PULLQUOTE_WEBHOOK_URL"],
            value["PULLQUOTE_WEBHOOK_LISTEN"],
            value["PULLQUOTE_WEBHOOK_SECRET"],
        ),
    )


def _host_and_port(text: str) -> tuple[str, int] | None:
    """The host, empty where there is none, and the port; None where it is no such address.

    >>> _host_and_port("9100"), _host_and_port("[::1]:9100"), _host_and_port("localhost")
    (('', 9100), ('::1', 9100), None)
    """
    host, _, port = text.rpartition(":")
    if not re.fullmatch("[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
        return None
    return host.removeprefix("[").removesuffix("]"), int(port)


def _metrics(text: str) -> tuple[str, int] | None:
    if not text:
        return None
    address = _host_and_port(text)
    if address is None:
        raise BadSetting("PULLQUOTE_METRICS takes a port, or a host and a port as `host:port`.")
    return address[0] or "127.0.0.1", address[1]


def is_secret(text: str) -> bool:
    """Whether Telegram takes it as the secret of a webhook."""
    return re.fullmatch(r"[A-Za-z0-9_-]{1,256}", text) is not None


def _webhook(url: str, listen: str, secret: str) -> Webhook | None:
    if not url:
        return None
    if not _is_public(url):
        raise BadSetting("PULLQUOTE_WEBHOOK_URL is no address such as https://example.org/telegram")
    if urlsplit(url).path in (HEALTHY, READY):
        raise BadSetting(f"PULLQUOTE_WEBHOOK_URL needs a path other than {HEALTHY} and {READY}.")
    if secret and not is_secret(secret):
        raise BadSetting(
            "PULLQUOTE_WEBHOOK_SECRET takes 1 to 256 characters of A–Z, a–z, 0–9, _ and -."
        )
    return Webhook(url, _address(listen), secret)


def _is_public(url: str) -> bool:
    """Whether it is an https address that can be told to Telegram."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    is_plain = re.fullmatch(r"[!-~]+", url) is not None and "@" not in parts.netloc
    return parts.scheme == "https" and bool(parts.hostname) and port != 0 and is_plain


def _address(listen: str) -> tuple[str, int] | Path:
    """The host and port, or the path of the socket.

    >>> _address("[::1]:8080"), _address("unix:/run/pullquote/socket")
    (('::1', 8080), PosixPath('/run/pullquote/socket'))
    """
    if listen.startswith("unix:/"):
        return Path(listen.removeprefix("unix:"))
    address = _host_and_port(listen)
    if address is None or not address[0]:
        raise BadSetting("PULLQUOTE_WEBHOOK_LISTEN is neither `host:port` nor `unix:/path`.")
    return address
