"""Tables of official documents as DOCX: ruled tables and forms, and the 版记."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from docx.oxml.xmlchemy import BaseOxmlElement

from taizhang.documents.docx_parts import HEI, MARGINS, PAPER, characters, fonts, paragraph, run, sizes, w
from taizhang.documents.official import Align, Cell, Imprint, Row, Table

TWIPS_PER_MM = 1440 / 25.4


def table(block: Table, width: int) -> Iterator[BaseOxmlElement]:
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
    rows = [_row(row, grid, block, index < block.heads) for index, row in enumerate(_filled(block.rows, len(grid)))]
    if block.together:
        for style in (style for row in rows[:-1] for style in row.xpath("w:tc/w:p/w:pPr/w:pStyle")):
            style.addnext(w("keepNext"))
    yield w("tbl", properties, w("tblGrid", *(w("gridCol", w=share) for share in grid)), *rows)


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


def _row(row: Row, grid: Sequence[int], block: Table, head: bool) -> BaseOxmlElement:
    properties = [w("cantSplit")]
    if row.height:
        properties.append(w("trHeight", val=round(row.height * TWIPS_PER_MM), hRule="atLeast"))
    properties += [w("tblHeader")] if head else []
    cells, column = [], 0
    for cell in row.cells:
        cells.append(_cell(cell, sum(grid[column : column + cell.span]), block, head))
        column += cell.span
    return w("tr", w("trPr", *properties), *cells)


def _cell(cell: Cell, width: int, block: Table, head: bool) -> BaseOxmlElement:
    spans = [w("gridSpan", val=cell.span)] if cell.span > 1 else []
    if cell.down != 1:
        spans.append(w("vMerge", val="restart" if cell.down else "continue"))
    align = "bottom" if cell.foot and not cell.text else "center"
    lines = [_cell_line(text, cell.align, block, head) for text in cell.text.splitlines()]
    if cell.foot:
        lines += [_cell_line("", Align.LEFT, block, head)] if lines else []
        lines += [_cell_line(text, Align.RIGHT, block, head) for text in cell.foot.splitlines()]
    lines = lines or [_cell_line("", cell.align, block, head)]
    return w("tc", w("tcPr", w("tcW", w=width, type="dxa"), *spans, w("vAlign", val=align)), *lines)


def _cell_line(text: str, align: Align, block: Table, head: bool) -> BaseOxmlElement:
    own = [fonts(HEI)] if head else []
    spacing = w("spacing", line=round(block.size * block.leading * 20), lineRule="exact")
    written = run(text, *own, *sizes(block.size)) if text else ""
    return paragraph("Cell", written, spacing=spacing, jc=w("jc", val=align.value))


def imprint(block: Imprint, width: int) -> Iterator[BaseOxmlElement]:
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
        # A tab in the text of a run is written as one.
        rows.append((paragraph("Imprint", f"{block.printed_by}\t{block.printed_on}印发", tabs=stop, ind=sides), 1))
    thick, thin = ({"val": "single", "sz": size, "space": 0, "color": "auto"} for size in (8, 6))
    bottom = PAPER[1].twips - MARGINS["bottom"].twips
    top = bottom - sum(lines for _, lines in rows) * _IMPRINT_LINE
    properties = w(
        "tblPr",
        w("tblpPr", vertAnchor="page", horzAnchor="page", tblpX=MARGINS["left"].twips, tblpY=top),
        w("tblW", w=width, type="dxa"),
        w("tblBorders", w("top", **thick), w("bottom", **thick), w("insideH", **thin)),
        w("tblLayout", type="fixed"),
        w("tblCellMar", w("left", w=0, type="dxa"), w("right", w=0, type="dxa")),
    )
    cells = (w("tc", w("tcPr", w("tcW", w=width, type="dxa")), line) for line, _ in rows)
    yield w("tbl", properties, w("tblGrid", w("gridCol", w=width)), *(w("tr", cell) for cell in cells))


_IMPRINT, _IMPRINT_LINE = 280, 440
"""The width of a character of 四号 and the pitch of its lines, in twips."""
