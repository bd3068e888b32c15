"""What a form says of a wrong answer: the very sentences of `taizhang check`, so that nothing is worded twice.

Each sentence is what `intake.messages` or a rule of `checks` says of a probe that is wrong in that way. What depends
on the answer itself becomes a slot in braces, which the page fills in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, cast

from taizhang.campaign.roll import Organisation, Roll, Tier
from taizhang.checks.registry import RECORD_RULES, Register
from taizhang.findings import Finding, finding
from taizhang.intake.advice import date_meant, form_meant, how_to_write
from taizhang.intake.characters import GROUPS, first_forbidden
from taizhang.intake.kinds import Kind
from taizhang.intake.messages import explain
from taizhang.intake.records import Record
from taizhang.intake.schemas import FieldPath, Schema
from taizhang.intake.strict_yaml import Document, Place

Sentence = Mapping[str, str]
"""code, must, found and fix of a finding, with slots."""

_MARK = "⟦⟧"
_FAR = 7919
"""By how much a probe is too long: a number that no limit contains, so that it can be told in the sentence."""
_HERE = Place(7919, 1)


def sentence(item: Finding) -> Sentence:
    return {"code": item.code, "must": item.must, "found": item.found, "fix": item.fix}


@lru_cache(maxsize=128)
def of_fields(kind: Kind) -> Mapping[str, Mapping[str, Sentence]]:
    """By dotted path of the field, 0 for every item of a list, and by what is wrong: its sentence."""
    found = {}
    for path, schema, required in _fields(kind.schema, ()):
        told = dict(_of_value(kind, path, schema))
        if required:
            told["missing"] = _missing(kind, path)
        if told:
            found[".".join(map(str, path))] = {name: _any_item(text, path) for name, text in told.items()}
    return found


def _fields(node: Schema, path: FieldPath) -> Iterator[tuple[FieldPath, Schema, bool]]:
    for name, inner in node.get("properties", {}).items():
        yield (*path, name), inner, name in node.get("required", ())
        yield from _fields(inner, (*path, name))
    if "items" in node:
        yield (*path, 0), node["items"], False
        yield from _fields(node["items"], (*path, 0))


def _of_value(kind: Kind, path: FieldPath, schema: Schema) -> Iterator[tuple[str, Sentence]]:
    tell = _teller(kind, path)
    match schema["type"]:
        case "string" if schema.get("format") == "date":
            yield from _of_date(tell)
        case "string" if "enum" not in schema:
            if "pattern" in schema:
                yield "pattern", tell(_MARK)
            if "minLength" in schema:
                yield "too_short", _slotted(tell(""), found={"0": "{count}"})
                high = schema["maxLength"]
                slots = {str(high + _FAR): "{count}"}
                yield "too_long", _slotted(tell("字" * (high + _FAR)), found=slots, fix={str(_FAR): "{excess}"})
        case "integer":
            yield "number", tell(_MARK)
            # A private value is never repeated, not even as advice.
            if kind.visibility(path) == "public":
                meant = form_meant(schema, str(schema["maximum"])).replace(str(schema["maximum"]), "{number}")
                yield "number_meant", {**tell(_MARK), "fix": meant}
            yield "range", _slotted(tell(schema["maximum"] + 1), found={str(schema["maximum"] + 1): "{value}"})
        case "array":
            high = schema["maxItems"]
            if schema.get("minItems"):
                yield "too_few", _slotted(tell([]), found={"0": "{count}"})
            slots = {str(high + _FAR): "{count}"}
            yield "too_many", _slotted(tell([""] * (high + _FAR)), found=slots, fix={str(_FAR): "{excess}"})


def _of_date(tell: Callable[[object], Sentence]) -> Iterator[tuple[str, Sentence]]:
    yield "date", tell(_MARK)
    meant = "2023-05-25"
    yield "date_meant", {**tell(_MARK), "fix": date_meant("2023/5/25").replace(meant, "{meant}")}
    yield "date_unreal", {**tell(_MARK), "fix": date_meant("2023-02-30")}
    yield "date_year", {**tell(_MARK), "fix": date_meant("1900-01-01")}


def _teller(kind: Kind, path: FieldPath) -> Callable[[object], Sentence]:
    """A function that gives the sentence about a wrong value at `path`."""

    def tell(value: object) -> Sentence:
        # The items of a list lie elsewhere, so that what is said of them is not taken for what is said of the list.
        items = {(*path, index): Place(1, 1) for index in range(len(value))} if isinstance(value, list) else {}
        document = Document(_around(path, value), {path: _HERE, **items}, {})
        told = next(item for item in explain("", kind, document) if item.line == _HERE.line)
        hidden = {f"共 {len(_MARK)} 个字": "共 {count} 个字", _MARK: "{value}"}
        made = _slotted(sentence(told), found=hidden)
        # In the form the value is sealed later; the advice to seal it would be no help with a wrong one.
        return {**made, "fix": how_to_write(kind.field(path))} if kind.place == "sealed" else made

    return tell


def _around(path: FieldPath, value: object) -> dict[str, Any]:
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return cast("dict[str, Any]", value)


def _missing(kind: Kind, path: FieldPath) -> Sentence:
    """The sentence where this field alone is missing: all others that its group requires are there."""
    group = path[:-1]
    there = {name: "" for name in kind.field(group)["required"] if name != path[-1]}
    document = Document(_around(group, there), {group: _HERE}, {})
    told = [item for item in explain("", kind, document) if item.code == "E-REQUIRED" and item.line == _HERE.line]
    return sentence(told[0])


def _any_item(told: Sentence, path: FieldPath) -> Sentence:
    return _slotted(told, must={"第 1 条": "第 {n} 条"}) if 0 in path else told


def _slotted(told: Sentence, **parts: Mapping[str, str]) -> Sentence:
    made = dict(told)
    for part, slots in parts.items():
        for text, slot in slots.items():
            made[part] = made[part].replace(text, slot)
    return made


def of_files(kind: Kind) -> Mapping[str, Sentence]:
    """What is said of a record as a file, whatever its fields: its name, its characters, its emptiness."""
    slots = {name: f"{{{name}}}" for name in ("name", "year", "weeks", "what", "point", "advice", "wanted")}
    told = {
        "name": finding("E-NAME", "", kind=kind.title, help=kind.names.help, name=slots["name"]),
        "week": finding("E-WEEK", "", **slots),
        "match": finding("E-MATCH", "", **slots),
        "character": finding("E-CHAR", "", **slots),
        "tab": finding("E-TAB", ""),
        "nothing": finding("E-NOTHING", "", kind=kind.title),
    }
    return {name: sentence(item) for name, item in told.items()}


def characters() -> list[Mapping[str, str]]:
    """The characters no record may hold, group by group, with the advice for each."""
    found: list[Mapping[str, str]] = []
    for what, chars in GROUPS:
        first = next(f for f in (first_forbidden(char) for char in chars) if f)
        plain = unicodedata.normalize("NFKC", first.character)
        found.append({"what": what, "chars": chars, "advice": first.advice.replace(f"“{plain}”", "“{plain}”")})
    return found


def of_order(kind: Kind) -> list[Mapping[str, Any]]:
    """Which date may not come after which, with what is said where it does; `days` is the least between them."""
    slots = {"early": "{early}", "late": "{late}", "earliest": "{earliest}"}
    slots |= {"applied_on": slots["early"], "effective_on": slots["late"]}
    found: list[Mapping[str, Any]] = []
    for first, then, days, rule in kind.order:
        told = finding(rule, "", first=kind.label(first), second=kind.label(then), **slots)
        at = then if days else first
        found.append({"first": first, "second": then, "at": at, "days": days, "told": sentence(told)})
    return found


def of_overspending() -> Sentence:
    return sentence(finding("E-FUNDS", "", spent="{spent}", planned="{planned}"))


_OFFICE = Organisation("office", "{org}", "{org}", "", Tier.OFFICE, "", "", None, False, None, None)
_UNIT = Organisation("unit", "", "", "", Tier.DIRECT, "", "", "office", False, None, None)
_ALONE = Register(
    # The rules that say what an answer needs look at the record alone, or at who filed it.
    campaign=cast("Any", None),
    calendar=cast("Any", None),
    roll=Roll((_OFFICE, _UNIT)),
    criteria={},
    records={},
    files=frozenset(),
    left_out=frozenset(),
)


def of_need(kind: Kind, code: str, answer: Mapping[str, Any]) -> Sentence:
    """What rule `code` says of a record that gives this answer and leaves out what it asks for.

    Raises StopIteration where the rule has nothing to say: a mistake in the table of needs.
    """
    blank: dict[str, Any] = {n: [] if kind.field((n,))["type"] == "array" else "" for n in kind.schema["required"]}
    document = Document({**blank, **answer}, {}, {})
    record = Record("", kind, "", "office", "", document, date.min, date.min)
    hit = next(RECORD_RULES[code].check(record, _ALONE))
    return sentence(finding(code, "", **hit.values))
