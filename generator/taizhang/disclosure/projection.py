"""The public fields of a record, by allow-list: a field is shown only if its schema marks it public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from taizhang.intake.records import Record
from taizhang.intake.schemas import Schema
from taizhang.ledger.hazards import Hazard


def public_fields(record: Record) -> Mapping[str, Any]:
    """Every field that the schema marks `x-visibility: public`; None where the record does not fill it."""
    fields: Mapping[str, Any] = _project(record.kind.schema, record.data)
    return fields


def _project(schema: Schema, value: Any) -> Any:
    if isinstance(value, dict):
        inner = schema.get("properties", {})
        return {name: _project(field, value.get(name)) for name, field in inner.items() if _is_public(field)}
    if isinstance(value, list):
        items = schema.get("items", {})
        return [_project(items, item) for item in value] if _is_public(items) else []
    return value


def _is_public(schema: Schema) -> bool:
    return bool(schema.get("x-visibility") == "public")


def may_be_public(hazard: Hazard) -> bool:
    """Whether the public may see a hazard one by one: only what a superior determined as major.

    General hazards and claims not yet determined are shown as counts.
    """
    return hazard.is_major
