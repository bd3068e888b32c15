"""Schema errors as sentences a clerk understands: what must be, what was found, how to fix it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from jsonschema import ValidationError

from generator.findings import Finding, finding
from generator.intake.kinds import FieldPath, Kind
from generator.intake.strict_yaml import Document

MOST_FINDINGS = 50
LONGEST_VALUE = 40

TYPES: Mapping[str, str] = {
    "string": "一段文字",
    "integer": "一个整数，只写数字，不写单位、逗号和小数点",
    "boolean": "true（是）或 false（否）",
    "array": "一个列表，每行一条，行首写“- ”",
    "object": "一组内容，每行一项，比上一级多缩进两格",
}
SUGGESTION: Mapping[str, str] = {
    "string": "改成文字；如果内容里有冒号或井号，用英文双引号把它括起来",
    "integer": "改成整数，例如 {example}",
    "boolean": "改成 true 或 false",
    "array": "另起一行，写成“- 内容”",
    "object": "参照 taizhang new 生成的模板填写",
}


def explain(file: str, kind: Kind, document: Document) -> list[Finding]:
    """The findings for a document that departs from its kind's schema, one for each cause."""
    errors = islice(kind.errors(document.data), MOST_FINDINGS)
    found: dict[tuple[int, int, str], Finding] = {}
    for item in (item for error in errors for item in _one(file, kind, document, error)):
        found.setdefault((item.line, item.column, item.code), item)
    return sorted(found.values())


def _one(file: str, kind: Kind, document: Document, error: ValidationError) -> Iterator[Finding]:
    path: FieldPath = tuple(error.absolute_path)
    rule = str(error.validator)
    if rule == "required":
        yield from _missing(file, kind, document, path, error)
    elif rule == "additionalProperties":
        yield from _unknown(file, kind, document, path, error)
    else:
        schema = kind.field(path)
        is_date = schema.get("format") == "date" and rule in ("format", "pattern")
        wording = _date if is_date else _WORDINGS[rule]
        code, values = wording(schema, error.instance)
        place = document.place(path)
        values = {"field": _field(kind, path), "found": _shown(kind, path, error.instance), **values}
        yield finding(code, file, *place, **values)


def _missing(file: str, kind: Kind, document: Document, path: FieldPath, error: ValidationError) -> Iterator[Finding]:
    instance: Any = error.instance
    missing = [name for name in kind.field(path)["required"] if name not in instance]
    fields = "、".join(_field(kind, (*path, name)) for name in missing)
    advice = "；".join(f"{name}: {kind.field((*path, name)).get('description', '')}" for name in missing)
    yield finding("E-REQUIRED", file, *document.place(path), fields=fields, advice=advice)


def _unknown(file: str, kind: Kind, document: Document, path: FieldPath, error: ValidationError) -> Iterator[Finding]:
    known = list(kind.field(path).get("properties", {}))
    instance: Any = error.instance
    for name in instance:
        if name not in known:
            close = difflib.get_close_matches(name[:40], known, n=1)
            titles = {kind.field((*path, other)).get("title", ""): other for other in known}
            hint = close[0] if close else next((o for t, o in titles.items() if t and t.startswith(name[:20])), "")
            advice = f"改成 {hint}（{kind.field((*path, hint)).get('title')}）" if hint else "删掉这一行"
            yield finding(
                "E-FIELD", file, *document.key_place((*path, name)), name=_short(name), kind=kind.title, advice=advice
            )


Wording = tuple[str, dict[str, object]]


def _date(_: Mapping[str, Any], __: Any) -> Wording:
    return ("E-DATE", {})


def _type(schema: Mapping[str, Any], instance: Any) -> Wording:
    wanted = str(schema.get("type"))
    if instance is None:
        return ("E-BLANK", {"advice": schema.get("description", "")})
    example = schema.get("minimum", 0)
    return ("E-TYPE", {"wanted": TYPES[wanted], "advice": SUGGESTION[wanted].format(example=example)})


def _enum(schema: Mapping[str, Any], instance: Any) -> Wording:
    labels = schema.get("x-labels", {})
    choices = "、".join(f"{value}（{labels.get(value, value)}）" for value in schema["enum"])
    by_label = {label: value for value, label in labels.items()}
    close = by_label.get(str(instance)[:40]) or next(
        iter(difflib.get_close_matches(str(instance)[:40], schema["enum"], n=1)), ""
    )
    return ("E-ENUM", {"choices": choices, "advice": f"改成 {close}" if close else "从中选一个，写英文代号"})


def _pattern(schema: Mapping[str, Any], _: Any) -> Wording:
    return ("E-PATTERN", {"advice": schema.get("description", "")})


def _length(schema: Mapping[str, Any], instance: Any) -> Wording:
    low, high = schema.get("minLength", 0), schema.get("maxLength", "")
    return ("E-LENGTH", {"low": low, "high": high, "count": len(str(instance))})


def _range(schema: Mapping[str, Any], _: Any) -> Wording:
    return ("E-RANGE", {"low": schema.get("minimum"), "high": schema.get("maximum")})


def _count(schema: Mapping[str, Any], instance: Any) -> Wording:
    low, high = schema.get("minItems", 0), schema.get("maxItems", "")
    return ("E-LIMIT", {"low": low, "high": high, "count": len(instance)})


_WORDINGS: Mapping[str, Callable[[Mapping[str, Any], Any], Wording]] = {
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
    return f"“{_short(str(value))}”"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_VALUE else f"{flat[:LONGEST_VALUE]}…"
