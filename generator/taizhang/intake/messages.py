"""Schema errors as sentences a clerk understands: what must be, what was found, how to fix it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from jsonschema import ValidationError

from taizhang.findings import Finding, finding
from taizhang.intake.advice import LONGEST_VALUE, amount, choice_meant, date_meant, form_meant, how_to_write, short
from taizhang.intake.kinds import Kind
from taizhang.intake.schemas import FieldPath, Schema
from taizhang.intake.strict_yaml import Document

SEAL = "用 taizhang seal 加密后填入，明文不进仓库"
MOST_FINDINGS = 50
MOST_ERRORS = 500

TYPES: Mapping[str, str] = {
    "string": "一段文字",
    "integer": "一个整数，只写数字，不写单位、逗号和小数点",
    "boolean": "“true”（是）或“false”（否）",
    "array": "一个列表，每行一条，行首写“- ”",
    "object": "一组内容，每行一项，比上一级多缩进两格",
}


class InvalidFile(NamedTuple):
    """A file that departs from its kind's schema."""

    file: str
    kind: Kind
    document: Document


def explain(file: str, kind: Kind, document: Document) -> list[Finding]:
    """The findings for a document that departs from its kind's schema, one for each cause, at most MOST_FINDINGS."""
    case = InvalidFile(file, kind, document)
    # A misspelt name breaks two rules, one item missing and one unknown, and a blank value may break three.
    errors = sorted(islice(kind.errors(document.data), MOST_ERRORS), key=_weight)
    unknown = list(islice((u for e in errors if e.validator == "additionalProperties" for u in _unknown(case, e)), 50))
    meant = {u.meant for u in unknown}
    found = {(item.line, item.column, item.code): item for item in (_unknown_finding(case, u) for u in unknown)}
    told = {u.meant[:-1] for u in unknown if u.meant}
    for error in errors:
        path = tuple(error.absolute_path)
        if error.validator == "required":
            items = _missing(case, path, error, meant)
        elif error.validator == "additionalProperties" or path in told:
            continue
        else:
            items = iter([_wrong(case, path, error)])
            told.add(path)
        for item in items:
            found.setdefault((item.line, item.column, item.code), item)
    return sorted(found.values())[:MOST_FINDINGS] or [_unexplained(case)]


def _unexplained(case: InvalidFile) -> Finding:
    """A record must never be left out in silence, not even where the two validators disagree."""
    values = {
        "wanted": "模板那样的内容",
        "found": "不合模板的内容",
        "advice": "用 taizhang new 重新生成模板，再把内容填进去",
    }
    return finding("E-TYPE", case.file, *case.document.place(()), field=_field(case.kind, ()), **values)


_FIRST = ("type", "format", "pattern", "enum")


def _weight(error: ValidationError) -> int:
    """Which of several errors in one value is the cause, smallest first."""
    return _FIRST.index(str(error.validator)) if error.validator in _FIRST else len(_FIRST)


def _missing(case: InvalidFile, path: FieldPath, error: ValidationError, meant: set[FieldPath]) -> Iterator[Finding]:
    instance: Any = error.instance
    required = case.kind.field(path)["required"]
    missing = [name for name in required if name not in instance and (*path, name) not in meant]
    if missing:
        fields = "、".join(_field(case.kind, (*path, name)) for name in missing)
        advice = "；".join(f"{name}: （{how_to_write(case.kind.field((*path, name)))}）" for name in missing)
        yield finding("E-REQUIRED", case.file, *case.document.place(path), fields=fields, advice=advice)


class Unknown(NamedTuple):
    """An item that the schema does not know, the one that was probably meant, and what to do."""

    path: FieldPath
    meant: FieldPath
    advice: str


def _unknown(case: InvalidFile, error: ValidationError) -> Iterator[Unknown]:
    path: FieldPath = tuple(error.absolute_path)
    instance: Any = error.instance
    known = case.kind.field(path)["properties"]
    for name in (name for name in instance if name not in known):
        meant, advice = _meant(case.kind, path, name, known, instance)
        yield Unknown((*path, name), meant, advice)


def _meant(
    kind: Kind, path: FieldPath, name: str, known: Mapping[str, Schema], instance: Mapping[str, object]
) -> tuple[FieldPath, str]:
    for outer in range(len(path)):
        if name in kind.field(path[:outer]).get("properties", {}):
            return (*path[:outer], name), f"{name} 属于上一级，行首的空格要和上一级的项目对齐"
    for around, schema in known.items():
        if name in schema.get("properties", {}):
            return (*path, around, name), f"移到“{around}:”下面，行首比它多空两格"
    free = {item: str(schema["title"]).partition("（")[0] for item, schema in known.items() if item not in instance}
    written = name[:LONGEST_VALUE].lower()
    titles = [item for item, title in free.items() if written.startswith(title) or title.startswith(written)]
    close = titles or difflib.get_close_matches(written, free, n=1)
    if close:
        return (*path, close[0]), f"改成 {close[0]}（{known[close[0]]['title']}）"
    like = difflib.get_close_matches(written, free.values(), n=1, cutoff=0.5)
    if like:
        guess = next(item for item, title in free.items() if title == like[0])
        return (), f"如果说的是“{like[0]}”，改成 {guess}；不是就删掉这一项"
    if kind.names_nobody:
        # The record of a tip has no place for words, so that nobody is told to move a name there.
        return (), "删掉这一项；举报只登记办理结果，能认出举报人的内容不得写入"
    return (), "删掉这一项；内容要紧的，写进说明一类的项目"


