"""An answer as plain data, for programs."""

from bot.matching.answer import Answer, Excerpt


def record_of(answer: Answer) -> dict[str, object]:
    """An answer as ``ask --json`` prints it."""
    return {
        "question": answer.question,
        "outcome": answer.outcome,
        "confidence": round(answer.confidence, 4),
        "would_reply": answer.would_reply,
        "passages": [_excerpt(excerpt) for excerpt in answer.excerpts],
        "milliseconds": round(answer.milliseconds, 3),
    }


def _excerpt(excerpt: Excerpt) -> dict[str, object]:
    article, passage = excerpt.article, excerpt.passage
    return {
        "article": article.slug,
        "title": article.title,
        "published": article.published and article.published.isoformat(),
        "paragraph": passage.paragraph,
        "of": article.of,
        "text": passage.text,
        "excerpt": excerpt.excerpt.of(passage.text),
        "highlight": [excerpt.highlight.start, excerpt.highlight.end],
        "speaker": excerpt.speaker,
        "score": round(excerpt.score, 4),
    }
