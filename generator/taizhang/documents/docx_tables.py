"""Tables of official documents as DOCX: ruled tables and forms, and the 版记."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache

from taizhang.documents.docx_parts import (
    BOTTOM,
    HEI,
    LEFT,
    NOTHING,
    PAPER,
    Paragraph,
    Xml,
    characters,
    fonts,
    paragraph,
    run,
    sizes,
    w,
)
from taizhang.documents.official import Align, Cell, Imprint, Row, Table

TWIPS_PER_MM = 1440 / 25.4


def table(block: Table, width: int) -> Xml:
    """A ruled table, `width` twips wide. Its rows stay whole; its head comes again on every page."""
    total = sum(block.widths)
    grid = [round(width * share / total) for share in block.widths]
    rules = (w(edge, val="single", sz=4, space=0, color="auto") for edge in _EDGES)
    side = round(block.padding * TWIPS_PER_MM)
    margins = (w(edge, w=side if edge in ("left", "right") else side // 2, type="dxa") for edge in _EDGES[:4])
    properties = w(
        "tblPr",
        w("tblW", w=sum(grid), type="dxa"),
        w("jc", val="center"),
        w("tblBorders", *rules),
        w("tblLayout", type="fixed"),
        w("tblCellMar", *margins),
    )
    filled = list(_filled(block.rows, len(grid)))
    rows = (
        _row(row, grid, _Lines(block, head=number <= block.heads, with_next=block.together and number < len(filled)))
        for number, row in enumerate(filled, 1)
    )
    return w("tbl", properties, w("tblGrid", *(w("gridCol", w=share) for share in grid)), *rows)


def _filled(rows: Sequence[Row], columns: int) -> Iterator[Row]:
    """The rows with a cell for every column: the format wants one also below a cell that is several rows high."""
    below: dict[int, tuple[int, Cell]] = {}
    for row in rows:
        cells: list[Cell] = []
        given, column = iter(row.cells), 0
        while column < columns:
            left, cell = below.pop(column, (0, None))
            if cell is None:
                cell = next(given)
                left = cell.down
            else:
                cell = cell._replace(text="", foot="", down=0)
            if left > 1:
                below[column] = (left - 1, cell)
            cells.append(cell)
            column += cell.span
        yield Row(tuple(cells), row.height)


_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")


class _Lines:
    """The lines of text in the cells of one row."""

    def __init__(self, block: Table, head: bool, with_next: bool) -> None:
        self.head, self.with_next = head, with_next
        self.letters = Xml((fonts(HEI) if head else "") + sizes(block.size))
        spacing = w("spacing", line=round(block.size * block.leading * 20), lineRule="exact")
        self.look = {align: Xml(spacing + w("jc", val=align.value)) for align in Align}

    def written(self, text: str, align: Align) -> Xml:
        runs = run(text, self.letters) if text else NOTHING
        return Paragraph("Cell", runs, self.look[align], self.with_next).xml


def _row(row: Row, grid: Sequence[int], lines: _Lines) -> Xml:
    properties = [w("cantSplit")]
    if row.height:
        properties.append(w("trHeight", val=round(row.height * TWIPS_PER_MM), hRule="atLeast"))
    properties += [w("tblHeader")] if lines.head else []
    cells, column = [], 0
    for cell in row.cells:
        cells.append(_cell(cell, sum(grid[column : column + cell.span]), lines))
        column += cell.span
    return w("tr", w("trPr", *properties), *cells)


def _cell(cell: Cell, width: int, lines: _Lines) -> Xml:
    written = [lines.written(text, cell.align) for text in cell.text.splitlines()]
    if cell.foot:
        written += [lines.written("", Align.LEFT)] if written else []
        written += [lines.written(text, Align.RIGHT) for text in cell.foot.splitlines()]
    written = written or [lines.written("", cell.align)]
    align = "bottom" if cell.foot and not cell.text else "center"
    return w("tc", _cell_properties(width, cell.span, cell.down, align), *written)


@lru_cache(maxsize=256)
def _cell_properties(width: int, span: int, down: int, align: str) -> Xml:
    spans = [w("gridSpan", val=span)] if span > 1 else []
    if down != 1:
        spans.append(w("vMerge", val="restart" if down else "continue"))
    return w("tcPr", w("tcW", w=width, type="dxa"), *spans, w("vAlign", val=align))


def imprint(block: Imprint, width: int) -> Xml:
    """版记 between rules as wide as the type area, the last one on its lower edge: 0.35 mm outside, 0.25 mm inside."""
    rows = []
    if block.copies_to:
        text = f"抄送：{block.copies_to}。"
        hang = {"left": 4 * _IMPRINT, "hanging": 3 * _IMPRINT, "right": _IMPRINT}
        count = math.ceil(characters(text) / ((width - 5 * _IMPRINT) // _IMPRINT))
        rows.append((paragraph("Imprint", text, ind=w("ind", **hang)), count))
    if block.printed_by or block.printed_on:
        sides = w("ind", left=_IMPRINT, right=_IMPRINT)
        stop = w("tabs", w("tab", val="right", pos=width - _IMPRINT))
        rows.append((paragraph("Imprint", f"{block.printed_by}\t{block.printed_on}印发", tabs=stop, ind=sides), 1))
    thick, thin = ({"val": "single", "sz": size, "space": 0, "color": "auto"} for size in (8, 6))
    bottom = PAPER[1] - BOTTOM
    top = bottom - sum(lines for _, lines in rows) * _IMPRINT_LINE
    properties = w(
        "tblPr",
        w("tblpPr", vertAnchor="page", horzAnchor="page", tblpX=LEFT, tblpY=top),
        w("tblW", w=width, type="dxa"),
        w("tblBorders", w("top", **thick), w("bottom", **thick), w("insideH", **thin)),
        w("tblLayout", type="fixed"),
        w("tblCellMar", w("left", w=0, type="dxa"), w("right", w=0, type="dxa")),
    )
    cells = (w("tc", w("tcPr", w("tcW", w=width, type="dxa")), line.xml) for line, _ in rows)
    return w("tbl", properties, w("tblGrid", w("gridCol", w=width)), *(w("tr", cell) for cell in cells))


_IMPRINT, _IMPRINT_LINE = 280, 440
"""The width of a character of 四号 and the pitch of its lines, in twips."""
