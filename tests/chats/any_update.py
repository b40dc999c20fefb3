"""Any update: hypothesis strategies for what Telegram could send, and for what it never would.

What is well-formed is so by aiogram's models, which the tests hold it to.
"""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.bot_api.server import TOKEN
from tests.bot_api.state import USERNAME, entities_of
from tests.chats.office import KEY, QUESTION

Json = dict[str, Any]
Strategy = st.SearchStrategy[Json]

NOW = 1_770_000_000
"""Unix time at which all of it is received."""
BOT = {"id": int(TOKEN.partition(":")[0]), "is_bot": True, "first_name": "Bot"}
BOT["username"] = USERNAME

PEOPLE = st.integers(1, 2**52 - 1) | st.sampled_from([7, 8])
GROUPS = st.sampled_from([-5, -1_001_234_567_890]) | st.integers(-(2**52), -1)
NUMBERS = st.integers(1, 5) | st.integers(1, 2**31 - 1)
"""Ids of messages and topics."""

_CHARACTERS = st.characters(exclude_categories=["Cs"]) | st.sampled_from(
    "🇵🇪👩‍👧é\u0301\u202eש?¿ \n/@"
)
_SAID = f"""
{QUESTION} | who is Kast | ¿Quién cerró la frontera? | and what about Peru? | more | thanks
@{USERNAME} | @{USERNAME} who asked for help? | @somebody else
"""
_COMMANDS = f"""
/start | /start {KEY}_3 | /start settings_-5_0 | /start settings_-5_2 | /help | /help@other_bot
/read | /articles | /about | /settings | /remove | /privacy | /ask | /ask who?
/ask@{USERNAME} who?
"""
_PHRASES = [
    st.sampled_from(re.split(r"\s*[|\n]\s*", phrases.strip())) for phrases in (_SAID, _COMMANDS)
]
TEXTS = st.one_of(*_PHRASES, st.text(_CHARACTERS, min_size=1, max_size=60))
LONG = st.builds(lambda text, times: (text * times)[:4096], TEXTS, st.integers(1, 2000))
NAMES = st.text(_CHARACTERS, min_size=1, max_size=64)
_BUTTONS = f"""
x: s:-5.0:home s:-5.0:mode=off s:-5.2:waiting=3 s:-5.0:articles= s:-5.0:x s:-5.0:close s:-5.0:speak
q:{KEY}.3.0 o:{KEY}.99.0 t:{KEY}.2 ma0:{KEY}.3.0,{KEY}.4.0 mc1:{KEY}.3.0,{KEY}.4.9999999 c:{KEY}.0
la:0 lr:9999999 c:.0
"""
DATA = st.sampled_from(_BUTTONS.split()) | st.text(_CHARACTERS, min_size=1, max_size=16)
"""What a press of a button sends back."""
USERS = st.just(BOT) | st.fixed_dictionaries(
    {"id": PEOPLE, "is_bot": st.booleans(), "first_name": NAMES},
    optional={"language_code": st.sampled_from(["en", "es-419", "pt-br", "xx"])},
)
"""A person, the bot itself, or another."""
_CHATS = {
    "private": st.fixed_dictionaries(
        {"id": PEOPLE, "type": st.just("private"), "first_name": NAMES}
    ),
    **{
        kind: st.fixed_dictionaries(
            {"id": GROUPS, "type": st.just(kind), "title": NAMES},
            optional={name: st.just(value)},
        )
        for kind, name, value in (
            ("group", "username", "news"),
            ("supergroup", "is_forum", True),
            ("channel", "username", "news"),
        )
    },
}
SAID_IN = st.one_of(_CHATS["private"], _CHATS["group"], _CHATS["supergroup"])
"""The chats in which people write."""
CHANNELS = _CHATS["channel"]


_MARKS = st.lists(
    st.sampled_from(["bold", "url", "mention", "text_link", "text_mention"]), max_size=3
)


@st.composite
def entities(draw: st.DrawFn, text: str) -> list[Json]:
    """Those that Telegram marks in a text, and any others within it."""
    length = len(text.encode("utf-16-le")) // 2
    found = entities_of(text)
    for kind in draw(_MARKS):
        start = draw(st.integers(0, length - 1))
        entity: Json = {
            "type": kind,
            "offset": start,
            "length": draw(st.integers(1, length - start)),
        }
        if kind == "text_link":
            entity["url"] = "https://example.org/"
        if kind == "text_mention":
            entity["user"] = draw(USERS)
        found.append(entity)
    return found


_TEXTS = st.integers(0, 9).flatmap(lambda number: TEXTS if number else LONG)
_CONTENTS = st.sampled_from(["text", "text", "text", "caption", "report", "other"])


@st.composite
def contents(draw: st.DrawFn) -> Json:
    """What a message says or reports."""
    kind = draw(_CONTENTS)
    if kind == "report":
        return draw(_REPORTS)
    if kind == "other":
        return draw(_OTHERS)
    text = draw(_TEXTS)
    if kind == "text":
        return {"text": text, "entities": draw(entities(text))}
    text = text[:1024]
    return draw(_PHOTOS) | {"caption": text, "caption_entities": draw(entities(text))}


