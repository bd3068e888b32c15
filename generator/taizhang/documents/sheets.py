"""Sheets of rows as XLSX and CSV, for spreadsheet programs: text stays text, numbers are numbers, bytes are stable.

In the XLSX no cell can be a formula or a link, whatever its text. CSV has no such thing as a text cell, so a text
that a spreadsheet would take for a formula gets an apostrophe before it there; the XLSX holds the text as it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import count, groupby
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from taizhang.documents.values import rate

Value = str | int | Decimal | Fraction | date | None
"""What a cell holds: text, a count, an amount, a rate as an exact share of one, a day, or nothing."""

LONGEST_NAME = 31
"""Characters of a sheet's name, set by the format."""


class CellKind(Enum):
    """What a column holds, and how its cells look. A COUNT of zero is there but not seen, as on the official forms."""

    TEXT = "@"
    NUMBER = "0"
    COUNT = "0;-0;"
    AMOUNT = "General"
    RATE = "0.0%"
    DATE = "yyyy-mm-dd"


@dataclass(frozen=True)
class Column:
    """One column. Columns next to each other with the same `group` share a heading above theirs. Width in characters
    of digits."""

    title: str
    kind: CellKind = CellKind.TEXT
    width: float = 12
    group: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its heading stays in sight when the rows are scrolled, as do its first `fixed` columns."""

    name: str
    """Shortened, and numbered if another sheet has it, where the format asks for that."""
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    total: Sequence[Value] = ()
    title: str = ""
    lead: str = ""
    """A line between title and heading: the period, the units of measure."""
    notes: Sequence[str] = ()
    fixed: int = 0
    filtered: bool = False
    """Whether the heading offers to show only some of the rows."""

    @property
    def grouped(self) -> bool:
        return any(column.group for column in self.columns)


def as_csv(sheet: Sheet) -> bytes:
    """The heading, the rows and the total, in UTF-8 with a mark that Excel knows it by, every cell quoted."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_inert(f"{column.group}{column.title}") for column in sheet.columns])
    for row in (*sheet.rows, *([sheet.total] if sheet.total else [])):
        writer.writerow([_plain(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return _inert(value)
        case Fraction():
            return rate(value)
        case _:
            return str(value)


def _inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula, on one line."""
    line = _BREAKS.sub(" ", text)
    return f"'{line}" if _FORMULA.match(line) else line


_BREAKS = re.compile(r"[\r\n\t\v\f\x85\u2028\u2029]+")
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠|%]")


def as_xlsx(sheets: Sequence[Sheet], created: date, title: str = "") -> bytes:
    """A workbook of these sheets. `created` is all the time it knows, so the same sheets are the same bytes.

    Raises ValueError for a cell longer than the format can hold, which would be lost in silence otherwise.
    """
    raw = io.BytesIO()
    book = Workbook(raw, _OPTIONS)
    book.set_properties({"title": title, "created": datetime.combine(created, time(), UTC)})
    book.set_size(2400, 1400)
    looks = _Looks(book)
    for sheet, name in zip(sheets, _names(sheets), strict=True):
        _Writer(book.add_worksheet(name), looks, sheet).write()
    book.close()
    return raw.getvalue()


def _names(sheets: Sequence[Sheet]) -> Iterator[str]:
    """A name for each sheet that the format takes: short, without the characters it forbids, each one once."""
    taken = {"history"}  # which Excel keeps for itself
    for sheet in sheets:
        plain = _FORBIDDEN.sub(" ", sheet.name).strip("' ") or "-"
        name = next(name for name in _numbered(plain) if name.casefold() not in taken)
        taken.add(name.casefold())
        yield name


def _numbered(name: str) -> Iterator[str]:
    yield name[:LONGEST_NAME]
    for number in count(2):
        end = f"({number})"
        yield name[: LONGEST_NAME - len(end)] + end


_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[str, Format] = {}

    def __call__(self, name: str, **properties: Any) -> Format:
        if name not in self.made:
            self.made[name] = self.book.add_format({"valign": "vcenter", "font_name": "宋体", **properties})
        return self.made[name]

    def cell(self, kind: CellKind, bold: bool = False) -> Format:
        text = {"text_wrap": True} if kind is CellKind.TEXT else {"align": "center"}
        own = {"num_format": kind.value, "border": 1, "font_size": 10, "bold": bold}
        return self(f"{kind.name}{bold}", **own, **text)


class _Writer:
    """Writes one sheet from top to bottom and sets it up for print: A4 across, as wide as the page."""

    def __init__(self, page: Worksheet, looks: _Looks, sheet: Sheet) -> None:
        self.page, self.looks, self.sheet = page, looks, sheet
        self.last = len(sheet.columns) - 1
        self.row = 0

    def write(self) -> None:
        for index, column in enumerate(self.sheet.columns):
            self.page.set_column(index, index, column.width)
        if self.sheet.title:
            self._across(self.sheet.title, "title", 32, font_size=16, font_name="黑体", align="center")
        if self.sheet.lead:
            self._across(self.sheet.lead, "lead", 18, font_size=10)
        first = self.row
        self._heading()
        self.page.freeze_panes(self.row, self.sheet.fixed)
        for row in self.sheet.rows:
            self._cells(row)
        if self.sheet.filtered and self.sheet.rows:
            self.page.autofilter(self.row - len(self.sheet.rows) - 1, 0, self.row - 1, self.last)
        if self.sheet.total:
            self._cells(self.sheet.total, bold=True)
        for note in self.sheet.notes:
            self._across(note, "note", 30, font_size=10, text_wrap=True)
        self._print(first, self.row)

    def _across(self, text: str, look: str, height: float, **properties: Any) -> None:
        self.page.set_row(self.row, height)
        if self.last:
            self.page.merge_range(self.row, 0, self.row, self.last, "", self.looks(look, **properties))
        self._text(0, text, self.looks(look, **properties))
        self.row += 1

    def _heading(self) -> None:
        look = self.looks("head", bold=True, border=1, font_size=10, align="center", text_wrap=True, bg_color="#EDEDED")
        bottom = self.row + self.sheet.grouped
        column = 0
        for group, members in groupby(self.sheet.columns, key=lambda c: c.group):
            titles = [c.title for c in members]
            if group:
                if len(titles) > 1:
                    self.page.merge_range(self.row, column, self.row, column + len(titles) - 1, "", look)
                self._text(column, group, look)
            for offset, title in enumerate(titles):
                if not group and self.sheet.grouped:
                    self.page.merge_range(self.row, column + offset, bottom, column + offset, "", look)
                    self._text(column + offset, title, look)
                else:
                    self._text(column + offset, title, look, bottom)
            column += len(titles)
        self.row = bottom + 1

    def _cells(self, row: Sequence[Value], bold: bool = False) -> None:
        for index, (value, column) in enumerate(zip(row, self.sheet.columns, strict=True)):
            look = self.looks.cell(CellKind.TEXT if isinstance(value, str) else column.kind, bold)
            match value:
                case None:
                    self.page.write_blank(self.row, index, None, look)
                case str():
                    self._text(index, value, look)
                case date():
                    self.page.write_datetime(self.row, index, datetime.combine(value, time()), look)
                case _:
                    self.page.write_number(self.row, index, float(value), look)
        self.row += 1

    def _text(self, column: int, text: str, look: Format, row: int | None = None) -> None:
        if self.page.write_string(self.row if row is None else row, column, text, look):
            raise ValueError(f"a cell of {len(text)} characters does not fit into a sheet")

    def _print(self, head: int, below: int) -> None:
        self.page.set_landscape()
        self.page.set_paper(9)
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(head, below - len(self.sheet.rows) - bool(self.sheet.total) - len(self.sheet.notes) - 1)
        self.page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        self.page.set_footer("&C— &P —")
