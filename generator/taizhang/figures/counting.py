"""What the figures of a period count: every hazard, filing, order, visit and exposure, and what each adds to which.

A figure is the sum of these and nothing else, so the rows behind a figure are the figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from taizhang.campaign.periods import Period, Rhythm, containing, named
from taizhang.intake.records import Record
from taizhang.ledger.closed_loop import Event, State
from taizhang.ledger.duties import Return, Status
from taizhang.ledger.exposures import Exposure
from taizhang.ledger.hazards import Case, Hazard, Step
from taizhang.ledger.ledger import Ledger
from taizhang.ledger.orders import Order, OrderKind


class Counted(NamedTuple):
    """One thing that counts for an organisation, and how much it adds to each figure, by the figure's name."""

    source: Case | Record | Order | Exposure | Return
    adds: Mapping[str, int]


class Sheet:
    """The records of one period, sorted by organisation once, so that each row is a few look-ups.

    Flows and stock end with the period; what was filed is judged at `cut_off`.
    """

    def __init__(self, ledger: Ledger, period: Period, cut_off: date) -> None:
        self.ledger, self.period, self.cut_off = ledger, period, cut_off
        self.eve = period.start - timedelta(days=1)
        self.cases = _group(ledger.cases, lambda case: case.unit)
        quarter = containing(Rhythm.QUARTER, period.end)
        self.filings = _group([*self._known("weekly", period), *self._known("monthly", period)], lambda r: r.org)
        self.activities = _group(self._known("activities", period), lambda r: r.org)
        self.inspections = _group(self._known("inspections", quarter), lambda r: r.org)
        self.visits: dict[str, list[Record]] = {}
        for visit in self._known("visits", period):
            for unit in visit.data["units"]:
                self.visits.setdefault(unit, []).append(visit)
        self.orders = _group([o for o in ledger.orders if o.record.filed_on in period], lambda o: o.unit)
        self.exposures = _group(
            [e for e in ledger.exposures if (e.first_public or date.max) in period], lambda e: e.unit
        )

    def _known(self, kind: str, period: Period) -> list[Record]:
        """Records filed by the cut-off that happened in the period, or report on a part of it."""
        return [r for r in self.ledger.by_kind.get(kind, ()) if r.filed_on <= self.cut_off and _falls_in(r, period)]

    def counted(self, org: str) -> Iterator[Counted]:
        """Everything that counts for an organisation. What adds nothing is left out."""
        for found in (self._hazards(org), self._returns(org), self._work(org), self._oversight(org)):
            for source, adds in found:
                more = {name: count for name, count in adds.items() if count}
                if more:
                    yield Counted(source, more)

    def _hazards(self, org: str) -> Iterator[Counted]:
        for case in self.cases.get(org, ()):
            counts = _Counts()
            self._flows(case, counts)
            before, after = case.at(self.eve), case.at(self.period.end)
            if before and before.step.in_major_stock:
                counts["maj_open_start"] += 1
            if after:
                _stock(after, counts)
                self._deadline(after, counts)
            yield Counted(case, counts)

    def _flows(self, case: Case, counts: _Counts) -> None:
        was_major = was_general = False
        for step in case.steps:
            if step.day in self.period:
                _flow(case, step, was_major, counts)
                counts["gen_found"] += step.in_general_stock and not was_general and not _is_rework(step)
                counts["gen_fixed"] += was_general and step.state is State.CLOSED
            was_major, was_general = step.in_major_stock, step.in_general_stock

    def _deadline(self, after: Hazard, counts: _Counts) -> None:
        if not after.is_major or after.state is State.REJECTED:
            return
        if after.deadline is None or after.deadline not in self.period:
            return
        counts["fell_due"] += 1
        counts["closed_in_time"] += bool(after.closed_on and after.closed_on <= after.deadline)

    def _returns(self, org: str) -> Iterator[Counted]:
        """Weekly and monthly filings whose own period ends in this one and whose due day has come."""
        for item in self.ledger.returns_by_org[org]:
            period = item.obligation.period
            if item.obligation.duty.kind in ("weekly", "monthly") and period and period.end in self.period:
                status = item.status_at_close(self.cut_off)
                if status is not Status.NOT_DUE:
                    yield Counted(item, {"due_n": 1, f"{status.value}_n": 1})

    def _work(self, org: str) -> Iterator[Counted]:
        for record in self.filings.get(org, ()):
            yield Counted(record, {"self_checks": int(record.data.get("self_checks", 0))})
        for record in self.inspections.get(org, ()):
            led = record.data["led_by"] == "principal" and record.day("inspected_on") <= self.period.end
            yield Counted(record, {"principal_checks_qtd": int(led)})
        for record in self.activities.get(org, ()):
            trained = int(record.data.get("participants", 0)) if record.data["activity"] == "training" else 0
            drilled, warned = _covers(record, "drill"), _covers(record, "warning_education")
            yield Counted(record, {"train_n": trained, "drill_n": int(drilled), "warn_n": int(warned)})

    def _oversight(self, org: str) -> Iterator[Counted]:
        for exposure in self.exposures.get(org, ()):
            yield Counted(exposure, {"exposed_n": 1})
        for order in self.orders.get(org, ()):
            adds = {"penalty_n": order.kind is OrderKind.PENALTY, "talk_n": order.kind is OrderKind.TALK}
            yield Counted(order, {name: int(count) for name, count in adds.items()})
        own = {case.ref for case in self.cases.get(org, ())}
        told: set[str] = set()
        for visit in self.visits.get(org, ()):
            found = (own & set(visit.data.get("hazards_found", ()))) - told
            told |= found
            yield Counted(visit, {"visited_n": 1, "checked_hazards_n": len(found)})


