"""Many articles: choosing one, reading one, and what a file says of its source."""

import pytest

from tests.bot_api.people import Reader
from tests.chats.office import after, told
from tests.end_to_end.newsroom import Newsroom, quotation

INSECTS = ("ants", "bees", "crickets", "dragonflies", "earwigs", "fireflies", "gnats", "hornets")
LONG = [f"Locusts of swarm {number} ate the barley of valley {number}. " * 9 for number in range(6)]


@pytest.fixture(scope="module")
def newsroom(empty: Newsroom) -> Newsroom:
    """One with ten articles, the newest named last, the bot running."""
    for day, insect in enumerate(INSECTS, start=1):
        empty.write(
            insect,
            f"On {insect}",
            f"{insect.title()} were counted by Professor {insect[0].upper()}alker in Oslo.",
            date=f"2025-03-{day:02}",
        )
    empty.write("inchworms", "On inchworms", "Inchworms measured a marigold in Quito.")
    empty.write(
        "locusts",
        "On locusts",
        *(text.strip() for text in LONG),
        date="2025-04-01",
        source="The Daily Hopper",
        url="https://hopper.example/locusts?swarm=1#top",
    )
    empty.bot.start()
    return empty


class TestList:
    """/articles, eight on a page."""

    def test_is_paged(self, ana: Reader) -> None:
        """Both ways, in place; “All articles” stands on every page."""
        first = told(ana, "/articles")
        assert first.buttons == [
            ["✓ All articles"],
            *([f"On {insect}"] for insect in INSECTS),
            ["Page 2 ➡"],
        ]
        second = after(ana, first, "Page 2")
        assert second.buttons == [
            ["✓ All articles"],
            ["On inchworms"],
            ["On locusts"],
            ["⬅ Page 1"],
        ]
        assert after(ana, second, "Page 1").buttons == first.buttons

    def test_stays_on_the_page_where_one_is_chosen(self, ana: Reader) -> None:
        """The choice is marked there, and the list says it."""
        page = after(ana, told(ana, "/articles"), "Page 2")
        assert ana.presses(page, "On locusts")["text"] == "Chosen: On locusts"
        chosen = ana.hears()
        assert chosen.text == "Your questions go to “On locusts”. Choose another, or all:"
        assert chosen.buttons == [
            ["All articles"],
            ["On inchworms"],
            ["✓ On locusts"],
            ["⬅ Page 1"],
        ]


class TestChoice:
    """One article, or all."""

    def test_goes_for_questions_until_all_are_chosen(self, ana: Reader) -> None:
        """What only another article answers, gets a no that names the one asked."""
        bees = "Who counted the bees in Oslo?"
        assert quotation(told(ana, bees)) == "Bees were counted by Professor Balker in Oslo."
        choice = told(ana, "/articles")
        ana.presses(choice, "On ants")
        chosen = ana.hears()
        inchworms = told(ana, "What did inchworms measure in Quito?")
        assert inchworms.text == (
            "I found no passage in “On ants” that answers this. "
            "/articles lets you ask about the others.\n\n"
            "What you can read here:\n“On ants”"
        )
        assert inchworms.buttons == [["On ants"]]
        ana.presses(chosen, "All articles")
        ana.hears()
        assert quotation(told(ana, bees)) == "Bees were counted by Professor Balker in Oslo."

    def test_outlives_a_restart(self, ana: Reader, newsroom: Newsroom) -> None:
        """It is the chat's, and nobody else's."""
        ana.presses(told(ana, "/articles"), "On gnats")
        ana.hears()
        newsroom.restart()
        assert told(ana, "/articles").text.startswith("Your questions go to “On gnats”.")
        luis = newsroom.telegram.private("Luis")
        assert told(luis, "/articles").text.startswith("Your questions go to all articles.")

    def test_that_has_left_the_folder_is_dropped(self, ana: Reader, newsroom: Newsroom) -> None:
        """The reader is told, once; its old buttons say that they lead nowhere."""
        newsroom.write("moths", "On moths", "Moths circled the lamp of a lighthouse.")
        newsroom.restart()
        page = after(ana, told(ana, "/articles"), "Page 2")
        ana.presses(page, "On moths")
        ana.hears()
        (newsroom.articles / "moths.md").unlink()
        newsroom.restart()
        first = told(ana, "Who counted the bees in Oslo?")
        assert first.text.startswith(
            "The article you had chosen is no longer here, so I looked in all of them.\n\n"
        )
        assert quotation(first) == "Bees were counted by Professor Balker in Oslo."
        assert told(ana, "Who counted the bees in Oslo?").text.startswith("Bees were counted")
        assert "no longer leads anywhere" in ana.presses(page, "On moths")["text"]
        ana.hears_nothing_more()


