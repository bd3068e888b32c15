"""Schema errors as findings: which rule a value breaks, and the facts that a clerk needs to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from jsonschema import ValidationError

from taizhang.findings import Finding, Phrase, finding, phrase, several
from taizhang.intake.advice import (
    LONGEST_VALUE,
    amount,
    choice,
    choice_meant,
    date_meant,
    form_meant,
    how_to_write,
    short,
)
from taizhang.intake.kinds import Kind
from taizhang.intake.schemas import FieldPath, Schema
from taizhang.intake.strict_yaml import Document

SEAL = phrase("write.sealed")
MOST_FINDINGS = 50
MOST_ERRORS = 500


class InvalidFile(NamedTuple):
    """A file that departs from its kind's schema. `withheld` are the values that must not be repeated."""

    file: str
    kind: Kind
    document: Document
    withheld: Collection[FieldPath]

    def withholds(self, path: FieldPath) -> bool:
        return any(path[:end] in self.withheld for end in range(1, len(path) + 1))

    def finding(self, code: str, path: FieldPath, **facts: object) -> Finding:
        return finding(code, self.file, *self.document.place(path), path, **facts)


def explain(file: str, kind: Kind, document: Document, withheld: Collection[FieldPath] = ()) -> list[Finding]:
    """The findings for a document that departs from its kind's schema, one for each cause, at most MOST_FINDINGS."""
    case = InvalidFile(file, kind, document, withheld)
    # A misspelt name breaks two rules, one item missing and one unknown, and a blank value may break three.
    errors = sorted(islice(kind.errors(document.data), MOST_ERRORS), key=_weight)
    unknown = list(islice((u for e in errors if e.validator == "additionalProperties" for u in _unknown(case, e)), 50))
    meant = {u.meant for u in unknown}
    found = {(item.line, item.column, item.code): item for item in (_unknown_finding(case, u) for u in unknown)}
    explained = {u.meant[:-1] for u in unknown if u.meant}
    for error in errors:
        path = tuple(error.absolute_path)
        if error.validator == "required":
            items = _missing(case, path, error, meant)
        elif error.validator == "additionalProperties" or path in explained:
            continue
        else:
            items = iter([_wrong(case, path, error)])
            explained.add(path)
        for item in items:
            found.setdefault((item.line, item.column, item.code), item)
    return sorted(found.values())[:MOST_FINDINGS] or [_unexplained(case)]


def _unexplained(case: InvalidFile) -> Finding:
    """A record must never be left out in silence, not even where the two validators disagree."""
    wanted, found, advice = (phrase(key) for key in ("wanted.template", "shown.unfit", "write.again"))
    return case.finding("E-TYPE", (), field=field_name(case.kind, ()), wanted=wanted, found=found, advice=advice)


_FIRST = ("type", "format", "pattern", "enum")


def _weight(error: ValidationError) -> int:
    """Which of several errors in one value is the cause, smallest first."""
    return _FIRST.index(str(error.validator)) if error.validator in _FIRST else len(_FIRST)


def _missing(case: InvalidFile, path: FieldPath, error: ValidationError, meant: set[FieldPath]) -> Iterator[Finding]:
    instance: Any = error.instance
    required = case.kind.field(path)["required"]
    missing = [name for name in required if name not in instance and (*path, name) not in meant]
    if missing:
        fields = several(field_name(case.kind, (*path, name)) for name in missing)
        advice = several((_lacking(case.kind, (*path, name)) for name in missing), "；")
        yield case.finding("E-REQUIRED", path, fields=fields, advice=advice)


def _lacking(kind: Kind, path: FieldPath) -> Phrase:
    schema = kind.field(path)
    key = "write.missing_choice" if "enum" in schema else "write.missing"
    return phrase(key, name=path[-1], label=kind.label(path), how=how_to_write(schema))


class Unknown(NamedTuple):
    """An item that the schema does not know, the one that was probably meant, and what to do."""

    path: FieldPath
    meant: FieldPath
    advice: Phrase


def _unknown(case: InvalidFile, error: ValidationError) -> Iterator[Unknown]:
    path: FieldPath = tuple(error.absolute_path)
    instance: Any = error.instance
    known = case.kind.field(path)["properties"]
    for name in (name for name in instance if name not in known):
        meant, advice = _meant(case.kind, path, name, known, instance)
        yield Unknown((*path, name), meant, advice)


def _meant(
    kind: Kind, path: FieldPath, name: str, known: Mapping[str, Schema], instance: Mapping[str, object]
) -> tuple[FieldPath, Phrase]:
    for outer in range(len(path)):
        if name in kind.field(path[:outer]).get("properties", {}):
            return (*path[:outer], name), phrase("unknown.outer", name=name)
    for around, schema in known.items():
        if name in schema.get("properties", {}):
            return (*path, around, name), phrase("unknown.inner", around=around)
    free = {item: str(schema["title"]).partition("（")[0] for item, schema in known.items() if item not in instance}
    written = name[:LONGEST_VALUE].lower()
    titles = [item for item, title in free.items() if written.startswith(title) or title.startswith(written)]
    close = titles or difflib.get_close_matches(written, free, n=1)
    if close:
        meant = phrase("choice", code=close[0], label=known[close[0]]["title"])
        return (*path, close[0]), phrase("mend.value", value=meant)
    like = difflib.get_close_matches(written, free.values(), n=1, cutoff=0.5)
    if like:
        guess = next(item for item, title in free.items() if title == like[0])
        return (), phrase("unknown.perhaps", label=like[0], name=guess)
    # The record of a tip has no place for words, so that nobody is told to move a name there.
    return (), phrase("unknown.nobody" if kind.names_nobody else "unknown.elsewhere")


