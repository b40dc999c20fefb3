"""``make bench``: how fast and how large, at 8 to 1,000,000 passages, beside the peers.

Measures each system in a process for building and one for asking, keeps what it found in the data
folder, and makes benchmarks/speed.md and its picture from all that is kept: runs of some sizes or
systems add up. FTS5 is measured in every run that Pullquote is, as the reference for building.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from math import log10
from typing import Any

import click
import matplotlib as mpl
from matplotlib import pyplot as plt

from benchmarks.mixes import mix
from benchmarks.report import commit, commit_date, save
from benchmarks.sets import INDEXES, ROOT
from benchmarks.systems import SIZES, SYSTEMS
from bot.matching.evaluation import percentile, share

REPORT = ROOT / "benchmarks" / "speed.md"
KEPT = INDEXES / "speed.json"
REFERENCE = "fts5"
MOST_MILLISECONDS = {100_000: (3, 15), 1_000_000: (12, 60)}
"""The p50 and the p99 set out for, of Pullquote without the encoder, as all that follow."""
MOST_GROWTH = 6
"""Times the p50 at 10,000 that it may be at 1,000,000."""
LEAST_LEAD = 5
"""Points of accuracy above every peer."""
LEAST_RATE = 0.6
"""Passages built in a second, as a share of bare FTS5's; not at 8, where starting is all."""
MOST_MEMORY = 300e6
"""Bytes at 1,000,000 passages, for building and for asking."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One system at one size, in milliseconds, seconds and bytes."""

    commit: str
    """The code's commit."""
    reason: str = ""
    """Why there are no figures."""
    asked: int = 0
    right: int | None = None
    """Questions whose first passage answers; None for a part, which gives none."""
    p50: float = 0
    p99: float = 0
    first: float = 0
    """From opening the index to the first answer."""
    rows: float | None = None
    """Read from a database per question on average, where it counts them."""
    seconds: float | None = None
    """Of building."""
    rate: float | None = None
    """Passages built in a second, as a share of bare FTS5's in the same run."""
    disk: int | None = None
    build_memory: int | None = None
    ask_memory: int = 0

    @property
    def accuracy(self) -> float | None:
        """In per cent."""
        return None if self.right is None else 100 * self.right / self.asked


Found = dict[int, dict[str, Measured]]
"""What is known, by size and by system."""


@click.command()
@click.option("--sizes", default=",".join(map(str, SIZES)), help="Numbers of passages.")
@click.option("--systems", default=",".join(SYSTEMS), help=f"Some of {','.join(SYSTEMS)}.")
@click.option("--ask-again", is_flag=True, help="Build nothing: ask what an earlier run has built.")
def main(sizes: str, systems: str, *, ask_again: bool) -> None:
    """Measure, print the report and write it down."""
    chosen = systems.split(",")
    if unknown := [key for key in chosen if key not in SYSTEMS]:
        raise click.BadParameter(f"there is no system {', '.join(unknown)}")
    found = kept()
    for size in map(int, sizes.split(",")):
        for key in in_order(chosen):
            if min(SYSTEMS[key].sizes) <= size <= max(SYSTEMS[key].sizes):
                of_size = found.setdefault(size, {})
                if ask_again and key in of_size:
                    of_size[key] = asked_again(key, size, of_size[key])
                else:
                    of_size[key] = measured(key, size, of_size.get(REFERENCE))
                keep(found)
    text = "\n".join(report(found))
    REPORT.write_text(text + "\n", "utf-8")
    print(text)
    draw(found)


def in_order(chosen: Sequence[str]) -> list[str]:
    """The systems to measure, the reference before what is compared with it."""
    is_needed = any(key == REFERENCE or SYSTEMS[key].role == "pullquote" for key in chosen)
    rest = [key for key in SYSTEMS if key in chosen and key != REFERENCE]
    return [REFERENCE, *rest] if is_needed else rest


# Measuring and keeping.


def measured(key: str, size: int, reference: Measured | None) -> Measured:
    """The figures of a system at a size, from two new processes."""
    system = SYSTEMS[key]
    built = process("build", key, size)
    asked = built if "reason" in built else process("ask", key, size)
    if "reason" in asked:
        return Measured(commit(), asked["reason"])
    is_part = system.role == "part"
    is_compared = system.role == "pullquote" and reference and reference.seconds
    found = Measured(
        commit(),
        seconds=None if is_part else built["seconds"],
        rate=reference.seconds / built["seconds"] if is_compared else None,
        disk=built["disk"] if system.build else None,
        build_memory=None if is_part else built["memory"],
    )
    return with_answers(found, asked, is_part=is_part)


def asked_again(key: str, size: int, before: Measured) -> Measured:
    """The same figures of building, and new ones of asking."""
    asked = process("ask", key, size)
    built_by = before.commit.partition(",")[0]
    found = replace(before, commit=f"{built_by}, asked {commit()}")
    return with_answers(found, asked, is_part=SYSTEMS[key].role == "part")


