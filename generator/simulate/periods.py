"""The periods of a duty, and which organisations owe it."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from generator.simulate.model import DAY, NOT_FILING, Organisation, World

Duty = Mapping[str, Any]


@dataclass(frozen=True)
class Period:
    """One turn of a duty: its name in file names, its days within the duty's time, and the last day on time."""

    label: str
    first: date
    last: date
    due: date


def owes(duty: Duty, unit: Organisation) -> bool:
    """Whether the duty is this organisation's, by tier, type and crowded place."""
    owed_by = duty.get("owed_by", {})
    tier = unit.tier in owed_by["tiers"] if "tiers" in owed_by else unit.tier not in NOT_FILING
    kind = unit.type in owed_by.get("types", [unit.type])
    crowded: bool = owed_by.get("crowded_place", unit.crowded_place) == unit.crowded_place
    return tier and kind and crowded


def periods(duty: Duty, world: World) -> Iterator[Period]:
    """Every turn of `duty` that touches its time, in order."""
    due = duty["due"]
    start = date.fromisoformat(due["from"]) if "from" in due else world.starts_on
    end = date.fromisoformat(due["until"]) if "until" in due else world.ends_on
    if due["every"] == "once":
        by = date.fromisoformat(due["by"]) if "by" in due else end
        yield Period(duty["id"], min(start, by), by, by)
        return
    for label, first, last in _turns(due["every"], start, end):
        if due["every"] == "year" and "month" in due:
            first, last = _month(first.year, due["month"])  # noqa: PLW2901 - a year's duty within one month of it
        on_time = last + timedelta(due.get("days_after", 0))
        if due["every"] == "month" and "day" in due:
            on_time = first.replace(day=min(due["day"], last.day))
        if first <= end and last >= start:
            yield Period(label, max(first, start), min(last, end), on_time)


def _turns(every: str, start: date, end: date) -> Iterator[tuple[str, date, date]]:
    first = {
        "week": start - timedelta(start.weekday()),
        "month": start.replace(day=1),
        "quarter": start.replace(month=(start.month - 1) // 3 * 3 + 1, day=1),
        "year": start.replace(month=1, day=1),
    }[every]
    while first <= end:
        label, last = _turn(every, first)
        yield label, first, last
        first = last + DAY


def _turn(every: str, first: date) -> tuple[str, date]:
    if every == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}", first + timedelta(6)
    if every == "month":
        return f"{first:%Y-%m}", _month(first.year, first.month)[1]
    if every == "quarter":
        return f"{first.year}-Q{first.month // 3 + 1}", _month(first.year, first.month + 2)[1]
    return str(first.year), date(first.year, 12, 31)


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
