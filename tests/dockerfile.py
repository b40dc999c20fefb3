"""A Dockerfile as plain data: its stages, each a base and the steps that are taken upon it."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from string import Template


@dataclass(frozen=True, slots=True)
class Step:
    """An instruction, and what follows it in one line."""

    name: str
    rest: str

    @property
    def words(self) -> list[str]:
        """What follows, without options: a JSON list, or words."""
        if self.rest.startswith("["):
            return [str(word) for word in json.loads(self.rest)]
        return [word for word in self.rest.split() if not word.startswith("--")]

    @property
    def options(self) -> dict[str, str]:
        """The values of what follows as ``--name=value``."""
        return dict(re.findall(r"--(\S+?)=(\S+)", self.rest))

    def variables(self, known: dict[str, str]) -> dict[str, str]:
        """Those that an ENV sets, by those known before it.

        >>> Step("ENV", 'PATH=/opt/bin:$PATH A="b c"').variables({"PATH": "/bin"})
        {'PATH': '/opt/bin:/bin', 'A': 'b c'}
        """
        pairs = (word.partition("=") for word in shlex.split(self.rest))
        return {name: Template(value).substitute(known) for name, _, value in pairs}


@dataclass(frozen=True, slots=True)
class Stage:
    """What is built upon a base image; only the last is what runs."""

    name: str
    """Its number where the Dockerfile gives it no name."""
    base: str
    steps: tuple[Step, ...]

    def of(self, name: str) -> list[Step]:
        """Its steps of this name."""
        return [step for step in self.steps if step.name == name]


def steps(text: str) -> Iterator[Step]:
    r"""The instructions of a Dockerfile, in order.

    >>> [(step.name, step.rest) for step in steps("# one\nFROM a\n\nRUN b \\\n    && c\n")]
    [('FROM', 'a'), ('RUN', 'b && c')]
    """
    for line in re.sub(r"\s*\\\n\s*", " ", text).splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            yield Step(name.upper(), rest.strip())


def stages(text: str) -> list[Stage]:
    """The stages of a Dockerfile, in order."""
    found: list[Stage] = []
    for step in steps(text):
        if step.name == "FROM":
            base, *named = step.words
            found.append(Stage(named[1] if named else str(len(found)), base, ()))
        elif not found:
            raise ValueError(f"{step.name} before any FROM")
        else:
            last = found[-1]
            found[-1] = Stage(last.name, last.base, (*last.steps, step))
    return found


def is_ignored(path: str, patterns: list[str]) -> bool:
    """Whether a path within the context is left out of it.

    >>> [is_ignored(path, ["data", "**/__pycache__"]) for path in ("data/a", "bot/data")]
    [True, False]
    >>> is_ignored("bot/text/__pycache__", ["data", "**/__pycache__"])
    True
    """
    parts = path.split("/")
    return any(
        pattern[3:] in parts if pattern.startswith("**/") else parts[0] == pattern
        for pattern in patterns
    )
