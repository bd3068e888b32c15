"""The catalogue of rules: complete, explained, and used; no code without a page and no page without a test."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
import yaml
from support import ROOT

from taizhang.findings import RULES, Channel, Finding, Scope, Severity, finding, word
from taizhang.findings.formats import GITHUB_LEVEL
from taizhang.intake.strict_yaml import Refused, load

CODE = re.compile(r"\"([EWT]-[A-Z]+(?:-[A-Z]+)*)\"")
TESTS = Path(__file__).parent
SOURCES = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "generator").rglob("*.py"))
RAISED = set(CODE.findall(SOURCES))
CODES = sorted(RULES)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_code_raised_has_its_rule() -> None:
    assert RAISED - set(RULES) == set()


def test_every_rule_is_raised_somewhere() -> None:
    assert set(RULES) - RAISED == set()


def test_every_rule_is_expected_by_a_test() -> None:
    """By name in a test, or in the text beside a case."""
    files = [*TESTS.glob("test_*.py"), *TESTS.glob("cases/*/invalid/*.txt")]
    expected = {code for file in files for code in re.findall(r"[EWT](?:-[A-Z]+)+", file.read_text(encoding="utf-8"))}
    assert set(RULES) - expected == set()


@pytest.mark.parametrize("code", CODES)
def test_rule_page_is_whole(code: str) -> None:
    rule = RULES[code]
    for part in ("title", "why", "bad", "good"):
        assert getattr(rule, part).strip(), part
    for part in ("must", "found", "fix"):
        assert getattr(rule, part).of(Channel.FILE).strip(), part
    assert rule.bad != rule.good
    assert len(rule.title) <= 20
    assert rule.why.endswith(("。", "）")), "a reason is a sentence"


@pytest.mark.parametrize("code", CODES)
def test_sentences_join(code: str) -> None:
    """`must；found。` and `改法：fix（…）` put the punctuation; the parts bring none."""
    rule = RULES[code]
    for text in (rule.title, *(part.of(channel) for part in rule.parts for channel in Channel)):
        assert text == text.strip()
        assert "\n" not in text
        assert not text.endswith(("。", "；", "，", ".", ";", ","))


@pytest.mark.parametrize("code", CODES)
def test_placeholders_have_plain_names(code: str) -> None:
    rule = RULES[code]
    for part in (*rule.parts, *rule.phrases.values()):
        assert all(name.isidentifier() for name in part.slots), "{} and {a.b} are not filled in"
    for text in (rule.title, rule.why):
        assert placeholders(text) == set()


@pytest.mark.parametrize("code", CODES)
def test_prefix_tells_the_weight(code: str) -> None:
    """E- makes a record invalid, W- warns, T- speaks of time and never of validity."""
    rule = RULES[code]
    weight = {"E": Severity.ERROR, "W": Severity.WARNING, "T": Severity.NOTICE}
    assert rule.severity is weight[code[0]]
    assert (rule.scope is Scope.TIME) == (code[0] == "T")


YAML_EXAMPLES = [
    *("E-TAB", "E-COLON", "E-SPACE", "E-SYNTAX", "E-TOP", "E-DEPTH"),
    *("E-ALIAS", "E-MERGE", "E-TAG", "E-KEY", "E-DUP", "E-DOCS", "E-DIRECTIVE"),
]
"""Rules of the file whose examples are YAML rather than words."""


@pytest.mark.parametrize("code", YAML_EXAMPLES)
def test_examples_of_a_yaml_rule_are_true(code: str) -> None:
    """What the page of a rule calls wrong is wrong for that reason, and what it calls right is right."""
    rule = RULES[code]
    with pytest.raises(Refused, match=f"^{code}$"):
        load(rule.bad.replace("<Tab>", "\t").encode())
    if code not in ("E-DOCS", "E-DIRECTIVE"):
        load(rule.good.encode())


def test_unknown_code_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        finding("E-NONSENSE", "a.yml")


def test_a_value_left_out_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        finding("E-SIZE", "a.yml", limit=256)


def test_values_are_put_on_one_line() -> None:
    item = finding("E-FIELD", "a.yml", 3, 5, name="a\r\nb\x85c\u2028d", kind="甲 \n 乙", advice="x")
    assert word(item).message == "“甲 乙”里只能写模板中有的项目；“a b c d”不是其中之一。"
    assert word(item).place == "a.yml:3:5"


def test_findings_have_one_order() -> None:
    at = [("b.yml", 1, 1), ("a.yml", 9, 1), ("a.yml", 2, 7), ("a.yml", 2, 1), ("a.yml", 0, 0)]
    items = [finding("E-EMPTY", *place) for place in at]
    assert [(f.file, f.line, f.column) for f in sorted(items)] == sorted(at)
    assert isinstance(items[0], Finding)


def test_a_finding_about_a_file_has_no_line() -> None:
    assert word(finding("E-EMPTY", "a.yml")).place == "a.yml"


def test_every_weight_has_its_words() -> None:
    assert {s.label for s in Severity} == {"错误", "提醒", "到期"}
    assert set(GITHUB_LEVEL) == set(Severity)


def test_rules_are_written_once() -> None:
    """PyYAML keeps the last of two equal keys; the strict reader would have told."""
    text = (ROOT / "generator" / "taizhang" / "findings" / "rules.yml").read_text(encoding="utf-8")
    keys = [event.value for event in yaml.parse(text) if isinstance(event, yaml.ScalarEvent)]
    names = [key for key in keys if re.fullmatch(r"[EWT](-[A-Z]+)+", key)]
    assert sorted(names) == CODES
