"""What the bot says of itself: its greeting, its help, and where its words come from."""

from collections.abc import Sequence

from bot.chats.message import Message, shortened
from bot.chats.render import covered
from bot.corpus.article import Article
from bot.locale import Words


def greeting(articles: Sequence[Article], words: Words) -> Message:
    """What the bot does, with an example, and what can be asked about."""
    return covered(words("start.greeting"), words("start.covers"), articles, words)


def about(articles: Sequence[Article], words: Words) -> Message:
    """Whose words the bot quotes, what it stores, and what it never does."""
    lines = [words("about.articles", count=len(articles))]
    sources = list(dict.fromkeys(article.source for article in articles if article.source))
    if sources:
        listed = shortened(", ".join(shortened(source, 100) for source in sources), 1000)
        lines.append(words("about.sources", sources=listed))
    return Message("\n\n".join([*lines, words("about.stores"), words("about.never")]))
