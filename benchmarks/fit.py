"""Fits the constants of the matching and writes them to bot/matching/model.json.

``python -m benchmarks.fit`` takes some minutes, most of them to encode the questions once. Two
linear models for each way of matching, with and without the encoder, and one for messages:

1. *rank*: a conditional logit over the candidates of a question (McFadden 1974): the probability
   that a candidate answers is the softmax of its score.
2. *confidence*: a logistic regression of whether the first candidate does answer, on what speaks
   for it, then scaled to probabilities (Platt 1999). It is fitted on scores of rank weights that
   have not seen the question.
3. *question*: a logistic regression of whether a message is a question put to those present.

Nothing is fitted on what it is reported on: ``cross_fitted`` leaves out, fold by fold, the
articles whose rows it scores. The seed article's rows have no part in the rank weights, and in
the confidence those of a passage are left out together.
"""

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, get_args
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from benchmarks.sets import (
    ASR,
    ENGLISH,
    KEYBOARD,
    ROOT,
    SEED_EN,
    SEED_ES,
    SPANISH,
    SQUAD,
    QuestionSet,
    RememberingEncoder,
    distractors,
)
from bot.corpus.store import PassageStore
from bot.matching.confidence import CLIPPED, evidence
from bot.matching.detection import probability, signs
from bot.matching.evaluation import Row
from bot.matching.question import Kind, read
from bot.matching.score import BY_MEANING, BY_WORDS, Asked, Ranked, features, score
from bot.matching.search import Searcher
from bot.progress import Bars
from bot.text.encoder import SHARED, Encoder
from bot.text.terms import fold

MODEL = ROOT / "bot" / "matching" / "model.json"
FOLDS = 8
RANDOM = 20251128
RANK_PENALTY = 0.5
CONFIDENCE_STRENGTH = 0.05

RANK_SETS = {SQUAD: 5.0, KEYBOARD: 1.5, ASR: 1.5, SPANISH: 0.7, ENGLISH: 0.5}
"""How much each set counts in the rank weights, whatever its rows: squad has the most articles."""
BY_HAND = {"dateline": 8.0, "headline": -1.5}
"""Rank weights that no set can tell: their titles are single words, and none asks for a date.

A paragraph tells a reader more than its headline, unless the date is asked for.
"""
EVIDENCE_BY_HAND = {"dateline": 5.0}
"""Log-odds that no set can tell: the headline of the article whose own date is asked for."""
EVIDENCE = (
    "coverage", "sentence_coverage", "unknown", "unsure", "by_meaning", "unknown_names",
    "unknown_numbers", "sentence", "sentence_meanings", "terms", "kind_in_sentence", "keywords",
    *(f"asks_for_{kind}" for kind in get_args(Kind)),
)  # fmt: skip
EVIDENCE_BY_WORDS = (*EVIDENCE, "share", "beyond_two", "beyond_three")
EVIDENCE_BY_MEANING = (
    *EVIDENCE, "passage_cosine", "stretch_cosine", "passage_among", "stretch_among",
    "share_by_words", "agreement", "share_by_meaning",
)  # fmt: skip

Matrix = NDArray[np.float64]
Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Sample:
    """A question with its candidates' features, and which of them answer it."""

    set: QuestionSet
    row: Row
    fold: int
    """Samples of one fold are scored by constants fitted on the others."""
    asked: Asked
    candidates: Sequence[Ranked]
    gold: NDArray[np.bool_]
    is_foreign: bool = False
    """Whether it was put to an article that it is not about."""


def samples(
    question_set: QuestionSet,
    encoder: Encoder | None,
    bars: Bars,
    foreign: Callable[[Row], str] | None = None,
) -> list[Sample]:
    """Each row of a set with its candidates; with ``foreign``, put to the article that it names."""
    store = question_set.store(encoder)
    searcher = Searcher(store, encoder)
    asked_rows = question_set.rows()
    taken = []
    for number, row in enumerate(asked_rows):
        bars(f"Features, {question_set.name}", number, len(asked_rows))
        article = None if question_set.is_pooled else row.article
        if foreign:
            article = foreign(row)
        asked, pairs = searcher(read(row.question), article)
        candidates = [Ranked(pair, features(pair), 0.0) for pair in pairs]
        gold = np.array([not foreign and is_gold(row, candidate) for candidate in candidates], bool)
        taken.append(
            Sample(question_set, row, fold_of(row), asked, candidates, gold, foreign is not None)
        )
    return taken


def is_gold(row: Row, candidate: Ranked) -> bool:
    """Whether the candidate is a passage that the row names."""
    passage = candidate.pair.candidate.passage
    return passage.paragraph in row.gold and row.article in (None, passage.article)


