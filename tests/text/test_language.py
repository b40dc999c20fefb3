"""The language a text is in, told by its function words."""

from bot.text.language import language_of


def test_articles_in_each_language_are_told_apart() -> None:
    assert (
        language_of("The border with Chile was closed on Friday, and migrants were there.") == "en"
    )
    assert (
        language_of("La frontera con Chile fue cerrada el viernes y los migrantes esperan.") == "es"
    )
    assert (
        language_of("A fronteira com o Chile foi fechada na sexta e os migrantes esperam.") == "pt"
    )


def test_a_text_without_function_words_is_taken_for_the_default() -> None:
    assert language_of("Kast 2025", default="es") == "es"
