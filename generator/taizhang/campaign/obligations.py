"""What is owed: the duties of a campaign, and the obligations they come to, lessons' special checks among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from taizhang.campaign.calendar import WorkCalendar
from taizhang.campaign.due import Due, read_due
from taizhang.campaign.periods import Period
from taizhang.campaign.roll import Organisation, Tier
from taizhang.intake.records import Record


@dataclass(frozen=True)
class Addressees:
    """Whom a duty addresses. Empty sets and a false flag leave nobody out, save those who only direct."""

    tiers: frozenset[Tier]
    types: frozenset[str]
    peer_groups: frozenset[str]
    crowded_place: bool

    def __contains__(self, org: Organisation) -> bool:
        return (
            (org.tier in self.tiers if self.tiers else org.files)
            and (not self.types or org.type in self.types)
            and (not self.peer_groups or org.peer_group in self.peer_groups)
            and (org.crowded_place or not self.crowded_place)
        )


@dataclass(frozen=True)
class Duty:
    """One thing that is owed: which records answer it, how many, containing what, by when, owed by whom."""

    id: str
    title: str
    source: str
    kind: str
    where: Mapping[str, str]
    """Fields of the record and the values they must have, as text."""
    due: Due
    count: int
    must_include: frozenset[str]
    owed: Addressees

    @property
    def is_return(self) -> bool:
        """Whether it is a periodic return (周报, 月报), which 报送率 counts, and no other duty."""
        return self.kind in ("weekly", "monthly")

    def answered_by(self, record: Record) -> bool:
        """Whether the record is of the kind and says what the duty asks; when it happened is another matter."""
        return record.kind.name == self.kind and all(said(record, name) == value for name, value in self.where.items())

    def owed_by(self, org: Organisation) -> bool:
        """Whether the duty addresses this organisation at all, whatever the day."""
        return org in self.owed


@dataclass(frozen=True)
class Obligation:
    """One occurrence of a duty: its period, if it has one, and the last day that is on time (to 24:00)."""

    duty: Duty
    period: Period | None
    due: date
    opened_on: date = date.min
    """The day it came to be owed: a special check is owed from the day of its lesson on."""
    provisional: bool = False
    """Shifted for a weekend in a year whose holidays are not on file, so by Monday to Friday alone."""

    @property
    def label(self) -> str:
        return f"{self.duty.title}（{self.period.label}）" if self.period else self.duty.title

    def owed_by(self, org: Organisation) -> bool:
        """An organisation owes a period if it was on the roll on the period's last day."""
        return self.duty.owed_by(org) and org.existed_on(self.period.end if self.period else self.due)


def said(record: Record, name: str) -> str | None:
    """A field of one value as `where` writes it: text, with true and false in lower case."""
    value = record.data.get(name)
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def obligations(duty: Duty, calendar: WorkCalendar, weekend_policy: str, opened_on: date) -> Iterator[Obligation]:
    """Every obligation that a duty comes to, shifted as the campaign shifts what falls on a day off."""
    for period, due in duty.due.occurrences():
        day = calendar.shifted(due, weekend_policy)
        provisional = weekend_policy != "none" and not (calendar.knows(due) and calendar.knows(day))
        yield Obligation(duty, period, day, opened_on, provisional)


def special_checks(records: Iterable[Record]) -> Iterator[tuple[Duty, date]]:
    """The duties that lessons open, each with the day of its lesson: look for the same hazard. Notices A20 and B22."""
    for record in records:
        if record.kind.name == "lessons" and not record.withdrawn and "check" in record.data:
            yield _special_check(record, record.data["check"]), record.filed_on


def _special_check(lesson: Record, check: Mapping[str, Any]) -> Duty:
    by = date.fromisoformat(check["due"])
    return Duty(
        id=f"lesson-{lesson.name}",
        title=f"以案为鉴：{check['topic']}",
        source=lesson.data["title"],
        kind="activities",
        where={"activity": "special_check", "lesson": lesson.ref},
        due=read_due({"every": "once", "by": check["due"]}, by, by),
        count=1,
        must_include=frozenset(),
        owed=_owed(check.get("owed_by", {})),
    )


def read_duty(entry: Mapping[str, Any], first: date, last: date) -> Duty:
    """A duty from `campaign.yml`; `first` and `last` are the campaign's."""
    return Duty(
        id=entry["id"],
        title=entry["title"],
        source=entry.get("source", ""),
        kind=entry["answered_by"]["kind"],
        where=entry["answered_by"].get("where", {}),
        due=read_due(entry["due"], first, last),
        count=entry.get("count", 1),
        must_include=frozenset(entry.get("must_include", ())),
        owed=_owed(entry.get("owed_by", {})),
    )


def _owed(entry: Mapping[str, Any]) -> Addressees:
    return Addressees(
        tiers=frozenset(Tier(t) for t in entry.get("tiers", ())),
        types=frozenset(entry.get("types", ())),
        peer_groups=frozenset(entry.get("peer_groups", ())),
        crowded_place=entry.get("crowded_place", False),
    )
