"""Looking for a text in a folder however it is written down: escaped, encoded, compressed, spaced out."""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path
from urllib.parse import unquote_to_bytes

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}={0,2}")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){6,}")
_ESCAPED = re.compile(rb"\\u([0-9a-fA-F]{4})")
_UNSEEN = re.compile(rb"\xe2\x80[\x8b-\x8f]|\xef\xbb\xbf|\s+|<[^<>]*>")
_COMPRESSED = (b"PK\x03\x04", b"\x1f\x8b", b"\x78")
DEEPEST = 3
THEME = Path(str(resources.files("material"))) / "templates" / "assets"


def holders(folder: Path, *texts: str) -> list[str]:
    """The files below `folder` that hold one of `texts` in any writing that is known here.

    What the theme brought, byte for byte, is left out: nothing that was filed is in it.
    """
    files = [(file, file.read_bytes()) for file in sorted(folder.rglob("*")) if file.is_file()]
    wanted, empty = _writings(texts), {_digest(file.read_bytes()): 0 for file in THEME.rglob("*") if file.is_file()}
    return [file.relative_to(folder).as_posix() for file, raw in files if _holds(raw, wanted, empty)]


def holds(raw: bytes, text: str) -> bool:
    return _holds(raw, _writings([text]), {})


def _writings(texts: Iterable[str]) -> list[bytes]:
    encodings = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
    return [writing for text in texts for writing in (*map(text.encode, encodings), text[::-1].encode())]


def _digest(raw: bytes) -> bytes:
    return hashlib.blake2b(raw, digest_size=16).digest()


def _holds(raw: bytes, wanted: Sequence[bytes], empty: dict[bytes, int], depth: int = 0) -> bool:
    """Whether the bytes, or whatever they may be the writing of, hold what is wanted.

    `empty` has the digests of what is known to hold nothing, with how deep it lay: pages repeat each other. Only what
    is compressed may stand for more bytes than it has.
    """
    if len(raw) < min(map(len, wanted)) and not raw.startswith(_COMPRESSED):
        return False
    digest = _digest(raw)
    if empty.get(digest, DEEPEST + 1) <= depth:
        return False
    found = any(one in raw for one in wanted)
    found = found or (depth < DEEPEST and any(_holds(inner, wanted, empty, depth + 1) for inner in _inside(raw)))
    if not found:
        empty[digest] = depth
    return found


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
    for found in set(_BASE64.findall(raw)):
        for alphabet in {found, found.translate(bytes.maketrans(b"-_", b"+/"))}:
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
    for found in set(_HEX.findall(raw)):
        yield bytes.fromhex(found.decode())