_PICTURE = {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}
_PHOTOS = st.fixed_dictionaries(
    {"photo": st.just([_PICTURE])}, optional={"media_group_id": st.just("1")}
)
_OTHERS = st.sampled_from(
    [
        {"dice": {"emoji": "🎲", "value": 1}},
        {"location": {"latitude": 0.0, "longitude": 0.0}},
        {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 1}},
        {"contact": {"phone_number": "1", "first_name": "A"}},
        {"sticker": _PICTURE | {"type": "regular", "is_animated": False, "is_video": False}},
        {},
    ]
)
_REPORTS = st.one_of(
    st.fixed_dictionaries({"new_chat_members": st.lists(USERS, min_size=1, max_size=2)}),
    st.fixed_dictionaries({"left_chat_member": USERS}),
    st.fixed_dictionaries({"migrate_to_chat_id": GROUPS}),
    st.fixed_dictionaries({"migrate_from_chat_id": GROUPS}),
    st.fixed_dictionaries({"new_chat_title": NAMES}),
    st.sampled_from(
        [
            {"forum_topic_created": {"name": "T", "icon_color": 0}},
            {"group_chat_created": True},
            {"delete_chat_photo": True},
            {"forum_topic_closed": {}},
        ]
    ),
)


_DATE = {"date": st.just(NOW)}
_ORIGINS = st.one_of(
    st.fixed_dictionaries({"type": st.just("user"), "sender_user": USERS, **_DATE}),
    st.fixed_dictionaries({"type": st.just("hidden_user"), "sender_user_name": NAMES, **_DATE}),
    st.fixed_dictionaries(
        {"type": st.just("channel"), "chat": CHANNELS, "message_id": NUMBERS, **_DATE}
    ),
)
"""Where a message that was forwarded comes from."""
_IN_GROUPS = st.just({}) | st.fixed_dictionaries(
    {},
    optional={
        "sender_chat": CHANNELS | SAID_IN,
        "message_thread_id": NUMBERS,
        "is_topic_message": st.just(True),
    },
)
_AGES = st.sampled_from([0, 5, 700])


@st.composite
def _written(draw: st.DrawFn, chats: Strategy) -> Json:
    """A message in one of these chats that replies to nothing."""
    chat = draw(chats)
    message = {"message_id": draw(NUMBERS), "date": NOW - draw(_AGES), "chat": chat}
    if chat["type"] != "channel":
        message["from"] = draw(USERS)
    if chat["type"] != "private":
        message |= draw(_IN_GROUPS)
    return message | draw(contents())


def _messages(chats: Strategy) -> Strategy:
    written = _written(chats)
    more = st.just({}) | st.fixed_dictionaries(
        {},
        optional={
            "via_bot": USERS,
            "forward_origin": _ORIGINS,
            "is_automatic_forward": st.just(True),
            "edit_date": st.just(NOW),
            "reply_to_message": written,
        },
    )
    return st.builds(lambda message, rest: message | rest, written, more)


SAID = _messages(SAID_IN)
POSTS = _messages(CHANNELS)
_UNDER = st.sampled_from(["message", "inaccessible", "inline"])


@st.composite
def _presses(draw: st.DrawFn) -> Json:
    """A press of a button, perhaps under a message too old to be shown, or one sent inline."""
    press = {"id": "1", "from": draw(USERS), "chat_instance": "1", "data": draw(DATA)}
    under = draw(_UNDER)
    if under == "inline":
        return press | {"inline_message_id": "1"}
    message = draw(SAID)
    if under == "inaccessible":
        message = {name: message[name] for name in ("chat", "message_id")} | {"date": 0}
    return press | {"message": message}


_PLACES = st.sampled_from(
    [{"status": "member"}, {"status": "left"}, {"status": "kicked", "until_date": 0}]
).map(lambda place: place | {"user": BOT})
_CHANGES = st.fixed_dictionaries(
    {
        "chat": SAID_IN | CHANNELS,
        "from": USERS,
        "old_chat_member": _PLACES,
        "new_chat_member": _PLACES,
        **_DATE,
    }
)
"""The bot's own place in a chat changes."""
_KINDS: dict[str, Strategy] = {
    "message": SAID,
    "edited_message": SAID,
    "channel_post": POSTS,
    "edited_channel_post": POSTS,
    "guest_message": SAID.map(lambda message: message | {"guest_query_id": "1"}),
    "callback_query": _presses(),
    "inline_query": st.fixed_dictionaries(
        {
            "id": st.just("1"),
            "from": USERS,
            "query": TEXTS | st.just(""),
            "offset": st.sampled_from(["", "20", "²"]),
        }
    ),
    "my_chat_member": _CHANGES,
    "poll_answer": st.just({"poll_id": "1", "option_ids": [], "option_persistent_ids": []}),
}


_KIND = st.sampled_from([*_KINDS, *["message", "message", "callback_query"] * 3])
_UPDATE_IDS = st.integers(1, 2**31 - 1)


@st.composite
def updates(draw: st.DrawFn) -> Json:
    """One that Telegram could send."""
    kind = draw(_KIND)
    return {"update_id": draw(_UPDATE_IDS), kind: draw(_KINDS[kind])}


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(_CHARACTERS, max_size=9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=3,
)


@st.composite
def mangled(draw: st.DrawFn) -> Json:
    """An update with fields dropped, or with other values in their place."""
    update: Json = json.loads(json.dumps(draw(updates())))
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(update))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        change = draw(st.sampled_from(["drop", "swap", "replace"]))
        if change == "drop":
            del holder[key]
        elif change == "swap":
            other, which = draw(st.sampled_from(places))
            holder[key] = copy.deepcopy(other[which])
        else:
            holder[key] = draw(_VALUES)
    return update


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every field within, as what holds it and its name or number there."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, held in inner:
        yield value, key
        if isinstance(held, dict | list):
            yield from _places(held)
