"""What a message asks: the part that asks, its words, and the kind of thing asked for."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.text.language import FUNCTION_WORDS, INTERROGATIVES
from bot.text.terms import words

LONGEST = 512
"""Characters of a message that are read as a question."""


Kind = Literal["person", "time", "place", "number", "cause"]
"""A kind of thing that a question can ask for."""


@dataclass(frozen=True, slots=True)
class Question:
    """A message read as a question."""

    core: str
    """The part of the message that asks, as typed."""
    words: tuple[str, ...]
    """The folded words of the core that carry meaning, in order, each once."""
    asks_for: frozenset[Kind]
    says_something: bool
    """Whether there is any word in it."""
    is_question: bool
    """Whether it reads like a question put to those present."""


_SPELLINGS = {
    word: plain
    for plain, spellings in {
        "que": "q k qe ke",
        "por que": "xq pq xk porq pk xke",
        "de": "d",
        "por": "x",
        "donde": "dnd dond",
        "quien": "kien qn",
        "cuando": "cdo",
        "como": "komo cmo",
        "estan": "stan",
        "esta": "sta",
        "verdad": "vdd",
        "voce": "vc",
        "quando": "qdo",
        "quem": "qm",
        "you": "u",
        "are": "r",
        "why": "y",
        "when": "wen whn",
        "what": "wat wut wht waht",
        "what is": "whats wats",
        "who is": "whos",
        "where is": "wheres",
        "where": "wer",
        "how": "hwo",
        "about": "abt",
        "people": "ppl",
        "government": "govt",
        "because": "bc cuz coz",
        "please": "pls plz porfa pf",
        "thanks": "thx ty",
    }.items()
    for word in spellings.split()
}
"""Phone spellings, and the words they stand for."""

_CHATTER = frozenset(
    "hi hello hey hiya dear all guys everyone thanks thank please sorry lol haha ok okay anyway "
    "quick question asked tell know anyone article say says said story news kindly regards "
    "hola buenas buenos dias tardes noches gracias favor disculpa disculpen perdon oye amigos "
    "pregunta noticia articulo dice saben sabe "
    "ola bom dia boa tarde noite obrigado obrigada desculpe pessoal alguem reportagem diz "
    "sabem".split()
)
"""Words of talk around a question, in the three languages."""

_ASKS_FOR: dict[Kind, str] = {
    "person": r"who|whom|whose|quien(es)?|quem",
    "time": r"when|what (year|day|date|time|month)|which (year|day|month)|cuando|quando"
    r"|(que|cual es la|qual e a) (dia|fecha|ano|hora|mes|data)",
    "place": r"where|(what|which) (place|city|country|region|town|state)|a?donde|onde"
    r"|(que|cual|qual) (pais|ciudad|region|lugar|cidade)",
    "number": r"how (many|much|long|old|far|often)|[cq]uant[oa]s?|what (percentage|number)",
    "cause": r"why|how come|what (caused|made|triggered|led|drove)|(a|por) que|reasons?|causas?"
    r"|motivos?|razon",
}
_KINDS = {kind: re.compile(rf"\b(?:{pattern})\b") for kind, pattern in _ASKS_FOR.items()}
_PARTS = re.compile(r"(?<=[.!?…])\s+|\n+")
_OPENERS = frozenset().union(*INTERROGATIVES.values()) - {"como", "por", "that"} | frozenset(
    "is are was were do does did can could will would has have should anyone anybody alguien "
    "alguem".split()
)


def read(text: str) -> Question:
    """The message read as a question; any text will do."""
    core = _core(text[:LONGEST])
    spelt = " ".join(_SPELLINGS.get(word, word) for word in words(core))
    plain = words(spelt)
    content = [word for word in plain if word not in _FUNCTION_WORDS and word not in _CHATTER]
    return Question(
        core=core,
        words=tuple(dict.fromkeys(content)),
        asks_for=frozenset(kind for kind, pattern in _KINDS.items() if pattern.search(spelt)),
        says_something=bool(plain),
        is_question=_is_question(core, plain),
    )


_FUNCTION_WORDS = frozenset().union(*FUNCTION_WORDS.values())


def _core(text: str) -> str:
    """The sentences of a message that ask; all of it where none does."""
    parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
    asking = [part for part in parts if "?" in part or "¿" in part]
    opening = [part for part in parts if (words(part)[:1] or [""])[0] in _OPENERS]
    return " ".join(asking or opening or parts)


def _is_question(core: str, plain: list[str]) -> bool:
    """Whether there is a question mark after some words, or a word that asks in front."""
    if len(plain) < 2:
        return False
    return ("?" in core and len(plain) > 2) or plain[0] in _OPENERS
