"""How wide a text is in a terminal, and the beginning of it that fits."""

import unicodedata


def columns(text: str) -> int:
    """How many columns a text takes.

    >>> columns("橋 e\u0301")
    4
    """
    return sum(map(_columns, text))


def cut(text: str, room: int) -> str:
    """The text, its end replaced by an ellipsis where it takes more columns than there are.

    >>> cut("Illegal migrants", 8), cut("移民问题", 6)
    ('Illegal…', '移民…')
    """
    if columns(text) <= room:
        return text
    taken, left = "", room - 1
    for character in text:
        left -= _columns(character)
        if left < 0:
            break
        taken += character
    return f"{taken.rstrip()}…"


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
