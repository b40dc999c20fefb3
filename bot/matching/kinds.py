"""What kinds of thing a stretch of text holds: a person, a time, a place, a number, a cause."""

import re

from bot.matching.question import Kind
from bot.text.terms import fold

_TIMES = re.compile(
    r"\b(?:1\d{3}|20\d{2}|century|decade|years?|months?|weeks?|days?|hours?|today|yesterday|tomorrow"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|morning|evening|night"
    r"|january|february|march|april|june|july|august|september|october|november|december"
    r"|siglo|anos?|mes(?:es)?|semanas?|dias?|horas?|hoy|ayer|hoje|ontem|manana|tarde|noche|noite"
    r"|lunes|martes|miercoles|jueves|viernes|sabado|domingo|segunda|terca|quarta|quinta|sexta"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    r"|janeiro|fevereiro|marco|maio|junho|julho|setembro|outubro|novembro|dezembro)\b"
)
_NUMBERS = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?"
    r"|thousands?|millions?|billions?|half|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez"
    r"|cien|cientos|miles?|mil|millones|mitad|dois|quatro|sete|oito|nove|dez|cem|metade)\b"
)
_CAUSES = re.compile(
    r"\b(?:because|due to|owing to|as a result|result(?:s|ed|ing)? (?:of|from|in)|caus\w+|since"
    r"|response to|driven by|follow(?:s|ing)|given|attribut\w+|reasons?|so that|in order|led to"
    r"|therefore|thus|after|porque|debido|por eso|causa\w*|motivo\w*|razon\w*|tras"
    r"|devido|apos|por isso)\b"
)
_NAME = re.compile(r"(?<![.!?“\"«] )(?<!^)\b[^\W\d_a-zß-ÿ][\w’'-]+")
_TWO_NAMES = re.compile(rf"{_NAME.pattern}\s+[^\W\d_a-zß-ÿ][\w’'-]+")
_PLACES = re.compile(
    r"\b(?:in|at|near|from|to|into|across|along|between|en|desde|hacia|hasta|entre|em|no|na|para)"
    r"\s+(?:the |la |el |o |a )?[^\W\d_a-zß-ÿ]"
)


_IN_FOLDED: dict[Kind, re.Pattern[str]] = {"time": _TIMES, "number": _NUMBERS, "cause": _CAUSES}
_IN_PLAIN: dict[Kind, re.Pattern[str]] = {"person": _TWO_NAMES, "place": _PLACES}


def holds(kind: Kind, text: str) -> bool:
    """Whether a stretch of text holds a thing of this kind, told by its words and capitals.

    >>> text = "On Friday, nearly 100 migrants returned because of Luis Cordero"
    >>> [kind for kind in ("cause", "number", "person", "time") if holds(kind, text)]
    ['cause', 'number', 'person', 'time']
    """
    if kind in _IN_FOLDED:
        return _IN_FOLDED[kind].search(fold(text)) is not None
    return _IN_PLAIN[kind].search(text) is not None
