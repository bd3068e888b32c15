"""Official documents as DOCX, laid out by GB/T 9704-2012: A4, 22 lines of 28 characters, the fonts of 公文."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _Footer, _Header

from generator.publish.docx_parts import (
    CHARACTER,
    LINE_PITCH,
    characters,
    lay_out,
    new_document,
    pack,
    paragraph,
    run,
    w,
)
from generator.publish.docx_tables import imprint, table
from generator.publish.official import (
    Addressee,
    Annex,
    Attachments,
    Block,
    Body,
    Heading,
    Imprint,
    Line,
    Note,
    Number,
    OfficialDocument,
    Signature,
    Table,
    Title,
)
from generator.publish.wording import day

Elements = Iterator[BaseOxmlElement]


def as_docx(document: OfficialDocument) -> bytes:
    """The document as the bytes of a DOCX file; the same bytes for the same document."""
    return _Writer(document).write()


class _Writer:
    """Writes the blocks one after another into the body, and gives every section its header and page number."""

    def __init__(self, document: OfficialDocument) -> None:
        self.document = document
        self.docx: Document = new_document(document.name)

    def write(self) -> bytes:
        self._running(self.docx.sections[0])
        previous: Block | None = None
        for block in self.document.blocks:
            self._write(block, previous)
            previous = block
        if isinstance(previous, Table | Imprint):
            # Word wants a paragraph after a table. One so low never starts a new page.
            self._append(_blank(1 / 20))
        return pack(self.docx)

    def _write(self, block: Block, previous: Block | None) -> None:
        if isinstance(block, Annex):
            section = self.docx.add_section(WD_SECTION.NEW_PAGE)
            lay_out(section, block.landscape)
        elif previous is not None and not isinstance(previous, Annex):
            lines = _GAPS.get((type(previous), type(block)), _GAPS.get((None, type(block)), 0))
            if lines:
                self._append(_blank(lines))
        if isinstance(block, Signature):
            self._hold_last(2)
        for element in _WRITERS[type(block)](block, self._width()):
            self._append(element)

    def _append(self, element: BaseOxmlElement) -> None:
        self.docx.element.body.insert_element_before(element, "w:sectPr")

    def _hold_last(self, count: int) -> None:
        """Keep the last paragraphs on the page of what follows: no signature stands on a page without text."""
        for style in self.docx.element.body.xpath("w:p/w:pPr/w:pStyle")[-count:]:
            style.addnext(w("keepNext"))

    def _width(self) -> int:
        """The width of the type area, in twips."""
        section = self.docx.sections[-1]
        sides = [section.page_width, section.left_margin, section.right_margin]
        page, left, right = (side.twips if side is not None else 0 for side in sides)
        return page - left - right

    def _running(self, section: Section) -> None:
        for header in (section.header, section.even_page_header):
            _replace(header, paragraph("Header", self.document.header))
        odd = w("ind", right=280, rightChars=100)
        even = w("ind", left=280, leftChars=100)
        _replace(section.footer, _page_number("right", odd))
        _replace(section.even_page_footer, _page_number("left", even))


_SLIT = 0.25
_GAPS: Mapping[tuple[type | None, type], float] = {
    (None, Addressee): 1,
    (None, Attachments): 1,
    (None, Signature): 1,
    (Title, Body): 1,
    (Number, Body): 1,
    (Title, Line): 1,
    (Number, Line): 1,
    (Title, Table): 1,
    (Number, Table): 1,
    (None, Table): _SLIT,
    (Signature, Table): 1,
    (Note, Table): 1,
    (Table, Body): _SLIT,
    (Table, Heading): _SLIT,
    (Table, Line): _SLIT,
}
"""Blank lines between two blocks, or before a block whatever came before."""


def _blank(lines: float = 1) -> BaseOxmlElement:
    return paragraph("Normal", spacing=w("spacing", line=round(lines * LINE_PITCH), lineRule="exact"))


def _page_number(align: str, indent: BaseOxmlElement) -> BaseOxmlElement:
    """— 1 —: 4号半角宋体, a dash on either side, at the outer side of the page."""
    field = w("fldSimple", run("1"), instr=" PAGE ")
    return paragraph("Footer", "— ", field, " —", ind=indent, jc=w("jc", val=align))


def _replace(story: _Header | _Footer, content: BaseOxmlElement) -> None:
    story.is_linked_to_previous = False
    element = story._element
    for child in list(element):
        element.remove(child)
    element.append(content)


def _title(block: Title, _: int) -> Elements:
    for text in block.text.splitlines():
        yield paragraph("Title", text)


def _number(block: Number, _: int) -> Elements:
    yield paragraph("Number", block.text)


def _addressee(block: Addressee, _: int) -> Elements:
    yield paragraph("Addressee", block.text)


def _heading(block: Heading, _: int) -> Elements:
    yield paragraph(f"Heading{block.level}", block.text)


def _body(block: Body, _: int) -> Elements:
    first, *others = block.text.splitlines() or [""]
    lead = [run(block.lead, w("rStyle", val="Kai"))] if block.lead else []
    yield paragraph("BodyText", *lead, first)
    for text in others:
        yield paragraph("BodyText", text)


def _line(block: Line, _: int) -> Elements:
    yield paragraph("FormLine", block.text)


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
    dated = day(block.day)
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
    yield _blank()


_WRITERS: Mapping[type, Callable[[Any, int], Elements]] = {
    Title: _title,
    Number: _number,
    Addressee: _addressee,
    Heading: _heading,
    Body: _body,
    Line: _line,
    Table: table,
    Attachments: _attachments,
    Signature: _signature,
    Note: _note,
    Annex: _annex,
    Imprint: imprint,
}


def _from_right(characters: float) -> BaseOxmlElement:
    return w("ind", right=_twips(characters), rightChars=_hundredths(characters))


def _twips(characters: float) -> int:
    return round(characters * CHARACTER)


def _hundredths(characters: float) -> int:
    return round(characters * 100)
