"""Who is quoted in a passage: the name and office that the article itself gives, or nobody."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.corpus.article import Quotation, Span
from bot.text.language import FUNCTION_WORDS
from bot.text.sentences import sentences
from bot.text.terms import fold

_VERBS = """
    said says say told tells added adds stated states confirmed confirms explained explains noted
    notes claimed claims warned warns argued argues insisted insists declared declares announced
    announces replied replies asked asks cited cites mentioned mentions wrote writes tweeted
    acknowledged acknowledges admitted admits promised promises vowed vows stressed stresses
    emphasized emphasised described describes called calls remarked commented denied denies
    concluded concludes recalled recalls reported reports
    dijo dice agregó añadió afirmó afirma señaló señala explicó explica declaró declara aseguró
    asegura indicó indica confirmó confirma sostuvo sostiene advirtió advierte manifestó expresó
    anunció anuncia respondió responde contó precisó precisa escribió subrayó denunció reconoció
    reconoce insistió insiste mencionó
    disse diz acrescentou afirmou apontou explicou declarou garantiu indicou confirmou sustentou
    alertou manifestou expressou anunciou respondeu contou escreveu destacou ressaltou reconheceu
    insistiu mencionou
""".split()
_PARTICIPLES = """
    saying telling adding stating confirming explaining noting claiming warning arguing insisting
    declaring announcing citing mentioning writing stressing emphasizing describing calling denying
    diciendo agregando añadiendo afirmando señalando explicando declarando asegurando indicando
    confirmando advirtiendo dizendo acrescentando apontando alertando destacando
""".split()
_SOURCES = ("according to", "según", "segundo", "de acordo com")
_SAYING = frozenset((*_VERBS, *_PARTICIPLES, "according", "según", "segundo", "acordo"))
"""Words without one of which nobody is said to say anything."""
_WORD = re.compile(r"\w+")
_OFFICES = """
    president vice-president premier chancellor king queen prince princess minister secretary
    governor mayor senator congressman congresswoman deputy ambassador spokesman spokeswoman
    spokesperson director chief head leader chairman chairwoman chair ceo general colonel captain
    commander judge prosecutor lawyer professor doctor bishop archbishop cardinal pope coach author
    economist analyst expert researcher scientist journalist candidate founder owner
    presidente presidenta ministro ministra secretario secretaria gobernador gobernadora alcalde
    alcaldesa senador senadora diputado diputada embajador embajadora portavoz vocero vocera
    directora jefe jefa líder canciller juez jueza fiscal abogado abogada profesor profesora
    médico médica obispo candidato candidata governador governadora prefeito prefeita deputado
    deputada embaixador embaixadora porta-voz diretor diretora chefe chanceler juiz juíza promotor
    advogado advogada professor
""".split()
_TIMES = """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december yesterday today tomorrow later earlier
    ayer hoy manana ontem hoje amanha
