"""The text of the PDF files that this program writes, by typst: plain objects, and fonts that say what they show.

A PDF of another make is refused: what cannot be read to its end cannot be answered for.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping

from taizhang.release_gate.refusal import RefusedFile

_OBJECT = re.compile(rb"(?s)(?<!\d)(\d+) 0 obj\b(.*?)\bendobj")
_STREAM = re.compile(rb"(?s)^(.*?)\bstream\r?\n(.*)\r?\nendstream")
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|OpenAction|AA|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToR|XFA)\b"
)
_FOREIGN = re.compile(rb"/(?:ObjStm|XRef|Encrypt)\b")
_SHOWN = re.compile(
    rb"(?s)/([A-Za-z0-9]+) [\d.]+ Tf|(<[0-9A-Fa-f\s]*>|\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\))|\b(ET)\b"
)
_ESCAPED = re.compile(rb"(?s)\\([0-7]{1,3}|.)")
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_BLOCK = re.compile(rb"(?s)beginbf(char|range)(.*?)endbf")
_HEXED = re.compile(rb"<([0-9A-Fa-f]+)>")
_OWN_ID = re.compile(rb"(?<=ID>)[A-Za-z0-9+/=_]+(?=<)")
"""A digest of the file, in which chance may spell anything."""
_STRING = re.compile(rb"(?s)(?<!<)<([0-9A-Fa-f\s]+)>(?!>)|\(((?:\\.|[^\\()])*)\)")


def read_pdf(raw: bytes) -> Iterator[tuple[str, list[str]]]:
    """What is said beside the pages, then the lines of each. Raises RefusedFile, or ValueError for a broken file."""
    objects = {int(number): body for number, body in _OBJECT.findall(raw)}
    heads = {number: (_STREAM.match(body) or [b"", body])[1] for number, body in objects.items()}
    told = b"\n".join(heads.values())
    if _ACTIVE.search(told):
        raise RefusedFile("E-OUT-ACTIVE", "pdf")
    if _FOREIGN.search(told) or b"/Type/Pages" not in told:
        raise RefusedFile("E-OUT-FILE", "made")
    beside = [_meant(hexed, plain) for hexed, plain in _STRING.findall(told)]
    told_of_itself = b"".join(_stream(body) for body in objects.values() if b"/Type/Metadata" in body)
    beside.append(_OWN_ID.sub(b"", told_of_itself).decode("utf-8", "replace"))
    yield "", beside
    meanings = {
        n: _meanings(_stream(objects[int(m[1])]))
        for n, head in heads.items()
        if (m := re.search(rb"/ToUnicode (\d+) 0 R", head))
    }
    for head in heads.values():
        if b"/Type/Page/" in head:
            fonts = dict(re.findall(rb"/([A-Za-z0-9]+) (\d+) 0 R", heads[_reference(head, b"Resources")]))
            shown = {name: meanings[int(number)] for name, number in fonts.items() if int(number) in meanings}
            yield "", list(_lines(_stream(objects[_reference(head, b"Contents")]), shown))


def _reference(head: bytes, name: bytes) -> int:
    match = re.search(rb"/%s (\d+) 0 R" % name, head)
    if match is None:
        raise ValueError
    return int(match[1])


def _stream(body: bytes) -> bytes:
    match = _STREAM.match(body)
    if match is None:
        raise ValueError
    return zlib.decompress(match[2]) if b"/FlateDecode" in match[1] else match[2]


def _meanings(table: bytes) -> Mapping[int, str]:
    """What each glyph of a font stands for."""
    found: dict[int, str] = {}
    for block, listed in _BLOCK.findall(table):
        if block != b"char":
            raise RefusedFile("E-OUT-FILE", "made")
        codes = _HEXED.findall(listed)
        found |= {
            int(g, 16): bytes.fromhex(c.decode()).decode("utf-16-be")
            for g, c in zip(codes[::2], codes[1::2], strict=True)
        }
    return found


def _lines(content: bytes, fonts: Mapping[bytes, Mapping[int, str]]) -> Iterator[str]:
    meant: Mapping[int, str] = {}
    line = ""
    for font, shown, ends in _SHOWN.findall(content):
        if font:
            meant = fonts[font]
        elif shown:
            raw = bytes.fromhex(shown[1:-1].decode()) if shown[:1] == b"<" else _plain(shown[1:-1])
            line += "".join(meant.get(int.from_bytes(raw[i : i + 2]), "") for i in range(0, len(raw), 2))
        elif ends and line:
            yield line
            line = ""


def _plain(text: bytes) -> bytes:
    return _ESCAPED.sub(lambda m: bytes([int(m[1], 8)]) if m[1].isdigit() else _LETTERS.get(m[1], m[1]), text)


def _meant(hexed: bytes, plain: bytes) -> str:
    raw = bytes.fromhex(hexed.decode()) if hexed else _plain(plain)
    return raw.decode("utf-16", "replace") if raw[:2] == b"\xfe\xff" else raw.decode("latin-1")
