"""The contract of the schemas: what validation, forms, templates, visibility and messages rely on."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from re import _parser as sre  # type: ignore[attr-defined]
from typing import Any

import jsonschema_rs
import pytest
import re2
from support import KINDS, ROOT

from taizhang.checks.registry import RECORD_RULES
from taizhang.findings.wording import load_table
from taizhang.intake.annotations import ORDER_RULE, read_order
from taizhang.intake.kinds import read_kind
from taizhang.intake.messages import _DEPARTURES
from taizhang.intake.schemas import FieldPath, plain, read_common
from taizhang.workspace import made_definitions

FOLDER = ROOT / "schemas"
FILES = sorted(FOLDER.glob("*.schema.json"))
WRITTEN = {file.relative_to(FOLDER).as_posix(): file for file in sorted(FOLDER.rglob("*.json"))}
"""Every file of ours as it is written, with its references."""
COMMON = read_common(FOLDER)
TYPES = {"string", "integer", "boolean", "array", "object"}
PLACES = {"record", "campaign", "roll", "criteria", "calendar"}
FILERS = {"unit", "superior", "office", "committee", "contact_body"}
ANNOTATIONS = {"title", "description", "x-typed", "x-visibility", "x-ref", "x-after", "x-labels", "x-order"}
FORMS = {"x-needs", "x-asks", "x-prominent", "x-alone", "x-default", "x-pick"}
"""What the forms ask for, when, and what they fill in beforehand."""
STRUCTURE = {"type", "properties", "items", "required", "additionalProperties"}
HEAD = {"$schema", "x-kind"}

Node = Mapping[str, Any]


def nodes(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    """Every schema below the root, with a path to read in a failure."""
    for name, inner in node.get("properties", {}).items():
        yield f"{path}.{name}", inner
        yield from nodes(inner, f"{path}.{name}")
    if node.get("additionalProperties"):
        yield f"{path}.*", node["additionalProperties"]
    if "items" in node:
        yield f"{path}[]", node["items"]
        yield from nodes(node["items"], f"{path}[]")


SCHEMAS = {name: kind.schema for name, kind in KINDS.items()}
NODES = dict(item for name, schema in SCHEMAS.items() for item in nodes(schema, name))
PATTERNS = sorted(
    {node["pattern"] for node in NODES.values() if "pattern" in node}
    | {schema["x-kind"]["names"]["pattern"] for schema in SCHEMAS.values() if "names" in schema["x-kind"]}
)


@pytest.mark.parametrize("path", NODES)
def test_every_field_says_what_it_is(path: str) -> None:
    node = NODES[path]
    assert node["title"].strip()
    assert (node.get("description") or node["x-typed"]).strip()
    assert node["x-visibility"] in {"public", "internal", "sealed"}
    assert node["type"] in load_table("taizhang.findings", "phrases.yml")["wanted"]


@pytest.mark.parametrize("path", NODES)
def test_every_keyword_has_a_sentence(path: str) -> None:
    """`messages` must have words for every rule a schema sets; `const`, `anyOf` and the like have none."""
    assert set(NODES[path]) <= ANNOTATIONS | FORMS | STRUCTURE | set(_DEPARTURES)


@pytest.mark.parametrize("path", [*SCHEMAS, *(p for p, n in NODES.items() if n["type"] == "object")])
def test_objects_take_nothing_unknown(path: str) -> None:
    """Only the conditions of a duty may name any field; that its kind has it is a rule of its own, E-DUTY-WHERE."""
    node = SCHEMAS.get(path) or NODES[path]
    assert (node["additionalProperties"] is False) == (path != "campaign.duties[].answered_by.where")
    assert set(node["required"]) <= set(node["properties"])
    assert node["properties"]


@pytest.mark.parametrize("path", [p for p, n in NODES.items() if n["type"] == "array"])
def test_lists_are_bounded(path: str) -> None:
    node, kind = NODES[path], path.partition(".")[0]
    assert node["maxItems"] <= (3000 if KINDS[kind].grows else 200)
    assert 0 <= node.get("minItems", 0) <= node["maxItems"]
    assert "items" in node


@pytest.mark.parametrize("path", [p for p, n in NODES.items() if n["type"] == "string"])
def test_texts_are_bounded(path: str) -> None:
    node = NODES[path]
    if "enum" in node:
        assert node["enum"]
        assert list(node["x-labels"]) == node["enum"], "every choice has its Chinese word, in the same order"
        assert len(set(node["enum"])) == len(node["enum"])
        assert all(label.strip() for label in node["x-labels"].values())
    elif "format" in node:
        assert node["format"] == "date"
        assert "pattern" in node
    elif "pattern" in node:
        assert node["maxLength"] <= 200
    else:
        assert 1 <= node["minLength"] < node["maxLength"] <= 2000


@pytest.mark.parametrize("path", [p for p, n in NODES.items() if n["type"] == "integer"])
def test_numbers_are_bounded(path: str) -> None:
    """Of one filing; the sum over a whole roll may be larger."""
    limit = 10**12 if KINDS[path.partition(".")[0]].grows else 10**8
    assert NODES[path]["minimum"] <= NODES[path]["maximum"] <= limit


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_are_anchored_and_ascii_explicit(pattern: str) -> None:
    assert pattern.startswith("^")
    assert pattern.endswith("$")
    assert not re.search(r"\\[dDwWsSbB]", pattern), "\\d takes Arabic digits, \\w takes Cyrillic letters"
    if "|" in pattern:
        assert not _bare_alternatives(pattern), "^a|b$ anchors each end only once"


def _bare_alternatives(pattern: str) -> bool:
    depth = 0
    for char in re.sub(r"\\.|\[[^]]*\]", "", pattern):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == "|" and depth == 0:
            return True
    return False


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_cannot_run_away(pattern: str) -> None:
    """re2 takes it, and no repetition lies in another or is without end, so backtracking stays small."""
    re2.compile(pattern)
    assert _repetition(sre.parse(pattern)) <= 1


def _repetition(tree: Any) -> int:
    deepest = 0
    for code, argument in tree:
        if str(code) in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, inner = argument
            assert most <= 100, "a repetition without end"
            deepest = max(deepest, (most > 1) + _repetition(inner))
        elif str(code) == "SUBPATTERN":
            deepest = max(deepest, _repetition(argument[-1]))
        elif str(code) == "BRANCH":
            deepest = max(deepest, *(_repetition(branch) for branch in argument[1]))
    return deepest


@pytest.mark.parametrize("path", [p for p, n in NODES.items() if "x-ref" in n])
def test_references_name_something(path: str) -> None:
    targets = {name for name, kind in KINDS.items() if kind.place == "record"} | {"organisation", "clause"}
    assert NODES[path]["x-ref"] in targets
    assert "pattern" in NODES[path]


@pytest.mark.parametrize("name", SCHEMAS)
def test_kind_block(name: str) -> None:
    schema, fields = SCHEMAS[name], SCHEMAS[name]["properties"]
    block = schema["x-kind"]
    assert block["name"] == name
    assert block["place"] in PLACES
    assert schema["title"].strip()
    assert schema["description"].strip()
    assert set(schema) - {"x-order", "x-needs", "x-asks", "x-folds"} == HEAD | STRUCTURE - {"items"} | {
        "title",
        "description",
    }
    assert {*block.get("frozen", ()), block.get("final_once", "filed_on")} <= {*fields, "filed_on"}
    if "date_field" in block:
        assert fields[block["date_field"]]["format"] == "date"
    if block["place"] == "record":
        assert set(block["filed_by"]) <= FILERS
        assert block["filed_by"]
        assert block["frozen"][0] == "filed_on"
        assert {"filed_on", "withdrawn"} <= set(fields)
        assert "filed_on" in schema["required"]
        names = KINDS[name].names
        assert names.pattern.match(names.example)
        assert names.example in names.help or names.example[:10] in names.help
        assert {*names.starts_with, *names.made_of} <= set(fields)
        assert names.by in {None, "number", "week", "month"}
        assert names.is_numbered == bool(names.pattern.match("2023-001"))


def entries_of(path: FieldPath) -> list[int]:
    return [at for at, step in enumerate(path) if step == 0]


@pytest.mark.parametrize("name", KINDS)
def test_dates_that_are_put_in_order_are_dates(name: str) -> None:
    kind = KINDS[name]
    for first, then, days, rule in kind.order:
        assert kind.field(first)["format"] == kind.field(then)["format"] == "date"
        assert entries_of(first) == entries_of(then), "both stand in the same entry of a list"
        assert not days or rule != ORDER_RULE, "E-ORDER has no word for days between"
    for after in kind.after:
        assert kind.date_field
        assert KINDS[after.to].field((after.day,))["format"] == "date"
    assert {item.rule for item in (*kind.order, *kind.after)} <= set(RECORD_RULES)


@pytest.mark.parametrize("name", [n for n, kind in KINDS.items() if kind.date_field and kind.place == "record"])
def test_a_day_comes_before_its_filing_unless_the_schema_says_otherwise(name: str) -> None:
    kind = KINDS[name]
    reached, before = {(kind.date_field,)}, None
    while before != reached:
        before = reached
        reached = reached | {then for first, then, *_ in kind.order if first in reached}
    assert (("filed_on",) in reached) == (name != "bulletins"), "a bulletin is drafted first and issued later"


def schema_of(x_kind: Node, **more: Any) -> Node:
    day = {"type": "string", "format": "date"}
    days = dict.fromkeys(("filed_on", "begun_on", "held_on", "told_on"), day)
    listed = {"type": "array", "items": {"type": "object", "properties": days, **more.pop("in_entries", {})}}
    return {"x-kind": x_kind, "required": ["filed_on", "held_on"], "properties": {**days, "days": listed}, **more}


def order(*pairs: str) -> Node:
    return {"x-order": [dict(zip(("first", "then"), pair.split(), strict=True)) for pair in pairs]}


@pytest.mark.parametrize(
    ("schema", "pairs"),
    [
        (schema_of({}), []),
        (schema_of({"date_field": "filed_on"}), []),
        (schema_of({"date_field": "held_on"}), ["held_on filed_on"]),
        (schema_of({"date_field": "held_on", "date_follows_filing": True}), []),
        # What is required in between makes the default superfluous; what may be missing does not.
        (
            schema_of({"date_field": "begun_on"}, **order("begun_on held_on", "held_on filed_on")),
            ["begun_on held_on", "held_on filed_on"],
        ),
        (
            schema_of({"date_field": "begun_on"}, **order("begun_on told_on", "told_on filed_on")),
            ["begun_on filed_on", "begun_on told_on", "told_on filed_on"],
        ),
        (schema_of({}, in_entries=order("begun_on held_on")), ["days.0.begun_on days.0.held_on"]),
    ],
)
def test_the_order_of_dates_is_read_from_the_schema(schema: Node, pairs: list[str]) -> None:
    assert [" ".join(".".join(map(str, path)) for path in item[:2]) for item in read_order(schema)] == pairs


CIRCUMSTANCES = {"from_above", "before_campaign"}


@pytest.mark.parametrize("name", KINDS)
def test_what_answers_need_and_ask_for_is_there(name: str) -> None:
    kind, fields = KINDS[name], KINDS[name].schema["properties"]
    conditions = [(field, q, answers) for field, asked in kind.conditions.items() for q, answers in asked.items()]
    for field, question, answers in [*conditions, *((n.field, n.question, [n.answer]) for n in kind.needs)]:
        known = fields[question].get("enum", ["true", "false"]) if question else CIRCUMSTANCES
        assert field in fields
        assert field not in kind.schema["required"], "a field that is always required needs no condition"
        assert set(answers) <= set(known), (question, answers)
    for need in kind.needs:
        assert RECORD_RULES[need.rule].kinds <= {name}, "the rule must look at records of the kind"
    for fold in kind.schema.get("x-folds", ()):
        assert not set(fold["fields"]) & {*kind.schema["required"], *kind.conditions}, "what must be seen is not folded"
        assert set(fold["fields"]) <= set(fields)
        assert all(set(answers) <= set(fields[question]["enum"]) for question, answers in fold.get("open", {}).items())


def test_every_period_kind_is_named_after_its_period() -> None:
    assert {name: kind.period for name, kind in KINDS.items() if kind.period} == {"weekly": "week", "monthly": "month"}


def test_what_identifies_a_hazard_is_frozen() -> None:
    """The original deadline stays for ever, whoever corrects the record."""
    assert {"deadline", "discovered_on", "source", "unit", "filed_on"} <= set(KINDS["hazards"].frozen)


@pytest.mark.requirement("A17")
def test_five_essentials_are_fields_of_a_hazard() -> None:
    """责任、措施、资金、期限、预案; the plan and the person stay internal."""
    fields = SCHEMAS["hazards"]["properties"]
    seen = {n: fields[n]["x-visibility"] for n in ("responsible_role", "measures", "funds", "deadline")}
    assert seen == dict.fromkeys(seen, "public")
    assert fields["contingency_plan"]["x-visibility"] == "internal"
    assert fields["responsible_person"]["x-visibility"] == "internal"


@pytest.mark.requirement("A5")
def test_three_natures_of_a_hazard() -> None:
    labels = SCHEMAS["hazards"]["properties"]["nature"]["x-labels"]
    assert list(labels.values()) == ["设施设备故障", "非法违规行为", "安全管理缺陷"]


@pytest.mark.requirement("B19")
def test_three_kinds_of_bad_example_may_be_exposed() -> None:
    labels = list(SCHEMAS["exposures"]["properties"]["exposure"]["x-labels"].values())
    assert labels[:3] == ["存在安全隐患", "安全责任不落实", "工作流于形式"]


@pytest.mark.requirement("B40")
def test_channels_of_publicity() -> None:
    labels = SCHEMAS["activities"]["properties"]["channels"]["items"]["x-labels"]
    assert list(labels.values()) == ["广播", "电视", "报纸", "微博", "微信", "其他"]


def test_a_broken_schema_is_refused_when_read() -> None:
    broken = json.loads(FILES[0].read_text(encoding="utf-8"))
    broken["type"] = "objekt"
    with pytest.raises(jsonschema_rs.ValidationError):
        read_kind(json.dumps(broken).encode(), COMMON)


def test_files_are_written_one_way() -> None:
    """Two spaces, Chinese as it is, a last line break: so that a change shows only what changed."""
    for name, file in WRITTEN.items():
        text = file.read_text(encoding="utf-8")
        assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n", name


# --- Every fact once ------------------------------------------------------------------------------

RAW = {name: json.loads(file.read_text(encoding="utf-8")) for name, file in WRITTEN.items()}


def parts(node: Any) -> Iterator[Node]:
    """Every mapping in a file."""
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from parts(inner)


def test_what_several_fields_share_stands_once() -> None:
    """A form of value, a choice of words, a group of fields: written in one place, named by `$ref` in all others."""
    facts = Counter(
        json.dumps(part[keyword], ensure_ascii=False, sort_keys=True)
        for raw in RAW.values()
        for part in parts(raw)
        for keyword in ("pattern", "enum", "properties")
        if keyword in part and "type" in part
    )
    assert [fact for fact, count in facts.items() if count > 1] == []


def test_every_definition_is_needed_by_more_than_one_field() -> None:
    wanted = Counter(
        (name if part["$ref"].startswith("#") else "common.json", part["$ref"].rpartition("/")[2])
        for name, raw in RAW.items()
        for part in parts(raw)
        if "$ref" in part
    )
    defined = [(name, definition) for name, raw in RAW.items() for definition in raw.get("$defs", {})]
    assert [item for item in defined if wanted[item] < 2] == []


def test_beside_a_reference_nothing_is_weakened() -> None:
    """JSON Schema takes both what is referred to and what stands beside it; only words may be told anew."""
    for name, raw in RAW.items():
        for part in parts(raw):
            if "$ref" in part:
                one = {"properties": {"it": {"$ref": part["$ref"]}}, "$defs": raw.get("$defs", {})}
                referred = plain(one, COMMON, made_definitions())
                beside = set(part) & set(referred["properties"]["it"])
                assert beside <= {"title", "description"}, (name, part)


def test_a_reference_that_leads_nowhere_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError, match="no_such"):
        plain({"properties": {"it": {"$ref": "common.json#/$defs/no_such"}}}, COMMON)
