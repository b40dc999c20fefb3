"""What is written into a button of the panel is read back from it, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chats.buttons import DATA_LIMIT
from bot.chats.chat_settings import CHOICES
from bot.chats.panel_buttons import PanelButton, choice_of, panel_button
from bot.chats.scope import Scope

FAR = Scope(-999_999_999_999_999, 9_999_999_999)


@pytest.mark.parametrize(
    ("button", "data"),
    [
        (PanelButton(Scope(-1001), "home"), "s:-1001.0:home"),
        (PanelButton(Scope(-1001, 5), "mode", "questions"), "s:-1001.5:mode=questions"),
        (PanelButton(Scope(-1001), "utc_offset", "-300"), "s:-1001.0:utc_offset=-300"),
        (PanelButton(Scope(-1001), "articles", "", 2), "s:-1001.0:articles=.2"),
        (PanelButton(Scope(-1001), "articles", "-0123abcd"), "s:-1001.0:articles=-0123abcd"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_button_is_written_and_read_back(button: PanelButton, data: str) -> None:
    """The data is as it was, so that a panel opened by an earlier version still works."""
    assert button.data == data
    assert panel_button(data) == button


def test_every_choice_fits_into_a_button_and_is_read_back() -> None:
    """Also in the chat with the longest id."""
    for name, values in CHOICES.items():
        for value in values:
            button = PanelButton.choosing(FAR, name, value)
            assert len(button.data.encode()) <= DATA_LIMIT
            read = panel_button(button.data)
            assert read is not None
            assert read.value is not None
            assert choice_of(name, read.value) is value or choice_of(name, read.value) == value


@pytest.mark.parametrize(
    "data",
    [
        "",
        "s:",
        "s:-1001:home",
        "s:-1001.0:Home",
        "s:1e3.0:home",
        "s:-1001.0:mode=a b",
        "s:-١.0:home",
    ],
)
def test_forged_data_is_no_button(data: str) -> None:
    """Junk, and digits of other scripts."""
    assert panel_button(data) is None


@given(st.text(max_size=64))
def test_any_data_at_all_is_read_without_an_exception(data: str) -> None:
    """A forged press cannot stop the bot."""
    panel_button(data)
    panel_button(f"s:-1001.0:{data}")
