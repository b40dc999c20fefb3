"""Groups: what the bot replies to, where the reply stands, and when it keeps quiet."""

import time
from collections.abc import Iterator

import pytest

from tests.bot_api.media import MEDIA
from tests.chats.office import after
from tests.end_to_end.circle import NAME, Circle
from tests.end_to_end.newsroom import KEY, PARAGRAPHS, TITLE, Newsroom, paragraph, quotation

NOTHING = "I found no passage that answers this."
HELP = "Ask with /ask and your question, or reply to me. I answer with an article's own words."
BEFORE = "I quoted the passage for this here a short while ago."
UNANSWERABLE = "What is the weather in Lima?"


@pytest.fixture
def circle(newsroom: Newsroom) -> Iterator[Circle]:
    """A group where nothing was chosen; nothing sent in the test broke a rule of Telegram's."""
    yield Circle.of(newsroom)
    assert newsroom.api.violations == []


@pytest.fixture
def sure(newsroom: Newsroom) -> str:
    """A question that the bot answers unasked."""
    return newsroom.question_for_all(is_sure=True).question


@pytest.fixture
def unsure(newsroom: Newsroom) -> str:
    """A question that the bot answers only if it is asked."""
    return newsroom.question_for_all(is_sure=False).question


def sent(circle: Circle) -> dict[str, object]:
    """The last request to send something into the group."""
    calls = circle.newsroom.api.calls("sendMessage")
    return [call for call in calls if call["chat_id"] == circle.group.chat.id][-1]


