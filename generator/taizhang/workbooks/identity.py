"""Which record a row is: the same row gives the same record however often it is imported.

A row is known again by its record's name, if it gives one; else by the mark that importing left in the record's file,
which outlives corrections of the record; else by the day, place and words that identify it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from taizhang.intake.kinds import Kind
from taizhang.intake.names import MOST_NUMBERS, is_serial, last_number, numbered
from taizhang.workbooks.columns import ColumnLayout, normal
from taizhang.workbooks.drafts import RowDraft

MARK = re.compile(r"^# [^\n]{0,20}?\b([0-9a-f]{16})\b", re.MULTILINE)


class RowMatch(Enum):
    """What is to be done with a row."""

    NEW = "new"
    SAME = "same"
    REPEATED = "repeated"
    UNNAMED = "unnamed"
    FULL = "full"


@dataclass(frozen=True)
class Filed:
    """What the organisation has filed of the kind: every name in use, the readable records, the marks in the files."""

    names: frozenset[str] = frozenset()
    records: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """A row and the record it is to be, is already, or repeats."""

    draft: RowDraft
    match: RowMatch
    name: str = ""
    mark: str = ""
    earlier: int = 0
    """For a repeated row the row it repeats, from 0."""


def mark_of(layout: ColumnLayout, data: Mapping[str, Any]) -> str:
    """The mark of a row: a digest of what identifies it, the same however it is spaced or punctuated."""
    said = [normal(str(data.get(name, ""))) for name in layout.identity]
    return hashlib.sha256("\x1f".join([layout.kind.name, *said]).encode()).hexdigest()[:16] if any(said) else ""


def plan(layout: ColumnLayout, drafts: Iterable[RowDraft], filed: Filed) -> Iterator[Plan]:
    """What each sound draft comes to, in the order of the rows."""
    known = {mark_of(layout, data): name for name, data in filed.records.items()} | dict(filed.marks)
    names = _FreeNames(layout.kind, filed.names)
    seen: dict[str, int] = {}
    for draft in drafts:
        mark = mark_of(layout, draft.data)
        same = draft.name if draft.name in filed.names else known.get(mark, "") if mark else ""
        if same:
            yield Plan(draft, RowMatch.SAME, same, mark)
        elif mark and mark in seen:
            yield Plan(draft, RowMatch.REPEATED, mark=mark, earlier=seen[mark])
        elif name := names.take(draft):
            seen[mark] = draft.row
            yield Plan(draft, RowMatch.NEW, name, mark)
        else:
            yield Plan(draft, RowMatch.FULL if is_serial(layout.kind) else RowMatch.UNNAMED, mark=mark)


class _FreeNames:
    """The names that are taken, and the next that is free."""

    def __init__(self, kind: Kind, taken: Iterable[str]) -> None:
        self.kind = kind
        self.taken = set(taken)

    def take(self, draft: RowDraft) -> str:
        """A name for the draft: its own, the next number of its year, or what its fields make; or none."""
        tried = [draft.name] if draft.name else self._made(draft.data)
        name = next((name for name in tried if name not in self.taken), "")
        if name:
            self.taken.add(name)
        return name

    def _made(self, data: Mapping[str, Any]) -> Iterator[str]:
        names = self.kind.names
        if is_serial(self.kind):
            year = str(data.get("filed_on", ""))[:4]
            number = last_number(year, self.taken) + 1
            return iter([numbered(year, number)] if number <= MOST_NUMBERS else [])
        said = (f"{names.made(data)}{end}" for end in ("", *(f"-{n}" for n in range(1, 10))))
        return (name for name in said if names.pattern.match(name))


def differing(draft: RowDraft, record: Mapping[str, Any]) -> Iterator[str]:
    """The fields of a row that say something else than the record has; what was only assumed does not count."""
    for name, value in draft.data.items():
        if draft.document.place((name,)).column and record.get(name) != value:
            yield name
