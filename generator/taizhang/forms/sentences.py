"""What a form says of a wrong answer: findings of the check in the words of a form, so that nothing is judged twice.

Each is the finding that `intake.messages` or a rule of `checks` makes of a probe that is wrong in that way. Facts that
depend on the answer itself are slots in braces, which the page fills in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, cast

from taizhang.campaign.roll import Organisation, Roll, Tier
from taizhang.checks.personal import is_guarded, is_written, told
from taizhang.checks.registry import RECORD_RULES, Register
from taizhang.findings import Channel, Finding, Phrase, finding, phrase, say, word
from taizhang.intake.advice import how_to_write
from taizhang.intake.characters import GROUPS, first_forbidden
from taizhang.intake.kinds import Kind
from taizhang.intake.messages import explain, field_name
from taizhang.intake.records import Record
from taizhang.intake.schemas import FieldPath, Schema
from taizhang.intake.strict_yaml import Document

Template = Mapping[str, str]
"""The code of a finding, what is said of it and how to mend it, with slots."""


def template(item: Finding) -> Template:
    sentence = word(item, Channel.FORM)
    return {"code": item.code, "message": sentence.message, "fix": sentence.fix}


@lru_cache(maxsize=128)
def of_fields(kind: Kind) -> Mapping[str, Mapping[str, Template]]:
    """By dotted path of the field, 0 for every item of a list, and by what is wrong: what is said."""
    found = {}
    for path, schema, required in _fields(kind.schema, ()):
        faults = dict(_Probe(kind, path).faults(schema))
        if required:
            faults["missing"] = _missing(kind, path)
        if faults:
            found[".".join(map(str, path))] = {name: template(item) for name, item in faults.items()}
    return found


def _fields(node: Schema, path: FieldPath) -> Iterator[tuple[FieldPath, Schema, bool]]:
    for name, inner in node.get("properties", {}).items():
        yield (*path, name), inner, name in node.get("required", ())
        yield from _fields(inner, (*path, name))
    if "items" in node:
        yield (*path, 0), node["items"], False
        yield from _fields(node["items"], (*path, 0))


class _Probe:
    """Tries wrong values at one field."""

    def __init__(self, kind: Kind, path: FieldPath) -> None:
        self.kind, self.path = kind, path
        self.is_public = kind.visibility(path) == "public"

    def faults(self, schema: Schema) -> Iterator[tuple[str, Finding]]:
        """Everything that can be wrong with a value of this field, by the name that the page's script has for it."""
        match schema["type"]:
            case "string" if schema.get("format") == "date":
                yield "date", self._finding("{value}")
                yield "date_meant", self._finding("{value}", advice=phrase("mend.value", value="{meant}"))
                yield "date_unreal", self._finding("{value}", advice=phrase("mend.no_such_day"))
                yield "date_year", self._finding("{value}", advice=phrase("mend.year"))
            case "string" if "enum" not in schema:
                if is_guarded(self.kind, self.path) and is_written(self.kind, self.path):
                    yield "personal", finding("E-PERSONAL", "", **told(self.kind, self.path, "{what}", "{masked}"))
                if "pattern" in schema:
                    yield "pattern", self._finding("{value}")
                if "minLength" in schema:
                    longer = phrase("mend.shorter", count="{excess}")
                    yield "too_short", self._finding("", count="{count}")
                    yield "too_long", self._finding("字" * (schema["maxLength"] + 1), count="{count}", advice=longer)
            case "integer":
                yield "number", self._finding("{value}")
                # A private value is never repeated, not even as advice.
                if self.is_public:
                    yield "number_meant", self._finding("{value}", advice=phrase("mend.value", value="{number}"))
                yield "range", self._finding(schema["maximum"] + 1)
            case "array":
                if schema.get("minItems"):
                    yield "too_few", self._finding([], count="{count}")
                fewer = phrase("mend.fewer", count="{excess}")
                yield "too_many", self._finding([""] * (schema["maxItems"] + 1), count="{count}", advice=fewer)

    def _finding(self, value: object, **slots: object) -> Finding:
        """What is found of a value, with slots for what depends on it."""
        document = Document(_around(self.path, value), {}, {})
        item = next(item for item in explain("", self.kind, document) if item.path == self.path)
        found = phrase("shown.text", text="{value}") if self.is_public else phrase("shown.private", count="{count}")
        facts = {**dict(item.facts), "field": _any_item(field_name(self.kind, self.path)), "found": found, **slots}
        if self.kind.place == "sealed":
            # In the form the value is sealed later; the advice to seal it would be no help with a wrong one.
            facts["advice"] = how_to_write(self.kind.field(self.path))
        return replace(item, facts=tuple(facts.items()))


