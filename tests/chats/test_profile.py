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
        assert [call.get("language_code") for call in api.calls(method)] == [None, "es", "pt"]
    names = [command["command"] for command in api.calls("setMyCommands")[1]["commands"]]
    assert names == ["start", "help", "articles", "read", "about"]


def test_words_that_are_registered_are_left_alone(api: BotApi) -> None:
    """A second start asks for them, and sets none."""
    register(api)
    register(api)
    assert [len(api.calls(method)) for method in REGISTERED] == [3, 3, 3]
