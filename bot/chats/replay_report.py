"""The report of a replay: a table to read, the totals, a chart, and records for programs."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date

from bot.chats.chat_settings import DEFAULTS, ChatSettings
from bot.chats.replay import Replay, Reply
from bot.chats.tally import Period, Tally, periods
from bot.text.columns import columns, cut
from bot.text.controls import harmless, json_line

_BLOCKS = " ▁▂▃▄▅▆▇█"
_HEIGHT = 6
"""Lines of the chart."""
_NARROWEST = 60
"""Columns below which the report is not broken any further."""
_TITLE = 28
"""Columns for an article's title."""


def report(found: Iterable[Reply], replay: Replay) -> Iterator[str]:
    """The lines of the whole report, as wide as the terminal: to be read once all is replayed."""
    width = max(_NARROWEST, shutil.get_terminal_size((100, 24)).columns)
    rows, tally = list(table(found, width)), replay.tally
    if tally.replies:
        yield from rows
        yield ""
    yield fitted(f"{replay.group.name}, {span(tally)}", width).rstrip()
    yield f"Settings: {in_short(replay.settings)}."
    yield ""
    yield from totals(tally)
    if tally.replies:
        yield ""
        yield from chart(periods(tally, width - 8), width - 8)


def lines(replies: Iterable[Reply], tally: Tally) -> Iterator[str]:
    """The same for programs: a JSON object for each reply as it is found, then the totals."""
    for reply in replies:
        yield json_line(record(reply))
    yield json_line(record_of(tally))


def table(replies: Iterable[Reply], width: int) -> Iterator[str]:
    """A line for each reply: when, to what, which passage, how sure."""
    rest = width - len("2025-11-28 10:00") - len("100 %") - 6
    left = rest * 2 // 5
    columns = (fitted("message", left), fitted("reply", rest - left))
    yield f"{'time':16}  {columns[0]}  {columns[1]}  {'sure':>5}"
    for reply in replies:
        columns = (fitted(reply.text, left), fitted(_said(reply), rest - left))
        sure = f"{reply.confidence:.0%}".replace("%", " %")
        yield f"{reply.clock:%Y-%m-%d %H:%M}  {columns[0]}  {columns[1]}  {sure:>5}"


def totals(tally: Tally) -> Iterator[str]:
    """How much was read and said, how often, and why nothing was said to the rest."""
    per_hour = tally.replies / tally.hours
    yield f"messages read     {tally.messages:>9,}"
    yield f"replies           {tally.replies:>9,}"
    yield f"replies an hour   {per_hour:>9.2f}  on average over {tally.hours:,.0f} hours"
    if tally.busiest:
        hour, count = tally.busiest
        yield f"the busiest hour  {count:>9,}  {hour:%Y-%m-%d %H:%M}"
    if tally.silences:
        yield ""
        yield "nothing said to"
        for reason, count in tally.silences.most_common():
            yield f"  {reason:24}{count:>9,}"


def chart(shown: Sequence[Period], width: int) -> Iterator[str]:
    """Replies over time: columns of blocks, as wide together as asked at the most."""
    most = max(period.replies for period in shown)
    days = shown[0].days
    yield {1: "replies a day", 7: "replies a week"}.get(days, f"replies in {days} days")
    wide = max(1, min(12, width // len(shown)))
    for line in reversed(range(_HEIGHT)):
        # Any reply at all is seen.
        eighths = (
            min(8, max(0, -(-period.replies * 8 * _HEIGHT // most) - 8 * line)) for period in shown
        )
        axis = f"{most:>6,}" if line == _HEIGHT - 1 else f"{0 if line == 0 else '':>6}"
        yield f"{axis} │{''.join(_BLOCKS[each] * wide for each in eighths)}".rstrip()
    first, last = f"{shown[0].start}", f"{shown[-1].start}"
    gap = len(shown) * wide - len(first) - len(last)
    yield f"       └{'─' * (len(shown) * wide)}"
    yield f"        {first}{' ' * gap + last if gap > 0 else ''}"


def in_short(settings: ChatSettings) -> str:
    """The mode, and what else differs from the default."""
    others = (
        f"{name.replace('_', ' ')} {' '.join(value) if name == 'articles' else value}"
        for name, value in asdict(settings).items()
        if name not in ("mode", "language", "dry_run", "post_articles")
        if value != getattr(DEFAULTS, name)
    )
    return ", ".join([f"mode {settings.mode}", *others])


def record(reply: Reply) -> dict[str, object]:
    """A reply for programs."""
    excerpt = reply.excerpt
    return {
        "time": reply.clock.isoformat(),
        "message_id": reply.message_id,
        "message": reply.text,
        "reply": reply.what,
        "article": excerpt and excerpt.article.slug,
        "paragraph": excerpt and excerpt.passage.paragraph,
        "excerpt": excerpt and excerpt.excerpt.of(excerpt.passage.text),
        "confidence": round(reply.confidence, 4),
    }


def record_of(tally: Tally) -> dict[str, object]:
    """The totals for programs."""
    hour, count = tally.busiest or (None, 0)
    return {
        "messages": tally.messages,
        "replies": tally.replies,
        "replies_an_hour": round(tally.replies / tally.hours, 4),
        "busiest_hour": {"start": hour and hour.isoformat(), "replies": count},
        "first": tally.first and tally.first.isoformat(),
        "last": tally.last and tally.last.isoformat(),
        "silences": dict(tally.silences.most_common()),
    }


def span(tally: Tally) -> str:
    """From when to when.

    >>> span(Tally())
    'no messages'
    """
    if tally.first is None or tally.last is None:
        return "no messages"
    first, last = tally.first.date(), tally.last.date()
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def fitted(text: str, width: int) -> str:
    r"""The text on one line of exactly so many columns of a terminal, harmless to it.

    >>> fitted("a b\n\nc", 8), fitted("橋が落ちた", 8)
    ('a b c   ', '橋が落… ')
    """
    line = cut(" ".join(harmless(text).split()), width)
    return line + " " * (width - columns(line))


def _said(reply: Reply) -> str:
    """The article, the paragraph and its beginning; else what is said in their place."""
    excerpt = reply.excerpt
    if excerpt is None:
        return f"({reply.what})"
    title = fitted(excerpt.article.title, _TITLE).rstrip()
    return f"{title} ¶{excerpt.passage.paragraph}: {excerpt.excerpt.of(excerpt.passage.text)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
