"""Records as YAML text: block style, dates bare, quotes only where a reader of YAML would not see text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

_BARE_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=~<.0-9+][^\x00-\x1f\x7f]*")
_RISKY = re.compile(r": |\s#|:$|\s$")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def document(record: Mapping[str, Any]) -> str:
    """`record` as one YAML document; values may be text, whole numbers, truth values, dates, lists and mappings."""
    return "\n".join(_mapping(record, 0)) + "\n"


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | date):
        return str(value)
    text = str(value)
    if _BARE_DATE.fullmatch(text):
        return text
    if _PLAIN.fullmatch(text) and not _RISKY.search(text) and text.lower() not in _WORDS:
        return text
    return "'" + text.replace("'", "''") + "'"


def _mapping(record: Mapping[str, Any], depth: int) -> list[str]:
    indent = "  " * depth
    lines: list[str] = []
    for key, value in record.items():
        if isinstance(value, Mapping) and value:
            lines += [f"{indent}{key}:", *_mapping(value, depth + 1)]
        elif isinstance(value, Sequence) and not isinstance(value, str) and value:
            lines += [f"{indent}{key}:", *_sequence(value, depth + 1)]
        else:
            lines.append(f"{indent}{key}: {'[]' if isinstance(value, list) else _scalar(value)}")
    return lines


def _sequence(items: Sequence[Any], depth: int) -> list[str]:
    indent = "  " * depth
    lines: list[str] = []
    for item in items:
        if isinstance(item, Mapping):
            first, *rest = _mapping(item, depth + 1)
            lines += [f"{indent}- {first.lstrip()}", *rest]
        else:
            lines.append(f"{indent}- {_scalar(item)}")
    return lines
