"""Personal numbers: sixty that must be found, sixty that must not, and what is said of them."""

from __future__ import annotations

import re

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st
from support import KINDS, MemorySource, Tree, home

from taizhang.findings import Finding, word, worded
from taizhang.findings.formats import as_github, as_json, as_text
from taizhang.intake.personal import PATTERNS, check_digit, find_personal, has_personal, masked, without_personal
from taizhang.intake.records import read_tree


def identity(seventeen: str) -> str:
    """A number that no person has, for its county does not exist, with its right check digit."""
    return seventeen + check_digit(seventeen)


def luhn(head: str) -> str:
    return next(head + str(d) for d in range(10) if _sum(head + str(d)) % 10 == 0)


def _sum(number: str) -> int:
    doubled = [sum(divmod(2 * int(d), 10)) for d in number[-2::-2]]
    return sum(map(int, number[::-2])) + sum(doubled)


ID, WOMAN = identity("15000019000101001"), identity("34990019851231002")
WITH_X = next(number for k in range(1000) if (number := identity(f"15000019000228{k:03}")).endswith("X"))
CARD = luhn("622848000000000001")

PERSONAL = [
    "13812345678",
    "１３８１２３４５６７８",
    "138 1234 5678",
    "138-1234-5678",
    "138—1234—5678",
    "138.1234.5678",
    "138·1234·5678",
    "138 123 45678",
    "1381 2345 678",
    "13812 345678",
    "1 3 8 1 2 3 4 5 6 7 8",
    "1-3-8-1-2-3-4-5-6-7-8",
    "+8613812345678",
    "+86-138-1234-5678",
    "+86 138 1234 5678",
    "(+86)13812345678",
    "008613812345678",
    "8613812345678",
    "（138）12345678",
    "一三八一二三四五六七八",
    "幺三八幺二三四五六七八",
    "一九九零零零零一二三四",
    "①③⑧①②③④⑤⑥⑦⑧",
    "١٣٨١٢٣٤٥٦٧٨",
    "19912345678转801",
    "0470-1234567",
    "联系电话：1234567",
    "0477-7123456",
    "0477 7123456",
    "(0477)7123456",
    "（0477）7123456",
    "04777123456",
    "010-62345678",
    "02162345678",
    "0477-7123456转801",
    "0477-7123456-801",
    "０４７７－７１２３４５６",
    "0477—7123456",
    "电话7123456",
    "联系电话：7123456",
    "座机 71234567",
    "值班热线：7123 4567",
    "Tel: 71234567",
    "someone@example.com",
    "some.one+tag@mail.example.org",
    "someone＠example.com",
    "someone(at)example.com",
    "someone[at]example.com",
    "12345678@example.com",
    "QQ号12345678",
    "QQ：123456789",
    "qq 12345678",
    "QQ群号：123456789",
    "微信 abc_12345",
    "微信号：abcdef123",
    "微信：1234567890",
    "VX:abcdef123",
    ID,
    f"{ID[:6]} {ID[6:14]} {ID[14:]}",
    WOMAN,
    WITH_X,
    WITH_X.lower(),
    "身份证号：150000900101123",
    "身份证150000199001019999",
    CARD,
    " ".join(CARD[i : i + 4] for i in range(0, len(CARD), 4)),
    f"卡号：{luhn('411111111111111')}",
]
HARMLESS = [
    "12345",
    "12350",
    "举报电话12350",
    "拨打 0477-12350",
    "拨打119、120、110",
    "138****1234",
    "联系人电话138****1234",
    "35*************123",
    "123456789012345678X",
    "91150000MA0Q12345X",
    "12150626MB1234567K",
    "统一社会信用代码：121506264604123456",
    f"统一社会信用代码：{ID}",
    "国卫办密安函〔2023〕490号",
    "安委〔2024〕2号",
    "示卫发〔2023〕138号",
    "2023-004",
    "qi-fuyou/2023-001",
    "xihe-sq/2023-777",
    "GB 35181-2017",
    "GB/T 9704-2012 第7.3.2条",
    "AQ/T 9009-2015",
    "TSG 21-2016",
    "床位 1200 张",
    "12000元",
    "1,381,234,567元",
    "13,812,345,678元",
    "落实资金138123.45元",
    "2023-05-20",
    "2023年05月20日14时30分",
    "20230520",
    "20230520-001",
    "2023-05-20 14:30:00",
    "2023-06-01至2023-06-30",
    "2023-W21",
    "1301、1302、1303病房",
    "1301 1302 1303",
    "3号楼1至12层",
    "15/30/45/60/75/90",
    "15 30 45 60 75 90",
    "检查153家次，发现138项，整改130项",
    "一三八号文件",
    "二〇二三年六月十日",
    "一百三十八万四千五百元",
    "设备编号：04777123456",
    "注册代码：11003412342019040001",
    "使用证编号：梯11蒙K00001(23)",
    "电梯注册代码31104403002010030001",
    "出厂编号TS13812345678",
    "SN0477A7123456",
    "IP 192.168.100.100",
    "版本 1.3.8.12",
    "压力0.40-0.45MPa",
    "DN100-200",
    "3800×1500×2200",
    "经度109.123456789",
    "微信公众号",
    "微信群2023年6月10日通知",
    "QQ2023年停用",
    "QQ邮箱停用",
    "电话通知，20230612 前完成",
    "联系方式见通知附件2",
    "400-123-4567",
    "95598",
    "@全体成员",
    "照片 img-20230612-0001.jpg",
    "第138123期",
    "6228",
    f"设备编码：{CARD}",
    ID[:17] + ("1" if ID[17] != "1" else "2"),
]


