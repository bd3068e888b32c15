"""The register of figures: what every published number is called, what it means, and what it follows from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import resources
from typing import Any

import yaml

RETURNS = "周报、月报"
"""What `{returns}` in a title says where no campaign is at hand."""

MOST = 1_000_000
"""The largest value of a figure that a record may hold, unless its entry says otherwise."""


class Span(StrEnum):
    """The stretch of time that a figure tells of."""

    FLOW = "flow"
    START = "start"
    END = "end"
    CUMULATIVE = "cumulative"
    QUARTER = "quarter"


class Total(StrEnum):
    """How a figure is summed over units."""

    SUM = "sum"
    RATIO = "ratio"
    """Of the sums of numerator and denominator; a rate is never averaged."""
    DISTINCT = "distinct"
    """A record that names several units counts once."""


@dataclass(frozen=True)
class ColumnPlace:
    """A figure's place in the statistical table. Width in mm."""

    group: str = ""
    width: float | None = None
    phone: bool = False


@dataclass(frozen=True)
class Figure:
    """One entry of the register; what each part means stands at the top of `register.yml`."""

    id: str
    long_title: str
    heading: str
    """The short title, which breaks into lines as it should on paper."""
    definition: str
    measure: str
    span: Span
    section: str
    counts: str = ""
    level: str = ""
    parts: tuple[str, ...] = ()
    rate: tuple[str, str] | None = None
    total: Total = Total.SUM
    since: int | None = None
    column: ColumnPlace | None = None
    is_amount: bool = False
    """Whether it is kept in 元 and written in 万元."""
    most: int = MOST

    def title(self, returns: str = "") -> str:
        """The long title, with what units file every week or month in it."""
        return self.long_title.format(returns=returns or RETURNS)

    @property
    def short(self) -> str:
        """The short title in one line."""
        return self.heading.replace("\n", "")


@dataclass(frozen=True)
class FigureGroup:
    """Figures of one subject, as pages show them together."""

    id: str
    title: str
    figures: tuple[Figure, ...]


_TEXT = resources.files("taizhang.figures").joinpath("register.yml").read_text(encoding="utf-8")
_WORDS: Mapping[str, Any] = yaml.load(_TEXT, Loader=yaml.CSafeLoader)

EDITION: int = _WORDS["edition"]
"""Of the figures that the record of a bulletin holds."""

RECORDS: Mapping[str, str] = _WORDS["records"]
"""Which records can be counted, and what a reader calls them."""

SPANS: Mapping[str, str] = _WORDS["spans"]
TOTALS: Mapping[str, str] = _WORDS["totals"]


def _figure(section: str, entry: Mapping[str, Any]) -> Figure:
    rate = entry.get("rate")
    return Figure(
        id=entry["id"],
        long_title=entry["title"],
        heading=entry.get("short", entry["title"]),
        definition=entry["definition"],
        measure=entry["measure"],
        span=Span(entry["span"]),
        section=section,
        counts=entry.get("counts", ""),
        level=entry.get("level", ""),
        parts=tuple(entry.get("parts", ())),
        rate=(rate[0], rate[1]) if rate else None,
        total=Total.RATIO if rate else Total(entry.get("total", "sum")),
        since=entry.get("since"),
        column=ColumnPlace(**entry["column"]) if "column" in entry else None,
        is_amount=entry.get("shown") == "wan",
        most=entry.get("most", MOST),
    )


SECTIONS: tuple[FigureGroup, ...] = tuple(
    FigureGroup(part["id"], part["title"], tuple(_figure(part["id"], entry) for entry in part["figures"]))
    for part in _WORDS["sections"]
)

FIGURES: Mapping[str, Figure] = {figure.id: figure for section in SECTIONS for figure in section.figures}
"""Every figure by its id, in the order in which they are shown."""


def recorded(edition: int = EDITION) -> Iterator[Figure]:
    """The figures that the record of a bulletin drafted with an edition of the register holds."""
    return (figure for figure in FIGURES.values() if figure.since is not None and figure.since <= edition)


def columns() -> Mapping[str, Mapping[str, Any]]:
    """The figures as properties of a row in the record of a bulletin, for its schema. What is zero is left out."""
    return {
        figure.id: {
            "type": "integer",
            "title": figure.title(),
            "description": f"{figure.definition}单位：{figure.measure}",
            "x-visibility": "public",
            "minimum": 1,
            "maximum": figure.most,
        }
        for figure in recorded()
    }


def is_told(figure: Figure, edition: int = EDITION) -> bool:
    """Whether bulletins tell a figure: their record holds it, or it follows from figures that it holds."""
    if figure.since is not None:
        return figure.since <= edition
    follows = figure.rate or figure.parts
    return bool(follows) and all(is_told(FIGURES[part], edition) for part in follows)


def stretch(span: Span, start: date, end: date) -> tuple[date, date]:
    """The first and the last day that a figure tells of, in the period from `start` to `end`."""
    match span:
        case Span.START:
            return start, start
        case Span.END:
            return end, end
        case Span.QUARTER:
            return date(end.year, end.month - (end.month - 1) % 3, 1), end
        case _:
            return start, end
