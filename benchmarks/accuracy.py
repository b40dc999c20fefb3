"""``make eval``: how often the right passage is found, beside what somebody would use instead.

Prints a table of every set and peer in one run, and of what becomes of the seed article's
questions; writes both to benchmarks/accuracy.md and draws two pictures, the reliability diagram
and the coverage–risk curve. Pullquote's figures are out of fold (see ``fit``): nothing is
reported on what it was fitted on. ``pullquote eval`` uses the shipped constants instead.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt

from benchmarks.fit import (
    Fitted,
    Judged,
    Message,
    all_samples,
    cross_fitted,
    cross_questions,
    fit,
    messages,
    names_of,
)
from benchmarks.latency import latency_table
from benchmarks.peers import PEERS, Ranker
from benchmarks.report import commit_date, save
from benchmarks.sets import (
    ROOT,
    SEED_EN,
    SEED_ES,
    SETS,
    SQUAD,
    QuestionSet,
    RememberingEncoder,
)
from bot.corpus.store import PassageStore
from bot.matching.detection import signs
from bot.matching.evaluation import BINS, Figure, share
from bot.matching.model import Model
from bot.matching.question import read
from bot.matching.vectors import PassageVectors, Search
from bot.progress import Bars

REPORT = ROOT / "benchmarks" / "accuracy.md"
TARGETS = {
    "fuzzy": (87, 95, 87, 58, 60, 56),
    "semantic": (91, 97, 90, 90, 82, 80),
}
"""What was set out for, in the order of ``SETS``, in per cent."""


def main() -> None:
    """Run everything, print it and write it down."""
    encoder = RememberingEncoder()
    lines = ["# Accuracy", "", f"Made by `make eval` on the code of {commit_date()}.", ""]
    found: dict[str, list[Figure]] = {}
    with Bars() as bars:
        for name, make in PEERS.items():
            found[name] = [peer_accuracy(each, make, bars) for each in SETS]
        found["multilingual-e5-small alone"] = [
            encoder_accuracy(each, encoder, bars) for each in SETS
        ]
    words_taken = all_samples(None)
    by_words = cross_fitted(words_taken, names_of(None))
    fuzzy = fit(words_taken, None, by_words)
    semantic = fit(all_samples(encoder), encoder, by_words)
    found["**Pullquote, fuzzy only**"] = [accuracy(fuzzy, each) for each in SETS]
    found["**Pullquote, semantic**"] = [accuracy(semantic, each) for each in SETS]
    lines += accuracy_table(found)
    asked = messages()
    detected = dict(zip([each.text for each in asked], cross_questions(asked), strict=True))
    lines += ["", "## Is a message a question?", "", *detection_table(asked, detected)]
    for name, fitted in (("fuzzy only", fuzzy), ("semantic", semantic)):
        lines += ["", f"## What becomes of the questions: {name}", ""]
        lines += outcome_table(fitted, name == "semantic", detected)
    lines += ["", "## Time", "", *latency_table()]
    REPORT.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))
    draw_reliability({"fuzzy only": fuzzy, "semantic": semantic})
    draw_risk({"fuzzy only": fuzzy, "semantic": semantic})


# The first passage, outcome aside.


def accuracy(fitted: Fitted, question_set: QuestionSet) -> Figure:
    """How often the first candidate is right, out of fold; a question without one is not."""
    ranks = {id(each.sample): each.ranks for each in fitted.judged}
    return share(
        [
            ranks.get(id(sample), [False])[0]
            for sample in fitted.samples
            if sample.set is question_set and sample.row.gold and not sample.is_foreign
        ]
    )


def peer_accuracy(
    question_set: QuestionSet, make: Callable[[Sequence[str]], Ranker], bars: Bars
) -> Figure:
    """How often a peer's first passage is right, over the same passages."""
    store = question_set.store(None)
    rankers: dict[str | None, Ranker] = {}
    asked = [row for row in question_set.rows() if row.gold]
    flags = []
    for number, row in enumerate(asked):
        bars(f"{make.__name__}, {question_set.name}", number, len(asked))
        article = None if question_set.is_pooled else row.article
        ids = store.passage_ids(article)
        if article not in rankers:
            rankers[article] = make([passage.text for passage in store.indexed(ids).values()])
        first = rankers[article](row.question)[:1]
        flags.append(bool(first) and is_gold(store, ids[first[0]], row.article, row.gold))
    return share(flags)


