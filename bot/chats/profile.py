"""The commands and descriptions that Telegram shows for the bot, in each of its languages."""

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeDefault,
)

from bot.locale import LANGUAGES, words_in

COMMANDS: tuple[tuple[BotCommandScope, tuple[str, ...]], ...] = (
    (BotCommandScopeDefault(), ("start", "help", "articles", "read", "about", "privacy")),
    (BotCommandScopeAllGroupChats(), ("ask", "remove")),
    (BotCommandScopeAllChatAdministrators(), ("ask", "remove", "settings")),
)
"""What is offered where: to all, in groups, and there to administrators."""


async def register_words(bot: Bot) -> None:
    """Register commands and descriptions with Telegram where they differ from what it has.

    The first language is registered for everybody whose own has no words.
    """
    for language in LANGUAGES:
        code = None if language == LANGUAGES[0] else language
        words = words_in(language)
        for scope, names in COMMANDS:
            commands = tuple(BotCommand(name, words(f"commands.{name}")) for name in names)
            if await bot.get_my_commands(scope, code) != commands:
                await bot.set_my_commands(commands, scope, code)
        description = words("profile.description")
        if (await bot.get_my_description(code)).description != description:
            await bot.set_my_description(description, code)
        short = words("profile.short_description")
        if (await bot.get_my_short_description(code)).short_description != short:
            await bot.set_my_short_description(short, code)
