"""A bot on python-telegram-bot lives on the loopback Bot API as it does on Telegram."""

import asyncio
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from telegram import Bot, Update

from tests.bot_api.client import ask
from tests.bot_api.driver import Telegram
from tests.bot_api.faults import Error, Truncated
from tests.bot_api.process import BotProcess
from tests.bot_api.server import BotApi

ECHO = '''
"""A bot that repeats what it hears, under a button that turns it into capitals."""
import os
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, MessageHandler, filters

async def repeat(update, context):
    message = update.message
    button = InlineKeyboardButton("LOUDER", callback_data="louder")
    await message.reply_text(
        message.text,
        reply_parameters=ReplyParameters(message.message_id, quote=message.text),
        reply_markup=InlineKeyboardMarkup([[button]]),
    )

async def press(update, context):
    query = update.callback_query
    if query.data == "louder":
        await query.edit_message_text(query.message.text.upper())
    await query.answer("Done" if query.data == "louder" else "No such button")

application = (
    ApplicationBuilder()
    .token(os.environ["TELEGRAM_BOT_TOKEN"])
    .base_url(os.environ["TELEGRAM_API_URL"] + "/bot")
    .build()
)
application.add_handler(MessageHandler(filters.TEXT & filters.UpdateType.MESSAGE, repeat))
application.add_handler(CallbackQueryHandler(press))
application.run_polling(timeout=5)
'''


@pytest.fixture
def echo(api: BotApi, tmp_path: Path) -> Iterator[BotProcess]:
    """A bot of a few lines, on python-telegram-bot as it comes."""
    script = tmp_path / "echo.py"
    script.write_text(ECHO)
    process = BotProcess(api, tmp_path, tmp_path, (sys.executable, str(script)))
    yield process
    process.finish()


class TestABotOnIt:
    """A real bot, over real HTTP."""

    def test_answers_a_reader_and_their_press(self, telegram: Telegram, echo: BotProcess) -> None:
        """A reply quotes the question; a press edits it in place and is answered with a toast."""
        echo.start()
        ana = telegram.private("Ana", language="es")
        question = ana.says("¿Hola? 🙂")
        answer = ana.hears()
        assert (answer.text, answer.reply_to) == ("¿Hola? 🙂", question.id)
        assert answer.buttons == [["LOUDER"]]
        assert ana.presses(answer, "LOUDER")["text"] == "Done"
        louder = ana.hears()
        assert (louder.id, louder.text, louder.edited) == (answer.id, "¿HOLA? 🙂", True)
        ana.hears_nothing_more()

    def test_hears_more_than_expected(self, telegram: Telegram, echo: BotProcess) -> None:
        """What nobody listened to is found, although it may come later than the check began."""
        echo.start()
        ana = telegram.private("Ana")
        ana.says("one")
        with pytest.raises(AssertionError, match="nobody expected: \\['one'\\]"):
            ana.hears_nothing_more()

    def test_keeps_chats_apart(self, telegram: Telegram, echo: BotProcess) -> None:
        """Everybody in a group hears the answer, nobody outside it does."""
        echo.start()
        ana = telegram.private("Ana")
        group = telegram.group("Vecinos")
        luis, rosa = group.reader("Luis"), group.reader("Rosa", status="administrator")
        luis.says("in the group")
        assert rosa.hears().text == "in the group"
        ana.says("in private")
        assert ana.hears().text == "in private"
        luis.hears_nothing_more()

    def test_survives_what_can_go_wrong(self, telegram: Telegram, echo: BotProcess) -> None:
        """After faulty polls, a second poller and a cut network the bot still answers."""
        ana, api = telegram.private("Ana"), telegram.api
        api.fail_next("getUpdates", Error(status=502))
        api.fail_next("getUpdates", Truncated())
        echo.start()
        ana.says("after the faults")
        assert ana.hears().text == "after the faults"
        with api.network_gone():
            ana.says("written while nobody listened")
        assert ana.hears().text == "written while nobody listened"
        with api.second_poller():
            api.wait_until(lambda: api.refusals, "the bot is ended by the other poller")
        assert "terminated by other getUpdates request" in api.refusals[0]
        ana.says("after the other poller")
        assert ana.hears().text == "after the other poller"

    def test_is_killed_and_started_again(self, telegram: Telegram, echo: BotProcess) -> None:
        """What waited for the bot while it was dead is there when it comes back."""
        echo.start()
        echo.kill()
        ana = telegram.private("Ana")
        ana.says("anybody there?")
        echo.start()
        assert ana.hears().text == "anybody there?"

    def test_is_caught_in_the_middle_of_a_send(self, telegram: Telegram, echo: BotProcess) -> None:
        """A held request has arrived and goes on once released; one held after it, was sent."""
        echo.start()
        ana, api = telegram.private("Ana"), telegram.api
        before = api.hold_next("sendMessage")
        ana.says("wait")
        before.wait()
        assert api.calls("sendMessage") == []
        before.release()
        assert ana.hears().text == "wait"
        after = api.hold_next("sendMessage", applied=True)
        ana.says("too late")
        after.wait()
        echo.kill()
        assert ana.hears().text == "too late"

    def test_ends_by_itself(self, api: BotApi, echo: BotProcess) -> None:
        """A bot that cannot run is seen to end, with its code and its last words."""
        echo.settings["TELEGRAM_API_URL"] = "ftp://nowhere"
        echo.launch()
        assert echo.exit_code() == 1
        assert "UnsupportedProtocol" in echo.printed

    def test_may_not_print_its_token(self, api: BotApi, echo: BotProcess) -> None:
        """Not even half of it, not even if it ends well otherwise."""
        echo.command = (sys.executable, "-c", "import os; print(os.environ['TELEGRAM_BOT_TOKEN'])")
        echo.launch()
        assert echo.exit_code() == 0
        with pytest.raises(AssertionError, match="the token was printed"):
            echo.finish()
        echo.log.unlink()

    def test_must_end_well_when_asked_to(self, api: BotApi, echo: BotProcess) -> None:
        """SIGTERM must lead to exit code 0."""
        echo.command = (sys.executable, "-c", "import signal; signal.pause()")
        echo.launch()
        with pytest.raises(AssertionError, match="exit code -15"):
            echo.finish()

    def test_is_not_waited_for_in_vain(self, echo: BotProcess) -> None:
        """A bot that ends before it polls fails the start, at once."""
        echo.settings["TELEGRAM_API_URL"] = "ftp://nowhere"
        with pytest.raises(AssertionError, match="ended instead of polling"):
            echo.start()
        assert echo.exit_code() == 1


