"""The commands. Each reads what it was asked, calls one thing below, and prints what comes back."""

import asyncio
import os
import sys
from collections.abc import Iterator
from functools import partial
from hashlib import blake2b
from io import TextIOWrapper
from pathlib import Path
from sqlite3 import DatabaseError

import click

from bot import settings as configuration
from bot.chats import render, terminal
from bot.chats.chat_settings import CHOICES
from bot.corpus.build import Corpus
from bot.corpus.files import NoFolder
from bot.corpus.store import PassageStore
from bot.locale import words_for
from bot.matching.answer import Answerer
from bot.matching.evaluation import BadQuestions, Result, evaluate, rows
from bot.matching.explain import explanation
from bot.matching.model import Place
from bot.matching.record import record_of
from bot.matching.report import record, table
from bot.progress import Bars
from bot.refusals import BadInput, NotConfigured, NoTelegram, Refusal
from bot.settings import BadSetting, Settings
from bot.state_commands import backup, stats, unanswered
from bot.text.controls import harmless, json_line
from bot.text.encoder import installed_encoder

HOW_TO_ADD = (
    "Put one there: a .txt file whose first line is ‘ date YYYY-MM-DD Title’, with the paragraphs "
    "below apart by empty lines, or a .md file with a title in its front matter."
)


def main() -> None:
    """Run the command that the arguments name."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    try:
        pullquote()
    except BadSetting as error:
        refusal = NotConfigured(str(error))
        refusal.show()
        sys.exit(refusal.exit_code)
    except BrokenPipeError:
        # Whoever read the output has gone; nothing more can be told them, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pullquote", message="%(package)s %(version)s")
def pullquote() -> None:
    """Answer readers' questions with an article's own words."""


_articles = click.option(
    "--articles",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Use the articles in DIR, with an index of its own.",
)


@pullquote.command()
@click.argument("question", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option(
    "--in",
    "place",
    type=click.Choice(["private", "group"]),
    default="private",
    help="Whose thresholds.",
)
@click.option("--article", metavar="SLUG", help="Ask only this article.")
@click.option("--explain", is_flag=True, help="Show every step with its figures.")
@_articles
def ask(
    question: tuple[str, ...],
    as_json: bool,
    place: Place,
    article: str | None,
    explain: bool,
    folder: Path | None,
) -> None:
    """Answer QUESTION, or each line of the standard input, as a reader would see it."""
    settings = configuration.from_environment()
    if not question and sys.stdin.isatty():
        raise BadInput('Ask something, such as: pullquote ask "Who asked for help?"')
    store, answerer = answerer_over(settings, folder)
    chosen = store.article(article) if article else None
    if article and chosen is None:
        raise BadInput(f"There is no article {article}; see: pullquote articles")
    words = words_for(_language())
    for line in [" ".join(question)] if question else _lines():
        answer = answerer.answer(line, place=place, article=article)
        if as_json:
            click.echo(json_line(record_of(answer)))
        else:
            message = render.reply(answer, store.articles(), chosen, words)
            click.echo(terminal.show(message, sys.stdout.isatty()) + "\n")
        if explain:
            click.echo("\n".join(explanation(answer, answerer.constants)) + "\n", err=as_json)


@pullquote.command()
def run() -> None:
    """Run the bot: on Telegram with TELEGRAM_BOT_TOKEN, without one in this terminal."""
    settings = configuration.from_environment()
    if not settings.token:
        if not sys.stdin.isatty() and not sys.stdin.buffer.peek(1):  # type: ignore[union-attr]
            raise NotConfigured(
                "No TELEGRAM_BOT_TOKEN is set, and there is no terminal to talk in. Get a token "
                "from @BotFather and run: TELEGRAM_BOT_TOKEN=… pullquote run"
            )
        store, answerer = answerer_over(settings)
        conversation = terminal.Conversation(answerer, store, words_for(_language()))
        terminal.chat(conversation, sys.stdin, sys.stdout, sys.stderr)
        return
    # Telegram's library takes a quarter of a second to import, which the terminal need not wait.
    from bot.chats.app import serve  # noqa: PLC0415

    corpus = corpus_of(settings)
    store = opened(corpus)
    sys.exit(asyncio.run(serve(settings, corpus, store, Answerer(store, corpus.encoder))))


@pullquote.command()
def index() -> None:
    """Build the index anew where articles have changed."""
    settings = configuration.from_environment()
    store = opened(corpus_of(settings))
    passages = len(store.passage_ids(None))
    click.echo(f"{settings.passages_db}: {len(store.articles())} articles, {passages} passages.")


@pullquote.command()
@_articles
def articles(folder: Path | None) -> None:
    """List the articles: slug, date, paragraphs, title."""
    store, _ = answerer_over(configuration.from_environment(), folder)
    for article in store.articles():
        day = article.published.isoformat() if article.published else "no date"
        click.echo(f"{article.slug}\t{day}\t{article.of}\t{harmless(article.title)}")


@pullquote.command(name="eval")
@click.argument("questions", type=click.Path(path_type=Path))
@click.option("--pooled", is_flag=True, help="Put every question to all articles.")
@click.option("--json", "as_json", is_flag=True, help="The figures as one JSON object.")
@_articles
def evaluate_(questions: Path, pooled: bool, as_json: bool, folder: Path | None) -> None:
    """Put QUESTIONS with known answers (JSON lines) to the bot, and count what comes of it."""
    try:
        asked = rows(questions)
    except BadQuestions as error:
        raise BadInput(str(error)) from error
    store, answerer = answerer_over(configuration.from_environment(), folder)
    unknown = {row.article for row in asked if row.article and not store.article(row.article)}
    if unknown:
        raise BadInput(f"There is no article {min(unknown)} among these articles.")
    results: list[Result] = []
    with Bars() as bars:
        for result in evaluate(asked, answerer, is_pooled=pooled):
            results.append(result)
            bars("Asking", len(results), len(asked))
    if as_json:
        click.echo(json_line(record(results)))
    else:
        click.echo("\n".join(map(harmless, table(results))))


def _choice(name: str) -> "click.Choice[str]":
    """What can be chosen for a group's setting."""
    return click.Choice([str(value) for value in CHOICES[name] if value != "off"])


