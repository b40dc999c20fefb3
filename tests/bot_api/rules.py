"""The Bot API's rules that neither aiogram nor teremok checks, each with Telegram's words.

Sources: the descriptions of the types and methods at https://core.telegram.org/bots/api and
https://core.telegram.org/bots/features#deep-linking.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiogram.types import Update

UPDATE_KINDS = frozenset(Update.model_fields) - {"update_id"}
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE_CODE = re.compile(r"([a-z]{2})?")
LONGEST = {
    "setMyName": ("name", 64),
    "setMyDescription": ("description", 512),
    "setMyShortDescription": ("short_description", 120),
}
_TEXTS = (
    ("text", "entities"),
    ("message_text", "entities"),
    ("caption", "caption_entities"),
    ("quote", "quote_entities"),
)


def broken_rules(method: str, parameters: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the request, in the words Telegram would use; nothing if it is right."""
    if "parse_mode" in parameters:
        yield "can't parse entities: this bot sends entities, never markup"
    for text, entities in formatted_texts(parameters):
        yield from _wrong_entities(text, entities)
    for button in _buttons(parameters):
        yield from _wrong_button(button)
    for url in _values(parameters, "url"):
        yield from _wrong_url(url)
    yield from chain.from_iterable(rule(method, parameters) for rule in _BY_METHOD)


def formatted_texts(value: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every text that stands somewhere in the value, with its entities, if it has any."""
    for found in _dicts(value):
        for text, entities in _TEXTS:
            if isinstance(found.get(text), str):
                yield found[text], found.get(entities) or []


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        yield from chain.from_iterable(_dicts(inner) for inner in value.values())
    elif isinstance(value, list):
        yield from chain.from_iterable(_dicts(inner) for inner in value)


def _values(parameters: Any, name: str) -> Iterator[str]:
    return (found[name] for found in _dicts(parameters) if isinstance(found.get(name), str))


def _wrong_entities(text: str, entities: list[dict[str, Any]]) -> Iterator[str]:
    units = text.encode("utf-16-le", "surrogatepass")

    def cuts_a_pair(offset: int) -> bool:
        unit = int.from_bytes(units[2 * offset : 2 * offset + 2], "little")
        return offset > 0 and 0xDC00 <= unit <= 0xDFFF

    if len(entities) > 100:
        yield "a message has at most 100 entities"
    quotes = []
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if not 0 <= start < end <= len(units) // 2:
            yield "entity is empty or beyond the text"
        if cuts_a_pair(start) or cuts_a_pair(end):
            yield f"entity {entity['type']} at {start} cuts a surrogate pair"
        if entity["type"] in ("blockquote", "expandable_blockquote"):
            quotes.append((start, end))
    quotes.sort()
    if any(one[1] > other[0] for one, other in pairwise(quotes)):
        yield "blockquote entities can't be nested"


def _buttons(parameters: Any) -> Iterator[dict[str, Any]]:
    for markup in _dicts(parameters):
        yield from chain.from_iterable(markup.get("inline_keyboard", []))


def _wrong_button(button: dict[str, Any]) -> Iterator[str]:
    if not button["text"].strip():
        yield "can't parse inline keyboard button: text is empty"
    if len(button.get("copy_text", {}).get("text", "-")) not in range(1, 257):
        yield "can't parse inline keyboard button: copy_text takes 1-256 characters"


def _wrong_url(url: str) -> Iterator[str]:
    address = urlsplit(url if "://" in url else f"http://{url}")
    if address.scheme not in ("http", "https", "tg") or not address.netloc:
        yield f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
    if address.netloc in ("t.me", "telegram.me"):
        query = parse_qs(address.query, keep_blank_values=True)
        for name in ("start", "startgroup"):
            if name in query and not START_PARAMETER.fullmatch(query[name][0]):
                yield f"START_PARAM_INVALID: {query[name][0]}"


def _wrong_commands(method: str, parameters: dict[str, Any]) -> Iterator[str]:
    if method != "setMyCommands":
        return
    commands = parameters["commands"]
    if len(commands) > 100:
        yield "BOT_COMMANDS_TOO_MUCH"
    for command in commands:
        if not COMMAND.fullmatch(command["command"]):
            yield f"BOT_COMMAND_INVALID: {command['command']}"
        if not 1 <= len(command["description"]) <= 256:
            yield f"BOT_COMMAND_DESCRIPTION_INVALID: {command['command']}"


def _wrong_words(method: str, parameters: dict[str, Any]) -> Iterator[str]:
    if method in ("sendMessage", "editMessageText") and not parameters["text"].strip():
        yield "text must be non-empty"
    if method in LONGEST:
        name, limit = LONGEST[method]
        if len(parameters.get(name) or "") > limit:
            yield f"{name} is longer than {limit} characters"
    if "language_code" in parameters and not LANGUAGE_CODE.fullmatch(parameters["language_code"]):
        yield "invalid language code specified"


def _wrong_polling(method: str, parameters: dict[str, Any]) -> Iterator[str]:
    if method in ("getUpdates", "setWebhook"):
        for kind in set(parameters.get("allowed_updates") or ()) - UPDATE_KINDS:
            yield f"allowed_updates: {kind} is no kind of update"
    if method == "getUpdates" and not 1 <= parameters.get("limit", 100) <= 100:
        yield "limit: values between 1 and 100 are accepted"


def results_of(parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """The results that answer an inline query, or the one that answers a guest query."""
    if "result" in parameters:
        return [parameters["result"]]
    return parameters.get("results", [])


def _wrong_results(method: str, parameters: dict[str, Any]) -> Iterator[str]:
    if method not in ("answerInlineQuery", "answerGuestQuery"):
        return
    results = results_of(parameters)
    ids = [str(result["id"]) for result in results]
    if len(ids) > 50:
        yield "RESULTS_TOO_MUCH"
    if any(not 1 <= len(found.encode()) <= 64 for found in ids):
        yield "RESULT_ID_INVALID"
    if any(count > 1 for count in Counter(ids).values()):
        yield "RESULT_ID_DUPLICATE"
    if any(result["type"] == "article" and not result["title"].strip() for result in results):
        yield "ARTICLE_TITLE_EMPTY"
    if len(parameters.get("next_offset", "").encode()) > 64:
        yield "NEXT_OFFSET_INVALID"
    for start in _values(parameters.get("button") or {}, "start_parameter"):
        if not START_PARAMETER.fullmatch(start):
            yield "START_PARAM_INVALID"


_BY_METHOD = (_wrong_commands, _wrong_words, _wrong_polling, _wrong_results)
