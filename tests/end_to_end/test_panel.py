"""The panel of a group's settings: who may use it, what it shows, and that it holds."""

from collections.abc import Iterator

import pytest

from tests.bot_api.people import Message, Reader
from tests.chats.office import after
from tests.end_to_end.circle import Circle
from tests.end_to_end.newsroom import Newsroom, quotation

STALE = "This button no longer leads anywhere. Please ask again."
REFUSED = "Only admins of the group can change my settings."
HOME = [
    ["I reply to: who asks me"],
    ["Confidence: normal", "Waiting: none"],
    ["Cooldown: 30 min", "Budgets: 10/60/6"],
    ["Quiet hours: none", "Language: the asker's"],
    ["Articles: all", "Posts as articles: off"],
    ["Dry run: off"],
]
WAYS = ["Open in private", "Close"]


@pytest.fixture
def circle(newsroom: Newsroom) -> Iterator[Circle]:
    """A group where nothing was chosen; nothing sent in the test broke a rule of Telegram's."""
    yield Circle.of(newsroom)
    assert newsroom.api.violations == []


def shows(panel: Message) -> list[str]:
    """What stands on the buttons of a panel, row after row."""
    return [label for row in panel.buttons for label in row]


class TestPanel:
    """/settings."""

    def test_shows_every_setting(self, circle: Circle) -> None:
        """In reply to who asks for it; nothing differs at first."""
        question = circle.rosa.says("/settings@pullquote_test_bot")
        panel = circle.rosa.hears()
        assert (panel.text, panel.reply_to) == ("My settings in “Vecinos”", question.id)
        assert panel.buttons == [*HOME, WAYS]

    def test_shows_what_differs_and_goes_back_to_the_defaults(self, circle: Circle) -> None:
        """Each choice stands there at once; a choice of the default is none."""
        panel = after(circle.rosa, circle.opens(), "I reply to")
        assert panel.buttons == [["nobody"], ["✓ who asks me"], ["any question"], ["⬅ Back"]]
        panel = after(circle.rosa, panel, "any question")
        assert panel.text == "My settings in “Vecinos”\n\n• differs from the default"
        panel = after(circle.rosa, after(circle.rosa, panel, "Waiting"), "3 min")
        assert panel.buttons == [
            ["I reply to: any question •"],
            ["Confidence: normal", "Waiting: 3 min •"],
            *HOME[2:],
            ["Back to defaults"],
            WAYS,
        ]
        panel = after(circle.rosa, after(circle.rosa, panel, "Waiting"), "none")
        assert "Waiting: none" in shows(panel)
        panel = after(circle.rosa, panel, "Back to defaults")
        assert (panel.text, panel.buttons) == ("My settings in “Vecinos”", [*HOME, WAYS])

    def test_sets_hours_and_the_clock_they_go_by(self, circle: Circle) -> None:
        """Every hour of the day, every clock in use; the page stays open for the next choice."""
        hours = after(circle.rosa, after(circle.rosa, circle.opens(), "Quiet hours"), "From")
        assert hours.buttons[0] == ["✓ none", "0:00", "1:00", "2:00", "3:00", "4:00"]
        quiet = after(circle.rosa, hours, "22:00")
        clocks = after(circle.rosa, quiet, "Clock")
        assert {"UTC−5", "✓ UTC+0", "UTC+5:30", "UTC+14"} <= set(shows(clocks))
        quiet = after(circle.rosa, clocks, "UTC−5")
        assert shows(quiet) == ["From: 22:00 •", "Until: 7:00", "Clock: UTC−5 •", "⬅ Back"]
        assert "Quiet hours: 22:00–7:00 •" in shows(after(circle.rosa, quiet, "⬅ Back"))

    def test_is_closed(self, circle: Circle) -> None:
        """It leaves nothing behind; one that is too old to be deleted is emptied."""
        panel = circle.opens()
        circle.rosa.presses(panel, "Close")
        assert panel.id in circle.group.chat.deleted
        panel = circle.opens()
        circle.group.ages(panel, hours=50)
        circle.rosa.presses(panel, "Close")
        closed = circle.rosa.hears()
        assert (closed.id, closed.text, closed.buttons) == (panel.id, "Settings closed.", [])

    def test_holds_after_a_restart(self, circle: Circle) -> None:
        """The choice, and the buttons of a panel opened before."""
        panel = after(circle.rosa, after(circle.rosa, circle.opens(), "Confidence"), "bold")
        circle.newsroom.restart()
        panel = after(circle.rosa, after(circle.rosa, panel, "Cooldown"), "1 h")
        assert {"Confidence: bold •", "Cooldown: 1 h •"} <= set(shows(panel))

    def test_speaks_the_language_of_who_presses_or_the_one_chosen(self, circle: Circle) -> None:
        """The admin's own, until one is chosen for the group."""
        eva = circle.group.reader("Eva", language="es", status="administrator")
        eva.says("/settings")
        panel = eva.hears()
        assert panel.text == "Mis ajustes en «Vecinos»"
        panel = after(eva, after(eva, panel, "Idioma"), "português")
        assert panel.text.startswith("As minhas configurações em “Vecinos”")
        assert circle.opens().text.startswith("As minhas configurações")

    def test_tells_that_it_cannot_see_questions(self, circle: Circle) -> None:
        """In privacy mode, unless the bot is an administrator."""
        api = circle.newsroom.api
        api.do(api.state.bot.update, {"can_read_all_group_messages": False})
        circle.newsroom.restart()
        try:
            circle.answers_all()
            assert "⚠ I see only what is put to me." in circle.opens().text
            bot = api.state.bot["id"]
            api.do(circle.group.chat.members.update, {bot: "administrator"})
            assert "⚠" not in circle.opens().text
        finally:
            api.do(api.state.bot.update, {"can_read_all_group_messages": True})
            circle.newsroom.restart()


