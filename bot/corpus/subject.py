"""Subject: the one article that a text, such as a channel's post, links to, names or repeats."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from bot.corpus.article import Article
from bot.corpus.store import PassageStore
from bot.text.sentences import sentences
from bot.text.terms import words

_SHORTEST_TITLE = 3
"""Words of a title that is looked for; one of fewer stands in texts that mean something else."""
_SHORTEST_SENTENCE, _LONGEST_SENTENCE = 8, 40
"""Words of a sentence that is looked for, and how many of them."""
_SENTENCES = 10
"""How many sentences are looked for, the longest."""


def subject(text: str, links: Iterable[str], store: PassageStore) -> Article | None:
    """The article; none where there is no such, or several: nobody could say which is meant.

    A link says most, then a title, then a sentence that stands in the article too.
    """
    return next(
        (
            next(iter(found)) if len(found) == 1 else None
            for found in (
                _linked(links, store),
                _named(text, store),
                _repeated(text, store),
            )
            if found
        ),
        None,
    )


def _linked(links: Iterable[str], store: PassageStore) -> set[Article]:
    addresses = set(map(_address, links))
    return {
        article
        for article in store.articles()
        if addresses and article.url and _address(article.url) in addresses
    }


def _address(url: str) -> str:
    """What tells a page from others: no scheme, no www, no query, no fragment.

    >>> _address("https://www.Example.org/News/1/?utm_source=telegram#top")
    'example.org/News/1'
    """
    parts = urlsplit(url if "//" in url else f"//{url}")
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}"


def _named(text: str, store: PassageStore) -> set[Article]:
    """The articles whose titles stand in the text, however their letters are written."""
    within = _folded(text)
    titles = {
        _folded(article.title): article
        for article in store.articles()
        if len(words(article.title)) >= _SHORTEST_TITLE
    }
    named = [title for title in titles if title in within]
    return {titles[title] for title in named if not any(title in f for f in named if f != title)}


def _folded(text: str) -> str:
    return f" {' '.join(words(text))} "


def _repeated(text: str, store: PassageStore) -> set[Article]:
    """The article that most of the text's sentences stand in; all of them where it is a tie."""
    found = Counter(slug for words in _phrases(text) for slug in store.articles_with(words))
    most = max(found.values(), default=0)
    articles = (store.article(slug) for slug, count in found.items() if count == most)
    return {article for article in articles if article}


def _phrases(text: str) -> Iterator[list[str]]:
    """The words of the longest sentences."""
    spoken = (re.findall(r"\w+", text[start:end]) for start, end in sentences(text))
    long = [phrase for phrase in spoken if len(phrase) >= _SHORTEST_SENTENCE]
    for phrase in sorted(long, key=len, reverse=True)[:_SENTENCES]:
        yield phrase[:_LONGEST_SENTENCE]
