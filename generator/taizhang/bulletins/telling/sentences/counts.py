"""The figures of a period as its sentences tell them: each number leads to the rows that it was counted from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from taizhang.bulletins.periodic import Bulletin
from taizhang.documents import values
from taizhang.documents.linked import NOTHING, LinkedText, link
from taizhang.figures.figures import Figures


class PeriodWords(NamedTuple):
    """What a period, its end and the period before are called in a sentence."""

    this: str
    end: str
    last: str
    last_end: str


WEEK = PeriodWords("本周", "期末", "上周", "上周末")
MONTH = PeriodWords("本月", "月末", "上月", "上月末")


def _nowhere(_: str) -> str:
    return ""


@dataclass(frozen=True)
class PeriodCounts:
    """The total of a period, that of the one before where there is one, and what both are called."""

    now: Figures
    before: Figures | None = None
    words: PeriodWords = MONTH
    rows: Callable[[str], str] = _nowhere
    """Where the rows behind a figure of `now` stand, by its name."""

    @classmethod
    def of(cls, bulletin: Bulletin) -> PeriodCounts:
        """The figures of a bulletin, with links where it knows its rows."""
        words = WEEK if bulletin.kind == "weekly" else MONTH

        def rows(figure: str) -> str:
            return bulletin.anchor("total", figure) if bulletin.behind else ""

        return cls(bulletin.total, bulletin.previous, words, rows)

    def number(self, figure: str) -> LinkedText:
        """A count as digits. Zero leads nowhere."""
        count: int = getattr(self.now, figure)
        return link(count, self.rows(figure) if count else "")

    def counted(self, label: str, figure: str, measure: str = "项") -> LinkedText:
        """A count between its label and its measure word, such as 迟报3份; nothing for none."""
        return label + self.number(figure) + measure if getattr(self.now, figure) else NOTHING

    def rate(self, figure: str) -> LinkedText:
        """A rate in percent."""
        return link(values.rate(getattr(self.now, figure)), self.rows(figure))

    def wan(self, figure: str) -> LinkedText:
        """An amount in 万元, without the unit."""
        return link(values.wan(getattr(self.now, figure)), self.rows(figure))

    def change(self, figure: str, than: str) -> str:
        """环比 as a clause, such as 比上月增加3项; nothing where no period came before."""
        return values.change(getattr(self.now, figure), getattr(self.before, figure), than) if self.before else ""
