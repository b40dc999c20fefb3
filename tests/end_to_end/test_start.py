"""Starting over whatever the folders hold: bad articles or none, damaged databases, the encoder."""

import shutil
from pathlib import Path

import pytest

from bot.corpus.build import Corpus
from bot.matching.answer import Answerer
from tests.bot_api.driver import Telegram
from tests.bot_api.process import BotProcess
from tests.chats.office import after, told
from tests.end_to_end.newsroom import KEY, PARAGRAPHS, SEED, TITLE, logged, quotation

BLOCKED = "Who blocked the Panamericana Sur?"
FIFTH = PARAGRAPHS[4]
"""What answers it."""
ASKED = {
    "en": [BLOCKED, "Who stopped all traffic on the motorway?"],
    "es": ["¿Quién bloqueó la Panamericana Sur?", "¿Quién es el gobernador de Tacna?"],
    "pt": ["Quem bloqueou a Panamericana Sur?", "Quem é o governador de Tacna?"],
}
"""Questions of which one at least should be answered, by language."""


@pytest.fixture
def folder(pullquote: BotProcess, tmp_path: Path) -> Path:
    """The bot's folder of articles, empty, which a test can fill."""
    pullquote.articles = tmp_path / "articles"
    pullquote.articles.mkdir()
    return pullquote.articles


class TestArticles:
    """The folder of articles."""

    def test_may_be_empty(self, pullquote: BotProcess, folder: Path, telegram: Telegram) -> None:
        """The bot runs and says that there are none yet; one put there is served by the next."""
        pullquote.start()
        ana = telegram.private("Ana")
        assert told(ana, "/start").text.endswith("\n\nThere are no articles here yet.")
        for text in ("/articles", "/read", BLOCKED):
            assert told(ana, text).text == "There are no articles here yet."
        assert f"There are no articles in {folder} yet. One that is put there" in pullquote.printed
        pullquote.stop()
        shutil.copy(SEED, folder)
        pullquote.start()
        assert quotation(told(ana, BLOCKED)) == FIFTH

    def test_must_be_there(self, pullquote: BotProcess, tmp_path: Path) -> None:
        """Without a folder there is nothing to wait for: one line says what to do."""
        pullquote.articles = tmp_path / "nowhere"
        pullquote.launch()
        assert pullquote.exit_code() == 3
        [line] = pullquote.printed.splitlines()
        assert line.startswith(f"pullquote: There is no folder {pullquote.articles}. Put one there")

    def test_that_cannot_be_served_are_named_and_the_others_served(
        self, pullquote: BotProcess, folder: Path, telegram: Telegram
    ) -> None:
        """One line each with the reason."""
        shutil.copy(SEED, folder)
        (folder / "latin.txt").write_bytes(" date 2025-01-01 Café\n\nOlé.".encode("latin-1"))
        (folder / "untitled.md").write_text("---\nsource: Nobody\n---\nSome text.\n")
        (folder / "bodiless.txt").write_text(" date 2025-01-01 Only a title\n")
        (folder / "empty.md").write_bytes(b"")
        (folder / "README.md").write_text("# How to add articles\n")
        pullquote.start()
        named = [line for line in pullquote.printed.splitlines() if line.startswith("pullquote: ")]
        assert [line.split(": ")[1] for line in named] == [
            f"{folder / name}" for name in ("bodiless.txt", "empty.md", "latin.txt", "untitled.md")
        ]
        assert "UTF-8" in named[2]
        assert all(line.split(": ", 2)[2] for line in named)
        ana = telegram.private("Ana")
        assert quotation(told(ana, BLOCKED)) == FIFTH
        assert told(ana, "/about").text.startswith("Articles here: 1.")

    def test_changed_meanwhile_are_read_anew(
        self, pullquote: BotProcess, folder: Path, telegram: Telegram
    ) -> None:
        """Old buttons lead to what the article says now."""
        shutil.copy(SEED, folder)
        pullquote.start()
        ana = telegram.private("Ana")
        answer = told(ana, BLOCKED)
        pullquote.stop()
        file = folder / SEED.name
        file.write_text(file.read_text("utf-8").replace("Frustrated", "Weary"), "utf-8")
        pullquote.start()
        assert quotation(after(ana, answer, "Paragraph 4")) == PARAGRAPHS[3]
        assert quotation(told(ana, BLOCKED)) == FIFTH.replace("Frustrated", "Weary")

    def test_added_meanwhile_are_served_once_the_index_has_them(
        self, pullquote: BotProcess, folder: Path, telegram: Telegram
    ) -> None:
        """Whoever rebuilt it: in lists and pages, and to questions."""
        shutil.copy(SEED, folder)
        pullquote.start()
        ana, luis = telegram.private("Ana"), telegram.private("Luis")
        choice = told(ana, "/articles")
        (folder / "zebras.md").write_text("---\ntitle: On zebras\n---\nZebras sing in Maputo.\n")
        Corpus(folder, pullquote.data / "passages.db").up_to_date().close()
        ana.presses(choice, "All articles")
        assert ana.hears().buttons[-1] == ["On zebras"]
        assert told(ana, "/start").text.endswith("\n“On zebras”")
        assert quotation(told(luis, "Where do zebras sing?")) == "Zebras sing in Maputo."


