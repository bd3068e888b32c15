"""The styles and settings of an official document as DOCX."""

from __future__ import annotations

from typing import NamedTuple

from taizhang.documents.docx_parts import (
    BODY_SIZE,
    CHARACTER,
    FANG,
    HEI,
    KAI,
    LINE_PITCH,
    SONG,
    SQUEEZE,
    TITLE_FONT,
    Xml,
    fonts,
    sizes,
    w,
)


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

    @property
    def xml(self) -> Xml:
        """The style as markup."""
        own = {} if self.name.isascii() else {"customStyle": 1}
        parts = w("name", val=self.name), w("basedOn", val="Normal"), w("qFormat")
        letters = w("rPr", _letters(self.font, self.size))
        return w("style", *parts, self._paragraph(), letters, type="paragraph", styleId=self.id, **own)

    def _paragraph(self) -> Xml:
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


def _letters(font: str, points: float) -> Xml:
    """The font and its size, and for the size of the grid the squeeze into its cells."""
    squeeze = w("spacing", val=SQUEEZE) if points == BODY_SIZE else ""
    return Xml(fonts(font) + squeeze + sizes(points))


def styles() -> Xml:
    """All styles: what holds everywhere, those of the standard's parts, and the letters of a lead."""
    plain = _letters(FANG, BODY_SIZE)
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
    language = w("lang", val="en-US", eastAsia="zh-CN")
    margins = w("tblCellMar", w("left", w=80, type="dxa"), w("right", w=80, type="dxa"))
    return Xml(
        w("docDefaults", w("rPrDefault", w("rPr", plain, language)), w("pPrDefault", w("pPr")))
        + _default("paragraph", "Normal", normal, w("rPr", plain))
        + _default("character", "Default Paragraph Font")
        + _default("table", "Normal Table", w("tblPr", margins))
        + "".join(style.xml for style in STYLES)
        + w("style", w("name", val="楷体"), w("rPr", fonts(KAI)), type="character", styleId="Kai", customStyle=1)
    )


def _default(kind: str, name: str, *properties: Xml) -> Xml:
    attributes = {"type": kind, "default": 1, "styleId": name.replace(" ", "")}
    return w("style", w("name", val=name), *properties, **attributes)


def settings() -> Xml:
    """The settings: odd and even pages differ, and Word lays out as Word 2013 and later do."""
    modes = {
        "compatibilityMode": 15,
        "overrideTableStyleFontSizeAndJustification": 1,
        "enableOpenTypeFeatures": 1,
        "doNotFlipMirrorIndents": 1,
    }
    word = "http://schemas.microsoft.com/office/word"
    return Xml(
        w("zoom", percent=100)
        + w("defaultTabStop", val=720)
        + w("evenAndOddHeaders")
        + w("characterSpacingControl", val="compressPunctuation")
        + w(
            "compat",
            w("useFELayout"),
            *(w("compatSetting", name=name, uri=word, val=value) for name, value in modes.items()),
        )
        + w("themeFontLang", val="en-US", eastAsia="zh-CN")
        + w("decimalSymbol", val=".")
        + w("listSeparator", val=",")
    )
