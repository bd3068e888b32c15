"""A bulletin's record as the text of its file: one row of figures a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _Row(dict[str, Any]):
    """A mapping that goes on one line."""


class _Dumper(yaml.SafeDumper):
    """Writes days as days are written in records: without quotes."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own way to say it
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def ignore_aliases(self, _: object) -> bool:
        """Write what occurs twice twice: records take no aliases."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent the entries of lists, as the records of the sample do."""
        del indentless
        super().increase_indent(flow, False)


_Dumper.add_representer(
    _Row, lambda dumper, row: dumper.represent_mapping("tag:yaml.org,2002:map", row, flow_style=True)
)


def record_text(data: Mapping[str, Any]) -> str:
    """The file of a record, in the order of its fields."""
    rows = {"figures": [_Row(row) for row in data["figures"]]}
    return yaml.dump({**data, **rows}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100_000)
