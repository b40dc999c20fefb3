"""Follow-ups: does a message lean on the question before it, and what do the two ask together.

“And why?” and “what about Chile?” take the terms of the question before; “more” asks for its next
match. Whatever could stand alone is a question of its own: another question's terms in it would do
more harm than a follow-up that is not seen.
"""

import re
from typing import Literal

from bot.matching.question import ASKS, CAPITAL, LONGEST, asking_part
from bot.text.language import FUNCTION_WORDS
from bot.text.spelling import written_out
from bot.text.terms import fold, words

LONGEST_TOPIC = 300
"""Characters of the question before that a follow-up takes with it."""

Leaning = Literal["more", "elliptic"]
"""How a message leans on the question before it: for its next match, or for its terms."""


def leans(text: str, *, is_reply: bool = False) -> Leaning | None:
    """How a message leans on the question before it; nothing where it can stand alone.

    A reply to an answer may lean in fewer words than a message that only comes after it.

    >>> leans("¿y en Lima?"), leans("what else?"), leans("and who is Kast?")
    ('elliptic', 'more', None)
    """
    spelt = _spelt(text)
    if _MORE.fullmatch(spelt):
        return "more"
    if _EXCLAIMS.fullmatch(spelt):
        return None
    patterns = [_ELLIPTIC]
    if "?" in text:
        patterns.append(_ELLIPTIC_IF_MARKED)
    if is_reply:
        patterns.append(_ELLIPTIC_IN_REPLY)
    shape = _shape(spelt)
    return "elliptic" if any(pattern.fullmatch(shape) for pattern in patterns) else None


def together(text: str, topic: str) -> str:
    """An elliptic question before the topic's words, of which those that it replaces are left out.

    It asks for something else, so the topic's asking words go; a name takes the place of names.

    >>> together("and Bloomberg?", "What did Luis Cordero say about the migrants?")
    'Bloomberg? did say about the migrants?'
    """
    topic = asking_part(topic[:LONGEST])[:LONGEST_TOPIC]
    if CAPITAL.search(text):
        topic = _NAMES.sub("", topic)
    asking = _ASKS_FIRST.match(fold(topic))
    asked = len(asking[0].split()) if asking else 0
    kept = " ".join(topic.split()[asked:])
    return f"{_CONJUNCTION.sub('', asking_part(text[:LONGEST]))} {kept}"


def names_something(text: str) -> bool:
    """Whether an elliptic question names what it asks about, and not only what it asks for.

    >>> names_something("and in Lima?"), names_something("and when?")
    (True, False)
    """
    return "N" in _shape(_spelt(text))


_PARTS = {
    # A conjunction that leads; some only before a word that asks.
    "C": r"^(?:and|y|e)(?= )"
    rf"|^(?:but|so|then|also|pero|mas|entonces|tambien|tambem|entao)(?= {ASKS}\b)",
    # An offer of something else to ask the same about.
    "O": r"(?:what|how) about|what of|que (?:hay|tal|pasa) (?:de|con)|(?:en )?cuanto a|quanto a",
    # What asks.
    "W": rf"how come|{ASKS}",
    # How much of it.
    "Q": r"many|much|long|far|old|often|big|else",
    # An auxiliary verb, which makes a sentence.
    "V": r"is|eh|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|es|son"
    r"|era|eran|fue|fueron|esta|estan|estaba|estaban|hay|hubo|ha|han|habia|sera|seria|foi|foram|sao"
    r"|estava|estavam|estao|tem|tinha|houve",
    # What points back.
    "D": r"it|its|this|that|these|those|he|she|they|him|them|his|her|hers|their|theirs|eso|esto"
    r"|aquello|ella|ellos|ellas|lo(?! que)|les?|sus?|isso|isto|aquilo|eles?|elas?|del[ea]s?|seus?"
    r"|suas?",
    # Who writes, and who reads.
    "Y": r"i|me|my|we|us|our|you|your|yo|mis?|nos|nosotros|tus?|te|ustede?s?|vos|eu|meus?|minhas?"
    r"|voces?|im|youre",
    # A preposition.
    "P": r"in|on|at|to|of|for|from|by|with|about|during|since|until|against|en|del?|desde|hasta"
    r"|hacia|para|por|con|contra|sobre|durante|al?|em|n[oa]s?|d[oa]s?|aos?|pel[oa]s?|com|ate",
    # Any other word: one that names something, or one that names nothing (A).
    "N": r"\w+",
}
_PART = re.compile("|".join(rf"(?P<{name}>\b(?:{part})\b)" for name, part in _PARTS.items()))
_IS = re.compile(r"\bé\b", re.IGNORECASE)
# “Won” is there for “won't”, which is rarer in a question than who won.
_LIGHT = frozenset().union(*FUNCTION_WORDS.values()) - {"won"}

