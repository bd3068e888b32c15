"""The tables in tests/tables: drawn by hand from the law and the notices, read here as rows of cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

TABLES = Path(__file__).parent / "tables"
NO = "—"
_MARK = re.compile(r"[①-⑳]")

Table = Mapping[str, Mapping[str, str]]
"""The rows of a table by their heads, each as its cells by the heads of the columns."""


def drawn(name: str) -> Mapping[str, Table]:
    """The tables of a file, each by the heading above it."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    heading, columns = "", list[str]()
    for line in (TABLES / f"{name}.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("#").strip()
        if not line.startswith("|"):
            columns = []
            continue
        head, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        if not columns:
            columns = cells
        elif not set(head) <= set("-:"):
            rows = found.setdefault(heading, {})
            assert head not in rows, f"{name}: {head} is drawn twice"
            rows[head] = dict(zip(columns, cells, strict=True))
    return found


def table(name: str) -> Table:
    """The only table of a file."""
    (rows,) = drawn(name).values()
    return rows


def conditions(name: str) -> Mapping[str, str]:
    """The conditions written under a table, by their marks."""
    text = (TABLES / f"{name}.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^- ([①-⑳]) (.+)$", text, re.MULTILINE))


def parted(cell: str) -> tuple[str, str]:
    """What a cell says, and the marks of its conditions."""
    return _MARK.sub("", cell), "".join(_MARK.findall(cell))
