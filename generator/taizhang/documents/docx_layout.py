"""Official documents as DOCX, laid out by GB/T 9704-2012: A4, 22 lines of 28 characters, the fonts of 公文."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from taizhang.documents.docx_package import Package
from taizhang.documents.docx_parts import (
    BODY_SIZE,
    BOTTOM,
    CHAR_SPACE,
    CHARACTER,
    LEFT,
    LINE_PITCH,
    NOTHING,
    PAPER,
    RIGHT,
    TOP,
    Paragraph,
    Xml,
    characters,
    paragraph,
    run,
    sizes,
    w,
)
from taizhang.documents.docx_running import FOOTER_AT, HEADER_AT, HEADER_AT_SIDEWAYS, header, page_number
from taizhang.documents.docx_tables import imprint, table
from taizhang.documents.official import (
    BLANK_DAY,
    Addressee,
    Annex,
    Attachments,
    Block,
    Body,
    Heading,
    Imprint,
    Line,
    Masthead,
    Note,
    Number,
    OfficialDocument,
    Signature,
    Table,
    Title,
)
from taizhang.documents.values import day

Elements = Iterator[Paragraph | Xml]


def as_docx(document: OfficialDocument) -> bytes:
    """The document as the bytes of a DOCX file; the same bytes for the same document."""
    return _DocxWriter(document).write()


class _DocxWriter:
    """Writes the blocks one after another into the body, and gives every section its page, header and page number."""

    def __init__(self, document: OfficialDocument) -> None:
        self.document = document
        self.package = Package(document.name)
        self.body: list[Paragraph | Xml] = []
        self.landscape = document.landscape
        above = header(document.header, document.watermark)
        headers = (self.package.reference("header", pages, above) for pages in ("default", "even"))
        self.running = Xml("".join(headers) + self._numbers())

    def write(self) -> bytes:
        blocks = self.document.blocks
        for previous, block in pairwise((None, *blocks)):
            if block:
                self._write(block, previous)
        if blocks and isinstance(blocks[-1], Table | Imprint):
            # Word wants a paragraph after a table. One so low never starts a new page.
            self.body.append(_blank(_HAIR))
        written = (part.xml if isinstance(part, Paragraph) else part for part in self.body)
        return self.package.packed(Xml("".join(written) + self._section()))

    def _write(self, block: Block, previous: Block | None) -> None:
        if isinstance(block, Annex):
            # The last paragraph of a section bears what holds for its pages.
            self.body.append(w("p", w("pPr", self._section())))
            turned, self.landscape = block.landscape != self.landscape, block.landscape
            self.running = self._numbers() if turned else NOTHING
        elif lines := gap_between(previous, block):
            self.body.append(_blank(lines))
        if isinstance(block, Signature):
            self._hold_last(1 + len(previous.names) if isinstance(previous, Attachments) else 2)
        elif isinstance(block, Attachments) or (isinstance(block, Table) and isinstance(previous, Line)):
            self._hold_last(2)
        self.body += _WRITERS[type(block)](block, self._width())

    def _hold_last(self, count: int) -> None:
        """Keep the last paragraphs on the page of what follows: no signature stands on a page without text."""
        written = [(index, part) for index, part in enumerate(self.body) if isinstance(part, Paragraph)]
        for index, part in written[-count:]:
            self.body[index] = part._replace(with_next=True)

    def _width(self) -> int:
        """The width of the type area, in twips."""
        return PAPER[1] - TOP - BOTTOM if self.landscape else PAPER[0] - LEFT - RIGHT

    def _section(self) -> Xml:
        """The page of the section that ends here. Turned sideways, its margins turn with it: 天头 stays the upright
        page's."""
        width, height = PAPER
        if self.landscape:
            size = w("pgSz", w=height, h=width, orient="landscape")
            edges = {"top": LEFT, "right": TOP, "bottom": RIGHT, "left": BOTTOM, "header": HEADER_AT_SIDEWAYS}
        else:
            size = w("pgSz", w=width, h=height)
            edges = {"top": TOP, "right": RIGHT, "bottom": BOTTOM, "left": LEFT, "header": HEADER_AT}
        margins = w("pgMar", **edges, footer=FOOTER_AT, gutter=0)
        grid = w("docGrid", type="linesAndChars", linePitch=LINE_PITCH, charSpace=CHAR_SPACE)
        return w("sectPr", self.running, size, margins, w("cols", space=720), grid)

    def _numbers(self) -> Xml:
        """Page numbers for a section. The next takes them over, unless it turns the page."""
        sides = (("default", True), ("even", False))
        return Xml("".join(self.package.reference("footer", p, page_number(odd, self.landscape)) for p, odd in sides))


_SLIT, _HAIR = 0.25, 1 / 20
_GAPS: Mapping[tuple[type | None, type], float] = {
    # What GB/T 9704 gives: one line above 主送机关, 附件说明 and 署名.
    (None, Addressee): 1,
    (None, Attachments): 1,
    (None, Signature): 1,
    # Without 主送机关, what stands first keeps the line that it would have had below the title.
    (Title, Body): 1,
    (Number, Body): 1,
    (Title, Line): 1,
    (Number, Line): 1,
    (Title, Table): 1,
    (Number, Table): 1,
    (Masthead, Heading): 1,
    # The standard says nothing of tables within the text: just enough to keep the rules off the characters. After a
    # signature or a note the text is over, and a table is a new thing.
    (None, Table): _SLIT,
    (Signature, Table): 1,
    (Note, Table): 1,
    (Table, Body): _SLIT,
    (Table, Heading): _SLIT,
    # 版记 is a table too, and Word joins two tables that no paragraph parts.
    (Table, Imprint): _HAIR,
    (Table, Line): _SLIT,
}
"""Blank lines between two blocks, or before a block whatever came before."""