@pytest.mark.parametrize("text", PERSONAL)
@pytest.mark.requirement("A66")
def test_numbers_of_persons_are_found_wherever_they_stand(text: str) -> None:
    for around in ("{}", "联系保安{}开锁", "（{}）", "值班：{}。", "#{}", "甲、{}，乙"):
        assert has_personal(around.format(text)), around.format(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_numbers_of_things_go_through(text: str) -> None:
    assert [number.what for number in find_personal(f"发现{text}，已登记")] == []
    assert not has_personal(text)


def test_there_are_sixty_of_each() -> None:
    assert len(set(PERSONAL)) >= 60
    assert len(set(HARMLESS)) >= 60


def test_the_offices_own_telephone_may_be_told() -> None:
    assert has_personal("举报电话：0477-7123456")
    assert not has_personal("举报电话：0477-7123456，转 2", ["0477 7123456"])
    assert not has_personal("举报电话：7123456", ["0477-7123456"])
    assert has_personal("举报电话：0477-7123457", ["0477-7123456"])


def test_a_number_is_shown_masked_and_found_at_its_place() -> None:
    text = "联系人甲，手机１３８－1234－5678，身份证" + ID
    mobile, card = find_personal(text)
    assert (mobile.what, text[mobile.start : mobile.end]) == ("手机号码", "１３８－1234－5678")
    assert mobile.masked == "13" + "*" * 11
    assert (card.what, text[card.start : card.end]) == ("身份证号码", ID)


def test_what_is_left_of_a_text() -> None:
    assert without_personal("示例甲 13812345678") == "示例甲"
    assert without_personal("保卫科（0477-7123456）、后勤科") == "保卫科（ ）、后勤科"


def test_a_wrong_check_digit_is_no_identity_number() -> None:
    """19 in 20 numbers of eighteen digits are numbers of things."""
    wrong = [ID[:17] + digit for digit in "0123456789X" if digit != ID[17]]
    assert not any(map(has_personal, wrong))


def test_patterns_are_linear_and_mean_the_same_in_a_browser() -> None:
    """No look-behind and nothing else that JavaScript reads differently; no repetition without a bound."""
    for entry in PATTERNS["numbers"]:
        pattern = entry["pattern"]
        assert re.compile(pattern).groups == 1
        assert not re.search(r"\(\?<|\\[dws]|[*+](?![\])])(?!\|)", pattern.replace("\\+", "").replace("%+-", "")), (
            pattern
        )
        re2.compile(re.sub(r"\(\?!.*?\)$", "", pattern))


@given(st.text(alphabet="0123456789 -—.()转XxQ微信电话@编号一三八１３", max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    for number in find_personal(text):
        assert 0 <= number.start < number.end <= len(text)
        assert len(number.masked.replace("*", "")) <= 2


def told(tree: Tree) -> list[Finding]:
    found = [f for f in tree.verdict().findings if f.code.startswith("E-PERSONAL")]
    sentences = worded(found)
    for text in (as_text(sentences), as_github(sentences), as_json(sentences)):
        assert not has_personal(text), "a finding repeats the number"
    return found


@pytest.mark.requirement("A66")
def test_the_check_finds_numbers_in_public_fields_and_comments_and_repeats_none() -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards", "2023-001", public_summary=f"联系人示例甲，手机13812345678，身份证{ID}。")
    tree.add("east-hospital", "hazards", "2023-002", responsible_person="示例甲 13812345678")
    first, *others = told(tree)
    assert not others, "an internal field may hold a number"
    assert first.file.endswith("hazards/2023-001.yml")
    assert word(first).found == "“公开摘要”里有手机号码（13*********）"


def test_a_name_of_a_file_is_masked_wherever_it_is_told() -> None:
    assert masked("files/13812345678.jpg") == "files/13*********.jpg"
    path = home("hazards").replace("hazards/2023-004.yml", "files/13812345678.jpg")
    findings = read_tree(MemorySource({path: b"\xff\xd8\xff"}), KINDS).findings
    assert "E-PERSONAL-NAME" in {f.code for f in findings}
    assert not has_personal("".join(f.file for f in findings if f.code == "E-PERSONAL-NAME"))


def test_a_public_key_is_nobodys_account() -> None:
    """Chance spells an account in one key of ten; the campaign of such a key must not be left out for it."""
    key = "PQkYZVdqxqwMpGqTQ6yqzVQqPVL3N-qojsyFoc30IW0"
    assert has_personal(key)
    tree = Tree()
    tree.campaign["sealing_key"] = {**tree.campaign["sealing_key"], "y": key}
    assert "E-PERSONAL" not in {finding.code for finding in tree.verdict().validity}
    tree.campaign["office"] = "示例办公室 qq 123456789"
    assert "E-PERSONAL" in {finding.code for finding in tree.verdict().validity}
