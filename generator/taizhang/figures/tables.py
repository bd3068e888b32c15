"""The figures of a period: one row for every organisation, and the total.

Stock is carried over, flows are counted by the day a record was filed, so a record filed after a period's cut-off never
changes the figures of that period.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from taizhang.campaign.periods import Period, Rhythm
from taizhang.campaign.roll import Organisation
from taizhang.figures import counted_hazards, counted_records  # noqa: F401 - here the counting functions are entered
from taizhang.figures.counting import Counted, PeriodRecords
from taizhang.figures.figures import Figures
from taizhang.figures.register import FIGURES, Total, recorded
from taizhang.ledger.duties import Return, Status
from taizhang.ledger.ledger import Ledger


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


CountedRows = Mapping[str, tuple[Counted, ...]]
"""By organisation, everything that its figures add up."""


def period_figures(ledger: Ledger, period: Period, cut_off: date) -> PeriodFigures:
    """Count a period. Flows and stock end with the period; filings are judged at `cut_off`."""
    return counted_figures(ledger, period, cut_off)[0]


def counted_figures(ledger: Ledger, period: Period, cut_off: date) -> tuple[PeriodFigures, CountedRows]:
    """Count a period, and say for each organisation what was counted."""
    records = PeriodRecords(ledger, period, cut_off, recorded())
    counted = {org.id: tuple(records.counted(org.id)) for org in organisations(ledger, period)}
    return _table(ledger, period, cut_off, counted), counted


def present_figures(ledger: Ledger) -> tuple[PeriodFigures, CountedRows]:
    """Everything from the campaign's first day to the ledger's date, of every organisation that came onto the roll.

    Before the campaign begins it is that date alone.
    """
    period = Period(min(ledger.campaign.starts_on, ledger.at), ledger.at, "", Rhythm.ONCE)
    known = [org for org in ledger.roll.organisations if org.joined_on is None or org.joined_on <= ledger.at]
    records = PeriodRecords(ledger, period, None, FIGURES.values())
    counted = {org.id: tuple(records.counted(org.id)) for org in known}
    return _table(ledger, period, ledger.at, counted), counted


def organisations(ledger: Ledger, period: Period) -> tuple[Organisation, ...]:
    """The organisations that a table has a row for: those on the roll when the period began or ended.

    A unit that left in mid-period still has stock to account for; one that joins later has none.
    """
    return tuple(org for org in ledger.roll.units if org.existed_on(period.end) or org.existed_on(period.start))


def _table(ledger: Ledger, period: Period, cut_off: date, counted: CountedRows) -> PeriodFigures:
    rows = tuple(_row(ledger.organisation(org), items, cut_off) for org, items in counted.items())
    total = sum((row.figures for row in rows), Figures())
    return PeriodFigures(period, cut_off, rows, total.with_distinct(_distinct(counted)))


def _distinct(counted: CountedRows) -> Mapping[str, int]:
    """The totals of the figures that count a record once, however many units it names."""
    named = [figure.id for figure in FIGURES.values() if figure.total is Total.DISTINCT]
    found = {name: {id(c.source) for items in counted.values() for c in items if name in c.adds} for name in named}
    return {name: len(sources) for name, sources in found.items()}


def _row(org: Organisation, counted: Iterable[Counted], cut_off: date) -> UnitRow:
    counts: Counter[str] = Counter()
    statuses = []
    for source, adds in counted:
        counts.update(adds)
        if isinstance(source, Return):
            statuses.append(source.status_at_close(cut_off))
    return UnitRow(org, tuple(statuses), Figures(**counts))
