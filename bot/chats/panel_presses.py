"""/settings and presses on its panel, in the group or in private; rights are checked each time."""

from contextlib import suppress
from typing import Any

from telegram import Update
from telegram.error import BadRequest
from telegram.ext import BaseHandler, CommandHandler, ContextTypes, filters

from bot.chats.admins import is_admin, is_by_admin
from bot.chats.chat_settings import ChatSettings, Overrides, chosen, differing, settled
from bot.chats.desk import Desk, desk_of
from bot.chats.links import scope_of, settings_link
from bot.chats.message import Message
from bot.chats.panel import CLOSE, HOME, PARENTS, RESET, SPEAK, Panel
from bot.chats.panel_buttons import PanelButton, choice_of, panel_button, written
from bot.chats.presses import acknowledge
from bot.chats.remarks import remark, say, words_of
from bot.chats.said import said
from bot.chats.scope import Scope
from bot.chats.sending import edit, send
from bot.locale import Words, words_for


def private_handlers() -> list[BaseHandler[Any, Any, Any]]:
    """What the private chat reacts to, before all else there."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    return [
        # The panel of a group, by the link on it.
        CommandHandler("start", open_in_private, private & filters.Regex(r"^/start settings_")),
        # Where the panel is to be found.
        CommandHandler("settings", tell_where, private),
    ]


async def open_panel(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Open the panel of the group, or of the topic where it is asked for."""
    message, desk = update.effective_message, desk_of(context)
    assert message is not None
    if not await is_by_admin(context.bot, message):
        await remark(update, context, "toast.admins_only")
        return
    scope = Scope(message.chat.id, said(message).topic_id)
    words = words_of(desk.state.settings(scope.chat_id, scope.topic_id), message)
    link = settings_link(context.bot.username, scope)
    # Who writes in the group's name is shown as somebody who never wrote to the bot.
    looking = message.from_user.id if message.from_user else 0
    panel = await _panel(context, scope, message.chat.title or "", words, link, looking)
    shown = panel.page(HOME)
    assert shown is not None
    await say(context, message, shown, words)


