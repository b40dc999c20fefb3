"""The picture of a replay."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from bot.chats.picture import picture, ticks
from bot.chats.tally import Tally

SVG = "{http://www.w3.org/2000/svg}"


def tally(days: int) -> Tally:
    """Ten messages a day and one reply."""
    made = Tally()
    for number in range(days * 10):
        clock = datetime(2025, 3, 1) + timedelta(hours=2.4 * number)
        made.message(clock)
        if number % 10 == 0:
            made.reply(clock)
    return made


def drawn(name: str, tally: Tally) -> tuple[list[str], dict[str, int]]:
    """The texts on a picture, and how many bars it has of each colour."""
    root = ElementTree.fromstring(picture(name, tally))
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    colours: dict[str, int] = {}
    for bar in root.iter(f"{SVG}rect"):
        colour = bar.attrib["fill"]
        colours[colour] = colours.get(colour, 0) + 1
        assert 0 <= float(bar.get("x", 0)) <= 960
        assert float(bar.get("y", 0)) + float(bar.attrib["height"]) <= 540.1
    return texts, colours


def test_it_shows_messages_and_replies_over_time() -> None:
    """A bar for each day on which there were some, dates below, the figures beside."""
    texts, colours = drawn("Vecinos", tally(30))
    assert texts[:2] == [
        "What Pullquote would have said in Vecinos",
        "1 March 2025 to 30 March 2025 · messages: 300 · replies: 30, 0.04 an hour, "
        "1 in the busiest",
    ]
    assert texts[2:9] == ["messages a day", "0", "2", "4", "6", "8", "10"]
    assert texts[9:14] == ["replies a day", "0", "1", "1 Mar", "5 Mar"]
    assert texts[-1] == "days, 2025"
    assert sorted(colours.values()) == [1, 30, 30]  # the first is what it is drawn on


@pytest.mark.parametrize(
    ("days", "unit"), [(1, "days, 2025"), (365, "weeks, 2025–2026"), (999, "periods of 28 days")]
)
def test_it_has_room_for_any_span(days: int, unit: str) -> None:
    """In days, weeks or longer."""
    assert drawn("Vecinos", tally(days))[0][-1].startswith(unit)


def test_it_says_so_where_there_is_nothing() -> None:
    """No axis, no bar."""
    texts, colours = drawn("Vecinos", Tally())
    assert texts == [
        "What Pullquote would have said in Vecinos",
        "no messages · messages: 0 · replies: 0, 0.00 an hour, 0 in the busiest",
    ]
    assert list(colours.values()) == [1]


def test_a_name_cannot_break_it() -> None:
    """It is no markup, holds nothing that XML forbids, and ends where there is no more room."""
    texts, _ = drawn("</title><script>&\x1b[31m\x00\uffff" + "x" * 200, tally(1))
    assert texts[0].startswith("What Pullquote would have said in </title><script>&xx")
    assert texts[0].endswith("x…")


@pytest.mark.parametrize("most", [0, 1, 5, 6, 99, 12_345, 10**9])
def test_an_axis_has_few_round_figures(most: int) -> None:
    """From 0 to what has to be shown."""
    marks = ticks(most)
    assert marks[0] == 0
    assert marks[-2] < max(most, 1) <= marks[-1]
    assert len(marks) <= 6
    assert str(marks[1]).rstrip("0") in ("1", "2", "5")
