"""The commands about ``state.db``, which work whether or not the bot runs."""

import sqlite3
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import TypeVar

import click

from bot import settings as configuration
from bot.chats.backup import NotCopied, back_up
from bot.chats.database import OtherVersion
from bot.chats.stats import chart, gathered
from bot.chats.stats import record as figures
from bot.chats.unanswered import kept_in
from bot.corpus.store import NoIndex, PassageStore
from bot.refusals import NotConfigured
from bot.text.controls import harmless, json_line

_T = TypeVar("_T")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def unanswered(as_json: bool) -> None:
    """List the questions put to the bot that it found no passage for, what was asked most first.

    They are kept for 30 days, and only where PULLQUOTE_KEEP_UNANSWERED is on.
    """
    settings = configuration.from_environment()
    questions = _read(settings.state_db, kept_in) if settings.state_db.exists() else []
    for asked in questions:
        day = asked.last.isoformat()
        if as_json:
            record = {"question": asked.question, "times": asked.times, "last": day}
            click.echo(json_line(record))
        else:
            click.echo(f"{asked.times}\t{day}\t{harmless(asked.question)}")
    if not questions:
        switch = "" if settings.keep_unanswered else " They are with PULLQUOTE_KEEP_UNANSWERED=on."
        click.echo(f"pullquote: No unanswered questions are kept.{switch}", err=True)


@click.command()
@click.option(
    "--days",
    type=click.IntRange(1, 3660),
    default=30,
    show_default=True,
    metavar="N",
    help="Of how many days, today included.",
)
@click.option("--json", "as_json", is_flag=True, help="The figures as one JSON object.")
def stats(days: int, as_json: bool) -> None:
    """Count replies by day, what came of messages, what was removed, and what was quoted most."""
    settings = configuration.from_environment()
    if not settings.state_db.exists():
        raise NotConfigured(f"There is no {settings.state_db} yet: no bot has run over this data.")
    counted = _read(settings.state_db, lambda path: gathered(path, days, time.time()))
    if as_json:
        click.echo(json_line(figures(counted)))
        return
    for line in chart(counted, _titles(settings.passages_db), get_terminal_size().columns):
        click.echo(line)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
def backup(file: Path | None) -> None:
    """Copy state.db, also while the bot runs, to FILE or to a dated one in the data folder."""
    settings = configuration.from_environment()
    try:
        copy = back_up(settings.state_db, file, datetime.now())
    except NotCopied as error:
        raise NotConfigured(str(error)) from error
    click.echo(f"{copy}: {copy.stat().st_size} bytes.")


def _titles(index: Path) -> dict[str, str]:
    """The titles of the articles served, by their keys; none where there is no index."""
    try:
        store = PassageStore(index)
    except NoIndex:
        return {}
    return {article.key: article.title for article in store.articles()}


def _read(path: Path, reading: Callable[[Path], _T]) -> _T:
    """What is read from ``state.db``, or a refusal that says why it cannot be."""
    try:
        return reading(path)
    except OtherVersion as error:
        raise NotConfigured(str(error)) from error
    except sqlite3.Error as error:
        raise NotConfigured(f"{path} cannot be read ({error}).") from error