@pullquote.command()
@click.argument("export", type=click.Path(path_type=Path))
@click.option("--chat", metavar="NAME_OR_ID", help="Which group, where EXPORT holds several.")
@click.option("--mode", type=_choice("mode"), help="What to reply to.")
@click.option("--confidence", type=_choice("confidence"), help="How sure to be.")
@click.option("--waiting", type=_choice("waiting"), help="Minutes a question is left to people.")
@click.option("--cooldown", type=_choice("cooldown"), help="Minutes before the same again.")
@click.option("--bot", "username", metavar="@NAME", default="", help="Whose mentions count.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a reply, then the totals.")
@click.option("--picture", type=click.Path(path_type=Path), metavar="FILE.svg", help="Draw it.")
@_articles
def replay(
    export: Path,
    chat: str | None,
    username: str,
    as_json: bool,
    picture: Path | None,
    folder: Path | None,
    **options: str | None,
) -> None:
    """See what the bot would have said in a group's past, without a word being sent.

    EXPORT is what Telegram Desktop writes (the group's menu, Export chat history, machine-readable
    JSON): result.json, or the folder it is in. The settings are those of the group, with the mode
    "questions" where it has none of its own; options go before them.

    An export does not tell bots from people: who has buttons, or a name that ends in "bot", counts
    as one.
    """
    from bot.chats.export import BadExport, file_of, group_in, messages  # noqa: PLC0415
    from bot.chats.past import past  # noqa: PLC0415
    from bot.chats.picture import picture as drawn  # noqa: PLC0415
    from bot.chats.replay import replay_of  # noqa: PLC0415
    from bot.chats.replay_report import lines, report  # noqa: PLC0415  all of them as in `run`

    settings = configuration.from_environment()
    tried = {
        name: int(each) if each.isdecimal() else each for name, each in options.items() if each
    }
    if picture and not picture.parent.is_dir():
        raise BadInput(f"There is no folder {picture.parent}.")
    try:
        with Bars() as bars:
            path = file_of(export)
            group = group_in(path, chat, partial(bars, "Looking for the group"))
        store, answerer = answerer_over(settings, folder)
        played = replay_of(group, settings, store, answerer, tried, username)
        with Bars() as bars:
            exported = messages(path, group, partial(bars, "Replaying"))
            replies = played.replies(past(exported, group, played.me.id))
            if as_json:
                for line in lines(replies, played.tally):
                    click.echo(line)
            # All of it is replayed, and the bar gone, before the first line is printed.
            printed = [] if as_json else list(report(replies, played))
    except BadExport as error:
        raise BadInput(str(error)) from error
    except DatabaseError as error:
        raise NotConfigured(f"{settings.state_db} cannot be read ({error}).") from error
    for line in printed:
        click.echo(line)
    if picture:
        try:
            picture.write_text(drawn(group.name, played.tally), "utf-8")
        except OSError as error:
            raise BadInput(f"{picture} cannot be written ({error.strerror}).") from error