class TestQuestion:
    """What is put to the bot."""

    @pytest.mark.parametrize(
        "text", ["/ask {}", "/ask@pullquote_test_bot {}", "@pullquote_test_bot {}", "{} " + NAME]
    )
    def test_by_command_or_name_is_answered(
        self, circle: Circle, newsroom: Newsroom, unsure: str, text: str
    ) -> None:
        """In reply, without a sound and without a preview, with two buttons."""
        question = circle.ana.says(text.format(unsure))
        answer = circle.ana.hears()
        asked = newsroom.question_for_all(is_sure=False)
        assert quotation(answer) == PARAGRAPHS[paragraph(asked) - 1]
        assert f"“{TITLE}”\n28 November 2025 · ¶{paragraph(asked)} of 8" in answer.text
        assert answer.reply_to == question.id
        assert answer.buttons == [["Read in context", "Remove"]]
        assert sent(circle)["disable_notification"] is True
        assert sent(circle)["link_preview_options"] == {"is_disabled": True}

    def test_by_a_reply_to_the_bot_is_answered(self, circle: Circle, sure: str) -> None:
        """And thanks are not."""
        circle.ana.says(f"{NAME} {UNANSWERABLE}")
        no = circle.ana.hears()
        circle.luis.says("gracias!", reply_to=no)
        question = circle.luis.says(sure, reply_to=no)
        assert circle.luis.hears().reply_to == question.id
        circle.luis.hears_nothing_more()

    def test_without_an_answer_gets_one_line(self, circle: Circle) -> None:
        """No titles, no buttons, no closest passage; in the asker's language."""
        circle.ana.says(f"/ask {UNANSWERABLE}")
        no = circle.ana.hears()
        assert (no.text, no.buttons) == (NOTHING, [])
        circle.luis.says("/ask xylophone zebra quasar")
        assert circle.luis.hears().text == "No encontré ningún pasaje que responda a esto."

    def test_by_name_alone_is_the_message_replied_to(self, circle: Circle, sure: str) -> None:
        """“@bot”, in reply to somebody's question, hands it on; alone, it is told how to ask."""
        question = circle.luis.says(sure)
        handed_on = circle.ana.says(NAME, reply_to=question)
        answer = circle.ana.hears()
        assert (answer.reply_to, bool(quotation(answer))) == (handed_on.id, True)
        circle.ana.says("/ask")
        assert circle.ana.hears().text == HELP

    def test_in_spanish_is_answered_in_spanish(self, circle: Circle) -> None:
        """The quotation stays as it is."""
        circle.luis.says(f"{NAME} ¿Quién es el gobernador de Tacna?")
        answer = circle.luis.hears()
        assert quotation(answer) == PARAGRAPHS[2]
        assert "28 de noviembre de 2025 · ¶3 de 8" in answer.text
        assert answer.buttons == [["Leer en contexto", "Quitar"]]

    def test_under_a_photo_is_answered(self, circle: Circle, sure: str) -> None:
        """Its caption is what was said."""
        entities = [{"type": "bot_command", "offset": 0, "length": 4}]
        caption = f"/ask {sure}"
        circle.ana.sends(photo=MEDIA["photo"], caption=caption, caption_entities=entities)
        assert quotation(circle.ana.hears())

    def test_leads_to_the_passage_in_private(
        self, circle: Circle, newsroom: Newsroom, sure: str
    ) -> None:
        """Read in context opens it there, so that the group stays as it is."""
        circle.ana.says(f"/ask {sure}")
        answer = circle.ana.hears()
        place = paragraph(newsroom.question_for_all(is_sure=True))
        link = f"https://t.me/pullquote_test_bot?start={KEY}_{place}"
        assert answer.button("Read in context")["url"] == link
        assert f"¶{place}" in circle.ana.follows(answer, "Read in context").hears().text

    def test_that_is_gone_is_answered_without_it_once(self, circle: Circle, sure: str) -> None:
        """Deleted while the bot was looking."""
        api = circle.newsroom.api
        answering = api.hold_next("sendMessage")
        question = circle.ana.says(f"/ask {sure}")
        answering.wait()
        circle.ana.deletes(question)
        answering.release()
        assert circle.ana.hears().reply_to is None
        circle.ana.hears_nothing_more()

    def test_edited_has_its_reply_edited(self, circle: Circle, sure: str) -> None:
        """Also one that only becomes a question to the bot by the edit."""
        question = circle.ana.says(f"/ask {UNANSWERABLE}")
        no = circle.ana.hears()
        circle.ana.edits(question, f"/ask {sure}")
        answer = circle.ana.hears()
        assert (answer.id, answer.edited, bool(quotation(answer))) == (no.id, True, True)
        talk = circle.ana.says("Look at this")
        circle.ana.edits(talk, f"{NAME} {UNANSWERABLE}")
        late = circle.ana.hears()
        assert (late.text, late.reply_to) == (NOTHING, talk.id)

    @pytest.mark.parametrize("kind", ["group", "supergroup"])
    def test_in_a_small_group_is_answered(self, newsroom: Newsroom, sure: str, kind: str) -> None:
        """Whether Telegram calls it super or not."""
        circle = Circle.of(newsroom, kind=kind)  # type: ignore[arg-type]
        circle.ana.says(f"/ask {sure}")
        assert quotation(circle.ana.hears())


class TestSilence:
    """What the bot keeps out of."""

    def test_is_kept_where_nobody_asks_the_bot(self, circle: Circle, sure: str) -> None:
        """Until an admin has it answer any question."""
        circle.ana.says(sure)
        circle.ana.hears_nothing_more()
        circle.answers_all()
        question = circle.ana.says(sure)
        answer = circle.ana.hears()
        assert (answer.reply_to, bool(quotation(answer))) == (question.id, True)

    def test_is_kept_to_what_it_is_not_sure_of(
        self, circle: Circle, sure: str, unsure: str
    ) -> None:
        """And to talk, and to what it knows nothing about, however long."""
        circle.answers_all()
        talk = ("good morning everyone", "🙂" * 2000, "x " * 2048, "\u202eسؤال", "?")
        for text in (unsure, UNANSWERABLE, *talk):
            circle.ana.says(text)
        question = circle.ana.says(sure)
        assert circle.ana.hears().reply_to == question.id
        circle.ana.hears_nothing_more()

    def test_is_kept_to_what_is_for_others_or_by_nobody(self, circle: Circle, sure: str) -> None:
        """Other bots' commands, other people's names, replies to them; forwards, bots, edits."""
        circle.answers_all()
        circle.ana.says(f"/ask@other_bot {sure}")
        circle.ana.says(f"/weather {sure}")
        circle.ana.says(f"@luisito {sure}")
        talk = circle.luis.says("Look at this")
        circle.ana.says(sure, reply_to=talk)
        origin = {"type": "hidden_user", "sender_user_name": "Eva", "date": 1}
        circle.ana.sends(text=sure, forward_origin=origin)
        circle.ana.sends(text=sure, via_bot={"id": 5, "is_bot": True, "first_name": "Other"})
        circle.luis.edits(talk, sure)
        for name in ("voice", "poll", "sticker"):
            circle.ana.sends(**{name: MEDIA[name]})
        question = circle.ana.says(f"/ask {sure}")
        assert circle.ana.hears().reply_to == question.id
        circle.ana.hears_nothing_more()

    def test_is_kept_where_the_bot_is_switched_off(self, circle: Circle, sure: str) -> None:
        """Settings are still to be had, and switch it on again."""
        circle.chooses("I reply to", "nobody")
        for text in (f"/ask {sure}", f"{NAME} {sure}", "/help"):
            circle.ana.says(text)
        circle.ana.hears_nothing_more()
        circle.chooses("I reply to", "who asks me")
        circle.ana.says(f"/ask {sure}")
        assert quotation(circle.ana.hears())


