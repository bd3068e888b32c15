"""What runs over every page of an official document as DOCX: page numbers, and the word 草稿 across a draft."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from taizhang.documents.docx_parts import HEI, LEFT, PAPER, RIGHT, Paragraph, Xml, paragraph, run, w

HEADER_AT, HEADER_AT_SIDEWAYS, FOOTER_AT = 1134, 737, 1450
"""From the edge of the page, whose upper margin is smaller where it lies sideways: 20 mm and 13 mm. The footer's line
is 14 pt high, so that its dashes lie 7 mm below the 版心."""

_OUTER = 280
"""空一字: how far a page number stays from the outer edge of the type area, in twips."""

_PLATE = 2000, 320
"""The length and height of what holds a page number on a page turned sideways, in twips."""


def page_number(odd: bool, landscape: bool = False) -> Xml:
    """— 1 —: 4号半角宋体, a dash on either side, at the outer side of the page. A page turned sideways keeps it where
    it stands on the others once it is bound: at the left, turned with the page."""
    number = Xml(run("— ") + w("fldSimple", run("1"), instr=" PAGE ") + run(" —"))
    side = w("jc", val="right" if odd else "left")
    if not landscape:
        edge = "right" if odd else "left"
        indent = w("ind", **{edge: _OUTER, f"{edge}Chars": 100})
        return Paragraph("Footer", number, Xml(indent + side)).xml
    length, height = _PLATE
    text = Paragraph("Footer", number, side).xml
    plate = _plate(text, x=FOOTER_AT, y=_along(odd) - (length if odd else 0), width=height, length=length)
    return Xml(plate + paragraph("Footer").xml)


def _along(odd: bool) -> int:
    """Where the outer end of the number lies, from the upper edge of the page as it is read."""
    return PAPER[0] - RIGHT - _OUTER if odd else LEFT + _OUTER


def _plate(text: Xml, x: int, y: int, width: int, length: int) -> Xml:
    """A table of one cell that stands at a place of the page and whose text runs downwards."""
    none = (w(edge, w=0, type="dxa") for edge in ("top", "left", "bottom", "right"))
    properties = w(
        "tblPr",
        w("tblpPr", vertAnchor="page", horzAnchor="page", tblpX=x, tblpY=y),
        w("tblW", w=width, type="dxa"),
        w("tblLayout", type="fixed"),
        w("tblCellMar", *none),
    )
    cell = w("tc", w("tcPr", w("tcW", w=width, type="dxa"), w("textDirection", val="tbRl")), text)
    row = w("tr", w("trPr", w("trHeight", val=length, hRule="exact")), cell)
    return w("tbl", properties, w("tblGrid", w("gridCol", w=width)), row)


def header(text: str, watermark: str) -> Xml:
    """What stands above the type area, and a word in pale grey across the page: the drawn letters that Word uses."""
    shape = _SHAPE.format(word=quoteattr(watermark), font=HEI, width=130 * len(watermark)) if watermark else ""
    drawn = w("r", w("rPr", w("noProof")), Xml(shape)) if shape else ""
    return Paragraph("Header", Xml(drawn + (run(text) if text else ""))).xml


_SHAPE = (
    '<w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
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
