"""What is said about a workbook and its rows, from `wording.yml`."""

from __future__ import annotations

from importlib import resources

import yaml

_TABLE = yaml.load(
    resources.files("taizhang.spreadsheets").joinpath("wording.yml").read_text(encoding="utf-8"),
    Loader=yaml.CSafeLoader,
)


def phrase(key: str, /, **values: object) -> str:
    """The sentence or phrase of `key` with `values` filled in, on one line. KeyError for a mistake of ours."""
    words = {name: _printable(str(value)) for name, value in values.items()}
    text: str = _TABLE[key].format_map(words)
    return text


def _printable(text: str) -> str:
    """Text that cannot move a terminal's cursor: what a workbook holds is not to be trusted."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
