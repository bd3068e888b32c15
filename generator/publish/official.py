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
    """发文字号, centred: as issued, or the blank to be filled in by hand."""

    text: str


@dataclass(frozen=True)
class Addressee:
    """主送机关, with the colon."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (一、) to 4 (（1）), its number in the text."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Body:
    """A paragraph of 正文. The lead, if any, stands before the text as a heading of level 2 that runs on."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Line:
    """A line without indent, such as the one above a form."""

    text: str


class Align(Enum):
    """How the text of a cell stands."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


class Cell(NamedTuple):
    """One cell. `foot` stands below the text at the right: where somebody signs."""

    text: str
    span: int = 1
    align: Align = Align.LEFT
    foot: str = ""


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


@dataclass(frozen=True)
class Attachments:
    """附件说明: the list below the body of what is attached."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Signature:
    """署名 and 成文日期. `seal` leaves the office room to put its seal over both; nothing draws one."""

    name: str
    day: date
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


@dataclass(frozen=True)
class Imprint:
    """版记 at the end of the last page: 抄送, and who printed it when."""

    copies_to: str = ""
    printed_by: str = ""
    printed_on: str = ""


Block = Title | Number | Addressee | Heading | Body | Line | Table | Attachments | Signature | Note | Annex | Imprint


@dataclass(frozen=True)
class OfficialDocument:
    """A whole document. `name` goes into its properties, `header` stands above the type area of every page."""

    name: str
    blocks: tuple[Block, ...]
    header: str = ""


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
