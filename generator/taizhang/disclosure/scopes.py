"""The figures of one scope, such as a campaign or a unit: their words, their period, the address of their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from taizhang.documents.values import day, rate, wan
from taizhang.figures.figures import Figures
from taizhang.figures.register import FIGURES, Span, stretch


@dataclass(frozen=True)
class ScopeFigures:
    """The figures of one scope over the days from `start` to `end`."""

    scope: str
    """The campaign's id; for a unit followed by a stroke and the unit's."""
    figures: Figures
    start: date
    end: date
    returns: str
    """What the campaign's units file every week or month."""
    rows: str
    """The address of the rows behind a figure, but for the figure's id; or, without a point at its end, of a page that
    tells how the figures come about."""

    def title(self, name: str) -> str:
        """The figure's long title."""
        return FIGURES[name].title(self.returns)

    def text(self, name: str) -> str:
        """The value as a reader sees it, without its unit of measure: 44, 93.2%, 12.5."""
        figure = FIGURES[name]
        if figure.rate:
            return rate(self.figures.rate(name))
        count = self.figures.count(name)
        return wan(count) if figure.is_amount else str(count)

    def measured(self, name: str) -> str:
        """The value with its unit of measure: 44项, 93.2%, 12.5万元."""
        figure = FIGURES[name]
        return self.text(name) + ("" if figure.rate else "万元" if figure.is_amount else figure.measure)

    def has(self, name: str) -> bool:
        """Whether there is something behind a figure."""
        return not self.figures.is_empty(FIGURES[name])

    def counted_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of some figures that have something behind them."""
        return tuple(filter(self.has, names))

    def href(self, name: str) -> str:
        """Where the rows behind a figure stand; empty where there are none."""
        if not self.has(name):
            return ""
        return f"{self.rows}{name}" if self.rows.endswith(".") else self.rows

    def period(self, name: str) -> str:
        """The stretch of time that a figure tells of, in words."""
        span = FIGURES[name].span
        first, last = stretch(span, self.start, self.end)
        match span:
            case Span.START:
                return f"{day(first)}0时"
            case Span.END:
                return f"截至{day(last)}"
            case Span.CUMULATIVE:
                return f"行动开展以来，截至{day(last)}"
            case _:
                return f"{day(first)}至{day(last)}"

    def definition_id(self, name: str) -> str:
        """The id of a figure's definition on a page that has it beside the figure."""
        return f"def-{self.scope.replace('/', '-')}-{name}"

    def marks(self, name: str, described: bool) -> Mapping[str, str]:
        """What an element that shows a figure says of it to machines, and to those who have the page read out."""
        first, last = stretch(FIGURES[name].span, self.start, self.end)
        marks = {"data-figure": name, "data-scope": self.scope, "data-period": f"{first}/{last}"}
        return {**marks, "aria-describedby": self.definition_id(name)} if described else marks
