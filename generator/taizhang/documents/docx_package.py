"""A DOCX as one file: the same bytes for the same text, whenever and wherever it is packed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from functools import cache
from xml.sax.saxutils import escape

from taizhang.documents.docx_parts import Xml, w
from taizhang.documents.docx_styles import settings, styles

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = "application/vnd.openxmlformats-"
_NAMESPACES = {
    "xmlns:w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "xmlns:r": _OFFICE,
    "xmlns:v": "urn:schemas-microsoft-com:vml",
    "xmlns:o": "urn:schemas-microsoft-com:office:office",
}
_ROOTS = {"header": "hdr", "footer": "ftr"}


class Package:
    """A DOCX in the making: its title, and the headers and footers to which its sections refer."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._running: list[tuple[str, str, Xml]] = []

    def reference(self, kind: str, pages: str, content: Xml) -> Xml:
        """A section's reference to a new `header` or `footer`, for the pages `default` (odd) or `even`."""
        number = 1 + sum(kind == other for other, *_ in self._running)
        self._running.append((kind, f"{kind}{number}.xml", content))
        return w(f"{kind}Reference", type=pages, **{"r:id": f"rId{len(self._running)}"})

    def packed(self, body: Xml) -> bytes:
        """The bytes of the file."""
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
            for name, xml in self._parts(body):
                entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
                entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
                package.writestr(entry, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}')
        return file.getvalue()

    def _parts(self, body: Xml) -> Iterator[tuple[str, str]]:
        running = [(kind, name) for kind, name, _ in self._running]
        word = [*running, ("styles", "styles.xml"), ("settings", "settings.xml")]
        yield "[Content_Types].xml", _types([("document.main", "document.xml"), *word])
        yield (
            "_rels/.rels",
            _relationships(
                (f"{_OFFICE}/officeDocument", "word/document.xml"),
                (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ),
        )
        yield "docProps/core.xml", _properties(self.title)
        yield "word/document.xml", w("document", w("body", body), **_NAMESPACES)
        yield "word/_rels/document.xml.rels", _relationships(*((f"{_OFFICE}/{kind}", name) for kind, name in word))
        yield from _unchanging()
        for kind, name, xml in self._running:
            yield f"word/{name}", w(_ROOTS[kind], xml, **_NAMESPACES)


@cache
def _unchanging() -> tuple[tuple[str, str], ...]:
    return (
        ("word/styles.xml", w("styles", styles(), **_NAMESPACES)),
        ("word/settings.xml", w("settings", settings(), **_NAMESPACES)),
    )


def _types(word: list[tuple[str, str]]) -> str:
    parts = (
        f'<Override PartName="/word/{name}" ContentType="{_CONTENT}officedocument.wordprocessingml.{kind}+xml"/>'
        for kind, name in word
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{_CONTENT}package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{_CONTENT}package.core-properties+xml"/>'
        f"{''.join(parts)}</Types>"
    )


def _relationships(*targets: tuple[str, str]) -> str:
    lines = (
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{name}"/>'
        for number, (kind, name) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _properties(title: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:language>zh-CN</dc:language></cp:coreProperties>"
    )
