"""Inline mode: a question typed after the bot's name in any chat gets a list to pick from."""

from collections.abc import Sequence
from typing import Any

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.ext import BaseHandler, ContextTypes, InlineQueryHandler

from bot.chats import render
from bot.chats.desk import Desk, desk_of
from bot.chats.message import Message, shortened
from bot.chats.sending import answer_in_time, entities, keyboard
from bot.corpus.article import Article
from bot.locale import Words, words_for
from bot.matching.answer import Excerpt

MOST_EXCERPTS = 5
ARTICLES_AT_ONCE = 20
"""Of up to 50 that Telegram takes; more are asked for as the reader scrolls down."""
CACHED = 10
"""Seconds for which Telegram gives the same reader the same answer: articles come and go."""
LONGEST_QUERY = 256
"""Characters (core.telegram.org/bots/api#inlinequery)."""


def handlers() -> list[BaseHandler[Any, Any, Any]]:
    """What inline mode reacts to."""
    return [InlineQueryHandler(inline_query)]


async def inline_query(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """List the excerpts that answer, best first; where nothing is typed yet, the articles."""
    query, desk, username = update.inline_query, desk_of(context), context.bot.username
    assert query is not None
    words = words_for(query.from_user.language_code)
    text = query.query[:LONGEST_QUERY].strip()
    next_offset = None
    if text:
        excerpts = await _found(text, desk)
        results = [excerpt_result(excerpt, username, words) for excerpt in excerpts]
    else:
        articles, next_offset = _page(desk.store.articles(), query.offset)
        results = [_article_result(article, username, words) for article in articles]
    await answer_in_time(_answer(query, context, results, next_offset, words))


def excerpt_result(excerpt: Excerpt, username: str, words: Words) -> InlineQueryResultArticle:
    """An excerpt to pick: the sentence that answers, where it stands, and the whole quotation."""
    article, passage = excerpt.article, excerpt.passage
    title = words("attribution.title", title=shortened(article.title, 60))
    return result(
        str(render.reference(excerpt)),
        excerpt.highlight.of(passage.text),
        f"{title} · {render.place(article, passage, words)}",
        render.in_any_chat(excerpt, username, words),
    )


def result(
    id_: str, title: str, description: str | None, message: Message
) -> InlineQueryResultArticle:
    """A message that can be picked from a list, or sent as a guest."""
    return InlineQueryResultArticle(
        id_,
        shortened(title, 120),
        InputTextMessageContent(message.text, entities=entities(message)),
        reply_markup=keyboard(message),
        description=description,
    )


async def _found(text: str, desk: Desk) -> Sequence[Excerpt]:
    """What to pick from: nothing where even the best is no answer, nor close to one."""
    answer = await desk.ask(text, best=MOST_EXCERPTS)
    desk.count("inline", answer.outcome)
    return answer.excerpts if answer.outcome != "none" else ()


def _page(articles: Sequence[Article], offset: str) -> tuple[Sequence[Article], str | None]:
    """The articles from an offset on, newest first, and the offset of those after them, if any."""
    start = int(offset) if offset.isdecimal() else 0
    end = start + ARTICLES_AT_ONCE
    return render.newest_first(articles)[start:end], str(end) if end < len(articles) else None


def _article_result(article: Article, username: str, words: Words) -> InlineQueryResultArticle:
    message = render.named(article, username, words)
    _, _, below = message.text.partition("\n")
    return result(article.key, article.title, below or None, message)


async def _answer(
    query: InlineQuery,
    context: ContextTypes.DEFAULT_TYPE,
    results: Sequence[InlineQueryResultArticle],
    next_offset: str | None,
    words: Words,
) -> None:
    await context.bot.answer_inline_query(
        query.id,
        results,
        cache_time=CACHED,
        is_personal=True,
        next_offset=next_offset,
        button=InlineQueryResultsButton(words("inline.ask"), start_parameter="inline"),
    )