async def open_in_private(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Open the panel that the link leads to, for an administrator of that group."""
    user, chat = update.effective_user, update.effective_chat
    assert user is not None
    assert chat is not None
    words = words_for(user.language_code)
    scope = scope_of(context.args[0]) if context.args else None
    if scope is None or not await is_admin(context.bot, scope.chat_id, user.id):
        await send(context.bot, chat.id, Message(words("toast.admins_only")))
        return
    title = await _title(context, scope)
    shown = (await _panel(context, scope, title, words, None, user.id)).page(HOME)
    assert shown is not None
    await send(context.bot, chat.id, shown)


async def tell_where(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Tell how to open the panel of a group here."""
    user, chat = update.effective_user, update.effective_chat
    assert chat is not None
    words = words_for(user.language_code if user else None)
    await send(context.bot, chat.id, Message(words("panel.where")))


async def press_on_panel(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Choose what the button says and show what it leads to, if an administrator presses it."""
    query = update.callback_query
    assert query is not None
    words = words_for(query.from_user.language_code)
    button = panel_button(query.data or "")
    if button is None or query.message is None:
        await acknowledge(query, words("toast.stale"))
        return
    chat, scope = query.message.chat, button.scope
    is_private = chat.type == chat.PRIVATE
    if not is_private and chat.id != scope.chat_id:
        await acknowledge(query, words("toast.stale"))
        return
    if not await is_admin(context.bot, scope.chat_id, query.from_user.id):
        await acknowledge(query, words("toast.admins_only"))
        return
    desk, at = desk_of(context), query.message.message_id
    toast = ""
    if not _choose(desk, button):
        toast = words("toast.stale")
    elif button.page == CLOSE:
        await _close(context, chat.id, at, words)
    elif button.page == SPEAK:
        toast = words("toast.speaks")
        with suppress(BadRequest):
            await context.bot.edit_message_reply_markup(chat.id, at)
    else:
        title = chat.title or "" if not is_private else await _title(context, scope)
        link = None if is_private else settings_link(context.bot.username, scope)
        panel = await _panel(context, scope, title, words, link, query.from_user.id)
        shown = panel.page(_next_page(button), button.number)
        if shown is None or not await edit(context.bot, chat.id, at, shown):
            toast = words("toast.stale")
    await acknowledge(query, toast)


def _choose(desk: Desk, button: PanelButton) -> bool:
    """Whether what the button chooses could be chosen, if it chooses anything."""
    state, scope = desk.state, button.scope
    overrides = state.overrides(scope.chat_id, scope.topic_id)
    base = _base(desk, scope)
    name, value = button.page, button.value
    if name == RESET:
        state.override(scope.chat_id, scope.topic_id, {})
        return True
    if name == SPEAK:
        name, value = "dry_run", written(False)
    if value is None:
        return True
    try:
        if name == "articles":
            choice = _articles(desk, settled(_above(desk, scope), overrides).articles, value)
        else:
            choice = choice_of(name, value)
        state.override(scope.chat_id, scope.topic_id, chosen(overrides, base, name, choice))
    except (KeyError, ValueError):
        return False
    return True


def _articles(desk: Desk, served: tuple[str, ...], key: str) -> tuple[str, ...]:
    """The keys of the articles served once this one is pressed: added, taken out, or all again.

    Those that are gone go with the next press.
    """
    if not key:
        return ()
    there = {article.key for article in desk.store.articles()}
    if key not in there:
        raise KeyError(key)
    kept = tuple(each for each in served if each in there and each != key)
    return kept if key in served else (*kept, key)


def _next_page(button: PanelButton) -> str:
    """The page to show: after a choice the one that led to it, or the list pressed on."""
    if button.page == RESET:
        return HOME
    if button.value is None or button.page == "articles":
        return button.page
    return PARENTS.get(button.page, HOME)


async def _panel(  # noqa: PLR0913, PLR0917  what it shows, where and to whom
    context: ContextTypes.DEFAULT_TYPE,
    scope: Scope,
    title: str,
    words: Words,
    link: str | None,
    looking: int,
) -> Panel:
    """The panel as it stands now, somebody looking at it."""
    desk, bot = desk_of(context), context.bot
    overrides = desk.state.overrides(scope.chat_id, scope.topic_id)
    settings = settled(_above(desk, scope), overrides)
    notes = []
    if settings.dry_run and not desk.state.knows(looking):
        notes.append("start_first")
    is_deaf = settings.mode == "questions" and not bot.bot.can_read_all_group_messages
    if is_deaf and not await is_admin(bot, scope.chat_id, bot.id):
        notes.append("privacy_mode")
    return Panel(
        scope,
        title,
        settings,
        differing(overrides, _base(desk, scope)),
        desk.store.articles(),
        words,
        tuple(notes),
        link,
    )


def _above(desk: Desk, scope: Scope) -> Overrides:
    """What was chosen for the group that a topic is in."""
    return desk.state.overrides(scope.chat_id, None) if scope.topic_id else {}


def _base(desk: Desk, scope: Scope) -> ChatSettings:
    """The settings that hold where nothing is chosen: the group's in a topic, else the defaults."""
    return settled(_above(desk, scope))


async def _title(context: ContextTypes.DEFAULT_TYPE, scope: Scope) -> str:
    return (await context.bot.get_chat(scope.chat_id)).title or ""


async def _close(
    context: ContextTypes.DEFAULT_TYPE, chat_id: int, message_id: int, words: Words
) -> None:
    try:
        await context.bot.delete_message(chat_id, message_id)
    except BadRequest:  # older than 48 hours
        await edit(context.bot, chat_id, message_id, Message(words("panel.closed")))
