"""Crowd: many people in many chats who do anything Telegram allows, and a judge of what was said.

What they do comes from a random generator with a seed; nobody waits for the bot.
"""

import random
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bot.chats.chat_settings import DEFAULTS
from bot.chats.manners import MINUTE_BUDGET
from tests.bot_api.driver import Channel, Group
from tests.bot_api.media import MEDIA
from tests.bot_api.people import Message, Reader
from tests.bot_api.server import Request
from tests.end_to_end.circle import NAME, Circle
from tests.end_to_end.newsroom import QUESTIONS, Newsroom

HOUR, MINUTE = 3600.0, 60.0
TALK = (
    "so sad",
    "good morning all 🙏",
    "I saw it on the news yesterday",
    "ya lo leí, gracias",
    "who cares lol",
    "🇵🇪🇵🇪",
    "A" * 4096,
    "see https://example.org/a?b=c and tell me",
)
"""What asks nothing."""
COMMANDS = ("/help", "/start", "/articles", "/about", "/privacy", "/settings", "/nonsense", "/ask")
JUNK = (
    {"business_connection": {"id": "x"}},
    {"message": {"date": "soon"}},
    {"message": None},
    {"a kind to come": {"message_id": 1}},
    {"callback_query": {"id": 7}},
)
"""Updates that cannot be read, or are of no kind known."""
DEEDS = {
    "question": 34,
    "talk": 20,
    "edit": 7,
    "medium": 7,
    "command": 7,
    "press": 8,
    "inline query": 6,
    "question deleted": 3,
    "post": 4,
    "coming and going": 2,
    "junk": 2,
}
"""What is done, and how often of a hundred times."""


@dataclass
class Place:
    """A chat, the people in it, and what they wrote."""

    people: Sequence[Reader]
    group: Group | None = None
    channel: Channel | None = None
    topics: Sequence[int] = ()
    written: list[tuple[Reader, Message]] = field(default_factory=list)
    updates: list[int] = field(default_factory=list)
    """The messages that were written or edited, in the order in which it happened."""

    @property
    def chat_id(self) -> int:
        """The id of the chat."""
        return self.people[0].ear.chat.id


class Crowd:
    """People in so many chats: two in five private, the others groups of every kind."""

    def __init__(self, newsroom: Newsroom, chats: int, seed: int) -> None:
        self._random = random.Random(seed)
        self._newsroom = newsroom
        self._telegram = newsroom.telegram
        self.done: Counter[str] = Counter()
        """How often each deed was done."""
        self.places = [self._place(number) for number in range(chats)]
        self._begun = len(newsroom.api.requests)

    def act(self) -> None:
        """One deed, by somebody somewhere: an update, seldom two."""
        [kind] = self._random.choices(list(DEEDS), list(DEEDS.values()))
        self._deeds[kind](self._random.choice(self.places))
        self.done[kind] += 1

    def wrongs(self) -> list[str]:
        """What is wrong with what the bot has said to it, a line each."""
        requests = self._newsroom.api.requests[self._begun :]
        return [wrong for place in self.places for wrong in judged(place, requests)]

    def _place(self, number: int) -> Place:
        kind = number % 10
        if kind < 4:
            return Place([self._telegram.private(f"Reader {number}", language=self._language())])
        if kind == 4:
            return self._of(self._telegram.group(f"Small group {number}", kind="group"))
        if kind == 5:
            forum = self._telegram.group(f"Forum {number}", forum=True)
            place = self._of(forum)
            place.topics = [forum.topic(name) for name in ("Borders", "Football")]
            return place
        if kind == 6:
            discussion = self._telegram.group(f"Comments {number}")
            place = self._of(discussion)
            place.channel = self._telegram.channel(f"Channel {number}", discussion=discussion)
            return place
        circle = Circle.of(self._newsroom)
        circle.answers_all()
        return self._of(circle.group)

    def _of(self, group: Group) -> Place:
        people = [
            group.reader(f"Member {number}", language=self._language()) for number in range(5)
        ]
        return Place(people, group)

    def _language(self) -> str | None:
        return self._random.choice(["en", "es", "pt", "de", None])

    @cached_property
    def _deeds(self) -> dict[str, Callable[[Place], object]]:
        return {
            "question": self._ask,
            "talk": lambda place: self._say(place, self._random.choice(TALK)),
            "edit": self._edit,
            "medium": self._send_medium,
            "command": self._command,
            "press": self._press,
            "inline query": lambda place: self._one_of(place).typed(self._question()),
            "question deleted": self._ask_and_delete,
            "post": self._post,
            "coming and going": self._come_or_go,
            "junk": lambda _: self._telegram.api.put_raw(dict(self._random.choice(JUNK))),
        }

    def _question(self) -> str:
        return self._random.choice(QUESTIONS)

    def _one_of(self, place: Place) -> Reader:
        return self._random.choice(place.people)

    def _say(self, place: Place, text: str, reply_to: Message | None = None) -> Message:
        reader, topic = self._one_of(place), self._random.choice([None, *place.topics])
        return self._note(place, reader, reader.says(text, reply_to=reply_to, topic=topic))

    def _note(self, place: Place, reader: Reader, message: Message) -> Message:
        place.written.append((reader, message))
        place.updates.append(message.id)
        return message

    def _ask(self, place: Place) -> Message:
        question = self._question()
        if place.group is None:
            return self._say(place, question)
        said = [Message(raw) for raw in place.group.chat.messages.values() if _is_own(raw)]
        if said and self._random.random() < 0.2:
            return self._say(place, question, self._random.choice(said))
        form = self._random.choice(["{}", "{}", f"{NAME} {{}}", "/ask {}"])
        return self._say(place, form.format(question))

    def _ask_and_delete(self, place: Place) -> None:
        asked = self._ask(place)
        self._one_of(place).deletes(asked)
        place.written.pop()

    def _edit(self, place: Place) -> None:
        if place.written:
            reader, message = self._random.choice(place.written)
            place.updates.append(reader.edits(message, self._question()).id)

    def _send_medium(self, place: Place) -> None:
        origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Eva"}
        forward: dict[str, Any] = {"text": self._question(), "forward_origin": origin}
        name = self._random.choice(list(MEDIA))
        caption = {"caption": f"{NAME} {self._question()}"} if name == "photo" else {}
        content = self._random.choice([{name: MEDIA[name]} | caption, forward])
        reader = self._one_of(place)
        place.updates.append(reader.sends(**content).id)

    def _command(self, place: Place) -> None:
        self._say(place, self._random.choice(COMMANDS))

    def _press(self, place: Place) -> None:
        shown = [
            (raw["message_id"], button["callback_data"])
            for raw in place.people[0].ear.chat.messages.values()
            for row in raw.get("reply_markup", {}).get("inline_keyboard", [])
            for button in row
            if "callback_data" in button
        ]
        forged = (self._random.randrange(1, 50), self._random.choice(["s:", "x:1", "m:9", "∞"]))
        self._one_of(place).forged(*self._random.choice([*shown[-8:], forged]))

    def _post(self, place: Place) -> None:
        if place.channel:
            _, forward = place.channel.posts(self._question())
            self._say(place, self._question(), forward)
        else:
            self._ask(place)

    def _come_or_go(self, place: Place) -> None:
        if place.group is None:
            [reader] = place.people
            reader.blocks()
            reader.unblocks()
        else:
            place.group.removes_bot(place.people[0])
            place.group.adds_bot(place.people[0])


