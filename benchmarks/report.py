"""What every report says of itself, and how its pictures are written."""

import subprocess
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt

from benchmarks.sets import ROOT


def commit_date() -> str:
    """The day of the last commit."""
    return _of_last_commit("%cs")


def commit() -> str:
    """The last commit, in short."""
    return _of_last_commit("%h")


def _of_last_commit(what: str) -> str:
    done = subprocess.run(
        ["git", "log", "-1", f"--format={what}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "unknown"


def save(figure: plt.Figure, name: str) -> None:
    """Write the picture beside this file, the same bytes for the same figures."""
    path = Path(__file__).with_name(f"{name}.svg")
    with mpl.rc_context({"svg.hashsalt": "pullquote"}):
        figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
