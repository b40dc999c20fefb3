"""Finds: inputs that once broke the bot, and what each is put to.

Files in articles/ are an article's content after one letter: m for Markdown, else the seed format.
"""

from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from bot.corpus.build import Corpus
from bot.corpus.readers import BadArticle, parse
from bot.matching.answer import Answerer
from bot.matching.conversation import answered, turn

ROOT = Path(__file__).parents[2]


def read_article(data: bytes) -> None:
    """Read an article; any will do, or be refused."""
    try:
        passages = parse("a.md" if data[:1] == b"m" else "a.txt", data[1:]).passages
    except BadArticle:
        return
    for passage in passages:
        assert all(span.of(passage.text) for span in passage.sentences)


@lru_cache
def ask_the_seeds() -> Answerer:
    """An Answerer over the seed article."""
    folder = Path(mkdtemp(prefix="pullquote-"))
    return Answerer(Corpus(ROOT / "seeds", folder / "passages.db").up_to_date())


def ask(data: bytes) -> None:
    """Put a question; what is quoted is a slice of what is stored."""
    answerer = ask_the_seeds()
    text = data.decode("utf-8", "replace")
    answer, _ = answered(turn(text, turn("Who blocked the road?"), is_reply=True), answerer)
    for found in answer.excerpts:
        assert found.excerpt.start <= found.highlight.start < found.highlight.end
        assert found.highlight.end <= found.excerpt.end <= len(found.passage.text)


TARGETS = {"articles": read_article, "questions": ask}
