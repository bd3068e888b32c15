"""The ledger of a unit or a campaign as a workbook that is forwarded as it is. Headings follow the real forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Any

import yaml

from taizhang.disclosure.ledger_rows import LedgerRow
from taizhang.documents.sheets import CellKind, Column, Sheet, Value, as_xlsx
from taizhang.documents.values import day
from taizhang.ledger.hazards import FIVE_ESSENTIALS

Reader = Callable[[LedgerRow], Value]
_TABLE: Mapping[str, Any] = yaml.load(
    resources.files("taizhang.workbooks").joinpath("ledger.yml").read_text(encoding="utf-8"),
    Loader=yaml.CSafeLoader,
)


def ledger_workbook(rows: Sequence[LedgerRow], *, title: str, at: date, internal: bool, demo: bool) -> bytes:
    """The workbook: one row a hazard, amounts in 万元, days as days. `at` is the day whose state it shows."""
    listed = [*_TABLE["public"], *(_TABLE["internal"] if internal else ())]
    columns = [Column(_TABLE["serial"], CellKind.NUMBER, 5), *(_column(item) for item in listed)]
    readers = [_READERS.get(item["name"]) or _inside(item["name"]) for item in listed]
    body = [[number, *(read(row) for read in readers)] for number, row in enumerate(rows, 1)]
    lead = _TABLE["lead"].format(at=day(at), scope=_TABLE["for_office" if internal else "for_public"])
    notes = [_TABLE["note"], *([_TABLE["demo"]] if demo else [])]
    page = Sheet(_TABLE["sheet"], columns, body, title=title, lead=lead, notes=notes, fixed=4, filtered=True)
    return as_xlsx([page], at, title)


def _column(item: Mapping[str, Any]) -> Column:
    return Column(item["title"], CellKind[item["kind"].upper()], item["width"], item.get("group", ""))


def _field(name: str) -> Reader:
    return lambda row: _text(row.view.fields.get(name))


def _text(value: Any) -> Value:
    items = value if isinstance(value, list) else [value] if value is not None else []
    return "；".join(str(item) for item in items) or None


def _date(name: str) -> Reader:
    def read(row: LedgerRow) -> Value:
        text = row.view.fields.get(name)
        return date.fromisoformat(text) if text else None

    return read


def _funds(name: str) -> Reader:
    def read(row: LedgerRow) -> Value:
        yuan = (row.view.fields.get("funds") or {}).get(name)
        return None if yuan is None else Decimal(yuan) / 10_000

    return read


def _inside(name: str) -> Reader:
    return lambda row: _text(row.internal.get(name))


def _level(row: LedgerRow) -> Value:
    return row.view.level + (_TABLE["pending"] if row.pending else "")


def _clauses(row: LedgerRow) -> Value:
    return "；".join(clause.label for clause in row.view.clauses) or None


def _count(value: int) -> Value:
    return value or None


def _has_plan(row: LedgerRow) -> Value:
    title = FIVE_ESSENTIALS["contingency_plan"]
    return str(_TABLE["yes" if row.view.essentials[title] else "no"])


_READERS: Mapping[str, Reader] = {
    "unit": lambda row: row.view.unit_name,
    "number": lambda row: row.view.number,
    "title": _field("title"),
    "public_summary": _field("public_summary"),
    "place": _field("place"),
    "category": lambda row: row.view.words["category"],
    "nature": lambda row: row.view.words["nature"],
    "source": lambda row: row.view.words["source"],
    "level": _level,
    "criteria": _clauses,
    "discovered_on": lambda row: row.view.discovered_on,
    "registered_on": _date("registered_on"),
    "legacy": lambda row: _TABLE["stock" if row.view.legacy else "new"],
    "responsible_role": _field("responsible_role"),
    "measures": _field("measures"),
    "funds_planned": _funds("planned"),
    "funds_secured": _funds("secured"),
    "funds_spent": _funds("spent"),
    "original_deadline": lambda row: row.view.original_deadline,
    "has_plan": _has_plan,
    "interim_controls": _field("interim_controls"),
    "deadline": lambda row: row.view.deadline,
    "times_extended": lambda row: _count(row.view.times_extended),
    "days_overdue": lambda row: _count(row.view.days_overdue),
    "supervised": lambda row: row.view.supervised or None,
    "suspended": lambda row: row.view.suspended or None,
    "state": lambda row: row.view.state_label,
    "closed_on": lambda row: row.view.closed_on,
}
"""How each public column is read; an internal one is the field of its name."""
