"""Channels: a post that asks is replied to where an admin wants it, and nothing else is said."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.bot_api.driver import Channel
from tests.bot_api.people import Message, Reader
from tests.chats.office import after
from tests.end_to_end.circle import NAME
from tests.end_to_end.newsroom import PARAGRAPHS, Newsroom, quotation


@dataclass(frozen=True)
class Desk:
    """A channel, and Rosa, who runs it and has written to the bot."""

    newsroom: Newsroom
    channel: Channel
    rosa: Reader
    alone: Reader
    """Rosa in private."""

    def opens(self) -> Message:
        """The panel that Rosa opens from the channel."""
        self.rosa.says("/settings")
        invitation = self.alone.hears()
        assert invitation.buttons == [["Settings"]]
        self.alone.follows(invitation, "Settings")
        return self.alone.hears()

    def chooses(self, *labels: str) -> Message:
        """The panel once Rosa has pressed these buttons one after the other."""
        panel = self.opens()
        for label in labels:
            panel = after(self.alone, panel, label)
        return panel

    def is_silent(self) -> None:
        """Fail if the bot has said anything in the channel."""
        self.rosa.hears_nothing_more()


@pytest.fixture
def desk(newsroom: Newsroom) -> Iterator[Desk]:
    """A channel where nothing was chosen; nothing sent in the test broke a rule of Telegram's."""
    channel = newsroom.telegram.channel("News")
    rosa = channel.admin("Rosa")
    alone = rosa.alone()
    alone.says("/start")
    alone.hears()
    yield Desk(newsroom, channel, rosa, alone)
    assert newsroom.api.violations == []


@pytest.fixture
def sure(newsroom: Newsroom) -> str:
    """A question that the bot answers unasked."""
    return newsroom.question_for_all(is_sure=True).question


def test_nothing_is_said_before_an_admin_wants_it(desk: Desk, sure: str) -> None:
    """Neither to a question, nor to one put to the bot: subscribers asked for no bot."""
    desk.channel.posts(sure)
    desk.channel.posts(f"{NAME} {sure}")
    desk.is_silent()


def test_the_panel_opens_in_private_and_the_command_goes(desk: Desk) -> None:
    """Off is what differs from nothing; the channel's subscribers see neither."""
    panel = desk.opens()
    assert panel.text.startswith("My settings in “News”")
    assert panel.button("I reply to")["text"] == "I reply to: nobody"
    desk.is_silent()
    assert not any(m.get("text") == "/settings" for m in desk.channel.ear.chat.messages.values())


def test_a_post_that_asks_is_replied_to(desk: Desk, sure: str) -> None:
    """With the passage, silently, under the post; talk is not."""
    panel = desk.chooses("I reply to", "any question")
    assert panel.button("I reply to")["text"] == "I reply to: any question •"
    desk.channel.posts("Good morning! ☕")
    post, _ = desk.channel.posts(sure)
    answer = desk.rosa.hears()
    assert answer.reply_to == post.id
    assert quotation(answer) in "\n".join(PARAGRAPHS)
    desk.is_silent()


def test_only_who_is_named_replies_in_mention_mode(desk: Desk, sure: str) -> None:
    """A question to all is none to the bot."""
    desk.chooses("I reply to", "who asks me")
    desk.channel.posts(sure)
    post, _ = desk.channel.posts(f"{NAME} {sure}")
    assert desk.rosa.hears().reply_to == post.id
    desk.is_silent()


def test_it_speaks_the_language_of_the_post(desk: Desk) -> None:
    """A post is by nobody whose client could say."""
    desk.chooses("I reply to", "who asks me")
    desk.channel.posts(f"{NAME} ¿Quién es el gobernador de Tacna?")
    assert "28 de noviembre de 2025" in desk.rosa.hears().text


@pytest.mark.parametrize(
    "content",
    [
        {"via_bot": {"id": 99, "is_bot": True, "first_name": "Other", "username": "other_bot"}},
        {"from": {"id": 99, "is_bot": True, "first_name": "Other", "username": "other_bot"}},
        {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Eva"}},
    ],
    ids=["via a bot", "by a bot", "forwarded"],
)
def test_what_a_bot_or_another_wrote_is_left_alone(
    desk: Desk, sure: str, content: dict[str, object]
) -> None:
    """Even where it asks."""
    desk.chooses("I reply to", "any question")
    desk.channel.posts(sure, **content)
    desk.is_silent()


def test_an_edited_post_has_its_reply_edited(desk: Desk, sure: str) -> None:
    """And no other is given one for its edit."""
    desk.chooses("I reply to", "who asks me")
    post, _ = desk.channel.posts(f"{NAME} {sure}")
    first = desk.rosa.hears()
    desk.channel.edits(post, f"{NAME} xylophone zebra quasar")
    second = desk.rosa.hears()
    assert (second.id, second.edited) == (first.id, True)
    assert second.text == "I found no passage that answers this."


def test_an_admin_removes_a_reply_by_button_or_command(desk: Desk, sure: str) -> None:
    """A subscriber cannot."""
    desk.chooses("I reply to", "who asks me")
    desk.channel.posts(f"{NAME} {sure}")
    answer = desk.rosa.hears()
    eve = Reader(desk.channel.ear, desk.newsroom.api.do(_subscriber, desk))
    assert "admin" in eve.presses(answer, "Remove")["text"]
    desk.rosa.presses(answer, "Remove")
    assert answer.id not in desk.channel.ear.chat.messages
    other = desk.newsroom.question_for_all(is_sure=False).question
    desk.channel.posts(f"{NAME} {other}")
    second = desk.rosa.hears()
    desk.rosa.says("/remove", reply_to=second)
    desk.is_silent()
    assert second.id not in desk.channel.ear.chat.messages


def _subscriber(desk: Desk) -> dict[str, object]:
    user = desk.newsroom.api.state.new_user("Eve", "en")
    desk.channel.ear.chat.members[user["id"]] = "member"
    return user


def test_who_adds_it_to_a_channel_is_told_in_private(desk: Desk) -> None:
    """The subscribers are not."""
    other = desk.newsroom.telegram.channel("Sports", bot="left")
    other.ear.chat.members[desk.rosa.user["id"]] = "creator"
    other.adds_bot(by=desk.rosa)
    told = desk.alone.hears()
    assert told.text.startswith("I am in “Sports” now, and silent there.")
    desk.alone.follows(told, "Settings")
    panel = desk.alone.hears()
    assert panel.text.startswith("My settings in “Sports”")
    assert not other.ear.unheard()
