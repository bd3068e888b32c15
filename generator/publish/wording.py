"""How values look on a page: dates, rates, money, counts. One place, so that every page agrees."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

NONE = "—"
"""What stands where there is no value: a rate without denominator, a date that is not set."""


def day(value: date | str | None) -> str:
    """2023年5月25日, without leading zeros as GB/T 9704 writes dates."""
    if value is None:
        return NONE
    value = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{value.year}年{value.month}月{value.day}日"


def short_day(value: date | None) -> str:
    """5月25日, where the year is plain from the context."""
    return f"{value.month}月{value.day}日" if value else NONE


def rate(value: Fraction | None) -> str:
    """66.7%: one decimal, half up; — where the denominator is zero."""
    if value is None:
        return NONE
    return f"{_half_up(value * 100, '0.1')}%"


def wan(yuan: int) -> str:
    """An amount in 元 as 万元 with at most two decimals: 125000 is 12.5."""
    text = str(_half_up(Fraction(yuan, 10_000), "0.01"))
    return text.rstrip("0").rstrip(".")


def blank(count: int) -> str:
    """A count in a table, with zero left blank as the official forms do."""
    return str(count) if count else ""


def change(now: int, before: int | None) -> str:
    """环比 in words: 比上期增加 3 项."""
    if before is None:
        return ""
    if now == before:
        return "与上期持平"
    return f"比上期{'增加' if now > before else '减少'}{abs(now - before)}项"


def slots(wording: str) -> str:
    """A rule's wording without its slots, for reading as a rule."""
    return re.sub(r"[“「]?\{[a-z_]+\}[”」]?", "…", wording)


def _half_up(value: Fraction, step: str) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(step), rounding=ROUND_HALF_UP)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "day": day,
    "short_day": short_day,
    "rate": rate,
    "wan": wan,
    "blank": blank,
    "change": change,
    "slots": slots,
}
