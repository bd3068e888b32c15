"""The figures that sum up a campaign on a terminal, under the words that they have everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.campaign.roll import Organisation
from taizhang.figures.register import FIGURES
from taizhang.figures.tables import present_figures
from taizhang.ledger.duties import Status
from taizhang.ledger.ledger import Ledger

OUTSTANDING = (*(f"duty_{status.value}_n" for status in Status), "open_n", "overdue_n")
"""What stands beside every unit in a table of all units."""

SUMMARY = (*(f"duty_{status.value}_n" for status in Status), "maj_open_end", "maj_overdue", "open_n", "overdue_n")
"""What a campaign comes to."""


def summed_up(ledger: Ledger) -> str:
    """The campaign's figures at the ledger's date in one line: 全部事项按时 1026、全部事项零报告 108 and so on."""
    total = present_figures(ledger)[0].total
    return "、".join(f"{FIGURES[name].title()} {total.count(name)}" for name in SUMMARY)


def unit_counts(ledger: Ledger) -> Iterator[tuple[Organisation, tuple[int, ...]]]:
    """Every unit that came onto the roll, in its order, with its counts of `OUTSTANDING`."""
    for row in present_figures(ledger)[0].rows:
        if row.org.files:
            yield row.org, tuple(row.figures.count(name) for name in OUTSTANDING)
