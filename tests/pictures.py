"""Photos for tests: sound ones, and every kind of harm that hides in one, made byte by byte where no library would."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from PIL import Image, PngImagePlugin

Pixels = tuple[int, int, int]
RED, GREEN, BLUE, GREY = (200, 30, 30), (30, 160, 60), (30, 60, 200), (128, 128, 128)

GPS = "38.1234N"
MARKERS = (
    "zc-exif-cz",
    "zc-xmp-cz",
    "zc-comment-cz",
    "zc-icc-cz",
    "zc-tail-cz",
    "zc-zip-cz",
    "zc-text-cz",
    "zc-own-cz",
)
"""What is planted in photos, each in a place of its own. None of it may be published."""


def scene(width: int = 64, height: int = 48) -> Image.Image:
    """Four quarters of different colours, so that turning it can be seen: red and green above blue and grey."""
    image = Image.new("RGB", (width, height))
    for colour, x, y in ((RED, 0, 0), (GREEN, 1, 0), (BLUE, 0, 1), (GREY, 1, 1)):
        image.paste(colour, (x * width // 2, y * height // 2, (x + 1) * width // 2, (y + 1) * height // 2))
    return image


def jpeg(image: Image.Image | None = None, **options: object) -> bytes:
    return saved(image or scene(), "JPEG", quality=92, **options)


def png(image: Image.Image | None = None, **options: object) -> bytes:
    return saved(image or scene(), "PNG", **options)


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    output = io.BytesIO()
    image.save(output, form, **options)
    return output.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """What a phone writes: its maker, here with a mark, the place, and how it was held."""
    notes = Image.Exif()
    notes[0x010F] = MARKERS[0]
    notes[0x0112] = orientation
    notes.get_ifd(0x8825)[1] = "N"
    notes.get_ifd(0x8825)[2] = (38.0, 7.0, 24.24)
    notes.get_ifd(0x8825)[29] = GPS
    return notes


def segment(marker: int, data: bytes) -> bytes:
    """One segment of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def zipped() -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("index.html", MARKERS[5])
    return output.getvalue()


def marked_jpeg() -> bytes:
    """A JPEG with a mark in every place that a JPEG has: notes, comment, profile, own segment, and behind its end."""
    profile = bytes(128) + MARKERS[3].encode()
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x>" + MARKERS[1].encode() + b"</x>"
    raw = jpeg(exif=exif(), comment=MARKERS[2].encode(), icc_profile=profile)
    extra = segment(0xE1, xmp) + segment(0xEB, MARKERS[7].encode())
    return raw[:2] + extra + raw[2:] + f"<script>{MARKERS[4]}</script>".encode() + zipped()


def marked_png() -> bytes:
    """A PNG with a mark in texts, profile, notes, a chunk of its own, and behind its end."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", MARKERS[6])
    texts.add_itxt("XML:com.adobe.xmp", f"<x>{MARKERS[1]}</x>")
    raw = png(pnginfo=texts, exif=exif(), icc_profile=bytes(128) + MARKERS[3].encode())
    return raw[:-12] + chunk(b"prVt", MARKERS[7].encode()) + raw[-12:] + MARKERS[4].encode() + zipped()


def blank_png(width: int, height: int, before: bytes = b"") -> bytes:
    """A black-and-white PNG of nothing, a few kB for any size."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return png_of(width, height, before, rows)


def png_of(width: int, height: int, before: bytes, rows: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + before + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A small PNG whose text unpacks to 200 MB."""
    packer = zlib.compressobj(9)
    megabyte = bytes(2**20)
    packed = b"".join(packer.compress(megabyte) for _ in range(200)) + packer.flush()
    return blank_png(8, 8, chunk(b"zTXt", b"Comment\0\0" + packed))


def huge_jpeg(width: int, height: int, before: bytes = b"") -> bytes:
    """A JPEG that says it is large; `before` stands in front of where it says so."""
    raw = jpeg()
    at = raw.index(b"\xff\xc0")
    return raw[:2] + before + raw[2 : at + 5] + struct.pack(">HH", height, width) + raw[at + 9 :]


def frames(form: str) -> bytes:
    return saved(scene(), form, save_all=True, append_images=[scene().rotate(180)])


def deep() -> bytes:
    """A PNG of 16 bits, grey, from dark to light."""
    line = b"".join((1024 * x).to_bytes(2, "little") for x in range(64))
    image = Image.frombytes("I;16", (64, 48), line * 48)
    return png(image)


SOUND: Mapping[str, Callable[[], bytes]] = {
    "129-zip-behind-jpeg": lambda: jpeg() + zipped(),
    "129-zip-behind-png": lambda: png() + zipped(),
    "130-gps": lambda: jpeg(exif=exif()),
    "131-comment": lambda: jpeg(comment="电话 138 0000 0000"),
    "132-turned": lambda: jpeg(scene().transpose(Image.Transpose.ROTATE_90), exif=exif(6)),
    "marked-jpeg": marked_jpeg,
    "marked-png": marked_png,
    "odd-notes": lambda: jpeg(exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"),
    "cmyk": lambda: jpeg(scene().convert("CMYK")),
    "grey": lambda: jpeg(scene().convert("L")),
    "progressive": lambda: jpeg(progressive=True),
    "palette": lambda: png(scene().quantize(16)),
    "sixteen-bits": deep,
    "transparent": lambda: png(Image.new("RGBA", (64, 48), (255, 0, 0, 0))),
    "forty-megapixels": lambda: blank_png(8_000, 5_000),
    "one-pixel": lambda: png(Image.new("RGB", (1, 1))),
    "a-line": lambda: blank_png(10_000, 500),
}
"""Photos that are published, cleaned."""
