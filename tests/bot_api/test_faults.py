"""What can go wrong on the wire goes wrong once."""

import json

import pytest

from tests.bot_api.client import ask
from tests.bot_api.driver import Telegram
from tests.bot_api.faults import Body, Dropped, Error, Truncated
from tests.bot_api.server import BotApi


class TestFaults:
    """Each strikes once."""

    def test_an_error_status_comes_in_telegrams_form(self, api: BotApi) -> None:
        """A 429 says how long to wait; a 500 is JSON; then all is well."""
        api.fail_next("getMe", Error(status=429, retry_after=7))
        api.fail_next("getMe", Error(status=500))
        status, body = ask(api, "getMe")
        assert (status, body["parameters"]) == (429, {"retry_after": 7})
        assert body["description"] == "Too Many Requests: retry after 7"
        assert ask(api, "getMe")[1]["description"] == "Internal Server Error"
        assert ask(api, "getMe")[1]["result"]["username"] == "pullquote_test_bot"

    def test_a_proxy_answers_in_html(self, api: BotApi) -> None:
        """A 502 is a page, not JSON."""
        api.fail_next("getMe", Error(status=502))
        with pytest.raises(json.JSONDecodeError):
            ask(api, "getMe")

    def test_a_body_is_whatever_is_given(self, api: BotApi) -> None:
        """Status 200 with any bytes."""
        api.fail_next("getMe", Body(body=b'{"ok": true}'))
        assert ask(api, "getMe") == (200, {"ok": True})

    @pytest.mark.parametrize(
        ("fault", "sent"),
        [
            pytest.param(Truncated(), 1, id="truncated"),
            pytest.param(Dropped(), 0, id="dropped-before"),
            pytest.param(Dropped(applied=True), 1, id="dropped-after"),
        ],
    )
    def test_an_answer_is_lost(
        self, telegram: Telegram, fault: Truncated | Dropped, sent: int
    ) -> None:
        """The client cannot tell whether the message was sent; the chat can."""
        ana, api = telegram.private("Ana"), telegram.api
        ana.says("/start")
        api.fail_next("sendMessage", fault)
        with pytest.raises(Exception, match=r"IncompleteRead|Connection reset|closed connection"):
            ask(api, "sendMessage", chat_id=ana.user["id"], text="Hi")
        assert len(ana.ear.unheard()) == sent