class TestIndex:
    """passages.db, which can be thrown away."""

    @pytest.mark.parametrize(
        "damage",
        [
            pytest.param(lambda intact: b"not a database" * 1000, id="another file"),
            pytest.param(lambda intact: b"", id="empty"),
            pytest.param(lambda intact: intact[: len(intact) // 2], id="half"),
            pytest.param(lambda intact: intact[:4096] + bytes(len(intact) - 4096), id="zeros"),
        ],
    )
    def test_is_rebuilt_where_it_is_damaged(
        self, pullquote: BotProcess, telegram: Telegram, damage
    ) -> None:
        """Nobody need know."""
        index = pullquote.data / "passages.db"
        pullquote.start()
        pullquote.stop()
        index.write_bytes(damage(index.read_bytes()))
        pullquote.start()
        assert quotation(told(telegram.private("Ana"), BLOCKED)) == FIFTH
        assert "Traceback" not in pullquote.printed

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            pytest.param(BLOCKED, 5, id="a question"),
            pytest.param("/read", 1, id="a command"),
            pytest.param(f"/start {KEY}_8", 8, id="a link"),
        ],
    )
    def test_is_rebuilt_where_it_is_damaged_meanwhile(
        self, pullquote: BotProcess, telegram: Telegram, text: str, place: int
    ) -> None:
        """Whoever finds it so is answered all the same."""
        pullquote.start()
        ana = telegram.private("Ana")
        answer = told(ana, BLOCKED)
        index = pullquote.data / "passages.db"
        index.write_bytes(bytes(index.stat().st_size))
        assert PARAGRAPHS[place - 1] in told(ana, text).text
        assert quotation(after(ana, answer, "Paragraph 6")) == PARAGRAPHS[5]
        assert "Traceback" not in pullquote.printed

    def test_is_rebuilt_where_it_is_gone(self, pullquote: BotProcess, telegram: Telegram) -> None:
        """Thrown away while the bot runs."""
        pullquote.start()
        ana = telegram.private("Ana")
        (pullquote.data / "passages.db").unlink()
        assert f"“{TITLE}”" in told(ana, "/start").text
        assert (pullquote.data / "passages.db").exists()

    def test_is_read_on_where_the_articles_are_gone_too(
        self, pullquote: BotProcess, folder: Path, telegram: Telegram
    ) -> None:
        """Of what is open nothing is lost; the log says why there is no new one."""
        shutil.copy(SEED, folder)
        pullquote.start()
        ana = telegram.private("Ana")
        shutil.rmtree(folder)
        (pullquote.data / "passages.db").unlink()
        assert PARAGRAPHS[0] in told(ana, "/read").text
        assert f"There is no folder {folder}." in pullquote.printed
        assert "Traceback" not in pullquote.printed


class TestState:
    """state.db, which is precious."""

    def test_is_set_aside_where_it_is_damaged(
        self, pullquote: BotProcess, telegram: Telegram
    ) -> None:
        """Told, never deleted; the bot begins a new one and goes on."""
        pullquote.start()
        ana = telegram.private("Ana")
        answer = told(ana, BLOCKED)
        pullquote.stop()
        state = pullquote.data / "state.db"
        damaged = b"\x00\xffnot a database\x00" * 5000
        state.write_bytes(damaged)
        pullquote.start()
        logged(pullquote, f"{state} is damaged. It was set aside as state.db.damaged-")
        [aside] = pullquote.data.glob("state.db.damaged-*")
        assert aside.read_bytes() == damaged
        assert quotation(after(ana, answer, "Paragraph 4")) == PARAGRAPHS[3]
        assert quotation(told(ana, BLOCKED)) == FIFTH
        assert "Traceback" not in pullquote.printed

    def test_keeps_no_text_of_what_was_answered(
        self, pullquote: BotProcess, telegram: Telegram
    ) -> None:
        """Not in any of its files."""
        pullquote.start()
        ana = telegram.private("Ana")
        told(ana, "Who blocked the Panamericana Sur, gudgeonpin?")
        ana.hears_nothing_more()
        pullquote.stop()
        files = list(pullquote.data.glob("state.db*"))
        assert files
        assert not any(b"gudgeonpin" in file.read_bytes() for file in files)


class TestEncoder:
    """Meaning, beside words."""

    @pytest.fixture
    def pullquote(self, pullquote: BotProcess) -> BotProcess:
        """The bot with its encoder."""
        pullquote.settings["PULLQUOTE_ENCODER"] = "auto"
        return pullquote

    def test_answers_in_three_languages(
        self, pullquote: BotProcess, telegram: Telegram, semantic: Answerer
    ) -> None:
        """With the article's own words."""
        pullquote.start()
        assert "No sentence encoder" not in pullquote.printed
        for language, questions in ASKED.items():
            answers = [semantic.answer(question) for question in questions]
            asked = next(answer for answer in answers if answer.outcome == "answer")
            reply = told(telegram.private("Reader", language=language), asked.question)
            assert quotation(reply) == asked.excerpts[0].passage.text
            assert quotation(reply) in PARAGRAPHS

    def test_that_is_off_is_told(self, pullquote: BotProcess) -> None:
        """Once, at the start."""
        pullquote.settings["PULLQUOTE_ENCODER"] = "off"
        pullquote.start()
        told_so = "No sentence encoder: questions are matched by their words alone."
        assert pullquote.printed.count(told_so) == 1
