"""Figures as values: what was counted of one unit, or of several together, by the register's ids.

For every unit and every period opening + new + relapsed − closed − removed = closing.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from taizhang.figures.register import FIGURES, Figure, Total


class Figures:
    """Counts of one unit, or sums over several. What was not counted is 0; sums of parts and rates follow.

    `figures.maj_new` is the figure with that id: a whole number, or for a rate a fraction, None where there is nothing
    to divide by. An unknown id raises AttributeError.
    """

    __slots__ = ("_counts", "_is_sum")

    def __init__(self, **counts: int) -> None:
        self._is_sum = False
        self._counts = {name: count for name, count in counts.items() if count}
        for name in self._counts:
            if name not in FIGURES or not FIGURES[name].counts:
                raise TypeError(f"nothing is counted as {name}")

    def __getattr__(self, name: str) -> Any:
        if name not in FIGURES:
            raise AttributeError(name)
        return self.rate(name) if FIGURES[name].rate else self.count(name)

    def count(self, name: str) -> int:
        """How many of a figure that is no rate."""
        figure = FIGURES[name]
        if self._lacks(figure):
            raise TypeError(f"{name} cannot be added up over units")
        return sum(map(self.count, figure.parts)) if figure.parts else self._counts.get(name, 0)

    def rate(self, name: str) -> Fraction | None:
        """A rate; None where its denominator is zero."""
        terms = FIGURES[name].rate
        if terms is None:
            raise TypeError(f"{name} is no rate")
        part, whole = map(self.count, terms)
        return Fraction(part, whole) if whole else None

    def is_empty(self, figure: Figure) -> bool:
        """Whether there is nothing behind a figure: a count of zero, a rate of nothing, what cannot be added up."""
        return self._lacks(figure) or not self.count(figure.rate[1] if figure.rate else figure.id)

    def _lacks(self, figure: Figure) -> bool:
        """Whether the figure got lost when figures were added up."""
        return self._is_sum and figure.total is Total.DISTINCT

    @property
    def balances(self) -> bool:
        """Whether the stock identity holds."""
        come, gone = self.count("maj_come"), self.count("maj_closed") + self.count("maj_removed")
        return self.count("maj_open_start") + come - gone == self.count("maj_open_end")

    def __add__(self, other: Figures) -> Figures:
        """Both together. A figure that counts a record once, however many units it names, is not in the sum."""
        names = [name for name in self._counts | other._counts if FIGURES[name].total is Total.SUM]
        both = Figures(**{name: self.count(name) + other.count(name) for name in names})
        both._is_sum = True
        return both

    def with_distinct(self, counts: Mapping[str, int]) -> Figures:
        """The same with the figures that cannot be added up, counted apart."""
        return Figures(**(self._counts | dict(counts)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Figures) and self._counts == other._counts

    def __hash__(self) -> int:
        return hash(frozenset(self._counts.items()))

    def __repr__(self) -> str:
        counts = ", ".join(f"{name}={self._counts[name]}" for name in FIGURES if name in self._counts)
        return f"Figures({counts})"
