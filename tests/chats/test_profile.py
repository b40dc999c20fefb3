"""What Telegram shows of the bot before anybody writes to it."""

import asyncio

from bot.chats.client import Client
from bot.chats.profile import register_words
from tests.bot_api.server import BotApi

REGISTERED = ("setMyCommands", "setMyDescription", "setMyShortDescription")


def register(api: BotApi) -> None:
    """Register the words, as every start does."""

    async def registered() -> None:
        async with Client(api.token, api.url) as client:
            await register_words(client)

    asyncio.run(registered())


def test_words_are_registered_in_each_language(api: BotApi) -> None:
    """English for everybody, then the others for those who speak them."""
    register(api)
    for method in REGISTERED:
        languages = [call.get("language_code") for call in api.calls(method)]
        assert list(dict.fromkeys(languages)) == [None, "es", "pt"]


def test_commands_are_those_of_the_place(api: BotApi) -> None:
    """In a group those that do something there, and to administrators how to set it up."""
    register(api)
    spanish = [call for call in api.calls("setMyCommands") if call.get("language_code") == "es"]
    assert {
        call["scope"]["type"]: [command["command"] for command in call["commands"]]
        for call in spanish
    } == {
        "default": ["start", "help", "articles", "read", "about", "privacy"],
        "all_group_chats": ["ask", "remove"],
        "all_chat_administrators": ["ask", "remove", "settings"],
    }


def test_words_that_are_registered_are_left_alone(api: BotApi) -> None:
    """A second start asks for them, and sets none."""
    register(api)
    register(api)
    assert [len(api.calls(method)) for method in REGISTERED] == [9, 3, 3]
