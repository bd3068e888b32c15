"""Workbooks as units keep them, made by hand for tests: xlsx cell by cell, ods and csv as bytes."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from html import escape
from pathlib import Path
from typing import Any

from checkout import checkout, taizhang
from click.testing import Result
from support import CAMPAIGN, Tree
from xlsxwriter import Workbook

from taizhang.intake.strict_yaml import load

Rows = Sequence[Sequence[object]]
TODAY = "2023-06-05"
HEAD = ["隐患描述", "部位", "类别", "性质", "发现日期", "隐患来源", "级别", "整改措施", "整改期限"]
ROW = ["安全出口上锁", "住院部二楼", "消防", "安全管理缺陷", "2023-05-22", "单位自查", "一般", "开锁", "2023-06-30"]
RECORD = {
    "filed_on": TODAY,
    "title": "安全出口上锁",
    "public_summary": "安全出口上锁",
    "discovered_on": "2023-05-22",
    "registered_on": TODAY,
    "source": "self_check",
    "place": "住院部二楼",
    "category": "fire",
    "nature": "management_defect",
    "claimed_level": "general",
    "measures": "开锁",
    "deadline": "2023-06-30",
}
"""What ROW under HEAD comes to."""


class Formula(str):
    """A cell with a formula, whose stored result is 7."""


def sheet(page: Any, rows: Rows, day: Any, merges: Sequence[str] = (), hidden: Sequence[int] = ()) -> None:
    """Write rows into an XlsxWriter sheet; days as days, formulas as formulas."""
    for merge in merges:
        page.merge_range(merge, "")
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            match value:
                case None:
                    continue
                case Formula():
                    page.write_formula(row, column, value, None, 7)
                case datetime():
                    page.write_datetime(row, column, value, day)
                case date():
                    page.write_datetime(row, column, datetime.combine(value, time()), day)
                case str():
                    page.write_string(row, column, value)
                case _:
                    page.write(row, column, value)
    for row in hidden:
        page.set_row(row, None, None, {"hidden": True})


def xlsx(
    rows: Rows, *, merges: Sequence[str] = (), hidden: Sequence[int] = (), more: Sequence[tuple[str, Rows]] = ()
) -> bytes:
    """A workbook of one sheet 台账, after the sheets in `more`."""
    raw = io.BytesIO()
    book = Workbook(raw, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, other in more:
        sheet(book.add_worksheet(name), other, day)
    sheet(book.add_worksheet("台账"), rows, day, merges, hidden)
    book.close()
    return raw.getvalue()


def comma_separated(rows: Rows, encoding: str, delimiter: str = ",") -> bytes:
    """Rows as csv in an encoding."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
_BELOW = (
    '<table:table-row table:number-rows-repeated="1048000">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)
"""The empty rest of the sheet, as spreadsheet programs write it."""


def ods(
    rows: Rows, spans: dict[tuple[int, int], int] | None = None, hidden: Sequence[int] = (), extra: str = ""
) -> bytes:
    """An OpenDocument spreadsheet; `spans` are cells merged downwards, by place, with the rows they take."""
    spans = spans or {}
    covered = {(row + n, column) for (row, column), taken in spans.items() for n in range(1, taken)}
    lines = []
    for row, cells in enumerate(rows):
        told = [
            "<table:covered-table-cell/>" if (row, column) in covered else _cell(value, spans.get((row, column), 1))
            for column, value in enumerate(cells)
        ]
        state = ' table:visibility="collapse"' if row in hidden else ""
        lines.append(f"<table:table-row{state}>{''.join(told)}</table:table-row>")
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in _NAMES.items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{extra}<office:document-content {spaces} office:version="1.3">'
        f'<office:body><office:spreadsheet><table:table table:name="台账">{"".join(lines)}{_BELOW}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": f"<manifest>{kind}</manifest>"})


def _cell(value: object, span: int) -> str:
    """A cell of an OpenDocument spreadsheet."""
    match value:
        case None:
            return "<table:table-cell/>"
        case Formula():
            about, shown = 'table:formula="of:=2+5" office:value-type="float" office:value="7"', "7"
        case date():
            about, shown = f'office:value-type="date" office:date-value="{value}"', str(value)
        case int() | float():
            about, shown = f'office:value-type="float" office:value="{value}"', str(value)
        case _:
            about, shown = 'office:value-type="string"', escape(str(value))
    spanned = f' table:number-rows-spanned="{span}" table:number-columns-spanned="1"' if span > 1 else ""
    return f"<table:table-cell{spanned} {about}><text:p>{shown}</text:p></table:table-cell>"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """Parts as a zip archive."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return raw.getvalue()


def repacked(raw: bytes, **changed: str | bytes) -> bytes:
    """A zip archive with parts added or replaced."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**parts, **changed})


class Desk:
    """A checkout and a folder with workbooks beside it."""

    def __init__(self, folder: Path, tree: Tree | None = None) -> None:
        (folder / "repository").mkdir()
        self.root = checkout(folder / "repository", tree or Tree())
        self.folder = folder

    def file(self, name: str, content: bytes) -> Path:
        file = self.folder / name
        file.write_bytes(content)
        return file

    def run(self, name: str, content: bytes, *options: str, org: str = "east-hospital") -> Result:
        """Import a workbook, as of TODAY unless told otherwise."""
        file = self.file(name, content)
        today = () if "--today" in options else ("--today", TODAY)
        return taizhang(self.root, "import", str(file), "--org", org, *today, *options)

    def records(self, kind: str = "hazards", org: str = "east-hospital") -> dict[str, Any]:
        """The data of every record of a kind on disk, by name."""
        folder = self.root / "submissions" / CAMPAIGN / org / kind
        return {file.stem: load(file.read_bytes()).data for file in sorted(folder.glob("*.yml"))}

    def check(self) -> Result:
        return taizhang(self.root, "check", "--today", "2023-08-01")
