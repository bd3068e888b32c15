"""What has changed from one state of a record to the next, in words that anybody may read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from taizhang.intake.records import Record
from taizhang.intake.schemas import FieldPath


def changed_fields(before: Record, after: Record) -> tuple[str, ...]:
    """The fields whose values differ, in the order of the schema."""
    names = after.kind.schema["properties"]
    return tuple(name for name in names if before.data.get(name) != after.data.get(name))


def shown(record: Record, path: FieldPath) -> str:
    """A field's value as it may be repeated: public values only, and no more of them than a line."""
    if record.kind.visibility(path) != "public":
        return "（不公开）"
    value = _at(record.data, path)
    if value is None:
        return "（没有填）"
    if isinstance(value, list):
        return f"（{len(value)} 条）"
    if isinstance(value, dict):
        return f"“{name}”" if (name := _name(value)) else "（见文件）"
    words = record.kind.field(path).get("x-labels", {}).get(value) if isinstance(value, str) else None
    text = " ".join((words or str(value)).split())
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def differences(before: Record, after: Record) -> Iterator[tuple[str, str, str]]:
    """What has changed in a register, item by item: which one (报送要求 › 期限（周报）), what it was and is."""
    return _differing(before, after, (), (), "")


def _differing(
    before: Record, after: Record, old: FieldPath, new: FieldPath, item: str
) -> Iterator[tuple[str, str, str]]:
    """The differences below a place, which stands at `old` in one record and at `new` in the other."""
    was, now = _at(before.data, old), _at(after.data, new)
    if isinstance(was, dict) and isinstance(now, dict):
        for name in dict.fromkeys((*was, *now)):
            yield from _differing(before, after, (*old, name), (*new, name), item)
    elif isinstance(was, list) and isinstance(now, list):
        for name, i, j in _paired(was, now):
            yield from _differing(before, after, (*old, i), (*new, j), name)
    elif was != now:
        place = new if now is not None else old
        yield f"{after.kind.label(place)}{f'（{item}）' if item else ''}", shown(before, old), shown(after, new)


def _paired(was: Sequence[Any], now: Sequence[Any]) -> Iterator[tuple[str, int, int]]:
    """The entries of two lists, each called by name, with its place in both: by id where they have one. -1 is none."""
    old, new = ({_key(entry, index): index for index, entry in enumerate(entries)} for entries in (was, now))
    for key in dict.fromkeys((*old, *new)):
        i, j = old.get(key, -1), new.get(key, -1)
        entry = now[j] if j >= 0 else was[i]
        named = _name(entry) if isinstance(entry, dict) else ""
        yield named or f"第 {max(i, j) + 1} 条", i, j


def _key(entry: object, index: int) -> object:
    return entry["id"] if isinstance(entry, dict) and "id" in entry else index


def _name(entry: Mapping[str, Any]) -> str:
    """What an entry of a register is called."""
    return str(next((entry[name] for name in ("title", "name", "id") if name in entry), ""))


def _at(data: Any, path: FieldPath) -> Any:
    """The value at a path; None where there is none."""
    for step in path:
        if isinstance(data, dict) and isinstance(step, str):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
            data = data[step]
        else:
            return None
    return data
