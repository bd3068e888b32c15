"""The figures of a bulletin as its record holds them, and which records they were counted from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from taizhang.figures.figures import Figures
from taizhang.figures.register import EDITION, FIGURES, recorded
from taizhang.figures.tables import PeriodFigures
from taizhang.intake.kinds import Kind
from taizhang.intake.records import Record
from taizhang.ledger.receipts import receive

TOTAL, PREVIOUS = "total", "previous"
"""The rows that are no organisation's: 合计 and, for comparison, 上期合计."""

FILINGS = "filings"
"""The column of 报送状态: how each filing of the period stood at the cut-off."""

RETURNS = frozenset({"due_n", "on_time_n", "nil_n", "late_n", "missing_n"})
"""The columns that count what `FILINGS` lists."""

Row = Mapping[str, Any]


class Difference(NamedTuple):
    """One cell that two tables do not agree on. A row that one of them lacks is one difference, without a column.

    `row` is an organisation's id, `TOTAL` or `PREVIOUS`; `was` and `now` are counts, statuses, or None.
    """

    row: str
    column: str
    was: Any
    now: Any


@dataclass(frozen=True)
class Frozen:
    """A table as a record holds it: for each row the columns that are not zero.

    `edition` is that of the register of figures: a column that came into it later says nothing of the table.
    """

    rows: Mapping[str, Row]
    edition: int = EDITION

    @classmethod
    def read(cls, record: Record) -> Frozen:
        """The table of a bulletin's record. Of two rows for one organisation the last one counts."""
        rows = record.data["figures"]
        cells = {_key(row): {k: v for k, v in row.items() if k not in ("unit", "row")} for row in rows}
        return cls(cells, record.data.get("register_edition", 1))

    @classmethod
    def of(cls, table: PeriodFigures, previous: Figures | None) -> Frozen:
        """The table that was counted, and the total of the period before."""
        rows = {row.org.id: _frozen(row.figures, [str(s.value) for s in row.statuses]) for row in table.rows}
        rows[TOTAL] = _frozen(table.total)
        if previous is not None:
            rows[PREVIOUS] = _frozen(previous)
        return cls(rows)

    def written(self) -> list[dict[str, Any]]:
        """The rows as they go into the record, organisations first."""
        own = (TOTAL, PREVIOUS)
        units = [{"unit": key, **row} for key, row in self.rows.items() if key not in own]
        return units + [{"row": key, **self.rows[key]} for key in own if key in self.rows]

    def differences(self, other: Frozen) -> Iterator[Difference]:
        """Every cell in which `other` differs, in the order of the rows and columns."""
        for key in dict.fromkeys([*self.rows, *other.rows]):
            was, now = self.rows.get(key), other.rows.get(key)
            if was is None or now is None:
                yield Difference(key, "", was, now)
                continue
            for column in (FILINGS, *self._columns(other)):
                if was.get(column, 0) != now.get(column, 0):
                    yield Difference(key, column, was.get(column, 0), now.get(column, 0))

    def _columns(self, other: Frozen) -> Iterator[str]:
        """The figures that both editions know, and whatever else stands in a row all the same."""
        common = {figure.id for figure in recorded(min(self.edition, other.edition))}
        written = {column for row in self.rows.values() for column in row}
        return (figure.id for figure in recorded() if figure.id in common | written)


def _key(row: Row) -> str:
    return str(row.get("unit") or row.get("row", ""))


def _frozen(figures: Figures, statuses: list[str] | None = None) -> Row:
    counts = {figure.id: figures.count(figure.id) for figure in recorded()}
    return {**({FILINGS: statuses} if statuses else {}), **{k: v for k, v in counts.items() if v}}


def column_title(kind: Kind, column: str, returns: str) -> str:
    """The Chinese name of a column; `returns` is what the campaign's units file every week or month."""
    if column in FIGURES:
        return FIGURES[column].title(returns)
    return str(kind.field(("figures", 0, column))["title"]) if column else "整行"


def cell_text(kind: Kind, column: str, value: Any) -> str:
    """A recorded value in words: 按时, 3, or 没有这一行."""
    if not column:
        return "没有" if value is None else "有"
    if column == FILINGS:
        labels = kind.field(("figures", 0, FILINGS, 0))["x-labels"]
        return "、".join(labels[status] for status in value) if value else "没有"
    return str(value)


def digest_of(records: Iterable[Record], cut_off: date) -> str:
    """The SHA-256 over path and blob id of everything that was counted at the end of `cut_off`, sorted by path.

    Counted is the campaign itself, its roll, and what was filed by then, with the receipts that show it; bulletins
    count nothing. So a squash, a rebase or a repository started from a template does not change it, nor does what is
    filed later.
    """
    digest = hashlib.sha256()
    for record in sorted(receive(records), key=lambda r: r.path):
        if _is_counted(record, cut_off):
            digest.update(f"{record.path}\0{record.blob}\n".encode())
    return digest.hexdigest()


def _is_counted(record: Record, cut_off: date) -> bool:
    match record.kind.name:
        case "campaign" | "roll":
            return True
        case "bulletins":
            return False
        case "receipts":
            return record.day("arrived_on") <= cut_off
        case _:
            return record.filed_on <= cut_off


def first_filing(records: Iterable[Record]) -> date | None:
    """The day the first record of a campaign counts as filed, its bulletins left out; None where there is none."""
    filed = [r.filed_on for r in receive(records) if r.kind.place == "record" and r.kind.name != "bulletins"]
    return min(filed, default=None)
