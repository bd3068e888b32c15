"""The page with the rows behind every figure of a bulletin: its sums, its columns and what they are called there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any, NamedTuple

import yaml

from taizhang.bulletins.periodic import Bulletin
from taizhang.bulletins.telling.columns import parts
from taizhang.figures.figures import Figures, UnitRow

_TEXT = resources.files("taizhang.bulletins.telling").joinpath("rows.yml").read_text(encoding="utf-8")
TITLES: Mapping[str, str] = yaml.load(_TEXT, Loader=yaml.CSafeLoader)
"""What each figure is called, by its name, in the order of the page."""


class Sum(NamedTuple):
    """A total on the page: of all, or of one county with its units."""

    key: str
    name: str
    figures: Figures
    rows: Sequence[UnitRow]


def row_values(bulletin: Bulletin) -> Mapping[str, Any]:
    """What the template of the page asks for beside the bulletin itself."""
    return {"titles": TITLES, "sums": tuple(_sums(bulletin))}


def _sums(bulletin: Bulletin) -> Iterator[Sum]:
    by_org = {row.org.id: row for row in bulletin.table.rows}
    whole, *counties = parts(bulletin)
    yield Sum("total", whole.total.name, bulletin.total, bulletin.table.rows)
    for part in counties:
        rows = [by_org[line.org.id] for line in part.lines if line.org]
        yield Sum(f"part-{rows[0].org.id}", part.name, part.total.figures, rows)
