"""Which article a channel's post is about."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.corpus.build import Corpus
from bot.corpus.store import PassageStore
from bot.corpus.subject import subject

ARTICLES = {
    "harbour": (
        "The harbour will close for a year",
        "https://www.example.org/harbour/",
        "The harbour of Ilo will close in March, because its old walls have to be built anew.",
    ),
    "market": (
        "A new roof for the fish market",
        "https://example.org/market",
        "The fish market gets a roof of wood, which the town has wanted for twenty years now.",
    ),
    "roof": ("A new roof", "https://example.org/roof", "Roofs are dear this year, say builders."),
}
LINKS: list[str] = []


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PassageStore]:
    folder: Path = tmp_path_factory.mktemp("articles")
    for name, (title, url, text) in ARTICLES.items():
        front = f"---\ntitle: {title}\nurl: {url}\n---\n\n"
        (folder / f"{name}.md").write_text(f"{front}{text}\n\nNobody was hurt.\n")
    store = Corpus(folder, folder / "passages.db").up_to_date()
    yield store
    store.close()


def about(store: PassageStore, text: str, *links: str) -> str | None:
    article = subject(text, links, store)
    return article.slug if article else None


@pytest.mark.parametrize(
    "link",
    [
        "https://www.example.org/harbour/",
        "http://example.org/harbour?utm_source=telegram",
        "example.org/harbour#comments",
    ],
)
def test_it_is_the_one_that_is_linked_to(store: PassageStore, link: str) -> None:
    """However the link is written, and whatever else is named."""
    assert about(store, "A new roof for the fish market", link) == "harbour"


def test_it_is_the_one_whose_title_is_named(store: PassageStore) -> None:
    """In any letters; the longer of two titles, one of which holds the other."""
    assert about(store, "📰 THE HARBOUR will close, for a year!") == "harbour"
    assert about(store, "Today: a new roof for the fish market.") == "market"


def test_it_is_the_one_whose_sentence_is_repeated(store: PassageStore) -> None:
    """Not one that has its words in another order."""
    teaser = "Hello! The harbour of Ilo will close in March because its old walls have to be built."
    assert about(store, teaser) == "harbour"
    assert about(store, "In March will close the harbour of Ilo, as its walls are old") is None


def test_nothing_is_known_where_several_are_meant(store: PassageStore) -> None:
    """A digest is about none of them."""
    links = "https://example.org/harbour", "https://example.org/market"
    assert about(store, "Two news", *links) is None
    assert about(store, "The harbour will close for a year; a new roof for the fish market") is None


def test_nothing_is_known_of_other_posts(store: PassageStore) -> None:
    """Not even of one that says what the articles say too, in few words."""
    assert about(store, "Good morning! Nobody was hurt.", "https://example.org/") is None
    assert about(store, "") is None
