"""Answerer: a question in; the outcome, the excerpt and how sure it is out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import resources
from json import loads
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

from bot.corpus.article import Article, Passage, Span
from bot.corpus.store import PassageStore
from bot.matching import question as questions
from bot.matching.candidates import Term, candidates, terms
from bot.matching.question import Question
from bot.matching.score import Pair, Ranked, Weights, certainty, probability, rank
from bot.text.encoder import Encoder

if TYPE_CHECKING:
    from bot.matching.vectors import PassageVectors

Outcome = Literal["answer", "closest", "none"]
Place = Literal["private", "group"]

LONGEST_EXCERPT = 600
"""Characters; a longer passage is quoted by whole sentences around its highlight."""
CANDIDATES = 12
"""How many passages are looked at closely: the best by their terms, and the nearest by meaning."""
BEST = 3
"""How many excerpts an answer holds at the most."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage put forward for a question: what of it to quote, and where it stands."""

    article: Article
    passage: Passage
    excerpt: Span
    """What is quoted: all of it up to 600 characters, else whole sentences."""
    highlight: Span
    """The best sentence; it lies within what is quoted."""
    score: float

    @property
    def speaker(self) -> str | None:
        """Who is quoted: in the highlight, or alone in the passage."""
        return self.passage.speaker(self.highlight)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What each step made of a question."""

    question: Question
    terms: Sequence[Term]
    ranked: Sequence[Ranked]
    features: Mapping[str, float]
    """What the confidence was made of."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot has to say to a question."""

    question: str
    outcome: Outcome
    confidence: float
    """The probability that the first excerpt answers."""
    would_reply: bool
    """Whether the bot would speak unasked in a place of this kind."""
    excerpts: tuple[Excerpt, ...]
    """The up to three best, best first, whatever the outcome."""
    milliseconds: float
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted constants of one way of matching: with an encoder, or without."""

    rank: Weights
    confidence: Weights
    answer: Mapping[Place, float]
    """The confidence from which on a passage is given as the answer, by place."""
    closest: float
    """The confidence from which on, in private, a passage is given as the closest."""

    @classmethod
    def shipped(cls, name: Literal["fuzzy", "semantic"]) -> "Model":
        """The constants that come with the project, as ``benchmarks/fit.py`` wrote them."""
        text = resources.files("bot.matching").joinpath("model.json").read_text("utf-8")
        fitted: dict[str, Any] = loads(text)[name]
        return cls(
            rank=Weights(**fitted["rank"]),
            confidence=Weights(**fitted["confidence"]),
            answer=fitted["answer"],
            closest=fitted["closest"],
        )


class Answerer:
    """Answers questions from an index of passages. One thread at a time."""

    def __init__(
        self, store: PassageStore, encoder: Encoder | None = None, model: Model | None = None
    ) -> None:
        self._store = store
        self._encoder = encoder
        self._model = model or Model.shipped("semantic" if encoder else "fuzzy")

    @property
    def has_encoder(self) -> bool:
        """Whether questions are understood by meaning too, or by their words alone."""
        return self._encoder is not None

    def answer(
        self, question: str, *, place: Place = "private", article: str | None = None
    ) -> Answer:
        """The answer to a question as the threshold of such a place has it.

        ``article`` is a slug: only that article is searched.
        """
        started = perf_counter()
        if self._store.refresh():
            self.__dict__.pop("_vectors", None)
        asked = questions.read(question)
        found, ranked = self.rank(asked, article)
        told = certainty(ranked)
        answer = Answer(
            question=question,
            outcome="none",
            confidence=probability(self._model.confidence.of(told)) if ranked else 0.0,
            would_reply=False,
            excerpts=tuple(self._excerpt(candidate) for candidate in ranked[:BEST]),
            milliseconds=(perf_counter() - started) * 1000,
            explanation=Explanation(asked, found, ranked, told),
        )
        return self.at(answer, place)

    def at(self, answer: Answer, place: Place) -> Answer:
        """The same answer as the threshold of another place has it."""
        outcome: Outcome = "none"
        if answer.confidence >= self._model.answer[place]:
            outcome = "answer"
        elif place == "private" and answer.confidence >= self._model.closest:
            outcome = "closest"
        is_asked = answer.explanation.question.is_question
        return replace(
            answer,
            outcome=outcome,
            would_reply=place == "private" or (is_asked and outcome == "answer"),
        )

    def rank(self, asked: Question, article: str | None) -> tuple[list[Term], list[Ranked]]:
        """The question's terms as the corpus has them, and the candidates, best first."""
        store = self._store
        ids = store.passage_ids(article)
        found = terms(asked.words, store.languages, store)
        chosen = dict.fromkeys(candidates(found, ids, store, CANDIDATES))
        near = {}
        if self._encoder and asked.says_something:
            near = self._vectors.nearness(self._encoder.question(asked.core), ids)
            nearest = sorted(near, key=lambda id_: -near[id_].passage - near[id_].stretch)
            chosen |= dict.fromkeys(nearest[:CANDIDATES])
        pairs = (
            Pair(asked, found, store.indexed(id_), store.average_length, near.get(id_))
            for id_ in chosen
        )
        return found, rank(pairs, self._model.rank)

    def _excerpt(self, candidate: Ranked) -> Excerpt:
        passage = candidate.pair.passage
        article = self._store.article(passage.article)
        assert article is not None
        highlight = passage.sentences[candidate.pair.best_sentence]
        return Excerpt(article, passage, excerpt(passage, highlight), highlight, candidate.score)

    @cached_property
    def _vectors(self) -> "PassageVectors":
        # It needs numpy, which is there only with the extra.
        from bot.matching.vectors import PassageVectors  # noqa: PLC0415

        return PassageVectors(self._store)


def excerpt(passage: Passage, highlight: Span) -> Span:
    """What is quoted of a passage: all of it up to 600 characters, else whole sentences.

    The highlight is among them, and as many around it as there is room for.
    """
    if len(passage.text) <= LONGEST_EXCERPT:
        return Span(0, len(passage.text))
    sentences = passage.sentences
    first = last = sentences.index(highlight)
    is_growing = True
    while is_growing:
        is_growing = False
        if first and sentences[last].end - sentences[first - 1].start <= LONGEST_EXCERPT:
            first, is_growing = first - 1, True
        following = sentences[last + 1 :]
        if following and following[0].end - sentences[first].start <= LONGEST_EXCERPT:
            last, is_growing = last + 1, True
    return Span(sentences[first].start, sentences[last].end)
