"""A picture of a replay: messages and replies over time, as SVG of its own making."""

from collections.abc import Iterator, Sequence
from itertools import cycle
from xml.sax.saxutils import escape

from bot.chats.message import shortened
from bot.chats.replay_report import span
from bot.chats.tally import Period, Tally, periods
from bot.text.controls import harmless

_WIDTH, _HEIGHT = 960, 540
_LEFT, _RIGHT = 76, 28
_WIDEST = 48
"""How wide a bar is at the most."""
_PANELS = (("messages", 112, 150, "#9aa8b8"), ("replies", 318, 150, "#1f7a6d"))
"""What each shows, its upper edge, its height and its colour."""
_STYLE = (
    "text{font-family:system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif;fill:#5b6673;"
    "font-size:13px}.title{font-size:21px;font-weight:600;fill:#1c2733}"
    ".name{font-size:14px;font-weight:600;fill:#1c2733}.grid{stroke:#e4e8ed}.axis{stroke:#8793a0}"
)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def picture(name: str, tally: Tally) -> str:
    """The picture of what was said in a group, and of what the bot would have said."""
    return "\n".join(_lines(name, tally)) + "\n"


def ticks(most: int) -> Sequence[int]:
    """Whole numbers from 0 for an axis, the last not below ``most``, at most six of them.

    >>> ticks(7), ticks(0), ticks(230)
    ([0, 2, 4, 6, 8], [0, 1], [0, 50, 100, 150, 200, 250])
    """
    step = 1
    for factor in cycle((2, 2.5, 2)):
        if most <= 5 * step:
            break
        step = int(step * factor)
    return [step * each for each in range(-(-max(most, 1) // step) + 1)]


def _lines(name: str, tally: Tally) -> Iterator[str]:
    shown = periods(tally, 120)
    title = _text(f"What Pullquote would have said in {name}", 70)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img">'
    )
    yield f"<title>{title}</title><style>{_STYLE}</style>"
    yield f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>'
    yield f'<text class="title" x="{_LEFT}" y="44">{title}</text>'
    yield f'<text x="{_LEFT}" y="68">{escape(_summary(tally))}</text>'
    if shown:
        for what, top, height, colour in _PANELS:
            yield from _panel(shown, what, (top, height), colour)
        yield from _dates(shown)
    yield "</svg>"


def _panel(
    shown: Sequence[Period], what: str, place: tuple[int, int], colour: str
) -> Iterator[str]:
    top, height = place
    values = [getattr(period, what) for period in shown]
    marks = ticks(max(values))
    bottom = top + height
    days = shown[0].days
    a_while = {1: "a day", 7: "a week"}.get(days, f"in {days} days")
    yield f'<text class="name" x="{_LEFT}" y="{top - 12}">{what} {a_while}</text>'
    for mark in marks:
        y = bottom - height * mark / marks[-1]
        kind = "grid" if mark else "axis"
        yield f'<path class="{kind}" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>'
        yield f'<text x="{_LEFT - 10}" y="{y + 4.5:.1f}" text-anchor="end">{mark:,}</text>'
    wide = _wide(shown)
    for number, value in enumerate(values):
        if value:
            tall = max(1.0, height * value / marks[-1])
            bar = min(wide - min(2.0, wide / 5), _WIDEST)
            x = _LEFT + wide * (number + 0.5) - bar / 2
            yield (
                f'<rect x="{x:.1f}" y="{bottom - tall:.1f}" width="{bar:.1f}" '
                f'height="{tall:.1f}" fill="{colour}"/>'
            )


def _dates(shown: Sequence[Period]) -> Iterator[str]:
    """The dates below, as many as there is room for."""
    _, top, height, _ = _PANELS[-1]
    y, wide = top + height, _wide(shown)
    step = -(-len(shown) // 9)
    is_long = len(shown) * shown[0].days > 366
    for number in range(0, len(shown), step):
        start, x = shown[number].start, _LEFT + wide * (number + 0.5)
        yield f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{y}" y2="{y + 5}"/>'
        month = _MONTHS[start.month - 1]
        label = f"{month} {start.year}" if is_long else f"{start.day} {month}"
        yield f'<text x="{x:.1f}" y="{y + 21}" text-anchor="middle">{label}</text>'
    years = sorted({shown[0].start.year, shown[-1].start.year})
    days = shown[0].days
    unit = {1: "days", 7: "weeks"}.get(days, f"periods of {days} days")
    label = f"{unit}, {'–'.join(map(str, years))}"
    middle = _LEFT + (_WIDTH - _LEFT - _RIGHT) / 2
    yield f'<text x="{middle}" y="{y + 46}" text-anchor="middle">{label}</text>'


def _wide(shown: Sequence[Period]) -> float:
    return (_WIDTH - _LEFT - _RIGHT) / len(shown)


def _summary(tally: Tally) -> str:
    busiest = tally.busiest[1] if tally.busiest else 0
    return (
        f"{span(tally)} · messages: {tally.messages:,} · replies: {tally.replies:,}, "
        f"{tally.replies / tally.hours:.2f} an hour, {busiest:,} in the busiest"
    )


def _text(text: str, longest: int) -> str:
    """A text as XML can hold it."""
    line = " ".join(harmless(text).translate({0xFFFE: None, 0xFFFF: None}).split())
    return escape(shortened(line, longest))
