"""Schema files as plain schemas: what several kinds share stands once, in `common.json`, and is put in by `$ref`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]
FieldPath = tuple[str | int, ...]
"""Where a field stands: names, and the numbers of entries in lists."""

COMMON = "common.json"
_DEFINITIONS = "#/$defs/"


def read_common(folder: Path) -> Schema:
    """The definitions that all schemas of a folder share."""
    common: Schema = json.loads((folder / COMMON).read_bytes())
    return common


def plain(schema: Schema, common: Schema) -> dict[str, Any]:
    """A schema in which every `$ref` is replaced by what it names; what stands beside a reference goes before it.

    Whoever reads a schema after this needs to know nothing of references. Raises KeyError for one that leads nowhere.
    """
    resolved: dict[str, Any] = _resolved(schema, schema, common)
    return {name: part for name, part in resolved.items() if name != "$defs"}


def _resolved(node: Any, own: Schema, common: Schema) -> Any:
    """`node` of the file whose root is `own`, with nothing in it that refers elsewhere."""
    if isinstance(node, list):
        return [_resolved(item, own, common) for item in node]
    if not isinstance(node, dict):
        return node
    beside = {name: _resolved(part, own, common) for name, part in node.items() if name != "$ref"}
    if "$ref" not in node:
        return beside
    file, _, name = node["$ref"].partition(_DEFINITIONS)
    home = {"": own, COMMON: common}[file]
    return {**_resolved(home["$defs"][name], home, common), **beside}