def fold_of(row: Row) -> int:
    """The fold of a row: that of its article's name; for the one article, of its gold passages."""
    if row.article:
        return crc32(row.article.partition("-")[2].encode()) % FOLDS
    return min(row.gold, default=crc32(row.question.encode())) % FOLDS


# The rank weights.


def matrix(sample: Sample, names: Sequence[str]) -> Matrix:
    """The candidates' features, a row each."""
    return np.array(
        [[candidate.features[name] for name in names] for candidate in sample.candidates]
    ).reshape(-1, len(names))


def fit_rank(taken: Iterable[Sample], names: Sequence[str]) -> Weights:
    """The weights that make the right candidates likeliest, on features of unit deviation."""
    by_set: dict[QuestionSet, list[tuple[Matrix, NDArray[np.bool_]]]] = {}
    for sample in taken:
        if sample.gold.any() and sample.set in RANK_SETS and not sample.is_foreign:
            by_set.setdefault(sample.set, []).append((matrix(sample, names), sample.gold))
    deviations = (
        np.concatenate([block for blocks in by_set.values() for block, _ in blocks]).std(axis=0)
        + 1e-9
    )
    groups = [
        (block / deviations, gold, 100 * RANK_SETS[question_set] / len(blocks))
        for question_set, blocks in by_set.items()
        for block, gold in blocks
    ]
    rows = np.concatenate([block for block, _, _ in groups])
    gold = np.concatenate([gold for _, gold, _ in groups])
    starts = np.cumsum([0, *(len(block) for block, _, _ in groups)])[:-1]
    owner = np.repeat(np.arange(len(groups)), [len(block) for block, _, _ in groups])
    weight = np.array([weight for _, _, weight in groups])

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        scores = rows @ weights
        scores -= np.maximum.reduceat(scores, starts)[owner]
        odds = np.exp(scores)
        total = np.add.reduceat(odds, starts)
        right = np.add.reduceat(odds * gold, starts)
        slope = (odds / total[owner] - odds * gold / right[owner]) * weight[owner]
        penalty = RANK_PENALTY * weights @ weights / 2
        return float(weight @ (np.log(total) - np.log(right)) + penalty), (
            slope @ rows + RANK_PENALTY * weights
        )

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x / deviations
    return dict(zip(names, found.tolist(), strict=True)) | BY_HAND


def cross_fitted(taken: Sequence[Sample], names: Sequence[str]) -> dict[int, Weights]:
    """For each fold, the rank weights fitted on all others."""
    return {
        fold: fit_rank((sample for sample in taken if sample.fold != fold), names)
        for fold in range(FOLDS)
    }


def ranked(sample: Sample, weights: Weights) -> list[tuple[Ranked, bool]]:
    """The candidates by their score with these weights, best first, and whether each is gold."""
    scored = [
        (replace(candidate, score=score(candidate.features, weights)), bool(is_right))
        for candidate, is_right in zip(sample.candidates, sample.gold, strict=True)
    ]
    return sorted(scored, key=lambda item: -item[0].score)


# The confidence.


@dataclass(frozen=True, slots=True)
class Judged:
    """A sample ranked by weights that have not seen it: the evidence, and whether it is right."""

    sample: Sample
    ranks: list[bool]
    """Whether each candidate is gold, best first."""
    evidence: Weights

    @property
    def is_right(self) -> bool:
        return self.sample.row.is_answerable and self.ranks[:1] == [True]

    @property
    def weight(self) -> float:
        """How much it counts in the confidence."""
        if self.sample.set in (SEED_EN, SEED_ES):
            return 1.0
        if self.sample.set is SQUAD_TO_SEED:
            return 0.15
        if self.sample.is_foreign:
            return 0.35
        if self.sample.set is SQUAD:
            return 1.0 if self.sample.row.is_answerable else UNANSWERABLE
        return 0.3 if self.sample.set is not ENGLISH else 0.1


UNANSWERABLE = 0.1
"""How much squad's rows count that were written to look answerable: people ask few such."""


def judged(
    taken: Sequence[Sample], weights: dict[int, Weights], by_words: dict[int, Weights]
) -> list[Judged]:
    """The samples ranked, each by the weights of its fold; those without a candidate left out."""
    found = []
    for sample in taken:
        if sample.candidates:
            order = ranked(sample, weights[sample.fold])
            told = evidence(
                sample.asked, [candidate for candidate, _ in order], by_words[sample.fold]
            )
            found.append(Judged(sample, [is_right for _, is_right in order], told))
    return found


