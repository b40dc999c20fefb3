"""Every button does what stands on it, also after a restart; a forged one does nothing."""

import pytest

from bot.locale import words_in
from tests.bot_api.driver import Telegram
from tests.bot_api.people import Reader
from tests.chats.office import KEY, QUESTION, TITLE, Office, after, told

STALE = words_in("en")("toast.stale")


class TestButtons:
    """Under an answer."""

    def test_lead_to_the_paragraphs_before_and_after(self, ana: Reader) -> None:
        """And back."""
        answer = told(ana, QUESTION)
        before = after(ana, answer, "Paragraph 2")
        assert before.marked("expandable_blockquote")[0].startswith("“An extraordinary Council")
        assert before.text.endswith("¶2 of 8")
        assert after(ana, before, "Paragraph 3").text.endswith("¶3 of 8")

    def test_open_the_article_in_place(self, ana: Reader) -> None:
        """At the paragraph, which is marked."""
        page = after(ana, told(ana, QUESTION), "Read in context")
        assert page.marked("bold") == [f"“{TITLE}”", "¶3"]
        assert after(ana, page, "Page 2").text.count("¶") == 3

    def test_show_other_matches_in_turn(self, ana: Reader) -> None:
        """And the best again after the last."""
        answer = told(ana, "Which migrants are at the border between Peru and Chile?")
        second = after(ana, answer, "Other matches")
        count = 1 + int(answer.button("Other matches")["text"][-2])
        assert second.text.startswith(f"Match 2 of {count}:\n\n")
        shown = second
        for _ in range(count - 1):
            shown = after(ana, shown, "Other matches")
        assert shown.marked("blockquote") == answer.marked("blockquote")

    def test_still_work_after_a_restart(self, ana: Reader, office: Office) -> None:
        """What they ask for stands in the buttons themselves."""
        answer = told(ana, QUESTION)
        office.close()
        office.open()
        assert after(ana, answer, "Paragraph 4").text.endswith("¶4 of 8")

    @pytest.mark.parametrize(
        "data",
        [
            "junk",
            "q:00000000.1.0",
            f"q:{KEY}.9.0",
            f"o:{KEY}.3.7",
            f"t:{KEY}.3",
            f"t:{KEY}.0",
            f"ma1:{KEY}.3.0,{KEY}.9999999.0",
            "c:00000000.0",
            "la:9",
            "lr:9",
        ],
    )
    def test_that_are_stale_or_forged_get_a_toast(self, ana: Reader, data: str) -> None:
        """Nothing is changed."""
        answer = told(ana, QUESTION)
        assert ana.forges(answer.id, data)["text"] == STALE
        ana.hears_nothing_more()

    def test_speak_the_language_of_who_presses(self, telegram: Telegram, office: Office) -> None:
        """Toasts included."""
        luis = telegram.private("Luis", language="es-PE")
        answer = told(luis, QUESTION)
        assert luis.forges(answer.id, "junk")["text"].startswith("Este botón ya no lleva")

    def test_under_a_message_that_is_gone_get_a_toast(self, ana: Reader) -> None:
        """There is nothing to edit."""
        answer = told(ana, QUESTION)
        ana.deletes(answer)
        assert ana.forges(answer.id, f"q:{KEY}.3.0")["text"] == STALE

    def test_that_change_nothing_are_answered(self, ana: Reader) -> None:
        """A second press on the same button is no error."""
        answer = told(ana, QUESTION)
        after(ana, answer, "Paragraph 4")
        assert "text" not in ana.presses(answer, "Paragraph 4")
        ana.hears_nothing_more()
