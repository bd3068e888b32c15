"""Formal papers: what each says, what none may say, and the command that drafts them."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import docx
import pytest
from checkout import checkout, taizhang
from docx.document import Document
from support import CAMPAIGN, HAZARD, KINDS, LATER, Tree

from taizhang import papers
from taizhang.documents.docx_layout import as_docx
from taizhang.documents.official import Body, Number, OfficialDocument, Signature, Table
from taizhang.ledger.ledger import Ledger
from taizhang.papers import facts, templates
from taizhang.workspace import Examination

NUMBER = "　　　〔2023〕　号"
INTERNAL = "内部机密"

SUBJECTS = {
    "supervise": "council/2023-001",
    "rectify": "bureau/2023-001",
    "extension": "east-hospital/2023-001",
    "acceptance-request": "east-hospital/2023-002",
    "acceptance": "bureau/2023-001",
    "urge": "west-hospital",
    "contacts": "east-hospital",
}
"""One of each kind in the worked example."""


def worked() -> Tree:
    """A major hazard on its whole way, and a unit that is behind with everything."""
    tree = Tree()
    tree.campaign["contact_bodies"] = ["bureau", "council"]
    tree.add("east-hospital", "hazards", criteria=["standard-2017/7.1"])
    tree.add("bureau", "determinations")
    tree.add("bureau", "orders", basis="《安全生产法》第四十一条。", content="立即拆除锁具")
    supervise = {"order": "supervise", "supervision_level": "county", "dated": "2023-06-07", "filed_on": "2023-06-07"}
    tree.add("council", "orders", **supervise)
    tree.add("east-hospital", "rectifications")
    tree.add("east-hospital", "extensions")
    tree.add("bureau", "extension-decisions")
    done = {"stage": "completed", "filed_on": "2023-09-20", "progress_on": "2023-09-18", "progress": "已全部换装"}
    tree.add("east-hospital", "rectifications", "2023-002", funds_spent=7500, **done)
    tree.add("bureau", "acceptances", filed_on="2023-09-25", accepted_on="2023-09-22")
    tree.add("west-hospital", "hazards", deadline="2023-06-30", title="配电室堆放杂物", claimed_level="general")
    return tree


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return worked().ledger(date(2023, 12, 1))


def draft(ledger: Ledger, kind: str, ref: str | None = None) -> OfficialDocument:
    (subject,) = papers.find(ledger, kind, ref or SUBJECTS[kind])
    return papers.write(ledger, subject).document


def opened(document: OfficialDocument) -> Document:
    return docx.Document(io.BytesIO(as_docx(document)))


def text_of(document: OfficialDocument) -> str:
    """Everything a reader sees, header included, paragraph by paragraph."""
    file = opened(document)
    lines = [file.sections[0].header.paragraphs[0].text]
    for block in file.iter_inner_content():
        if isinstance(block, docx.table.Table):
            lines += ["|".join(dict.fromkeys(cell.text for cell in row.cells)) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def form(document: OfficialDocument) -> dict[str, str]:
    """The forms of a document: label to value."""
    cells = [cell for block in document.blocks if isinstance(block, Table) for row in block.rows for cell in row.cells]
    texts = [re.sub(r"(?<![0-9A-Za-z）])\s(?![0-9A-Za-z])", "", cell.text) for cell in cells]
    return dict(zip(texts[::2], texts[1::2], strict=False))


# Every paper.


@pytest.mark.parametrize("kind", papers.KINDS)
def test_every_paper_is_marked_as_a_draft(ledger: Ledger, kind: str) -> None:
    assert text_of(draft(ledger, kind)).startswith("草稿　未经签发、未编文号、未加盖印章\n")


def test_a_demonstration_says_so_on_every_page() -> None:
    tree = worked()
    tree.campaign["demo"] = True
    assert draft(tree.ledger(), "rectify").header.startswith("演示数据　草稿")


@pytest.mark.parametrize("kind", papers.KINDS)
def test_no_paper_invents_a_number(ledger: Ledger, kind: str) -> None:
    document = draft(ledger, kind)
    numbers = [block.text for block in document.blocks if isinstance(block, Number)]
    assert numbers == ([NUMBER] if papers.KINDS[kind].number else [])
    assert not re.search(r"〕\s*第?[0-9０-９]+\s*号|第\s*[0-9０-９]+\s*号", text_of(document))


@pytest.mark.parametrize(("kind", "org"), [("rectify", "bureau"), ("supervise", "council")])
def test_a_number_under_which_it_was_issued_is_shown(kind: str, org: str) -> None:
    tree = worked()
    path = f"submissions/{CAMPAIGN}/{org}/orders/2023-001.yml"
    tree.files[path] = f"{tree.text(path)}doc_no: 示例卫监字〔2023〕7号\n"
    numbers = [b.text for b in draft(tree.ledger(), kind).blocks if isinstance(b, Number)]
    assert numbers == ["示例卫监字〔2023〕7号"]


@pytest.mark.parametrize("kind", papers.KINDS)
def test_no_paper_shows_what_is_not_public(kind: str) -> None:
    tree = Tree()
    tree.files = {path: _with_secrets(path, raw) for path, raw in worked().files.items()}
    tree.campaign = worked().campaign
    assert INTERNAL not in text_of(draft(tree.ledger(date(2023, 12, 1)), kind))


def _with_secrets(path: str, raw: str | bytes) -> str:
    """The record with every internal text field filled in."""
    kind = KINDS[path.split("/")[3]]
    text = raw.decode() if isinstance(raw, bytes) else raw
    for name, field in kind.schema["properties"].items():
        if field["x-visibility"] == "internal" and field["type"] == "string":
            text = re.sub(rf"^{name}:.*\n", "", text, flags=re.MULTILINE) + f"{name}: {INTERNAL}\n"
    if kind.name == "acceptances":
        text += f"acceptors:\n  - {INTERNAL}\n"
    return text


@pytest.mark.parametrize("kind", papers.KINDS)
def test_the_same_ledger_makes_the_same_bytes(kind: str) -> None:
    first, second = (as_docx(draft(worked().ledger(date(2023, 12, 1)), kind)) for _ in range(2))
    assert first == second


def test_every_fact_that_the_wording_asks_for_is_one_the_ledger_can_give(ledger: Ledger) -> None:
    known = {"overdue_count", "missing_count"}
    for kind in papers.KINDS:
        for subject in papers.choices(ledger, kind):
            known |= set(facts.gather(ledger, subject).facts)
    asked = set(templates.slots(str([templates.TEMPLATES, templates.FORMS])))
    assert asked <= known


def test_every_paper_that_the_sample_allows_can_be_made(sample: Examination) -> None:
    made = dict.fromkeys(papers.KINDS, 0)
    for campaign in sample.verdict.ledgers:
        for kind in papers.KINDS:
            for subject in papers.choices(campaign, kind):
                paper = papers.write(campaign, subject)
                assert all(block.rows for block in paper.document.blocks if isinstance(block, Table))
                made[kind] += 1
    assert all(made.values()), made


HOSTILE = "<w:t>甲</w:t> ]]> &amp; {unit} \"'"


def test_hostile_text_stays_text() -> None:
    tree = worked()
    tree.add("bureau", "orders", "2023-002", content=HOSTILE, basis=HOSTILE)
    tree.files[f"submissions/{CAMPAIGN}/east-hospital/hazards/2023-001.yml"] = tree.text(
        f"submissions/{CAMPAIGN}/east-hospital/hazards/2023-001.yml"
    ).replace("住院部二楼安全出口上锁", f"'{HOSTILE.replace(chr(39), chr(39) * 2)}'")
    text = text_of(draft(tree.ledger(), "rectify", "bureau/2023-002"))
    assert text.count(HOSTILE) == 3


# Each paper.


@pytest.mark.requirement("A54")
def test_listing_names_the_hazard_its_level_and_what_is_asked(ledger: Ledger) -> None:
    document = draft(ledger, "supervise")
    text = text_of(document)
    assert "重大事故隐患挂牌督办通知书\n　　　〔2023〕　号\n" in text
    assert "城东医院：" in text
    assert "实行县级挂牌督办" in text
    assert "督办期限为2023年8月31日（当日24时止）。" in text
    assert "应当在现行整改时限届满至少15个工作日前提出书面申请" in text
    assert form(document)["隐患编号"] == HAZARD
    assert Signature("示例安委办", date(2023, 6, 7)) in document.blocks


def test_a_listing_of_a_whole_unit_needs_no_hazard() -> None:
    tree = worked()
    listed = {"order": "supervise", "supervision_level": "city", "hazard": None}
    tree.add("council", "orders", "2023-002", **listed)
    text = text_of(draft(tree.ledger(), "supervise", "council/2023-002"))
    assert "安全生产挂牌督办通知书" in text
    assert "一、督办要求" in text
    assert "隐患编号" not in text


@pytest.mark.requirement("B37")
def test_an_order_to_rectify_says_what_by_when_and_on_what_basis(ledger: Ledger) -> None:
    document = draft(ledger, "rectify")
    text = text_of(document)
    assert "你单位存在下列重大事故隐患。依据《安全生产法》第四十一条，责令你单位限期整改" in text
    assert "立即拆除锁具。" in text
    assert "请于2023年8月31日24时前整改完毕。" in text
    assert "整改完成前采取防控措施；不能保证安全的，停产整改。" in text
    assert form(document)["判定依据"] == "示例标准（2017） 7.1"
    assert [form(document)[label] for label in ("送达人", "主要负责人签收")] == ["", ""]


def test_a_claim_not_yet_determined_is_not_called_major() -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "orders")
    document = draft(tree.ledger(), "rectify")
    assert "你单位存在下列事故隐患。" in text_of(document)
    assert form(document)["隐患等级"] == "自报重大，待判定"


def test_a_clause_not_held_against_the_original_is_marked() -> None:
    tree = worked()
    tree.criteria["standard-2017"]["clauses"][0]["text_status"] = "unverified"
    assert form(draft(tree.ledger(), "rectify"))["判定依据"] == "示例标准（2017） 7.1（待核对原文）"


def test_an_extension_shows_both_deadlines_the_count_and_the_decision(ledger: Ledger) -> None:
    shown = form(draft(ledger, "extension"))
    assert shown["原定整改时限"] == shown["现行整改时限"] == "2023年8月31日"
    assert (shown["已延期次数"], shown["申请延至"]) == ("0次", "2023年9月30日")
    assert shown["距现行时限"] == "38个工作日（规定不少于15个）"
    assert shown["延期理由"] == "厂家推迟交货，八月底前装不完。"
    assert shown["延期期间的管控措施"] == "专人值守。"
    assert shown["主管部门审批意见"] == "同意延期至2023年9月30日。同意。"


def test_a_second_extension_keeps_the_original_deadline_beside_the_one_in_force() -> None:
    tree = worked()
    again = {"filed_on": "2023-09-15", "applied_on": "2023-09-15", "current_deadline": "2023-09-30"}
    tree.add("east-hospital", "extensions", "2023-002", requested_deadline="2023-10-31", **again)
    shown = form(draft(tree.ledger(), "extension", "east-hospital/2023-002"))
    assert (shown["原定整改时限"], shown["现行整改时限"]) == ("2023年8月31日", "2023年9月30日")
    assert (shown["已延期次数"], shown["主管部门审批意见"]) == ("1次", "")
    assert shown["距现行时限"] == "9个工作日（规定不少于15个，申请迟了）"


def test_before_the_decision_its_place_is_blank(ledger: Ledger) -> None:
    assert form(draft(ledger.on(date(2023, 7, 12)), "extension"))["主管部门审批意见"] == ""


def test_an_application_for_acceptance_goes_to_the_body_above(ledger: Ledger) -> None:
    document = draft(ledger, "acceptance-request")
    assert "示例卫健委：\n我单位下列重大事故隐患已整改完毕，现申请验收。" in text_of(document)
    shown = form(document)
    assert (shown["原定时限"], shown["现行时限"], shown["延期次数"]) == ("2023年8月31日", "2023年9月30日", "1次")
    assert shown["整改资金"] == "计划0.8万元，已落实0.8万元，已支出0.75万元"
    assert (shown["完成日期"], shown["整改情况"]) == ("2023年9月18日", "已全部换装。")
    assert (shown["应急预案"], shown["所附材料"]) == ("已制定", "")
    assert Signature("城东医院", date(2023, 9, 18)) in document.blocks


@pytest.mark.requirement("A55")
@pytest.mark.parametrize(
    ("result", "boxes"), [("passed", "■合格□不合格"), ("failed", "□合格■不合格")], ids=["passed", "failed"]
)
def test_an_acceptance_says_passed_or_failed_and_leaves_the_names_to_be_signed(result: str, boxes: str) -> None:
    tree = worked()
    path = f"submissions/{CAMPAIGN}/bureau/acceptances/2023-001.yml"
    tree.files[path] = tree.text(path).replace("passed", result)
    document = draft(tree.ledger(), "acceptance")
    shown = form(document)
    assert (shown["验收结论"], shown["验收意见"]) == (boxes, "现场查看合格。")
    assert (shown["报告完成"], shown["验收日期"]) == ("2023年9月18日", "2023年9月22日")
    assert [shown[label] for label in ("签发人", "送达人", "主要负责人签收")] == ["", "", ""]
    assert "示例卫健委（盖章）" in text_of(document)
    assert "本意见书一式三份，被验收单位、验收单位、示例安委办各存一份。" in text_of(document)


def test_urging_lists_what_is_overdue_and_what_has_not_come(ledger: Ledger) -> None:
    document = draft(ledger.on(date(2023, 7, 5)), "urge")
    text = text_of(document)
    assert "截至2023年7月5日，按照示例行动的要求" in text
    assert "一、逾期未整改的隐患" in text
    assert "west-hospital/2023-001|配电室堆放杂物|一般|2023年6月30日|5天" in text
    assert "二、未按时报送的事项" in text
    assert "1|要求plan|2023年5月25日|41天" in text
    assert Signature("示例卫健委", date(2023, 7, 5)) in document.blocks
    assert Body("特此函告。") in document.blocks


def test_urging_about_one_hazard_leaves_the_filings_out(ledger: Ledger) -> None:
    text = text_of(draft(ledger, "urge", "west-hospital/2023-001"))
    assert "逾期未整改的隐患" in text
    assert "报送期限" not in text


def test_urging_about_filings_alone_says_nothing_of_hazards(ledger: Ledger) -> None:
    text = text_of(draft(ledger.on(date(2023, 6, 20)), "urge"))
    assert "一、未按时报送的事项" in text
    assert "二、有关要求" in text
    assert "隐患编号" not in text


def test_who_owes_nothing_is_not_urged() -> None:
    assert list(papers.choices(Tree().ledger(date(2023, 5, 24)), "urge")) == []


def test_an_order_to_urge_has_its_own_words() -> None:
    tree = worked()
    tree.add("bureau", "orders", "2023-002", order="urge", content="请补报三期周报", hazard=None)
    text = text_of(draft(tree.ledger(), "urge", "bureau/2023-002"))
    assert "现就下列事项予以督促" in text
    assert "请补报三期周报。" in text


@pytest.mark.requirement("A66", "A68")
def test_the_contacts_receipt_is_a_blank_form_of_three_roles_and_four_fields(ledger: Ledger) -> None:
    document = draft(ledger, "contacts")
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    rows = [[cell.text.replace("　", "").replace(" ", "") for cell in row.cells] for row in table.rows]
    assert rows[0] == ["项目", "姓名", "单位", "办公电话", "手机号码"]
    assert rows[1:4] == [[role, "", "", "", ""] for role in ("分管领导", "科室负责人", "联络员")]
    assert "对接沟通、调度督办、数据统计、信息报送" in rows[4][1]
    assert "提前1周提出申请并经示例卫健委、示例安委办同意" in rows[4][1]
    assert "旗区（部门）：城东医院" in text_of(document)


# The command.


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return checkout(tmp_path, worked())


def test_paper_writes_a_draft_and_says_what_is_left_to_do(root: Path) -> None:
    result = taizhang(root, "paper", "rectify", SUBJECTS["rectify"])
    assert result.exit_code == 0, result.output
    file = root / "build" / "papers" / "责令整改通知书-bureau-orders-2023-001.docx"
    assert f"已生成草稿：{file}" in result.stdout
    assert "填写文号" in result.stdout
    assert docx.Document(str(file)).paragraphs[0].text == "责令整改通知书"


def test_paper_takes_the_title_the_file_of_the_record_and_a_place(root: Path, tmp_path: Path) -> None:
    record, target = f"submissions/{CAMPAIGN}/bureau/acceptances/2023-001.yml", tmp_path / "drafts" / "意见.docx"
    result = taizhang(root, "paper", "验收意见书", record, "--output", str(target), "--campaign", CAMPAIGN)
    assert result.exit_code == 0, result.output
    assert target.is_file()


def test_paper_never_writes_over_a_file(root: Path) -> None:
    arguments = ["paper", "urge", "west-hospital", "--today", "2023-07-05", "--output", str(root / "函.docx")]
    assert taizhang(root, *arguments).exit_code == 0
    before = (root / "函.docx").read_bytes()
    again = taizhang(root, *arguments)
    assert again.exit_code == 2
    assert "已经有了" in again.stderr
    assert (root / "函.docx").read_bytes() == before


def test_paper_alone_lists_the_kinds_and_a_kind_alone_what_can_be_made(root: Path) -> None:
    kinds = taizhang(root, "paper").stdout
    for kind, template in papers.KINDS.items():
        assert kind in kinds
        assert template.title in kinds
    assert "bureau/2023-001" in taizhang(root, "paper", "rectify").stdout
    nothing = taizhang(root, "paper", "extension", "--today", "2023-06-01")
    assert (nothing.exit_code, "没有可以生成延期申请表的记录" in nothing.stdout) == (0, True)


def test_the_help_names_every_kind(root: Path) -> None:
    shown = taizhang(root, "paper", "--help").stdout
    assert all(kind in shown and template.title in shown for kind, template in papers.KINDS.items())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["bogus", "x"], "没有“bogus”这种公文。可选：supervise（督办通知书）"),
        (["rectify", "bureau/2023-999"], "没有编号为“bureau/2023-999”的记录可以生成责令整改通知书"),
        (["rectify", "bureau/2023-999"], "bureau/2023-001　城东医院：立即拆除锁具"),
        (["rectify", "council/2023-001"], "没有编号为“council/2023-001”"),
        (["urge", "south-county", "--today", "2023-05-20"], "现有：没有"),
        (["rectify", "bureau/2023-001", "--campaign", "bogus"], "请用 --campaign 指明哪一次行动"),
        (["rectify", "bureau/2023-001", "--output", "/proc/none/x.docx"], "写不了 /proc/none/x.docx"),
    ],
)
def test_wrong_use_ends_in_a_sentence_that_lists_what_there_is(root: Path, arguments: list[str], sentence: str) -> None:
    result = taizhang(root, "paper", *arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_a_reference_that_names_two_records_is_asked_about(tmp_path: Path) -> None:
    tree = worked()
    tree.add("bureau", "hazards", "2023-002", unit="west-hospital", deadline="2023-06-30", claimed_level="general")
    tree.add("bureau", "orders", "2023-002", order="urge")
    root = checkout(tmp_path, tree)
    result = taizhang(root, "paper", "urge", "bureau/2023-002")
    assert result.exit_code == 2
    assert "bureau/orders/2023-002 或 bureau/hazards/2023-002" in result.stderr
    assert taizhang(root, "paper", "urge", "bureau/hazards/2023-002").exit_code == 0


def test_a_day_after_the_archive_day_is_the_archive_day() -> None:
    tree = worked()
    tree.campaign["archived_on"] = "2024-01-31"
    assert Signature("示例卫健委", date(2024, 1, 31)) in draft(tree.ledger(LATER), "urge").blocks
