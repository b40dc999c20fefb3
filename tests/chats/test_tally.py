"""Counts over time."""

from datetime import date, datetime, timedelta

import pytest

from bot.chats.tally import Period, Tally, periods

FIRST = datetime(2025, 3, 1, 9)


def tally(*days: int) -> Tally:
    """One message and one reply on each of these days, counted from the first."""
    made = Tally()
    for day in days:
        made.message(FIRST + timedelta(days=day))
        made.reply(FIRST + timedelta(days=day))
    return made


class TestPeriods:
    """The span in periods."""

    def test_are_days_where_there_is_room(self) -> None:
        """Those without a message included."""
        assert periods(tally(0, 2, 2), 60) == [
            Period(date(2025, 3, 1), 1, 1, 1),
            Period(date(2025, 3, 2), 1, 0, 0),
            Period(date(2025, 3, 3), 1, 2, 2),
        ]

    @pytest.mark.parametrize(
        ("span", "days", "count"), [(60, 1, 60), (61, 7, 9), (421, 28, 16), (99_999, 1667, 60)]
    )
    def test_are_longer_where_there_is_none(self, span: int, days: int, count: int) -> None:
        """Never more than asked for, and nothing is lost."""
        found = periods(tally(0, span - 1), 60)
        assert (found[0].days, len(found)) == (days, count)
        assert sum(period.messages for period in found) == 2
        assert sum(period.replies for period in found) == 2

    def test_are_none_of_nothing(self) -> None:
        """No message was read."""
        assert periods(Tally(), 60) == ()


class TestTally:
    """What was counted."""

    def test_has_a_rate_over_the_span(self) -> None:
        """Of an hour at the least, so that one reply is not a thousand an hour."""
        assert (tally(0, 1).hours, tally(0).hours, Tally().hours) == (24.0, 1.0, 1.0)

    def test_knows_the_busiest_hour(self) -> None:
        """The first of several."""
        assert tally(0, 3, 3, 5, 5).busiest == (FIRST + timedelta(days=3), 2)
        assert Tally().busiest is None