""".split()
_NO_NAMES = frozenset(_TIMES).union(*FUNCTION_WORDS.values())

_CAPITALISED = r"[^\W\d_a-zß-öø-ÿ][\w-]*"
_PARTICLE = r"(?:de la|de los|del|de|da|dos|das|do|di|van|von|bin|al|el)"
_NAME = rf"{_CAPITALISED}(?:\s+(?:{_PARTICLE}\s+)?{_CAPITALISED})*(?!['’]|\w)"
_SAY = rf"(?:{'|'.join(_VERBS)})\b"
_ASIDE = r"(?:,\s*[^,“”«»\"]{1,60},)?"
_OFFICE = (
    rf"(?:[\w-]+\s+){{0,3}}\b(?i:{'|'.join(_OFFICES)})\b"
    rf"(?:\s+(?:of|for|de|del|do|da)\s+(?:the\s+|la\s+)?{_NAME})?"
)

_FARTHEST = 500
"""Characters between a quotation and the end of its sentence in which its speaker is looked for."""
_MOST_NAMES = 200
"""Names in an article that its text is searched for; whoever else is quoted in it stays unnamed."""

_QUOTED = re.compile(r"“[^“”]*(?:”|$)|«[^«»]*(?:»|$)|\"[^\"\n]*\"")
_NAME_RUN = re.compile(_NAME)
_OFFICE_BEFORE = re.compile(rf"{_OFFICE},\s+$")
_SAID_AFTER = re.compile(
    rf"[,.]?\s*(?:(?P<name>{_NAME}){_ASIDE}\s+{_SAY}"
    rf"|{_SAY}\s+(?:{_OFFICE},\s+)?(?P<inverted>{_NAME})"
    rf"|(?:{'|'.join(_SOURCES)})\s+(?P<source>{_NAME}))"
)
_SAID_BEFORE = re.compile(
    rf"(?P<name>{_NAME})(?:{_ASIDE}|,\s+(?:who|quien|quem|que))\s+"
    rf"(?:(?:had|has|have|also|then|ha|había|también|também|\w+ly)\s+){{0,2}}{_SAY}"
    r"(?P<rest>[^“«\"]*)$"
)
_SAYING_BEFORE = re.compile(
    rf"^(?P<name>{_NAME})\b[^“”«»\"]*,\s+(?:and\s+)?(?:{'|'.join(_PARTICIPLES)})\b(?P<rest>[^“«\"]*)$"
)
_OTHER_SUBJECT = re.compile(
    r"\b(?:where|which|while|whose|because|whereas|although|donde|mientras|porque|aunque|onde|"
    r"enquanto)\b"
)


def quotations(paragraphs: Sequence[str]) -> list[tuple[Quotation, ...]]:
    """For each paragraph its quotations whose speaker the article names; the others are left out.

    A quotation is given to somebody only where the words around it do so: a verb of saying in
    the same sentence, with a name as its subject. The speaker is written as the article's
    fullest mention of that name, office included: a slice of the article.
    """
    names = _Names(paragraphs)
    return [tuple(_quotations_of(paragraph, names)) for paragraph in paragraphs]


def _quotations_of(paragraph: str, names: "_Names") -> Iterator[Quotation]:
    if not any(mark in paragraph for mark in '“«"'):
        return
    # A paragraph that quotes without a word of saying is told sooner than it is taken apart.
    if _SAYING.isdisjoint(_WORD.findall(paragraph)):
        return
    bounds = sentences(paragraph)
    starts, ends = [a for a, _ in bounds], [b for _, b in bounds]
    for match in _QUOTED.finditer(paragraph):
        start = starts[max(0, bisect_right(starts, match.start()) - 1)]
        end = ends[min(len(ends) - 1, bisect_left(ends, match.end()))]
        after = _SAID_AFTER.match(paragraph[match.end() : min(end, match.end() + _FARTHEST)])
        name = (
            next(group for group in after.groups() if group)
            if after
            else _said_before(paragraph[start : match.start()])
        )
        if name and (speaker := names.speaker(name)):
            yield Quotation(Span(match.start(), match.end()), speaker)


def _said_before(lead: str) -> str | None:
    """The subject of the verb of saying that leads up to a quotation, if it is a name."""
    if len(lead) > _FARTHEST:
        return None
    for pattern in (_SAID_BEFORE, _SAYING_BEFORE):
        match = pattern.search(lead)
        if match and not _OTHER_SUBJECT.search(match["rest"]):
            return match["name"]
    return None


class _Names:
    """The names in an article, and the fullest mention of each; looked for when first asked."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self._paragraphs = paragraphs
        self._small: dict[str, bool] = {}
        self._speakers: dict[str, str | None] = {}

    def speaker(self, name: str) -> str | None:
        """The fullest mention of the name; nothing where it is none, or one name too many."""
        if name not in self._speakers:
            if len(self._speakers) >= _MOST_NAMES:
                return None
            self._speakers[name] = self.fullest(name) if self.has(name) else None
        return self._speakers[name]

    def has(self, name: str) -> bool:
        """Whether a capitalised word is more than the first of its sentence."""
        first = name.split()[0]
        if fold(first) in _NO_NAMES or len(name) == 1:
            return False
        return " " in name or not self._is_written_small(first.lower())

    def fullest(self, name: str) -> str:
        """The longest mention of the name; the name itself where several people bear it."""
        mentions = {
            mention
            for mention in self._mentions(name.split()[-1])
            if f" {mention}".endswith(f" {name}")
        } | {name}
        people = sorted({" ".join(mention.split()[-2:]) for mention in mentions}, key=len)
        is_shared = any(not longer.endswith(shorter) for shorter, longer in pairwise(people))
        return name if is_shared else max(mentions, key=len)

    def _is_written_small(self, word: str) -> bool:
        """Whether the word stands anywhere without a capital, and so is no name."""
        found = self._small.get(word)
        if found is None:
            alone = re.compile(rf"\b{re.escape(word)}\b")
            found = any(word in text and alone.search(text) for text in self._paragraphs)
            self._small[word] = found
        return found

    def _mentions(self, last: str) -> Iterator[str]:
        """Each way the article names somebody of this last name, office included."""
        for text in self._paragraphs:
            for run in _NAME_RUN.finditer(text) if last in text else ():
                mention = self._without_first_of_sentence(run)
                if mention.split()[-1] != last:
                    continue
                yield mention
                if text.endswith(", ", 0, run.start()):
                    office = _OFFICE_BEFORE.search(text, max(0, run.start() - 100), run.start())
                    if office:
                        yield _described(office.group()) + run.group()

    def _without_first_of_sentence(self, run: re.Match[str]) -> str:
        """The run without first words that are capitalised only because a sentence begins."""
        parts = run.group().split()
        while parts[1:] and (
            fold(parts[0]) in _NO_NAMES or self._is_written_small(parts[0].lower())
        ):
            parts.pop(0)
        return run.group()[run.group().index(parts[0]) :]


def _described(office: str) -> str:
    """The office from its adjectives on: what stands before them belongs to the sentence.

    >>> _described("said the regional governor of Tacna, ")
    'regional governor of Tacna, '
    """
    parts = re.findall(r"\S+\s*", office)
    named = next(i for i, part in enumerate(parts) if fold(part.strip(", ")) in _OFFICES)
    first = named
    while first and not _is_part_of_sentence(parts[first - 1].strip()):
        first -= 1
    return "".join(parts[first:])


def _is_part_of_sentence(word: str) -> bool:
    return fold(word) in _NO_NAMES or word in _VERBS or word in _PARTICIPLES
