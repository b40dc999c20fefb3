"""Control characters, which a terminal might obey and a line of a log must not hold."""

import re
import unicodedata

_SEQUENCES = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]")
"""Whole commands to a terminal, which leave their letters behind if only the control goes."""
_OBEYED = ("Cc", "Cs", "Zl", "Zp")
"""Categories of Unicode: controls, halves of characters, and ends of lines and paragraphs."""


def harmless(text: str) -> str:
    r"""The text without control characters and sequences; blanks among them become spaces.

    >>> harmless("\x1b[31mred\n\x9b2J")
    'red '
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character if unicodedata.category(character) not in _OBEYED else " " * character.isspace()
        for character in _SEQUENCES.sub("", text)
    )


def escaped(text: str) -> str:
    r"""The text with control characters written out, so that no two texts become the same.

    >>> escaped("a\n.txt"), escaped("señal.txt")
    ('a\\n.txt', 'señal.txt')
    """
    if harmless(text) == text and "\\" not in text:
        return text
    return "".join(
        character.encode("unicode_escape").decode("ascii")
        if character == "\\" or unicodedata.category(character) in _OBEYED
        else character
        for character in text
    )
