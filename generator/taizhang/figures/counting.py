"""What the figures of a period count: every hazard, filing, order, visit and exposure, and what each adds to which.

A figure is the sum of these and nothing else, so the rows behind a figure are the figure. Each has one function, which
says of one thing that may count how much it adds; they stand in `counted_hazards` and `counted_records`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from taizhang.campaign.periods import Period, Rhythm, containing, named
from taizhang.campaign.roll import Organisation
from taizhang.figures.register import FIGURES, Figure
from taizhang.intake.records import Record
from taizhang.ledger.duties import Return, Status
from taizhang.ledger.exposures import Exposure
from taizhang.ledger.hazards import Case, Hazard, Step
from taizhang.ledger.ledger import Ledger
from taizhang.ledger.orders import Order

Source = Case | Record | Order | Exposure | Return | Organisation
"""What can be counted."""

Seen = TypeVar("Seen")
CountingFunction = Callable[[Seen], int]

COUNTING: dict[str, CountingFunction[Any]] = {}
"""The counting function of each figure, by the figure's id."""


def counts(figure: str) -> Callable[[CountingFunction[Seen]], CountingFunction[Seen]]:
    """Make a function the counting function of a figure: how much one thing of those it counts adds to it."""
    if figure not in FIGURES or not FIGURES[figure].counts or figure in COUNTING:
        raise ValueError(f"{figure} is no figure of the register that is still to be counted")

    def enter(function: CountingFunction[Seen]) -> CountingFunction[Seen]:
        COUNTING[figure] = function
        return function

    return enter


class Counted(NamedTuple):
    """One thing that counts for an organisation, and how much it adds to each figure, by the figure's id."""

    source: Source
    adds: Mapping[str, int]


class StepSeen(NamedTuple):
    """A step of a hazard within the period, and in which stocks the hazard was just before it."""

    step: Step
    was_major: bool
    was_general: bool


@dataclass(frozen=True)
class HazardSeen:
    """A hazard in a period: how it stood when the period ended, and what happened to it within."""

    after: Hazard
    period: Period

    @property
    def case(self) -> Case:
        return self.after.case

    @cached_property
    def before(self) -> Hazard | None:
        """As it stood when the period began; None where it was not on file."""
        return self.case.at(self.period.start - timedelta(days=1))

    @cached_property
    def passages(self) -> tuple[StepSeen, ...]:
        """Every step within the period."""
        found, was_major, was_general = [], False, False
        for step in self.case.steps:
            if step.day in self.period:
                found.append(StepSeen(step, was_major, was_general))
            was_major, was_general = step.in_major_stock, step.in_general_stock
        return tuple(found)


class ReturnSeen(NamedTuple):
    """A filing that was owed, and how it stood when it was judged."""

    item: Return
    status: Status


class VisitSeen(NamedTuple):
    """A visit to one unit, and how many hazards of that unit it found that no earlier one had."""

    record: Record
    found: int


class PeriodRecords:
    """The records of one period, sorted by organisation once, so that each row is a few look-ups.

    Flows and stock end with the period; what was filed is judged at `cut_off`. Without one the period goes on: all
    that is owed counts, as it stands on the period's last day, which is not over.
    """

    def __init__(self, ledger: Ledger, period: Period, cut_off: date | None, figures: Iterable[Figure]) -> None:
        self.ledger, self.period, self.is_over = ledger, period, cut_off is not None
        self.cut_off = cut_off or period.end
        self.functions: dict[str, list[tuple[str, CountingFunction[Any]]]] = {}
        for figure in figures:
            if figure.counts:
                self.functions.setdefault(figure.counts, []).append((figure.id, COUNTING[figure.id]))
        self.cases = _group(ledger.cases, lambda case: case.unit)
        quarter = containing(Rhythm.QUARTER, period.end)
        self.filings = _group([*self._known("weekly", period), *self._known("monthly", period)], lambda r: r.org)
        self.activities = _group(self._known("activities", period), lambda r: r.org)
        self.inspections = _group(
            [r for r in self._known("inspections", quarter) if r.day("inspected_on") <= period.end], lambda r: r.org
        )
        self.tips = _group(self._known("tips", period), lambda r: r.org)
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
        for records, source, seen in self._seen(org):
            functions = self.functions.get(records, ())
            adds = {figure: int(count) for figure, function in functions if (count := function(seen))}
            if adds:
                yield Counted(source, adds)

    def _seen(self, org: str) -> Iterator[tuple[str, Source, Any]]:
        """Everything that may count: which of the register's records it is, itself, and what its functions see."""
        for case in self.cases.get(org, ()):
            after = case.at(self.period.end)
            if after:
                yield "hazards", case, HazardSeen(after, self.period)
        yield from (("returns", item, ReturnSeen(item, status)) for item, status in self._returns(org))
        yield from (("filings", record, record) for record in self.filings.get(org, ()))
        yield from (("inspections", record, record) for record in self.inspections.get(org, ()))
        yield from (("activities", record, record) for record in self.activities.get(org, ()))
        yield from (("exposures", exposure, exposure) for exposure in self.exposures.get(org, ()))
        yield from (("orders", order, order) for order in self.orders.get(org, ()))
        yield from self._visits(org)
        yield from (("tips", record, record) for record in self.tips.get(org, ()))
        here = self.ledger.organisation(org)
        yield "organisations", here, here

    def _returns(self, org: str) -> Iterator[tuple[Return, Status]]:
        """What is owed, as it stands; of a period that is over the weekly and monthly filings whose own ends in it."""
        for item in self.ledger.returns_by_org[org]:
            own = item.obligation.period
            if not self.is_over:
                yield item, item.status(self.cut_off)
            elif item.obligation.duty.is_return and own and own.end in self.period:
                yield item, item.status_at_close(self.cut_off)

    def _visits(self, org: str) -> Iterator[tuple[str, Source, VisitSeen]]:
        own = {case.ref for case in self.cases.get(org, ())}
        seen: set[str] = set()
        for visit in self.visits.get(org, ()):
            found = (own & set(visit.data.get("hazards_found", ()))) - seen
            seen |= found
            yield "visits", visit, VisitSeen(visit, len(found))


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
