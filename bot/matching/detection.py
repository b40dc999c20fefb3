"""Detection: is a message a question put to those present, to be answered at all?"""

import re
from collections.abc import Mapping
from math import exp

from bot.matching.question import ASKS, LONGEST, Question
from bot.text.spelling import written_out
from bot.text.terms import words

_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|can|could|will|would|has|have|had|should|shall|may)(?: not)?"
)
_OPENING = (
    r"(?:(?:and|but|so|ok|well|y|e|pero|mas|entonces|in|on|at|to|of|for|from|by|with|during|since"
    r"|hasta|desde|para|por|de|en|a|con|em|com)\s+)?"
)
_PATTERNS = {
    # At the beginning of the core.
    "asks_first": rf"^{_OPENING}{ASKS}\b",
    "auxiliary_first": rf"^(?:(?:and|but|so|ok|well) )?{_AUXILIARY} \w+",
    "verb_first": r"^(?:es (?:verdad|cierto)|hay|hubo|habra|van? a|pueden?|podra|sera|seria|esta"
    r"|estan|e verdade|ha|tem|existe|alguien|alguem|sabes?|saben|ja)\b",
    "speaks_of_itself": r"^(?:i|we|im|ive|my|yo|nosotros|eu|nos|me|mi|minha|meu|just|that|this|thats"
    r"|its|he|she|they|el|la|los|las|un|una|se|ya|lo|eso|esto|os?|as|por eso|porque|because"
    r"|the|a|no|not|yes|si|sim|if|let|thanks?|gracias|there|here)\b",
    "when_i": r"^(?:when|where|what|cuando|como|quando|donde|onde|who|que|whatever|whoever|however"
    r"|how) (?:i|we|you|he|she|they|it|the|el|la|los|las|yo|uno|eu|a|o|me|te|les|una?|my|mi)\b",
    "exclaims": r"^(?:who (?:cares|knows|would have|asked|needs)|what an? |how (?:nice|sad|cute|funny"
    r"|dare|lovely|awful|terrible|about (?:that|no))|why (?:bother|not|am i)|que (?:bien|mal|bueno"
    r"|pena|lastima|horror|asco|verguenza|risa|rico|lindo|triste|fuerte|locura|bom|legal)"
    r"|a quien le importa|(?:quien|quem) (?:sabe|lo diria|diria|liga)|como (?:no|siempre|sempre)"
    r"|really|seriously|en serio|de verdad|serio|(?:are )?you (?:kidding|serious|ok|know what)"
    r"|right|verdad|guess what|so what|what if)\b",
    # Anywhere in it.
    "asks": rf"\b{ASKS}\b",
    "asks_then_auxiliary": r"\b(?:what|when|where|which|who|whom|whose|why|how)\b(?:\s+\w+){0,3}?\s+"
    rf"{_AUXILIARY}\b",
    "asks_last": rf"\b(?:{ASKS}|is (?:it|that|this))\s*$",
    "anyone_know": r"\b(?:any(?:one|body) (?:know|got|have|has|here|remember|can|able)|does any(?:one"
    r"|body)|(?:do|does|can|could) (?:we|you|any(?:one|body)|someone) (?:know|tell)|may i ask"
    r"|wondering|wanted to ask|any idea|alguien (?:sabe|sabria|me|puede|tiene|conoce)|alguem (?:sabe"
    r"|pode|tem)|sab(?:en|es?|em) (?:si|se|que|quien|quem|onde|donde|cuando|quando|cual)|me pueden"
    r" decir|se sabe|(?:quisiera|queria|gostaria de) saber|pregunta|duda)\b",
    "tells_of_asking": r"\b(?:knows?|knew|see|tell|told|understand|remember|depends|care|idea|matter"
    r"|forget|shows?|explains?|thats|is|love|hate|like|ask|asked|means?|se|sabemos|digo|dice|dijo"
    r"|depende|entiendo|sei|imagina|vi|de|dia|cada|con|el|la|los|lo|para|a) (?:what|when|where|who"
    r"|why|how|que|quien|cuando|donde|como|quem|quando|onde|o que)\b",
}
_CORE = {name: re.compile(pattern) for name, pattern in _PATTERNS.items()}
_MESSAGE = {
    "question_mark": re.compile(r"\?"),
    "opening_mark": re.compile(r"¿"),
    "several_marks": re.compile(r"\?\s*[?!]|!\?"),
    "exclamation_mark": re.compile(r"!"),
    "link": re.compile(r"https?://|t\.me/|www\."),
    "laughter": re.compile(r"\b(?:lol|lmao|jaja\w*|haha\w*|kkk+|rofl|xd)\b|😂|🤣"),
    "accented": re.compile(
        r"\b(?:qué|quién(?:es)?|cuándo|cuánt[oa]s?|dónde|cómo|cuál(?:es)?|quê)\b", re.IGNORECASE
    ),
}
_SENTENCE = re.compile(r"(?<=[.!?])\s+|,\s+")


def signs(message: str, question: Question) -> dict[str, float]:
    """What in a message speaks for or against its being a question, each 0 or 1, by name."""
    spelt = " ".join(question.sequence)
    found = {name: pattern.search(message) is not None for name, pattern in _MESSAGE.items()}
    for name, pattern in _CORE.items():
        found[name] = pattern.search(spelt) is not None
    is_marked = found["question_mark"]
    count = len(words(message[:LONGEST]))
    later = [" ".join(written_out(words(part))) for part in _SENTENCE.split(question.core)[1:]]
    carries_nothing = not question.carries_meaning
    return {
        name: float(holds)
        for name, holds in {
            **found,
            "asks_later": any(
                _CORE["asks_first"].search(part) or _CORE["auxiliary_first"].search(part)
                for part in later
            ),
            "asks_first_unmarked": not is_marked
            and found["asks_first"]
            and not (found["when_i"] or found["exclaims"]),
            "verb_first_unmarked": not is_marked
            and (found["auxiliary_first"] or found["verb_first"]),
            "when_i": found["when_i"] and not is_marked,
            "comma": "," in question.core,
            "keywords": question.is_keywords and not found["speaks_of_itself"],
            "carries_nothing": carries_nothing,
            "asks_nothing": found["asks_first"] and carries_nothing,
            "two_words": count <= 2,
            "three_words": count == 3,
            "four_to_fourteen_words": 4 <= count <= 14,
            "over_25_words": count > 25,
        }.items()
    }


def probability(signs: Mapping[str, float], weights: Mapping[str, float], constant: float) -> float:
    """The probability that a message with these signs is a question put to those present."""
    log_odds = constant + sum(weight * signs[name] for name, weight in weights.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, log_odds))))
