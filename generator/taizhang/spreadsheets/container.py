"""What a file is before anything opens it: its format, and whether it may be opened at all."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from enum import Enum
from typing import NamedTuple

from taizhang.spreadsheets.wording import phrase

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
LARGEST_RATIO = 250
"""How many times its packed size a workbook may declare; sheets of XML rarely reach 50."""
FREE_OF_RATIO = 20 * 1024 * 1024
"""Bytes unpacked that are let through at any ratio."""
MOST_PARTS = 2000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|meta|table|\?xml|mht|style|div|body)", re.IGNORECASE
)
_BOF, _FILEPASS = 0x0809, 0x002F
_PICTURES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")


class Unreadable(Exception):
    """The file cannot be read as a ledger: a finding's code and the values of its wording."""

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class Format(Enum):
    """What a spreadsheet is stored as."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"


class Container(NamedTuple):
    """A file that may be opened, with the remarks its contents call for: keys of `wording.yml`."""

    format: Format
    remarks: tuple[str, ...] = ()


def examine(raw: bytes) -> Container:
    """Tell what a file is by its bytes, whatever its name says. Raises Unreadable for what must not be opened."""
    if len(raw) > LARGEST_FILE:
        raise Unreadable("E-BOOK-SIZE", found=phrase("large", size=len(raw) >> 20, limit=LARGEST_FILE >> 20))
    if not raw.strip():
        raise Unreadable("E-BOOK-FORMAT", found=phrase("empty"))
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(raw)
    if raw.startswith(_OLE):
        return _compound(raw)
    if _MARKUP.match(raw[:2048]):
        raise Unreadable("E-BOOK-FORMAT", found=phrase("markup"))
    if raw.startswith(_PICTURES) or (b"\0" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise Unreadable("E-BOOK-FORMAT", found=phrase("other"))
    return Container(Format.CSV)


def _zipped(raw: bytes) -> Container:
    try:
        parts = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Unreadable("E-BOOK-FORMAT", found=phrase("damaged")) from None
    unpacked = sum(part.file_size for part in parts)
    inflated = unpacked > FREE_OF_RATIO and unpacked > LARGEST_RATIO * len(raw)
    if unpacked > LARGEST_UNPACKED or inflated or len(parts) > MOST_PARTS:
        raise Unreadable("E-BOOK-SIZE", found=phrase("bomb", size=unpacked >> 20, parts=len(parts)))
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("E-BOOK-LOCKED")
    if "content.xml" in names:
        return _open_document(raw)
    if "xl/workbook.bin" in names:
        raise Unreadable("E-BOOK-FORMAT", found=phrase("xlsb"))
    if "xl/workbook.xml" not in names:
        raise Unreadable("E-BOOK-FORMAT", found=phrase("archive"))
    macros = ("macros",) if any(name.endswith("vbaProject.bin") for name in names) else ()
    links = ("links",) if any(name.startswith("xl/externalLinks/") for name in names) else ()
    return Container(Format.XLSX, (*macros, *links))


def _open_document(raw: bytes) -> Container:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        kind = archive.read("mimetype")[:100] if "mimetype" in archive.namelist() else b""
        manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in archive.namelist() else b""
    if b"encryption-data" in manifest:
        raise Unreadable("E-BOOK-LOCKED")
    if b"spreadsheet" not in kind + manifest:
        raise Unreadable("E-BOOK-FORMAT", found=phrase("document"))
    return Container(Format.ODS)


def _compound(raw: bytes) -> Container:
    """A compound file: xls, an encrypted xlsx, or an old document of another program."""
    if "EncryptedPackage".encode("utf-16-le") in raw:
        raise Unreadable("E-BOOK-LOCKED")
    if not any(name.encode("utf-16-le") in raw for name in ("Workbook", "Book")):
        raise Unreadable("E-BOOK-FORMAT", found=phrase("document"))
    if _has_password(raw):
        raise Unreadable("E-BOOK-LOCKED")
    macros = ("macros",) if "_VBA_PROJECT".encode("utf-16-le") in raw else ()
    return Container(Format.XLS, (*macros, "xls"))


def _has_password(raw: bytes) -> bool:
    """Whether a FILEPASS record follows the first BOF record of the workbook ([MS-XLS] 2.4.117)."""
    at = raw.find(struct.pack("<HH", _BOF, 16))
    for _ in range(20):
        if at < 0 or at + 4 > len(raw):
            return False
        record, size = struct.unpack_from("<HH", raw, at)
        if record == _FILEPASS:
            return True
        at += 4 + size
    return False
