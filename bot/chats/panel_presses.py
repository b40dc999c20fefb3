"""/settings and presses on its panel, in the group or in private; rights are checked each time."""

from contextlib import suppress
from typing import Any

from telegram import MaybeInaccessibleMessage, Update, User
from telegram.constants import ChatType
from telegram.error import BadRequest
from telegram.ext import BaseHandler, CommandHandler, ContextTypes, filters

from bot.chats.admins import is_admin, is_by_admin
from bot.chats.chat_settings import chosen, differing, settled
from bot.chats.desk import Desk, desk_of
from bot.chats.links import scope_of, settings_link
from bot.chats.message import Message
from bot.chats.panel import CLOSE, HOME, LESS, PARENTS, RESET, SPEAK, Panel
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
    button, message = panel_button(query.data or ""), query.message
    # A panel in a group is that group's.
    is_there = message is not None and (
        message.chat.type == ChatType.PRIVATE
        or (button is not None and button.scope.chat_id == message.chat.id)
    )
    if button is None or message is None or not is_there:
        toast = words("toast.stale")
    elif not await is_admin(context.bot, button.scope.chat_id, query.from_user.id):
        toast = words("toast.admins_only")
    elif not _choose(desk_of(context), button):
        toast = words("toast.stale")
    else:
        toast = await _show(context, button, message, query.from_user)
    await acknowledge(query, toast)


async def _show(
    context: ContextTypes.DEFAULT_TYPE,
    button: PanelButton,
    message: MaybeInaccessibleMessage,
    user: User,
) -> str:
    """What the toast says, now that the message shows what the button leads to."""
    bot, chat, scope = context.bot, message.chat, button.scope
    words = words_for(user.language_code)
    if button.page == SPEAK:
        with suppress(BadRequest):
            await bot.edit_message_reply_markup(chat.id, message.message_id)
        return words("toast.speaks")
    if button.page == CLOSE:
        try:
            await bot.delete_message(chat.id, message.message_id)
        except BadRequest:  # older than 48 hours
            await edit(bot, chat.id, message.message_id, Message(words("panel.closed")))
        return ""
    if chat.type == ChatType.PRIVATE:
        panel = await _panel(context, scope, await _title(context, scope), words, None, user.id)
    else:
        language = desk_of(context).state.settings(scope.chat_id, scope.topic_id).language
        spoken = words if language == "auto" else words_for(language)
        link = settings_link(bot.username, scope)
        panel = await _panel(context, scope, chat.title or "", spoken, link, user.id)
    shown = panel.page(_next_page(button), button.number)
    is_shown = shown is not None and await edit(bot, chat.id, message.message_id, shown)
    return "" if is_shown else words("toast.stale")


def _choose(desk: Desk, button: PanelButton) -> bool:
    """Whether what the button chooses could be chosen, if it chooses anything."""
    state, scope = desk.state, button.scope
    name, value = button.page, button.value
    overrides = state.overrides(scope.chat_id, scope.topic_id)
    above = state.underneath(scope.chat_id, scope.topic_id)
    if name == SPEAK:
        name, value = "dry_run", written(False)
    if name == RESET:
        overrides = {}
    elif value is None:
        return True
    else:
        try:
            served = settled(above, overrides).articles
            choice = (
                _articles(desk, served, value) if name == "articles" else choice_of(name, value)
            )
            overrides = chosen(overrides, settled(above), name, choice)
        except (KeyError, ValueError):
            return False
    state.override(scope.chat_id, scope.topic_id, overrides)
    return True


def _articles(desk: Desk, served: tuple[str, ...], value: str) -> tuple[str, ...]:
    """The keys of the articles served after a press: one more, one less, or all of them again.

    Those that are gone go with it.
    """
    there = {article.key for article in desk.store.articles()}
    key = value.removeprefix(LESS)
    if not value:
        return ()
    if key not in there:
        raise KeyError(key)
    kept = tuple(each for each in served if each in there and each != key)
    return kept if value.startswith(LESS) else (*kept, key)


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
    above = desk.state.underneath(scope.chat_id, scope.topic_id)
    settings = settled(above, overrides)
    notes = []
    if settings.dry_run and not desk.state.memberships.knows(looking):
        notes.append("start_first")
    is_deaf = settings.mode == "questions" and not bot.bot.can_read_all_group_messages
    if is_deaf and not await is_admin(bot, scope.chat_id, bot.id):
        notes.append("privacy_mode")
    return Panel(
        scope,
        title,
        settings,
        differing(overrides, settled(above)),
        desk.store.articles(),
        words,
        tuple(notes),
        link,
    )


async def _title(context: ContextTypes.DEFAULT_TYPE, scope: Scope) -> str:
    return (await context.bot.get_chat(scope.chat_id)).title or ""
