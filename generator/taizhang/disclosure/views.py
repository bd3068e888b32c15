"""What a reader of the public edition can be shown, as plain values: no record, no private field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from taizhang.campaign.campaign import Phase
from taizhang.campaign.obligations import Obligation
from taizhang.campaign.roll import Organisation, Tier
from taizhang.disclosure.hazards import HazardView, TimelineEvent
from taizhang.disclosure.oversight import Accident, Assessment, Lesson, OrderView, Practice, Resources, Tip, Visit
from taizhang.disclosure.photos import Photo
from taizhang.disclosure.plain_kinds import PlainKind
from taizhang.disclosure.rows import Rows
from taizhang.disclosure.scopes import ScopeFigures
from taizhang.figures.figures import Figures
from taizhang.ledger.duties import Status

_GROUP_ORDER = {Tier.DIRECT: 0, Tier.COUNTY: 1, Tier.COUNTY_UNIT: 1, Tier.OFFICE: 2, Tier.COMMITTEE: 2}


MOST_TIMES = 12
"""How often a duty may come round and still be worth a line on a calendar."""


class Tick(NamedTuple):
    """One obligation in a calendar of ticks. `note` is what the periodic filing that answered it says."""

    label: str
    due: date
    filed_on: date | None
    status: Status
    days_left: int
    note: str = ""


class DutyRow(NamedTuple):
    """A duty with all its occurrences for one organisation."""

    duty: str
    """Its id."""
    title: str
    source: str
    ticks: tuple[Tick, ...]

    @property
    def months(self) -> tuple[tuple[str, tuple[Tick, ...]], ...]:
        """The occurrences by the month they fall due in, a new year named where it begins."""
        months = groupby(self.ticks, key=lambda tick: (tick.due.year, tick.due.month))
        named = [(year, f"{month}月", tuple(ticks)) for (year, month), ticks in months]
        years = [None, *(year for year, *_ in named)]
        several = len(self.ticks) > 1 and self.ticks[-1].due.year - self.ticks[0].due.year > 1
        return tuple(
            (f"{year}年{month}" if several and year != before else month, ticks)
            for (year, month, ticks), before in zip(named, years, strict=False)
        )

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many occurrences stand how."""
        return count_statuses(self.ticks)


def count_statuses(ticks: Iterable[Tick]) -> Mapping[Status, int]:
    """How many obligations stand how, every status named."""
    found = Counter(tick.status for tick in ticks)
    return {status: found[status] for status in Status}


class Reply(NamedTuple):
    """What the unit wrote about its exposure: 单位说明, 异议 or 更正申请. It stays beside the exposure for good."""

    kind: str
    label: str
    dated: date
    text: str


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
    """What the office noted of the unit's answer; empty where the answer itself is on file."""
    replies: tuple[Reply, ...]
    events: tuple[TimelineEvent, ...]
    hazard: HazardView | None
    photos: Sequence[Photo] = ()

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
    contacts_status: str
    """已备案 or 未备案, and nothing more of the contacts; empty where the campaign does not ask for them."""
    since_start: ScopeFigures
    """From the campaign's first day to the date shown."""
    duties: tuple[DutyRow, ...]
    hazards: tuple[HazardView, ...]
    exposures: tuple[ExposureView, ...]
    orders: tuple[OrderView, ...]
    visits: tuple[Visit, ...]
    resources: Resources
    practices: tuple[Practice, ...]
    accidents: tuple[Accident, ...]
    plain: tuple[PlainKind, ...]
    """What no view of its own tells of."""
    events: tuple[TimelineEvent, ...]

    @property
    def href(self) -> str:
        return f"units/{self.campaign}/{self.org.id}/"

    @property
    def figures(self) -> Figures:
        return self.since_start.figures

    @cached_property
    def counts(self) -> Mapping[Status, int]:
        """How many obligations stand how."""
        return count_statuses(tick for row in self.duties for tick in row.ticks)

    @property
    def dated_duties(self) -> tuple[tuple[DutyRow, Tick], ...]:
        """Duties that are owed once, each with its one occurrence."""
        return tuple((row, row.ticks[0]) for row in self.duties if len(row.ticks) == 1)

    @property
    def periodic_duties(self) -> tuple[DutyRow, ...]:
        """Duties that come round."""
        return tuple(row for row in self.duties if len(row.ticks) > 1)