def with_answers(found: Measured, asked: dict[str, Any], *, is_part: bool) -> Measured:
    """The figures with those of asking."""
    return replace(
        found,
        asked=len(asked["right"]),
        right=None if is_part else sum(asked["right"]),
        p50=percentile(asked["milliseconds"], 50),
        p99=percentile(asked["milliseconds"], 99),
        first=asked["first"],
        rows=sum(asked["rows"]) / len(asked["rows"]) if asked["rows"] else None,
        ask_memory=asked["memory"],
    )


def process(what: str, key: str, size: int) -> dict[str, Any]:
    """What ``benchmarks.systems`` prints; a reason where it fails."""
    command = [sys.executable, "-m", "benchmarks.systems", what, key, str(mix(size))]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return {"reason": f"failed to {what}, exit code {done.returncode}"}
    return json.loads(done.stdout)


def kept() -> Found:
    """What earlier runs found."""
    if not KEPT.exists():
        return {}
    return {
        int(size): {key: Measured(**figures) for key, figures in of_size.items()}
        for size, of_size in json.loads(KEPT.read_text("utf-8")).items()
    }


def keep(found: Found) -> None:
    """Add what was found to the file of it."""
    plain = {
        size: {key: asdict(each) for key, each in of_size.items()}
        for size, of_size in found.items()
    }
    KEPT.write_text(json.dumps(plain, indent=1), "utf-8")


# The report.

PREFACE = """\
The 646 passages of squad-dev among others that answer nothing, made of addresses to the US
Congress; at 8, the first of one article. Everybody is asked the same, of all passages, after one
question to warm up; *first answer* is to that one, with opening the index. Accuracy is that of the
first passage, in per cent with its 95 % interval; Pullquote's constants were fitted on squad-dev
among others ([accuracy.md](accuracy.md) has figures out of fold). Memory is the peak of a process
that only builds or only asks, pages of mapped files included; what stores nothing is built anew for
asking. The peers that search for words leave out the same stop words. Pullquote's own parts are
timed alone; *stand-in* vectors are random directions.
"""


def report(found: Found) -> Iterator[str]:
    """The lines of the report: targets, then a table of each size."""
    yield "# Speed"
    yield ""
    yield f"Made by `make bench` on {commit_date()}; the last column is the commit measured."
    yield ""
    yield "![Milliseconds a question by number of passages](speed.svg)"
    yield ""
    yield PREFACE
    yield "## Targets, for Pullquote without the encoder"
    yield ""
    for what, is_met, value in targets(found):
        mark = {True: "met", False: "**missed**", None: "not measured"}[is_met]
        yield f"- {what}: {value and f'{value}, '}{mark}"
    for size in sorted(found):
        yield ""
        yield f"## {size:,} passages"
        yield ""
        yield from table(size, found[size])


COLUMNS = (
    "system", "accuracy@1", "p50, ms", "p99, ms", "first answer, ms", "rows read",
    "build, s", "passages/s", "× FTS5", "disk, MB", "memory to build, MB", "to ask, MB", "code of",
)  # fmt: skip


def table(size: int, of_size: dict[str, Measured]) -> Iterator[str]:
    """The figures at one size in Markdown."""
    asked = max(each.asked for each in of_size.values())
    yield f"{asked} questions."
    yield ""
    yield f"| {' | '.join(COLUMNS)} |"
    yield f"|---|{'---:|' * (len(COLUMNS) - 1)}"
    for key, system in SYSTEMS.items():
        if each := of_size.get(key):
            bold = "**" if system.role == "pullquote" else ""
            cells = [f"{bold}{system.name}{bold}", *figures(size, each), each.commit]
            yield f"| {' | '.join(cells)} |"


def figures(size: int, each: Measured) -> list[str]:
    """A row's cells between its name and its date."""
    if each.reason:
        return [each.reason, *[""] * (len(COLUMNS) - 3)]
    memory = each.disk, each.build_memory, each.ask_memory
    accuracy = "–"
    if each.right is not None:
        rate = share([number < each.right for number in range(each.asked)])
        accuracy = f"{each.accuracy:.1f} ({100 * rate.low:.0f}–{100 * rate.high:.0f})"
    return [
        accuracy,
        *(short(value) for value in (each.p50, each.p99, each.first, each.rows, each.seconds)),
        f"{size / each.seconds:,.0f}" if each.seconds else "–",
        short(each.rate),
        *(short(count and count / 1e6) for count in memory),
    ]


