"""The methods know where the bot is, what it is shown there, and what it said."""

from concurrent.futures import ThreadPoolExecutor

from tests.bot_api.client import ask
from tests.bot_api.driver import Telegram
from tests.bot_api.server import BotApi

ARTICLE = {"type": "article", "title": "¶1", "input_message_content": {"message_text": "Hi"}}


class TestChats:
    """Where the bot is, and what it is shown there."""

    def test_privacy_mode_hides_what_is_not_for_the_bot(self, telegram: Telegram) -> None:
        """Commands, mentions and replies to the bot are shown; talk, and others' commands, not."""
        api = telegram.api
        api.state.bot["can_read_all_group_messages"] = False
        group = telegram.group("Vecinos")
        luis = group.reader("Luis")
        ask(api, "sendMessage", chat_id=group.chat.id, text="from the bot")
        for text in ("talk", "/help", "/help@other_bot", "@pullquote_test_bot who?"):
            luis.says(text)
        luis.says("a reply", reply_to=luis.hears())
        shown = [update["message"]["text"] for update in ask(api, "getUpdates")[1]["result"]]
        assert shown == ["/help", "@pullquote_test_bot who?", "a reply"]

    def test_a_post_is_forwarded_into_the_discussion(self, telegram: Telegram) -> None:
        """Comments are replies in the forward's thread; each chat knows the other."""
        group = telegram.group("Comments")
        channel = telegram.channel("News", discussion=group)
        _, forward = channel.posts("Breaking")
        assert forward is not None
        comment = group.reader("Ana").says("Why?", reply_to=forward)
        assert comment.raw["message_thread_id"] == forward.id
        assert forward.raw["is_automatic_forward"]
        kinds = [min(update) for update in ask(telegram.api, "getUpdates")[1]["result"]]
        assert kinds == ["channel_post", "message", "message"]
        full = ask(telegram.api, "getChat", chat_id=group.chat.id)[1]["result"]
        assert full["linked_chat_id"] == channel.ear.chat.id

    def test_a_topic_is_a_thread(self, telegram: Telegram) -> None:
        """The bot can write into a topic, but not into thread 1, which is General."""
        group = telegram.group("Forum", forum=True)
        group.topic("News")
        topic = group.topic("Sport")
        sent = ask(
            telegram.api, "sendMessage", chat_id=group.chat.id, text="Hi", message_thread_id=topic
        )[1]["result"]
        assert sent["is_topic_message"]
        body = ask(
            telegram.api, "sendMessage", chat_id=group.chat.id, text="Hi", message_thread_id=1
        )[1]
        assert body["description"] == "Bad Request: message thread not found"
        telegram.api.excuse("thread not found")

    def test_what_is_said_in_a_topic_replies_to_its_beginning(self, telegram: Telegram) -> None:
        """As Telegram shows it, unless it replies to something else there."""
        group = telegram.group("Forum", forum=True)
        topic, luis = group.topic("News"), group.reader("Luis")
        first = luis.says("Who?", topic=topic)
        assert first.raw["reply_to_message"]["forum_topic_created"]["name"] == "News"
        assert luis.says("He.", reply_to=first).reply_to == first.id
        assert luis.says("In General").reply_to is None

    def test_in_a_topic_nothing_is_sent_without_what_it_replies_to(
        self, telegram: Telegram
    ) -> None:
        """Whatever the bot allows; in General, and in other groups, it may."""
        group = telegram.group("Forum", forum=True)
        topic, luis = group.topic("News"), group.reader("Luis")
        for thread, status in ((topic, 400), (None, 200)):
            question = luis.says("Who?", topic=thread)
            luis.deletes(question)
            reply = {"message_id": question.id, "allow_sending_without_reply": True}
            sent = {"chat_id": group.chat.id, "text": "He.", "reply_parameters": reply}
            where = {"message_thread_id": thread} if thread else {}
            assert ask(telegram.api, "sendMessage", **sent, **where)[0] == status

    def test_who_writes_in_a_chat_s_name_is_shown_as_that(self, telegram: Telegram) -> None:
        """An anonymous administrator as the group, a channel as itself; both with a bot's user."""
        group = telegram.group("Vecinos")
        rosa = group.reader("Rosa", status="administrator").anonymous.says("who?")
        news = telegram.channel("News").speaks_in(group).says("who?")
        writers = [(said.raw["from"]["username"], said.raw["sender_chat"]) for said in (rosa, news)]
        assert [name for name, _ in writers] == ["GroupAnonymousBot", "Channel_Bot"]
        assert [chat["title"] for _, chat in writers] == ["Vecinos", "News"]

    def test_a_bot_that_is_muted_cannot_write(self, telegram: Telegram) -> None:
        """It learns so by trying, until it may again."""
        group = telegram.group("Vecinos")
        group.mutes_bot()
        said = {"chat_id": group.chat.id, "text": "Hi"}
        assert ask(telegram.api, "sendMessage", **said)[1]["description"] == (
            "Bad Request: not enough rights to send text messages to the chat"
        )
        group.mutes_bot(False)
        assert ask(telegram.api, "sendMessage", **said)[0] == 200

    def test_a_message_can_be_deleted_for_two_days(self, telegram: Telegram) -> None:
        """Then it can only be edited."""
        group = telegram.group("Vecinos")
        luis = group.reader("Luis")
        for text in ("one", "two"):
            ask(telegram.api, "sendMessage", chat_id=group.chat.id, text=text)
        one, two = luis.hears(), luis.hears()
        group.ages(one, hours=49)
        body = ask(telegram.api, "deleteMessage", chat_id=group.chat.id, message_id=one.id)[1]
        assert body["description"] == "Bad Request: message can't be deleted for everyone"
        assert ask(telegram.api, "deleteMessage", chat_id=group.chat.id, message_id=two.id)[1]["ok"]

    def test_a_reader_who_is_not_there_cannot_be_written_to(self, telegram: Telegram) -> None:
        """Before the reader's first message, and after they block the bot: 403."""
        ana, api = telegram.private("Ana"), telegram.api
        sent = {"chat_id": ana.user["id"], "text": "Hi"}
        before = ask(api, "sendMessage", **sent)[1]
        assert before["description"] == "Forbidden: bot can't initiate conversation with a user"
        ana.says("/start")
        assert ask(api, "sendMessage", **sent)[0] == 200
        ana.blocks()
        after = ask(api, "sendMessage", **sent)[1]
        assert after["description"] == "Forbidden: bot was blocked by the user"
        assert len(api.refusals) == 2

    def test_administrators_are_told(self, telegram: Telegram) -> None:
        """The API knows who is who; bots are not listed among the administrators."""
        group = telegram.group("Vecinos", bot="administrator")
        rosa = group.reader("Rosa", status="creator")
        group.reader("Luis")
        members = ask(telegram.api, "getChatAdministrators", chat_id=group.chat.id)[1]["result"]
        assert [member["user"]["first_name"] for member in members] == ["Rosa"]
        found = {"chat_id": group.chat.id, "user_id": rosa.user["id"]}
        assert ask(telegram.api, "getChatMember", **found)[1]["result"]["status"] == "creator"