class TestArticles:
    """Which articles are served."""

    def test_are_all_or_those_chosen(self, circle: Circle, newsroom: Newsroom) -> None:
        """A question about another finds nothing; the list turns its pages."""
        question = newsroom.question_for_all(is_sure=True).question
        for number in range(10):
            newsroom.write(f"z{number}", f"On ants, part {number}", "Ants follow trails.")
        newsroom.restart()
        try:
            articles = after(circle.rosa, circle.opens(), "Articles")
            shortened = "Illegal migrants flocking from Chile to Peru out of fear of…"
            assert shows(articles)[:3] == ["✓ all", shortened, "On ants, part 0"]
            for part in ("On ants, part 0", "On ants, part 1", "✓ On ants, part 1"):
                articles = after(circle.rosa, articles, part)
            assert {"all", "✓ On ants, part 0", "On ants, part 1"} <= set(shows(articles))
            articles = after(circle.rosa, after(circle.rosa, articles, "Page 2"), "On ants, part 9")
            assert shows(articles)[-2:] == ["⬅ Page 1", "⬅ Back"]
            assert "Articles: 2 •" in shows(after(circle.rosa, articles, "⬅ Back"))
            circle.ana.says(f"/ask {question}")
            assert circle.ana.hears().text == "I found no passage that answers this."
            circle.chooses("Articles", "all", "⬅ Back")
            circle.ana.says(f"/ask {question}")
            assert quotation(circle.ana.hears())
        finally:
            for number in range(10):
                (newsroom.articles / f"z{number}.md").unlink()
            newsroom.restart()


class TestRights:
    """Who may use the panel."""

    def test_are_an_administrator_s(self, circle: Circle) -> None:
        """A member is told so, in one line, in reply to the command or as a toast."""
        question = circle.ana.says("/settings")
        refusal = circle.ana.hears()
        assert (refusal.text, refusal.reply_to) == (REFUSED, question.id)
        panel = circle.opens()
        assert circle.ana.presses(panel, "I reply to")["text"] == REFUSED
        assert circle.luis.presses(panel, "Close")["text"] == (
            "Solo los admins del grupo pueden cambiar mis ajustes."
        )
        circle.ana.hears_nothing_more()

    def test_are_looked_up_at_every_press(self, circle: Circle) -> None:
        """Who is an administrator no more chooses nothing more."""
        eva = circle.group.reader("Eva", status="administrator")
        eva.says("/settings")
        modes = after(eva, eva.hears(), "I reply to")
        circle.group.dismisses(eva)
        assert eva.presses(modes, "nobody")["text"] == REFUSED
        assert circle.opens().buttons == [*HOME, WAYS]

    def test_are_those_of_an_anonymous_administrator_and_of_the_linked_channel(
        self, circle: Circle, newsroom: Newsroom
    ) -> None:
        """Another channel is a member like others."""
        circle.rosa.anonymous.says("/settings")
        panel = circle.rosa.hears()
        assert panel.text == "My settings in “Vecinos”"
        linked = newsroom.telegram.channel("News", discussion=circle.group)
        linked.speaks_in(circle.group).says("/settings")
        assert circle.rosa.hears().text == "My settings in “Vecinos”"
        newsroom.telegram.channel("Spam").speaks_in(circle.group).says("/settings")
        assert circle.rosa.hears().text == REFUSED

    def test_end_with_a_member_s_patience(self, circle: Circle) -> None:
        """Whoever keeps trying is answered no more than others are."""
        for _ in range(12):
            circle.ana.says("/settings")
        assert [circle.ana.hears().text for _ in range(10)] == [REFUSED] * 10
        circle.ana.hears_nothing_more()

    @pytest.mark.parametrize(
        "data",
        [
            "s:{chat}.0:mode=shout",
            "s:{chat}.0:tone",
            "s:{chat}.0:post_articles=true.1x",
            "s:{chat}.0:waiting=2",
            "s:{chat}.0:articles=00000000",
            "s:{chat}.0:articles=--------",
            "s:{chat}.0:articles.99",
            "s:{chat}.0:quiet=3",
            "s:-1001.0:mode=off",
            "s:junk",
        ],
    )
    def test_do_not_make_a_forged_press_right(self, circle: Circle, data: str) -> None:
        """A toast, and nothing is changed: another group's, junk, values there are not."""
        panel = circle.opens()
        forged = data.format(chat=circle.group.chat.id)
        assert circle.rosa.forges(panel.id, forged)["text"] == STALE
        assert circle.opens().buttons == [*HOME, WAYS]


