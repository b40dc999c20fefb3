"""Updates wait, are acknowledged, and conflict as Telegram's do."""

from concurrent.futures import ThreadPoolExecutor

from tests.bot_api.client import ask
from tests.bot_api.driver import Telegram
from tests.bot_api.server import BotApi


class TestUpdates:
    """Long polling as Telegram does it."""

    def test_stay_until_a_higher_offset_is_asked_for(self, telegram: Telegram) -> None:
        """An update is handed out again until it is acknowledged."""
        ana, api = telegram.private("Ana"), telegram.api
        for text in ("one", "two", "three"):
            ana.says(text)

        def texts(**parameters: int) -> list[str]:
            updates = ask(api, "getUpdates", **parameters)[1]["result"]
            return [update["message"]["text"] for update in updates]

        first = ask(api, "getUpdates", limit=1)[1]["result"][0]
        assert texts() == ["one", "two", "three"]
        assert texts(offset=first["update_id"] + 1, limit=1) == ["two"]
        assert texts(offset=-1) == ["three"]
        assert texts() == ["three"]

    def test_end_an_older_request_when_a_newer_comes(self, api: BotApi) -> None:
        """The one that waits gets 409 in Telegram's words, the newer one goes on."""
        with ThreadPoolExecutor(1) as elsewhere:
            older = elsewhere.submit(ask, api, "getUpdates", timeout=20)
            api.wait_until(lambda: api.polls == 1, "the older request waits")
            assert ask(api, "getUpdates") == (200, {"ok": True, "result": []})
            status, body = older.result()
        assert status == 409
        assert body["description"] == (
            "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )

    def test_come_as_they_were_put(self, api: BotApi) -> None:
        """Junk is handed out as it is, and acknowledged like any other update."""
        junk = api.put_raw("not an update")
        api.put_raw({"update_id": junk + 5, "message": {"date": "soon"}})
        assert ask(api, "getUpdates")[1]["result"] == [
            "not an update",
            {"update_id": junk + 5, "message": {"date": "soon"}},
        ]
        assert ask(api, "getUpdates", offset=junk + 6)[1]["result"] == []

    def test_of_a_kind_nobody_asked_for_are_not_queued(self, telegram: Telegram) -> None:
        """``allowed_updates`` holds from the next update on, also for requests without it."""
        ana, api = telegram.private("Ana"), telegram.api
        ask(api, "getUpdates", allowed_updates=["edited_message"])
        ana.edits(ana.says("one"), "two")
        [update] = ask(api, "getUpdates")[1]["result"]
        assert update["edited_message"]["text"] == "two"

    def test_conflict_with_a_webhook(self, api: BotApi) -> None:
        """While a webhook is set, getUpdates is refused in Telegram's words."""
        ask(api, "setWebhook", url="https://example.org/hook")
        assert ask(api, "getWebhookInfo")[1]["result"]["url"] == "https://example.org/hook"
        status, body = ask(api, "getUpdates")
        assert (status, body["error_code"]) == (409, 409)
        assert body["description"].startswith("Conflict: can't use getUpdates method while webhook")
        ask(api, "deleteWebhook")
        assert ask(api, "getUpdates") == (200, {"ok": True, "result": []})
