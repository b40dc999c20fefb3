"""What ``ask --explain`` prints: every step from the question to the outcome, with its figures."""

from collections.abc import Iterator, Mapping

from bot.matching.answer import Answer, Model
from bot.matching.candidates import Term
from bot.matching.score import Ranked


def explanation(answer: Answer, model: Model) -> Iterator[str]:
    """The steps, a line each, for an operator to read."""
    told = answer.explanation
    yield f"question   {told.question.core!r}"
    yield (
        f"           asks for {', '.join(sorted(told.question.asks_for)) or 'nothing special'};"
        + (" reads like a question" if told.question.is_question else " reads like no question")
    )
    for term in told.terms:
        yield f"term       {_term(term)}"
    for rank, candidate in enumerate(told.ranked[:5], start=1):
        yield f"candidate  {rank}. {_candidate(candidate)}"
        yield f"           {_parts(candidate.features, model.rank.weights)}"
    yield f"confidence {answer.confidence:.2f} = {_parts(told.features, model.confidence.weights)}"
    thresholds = ", ".join(f"{place} {value:.2f}" for place, value in model.answer.items())
    yield f"thresholds answer: {thresholds}; closest: private {model.closest:.2f}"
    yield f"outcome    {answer.outcome}; " + (
        "would reply" if answer.would_reply else "would stay silent"
    )


def _term(term: Term) -> str:
    if not term.readings:
        return f"{term.word}: not in the corpus (weight {term.rarity:.1f})"
    readings = ", ".join(f"{reading.word} ×{reading.weight:.2f}" for reading in term.readings)
    return f"{term.word} → {readings} (weight {term.rarity:.1f})"


def _candidate(candidate: Ranked) -> str:
    passage = candidate.pair.passage
    return f"{passage.article} ¶{passage.paragraph}, score {candidate.score:.2f}"


def _parts(features: Mapping[str, float], weights: Mapping[str, float]) -> str:
    """The features that the weights use, each as weight × value."""
    return "  ".join(
        f"{name} {weight:+.2f}×{features[name]:.2f}"
        for name, weight in weights.items()
        if features.get(name)
    )
