"""What a message in a group is to the bot, without Telegram."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chats.heard import Address, Heard, Ignored, Me, RepliedTo, Said, Tag, hear
from bot.corpus.article import Span

ME = Me(42, "pullquote_bot")
ANA, LUIS, CHANNEL = 7, 8, -1009
TAGS = {"bot_command": re.compile(r"(?<!\S)/\w+(?:@\w+)?"), "mention": re.compile(r"(?<!\w)@\w+")}

BY_BOT = RepliedTo(3, ME.id, "“A quotation”", is_by_bot=True)
BY_LUIS = RepliedTo(4, LUIS, "Who blocked the road?")
TOPIC = RepliedTo(5, ANA, opens_thread=True)
POST = RepliedTo(6, CHANNEL, "A post", opens_thread=True)


def heard(text: str, replied_to: RepliedTo | None = None, **more: bool) -> Heard:
    """Ana's message, its commands and names marked as Telegram does."""
    tags = tuple(
        Tag(kind, Span(*found.span()))  # type: ignore[arg-type]
        for kind, pattern in TAGS.items()
        for found in pattern.finditer(text)
        if not (kind == "mention" and text.startswith("/") and found.start() < text.find(" "))
    )
    return hear(Said(-1, 9, ANA, text, tags, replied_to, **more), ME)


class TestAddress:
    """Whom a message is put to, and what is then asked."""

    @pytest.mark.parametrize(
        ("text", "replied_to", "address", "question"),
        [
            pytest.param("Who asked?", None, "open", "Who asked?", id="nobody"),
            pytest.param("/ask Who asked?", None, "command", "Who asked?", id="command"),
            pytest.param("/ASK@PullQuote_Bot Who?", None, "command", "Who?", id="its-command"),
            pytest.param("/ask@other_bot Who?", None, "other", None, id="command-of-another"),
            pytest.param("/weather Who?", None, "other", None, id="unknown-command"),
            pytest.param("@pullquote_bot, who?", None, "mention", "who?", id="name-first"),
            pytest.param("Who, @Pullquote_Bot?", None, "mention", "Who,?", id="name-last"),
            pytest.param("@pullquote_bots who?", None, "other", None, id="longer-name"),
            pytest.param("@luis who?", None, "other", None, id="another-s-name"),
            pytest.param("@luis @pullquote_bot who?", None, "mention", "@luis who?", id="both"),
            pytest.param("Who?", BY_BOT, "reply", "Who?", id="reply-to-it"),
            pytest.param("@luis look!", BY_BOT, "other", None, id="reply-to-it-for-another"),
            pytest.param("Who?", BY_LUIS, "other", None, id="reply-to-another"),
            pytest.param("/ask Who?", BY_LUIS, "command", "Who?", id="command-in-reply"),
            pytest.param("Who?", TOPIC, "open", "Who?", id="in-a-topic"),
            pytest.param("Who?", POST, "open", "Who?", id="under-a-post"),
            pytest.param("look /ask who?", None, "open", "look /ask who?", id="command-inside"),
        ],
    )
    def test_is_told(
        self, text: str, replied_to: RepliedTo | None, address: Address, question: str | None
    ) -> None:
        """By its command, its name or a reply to it; what the name stood in is left as typed."""
        found = heard(text, replied_to)
        assert found.address == address
        if question is not None:
            assert found.question == question

    def test_is_told_where_it_is_named_without_a_username(self) -> None:
        """A mention by id, as some clients write it."""
        said = Said(-1, 9, ANA, "Quote 🙂 who?", (Tag("text_mention", Span(0, 5), ME.id),))
        assert (hear(said, ME).address, hear(said, ME).question) == ("mention", "🙂 who?")

    def test_of_a_reply_to_elsewhere_is_another(self) -> None:
        """A message of another chat, or a story, is what it speaks to."""
        assert heard("Who?", is_reply_elsewhere=True).address == "other"

    @pytest.mark.parametrize(
        ("replied_to", "question"),
        [
            pytest.param(BY_LUIS, "Who blocked the road?", id="somebody-s"),
            pytest.param(BY_BOT, "", id="its-own"),
            pytest.param(POST, "", id="the-post"),
            pytest.param(None, "", id="nothing"),
        ],
    )
    @pytest.mark.parametrize("text", ["@pullquote_bot", "/ask", "/ask@pullquote_bot"])
    def test_alone_hands_on_the_message_replied_to(
        self, text: str, replied_to: RepliedTo | None, question: str
    ) -> None:
        """Where a person wrote it: “@bot” in reply to a question puts that question."""
        assert heard(text, replied_to).question == question

    @given(st.text(max_size=60), st.booleans())
    def test_of_any_text_at_all_is_found(self, text: str, is_edit: bool) -> None:
        """No exception, and nothing asked that was not written."""
        found = heard(text, is_edit=is_edit)
        assert all(part in text for part in found.question.split())


class TestIgnored:
    """What is passed over whatever it says."""

    @pytest.mark.parametrize(
        ("more", "reason"),
        [
            ({}, None),
            ({"is_by_bot": True}, "by a bot"),
            ({"is_via_bot": True}, "via a bot"),
            ({"is_forward": True}, "forward"),
            ({"is_forward": True, "is_automatic_forward": True}, "automatic forward"),
            ({"is_edit": True}, "edit"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_is_what_is_not_a_person_s_own_word(
        self, more: dict[str, bool], reason: Ignored | None
    ) -> None:
        """Bots, what came through one, forwards; and edits of what was put to nobody."""
        assert heard("Who asked?", **more).ignored == reason

    def test_is_what_has_no_words(self) -> None:
        """A voice message, a poll, somebody who joins."""
        assert heard(" ").ignored == "no text"

    def test_is_not_an_edit_of_what_is_put_to_the_bot(self) -> None:
        """Its reply follows the edit."""
        assert heard("/ask Who asked?", is_edit=True).ignored is None
