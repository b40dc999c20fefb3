"""A request that breaks a rule of the Bot API is refused and held against the test."""

import json
from typing import Any

import pytest

from tests.bot_api.client import ask
from tests.bot_api.driver import Telegram
from tests.bot_api.server import BotApi

ARTICLE = {"type": "article", "title": "¶1", "input_message_content": {"message_text": "Hi"}}
TOO_MANY = [{"type": "bold", "offset": 0, "length": 1}] * 101


def keyboard(**button: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Press", **button}]]}


class TestTheJudge:
    """A request that breaks a rule gets Telegram's 400 and is kept as a violation."""

    @pytest.mark.parametrize(
        ("method", "parameters", "words"),
        [
            pytest.param("sendMessage", {}, "text: Field required", id="schema"),
            pytest.param("sendMessage", {"text": "Hi", "txt": 1}, "unknown field", id="unknown"),
            pytest.param("sendMessage", {"text": "x" * 4097}, "too long", id="long"),
            pytest.param("sendMessage", {"text": " "}, "non-empty", id="blank"),
            pytest.param("sendMessage", {"text": "*", "parse_mode": "HTML"}, "markup", id="markup"),
            pytest.param(
                "sendMessage",
                {"text": "🙂!", "entities": [{"type": "bold", "offset": 1, "length": 2}]},
                "surrogate pair",
                id="half-a-smile",
            ),
            pytest.param(
                "sendMessage",
                {"text": "Hi", "entities": [{"type": "bold", "offset": 1, "length": 2}]},
                "out of text bounds",
                id="entity-beyond",
            ),
            pytest.param(
                "sendMessage",
                {
                    "text": "Hi you",
                    "entities": [
                        {"type": "blockquote", "offset": 0, "length": 6},
                        {"type": "expandable_blockquote", "offset": 3, "length": 3},
                    ],
                },
                "nested",
                id="nested-quotes",
            ),
            pytest.param(
                "sendMessage", {"text": "Hi", "entities": TOO_MANY}, "100 entities", id="entities"
            ),
            pytest.param(
                "sendMessage",
                {"text": "Hi", "reply_parameters": {"message_id": 99}},
                "message to be replied not found",
                id="reply-to-nothing",
            ),
            pytest.param(
                "sendMessage",
                {"text": "Hi", "reply_parameters": {"message_id": 1, "quote": "never said"}},
                "QUOTE_TEXT_INVALID",
                id="quote-not-said",
            ),
            pytest.param(
                "sendMessage",
                {"text": "Hi", "reply_markup": keyboard(callback_data="é" * 33)},
                "BUTTON_DATA_INVALID",
                id="callback-data",
            ),
            pytest.param(
                "sendMessage",
                {"text": "Hi", "reply_markup": keyboard(url="https://t.me/a_bot?start=a.b")},
                "START_PARAM_INVALID",
                id="deep-link",
            ),
            pytest.param(
                "sendMessage",
                {"text": "Hi", "reply_markup": keyboard(url="https:///nowhere")},
                "Wrong HTTP URL",
                id="url",
            ),
            pytest.param(
                "editMessageText", {"text": "Hi", "message_id": 1}, "can't be edited", id="not-own"
            ),
            pytest.param(
                "editMessageText", {"text": "Hi", "message_id": 9}, "edit not found", id="no-edit"
            ),
            pytest.param(
                "answerCallbackQuery", {"callback_query_id": "1"}, "query is too old", id="query"
            ),
            pytest.param(
                "answerCallbackQuery",
                {"callback_query_id": "1", "text": "x" * 201},
                "MESSAGE_TOO_LONG",
                id="toast",
            ),
            pytest.param(
                "answerInlineQuery",
                {"inline_query_id": "1", "results": [ARTICLE | {"id": "é" * 33}]},
                "RESULT_ID_INVALID",
                id="result-id",
            ),
            pytest.param(
                "answerInlineQuery",
                {"inline_query_id": "1", "results": [ARTICLE | {"id": "1"}] * 2},
                "RESULT_ID_DUPLICATE",
                id="result-twice",
            ),
            pytest.param(
                "answerInlineQuery",
                {
                    "inline_query_id": "1",
                    "results": [ARTICLE | {"id": str(number)} for number in range(51)],
                },
                "RESULTS_TOO_MUCH",
                id="results",
            ),
            pytest.param(
                "answerInlineQuery",
                {
                    "inline_query_id": "1",
                    "results": [
                        ARTICLE | {"id": "1", "input_message_content": {"message_text": "x" * 4097}}
                    ],
                },
                "too long",
                id="result-long",
            ),
            pytest.param(
                "answerInlineQuery",
                {"inline_query_id": "1", "results": [ARTICLE | {"id": "1", "title": " "}]},
                "ARTICLE_TITLE_EMPTY",
                id="result-title",
            ),
            pytest.param(
                "answerInlineQuery",
                {"inline_query_id": "1", "results": [], "next_offset": "1" * 65},
                "NEXT_OFFSET_INVALID",
                id="next-offset",
            ),
            pytest.param(
                "answerGuestQuery",
                {
                    "guest_query_id": "1",
                    "result": ARTICLE
                    | {"id": "1", "input_message_content": {"message_text": "x" * 4097}},
                },
                "too long",
                id="guest-long",
            ),
            pytest.param(
                "setMyCommands",
                {"commands": [{"command": "Help", "description": "What I do"}]},
                "BOT_COMMAND_INVALID",
                id="command",
            ),
            pytest.param(
                "setMyCommands",
                {"commands": [{"command": "help", "description": "x" * 257}]},
                "BOT_COMMAND_DESCRIPTION_INVALID",
                id="command-description",
            ),
            pytest.param(
                "setMyShortDescription",
                {"short_description": "x" * 121},
                "longer than 120",
                id="short-description",
            ),
            pytest.param(
                "setMyDescription",
                {"description": "Hi", "language_code": "pt-br"},
                "invalid language code",
                id="language",
            ),
            pytest.param(
                "getUpdates", {"allowed_updates": ["messages"]}, "no kind of update", id="allowed"
            ),
        ],
    )
    def test_refuses(
        self, telegram: Telegram, method: str, parameters: dict[str, Any], words: str
    ) -> None:
        """Status 400, the words, one violation, and nothing said in the chat."""
        ana, api = telegram.private("Ana"), telegram.api
        ana.says("a question")
        chat = {"chat_id": ana.user["id"]} if "Message" in method else {}
        status, body = ask(api, method, **chat, **parameters)
        assert (status, body["ok"], body["error_code"]) == (400, False, 400)
        assert words in body["description"]
        api.excuse(words)
        assert (api.violations, ana.ear.unheard()) == ([], [])

    def test_lets_pass_what_is_right(self, telegram: Telegram) -> None:
        """Entities over an emoji, a quote, a link and long data are fine, also as a form."""
        ana, api = telegram.private("Ana"), telegram.api
        ana.says("Who 🙂 asked?")
        form = {
            "chat_id": str(ana.user["id"]),
            "text": "[🙂] is text",
            "disable_notification": "true",
            "entities": json.dumps([{"type": "blockquote", "offset": 1, "length": 2}]),
            "reply_parameters": json.dumps({"message_id": 1, "quote": "🙂 asked"}),
            "reply_markup": json.dumps(keyboard(url="https://t.me/a_bot?start=1a2b3c4d_5")),
        }
        assert ask(api, "sendMessage", **form)[0] == 200
        answer = ana.hears()
        assert (answer.text, answer.marked("blockquote")) == ("[🙂] is text", ["🙂"])

    def test_a_change_that_changes_nothing_is_refused(self, telegram: Telegram) -> None:
        """But a bot cannot always know, so it is no violation; nor is a deleted question."""
        ana, api = telegram.private("Ana"), telegram.api
        question = ana.says("Who?")
        chat = {"chat_id": ana.user["id"]}
        ask(api, "sendMessage", text="He.", **chat)
        status, body = ask(api, "editMessageText", text="He.", message_id=ana.hears().id, **chat)
        assert status == 400
        assert body["description"].startswith("Bad Request: message is not modified: specified new")
        ana.deletes(question)
        reply = {"message_id": question.id}
        assert ask(api, "sendMessage", text="He.", reply_parameters=reply, **chat)[0] == 400
        reply["allow_sending_without_reply"] = True
        assert ask(api, "sendMessage", text="He.", reply_parameters=reply, **chat)[0] == 200
        assert len(api.refusals) == 2

    def test_knows_who_asks_and_for_what(self, api: BotApi) -> None:
        """A wrong token is unauthorized, a method that Telegram has not is not found."""
        assert ask(api, "getMe", token="1:x") == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )
        assert ask(api, "sendTelepathy") == (
            404,
            {"ok": False, "error_code": 404, "description": "Not Found"},
        )
        api.excuse("sendTelepathy: Not Found")
