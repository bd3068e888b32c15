"""Opens one workbook in a process of its own, with little memory and time: what is hostile ends here.

Bytes in at standard input, JSON out at standard output. Any other end than 0 means that it could not be read.
"""

from __future__ import annotations

import io
import json
import math
import resource
import sys
from datetime import date, datetime
from typing import Any
from xml.parsers.expat import ExpatError

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from taizhang.spreadsheets.marks import Marks, marks_of

MEMORY = 1536 * 1024 * 1024
SECONDS = 30
MOST_ROWS = 20_000
MOST_COLUMNS = 256
MOST_SHEETS = 60


def main() -> None:
    """Read standard input within the limits and print its sheets."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(sheets(sys.stdin.buffer.read()), sys.stdout)


def sheets(raw: bytes) -> list[dict[str, Any]]:
    """Every sheet with its cells and marks, as JSON has them; those beyond the limits without cells."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    try:
        marks = marks_of(raw, MOST_ROWS)
    except (ExpatError, ValueError, KeyError):
        marks = {}
    read = []
    for index, about in enumerate(book.sheets_metadata[:MOST_SHEETS]):
        sheet = book.get_sheet_by_index(index)
        visible = about.visible == SheetVisibleEnum.Visible
        read.append({"name": about.name, "visible": visible, **_cells(sheet, marks.get(about.name, Marks()))})
    return read


def _cells(sheet: CalamineSheet, marks: Marks) -> dict[str, Any]:
    height, width = (n + 1 for n in sheet.end) if sheet.end else (0, 0)
    fits = height <= MOST_ROWS and width <= MOST_COLUMNS
    rows = sheet.to_python(skip_empty_area=False) if fits and height else []
    merges = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()] or marks.merges
    return {
        "height": height,
        "width": width,
        "rows": [[_plain(value) for value in row] for row in rows],
        "merges": merges,
        "formulas": sorted(marks.formulas),
        "hidden": sorted(marks.hidden),
    }


def _plain(value: object) -> object:
    """A cell as JSON has it: text as it is, a day or a moment marked as such, numbers whole where they are."""
    if value == "" or value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value if isinstance(value, str | bool | int | float) else str(value)


if __name__ == "__main__":
    main()
