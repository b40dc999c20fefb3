"""What is written into a button is read back from it, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chats.buttons import (
    Action,
    ChooseArticle,
    ListArticles,
    OpenArticle,
    Reference,
    ShowMatch,
    ShowParagraph,
    TurnPage,
    action_of,
)

A, B, C = (Reference("0123abcd", paragraph, 0) for paragraph in (3, 5, 7))


@pytest.mark.parametrize(
    ("action", "data"),
    [
        (ShowParagraph(A), "q:0123abcd.3.0"),
        (OpenArticle(Reference("0123abcd", 5, 2)), "o:0123abcd.5.2"),
        (TurnPage("0123abcd", 2), "t:0123abcd.2"),
        (ShowMatch((A, B), 1, "closest"), "mc1:0123abcd.3.0,0123abcd.5.0"),
        (ListArticles(1, to_read=True), "lr:1"),
        (ListArticles(0), "la:0"),
        (ChooseArticle("0123abcd", 4), "c:0123abcd.4"),
        (ChooseArticle(None), "c:.0"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value,
)
def test_an_action_is_written_and_read_back(action: Action, data: str) -> None:
    """The data is as it was, so that buttons sent by an earlier version still work."""
    assert action.data == data
    assert action_of(data) == action


@pytest.mark.parametrize(
    "data",
    [
        "",
        "no such button",
        "t:0123ABCD.2",
        "t:0123abcd.-1",
        "t:0123abcd.99999999",
        "t:0123abcd.٣",
        "q:0123abcd.3.0\n",
        "ma2:0123abcd.3.0,0123abcd.5.0",
        "ma0:" + ",".join(["0123abcd.3.0"] * 4),
        "c:../../etc.0",
    ],
)
def test_forged_data_asks_for_nothing(data: str) -> None:
    """Junk, numbers out of range, digits of other scripts, more matches than there are."""
    assert action_of(data) is None


@given(st.text(max_size=64))
def test_any_data_at_all_is_read_without_an_exception(data: str) -> None:
    """A forged press cannot stop the bot."""
    action_of(data)


def test_other_matches_go_round() -> None:
    """After the last comes the best again."""
    first = ShowMatch.best((A, B, C), "answer")
    assert [first.shown, first.next().shown, first.next().next().shown] == [0, 1, 2]
    assert first.next().next().next() == first


def test_matches_without_room_in_a_button_are_left_out() -> None:
    """Of three places with numbers of seven digits, a button holds two."""
    far = Reference("0123abcd", 9_999_999, 9_999_999)
    assert ShowMatch.best((far, far, far), "closest").matches == (far, far)
