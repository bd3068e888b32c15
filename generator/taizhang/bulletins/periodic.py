"""The bulletins of a campaign: every issue as it was issued, and for the other periods what would be issued now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Any, NamedTuple

from taizhang.bulletins.revisions import (
    Correction,
    FigureChange,
    Revision,
    bulletins_of,
    by_period,
    changes,
    corrections,
    last_number,
    predecessor,
    revision_of,
)
from taizhang.campaign.campaign import BulletinPlan
from taizhang.campaign.obligations import Obligation
from taizhang.campaign.periods import Period, Rhythm
from taizhang.campaign.plans import BULLETINS, cut_off_of, period_of, plan_of, planned
from taizhang.campaign.roll import Organisation
from taizhang.disclosure.behind import rows_behind
from taizhang.disclosure.hazards import HazardView, hazard_view
from taizhang.disclosure.oversight import OrderView, Tip, Visit
from taizhang.disclosure.projection import may_be_public, public_fields
from taizhang.disclosure.rows import Rows
from taizhang.disclosure.scopes import ScopeFigures
from taizhang.disclosure.supervision import read_oversight
from taizhang.disclosure.views import CampaignView, ExposureView
from taizhang.figures.figures import Figures
from taizhang.figures.register import EDITION
from taizhang.figures.tables import PeriodFigures, UnitRow, counted_figures, period_figures
from taizhang.intake.records import Record
from taizhang.ledger.duties import Status
from taizhang.ledger.exposures import Exposure, Stage
from taizhang.ledger.ledger import Ledger

COMING_WITHIN = timedelta(days=45)


class Named(NamedTuple):
    """An organisation named in a sentence, with how many filings the sentence speaks of."""

    org: Organisation
    times: int


@dataclass(frozen=True)
class Bulletin:
    """One issue in one revision. `number` runs within the campaign and the kind, from 1."""

    campaign: str
    kind: str
    number: int
    period: Period
    cut_off: date
    table: PeriodFigures
    previous: Figures | None
    open_hazards: tuple[HazardView, ...]
    exposed: tuple[ExposureView, ...]
    rectified: tuple[ExposureView, ...]
    orders: tuple[OrderView, ...]
    visits: tuple[Visit, ...]
    tips: tuple[Tip, ...]
    coming: tuple[Obligation, ...]
    words: Mapping[str, Any]
    """What the office wrote: issued_on, remarks, good_practices, requirements; empty if no record was filed."""
    revision: Revision | None = None
    """None where nothing was issued or drafted, and all is counted at this moment."""
    revisions: tuple[Revision, ...] = ()
    """All of the period, the first one first."""
    others: tuple[Bulletin, ...] = ()
    """The other revisions that can be read, the first one first."""
    corrections: tuple[Correction, ...] = ()
    """What it tells of earlier issues that were corrected."""
    changed: tuple[FigureChange, ...] = ()
    """In which figures it differs from the revision before it."""
    behind: Rows = field(default_factory=dict, repr=False)
    returns: str = ""
    """What the campaign's units file every week or month."""
    is_current: bool = True
    """Whether it is the revision in force, or what stands for one."""

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.period.key}"

    @property
    def title(self) -> str:
        """What the issue is called: 周统计第3期."""
        return f"{BULLETINS[self.kind]}第{self.number}期"

    @property
    def home(self) -> str:
        """Where the issue stands, in whatever revision is in force."""
        return f"bulletins/{self.campaign}/{self.name}/"

    @property
    def href(self) -> str:
        return self.home if self.is_current else self.permanent

    @property
    def permanent(self) -> str:
        """Where this revision stands for good."""
        return f"{self.home}r{self.revision.revision}/" if self.revision else self.home

    @property
    def behind_href(self) -> str:
        """The page with the rows behind every figure."""
        return f"{self.href}rows/"

    def anchor(self, row: str, column: str) -> str:
        """Where the rows behind a figure stand. `row` is an organisation's id, `total`, or a county's after `part-`."""
        return f"{self.behind_href}#{row}.{column}"

    @property
    def edition(self) -> int:
        """The edition of the register of figures that it tells."""
        return self.revision.register_edition if self.revision else EDITION

    def scoped(self, row: str, figures: Figures) -> ScopeFigures:
        """Figures of a row with their words and their rows: of an organisation, of all, of a county with its units."""
        scope = {"total": self.campaign}.get(row, f"{self.campaign}/{row}")
        return ScopeFigures(scope, figures, self.period.start, self.period.end, self.returns, self.anchor(row, ""))

    @property
    def is_issued(self) -> bool:
        """Whether it was issued and stands, in force or superseded."""
        return self.revision is not None and self.revision.is_issued

    @property
    def is_superseded(self) -> bool:
        """Whether a later revision took its place."""
        return self.is_issued and not self.is_current

    @property
    def total(self) -> Figures:
        return self.table.total

    @property
    def overdue(self) -> tuple[HazardView, ...]:
        """Open major hazards past their deadline when the period ended, the longest first."""
        return tuple(sorted((h for h in self.open_hazards if h.days_overdue), key=lambda h: (-h.days_overdue, h.ref)))

    @property
    def essentials_missing(self) -> tuple[HazardView, ...]:
        """Open major hazards whose five essentials are not complete."""
        return tuple(h for h in self.open_hazards if not all(h.essentials.values()))

    @cached_property
    def late(self) -> tuple[Named, ...]:
        return self._named(Status.LATE)

    @cached_property
    def missing(self) -> tuple[Named, ...]:
        return self._named(Status.MISSING)

    @cached_property
    def nil(self) -> tuple[Named, ...]:
        return self._named(Status.NIL)

    def _named(self, status: Status) -> tuple[Named, ...]:
        counted = ((row, row.statuses.count(status)) for row in self.table.rows)
        return tuple(Named(row.org, count) for row, count in counted if count)

    @property
    def reporting(self) -> tuple[UnitRow, ...]:
        """The rows of organisations that owed a filing in the period."""
        return tuple(row for row in self.table.rows if row.statuses)


