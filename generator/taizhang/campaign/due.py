"""When a duty falls due: the words of `due` in `campaign.yml`, and every occurrence that they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from taizhang.campaign.periods import Period, Rhythm, between, containing, day_of_month


class Occurrence(NamedTuple):
    """One turn of a duty: its period, if it has one, and the last day on time before any shift for weekends."""

    period: Period | None
    due: date


@dataclass(frozen=True)
class Due:
    """A rhythm and, within or after each of its periods, the last day that is on time (to 24:00)."""

    rhythm: Rhythm
    first: date
    last: date
    by: date | None
    month: int | None
    """The one month of each year that the duty is about: 6 is 安全生产月. Notice A33."""
    day: int | None
    """A day of the period's last month, or of the month `months_after` it; a shorter month ends sooner."""
    months_after: int
    days_after: int
    """Calendar days after the period's end."""
    inclusive: bool
    """Whether “…日前” takes in that day itself."""

    def occurrences(self) -> Iterator[Occurrence]:
        """Every occurrence in order of time; one whose last day lies before `first` was never owed."""
        if self.rhythm is Rhythm.ONCE:
            yield Occurrence(None, self._on_time(self.by or self.last))
            return
        for period in self._periods():
            due = self.last_day(period)
            if due >= self.first:
                yield Occurrence(period, due)

    def _periods(self) -> Iterator[Period]:
        for period in between(self.rhythm, self.first, self.last):
            if self.month is None:
                yield period
                continue
            month = containing(Rhythm.MONTH, date(period.start.year, self.month, 1))
            if month.end >= self.first and month.start <= self.last:
                yield month

    def last_day(self, period: Period) -> date:
        """The last day on time for a period, before any shift for weekends."""
        # The campaign's end may cut a period short; the duty still belongs to the whole of it.
        if self.day is None:
            return period.end + timedelta(days=self.days_after)
        months = period.end.year * 12 + period.end.month - 1 + self.months_after
        return self._on_time(day_of_month(months // 12, months % 12 + 1, self.day))

    def _on_time(self, day: date) -> date:
        return day if self.inclusive else day - timedelta(days=1)


def read_due(entry: Mapping[str, Any], first: date, last: date) -> Due:
    """The `due` of a duty; `first` and `last` bound it where it says nothing else."""
    by = entry.get("by")
    return Due(
        rhythm=Rhythm(entry["every"]),
        first=date.fromisoformat(entry["from"]) if "from" in entry else first,
        last=date.fromisoformat(entry["until"]) if "until" in entry else last,
        by=date.fromisoformat(by) if by else None,
        month=entry.get("month"),
        day=entry.get("day"),
        months_after=entry.get("months_after", 0),
        days_after=entry.get("days_after", 0),
        inclusive=entry.get("inclusive", True),
    )