def gap_between(previous: Block | None, block: Block) -> float:
    """How many lines are left blank between two blocks; an annex brings its own."""
    if previous is None or isinstance(previous, Annex):
        return 0
    return _GAPS.get((type(previous), type(block)), _GAPS.get((None, type(block)), 0))


def below_annex_title(annex: Annex) -> float:
    """Blank lines below the title of an annex; a page on its side has fewer lines, so it gets less."""
    return _SLIT if annex.landscape else 1


def _blank(lines: float = 1) -> Paragraph:
    return paragraph("Normal", spacing=w("spacing", line=round(lines * LINE_PITCH), lineRule="exact"))


def _title(block: Title, _: int) -> Elements:
    for text in block.text.splitlines():
        yield paragraph("Title", text)


def _masthead(block: Masthead, width: int) -> Elements:
    """The name of a 简报 in large type, its number, and a rule below who issued it and when."""
    for text in block.name.splitlines():
        yield paragraph("Title", text)
    yield _blank(1 / 2)
    yield paragraph("Number", block.number)
    yield _blank(1 / 2)
    rule = w("pBdr", w("bottom", val="single", sz=8, space=4, color="auto"))
    stop = w("tabs", w("tab", val="right", pos=width))
    yield paragraph("FormLine", f"{block.office}\t{block.day}", rule=rule, tabs=stop)


def _number(block: Number, _: int) -> Elements:
    yield paragraph("Number", block.text)


def _addressee(block: Addressee, _: int) -> Elements:
    yield paragraph("Addressee", block.text)


def _heading(block: Heading, _: int) -> Elements:
    yield paragraph(f"Heading{block.level}", block.text)


def _body(block: Body, _: int) -> Elements:
    first, *others = block.text.splitlines() or [""]
    lead = run(block.lead, w("rStyle", val="Kai")) if block.lead else ""
    yield Paragraph("BodyText", Xml(lead + (run(first) if first else "")))
    for text in others:
        yield paragraph("BodyText", text)


def _line(block: Line, _: int) -> Elements:
    if block.size == BODY_SIZE:
        yield paragraph("FormLine", block.text)
        return
    spacing = w("spacing", line=round(block.size * 30), lineRule="exact")
    yield Paragraph("FormLine", run(block.text, w("spacing", val=0), sizes(block.size)), spacing)


def _note(block: Note, _: int) -> Elements:
    yield paragraph("Note", f"（{block.text}）")


def _attachments(block: Attachments, _: int) -> Elements:
    """附件：1.×××, indented by two characters, the names hanging below each other; no stop at the end."""
    many = len(block.names) > 1
    for index, name in enumerate(block.names, 1):
        label = ("附件：" if index == 1 else "") + (f"{index}." if many else "")
        hang = characters("附件：") + (characters(f"{index}.") if many else 0)
        indent = {"left": _twips(2 + hang), "leftChars": _hundredths(2 + hang)}
        first = characters(label)
        yield paragraph(
            "Attachments",
            label + name,
            ind=w("ind", **indent, hanging=_twips(first), hangingChars=_hundredths(first)),
        )


def _signature(block: Signature, _: int) -> Elements:
    """署名 and 成文日期, set so that the seal to come fits over both, or as the standard sets them without one."""
    dated = day(block.day) if block.day else BLANK_DAY
    name_width, day_width = characters(block.name), characters(dated)
    if block.seal:
        # The day stands four characters from the right with the name centred above it; a name too long for that
        # moves both to the left until it ends two characters from the right.
        day_right = max(4.0, 2 + (name_width - day_width) / 2)
        name_right = day_right + (day_width - name_width) / 2
    elif day_width <= name_width:
        name_right, day_right = 2.0, name_width - day_width
    else:
        name_right, day_right = 4 + day_width - name_width, 2.0
    yield paragraph("Signature", block.name, ind=_from_right(name_right))
    yield paragraph("Date", dated, ind=_from_right(day_right))


def _annex(block: Annex, _: int) -> Elements:
    yield paragraph("AnnexLabel", block.label)
    yield _blank()
    yield from _title(Title(block.title), 0)
    yield _blank(below_annex_title(block))


def _table(block: Table, width: int) -> Elements:
    yield table(block, width)


def _imprint(block: Imprint, width: int) -> Elements:
    yield imprint(block, width)


_WRITERS: Mapping[type, Callable[[Any, int], Elements]] = {
    Title: _title,
    Masthead: _masthead,
    Number: _number,
    Addressee: _addressee,
    Heading: _heading,
    Body: _body,
    Line: _line,
    Table: _table,
    Attachments: _attachments,
    Signature: _signature,
    Note: _note,
    Annex: _annex,
    Imprint: _imprint,
}


def _from_right(characters: float) -> Xml:
    return w("ind", right=_twips(characters), rightChars=_hundredths(characters))


def _twips(characters: float) -> int:
    return round(characters * CHARACTER)


def _hundredths(characters: float) -> int:
    return round(characters * 100)
