"""What a message asks: the part of it that asks, its words, and the kinds of thing asked for."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.text.language import FUNCTION_WORDS, language_of
from bot.text.sentences import sentences
from bot.text.spelling import sound, written_out
from bot.text.terms import fold, words

LONGEST = 512
"""Characters of a message that are read as a question."""

Kind = Literal["person", "time", "place", "number", "cause"]
"""A kind of thing that a question can ask for."""


@dataclass(frozen=True, slots=True)
class Question:
    """A message read as a question."""

    core: str
    """The part of the message that asks, as typed."""
    language: str | None
    """ISO 639-1 code, where its function words give it away."""
    sequence: tuple[str, ...]
    """The folded words of the core, phone spellings written out."""
    words: tuple[str, ...]
    """Those that carry meaning, each once; all of them where none does."""
    carries_meaning: bool
    """Whether any of its words does."""
    capitalised: frozenset[str]
    """The folded words with a capital that no sentence's beginning explains."""
    asks_for: frozenset[Kind]
    is_keywords: bool
    """Whether it asks in no more than a few bare words, as people type into a search box."""
    asks_for_its_date: bool
    """Whether it asks when the article itself was published."""


_CHATTER = frozenset(
    "hi hello hey hiya dear all guys everyone thanks thank please sorry lol haha ok okay anyway "
    "quick question asked tell know anyone someone article story news say says said name called "
    "call mean means kindly regards bit thing kind sort gone going go let like just same come "
    "hola buenas buenos tardes noches gracias favor disculpa disculpen perdon oye amigos pregunta "
    "noticia articulo nota dice dicen dijo decir saben sabe llama llaman "
    "ola bom boa obrigado obrigada desculpe pessoal alguem reportagem diz disse sabem "
    "chama artigo materia".split()
)
"""Words of talk around a question, in the three languages."""
_ANY_FUNCTION_WORD = frozenset().union(*FUNCTION_WORDS.values())

_PATTERNS: dict[Kind, str] = {
    "person": r"who|whom|whose|quien(es)?|quem",
    "time": r"when|(what|which) (year|day|date|time|month|century)|how long ago|cuando|quando"
    r"|(que|cual es la|qual e a) (dia|fecha|ano|hora|mes|data)",
    "place": r"where|whereabouts|(what|which) (place|city|country|region|town|location|state"
    r"|countries|cities)|a?donde|onde|(que|cual|qual) (pais|ciudad|region|lugar|cidade)",
    "number": r"how (many|much|long|old|far|big|large|often|tall|high)|[cq]uant[oa]s?"
    r"|what (percentage|percent|number|proportion)|number of",
    "cause": r"why|how come|what (caused|made|triggered|led|drove|prompted)|por ?que|causes?"
    r"|reasons?|causas?|motivos?|razon",
}
_KINDS = {kind: re.compile(rf"\b(?:{pattern})\b") for kind, pattern in _PATTERNS.items()}
_PUBLISHED = frozenset(
    map(
        sound,
        "article story news report post piece publish published posted written dated "
        "noticia nota articulo reportaje publicado publicada publico publicaron publicaram "
        "reportagem artigo materia".split(),
    )
)
"""Keys of words for an article and its publishing, so that a slip of the ear does no harm."""
_DATE = re.compile(r"\b(?:when|date|dated|day|old|recent|cuando|fecha|dia|quando|data)\b")