Sources = Mapping[str, Ledger]
"""For the path of each revision that was verified, the ledger that its figures come from."""

NOTHING_VERIFIED: Sources = MappingProxyType({})


def published(ledger: Ledger, view: CampaignView, sources: Sources = NOTHING_VERIFIED) -> tuple[Bulletin, ...]:
    """The bulletin of every period whose cut-off has passed by the ledger's date, the oldest first, weekly first.

    What was issued and verified is shown as it was; what was issued and not verified is left out. A period without
    any record is counted from the ledger as it stands.
    """
    return tuple(b for plan in ledger.campaign.bulletins for b in _series(ledger, view, plan, sources))


def _series(ledger: Ledger, view: CampaignView, plan: BulletinPlan, sources: Sources) -> Iterator[Bulletin]:
    on_file = by_period(bulletins_of(ledger))
    number = last_number(bulletins_of(ledger), plan.bulletin)
    for period in planned(ledger.campaign, plan):
        if cut_off_of(period, plan) > ledger.at:
            break
        records = on_file.get((plan.bulletin, period.key), ())
        if records:
            yield from _issued(ledger, view, plan, records, sources)
        else:
            number += 1
            yield compose(ledger, view, plan, period, number)


def _issued(
    ledger: Ledger, view: CampaignView, plan: BulletinPlan, records: tuple[Record, ...], sources: Sources
) -> Iterator[Bulletin]:
    """The issue of one period in the revision in force, with the others; nothing where none was verified."""
    revisions = tuple(revision_of(record) for record in records)
    if all(record.withdrawn for record in records):
        period = period_of(ledger.campaign, plan, records[0].data["period"])
        yield replace(compose(ledger, view, plan, period, records[0].data["number"]), revisions=revisions)
        return
    bulletins = [
        replace(_revised(ledger, view, record, sources[record.path]), revisions=revisions)
        for record in records
        if record.path in sources and not record.withdrawn
    ]
    current = next((b for b in reversed(bulletins) if b.is_issued), bulletins[-1] if bulletins else None)
    if current:
        others = tuple(replace(b, is_current=False) for b in bulletins if b is not current)
        yield replace(current, others=others)


def _revised(ledger: Ledger, view: CampaignView, record: Record, source: Ledger) -> Bulletin:
    plan = plan_of(source.campaign, record.data["bulletin"])
    period = period_of(source.campaign, plan, record.data["period"])
    on_file = {r.ref: r for r in bulletins_of(ledger)}
    before = predecessor(record, on_file.values())
    returns = source.campaign.returns_name
    return replace(
        compose(source, view, plan, period, record.data["number"]),
        words={name: value for name, value in public_fields(record).items() if name != "figures"},
        revision=revision_of(record),
        corrections=tuple(corrections(record, on_file, ledger.roll, returns)),
        changed=tuple(changes(before, record, ledger.roll, returns)) if before else (),
    )


