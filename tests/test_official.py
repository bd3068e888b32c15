"""Official documents as DOCX: opened again and measured against GB/T 9704-2012."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm, Pt, Twips
from docx.text.paragraph import Paragraph
from lxml import etree

from taizhang.documents.docx_layout import as_docx
from taizhang.documents.official import (
    Addressee,
    Align,
    Annex,
    Attachments,
    Block,
    Body,
    Cell,
    Heading,
    Imprint,
    Line,
    Note,
    Number,
    OfficialDocument,
    Row,
    Signature,
    Table,
    Title,
    columns,
    numbered,
)

DAY = date(2026, 11, 23)
EVERYTHING = OfficialDocument(
    "通报",
    (
        Title("关于全系统重大事故隐患\n专项排查整治情况的通报"),
        Number("〔2026〕　号"),
        Addressee("各医疗卫生单位："),
        Body("现将有关情况通报如下。\n第二段。"),
        Heading("一、总体情况"),
        Heading("（一）排查整治情况", 2),
        Heading("1.自查", 3),
        Heading("（1）重大隐患", 4),
        Body("应报30家。", lead="（二）报送情况。"),
        Line("单位：项"),
        columns(["序号", "单位"], [["1", "甲"], ["2", "乙"]], [1, 3]),
        Table((1, 2), (Row((Cell("意见", align=Align.CENTRE), Cell("同意", foot="（盖章）\n年　月　日")), height=30),)),
        Attachments(("统计表", "清单")),
        Signature("示例旗卫生健康委员会", DAY),
        Note("此件公开发布"),
        Annex("附件1", "统计表", landscape=True),
        columns(["序号"], [["1"]], [1]),
        Annex("附件2", "清单"),
        Body("无。"),
        Imprint("旗安委会办公室", "旗卫健委办公室", "2026年11月23日"),
    ),
    header="草稿",
)


def opened(*blocks: Block) -> Document:
    document = OfficialDocument("试", blocks) if blocks else EVERYTHING
    return docx.Document(io.BytesIO(as_docx(document)))


@pytest.fixture(scope="module")
def everything() -> Document:
    return opened()


def holding(document: Document, text: str) -> Paragraph:
    """The one paragraph of the body that is exactly this text."""
    (found,) = [p for p in document.paragraphs if p.text == text]
    return found


def font_of(paragraph: Paragraph) -> tuple[set[str], float]:
    """The families and the size in pt that a paragraph's style sets, for every script."""
    assert paragraph.style
    properties = paragraph.style.element.find(qn("w:rPr"))
    declared = properties.find(qn("w:rFonts"))
    sizes = {properties.find(qn(tag)).get(qn("w:val")) for tag in ("w:sz", "w:szCs")}
    assert len(sizes) == 1
    families = {declared.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")}
    return families, int(sizes.pop()) / 2


def indent(paragraph: Paragraph, edge: str) -> int:
    """An indent in hundredths of a character; 0 where there is none."""
    found = paragraph._p.xpath(f"w:pPr/w:ind/@w:{edge}Chars")
    return int(found[0]) if found else 0


def grid(section: Section) -> dict[str, str]:
    (found,) = section._sectPr.xpath("w:docGrid")
    return {re.sub(r"\{.*\}", "", name): value for name, value in found.attrib.items()}


# The page, domain table: A4, 37/28 mm, 版心 156 × 225 mm, 22 lines of 28 characters.


def test_the_page_is_a4_with_the_margins_of_the_standard(everything: Document) -> None:
    section = everything.sections[0]
    assert (section.page_width, section.page_height) == (Twips(11906), Twips(16838))
    margins = section.top_margin, section.bottom_margin, section.left_margin, section.right_margin
    assert margins == (Twips(2098), Twips(1984), Twips(1587), Twips(1474))
    for margin, millimetres in zip(margins, (37, 35, 28, 26), strict=True):
        assert margin is not None
        assert abs(margin - Mm(millimetres)) < Mm(0.1)


def test_the_grid_holds_22_lines_of_28_characters(everything: Document) -> None:
    section = everything.sections[0]
    assert grid(section) == {"type": "linesAndChars", "linePitch": "579", "charSpace": "-848"}
    width = section.page_width - section.left_margin - section.right_margin  # type: ignore[operator]
    height = section.page_height - section.top_margin - section.bottom_margin  # type: ignore[operator]
    pitch = Pt(16 - 848 / 4096)
    assert 28 * pitch <= width < 28.1 * pitch
    assert 22 <= height / Pt(579 / 20) < 22.1


def test_28_letters_fit_a_line_also_where_the_grid_is_not_used(everything: Document) -> None:
    body = holding(everything, "现将有关情况通报如下。").style
    assert body
    (squeeze,) = body.element.xpath("w:rPr/w:spacing/@w:val")
    assert 28 * (16 * 20 + int(squeeze)) <= 8845 < 29 * (16 * 20 + int(squeeze))


@pytest.mark.parametrize(
    ("text", "family", "size"),
    [
        ("关于全系统重大事故隐患", "方正小标宋简体", 22),
        ("专项排查整治情况的通报", "方正小标宋简体", 22),
        ("〔2026〕　号", "仿宋_GB2312", 16),
        ("各医疗卫生单位：", "仿宋_GB2312", 16),
        ("现将有关情况通报如下。", "仿宋_GB2312", 16),
        ("一、总体情况", "黑体", 16),
        ("（一）排查整治情况", "楷体_GB2312", 16),
        ("1.自查", "仿宋_GB2312", 16),
        ("（1）重大隐患", "仿宋_GB2312", 16),
        ("附件：1.统计表", "仿宋_GB2312", 16),
        ("示例旗卫生健康委员会", "仿宋_GB2312", 16),
        ("2026年11月23日", "仿宋_GB2312", 16),
        ("（此件公开发布）", "仿宋_GB2312", 16),
        ("附件1", "黑体", 16),
    ],
)
def test_every_part_has_its_font_in_every_script_and_its_size(
    everything: Document, text: str, family: str, size: float
) -> None:
    found = holding(everything, text)
    assert font_of(found) == ({family}, size)
    assert found.style
    spacing = found.style.element.xpath("w:pPr/w:spacing")[0]
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("579", "exact")


def test_paragraphs_are_indented_by_two_characters_and_keep_their_lines(everything: Document) -> None:
    first, second = holding(everything, "现将有关情况通报如下。"), holding(everything, "第二段。")
    for found in (first, second):
        assert found.style
        assert found.style.element.xpath("w:pPr/w:ind/@w:firstLineChars") == ["200"]
    assert holding(everything, "各医疗卫生单位：").style.element.xpath("w:pPr/w:ind") == []  # type: ignore[union-attr]


def test_a_lead_runs_on_in_kai(everything: Document) -> None:
    lead, rest = holding(everything, "（二）报送情况。应报30家。").runs
    assert lead.style.element.xpath("w:rPr/w:rFonts/@w:eastAsia") == ["楷体_GB2312"]
    assert rest.style.name == "Default Paragraph Font"


def test_blank_lines_stand_where_the_standard_wants_them(everything: Document) -> None:
    texts = [p.text for p in everything.paragraphs]
    for text in ("各医疗卫生单位：", "附件：1.统计表", "示例旗卫生健康委员会"):
        assert texts[texts.index(text) - 1] == ""
    assert texts[texts.index("（此件公开发布）") - 1] == "2026年11月23日"


def test_page_numbers_stand_outside_and_are_fields(everything: Document) -> None:
    section = everything.sections[0]
    assert everything.settings.odd_and_even_pages_header_footer
    for footer, side, edge in ((section.footer, "right", "right"), (section.even_page_footer, "left", "left")):
        (number,) = footer.paragraphs
        assert re.fullmatch(r"— \d* ?—|— 1 —", _all_text(number._p))
        assert number._p.xpath("w:fldSimple/@w:instr") == [" PAGE "]
        assert number._p.xpath("w:pPr/w:jc/@w:val") == [side]
        assert indent(number, edge) == 100
        assert font_of(number) == ({"宋体"}, 14)


def test_the_dash_of_the_page_number_lies_7_mm_below_the_type_area(everything: Document) -> None:
    section = everything.sections[0]
    assert section.bottom_margin
    assert section.footer_distance
    top_of_line = section.bottom_margin - section.footer_distance - Pt(14)
    assert abs(top_of_line + Pt(7) - Mm(7)) < Mm(0.2)  # a dash lies in the middle of its line


def _all_text(element: BaseOxmlElement) -> str:
    return "".join(node.text or "" for node in element.iter(qn("w:t")))


def test_the_header_stands_on_odd_and_even_pages(everything: Document) -> None:
    section = everything.sections[0]
    assert section.header.paragraphs[0].text == section.even_page_header.paragraphs[0].text == "草稿"
    assert all(later.header.is_linked_to_previous for later in list(everything.sections)[1:])


def test_tables_fill_the_type_area_and_repeat_their_heads(everything: Document) -> None:
    listed, form = everything.tables[:2]
    for table in (listed, form):
        widths = [int(value) for value in table._tbl.xpath("w:tblGrid/w:gridCol/@w:w")]
        assert abs(sum(widths) - 8845) <= len(widths)
        assert table._tbl.xpath("w:tblPr/w:tblBorders/*/@w:sz") == ["4"] * 6
    assert len(listed._tbl.xpath("w:tr[1]/w:trPr/w:tblHeader")) == 1
    assert listed._tbl.xpath("w:tr[2]/w:trPr/w:tblHeader") == []
    assert listed.cell(0, 0).paragraphs[0].runs[0]._r.xpath("w:rPr/w:rFonts/@w:eastAsia") == ["黑体"]
    assert form._tbl.xpath("w:tr/w:trPr/w:trHeight/@w:val") == [str(round(30 * 1440 / 25.4))]
    opinion = form.cell(0, 1).paragraphs
    assert [p.text for p in opinion] == ["同意", "", "（盖章）", "年　月　日"]
    assert opinion[-1]._p.xpath("w:pPr/w:jc/@w:val") == ["right"]


def test_the_attachments_hang_below_each_other(everything: Document) -> None:
    first, second = holding(everything, "附件：1.统计表"), holding(everything, "2.清单")
    assert indent(first, "left") == indent(second, "left") == 200 + 300 + 100
    assert (indent(first, "hanging"), indent(second, "hanging")) == (400, 100)


def test_one_attachment_has_no_number() -> None:
    assert holding(opened(Body("正文。"), Attachments(("统计表",))), "附件：统计表")


@pytest.mark.parametrize(
    ("name", "name_right", "day_right"),
    [
        ("示例旗卫生健康委员会", 2.25, 4),  # 10 characters over 6.5 (2023年6月14日), centred on each other
        ("示例局", 5.75, 4),
        ("示例旗例城镇东苑社区卫生服务中心", 2, 6.75),  # too long to stand centred at four characters
    ],
)
def test_the_signature_leaves_room_for_the_seal(name: str, name_right: float, day_right: float) -> None:
    document = opened(Body("正文。"), Signature(name, date(2023, 6, 14)))
    signed, dated = holding(document, name), holding(document, "2023年6月14日")
    assert (indent(signed, "right") / 100, indent(dated, "right") / 100) == (name_right, day_right)


@pytest.mark.parametrize(("name", "name_right", "day_right"), [("示例旗卫生健康委员会", 2, 3.5), ("示例局", 7.5, 2)])
def test_a_signature_without_seal_has_the_day_two_characters_in(name: str, name_right: float, day_right: float) -> None:
    document = opened(Body("正文。"), Signature(name, date(2023, 6, 14), seal=False))
    signed, dated = holding(document, name), holding(document, "2023年6月14日")
    assert (indent(signed, "right") / 100, indent(dated, "right") / 100) == (name_right, day_right)


def test_a_signature_never_stands_on_a_page_without_text(everything: Document) -> None:
    texts = [p.text for p in everything.paragraphs]
    signed = texts.index("示例旗卫生健康委员会")
    for above in everything.paragraphs[signed - 2 : signed]:
        assert above._p.xpath("w:pPr/w:keepNext")
    assert everything.paragraphs[signed].style.element.xpath("w:pPr/w:keepNext")  # type: ignore[union-attr]


def test_an_annex_starts_a_page_and_may_lie_sideways(everything: Document) -> None:
    upright, sideways, last = everything.sections
    assert [s.orientation for s in (upright, sideways, last)] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]
    assert (sideways.page_width, sideways.page_height) == (Twips(16838), Twips(11906))
    assert (sideways.top_margin, sideways.right_margin) == (upright.left_margin, upright.top_margin)
    assert grid(sideways) == grid(upright)


