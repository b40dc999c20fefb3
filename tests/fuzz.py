"""Fuzz: inputs that break the reader or the question path, guided by coverage (atheris).

What is found is written to data/fuzz/; once understood, it belongs into tests/finds/.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main(target: str, seconds: str) -> None:
    """Try inputs for so many seconds; ends with the first that breaks something."""
    import atheris  # noqa: PLC0415  which only this needs

    with atheris.instrument_imports(include=["bot"]):
        from tests.finds import TARGETS, ask_the_seeds  # noqa: PLC0415  counted from here on

    folder = ROOT / "data" / "fuzz" / target
    folder.mkdir(parents=True, exist_ok=True)
    finds = ROOT / "tests" / "finds" / target
    if target == "questions":
        ask_the_seeds()
    limits = [f"-max_total_time={seconds}", "-max_len=4096", "-timeout=5", "-verbosity=0"]
    places = [f"-artifact_prefix={folder.parent}/{target}-", str(folder), str(finds)]
    if target == "articles":
        places.append(str(ROOT / "seeds"))
    atheris.Setup([sys.argv[0], *limits, *places], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
