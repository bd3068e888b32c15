"""Working days, from the yearly notices of the State Council kept in `submissions/calendar`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from taizhang.intake.records import Record


@dataclass(frozen=True)
class WorkCalendar:
    """Public holidays and make-up workdays. In a year without a notice, Monday to Friday are working days."""

    holidays: frozenset[date]
    workdays: frozenset[date]
    years: frozenset[int]

    def is_workday(self, day: date) -> bool:
        if day in self.workdays:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; 0 if `end` is not later."""
        return sum(1 for day in _days(start + timedelta(days=1), end) if self.is_workday(day))

    def next_workday(self, day: date) -> date:
        """`day` itself, or the first working day after it."""
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def previous_workday(self, day: date) -> date:
        """`day` itself, or the last working day before it."""
        while not self.is_workday(day):
            day -= timedelta(days=1)
        return day

    def shifted(self, day: date, weekend_policy: str) -> date:
        """Where a due day goes that may fall on a day off: nowhere, or to the next or the previous working day."""
        match weekend_policy:
            case "next_workday":
                return self.next_workday(day)
            case "previous_workday":
                return self.previous_workday(day)
            case _:
                return day

    def knows(self, day: date) -> bool:
        """Whether the holidays of that year are on file; where not, Monday to Friday are taken for working days."""
        return day.year in self.years


def read_calendar(records: Iterable[Record]) -> WorkCalendar:
    """One calendar from the yearly files."""
    holidays: set[date] = set()
    workdays: set[date] = set()
    years: set[int] = set()
    for record in records:
        years.add(record.data["year"])
        workdays.update(date.fromisoformat(day) for day in record.data["workdays"])
        for holiday in record.data["holidays"]:
            holidays.update(_days(date.fromisoformat(holiday["from"]), date.fromisoformat(holiday["to"])))
    return WorkCalendar(frozenset(holidays), frozenset(workdays), frozenset(years))


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
