"""Words of near meaning in English, Spanish and Portuguese, as benchmarks/lexicon.py found them."""

import lzma
from collections.abc import Iterator
from pathlib import Path

PATH = Path(__file__).with_name("lexicon.tsv.xz")


def near_words() -> Iterator[tuple[str, str, float]]:
    """Two folded words near in meaning, and how near, from 0 to about 1; no pair both ways."""
    for line in lzma.decompress(PATH.read_bytes()).decode().splitlines():
        word, *near = line.split("\t")
        for pair in near:
            other, _, similarity = pair.partition(" ")
            yield word, other, float(similarity)
