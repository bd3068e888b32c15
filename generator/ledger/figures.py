"""The figures of a period: the columns of the weekly table and the numbers of the monthly bulletin.

Stock is carried over, flows are counted by the day a record was filed, so a record filed after a period's
cut-off never changes the figures of that period. For every unit and every period
opening + new + relapsed − closed − removed = closing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from generator.intake.records import Record
from generator.ledger.closed_loop import Event, State
from generator.ledger.duties import Status
from generator.ledger.hazards import Case, Hazard, Step
from generator.ledger.ledger import Ledger
from generator.ledger.orders import OrderKind
from generator.ledger.periods import Period, Rhythm, containing, named
from generator.ledger.roll import Organisation


@dataclass(frozen=True)
class Figures:
    """Counts of one unit, or sums over several. Items unless said otherwise; every field can be added up."""

    self_checks: int = 0
    principal_checks_qtd: int = 0
    gen_found: int = 0
    gen_fixed: int = 0
    gen_open: int = 0
    maj_open_start: int = 0
    maj_new_self: int = 0
    maj_new_external: int = 0
    maj_relapsed: int = 0
    maj_closed: int = 0
    maj_removed: int = 0
    maj_open_end: int = 0
    maj_legacy_open: int = 0
    maj_overdue: int = 0
    maj_extended: int = 0
    maj_supervised: int = 0
    """挂牌督办."""
    maj_suspended: int = 0
    """停产停业, partial or full."""
    maj_five_ok: int = 0
    maj_pending: int = 0
    cum_found: int = 0
    cum_closed: int = 0
    fell_due: int = 0
    closed_in_time: int = 0
    funds_secured: int = 0
    """落实资金 of all hazards determined as major, in 元."""
    train_n: int = 0
    """参加培训人次."""
    drill_n: int = 0
    warn_n: int = 0
    exposed_n: int = 0
    penalty_n: int = 0
    talk_n: int = 0
    visited_n: int = 0
    """到访次数: visits by superiors of any nature."""
    checked_hazards_n: int = 0
    """What visits found and the unit had not."""
    due_n: int = 0
    on_time_n: int = 0
    late_n: int = 0
    nil_n: int = 0
    missing_n: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def maj_new(self) -> int:
        """本期新增重大隐患, found by the units themselves and from outside."""
        return self.maj_new_self + self.maj_new_external

    @property
    def balances(self) -> bool:
        """Whether the stock identity holds."""
        come, gone = self.maj_new + self.maj_relapsed, self.maj_closed + self.maj_removed
        return self.maj_open_start + come - gone == self.maj_open_end

    @property
    def received_n(self) -> int:
        """实报: in time, nil or late."""
        return self.on_time_n + self.nil_n + self.late_n

    @property
    def closure_rate(self) -> Fraction | None:
        """整改率 = 已销号 ÷ 累计排查; None where nothing was found."""
        return _rate(self.cum_closed, self.cum_found)

    @property
    def on_time_closure_rate(self) -> Fraction | None:
        """按期整改率 = closed by the deadline in force ÷ fell due in the period."""
        return _rate(self.closed_in_time, self.fell_due)

    @property
    def submission_rate(self) -> Fraction | None:
        """报送率 = 实报 ÷ 应报."""
        return _rate(self.received_n, self.due_n)

    @property
    def in_time_rate(self) -> Fraction | None:
        """按时报送率 = (按时 + 零报告) ÷ 应报."""
        return _rate(self.on_time_n + self.nil_n, self.due_n)


def _rate(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


@dataclass(frozen=True)
class UnitRow:
    """One unit in the table of a period, with how each weekly or monthly filing of the period stands."""

    org: Organisation
    statuses: tuple[Status, ...]
    figures: Figures


@dataclass(frozen=True)
class PeriodFigures:
    """The table of a period: one row for every organisation on the roll then, filed or not, and the total."""

    period: Period
    cut_off: date
    rows: tuple[UnitRow, ...]
    total: Figures


def period_figures(ledger: Ledger, period: Period, cut_off: date) -> PeriodFigures:
    """Count a period. Flows and stock end with the period; filings are judged at `cut_off`."""
    sheet = _Sheet(ledger, period, cut_off)
    rows = tuple(sheet.row(org) for org in ledger.roll.units if _on_roll(org, period))
    return PeriodFigures(period, cut_off, rows, sum((row.figures for row in rows), Figures()))


def _on_roll(org: Organisation, period: Period) -> bool:
    # A unit that left in mid-period still has stock to account for; one that joins later has none.
    return org.existed_on(period.end) or org.existed_on(period.start)


class _Sheet:
    """The records of one period, sorted by organisation once, so that each row is a few look-ups."""

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

    def row(self, org: Organisation) -> UnitRow:
        statuses = tuple(self._statuses(org))
        hazards = self._hazards(self.cases.get(org.id, ()))
        return UnitRow(org, statuses, Figures(**hazards, **self._work(org.id), **_filing(statuses)))

    def _statuses(self, org: Organisation) -> Iterable[Status]:
        """Weekly and monthly filings whose own period ends in this one and whose due day has come."""
        for item in self.ledger.returns_by_org[org.id]:
            period = item.obligation.period
            if item.obligation.duty.kind in ("weekly", "monthly") and period and period.end in self.period:
                status = item.status_at_close(self.cut_off)
                if status is not Status.NOT_DUE:
                    yield status

    def _work(self, org: str) -> dict[str, int]:
        held = self.activities.get(org, ())
        checks = self.inspections.get(org, ())
        until = self.period.end
        return {
            "self_checks": sum(int(r.data.get("self_checks", 0)) for r in self.filings.get(org, ())),
            "principal_checks_qtd": sum(
                1 for r in checks if r.data["led_by"] == "principal" and r.day("inspected_on") <= until
            ),
            "train_n": sum(int(r.data.get("participants", 0)) for r in held if r.data["activity"] == "training"),
            "drill_n": sum(1 for r in held if _covers(r, "drill")),
            "warn_n": sum(1 for r in held if _covers(r, "warning_education")),
            "exposed_n": len(self.exposures.get(org, ())),
            "penalty_n": self._ordered(org, OrderKind.PENALTY),
            "talk_n": self._ordered(org, OrderKind.TALK),
            "visited_n": len(self.visits.get(org, ())),
            "checked_hazards_n": self._found_by_visits(org),
        }

    def _ordered(self, org: str, kind: OrderKind) -> int:
        return sum(1 for order in self.orders.get(org, ()) if order.kind is kind)

    def _found_by_visits(self, org: str) -> int:
        own = {case.ref for case in self.cases.get(org, ())}
        return len(own & {ref for visit in self.visits.get(org, ()) for ref in visit.data.get("hazards_found", ())})

    def _hazards(self, cases: Sequence[Case]) -> dict[str, int]:
        counts = dict.fromkeys(_HAZARD_FIELDS, 0)
        for case in cases:
            self._flows(case, counts)
            before, after = case.at(self.eve), case.at(self.period.end)
            if before and before.step.in_major_stock:
                counts["maj_open_start"] += 1
            if after:
                _stock(after, counts)
                self._deadline(after, counts)
        return counts

    def _flows(self, case: Case, counts: dict[str, int]) -> None:
        was_major = was_general = False
        for step in case.steps:
            if step.day in self.period:
                _flow(case, step, was_major, counts)
                counts["gen_found"] += step.in_general_stock and not was_general and not _is_rework(step)
                counts["gen_fixed"] += was_general and step.state is State.CLOSED
            was_major, was_general = step.in_major_stock, step.in_general_stock

    def _deadline(self, after: Hazard, counts: dict[str, int]) -> None:
        if not after.is_major or after.state is State.REJECTED:
            return
        if after.deadline is None or after.deadline not in self.period:
            return
        counts["fell_due"] += 1
        counts["closed_in_time"] += bool(after.closed_on and after.closed_on <= after.deadline)


_HAZARD_FIELDS = tuple(
    f.name for f in fields(Figures) if f.name.startswith(("gen_", "maj_", "cum_", "fell", "closed_in", "funds"))
)


def _flow(case: Case, step: Step, was_major: bool, counts: dict[str, int]) -> None:
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


def _stock(hazard: Hazard, counts: dict[str, int]) -> None:
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


def _filing(statuses: Sequence[Status]) -> dict[str, int]:
    return {
        "due_n": len(statuses),
        "on_time_n": statuses.count(Status.ON_TIME),
        "late_n": statuses.count(Status.LATE),
        "nil_n": statuses.count(Status.NIL),
        "missing_n": statuses.count(Status.MISSING),
    }


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
