"""Which cells hold formulas, which rows are hidden and which cells are merged: what the cells' values do not tell.

Only element names, positions and flags are taken from the XML; no text, no entity, no document type.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

Attributes = Mapping[str, str]
_CHUNK = 1 << 16
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")


@dataclass
class Marks:
    """Positions count rows and columns from 0. A merge is its first row and column and its last."""

    formulas: set[tuple[int, int]] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


def marks_of(raw: bytes, rows: int) -> Mapping[str, Marks]:
    """The marks of every sheet by its name, as far as the first `rows` rows. Empty for a file that has none to read."""
    if not zipfile.is_zipfile(io.BytesIO(raw)):
        return {}
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if "content.xml" in archive.namelist():
            reader = _OpenDocument(rows)
            _walk(archive, "content.xml", reader.start, reader.end)
            return reader.sheets
        return {name: _worksheet(archive, part, rows) for name, part in _parts(archive)}


def _walk(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = lambda name, found: start(_local(name), {_local(k): v for k, v in found.items()})
    if end:
        parser.EndElementHandler = lambda name: end(_local(name))
    parser.StartDoctypeDeclHandler = _no_doctype
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _no_doctype(*_: object) -> None:
    raise ValueError("a workbook has no document type")


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Every sheet of an xlsx workbook: its name and the part that holds it."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(name: str, found: Attributes) -> None:
        if name == "Relationship":
            targets[found.get("Id", "")] = found.get("Target", "")

    def sheet(name: str, found: Attributes) -> None:
        if name == "sheet":
            sheets.append((found.get("name", ""), found.get("id", "")))

    known = set(archive.namelist())
    if "xl/_rels/workbook.xml.rels" in known:
        _walk(archive, "xl/_rels/workbook.xml.rels", relation)
        _walk(archive, "xl/workbook.xml", sheet)
    for title, key in sheets:
        target = targets.get(key, "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part in known:
            yield title, part


def _worksheet(archive: zipfile.ZipFile, part: str, rows: int) -> Marks:
    marks = Marks()
    row, column = -1, -1

    def start(name: str, found: Attributes) -> None:
        nonlocal row, column
        if name == "row":
            row, column = (int(found["r"]) - 1 if "r" in found else row + 1), -1
            if found.get("hidden") in ("1", "true") and row < rows:
                marks.hidden.add(row)
        elif name == "c":
            place = _position(found.get("r", ""))
            column = place[1] if place else column + 1
        elif name == "f" and 0 <= row < rows:
            marks.formulas.add((row, column))

    _walk(archive, part, start)
    return marks


def _position(reference: str) -> tuple[int, int] | None:
    match = _REFERENCE.match(reference)
    if not match:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


class _OpenDocument:
    """Takes the marks from the content of an OpenDocument spreadsheet, repeats counted and not unrolled."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.sheets: dict[str, Marks] = {}
        self.marks = Marks()
        self.row = self.column = 0
        self.repeated = 1

    def start(self, name: str, found: Attributes) -> None:
        if name == "table":
            self.marks = self.sheets.setdefault(found.get("name", ""), Marks())
            self.row = 0
        elif name == "table-row":
            self.column, self.repeated = 0, int(found.get("number-rows-repeated", "1"))
            if found.get("visibility", "visible") != "visible":
                self.marks.hidden.update(range(self.row, min(self.row + self.repeated, self.rows)))
        elif name in ("table-cell", "covered-table-cell"):
            self._cell(found)

    def end(self, name: str) -> None:
        if name == "table-row":
            self.row += self.repeated

    def _cell(self, found: Attributes) -> None:
        if self.row < self.rows and "formula" in found:
            self.marks.formulas.add((self.row, self.column))
        down, across = int(found.get("number-rows-spanned", "1")), int(found.get("number-columns-spanned", "1"))
        if self.row < self.rows and (down > 1 or across > 1):
            self.marks.merges.append((self.row, self.column, self.row + down - 1, self.column + across - 1))
        self.column += int(found.get("number-columns-repeated", "1"))
