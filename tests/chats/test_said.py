"""A message of Telegram's as plain data."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Message

from bot.chats.heard import Me, RepliedTo, Said, Tag, hear
from bot.chats.said import said
from bot.corpus.article import Span
from tests.bot_api.media import MEDIA
from tests.bot_api.people import ANONYMOUS, CHANNEL
from tests.bot_api.state import entities_of

GROUP = {"id": -1007, "type": "supergroup", "title": "Vecinos"}
NEWS = {"id": -1009, "type": "channel", "title": "News"}
ANA = {"id": 7, "is_bot": False, "first_name": "Ana"}
BOT = {"id": 42, "is_bot": True, "first_name": "Pullquote"}


def message(text: str = "Who?", **content: Any) -> Message:
    """A message of Ana's as Telegram sends it."""
    raw = {"message_id": 9, "date": 1, "chat": GROUP, "from": ANA, "text": text}
    found = Message.de_json(raw | content, None)
    assert found
    return found


class TestSaid:
    """What was written, and by whom."""

    def test_is_the_text_with_its_tags(self) -> None:
        """In code points, whatever stands before them; other entities are left out."""
        text = "🙂 @luisito /ask"
        bold = {"type": "bold", "offset": 0, "length": 2}
        assert said(message(text, entities=[*entities_of(text), bold])) == Said(
            *(-1007, 9, 7, text),
            tags=(Tag("mention", Span(2, 10)), Tag("bot_command", Span(11, 15))),
        )

    def test_is_the_caption_where_there_is_no_text(self) -> None:
        """With the tags of the caption."""
        entities = [{"type": "text_mention", "offset": 0, "length": 3, "user": BOT}]
        photo = message("", photo=MEDIA["photo"], caption="Who?", caption_entities=entities)
        assert said(photo).text == "Who?"
        assert said(photo).tags == (Tag("text_mention", Span(0, 3), 42),)

    @pytest.mark.parametrize("kind", ["voice", "poll", "sticker"])
    def test_is_nothing_where_there_are_no_words(self, kind: str) -> None:
        """Nothing to read."""
        assert said(message("", **{kind: MEDIA[kind]})).text == ""

    @pytest.mark.parametrize(
        ("content", "author", "is_by_bot"),
        [
            pytest.param({}, 7, False, id="a person"),
            pytest.param({"from": BOT}, 42, True, id="a bot"),
            pytest.param({"from": ANONYMOUS, "sender_chat": GROUP}, -1007, False, id="anonymous"),
            pytest.param({"from": CHANNEL, "sender_chat": NEWS}, -1009, False, id="a channel"),
        ],
    )
    def test_is_by_a_person_or_in_a_chat_s_name(
        self, content: dict[str, Any], author: int, is_by_bot: bool
    ) -> None:
        """Whose user Telegram shows as a bot's."""
        found = said(message(**content))
        assert (found.author, found.is_by_bot) == (author, is_by_bot)

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            ({"via_bot": BOT}, "is_via_bot"),
            (
                {"forward_origin": {"type": "user", "sender_user": ANA, "date": 1}},
                "is_forward",
            ),
            ({"is_automatic_forward": True}, "is_automatic_forward"),
            (
                {"reply_to_story": {"chat": NEWS, "id": 1}},
                "is_reply_elsewhere",
            ),
            (
                {"external_reply": {"origin": {"type": "user", "sender_user": ANA, "date": 1}}},
                "is_reply_elsewhere",
            ),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_tells_what_it_is_besides(self, content: dict[str, Any], name: str) -> None:
        """Each alone."""
        names = ("is_via_bot", "is_forward", "is_automatic_forward", "is_reply_elsewhere")
        found = said(message(**content))
        assert [each for each in names if getattr(found, each)] == [name]

    @pytest.mark.parametrize(
        ("content", "replied_to"),
        [
            pytest.param(
                {"text": "An answer", "from": BOT},
                RepliedTo(5, 42, "An answer", is_by_bot=True),
                id="the bot",
            ),
            pytest.param(
                {"forum_topic_created": {"name": "News", "icon_color": 0}},
                RepliedTo(5, 7, opens_thread=True),
                id="a topic's beginning",
            ),
            pytest.param(
                {"text": "A post", "sender_chat": NEWS, "is_automatic_forward": True},
                RepliedTo(5, -1009, "A post", opens_thread=True),
                id="a channel's post",
            ),
        ],
    )
    def test_tells_what_it_replies_to(self, content: dict[str, Any], replied_to: RepliedTo) -> None:
        """And whether that only begins a thread."""
        other = {"message_id": 5, "date": 1, "chat": GROUP, "from": ANA}
        assert said(message(reply_to_message=other | content)).replied_to == replied_to

    def test_tells_a_topic_from_a_thread_of_replies(self) -> None:
        """Both have a number."""
        topic = said(message(message_thread_id=5, is_topic_message=True))
        replies = said(message(message_thread_id=5))
        assert (topic.thread_id, topic.topic_id) == (5, 5)
        assert (replies.thread_id, replies.topic_id) == (5, None)

    @given(
        st.text(max_size=40),
        st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4),
    )
    def test_is_heard_without_an_exception(self, text: str, spans: list[tuple[int, int]]) -> None:
        """Any text, and entities that make no sense."""
        kinds = ("bot_command", "mention", "text_mention")
        entities = [
            {"type": kind, "offset": offset, "length": length}
            for kind, (offset, length) in zip(kinds * 2, spans, strict=False)
        ]
        hear(said(message(text, entities=entities)), Me(42, "pullquote_bot"))
