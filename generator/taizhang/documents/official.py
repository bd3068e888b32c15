"""Official documents as plain values: what is written from top to bottom, before anything is laid out.

The parts are those of GB/T 9704-2012 《党政机关公文格式》. There is no seal among them, and a number line holds only
what it is given: nothing here invents a 发文字号.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import NamedTuple


@dataclass(frozen=True)
class Title:
    """标题. A line break in the text is kept, so that no line ends inside a word."""

    text: str


@dataclass(frozen=True)
class Number:
    """发文字号 or 期号, centred: as issued, or a blank to be filled in by hand, which only paper shows."""

    text: str
    blank: bool = False


@dataclass(frozen=True)
class Masthead:
    """The head of a 简报, which is no 公文: its name, its 期号, and who issued it when above a rule."""

    name: str
    number: str
    office: str
    day: str


@dataclass(frozen=True)
class Addressee:
    """主送机关, with the colon."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (一、) to 4 (（1）), its number in the text. On a screen the anchor leads to it."""

    text: str
    level: int = 1
    anchor: str = ""


class Link(NamedTuple):
    """What stands behind a part of a text: from `start` up to `end`, to an address below the site's root,
    or to an anchor of the same page."""

    start: int
    end: int
    href: str


@dataclass(frozen=True)
class Body:
    """A paragraph of 正文. The lead, if any, stands before the text as a heading of level 2 that runs on. Links are
    for screens; on paper the text stands alone."""

    text: str
    lead: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line without indent, such as the one above a form. Size in pt."""

    text: str
    size: float = 16


class Align(Enum):
    """How the text of a cell stands."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


class Cell(NamedTuple):
    """One cell, `span` columns wide and `down` rows high. `foot` stands below the text at the right: where somebody
    signs."""

    text: str
    span: int = 1
    align: Align = Align.LEFT
    foot: str = ""
    down: int = 1


class Row(NamedTuple):
    """One row, at least `height` mm high."""

    cells: tuple[Cell, ...]
    height: float = 0


@dataclass(frozen=True)
class Table:
    """A ruled table as wide as the type area. `widths` are shares; the first `heads` rows come again on every page."""

    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    heads: int = 0
    size: float = 14
    """Size of its text in pt."""
    padding: float = 1.4
    """Left and right of the text in a cell, in mm; half as much above and below."""
    leading: float = 1.5
    """From line to line in a cell, in sizes of its text."""
    together: bool = False
    """Whether all of it stays on one page."""


@dataclass(frozen=True)
class Attachments:
    """附件说明: the list below the body of what is attached."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Signature:
    """署名 and 成文日期, the day left blank in a draft. `seal` leaves the office room to put its seal over both;
    nothing draws one."""

    name: str
    day: date | None
    seal: bool = True


@dataclass(frozen=True)
class Note:
    """附注, in its parentheses."""

    text: str


@dataclass(frozen=True)
class Annex:
    """The start of an 附件: a new page, its label, its title; on a page turned sideways for a wide table."""

    label: str
    title: str
    landscape: bool = False
    anchor: str = ""


@dataclass(frozen=True)
class Imprint:
    """版记 at the end of the last page: 抄送, and who printed it when."""

    copies_to: str = ""
    printed_by: str = ""
    printed_on: str = ""


Block = (
    Title
    | Masthead
    | Number
    | Addressee
    | Heading
    | Body
    | Line
    | Table
    | Attachments
    | Signature
    | Note
    | Annex
    | Imprint
)


@dataclass(frozen=True)
class OfficialDocument:
    """A whole document. `name` goes into its properties, `header` stands above the type area of every page."""

    name: str
    blocks: tuple[Block, ...]
    header: str = ""
    watermark: str = ""
    """A word across every page: 草稿 until the office has issued the document."""
    landscape: bool = False
    """Whether the pages before the first annex lie sideways."""
    dated: date | None = None
    """成文日期, the only time its files know."""


BLANK_DAY = "　　　　年　月　日"
"""Where a draft's 成文日期 will stand."""


def numbered(index: int) -> str:
    """The number of a heading or point in Chinese: 1 is 一, 21 is 二十一. Good to 99."""
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(index, 10)
    if not tens:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


def columns(head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], size: float = 10.5) -> Table:
    """A table of plain columns below one repeated row of headings. The first column is centred, as are the headings."""
    top = Row(tuple(Cell(text, align=Align.CENTRE) for text in head))
    aligned = (
        [Cell(text, align=Align.LEFT if column else Align.CENTRE) for column, text in enumerate(r)] for r in rows
    )
    body = (Row(tuple(cells)) for cells in aligned)
    return Table(tuple(widths), (top, *body), heads=1, size=size)