class _Counts(dict[str, int]):
    """Counts that begin at zero."""

    def __missing__(self, name: str) -> int:
        return 0


def _flow(case: Case, step: Step, was_major: bool, counts: _Counts) -> None:
    """One step's part in the flows of major hazards: into the stock, or out of it."""
    if step.in_major_stock and not was_major:
        if step.event is Event.RELAPSED:
            counts["maj_relapsed"] += 1
        else:
            counts["maj_new_self" if case.found_by_unit else "maj_new_external"] += 1
    elif was_major and not step.in_major_stock:
        counts["maj_closed" if step.state is State.CLOSED else "maj_removed"] += 1


def _is_rework(step: Step) -> bool:
    return step.event in (Event.RELAPSED, Event.PROGRESS, Event.FAILED)


def _stock(hazard: Hazard, counts: _Counts) -> None:
    """One hazard's part in what stands open, and in what was found and closed since the beginning."""
    step = hazard.step
    counts["gen_open"] += step.in_general_stock
    counts["maj_pending"] += hazard.is_pending
    if hazard.is_major and (hazard.state.is_open or hazard.state is State.CLOSED):
        counts["cum_found"] += 1
        counts["cum_closed"] += hazard.state is State.CLOSED
        counts["funds_secured"] += hazard.funds_secured
    if step.in_major_stock:
        counts["maj_open_end"] += 1
        counts["maj_legacy_open"] += hazard.legacy
        counts["maj_overdue"] += bool(hazard.days_overdue)
        counts["maj_extended"] += bool(hazard.times_extended)
        counts["maj_supervised"] += hazard.flags.supervised is not None
        counts["maj_suspended"] += hazard.flags.suspended is not None
        counts["maj_five_ok"] += hazard.five_essentials_ok


def _covers(record: Record, content: str) -> bool:
    return content == record.data["activity"] or content in record.data.get("contents", ())


def _falls_in(record: Record, period: Period) -> bool:
    if record.kind.period:
        return named(record.name).end in period
    field = record.kind.date_field
    return field is not None and record.day(field) in period


def _group(items: Iterable[Any], key: Callable[[Any], str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found