def _around(path: FieldPath, value: object) -> dict[str, Any]:
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return cast("dict[str, Any]", value)


def _any_item(called: Phrase) -> Phrase:
    """The name of a field in the first item of a list as the name of that field in any."""
    return phrase(called.key, **{**dict(called.facts), "number": "{n}"})


def _missing(kind: Kind, path: FieldPath) -> Finding:
    """What is found where this field alone is missing."""
    return finding("E-REQUIRED", "", fields=_any_item(field_name(kind, path)), advice="")


def of_files(kind: Kind) -> Mapping[str, Template]:
    """What is said of a record as a file, whatever its fields: its name, its characters, its emptiness."""
    slots = {name: f"{{{name}}}" for name in ("name", "year", "weeks", "what", "point", "advice", "wanted")}
    wordings = {
        "name": finding("E-NAME", "", kind=kind.title, help=kind.names.help, name=slots["name"]),
        "week": finding("E-WEEK", "", **slots),
        "match": finding("E-MATCH", "", **slots),
        "character": finding("E-CHAR", "", **slots),
        "tab": finding("E-TAB", ""),
        "nothing": finding("E-NOTHING", "", kind=kind.title),
    }
    return {name: template(item) for name, item in wordings.items()}


def characters() -> list[Mapping[str, str]]:
    """The characters no record may hold, group by group, with the advice for each."""
    found: list[Mapping[str, str]] = []
    for what, chars in GROUPS:
        first = next(f for f in (first_forbidden(char) for char in chars) if f)
        slots = {name: f"{{{name}}}" for name, _ in first.advice.facts}
        found.append({"what": what, "chars": chars, "advice": say(phrase(first.advice.key, **slots), Channel.FORM)})
    return found


def of_order(kind: Kind) -> list[Mapping[str, Any]]:
    """Which date may not come after which, with what is said where it does; `days` is the least between them."""
    slots = {"early": "{early}", "late": "{late}", "earliest": "{earliest}"}
    slots |= {"applied_on": slots["early"], "effective_on": slots["late"]}
    found: list[Mapping[str, Any]] = []
    for first, then, days, rule in kind.order:
        told = finding(rule, "", first=kind.label(first), second=kind.label(then), **slots)
        at = then if days else first
        found.append({"first": first, "second": then, "at": at, "days": days, "told": template(told)})
    return found


def of_overspending() -> Template:
    return template(finding("E-FUNDS", "", spent="{spent}", planned="{planned}"))


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


def of_need(kind: Kind, code: str, answer: Mapping[str, Any]) -> Template:
    """What rule `code` says of a record that gives this answer and leaves out what it asks for.

    Raises StopIteration where the rule has nothing to say: a mistake in the table of needs.
    """
    blank: dict[str, Any] = {n: [] if kind.field((n,))["type"] == "array" else "" for n in kind.schema["required"]}
    document = Document({**blank, **answer}, {}, {})
    record = Record("", kind, "", "office", "", document, date.min, date.min)
    hit = next(RECORD_RULES[code].check(record, _ALONE))
    return template(finding(code, "", **hit.values))
