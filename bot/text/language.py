"""The function words of English, Spanish and Portuguese, and the language they give away."""

from collections import Counter

from bot.text.terms import words

_ARTICLES_AND_PRONOUNS = {
    "en": "a an the i me my mine we us our ours you your yours he him his she her hers it its they "
    "them their theirs this that these those one ones some any each every other others another "
    "such same own self there here anyone someone everybody anybody somebody something anything",
    "es": "el la los las un una unos unas lo yo me mi mis nos nuestro nuestra nuestros nuestras tu "
    "tus te usted ustedes vos su sus se le les ello ella ellos ellas este esta estos estas esto "
    "ese esa esos esas eso aquel aquella aquello otro otra otros otras mismo misma algo alguien "
    "alguno alguna algun ahi alli aqui aca alla cada todo toda todos todas",
    "pt": "o a os as um uma uns umas eu me meu minha meus minhas nos nosso nossa nossos nossas tu "
    "te teu tua voce voces seu sua seus suas se lhe lhes ele ela eles elas este esta estes estas "
    "isto esse essa esses essas isso aquele aquela aquilo outro outra outros outras mesmo mesma "
    "algo alguem algum alguma ai ali aqui la cada todo toda todos todas",
}
_PREPOSITIONS_AND_CONJUNCTIONS = {
    "en": "of in on at by for from to with about into onto over under between among through during "
    "before after since until against than as and or but nor so if then because while though "
    "although also too not no only just very more most much many few less least again still yet",
    "es": "de del en a al por para con sin sobre entre hacia hasta desde durante ante bajo contra "
    "segun y e o u pero ni si sino porque pues mientras aunque tambien tampoco no solo ya muy mas "
    "menos mucho muchos mucha muchas poco aun todavia asi tan tanto",
    "pt": "de do da dos das em no na nos nas ao aos por pelo pela pelos pelas para com sem sobre "
    "entre ate desde durante ante sob contra segundo e ou mas nem se porque pois enquanto embora "
    "tambem nao so ja muito mais menos muitos muita muitas pouco ainda assim tao tanto",
}
_VERBS = {
    "en": "be is are was were been being am do does did done doing have has had having can could "
    "will would shall should may might must ll ve re isn aren wasn weren don doesn didn won "
    "wouldn couldn shouldn hasn haven hadn ain get got getting",
    "es": "ser es son era eran fue fueron sido siendo soy somos sea estar esta estan estaba "
    "estaban este estuvo estuvieron haber ha han habia habian he hay hubo hacer hace hacen hizo "
    "hicieron tener tiene tienen tenia tuvo puede pueden pudo va van ir voy",
    "pt": "ser e sao era eram foi foram sido sendo sou somos seja estar esta estao estava estavam "
    "esteve estiveram haver ha havia houve fazer faz fazem fez fizeram ter tem tinha tinham teve "
    "pode podem pode vai vao ir vou",
}
_INTERROGATIVES = {
    "en": "who whom whose what which when where why how",
    "es": "que quien quienes cual cuales cuando donde adonde como cuanto cuanta cuantos cuantas",
    "pt": "que quem qual quais quando onde aonde como quanto quanta quantos quantas por",
}

INTERROGATIVES = {code: frozenset(text.split()) for code, text in _INTERROGATIVES.items()}
"""The words that ask, folded, by ISO 639-1 code."""

FUNCTION_WORDS = {
    code: frozenset(
        " ".join(
            part[code]
            for part in (
                _ARTICLES_AND_PRONOUNS,
                _PREPOSITIONS_AND_CONJUNCTIONS,
                _VERBS,
                _INTERROGATIVES,
            )
        ).split()
    )
    for code in ("en", "es", "pt")
}
"""The words that hold a sentence together and name nothing, folded, by ISO 639-1 code."""


_TELLING = {
    word: code
    for code, known in FUNCTION_WORDS.items()
    for word in known
    if not any(word in others for other, others in FUNCTION_WORDS.items() if other != code)
}
"""The language of each word that is a function word of one alone."""
_READ = 2000
"""Characters that give a language away."""


def language_of(text: str, default: str = "en") -> str:
    """The language whose function words the text has most of; the default where it has none.

    Words that several of the languages have count for none of them.

    >>> [language_of(text) for text in ("Who is it?", "¿De qué país son?", "Quem é você?", "Kast")]
    ['en', 'es', 'pt', 'en']
    """
    found = Counter(_TELLING[word] for word in words(text[:_READ]) if word in _TELLING)
    return found.most_common(1)[0][0] if found else default