ASKS = (
    r"(?:what|when|where|which|who|whom|whose|why|how|que|cual|cuales|quien|quienes|cuando"
    r"|cuant[oa]s?|a?donde|como|(?:por|para|de|en|a) que|(?:con|contra|de|a) quien|desde cuando"
    r"|hacia donde|qual|quais|quem|quando|quant[oa]s?|onde|[ond]o que)"
)
"""A pattern of the words that ask, in folded text."""
_ASKING = re.compile(
    rf"\b(?:{ASKS}|is|are|was|were|do|does|did|can|could|will|would|has|have|anyone|anybody"
    r"|alguien|alguem)\b"
)
_GREETING = re.compile(
    r"(?:hi|hello|hey|hiya|hola|ola|buenas|buenos|dear|good|sorry|thanks|thx|gracias|regards"
    r"|kind regards|cheers|obrigad[oa]|please|porfa|haha)\b"
)
_BREAK = re.compile(r"\n+|\s+[—–-]\s+|[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F]+\s*[!.,]*")
_LINK = re.compile(r"(?:https?://|www\.|t\.me/)\S+")
_OPENING_TALK = re.compile(
    r"^\W*(?:(?:hi|hello|hey|hiya|hola|ola|buenas(?: tardes| noches)?|buenos d[ií]as|bom dia"
    r"|boa tarde|boa noite|dear all|haha(?:ha)*|lol|ok|so|well|anyway|please|pls|sorry|thanks|oye"
    r"|disculpen?|perd[oó]n|quick one|quick question|una pregunta|btw|guys|team|all|everyone"
    r"|amigos|chicos|gente|pessoal)\b[\s,.!:;-]*)+",
    re.IGNORECASE,
)
_CLOSING_TALK = re.compile(
    r"(?:[\s,.!]*\b(?:please|pls|plz|thanks?|thx|ty|gracias|por favor|porfa|obrigad[oa]|cheers"
    r"|kind regards.*|lol|haha)\b)++[\s.!]*+(\??)\s*$",
    re.IGNORECASE,
)
"""Never goes back (``++``): what is between two words of talk could be shared out in many ways."""
_TURN = re.compile(
    rf"\b(?:but|anyway|so|pero|mas|entonces)[,.:]?\s+(?=(?:{ASKS}|does|did|is|are)\b)",
    re.IGNORECASE,
)
CAPITAL = re.compile(r"(?<![.!?¿¡] )(?<!^)(?<!^[¿¡\"“])\b[^\W\d_a-zß-öø-ÿ][\w’'-]+")
"""A pattern of a word with a capital that no sentence's beginning explains."""


def read(text: str) -> Question:
    """The message read as a question; any text will do."""
    core = asking_part(text[:LONGEST])
    sequence = written_out(words(core))
    spelt = " ".join(sequence)
    language = language_of(spelt, default="")
    # “son” and “sea” carry meaning in one language and none in another.
    light = _CHATTER | FUNCTION_WORDS.get(language, _ANY_FUNCTION_WORD)
    carrying = [word for word in sequence if word not in light and len(word) > 1]
    return Question(
        core=core,
        language=language or None,
        sequence=tuple(sequence),
        words=tuple(dict.fromkeys(carrying or sequence)),
        carries_meaning=bool(carrying),
        capitalised=frozenset(word for name in CAPITAL.findall(core) for word in words(name)),
        asks_for=frozenset(kind for kind, pattern in _KINDS.items() if pattern.search(spelt)),
        is_keywords=len(sequence) <= 4 and "?" not in core and not _ASKING.search(spelt),
        asks_for_its_date=(
            len(sequence) <= 10
            and any(sound(word) in _PUBLISHED for word in sequence)
            and _DATE.search(spelt) is not None
        ),
    )


def asking_part(text: str) -> str:
    """The sentences of a message that ask, without greetings, thanks and links; all if none does.

    >>> asking_part("Hi all, quick one: who blocked the road? Thanks!")
    'who blocked the road?'
    """
    parts = [
        part[start:end]
        for part in _BREAK.split(_LINK.sub(" ", text))
        for start, end in sentences(part)
        if words(part[start:end])
    ]
    marked = [part for part in parts if "?" in part]
    asking = [
        part for part in parts if _ASKING.search(fold(part)) and not _GREETING.match(fold(part))
    ]
    text = " ".join(marked or asking or parts) or text
    text = _CLOSING_TALK.sub(r"\1", _OPENING_TALK.sub("", text)).strip() or text
    turn = _TURN.search(text)
    if turn and not _ASKING.match(fold(text)):
        text = text[turn.end() :]
    return text.strip()
