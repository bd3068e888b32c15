"""The tables of a bulletin, column by column: the statistics, the open major hazards, who filed and who did not.

One list of columns serves the page, the documents and the workbook; a cell is a typed value here and becomes text
only where it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from itertools import groupby
from typing import Any, NamedTuple

import yaml

from taizhang.bulletins.periodic import Bulletin
from taizhang.campaign.criteria import Clause
from taizhang.campaign.periods import Period
from taizhang.campaign.roll import Organisation, Tier
from taizhang.disclosure.hazards import HazardView
from taizhang.documents.sheets import CellKind, Value
from taizhang.documents.values import NONE, day, rate, short_day, wan
from taizhang.figures.figures import Figures
from taizhang.figures.register import EDITION, FIGURES, Figure, is_told
from taizhang.figures.tables import UnitRow
from taizhang.ledger.duties import Status

_TEXT = resources.files("taizhang.bulletins.telling").joinpath("columns.yml").read_text(encoding="utf-8")
_WORDING: Mapping[str, Any] = yaml.load(_TEXT, Loader=yaml.CSafeLoader)
WORDS: Mapping[str, str] = _WORDING["words"]
_STATES: Mapping[str, str] = _WORDING["states"]


@dataclass(frozen=True)
class StatisticsColumn:
    """A column. Its title breaks into lines as it should on paper. Width in mm."""

    key: str
    title: str
    width: float
    group: str = ""
    figure: Figure | None = None
    phone: bool = False

    @property
    def name(self) -> str:
        """The title in one line."""
        return self.title.replace("\n", "")

    @property
    def kind(self) -> CellKind:
        """What its cells hold in a workbook."""
        if self.figure is None:
            return CellKind.NUMBER if self.key == "number" else CellKind.TEXT
        return CellKind.RATE if self.figure.rate else CellKind.AMOUNT if self.figure.is_amount else CellKind.COUNT


def _head(entry: Mapping[str, Any]) -> StatisticsColumn:
    if "figure" in entry:
        figure = FIGURES[entry["figure"]]
        return StatisticsColumn(figure.id, figure.heading, entry["width"], figure=figure)
    return StatisticsColumn(entry["key"], entry["title"], entry["width"], phone=entry.get("phone", False))


def statistics(edition: int = EDITION) -> tuple[StatisticsColumn, ...]:
    """The columns of the statistical table, as an edition of the register has them."""
    placed = ((figure, figure.column) for figure in FIGURES.values() if figure.column and is_told(figure, edition))
    figures = (
        StatisticsColumn(f.id, f.heading, column.width or _WORDING["width"], column.group, f, column.phone)
        for f, column in placed
    )
    return (*map(_head, _WORDING["before"]), *figures, *map(_head, _WORDING["after"]))


HAZARD_COLUMNS = tuple(map(_head, _WORDING["hazards"]))
FILING_COLUMNS = tuple(map(_head, _WORDING["filings"]))


class StatisticsLine(NamedTuple):
    """One line of the statistical table: an organisation, a county with its units, or a total."""

    number: int | None
    name: str
    org: Organisation | None
    statuses: tuple[Status, ...]
    figures: Figures
    remark: str = ""
    is_county: bool = False

    @property
    def is_total(self) -> bool:
        return self.number is None


@dataclass(frozen=True)
class StatisticsTable:
    """One statistical table: the whole, or one county with its units. The name of the whole is empty."""

    name: str
    lines: tuple[StatisticsLine, ...]
    total: StatisticsLine


def parts(bulletin: Bulletin) -> tuple[StatisticsTable, ...]:
    """The tables of an issue. Where counties stand between the office and the units, the first has a line for each
    county and for each unit that reports to the office itself, and every county has a table of its own."""
    rows = bulletin.table.rows
    counties = [row.org for row in rows if row.org.tier is Tier.COUNTY]
    below = {org.id: [row for row in rows if org.id in (row.org.id, row.org.parent)] for org in counties}
    inside = {row.org.id for members in below.values() for row in members}
    whole: list[StatisticsLine] = []
    for row in rows:
        if row.org.id in below:
            whole.append(_county(row.org, below[row.org.id], len(whole) + 1))
        elif row.org.id not in inside:
            whole.append(_line(row, len(whole) + 1, bulletin.period))
    tables = [_part("", whole, bulletin.total)]
    for org in counties:
        lines = [_line(row, number, bulletin.period) for number, row in enumerate(below[org.id], 1)]
        tables.append(_part(_named(org), lines, _sum(below[org.id])))
    return tuple(tables)


def flat(bulletin: Bulletin) -> StatisticsTable:
    """Every organisation in one table, as in the file for machines."""
    lines = [_line(row, number, bulletin.period) for number, row in enumerate(bulletin.table.rows, 1)]
    return _part("", lines, bulletin.total)


def _part(name: str, lines: Sequence[StatisticsLine], total: Figures) -> StatisticsTable:
    statuses = tuple(status for line in lines for status in line.statuses)
    return StatisticsTable(name, tuple(lines), StatisticsLine(None, _WORDING["total"], None, statuses, total))


def _county(org: Organisation, rows: Sequence[UnitRow], number: int) -> StatisticsLine:
    statuses = tuple(status for row in rows for status in row.statuses)
    return StatisticsLine(number, _named(org), org, statuses, _sum(rows), is_county=True)


def _line(row: UnitRow, number: int, period: Period) -> StatisticsLine:
    return StatisticsLine(number, row.org.short_name, row.org, row.statuses, row.figures, _remark(row, period))


def _sum(rows: Sequence[UnitRow]) -> Figures:
    return sum((row.figures for row in rows), Figures())


def _named(county: Organisation) -> str:
    return str(_WORDING["counties"].format(name=county.short_name))


def _remark(row: UnitRow, period: Period) -> str:
    words, org, said = _WORDING["remarks"], row.org, []
    if row.figures.maj_removed:
        said.append(words["removed"].format(count=row.figures.maj_removed))
    if org.joined_on and org.joined_on in period:
        said.append(words["joined"].format(day=short_day(org.joined_on)))
    if org.left_on and org.left_on in period:
        said.append(words["left"].format(day=short_day(org.left_on)))
    return "；".join(said)


def statistics_lead(bulletin: Bulletin) -> str:
    """What stands above the statistical table: the period, the cut-off, the units of measure."""
    period = bulletin.period
    return WORDS["lead"].format(start=day(period.start), end=day(period.end), cut_off=day(bulletin.cut_off))


def value(head: StatisticsColumn, line: StatisticsLine) -> Value:
    """A cell of the statistical table, typed."""
    if head.figure:
        return _figure(head.figure, line)
    match head.key:
        case "number":
            return line.number
        case "unit":
            return line.name
        case "filing":
            return _filing(line)
        case _:
            return line.remark or None


def _figure(figure: Figure, line: StatisticsLine) -> Value:
    """A figure typed: a rate of nothing is left blank but in the total, an amount is in 万元."""
    if figure.rate:
        found = line.figures.rate(figure.id)
        return found if found is not None else NONE if line.is_total else None
    count = line.figures.count(figure.id)
    if figure.is_amount:
        return Decimal(wan(count)) if count else None
    return count


def _filing(line: StatisticsLine) -> str:
    if len(line.statuses) == 1 and not line.is_total:
        return line.statuses[0].label
    return f"{line.figures.received_n}/{line.figures.due_n}" if line.figures.due_n else NONE


def text(head: StatisticsColumn, cell: Value) -> str:
    """A cell as it stands on a page: nothing for zero, as the official forms have it."""
    match cell:
        case None:
            return ""
        case 0 if head.kind is CellKind.COUNT:
            return ""
        case Fraction():
            return rate(cell)
        case _:
            return str(cell)


def hazard_rows(bulletin: Bulletin) -> Iterator[tuple[Value, ...]]:
    """The open major hazards at the end of the period, those longest overdue first, then by their deadline."""
    at = bulletin.period.end
    ordered = sorted(bulletin.open_hazards, key=lambda h: (-h.days_overdue, h.deadline or at, h.ref))
    for number, hazard in enumerate(ordered, 1):
        yield (
            number,
            hazard.unit_name,
            hazard.number,
            hazard.fields["title"],
            hazard.fields["place"],
            _basis(hazard.clauses) or NONE,
            day(hazard.deadline),
            "、".join(_state(hazard, bulletin.period)),
        )


def _basis(clauses: Sequence[Clause]) -> str:
    """The clauses cited, each document named once: GB 35181-2017 7.3.2、7.3.3."""
    cited = []
    for document, members in groupby(clauses, key=lambda clause: clause.document):
        numbers = [_numbered(clause) for clause in members]
        cited.append(f"{document}{'' if numbers[0].startswith('第') else ' '}{'、'.join(numbers)}")
    return "；".join(cited)


def _numbered(clause: Clause) -> str:
    number = f"第{clause.number}条" if clause.number.isdigit() else clause.number
    return f"{number}{_STATES['unverified']}" if clause.text_status == "unverified" else number


def _state(hazard: HazardView, period: Period) -> Iterator[str]:
    yield hazard.state_label
    if hazard.days_overdue:
        yield _STATES["overdue"].format(days=hazard.days_overdue)
    elif hazard.deadline:
        days = (hazard.deadline - period.end).days
        yield _STATES["left" if days else "due_today"].format(days=days)
    if hazard.times_extended:
        yield _STATES["extended"].format(times=hazard.times_extended)
    if hazard.times_relapsed:
        yield _STATES["relapsed"]
    if hazard.supervised:
        yield _STATES["supervised"].format(level=hazard.supervised)
    if hazard.suspended:
        yield _STATES["suspended"].format(level=hazard.suspended)
    if hazard.legacy:
        yield _STATES["legacy"]


def filing_rows(bulletin: Bulletin) -> Iterator[tuple[Value, ...]]:
    """Who owed a filing in the period and how it was met, and the total."""
    for number, row in enumerate(bulletin.reporting, 1):
        yield (number, row.org.name, *_filed(row.figures))
    yield (None, _WORDING["total"], *_filed(bulletin.total))


def _filed(figures: Figures) -> Iterator[Value]:
    for head in FILING_COLUMNS:
        if head.figure:
            found: Value = getattr(figures, head.key)
            yield NONE if found is None else found
