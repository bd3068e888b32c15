"""The page with the rows behind every figure of a bulletin: its sums, and what they are the sums of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from taizhang.bulletins.periodic import Bulletin
from taizhang.bulletins.telling.columns import parts
from taizhang.campaign.roll import Organisation
from taizhang.disclosure.scopes import ScopeFigures
from taizhang.figures.figures import Figures
from taizhang.figures.tables import UnitRow

Member = tuple[Organisation, ScopeFigures]


class Sum(NamedTuple):
    """A total on the page: of all, or of one county with its units."""

    key: str
    name: str
    figures: ScopeFigures
    members: Sequence[Member]


def row_values(bulletin: Bulletin) -> Mapping[str, Any]:
    """What the template of the page asks for beside the bulletin itself."""
    return {"sums": tuple(_sums(bulletin))}


def _sums(bulletin: Bulletin) -> Iterator[Sum]:
    by_org = {row.org.id: row for row in bulletin.table.rows}
    whole, *counties = parts(bulletin)
    yield _sum(bulletin, "total", whole.total.name, bulletin.total, bulletin.table.rows)
    for part in counties:
        rows = [by_org[line.org.id] for line in part.lines if line.org]
        yield _sum(bulletin, f"part-{rows[0].org.id}", part.name, part.total.figures, rows)


def _sum(bulletin: Bulletin, key: str, name: str, figures: Figures, rows: Sequence[UnitRow]) -> Sum:
    members = [(row.org, bulletin.scoped(row.org.id, row.figures)) for row in rows]
    return Sum(key, name, bulletin.scoped(key, figures), members)
