"""Exported messages as plain data."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chats import past as module
from bot.chats.export import ExportedChat
from bot.chats.heard import Me, RepliedTo, Said, Tag, hear
from bot.chats.past import Past, past
from bot.corpus.article import Span
from tests.chats.exported import START, Group

CHAT = ExportedChat("Vecinos", "private_supergroup", 123, 0)
CHAT_ID = -1000000000123
BASIC = replace(CHAT, kind="private_group")


def read(group: Group, chat: ExportedChat = CHAT, me: int | None = None) -> list[Past]:
    """What was said in a group."""
    return list(past(group.messages, chat, me))


def said(group: Group, chat: ExportedChat = CHAT) -> Said:
    """What was said there last."""
    return read(group, chat)[-1].said


class TestText:
    """What was written."""

    @pytest.mark.parametrize("field", ["text", "text_entities"])
    def test_is_put_together_from_its_parts(self, field: str) -> None:
        """With commands and names where they stand; other parts are text alone."""
        parts = [
            {"type": "plain", "text": "🙂 "},
            {"type": "mention", "text": "@luis"},
            {"type": "bold", "text": " and "},
            {"type": "mention_name", "text": "Eva", "user_id": 9},
            {"type": "link", "text": " example.org "},
            {"type": "bot_command", "text": "/ask"},
        ]
        group = Group()
        group.says("Ana", **({"text": ""} | {field: parts}))
        assert said(group) == Said(
            *(CHAT_ID, 1, 7, "🙂 @luis and Eva example.org /ask"),
            tags=(
                Tag("mention", Span(2, 7)),
                Tag("text_mention", Span(12, 15), 9),
                Tag("bot_command", Span(28, 32)),
            ),
        )

    def test_may_be_text_between_entities(self) -> None:
        """As older versions write it, plain stretches stand there as they are."""
        group = Group()
        group.says("Ana", ["Ask ", {"type": "mention", "text": "@luis"}, "?"])
        assert said(group).text == "Ask @luis?"

    def test_is_what_a_bot_hears(self) -> None:
        """Addressed as on Telegram."""
        group = Group()
        group.says("Ana", [{"type": "mention", "text": "@pullquote_bot"}, ", who asked?"])
        heard = hear(said(group), Me(42, "pullquote_bot"))
        assert (heard.address, heard.question) == ("mention", "who asked?")


class TestAuthor:
    """Who wrote it."""

    @pytest.mark.parametrize(
        ("from_id", "author"),
        [
            ("user7", 7),
            ("channel9", -1000000000009),
            ("channel123", CHAT_ID),
            ("chat9", -9),
            (None, 0),
            ("nobody", 0),
        ],
    )
    def test_is_a_person_or_a_chat(self, from_id: str | None, author: int) -> None:
        """With the ids that bots have for them."""
        group = Group()
        group.says("Ana", "Hello", from_id=from_id)
        assert said(group).author == author

    @pytest.mark.parametrize(
        ("who", "more", "is_bot"),
        [
            pytest.param("Ana", {}, False, id="a person"),
            pytest.param("Anna Talbot", {}, False, id="a name"),
            pytest.param("Rose Bot", {}, True, id="a word"),
            pytest.param("weather_bot", {}, True, id="a username"),
            pytest.param("GroupHelpBot 🤖", {}, True, id="before an emoji"),
            pytest.param("Rose", {"inline_bot_buttons": [[]]}, True, id="buttons"),
            pytest.param("Ana", {"inline_bot_buttons": [[]], "via_bot": "@x"}, False, id="via"),
            pytest.param("News Bot", {"from_id": "channel9"}, False, id="a channel"),
        ],
    )
    def test_may_seem_to_be_a_bot(self, who: str, more: dict[str, Any], is_bot: bool) -> None:
        """By its name or its buttons; an export says no more."""
        group = Group()
        group.says(who, "Hello", **more)
        assert said(group).is_by_bot == is_bot

    def test_is_a_bot_from_then_on(self) -> None:
        """Not every message of a bot's has buttons; and a person's reply to it is to a bot."""
        group = Group()
        group.says("Rose", "Press", inline_bot_buttons=[[]])
        rose = group.says("Rose", "Pressed")
        group.says("Ana", "Thanks", reply_to_message_id=rose)
        assert [each.said.is_by_bot for each in read(group)] == [True, True, False]
        assert said(group).replied_to == RepliedTo(2, 99, "Pressed", is_by_bot=True)

    def test_is_the_bot_itself_by_its_id(self) -> None:
        """Which the token tells."""
        group = Group()
        group.says("Ana", "Hello")
        assert read(group, me=7)[0].said.is_by_bot


class TestThread:
    """What a message belongs to."""

    def test_is_what_it_replies_to_first(self) -> None:
        """A reply to a reply is in the same thread."""
        group = Group()
        first = group.says("Ana", "Who?")
        second = group.says("Ben", "I", reply_to_message_id=first)
        group.says("Eva", "Me too", reply_to_message_id=second)
        assert [each.said.thread_id for each in read(group)] == [None, first, first]
        assert said(group).replied_to == RepliedTo(second, 8, "I")
        assert [each.said.thread_id for each in read(group, BASIC)] == [None, None, None]

    def test_is_a_topic_whose_first_message_speaks_to_nobody(self) -> None:
        """And a reply within the topic stays in it."""
        group = Group()
        topic = group.happens("topic_created", title="News", actor_id="user7")
        asked = group.says("Ana", "Who?", reply_to_message_id=topic)
        group.says("Ben", "I", reply_to_message_id=asked)
        first, second = (each.said for each in read(group))
        assert first.replied_to == RepliedTo(topic, 7, opens_thread=True)
        assert second.replied_to == RepliedTo(asked, 7, "Who?")
        assert [(each.thread_id, each.topic_id) for each in (first, second)] == [(topic, topic)] * 2
        assert hear(first, Me(42, "x")).address == "open"

    def test_is_a_channel_s_post_that_is_commented_on(self) -> None:
        """Which is an automatic forward; what somebody forwards by hand is none."""
        group = Group()
        news = {"from_id": "channel9", "forwarded_from": "News"}
        post = group.says("News", "A post", **news)
        group.says("Ana", "Who?", reply_to_message_id=post)
        group.says("Ana", "Look", forwarded_from="News")
        first, second, third = (each.said for each in read(group))
        assert (first.is_automatic_forward, third.is_automatic_forward) == (True, False)
        assert (first.is_forward, second.is_forward, third.is_forward) == (True, False, True)
        assert second.replied_to == RepliedTo(post, -1000000000009, "A post", opens_thread=True)
        assert second.thread_id == post

    def test_is_unknown_where_the_message_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One that is not in the export, or too far back: somebody is spoken to."""
        monkeypatch.setattr(module, "REMEMBERED", 2)
        group = Group()
        for _ in range(3):
            group.says("Ana", "Hello")
        for answered in (1, 2, 777):
            group.says("Ben", "Hello", reply_to_message_id=answered)
        authors = [each.said.replied_to.author for each in read(group)[3:] if each.said.replied_to]
        assert authors == [None, None, None]
        assert hear(said(group), Me(0, "")).address == "other"

    def test_may_be_in_another_chat(self) -> None:
        """Where the number means another message."""
        group = Group()
        first = group.says("Ana", "Who?")
        group.says("Ben", "I", reply_to_message_id=first, reply_to_peer_id="channel9")
        assert (said(group).replied_to, said(group).is_reply_elsewhere) == (None, True)


