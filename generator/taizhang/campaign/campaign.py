"""A campaign as data: its dates, phases, duties and bulletins, from `campaign.yml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from taizhang.campaign.calendar import WorkCalendar
from taizhang.campaign.obligations import Duty, Obligation, obligations, read_duty, special_checks
from taizhang.campaign.periods import Period, Rhythm
from taizhang.intake.records import Record

PLACEHOLDER = "请填写"
"""What a text begins with that the template leaves to the office."""

NIL_DAYS = 3
"""Days before it is due from which on a nil return may come, be its period over or not."""
FRIDAY = 5
"""By ISO 8601."""


@dataclass(frozen=True)
class Phase:
    """A phase of the campaign. Phases and duties are independent lists."""

    id: str
    title: str
    starts_on: date | None
    ends_on: date
    tasks: tuple[str, ...]


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
class Criterion:
    """One line of the assessment's rubric: points for each occurrence of what is measured, up to a limit."""

    title: str
    measure: str
    points: int
    limit: int


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
    exposure_kinds: frozenset[str]
    """What the notice says is exposed: two kinds in notice A (A46), three in B (B19); empty where it sets none."""
    exposure_retention_days: int
    """How many days an exposure stays listed after the hazard was put right; 0 where the campaign sets none."""
    contact_bodies: tuple[str, ...]
    """The two organisations that must both agree to a change of contacts. Notice A68."""
    reviewers: Mapping[str, tuple[str, ...]]
    """Logins or teams that review, by role: office, committee, disclosure, it. Never public."""
    telephones: tuple[str, ...]
    """The telephones that the office makes known: everywhere else a number is taken for a person's."""
    sealing_key: Mapping[str, str] | None
    """The office's public key, for which personal data is sealed."""
    rubric: tuple[Criterion, ...]
    """The assessment's criteria; empty where the campaign has none."""
    evidence_on_paper: bool
    """Evidence of closures is kept in a paper archive, so records need not cite files."""
    phases: tuple[Phase, ...]
    duties: tuple[Duty, ...]
    bulletins: tuple[BulletinPlan, ...]
    record: Record

    @property
    def data(self) -> Mapping[str, Any]:
        """Everything in `campaign.yml`, for the texts that only pages need."""
        return self.record.data

    def schedule(self, calendar: WorkCalendar, records: Iterable[Record] = ()) -> tuple[Obligation, ...]:
        """Every obligation of the campaign, and of the lessons among `records`, in the order of its due date."""
        owed = [*((duty, date.min) for duty in self.duties), *special_checks(records)]
        found = [o for duty, opened_on in owed for o in obligations(duty, calendar, self.weekend_policy, opened_on)]
        return tuple(sorted(found, key=lambda o: o.due))

    def nil_from(self, kind: str, period: Period, calendar: WorkCalendar) -> date:
        """The first day on which units may say that a period had nothing new.

        That is its last day, or the Friday before where that is a weekend; and in any case NIL_DAYS before it is due,
        for a month's report may be due within the month.
        """
        last = period.end - timedelta(days=max(0, period.end.isoweekday() - FRIDAY))
        due = [calendar.shifted(d.due.last_day(period), self.weekend_policy) for d in self.duties if d.kind == kind]
        return min([last, *(day - timedelta(days=NIL_DAYS) for day in due)])

    @property
    def returns_name(self) -> str:
        """What its units file every week or month, by the duties' titles: 周报. Empty where they file none."""
        return "、".join(dict.fromkeys(duty.title for duty in self.duties if duty.is_return))

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
        exposure_kinds=frozenset(data.get("exposure_kinds", ())),
        exposure_retention_days=data.get("exposure_retention_days", 0),
        contact_bodies=tuple(data.get("contact_bodies", ())),
        reviewers={role: tuple(logins) for role, logins in data.get("reviewers", {}).items()},
        telephones=tuple(data.get("telephones", ())),
        sealing_key=data.get("sealing_key"),
        rubric=tuple(
            Criterion(e["title"], e["measure"], e["points"], e["limit"])
            for e in data.get("assessment", {}).get("criteria", ())
        ),
        evidence_on_paper=data.get("evidence_on_paper", False),
        phases=tuple(_phase(entry) for entry in data["phases"]),
        duties=tuple(read_duty(entry, starts_on, ends_on) for entry in data["duties"]),
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
