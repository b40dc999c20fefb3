"""A crowd, for a while; ``make soak`` has a larger one for longer."""

from tests.bot_api.driver import Telegram
from tests.bot_api.server import BotApi, Request
from tests.end_to_end.crowd import DEEDS, Crowd, Place, judged
from tests.end_to_end.newsroom import Newsroom, has_nothing_in_hand


def test_whatever_people_do_replies_come_in_order_and_within_budgets(newsroom: Newsroom) -> None:
    """And nothing fails: not a word of an error in the log, no request against the rules."""
    crowd = Crowd(newsroom, chats=10, seed=1)
    for _ in range(300):
        crowd.act()
    newsroom.api.wait_until(lambda: not newsroom.api.state.updates.pending, "all is accepted")
    has_nothing_in_hand(newsroom.bot)
    assert set(crowd.done) == set(DEEDS)
    assert crowd.wrongs() == []
    assert newsroom.api.violations == []
    assert " ERROR " not in newsroom.bot.printed
    assert "Traceback" not in newsroom.bot.printed
    replies = [call for call in newsroom.api.calls("sendMessage") if "reply_parameters" in call]
    assert len(replies) > 50


def said(place: Place, to: int, at: float, text: str = "Yes.") -> Request:
    """The bot's reply to a message."""
    quoted = [{"type": "blockquote", "offset": 0, "length": len(text)}]
    parameters = {"chat_id": place.chat_id, "text": text, "reply_parameters": {"message_id": to}}
    return Request("sendMessage", parameters | {"entities": quoted}, 200, at)


def test_the_judge_finds_what_comes_late_and_what_is_too_much() -> None:
    """By one person, in a minute, of one passage; what is in order and within budgets passes."""
    with BotApi() as api:
        group = Telegram(api).group("Vecinos")
        place = Place([group.reader("Ana")], group)
        for _ in range(13):
            message = place.people[0].says("Who?")
            place.written.append((place.people[0], message))
            place.updates.append(message.id)
    fine = [said(place, number, 10.0 * number, str(number)) for number in place.updates[:10]]
    assert list(judged(place, fine)) == []
    assert list(judged(place, [*fine[1:], fine[0]])) == [
        f"chat {place.chat_id}: a reply to 2 comes late: '2'"
    ]
    fast = [said(place, number, number, str(number)) for number in place.updates]
    assert list(judged(place, fast)) == [
        f"chat {place.chat_id}: budget of the user: 13 in 3600 s",
        f"chat {place.chat_id}: budget of the chat: 13 in 60 s",
    ]
    same = [said(place, number, 10.0 * number) for number in place.updates[:7]]
    assert list(judged(place, same)) == [
        f"chat {place.chat_id}: budget of the passage: 7 in 3600 s"
    ]