class TestReading:
    """/read, and titles elsewhere."""

    def test_asks_which(self, ana: Reader) -> None:
        """By pages; a title opens the article in place."""
        which = told(ana, "/read")
        assert which.text == "Which article do you want to read?"
        assert which.buttons == [*([f"On {insect}"] for insect in INSECTS), ["Page 2 ➡"]]
        second = after(ana, which, "Page 2")
        assert second.buttons == [["On inchworms"], ["On locusts"], ["⬅ Page 1"]]
        page = after(ana, after(ana, second, "Page 1"), "On ants")
        assert page.text == (
            "“On ants”\n1 March 2025 · Page 1 of 1\n\n"
            "¶1\nAnts were counted by Professor Aalker in Oslo."
        )
        assert page.buttons == []

    def test_opens_the_chosen_one(self, ana: Reader) -> None:
        """Without asking; one without a date is shown without."""
        page = after(ana, told(ana, "/articles"), "Page 2")
        ana.presses(page, "On inchworms")
        ana.hears()
        assert told(ana, "/read").text == (
            "“On inchworms”\nPage 1 of 1\n\n¶1\nInchworms measured a marigold in Quito."
        )

    def test_turns_as_many_pages_as_there_are(self, ana: Reader) -> None:
        """To the last, and back to the first; each paragraph once."""
        shown = told(ana, "/read")
        shown = after(ana, after(ana, shown, "Page 2"), "On locusts")
        pages = [shown]
        while any("➡" in label for row in shown.buttons for label in row):
            shown = after(ana, shown, "➡")
            pages.append(shown)
        assert len(pages) > 1
        quoted = [text for page in pages for text in page.marked("blockquote")]
        assert quoted == [text.strip() for text in LONG]
        for page in reversed(pages[:-1]):
            shown = after(ana, shown, "⬅")
            assert shown.text == page.text

    def test_begins_at_a_greeting_with_the_newest(self, ana: Reader) -> None:
        """Three of them, and a button to all titles."""
        greeting = told(ana, "/start")
        assert greeting.text.endswith("You can ask about:\n“On locusts”\n“On hornets”\n“On gnats”")
        assert greeting.buttons == [["On locusts"], ["On hornets"], ["On gnats"], ["All titles"]]
        titles = after(ana, greeting, "All titles")
        assert titles.text == "Which article do you want to read?"


class TestSource:
    """What the front matter of a file says."""

    def test_stands_in_the_attribution_as_a_link(self, ana: Reader) -> None:
        """After the paragraph's number; what is quoted of a long passage is called an excerpt."""
        answer = told(ana, "What did the locusts of swarm 3 eat in valley 3?")
        assert answer.text.endswith("\n\n“On locusts”\n1 April 2025 · ¶4 of 6 · The Daily Hopper")
        assert quotation(answer) == LONG[3].strip()
        [link] = [mark for mark in answer.raw["entities"] if mark["type"] == "text_link"]
        assert link["url"] == "https://hopper.example/locusts?swarm=1#top"
        assert answer.marked("text_link") == ["The Daily Hopper"]

    def test_is_named_by_about(self, ana: Reader) -> None:
        """With all others."""
        about = told(ana, "/about").text.split("\n\n")
        assert about[0].startswith("Articles here: 10.")
        assert about[1] == "Sources: The Daily Hopper."