class TestPrivately:
    """The same panel in the private chat, out of the group's sight."""

    def test_sets_the_group_up(self, circle: Circle, newsroom: Newsroom) -> None:
        """By the link on the panel."""
        rosa = circle.rosa.follows(circle.opens(), "Open in private")
        panel = rosa.hears()
        assert panel.text == "My settings in “Vecinos”"
        assert panel.buttons == [*HOME, ["Close"]]
        after(rosa, after(rosa, panel, "I reply to"), "any question")
        question = circle.ana.says(newsroom.question_for_all(is_sure=True).question)
        assert circle.ana.hears().reply_to == question.id

    def test_is_no_way_around_an_administrator_s_rights(self, circle: Circle) -> None:
        """Neither the link nor a forged press help a member."""
        ana = circle.ana.follows(circle.opens(), "Open in private")
        refusal = ana.hears()
        assert refusal.text == REFUSED
        forged = f"s:{circle.group.chat.id}.0:mode=off"
        assert ana.forges(refusal.id, forged)["text"] == REFUSED
        assert circle.opens().buttons == [*HOME, WAYS]

    @pytest.mark.parametrize("payload", ["settings_-1001_0", "settings_1", "settings_x_y"])
    def test_by_a_link_that_leads_nowhere_is_refused(self, ana: Reader, payload: str) -> None:
        """A group that is not, or no group at all."""
        ana.says(f"/start {payload}")
        assert ana.hears().text == REFUSED

    def test_tells_where_it_is_to_be_found(self, ana: Reader) -> None:
        """/settings alone with the bot."""
        ana.says("/settings")
        assert ana.hears().text == "Send /settings in your group, then press “Open in private”."


class TestForum:
    """A group with topics."""

    @pytest.fixture
    def forum(self, newsroom: Newsroom) -> Iterator[Circle]:
        """A forum where nothing was chosen."""
        yield Circle.of(newsroom, forum=True)
        assert newsroom.api.violations == []

    def test_panel_is_its_topic_s_and_leads_to_the_group_s(self, forum: Circle) -> None:
        """What the group has shines through where the topic has nothing of its own."""
        news, sport = forum.group.topic("News"), forum.group.topic("Sport")
        panel = forum.opens(news)
        assert panel.topic == news
        assert panel.text == "My settings in “Vecinos”\n\nThey hold for this topic alone."
        assert panel.buttons == [*HOME, ["The whole group"], WAYS]
        after(forum.rosa, after(forum.rosa, panel, "Confidence"), "bold")
        forum.chooses("The whole group", "Confidence", "careful", topic=news)
        forum.chooses("The whole group", "Cooldown", "none", topic=news)
        assert {"Confidence: bold •", "Cooldown: none"} <= set(shows(forum.opens(news)))
        assert "• differs from the group's" in forum.opens(news).text
        assert {"Confidence: careful", "Cooldown: none"} <= set(shows(forum.opens(sport)))
        assert {"Confidence: careful •", "Cooldown: none •"} <= set(shows(forum.opens()))

    def test_topic_goes_back_to_what_its_group_has(self, forum: Circle) -> None:
        """Not to the defaults."""
        news = forum.group.topic("News")
        forum.chooses("Confidence", "careful")
        forum.chooses("Confidence", "bold", topic=news)
        panel = after(forum.rosa, forum.opens(news), "Back to defaults")
        assert "Confidence: careful" in shows(panel)

    def test_topic_s_panel_opens_in_private(self, forum: Circle) -> None:
        """For the same topic."""
        news = forum.group.topic("News")
        rosa = forum.rosa.follows(forum.opens(news), "Open in private")
        panel = rosa.hears()
        assert panel.text.endswith("They hold for this topic alone.")
        after(rosa, after(rosa, panel, "Confidence"), "bold")
        assert "Confidence: bold •" in shows(forum.opens(news))
        assert "Confidence: normal" in shows(forum.opens())
