"""The fields of a record under their Chinese names, as text, as far as an edition may show them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from taizhang.documents.values import day
from taizhang.intake.records import Record
from taizhang.intake.schemas import Schema

_STRICTER = ("public", "internal", "sealed")
"""The marks of `x-visibility`, each stricter than those before it."""

NameOf = Callable[[str, str], str]
"""How what a field names is told: from its kind and its reference; empty for what is not to be told."""


class LabelledField(NamedTuple):
    """A field of a record under its Chinese name, as text."""

    label: str
    text: str


def as_written(_: str, ref: str) -> str:
    """What a field names, by its reference."""
    return ref


def labelled(record: Record, marks: Container[str], name_of: NameOf = as_written) -> Iterator[LabelledField]:
    """The fields that carry one of the marks, in the order of the schema; sealed ones never.

    What holds a field may be stricter than the field itself, and then decides. The day of filing and what a withdrawal
    says stand elsewhere.
    """
    for name, schema in record.kind.schema["properties"].items():
        if name not in ("filed_on", "withdrawn") and name in record.data:
            yield from _told(schema, record.data[name], str(schema["title"]), "public", marks, name_of)


def _told(
    schema: Schema, value: Any, label: str, around: str, marks: Container[str], name_of: NameOf
) -> Iterator[LabelledField]:
    mark = max(around, schema.get("x-visibility", "sealed"), key=_STRICTER.index)
    if mark == "sealed":
        return
    if isinstance(value, dict):
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from _told(inner, value[name], f"{label} › {inner['title']}", mark, marks, name_of)
    elif isinstance(value, list) and "enum" not in schema["items"]:
        for item in value:
            yield from _told(schema["items"], item, label, mark, marks, name_of)
    elif mark in marks:
        text = name_of(schema["x-ref"], value) if "x-ref" in schema else _text(schema, value)
        if text:
            yield LabelledField(label, text)


def _text(schema: Schema, value: Any) -> str:
    labels: Mapping[str, str] = schema.get("items", schema).get("x-labels", {})
    if isinstance(value, bool):
        return "是" if value else "否"
    if schema.get("format") == "date":
        return day(date.fromisoformat(value))
    values = value if isinstance(value, list) else [value]
    return "、".join(labels.get(str(one), str(one)) for one in values)
