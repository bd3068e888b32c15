"""The workbook that was imported, handed back: its values, what became of each row, and how its columns were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import chain, count
from pathlib import Path

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from taizhang.findings import Channel, worded
from taizhang.spreadsheets.wording import phrase
from taizhang.workbooks.columns import ColumnLayout
from taizhang.workbooks.headers import LedgerTable
from taizhang.workbooks.parts import FONT, LONGEST_SHEET_NAME, look_of_day, new_book, put, width_of
from taizhang.workbooks.values import clean
from taizhang.workbooks.verdicts import RowOutcome, RowResult, destination, letter, spot

CHECKED = ".校验结果"
"""What the name of a workbook handed back ends in."""
COLOURS: Mapping[RowOutcome, str] = {
    RowOutcome.WRITTEN: "#E2F0D9",
    RowOutcome.SAME: "#EDEDED",
    RowOutcome.REPEATED: "#FFF2CC",
    RowOutcome.WRONG: "#FBE0DC",
    RowOutcome.SKIPPED: "#F5F5F5",
}
WRONG_CELL = "#F4B6AD"
WIDEST, NARROWEST, RESULT_WIDTH = 40, 6, 60


def checked_workbook(
    table: LedgerTable, layout: ColumnLayout, results: Sequence[RowResult], remarks: Sequence[str], created: date
) -> bytes:
    """The sheet that was read with the column 校验结果 added, and a sheet that says how it was read."""
    raw, book = new_book(created)
    page = book.add_worksheet(_sheet_name(table.sheet.name))
    _CheckedSheet(book, page, table, {result.row: result for result in results}).write()
    _explained(book, table, layout, remarks)
    book.close()
    return raw.getvalue()


def place_beside(file: Path) -> Path:
    """Where the workbook goes that hands back what was in `file`: beside it, over nothing that is there already."""
    stem = file.name.removesuffix(file.suffix).partition(CHECKED)[0]
    names = (f"{stem}{CHECKED}{again}.xlsx" for again in chain([""], (f"-{number}" for number in count(2))))
    return next(place for place in map(file.with_name, names) if not place.exists())


def _sheet_name(name: str) -> str:
    kept = "".join(c for c in name if c not in "[]:*?/\\'")[:LONGEST_SHEET_NAME]
    return kept if kept and kept != phrase("sheet_notes") else phrase("sheet_name")


class _CheckedSheet:
    """Writes the sheet's values cell by cell, marked where something is wrong."""

    def __init__(self, book: Workbook, page: Worksheet, table: LedgerTable, results: Mapping[int, RowResult]) -> None:
        self.book, self.page, self.table, self.results = book, page, table, results
        self.looks: dict[tuple[object, ...], Format] = {}
        self.last = max((len(row) for row in table.sheet.rows), default=0)
        self.own = next((c.position for c in table.columns if c.target.reason == "own"), self.last)

    def write(self) -> None:
        """The whole sheet."""
        self._merges()
        for row, cells in enumerate(self.table.sheet.rows):
            wrong = {item.column - 1 for item in self.results[row].errors} if row in self.results else set()
            for column, value in enumerate(cells):
                if column != self.own:
                    put(self.page, row, column, value, self._look(row, column, value, column in wrong))
            self._result(row)
        self._widths()
        self.page.freeze_panes(self.table.first, 0)

    def _merges(self) -> None:
        for merge in self.table.sheet.merges:
            inside = merge.right < self.last and merge.bottom < len(self.table.sheet.rows)
            if (
                inside
                and not merge.left <= self.own <= merge.right
                and (merge.top, merge.left) != (merge.bottom, merge.right)
            ):
                self.page.merge_range(*merge, "", self._look(merge.top, merge.left, None, wrong=False))

    def _look(self, row: int, column: int, value: object, wrong: bool) -> Format:
        head = self.table.head <= row < self.table.first
        formula = (row, column) in self.table.sheet.formulas
        key = (head, formula, wrong, look_of_day(value))  # type: ignore[arg-type]
        if key not in self.looks:
            colour = {"bg_color": WRONG_CELL} if wrong else {"bg_color": "#EDEDED"} if head else {}
            extra = {"bold": head, "italic": formula, "border": 1, "text_wrap": True, "num_format": key[3]}
            self.looks[key] = self.book.add_format({**FONT, **extra, **colour})
        return self.looks[key]

    def _result(self, row: int) -> None:
        if row == self.table.first - 1:
            put(self.page, row, self.own, phrase("result"), self._look(row, -1, None, wrong=False))
        result = self.results.get(row)
        if result:
            colour = COLOURS[result.outcome]
            if (colour,) not in self.looks:
                self.looks[colour,] = self.book.add_format({**FONT, "text_wrap": True, "border": 1, "bg_color": colour})
            put(self.page, row, self.own, self._sentences(result), self.looks[colour,])

    def _sentences(self, result: RowResult) -> str:
        sentences = worded(result.findings, Channel.WORKBOOK)
        found = [f"{spot(item, self.table)}：{item.message}{item.remedy}" for item in sentences]
        return "\n".join([result.said, *found, *result.notes])

    def _widths(self) -> None:
        for column in range(self.last):
            texts = [clean(row[column]) for row in self.table.sheet.rows[self.table.head :] if column < len(row)]
            widest = max((width_of(text) for text in texts), default=0)
            self.page.set_column(column, column, min(max(widest + 2, NARROWEST), WIDEST))
        self.page.set_column(self.own, self.own, RESULT_WIDTH)


def _explained(book: Workbook, table: LedgerTable, layout: ColumnLayout, remarks: Sequence[str]) -> None:
    page = book.add_worksheet(phrase("sheet_notes"))
    plain, bold = book.add_format({**FONT, "text_wrap": True}), book.add_format({**FONT, "bold": True})
    for row, line in enumerate(remarks):
        page.merge_range(row, 0, row, 2, "", plain)
        put(page, row, 0, line, plain)
    first = len(remarks) + 1
    for column, title in enumerate(phrase("columns_heading").split("|")):
        put(page, first, column, title, bold)
    for row, item in enumerate(table.columns, first + 1):
        for column, text in enumerate((letter(item.position), item.title, destination(item, layout))):
            put(page, row, column, text, plain)
    for column, width in enumerate((8, 30, 70)):
        page.set_column(column, column, width)