class TestItsAnswers:
    """A client library reads them as it reads Telegram's."""

    def test_are_read_by_python_telegram_bot(self, telegram: Telegram) -> None:
        """Chats, members, words and the webhook come back as what was put in."""
        group = telegram.group("Vecinos", bot="administrator")
        channel = telegram.channel("News", discussion=group)
        rosa = group.reader("Rosa", status="creator")
        chat_id = group.chat.id

        async def asked() -> list[object]:
            api = telegram.api
            async with Bot(api.token, base_url=f"{api.url}/bot") as bot:
                await bot.set_my_commands([("help", "What I do")], language_code="en")
                await bot.set_my_short_description("Quotes articles.")
                [administrator] = await bot.get_chat_administrators(chat_id)
                return [
                    bot.username,
                    (await bot.get_chat(chat_id)).linked_chat_id,
                    (administrator.user.first_name, administrator.status),
                    (await bot.get_chat_member(chat_id, bot.id)).status,
                    await bot.get_chat_member_count(chat_id),
                    await bot.send_chat_action(chat_id, "typing"),
                    [command.command for command in await bot.get_my_commands(language_code="en")],
                    (await bot.get_my_short_description()).short_description,
                    (await bot.get_webhook_info()).url,
                    await bot.delete_message(chat_id, rosa.says("Bye").id),
                ]

        assert asyncio.run(asked()) == [
            "pullquote_test_bot",
            channel.ear.chat.id,
            ("Rosa", "creator"),
            "administrator",
            2,
            True,
            ["help"],
            "Quotes articles.",
            "",
            True,
        ]

    def test_updates_are_read_by_python_telegram_bot(self, telegram: Telegram) -> None:
        """Each kind of update is parsed, with its date in seconds and nothing left over."""
        ana, group = telegram.private("Ana"), telegram.group("Comments")
        telegram.channel("News", discussion=group).posts("Breaking")
        ana.edits(ana.says("/start"), "Who?")
        ana.blocks()
        with ThreadPoolExecutor(1) as elsewhere:
            pressing = elsewhere.submit(ana.forges, 0, "junk")
            telegram.api.wait_until(lambda: telegram.api.state.callbacks, "the press")
            found = ask(telegram.api, "getUpdates")[1]["result"]
            updates = [Update.de_json(update) for update in found]
            query = updates[-1].callback_query
            ask(telegram.api, "answerCallbackQuery", callback_query_id=query.id, text="Stale")
            assert pressing.result()["text"] == "Stale"
        kinds = [next(kind for kind in Update.ALL_TYPES if update[kind]) for update in updates]
        assert kinds == [
            "channel_post",
            "message",
            "message",
            "edited_message",
            "my_chat_member",
            "callback_query",
        ]
        assert all(update.effective_user or update.channel_post for update in updates)
        assert not any(update.api_kwargs for update in updates)
        started = updates[2].message
        assert abs((datetime.now(UTC) - started.date).total_seconds()) < 60
        assert started.parse_entities(["bot_command"]).popitem()[1] == "/start"