class TestRepetition:
    """The same passage, and the same person, again."""

    def test_of_a_passage_is_pointed_to_if_asked_for_and_else_left(
        self, circle: Circle, sure: str
    ) -> None:
        """In Telegram's own way, by a link to where it stands."""
        circle.answers_all()
        circle.ana.says(sure)
        answer = circle.ana.hears()
        circle.luis.says(sure)
        asked = circle.ana.says(f"/ask {sure}")
        again = circle.ana.hears()
        assert (again.reply_to, again.text, again.buttons) == (asked.id, BEFORE, [])
        [link] = [entity["url"] for entity in again.raw["entities"]]
        internal = -circle.group.chat.id - 1_000_000_000_000
        assert link == f"https://t.me/c/{internal}/{answer.id}"
        circle.ana.hears_nothing_more()

    def test_is_no_matter_where_there_is_no_cooldown(self, circle: Circle, sure: str) -> None:
        """An admin can switch it off."""
        circle.chooses("Cooldown", "none")
        for _ in range(2):
            circle.ana.says(f"/ask {sure}")
            assert quotation(circle.ana.hears())

    def test_by_one_person_ends_with_their_budget(self, circle: Circle, sure: str) -> None:
        """Others still have theirs."""
        circle.chooses("Budgets", "To one person", "3", "⬅ Back")
        for _ in range(5):
            circle.ana.says(f"/ask {UNANSWERABLE}")
        question = circle.luis.says(f"/ask {sure}")
        assert [circle.ana.hears().text for _ in range(3)] == [NOTHING] * 3
        assert circle.luis.hears().reply_to == question.id
        circle.luis.hears_nothing_more()

    def test_in_a_minute_stays_below_what_telegram_allows(
        self, newsroom: Newsroom, circle: Circle
    ) -> None:
        """Twelve of the twenty, however many ask."""
        for number in range(15):
            circle.group.reader(f"Reader {number}").says(f"/ask {UNANSWERABLE}")
        assert [circle.ana.hears().text for _ in range(12)] == [NOTHING] * 12
        circle.ana.hears_nothing_more()


