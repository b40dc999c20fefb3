"""How well the language of a question is told: by function words, and by a library made for it.

``python -m benchmarks.language`` prints a table. A wrong language does harm, none does not: the
question's words are then taken as those of any language.
"""

import json

import py3langid

from benchmarks.sets import ASR, SEED_EN, SEED_ES, SPANISH, SQUAD
from bot.text.language import FUNCTION_WORDS, language_of

SETS = {SQUAD: "en", ASR: "en", SPANISH: "es", SEED_EN: "en", SEED_ES: "es"}
"""The language of each set's rows, where they do not say themselves."""


def main() -> None:
    """Print how many of each set's questions are told rightly, and how many wrongly."""
    py3langid.set_languages(sorted(FUNCTION_WORDS))
    ways = {
        "function words": lambda text: language_of(text, default=""),
        "py3langid": lambda text: py3langid.classify(text)[0],
    }
    print("| right / wrong, % | " + " | ".join(each.name for each in SETS) + " |")
    print("|---|" + "---|" * len(SETS))
    for name, told in ways.items():
        cells = []
        for question_set, language in SETS.items():
            rows = map(json.loads, question_set.questions.read_text("utf-8").splitlines())
            found = [(told(row["q"]), row.get("lang", language)) for row in rows]
            right = sum(told_language == actual for told_language, actual in found)
            wrong = sum(told_language not in (actual, "") for told_language, actual in found)
            cells.append(f"{100 * right / len(found):.1f} / {100 * wrong / len(found):.1f}")
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
