"""Official documents as PDF by typst, on the same grid as the DOCX. Texts go in as data and are never read as source.

The file is PDF/A-2b, which is meant to be kept, and which refuses a character that no font has: there are no boxes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, time
from importlib import resources
from typing import Any

import typst

from taizhang.documents.docx_layout import below_annex_title, gap_between
from taizhang.documents.fonts import Fonts
from taizhang.documents.official import (
    BLANK_DAY,
    Annex,
    Attachments,
    Block,
    Body,
    Line,
    OfficialDocument,
    Signature,
    Table,
    Title,
)
from taizhang.documents.values import day

_UNKNOWN = re.compile(r"the text `\"?(.+?)\"?` could not be displayed with font")

_SOURCE = resources.files("taizhang.documents").joinpath("official.typ").read_bytes()


class Unprintable(Exception):
    """A document holds a character that none of the machine's fonts has."""

    def __init__(self, character: str) -> None:
        super().__init__(character)
        self.character = character


def as_pdf(document: OfficialDocument, fonts: Fonts) -> bytes:
    """The document as the bytes of a PDF; the same bytes for the same document and the same fonts.

    Raises Unprintable where a character would have become a box.
    """
    data = {
        "name": document.name,
        "header": document.header,
        "watermark": document.watermark,
        "note": fonts.note,
        "fonts": {role: face._asdict() for role, face in fonts.faces.items()},
        "sections": list(_sections(document)),
    }
    stamp = datetime.combine(document.dated, time(), UTC) if document.dated else datetime.fromtimestamp(0, UTC)
    try:
        made = typst.compile(
            _SOURCE,
            font_paths=fonts.found,
            sys_inputs={"document": json.dumps(data, ensure_ascii=False)},
            pdf_standards="a-2b",
            timestamp=int(stamp.timestamp()),
            pdf_tags=False,
        )
    except typst.TypstError as error:
        unknown = _UNKNOWN.search(error.message)
        if unknown:
            raise Unprintable(unknown[1]) from error
        raise
    return bytes(made)


def _sections(document: OfficialDocument) -> Iterator[Mapping[str, Any]]:
    """The pages before the first annex, then each annex: they lie upright or sideways as a whole."""
    landscape, blocks, previous = document.landscape, list[Mapping[str, Any]](), None
    following = (*document.blocks[1:], None)
    for block, after in zip(document.blocks, following, strict=True):
        if isinstance(block, Annex):
            yield {"landscape": landscape, "blocks": blocks}
            landscape, blocks = block.landscape, [{"kind": "label", "text": block.label}]
            blocks += [_blank(1), _written(Title(block.title), None), _blank(below_annex_title(block))]
        else:
            lines = gap_between(previous, block)
            if lines >= 1:
                blocks.append(_blank(lines, sticky=isinstance(block, _HELD)))
            blocks.append(_written(block, after))
        previous = block
    yield {"landscape": landscape, "blocks": blocks}


_HELD = Attachments | Signature | Table
"""What does not begin a page without the last of the text it belongs to."""


def _blank(lines: float, sticky: bool = False) -> Mapping[str, Any]:
    return {"kind": "blank", "lines": lines, "sticky": sticky}


def _written(block: Block, after: Block | None) -> Mapping[str, Any]:
    own: dict[str, Any] = {}
    match block:
        case Signature():
            own = {"day": day(block.day) if block.day else BLANK_DAY}
        case Body() | Line() | Attachments():
            own = {"sticky": isinstance(after, _HELD)}
        case Table():
            own = {"rows": [{"cells": [_cell(cell) for cell in row.cells]} for row in block.rows]}
    return {**asdict(block), "kind": type(block).__name__.lower(), **own}


def _cell(cell: Any) -> Mapping[str, Any]:
    return {"text": cell.text, "span": cell.span, "down": cell.down, "align": cell.align.value}
