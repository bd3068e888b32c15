"""Timing one call, and printing a table of what was measured."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple


class Measurement(NamedTuple):
    """One figure: what, how much in which unit, and how it compares with a reference, if there is one."""

    what: str
    value: float
    unit: str
    against: str = ""


def fastest(call: Callable[[], object], repeat: int) -> float:
    """Seconds of the fastest of `repeat` calls."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def show(rows: Iterable[Measurement]) -> None:
    for row in rows:
        print(f"  {row.what:<52}{row.value:>12,.2f} {row.unit:<12}{row.against}")
