"""A campaign as data: its dates, phases, duties and bulletins, from `campaign.yml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from generator.intake.records import Record
from generator.ledger.calendar import WorkCalendar
from generator.ledger.periods import Period, Rhythm, between, containing, day_of_month
from generator.ledger.roll import Organisation, Tier


@dataclass(frozen=True)
class Phase:
    """A phase of the campaign. Phases and duties are independent lists."""

    id: str
    title: str
    starts_on: date | None
    ends_on: date
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class Due:
    """When a duty falls due. `days_after` counts calendar days after the period's end."""

    rhythm: Rhythm
    first: date
    last: date
    by: date | None
    day: int | None
    month: int | None
    days_after: int

    def occurrences(self) -> list[tuple[Period | None, date]]:
        """Every period of the duty with the last day that is still on time; weekends are not yet considered."""
        if self.rhythm is Rhythm.ONCE:
            return [(None, self.by or self.last)]
        periods = between(self.rhythm, self.first, self.last)
        if self.month:
            months = [date(p.start.year, self.month, 1) for p in periods]
            periods = iter([containing(Rhythm.MONTH, m) for m in months if self.first <= day_of(m) and m <= self.last])
        return [(period, self._last_day(period)) for period in periods]

    def _last_day(self, period: Period) -> date:
        if self.day:
            return day_of_month(period.end.year, period.end.month, self.day)
        # The campaign's end may cut a period short; the duty still belongs to the whole of it.
        return period.end + timedelta(days=self.days_after)


def day_of(month: date) -> date:
    """The last day of the month that starts on `month`."""
    return day_of_month(month.year, month.month, 31)


@dataclass(frozen=True)
class Duty:
    """One thing that units owe: which records answer it, how many, containing what, by when, owed by whom."""

    id: str
    title: str
    source: str
    kind: str
    where: Mapping[str, str]
    due: Due
    count: int
    must_include: frozenset[str]
    tiers: frozenset[Tier]
    types: frozenset[str]
    crowded_place: bool

    def owed_by(self, org: Organisation) -> bool:
        """Whether the duty addresses this organisation at all, whatever the day."""
        by_tier = org.tier in self.tiers if self.tiers else org.files
        by_type = not self.types or org.type in self.types
        return by_tier and by_type and (org.crowded_place or not self.crowded_place)


@dataclass(frozen=True)
class Obligation:
    """One occurrence of a duty: its period, if it has one, and the last day that is on time (to 24:00)."""

    duty: Duty
    period: Period | None
    due: date

    @property
    def label(self) -> str:
        return f"{self.duty.title}（{self.period.label}）" if self.period else self.duty.title

    def owed_by(self, org: Organisation) -> bool:
        """An organisation owes a period if it was on the roll on the period's last day."""
        return self.duty.owed_by(org) and org.existed_on(self.period.end if self.period else self.due)


@dataclass(frozen=True)
class BulletinPlan:
    """Which bulletins the office publishes: 周统计 or 月通报, from when, counted how many days after the period."""

    bulletin: str
    first: date
    cut_off_days: int

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm.WEEK if self.bulletin == "weekly" else Rhythm.MONTH


@dataclass(frozen=True)
class Campaign:
    """One campaign. All days are inclusive and end at 24:00, Asia/Shanghai."""

    id: str
    title: str
    short_title: str
    demo: bool
    starts_on: date
    ends_on: date
    archived_on: date | None
    weekend_policy: str
    extension_notice_workdays: int
    phases: tuple[Phase, ...]
    duties: tuple[Duty, ...]
    bulletins: tuple[BulletinPlan, ...]
    record: Record

    @property
    def data(self) -> Mapping[str, Any]:
        """Everything in `campaign.yml`, for the texts that only pages need."""
        return self.record.data

    def schedule(self, calendar: WorkCalendar) -> tuple[Obligation, ...]:
        """Every obligation of the campaign in the order of its due date."""
        moves: Mapping[str, Callable[[date], date]] = {
            "none": lambda day: day,
            "next_workday": calendar.next_workday,
            "previous_workday": calendar.previous_workday,
        }
        move = moves[self.weekend_policy]
        found = [Obligation(duty, period, move(due)) for duty in self.duties for period, due in duty.due.occurrences()]
        return tuple(sorted(found, key=lambda o: o.due))

    def phase_on(self, day: date) -> Phase | None:
        """The first phase that has not ended by `day`; None after the last or where there are none."""
        return next((phase for phase in self.phases if day <= phase.ends_on), None)


def read_campaign(record: Record) -> Campaign:
    """The campaign from `campaign.yml`."""
    data = record.data
    starts_on, ends_on = record.day("starts_on"), record.day("ends_on")
    return Campaign(
        id=record.campaign,
        title=data["title"],
        short_title=data["short_title"],
        demo=data.get("demo", False),
        starts_on=starts_on,
        ends_on=ends_on,
        archived_on=record.optional_day("archived_on"),
        weekend_policy=data["weekend_policy"],
        extension_notice_workdays=data.get("extension_notice_workdays", 0),
        phases=tuple(_phase(entry) for entry in data["phases"]),
        duties=tuple(_duty(entry, starts_on, ends_on) for entry in data["duties"]),
        bulletins=tuple(
            BulletinPlan(e["bulletin"], date.fromisoformat(e["from"]), e["cut_off_days"]) for e in data["bulletins"]
        ),
        record=record,
    )


def _phase(entry: Mapping[str, Any]) -> Phase:
    starts = entry.get("starts_on")
    return Phase(
        id=entry["id"],
        title=entry["title"],
        starts_on=date.fromisoformat(starts) if starts else None,
        ends_on=date.fromisoformat(entry["ends_on"]),
        tasks=tuple(entry.get("tasks", ())),
    )


def _duty(entry: Mapping[str, Any], starts_on: date, ends_on: date) -> Duty:
    due, owed = entry["due"], entry.get("owed_by", {})
    by = due.get("by")
    return Duty(
        id=entry["id"],
        title=entry["title"],
        source=entry.get("source", ""),
        kind=entry["answered_by"]["kind"],
        where=entry["answered_by"].get("where", {}),
        due=Due(
            rhythm=Rhythm(due["every"]),
            first=date.fromisoformat(due["from"]) if "from" in due else starts_on,
            last=date.fromisoformat(due["until"]) if "until" in due else ends_on,
            by=date.fromisoformat(by) if by else None,
            day=due.get("day"),
            month=due.get("month"),
            days_after=due.get("days_after", 0),
        ),
        count=entry.get("count", 1),
        must_include=frozenset(entry.get("must_include", ())),
        tiers=frozenset(Tier(t) for t in owed.get("tiers", ())),
        types=frozenset(owed.get("types", ())),
        crowded_place=owed.get("crowded_place", False),
    )
