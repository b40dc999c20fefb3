"""Refusals: what cannot be done, in one line on standard error, and the exit code of each."""

import sys
from typing import IO, Any

import click

from bot.text.controls import harmless


class Refusal(click.ClickException):
    """What was asked cannot be done: one line that says why and what to do, and an exit code."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line on standard error."""
        click.echo(f"pullquote: {harmless(self.message)}", file=file or sys.stderr)


class BadInput(Refusal):
    """What was given cannot be used."""

    exit_code = 2


class NotConfigured(Refusal):
    """A setting is missing or wrong."""

    exit_code = 3


class NoTelegram(Refusal):
    """It is not to be had from Telegram."""

    exit_code = 4