class UnitGroup(NamedTuple):
    """Units under one heading of a list, with the county commission that stands above them first."""

    title: str
    units: tuple[UnitView, ...]

    @property
    def since_start(self) -> ScopeFigures:
        """What the units come to together. Its rows are those of the units, which its first one's page lists."""
        first = self.units[0]
        together = sum((unit.figures for unit in self.units), Figures())
        summed = replace(first.since_start, figures=together, rows=f"{first.href}#below")
        return replace(summed, scope=f"{summed.scope}/below")

    @property
    def figures(self) -> Figures:
        return self.since_start.figures


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
    returns_name: str
    """What its units file every week or month: 周报."""
    since_start: ScopeFigures
    """Of all organisations together, from the campaign's first day to the date shown."""
    units: tuple[UnitView, ...]
    hazards: tuple[HazardView, ...]
    exposures: tuple[ExposureView, ...]
    orders: tuple[OrderView, ...]
    visits: tuple[Visit, ...]
    lessons: tuple[Lesson, ...]
    practices: tuple[Practice, ...]
    tips: tuple[Tip, ...]
    hazard_units: Mapping[str, str]
    """The unit of every hazard on file, also of those that are only counted."""
    assessment: Assessment | None
    """None where the campaign has no assessment or keeps it to itself."""
    behind: Rows = field(default_factory=dict, repr=False)
    """What stands behind the figures since the start."""

    @property
    def figures(self) -> Figures:
        return self.since_start.figures

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
    def is_running(self) -> bool:
        return self.has_begun and self.at <= self.ends_on

    @property
    def filing_units(self) -> tuple[UnitView, ...]:
        return tuple(unit for unit in self.units if unit.org.files)

    @cached_property
    def groups(self) -> tuple[UnitGroup, ...]:
        """The units as a list shows them: those directly below the office by kind, then county by county, then
        who directs. Within a group the order is the roll's."""
        counties = {unit.org.id: unit for unit in self.units if unit.org.tier is Tier.COUNTY}
        groups: dict[tuple[str, str], list[UnitView]] = {}
        for unit in sorted(self.units, key=lambda unit: _GROUP_ORDER[unit.org.tier]):
            county = counties.get(unit.org.parent or "") or counties.get(unit.org.id)
            if county:
                key = (county.org.id, f"{county.org.short_name}及所属单位")
            elif unit.org.files:
                key = ("", f"直属单位：{unit.peer_label}" if counties else unit.peer_label)
            else:
                key = ("", "组织和督办单位")
            groups.setdefault(key, []).append(unit)
        return tuple(UnitGroup(title, tuple(units)) for (_, title), units in groups.items())

    def fulfilment(self, duty: str) -> Mapping[Status, int]:
        """How all units together stand with a duty, by its id."""
        rows = (row for unit in self.units for row in unit.duties if row.duty == duty)
        return count_statuses(tick for row in rows for tick in row.ticks)

    def standing(self, duty: str, status: Status) -> Iterator[tuple[Organisation, int]]:
        """The organisations that stand so with a duty, by its id, and how often."""
        for unit in self.units:
            times = sum(row.counts[status] for row in unit.duties if row.duty == duty)
            if times:
                yield unit.org, times

    @property
    def overdue(self) -> tuple[HazardView, ...]:
        """Open major hazards past their deadline, the longest first."""
        return tuple(sorted((h for h in self.hazards if h.days_overdue), key=lambda h: (-h.days_overdue, h.ref)))

    @property
    def open_hazards(self) -> tuple[HazardView, ...]:
        """Open major hazards, the one that falls due first on top."""
        return tuple(sorted((h for h in self.hazards if h.is_open), key=lambda h: (h.deadline or date.max, h.ref)))

    @property
    def current_exposures(self) -> tuple[ExposureView, ...]:
        return tuple(e for e in self.exposures if e.is_current)

    def coming(self, count: int) -> tuple[Obligation, ...]:
        """The next obligation of each duty that falls due on the date shown or later, the soonest first."""
        ahead: dict[str, Obligation] = {}
        for obligation in self.obligations:
            if obligation.due >= self.at:
                ahead.setdefault(obligation.duty.id, obligation)
        return tuple(sorted(ahead.values(), key=lambda o: o.due))[:count]

    @property
    def deadlines(self) -> Mapping[date, tuple[str, ...]]:
        """The dates by which something is due, with what; what comes round more than a dozen times is left out."""
        times = Counter(o.duty.id for o in self.obligations)
        found: dict[date, tuple[str, ...]] = {}
        for o in self.obligations:
            if times[o.duty.id] <= MOST_TIMES:
                found[o.due] = (*found.get(o.due, ()), o.duty.title)
        return found
