"""The tables in tests/tables: drawn by hand from the notices, read here as rows of cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

TABLES = Path(__file__).parent / "tables"
NO = "—"
_MARK = re.compile(r"[①-⑳]")


def drawn(name: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every row of every table in a file: its head, and its cells by the head of their column."""
    columns: list[str] = []
    for line in (TABLES / f"{name}.md").read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            columns = []
            continue
        head, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        if not columns:
            columns = cells
        elif not set(head) <= set("-:"):
            yield head, dict(zip(columns, cells, strict=True))


def conditions(name: str) -> Mapping[str, str]:
    """The conditions written under a table, by their marks."""
    text = (TABLES / f"{name}.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^- ([①-⑳]) (.+)$", text, re.MULTILINE))


def parted(cell: str) -> tuple[str, str]:
    """What a cell says, and the marks of its conditions."""
    return _MARK.sub("", cell), "".join(_MARK.findall(cell))
