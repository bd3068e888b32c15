"""What a reader of the public edition can be shown, as plain values: no record, no private field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from generator.ledger.campaign import Obligation, Phase
from generator.ledger.criteria import Clause
from generator.ledger.duties import Status
from generator.ledger.figures import Figures
from generator.ledger.roll import Organisation, Tier


class Event(NamedTuple):
    """A dated line of a timeline. `kind` picks the mark that stands before it."""

    day: date
    kind: str
    title: str
    text: str
    href: str = ""


class Tick(NamedTuple):
    """One obligation in a calendar of ticks."""

    label: str
    due: date
    filed_on: date | None
    status: Status
    days_left: int


class DutyRow(NamedTuple):
    """A duty with all its occurrences for one organisation."""

    title: str
    source: str
    ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class HazardView:
    """A hazard the public may see. Money in 元."""

    ref: str
    number: str
    unit: str
    unit_name: str
    fields: Mapping[str, Any]
    """The public fields of the hazard's record."""
    words: Mapping[str, str]
    """The Chinese words for its choice fields: category, nature, source."""
    level: str
    state: str
    state_label: str
    is_open: bool
    discovered_on: date
    original_deadline: date | None
    deadline: date | None
    days_overdue: int
    times_extended: int
    times_failed: int
    times_relapsed: int
    closed_on: date | None
    legacy: bool
    essentials: Mapping[str, bool]
    clauses: tuple[Clause, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True)
class ExposureView:
    """A published exposure, for good: also when rectified, archived or withdrawn."""

    campaign: str
    name: str
    number: str
    unit: str
    unit_name: str
    kind: str
    fields: Mapping[str, Any]
    published_on: date
    stage: str
    stage_label: str
    is_current: bool
    is_withdrawn: bool
    rectified_on: date | None
    archived_on: date | None
    corrections: tuple[Mapping[str, Any], ...]
    disputed: bool
    reply: str
    events: tuple[Event, ...]
    hazard: HazardView | None

    @property
    def href(self) -> str:
        return f"exposures/{self.campaign}/{self.name}/"

    @property
    def title(self) -> str:
        """The headline, or what stands in its place once the exposure was withdrawn."""
        return "（已撤回）" if self.is_withdrawn else str(self.fields["title"])


@dataclass(frozen=True)
class UnitView:
    """One organisation of a roll."""

    campaign: str
    org: Organisation
    type_label: str
    tier_label: str
    peer_label: str
    parent: Organisation | None
    children: tuple[Organisation, ...]
    figures: Figures
    """Since the campaign began."""
    duties: tuple[DutyRow, ...]
    hazards: tuple[HazardView, ...]
    exposures: tuple[ExposureView, ...]
    events: tuple[Event, ...]

    @property
    def href(self) -> str:
        return f"units/{self.campaign}/{self.org.id}/"

    @property
    def group(self) -> str:
        """Under which heading a list shows it: its county, or the units of its kind."""
        if self.org.tier is Tier.COUNTY_UNIT and self.parent:
            return self.parent.name
        return self.org.name if self.org.tier is Tier.COUNTY else self.peer_label

    @cached_property
    def counts(self) -> Mapping[Status, int]:
        """How many obligations stand how."""
        ticks = [tick for row in self.duties for tick in row.ticks]
        return {status: sum(1 for tick in ticks if tick.status is status) for status in Status}


@dataclass(frozen=True)
class CampaignView:
    """One campaign at one date."""

    id: str
    at: date
    title: str
    short_title: str
    fields: Mapping[str, Any]
    demo: bool
    starts_on: date
    ends_on: date
    archived_on: date | None
    phases: tuple[Phase, ...]
    phase: Phase | None
    obligations: tuple[Obligation, ...]
    figures: Figures
    units: tuple[UnitView, ...]
    hazards: tuple[HazardView, ...]
    exposures: tuple[ExposureView, ...]

    @property
    def href(self) -> str:
        return f"campaigns/{self.id}/"

    @property
    def has_begun(self) -> bool:
        return self.at >= self.starts_on

    @property
    def is_archived(self) -> bool:
        """Whether the state shown is final: the campaign's archive day has come."""
        return self.archived_on is not None and self.at >= self.archived_on

    @property
    def filing_units(self) -> tuple[UnitView, ...]:
        return tuple(unit for unit in self.units if unit.org.files)

    @property
    def overdue(self) -> tuple[HazardView, ...]:
        """Open major hazards past their deadline, the longest first."""
        return tuple(sorted((h for h in self.hazards if h.days_overdue), key=lambda h: (-h.days_overdue, h.ref)))

    @property
    def open_hazards(self) -> tuple[HazardView, ...]:
        return tuple(h for h in self.hazards if h.is_open)

    @property
    def current_exposures(self) -> tuple[ExposureView, ...]:
        return tuple(e for e in self.exposures if e.is_current)

    def coming(self, count: int) -> tuple[Obligation, ...]:
        """The next obligations that fall due after the date shown."""
        return tuple(o for o in self.obligations if o.due > self.at)[:count]
