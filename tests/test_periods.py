"""Weeks, months, quarters and years as the notices count them, and working days as the State Council announces them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import Tree

from taizhang.campaign.calendar import WorkCalendar
from taizhang.campaign.periods import Rhythm, between, containing, day_of_month, named, read_key, span

DAY = timedelta(days=1)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
REGULAR = [rhythm for rhythm in Rhythm if rhythm is not Rhythm.ONCE]

# --- Periods --------------------------------------------------------------------------------------

CONTAINING = [
    (Rhythm.WEEK, "2023-05-22", "2023-W21", "2023-05-22", "2023-05-28", "2023年第21周（5月22日至28日）"),
    (Rhythm.WEEK, "2023-12-31", "2023-W52", "2023-12-25", "2023-12-31", "2023年第52周（12月25日至31日）"),
    (Rhythm.WEEK, "2024-12-30", "2025-W01", "2024-12-30", "2025-01-05", "2025年第1周（12月30日至1月5日）"),
    (Rhythm.WEEK, "2026-12-31", "2026-W53", "2026-12-28", "2027-01-03", "2026年第53周（12月28日至1月3日）"),
    (Rhythm.WEEK, "2027-01-01", "2026-W53", "2026-12-28", "2027-01-03", "2026年第53周（12月28日至1月3日）"),
    (Rhythm.WEEK, "2027-01-04", "2027-W01", "2027-01-04", "2027-01-10", "2027年第1周（1月4日至10日）"),
    (Rhythm.MONTH, "2024-02-29", "2024-02", "2024-02-01", "2024-02-29", "2024年2月"),
    (Rhythm.MONTH, "2023-02-01", "2023-02", "2023-02-01", "2023-02-28", "2023年2月"),
    (Rhythm.MONTH, "2023-12-31", "2023-12", "2023-12-01", "2023-12-31", "2023年12月"),
    (Rhythm.QUARTER, "2023-06-30", "2023-Q2", "2023-04-01", "2023-06-30", "2023年第二季度"),
    (Rhythm.QUARTER, "2023-10-01", "2023-Q4", "2023-10-01", "2023-12-31", "2023年第四季度"),
    (Rhythm.YEAR, "2028-02-29", "2028", "2028-01-01", "2028-12-31", "2028年"),
]


@pytest.mark.parametrize(("rhythm", "day", "key", "start", "end", "label"), CONTAINING)
def test_period_of_a_day(rhythm: Rhythm, day: str, key: str, start: str, end: str, label: str) -> None:
    period = containing(rhythm, date.fromisoformat(day))
    assert (period.key, str(period.start), str(period.end), period.label) == (key, start, end, label)


@pytest.mark.parametrize(("year", "weeks"), [(2019, 52), (2020, 53), (2023, 52), (2026, 53), (2032, 53), (2037, 53)])
def test_years_of_53_weeks(year: int, weeks: int) -> None:
    keys = {p.key for p in between(Rhythm.WEEK, date(year, 1, 1), date(year, 12, 31))}
    assert (f"{year}-W53" in keys) == (weeks == 53)


@given(day=DAYS, rhythm=st.sampled_from(REGULAR))
def test_every_day_lies_in_its_period(day: date, rhythm: Rhythm) -> None:
    period = containing(rhythm, day)
    assert day in period
    assert containing(rhythm, period.start) == containing(rhythm, period.end) == period
    assert period.previous.end + DAY == period.start
    assert period.start - DAY not in period
    assert period.end + DAY not in period


@given(first=DAYS, days=st.integers(0, 800), rhythm=st.sampled_from(REGULAR))
def test_periods_follow_each_other_without_a_gap(first: date, days: int, rhythm: Rhythm) -> None:
    last = first + days * DAY
    periods = list(between(rhythm, first, last))
    assert first in periods[0]
    assert last in periods[-1]
    assert all(a.end + DAY == b.start for a, b in pairwise(periods))


@given(day=DAYS, rhythm=st.sampled_from([Rhythm.WEEK, Rhythm.MONTH]))
def test_period_is_found_by_its_name(day: date, rhythm: Rhythm) -> None:
    period = containing(rhythm, day)
    assert named(period.key) == period


@pytest.mark.parametrize("key", ["", "2023", "2023-Q2", "2023-13", "2022-W53", "2023-W00", "2023-6"])
def test_name_of_no_week_or_month(key: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        named(key)


def test_no_period_before_the_first() -> None:
    assert list(between(Rhythm.WEEK, date(2023, 6, 2), date(2023, 6, 1))) == []


def test_once_has_no_period() -> None:
    with pytest.raises(ValueError, match="once"):
        containing(Rhythm.ONCE, date(2023, 6, 1))


@pytest.mark.parametrize(("month", "day", "wanted"), [(2, 31, 28), (4, 31, 30), (12, 31, 31), (2, 24, 24)])
def test_day_of_a_month_or_its_last(month: int, day: int, wanted: int) -> None:
    assert day_of_month(2023, month, day) == date(2023, month, wanted)


def test_span_does_not_repeat_the_month() -> None:
    assert span(date(2023, 5, 22), date(2023, 5, 28)) == "5月22日至28日"
    assert span(date(2023, 5, 29), date(2023, 6, 4)) == "5月29日至6月4日"


# --- Working days ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return Tree().ledger().calendar


MAKE_UP = ["2023-01-28", "2023-01-29", "2023-04-23", "2023-05-06", "2023-06-25", "2023-10-07", "2023-10-08"]


@pytest.mark.parametrize("day", MAKE_UP)
def test_make_up_days_of_2023_are_worked(calendar: WorkCalendar, day: str) -> None:
    assert date.fromisoformat(day).weekday() >= 5
    assert calendar.is_workday(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2023-05-19", True),
        ("2023-05-20", False),
        ("2023-05-01", False),
        ("2023-05-04", True),
        ("2023-06-22", False),
        ("2023-06-26", True),
        ("2023-09-29", False),
        ("2023-10-06", False),
        ("2022-12-31", False),
        ("2024-01-01", True),  # a holiday, but 2024 has no calendar here: Monday to Friday are working days
    ],
)
def test_days_of_2023(calendar: WorkCalendar, day: str, works: bool) -> None:
    assert calendar.is_workday(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2023-08-10", "2023-08-31", 15),
        ("2023-09-28", "2023-10-07", 1),
        ("2023-06-21", "2023-06-25", 1),
        ("2023-05-19", "2023-05-19", 0),
        ("2023-05-19", "2023-05-18", 0),
        ("2023-05-19", "2023-05-22", 1),
    ],
)
def test_working_days_between(calendar: WorkCalendar, start: str, end: str, count: int) -> None:
    assert calendar.workdays_between(date.fromisoformat(start), date.fromisoformat(end)) == count


@given(day=st.dates(date(2022, 6, 1), date(2024, 6, 1)))
def test_next_and_previous_working_day(day: date) -> None:
    calendar = CALENDAR
    after, before = calendar.next_workday(day), calendar.previous_workday(day)
    assert before <= day <= after
    assert calendar.is_workday(after)
    assert calendar.is_workday(before)
    assert calendar.workdays_between(day, after) == (after > day)
    assert (before == after == day) == calendar.is_workday(day)


CALENDAR = Tree().ledger().calendar


def test_a_calendar_knows_its_years(calendar: WorkCalendar) -> None:
    assert calendar.years == frozenset({2023})


def test_a_key_that_somebody_typed_is_a_period_or_a_sentence() -> None:
    assert read_key(Rhythm.WEEK, "2023-W22") == named("2023-W22")
    assert read_key(Rhythm.WEEK, "2020-W53") == named("2020-W53")
    assert read_key(Rhythm.MONTH, "2023-06") == named("2023-06")
    for rhythm, key, sentence in (
        (Rhythm.WEEK, "2023-W53", "2023 年没有第 53 周；那一年只有 52 周"),
        (Rhythm.WEEK, "2023-06", "“2023-06”不是一周；请写成 2023-W22 的样子"),
        (Rhythm.MONTH, "2023-W22", "“2023-W22”不是一个月；请写成 2023-06 的样子"),
        (Rhythm.MONTH, "2023-13", "“2023-13”不是一个月；请写成 2023-06 的样子"),
    ):
        with pytest.raises(ValueError, match=sentence):
            read_key(rhythm, key)
