"""Presses of buttons: the message under which the button stands is edited in place."""

from telegram import CallbackQuery, Update
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from bot.chats import pages, render
from bot.chats.buttons import (
    Action,
    ChooseArticle,
    ListArticles,
    OpenArticle,
    Reference,
    ShowMatch,
    ShowParagraph,
    TurnPage,
    action_of,
)
from bot.chats.desk import Desk, desk_of
from bot.chats.message import Message, shortened
from bot.chats.sending import answer_in_time, edit
from bot.corpus.store import PassageStore
from bot.locale import Words, words_for
from bot.matching.answer import Excerpt, excerpt


async def press(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A button was pressed: show what it leads to, or say in a toast that it leads nowhere."""
    query = update.callback_query
    assert query is not None
    words = words_for(query.from_user.language_code)
    action = action_of(query.data or "")
    toast = words("toast.stale")
    # None of these buttons stands under anything said in a group.
    if query.message and query.message.chat.type == ChatType.PRIVATE and action:
        chat_id, message_id = query.message.chat.id, query.message.message_id
        shown, done = _carried_out(action, chat_id, desk_of(context), words)
        if shown and await edit(context.bot, chat_id, message_id, shown):
            toast = done
    await acknowledge(query, toast)


def _carried_out(
    action: Action, chat_id: int, desk: Desk, words: Words
) -> tuple[Message | None, str]:
    """What the message reads now, if the button still leads anywhere, and what the toast says."""
    articles = desk.store.articles()
    if isinstance(action, ChooseArticle):
        article = desk.store.article_of_key(action.key) if action.key else None
        if action.key and article is None:
            return None, ""
        desk.state.choose_article(chat_id, article.slug if article else None)
        choice = shortened(article.title, 150) if article else words("button.all_articles")
        shown = pages.articles_to_ask(articles, article, action.page, words)
        return shown, words("toast.chosen", choice=choice)
    if isinstance(action, ListArticles):
        if action.to_read:
            return pages.articles_to_read(articles, action.page, words), ""
        slug = desk.state.chosen_article(chat_id)
        chosen = desk.store.article(slug) if slug else None
        return pages.articles_to_ask(articles, chosen, action.page, words), ""
    return leads_to(action, desk.store, words), ""


def leads_to(
    action: ShowParagraph | OpenArticle | TurnPage | ShowMatch, store: PassageStore, words: Words
) -> Message | None:
    """The place in an article that a button leads to; nothing where it is not there."""
    if isinstance(action, ShowMatch):
        found = _excerpt(action.matches[action.shown], store)
        return render.match(found, action, words) if found else None
    article = store.article_of_key(action.key if isinstance(action, TurnPage) else action.at.key)
    if article is None:
        return None
    if isinstance(action, ShowParagraph):
        passage = store.passage(article.slug, action.at.paragraph)
        return render.paragraph(article, passage, words) if passage else None
    passages = store.passages(article.slug)
    if isinstance(action, TurnPage):
        return pages.page(article, passages, action.page, words)
    page = pages.page_of(passages, action.at)
    return pages.page(article, passages, page, words, action.at.paragraph) if page else None


def _excerpt(place: Reference, store: PassageStore) -> Excerpt | None:
    """The excerpt whose best sentence stands there."""
    article = store.article_of_key(place.key)
    passage = store.passage(article.slug, place.paragraph) if article else None
    if article is None or passage is None or place.sentence >= len(passage.sentences):
        return None
    highlight = passage.sentences[place.sentence]
    return Excerpt(article, passage, excerpt(passage, highlight), highlight, score=0.0)


async def acknowledge(query: CallbackQuery, toast: str) -> None:
    """Tell the client that the press was handled; one pressed too long ago takes no answer."""
    await answer_in_time(query.answer(toast or None))