_NAMED = "[PA]*N(?:[PA]*N)?"
_ELLIPTIC = re.compile(
    "C?P?W+Q*"  # and why; since when; how many
    "|CP?W+Q*[PA]*N"  # and how many migrants; and in which city; and who won
    f"|C{_NAMED}"  # and in Lima; y los migrantes
    f"|C?O{_NAMED}"  # what about Chile
    "|C?P?[WV](?=[^D]*D)[^NY]*N?[^NY]*"  # when did it happen; who said that; is it true
)
_ELLIPTIC_IF_MARKED = re.compile(f"P{_NAMED}")  # in Chile?
_ELLIPTIC_IN_REPLY = re.compile("P?W+Q*N")  # how many migrants; which road
_MORE = re.compile(
    r"(?:(?:can|could) you )?(?:(?:tell|show|give) (?:me|us) )?(?:and )?(?:anything|something|some"
    r"|any|one|what|who|where)? ?(?:more|else|another(?: one)?|next(?: one)?|go on|continue)"
    r"(?: (?:about|on|of) (?:it|that|this))?"
    r"|(?:(?:dime|dame|cuentame|muestrame) )?(?:y )?(?:algo|que|quien|una?|la|el|alguna cosa)? ?"
    r"(?:mas|otr[oa]s?|siguiente|sigue|continua)(?: (?:sobre|de) (?:eso|esto|ello))?"
    r"|(?:(?:me )?(?:conte|conta|mostre|mostra|diga|fala|fale) )?(?:e )?(?:algo|o que|que|quem"
    r"|uma?|o|a|alguma coisa)? ?(?:mais|outr[oa]s?|proxim[oa]|continue|mais alguma coisa)"
    r"(?: (?:sobre|de) (?:isso|isto))?"
)
_EXCLAIMS = re.compile(
    r"(?:(?:and|but|so|y|e|pero|mas) )?(?:what|que|o que|como|dai|no|not|what if|who cares"
    r"|who knows|quem liga|quien sabe|quem sabe|como (?:estas?|estan|vai|va|assim|asi|no))"
)
_CONJUNCTION = re.compile(
    r"^\W*(?:and|but|so|then|also|y|e|pero|mas|entonces|también|também|então)\s+", re.IGNORECASE
)
_PREPOSITION = r"in|on|at|to|of|for|from|by|with|since|en|de|desde|para|por|con|a|em|com"
_ASKS_FIRST = re.compile(
    rf"\W*(?:(?:{_PREPOSITION})\s+)?{ASKS}(?:\s+(?:many|much|long|far|old))?\b"
)
_NAMES = re.compile(rf"{CAPITAL.pattern}(?:\s+[^\W\d_a-zß-öø-ÿ][\w’'-]+)*")


def _spelt(text: str) -> str:
    """The folded words of the part that asks, phone spellings written out."""
    # “É” is a verb and “e” a conjunction; folded they are one, so the verb is typed as on a phone.
    found = words(_IS.sub("eh", asking_part(text[:LONGEST])))
    # A “y” that leads is Spanish; anywhere else it may be a “why” typed on a phone.
    leading = found[:1] if found[:1] == ["y"] else []
    return " ".join([*leading, *written_out(found[len(leading) :])])


def _shape(spelt: str) -> str:
    """A letter of ``_PARTS`` for each part of the text, A for a word that names nothing."""
    letters = []
    for part in _PART.finditer(spelt):
        is_light = part.lastgroup == "N" and part[0] in _LIGHT
        letters.append("A" if is_light else part.lastgroup or "")
    return "".join(letters)
