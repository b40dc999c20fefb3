"""The private chat on a loopback Bot API: every command and outcome."""

import pytest

from tests.bot_api.driver import Telegram
from tests.bot_api.media import MEDIA
from tests.bot_api.people import Reader
from tests.chats.office import KEY, QUESTION, THIRD, TITLE, Office, after, told


class TestQuestion:
    """Any text."""

    def test_is_replied_to_with_the_passage(self, ana: Reader) -> None:
        """Verbatim, in quotation, attributed, as a reply, without a link preview."""
        question = ana.says(QUESTION)
        answer = ana.hears()
        assert answer.reply_to == question.id
        [sent] = ana.ear.api.calls("sendMessage")
        assert sent["link_preview_options"] == {"is_disabled": True}
        assert answer.marked("blockquote")[0].startswith(THIRD)
        assert answer.text.endswith(f"“{TITLE}”\n28 November 2025 · ¶3 of 8")
        ana.hears_nothing_more()

    @pytest.mark.parametrize(
        ("language", "day"),
        [
            ("es", "28 de noviembre de 2025 · ¶3 de 8"),
            ("pt-br", "28 de novembro de 2025 · ¶3 de 8"),
        ],
    )
    def test_is_attributed_in_the_reader_s_language(
        self, telegram: Telegram, office: Office, language: str, day: str
    ) -> None:
        """The quotation stays in the article's."""
        answer = told(telegram.private("Luis", language=language), QUESTION)
        assert answer.marked("blockquote")[0].startswith(THIRD)
        assert answer.text.endswith(day)

    def test_that_nothing_answers_gets_an_honest_no(self, ana: Reader) -> None:
        """And a way to read what there is."""
        answer = told(ana, "xylophone zebra quasar")
        assert answer.text.startswith("I found no passage that answers this.")
        assert after(ana, answer, "Illegal migrants").text.startswith(f"“{TITLE}”\n")

    def test_may_stand_under_a_photo(self, ana: Reader) -> None:
        """A caption is text."""
        ana.sends(photo=MEDIA["photo"], caption=QUESTION)
        assert ana.hears().marked("blockquote")[0].startswith(THIRD)

    def test_under_an_album_is_answered_once(self, ana: Reader) -> None:
        """The other photos of the album have no caption, and need no reply."""
        ana.sends(photo=MEDIA["photo"], caption=QUESTION, media_group_id="7")
        ana.hears()
        ana.sends(photo=MEDIA["photo"], media_group_id="7")
        ana.hears_nothing_more()

    @pytest.mark.parametrize(
        "text",
        [
            "a" * 4096,
            "🇵🇪" * 100,
            "من طلب مساعدة الجيش؟",
            "\u202e\u0007\x1b[31m",
            "' OR 1=1; DROP TABLE chats --",
            '"army" AND NEAR(*) -help:',
        ],
        ids=["long", "emoji", "right to left", "control characters", "SQL", "FTS"],
    )
    def test_of_any_kind_is_replied_to(self, ana: Reader, text: str) -> None:
        """Never an exception, never silence."""
        assert told(ana, text).reply_to


class TestEdit:
    """A question edited afterwards."""

    def test_edits_its_answer(self, ana: Reader) -> None:
        """In place."""
        question = ana.says("xylophone zebra quasar")
        answer = ana.hears()
        ana.edits(question, QUESTION)
        edited = ana.hears()
        assert (edited.id, edited.edited) == (answer.id, True)
        assert edited.marked("blockquote")[0].startswith(THIRD)

    def test_that_changes_nothing_is_passed_over(self, ana: Reader) -> None:
        """Telegram refuses such an edit; nobody needs to know."""
        question = ana.says(QUESTION)
        ana.hears()
        ana.edits(question, QUESTION + " ")
        ana.hears_nothing_more()

    def test_is_replied_to_anew_where_the_answer_is_gone(self, ana: Reader) -> None:
        """And once more edited from then on."""
        question = ana.says("xylophone zebra quasar")
        gone = ana.hears()
        ana.deletes(gone)
        ana.edits(question, QUESTION)
        anew = ana.hears()
        assert (anew.edited, anew.reply_to) == (False, question.id)
        ana.edits(question, "xylophone zebra quasar")
        assert ana.hears().id == anew.id


