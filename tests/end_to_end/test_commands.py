"""Every command where there is one article."""

import pytest

from tests.bot_api.people import Reader
from tests.chats.office import after, told
from tests.end_to_end.newsroom import KEY, PARAGRAPHS, TITLE, Newsroom, quotation

GREETING = f"""\
Ask me a question in your own words. I answer with the passage that answers it, word for word, \
and say where it stands.

For example: When did this happen?

You can ask about:
“{TITLE}”"""


class TestStart:
    """/start, alone or by a link from elsewhere."""

    def test_greets(self, ana: Reader) -> None:
        """With an example, and what can be asked about."""
        greeting = told(ana, "/start")
        assert greeting.text == GREETING
        assert greeting.buttons == [
            ["Illegal migrants flocking from Chile to Peru out of fear of…"]
        ]

    def test_opens_the_passage_that_a_link_names(self, ana: Reader) -> None:
        """The page it stands on, its number in bold; its title where that is meant."""
        page = told(ana, f"/start {KEY}_6")
        assert page.marked("bold") == [f"“{TITLE}”", "¶6"]
        assert PARAGRAPHS[5] in page.marked("blockquote")
        assert page.buttons == [["⬅ Page 1"]]
        assert told(ana, f"/start {KEY}_0").text.startswith(f"“{TITLE}”\n28 November 2025 · Page 1")

    @pytest.mark.parametrize(
        "payload",
        [
            pytest.param("00000000_1", id="an article that is gone"),
            pytest.param(f"{KEY}_9", id="a paragraph beyond the end"),
            pytest.param(f"{KEY}_9999999999", id="a number too long"),
            pytest.param("campaign-2025", id="somebody else's"),
            pytest.param("../../etc/passwd", id="a path"),
            pytest.param("a" * 64, id="as long as can be"),
        ],
    )
    def test_greets_whoever_a_link_leads_nowhere(self, ana: Reader, payload: str) -> None:
        """No word about the link: they can ask all the same."""
        assert told(ana, f"/start {payload}").text == GREETING


class TestHelp:
    """/help."""

    def test_names_every_command(self, ana: Reader) -> None:
        """And what the buttons do; it is no reply to anything."""
        told_help = told(ana, "/help")
        assert told_help.text.startswith("Write a question as a message. If you edit it, I edit my")
        assert all(command in told_help.text for command in ("/articles", "/read", "/about"))
        assert told_help.reply_to is None


class TestArticles:
    """/articles."""

    def test_lists_the_one(self, ana: Reader, newsroom: Newsroom) -> None:
        """It can be chosen, and all again, which makes no difference to the answers."""
        title = "Illegal migrants flocking from Chile to Peru out of fear of…"
        choice = told(ana, "/articles")
        assert choice.text.startswith("Your questions go to all articles.")
        assert choice.buttons == [["✓ All articles"], [title]]
        assert ana.presses(choice, "Illegal")["text"] == f"Chosen: {TITLE}"
        chosen = ana.hears()
        assert chosen.text == f"Your questions go to “{TITLE}”. Choose another, or all:"
        assert chosen.buttons == [["All articles"], [f"✓ {title}"]]
        assert quotation(told(ana, newsroom.question("answer").question)) in PARAGRAPHS
        nothing = told(ana, newsroom.question("none").question)
        assert nothing.text.startswith("I found no passage that answers this.\n")
        assert ana.presses(chosen, "All")["text"] == "Chosen: All articles"
        assert ana.hears().buttons == choice.buttons


class TestRead:
    """/read."""

    def test_pages_through_the_article(self, ana: Reader) -> None:
        """Both ways, in one message, every paragraph in quotation under its number."""
        first = told(ana, "/read")
        assert first.text.startswith(
            f"“{TITLE}”\n28 November 2025 · Page 1 of 2\n\n¶1\n{PARAGRAPHS[0]}\n\n¶2\n"
        )
        second = after(ana, first, "Page 2 ➡")
        assert second.text.endswith(f"¶8\n{PARAGRAPHS[7]}")
        assert after(ana, second, "⬅ Page 1").buttons == [["Page 2 ➡"]]


class TestAbout:
    """/about."""

    def test_says_what_is_quoted_stored_and_never_done(self, ana: Reader) -> None:
        """A paragraph each."""
        about = told(ana, "/about").text.split("\n\n")
        assert about[0].startswith("Articles here: 1. What I quote is theirs, character for")
        assert about[1].startswith("What I store: the article you have chosen, the numbers of my")
        assert about[2].startswith("What I never do: write about the news myself, change a quota")
        assert len(about) == 3


class TestUnknown:
    """Any other command."""

    @pytest.mark.parametrize("command", ["/stop", "/Weather now", "/help@another_bot", "/_"])
    def test_points_to_help(self, ana: Reader, command: str) -> None:
        """It is not taken for a question."""
        answer = told(ana, command)
        assert answer.text == "I do not know this command. /help shows those I know."
        ana.hears_nothing_more()

    def test_reaches_the_bot_under_its_own_name(self, ana: Reader, newsroom: Newsroom) -> None:
        """/help@… is /help."""
        name = newsroom.api.state.bot["username"]
        assert told(ana, f"/help@{name}").text == told(ana, "/help").text

    def test_is_not_answered_again_when_edited(self, ana: Reader) -> None:
        """A command is done once; only a question's answer follows its edits."""
        command = ana.says("/help")
        ana.hears()
        ana.edits(command, "/about")
        ana.hears_nothing_more()