class TestForum:
    """A group with topics."""

    @pytest.fixture
    def forum(self, newsroom: Newsroom) -> Iterator[Circle]:
        """A forum where nothing was chosen."""
        yield Circle.of(newsroom, forum=True)
        assert newsroom.api.violations == []

    def test_reply_stays_in_its_topic(self, forum: Circle, sure: str) -> None:
        """Also where the question is gone; in General it names no topic."""
        news = forum.group.topic("News")
        question = forum.ana.says(f"/ask {sure}", topic=news)
        answer = forum.ana.hears()
        assert (answer.topic, answer.reply_to) == (news, question.id)
        answering = forum.newsroom.api.hold_next("sendMessage")
        gone = forum.ana.says(f"/ask {UNANSWERABLE}", topic=news)
        answering.wait()
        forum.ana.deletes(gone)
        answering.release()
        assert forum.ana.hears().topic == news
        general = forum.ana.says(f"/ask {UNANSWERABLE}")
        answer = forum.ana.hears()
        assert (answer.topic, answer.reply_to) == (None, general.id)
        assert "message_thread_id" not in sent(forum)

    def test_message_in_a_topic_is_put_to_nobody(self, forum: Circle, sure: str) -> None:
        """Though Telegram shows each as a reply to the topic's beginning."""
        news = forum.group.topic("News")
        forum.answers_all()
        forum.ana.says(sure, topic=news)
        assert forum.ana.hears().topic == news

    def test_topic_has_settings_of_its_own(self, forum: Circle, sure: str) -> None:
        """Any question here, and only what is put to the bot elsewhere."""
        news, sport = forum.group.topic("News"), forum.group.topic("Sport")
        forum.chooses("I reply to", "any question", topic=news)
        for topic in (sport, None, news):
            forum.ana.says(sure, topic=topic)
        assert forum.ana.hears().topic == news
        forum.ana.hears_nothing_more()

    def test_cooldown_is_that_of_a_topic(self, forum: Circle, sure: str) -> None:
        """The same passage can be quoted in another."""
        for topic in (forum.group.topic("News"), forum.group.topic("Sport")):
            forum.ana.says(f"/ask {sure}", topic=topic)
            assert quotation(forum.ana.hears())


class TestSettings:
    """What is chosen on the panel, at work."""

    def test_confidence_is_higher_or_lower(self, circle: Circle, sure: str) -> None:
        """A careful bot does not quote to all what a normal one does."""
        circle.answers_all()
        circle.chooses("Confidence", "careful")
        circle.ana.says(sure)
        circle.ana.hears_nothing_more()
        circle.chooses("Confidence", "bold")
        circle.ana.says(sure)
        assert quotation(circle.ana.hears())

    def test_language_is_the_one_chosen(self, circle: Circle) -> None:
        """For everybody's eyes, whoever asks."""
        panel = after(circle.rosa, after(circle.rosa, circle.opens(), "Language"), "español")
        circle.rosa.presses(panel, "Cerrar")
        circle.ana.says(f"/ask {UNANSWERABLE}")
        assert circle.ana.hears().text == "No encontré ningún pasaje que responda a esto."

    def test_quiet_hours_are_for_what_nobody_asked_the_bot(self, circle: Circle, sure: str) -> None:
        """Asked, it answers: without a sound, as always."""
        circle.answers_all()
        hour = int(time.time()) // 3600 % 24
        begin, end = f"{(hour - 1) % 24}:00", f"{(hour + 3) % 24}:00"
        circle.chooses("Quiet hours", "From", begin, "Until", end, "⬅ Back")
        circle.ana.says(sure)
        circle.ana.hears_nothing_more()
        circle.ana.says(f"/ask {sure}")
        assert quotation(circle.ana.hears())


class TestHelp:
    """/help."""

    def test_says_in_one_line_how_to_ask(self, circle: Circle) -> None:
        """In reply to who wants to know."""
        question = circle.luis.says("/help@pullquote_test_bot")
        said = circle.luis.hears()
        assert said.text.startswith("Pregunta con /ask")
        assert said.reply_to == question.id


class TestRights:
    """What the bot may not do."""

    def test_to_write_is_missed_once(self, circle: Circle, sure: str) -> None:
        """Its admins are told in private, those who have pressed Start; once until it is mended."""
        rosa = circle.rosa.alone()
        rosa.says("/start")
        rosa.hears()
        circle.group.mutes_bot()
        for _ in range(2):
            circle.ana.says(f"/ask {sure}")
        circle.ana.hears_nothing_more()
        assert rosa.hears().text.startswith("I was asked something in “Vecinos” and may not write")
        circle.group.mutes_bot(False)
        circle.ana.says(f"/ask {sure}")
        assert quotation(circle.ana.hears())
        circle.group.mutes_bot()
        circle.ana.says(f"/ask {UNANSWERABLE}")
        assert rosa.hears().text.startswith("I was asked something in “Vecinos” and may not write")
        rosa.hears_nothing_more()
