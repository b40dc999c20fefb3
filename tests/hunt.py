"""Hunt: questions and articles built to be slow, for the tests of security.

``python -m tests.hunt`` prints which of the questions take longest.
"""

import gc
import time
from collections.abc import Iterator
from contextlib import closing
from heapq import nlargest
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.corpus.build import Corpus
from bot.corpus.store import PassageStore
from bot.matching.answer import Answerer
from bot.matching.conversation import answered, turn

LONGEST = 4096
"""Characters of a message of Telegram's."""
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()


def word(number: int) -> str:
    """The word of this number, made of syllables: no two numbers share one."""
    found = ""
    while True:
        number, rest = divmod(number, len(SYLLABLES))
        found += SYLLABLES[rest]
        if not number:
            return found + "n"


def archive(folder: Path, passages: int) -> None:
    """Fill a folder with articles of 100 passages, 40 words each out of some thousands."""
    for article in range(passages // 100):
        paragraphs = (
            " ".join(word((each * 7919 + at * 104729) % 8000) for at in range(40)).capitalize()
            for each in range(article * 100, article * 100 + 100)
        )
        text = f" date 2025-01-01 Article {article}\n\n" + ".\n\n".join(paragraphs)
        (folder / f"{article:04}.txt").write_text(text, "utf-8")


def questions() -> Iterator[tuple[str, str]]:
    """What each is made of, and the question."""
    made_of = {
        "one word repeated": "migrants ",
        "one long word": "a",
        "every other letter wrong": " ".join(word(n)[:-2] + "q" for n in range(3000)) + " ",
        "every word there is": " ".join(map(word, range(3000))) + " ",
        "short words": " ".join(a + b for a in "bcdfghjklm" for b in "aeiou") + " ",
        "combining marks": "a\u0301\u0302",
        "letters that unfold into eighteen": "\ufdfa",
        "Chinese": "移民",
        "pictures": "😂🇵🇪",
        "quotation marks": "“«\"'",
        "question marks": "?",
        "talk": "lol . ",
        "closing talk": "kind regards, ",
        "laughter": "haha",
        "capitals": "Ana Ba ",
        "conjunctions": "and what about ",
        "numbers": "1,000.",
        "line ends": "\n",
        "dashes": " - ",
        "clitics": "x's ",
        "any of": "what when who why ",
        "more": "tell me more ",
    }
    for name, part in made_of.items():
        for end in ("", "x", ","):
            count = (LONGEST - len(end)) // len(part) + 1
            yield f"{name}{end and ' then '}{end}", "why " + (part * count)[: LONGEST - 5] + end


def cold(question: str, index: Path) -> float:
    """Seconds of the processor for a follow-up, where nothing is known of it from before."""
    before = turn("Who blocked the road?")
    with closing(PassageStore(index)) as opened:
        answerer = Answerer(opened)
        answered(before, answerer)
        gc.disable()  # it would go through what other tests left, too
        begun = time.process_time()
        answered(turn(question, before, is_reply=True), answerer)
        taken = time.process_time() - begun
        gc.enable()
        return taken


def main() -> None:
    """Put each question to 10,000 passages, five times, and print the slowest."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        archive(folder, 10_000)
        index = folder / "passages.db"
        Corpus(folder, index).up_to_date().close()
        least = {name: min(cold(text, index) for _ in range(5)) for name, text in questions()}
    for name, seconds in nlargest(5, least.items(), key=lambda item: item[1]):
        print(f"{1000 * seconds:5.1f} ms  {name}")


if __name__ == "__main__":
    main()
