"""Workbooks that nobody should open: each ends in a sentence, in bounded time and memory."""

from __future__ import annotations

import io
import resource
import struct
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook as OpenBook
from openpyxl.workbook.protection import WorkbookProtection
from spreadsheets import HEAD, ROW, Desk, Formula, comma_separated, ods, repacked, xlsx, zipped
from xlsxwriter import Workbook

from taizhang.spreadsheets import reading
from taizhang.spreadsheets.container import LARGEST_FILE, Unreadable, examine
from taizhang.spreadsheets.marks import marks_of
from taizhang.spreadsheets.reading import read_book
from taizhang.spreadsheets.worker import MEMORY

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
XLS = (Path(__file__).parent / "workbooks" / "ledger.xls").read_bytes()
GOOD = xlsx([HEAD, ROW])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def locked_xls() -> bytes:
    """The fixture with its first harmless record (WRITEACCESS) made a FILEPASS record."""
    at = XLS.index(struct.pack("<HH", 0x005C, 112))
    return XLS[:at] + struct.pack("<H", 0x002F) + XLS[at + 2 :]


def bomb(size: int) -> bytes:
    """A workbook whose sheet unpacks to `size` bytes of blanks."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        page = archive.read("xl/worksheets/sheet1.xml")
    return repacked(GOOD, **{"xl/worksheets/sheet1.xml": page + b" " * size})


def lying_bomb() -> bytes:
    """A bomb that declares to be small: the sizes in the directory are false."""
    raw = bytearray(bomb(60_000_000))
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive:
        true = struct.pack("<L", archive.getinfo("xl/worksheets/sheet1.xml").file_size)
    return bytes(raw.replace(true, struct.pack("<L", 4000)))


def far_cell(row: int, column: int) -> bytes:
    raw = io.BytesIO()
    book = Workbook(raw, {"in_memory": True})
    page = book.add_worksheet("台账")
    for index, title in enumerate(HEAD):
        page.write_string(0, index, title)
    page.write_string(row, column, "x")
    book.close()
    return raw.getvalue()


REFUSED = {
    "empty": (b"", "E-BOOK-FORMAT", "文件是空的"),
    "html": (b"<html><table><tr><td>x</td></tr></table></html>", "E-BOOK-FORMAT", "其实是网页或 XML"),
    "xml": (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "E-BOOK-FORMAT", "其实是网页或 XML"),
    "pdf": (b"%PDF-1.7\n", "E-BOOK-FORMAT", "文件不是表格"),
    "binary": (bytes(range(256)) * 4, "E-BOOK-FORMAT", "文件不是表格"),
    "half a zip": (GOOD[:900], "E-BOOK-FORMAT", "文件已损坏"),
    "zip": (zipped({"a.txt": "x"}), "E-BOOK-FORMAT", "压缩包或别的文档"),
    "docx": (zipped({"word/document.xml": "<x/>"}), "E-BOOK-FORMAT", "压缩包或别的文档"),
    "xlsb": (zipped({"xl/workbook.bin": "x"}), "E-BOOK-FORMAT", "xlsb"),
    "odt": (
        zipped({"content.xml": "<x/>", "mimetype": "application/vnd.oasis.opendocument.text"}),
        "E-BOOK-FORMAT",
        "别的文档",
    ),
    "doc": (OLE + "WordDocument".encode("utf-16-le") + b"\0" * 600, "E-BOOK-FORMAT", "别的文档"),
    "half an xls": (XLS[:1200] + "Workbook".encode("utf-16-le"), "E-BOOK-FORMAT", "文件已损坏"),
    "broken sheet": (repacked(GOOD, **{"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row"}), "E-BOOK-", ""),
    "encrypted xlsx": (OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "E-BOOK-LOCKED", "文件加了密码"),
    "xls with a password": (locked_xls(), "E-BOOK-LOCKED", "文件加了密码"),
    "ods with a password": (
        zipped({"content.xml": "x", "mimetype": "spreadsheet", "META-INF/manifest.xml": "<encryption-data/>"}),
        "E-BOOK-LOCKED",
        "文件加了密码",
    ),
    "bomb": (bomb(300_000_000), "E-BOOK-SIZE", "文件解开后有 286 MB"),
    "dense bomb": (bomb(60_000_000), "E-BOOK-SIZE", "文件解开后有 57 MB"),
    "many parts": (repacked(GOOD, **{f"xl/x{n}.xml": "" for n in range(2100)}), "E-BOOK-SIZE", "个部分"),
    "large": (b"a,b\n" * (LARGEST_FILE // 4 + 1), "E-BOOK-SIZE", "超过 20 MB"),
    "a cell far below": (far_cell(1_048_575, 3), "E-BOOK-SIZE", "一直到第 1048576 行"),
    "a cell in the last corner": (far_cell(1_048_575, 16_383), "E-BOOK-SIZE", "内容太多"),
    "a cell far to the right": (far_cell(5, 5000), "E-BOOK-SIZE", "第 5001 列"),
    "long csv": (comma_separated([HEAD, *[ROW] * 20_001], "utf-8"), "E-BOOK-SIZE", "超过 20000 行"),
    "no heading": (xlsx([ROW, ROW]), "E-BOOK-HEADER", "没有找到两个以上认得的列名"),
    "csv without heading": (b"hello\nworld\n", "E-BOOK-HEADER", ""),
    "csv with a broken encoding": (b"\xff\xff,\x80\n\x81", "E-BOOK-FORMAT", "编码不是 UTF-8 或 GBK"),
    "csv with an endless cell": (b'"' + b"a" * 200_000 + b'",b\n', "E-BOOK-FORMAT", "引号不成对"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_each_bad_workbook_is_a_sentence(desk: Desk, name: str) -> None:
    raw, code, found = REFUSED[name]
    result = desk.run("x.xlsx", raw)
    assert result.exit_code == 1, result.output
    assert f"错误 {code}" in result.output
    assert found in result.output
    assert "Traceback" not in result.output
    assert desk.records() == {}


def test_sizes_that_lie_end_in_a_sentence_or_in_a_small_sheet() -> None:
    """What a bomb declares is checked; what it really holds meets the limits of the process that opens it."""
    found = "small"
    try:
        assert len(read_book(lying_bomb()).sheets[0].rows) <= 2
    except Unreadable as refused:
        found = refused.code
    assert found in ("small", "E-BOOK-FORMAT", "E-BOOK-SIZE")
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MEMORY // 1024


def test_a_wrong_sheet(desk: Desk) -> None:
    result = desk.run("x.xlsx", GOOD, "--sheet", "没有的")
    assert result.exit_code == 1
    assert "错误 E-BOOK-SHEET" in result.output
    assert "这里有：“台账”" in result.output


def test_macros_and_links_are_neither_run_nor_followed(desk: Desk) -> None:
    raw = repacked(GOOD, **{"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": "<externalLink/>"})
    result = desk.run("x.xlsm", raw, "--dry-run")
    assert "文件里有宏，没有运行" in result.output
    assert "有指向其他文件的链接，没有打开" in result.output
    assert "可以导入 1 行" in result.output


def test_a_million_empty_rows_are_no_rows(desk: Desk) -> None:
    """A format set down to the last row: every row is there, and none has a value."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 1_048_577))
    raw = repacked(GOOD, **{"xl/worksheets/sheet1.xml": page.replace("</sheetData>", f"{empty}</sheetData>")})
    result = desk.run("x.xlsx", raw, "--dry-run")
    assert "可以导入 1 行" in result.output
    assert result.output.count("空行") <= 2


