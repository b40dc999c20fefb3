"""The panel of a chat's settings, as messages: every setting, its choices, what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.chats.chat_settings import CHOICES, ChatSettings
from bot.chats.message import Button, Draft, Message, Rows, shortened
from bot.chats.panel_buttons import PanelButton
from bot.chats.scope import Scope
from bot.corpus.article import Article
from bot.locale import Words

HOME = "home"
RESET, CLOSE, SPEAK = "reset", "close", "speak"
"""What buttons do besides choosing: go back to the defaults, close the panel, end a dry run."""
LESS = "-"
"""Before the key of an article: it is to be served no more."""
GROUPED = {
    "quiet": ("quiet_from", "quiet_until", "utc_offset"),
    "budgets": ("user_budget", "chat_budget", "passage_budget"),
}
"""Settings that share a page."""
PARENTS = {name: page for page, names in GROUPED.items() for name in names}
ON_HOME = (
    ("mode",),
    ("confidence", "waiting"),
    ("cooldown", "budgets"),
    ("quiet", "language"),
    ("articles", "post_articles"),
    ("dry_run",),
)
"""The rows of the first page."""
PAGES = frozenset((HOME, *GROUPED, *PARENTS, *(name for row in ON_HOME for name in row)))

ARTICLES_A_PAGE = 8
_A_ROW = {"quiet_from": 6, "quiet_until": 6, "utc_offset": 5, "cooldown": 3, "waiting": 4}
"""How many choices stand side by side, where it is more than one."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel shows."""

    scope: Scope
    title: str
    """The chat's."""
    settings: ChatSettings
    differing: frozenset[str]
    """The settings that differ from those underneath."""
    articles: Sequence[Article]
    words: Words
    notes: tuple[str, ...] = ()
    """What to be told besides, by name: what keeps a setting from working."""
    link: str | None = None
    """To the same in the private chat; none: it stands there already."""

    def page(self, name: str, number: int = 0) -> Message | None:
        """A page by its name; of the articles, that one counted from 0. Nothing where it is not."""
        if name not in PAGES:
            return None
        if name == HOME:
            return self._home()
        if name == "articles":
            return self._articles(number)
        text = self._headed(self.words(f"panel.{name}"), self.words(f"panel.{name}_help"))
        rows: Rows = tuple((self._to(each),) for each in GROUPED.get(name, ()))
        rows = rows or self._choices(name)
        return text.message((*rows, (self._back(PARENTS.get(name, HOME)),)))

    def _home(self) -> Message:
        title = self.words("panel.title", chat=shortened(self.title, 100))
        lines = [self.words(f"panel.{note}") for note in self.notes]
        if self.scope.topic_id:
            lines.insert(0, self.words("panel.of_topic"))
        if self.differing:
            of_topic = "differs_in_topic" if self.scope.topic_id else "differs"
            lines.append(self.words(f"panel.{of_topic}"))
        rows: Rows = tuple(tuple(self._to(name) for name in row) for row in ON_HOME)
        last = []
        if self.scope.topic_id:
            whole = PanelButton(self.scope.whole, HOME).data
            last.append(Button(self.words("panel.whole"), whole))
        if self.differing:
            last.append(Button(self.words("panel.reset"), PanelButton(self.scope, RESET).data))
        ways = [Button(self.words("panel.close"), PanelButton(self.scope, CLOSE).data)]
        if self.link:
            ways.insert(0, Button(self.words("panel.in_private"), url=self.link))
        rows += (tuple(last),) if last else ()
        return self._headed(title, *lines).message((*rows, tuple(ways)))

    def _articles(self, number: int) -> Message | None:
        last = max(0, len(self.articles) - 1) // ARTICLES_A_PAGE
        if number > last:
            return None
        words, served = self.words, self.settings.articles
        everything = self._marked(words("panel.articles_all"), not served)
        rows: Rows = ((Button(everything, self._article("", number)),),)
        for article in self.articles[number * ARTICLES_A_PAGE :][:ARTICLES_A_PAGE]:
            is_served = article.key in served
            label = self._marked(shortened(article.title, 60), is_served)
            value = f"{LESS if is_served else ''}{article.key}"
            rows += ((Button(label, self._article(value, number)),),)
        turns = [
            Button(words(f"button.page_{way}", page=to + 1), self._turn(to))
            for way, to in (("before", number - 1), ("after", number + 1))
            if 0 <= to <= last
        ]
        rows += (tuple(turns),) if turns else ()
        text = self._headed(words("panel.articles"), words("panel.articles_help"))
        return text.message((*rows, (self._back(HOME),)))

    def _article(self, value: str, number: int) -> str:
        return PanelButton(self.scope, "articles", value, number).data

    def _turn(self, number: int) -> str:
        return PanelButton(self.scope, "articles", number=number).data

    def _choices(self, name: str) -> Rows:
        chosen = getattr(self.settings, name)
        buttons = [
            Button(
                self._marked(value_label(name, value, self.words), value == chosen),
                PanelButton.choosing(self.scope, name, value).data,
            )
            for value in CHOICES[name]
        ]
        wide = _A_ROW.get(name, 1)
        return tuple(tuple(buttons[at : at + wide]) for at in range(0, len(buttons), wide))

    def _to(self, name: str) -> Button:
        """The button that leads to a page, with what is chosen there and whether it differs."""
        named = {"setting": self.words(f"panel.{name}"), "value": self._value(name)}
        value = self.words("panel.named", **named)
        is_different = not self.differing.isdisjoint(GROUPED.get(name, (name,)))
        label = self.words("panel.changed", setting=value) if is_different else value
        return Button(label, PanelButton(self.scope, name).data)

    def _value(self, name: str) -> str:
        settings, words = self.settings, self.words
        if name == "budgets":
            budgets = (settings.user_budget, settings.chat_budget, settings.passage_budget)
            return "/".join(map(str, budgets))
        if name == "quiet":
            hours = (settings.quiet_from, settings.quiet_until)
            if settings.quiet_from is None:
                return words("panel.none")
            return "–".join(value_label("quiet_from", hour, words) for hour in hours)
        if name == "articles":
            return str(len(settings.articles)) if settings.articles else words("panel.articles_all")
        return value_label(name, getattr(settings, name), words)

    def _back(self, page: str) -> Button:
        return Button(self.words("panel.back"), PanelButton(self.scope, page).data)

    def _marked(self, label: str, is_chosen: bool) -> str:
        return self.words("button.chosen", choice=label) if is_chosen else label

    @staticmethod
    def _headed(title: str, *lines: str) -> Draft:
        draft = Draft()
        draft.write(title, "bold")
        draft.write("".join(f"\n\n{line}" for line in lines))
        return draft


def value_label(name: str, value: Any, words: Words) -> str:
    """A value of a setting as its button has it."""
    match name:
        case "mode" | "confidence" | "language":
            label = words(f"panel.{name}_{value}")
        case "dry_run" | "post_articles":
            label = words("panel.on" if value else "panel.off")
        case "cooldown" | "waiting" if value:
            hours, minutes = divmod(value, 60)
            unit, count = ("minutes", minutes) if minutes else ("hours", hours)
            label = words(f"panel.{unit}", count=count)
        case "utc_offset":
            label = clock_offset(value)
        case "quiet_from" | "quiet_until" if value is not None:
            label = f"{value}:00"
        case _:
            label = str(value) if value else words("panel.none")
    return label


def clock_offset(minutes: int) -> str:
    """How far a clock is from UTC.

    >>> clock_offset(-300), clock_offset(345)
    ('UTC−5', 'UTC+5:45')
    """
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
