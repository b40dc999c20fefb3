"""Control characters, which a terminal might obey and a line of a log must not hold."""

import re
import unicodedata
from json import dumps

_SEQUENCES = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]")
"""Whole commands to a terminal, which leave their letters behind if only the control goes."""
_OBEYED = ("Cc", "Cs", "Zl", "Zp")
"""Categories of Unicode: controls, halves of characters, and ends of lines and paragraphs."""
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""What turns the direction of writing, of the rest of a line as well."""


def harmless(text: str) -> str:
    r"""The text without control characters and sequences; blanks among them become spaces.

    >>> harmless("\x1b[31mred\n\x9b2J")
    'red '
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " * character.isspace() if _is_obeyed(character) else character
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
        if character == "\\" or _is_obeyed(character)
        else character
        for character in text
    )


def json_line(value: object) -> str:
    r"""The value as JSON on one line, written out in it what a terminal would obey.

    >>> json_line({"title": "señal\x9b2J"})
    '{"title": "señal\\u009b2J"}'
    """
    return "".join(
        f"\\u{ord(character):04x}" if _is_obeyed(character) else character
        for character in dumps(value, ensure_ascii=False)
    )


def _is_obeyed(character: str) -> bool:
    return unicodedata.category(character) in _OBEYED or character in _TURNING
