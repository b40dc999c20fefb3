"""How the bot behaves in a chat: what is chosen, what is stored, what holds where nothing is."""

import json
from typing import Any

import pytest

from bot.chats.chat_settings import (
    CHOICES,
    DEFAULTS,
    ChatSettings,
    chosen,
    differing,
    is_quiet,
    settled,
)

HOUR = 3600


class TestSettings:
    """Those in force."""

    def test_are_the_defaults_where_nothing_was_chosen(self) -> None:
        """A new chat hears the bot only when it asks."""
        assert settled({}) == DEFAULTS == ChatSettings(mode="mention", dry_run=False)

    def test_of_a_topic_are_its_group_s_but_for_its_own(self) -> None:
        """What is changed for the group later holds in the topic too."""
        settings = settled({"mode": "questions", "waiting": 3}, {"waiting": 10})
        assert (settings.mode, settings.waiting) == ("questions", 10)

    @pytest.mark.parametrize(
        "stored",
        [
            {"mode": "shout"},
            {"tone": "ironic"},
            {"dry_run": 1},
            {"waiting": False},
            {"waiting": 2},
            {"cooldown": "30"},
            {"articles": "0123abcd"},
            {"articles": ["../../etc"]},
            {"articles": [["0123abcd"]]},
            {"mode": ["off"]},
            {"quiet_from": 24},
        ],
        ids=str,
    )
    def test_are_the_default_where_another_version_wrote_something_unknown(
        self, stored: dict[str, Any]
    ) -> None:
        """Names and values alike; the rest of it holds."""
        assert settled({**stored, "language": "es"}) == ChatSettings(language="es")

    def test_are_the_same_when_written_and_read_back(self) -> None:
        """Every choice of every setting goes through JSON."""
        for name, values in CHOICES.items():
            for value in values:
                stored = json.loads(json.dumps(chosen({}, DEFAULTS, name, value)))
                assert getattr(settled(stored), name) == value, (name, value)
        keys = ("0123abcd", "89abcdef")
        stored = json.loads(json.dumps(chosen({}, DEFAULTS, "articles", keys)))
        assert settled(stored).articles == keys


class TestChoice:
    """What an admin chose, as it is stored."""

    def test_of_what_holds_anyway_is_none(self) -> None:
        """Then nothing is marked as changed."""
        assert chosen({"mode": "off"}, DEFAULTS, "mode", "mention") == {}

    def test_for_a_topic_is_held_against_its_group(self) -> None:
        """The default is a choice where the group has another."""
        group = settled({"mode": "questions"})
        assert chosen({}, group, "mode", "mention") == {"mode": "mention"}
        assert chosen({"mode": "mention"}, group, "mode", "questions") == {}

    def test_leaves_alone_what_it_does_not_know(self) -> None:
        """A newer version finds its own again."""
        assert chosen({"tone": "dry"}, DEFAULTS, "waiting", 3) == {"tone": "dry", "waiting": 3}

    @pytest.mark.parametrize(
        ("name", "value"),
        [("mode", "shout"), ("tone", "dry"), ("waiting", 2), ("articles", ("x",))],
    )
    def test_that_there_is_not_is_refused(self, name: str, value: object) -> None:
        """A forged press chooses nothing."""
        with pytest.raises(ValueError, match="no choice"):
            chosen({}, DEFAULTS, name, value)

    def test_that_differs_is_told(self) -> None:
        """For the marks on the panel; unknown names are not among them."""
        assert differing({"mode": "off", "waiting": 0, "tone": "dry"}, DEFAULTS) == {"mode"}


class TestQuietHours:
    """By the chat's own clock."""

    @pytest.mark.parametrize(
        ("from_", "until", "offset", "utc_hour", "is_it"),
        [
            pytest.param(None, 7, 0, 3, False, id="there-are-none"),
            pytest.param(22, 7, 0, 21.99, False, id="just-before"),
            pytest.param(22, 7, 0, 22, True, id="begin"),
            pytest.param(22, 7, 0, 3, True, id="past-midnight"),
            pytest.param(22, 7, 0, 7, False, id="end"),
            pytest.param(22, 7, -300, 4, True, id="in-lima"),
            pytest.param(22, 7, -300, 13, False, id="morning-in-lima"),
            pytest.param(22, 7, 330, 16.5, True, id="half-an-hour-s-zone"),
            pytest.param(22, 7, 330, 16.25, False, id="just-before-in-it"),
            pytest.param(13, 15, 0, 14, True, id="siesta"),
            pytest.param(13, 15, 0, 15, False, id="after-the-siesta"),
            pytest.param(9, 9, 0, 9, False, id="no-hours-at-all"),
        ],
    )
    def test_hold(
        self, from_: int | None, until: int, offset: int, utc_hour: float, is_it: bool
    ) -> None:
        """From their first hour until their last begins."""
        settings = ChatSettings(quiet_from=from_, quiet_until=until, utc_offset=offset)
        assert is_quiet(settings, 86_400 * 20_000 + utc_hour * HOUR) is is_it
