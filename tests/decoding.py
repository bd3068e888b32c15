"""Looking for a text in a folder however it is written down: escaped, encoded, compressed, spaced out."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}={0,2}")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){6,}")
_ESCAPED = re.compile(rb"\\u([0-9a-fA-F]{4})")
_UNSEEN = re.compile(rb"\xe2\x80[\x8b-\x8f]|\xef\xbb\xbf|\s+|<[^<>]*>")
DEEPEST = 3


def holders(folder: Path, text: str) -> list[str]:
    """The files below `folder` that hold `text` in any writing that `readings` knows."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return [file.relative_to(folder).as_posix() for file in files if holds(file.read_bytes(), text)]


def holds(raw: bytes, text: str) -> bool:
    wanted = [text.encode("utf-8"), text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode("gb18030")]
    wanted += [text[::-1].encode("utf-8")]
    return any(one in reading for reading in readings(raw) for one in wanted)


def readings(raw: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes themselves, and whatever they may be the writing of."""
    yield raw
    if depth == DEEPEST:
        return
    for inner in _inside(raw):
        if inner != raw:
            yield from readings(inner, depth + 1)


def _inside(raw: bytes) -> Iterator[bytes]:
    if raw[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
        return
    if raw[:2] == b"\x1f\x8b":
        yield gzip.decompress(raw)
        return
    if raw[:4] == b"\x89PNG" or raw[:4] == b"RIFF":
        return
    yield _UNSEEN.sub(b"", raw)
    if b"&" in raw:
        yield html.unescape(raw.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    if b"%" in raw:
        yield unquote_to_bytes(raw)
    if b"\\u" in raw:
        yield _ESCAPED.sub(lambda m: chr(int(m[1], 16)).encode("utf-8", "surrogatepass"), raw)
    yield from _pieces(raw)


def _pieces(raw: bytes) -> Iterator[bytes]:
    """What runs of characters inside may stand for."""
    for found in _BASE64.findall(raw):
        for alphabet in (found, found.translate(bytes.maketrans(b"-_", b"+/"))):
            try:
                piece = base64.b64decode(alphabet.rstrip(b"=") + b"=" * (-len(alphabet.rstrip(b"=")) % 4))
            except binascii.Error:
                continue
            yield piece
            if piece[:1] == b"\x78":
                try:
                    yield zlib.decompress(piece)
                except zlib.error:
                    continue
    for found in _HEX.findall(raw):
        yield bytes.fromhex(found.decode())