@dataclass(frozen=True)
class Reply:
    """Something the bot said in reply to a message."""

    at: float
    to: int
    text: str
    quoted: str | None


def judged(place: Place, requests: Sequence[Request]) -> Iterator[str]:
    """What is wrong with what the bot said in a place, a line each."""
    replies = [
        reply
        for request in requests
        if request.parameters.get("chat_id") == place.chat_id and (reply := _reply(request))
    ]
    yield from _out_of_order(place, replies)
    if place.group:
        yield from _over_budget(place, replies)


def _out_of_order(place: Place, replies: Sequence[Reply]) -> Iterator[str]:
    """Replies to what came before that which was replied to already."""
    happened = defaultdict(list)
    for number, message_id in enumerate(place.updates):
        happened[message_id].append(number)
    last = 0
    for reply in replies:
        numbers = happened[reply.to]
        later = bisect_left(numbers, last)
        if later == len(numbers):
            yield f"chat {place.chat_id}: a reply to {reply.to} comes late: {reply.text[:60]!r}"
        else:
            last = numbers[later]


def _over_budget(place: Place, replies: Sequence[Reply]) -> Iterator[str]:
    """More replies than there may be, to one, in all, in a minute, and of one passage."""
    author = {message.id: reader.user["id"] for reader, message in place.written}
    counted = [reply for reply in replies if reply.to in author]
    to_one, of_one = defaultdict(list), defaultdict(list)
    for reply in counted:
        to_one[author[reply.to]].append(reply.at)
        if reply.quoted:
            of_one[reply.quoted].append(reply.at)
    for what, times, seconds, most in (
        *(("user", times, HOUR, DEFAULTS.user_budget) for times in to_one.values()),
        *(("passage", times, HOUR, DEFAULTS.passage_budget) for times in of_one.values()),
        ("chat", [reply.at for reply in counted], HOUR, DEFAULTS.chat_budget),
        ("chat", [reply.at for reply in counted], MINUTE, MINUTE_BUDGET),
    ):
        found = most_within(times, seconds)
        if found > most:
            yield f"chat {place.chat_id}: budget of the {what}: {found} in {seconds:.0f} s"


def most_within(times: Sequence[float], seconds: float) -> int:
    """The most of these times, in order, that lie within any so many seconds.

    >>> most_within([0, 1, 2, 10, 11], 3)
    3
    """
    return max(
        (
            number + 1 - bisect_left(times, time - seconds, 0, number + 1)
            for number, time in enumerate(times)
        ),
        default=0,
    )


def _reply(request: Request) -> Reply | None:
    if request.method != "sendMessage" or request.status != 200:
        return None
    to = request.parameters.get("reply_parameters", {}).get("message_id")
    text = request.parameters["text"]
    said = Message(request.parameters)
    quoted = said.marked("blockquote") + said.marked("expandable_blockquote")
    return Reply(request.at, to, text, quoted[0] if quoted else None) if to else None


def _is_own(raw: dict[str, Any]) -> bool:
    return raw.get("from", {}).get("username") == NAME.removeprefix("@")