def compose(ledger: Ledger, present: CampaignView, plan: BulletinPlan, period: Period, number: int) -> Bulletin:
    """Count one period at its cut-off. What the public reads of exposures and hazards is worded as in `present`."""
    cut_off = cut_off_of(period, plan)
    then = ledger.on(cut_off)
    table, counted = counted_figures(then, period, cut_off)
    end = then.on(period.end)
    standing = [h for h in end.hazards if may_be_public(h) and h.state.is_open]
    hazards = {h.ref: hazard_view(then, h) for h in then.hazards if may_be_public(h)}
    exposures = _exposures(then, hazards, present)
    oversight = read_oversight(then, hazards)
    return Bulletin(
        campaign=ledger.campaign.id,
        kind=plan.bulletin,
        number=number,
        period=period,
        cut_off=cut_off,
        table=table,
        previous=total_before(then, plan, period),
        open_hazards=tuple(_renamed(hazard_view(end, h), present) for h in standing),
        exposed=tuple(e for e in exposures if e.published_on in period),
        rectified=tuple(e for e in exposures if e.rectified_on and e.rectified_on in period),
        orders=tuple(o for o in oversight.orders if o.filed_on in period),
        visits=tuple(v for v in oversight.visits if v.visited_on in period),
        tips=tuple(t for t in oversight.tips if t.closed_on in period),
        coming=coming_after(then, cut_off),
        words={},
        behind=rows_behind(counted, present, cut_off),
        returns=ledger.campaign.returns_name,
    )


def total_before(ledger: Ledger, plan: BulletinPlan, period: Period) -> Figures | None:
    """The total of the period before, if the plan has one."""
    before = period.previous
    if before.end < plan.first:
        return None
    cut_off = cut_off_of(before, plan)
    return period_figures(ledger.on(cut_off), before, cut_off).total


def _exposures(then: Ledger, hazards: Mapping[str, HazardView], present: CampaignView) -> tuple[ExposureView, ...]:
    """What was exposed by then, the newest first, with its days of then in the words of now.

    So what was withdrawn since is not repeated.
    """
    now = {exposure.name: exposure for exposure in present.exposures}
    public = [e for e in then.exposures if e.is_public(then.at) and e.record.name in now]
    public.sort(key=lambda e: (e.first_public or date.max, e.record.path), reverse=True)
    return tuple(_as_then(now[e.record.name], e, hazards.get(e.hazard or ""), then.at) for e in public)


def _as_then(view: ExposureView, exposure: Exposure, hazard: HazardView | None, at: date) -> ExposureView:
    closed = hazard.closed_on if hazard else None
    rectified = closed or exposure.first(Stage.RECTIFIED, at)
    return replace(view, published_on=exposure.first_public or at, rectified_on=rectified)


def _renamed(hazard: HazardView, present: CampaignView) -> HazardView:
    now = next((h for h in present.hazards if h.ref == hazard.ref), None)
    return replace(hazard, fields=now.fields, words=now.words) if now else hazard


def coming_after(ledger: Ledger, cut_off: date) -> tuple[Obligation, ...]:
    """The deadlines that an issue tells of."""
    return tuple(o for o in ledger.obligations() if _is_coming(o, cut_off))


def _is_coming(obligation: Obligation, cut_off: date) -> bool:
    """Whether a deadline is news: known at the cut-off and near, and not one that comes round every week."""
    weekly = obligation.duty.due.rhythm is Rhythm.WEEK
    return not weekly and obligation.opened_on <= cut_off < obligation.due <= cut_off + COMING_WITHIN


def latest(bulletins: tuple[Bulletin, ...], kind: str) -> Bulletin | None:
    """The newest issue of a kind."""
    return next((b for b in reversed(bulletins) if b.kind == kind), None)


def neighbours(bulletins: tuple[Bulletin, ...]) -> Mapping[str, tuple[Bulletin | None, Bulletin | None]]:
    """For each issue's address, the one before and the one after it of the same kind."""
    found: dict[str, tuple[Bulletin | None, Bulletin | None]] = {b.href: (None, None) for b in bulletins}
    for first, second in pairwise(bulletins):
        if first.kind == second.kind:
            found[first.href] = (found[first.href][0], second)
            found[second.href] = (first, None)
    return found