def encoder_accuracy(question_set: QuestionSet, encoder: RememberingEncoder, bars: Bars) -> Figure:
    """How often the passage nearest by its own vector is right."""
    store = question_set.store(encoder)
    vectors = PassageVectors(store)
    asked = [row for row in question_set.rows() if row.gold]
    flags = []
    for number, row in enumerate(asked):
        bars(f"encoder, {question_set.name}", number, len(asked))
        ids = store.passage_ids(None if question_set.is_pooled else row.article)
        search = Search(vectors, encoder.plain(row.question), ids)
        first = max(ids, key=lambda id_: search.nearness(id_).passage)
        flags.append(is_gold(store, first, row.article, row.gold))
    return share(flags)


def is_gold(store: PassageStore, id_: int, article: str | None, gold: frozenset[int]) -> bool:
    """Whether the passage of this id is one that answers."""
    passage = store.indexed([id_])[id_]
    return passage.paragraph in gold and article in (None, passage.article)


def accuracy_table(found: dict[str, list[Figure]]) -> Iterator[str]:
    """The figures as a Markdown table, a column a set."""
    counts = [sum(1 for row in each.rows() if row.gold) for each in SETS]
    yield "Accuracy of the first passage, in per cent, with its 95 % interval:"
    yield ""
    heads = [f"{each.name} ({count})" for each, count in zip(SETS, counts, strict=True)]
    yield f"| | {' | '.join(heads)} |"
    yield f"|---|{'---|' * len(SETS)}"
    for name, figures in found.items():
        yield f"| {name} | {' | '.join(percent(figure) for figure in figures)} |"
    for name, targets in TARGETS.items():
        yield f"| *to reach, {name}* | {' | '.join(f'*{target}*' for target in targets)} |"


def percent(figure: Figure) -> str:
    """A figure with its interval, as ``76.0 (70–81)``."""
    if figure.value is None or figure.low is None or figure.high is None:
        return "–"
    return f"{100 * figure.value:.1f} ({100 * figure.low:.0f}–{100 * figure.high:.0f})"


# What becomes of the questions.


def outcome_table(
    fitted: Fitted, is_semantic: bool, detected: Mapping[str, float]
) -> Iterator[str]:
    """Answers and group replies on the seed rows at the shipped thresholds and around them."""
    model = Model.shipped()
    constants = model.semantic if is_semantic else model.fuzzy
    pairs = list(zip(fitted.judged, fitted.confidences, strict=True))
    foreign = [pair for pair in pairs if pair[0].sample.is_foreign and pair[0].sample.set is SQUAD]
    seed = [pair for pair in pairs if pair[0].sample.set in (SEED_EN, SEED_ES)]
    answerable = sum(
        sample.row.is_answerable for sample in fitted.samples if sample.set in (SEED_EN, SEED_ES)
    )
    yield f"Expected calibration error on squad-dev, out of fold: {error(on_squad(fitted)):.3f}."
    thresholds = " and ".join(f"{each} in {place}" for place, each in constants.answer.items())
    yield f"Answers are given from {thresholds}. Seed rows, in per cent:"
    yield ""
    yield (
        "| from | right | wrong | near_miss | off_topic | other article | group: replies "
        "| right of them | near_miss | off_topic | chatter |"
    )
    yield "|---|" + "---|" * 10
    shipped = set(constants.answer.values())

    def is_question(text: str) -> bool:
        # Keywords are not among what detection is fitted on.
        found = detected.get(text)
        if found is None:
            found = model.is_question(signs(text, read(text)))
        return found >= model.question_threshold

    for threshold in sorted({*np.round(np.arange(0.1, 0.42, 0.02), 2).tolist(), *shipped}):
        above = [each for each, confidence in seed if confidence >= threshold]
        replies = [each for each in above if is_question(each.sample.row.question)]

        def of_kind(chosen: Sequence[Judged], kind: str) -> float:
            rows = sum(
                sample.row.kind == kind
                for sample in fitted.samples
                if sample.set in (SEED_EN, SEED_ES)
            )
            return 100 * sum(each.sample.row.kind == kind for each in chosen) / rows

        meant = [each for each in above if each.sample.row.is_answerable]
        replied = [each for each in replies if each.sample.row.is_answerable]
        right = [each for each in meant if each.is_right]
        elsewhere = sum(confidence >= threshold for _, confidence in foreign) / len(foreign)
        precision = sum(each.is_right for each in replied) / max(1, len(replied))
        cells = [
            100 * len(right) / answerable,
            100 * (len(meant) - len(right)) / answerable,
            of_kind(above, "near_miss"),
            of_kind(above, "off_topic"),
            100 * elsewhere,
            100 * len(replied) / answerable,
            100 * precision,
            of_kind(replies, "near_miss"),
            of_kind(replies, "off_topic"),
            of_kind(replies, "chatter"),
        ]
        mark = "**" if threshold in shipped else ""
        yield f"| {mark}{threshold}{mark} | {' | '.join(f'{cell:.1f}' for cell in cells)} |"


