"""docs/groups.md: what it shows of the settings is what an admin sees."""

import re
from datetime import date

import pytest

from bot.chats.chat_settings import ChatSettings
from bot.chats.message import Message
from bot.chats.panel import HOME, ON_HOME, Panel
from bot.chats.scope import Scope
from bot.corpus.article import Article
from bot.locale import words_in
from tests.command import ROOT

GROUPS = (ROOT / "docs" / "groups.md").read_text("utf-8")
ARTICLES = [
    Article("harbour", "The harbour will close for a year", date(2025, 11, 28), "en", of=9),
    Article("market", "A new roof for the fish market", date(2025, 10, 2), "en", of=6),
]
PANEL = Panel(
    scope=Scope(-1001234567890),
    title="Neighbours",
    settings=ChatSettings(),
    differing=frozenset(),
    articles=ARTICLES,
    words=words_in("en"),
    link="https://t.me/pullquote_bot?start=settings_-1001234567890_0",
)


def screen(message: Message) -> str:
    """The message as a block of text: what it says, then its buttons, row by row."""
    rows = (" ".join(f"[ {button.text} ]" for button in row) for row in message.buttons)
    return "\n".join([message.text, "", *rows])


@pytest.mark.parametrize("page", [HOME, *(name for row in ON_HOME for name in row)])
def test_every_page_of_the_panel_is_shown_as_it_is(page: str) -> None:
    shown = PANEL.page(page)
    assert shown is not None
    assert f"```text\n{screen(shown)}\n```" in GROUPS, f"docs/groups.md lacks:\n{screen(shown)}"


@pytest.mark.parametrize("link", re.findall(r"\]\((?!https?:)([^)#]+)", GROUPS))
def test_its_links_lead_somewhere(link: str) -> None:
    assert (ROOT / "docs" / link).exists()