class TestCommands:
    """What can be asked for by name."""

    def test_start_greets_with_what_can_be_asked_about(self, ana: Reader) -> None:
        """What the bot does, an example, the titles."""
        greeting = told(ana, "/start")
        assert greeting.text.startswith("Ask me a question in your own words.")
        assert greeting.text.endswith(f"You can ask about:\n“{TITLE}”")

    def test_a_link_opens_the_passage_it_names(self, ana: Reader) -> None:
        """In context."""
        page = told(ana, f"/start {KEY}_6")
        assert page.marked("bold")[1] == "¶6"

    @pytest.mark.parametrize("payload", ["00000000_1", f"{KEY}_99", f"{KEY}_", "' OR 1=1"])
    def test_an_unknown_link_greets(self, ana: Reader, payload: str) -> None:
        """As if there were none."""
        assert told(ana, f"/start {payload}").text.startswith("Ask me a question")

    def test_help_names_the_commands(self, ana: Reader) -> None:
        """In a few lines."""
        assert "/articles" in told(ana, "/help").text

    def test_read_opens_the_only_article(self, ana: Reader) -> None:
        """At its first page."""
        assert "¶1\nPeruvian President José Jerí convened" in told(ana, "/read").text

    def test_about_says_what_is_stored(self, ana: Reader) -> None:
        """And what is never done."""
        about = told(ana, "/about").text
        assert "What I store: the article you have chosen" in about
        assert "What I never do:" in about

    @pytest.mark.parametrize("command", ["/nope", "/start@other_bot"])
    def test_an_unknown_command_points_to_help(self, ana: Reader, command: str) -> None:
        """In one line."""
        assert told(ana, command).text == "I do not know this command. /help shows those I know."

    @pytest.mark.parametrize("content", ["photo", "sticker", "voice", "poll"])
    def test_what_holds_no_text_is_told_so(self, ana: Reader, content: str) -> None:
        """In one line."""
        ana.sends(**{content: MEDIA[content]})
        assert ana.hears().text == "I read text only. Please write your question as a message."

    def test_what_telegram_reports_is_passed_over(self, ana: Reader) -> None:
        """That something was pinned is no message to the bot."""
        ana.sends(pinned_message=told(ana, "/help").raw)
        ana.hears_nothing_more()


class TestSeveralArticles:
    """Choosing what to talk about."""

    @pytest.fixture
    def rosa(self, telegram: Telegram, empty: Office) -> Reader:
        """A reader where there are two articles."""
        empty.write("ants", "On ants", "Ants follow trails.")
        empty.write("bees", "On bees", "Bees dance for nectar.")
        empty.open()
        return telegram.private("Rosa")

    def test_one_can_be_chosen_and_all_again(self, rosa: Reader) -> None:
        """The choice is shown, kept, and goes for questions and /read."""
        choice = told(rosa, "/articles")
        assert choice.buttons == [["✓ All articles"], ["On ants"], ["On bees"]]
        assert rosa.presses(choice, "On bees")["text"] == "Chosen: On bees"
        chosen = rosa.hears()
        assert chosen.text.startswith("Your questions go to “On bees”.")
        assert chosen.buttons == [["All articles"], ["On ants"], ["✓ On bees"]]
        assert "Bees dance for nectar." in told(rosa, "/read").text
        assert "no passage in “On bees”" in told(rosa, "What do ants follow?").text
        assert rosa.presses(chosen, "All articles")["text"] == "Chosen: All articles"
        rosa.hears()
        assert "Ants follow trails." in told(rosa, "What do ants follow?").text

    def test_chosen_twice_is_answered_twice(self, rosa: Reader) -> None:
        """The list does not change; that is no error."""
        choice = told(rosa, "/articles")
        assert rosa.presses(choice, "All articles")["text"] == "Chosen: All articles"
        rosa.hears_nothing_more()

    def test_read_asks_which(self, rosa: Reader) -> None:
        """A press opens it in place."""
        which = told(rosa, "/read")
        assert which.text == "Which article do you want to read?"
        assert "Ants follow trails." in after(rosa, which, "On ants").text

    def test_a_choice_that_is_gone_is_dropped(self, telegram: Telegram, empty: Office) -> None:
        """All articles are searched, and the reader is told, once."""
        empty.write("bees", "On bees", "Bees dance for nectar.")
        rosa = telegram.private("Rosa")
        empty.choose(rosa, "ants")
        empty.open()
        first = told(rosa, "What do bees dance for?")
        assert first.text.startswith("The article you had chosen is no longer here")
        assert first.marked("blockquote") == ["Bees dance for nectar."]
        assert told(rosa, "What do bees dance for?").text.startswith("Bees dance for nectar.")


class TestNoArticles:
    """A folder that is still empty."""

    @pytest.mark.parametrize("text", ["/articles", "/read", "/start", "Who?"])
    def test_is_told(self, telegram: Telegram, empty: Office, text: str) -> None:
        """Whatever is asked for."""
        empty.open()
        assert "There are no articles here yet." in told(telegram.private("Ana"), text).text
