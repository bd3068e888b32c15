"""What the workbooks that are filled in or handed back share: a book without formulas or links, cells, widths."""

from __future__ import annotations

import io
import unicodedata
from datetime import UTC, date, datetime, time

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from taizhang.spreadsheets.reading import LONGEST_CELL, Cell

LARGEST_NUMBER = 10**15
"""Whole numbers from here on lose digits in a spreadsheet, so they are written as text."""
LONGEST_SHEET_NAME = 31
FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}


def new_book(created: date) -> tuple[io.BytesIO, Workbook]:
    """A workbook in memory that takes text for text, and the bytes it will be once it is closed."""
    raw = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(raw, options)
    book.set_properties({"created": datetime.combine(created, time(), UTC)})
    return raw, book


def put(page: Worksheet, row: int, column: int, value: Cell, look: Format | None = None) -> None:
    """One cell with its value: text never as a formula, and cut to what a cell can hold."""
    match value:
        case None:
            page.write_blank(row, column, None, look)
        case bool():
            page.write_boolean(row, column, value, look)
        case datetime():
            page.write_datetime(row, column, value, look)
        case date():
            page.write_datetime(row, column, datetime.combine(value, time()), look)
        case int() | float() if abs(value) < LARGEST_NUMBER:
            page.write_number(row, column, value, look)
        case _:
            page.write_string(row, column, str(value)[:LONGEST_CELL], look)


def look_of_day(value: Cell) -> str:
    """The number format for a value: days and moments as such, everything else as it comes."""
    if isinstance(value, datetime):
        return "yyyy-mm-dd hh:mm"
    return "yyyy-mm-dd" if isinstance(value, date) else "General"


def width_of(text: str) -> int:
    """How wide a text is, in digits."""
    return max(
        (sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in text.split("\n")), default=0
    )