def test_the_imprint_ends_on_the_lower_edge_of_the_type_area(everything: Document) -> None:
    imprint = everything.tables[-1]._tbl
    (top,) = imprint.xpath("w:tblPr/w:tblpPr/@w:tblpY")
    assert int(top) + 2 * 440 == 16838 - 1984
    assert imprint.xpath("w:tblPr/w:tblBorders/*/@w:sz") == ["8", "8", "6"]  # 0.35 mm outside, 0.25 mm inside
    assert everything.tables[-1].cell(0, 0).text == "抄送：旗安委会办公室。"
    assert everything.tables[-1].cell(1, 0).text == "旗卫健委办公室\t2026年11月23日印发"


# The bytes: the same whenever they are made, nothing in them that was not put there.


def parts(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_the_same_document_is_the_same_bytes_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = as_docx(EVERYTHING)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2_000_000_000))
    assert as_docx(EVERYTHING) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.create_system for entry in package.infolist()} == {3}


def test_a_document_is_packed_tightly_and_can_be_read() -> None:
    raw = as_docx(OfficialDocument("表", (columns(["序号", "单位"], [[str(n), "甲"] for n in range(200)], [1, 3]),)))
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        assert package.testzip() is None
        assert {entry.compress_type for entry in package.infolist()} == {zipfile.ZIP_DEFLATED}
    assert len(raw) < sum(map(len, parts(raw).values())) / 10


