"""The bot on Telegram: its parts put together, started, and ended in order."""

import asyncio
import contextlib
import logging
import os
import signal
import sqlite3
import traceback
from functools import partial
from typing import Any, NoReturn

from telegram import Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import Application, ApplicationBuilder, CallbackContext, TypeHandler

from bot.chats import (
    channels,
    discussions,
    groups,
    guest,
    inline,
    logs,
    membership,
    metrics,
    privacy,
    private,
)
from bot.chats.alarm import Alarm, kind
from bot.chats.backup import NotCopied
from bot.chats.client import Client, is_token
from bot.chats.database import NewerDatabase, Unusable
from bot.chats.delivery import PatientLimiter, in_short
from bot.chats.desk import Desk, desk_of
from bot.chats.inbox import Inbox, mark_send
from bot.chats.letterbox import Letterbox
from bot.chats.message import Message
from bot.chats.polling import RIVAL_PATIENCE, Refused, insist, poll
from bot.chats.retention import Retention
from bot.chats.sending import send
from bot.chats.state import ChatState
from bot.chats.upkeep import Upkeep
from bot.chats.webhook import letterbox_of, receive
from bot.corpus.build import Corpus
from bot.corpus.store import PassageStore
from bot.matching.answer import Answerer
from bot.settings import Settings

_log = logging.getLogger(__name__)
_App = Application[Any, Any, Any, Any, Any, Any]

KINDS = (
    *("message", "edited_message", "channel_post", "edited_channel_post", "callback_query"),
    *("inline_query", "guest_message", "my_chat_member"),
)
"""The updates that the handlers below react to."""
LAST_WORDS = 8.0
"""Seconds in which what is in hand is finished after SIGTERM; service managers give 10 or more."""
WORDS_OF_ALARM = 1.5
"""Seconds in which the admin chat is told of what went wrong last."""

_DONE, _CONFIGURATION, _TELEGRAM = 0, 3, 4


class _Application(Application[Any, Any, Any, Any, Any, Any]):
    """The library's, but that ``state.db`` is no handler's trouble: the update is to stay open."""

    async def process_error(
        self, update: object, error: Exception, job: Any = None, coroutine: Any = None
    ) -> bool:
        if isinstance(error, Unusable):
            raise error
        return await super().process_error(update, error, job, coroutine)


async def serve(
    settings: Settings,
    corpus: Corpus,
    store: PassageStore,
    answerer: Answerer,
    *,
    rival_patience: float = RIVAL_PATIENCE,
) -> int:
    """The exit code, once SIGTERM or SIGINT came (0) or Telegram refused the bot (4).

    3 where the token is none or ``state.db`` cannot be used; ``BadSetting`` is raised where it is
    not possible to listen for a webhook. A second signal ends the process at once; as the inbox is
    on the disk, nothing is lost.
    """
    logs.begin(settings.token, settings.log_level, settings.log)
    if not is_token(settings.token):
        _log.error(
            "TELEGRAM_BOT_TOKEN is no token (digits, colon, letters). Copy it from @BotFather."
        )
        return _CONFIGURATION
    try:
        state = ChatState(settings.state_db)
    except (NewerDatabase, NotCopied) as error:
        _log.error("%s", error)
        return _CONFIGURATION
    except (OSError, sqlite3.Error) as error:
        _log.error("%s cannot be opened (%s).", settings.state_db, error)
        return _CONFIGURATION

    upkeep = Upkeep(corpus)
    desk = Desk(settings, store, state, answerer, upkeep.rebuild, upkeep.look)
    metrics.watch(desk.metrics, state, store)
    try:
        page = metrics.serve(desk.metrics, settings.metrics) if settings.metrics else None
    except OSError as error:
        _log.error("PULLQUOTE_METRICS: nothing can be served there (%s).", error.strerror)
        desk.close()
        state.close()
        return _CONFIGURATION
    limiter = PatientLimiter(metrics=desk.metrics, mark=partial(mark_send, state))
    client = Client(settings.token, settings.api_url, limiter, desk.metrics)
    alarm = _alarm(client, settings)
    app = application(client, desk)
    try:
        async with letterbox_of(settings, state) as letterbox:
            talking = asyncio.create_task(
                _talk(app, client, desk, upkeep, rival_patience, letterbox)
            )
            _cancel_on_signal(talking)
            await talking
    except asyncio.CancelledError:
        _log.info("Stopped.")
        return _DONE
    except Refused as refused:
        _log.error("%s", refused)
        return _TELEGRAM
    finally:
        if alarm:
            await alarm.end(WORDS_OF_ALARM)
        if page:
            page.stop()
            await page.close_all_connections()
        desk.close()
        await client.shutdown()
        state.close()


def _alarm(client: Client, settings: Settings) -> Alarm | None:
    """What hears every error in the log from now on, where there is a chat to tell."""
    chat_id = settings.admin_chat
    if chat_id is None:
        return None
    alarm = Alarm(lambda text: send(client, chat_id, Message(text)), settings.token)
    logging.getLogger().addHandler(alarm)
    return alarm