class TestTime:
    """When it was said."""

    def test_is_that_of_the_export_s_clock_as_well(self) -> None:
        """Which is that of the computer it was made on."""
        group = Group()
        group.says("Ana", "Hello", date="2025-11-28T11:00:00")
        assert read(group)[0].at == START
        assert read(group)[0].clock == datetime(2025, 11, 28, 11)

    @pytest.mark.parametrize(
        ("more", "at"),
        [
            ({"date_unixtime": None}, START + 60),
            ({"date": None}, START + 60),
            ({"date": "yesterday", "date_unixtime": "soon"}, START),
            ({"date_unixtime": "9" * 30}, START + 60),
            ({"date_unixtime": "99999999999"}, START + 60),
            ({"date": "9999-12-31T23:59:59", "date_unixtime": None}, START),
            ({"date_unixtime": str(START - 100)}, START),
        ],
    )
    def test_never_runs_back(self, more: dict[str, Any], at: int) -> None:
        """Older exports have one date alone; without any, it is that of the message before."""
        group = Group()
        group.says("Ana", "Hello")
        group.says("Ana", "Hello", **more)
        assert read(group)[1].at == at


SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
ENTITY = st.fixed_dictionaries({"type": SCALAR, "text": SCALAR}, optional={"user_id": SCALAR})
JSON = SCALAR | st.lists(SCALAR | ENTITY, max_size=3)
FIELDS = st.sampled_from(
    [
        *("id", "type", "action", "from", "from_id", "text", "text_entities", "date"),
        *("date_unixtime", "reply_to_message_id", "forwarded_from", "via_bot"),
    ]
)


@given(st.lists(st.dictionaries(FIELDS, JSON, max_size=5), max_size=3))
def test_whatever_an_export_holds_is_heard_without_an_exception(
    contents: list[dict[str, Any]],
) -> None:
    """Fields that are missing, or hold what they never should."""
    messages = [{"id": 1, "type": "message"} | content for content in contents]
    for each in past(messages, CHAT):
        hear(each.said, Me(42, "pullquote_bot"))
        assert each.said.text.encode("utf-8").decode() == each.said.text