for command in (unanswered, stats, backup):
    pullquote.add_command(command)


@pullquote.command()
@click.option("--alive", is_flag=True, help="Only whether the running bot hears from Telegram.")
def doctor(alive: bool) -> None:
    """Check the token, privacy mode, webhook, articles, index and settings; say what to do."""
    from bot.chats.doctor import examine, is_alive  # noqa: PLC0415  as in `run`

    settings = configuration.from_environment()
    if alive:
        if not is_alive(settings):
            raise NoTelegram("No bot over this data has heard from Telegram lately.")
        return
    worst = 0
    for finding in examine(settings, corpus_of(settings)):
        click.echo(str(finding))
        worst = max(worst, finding.exit_code)
    sys.exit(worst)


def corpus_of(settings: Settings, folder: Path | None = None) -> Corpus:
    """The settings' articles; or those of another folder, with an index of their own."""
    encoder = installed_encoder() if settings.encoder else None
    if folder is None:
        return Corpus(settings.articles, settings.passages_db, encoder, settings.posts)
    name = blake2b(str(folder.resolve()).encode(), digest_size=8).hexdigest()
    return Corpus(folder, settings.data / "indexes" / f"{name}.db", encoder)


def opened(corpus: Corpus, refusal: type[Refusal] = NotConfigured) -> PassageStore:
    """The corpus's index, up to date; files that cannot be served are named on standard error."""
    try:
        with Bars() as bars:
            store = corpus.up_to_date(bars)
    except NoFolder as error:
        raise refusal(f"{error} {HOW_TO_ADD}") from error
    except OSError as error:
        raise NotConfigured(f"{error.filename}: {error.strerror}.") from error
    for file in store.passed_over():
        click.echo(f"pullquote: {corpus.file(file.name)}: {file.reason}", err=True)
    return store


def answerer_over(settings: Settings, folder: Path | None = None) -> tuple[PassageStore, Answerer]:
    """The index of the articles, and an Answerer over it; a refusal where there are none."""
    refusal = NotConfigured if folder is None else BadInput
    corpus = corpus_of(settings, folder)
    store = opened(corpus, refusal)
    if not store.articles():
        raise refusal(f"There are no articles in {corpus.folder}. {HOW_TO_ADD}")
    return store, Answerer(store, corpus.encoder)


def _language() -> str | None:
    """The language of the terminal."""
    return os.environ.get("LC_ALL") or os.environ.get("LANG")


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        if line.strip():
            yield line.strip()
