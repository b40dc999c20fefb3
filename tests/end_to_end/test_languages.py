"""The bot's own words in the language of whoever writes; the article's in its own."""

from dataclasses import dataclass

import pytest

from tests.bot_api.client import ask
from tests.chats.office import after, told
from tests.end_to_end.newsroom import (
    PARAGRAPHS,
    TITLE,
    Newsroom,
    paragraph,
    quotation,
)


@dataclass(frozen=True)
class Spoken:
    """What a reader of one language reads."""

    code: str
    """As Telegram tells it of the reader."""
    greeting: str
    place: str
    closest: str
    none: str
    before: str
    read: str
    others: str
    page: str
    all_articles: str
    chosen: str
    about: str
    unknown: str
    no_text: str
    stale: str


SPOKEN = [
    Spoken(
        code="en-GB",
        greeting="Ask me a question in your own words. I answer with the passage",
        place=f"“{TITLE}”\n28 November 2025 · ¶5 of 8",
        closest="This is not a direct answer, but the closest passage I found:\n\n",
        none=f"I found no passage that answers this.\n\nWhat you can read here:\n“{TITLE}”",
        before="⬅ Paragraph 4",
        read="Read in context",
        others="Other matches (2)",
        page="28 November 2025 · Page 1 of 2",
        all_articles="✓ All articles",
        chosen="Chosen: All articles",
        about="What I never do: write about the news myself",
        unknown="I do not know this command. /help shows those I know.",
        no_text="I read text only. Please write your question as a message.",
        stale="This button no longer leads anywhere. Please ask again.",
    ),
    Spoken(
        code="es",
        greeting="Hazme una pregunta con tus propias palabras. Respondo con el pasaje",
        place=f"«{TITLE}»\n28 de noviembre de 2025 · ¶5 de 8",
        closest="No es una respuesta directa, pero es el pasaje más cercano que encontré:\n\n",
        none=(
            f"No encontré ningún pasaje que responda a esto.\n\nLo que puedes leer aquí:\n«{TITLE}»"
        ),
        before="⬅ Párrafo 4",
        read="Leer en contexto",
        others="Otras coincidencias (2)",
        page="28 de noviembre de 2025 · Página 1 de 2",
        all_articles="✓ Todos los artículos",
        chosen="Elegido: Todos los artículos",
        about="Lo que nunca hago: escribir yo sobre las noticias",
        unknown="No conozco este comando. /help muestra los que conozco.",
        no_text="Solo leo texto. Escribe tu pregunta como mensaje, por favor.",
        stale="Este botón ya no lleva a ningún sitio. Pregunta de nuevo, por favor.",
    ),
    Spoken(
        code="pt-br",
        greeting="Faça uma pergunta com suas próprias palavras. Respondo com o trecho",
        place=f"“{TITLE}”\n28 de novembro de 2025 · ¶5 de 8",
        closest="Não é uma resposta direta, mas é o trecho mais próximo que encontrei:\n\n",
        none=(
            "Não encontrei nenhum trecho que responda a isso.\n\n"
            f"O que você pode ler aqui:\n“{TITLE}”"
        ),
        before="⬅ Parágrafo 4",
        read="Ler no contexto",
        others="Outras correspondências (2)",
        page="28 de novembro de 2025 · Página 1 de 2",
        all_articles="✓ Todos os artigos",
        chosen="Escolhido: Todos os artigos",
        about="O que nunca faço: escrever eu mesmo sobre as notícias",
        unknown="Não conheço este comando. /help mostra os que conheço.",
        no_text="Só leio texto. Escreva sua pergunta como mensagem, por favor.",
        stale="Este botão não leva mais a lugar nenhum. Pergunte de novo, por favor.",
    ),
]


