"""Where the table of a sheet begins, and what each of its columns is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from taizhang.intake.advice import short
from taizhang.spreadsheets.container import Unreadable
from taizhang.spreadsheets.reading import Book, Merge, StoredSheet
from taizhang.spreadsheets.wording import phrase
from taizhang.spreadsheets.worker import MOST_COLUMNS, MOST_ROWS
from taizhang.workbooks.columns import ColumnLayout, ColumnRole, Target, normal
from taizhang.workbooks.values import clean, unit_of_money

DEEPEST = 40
"""Rows at the top of a sheet among which the heading is looked for."""
LONGEST_TITLE = 40
FEWEST = 2
"""Columns that must be known for a row to be a heading."""


class LedgerColumn(NamedTuple):
    """One column: its title as written, what it is for, and the unit of money that its title names."""

    position: int
    title: str
    target: Target
    unit: str


@dataclass(frozen=True)
class LedgerTable:
    """The ledger in a sheet: its columns, the rows of its heading and the first row below."""

    sheet: StoredSheet
    columns: Sequence[LedgerColumn]
    head: int
    first: int
    unit: str
    """The unit of money that a line above the heading names: 单位：万元."""
    others: tuple[str, ...] = ()
    """Names of further sheets that look like ledgers."""

    @property
    def known(self) -> Sequence[LedgerColumn]:
        """The columns that go somewhere."""
        return [column for column in self.columns if column.target.role is not ColumnRole.LEFT_OUT]


def find_table(book: Book, layout: ColumnLayout, sheet: str | None = None) -> LedgerTable:
    """The table of the sheet that looks most like a ledger, or of the named one. Raises Unreadable for none."""
    chosen = _chosen(book, sheet)
    large = next((item for item in chosen if not item.fits), None)
    tables = [table for item in chosen if item.fits and (table := _table(item, layout))]
    if not tables and large:
        size = {"sheet": short(clean(large.name)), "height": large.height, "width": large.width}
        raise Unreadable("E-BOOK-SIZE", found=phrase("far", **size, rows=MOST_ROWS, columns=MOST_COLUMNS))
    if not tables:
        names = "、".join(f"“{short(clean(item.name))}”" for item in chosen if item.name)
        raise Unreadable("E-BOOK-HEADER", found=phrase("no_header", sheets=names), names=_examples(layout))
    best = max(tables, key=_weight)
    others = tuple(table.sheet.name for table in tables if table is not best and _weight(table) * 2 > _weight(best))
    return LedgerTable(best.sheet, best.columns, best.head, best.first, best.unit, others)


def _weight(table: LedgerTable) -> int:
    rows = len(table.sheet.rows) > table.first
    return len({column.target for column in table.known}) * (2 if rows else 1)


def _chosen(book: Book, name: str | None) -> Sequence[StoredSheet]:
    if not book.sheets:
        raise Unreadable("E-BOOK-FORMAT", found=phrase("nothing"))
    if name is None:
        return [sheet for sheet in book.sheets if not sheet.is_hidden] or book.sheets
    chosen = [sheet for sheet in book.sheets if sheet.name == name]
    if not chosen:
        names = "、".join(f"“{short(clean(sheet.name))}”" for sheet in book.sheets)
        raise Unreadable("E-BOOK-SHEET", name=short(name), names=names)
    return chosen


def _examples(layout: ColumnLayout) -> str:
    required = [item.title for item in layout.fields.values() if item.required]
    return "、".join(f"“{title}”" for title in required[:6])


def _table(sheet: StoredSheet, layout: ColumnLayout) -> LedgerTable | None:
    """The table whose heading knows most columns; of two rows, if together they say more than one."""
    merged = _spread(sheet.merges)
    best, found = 0, None
    for head in range(min(DEEPEST, len(sheet.rows))):
        spans = any(merge.top == head < merge.bottom for merge in sheet.merges)
        for depth in (1, 2) if head + 1 < len(sheet.rows) else (1,):
            columns = _columns(sheet, head, depth, layout, merged)
            known = len({c.target for c in columns if c.target.role is not ColumnRole.LEFT_OUT})
            rank = 2 * known + (spans == (depth == 2))
            if known >= FEWEST and rank > best:
                best, found = rank, (head, depth, columns)
    if found is None:
        return None
    head, depth, columns = found
    above = " ".join(clean(cell) for row in sheet.rows[:head] for cell in row if isinstance(cell, str))
    unit = unit_of_money(above.partition("单位")[2])
    return LedgerTable(sheet, columns, head, head + depth, unit)


def _spread(merges: Sequence[Merge]) -> Mapping[tuple[int, int], tuple[int, int]]:
    """For every merged cell near the top, the one that holds its value."""
    return {
        (row, column): (merge.top, merge.left)
        for merge in merges
        if merge.top <= DEEPEST
        for row in range(merge.top, min(merge.bottom, DEEPEST + 1) + 1)
        for column in range(merge.left, min(merge.right, MOST_COLUMNS) + 1)
    }


def _columns(
    sheet: StoredSheet, head: int, depth: int, layout: ColumnLayout, merged: Mapping[tuple[int, int], tuple[int, int]]
) -> Sequence[LedgerColumn]:
    columns: list[LedgerColumn] = []
    taken: dict[Target, int] = {}
    for index, titles in enumerate(_titles(sheet, head, depth, merged)):
        target = _target(titles, layout)
        if target in taken:
            target = Target(ColumnRole.LEFT_OUT, reason=f"twice:{taken[target]}")
        elif target.role is not ColumnRole.LEFT_OUT:
            taken[target] = index
        shown = "·".join(dict.fromkeys(title for title in titles if title))[:LONGEST_TITLE]
        columns.append(LedgerColumn(index, shown, target, unit_of_money(shown)))
    return columns


def _titles(
    sheet: StoredSheet, head: int, depth: int, merged: Mapping[tuple[int, int], tuple[int, int]]
) -> Iterator[Sequence[str]]:
    """The titles of each column from top to bottom; one that spans several columns stands over each of them.

    Without merges, as in CSV, a blank in the upper row of two belongs to the title on its left.
    """
    over = ""
    for index in range(max(len(sheet.rows[row]) for row in range(head, head + depth))):
        titles = [clean(sheet.cell(*merged.get((row, index), (row, index)))) for row in range(head, head + depth)]
        if depth == 2 and not sheet.merges:
            over = titles[0] or over
            titles[0] = over
        yield titles


def _target(titles: Sequence[str], layout: ColumnLayout) -> Target:
    """What the first known reading of a title stands for: both rows together, the lower one, the upper one."""
    for text in _readings(titles):
        for name in (normal(text, brackets=True), normal(text)):
            if name in layout.names:
                return layout.names[name]
    return Target(ColumnRole.LEFT_OUT, reason="unknown" if any(titles) else "untitled")


def _readings(titles: Sequence[str]) -> Iterator[str]:
    if len(titles) == 1 or not titles[1] or titles[0] == titles[1]:
        yield titles[0]
        return
    upper, lower = titles
    yield upper + lower
    yield lower
