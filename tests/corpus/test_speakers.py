"""Speakers: who is quoted, as the article names them, or nobody; never a guess."""

import pytest

from bot.corpus.speakers import quotations


def speakers(*paragraphs: str) -> list[tuple[str, str]]:
    """Each quotation that has a speaker, and the speaker."""
    return [
        (quotation.span.of(text), quotation.speaker)
        for text, found in zip(paragraphs, quotations(paragraphs), strict=True)
        for quotation in found
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("“We won,” Kast said.", "Kast", id="name, verb"),
        pytest.param("“We won,” said Kast.", "Kast", id="verb, name"),
        pytest.param("Kast said: “We won.”", "Kast", id="before the quotation"),
        pytest.param("“We won,” according to Kast.", "Kast", id="according to"),
        pytest.param("Kast, who cited “a mandate”, left.", "Kast", id="relative clause"),
        pytest.param("Kast, however, warned of “a bottleneck”.", "Kast", id="aside"),
        pytest.param("Kast left, stating that it was “normal”.", "Kast", id="participle"),
        pytest.param("Kast had also announced “new measures”.", "Kast", id="auxiliary"),
        pytest.param("«Ganamos», dijo Kast.", "Kast", id="Spanish"),
        pytest.param("“Ganhamos”, disse Kast.", "Kast", id="Portuguese"),
        pytest.param('"We won," Ana de la Cruz said.', "Ana de la Cruz", id="particles in a name"),
        pytest.param("“We won,” said the mayor, Ana Cruz.", "mayor, Ana Cruz", id="office"),
    ],
)
def test_a_verb_of_saying_with_a_name_gives_the_speaker(text: str, expected: str) -> None:
    assert [speaker for _, speaker in speakers(text)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("“We won,” he said.", id="a pronoun"),
        pytest.param("They feared a “bottleneck” at the border.", id="nobody says it"),
        pytest.param("Officials warned of “a crisis”; the officials left.", id="no name"),
        pytest.param(
            "Kast confirmed talks in Arica, where locals fear a “bottleneck”.", id="others' words"
        ),
        pytest.param("“We won,” Peru’s president said.", id="a possessive"),
        pytest.param("Kast spoke. “We won.”", id="another sentence"),
        pytest.param("Jerí convened an “extraordinary meeting” on Friday.", id="no verb of saying"),
    ],
)
def test_what_the_article_leaves_open_stays_open(text: str) -> None:
    assert speakers(text) == []


def test_the_speaker_is_the_fullest_mention_anywhere_in_the_article() -> None:
    assert speakers(
        "The request came from the regional governor of Tacna, Luis Ramón Torres.",
        "On Friday Peruvian President José Jerí met Peruvian officers.",
        "“Our borders are respected,” Jerí said. Torres said: “Come.”",
    ) == [
        ("“Our borders are respected,”", "Peruvian President José Jerí"),
        ("“Come.”", "regional governor of Tacna, Luis Ramón Torres"),
    ]


def test_a_name_that_several_people_bear_is_left_as_it_stands() -> None:
    assert speakers("José Kast met Ana Kast.", "“We won,” Kast said.") == [("“We won,”", "Kast")]


def test_a_quotation_that_goes_on_in_the_next_paragraph_counts_to_its_end() -> None:
    assert speakers("Kast said: “We won.", "“We will go on,” Kast said.") == [
        ("“We won.", "Kast"),
        ("“We will go on,”", "Kast"),
    ]
