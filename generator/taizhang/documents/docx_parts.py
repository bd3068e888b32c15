"""The words in which a DOCX is written: elements of WordprocessingML as text, and the measures of GB/T 9704-2012.

Fonts are declared by name only. They belong to the offices that licensed them; a machine without them shows others.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple, NewType
from xml.sax.saxutils import escape

TITLE_FONT, FANG, KAI, HEI, SONG = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"

PAPER = 11906, 16838
"""A4 upright: 210 × 297 mm. All lengths of a DOCX are in twips, of which 20 make a point."""

TOP, BOTTOM, LEFT, RIGHT = 2098, 1984, 1587, 1474
"""天头 37 mm, 下白边 35 mm, 订口 28 mm, 右白边 26 mm: a 版心 of 156 × 225 mm."""

BODY_SIZE = 16
"""三号, in pt: the size of the body, and of a cell of the grid."""

LINE_PITCH, CHAR_SPACE = 579, -848
"""The grid of 22 lines (28.95 pt) of 28 characters (16 pt less 848/4096, for 28 × 16 pt is too wide)."""

CHARACTER = (BODY_SIZE + CHAR_SPACE / 4096) * 20
"""The width of a character in the grid."""

SQUEEZE = -5
"""Taken from every letter of that size, so that 28 of them fill a line in every program. Word squeezes them by the grid
as well, and a full line comes out the same. LibreOffice cannot set text on a grid narrower than its letters, so
paragraphs keep the grid's pitches by themselves instead of snapping to it."""

Xml = NewType("Xml", str)
"""Markup. What is only text becomes markup by `run` or as the value of an attribute, which escape it."""

NOTHING = Xml("")


def w(tag: str, /, *children: Xml, **attributes: object) -> Xml:
    """An element of WordprocessingML with its attributes and children."""
    given = "".join(
        f' {name if ":" in name else f"w:{name}"}="{_escaped(str(value))}"' for name, value in attributes.items()
    )
    inner = "".join(children)
    return Xml(f"<w:{tag}{given}>{inner}</w:{tag}>" if inner else f"<w:{tag}{given}/>")


def _escaped(text: str) -> str:
    """Text as it goes into markup. Raises ValueError for a character that XML cannot hold."""
    if _PLAIN.fullmatch(text):
        return text
    unfit = _UNFIT.search(text)
    if unfit:
        raise ValueError(f"U+{ord(unfit[0]):04X} cannot stand in a document")
    return escape(text, {'"': "&quot;"})


_PLAIN = re.compile("[A-Za-z0-9 _.-]*")
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fonts(name: str) -> Xml:
    """One family for every script: WPS sets Chinese in the Latin family where only eastAsia names another."""
    return w("rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=name)


def sizes(points: float) -> Xml:
    """The size of letters, for every script."""
    return Xml(w("sz", val=round(points * 2)) + w("szCs", val=round(points * 2)))


def run(text: str, *properties: Xml) -> Xml:
    """A run of text. Whatever the text holds stays text; a tab in it is written as one, a line break as one."""
    pieces = (_BREAKS.get(piece) or _written(piece) for piece in _BREAK.split(text) if piece)
    return w("r", _run_properties(properties), *pieces)


# A table has thousands of cells in a handful of looks, so their properties are written once.
@lru_cache(maxsize=256)
def _run_properties(properties: tuple[Xml, ...]) -> Xml:
    return w("rPr", *properties) if properties else NOTHING


_BREAK = re.compile(r"([\t\n])")
_BREAKS = {"\t": w("tab"), "\n": w("br")}


def _written(text: str) -> Xml:
    # Without being told, a reader of XML may leave out the space at either end.
    space = "" if text == text.strip() else ' xml:space="preserve"'
    return Xml(f"<w:t{space}>{_escaped(text)}</w:t>")


class Paragraph(NamedTuple):
    """A paragraph in a style, with its runs and its own properties beside the style, which stand in the format's order.
    `with_next` keeps it on the page of what follows."""

    style: str
    runs: Xml = NOTHING
    properties: Xml = NOTHING
    with_next: bool = False

    @property
    def xml(self) -> Xml:
        """The paragraph as markup."""
        return w("p", _paragraph_properties(self.style, self.with_next, self.properties), self.runs)


@lru_cache(maxsize=256)
def _paragraph_properties(style: str, with_next: bool, properties: Xml) -> Xml:
    return w("pPr", w("pStyle", val=style), w("keepNext") if with_next else NOTHING, properties)


def paragraph(style: str, *runs: str, **properties: Xml) -> Paragraph:
    """A paragraph of plain runs in the letters of its style; `properties` may be rule, tabs, spacing, ind, jc."""
    own = "".join(properties[name] for name in _ORDER if name in properties)
    return Paragraph(style, Xml("".join(run(text) for text in runs if text)), Xml(own))


_ORDER = ("rule", "tabs", "spacing", "ind", "jc")


def characters(text: str) -> float:
    """How wide a text is, in characters of the grid: letters and digits are half as wide as Chinese."""
    return sum(1 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)
