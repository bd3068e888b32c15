"""Every text in a file of a release, taken out of archives, compression and encodings. Decision 16."""

from __future__ import annotations

import base64
import binascii
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote

from taizhang.release_gate.pdf_text import read_pdf
from taizhang.release_gate.refusal import RefusedFile

BETWEEN = "\x1f"
"""Stands between texts that do not belong together, as of two cells."""
MOST = 200_000_000
"""Bytes that a compressed file may hold."""
DEEPEST = 3
"""Encodings within encodings that are followed."""


class Piece(NamedTuple):
    """A text of a file, and in which of its parts it stands; empty for a file of one part."""

    where: str
    text: str


def pieces(name: str, raw: bytes) -> Iterator[Piece]:
    """Every text of a file that is no page. Raises RefusedFile for a type not allowed, or not what its name says."""
    known = READERS.get(PurePosixPath(name).suffix)
    if known is None:
        raise RefusedFile("E-OUT-FILE", "suffix")
    begins, read = known
    if not re.match(begins, raw):
        raise RefusedFile("E-OUT-FILE", "magic")
    try:
        yield from read(name, raw)
    except (ValueError, EOFError, RecursionError, zlib.error, zipfile.BadZipFile, binascii.Error):
        raise RefusedFile("E-OUT-FILE", "broken") from None


def unfolded(text: str, depth: int = 0) -> Iterator[str]:
    """A text as it stands and as it reads once entities, escapes, percent signs and base64 in it are decoded."""
    if "&" in text and depth < DEEPEST and not _LONG_ENTITY.search(text):
        text = html.unescape(text)
    yield INVISIBLE.sub("", text)
    if depth == DEEPEST:
        return
    if "&" in text and (plain := html.unescape(text)) != text:
        yield from unfolded(plain, depth + 1)
    if "\\u" in text:
        yield from unfolded(_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text), depth + 1)
    if _QUOTED.search(text) and (plain := unquote(text)) != text:
        yield from unfolded(plain, depth + 1)
    for match in _BASE64.finditer(text):
        for inner in _from_base64(match[0]):
            yield from unfolded(inner, depth + 1)


INVISIBLE = re.compile("[\u200b\u2060\u00ad\ufeff]")
_LONG_ENTITY = re.compile("&#[0-9]{7}")
"""No character has such a number: what looks like one may be another number."""
_QUOTED = re.compile("%[0-9A-Fa-f]{2}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}")


def _from_base64(run: str) -> Iterator[str]:
    raw = (
        base64.urlsafe_b64decode(run.replace("+", "-").replace("/", "_") + "=" * (-len(run) % 4)) if _even(run) else b""
    )
    suffix = next((suffix for magic, suffix in _PACKED.items() if raw.startswith(magic)), "")
    try:
        if suffix:
            yield BETWEEN.join(text for _, text in pieces(f"x{suffix}", raw))
        elif raw and _is_text(inner := raw.decode()):
            yield inner
    except (UnicodeDecodeError, RefusedFile):
        return


def _even(run: str) -> bool:
    return len(run) % 4 != 1


def _is_text(text: str) -> bool:
    return all(char.isprintable() or char in "\n\r\t" for char in text)


