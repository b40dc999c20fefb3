"""Whether the bot speaks in a group: every rule as a row."""

from dataclasses import replace

import pytest

from bot.chats.chat_settings import ChatSettings
from bot.chats.heard import Address, Heard, Ignored, Said
from bot.chats.manners import Bars, Found, Lately, Reason, Silent, Speak, after, bar, before

BARS = Bars(addressed=0.25, unasked=0.5, question=0.4)
FOUND = Found(confidence=0.6, is_question=0.9, place=("0123abcd", 3))
UNSURE = Found(confidence=0.3, is_question=0.9, place=("0123abcd", 3))
NOTHING = Found(confidence=0.0, is_question=0.9, place=None)
TALK = Found(confidence=0.9, is_question=0.1, place=("0123abcd", 3))
NIGHT = ChatSettings(mode="questions", quiet_from=22, quiet_until=7)
QUESTIONS = ChatSettings(mode="questions")
THREE, NOON = 3 * 3600, 12 * 3600


def heard(address: Address, ignored: Ignored | None = None) -> Heard:
    """A message put to somebody in this way."""
    return Heard(Said(-1, 9, 7, "Who asked?"), address, "Who asked?", ignored)


class TestBefore:
    """What needs no answer to be passed over."""

    @pytest.mark.parametrize(
        ("address", "settings", "now", "reason"),
        [
            pytest.param("open", ChatSettings(), NOON, "not addressed", id="mention-open"),
            pytest.param("mention", ChatSettings(), NOON, None, id="mention-named"),
            pytest.param("reply", ChatSettings(), NOON, None, id="mention-reply"),
            pytest.param("command", ChatSettings(), NOON, None, id="mention-command"),
            pytest.param("other", ChatSettings(), NOON, "for another", id="mention-other"),
            pytest.param("open", QUESTIONS, NOON, None, id="questions-open"),
            pytest.param("other", QUESTIONS, NOON, "for another", id="questions-other"),
            pytest.param("command", ChatSettings(mode="off"), NOON, "off", id="off"),
            pytest.param("open", NIGHT, THREE, "quiet hours", id="night-open"),
            pytest.param("mention", NIGHT, THREE, None, id="night-named"),
            pytest.param("open", NIGHT, NOON, None, id="day-open"),
        ],
    )
    def test_mode_and_hour_decide(
        self, address: Address, settings: ChatSettings, now: int, reason: Reason | None
    ) -> None:
        """Who puts a question to the bot is answered at night as well: without a sound."""
        assert before(heard(address), settings, now) == (Silent(reason) if reason else None)

    def test_what_is_ignored_is_so_in_every_mode(self) -> None:
        """The reason is that of the message."""
        assert before(heard("mention", "by a bot"), QUESTIONS, NOON) == Silent("by a bot")


class TestAfter:
    """What is said once an answer has been looked for."""

    @pytest.mark.parametrize(
        ("address", "found", "said"),
        [
            pytest.param("open", FOUND, Speak("answer", 0.5), id="open-sure"),
            pytest.param("open", UNSURE, Silent("not confident"), id="open-unsure"),
            pytest.param("open", NOTHING, Silent("not confident"), id="open-nothing"),
            pytest.param("open", TALK, Silent("not a question"), id="open-talk"),
            pytest.param("mention", FOUND, Speak("answer", 0.25), id="named-sure"),
            pytest.param("mention", UNSURE, Speak("answer", 0.25), id="named-less-sure"),
            pytest.param("mention", NOTHING, Speak("nothing found", 0.25), id="named-nothing"),
            pytest.param("mention", TALK, Speak("answer", 0.25), id="named-keywords"),
            pytest.param("command", NOTHING, Speak("nothing found", 0.25), id="command-nothing"),
            pytest.param("reply", FOUND, Speak("answer", 0.25), id="reply-sure"),
            pytest.param("reply", NOTHING, Speak("nothing found", 0.25), id="reply-nothing"),
            pytest.param("reply", TALK, Silent("not a question"), id="reply-thanks"),
        ],
    )
    def test_confidence_decides(self, address: Address, found: Found, said: Speak | Silent) -> None:
        """Unasked, only what is sure; asked, one line where there is nothing."""
        assert after(heard(address), QUESTIONS, found, Lately(), BARS) == said

    @pytest.mark.parametrize(
        ("found", "said"),
        [
            pytest.param(TALK, Speak("answer", 0.25), id="found"),
            pytest.param(replace(NOTHING, is_question=0.1), Speak("nothing found", 0.25), id="no"),
        ],
    )
    def test_follow_up_is_no_talk(self, found: Found, said: Speak) -> None:
        """“More”, in reply to the bot, asks although it is no question by itself."""
        followup = replace(found, is_followup=True)
        assert after(heard("reply"), QUESTIONS, followup, Lately(), BARS) == said

    @pytest.mark.parametrize(
        ("address", "lately", "said"),
        [
            pytest.param("open", Lately(in_thread=5), Silent("cooldown"), id="cooldown"),
            pytest.param("command", Lately(in_thread=5), Speak("said before", 0.25, 5), id="again"),
            pytest.param("command", Lately(to_user=9), Speak("answer", 0.25), id="one-left"),
            pytest.param("command", Lately(to_user=10), Silent("budget of the user"), id="user"),
            pytest.param("open", Lately(in_hour=60), Silent("budget of the chat"), id="chat"),
            pytest.param("open", Lately(in_minute=12), Silent("budget of the chat"), id="minute"),
            pytest.param(
                "command", Lately(of_passage=6), Silent("budget of the passage"), id="passage"
            ),
            pytest.param("open", Lately(removals=1), Silent("not confident"), id="removed-once"),
            pytest.param("command", Lately(removals=1), Speak("nothing found", 0.625), id="asked"),
        ],
    )
    def test_what_was_said_lately_decides(
        self, address: Address, lately: Lately, said: Speak | Silent
    ) -> None:
        """Budgets silence even an asked bot; a passage that was just quoted is pointed to."""
        found = Found(0.6, 0.9, ("0123abcd", 3))
        assert after(heard(address), QUESTIONS, found, lately, BARS) == said


class TestBar:
    """The confidence from which on a passage is quoted."""

    def test_is_the_threshold_in_a_chat_that_chose_nothing(self) -> None:
        """As it was fitted."""
        assert bar(0.5, ChatSettings()) == 0.5

    def test_follows_the_chat_s_caution(self) -> None:
        """Careful halves what is left to certainty, bold takes a quarter off."""
        assert bar(0.5, ChatSettings(confidence="careful")) == 0.75
        assert bar(0.5, ChatSettings(confidence="bold")) == 0.375

    def test_rises_with_every_removal_and_never_reaches_certainty(self) -> None:
        """A passage that admins keep removing is quoted only where there is hardly a doubt."""
        bars = [bar(0.5, ChatSettings(), removals) for removals in range(10)]
        assert bars[:4] == [0.5, 0.75, 0.875, 0.9375]
        assert bars[-1] < 1
