"""What ``ask --explain`` prints: every step from the question to the outcome, with its figures."""

from collections.abc import Iterator, Mapping

from bot.matching.answer import Answer
from bot.matching.model import Constants
from bot.matching.readings import Reading, Term
from bot.matching.score import Ranked


def explanation(answer: Answer, constants: Constants) -> Iterator[str]:
    """The steps, a line each, for an operator to read."""
    told = answer.explanation
    question = told.asked.question
    yield f"question   {question.core!r}"
    kinds = ", ".join(sorted(question.asks_for)) or "nothing special"
    yield f"           asks for: {kinds}; is it a question at all: {told.is_question:.2f}"
    for term in told.asked.terms:
        yield f"term       {_term(term)}"
    for rank, candidate in enumerate(told.ranked[:5], start=1):
        yield f"candidate  {rank}. {_candidate(candidate)}"
        yield f"           {_parts(candidate, constants.rank)}"
    for name, evidence in constants.confidence.evidence.items() if told.evidence else ():
        value = told.evidence[name]
        yield f"evidence   {name} {value:.2f} → {evidence.part(value):+.2f}"
    thresholds = ", ".join(f"{place} {value:.2f}" for place, value in constants.answer.items())
    yield f"confidence {answer.confidence:.2f}; from {thresholds} on an answer"
    yield f"           from {constants.closest:.2f} on the closest, in private"
    yield f"outcome    {answer.outcome}; " + (
        "would reply" if answer.would_reply else "would stay silent"
    )


def _term(term: Term) -> str:
    read_as = _readings(term.readings) or "not in the corpus"
    kin = f"; near in meaning: {_readings(term.kin)}" if term.kin else ""
    return f"{term.word} → {read_as}{kin} (weight {term.weight:.1f})"


def _readings(readings: tuple[Reading, ...]) -> str:
    return ", ".join(f"{reading.term} ×{reading.weight:.2f}" for reading in readings[:4])


def _candidate(candidate: Ranked) -> str:
    passage = candidate.pair.candidate.passage
    return f"{passage.article} ¶{passage.paragraph}, score {candidate.score:.2f}"


def _parts(candidate: Ranked, weights: Mapping[str, float]) -> str:
    """What each feature adds to the score, most first, and the small ones together."""
    parts = {name: weight * candidate.features[name] for name, weight in weights.items()}
    ordered = sorted(parts.items(), key=lambda part: -abs(part[1]))
    shown = [*ordered[:8], ("others", sum(part for _, part in ordered[8:]))]
    return "  ".join(f"{name} {part:+.2f}" for name, part in shown if abs(part) >= 0.005)