def short(value: float | None) -> str:
    """A figure to three digits; a dash for none.

    >>> [short(value) for value in (0.01234, 1.5, 12.34, 1234.5, None)]
    ['0.0123', '1.50', '12.3', '1,234', '–']
    """
    if value is None:
        return "–"
    digits = 2 - int(log10(value) // 1) if value > 0 else 0
    return f"{value:,.{max(0, digits)}f}"


def targets(found: Found) -> Iterator[tuple[str, bool | None, str]]:
    """What was set out for, whether it is met (None where that is not known), and the figures."""
    ours = {
        size: of_size["pullquote"]
        for size, of_size in sorted(found.items())
        if "pullquote" in of_size and not of_size["pullquote"].reason
    }
    for size, (p50, p99) in MOST_MILLISECONDS.items():
        what = f"at {size:,} p50 ≤ {p50} ms and p99 ≤ {p99} ms"
        if each := ours.get(size):
            is_met = each.p50 <= p50 and each.p99 <= p99
            yield what, is_met, f"{short(each.p50)} and {short(each.p99)}"
        else:
            yield what, None, ""
    what = f"p50 from 10,000 to 1,000,000 grows at most {MOST_GROWTH}-fold"
    if ours.keys() >= {10_000, 1_000_000}:
        growth = ours[1_000_000].p50 / ours[10_000].p50
        yield what, growth <= MOST_GROWTH, f"{growth:.1f}-fold"
    else:
        yield what, None, ""
    for size, each in ours.items():
        peers = [
            (other.accuracy, SYSTEMS[key].name)
            for key, other in found[size].items()
            if SYSTEMS[key].role == "peer" and other.accuracy is not None
        ]
        what = f"at {size:,} accuracy@1 at least {LEAST_LEAD} points above every peer"
        best, name = max(peers, default=(0.0, ""))
        lead = each.accuracy - best
        yield what, lead >= LEAST_LEAD if name else None, name and f"{lead:+.1f} on {name}"
    for size, each in ours.items():
        if size > SIZES[0]:
            what = f"at {size:,} builds at least {LEAST_RATE:.0%} as fast as bare FTS5"
            is_known = each.rate is not None
            yield what, each.rate >= LEAST_RATE if is_known else None, f"{each.rate or 0:.1%}"
    what = f"at 1,000,000 under {MOST_MEMORY / 1e6:.0f} MB of memory, to build and to ask"
    if each := ours.get(1_000_000):
        memories = each.build_memory, each.ask_memory
        value = " and ".join(short(memory / 1e6) for memory in memories)
        yield what, max(memories) < MOST_MEMORY, f"{value} MB"
    else:
        yield what, None, ""


# The picture.

COLOURS = {
    "pullquote": "#b3202c",
    "semantic": "#e8747c",
    "encoder": "#d9a5a8",
    "vectors": "#8c5a5d",
    "fts5": "#1f5f99",
    "tantivy": "#2e8b57",
    "bm25s": "#7a4fa3",
    "rank_bm25": "#b8860b",
    "rapidfuzz": "#555555",
}
NAMES_AT = 1.5 * SIZES[-1]
"""Where the names stand, at the end of a dotted line."""


def draw(found: Found) -> None:
    """The p50 and the p99 of each system by the number of passages."""
    figure, axes = plt.subplots(figsize=(9, 5.5), layout="constrained")
    ends: list[tuple[float, int, str]] = []
    for key, colour in COLOURS.items():
        points = [
            (size, of_size[key].p50, of_size[key].p99)
            for size, of_size in sorted(found.items())
            if key in of_size and not of_size[key].reason
        ]
        if points:
            sizes, middles, highs = zip(*points, strict=True)
            width = 2.6 if key == "pullquote" else 1.5
            axes.plot(sizes, middles, color=colour, linewidth=width, marker="o", markersize=4)
            axes.plot(sizes, highs, color=colour, linewidth=width / 2, linestyle=(0, (4, 2)))
            ends.append((log10(middles[-1]), sizes[-1], key))
    axes.set_title("Time to answer by the size of the corpus")
    axes.set(xscale="log", yscale="log", xlabel="passages", ylabel="milliseconds a question")
    low, high = (log10(limit) for limit in axes.get_ylim())
    place = low
    for middle, size, key in sorted(ends):
        place = max(middle, place + (high - low) / 26)
        axes.plot((size, NAMES_AT), (10**middle, 10**place), ":", color=COLOURS[key], linewidth=0.8)
        axes.text(
            NAMES_AT,
            10**place,
            f" {SYSTEMS[key].name}",
            va="center",
            fontsize=8.5,
            color=COLOURS[key],
            weight="bold" if key == "pullquote" else "normal",
        )
    axes.set_xlim(right=NAMES_AT * 60)
    axes.set_xticks(SIZES, [f"{size:,}" for size in SIZES])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.grid(color="0.92")
    axes.spines[["top", "right"]].set_visible(False)
    axes.plot([], [], color="0.3", marker="o", markersize=4, label="p50")
    axes.plot([], [], color="0.3", linewidth=1, linestyle=(0, (4, 2)), label="p99")
    axes.legend(frameon=False, loc="upper left")
    save(figure, "speed")


if __name__ == "__main__":
    mpl.use("svg")
    main()
