"""What was asked lately: which question a message follows, for how long, and how many are kept."""

from dataclasses import replace

import pytest

from bot.chats.conversations import FRESH, KEPT, MOST, TURNS, Conversations, Thread
from bot.matching.conversation import Turn, turn

ANA: Thread = (7, None)
WHY = "why? blocked the road?"
"""“And why?” after “Who blocked the road?”."""


class Talk:
    """Conversations on a clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.conversations = Conversations(lambda: self.now)

    def asked(
        self, text: str, id_: int, thread: Thread = ANA, *, asks_something: bool = True
    ) -> Turn:
        """A question that was replied to with the message after it."""
        taken = replace(turn(text), asks_something=asks_something)
        self.conversations.remember(thread, id_, id_ + 1, taken)
        return taken

    def follows(self, text: str, id_: int, thread: Thread = ANA) -> str:
        """What is put to the articles for a message that replies to nothing."""
        return self.conversations.turn(text, thread, id_, None).question

    def replies(self, text: str, replied_to: int, thread: Thread = ANA) -> str:
        """What is put to them for a message that replies to one of the bot's."""
        return self.conversations.turn_of_reply(text, thread, replied_to).question


@pytest.fixture
def talk() -> Talk:
    """One in which Ana has asked a question, number 1."""
    talk = Talk()
    talk.asked("Who blocked the road?", 1)
    return talk


class TestAFollowUp:
    """Without a reply."""

    def test_follows_the_question_before_it(self, talk: Talk) -> None:
        """The last of several."""
        assert talk.follows("and why?", 3) == WHY
        talk.asked("Who came from Arica?", 3)
        assert talk.follows("and why?", 5) == "why? came from Arica?"

    def test_follows_nothing_after_ten_minutes(self, talk: Talk) -> None:
        """Then it is a question of its own."""
        talk.now += FRESH
        assert talk.follows("and why?", 3) == WHY
        talk.now += 1
        assert talk.follows("and why?", 3) == "and why?"

    def test_that_is_edited_follows_what_stood_before_it(self, talk: Talk) -> None:
        """Not what was asked since."""
        talk.asked("Who came from Arica?", 5)
        assert talk.follows("and why?", 3) == WHY

    def test_keeps_to_its_thread(self, talk: Talk) -> None:
        """Another chat, and another thread of the same, know nothing of it."""
        assert talk.follows("and why?", 3, (8, None)) == "and why?"
        assert talk.follows("and why?", 3, (7, 2)) == "and why?"

    def test_looks_past_what_asks_nothing(self, talk: Talk) -> None:
        """Thanks in between do no harm."""
        talk.asked("Thanks!", 3, asks_something=False)
        assert talk.follows("and why?", 5) == WHY


class TestAReply:
    """To one of the bot's messages."""

    def test_follows_the_question_that_was_answered_there(self, talk: Talk) -> None:
        """Also an older one, for half an hour."""
        talk.asked("Who came from Arica?", 3)
        talk.now += KEPT
        assert talk.replies("and why?", 2) == WHY
        talk.now += 1
        assert talk.replies("and why?", 2) == "and why?"

    def test_to_anything_else_follows_nothing(self, talk: Talk) -> None:
        """It is about that, not about the last question."""
        assert talk.replies("and why?", 99) == "and why?"
        assert talk.conversations.turn("and why?", ANA, 3, 99).question == "and why?"

    def test_goes_on_with_the_article(self, talk: Talk) -> None:
        """Also by a question of its own."""
        talk.conversations.remember(ANA, 3, 4, Turn("Who is Kast?", "Who is Kast?", "kast"))
        reply = talk.conversations.turn("Who won the election?", ANA, 5, 4)
        assert reply == Turn("Who won the election?", "Who won the election?", "kast")


class TestWhatIsKept:
    """Little, and not for long."""

    def test_of_a_thread_is_the_last_few(self, talk: Talk) -> None:
        """The oldest goes when there are too many."""
        for number in range(TURNS):
            talk.asked(f"Who built bridge {number}?", 3 + 2 * number)
        assert talk.replies("and why?", 2) == "and why?"
        assert talk.replies("and why?", 4) == "why? built bridge 0?"

    def test_of_an_edited_question_is_its_last_wording(self, talk: Talk) -> None:
        """In its old place."""
        talk.asked("Who cleared the road?", 1)
        assert talk.replies("and why?", 2) == "why? cleared the road?"

    def test_is_limited_in_all(self, talk: Talk) -> None:
        """The oldest goes first, whoever asked it."""
        for chat_id in range(100, 100 + MOST):
            talk.asked("Who came from Arica?", 1, (chat_id, None))
        assert talk.replies("and why?", 2) == "and why?"
        assert talk.replies("and why?", 2, (100, None)) == "why? came from Arica?"

    def test_is_let_go_when_its_time_is_over(self, talk: Talk) -> None:
        """The texts themselves, also in a thread where more was asked since."""
        talk.now += KEPT / 2
        talk.asked("Who came from Arica?", 3)
        talk.now += KEPT / 2 + 1
        talk.conversations.forget()
        assert list(talk.conversations._threads[ANA]) == [3]
        talk.now += KEPT
        talk.conversations.forget()
        assert talk.conversations._threads == {}
        assert not talk.conversations._by_age

    def test_of_an_edited_question_lasts_as_long_as_its_last_wording(self, talk: Talk) -> None:
        """Its first one has no say in that."""
        talk.now += KEPT / 2
        talk.asked("Who cleared the road?", 1)
        talk.now += KEPT / 2 + 1
        talk.conversations.forget()
        assert talk.replies("and why?", 2) == "why? cleared the road?"
