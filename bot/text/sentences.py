"""Where sentences begin and end, as offsets, so that an excerpt can be a slice of the text."""

import re

ABBREVIATIONS = frozenset(
    # English
    "mr mrs ms dr prof st jr sr rev gen col lt sgt capt gov sen rep hon messrs inc ltd co corp "
    "vs etc vol fig ed eds approx dept est al cf e.g i.e a.m p.m u.s u.k u.n d.c "
    "jan feb mar apr jun jul aug sep sept oct nov dec "
    # Spanish and Portuguese
    "sra srta dra lic ing arq av núm num pág pag ee.uu d ud uds sta sto exmo exma".split()
)
"""Words that a full stop may follow without ending a sentence, in lower case."""

_END = re.compile(
    r"""[.!?…。！？\n](?:(?:(?<=[.!?…])(?<![.!?…]{2})[.!?…]*+|(?<=[。！？]))["'”’»)\]]*+(?=\s|$)"""
    r"""|(?<=\n)\s*\n)"""
)
"""Begins with one set of letters, which is found many times faster than one of several.

Marks in a row are looked at once, from the first: there may be a million of them.
"""
_OPENING = "\"'“‘«([¿¡—–-"
_LAST_WORD = re.compile(r"[^\s(\[“‘«\"']+$")


def sentences(text: str) -> list[tuple[int, int]]:
    """The (start, end) code-point offsets of each sentence, in order; blanks lie between them.

    A sentence ends at ``.``, ``!``, ``?`` or ``…`` with the closing marks behind it, where what
    follows looks like a beginning; not after an abbreviation or an initial.

    >>> [text[a:b] for text in ["Mr. J. Kast won. “We won!” he said. At 3.5% it grew."]
    ...  for a, b in sentences(text)]
    ['Mr. J. Kast won.', '“We won!” he said.', 'At 3.5% it grew.']
    """
    found: list[tuple[int, int]] = []
    start = _skip_blanks(text, 0)
    for match in _END.finditer(text):
        if match.end() > start and _is_end(text, match.start(), match.end()):
            found.append((start, start + len(text[start : match.end()].rstrip())))
            start = _skip_blanks(text, match.end())
    if start < len(text):
        found.append((start, start + len(text[start:].rstrip())))
    return found


def _skip_blanks(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def _is_end(text: str, mark: int, end: int) -> bool:
    """Whether the sentence does end with the marks ``text[mark:end]``."""
    if text[mark] == "\n":
        return True
    begin = _skip_blanks(text, end)
    following = text[begin : begin + 2].lstrip(_OPENING)
    if following[:1].islower():
        return False
    if text[mark] != "." or text[mark + 1 : mark + 2] == ".":
        return True
    last = _LAST_WORD.search(text, max(0, mark - 20), mark)
    word = last.group() if last else ""
    is_initial = len(word) == 1 and word.isupper()
    return not is_initial and word.lower() not in ABBREVIATIONS