def test_every_part_is_whole_markup_and_declared_and_every_reference_leads_to_a_part() -> None:
    inside = parts(as_docx(EVERYTHING))
    for name, raw in inside.items():
        assert etree.fromstring(raw) is not None, name
    declared = re.findall(rb'PartName="/([^"]+)"', inside["[Content_Types].xml"])
    assert {name.decode() for name in declared} == {name for name in inside if not name.endswith((".rels", "].xml"))}
    relations = etree.fromstring(inside["word/_rels/document.xml.rels"])
    targets = {relation.get("Id"): f"word/{relation.get('Target')}" for relation in relations}
    assert len(targets) == len(relations)
    assert set(targets.values()) <= set(inside)
    referred = re.findall(rb'<w:(header|footer)Reference w:type="\w+" r:id="(\w+)"', inside["word/document.xml"])
    assert len(referred) == 8  # headers once, numbers for every section that turns the page
    for kind, key in referred:
        assert targets[key.decode()].startswith(f"word/{kind.decode()}")


def test_the_properties_name_no_day_no_author_and_no_program() -> None:
    inside = parts(as_docx(EVERYTHING))
    core = inside["docProps/core.xml"].decode()
    assert "<dc:title>通报</dc:title>" in core
    assert not re.search(r"\d{4}-\d\d-\d\d|python", core)
    assert "docProps/app.xml" not in inside