def _unknown_finding(case: InvalidFile, unknown: Unknown) -> Finding:
    text = short(str(unknown.path[-1]))
    name: str | Phrase = text
    advice = unknown.advice
    plain = text.isascii() and text.isidentifier()
    if case.kind.is_sealed and not plain:
        # Whoever writes plain text into a record for sealed data may well write a name as a key.
        name, advice = phrase("unknown.hidden"), phrase("unknown.sealed", seal=SEAL)
    elif (case.kind.names_nobody and not plain) or case.kind.visibility(unknown.path[:-1]) != "public":
        name = phrase("unknown.hidden")
    place = case.document.key_place(unknown.path)
    return finding("E-FIELD", case.file, *place, unknown.path, name=name, kind=case.kind.title, advice=advice)


def _wrong(case: InvalidFile, path: FieldPath, error: ValidationError) -> Finding:
    schema, value = case.kind.field(path), error.instance
    rule = str(error.validator)
    is_date = schema.get("format") == "date" and rule in ("format", "pattern")
    # Advice that tells what was meant repeats the value, and a private value is never repeated; a choice is none.
    is_public = case.kind.visibility(path) == "public" or rule == "enum"
    is_told = not case.withholds(path) and (is_public or not isinstance(value, str))
    code, facts = (_date if is_date else _DEPARTURES[rule])(schema, value, value if is_told else None)
    known: Facts = {"field": field_name(case.kind, path), "otherwise": _otherwise(case.kind, path)}
    found = phrase("shown.number") if case.withholds(path) else shown(case.kind, path, value)
    sealed: Facts = {"advice": SEAL} if schema.get("x-visibility") == "sealed" else {}
    return case.finding(code, path, **{**known, "found": found, **facts, **sealed})


def _otherwise(kind: Kind, path: FieldPath) -> Phrase | str:
    """What else may be done about a blank value."""
    if not path or path[-1] in kind.field(path[:-1]).get("required", ()):
        return ""
    return phrase("otherwise.item" if isinstance(path[-1], int) else "otherwise.field")


Facts = dict[str, object]
Departure = tuple[str, Facts]
"""The rule that a value breaks, and the facts that depend on how."""


def _date(_: Schema, __: Any, tellable: object) -> Departure:
    return ("E-DATE", {"advice": date_meant(tellable)})


def _type(schema: Schema, value: Any, tellable: object) -> Departure:
    if value is None:
        return ("E-BLANK", {"advice": how_to_write(schema)})
    return ("E-TYPE", {"wanted": phrase(f"wanted.{schema['type']}"), "advice": form_meant(schema, tellable)})


def _enum(schema: Schema, _: Any, tellable: object) -> Departure:
    choices = several(choice(schema, value) for value in schema["enum"])
    return ("E-ENUM", {"choices": choices, "advice": choice_meant(schema, tellable)})


def _pattern(schema: Schema, _: Any, __: object) -> Departure:
    return ("E-PATTERN", {"advice": how_to_write(schema)})


def _length(schema: Schema, value: Any, _: object) -> Departure:
    low, high, count = schema.get("minLength", 1), schema["maxLength"], len(value)
    advice = phrase("mend.shorter", count=count - high) if count > high else phrase("mend.longer")
    return ("E-LENGTH", {"low": low, "high": high, "count": count, "advice": advice})


def _range(schema: Schema, _: Any, __: object) -> Departure:
    advice = phrase("mend.amount" if "元" in schema["title"] else "mend.number")
    return ("E-RANGE", {"low": schema["minimum"], "high": amount(schema["maximum"]), "advice": advice})


def _count(schema: Schema, value: Any, _: object) -> Departure:
    low, high, count = schema.get("minItems", 0), schema["maxItems"], len(value)
    span = high if low == high else phrase("span", low=low, high=high)
    if count > high:
        fewer = phrase("mend.fewer", count=count - high)
        return ("E-LIMIT", {"span": span, "count": count, "advice": fewer, "otherwise": ""})
    return ("E-LIMIT", {"span": span, "count": count, "advice": phrase("mend.more")})


_DEPARTURES: Mapping[str, Callable[[Schema, Any, object], Departure]] = {
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


def field_name(kind: Kind, path: FieldPath) -> Phrase:
    """What the field at `path` is called: by its title, and by its name where the file is at hand."""
    names = [step for step in path if isinstance(step, str)]
    if not names:
        return phrase("record", title=kind.title)
    index = next((step + 1 for step in reversed(path) if isinstance(step, int)), None)
    called = {"label": kind.label(path), "name": names[-1]}
    return phrase("item", number=index, **called) if index else phrase("field", **called)


def shown(kind: Kind, path: FieldPath, value: object) -> Phrase:
    """A value as it may appear in a log that every unit can read: private fields are never repeated."""
    if isinstance(value, dict):
        return phrase("shown.group")
    if isinstance(value, list):
        return phrase("shown.list", count=len(value))
    if isinstance(value, bool):
        return phrase("shown.yes" if value else "shown.no")
    if kind.visibility(path) != "public":
        return phrase("shown.private", count=len(str(value)))
    return phrase("shown.text", text=short(str(value)))
