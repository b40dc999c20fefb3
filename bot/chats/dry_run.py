"""Dry run: what would have been said in a group, told to its administrators in private."""

from dataclasses import replace

from telegram import Message
from telegram.ext import ContextTypes

from bot.chats.admins import tell_admins
from bot.chats.desk import desk_of
from bot.chats.links import message_link
from bot.chats.message import Button, Draft, Rows, shortened
from bot.chats.message import Message as Shown
from bot.chats.panel import SPEAK
from bot.chats.panel_buttons import PanelButton
from bot.chats.said import said
from bot.chats.scope import Scope
from bot.locale import Words


async def report(
    context: ContextTypes.DEFAULT_TYPE, message: Message, shown: Shown, figures: str, words: Words
) -> None:
    """Tell every administrator who has written to the bot what it keeps back, and how sure it is.

    A button has it speak from now on, in the topic or the group that the dry run is set for.
    """
    state = desk_of(context).state
    place = Scope(message.chat.id, said(message).topic_id)
    is_of_topic = "dry_run" in state.overrides(place.chat_id, place.topic_id)
    speak = PanelButton(place if is_of_topic else place.whole, SPEAK)
    buttons: Rows = ((Button(words("button.speak"), speak.data),),)
    link = message_link(place, message.message_id)
    told = kept_back(shown, message.chat.title or "", link, figures, words)
    await tell_admins(context.bot, state, message.chat.id, replace(told, buttons=buttons))


def kept_back(shown: Shown, title: str, link: str | None, figures: str, words: Words) -> Shown:
    """What would have been said: where and in reply to what above it, how sure below."""
    draft = Draft()
    draft.write(words("dry_run.would_have_said", chat=shortened(title, 100)))
    if link:
        draft.write("\n")
        draft.write(words("dry_run.message"), "text_link", link)
    told = shown.after(draft.message())
    return replace(told, text=f"{told.text}\n\n{figures}")
