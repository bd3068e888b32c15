"""Each channel in its own words: nobody who fills in a form is told of YAML, nobody with a file of a drop-down list."""

from __future__ import annotations

import ast
import re

import pytest
from support import KINDS, ROOT

from taizhang.findings import RULES, Channel
from taizhang.findings.wording import Speaker, Wording, load_table, read_phrases, read_wording
from taizhang.forms.layout import layout
from taizhang.forms.sentences import of_fields

MADE_UP = "某事"
ALLOWED = "PDF|JPG|PNG|Excel|WPS|Word|CSV|Tab|pdf|jpg|png|csv|XML|xlsx|xlsb|xls|ods|dpi|MB|KB|UTF|GBK|https|Q"
ENGLISH = rf"(?!(?:{ALLOWED})\b)\b[A-Za-z_]{{2,}}\b"
"""Names of fields, files, commands and codes."""
YAML = "YAML|\\.yml|冒号|缩进|行首|多空|英文|双引号|名册（|同一行|每行|上一级|模板生成"
OF_A_FILE = f"{YAML}|文件夹"
OF_GIT = "分支|仓库|合并请求|推送|强制|检出|提交历史|暂存"
OF_A_TERMINAL = r"taizhang|sudo|\bgit\b|环境变量|--[a-z]"
NO_IMPORT = "(?<!--)(?<!taizhang )(?!taizhang (?:template|import|check))(?!files 文件夹)"
"""Before an English word: that it is no part of how a workbook is imported, which is done at a terminal."""
OF_A_FORM = "表单|从列表里|下拉"
OF_A_WORKBOOK = "这一格|单元格|(?<![列张])表里|工作表"

FORBIDDEN = {
    Channel.FILE: f"{OF_A_FORM}|{OF_A_WORKBOOK}",
    Channel.GATE: f"{OF_A_WORKBOOK}|从列表里|下拉|taizhang (?:new|template|import|check|explain|seal)|记事本打开",
    Channel.FORM: f"{ENGLISH}|{OF_A_FILE}|{OF_GIT}|{OF_A_TERMINAL}|{OF_A_WORKBOOK}",
    Channel.WORKBOOK: f"{NO_IMPORT}{ENGLISH}|{YAML}|{OF_GIT}|从列表里",
    Channel.MAIL: f"{ENGLISH}|{OF_A_FILE}|{OF_GIT}|{OF_A_TERMINAL}|{OF_A_WORKBOOK}|从列表里",
}
"""The words that a channel does not say, as patterns."""


SHARED = RULES["E-TAB"].phrases


def assert_fits(channel: Channel, name: str, wording: Wording) -> None:
    """What a wording says in a channel, whatever the facts, has no word that the channel does not say."""
    said = Speaker(channel, SHARED).say(wording, [(slot, MADE_UP) for slot in wording.slots])
    found = re.search(FORBIDDEN[channel], said)
    assert found is None, f"{name}: “{said}” says {found[0] if found else ''}"


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("code", sorted(RULES))
def test_no_channel_says_the_words_of_another(code: str, channel: Channel) -> None:
    if code.startswith("E-BOOK-") and channel is not Channel.WORKBOOK:
        return  # What is said of a workbook is said nowhere else.
    rule = RULES[code]
    for name, wording in zip(("must", "found", "fix"), rule.parts, strict=True):
        assert_fits(channel, name, wording)
    if any("{" in part.of(channel) for part in rule.parts):
        for name, wording in rule.phrases.items():
            if SHARED.get(name) is not wording:
                assert_fits(channel, name, wording)


@pytest.mark.parametrize("channel", Channel)
def test_no_phrase_that_rules_share_says_the_words_of_another_channel(channel: Channel) -> None:
    for name, wording in SHARED.items():
        if not name.startswith("elsewhere."):
            assert_fits(channel, name, wording)


TABLES = {
    ("taizhang.spreadsheets", "wording.yml"): (Channel.WORKBOOK,),
    ("taizhang.gate", "sentences.yml"): (Channel.GATE,),
    ("taizhang.reminders", "wording.yml"): (Channel.MAIL,),
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table[0])
def test_no_other_table_says_the_words_of_another_channel(table: tuple[str, str]) -> None:
    for name, wording in read_phrases(load_table(*table)).items():
        for channel in TABLES[table]:
            assert_fits(channel, name, wording)


@pytest.mark.parametrize("name", ["choose_unit", "insecure", "no_key"])
def test_what_a_page_says_at_a_field_by_itself_is_in_the_words_of_a_form(name: str) -> None:
    assert_fits(Channel.FORM, name, read_wording(layout().words[name]))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_form_names_a_field_in_english(kind: str) -> None:
    """With the real facts of the schema: titles, limits, choices. What a field is for stands beside it anyway."""
    if KINDS[kind].place != "record" or KINDS[kind].counted:
        return
    for path, told in of_fields(KINDS[kind]).items():
        for name, template in told.items():
            text = re.sub(r"\{\w+\}", "", template["message"] + template["fix"])
            assert not re.search(FORBIDDEN[Channel.FORM], text), f"{path}.{name}: {text}"


def test_no_words_for_findings_stand_in_the_rules_themselves() -> None:
    """What a rule says is in the table, where it is held for every channel; in the code it would escape that."""
    for file in sorted((ROOT / "generator" / "taizhang" / "checks").glob("*.py")):
        if file.name == "summary.py":
            continue  # It counts findings and words none.
        tree = ast.parse(file.read_text(encoding="utf-8"))
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
                is_words = re.search("[\u4e00-\u9fff]", node.value) and (file.name, node.value) not in ELSEWHERE
                assert not is_words, f"{file.name}:{node.lineno} {node.value}"


VALUES = ("（不公开）", "（没有填）", "（见文件）", " 条）", "第 ", " 条")
ELSEWHERE = {("filing.py", "或"), *(("differences.py", value) for value in VALUES)}
"""A joint; and a value as the gate shows it in the effects of a change as well."""
