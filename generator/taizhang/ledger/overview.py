"""How organisations stand at the ledger's date, as rows: what they returned, what is open, what is owed next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from taizhang.campaign.roll import Organisation
from taizhang.ledger.duties import Status
from taizhang.ledger.ledger import Ledger


class UnitCounts(NamedTuple):
    """One unit: its returns by status, its hazards that are not closed, and those of them past their deadline."""

    unit: Organisation
    returns: Mapping[Status, int]
    open_hazards: int
    overdue_hazards: int


class Outstanding(NamedTuple):
    """One thing that an organisation still has to do; the last day is None where none was set."""

    label: str
    due: date | None
    state: str
    days_left: int | None


def unit_counts(ledger: Ledger) -> Iterator[UnitCounts]:
    """Every unit of the roll, in its order."""
    for unit in ledger.roll.units:
        hazards = [hazard for hazard in ledger.hazards_of(unit.id) if hazard.state.is_open]
        overdue = sum(1 for hazard in hazards if hazard.days_overdue)
        returns = Counter(item.status(ledger.at) for item in ledger.returns_by_org[unit.id])
        yield UnitCounts(unit, returns, len(hazards), overdue)


def outstanding(ledger: Ledger, org: str, days: int) -> Iterator[Outstanding]:
    """What an organisation owes: returns missing or due within `days`, then every hazard that is not closed."""
    for item in ledger.returns_by_org[org]:
        status, left = item.status(ledger.at), item.days_left(ledger.at)
        if status in (Status.MISSING, Status.NOT_DUE) and left <= days:
            yield Outstanding(item.obligation.label, item.obligation.due, status.label, left)
    for hazard in ledger.hazards_of(org):
        if hazard.state.is_open:
            label = f"隐患 {hazard.ref}：{hazard.case.record.data['title']}"
            left_days = (hazard.deadline - ledger.at).days if hazard.deadline else None
            yield Outstanding(label, hazard.deadline, hazard.state.label, left_days)