@pytest.mark.parametrize("spoken", SPOKEN, ids=[spoken.code for spoken in SPOKEN])
class TestReader:
    """Somebody whose Telegram is set to a language."""

    def test_is_answered_in_it(self, newsroom: Newsroom, spoken: Spoken) -> None:
        """All but the quotation, whatever the outcome."""
        reader = newsroom.telegram.private("Reader", language=spoken.code)
        answer = told(
            reader, newsroom.question("answer", lambda answer: paragraph(answer) == 5).question
        )
        assert answer.text == f"{PARAGRAPHS[4]}\n\n{spoken.place}"
        closest = told(reader, newsroom.question("closest").question)
        assert closest.text.startswith(spoken.closest)
        assert quotation(closest) in PARAGRAPHS
        assert told(reader, newsroom.question("none").question).text == spoken.none

    def test_finds_it_on_the_buttons(self, newsroom: Newsroom, spoken: Spoken) -> None:
        """And in what they lead to, toasts included."""
        reader = newsroom.telegram.private("Reader", language=spoken.code)
        asked = newsroom.question("answer", lambda answer: paragraph(answer) == 5)
        answer = told(reader, asked.question)
        assert answer.buttons[0][0] == spoken.before
        assert after(reader, answer, spoken.before).text.split(" · ")[-1].endswith("8")
        page = after(reader, answer, spoken.read)
        assert spoken.page.partition(" · ")[0] in page.text
        several = newsroom.question("answer", lambda answer: len(answer.excerpts) == 3)
        assert [spoken.others] in told(reader, several.question).buttons
        articles = told(reader, "/articles")
        assert articles.buttons[0] == [spoken.all_articles]
        toast = reader.presses(articles, spoken.all_articles)
        assert toast["text"] == spoken.chosen
        assert reader.forges(answer.id, "forged")["text"] == spoken.stale

    def test_reads_it_everywhere_else(self, newsroom: Newsroom, spoken: Spoken) -> None:
        """Each command, and what is no text."""
        reader = newsroom.telegram.private("Reader", language=spoken.code)
        assert told(reader, "/start").text.startswith(spoken.greeting)
        assert "/articles" in told(reader, "/help").text
        assert spoken.page in told(reader, "/read").text
        assert spoken.about in told(reader, "/about").text
        assert told(reader, "/nonsense").text == spoken.unknown
        reader.sends(voice={"file_id": "f", "file_unique_id": "u", "duration": 3})
        assert reader.hears().text == spoken.no_text


@pytest.mark.parametrize("code", ["de", "zh-hans", None, "espéranto"])
def test_everybody_else_reads_english(newsroom: Newsroom, code: str | None) -> None:
    reader = newsroom.telegram.private("Reader", language=code)
    assert told(reader, "/nonsense").text == SPOKEN[0].unknown


class TestProfile:
    """What Telegram shows before anybody writes."""

    @pytest.mark.parametrize(
        ("code", "about", "short"),
        [
            (
                "",
                "Where the words come from, and what is stored",
                "Answers questions with an article's own words, and says where they stand.",
            ),
            (
                "es",
                "De dónde vienen las palabras y qué se guarda",
                "Responde con las palabras mismas de un artículo y dice dónde están.",
            ),
            (
                "pt",
                "De onde vêm as palavras e o que é guardado",
                "Responde com as próprias palavras de um artigo e diz onde estão.",
            ),
        ],
        ids=["en", "es", "pt"],
    )
    def test_is_registered(self, newsroom: Newsroom, code: str, about: str, short: str) -> None:
        """Commands and descriptions, English for everybody whose language has no words."""
        registered(newsroom)
        api = newsroom.api
        commands = ask(api, "getMyCommands", language_code=code)[1]["result"]
        names = [command["command"] for command in commands]
        assert names == ["start", "help", "articles", "read", "about", "privacy"]
        assert commands[-2]["description"] == about
        found = ask(api, "getMyShortDescription", language_code=code)[1]["result"]
        assert found["short_description"] == short
        assert ask(api, "getMyDescription", language_code=code)[1]["result"]["description"]

    def test_is_left_alone_by_a_second_start(self, newsroom: Newsroom) -> None:
        """Telegram limits how often it may be set."""
        registered(newsroom)
        asked = len(newsroom.api.calls("getMyShortDescription"))
        newsroom.restart()
        api = newsroom.api
        api.wait_until(
            lambda: len(api.calls("getMyShortDescription")) == asked + 3, "the bot has looked"
        )
        newsroom.bot.stop()
        methods = ("setMyCommands", "setMyDescription", "setMyShortDescription")
        assert [len(api.calls(method)) for method in methods] == [9, 3, 3]
        newsroom.bot.start()


def registered(newsroom: Newsroom) -> None:
    """Return once the bot has registered its words, which it does beside everything else."""
    api = newsroom.api
    api.wait_until(lambda: len(api.calls("setMyShortDescription")) == 3, "words are registered")
