"""How records of a kind are named: the next serial number of the year, or the week, month or day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from taizhang.intake.kinds import Kind

MOST_NUMBERS = 999
"""Records of a kind that one organisation can number in one year."""


def is_serial(kind: Kind) -> bool:
    """Whether records of the kind are numbered through each year."""
    return kind.names.is_numbered


def numbered(year: int | str, number: int) -> str:
    """The name of a record that is numbered through its year: 2023-004."""
    return f"{year}-{number:03d}"


def last_number(year: int | str, taken: Iterable[str]) -> int:
    """The highest number of a year among names that are taken; 0 for none."""
    parts = (name.partition("-") for name in taken)
    return max((int(number) for known, _, number in parts if known == str(year) and number.isdecimal()), default=0)


def next_name(kind: Kind, taken: Iterable[str], today: date) -> str | None:
    """The name a new record would get beside those `taken`; None where only its author can name it."""
    if kind.period == "week":
        year, week, _ = today.isocalendar()
        return f"{year}-W{week:02d}"
    if kind.period == "month":
        return f"{today:%Y-%m}"
    if is_serial(kind):
        return numbered(today.year, last_number(today.year, taken) + 1)
    return today.isoformat() if kind.names.pattern.match(today.isoformat()) else None
