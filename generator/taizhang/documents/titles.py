"""How the title of an official document breaks into lines: never inside a word, as a 梯形 or 菱形. GB/T 9704-2012."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from taizhang.documents.docx_parts import characters

_UNIT = re.compile(r"[0-9A-Za-z.+-]+(?:年|月|日|期)?|[“《（].{1,6}?[”》）]|.[”》）、，：；。]*", re.DOTALL)


def broken(pieces: Sequence[str], widest: float) -> str:
    """The title in lines of at most `widest` characters. `pieces` are the parts of it that stay together if they can.

    Of all ways to break between them the one with the fewest lines wins, then the one whose lines differ least from
    a trapezium or a rhombus: no line in the middle shorter than both its neighbours, the lengths near each other.
    """
    parts = [line for piece in pieces if piece for line in _fitting(piece, widest)]
    best = min(_ways(parts, widest), key=_ugliness)
    return "\n".join(best)


def _ways(parts: Sequence[str], widest: float) -> Iterator[tuple[str, ...]]:
    if not parts:
        yield ()
        return
    for end in range(1, len(parts) + 1):
        line = "".join(parts[:end])
        if end > 1 and characters(line) > widest:
            return
        for rest in _ways(parts[end:], widest):
            yield (line, *rest)


def _ugliness(lines: tuple[str, ...]) -> tuple[int, bool, float]:
    widths = [characters(line) for line in lines]
    waist = any(a > b < c for a, b, c in zip(widths, widths[1:], widths[2:], strict=False))
    return len(lines), waist, sum(abs(a - b) for a, b in pairwise(widths))


def _fitting(piece: str, widest: float) -> Iterator[str]:
    """A piece too long for a line, cut into the fewest lines of about the same length."""
    total = characters(piece)
    if total <= widest:
        yield piece
        return
    count = -(-total // widest)
    line = ""
    for unit in _UNIT.findall(piece):
        if line and characters(line + unit) > min(widest, total / count + 1):
            yield line
            line = ""
        line += unit
    yield line
