"""Record kinds, read from `schemas/`: one JSON Schema a kind, with its `x-kind` block and visibilities."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators

from taizhang.intake.annotations import (
    YES_NO,
    After,
    Condition,
    DateOrder,
    Need,
    read_after,
    read_conditions,
    read_needs,
    read_order,
)
from taizhang.intake.naming import Naming, read_naming
from taizhang.intake.schemas import COMMON, NOTHING_MADE, FieldPath, Schema, plain

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
FORMATS = FormatChecker(formats=())


@FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or parse_date(value) is not None


def parse_date(text: str) -> date | None:
    """A calendar day written as `2023-05-25`, else None."""
    if not DATE.match(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _pattern(_: object, pattern: str, value: object, __: Schema) -> Iterator[ValidationError]:
    # JSON Schema's `$` is ECMA-262's and means the very end; Python's also matches before a last newline.
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield ValidationError(pattern)


Explainer = validators.extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of record: what it is called, who files it, what its fields are. The same files give the same object."""

    name: str
    title: str
    schema: Schema = field(repr=False)
    place: str
    filed_by: tuple[str, ...]
    names: Naming
    card: Mapping[str, Any]
    """The words and the place of its card on the start page of the forms, as far as the schema has any."""
    numbers_are_public: bool
    """Whether the next number may be told. The number of exposures or tips would betray what is under way."""
    period_field: str | None
    """The field that names the period, where a record of the kind may have one."""
    date_field: str | None
    frozen: tuple[str, ...]
    """The fields that stay as they were once merged."""
    frozen_once_determined: tuple[str, ...]
    """The fields that stay as they were once a superior has determined what the record tells of."""
    corrected_openly: tuple[str, ...]
    """The public words that change, once published, only together with a step that says so."""
    append_only: tuple[str, ...]
    """The lists whose entries stay as they were once merged, and may only be followed by new ones."""
    correctable: bool
    final_once: str | None
    """The field with which a record that can be corrected becomes final."""
    counted: bool
    """Whether its records are counted by the program, so that nobody fills them in."""
    grows: bool
    """Whether its files grow with the roll, and may be as large as the registers."""
    _judge: Any = field(repr=False, compare=False)
    _explainer: Any = field(repr=False, compare=False)

    def is_valid(self, data: object) -> bool:
        """Whether `data` follows the schema. Fast; `errors` says why not."""
        return bool(self._judge.is_valid(data))

    def settle(self, data: dict[str, Any]) -> None:
        """Turn `clause: 36` back into the text "36" where the schema asks for text, in place.

        Text of nothing but spaces becomes None: a title nobody can see is a title not filled in.
        """
        _settle(self.schema, data)

    def errors(self, data: object) -> Iterator[ValidationError]:
        """Every departure from the schema."""
        yield from self._explainer.iter_errors(data)

    def field(self, path: FieldPath) -> Schema:
        """The schema of the field at `path`, or of the nearest one around it."""
        node = self.schema
        for step in path:
            inner = node.get("items") if isinstance(step, int) else _inner(node, step)
            if inner is None:
                break
            node = inner
        return node

    def label(self, path: FieldPath) -> str:
        """The field's Chinese name, with the names around it: 整改资金 › 计划投入（元）."""
        names = [
            self.field(path[: i + 1]).get("title", str(step)) for i, step in enumerate(path) if isinstance(step, str)
        ]
        return " › ".join(names) or self.title

    def visibility(self, path: FieldPath) -> str:
        """`public`, `internal` or `sealed`: the strictest mark on the way to the field."""
        marks = {self.field(path[: i + 1]).get("x-visibility", "internal") for i in range(len(path))}
        return next((mark for mark in ("sealed", "internal") if mark in marks), "public")

    def is_free_text(self, path: FieldPath) -> bool:
        """Whether the field at `path` takes any words: no choice, no date, no number of a given form."""
        node = self.field(path)
        return node.get("type") == "string" and not node.keys() & {"enum", "pattern", "format", "x-ref"}

    @cached_property
    def order(self) -> tuple[DateOrder, ...]:
        """Which of its dates may not come after which."""
        return read_order(self.schema)

    @cached_property
    def after(self) -> tuple[After, ...]:
        """Which days of other records its own day may not precede."""
        return read_after(self.schema)

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """What else its answers need."""
        return read_needs(self.schema)

    @cached_property
    def conditions(self) -> Mapping[str, Condition]:
        """The fields that are asked for on certain answers only."""
        return read_conditions(self.schema)

    @cached_property
    def alone(self) -> str | None:
        """The field that says there is nothing to report, where a record of the kind can say so."""
        fields = self.schema["properties"].items()
        return next((name for name, field in fields if field.get("x-alone")), None)

    def answer(self, question: str, code: str) -> object:
        """An answer that `x-needs` names, as the record holds it."""
        return YES_NO[code] if self.field((question,))["type"] == "boolean" else code

    def answers_needing(self, field_name: str) -> tuple[str, ...]:
        """The Chinese words of the answers with which a field must be filled in."""
        needs = (need for need in self.needs if need.question and need.field == field_name)
        return tuple(self.labels(need.question).get(need.answer, need.answer) for need in needs)

    @property
    def period(self) -> str | None:
        """The rhythm, where a record is named after its period."""
        return self.names.rhythm

    @property
    def names_nobody(self) -> bool:
        """Whether its records must not let anybody be recognised, informants first of all."""
        return bool(self.schema["x-kind"].get("names_nobody"))

    @cached_property
    def is_sealed(self) -> bool:
        """Whether some of it is sealed, so that plain text found in it is never repeated."""
        return any(field["x-visibility"] == "sealed" for field in self.schema["properties"].values())

    @cached_property
    def references(self) -> tuple[tuple[FieldPath, str], ...]:
        """Every field that names another record, organisation or clause, with what it names."""
        return tuple(_references(self.schema, ()))

    def labels(self, field_name: str) -> Mapping[str, str]:
        """The Chinese words for the values of a choice field."""
        labels: Mapping[str, str] = self.field((field_name,)).get("x-labels", {})
        return labels