def application(client: Client, desk: Desk) -> _App:
    """The handlers of every chat, in the order in which they are tried.

    Each blocks: ``process_update`` returns when its handler has ended. ``Unusable`` is raised where
    ``state.db`` was that.
    """
    builder = ApplicationBuilder().application_class(_Application)
    app = builder.bot(client).updater(None).job_queue(None).build()
    app.bot_data["desk"] = desk
    # Before anything else: whatever is shown comes from the index that stands there now.
    app.add_handler(TypeHandler(Update, _take_up_index), group=-1)
    # Any chat: the bot comes or goes, and what is kept.
    app.add_handlers([*membership.handlers(), *privacy.handlers()])
    # Discussion groups: a post that begins the thread of its comments.
    app.add_handlers(discussions.handlers())
    # Groups: questions put to the bot or to all, and what admins set and remove.
    app.add_handlers(groups.handlers())
    # Channels: posts that ask.
    app.add_handlers(channels.handlers())
    # A person alone with the bot: commands, questions, edits, buttons.
    app.add_handlers(private.handlers())
    # Any chat at all: a question typed after the bot's name, or put to it as a guest.
    app.add_handlers([*inline.handlers(), *guest.handlers()])
    # Whatever goes wrong in any of them: a damaged index is built anew, all else is told.
    app.add_error_handler(_recover)
    return app


async def _talk(  # noqa: PLR0913, PLR0917  the parts, and which way updates come
    app: _App,
    client: Client,
    desk: Desk,
    upkeep: Upkeep,
    rival_patience: float,
    letterbox: Letterbox | None,
) -> NoReturn:
    """Talk to Telegram until cancelled; then finish what is in hand."""
    await insist(app.initialize)
    _log.info("On Telegram as @%s.", client.username)
    if not client.bot.can_read_all_group_messages:
        _log.info(
            "Privacy mode is on: in groups the bot sees only commands, mentions and replies to it. "
            "To change that: @BotFather, /setprivacy, then add the bot to the group again."
        )
    if not client.bot.supports_inline_queries:
        _log.info(
            "Inline mode is off: nobody can ask by typing @%s in another chat. "
            "To change that: @BotFather, /setinline.",
            client.username,
        )
    if not desk.answerer.has_encoder:
        _log.info("No sentence encoder: questions are matched by their words alone.")
    if not desk.store.articles():
        _log.warning(
            "There are no articles in %s yet. One that is put there is served within a minute.",
            desk.settings.articles,
        )
    if letterbox is None:
        await _remove_webhook(client)
    retention = Retention(desk)
    aside = [
        asyncio.create_task(_register_words(client)),
        asyncio.create_task(upkeep.watch()),
        asyncio.create_task(retention.watch()),
    ]
    inbox = Inbox(desk.state, client, app.process_update, metrics=desk.metrics)

    def keep(batch: list[Any]) -> None:
        inbox.keep(batch)
        desk.state.hear()

    try:
        retention.sweep()
        inbox.resume()
        if letterbox:
            await receive(client, keep, KINDS, letterbox)
        await poll(client, keep, KINDS, rival_patience=rival_patience)
    finally:
        for task in aside:
            task.cancel()
        upkeep.end()
        await inbox.close(LAST_WORDS)


async def _remove_webhook(client: Client) -> None:
    webhook = await insist(client.get_webhook_info)
    if webhook.url:
        await insist(partial(client.delete_webhook, drop_pending_updates=False))
        _log.warning("A webhook was set and would get the updates; it was removed.")


async def _register_words(client: Client) -> None:
    """Register commands and descriptions; the bot works without, so a failure is only told."""
    try:
        await private.register_words(client)
    except TelegramError as error:
        _log.warning("Commands not registered (%s); the next start tries again.", in_short(error))


def _cancel_on_signal(task: asyncio.Task[Any]) -> None:
    """Have SIGTERM and SIGINT cancel the task; a second one ends the process."""

    def on_signal() -> None:
        _log.info("Stopping: finishing what is in hand. A second signal stops at once.")
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        task.cancel()

    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # Windows has no such handlers
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, on_signal)


async def _take_up_index(_: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
    await desk_of(context).take_up()


async def _recover(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    """Handle the update once more if the index was damaged and has been built anew."""
    error = context.error
    # What a database cannot hold, as a malformed update may have it, is no damage to one.
    is_of_a_database = isinstance(error, sqlite3.DatabaseError) and not isinstance(
        error, sqlite3.ProgrammingError
    )
    if is_of_a_database and isinstance(update, Update) and await desk_of(context).repair():
        _log.warning("The index was damaged and has been built anew.")
        await context.application.process_update(update)
    else:
        _report(update, context)


def _report(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    """Log what went wrong and where, without a word of a reader's."""
    error = context.error
    assert error is not None
    # Telegram's own words hold nothing of a message; another error's might.
    what = in_short(error) if isinstance(error, TelegramError) else type(error).__name__
    frame = traceback.extract_tb(error.__traceback__)[-1]
    chat = update.effective_chat if isinstance(update, Update) else None
    _log.log(
        # Whoever blocks the bot does no more than what they may.
        logging.INFO if isinstance(error, Forbidden) else logging.ERROR,
        "Update %s in chat %s: %s (%s, line %s)",
        getattr(update, "update_id", None),
        chat and chat.id,
        what,
        os.path.basename(frame.filename),
        frame.lineno,
        extra=kind(f"{type(error).__name__} in {frame.filename}, line {frame.lineno}"),
    )
    if not isinstance(error, TelegramError):
        desk_of(context).metrics.failed("exception")
    _log.debug("The same in full:", exc_info=error)
