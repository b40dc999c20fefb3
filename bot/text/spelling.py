"""Spellings: phone typing written out, and a key that words which sound or look alike share."""

import re
from functools import lru_cache

_WRITTEN_OUT = {
    # Spanish and Portuguese
    "que": "q k qe ke",
    "por que": "xq pq xk porq pk xke",
    "o que": "oq",
    "de": "d",
    "por": "x",
    "donde": "dnd dond",
    "quien": "kien qn kn",
    "quienes": "kienes",
    "cuando": "cdo cuand kuando",
    "como": "komo cmo",
    "cual": "kual",
    "cuanto": "kuanto cto",
    "estan": "stan tan",
    "esta": "sta ta",
    "para": "pa",
    "tambien": "tb tmb tbn",
    "verdad": "vdd",
    "gracias": "grax grcs",
    "por favor": "porfa xfa pf",
    "voce": "vc",
    "voces": "vcs",
    "quando": "qdo qndo",
    "quem": "qm",
    "onde": "ond",
    # English
    "you": "u",
    "your": "ur",
    "are": "r",
    "why": "y",
    "when": "wen",
    "what": "wat wut",
    "what is": "whats wats",
    "who is": "whos",
    "where is": "wheres",
    "when is": "whens",
    "how is": "hows",
    "that is": "thats",
    "there is": "theres",
    "where": "wer",
    "about": "abt",
    "people": "ppl",
    "government": "govt",
    "because": "bc bcs coz cuz cos",
    "do not": "dont",
    "did not": "didnt",
    "does not": "doesnt",
    "can not": "cant",
    "could not": "couldnt",
    "is not": "isnt",
    "going to": "gonna",
    "want to": "wanna",
    "please": "pls plz",
    "thanks": "thx ty tnx",
}
_STANDS_FOR = {
    short: plain.split() for plain, shorts in _WRITTEN_OUT.items() for short in shorts.split()
}

_ENDINGS = [
    (re.compile(f"(?:{pattern})$"), ending)
    for pattern, ending in (
        ("ciones|cion|coes|cao|tions?|sions?|siones|sion|sao|soes", "tion"),
        ("dades|dad|dade|ties|ty|tat", "ty"),
        ("mente|ly", "ly"),
        ("ias|ia|ies|ie|y", "y"),
        ("icos?|icas?|ical|ics?", "ic"),
        ("arios?|arias?|ary|arian", "ary"),
        ("osos?|osas?|ous", "ous"),
        ("antes?|entes?|ants?|ents?", "ent"),
        ("ismos?|isms?", "ism"),
        ("istas?|ists?", "ist"),
        ("ad[oa]s?|ed|id[oa]s?|ates?", "ate"),
        ("ores|or|adora?|er|ers|ors", "or"),
        ("(?<=..)(?:os|as|es|o|a|e|s)", ""),
    )
]
"""Endings of words of one Latin root in English, Spanish and Portuguese, folded."""

_SOUNDS = (
    ("ph", "f"),
    ("th", "t"),
    ("qu", "k"),
    ("ck", "k"),
    ("sch", "s"),
    ("ch", "x"),
    ("ll", "y"),
    ("cc", "k"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "sy"),
    ("ge", "je"),
    ("gi", "ji"),
    ("gu", "g"),
    ("c", "k"),
    ("z", "s"),
    ("v", "b"),
    ("w", "b"),
    ("h", ""),
    ("y", "i"),
)
_DOUBLED = re.compile(r"(.)\1")


def written_out(words: list[str]) -> list[str]:
    """The folded words with phone spellings replaced by what they stand for.

    >>> written_out(["q", "dijo", "xq"])
    ['que', 'dijo', 'por', 'que']
    """
    return [plain for word in words for plain in _STANDS_FOR.get(word, [word])]


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """A key that a folded word shares with those that sound like it, or are its cognates.

    >>> sound("situation") == sound("situacion"), sound("calle") == sound("caye")
    (True, True)
    """
    if len(word) > 5:
        for pattern, ending in _ENDINGS:
            shortened = pattern.sub(ending, word)
            if shortened != word:
                word = shortened
                break
    for letters, plain in _SOUNDS:
        word = word.replace(letters, plain)
    return _DOUBLED.sub(r"\1", word)
