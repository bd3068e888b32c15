"""The frame of a DOCX in the layout of GB/T 9704-2012: page, grid, styles, settings, and the packing into bytes.

Fonts are declared by name only. They belong to the offices that licensed them; a machine without them shows others.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.rel import Relationships
from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import oxml_parser
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Length, Mm, Twips

TITLE_FONT, FANG, KAI, HEI, SONG = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"

PAPER = (Mm(210), Mm(297))
MARGINS = {"top": Twips(2098), "bottom": Twips(1984), "left": Twips(1587), "right": Twips(1474)}
"""天头 37 mm, 下白边 35 mm, 订口 28 mm, 右白边 26 mm: a 版心 of 156 × 225 mm."""

BODY_SIZE = 16
"""三号, in pt: the size of the body, and of a cell of the grid."""

LINE_PITCH, CHAR_SPACE = 579, -848
"""The grid of 22 lines (28.95 pt, in twentieths) of 28 characters (16 pt less 848/4096, for 28 × 16 pt is too wide)."""

CHARACTER = (BODY_SIZE + CHAR_SPACE / 4096) * 20
"""The width of a character in the grid, in twips."""

SQUEEZE = -5
"""Taken from every letter of that size, in twips, so that 28 of them fill a line in every program. Word squeezes them
by the grid as well, and a full line comes out the same. LibreOffice cannot set text on a grid narrower than its
letters, so paragraphs keep the grid's pitches by themselves instead of snapping to it."""

HEADER_AT, HEADER_AT_SIDEWAYS, FOOTER_AT = Mm(20), Mm(13), Twips(1450)
"""From the edge of the page, whose upper margin is smaller where it lies sideways. The footer's line is 14 pt high, so
that its dashes lie 7 mm below the 版心."""


def w(tag: str, /, *children: BaseOxmlElement, **attributes: object) -> BaseOxmlElement:
    """An element of WordprocessingML with its attributes and children."""
    given = {_named(name): str(value) for name, value in attributes.items()}
    node: BaseOxmlElement = oxml_parser.makeelement(_named(tag), given, _NAMESPACE)
    node.extend(children)
    return node


@cache
def _named(name: str) -> str:
    return qn(f"w:{name}")


_NAMESPACE = {"w": nsmap["w"]}