@dataclass(frozen=True, slots=True)
class Confidence:
    """A fitted logistic regression over standardised evidence."""

    names: Sequence[str]
    weights: Matrix
    means: Matrix
    deviations: Matrix
    constant: float

    def __call__(self, judged: Judged) -> float:
        """The probability that the first candidate answers."""
        values = np.array([judged.evidence[name] for name in self.names])
        apart = np.clip((values - self.means) / self.deviations, -CLIPPED, CLIPPED)
        by_hand = sum(weight * judged.evidence[name] for name, weight in EVIDENCE_BY_HAND.items())
        return float(1 / (1 + np.exp(-(self.constant + apart @ self.weights + by_hand))))

    def as_json(self) -> dict[str, Any]:
        """What the model file has of it."""
        rows = zip(self.names, self.weights, self.means, self.deviations, strict=True)
        fitted = {name: [round(float(each), 5) for each in row] for name, *row in rows}
        by_hand = {name: [weight, 0.0, 1.0] for name, weight in EVIDENCE_BY_HAND.items()}
        return {"constant": round(self.constant, 5), "evidence": fitted | by_hand}


def fit_confidence(taken: Sequence[Judged], names: Sequence[str]) -> Confidence:
    """The regression on these, scaled to be calibrated on squad's rows."""
    values = np.array([[each.evidence[name] for name in names] for each in taken])
    right = np.array([each.is_right for each in taken])
    means, deviations = values.mean(axis=0), values.std(axis=0) + 1e-9
    apart = np.clip((values - means) / deviations, -CLIPPED, CLIPPED)
    regression = LogisticRegression(C=CONFIDENCE_STRENGTH, max_iter=1000)
    regression.fit(apart, right, sample_weight=[each.weight for each in taken])
    log_odds = regression.decision_function(apart)
    squad = np.array([each.sample.set is SQUAD and not each.sample.is_foreign for each in taken])
    platt = LogisticRegression(C=100.0).fit(log_odds[squad, None], right[squad])
    slope, shift = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    return Confidence(
        names,
        regression.coef_[0] * slope,
        means,
        deviations,
        float(regression.intercept_[0]) * slope + shift,
    )


def cross_confident(taken: Sequence[Judged], names: Sequence[str]) -> list[float]:
    """The confidence of each, by a regression that has not seen its fold."""
    found = [0.0] * len(taken)
    for left_out in range(FOLDS):
        fitted = fit_confidence([each for each in taken if each.sample.fold != left_out], names)
        for number, each in enumerate(taken):
            if each.sample.fold == left_out:
                found[number] = fitted(each)
    return found


# Is a message a question?


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is a question put to those present, or is not."""

    text: str
    kind: str
    """What set and kind of row it is from."""
    is_question: bool
    weight: float
    """How much it counts."""

    @property
    def fold(self) -> int:
        return crc32(self.text.encode()) % FOLDS


def messages() -> list[Message]:
    """Questions and talk: our own, the seed rows', questions of the sets, and speeches."""
    chance = random.Random(RANDOM)
    found = []
    for line in (Path(__file__).with_name("messages.tsv")).read_text("utf-8").splitlines():
        kind, _, text = line.partition("\t")
        found.append(Message(text, f"our own, {kind}", kind == "question", 2.0))
    for question_set in (SEED_EN, SEED_ES):
        found += [
            Message(row.question, f"seed, {row.kind}", row.kind != "chatter", 2.0)
            for row in question_set.rows()
            # A few bare words are a question to a search box, but not to a group.
            if row.kind != "keyword"
        ]
    for question_set, count in ((SQUAD, 600), (SPANISH, 300), (ASR, 200)):
        for number, row in enumerate(chance.sample(question_set.rows(), count)):
            bare = fold(row.question).strip("¿?") if number % 2 else row.question
            name = f"{question_set.name.split(',')[0]}{', without marks' if number % 2 else ''}"
            found.append(Message(bare, name, True, 0.25))
    told = [line for line in distractors() if 20 < len(line) < 160 and "?" not in line]
    found += [Message(line, "speeches", False, 0.25) for line in chance.sample(told, 500)]
    return found


def fit_question(rows: Sequence[Message]) -> dict[str, Any]:
    """The weights of the signs that a message is a question."""
    told = [signs(row.text, read(row.text)) for row in rows]
    names = list(told[0])
    values = np.array([[each[name] for name in names] for each in told])
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(
        values,
        np.array([row.is_question for row in rows]),
        sample_weight=[row.weight for row in rows],
    )
    return {
        "weights": dict(
            zip(names, (round(float(each), 4) for each in fitted.coef_[0]), strict=True)
        ),
        "constant": round(float(fitted.intercept_[0]), 4),
        "threshold": 0.5,
    }