def test_protection_of_the_structure_is_no_password(desk: Desk) -> None:
    """保护工作簿 without encryption only hinders editing."""
    book = OpenBook()
    book.active.append(HEAD)
    book.active.append(ROW)
    book.security = WorkbookProtection(lockStructure=True, workbookPassword="CC1A")
    raw = io.BytesIO()
    book.save(raw)
    assert "可以导入 1 行" in desk.run("x.xlsx", raw.getvalue(), "--dry-run").output


def test_a_document_type_is_not_read() -> None:
    """Entities could grow without end; a spreadsheet has no use for them."""
    entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(ValueError, match="document type"):
        marks_of(ods([HEAD, ROW], extra=entities), 100)


@pytest.mark.parametrize("cut", range(0, len(GOOD), 397))
def test_a_workbook_cut_anywhere_is_refused(cut: int) -> None:
    with pytest.raises(Unreadable):
        examine(GOOD[:cut])


def test_marks_of_a_sheet() -> None:
    raw = xlsx([HEAD, [*ROW[:8], Formula("=1+1")], ROW], hidden=[2])
    marks = marks_of(raw, 100)["台账"]
    assert marks.formulas == {(1, 8)}
    assert marks.hidden == {2}
    assert marks_of(raw, 2)["台账"].hidden == set()


def test_a_workbook_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", 0.01)
    with pytest.raises(Unreadable, match="E-BOOK-SIZE"):
        read_book(GOOD)
