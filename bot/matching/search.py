"""Searcher: from a question to pairs with the candidates that may answer it."""

from functools import cached_property
from typing import TYPE_CHECKING

from bot.corpus.store import Kept, PassageStore
from bot.matching.candidates import Candidate, gains
from bot.matching.question import Question
from bot.matching.readings import Vocabulary
from bot.matching.score import Asked, Pair
from bot.text.encoder import Encoder

if TYPE_CHECKING:
    from bot.matching.vectors import PassageVectors, Search

BEST_BY_WORDS = 8
"""How many candidates the question's terms propose."""
BEST_BY_MEANING = 10
"""How many the encoder adds."""
MOST_WORDS = 48
"""How many of a question's words are looked up: about as many as 512 characters of news hold."""
_KEPT = 256
"""Candidates kept taken apart, some 20 kB each for paragraphs of 130 words."""


class Searcher:
    """Finds candidates in one state of the index; a new index needs a new one."""

    def __init__(self, store: PassageStore, encoder: Encoder | None) -> None:
        self._store = store
        self._encoder = encoder
        self.generation = store.generation
        self._vocabulary = Vocabulary(store)
        self._taken_apart = Kept(self._candidates, _KEPT)

    def __call__(self, question: Question, article: str | None) -> tuple[Asked, list[Pair]]:
        """The question as the corpus may mean it, and its pairs; those of one article, if named."""
        store = self._store
        asked = self._asked(question, article)
        chosen = dict.fromkeys(store.best(gains(asked.terms, store), article, BEST_BY_WORDS))
        if asked.dateline_of:
            chosen |= dict.fromkeys(store.passage_ids(asked.dateline_of)[:1])
        meaning: Search | None = None
        ids = store.passage_ids(article)
        if self._encoder and question.sequence and ids:
            meaning = self._meaning(question.core, ids)
            chosen |= dict.fromkeys(meaning.nearest(BEST_BY_MEANING))
        pairs = []
        for id_, candidate in self._taken_apart(chosen).items():
            near = meaning.nearness(id_) if meaning else None
            pairs.append(Pair(asked, candidate, self._length(candidate), near))
        return asked, pairs

    def _asked(self, question: Question, article: str | None) -> Asked:
        """The question's words looked up."""
        vocabulary = self._vocabulary
        vocabulary.prepare([*question.words, *question.sequence])
        words = [word for word in question.words if not vocabulary.is_slip_of_light_word(word)]
        terms = [vocabulary.term(word) for word in (words or question.words)[:MOST_WORDS]]
        exact = [vocabulary.exact(word) for word in question.sequence]
        sequence = [min(found, default="") for found in exact]
        rarities = {term: vocabulary.rarity(term) for term in sequence if term}
        light = {
            term: rarities[term]
            for word, term in zip(question.sequence, sequence, strict=True)
            if term and word not in question.words
        }
        letters: dict[str, float] = {}
        for term in terms:
            letters |= vocabulary.runs(term.word)
        dateline = self._dateline_of(article) if question.asks_for_its_date else None
        return Asked(question, terms, sequence, light, rarities, dateline, letters)

    def _dateline_of(self, article: str | None) -> str | None:
        """The one article that is searched, if it is one and has a date."""
        searched = [each for each in self._store.articles() if article in (None, each.slug)]
        is_clear = len(searched) == 1 and searched[0].published is not None
        return searched[0].slug if is_clear else None

    def _meaning(self, text: str, ids: range) -> "Search":
        # numpy, which this needs, is there only with the extra.
        from bot.matching.vectors import Search  # noqa: PLC0415

        assert self._encoder is not None
        return Search(self._vectors, self._encoder.question(text), ids)

    def _candidates(self, ids: list[int]) -> dict[int, Candidate]:
        found = {}
        for id_, passage in self._store.indexed(ids).items():
            article = self._store.article(passage.article)
            assert article is not None
            found[id_] = Candidate(id_, passage, article.language)
        return found

    def _length(self, candidate: Candidate) -> float:
        """The length as a multiple of the average; a headline is short, but says no less for it."""
        if candidate.passage.paragraph == 0:
            return 1.0
        return sum(map(len, candidate.sentences)) / self._store.average_length

    @cached_property
    def _vectors(self) -> "PassageVectors":
        from bot.matching.vectors import PassageVectors  # noqa: PLC0415  as above

        return PassageVectors(self._store)