def cross_questions(rows: Sequence[Message]) -> list[float]:
    """The probability that each is a question, by weights that have not seen its fold."""
    found = [0.0] * len(rows)
    for left_out in range(FOLDS):
        fitted = fit_question([row for row in rows if row.fold != left_out])
        for number, row in enumerate(rows):
            if row.fold == left_out:
                found[number] = probability(
                    signs(row.text, read(row.text)), fitted["weights"], fitted["constant"]
                )
    return found


# All of it.


def foreign_article(store: PassageStore, row: Row) -> str:
    """An article that the row is not about, always the same."""
    others = [article.slug for article in store.articles() if article.slug != row.article]
    return others[crc32(row.question.encode()) % len(others)]


def seed_article(_: Row) -> str:
    """The article that the project was created for."""
    return "000_ae21a01c4e6ca856"


SQUAD_TO_SEED = replace(SQUAD, name="squad-dev, to the seed article", articles=SEED_EN.articles)
"""Questions that have nothing to do with the news."""


def all_samples(encoder: Encoder | None) -> list[Sample]:
    """The samples of all sets, and squad's twice more, each put to an article not its own."""
    with Bars() as bars:
        taken = [
            sample
            for question_set in (*RANK_SETS, SEED_EN, SEED_ES)
            for sample in samples(question_set, encoder, bars)
        ]
        elsewhere = partial(foreign_article, SQUAD.store(encoder))
        taken += samples(SQUAD, encoder, bars, foreign=elsewhere)
        taken += samples(SQUAD_TO_SEED, encoder, bars, foreign=seed_article)
    return taken


def names_of(encoder: Encoder | None) -> list[str]:
    """The names of the features that the rank weights are for."""
    used = BY_WORDS + BY_MEANING if encoder else BY_WORDS
    return [feature.__name__ for feature in used]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The constants of one way of matching, and its samples judged without them."""

    rank: Weights
    confidence: Confidence
    samples: Sequence[Sample]
    judged: list[Judged]
    """Those that have a candidate."""
    confidences: list[float]


def fit(taken: Sequence[Sample], encoder: Encoder | None, by_words: dict[int, Weights]) -> Fitted:
    """The constants fitted on all samples, and each sample's figures by constants that had not."""
    names = names_of(encoder)
    told = EVIDENCE_BY_MEANING if encoder else EVIDENCE_BY_WORDS
    without_fold = cross_fitted(taken, names) if encoder else by_words
    scored = judged(taken, without_fold, by_words)
    return Fitted(
        fit_rank(taken, names),
        fit_confidence(scored, told),
        taken,
        scored,
        cross_confident(scored, told),
    )


def note_shared(encoder: RememberingEncoder) -> None:
    """Write what vectors of questions share, whatever they ask."""

    def mean(question_set: QuestionSet, step: int) -> Matrix:
        asked = question_set.rows()[::step]
        return np.mean([encoder.plain(read(row.question).core) for row in asked], axis=0)

    language = mean(SPANISH, 1) - mean(ENGLISH, 1)
    means = [mean(each, 3) for each in (SQUAD, SPANISH, ASR)]
    rows = [np.mean(means, axis=0), language / np.linalg.norm(language)]
    np.save(SHARED, np.array(rows, dtype="f4"))


def main() -> None:
    """Fit everything and write the model file."""
    note_shared(RememberingEncoder())
    encoder = RememberingEncoder()
    constants: dict[str, Any] = {}
    words_taken = all_samples(None)
    by_words = cross_fitted(words_taken, names_of(None))
    shipped = json.loads(MODEL.read_text("utf-8"))
    for name, taken, used in (
        ("fuzzy", words_taken, None),
        ("semantic", all_samples(encoder), encoder),
    ):
        fitted = fit(taken, used, by_words)
        constants[name] = {
            "rank": {feature: round(weight, 5) for feature, weight in fitted.rank.items()},
            "confidence": fitted.confidence.as_json(),
            # Chosen by hand from the table that benchmarks/accuracy.py prints.
            "answer": shipped[name]["answer"],
            "closest": shipped[name]["closest"],
        }
    constants["question"] = fit_question(messages())
    constants["from"] = {
        "script": "benchmarks/fit.py",
        "sets": sorted(each.name for each in (*RANK_SETS, SEED_EN, SEED_ES)),
        "random": RANDOM,
        "date": date.today().isoformat(),
    }
    MODEL.write_text(json.dumps(constants, indent=1) + "\n", "utf-8")
    print(f"{MODEL.relative_to(ROOT)} written")


if __name__ == "__main__":
    main()
