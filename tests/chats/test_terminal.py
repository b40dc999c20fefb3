"""The terminal shows the same answers and words as Telegram does."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chats.message import Draft, Mark, Message
from bot.chats.terminal import Conversation, chat, harmless, show
from bot.corpus.article import Span
from bot.corpus.build import Corpus
from bot.corpus.store import PassageStore
from bot.locale import words_in
from bot.matching.answer import Answerer

SEEDS = Path(__file__).parents[2] / "seeds"
TITLE = "“Illegal migrants flocking from Chile to Peru out of fear of Kast”"
THIRD = (
    "│ The decision follows a formal request from the regional governor of Tacna, Luis Ramón "
    "Torres, who cited the need for Army logistical support to reinforce the National Police "
    "(PNP) and “prevent and avoid the entry of undocumented migrants.”"
)


class Keyboard(io.StringIO):
    """What a person types."""

    def isatty(self) -> bool:
        """A person sits at it."""
        return True


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> PassageStore:
    """The index of two articles: the first of the project, and one of two paragraphs."""
    folder = tmp_path_factory.mktemp("articles")
    for seed in SEEDS.glob("000_*.txt"):
        (folder / seed.name).write_bytes(seed.read_bytes())
    (folder / "bees.md").write_text("---\ntitle: On bees\n---\nBees dance.\n\nThey sting.\n")
    return Corpus(folder, tmp_path_factory.mktemp("index") / "passages.db").up_to_date()


@pytest.fixture
def conversation(store: PassageStore) -> Conversation:
    """An English one, nothing chosen yet."""
    return Conversation(Answerer(store), store, words_in("en"))


def piped(conversation: Conversation, lines: str) -> tuple[str, str]:
    """What a pipe of these lines gets, and what is said beside it."""
    output, notices = io.StringIO(), io.StringIO()
    chat(conversation, io.StringIO(lines), output, notices)
    return output.getvalue(), notices.getvalue()


class TestPipe:
    """One question a line, one answer each."""

    def test_answers_each_line_and_nothing_else(self, conversation: Conversation) -> None:
        """The passage on one line, then where it stands; lines without text are passed over."""
        output, _ = piped(conversation, "Who blocked the Panamericana Sur?\n\n  \n")
        lines = output.splitlines()
        assert lines[0].startswith("│ Frustrated migrants blocked the Panamericana Sur highway")
        assert lines[-3:] == [TITLE, "28 November 2025 · ¶5 of 8", ""]
        assert "›" not in output
        assert "\x1b" not in output

    def test_takes_a_line_for_a_follow_up_of_the_one_before(
        self, conversation: Conversation
    ) -> None:
        """Thanks in between do no harm."""
        output, _ = piped(conversation, "Which migrants are at the border?\nthanks\nmore\n")
        assert output.count("\n\nMatch 2 of 3:\n\n│ ") == 1

    def test_says_once_how_to_set_a_token(self, conversation: Conversation) -> None:
        """Beside the output, so that a pipe holds answers alone."""
        _, notices = piped(conversation, "hi\nhello\n")
        assert notices.count("TELEGRAM_BOT_TOKEN=… pullquote run") == 1

    def test_ends_at_quit(self, conversation: Conversation) -> None:
        """What stands below is not answered."""
        assert piped(conversation, "/quit\nWho asked for the army's help?\n")[0] == ""

    @pytest.mark.parametrize("line", ["\udcff", "\x00", "\x1b[2J", "' OR 1=1 --", "🇵🇪", "*" * 9999])
    def test_replies_to_any_line(self, conversation: Conversation, line: str) -> None:
        """Bytes that are no text, control characters, SQL, emoji, endless lines."""
        output, _ = piped(conversation, line + "\n")
        assert output.endswith("\n\n")
        assert "\x1b" not in output


class TestPerson:
    """Somebody at a keyboard."""

    def test_is_greeted_and_prompted(self, conversation: Conversation) -> None:
        """With what the bot does and what can be typed; the end of input ends it."""
        output = io.StringIO()
        chat(conversation, Keyboard("/about\n"), output, io.StringIO())
        greeting, about, end = output.getvalue().split("› ")
        assert greeting.startswith("Ask me a question in your own words.")
        assert "/quit – leave" in greeting
        assert about.startswith("Articles here: 2.")
        assert end == ""


class TestCommands:
    """The same commands, typed."""

    def test_choose_an_article_by_its_number(self, conversation: Conversation) -> None:
        """Questions go to that one alone, until all are chosen again."""
        bees = next(a for a in conversation.store.articles() if a.title == "On bees")
        number = conversation.store.articles().index(bees) + 1
        assert "Your questions go to “On bees”." in conversation.says(f"/articles {number}").text
        assert "no passage in “On bees”" in conversation.says("Who is José Jerí?").text
        assert conversation.says("/read").text.endswith("¶1\nBees dance.\n\n¶2\nThey sting.")
        assert "Your questions go to all" in conversation.says("/articles all").text

    def test_list_the_articles_with_their_numbers(self, conversation: Conversation) -> None:
        """Where several could be read, too."""
        for command in ("/articles", "/articles 0", "/articles 99", "/read"):
            lines = conversation.says(command).text.splitlines()
            assert sorted(line[3:] for line in lines[1:3]) == sorted([TITLE, "“On bees”"])

    def test_turn_the_pages(self, conversation: Conversation) -> None:
        """A page that is not there is the last."""
        seed = next(a for a in conversation.store.articles() if a.of == 8)
        conversation.chosen = seed
        assert "Page 1 of 2" in conversation.says("/read").text
        assert "Page 2 of 2" in conversation.says("/read 2").text
        assert "Page 2 of 2" in conversation.says("/read 9999999").text

    def test_forget_a_choice_that_is_gone(self, conversation: Conversation) -> None:
        """All articles are searched then."""
        conversation.chosen = replace(conversation.store.articles()[0], slug="gone")
        assert THIRD[2:] in conversation.says("Who asked for the army's help?").text

    def test_that_nobody_knows_point_to_help(self, conversation: Conversation) -> None:
        """In the same words as on Telegram."""
        assert conversation.says("/nope").text.startswith("I do not know this command.")
        assert "/quit – leave" in conversation.says("/help").text


class TestShow:
    """A message as lines."""

    def test_has_a_bar_before_each_line_of_a_quotation(self) -> None:
        """Broken between words at the width; nothing of the text is lost."""
        draft = Draft()
        draft.quote("The road was blocked.\n\nIn both directions.", Span(0, 42))
        draft.write("\n\nDay")
        assert show(draft.message(), styled=False, width=11).splitlines() == [
            "│ The road",
            "│ was",
            "│ blocked.",
            "│",
            "│ In both",
            "│ directions.",
            "",
            "Day",
        ]

    def test_sets_bold_only_if_styled(self) -> None:
        """Also where a line is broken within it."""
        message = Message("It was so", (Mark(Span(3, 9), "bold"),))
        assert show(message, styled=True, width=6) == "It \x1b[1mwas\x1b[22m\n\x1b[1mso\x1b[22m"
        assert show(message, styled=False) == "It was so"

    def test_writes_out_where_a_link_leads(self) -> None:
        """Behind its words."""
        message = Message("by Us", (Mark(Span(3, 5), "text_link", "https://us.example"),))
        assert show(message, styled=False) == "by Us <https://us.example>"

    @given(st.text(), st.integers(1, 80))
    def test_holds_nothing_that_a_terminal_would_obey(self, text: str, width: int) -> None:
        """No control character but the ends of lines, whatever stands in an article."""
        message = Message(text, (Mark(Span(0, len(text)), "blockquote"),))
        shown = show(message, styled=False, width=width)
        assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in shown.replace("\n", ""))


@pytest.mark.parametrize(
    ("text", "harmless_text"),
    [
        ("a\x1b[31mb\x1b[0m", "ab"),
        ("a\x9b2Jb", "ab"),
        ("a\x1b]0;title\x07b", "a]0;titleb"),
        ("a\nb\tc\x7f", "a b c"),
        ("[31m stays", "[31m stays"),
    ],
)
def test_nothing_in_a_text_can_steer_the_terminal(text: str, harmless_text: str) -> None:
    """Colours go altogether; of other sequences, what makes them one."""
    assert harmless(text) == harmless_text
