"""What the simulation knows: the campaign, its organisations, office days, and the records it has in mind."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from bench.simulate.material import material

DAY = timedelta(days=1)
NOT_FILING = frozenset({"office", "committee"})


def stream(seed: int, *parts: str) -> random.Random:
    """A source of random numbers of its own for one purpose: adding an organisation does not disturb the others."""
    return random.Random("/".join([str(seed), *parts]))


@dataclass(frozen=True)
class Temperament:
    """How an organisation behaves: chances that a filing is late, missing, or a nil return when nothing happened."""

    late: float
    missing: float
    nil: float
    slow: float
    """Chance that a hazard is put right only after its deadline."""


TEMPERAMENTS: Sequence[tuple[float, Temperament]] = (
    (0.55, Temperament(late=0.02, missing=0.0, nil=0.2, slow=0.08)),
    (0.20, Temperament(late=0.28, missing=0.02, nil=0.2, slow=0.16)),
    (0.15, Temperament(late=0.05, missing=0.01, nil=0.9, slow=0.12)),
    (0.10, Temperament(late=0.2, missing=0.18, nil=0.3, slow=0.3)),
)


@dataclass(frozen=True)
class RollEntry:
    """One line of roll.yml."""

    id: str
    name: str
    type: str
    tier: str
    parent: str | None
    crowded_place: bool
    peer_group: str
    joined_on: date | None
    left_on: date | None
    temperament: Temperament

    def present(self, day: date) -> bool:
        """Whether the organisation takes part on this day; the day it leaves still counts."""
        return (self.joined_on is None or self.joined_on <= day) and (self.left_on is None or day <= self.left_on)


@dataclass(eq=False)
class RecordDraft:
    """A record in the making. A draft inside `body` stands for a reference to it, written once it has its name."""

    folder: str
    kind: str
    filed_on: date
    body: dict[str, Any]
    name: str = ""

    @property
    def reference(self) -> str:
        """How other records cite this one."""
        return f"{self.folder}/{self.name}"


@dataclass(frozen=True)
class World:
    """A campaign and its organisations, with the seed from which everything about them follows."""

    campaign: Mapping[str, Any]
    organisations: Mapping[str, RollEntry]
    seed: int
    starts_on: date
    ends_on: date
    last_day: date
    """Nothing is filed after this day."""
    quiet_days: frozenset[str] = field(default_factory=lambda: frozenset(material()["quiet_days"]))

    @cached_property
    def filing(self) -> Sequence[RollEntry]:
        """The organisations that keep a ledger: all but the office and the committee."""
        return [unit for unit in self.organisations.values() if unit.tier not in NOT_FILING]

    def superiors(self, unit: RollEntry, day: date) -> list[RollEntry]:
        """The organisations above `unit` that take part on this day, nearest first."""
        return [above for above in self._above(unit) if above.present(day)]

    def _above(self, unit: RollEntry) -> Iterator[RollEntry]:
        seen = {unit.id}
        above = self.organisations.get(unit.parent or "")
        while above is not None and above.id not in seen:
            seen.add(above.id)
            yield above
            above = self.organisations.get(above.parent or "")

    def window(self, unit: RollEntry) -> tuple[date, date]:
        """First and last day on which `unit` can file."""
        first = max(self.starts_on, unit.joined_on or self.starts_on)
        return first, min(self.last_day, unit.left_on or self.last_day)

    def is_office_day(self, day: date) -> bool:
        """Monday to Friday, and none of the days on which offices always rest."""
        return day.weekday() < 5 and f"{day:%m-%d}" not in self.quiet_days

    def office_day(self, day: date) -> date:
        """`day`, or the first office day after it."""
        while not self.is_office_day(day):
            day += DAY
        return day

    def office_day_before(self, day: date, not_before: date) -> date:
        """`day`, or the last office day before it; `day` itself when there is none since `not_before`."""
        found = day
        while not self.is_office_day(found):
            found -= DAY
        return found if found >= not_before else day


def world(campaign: Mapping[str, Any], roll: Mapping[str, Any], seed: int) -> World:
    """The world described by a parsed campaign.yml and roll.yml."""
    ends = date.fromisoformat(campaign["ends_on"])
    starts = max(date.fromisoformat(campaign["starts_on"]), date.fromisoformat(campaign["issued_on"]))
    units = {line["id"]: _organisation(line, seed) for line in roll["organisations"]}
    last = date.fromisoformat(campaign.get("archived_on", campaign["ends_on"]))
    return World(campaign, units, seed, starts, ends, last)


def _organisation(line: Mapping[str, Any], seed: int) -> RollEntry:
    weights, temperaments = zip(*TEMPERAMENTS, strict=True)
    return RollEntry(
        id=line["id"],
        name=line["name"],
        type=line["type"],
        tier=line["tier"],
        parent=line.get("parent"),
        crowded_place=line.get("crowded_place", False),
        peer_group=line["peer_group"],
        joined_on=_date(line.get("joined_on")),
        left_on=_date(line.get("left_on")),
        temperament=stream(seed, line["id"], "temperament").choices(temperaments, weights)[0],
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
