"""Rules about time. They say who is late with what; they never make a record invalid."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.checks.registry import time_rule
from taizhang.findings import Finding, finding
from taizhang.ledger.duties import Status
from taizhang.ledger.ledger import Ledger


@time_rule
def filings_arrive_in_time(ledger: Ledger) -> Iterator[Finding]:
    """What is owed arrives by the end of the due day."""
    for item in ledger.returns:
        status = item.status(ledger.at)
        values = {
            "unit": item.org.name,
            "duty": item.obligation.label,
            "due": item.obligation.due,
            "days": item.days_late(ledger.at),
        }
        if status is Status.MISSING:
            yield finding("T-MISSING", f"submissions/{ledger.campaign.id}/{item.org.id}", **values)
        elif status is Status.LATE and item.record:
            yield item.record.finding("T-LATE", ("filed_on",), filed_on=item.filed_on, **values)


@time_rule
def hazards_close_by_their_deadline(ledger: Ledger) -> Iterator[Finding]:
    """An open hazard is not past the deadline in force."""
    for hazard in ledger.overdue():
        yield hazard.case.record.finding(
            "T-OVERDUE",
            ("deadline",),
            hazard=hazard.ref,
            deadline=hazard.deadline,
            days=hazard.days_overdue,
            state=hazard.state.label,
        )


@time_rule
def disputes_are_answered_in_time(ledger: Ledger) -> Iterator[Finding]:
    """An exposure in dispute is corrected, withdrawn or upheld by the day given; it does not stay 争议中."""
    for exposure in ledger.exposures:
        due = exposure.answer_due(ledger.at)
        if due and due < ledger.at:
            values = {"exposure": exposure.record.ref, "due": due, "days": (ledger.at - due).days}
            yield exposure.record.finding("T-DISPUTE", ("steps",), **values)
