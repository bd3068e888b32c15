"""One bulletin for every period that has passed its cut-off, computed from the ledger as it stood then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from generator.disclosure.hazards import HazardView, hazard_view
from generator.disclosure.oversight import OrderView, Tip, Visit
from generator.disclosure.projection import may_be_public, public_fields
from generator.disclosure.views import CampaignView, ExposureView
from generator.ledger.campaign import BulletinPlan
from generator.ledger.duties import Status
from generator.ledger.figures import Figures, PeriodFigures, UnitRow, period_figures
from generator.ledger.ledger import Ledger
from generator.ledger.obligations import Obligation
from generator.ledger.periods import Period, Rhythm, between
from generator.ledger.roll import Organisation

COMING_WITHIN = timedelta(days=45)


class Named(NamedTuple):
    """An organisation named in a sentence, with how many filings the sentence speaks of."""

    org: Organisation
    times: int


@dataclass(frozen=True)
class Bulletin:
    """One issue. `number` runs within the campaign and the kind, from 1."""

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

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.period.key}"

    @property
    def href(self) -> str:
        return f"bulletins/{self.campaign}/{self.name}/"

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


def published(ledger: Ledger, view: CampaignView) -> tuple[Bulletin, ...]:
    """Every bulletin whose cut-off has passed by the ledger's date, the oldest first, weekly before monthly."""
    return tuple(b for plan in ledger.campaign.bulletins for b in _series(ledger, view, plan))


def _series(ledger: Ledger, view: CampaignView, plan: BulletinPlan) -> Iterator[Bulletin]:
    words = {(r.data["bulletin"], r.data["period"]): public_fields(r) for r in ledger.filed("bulletins")}
    periods = [p for p in between(plan.rhythm, plan.first, ledger.campaign.ends_on) if _cut_off(p, plan) <= ledger.at]
    tables = [period_figures(ledger, p, _cut_off(p, plan)) for p in periods]
    before = [None, *(table.total for table in tables)]
    for number, (table, previous) in enumerate(zip(tables, before, strict=False), start=1):
        yield _bulletin(ledger, view, plan, number, table, previous, words.get((plan.bulletin, table.period.key), {}))


def _cut_off(period: Period, plan: BulletinPlan) -> date:
    return period.end + timedelta(days=plan.cut_off_days)


def _bulletin(
    ledger: Ledger,
    view: CampaignView,
    plan: BulletinPlan,
    number: int,
    table: PeriodFigures,
    previous: Figures | None,
    words: Mapping[str, Any],
) -> Bulletin:
    period, cut_off = table.period, table.cut_off
    then = ledger.on(period.end)
    standing = [h for h in then.hazards if may_be_public(h) and h.state.is_open]
    return Bulletin(
        campaign=ledger.campaign.id,
        kind=plan.bulletin,
        number=number,
        period=period,
        cut_off=cut_off,
        table=table,
        previous=previous,
        open_hazards=tuple(hazard_view(then, h) for h in standing),
        exposed=tuple(e for e in view.exposures if e.published_on in period),
        rectified=tuple(e for e in view.exposures if e.rectified_on and e.rectified_on in period),
        orders=tuple(o for o in view.orders if o.filed_on in period),
        visits=tuple(v for v in view.visits if v.visited_on in period and v.filed_on <= cut_off),
        tips=tuple(t for t in view.tips if t.closed_on in period and t.filed_on <= cut_off),
        coming=tuple(o for o in view.obligations if _is_coming(o, cut_off)),
        words=words,
    )


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
