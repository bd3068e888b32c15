"""Weeks, months, quarters and years as the notices count them: ISO weeks, calendar months."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_KEY = re.compile(r"20[0-9]{2}-(?:W(?:0[1-9]|[1-4][0-9]|5[0-3])|0[1-9]|1[0-2])\Z")
QUARTERS = "一二三四"


class Rhythm(StrEnum):
    """How often a duty comes round."""

    ONCE = "once"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True, order=True)
class Period:
    """A span of days, both ends included. `key` is how it is written: 2023-W21, 2023-06, 2023-Q2, 2023-H1."""

    start: date
    end: date
    key: str
    rhythm: Rhythm

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def label(self) -> str:
        """The period in Chinese: 2023年第21周（5月22日至28日）."""
        match self.rhythm:
            case Rhythm.WEEK:
                year, week = self.key.split("-W")
                return f"{year}年第{int(week)}周（{span(self.start, self.end)}）"
            case Rhythm.MONTH:
                return f"{self.start.year}年{self.start.month}月"
            case Rhythm.QUARTER:
                return f"{self.start.year}年第{QUARTERS[(self.start.month - 1) // 3]}季度"
            case Rhythm.HALF_YEAR:
                return f"{self.start.year}年{'上' if self.start.month == 1 else '下'}半年"
            case Rhythm.YEAR:
                return f"{self.start.year}年"
            case _:
                return self.key

    @property
    def previous(self) -> Period:
        """The period of the same length just before."""
        return containing(self.rhythm, self.start - timedelta(days=1))


def span(start: date, end: date) -> str:
    """Two days as one phrase, without repeating the month: 5月22日至28日."""
    last = f"{end.day}日" if start.month == end.month else f"{end.month}月{end.day}日"
    return f"{start.month}月{start.day}日至{last}"


def containing(rhythm: Rhythm, day: date) -> Period:
    """The week, month, quarter, half-year or year that `day` lies in. Raises ValueError for Rhythm.ONCE."""
    match rhythm:
        case Rhythm.WEEK:
            year, week, weekday = day.isocalendar()
            start = day - timedelta(days=weekday - 1)
            return Period(start, start + timedelta(days=6), f"{year}-W{week:02d}", rhythm)
        case Rhythm.MONTH:
            return _months(day.year, day.month, 1, f"{day.year}-{day.month:02d}", rhythm)
        case Rhythm.QUARTER:
            quarter = (day.month - 1) // 3
            return _months(day.year, quarter * 3 + 1, 3, f"{day.year}-Q{quarter + 1}", rhythm)
        case Rhythm.HALF_YEAR:
            half = (day.month - 1) // 6
            return _months(day.year, half * 6 + 1, 6, f"{day.year}-H{half + 1}", rhythm)
        case Rhythm.YEAR:
            return _months(day.year, 1, 12, f"{day.year}", rhythm)
        case _:
            raise ValueError(rhythm)


def named(key: str) -> Period:
    """The week or month that a file is named after: 2023-W21, 2023-06. Raises ValueError for any other text."""
    if "-W" in key:
        year, week = key.split("-W")
        return containing(Rhythm.WEEK, date.fromisocalendar(int(year), int(week), 1))
    return containing(Rhythm.MONTH, date.fromisoformat(f"{key}-01"))


def read_key(rhythm: Rhythm, key: str) -> Period:
    """The week or month that somebody typed the name of. Raises ValueError, with a sentence for whoever typed it."""
    what, example = ("一周", "2023-W22") if rhythm is Rhythm.WEEK else ("一个月", "2023-06")
    if not _KEY.match(key) or ("W" in key) != (rhythm is Rhythm.WEEK):
        raise ValueError(f"“{key}”不是{what}；请写成 {example} 的样子")
    try:
        return named(key)
    except ValueError:
        raise ValueError(f"{key[:4]} 年没有第 {int(key[-2:])} 周；那一年只有 52 周") from None


def between(rhythm: Rhythm, first: date, last: date) -> Iterator[Period]:
    """Every period that touches the days from `first` to `last`."""
    day = first
    while day <= last:
        period = containing(rhythm, day)
        yield period
        day = period.end + timedelta(days=1)


def day_of_month(year: int, month: int, day: int) -> date:
    """Day `day` of a month, or the month's last day where it is shorter."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _months(year: int, month: int, count: int, key: str, rhythm: Rhythm) -> Period:
    last = month + count - 1
    return Period(date(year, month, 1), day_of_month(year, last, 31), key, rhythm)
