"""What runs over every page of an official document as DOCX: page numbers, and the word 草稿 across a draft."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from taizhang.documents.docx_parts import FOOTER_AT, HEI, MARGINS, PAPER, paragraph, run, w

_OUTER = 280
"""空一字: how far a page number stays from the outer edge of the type area, in twips."""

_PLATE = 2000, 320
"""The length and height of what holds a page number on a page turned sideways, in twips."""


def page_number(odd: bool, landscape: bool = False) -> Iterator[BaseOxmlElement]:
    """— 1 —: 4号半角宋体, a dash on either side, at the outer side of the page. A page turned sideways keeps it where
    it stands on the others once it is bound: at the left, turned with the page."""
    number = w("fldSimple", run("1"), instr=" PAGE ")
    if not landscape:
        side = "right" if odd else "left"
        indent = w("ind", **{side: _OUTER, f"{side}Chars": 100})
        yield paragraph("Footer", "— ", number, " —", ind=indent, jc=w("jc", val=side))
        return
    length, height = _PLATE
    text = paragraph("Footer", "— ", number, " —", jc=w("jc", val="right" if odd else "left"))
    yield _plate(text, x=FOOTER_AT.twips, y=_along(odd) - (length if odd else 0), width=height, length=length)
    yield paragraph("Footer")


def _along(odd: bool) -> int:
    """Where the outer end of the number lies, from the upper edge of the page as it is read."""
    across: int = PAPER[0].twips
    left, right = int(MARGINS["left"].twips), int(MARGINS["right"].twips)
    return across - right - _OUTER if odd else left + _OUTER


def _plate(text: BaseOxmlElement, x: int, y: int, width: int, length: int) -> BaseOxmlElement:
    """A table of one cell that stands at a place of the page and whose text runs downwards."""
    none = {edge: w(edge, w=0, type="dxa") for edge in ("top", "left", "bottom", "right")}
    properties = w(
        "tblPr",
        w("tblpPr", vertAnchor="page", horzAnchor="page", tblpX=x, tblpY=y),
        w("tblW", w=width, type="dxa"),
        w("tblLayout", type="fixed"),
        w("tblCellMar", *none.values()),
    )
    cell = w("tc", w("tcPr", w("tcW", w=width, type="dxa"), w("textDirection", val="tbRl")), text)
    row = w("tr", w("trPr", w("trHeight", val=length, hRule="exact")), cell)
    return w("tbl", properties, w("tblGrid", w("gridCol", w=width)), row)


def watermark(word: str) -> BaseOxmlElement:
    """A word in pale grey across the page, as a run of the header: the drawn letters that Word uses for it."""
    shape = _SHAPE.format(word=quoteattr(word), font=HEI, width=130 * len(word))
    element: BaseOxmlElement = parse_xml(shape)
    return w("r", w("rPr", w("noProof")), element)


_SHAPE = (
    '<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
    ' path="m@7,l@8,m@5,21600l@6,21600e">'
    '<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>'
    '<v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
    '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/>'
    '<v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800"'
    ' o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="PowerPlusWaterMarkObject" o:spid="_x0000_s2049" type="#_x0000_t136"'
    ' style="position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:130pt;rotation:315;z-index:-251658752;'
    "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    'mso-position-vertical:center;mso-position-vertical-relative:margin"'
    ' o:allowincell="f" fillcolor="#dddddd" stroked="f">'
    '<v:textpath style="font-family:&quot;{font}&quot;;font-size:1pt" string={word}/></v:shape></w:pict>'
)
