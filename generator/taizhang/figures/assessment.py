"""Assessment (考核): a score sheet per unit and year from a rubric in data, and small rankings among peers.

Nothing here counts how many hazards a unit found: finding them is what the campaign wants. Notice B46.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from taizhang.campaign.campaign import Criterion
from taizhang.campaign.roll import Organisation
from taizhang.figures.figures import Figures
from taizhang.ledger.closed_loop import State
from taizhang.ledger.duties import Return, Status
from taizhang.ledger.hazards import Hazard
from taizhang.ledger.ledger import Ledger

FULL_MARKS = 100


class Evidence(NamedTuple):
    """What a point rests on: a record's reference and what it shows."""

    ref: str
    text: str


@dataclass(frozen=True)
class CriterionScore:
    """One criterion applied to one unit. `points` are added to the full marks; deductions are negative."""

    criterion: Criterion
    evidence: tuple[Evidence, ...]

    @property
    def points(self) -> int:
        """Points for each piece of evidence, up to the criterion's limit."""
        earned = self.criterion.points * len(self.evidence)
        limit = self.criterion.limit
        return max(-limit, min(limit, earned))


@dataclass(frozen=True)
class UnitScore:
    """One unit's score sheet."""

    org: Organisation
    year: int
    lines: tuple[CriterionScore, ...]

    @property
    def total(self) -> int:
        """Full marks with every line's points, never below zero."""
        return max(0, FULL_MARKS + sum(line.points for line in self.lines))


def score_sheet(ledger: Ledger, org: Organisation, year: int) -> UnitScore:
    """The sheet of one unit for one year, as things stood at the ledger's date."""
    lines = [CriterionScore(c, tuple(_MEASURES[c.measure](ledger, org, year))) for c in ledger.campaign.rubric]
    return UnitScore(org, year, tuple(lines))


Measure = Callable[[Ledger, Organisation, int], Iterable[Evidence]]


def _returns(ledger: Ledger, org: Organisation, year: int, status: Status) -> Iterable[Evidence]:
    for item in ledger.returns_by_org[org.id]:
        if item.obligation.due.year == year and item.status(ledger.at) is status:
            yield Evidence(item.record.ref if item.record else "", _filing(item))


def _filing(item: Return) -> str:
    came = f"，{_day(item.filed_on)}报送" if item.filed_on else ""
    return f"{item.obligation.label}，期限{_day(item.obligation.due)}{came}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _hazards(ledger: Ledger, org: Organisation, year: int, fits: Callable[[Hazard], bool]) -> Iterable[Evidence]:
    for hazard in ledger.hazards_of(org.id):
        if hazard.is_major and hazard.case.record.filed_on.year <= year and fits(hazard):
            yield Evidence(hazard.ref, str(hazard.case.record.data["title"]))


def _accidents(ledger: Ledger, org: Organisation, year: int) -> Iterable[Evidence]:
    for record in ledger.filed("accidents", org.id):
        if record.day("happened_on").year == year and record.data["grade"] != "none":
            yield Evidence(record.ref, str(record.data["summary"])[:40])


def _self_reported(hazard: Hazard) -> bool:
    return hazard.case.found_by_unit and hazard.state is not State.REJECTED


def _found_by_others(hazard: Hazard) -> bool:
    return not hazard.case.found_by_unit and hazard.case.record.data["source"] != "transfer"


_MEASURES: Mapping[str, Measure] = {
    "missing": lambda ledger, org, year: _returns(ledger, org, year, Status.MISSING),
    "late": lambda ledger, org, year: _returns(ledger, org, year, Status.LATE),
    "overdue": lambda ledger, org, year: _hazards(ledger, org, year, lambda h: h.days_overdue > 0),
    "essentials": lambda ledger, org, year: _hazards(
        ledger, org, year, lambda h: h.state.is_open and not h.five_essentials_ok
    ),
    "relapsed": lambda ledger, org, year: _hazards(ledger, org, year, lambda h: h.times_relapsed > 0),
    "found_by_others": lambda ledger, org, year: _hazards(ledger, org, year, _found_by_others),
    "self_reported": lambda ledger, org, year: _hazards(ledger, org, year, _self_reported),
    "accident": _accidents,
}


class Ranked(NamedTuple):
    """A place in a ranking. Equal rates share the place; the next place counts them all."""

    place: int
    org: Organisation
    rate: Fraction


RANKED = ("in_time_rate", "on_time_closure_rate", "maj_five_ok_rate")
"""按时报送率, 按期整改率, 五落实到位率: the only three things peers are compared by."""


def rankings(table: Iterable[tuple[Organisation, Figures]], measure: str) -> Mapping[str, tuple[Ranked, ...]]:
    """A ranking by a rate within each peer group; a unit whose denominator is zero takes no part."""
    groups: dict[str, list[tuple[Fraction, Organisation]]] = {}
    for org, figures in table:
        rate = figures.rate(measure)
        if rate is not None:
            groups.setdefault(org.peer_group, []).append((rate, org))
    return {group: tuple(_ranked(entries)) for group, entries in groups.items()}


def _ranked(entries: list[tuple[Fraction, Organisation]]) -> Iterable[Ranked]:
    ordered = sorted(entries, key=lambda entry: -entry[0])
    for rate, org in ordered:
        yield Ranked(1 + sum(1 for other, _ in ordered if other > rate), org, rate)


def years_of(start: date, end: date) -> range:
    """The years that a campaign touches."""
    return range(start.year, end.year + 1)
