"""A mix: squad-dev's passages among many that answer nothing, and questions that they do answer.

What answers nothing is made of sentences of addresses to the US Congress. A mix is a folder of
articles in the seed format and a ``questions.json`` of [question, the passage that answers]; the
same on every machine, and kept in the data folder.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from benchmarks.sets import INDEXES, SQUAD, distractors
from bot.progress import Bars

SMALLEST = "005-european-union-law"
"""Of eight passages there are most questions where they are the first of this article."""
ASKED = 400
"""How many questions, at most; the same in every mix but the smallest."""
IN_A_FILE = 100


def mix(size: int) -> Path:
    """The folder of a mix of so many passages, headlines not counted; it is made once."""
    folder = INDEXES / "speed" / str(size)
    if not (folder / "questions.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "articles").mkdir(parents=True)
        squad = {
            file.stem: file.read_text("utf-8").strip("\n").split("\n\n")
            for file in sorted(SQUAD.articles.iterdir())
        }
        if size < sum(len(blocks) - 1 for blocks in squad.values()):
            squad = {SMALLEST: squad[SMALLEST][: 1 + size]}
        write(folder, squad, size)
        asked = [
            (row.question, squad[row.article][paragraph])
            for row in SQUAD.rows()
            if row.is_answerable and row.article in squad
            for paragraph in row.gold
            if paragraph < len(squad[row.article])
        ]
        chosen = Random(1).sample(asked, min(ASKED, len(asked)))
        (folder / "questions.json").write_text(json.dumps(chosen, indent=0), "utf-8")
    return folder


def write(folder: Path, squad: dict[str, list[str]], size: int) -> None:
    """The articles of squad-dev, scattered among addresses."""
    random = Random(size)
    wanted = size - sum(len(blocks) - 1 for blocks in squad.values())
    passages = addresses(random, [text for blocks in squad.values() for text in blocks[1:]])
    counts = [min(IN_A_FILE, wanted - first) for first in range(0, wanted, IN_A_FILE)]
    files: list[str | int] = [*squad, *counts]
    random.shuffle(files)
    with Bars() as bars:
        for number, file in enumerate(files):
            bars(f"Mixing {size:,} passages", number, len(files))
            if isinstance(file, str):
                name, blocks = file, squad[file]
            else:
                name = "address"
                blocks = [f" date 2016-01-01 Address {number}"]
                blocks += [next(passages) for _ in range(file)]
            path = folder / "articles" / f"{number:05}-{name}.txt"
            path.write_text("\n\n".join(blocks) + "\n", "utf-8")


def addresses(random: Random, models: Sequence[str]) -> Iterator[str]:
    """Passages without end that answer nothing, in length and rare words like the models.

    Each is some sentences, as long as a model drawn at random, and two or three words of the
    models, by frequency, in places at random.
    """
    sentences = [line.split() for line in distractors()]
    half = sum(map(len, sentences)) / len(sentences) / 2
    lengths = [len(text.split()) for text in models]
    words = [word for text in models for word in text.split()]
    while True:
        length = random.choice(lengths)
        passage = list(random.choice(sentences))
        while len(passage) + half < length:
            passage += random.choice(sentences)
        for word in random.choices(words, k=random.choice((2, 3))):
            passage.insert(random.randrange(len(passage) + 1), word)
        yield " ".join(passage)