class TestTheToken:
    """Who may ask at all."""

    def test_is_worth_nothing_once_revoked(self, api: BotApi) -> None:
        """Every method is unauthorized from then on."""
        assert ask(api, "getMe")[0] == 200
        api.revoked = True
        assert ask(api, "getMe")[1]["description"] == "Unauthorized"
        assert ask(api, "getUpdates")[0] == 401


class TestInline:
    """A query typed after the bot's name in any chat."""

    def test_reaches_the_bot_and_is_answered_once(self, telegram: Telegram) -> None:
        """The results come as the bot gave them; a second answer is too late."""
        ana, api = telegram.private("Ana"), telegram.api
        with ThreadPoolExecutor(1) as elsewhere:
            asking = elsewhere.submit(ana.types, "army")
            [update] = ask(api, "getUpdates", timeout=10)[1]["result"]
            query = update["inline_query"]
            assert (query["query"], query["from"]["id"]) == ("army", ana.user["id"])
            results = [ARTICLE | {"id": "1"}]
            answer = {"inline_query_id": query["id"], "results": results, "is_personal": True}
            assert ask(api, "answerInlineQuery", **answer)[1]["result"] is True
            assert asking.result().raw["results"] == results
        assert ask(api, "answerInlineQuery", **answer)[0] == 400
        api.excuse("query is too old")

    def test_waits_for_some_time_only(self, telegram: Telegram) -> None:
        """How long, a bot cannot know: a late answer is refused, and no violation."""
        ana, api = telegram.private("Ana"), telegram.api
        query_id = ana.typed("army")
        ana.loses_patience(query_id)
        body = ask(api, "answerInlineQuery", inline_query_id=query_id, results=[])[1]
        assert body["description"].startswith("Bad Request: query is too old and response timeout")
        assert len(api.refusals) == 1


class TestGuest:
    """A bot that is called to a chat it is not in."""

    def test_hears_what_names_it_and_answers_once(self, telegram: Telegram) -> None:
        """Nothing else of the chat; everybody there hears the answer."""
        api, group = telegram.api, telegram.group("Vecinos", bot="left")
        luis = group.reader("Luis")
        luis.says("talk")
        luis.says("/help")
        luis.says("@pullquote_test_bot who?")
        [update] = ask(api, "getUpdates")[1]["result"]
        message = update["guest_message"]
        assert (message["text"], message["chat"]["id"]) == (
            "@pullquote_test_bot who?",
            group.chat.id,
        )
        assert "message" not in update
        answer = {"guest_query_id": message["guest_query_id"], "result": ARTICLE | {"id": "1"}}
        assert "inline_message_id" in ask(api, "answerGuestQuery", **answer)[1]["result"]
        assert luis.hears().text == "Hi"
        assert ask(api, "answerGuestQuery", **answer)[0] == 400
        api.excuse("query is too old")

    def test_hears_nothing_where_its_account_cannot(self, telegram: Telegram) -> None:
        """Guest mode is switched on at @BotFather."""
        api, group = telegram.api, telegram.group("Vecinos", bot="left")
        api.do(api.state.bot.update, {"supports_guest_queries": False})
        group.reader("Luis").says("@pullquote_test_bot who?")
        assert ask(api, "getUpdates")[1]["result"] == []


class TestWords:
    """What a bot registers about itself."""

    def test_are_kept_by_language_and_scope(self, api: BotApi) -> None:
        """Commands are those of exactly one language; a description falls back to the default."""
        command = {"command": "help", "description": "Ayuda"}
        ask(api, "setMyCommands", commands=[command], language_code="es")
        ask(api, "setMyDescription", description="Quotes articles.")
        spanish = ask(api, "getMyCommands", language_code="es")[1]["result"]
        assert spanish == [command]
        assert ask(api, "getMyCommands")[1]["result"] == []
        described = ask(api, "getMyDescription", language_code="pt")[1]["result"]
        assert described == {"description": "Quotes articles."}
