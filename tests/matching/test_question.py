"""What a message asks: the part that asks, its words, the kinds of thing asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.question import asking_part, read


@pytest.mark.parametrize(
    ("message", "core"),
    [
        pytest.param("Who is Kast?", "Who is Kast?", id="nothing around it"),
        pytest.param("Hi all! Who is Kast? Thanks.", "Who is Kast?", id="greeting and thanks"),
        pytest.param("hey guys, who is kast pls", "who is kast", id="within one sentence"),
        pytest.param("My uncle drives there. Is it closed?", "Is it closed?", id="a story first"),
        pytest.param("not my topic but who is kast", "who is kast", id="a turn"),
        pytest.param("hola, disculpen, quién es Kast? gracias", "quién es Kast?", id="Spanish"),
        pytest.param("bom dia pessoal, quem é Kast? obrigado", "quem é Kast?", id="Portuguese"),
        pytest.param("who is kast 🙏🙏", "who is kast", id="emoji"),
        pytest.param("is it true? https://example.org/who-is-it", "is it true?", id="a link"),
        pytest.param("thanks", "thanks", id="nothing but thanks"),
        pytest.param("carabineros", "carabineros", id="a keyword"),
        pytest.param("", "", id="empty"),
    ],
)
def test_the_part_that_asks_is_taken_out(message: str, core: str) -> None:
    assert asking_part(message) == core


@pytest.mark.parametrize(
    ("message", "words"),
    [
        pytest.param("Who blocked the road?", ("blocked", "road"), id="function words go"),
        pytest.param("q dijo el ministro", ("ministro",), id="written out first"),
        pytest.param("the son of the king", ("son", "king"), id="a word light in Spanish only"),
        pytest.param("who is it", ("who", "is", "it"), id="all of them where none carries"),
        pytest.param("kast kast KAST", ("kast",), id="each once"),
    ],
)
def test_the_words_that_carry_meaning_are_kept(message: str, words: tuple[str, ...]) -> None:
    assert read(message).words == words


@pytest.mark.parametrize(
    ("message", "kinds"),
    [
        ("Who asked for help?", {"person"}),
        ("¿Cuándo fue?", {"time"}),
        ("Em que ano e onde?", {"time", "place"}),
        ("how many returned and why", {"number", "cause"}),
        ("xq se van", {"cause"}),
        ("carabineros", set()),
    ],
)
def test_the_kinds_of_thing_asked_for_are_told(message: str, kinds: set[str]) -> None:
    assert read(message).asks_for == kinds


def test_a_question_for_the_articles_own_date_is_told() -> None:
    assert read("when was this article published").asks_for_its_date
    assert read("de cuándo es la noticia").asks_for_its_date
    assert not read("when did the crisis start").asks_for_its_date


def test_names_are_told_by_capitals_that_no_beginning_explains() -> None:
    assert read("Did Jeanette Jara win in Lima?").capitalised == {"jeanette", "jara", "lima"}


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    question = read(text)
    assert set(question.words) <= set(question.sequence)
    assert asking_part(text[:512]) == question.core