def detection_table(asked: Sequence[Message], detected: Mapping[str, float]) -> Iterator[str]:
    """How many of each kind of message count as a question put to those present."""
    threshold = Model.shipped().question_threshold
    rated = [(detected[each.text], each.is_question) for each in asked]
    yield f"Expected calibration error, out of fold: {error(rated):.3f}. Counted as questions:"
    yield ""
    yield "| messages | rows | questions | counted as such, % |"
    yield "|---|---|---|---|"
    for kind in sorted({each.kind for each in asked}):
        of_kind = [each for each in asked if each.kind == kind]
        figure = share([detected[each.text] >= threshold for each in of_kind])
        is_question = "yes" if of_kind[0].is_question else "no"
        yield f"| {kind} | {len(of_kind)} | {is_question} | {percent(figure)} |"


def error(pairs: Sequence[tuple[float, bool]]) -> float:
    """The expected calibration error of probabilities, and whether each came true."""
    probabilities, right = np.array(pairs, dtype=float).T
    bins = np.minimum(BINS - 1, (probabilities * BINS).astype(int))
    gaps = [abs((probabilities - right)[bins == number].sum()) for number in range(BINS)]
    return float(sum(gaps) / len(pairs))


# Pictures.


def on_squad(fitted: Fitted) -> list[tuple[float, bool]]:
    """The confidences on squad's rows, and whether each was right."""
    return [
        (confidence, each.is_right)
        for each, confidence in zip(fitted.judged, fitted.confidences, strict=True)
        if each.sample.set is SQUAD and not each.sample.is_foreign
    ]


def draw_reliability(ways: dict[str, Fitted]) -> None:
    """How often the bot is right at each confidence, on squad-dev out of fold."""
    figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--", label="perfectly calibrated")
    for name, fitted in ways.items():
        confidences, right = np.array(on_squad(fitted)).T
        bins = np.minimum(BINS - 1, (confidences * BINS).astype(int))
        used = [number for number in range(BINS) if (bins == number).sum() >= 20]
        axes.plot(
            [confidences[bins == number].mean() for number in used],
            [right[bins == number].mean() for number in used],
            marker="o",
            label=name,
        )
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1))
    axes.set_title("Reliability on squad-dev, out of fold")
    axes.legend(frameon=False)
    save(figure, "reliability")


def draw_risk(ways: dict[str, Fitted]) -> None:
    """How much is wrong among the answers, the more questions are answered."""
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    for name, fitted in ways.items():
        confidences, right = np.array(on_squad(fitted)).T
        order = np.argsort(-confidences)
        answered = np.arange(1, len(order) + 1)
        wrong = 1 - np.cumsum(right[order]) / answered
        start = len(order) // 100
        axes.plot(100 * answered[start:] / len(order), 100 * wrong[start:], label=name)
    axes.set(xlabel="questions answered, %", ylabel="wrong among them, %", xlim=(0, 100))
    axes.set_ylim(bottom=0)
    axes.set_title("Coverage and risk on squad-dev, out of fold; half of it has no answer", size=10)
    axes.legend(frameon=False)
    save(figure, "risk")


if __name__ == "__main__":
    mpl.use("svg")
    main()
