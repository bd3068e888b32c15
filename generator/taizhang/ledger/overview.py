"""What an organisation still has to do at the ledger's date, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from taizhang.ledger.duties import Status
from taizhang.ledger.ledger import Ledger


class Outstanding(NamedTuple):
    """One thing that an organisation still has to do; the last day is None where none was set."""

    label: str
    due: date | None
    state: str
    days_left: int | None


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
