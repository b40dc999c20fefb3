"""Writes bot/text/lexicon.tsv.xz: words of near meaning in English, Spanish and Portuguese.

``python -m benchmarks.lexicon`` takes some minutes. The words are the most frequent of each
language (wordfreq, Speer 2022), the meanings the sentence encoder's, and two words are near where
each is among the other's nearest by cross-domain similarity local scaling, which takes out the hubs
that are near to everything (Conneau et al. 2018, arXiv:1710.04087). What the encoder knows of
single words thus serves where it is not installed. No question set has a part in it.
"""

import lzma
from collections import defaultdict
from itertools import product

import numpy as np
from numpy.typing import NDArray
from wordfreq import top_n_list

from bot.progress import Bars
from bot.text.encoder import MultilingualE5
from bot.text.lexicon import PATH
from bot.text.terms import fold, stems

LANGUAGES = ("en", "es", "pt")
WORDS = 12_000
"""Of each language."""
NEIGHBOURS = 10
"""Nearest words by which local scaling tells how crowded a word's surroundings are."""
KEPT = 5
"""Near words kept for each word."""
LEAST = 0.12
"""Similarity below which two words are not near."""

Vectors = NDArray[np.float32]


def main() -> None:
    """Encode the words, compare all with all, and write the pairs that are near."""
    words = {language: frequent_words(language) for language in LANGUAGES}
    vectors = centred(encoded(words))
    crowded = {(a, b): crowdedness(vectors[a], vectors[b]) for a, b in product(LANGUAGES, repeat=2)}
    near: dict[str, dict[str, float]] = defaultdict(dict)
    for a, b in product(LANGUAGES, repeat=2):
        for i, row in enumerate(vectors[a]):
            similarity = 2 * (vectors[b] @ row) - crowded[a, b][i] - crowded[b, a]
            for j in np.argpartition(similarity, -KEPT)[-KEPT:]:
                word, other = fold(words[a][i]), fold(words[b][j])
                is_same = word == other or (a == b and is_inflected(word, other, a))
                if similarity[j] >= LEAST and not is_same:
                    near[word][other] = max(near[word].get(other, 0.0), float(similarity[j]))
    lines = []
    for word in sorted(near):
        nearest = sorted(near[word].items(), key=lambda pair: -pair[1])[:KEPT]
        lines.append("\t".join([word, *(f"{other} {value:.2f}" for other, value in nearest)]))
    PATH.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9))
    print(f"{PATH}: {len(lines)} words")


def frequent_words(language: str) -> list[str]:
    """The most frequent words of a language that are written in letters."""
    listed = top_n_list(language, 2 * WORDS)
    return [word for word in listed if word.isalpha() and len(word) > 2][:WORDS]


def encoded(words: dict[str, list[str]]) -> dict[str, Vectors]:
    """The words' vectors, row by row."""
    encoder = MultilingualE5()
    vectors = {}
    with Bars() as bars:
        for language, listed in words.items():
            rows = []
            for number, word in enumerate(listed):
                bars(f"Encoding words, {language}", number, len(listed))
                rows.append(encoder.question(word))
            vectors[language] = np.stack(rows)
    return vectors


def centred(vectors: dict[str, Vectors]) -> dict[str, Vectors]:
    """The vectors without what all of them share, of unit length again."""
    mean = np.concatenate(list(vectors.values())).mean(axis=0)
    apart = {language: rows - mean for language, rows in vectors.items()}
    return {
        language: rows / np.linalg.norm(rows, axis=1, keepdims=True)
        for language, rows in apart.items()
    }


def crowdedness(a: Vectors, b: Vectors) -> Vectors:
    """For each row of ``a`` its mean similarity with its nearest rows of ``b``."""
    means = [
        np.partition(block @ b.T, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS:].mean(axis=1)
        for block in np.array_split(a, 12)
    ]
    return np.concatenate(means)


def is_inflected(word: str, other: str, language: str) -> bool:
    """Whether two words are forms of one: stemming finds those anyway."""
    a, b = stems([word, other], language)
    return a == b


if __name__ == "__main__":
    main()
