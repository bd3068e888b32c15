"""`taizhang import`: twelve ledgers as units really keep them, each with what must come of it; and importing again."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from spreadsheets import HEAD, RECORD, ROW, TODAY, Desk, Formula, comma_separated, ods, xlsx
from support import CAMPAIGN, KINDS, Tree, yaml_text

FIXTURES = Path(__file__).parent / "workbooks"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def record(**changed: object) -> dict[str, object]:
    """RECORD with fields changed or, where None, left out."""
    return {key: value for key, value in {**RECORD, **changed}.items() if value is not None}


def imported(desk: Desk, name: str, content: bytes, *options: str, **more: str) -> Any:
    result = desk.run(name, content, *options, **more)
    assert result.exit_code == 0, result.output
    assert desk.check().exit_code == 0, desk.check().output
    return result


def test_a_plain_ledger(desk: Desk) -> None:
    """1: titles in the first row, days as days."""
    row = [*ROW[:4], date(2023, 5, 22), *ROW[5:8], date(2023, 6, 30)]
    imported(desk, "1.xlsx", xlsx([HEAD, row]))
    assert desk.records() == {"2023-001": record()}


def test_title_rows_above_and_totals_below(desk: Desk) -> None:
    """2: a title, a line with the unit of money, blank rows, sums and signatures, which are named and not read."""
    rows = [
        ["城东医院安全隐患排查整治台账"],
        ["填报单位：城东医院", None, None, "单位：万元"],
        ["序号", *HEAD, "整改资金"],
        [1, *ROW[:4], "2023.5.22", *ROW[5:8], "2023/6/30", 0.53],
        [None] * 11,
        [2],
        ["合计", *[None] * 9, 0.53],
        ["填表人：示例甲", None, None, "审核人：示例乙"],
    ]
    result = imported(desk, "2.xlsx", xlsx(rows, merges=["A1:K1"]))
    assert desk.records() == {"2023-001": record(funds={"planned": 5300})}
    assert "“0.53”按万元读成 5300 元" in result.output
    assert "表头在第 3 行" in result.output
    for row, reason in ((5, "空行"), (6, "只有序号"), (7, "合计行"), (8, "表尾的签字或说明")):
        assert f"第 {row} 行：没有读：{reason}" in result.output


def test_a_heading_of_two_rows(desk: Desk) -> None:
    """3: groups over columns; titles that span both rows."""
    rows = [
        ["重大事故隐患排查治理台账"],
        ["序号", "隐患情况", None, None, None, "发现日期", "来源", "等级", "五落实", None, None, None, None, None],
        [None, "内容", "部位", "类别", "性质", None, None, None, "责任人", "措施", "资金（元）", "时限", "预案", None],
        ["1", "安全出口上锁", "住院部二楼", "消防", "管理缺陷", "2023年5月22日", "自查", "重大", "分管副院长", "开锁",
         "3,000元", "2023-6-30", "专人值守，随时开锁", None],
    ]  # fmt: skip
    merges = ["A1:N1", "A2:A3", "B2:E2", "F2:F3", "G2:G3", "H2:H3", "I2:M2"]
    imported(desk, "3.xlsx", xlsx(rows, merges=merges))
    expected = record(
        claimed_level="major",
        responsible_role="分管副院长",
        funds={"planned": 3000},
        contingency_plan="专人值守，随时开锁",
    )
    assert desk.records() == {"2023-001": expected}


def test_the_same_heading_without_merges(desk: Desk) -> None:
    """3b: what is left of two rows in csv: a blank belongs to the title on its left."""
    rows = [
        ["隐患情况", "", "", "", "发现日期", "来源", "等级", "五落实", ""],
        ["内容", "部位", "类别", "性质", "", "", "", "措施", "时限"],
        ["安全出口上锁", "住院部二楼", "消防", "管理缺陷", "2023-05-22", "自查", "一般", "开锁", "2023-06-30"],
    ]
    imported(desk, "3b.csv", comma_separated(rows, "utf-8"))
    assert desk.records() == {"2023-001": record()}


def test_merged_cells_stand_for_every_row_they_span(desk: Desk) -> None:
    """4: place and day merged over two rows; a merged amount is one amount, not two."""
    head = [*HEAD, "整改资金（元）"]
    second = ["灭火器过期", None, "消防", "设备故障", None, "自查", "一般", "更换", None, None]
    rows = [head, [*ROW, 800], second]
    result = imported(desk, "4.xlsx", xlsx(rows, merges=["B2:B3", "E2:E3", "I2:I3", "J2:J3"]))
    first = record(funds={"planned": 800})
    other = record(title="灭火器过期", public_summary="灭火器过期", nature="equipment_failure", measures="更换")
    assert desk.records() == {"2023-001": first, "2023-002": other}
    assert "“整改资金（元）”是合并的格子，金额只记在第 2 行" in result.output


DAYS = [
    (45068, "2023-05-22"),
    (45068.75, "2023-05-22"),
    ("45068", "2023-05-22"),
    (20230522, "2023-05-22"),
    ("20230522", "2023-05-22"),
    ("2023.5.22", "2023-05-22"),
    ("2023年5月22日", "2023-05-22"),
    ("２０２３年５月２２日", "2023-05-22"),
    ("2023-5-22 0:00", "2023-05-22"),
    ("2023/05/22 08:30:00", "2023-05-22"),
    ("2023.5.22（星期一）", "2023-05-22"),
    ("23.5.22", "2023-05-22"),
    ("5月22日", "2023-05-22"),
    ("5.22", "2023-05-22"),
    (datetime(2023, 5, 22, 8, 30), "2023-05-22"),  # noqa: DTZ001 - a cell has no zone
]


def test_days_as_people_write_them(desk: Desk) -> None:
    """5: serial numbers, text of every shape, full-width digits, no year."""
    rows = [[f"第{n}处隐患", *ROW[1:4], day, *ROW[5:]] for n, (day, _) in enumerate(DAYS, 1)]
    result = imported(desk, "5.xlsx", xlsx([HEAD, *rows]))
    assert [item["discovered_on"] for item in desk.records().values()] == [day for _, day in DAYS]
    assert "“5月22日”没有写年份，按行动期间读成 2023-05-22" in result.output
    assert "“45068”是日期的序号" in result.output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_csv_as_excel_and_wps_save_it(desk: Desk, encoding: str) -> None:
    """6 and 7: comma-separated in the encodings of the trade; what Excel calls Unicode text has tabs."""
    delimiter = "\t" if encoding == "utf-16" else ","
    imported(desk, "6.csv", comma_separated([HEAD, ROW], encoding, delimiter))
    assert desk.records() == {"2023-001": record()}


def test_an_old_xls(desk: Desk) -> None:
    """8: the format of Excel 97."""
    result = imported(desk, "8.xls", (FIXTURES / "ledger.xls").read_bytes())
    common = {"discovered_on": "2023-05-23"}
    first = record(
        **common, title="配电箱门缺失", public_summary="配电箱门缺失", place="门诊一楼", category="electrical",
        nature="equipment_failure", measures="补装箱门", deadline="2023-06-10",
    )  # fmt: skip
    second = record(
        **common, title="氧气瓶未固定", public_summary="氧气瓶未固定", place="急诊科", category="medical_gas",
        measures="加装固定链", deadline="2023-06-12",
    )  # fmt: skip
    assert desk.records() == {"2023-001": first, "2023-002": second}
    assert "xls 格式看不出哪些格子是公式" in result.output


def test_an_open_document(desk: Desk) -> None:
    """9: ods with merged cells, a hidden row, a formula and a million empty rows."""
    rows = [
        [*HEAD, "整改资金（元）"],
        [*ROW[:4], date(2023, 5, 22), *ROW[5:8], date(2023, 6, 30), Formula("x")],
        ["灭火器过期", None, *ROW[2:4], date(2023, 5, 22), *ROW[5:8], date(2023, 6, 30), None],
    ]
    result = imported(desk, "9.ods", ods(rows, spans={(1, 1): 2}, hidden=[2]))
    first = record(funds={"planned": 7})
    second = record(title="灭火器过期", public_summary="灭火器过期")
    assert desk.records() == {"2023-001": first, "2023-002": second}
    assert "第 3 行在表里是隐藏的，也读了" in result.output
    assert "有 1 个格子是公式" in result.output


def test_several_sheets(desk: Desk) -> None:
    """10: the sheet that looks like a ledger is read, the others are named; another can be chosen."""
    other = ("一季度", [HEAD, ["灭火器过期", *ROW[1:]]])
    raw = xlsx([["说明"], HEAD, [*ROW[:8], Formula("=1+1")]], more=[("封面", [["隐患台账"]]), other], hidden=[2])
    result = desk.run("10.xlsx", raw, "--sheet", "台账")
    assert result.exit_code == 1
    assert "第 3 行 I 列“整改期限” 错误 E-DATE" in result.output
    assert "“整改期限”是公式，用的是保存时的值" in result.output
    result = imported(desk, "10.xlsx", raw, "--sheet", "一季度")
    assert desk.records() == {"2023-001": record(title="灭火器过期", public_summary="灭火器过期")}
    result = desk.run("10.xlsx", raw)
    assert "读的是工作表“一季度”" in result.output
    assert "另有 “台账” 也像台账，没有读；要读请加 --sheet" in result.output


def test_the_ledger_of_a_superior(desk: Desk) -> None:
    """11: an inspection's list with the units by name; each hazard is the named unit's."""
    head = ["被检查单位", *HEAD]
    rows = [["城东医院", *ROW], ["城西医院", "灭火器过期", *ROW[1:]]]
    result = imported(desk, "11.xlsx", xlsx([head, *rows]), "--set", "隐患来源=督导检查", org="bureau")
    assert [item["unit"] for item in desk.records(org="bureau").values()] == ["east-hospital", "west-hospital"]
    assert "隐患所在单位 “west-hospital”" in result.output


def test_other_kinds_need_no_code_of_their_own(desk: Desk) -> None:
    """12: activities, by the titles of their schema and by the names people use."""
    rows = [
        ["活动类型", "培训内容", "培训时间", "参训人数", "情况"],
        [KINDS["activities"].labels("activity")["drill"], "疏散演练", "2023.6.2", "85人次", "全员参加，用时四分钟"],
    ]
    imported(desk, "12.xlsx", xlsx(rows), "--kind", "activities", "--column", "培训内容=活动名称")
    assert desk.records("activities") == {
        "2023-06-02-drill": {
            "filed_on": TODAY,
            "activity": "drill",
            "title": "疏散演练",
            "held_on": "2023-06-02",
            "participants": 85,
            "summary": "全员参加，用时四分钟",
        }
    }


def test_persons_numbers_and_unknown_columns(desk: Desk) -> None:
    """A ledger with names and phone numbers: names stay internal, numbers stay outside, nothing is dropped unsaid."""
    head = [*HEAD, "整改责任人", "联系电话", "整改情况", "照片", "安全投入说明", "备注"]
    rows = [
        head,
        [*ROW, "张某某（院长） 13800000000", "13800000000", "正在整改", "见附件", "x", "请尽快"],
        ["灭火器过期", *ROW[1:], "后勤科科长", None, None, None, None, "无"],
    ]
    result = imported(desk, "13.xlsx", xlsx(rows))
    first = record(description="备注：请尽快", responsible_role="院长", responsible_person="张某某")
    second = record(title="灭火器过期", public_summary="灭火器过期", responsible_role="后勤科科长")
    assert desk.records() == {"2023-001": first, "2023-002": second}
    assert "13800000000" not in result.output
    assert "张某某" not in result.output
    for said in (
        "K 列“联系电话”（电话不写进记录",
        "M 列“照片”（照片要放进本单位的 files 文件夹",
        "N 列“安全投入说明”（不认得这个列名；要用它，加 --column",
        "“整改责任人”里的电话没有写进记录",
        "“整改责任人”里的姓名只放在“责任人姓名（不公开）”",
        "“整改情况”没有写进记录：整改进展和完成情况另报",
        "“备注”放在“详细情况（不公开）”",
    ):
        assert said in result.output, said
    everything = "".join(f.read_text("utf-8") for f in (desk.root / "submissions").rglob("*.yml"))
    assert "13800000000" not in everything


def test_a_number_in_what_will_be_public_holds_the_row_back(desk: Desk) -> None:
    result = desk.run("a.xlsx", xlsx([HEAD, ["安全出口上锁，联系保安１３８ 0000 0000", *ROW[1:]]]))
    assert result.exit_code == 1
    assert "第 2 行 A 列“隐患描述” 错误 E-BOOK-PRIVATE" in result.output
    assert "0000" not in result.output.replace("2023", "")
    assert desk.records() == {}


def test_a_long_description_is_cut_for_the_title_and_kept_whole_inside(desk: Desk) -> None:
    text = "住院部二楼东侧安全出口上锁，" * 6 + "钥匙由护士站保管。"
    result = imported(desk, "a.xlsx", xlsx([HEAD, [text, *ROW[1:]]]))
    (found,) = desk.records().values()
    assert found["public_summary"] == found["description"] == text
    assert len(found["title"]) <= 60
    assert text.startswith(found["title"])
    assert "只取了前" in result.output


def test_put_right_the_day_it_was_found(desk: Desk) -> None:
    """立行立改 is part of the record; anything later is another record, and that is said."""
    rows = [
        [*HEAD, "整改完成时间", "是否整改"],
        [*ROW, "2023-05-22", "已整改"],
        ["灭火器过期", *ROW[1:], "2023-06-01", "是"],
    ]
    result = imported(desk, "a.xlsx", xlsx(rows))
    first, second = desk.records().values()
    assert first["fixed_on_the_spot"] == {"fixed_on": "2023-05-22", "measures": "开锁"}
    assert "fixed_on_the_spot" not in second
    assert "“整改完成时间”没有写进记录" in result.output


def test_a_hazard_older_than_the_campaign_is_marked(desk: Desk) -> None:
    result = imported(desk, "a.xlsx", xlsx([HEAD, [*ROW[:4], "2022-11-03", *ROW[5:]]]))
    (found,) = desk.records().values()
    assert found["legacy"] is True
    assert "标为“前期已发现”" in result.output


def test_what_is_missing_or_wrong_is_said_in_the_words_of_the_check(desk: Desk) -> None:
    rows = [HEAD, [*ROW[:3], None, "五月下旬", *ROW[5:]], ["地", *ROW[1:]], [*ROW[:5], "路过", *ROW[6:]]]
    result = desk.run("a.xlsx", xlsx(rows))
    assert result.exit_code == 1
    assert desk.records() == {}
    assert "第 2 行 错误 E-REQUIRED：必须填写「隐患性质」；没有填。" in result.output
    assert "表里补上“隐患性质”（填 设施设备故障、非法违规行为、安全管理缺陷），或者加 --set" in result.output
    assert "第 2 行 E 列“发现日期” 错误 E-DATE：「发现日期」必须是真实的日期" in result.output
    assert "第 3 行 A 列“隐患描述” 错误 E-LENGTH" in result.output
    assert "第 4 行 F 列“隐患来源” 错误 E-ENUM" in result.output


def test_rules_beyond_the_schema_are_told_too(desk: Desk) -> None:
    """A deadline before the discovery, and a record of a kind that this organisation does not file."""
    result = desk.run("a.xlsx", xlsx([HEAD, [*ROW[:8], "2023-05-01"], ["灭火器过期", *ROW[1:]]]))
    assert "第 2 行 E 列“发现日期” 错误 E-ORDER" in result.output
    assert list(desk.records()) == ["2023-001"], "the refused row leaves no gap in the numbers"
    result = desk.run("b.xlsx", xlsx([HEAD, ROW]), org="council")
    assert "E-FILER" in result.output


def test_money_without_a_unit_is_not_guessed(desk: Desk) -> None:
    result = desk.run("a.xlsx", xlsx([[*HEAD, "整改资金"], [*ROW, 5], [*ROW, "5元"]]))
    assert "第 2 行 J 列“整改资金” 错误 E-TYPE" in result.output
    assert [item["funds"] for item in desk.records().values()] == [{"planned": 5}]


AMOUNTS = [("0.5万", 5000), ("1.2万元", 12000), ("３０００元", 3000), ("1,500 元", 1500), ("无", 0), (0, 0)]


def test_amounts_as_people_write_them(desk: Desk) -> None:
    rows = [[f"第{n}处隐患", *ROW[1:], amount] for n, (amount, _) in enumerate(AMOUNTS, 1)]
    imported(desk, "a.xlsx", xlsx([[*HEAD, "投入资金"], *rows]))
    assert [item["funds"]["planned"] for item in desk.records().values()] == [yuan for _, yuan in AMOUNTS]


def test_importing_again_writes_nothing_and_changes_nothing(desk: Desk) -> None:
    raw = xlsx([HEAD, ROW, ["灭火器过期", *ROW[1:]]])
    imported(desk, "a.xlsx", raw)
    folder = desk.root / "submissions" / CAMPAIGN / "east-hospital" / "hazards"
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    again = imported(desk, "a.xlsx", raw, "--today", "2023-07-09")
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert "第 2 行：已经有这条记录：2023-001，没有改动" in again.output
    assert "新写 0 行，已经有 2 行" in again.output


def test_a_row_is_known_again_after_its_record_was_corrected(desk: Desk) -> None:
    """The mark in the file outlives a better title; a changed deadline is told and never overwritten."""
    imported(desk, "a.xlsx", xlsx([HEAD, ROW]))
    file = desk.root / "submissions" / CAMPAIGN / "east-hospital" / "hazards" / "2023-001.yml"
    file.write_text(
        file.read_text("utf-8").replace("title: 安全出口上锁", "title: 住院部安全出口上锁"), encoding="utf-8"
    )
    result = imported(desk, "a.xlsx", xlsx([HEAD, [*ROW[:8], "2023-07-15"]]))
    assert "已经有这条记录：2023-001" in result.output
    assert "“隐患名称”、“整改时限（五落实·时限）”与记录不同，没有覆盖" in result.output
    assert len(desk.records()) == 1


def test_a_row_is_known_again_where_the_record_was_written_by_hand(desk: Desk) -> None:
    """Blanks and punctuation make no difference; a withdrawn record is a record."""
    folder = desk.root / "submissions" / CAMPAIGN / "east-hospital" / "hazards"
    folder.mkdir(parents=True)
    text = yaml_text({**RECORD, "title": "安全 出口，上锁", "withdrawn": {"dated": TODAY, "reason": "重复"}})
    (folder / "2023-007.yml").write_text(text, encoding="utf-8")
    result = desk.run("a.xlsx", xlsx([HEAD, ROW]))
    assert "已经有这条记录：2023-007（已撤回）" in result.output


def test_the_same_row_twice_in_one_workbook(desk: Desk) -> None:
    result = imported(desk, "a.xlsx", xlsx([HEAD, ROW, ROW]))
    assert "第 3 行：与第 2 行是同一条，没有再写" in result.output
    assert list(desk.records()) == ["2023-001"]


def test_a_number_of_the_ledger_names_the_record(desk: Desk) -> None:
    rows = [["编号", *HEAD], ["2023-040", *ROW], ["AQ-2", "灭火器过期", *ROW[1:]]]
    result = imported(desk, "a.xlsx", xlsx(rows))
    assert list(desk.records()) == ["2023-040", "2023-041"]
    assert "“编号”写的“AQ-2”不是本系统的编号" in result.output


def test_a_dry_run_writes_no_file(desk: Desk) -> None:
    result = desk.run("a.xlsx", xlsx([HEAD, ROW]), "--dry-run")
    assert "可以导入 1 行" in result.output
    assert desk.records() == {}
    assert [file.name for file in desk.folder.glob("*.xlsx")] == ["a.xlsx"]


def test_a_thousand_hazards_in_a_year_are_too_many_for_the_numbers(desk: Desk) -> None:
    rows = [[f"第{n}处隐患", *ROW[1:]] for n in range(1001)]
    result = desk.run("a.xlsx", xlsx([HEAD, *rows]), "--dry-run")
    assert "可以导入 999 行" in result.output
    assert "这一年的编号用完了" in result.output


def test_hostile_text_stays_text(desk: Desk) -> None:
    texts = [
        "=1+1",
        "'; rm -rf /",
        "a: b # c",
        "- x",
        "{{ 7*7 }}",
        "<script>alert(1)</script>",
        "!!python/object:os",
        "yes",
        "12:30",
        "\"quoted'",
    ]
    rows = [[text + "隐患", *ROW[1:7], text, ROW[8]] for text in texts]
    rows += [["行一\n行二\t三\u00a0四\u200b五", *ROW[1:]]]
    imported(desk, "a.xlsx", xlsx([HEAD, *rows]))
    found = list(desk.records().values())
    assert [item["measures"] for item in found[:-1]] == texts
    assert found[-1]["title"] == "行一 行二 三 四五"


def test_the_marked_copy(desk: Desk) -> None:
    """Values as they were, no formula, the verdict beside each row; never over a file that is there."""
    rows = [
        ["隐患台账"],
        [*HEAD, "说明书"],
        [*ROW, "=1+1"],
        [*ROW[:8], "六月底", Formula("=SUM(A1)")],
        [None],
        ["合计"],
    ]
    raw = xlsx(rows, merges=["A1:J1"])
    desk.run("台账.xlsx", raw)
    desk.run("台账.xlsx", raw)
    assert sorted(file.name for file in desk.folder.glob("*校验结果*")) == [
        "台账.校验结果-2.xlsx",
        "台账.校验结果.xlsx",
    ]
    book = load_workbook(desk.folder / "台账.校验结果.xlsx")
    page = book["台账"]
    assert page["K2"].value == "校验结果"
    assert page["K3"].value.startswith("已写成 2023-001")
    assert "第 4 行 I 列“整改期限”：" in page["K4"].value
    assert page["J4"].value == 7
    assert page["J4"].font.italic
    assert page["I4"].fill.bgColor.rgb != page["H4"].fill.bgColor.rgb
    assert page["K6"].value == "没有读：合计行"
    assert [cell.value for cell in page[3]][:10] == [*ROW, "=1+1"]
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert "不认得这个列名" in str([cell.value for cell in book["怎么读的"]["C"]])


def test_the_marked_copy_imports_again(desk: Desk) -> None:
    """The clerk mends the copy and imports that: its own column is known and not read."""
    desk.run("a.xlsx", xlsx([HEAD, [*ROW[:8], "六月底"], ["灭火器过期", *ROW[1:]]]))
    book = load_workbook(desk.folder / "a.校验结果.xlsx")
    book["台账"]["I2"].value = "2023-06-30"
    raw = io.BytesIO()
    book.save(raw)
    result = imported(desk, "a.校验结果.xlsx", raw.getvalue())
    assert "新写 1 行，已经有 1 行" in result.output
    assert [item["title"] for item in desk.records().values()] == ["灭火器过期", "安全出口上锁"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--kind", "nonsense"], "没有这种记录"),
        (["--column", "x"], "--column 要写成“名称=内容”"),
        (["--column", "x=胡说"], "没有“胡说”这个栏目"),
        (["--set", "胡说=x"], "没有“胡说”这个栏目"),
    ],
)
def test_wrong_usage_is_a_sentence(desk: Desk, options: list[str], said: str) -> None:
    result = desk.run("a.xlsx", xlsx([HEAD, ROW]), *options)
    assert result.exit_code == 2
    assert said in result.output


def test_an_unknown_organisation(desk: Desk) -> None:
    assert "名册上没有“nobody”" in desk.run("a.xlsx", xlsx([HEAD, ROW]), org="nobody").output


def test_a_campaign_that_counts_arrival(tmp_path: Path) -> None:
    """Where arrival counts, what the row says of its filing is a claim, and the dates still hold."""
    tree = Tree()
    tree.campaign["starts_on"] = "2023-01-01"
    desk = Desk(tmp_path, tree)
    imported(desk, "a.xlsx", xlsx([[*HEAD, "上报日期", "登记日期"], [*ROW, "2023.5.25", "2023.5.23"]]))
    (found,) = desk.records().values()
    assert (found["filed_on"], found["registered_on"]) == ("2023-05-25", "2023-05-23")


def test_reports_are_named_by_the_workbook_and_named_once(desk: Desk) -> None:
    """A weekly report is its week's; without the week, or with a week twice, there is no name to give."""
    rows = [["周次", "自查次数", "自查部位数"], ["2023-W22", 2, 5], ["2023-W22", 3, 5], [None, 1, 1]]
    result = desk.run("a.xlsx", xlsx(rows), "--kind", "weekly")
    assert desk.records("weekly") == {"2023-W22": {"filed_on": TODAY, "self_checks": 2, "places_checked": 5}}
    assert "文件名 2023-W22 在上面的一行已经用了" in result.output
    assert "定不下文件名：“年份-W周次”" in result.output
    again = desk.run("a.xlsx", xlsx(rows[:2]), "--kind", "weekly")
    assert "已经有这条记录：2023-W22" in again.output