def _inner(node: Schema, name: str) -> Schema | None:
    """The schema of a named item: its own, or the one that a map has for every name."""
    others = node.get("additionalProperties")
    inner: Schema | None = node.get("properties", {}).get(name, others or None)
    return inner


def _settle(node: Schema, value: object) -> object:
    wanted = node.get("type")
    if wanted == "string" and isinstance(value, bool | int):
        return str(value).lower()
    if wanted == "string" and isinstance(value, str) and value.isspace():
        return None
    if wanted == "object" and isinstance(value, dict):
        for name in value:
            inner = _inner(node, name)
            if inner is not None:
                value[name] = _settle(inner, value[name])
    elif wanted == "array" and isinstance(value, list):
        value[:] = [_settle(node["items"], item) for item in value]
    return value


def _references(node: Schema, path: FieldPath) -> Iterator[tuple[FieldPath, str]]:
    if "x-ref" in node:
        yield path, node["x-ref"]
    for name, inner in node.get("properties", {}).items():
        yield from _references(inner, (*path, name))
    if "items" in node:
        yield from _references(node["items"], (*path, 0))


def typed(schema: Schema) -> str:
    """What a field's help says to whoever types the file: what it is for, and how its values are written."""
    return "；".join(schema[part] for part in ("description", "x-typed") if part in schema)


def read_kind(text: bytes, common: Schema, made: Schema = NOTHING_MADE) -> Kind:
    """One schema file as a Kind. Raises jsonschema_rs.ValidationError for a broken schema: a mistake of ours."""
    schema = plain(json.loads(text), common, made)
    jsonschema_rs.meta.validate(schema)
    x = schema["x-kind"]
    return Kind(
        name=x["name"],
        title=schema["title"],
        schema=schema,
        place=x["place"],
        filed_by=tuple(x.get("filed_by", ())),
        names=read_naming(x),
        card=x.get("card", {}),
        numbers_are_public=x.get("numbers_are_public", False),
        period_field=x.get("period_field"),
        date_field=x.get("date_field"),
        frozen=tuple(x.get("frozen", ())),
        frozen_once_determined=tuple(x.get("frozen_once_determined", ())),
        corrected_openly=tuple(x.get("corrected_openly", ())),
        append_only=tuple(x.get("append_only", ())),
        correctable=x.get("correctable", True),
        final_once=x.get("final_once"),
        counted=x.get("counted", False),
        grows=x["place"] != "record" or x.get("grows", False),
        _judge=jsonschema_rs.Draft202012Validator(schema, validate_formats=True),
        _explainer=Explainer(schema, format_checker=FORMATS),
    )


def read_kinds(folder: Path, made: Schema) -> Mapping[str, Kind]:
    """Every kind in `schemas/`, by name. `made` has the definitions that the program itself makes."""
    return _read(folder, folder.glob("*.schema.json"), made)


def read_payloads(folder: Path) -> Mapping[str, Kind]:
    """What sealed fields hold before they are sealed, from `schemas/sealed/`, by name. No kinds of record."""
    return _read(folder, (folder / "sealed").glob("*.json"))


def _read(folder: Path, files: Iterable[Path], made: Schema = NOTHING_MADE) -> Mapping[str, Kind]:
    texts = (file.read_bytes() for file in sorted(files))
    return _by_name((folder / COMMON).read_bytes(), json.dumps(made), *texts)


@lru_cache(maxsize=8)
def _by_name(common: bytes, made: str, *texts: bytes) -> Mapping[str, Kind]:
    shared, own = json.loads(common), json.loads(made)
    kinds = [read_kind(text, shared, own) for text in texts]
    return {kind.name: kind for kind in kinds}
