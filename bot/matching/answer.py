"""Answerer: a question in; the outcome, the excerpt and how sure it is out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Literal

from bot.corpus.article import Article, Passage, Span
from bot.corpus.store import PassageStore
from bot.matching.confidence import evidence
from bot.matching.detection import signs
from bot.matching.model import Constants, Model, Place
from bot.matching.question import Question, read
from bot.matching.score import Asked, Ranked, rank
from bot.matching.search import Searcher
from bot.text.encoder import Encoder

Outcome = Literal["answer", "closest", "none"]

LONGEST_EXCERPT = 600
"""Characters; a longer passage is quoted by whole sentences around its highlight."""
BEST = 3
"""How many excerpts an answer holds at the most, unless more are asked for."""


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

    asked: Asked
    ranked: Sequence[Ranked]
    evidence: Mapping[str, float]
    """What speaks for the first candidate; empty if there is none."""
    is_question: float
    """The probability that the message is a question put to those present."""


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
    """The best, best first, whatever the outcome: three unless more were asked for."""
    is_in_other_language: bool
    """Whether it is asked in a language of none of the articles, with no encoder to bridge them."""
    milliseconds: float
    explanation: Explanation


class Answerer:
    """Answers questions from an index of passages. One thread at a time."""

    def __init__(
        self, store: PassageStore, encoder: Encoder | None = None, model: Model | None = None
    ) -> None:
        self.model = model or Model.shipped()
        self._store = store
        self._encoder = encoder
        self._search = Searcher(store, encoder)

    @property
    def has_encoder(self) -> bool:
        """Whether questions are understood by meaning too, or by their words alone."""
        return self._encoder is not None

    @property
    def constants(self) -> Constants:
        """The fitted constants in use: those with an encoder, or those without."""
        return self.model.semantic if self._encoder else self.model.fuzzy

    def is_question(self, message: str) -> float:
        """The probability that a message is a question; an answer takes a hundred times as long."""
        return self.model.is_question(signs(message, read(message)))

    def answer(
        self,
        question: str,
        *,
        place: Place = "private",
        article: str | None = None,
        best: int = BEST,
    ) -> Answer:
        """The answer to a question as the threshold of such a place has it.

        ``article`` is a slug: only that article is searched. ``best``: how many excerpts.
        """
        started = perf_counter()
        self._store.refresh()
        if self._search.generation != self._store.generation:
            self._search = Searcher(self._store, self._encoder)
        read_as = read(question)
        asked, pairs = self._search(read_as, article)
        ranked = rank(pairs, self.constants.rank)
        told = evidence(asked, ranked, self.model.fuzzy.rank) if ranked else {}
        answer = Answer(
            question=question,
            outcome="none",
            confidence=self.constants.confidence.probability(told) if told else 0.0,
            would_reply=False,
            excerpts=tuple(self._excerpt(candidate) for candidate in ranked[:best]),
            is_in_other_language=self._is_in_other_language(read_as, article),
            milliseconds=(perf_counter() - started) * 1000,
            explanation=Explanation(
                asked, ranked, told, self.model.is_question(signs(question, read_as))
            ),
        )
        return self.at(answer, place)

    def at(self, answer: Answer, place: Place) -> Answer:
        """The same answer as the threshold of another place has it."""
        outcome: Outcome = "none"
        if answer.confidence >= self.constants.answer[place]:
            outcome = "answer"
        elif place == "private" and answer.confidence >= self.constants.closest:
            outcome = "closest"
        is_asked = answer.explanation.is_question >= self.model.question_threshold
        return replace(
            answer,
            outcome=outcome,
            would_reply=place == "private" or (is_asked and outcome == "answer"),
        )

    def _is_in_other_language(self, question: Question, article: str | None) -> bool:
        if self._encoder or question.language is None:
            return False
        chosen = self._store.article(article) if article else None
        languages = {chosen.language} if chosen else self._store.languages
        return question.language not in languages

    def _excerpt(self, candidate: Ranked) -> Excerpt:
        passage = candidate.pair.candidate.passage
        article = self._store.article(passage.article)
        assert article is not None
        highlight = passage.sentences[candidate.pair.best_sentence]
        return Excerpt(article, passage, excerpt(passage, highlight), highlight, candidate.score)


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
