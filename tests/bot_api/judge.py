"""Whether a request keeps the Bot API's rules, judged first by others' code.

aiogram's models are the schema: names, types and what is required. teremok checks lengths, entities
and keyboards. Where neither looks, ``rules`` does.
"""

import json
from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

import aiogram.methods
from aiogram import Bot
from aiogram.methods import SendMessage, TelegramMethod
from pydantic import BaseModel, ValidationError
from teremok.validation import ApiRuleViolation, validate_method

from tests.bot_api.refusal import not_found, violation
from tests.bot_api.rules import broken_rules, formatted_texts, results_of

_BOT = Bot("42:x")  # teremok asks it for defaults; it never speaks to anybody

SCHEMAS: dict[str, type[TelegramMethod[Any]]] = {
    name.lower(): vars(aiogram.methods)[name]
    for name in aiogram.methods.__all__
    if name not in ("Request", "Response", "TelegramMethod")
}
"""Every method of the Bot API by its name in lower case: Telegram does not mind the case."""


def schema(method: str) -> type[TelegramMethod[Any]]:
    """The model of a method; ``Refused`` with 404 where Telegram has none of that name."""
    if method.lower() not in SCHEMAS:
        raise not_found()
    return SCHEMAS[method.lower()]


def decoded(model: type[TelegramMethod[Any]], fields: dict[str, Any]) -> dict[str, Any]:
    """The parameters as plain data: what a form can only send as text is read as JSON."""
    return {
        name: _decoded(model, name, value) if isinstance(value, str) else value
        for name, value in fields.items()
    }


def _decoded(model: type[TelegramMethod[Any]], name: str, value: str) -> Any:
    field = model.model_fields.get(name)
    if field is None:
        return value
    if _takes_text(field.annotation):
        is_number = name.endswith("chat_id") and value.lstrip("-").isdecimal()
        return int(value) if is_number else value
    try:
        return json.loads(value)
    except ValueError:
        return value  # the schema will say what is wrong with it


def _takes_text(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, UnionType):
        return any(_takes_text(member) for member in get_args(annotation))
    return annotation is str


def judge(model: type[TelegramMethod[Any]], parameters: dict[str, Any]) -> None:
    """Return if the request keeps the rules, else raise the ``Refused`` of the first it breaks."""
    try:
        call = model.model_validate(parameters)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise violation(f"{where}: {first['msg']}") from error
    for field in _unknown_fields(call):
        raise violation(f"unknown field {field}")
    _teremok(call)
    for text, entities in formatted_texts(_contents(parameters)):
        _teremok(SendMessage.model_validate({"chat_id": 0, "text": text, "entities": entities}))
    for words in broken_rules(model.__api_method__, parameters):
        raise violation(words)


def _teremok(call: TelegramMethod[Any]) -> None:
    try:
        validate_method(_BOT, call)
    except ApiRuleViolation as error:
        raise violation(error.description.removeprefix("Bad Request: ")) from error


def _contents(parameters: dict[str, Any]) -> list[Any]:
    return [result.get("input_message_content") for result in results_of(parameters)]


def _unknown_fields(value: Any) -> Iterator[str]:
    if isinstance(value, BaseModel):
        for name in value.model_extra or ():
            yield f"{type(value).__name__}.{name}"
        for name in type(value).model_fields:
            yield from _unknown_fields(getattr(value, name))
    elif isinstance(value, list):
        for item in value:
            yield from _unknown_fields(item)