_PACKED = {b"\x1f\x8b": ".gz", b"PK\x03\x04": ".docx", b"%PDF": ".pdf", b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg"}


def _text(name: str, raw: bytes) -> Iterator[Piece]:
    del name
    yield Piece("", raw.decode("utf-8-sig"))


def _json(name: str, raw: bytes) -> Iterator[Piece]:
    """Keys and values. In the search index cells run into each other: what parts digits there may be an edge."""
    text = BETWEEN.join(_values(json.loads(raw)))
    yield Piece("", _CELLS.sub(BETWEEN, text) if name.endswith("search_index.json") else text)


_CELLS = re.compile("(?<=[0-9])[ ·._()/–—-]{1,2}(?=[0-9])")


def _values(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner)
    elif not isinstance(value, bool | None):
        yield str(value)


def _xml(name: str, raw: bytes) -> Iterator[Piece]:
    """Text of an XML file; the runs of one paragraph or cell belong together."""
    del name
    text = raw.decode("utf-8-sig")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise RefusedFile("E-OUT-ACTIVE", "doctype")
    plain = _TAG.sub("", _BLOCK.sub(BETWEEN, text))
    attributes = BETWEEN.join(_ATTRIBUTE.findall(text))
    yield Piece("", f"{plain}{BETWEEN}{attributes}")


_BLOCK = re.compile(r"</?(?:[a-z]+:)?(?:p|row|c|v|si|br|title|loc|url|item|entry|summary|id|[a-z]+[A-Z]\w*)\b[^>]*>")
_TAG = re.compile("<[^>]*>")
_ATTRIBUTE = re.compile('="([^"]*)"')


def _office(name: str, raw: bytes) -> Iterator[Piece]:
    """The parts of a Word or Excel file. What runs, is embedded, or is fetched from elsewhere is refused."""
    del name
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if sum(member.file_size for member in archive.infolist()) > MOST:
            raise RefusedFile("E-OUT-FILE", "broken")
        for member in archive.namelist():
            part = archive.read(member)
            if not _PART.fullmatch(member):
                raise RefusedFile("E-OUT-ACTIVE", "part", part=member)
            if member.endswith(".rels") and _FETCHED.search(part):
                raise RefusedFile("E-OUT-ACTIVE", "fetched", part=member)
            if member.startswith("xl/worksheets/") and _FORMULA.search(part):
                raise RefusedFile("E-OUT-ACTIVE", "formula", part=member)
            yield from (Piece(member, piece.text) for piece in _xml(member, part))
        yield Piece("", archive.comment.decode("utf-8", "replace"))


_PART = re.compile(
    r"(?:_rels|docProps|word|xl)/(?:(?:_rels|theme|worksheets)/)*[A-Za-z0-9]*[.](?:xml|xml[.]rels|rels)|\[Content_Types\][.]xml"
)
_FETCHED = re.compile(
    rb"<Relationship\b(?=[^>]*TargetMode=\"External\")(?![^>]*/hyperlink\")|Target=\"(?!https?:|mailto:)[a-z]+:"
)
_FORMULA = re.compile(rb"<f[ >/]")


def _gzip(name: str, raw: bytes) -> Iterator[Piece]:
    unpacking = zlib.decompressobj(31)
    inner = unpacking.decompress(raw, MOST)
    if unpacking.unconsumed_tail or unpacking.unused_data or not unpacking.eof:
        raise ValueError
    named = PurePosixPath(name).with_suffix("").name
    yield from pieces(named if PurePosixPath(named).suffix in READERS else f"{named}.txt", inner)


def _pdf(name: str, raw: bytes) -> Iterator[Piece]:
    del name
    for where, lines in read_pdf(raw):
        yield Piece(where, BETWEEN.join(lines))


def _png(name: str, raw: bytes) -> Iterator[Piece]:
    """What a picture says besides its pixels."""
    del name
    place = 8
    while place < len(raw):
        length, kind = int.from_bytes(raw[place : place + 4]), raw[place + 4 : place + 8]
        body = raw[place + 8 : place + 8 + length]
        place += length + 12
        if kind in (b"tEXt", b"zTXt", b"iTXt", b"eXIf"):
            yield Piece(kind.decode(), BETWEEN.join(_texts_in(body)))
        if kind == b"IEND":
            break
    if place != len(raw):
        raise RefusedFile("E-OUT-FILE", "appended")


def _jpeg(name: str, raw: bytes) -> Iterator[Piece]:
    del name
    place = 2
    while raw[place] == 0xFF and raw[place + 1] != 0xDA:
        length = int.from_bytes(raw[place + 2 : place + 4])
        if raw[place + 1] == 0xFE or 0xE1 <= raw[place + 1] <= 0xEF:
            yield Piece("metadata", BETWEEN.join(_texts_in(raw[place + 4 : place + 2 + length])))
        place += 2 + length
    if not raw.endswith(b"\xff\xd9"):
        raise RefusedFile("E-OUT-FILE", "appended")


def _texts_in(raw: bytes) -> Iterator[str]:
    """A chunk of metadata in every way that it may be meant: as it stands, and what of it is compressed."""
    yield raw.decode("utf-8", "replace")
    yield raw.decode("utf-16-be", "replace")
    for start in (match.end() for match in re.finditer(rb"\0\0|\0\x01\0[^\0]*\0[^\0]*\0", raw)):
        unpacking = zlib.decompressobj()
        try:
            yield unpacking.decompress(raw[start:], MOST).decode("utf-8", "replace")
        except zlib.error:
            continue


Reader = Callable[[str, bytes], Iterator[Piece]]
READERS: Mapping[str, tuple[bytes, Reader]] = {
    ".csv": (b"", _text),
    ".txt": (b"", _text),
    ".json": (rb"\s*[\[{\"]", _json),
    ".xml": (rb"(?:\xef\xbb\xbf)?\s*<", _xml),
    ".docx": (rb"PK\x03\x04", _office),
    ".xlsx": (rb"PK\x03\x04", _office),
    ".gz": (rb"\x1f\x8b", _gzip),
    ".pdf": (b"%PDF-1", _pdf),
    ".png": (rb"\x89PNG\r\n\x1a\n", _png),
    ".jpg": (rb"\xff\xd8\xff", _jpeg),
}
"""By suffix, how such a file begins and how it is read: nothing else goes out."""
