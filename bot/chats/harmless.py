"""What a terminal may be shown of a text that somebody else wrote."""

import unicodedata


def harmless(text: str) -> str:
    """The text without control characters, which a terminal might obey."""
    return "".join(
        character if unicodedata.category(character) != "Cc" else " " * character.isspace()
        for character in text
    )
