"""The figures of a period: the columns of the weekly table and the numbers of the monthly bulletin.

What is counted is in `counting`; here it is added up. Stock is carried over, flows are counted by the day a record was
filed, so a record filed after a period's cut-off never changes the figures of that period. For every unit and every
period opening + new + relapsed − closed − removed = closing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction

from taizhang.campaign.periods import Period
from taizhang.campaign.roll import Organisation
from taizhang.figures.counting import Counted, Sheet
from taizhang.ledger.duties import Return, Status
from taizhang.ledger.ledger import Ledger


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
    def maj_come(self) -> int:
        """What came into the stock of major hazards: new and relapsed."""
        return self.maj_new + self.maj_relapsed

    @property
    def balances(self) -> bool:
        """Whether the stock identity holds."""
        return self.maj_open_start + self.maj_come - self.maj_closed - self.maj_removed == self.maj_open_end

    @property
    def received_n(self) -> int:
        """实报: in time, nil or late."""
        return self.in_time_n + self.late_n

    @property
    def in_time_n(self) -> int:
        """按时报送, nil returns among them."""
        return self.on_time_n + self.nil_n

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
        return _rate(self.in_time_n, self.due_n)


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


CountedRows = Mapping[str, tuple[Counted, ...]]
"""By organisation, everything that its figures add up."""


def period_figures(ledger: Ledger, period: Period, cut_off: date) -> PeriodFigures:
    """Count a period. Flows and stock end with the period; filings are judged at `cut_off`."""
    return counted_figures(ledger, period, cut_off)[0]


def counted_figures(ledger: Ledger, period: Period, cut_off: date) -> tuple[PeriodFigures, CountedRows]:
    """Count a period, and say for each organisation what was counted."""
    sheet = Sheet(ledger, period, cut_off)
    counted = {org.id: tuple(sheet.counted(org.id)) for org in organisations(ledger, period)}
    rows = tuple(_row(ledger.organisation(org), items, cut_off) for org, items in counted.items())
    return PeriodFigures(period, cut_off, rows, sum((row.figures for row in rows), Figures())), counted


def organisations(ledger: Ledger, period: Period) -> tuple[Organisation, ...]:
    """The organisations that a table has a row for: those on the roll when the period began or ended.

    A unit that left in mid-period still has stock to account for; one that joins later has none.
    """
    return tuple(org for org in ledger.roll.units if org.existed_on(period.end) or org.existed_on(period.start))


def _row(org: Organisation, counted: Iterable[Counted], cut_off: date) -> UnitRow:
    counts: Counter[str] = Counter()
    statuses = []
    for source, adds in counted:
        counts.update(adds)
        if isinstance(source, Return):
            statuses.append(source.status_at_close(cut_off))
    return UnitRow(org, tuple(statuses), Figures(**counts))
