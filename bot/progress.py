"""Long work shows how far it is; work that is over within a second shows nothing."""

import sys
from contextlib import ExitStack
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

PATIENCE = 1.0
"""Seconds before a bar appears."""


class Bars:
    """Progress bars on standard error, one for each thing that is done; none where nobody looks.

    Call it with what is being done, and how much of how much is finished.
    """

    def __init__(self) -> None:
        self._open = ExitStack()
        self._bar: ProgressBar[int] | None = None
        self._what = ""
        self._since = monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def __call__(self, what: str, done: int, of: int) -> None:
        """Show it, if it has been going on for a while."""
        if what != self._what:
            self._open.close()
            self._bar, self._what, self._since = None, what, monotonic()
        if self._bar is None and monotonic() - self._since >= PATIENCE and sys.stderr.isatty():
            bar: ProgressBar[int] = click.progressbar(
                length=of, label=what, show_pos=True, file=sys.stderr
            )
            self._bar = self._open.enter_context(bar)
        if self._bar is not None:
            self._bar.update(done - self._bar.pos)
