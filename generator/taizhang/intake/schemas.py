"""Schema files as plain schemas: what several kinds share stands once, in `common.json`, and is put in by `$ref`.

So is what the program itself knows already, such as the figures of a bulletin: its definitions are given when read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]
FieldPath = tuple[str | int, ...]
"""Where a field stands: names, and the numbers of entries in lists."""

COMMON = "common.json"
MADE = "made:"
"""The place, in a `$ref`, of the definitions that no file has."""
NOTHING_MADE: Schema = {"$defs": {}}
_DEFINITIONS = "#/$defs/"


def read_common(folder: Path) -> Schema:
    """The definitions that all schemas of a folder share."""
    common: Schema = json.loads((folder / COMMON).read_bytes())
    return common


def plain(schema: Schema, common: Schema, made: Schema = NOTHING_MADE) -> dict[str, Any]:
    """A schema in which every `$ref` is replaced by what it names; what stands beside a reference goes before it.

    Whoever reads a schema after this needs to know nothing of references. Raises KeyError for one that leads nowhere.
    """
    homes = {COMMON: common, MADE: made}
    resolved: dict[str, Any] = _resolved(schema, schema, homes)
    return {name: part for name, part in resolved.items() if name != "$defs"}


def _resolved(node: Any, own: Schema, homes: Mapping[str, Schema]) -> Any:
    """`node` of the file whose root is `own`, with nothing in it that refers elsewhere."""
    if isinstance(node, list):
        return [_resolved(item, own, homes) for item in node]
    if not isinstance(node, dict):
        return node
    beside = {name: _resolved(part, own, homes) for name, part in node.items() if name != "$ref"}
    if "$ref" not in node:
        return beside
    file, _, name = node["$ref"].partition(_DEFINITIONS)
    home = homes[file] if file else own
    return {**_resolved(home["$defs"][name], home, homes), **beside}
