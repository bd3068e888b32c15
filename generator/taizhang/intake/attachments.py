"""What an attachment is, judged by its name, its size and its first bytes. Nothing is decoded here."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import NamedTuple

from taizhang.findings import Finding, finding

LARGEST = 10 * 1024 * 1024
"""Bytes that an attachment may have."""
MOST_PIXELS = 40_000_000
"""Pixels that a photo may have: more than any phone takes by default, and no more than fits into memory."""
MOST_RATIO = 20
"""How many times as long as it is wide a photo may be; the widest panorama of a phone is 5."""
HEAD = 80 * 1024
"""Bytes read of an attachment. A phone writes up to 64 KiB about the camera before the picture's size."""

PNG, JPEG, PDF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-"
_CONTENTS: Mapping[str, bytes] = {"jpg": JPEG, "png": PNG, "pdf": PDF}
_KNOWN = (
    (0, JPEG, "JPG 照片"),
    (0, PNG, "PNG 图片"),
    (0, PDF, "PDF 文件"),
    (0, b"GIF8", "GIF 动图"),
    (4, b"ftyphe", "苹果手机的 HEIC 照片"),
    (4, b"ftypmif", "苹果手机的 HEIC 照片"),
    (4, b"ftyp", "视频或动态照片"),
    (8, b"WEBP", "WebP 图片"),
    (0, b"BM", "BMP 图片"),
    (0, b"II*\0", "TIFF 图片"),
    (0, b"MM\0*", "TIFF 图片"),
    (0, b"PK\x03\x04", "压缩包或 Office 文件"),
    (0, b"<", "网页或代码"),
    (0, b"%!", "打印文件（PostScript）"),
)
"""What people and attackers give other names, by the bytes at a place, the first that fits."""

_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers that give the picture's size (ITU-T T.81, table B.1: start of frame)."""
_END, _SCAN = 0xD9, 0xDA


def path_of(campaign: str, ref: str) -> str:
    """Where the attachment lies that a record names `<organisation>/<file name>`."""
    org, _, name = ref.partition("/")
    return f"submissions/{campaign}/{org}/files/{name}"


class AttachmentFault(NamedTuple):
    """Why an attachment is not taken: the rule, and the values of its wording."""

    code: str
    values: Mapping[str, object]

    def finding(self, path: str) -> Finding:
        """The finding about the attachment at `path`."""
        return finding(self.code, path, **self.values)


def fault_of(path: str, size: int, head: bytes) -> AttachmentFault | None:
    """Why the file at `path`, of `size` bytes and beginning with `head`, cannot be a sound attachment, or None."""
    if size == 0:
        return broken("是一个空文件（0 字节）")
    if size > LARGEST:
        return AttachmentFault("E-IMG-SIZE", {"limit": LARGEST // 2**20, "size": f"{size / 2**20:.1f}"})
    suffix = path.rpartition(".")[2]
    if not head.startswith(_CONTENTS[suffix]):
        return AttachmentFault("E-IMG-TYPE", {"suffix": suffix, "content": _content(head)})
    width, height = dimensions(head) or (1, 1)
    return fault_of_size(width, height)


def broken(found: str) -> AttachmentFault:
    """The fault of a file that cannot be opened."""
    return AttachmentFault("E-IMG-BROKEN", {"found": found})


def fault_of_size(width: int, height: int) -> AttachmentFault | None:
    """The fault of a photo with more pixels than are decoded, or of a shape that no camera makes, or None."""
    size = {"width": width, "height": height}
    if width * height > MOST_PIXELS:
        return AttachmentFault("E-IMG-BOMB", {"limit": MOST_PIXELS // 10_000, **size})
    if max(width, height) > MOST_RATIO * min(width, height):
        return AttachmentFault("E-IMG-RATIO", {"limit": MOST_RATIO, **size})
    return None


def dimensions(head: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as a JPEG or PNG states them, or None where `head` does not reach that far."""
    if not head.startswith(PNG):
        return _jpeg_dimensions(head)
    if len(head) < 24 or head[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def _jpeg_dimensions(head: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if marker in _SIZES:
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        if marker in (_END, _SCAN):
            return None
        # A marker may be padded with any number of bytes 0xFF before it.
        at += 1 if marker == 0xFF else 2 + int.from_bytes(head[at + 2 : at + 4])
    return None


def _content(head: bytes) -> str:
    plain = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    found = (name for at, mark, name in _KNOWN if plain.startswith(mark, at))
    return next(found, "不是照片也不是 PDF")
