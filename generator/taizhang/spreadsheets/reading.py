"""Bytes of a spreadsheet → sheets of typed cells. Values only: no formula, macro or link is ever followed."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from taizhang.spreadsheets.container import Format, Unreadable, examine
from taizhang.spreadsheets.wording import phrase
from taizhang.spreadsheets.worker import MOST_COLUMNS, MOST_ROWS

Cell = str | int | float | bool | date | datetime | None
SECONDS = 60
LONGEST_CELL = 32_767
"""Characters of a cell, set by Excel."""


class Merge(NamedTuple):
    """Merged cells: first row and column, last row and column, from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class StoredSheet:
    """One sheet as it was stored. Rows and columns count from 0; an empty cell is None."""

    name: str
    rows: Sequence[Sequence[Cell]]
    merges: Sequence[Merge] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    is_hidden: bool = False
    height: int = 0
    width: int = 0

    @property
    def fits(self) -> bool:
        """Whether it is small enough to have been read."""
        return self.height <= MOST_ROWS and self.width <= MOST_COLUMNS

    def cell(self, row: int, column: int) -> Cell:
        """A cell, also one beyond the end of its row."""
        line = self.rows[row] if row < len(self.rows) else ()
        return line[column] if column < len(line) else None


class Book(NamedTuple):
    """A spreadsheet, and what must be said about it: keys of `wording.yml`."""

    sheets: tuple[StoredSheet, ...]
    remarks: tuple[str, ...]


def read_book(raw: bytes) -> Book:
    """Every sheet of a file. Raises Unreadable for what is no spreadsheet, locked, or too large to be a ledger."""
    container = examine(raw)
    if container.format is Format.CSV:
        return Book((_comma_separated(raw),), ())
    return Book(tuple(_sheets(raw)), container.remarks)


def _sheets(raw: bytes) -> Iterator[StoredSheet]:
    # The child must find the same modules, also where they are not installed.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", "taizhang.spreadsheets.worker"]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=SECONDS, env=environment, check=False)
    except subprocess.TimeoutExpired:
        raise Unreadable("E-BOOK-SIZE", found=phrase("slow", seconds=SECONDS)) from None
    if done.returncode < 0 or b"MemoryError" in done.stderr:
        raise Unreadable("E-BOOK-SIZE", found=phrase("vast"))
    if b"PasswordError" in done.stderr:
        raise Unreadable("E-BOOK-LOCKED")
    if done.returncode:
        raise Unreadable("E-BOOK-FORMAT", found=phrase("damaged"))
    for found in json.loads(done.stdout):
        yield StoredSheet(
            name=found["name"],
            rows=[[_cell(value) for value in row] for row in found["rows"]],
            merges=[Merge(*merge) for merge in found["merges"]],
            formulas=frozenset((row, column) for row, column in found["formulas"]),
            hidden_rows=frozenset(found["hidden"]),
            is_hidden=not found["visible"],
            height=found["height"],
            width=found["width"],
        )


def _cell(value: object) -> Cell:
    if isinstance(value, dict):
        if "day" in value:
            return date.fromisoformat(value["day"])
        return datetime.fromisoformat(value["moment"])
    return value  # type: ignore[return-value]  # JSON holds nothing else


def _comma_separated(raw: bytes) -> StoredSheet:
    text = _decode(raw)
    head = text[:4000].partition("\n")[0]
    delimiter = max(",\t;", key=head.count)
    csv.field_size_limit(LONGEST_CELL)
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([value or None for value in row])
            if len(rows) > MOST_ROWS:
                raise Unreadable("E-BOOK-SIZE", found=phrase("rows", limit=MOST_ROWS))
    except csv.Error:
        raise Unreadable("E-BOOK-FORMAT", found=phrase("quotes")) from None
    return StoredSheet("", rows, height=len(rows), width=max(map(len, rows), default=0))


def _decode(raw: bytes) -> str:
    """Text as Excel and WPS save it: UTF-8 with or without mark, UTF-16 (“Unicode 文本”), or GBK in its widest form."""
    encodings = ["utf-16"] if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("E-BOOK-FORMAT", found=phrase("encoding"))