def fonts(name: str) -> BaseOxmlElement:
    """One family for every script: WPS sets Chinese in the Latin family where only eastAsia names another."""
    return w("rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=name)


def sizes(points: float) -> tuple[BaseOxmlElement, ...]:
    """The size of letters, for every script."""
    return w("sz", val=round(points * 2)), w("szCs", val=round(points * 2))


def letters(font: str, points: float) -> BaseOxmlElement:
    """Run properties: the font and its size, and for the size of the grid the squeeze into its cells."""
    squeeze = [w("spacing", val=SQUEEZE)] if points == BODY_SIZE else []
    return w("rPr", fonts(font), *squeeze, *sizes(points))


def paragraph(style: str, *runs: str | BaseOxmlElement, **properties: BaseOxmlElement) -> BaseOxmlElement:
    """A paragraph of a style. A run given as text takes the style's letters; `properties` go beside the style."""
    own = [properties[name] for name in ("rule", "tabs", "spacing", "ind", "jc") if name in properties]
    inner = [run(part) if isinstance(part, str) else part for part in runs if part != ""]
    return w("p", w("pPr", w("pStyle", val=style), *own), *inner)


def run(text: str, *properties: BaseOxmlElement) -> BaseOxmlElement:
    """A run of text. Whatever the text holds stays text: it is set as such and never parsed."""
    node: Any = w("r", *([w("rPr", *properties)] if properties else []))
    node.text = text
    return node  # type: ignore[no-any-return]


def characters(text: str) -> float:
    """How wide a text is, in characters of the grid: letters and digits are half as wide as Chinese."""
    return sum(1 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


class Style(NamedTuple):
    """A paragraph style. Size in pt, indents in characters of the grid, `line` in twips (exact)."""

    id: str
    name: str
    font: str = FANG
    size: float = BODY_SIZE
    align: str = "left"
    indent: int = 0
    line: int = LINE_PITCH
    outline: int | None = None
    with_next: bool = False

    def element(self) -> BaseOxmlElement:
        parts = [w("name", val=self.name), w("basedOn", val="Normal"), w("qFormat")]
        own = {} if self.name.isascii() else {"customStyle": 1}
        parts += [self._paragraph(), letters(self.font, self.size)]
        return w("style", *parts, type="paragraph", styleId=self.id, **own)

    def _paragraph(self) -> BaseOxmlElement:
        parts = [w("keepNext")] if self.with_next else []
        parts.append(w("spacing", line=self.line, lineRule="exact"))
        if self.indent:
            parts.append(w("ind", firstLineChars=self.indent * 100, firstLine=round(self.indent * CHARACTER)))
        parts.append(w("jc", val=self.align))
        parts += [] if self.outline is None else [w("outlineLvl", val=self.outline)]
        return w("pPr", *parts)


STYLES = (
    Style("Title", "Title", TITLE_FONT, 22, "center", with_next=True),
    Style("Number", "发文字号", align="center"),
    Style("Addressee", "主送机关"),
    Style("BodyText", "Body Text", align="both", indent=2),
    Style("Heading1", "heading 1", HEI, indent=2, outline=0, with_next=True),
    Style("Heading2", "heading 2", KAI, indent=2, outline=1, with_next=True),
    Style("Heading3", "heading 3", indent=2, outline=2, with_next=True),
    Style("Heading4", "heading 4", indent=2, outline=3, with_next=True),
    Style("FormLine", "表上文字"),
    Style("Attachments", "附件说明"),
    Style("Signature", "Signature", align="right", with_next=True),
    Style("Date", "Date", align="right"),
    Style("Note", "附注", indent=2),
    Style("AnnexLabel", "附件标号", HEI),
    Style("Cell", "表格文字", size=14, line=440),
    Style("Imprint", "版记", size=14, line=440),
    Style("Header", "header", HEI, 12, "center", line=280),
    Style("Footer", "footer", SONG, 14, line=280),
)


def new_document(name: str) -> Document:
    """An empty document with this layout's page, grid and styles, and nothing of the library's own template."""
    document = docx.Document()
    _strip(document)
    _styles(document)
    _settings(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments, properties.language = name, "", "", "zh-CN"
    for dated in properties._element.xpath("dcterms:created | dcterms:modified"):
        dated.getparent().remove(dated)
    lay_out(document.sections[0])
    return document


def lay_out(section: Section, landscape: bool = False) -> None:
    """The page of a section. Turned sideways, the margins turn with it: 天头 stays the upright page's."""
    width, height = PAPER
    section.page_width, section.page_height = (height, width) if landscape else (width, height)
    edges = ("right", "left", "top", "bottom") if landscape else ("top", "bottom", "left", "right")
    for edge, value in zip(edges, MARGINS.values(), strict=True):
        setattr(section, f"{edge}_margin", value)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.header_distance = HEADER_AT_SIDEWAYS if landscape else HEADER_AT
    section.footer_distance, section.gutter = FOOTER_AT, Length(0)
    (grid,) = section._sectPr.xpath("w:docGrid")
    section._sectPr.replace(grid, w("docGrid", type="linesAndChars", linePitch=LINE_PITCH, charSpace=CHAR_SPACE))


def _strip(document: Document) -> None:
    """Leave out what the library's template carries beside the text: a picture, a second set of styles, old dates."""
    _drop(document.part.rels, {RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.SETTINGS})
    package = document.part.package
    if package:
        _drop(package.rels, {RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES})


def _drop(relations: Relationships, keep: Iterable[str]) -> None:
    for key in [key for key, relation in relations.items() if relation.reltype not in keep]:
        del relations[key]


def _styles(document: Document) -> None:
    styles = document.styles.element
    for child in list(styles):
        styles.remove(child)
    language = w("lang", val="en-US", eastAsia="zh-CN")
    plain = letters(FANG, BODY_SIZE)
    plain.append(language)
    normal = w(
        "pPr",
        # Lines that Word moves to keep paragraphs together would break the page's 22 lines; and the space it
        # puts between Chinese and digits would break the line's 28 characters.
        w("widowControl", val=0),
        w("autoSpaceDE", val=0),
        w("autoSpaceDN", val=0),
        w("snapToGrid", val=0),
        w("spacing", before=0, after=0, line=LINE_PITCH, lineRule="exact"),
    )
    styles.append(w("docDefaults", w("rPrDefault", plain), w("pPrDefault", w("pPr"))))
    styles.append(_default("paragraph", "Normal", normal, letters(FANG, BODY_SIZE)))
    styles.append(_default("character", "Default Paragraph Font"))
    margins = w("tblCellMar", w("left", w=80, type="dxa"), w("right", w=80, type="dxa"))
    styles.append(_default("table", "Normal Table", w("tblPr", margins)))
    styles.extend(style.element() for style in STYLES)
    styles.append(
        w("style", w("name", val="楷体"), w("rPr", fonts(KAI)), type="character", styleId="Kai", customStyle=1)
    )


def _default(kind: str, name: str, *properties: BaseOxmlElement) -> BaseOxmlElement:
    attributes = {"type": kind, "default": 1, "styleId": name.replace(" ", "")}
    return w("style", w("name", val=name), *properties, **attributes)


def _settings(document: Document) -> None:
    settings = document.settings
    settings.odd_and_even_pages_header_footer = True
    wanted: dict[str, dict[str, Any]] = {
        "w:characterSpacingControl": {"val": "compressPunctuation"},
        "w:themeFontLang": {"val": "en-US", "eastAsia": "zh-CN"},
        "w:zoom": {"percent": 100},
        "w:compat/w:compatSetting[@w:name='compatibilityMode']": {"val": 15},
    }
    for path, attributes in wanted.items():
        for node in settings.element.xpath(path):
            for name, value in attributes.items():
                node.set(qn(f"w:{name}"), str(value))
    for path in ("w:rsids", "w:savePreviewPicture", "w:shapeDefaults", "w:clrSchemeMapping"):
        for node in settings.element.xpath(path):
            settings.element.remove(node)


def pack(document: Document) -> bytes:
    """The document's bytes: the same for the same text, whenever and wherever they are made."""
    draft, packed = io.BytesIO(), io.BytesIO()
    document.save(draft)
    with zipfile.ZipFile(draft) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name, raw in _parts(parts):
            # Stored, not deflated: compressors differ from machine to machine.
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o600 << 16
            package.writestr(entry, raw)
    return packed.getvalue()


def _parts(package: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    for name in package.namelist():
        yield name, package.read(name)
