"""The report of a replay."""

from datetime import date, datetime, timedelta
from json import loads

import pytest

from bot.chats.chat_settings import ChatSettings
from bot.chats.replay import Reply
from bot.chats.replay_report import chart, fitted, in_short, lines, table, totals
from bot.chats.tally import Period, Tally
from bot.matching.answer import Answerer

NOON = datetime(2025, 11, 28, 12)


@pytest.fixture
def reply(answerer: Answerer) -> Reply:
    """A reply with the fifth paragraph of the seed article, to a message that means harm."""
    text = "Who \x1b[31mblocked\x07\nthe\x9b2J Panamericana Sur?"
    excerpt = answerer.answer("Who blocked the Panamericana Sur?").excerpts[0]
    return Reply(NOON, 7, text, "answer", 0.834, excerpt)


class TestTable:
    """A line for each reply."""

    @pytest.mark.parametrize("width", [60, 100, 200])
    def test_is_as_wide_as_the_terminal(self, reply: Reply, width: int) -> None:
        """To the column, harmless, and in as many lines as there are replies."""
        heading, line = table([reply], width)
        assert (len(heading), len(line)) == (width, width)
        assert line.isprintable()

    def test_says_when_to_what_with_which_passage_and_how_sure(self, reply: Reply) -> None:
        """The article is told by its title."""
        _, line = table([reply], 140)
        assert line.startswith("2025-11-28 12:00  Who blocked the Panamericana Sur?  ")
        assert "  Illegal migrants flocking f… ¶5: Frustrated migrants blocked" in line
        assert line.endswith("   83 %")

    def test_says_what_is_said_in_place_of_a_passage(self) -> None:
        """To who asked the bot."""
        _, line = table([Reply(NOON, 7, "@bot lunch?", "nothing found", 0.0, None)], 100)
        assert "(nothing found)" in line


class TestTotals:
    """How much, how often, and why not."""

    def test_are_figures_and_reasons(self) -> None:
        """The most frequent reason first."""
        tally = Tally()
        for minute in range(1201):
            tally.message(NOON + timedelta(minutes=minute))
        tally.reply(NOON)
        tally.reply(NOON)
        tally.silences.update({"cooldown": 1, "not a question": 1198})
        assert list(totals(tally)) == [
            "messages read         1,201",
            "replies                   2",
            "replies an hour        0.10  on average over 20 hours",
            "the busiest hour          2  2025-11-28 12:00",
            "",
            "nothing said to",
            "  not a question              1,198",
            "  cooldown                        1",
        ]


class TestChart:
    """Replies over time."""

    def test_is_columns_of_blocks(self) -> None:
        """The highest fills all lines; one reply is seen beside a thousand, none is not."""
        shown = [
            Period(date(2025, 3, 1) + timedelta(days=day), 1, 9, count)
            for day, count in enumerate((1200, 1, 0, 600))
        ]
        assert list(chart(shown, 50)) == [
            "replies a day",
            " 1,200 │████████████",
            "       │████████████",
            "       │████████████",
            "       │████████████                        ████████████",
            "       │████████████                        ████████████",
            "     0 │████████████▁▁▁▁▁▁▁▁▁▁▁▁            ████████████",
            "       └────────────────────────────────────────────────",
            "        2025-03-01                            2025-03-04",
        ]

    def test_is_no_wider_than_asked(self) -> None:
        """With the figures of its axis beside it."""
        shown = [Period(date(2025, 3, 1) + timedelta(days=7 * n), 7, 9, n) for n in range(92)]
        assert max(len(line) for line in chart(shown, 92)) == 100


class TestLines:
    """The same for programs."""

    def test_are_objects_that_no_terminal_obeys(self, reply: Reply) -> None:
        """Verbatim once they are read."""
        tally = Tally()
        tally.message(NOON)
        tally.reply(NOON)
        first, last = lines([reply], tally)
        assert first.isprintable()
        assert loads(first) == {
            "time": "2025-11-28T12:00:00",
            "message_id": 7,
            "message": reply.text,
            "reply": "answer",
            "article": "000_ae21a01c4e6ca856",
            "paragraph": 5,
            "excerpt": loads(first)["excerpt"],
            "confidence": 0.834,
        }
        assert loads(first)["excerpt"].startswith("Frustrated migrants blocked")
        assert loads(last) == {
            "messages": 1,
            "replies": 1,
            "replies_an_hour": 1.0,
            "busiest_hour": {"start": "2025-11-28T12:00:00", "replies": 1},
            "first": "2025-11-28T12:00:00",
            "last": "2025-11-28T12:00:00",
            "silences": {},
        }


def test_settings_are_told_where_they_differ_from_the_default() -> None:
    """The mode is always told."""
    chosen = ChatSettings(mode="questions", waiting=3, quiet_from=22, articles=("0123abcd",))
    assert in_short(ChatSettings()) == "mode mention"
    assert in_short(chosen) == "mode questions, waiting 3, quiet from 22, articles 0123abcd"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("short", "short   "),
        ("a longer one", "a longe…"),
        ("日本語日本語", "日本語… "),
        ("e\u0301" * 9, "e\u0301" * 7 + "…"),
        ("a\u202eb\tc", "ab c    "),
    ],
)
def test_a_text_is_fitted_to_columns(text: str, line: str) -> None:
    """Wide characters take two, marks none."""
    assert fitted(text, 8) == line