def test_nothing_is_drawn_and_nothing_is_linked() -> None:
    for name, raw in parts(as_docx(EVERYTHING)).items():
        assert not re.search(rb"<w:(drawing|pict|object)\b|TargetMode=\"External\"", raw), name
        assert not name.startswith("word/media")


def test_styles_keep_the_order_that_the_format_wants() -> None:
    """Word calls a file broken whose properties stand in another order than its schema has them."""
    order = ["pStyle", "keepNext", "widowControl", "tabs", "autoSpaceDE", "autoSpaceDN", "snapToGrid", "spacing"]
    order += ["ind", "jc", "outlineLvl"]
    for found in _properties(b"pPr"):
        assert found == sorted(found, key=order.index)
    for found in _properties(b"rPr"):
        assert found == sorted(found, key=["rStyle", "rFonts", "spacing", "sz", "szCs", "lang"].index)


def _properties(kind: bytes) -> Iterator[list[str]]:
    inside = parts(as_docx(EVERYTHING))
    for name in ("word/document.xml", "word/styles.xml", "word/footer1.xml"):
        for block in re.findall(rb"<w:%b>(.*?)</w:%b>" % (kind, kind), inside[name]):
            children = re.sub(rb"<w:(tabs|sectPr)\b.*?</w:\1>", rb"<w:\1/>", block)
            found = [tag.decode() for tag in re.findall(rb"<w:(\w+)", children)]
            yield [tag for tag in found if tag != "sectPr"]


HOSTILE = [
    "<w:p><w:r><w:t>甲</w:t></w:r></w:p>",
    "]]><!--&amp;&#65;\"'",
    "{unit}{0}%s",
    " 前后有空格 ",
    '=HYPERLINK("x")',
    "\U00020bb7野家",
]


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\ufffe", "\ud800"])
def test_a_character_that_the_format_cannot_hold_is_refused(character: str) -> None:
    with pytest.raises(ValueError, match=f"U\\+{ord(character):04X}"):
        as_docx(OfficialDocument("试", (Number(f"甲{character}乙"),)))


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_text_holds_stays_text(text: str) -> None:
    blocks: tuple[Any, ...] = (Title(text), Body(text), Line(text), columns([text], [[text]], [1]))
    document = opened(*blocks)
    assert [p.text for p in document.paragraphs if p.text] == [text] * 3
    assert [cell.text for row in document.tables[0].rows for cell in row.cells] == [text] * 2


@pytest.mark.parametrize(
    ("index", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")]
)
def test_numbers_of_headings_are_chinese(index: int, word: str) -> None:
    assert numbered(index) == word