def _unknown_finding(case: InvalidFile, unknown: Unknown) -> Finding:
    name, advice = short(str(unknown.path[-1])), unknown.advice
    plain = name.isascii() and name.isidentifier()
    if case.kind.is_sealed and not plain:
        # Whoever writes plain text into a record for sealed data may well write a name as a key.
        name, advice = "（不在这里重复）", f"删掉这一项；个人信息{SEAL}"
    elif (case.kind.names_nobody and not plain) or case.kind.visibility(unknown.path[:-1]) != "public":
        name = "（不在这里重复）"
    place = case.document.key_place(unknown.path)
    return finding("E-FIELD", case.file, *place, name=name, kind=case.kind.title, advice=advice)


def _wrong(case: InvalidFile, path: FieldPath, error: ValidationError) -> Finding:
    schema, value = case.kind.field(path), error.instance
    rule = str(error.validator)
    is_date = schema.get("format") == "date" and rule in ("format", "pattern")
    # Advice that tells what was meant repeats the value, and a private value is never repeated; a choice is none.
    is_public = case.kind.visibility(path) == "public" or rule == "enum"
    tellable = value if is_public or not isinstance(value, str) else None
    code, values = (_date if is_date else _WORDINGS[rule])(schema, value, tellable)
    shown: dict[str, object] = {"field": _field(case.kind, path), "found": _shown(case.kind, path, value)}
    shown["otherwise"] = _otherwise(case.kind, path)
    shown.update(values)
    if schema.get("x-visibility") == "sealed":
        shown["advice"] = SEAL
    return finding(code, case.file, *case.document.place(path), **shown)


def _otherwise(kind: Kind, path: FieldPath) -> str:
    """What else may be done about a blank value."""
    if not path or path[-1] in kind.field(path[:-1]).get("required", ()):
        return ""
    return "；用不着就删掉这一条" if isinstance(path[-1], int) else "；用不着这一项就删掉整行"


Wording = tuple[str, dict[str, object]]


def _date(_: Schema, __: Any, tellable: object) -> Wording:
    return ("E-DATE", {"advice": date_meant(tellable)})


def _type(schema: Schema, value: Any, tellable: object) -> Wording:
    if value is None:
        return ("E-BLANK", {"advice": how_to_write(schema)})
    return ("E-TYPE", {"wanted": TYPES[str(schema["type"])], "advice": form_meant(schema, tellable)})


def _enum(schema: Schema, _: Any, tellable: object) -> Wording:
    choices = "、".join(f"{value}（{schema['x-labels'][value]}）" for value in schema["enum"])
    return ("E-ENUM", {"choices": choices, "advice": choice_meant(schema, tellable)})


def _pattern(schema: Schema, _: Any, __: object) -> Wording:
    return ("E-PATTERN", {"advice": how_to_write(schema)})


def _length(schema: Schema, value: Any, _: object) -> Wording:
    low, high, count = schema.get("minLength", 1), schema["maxLength"], len(value)
    advice = f"至少删去 {count - high} 个字" if count > high else "写得具体一些"
    return ("E-LENGTH", {"low": low, "high": high, "count": count, "advice": advice})


def _range(schema: Schema, _: Any, __: object) -> Wording:
    advice = "核对单位（资金以元为单位）后改正" if "元" in schema["title"] else "核对后改正"
    return ("E-RANGE", {"low": schema["minimum"], "high": amount(schema["maximum"]), "advice": advice})


def _count(schema: Schema, value: Any, _: object) -> Wording:
    low, high, count = schema.get("minItems", 0), schema["maxItems"], len(value)
    told = {"span": high if low == high else f"{low} 到 {high}", "count": count}
    if count > high:
        return ("E-LIMIT", {**told, "advice": f"至少删去 {count - high} 条", "otherwise": ""})
    return ("E-LIMIT", {**told, "advice": "补上内容"})


_WORDINGS: Mapping[str, Callable[[Schema, Any, object], Wording]] = {
    "type": _type,
    "enum": _enum,
    "pattern": _pattern,
    "format": _date,
    "minLength": _length,
    "maxLength": _length,
    "minimum": _range,
    "maximum": _range,
    "minItems": _count,
    "maxItems": _count,
}
"""Every keyword that a schema here may use besides `required` and `additionalProperties`."""


def _field(kind: Kind, path: FieldPath) -> str:
    names = [step for step in path if isinstance(step, str)]
    index = next((step + 1 for step in reversed(path) if isinstance(step, int)), None)
    which = f"第 {index} 条" if index else ""
    return f"「{kind.label(path)}」{which}（{names[-1]}）" if names else f"「{kind.title}」"


def _shown(kind: Kind, path: FieldPath, value: object) -> str:
    """A value as it may appear in a log that every unit can read: private fields are never repeated."""
    if isinstance(value, dict):
        return "一组内容"
    if isinstance(value, list):
        return f"一个有 {len(value)} 条的列表"
    if isinstance(value, bool):
        return "true" if value else "false"
    if kind.visibility(path) != "public":
        return f"不公开的内容，共 {len(str(value))} 个字"
    return f"“{short(str(value))}”"
