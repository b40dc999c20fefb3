"""An article out, a file in: what ``readers`` reads back word for word."""

import re
from collections.abc import Mapping, Sequence

import yaml

_MARKS = re.compile(r"[!-/:-@\[-`{-~]")
"""Everything that Markdown may take for a mark: ASCII punctuation, which a backslash sets free."""
_EDGES = re.compile(r"^[ \t]+|[ \t]+$")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def markdown(fields: Mapping[str, str], paragraphs: Sequence[str]) -> str:
    """The content of a Markdown file with these fields before these paragraphs.

    Characters that steer a terminal are left out; a paragraph is one line or more, none empty.
    """
    front = yaml.safe_dump(dict(fields), allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front}---\n\n" + "\n\n".join(map(_escaped, paragraphs)) + "\n"


def _escaped(paragraph: str) -> str:
    lines = _CONTROLS.sub("", paragraph).split("\n")
    return "\\\n".join(_EDGES.sub(_entity, _MARKS.sub(r"\\\g<0>", line)) for line in lines)


def _entity(blanks: re.Match[str]) -> str:
    """Blanks at an end of a line, which Markdown would drop."""
    return "".join(f"&#{ord(blank)};" for blank in blanks[0])
