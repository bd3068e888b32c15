"""Rules of the closed loop. The fold has already refused what is illegal; here it is said, with its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from taizhang.checks.registry import ledger_rule
from taizhang.findings import Finding
from taizhang.ledger.duties import Return
from taizhang.ledger.exposures import Stage
from taizhang.ledger.hazards import Case
from taizhang.ledger.ledger import Ledger


@ledger_rule
def steps_are_legal(ledger: Ledger) -> Iterator[Finding]:
    """Every record about a hazard is a step the closed loop allows at that point."""
    for case in ledger.cases:
        for refusal in case.refusals:
            yield refusal.record.finding(refusal.code, refusal.field, **refusal.values)


@ledger_rule
def extensions_are_asked_for_early(ledger: Ledger) -> Iterator[Finding]:
    """An application for extension comes as many working days before the deadline as the campaign asks."""
    wanted = ledger.campaign.extension_notice_workdays
    for application in (extension.application for case in ledger.cases for extension in case.extensions):
        deadline = application.day("current_deadline")
        notice = ledger.calendar.workdays_between(application.day("applied_on"), deadline)
        if notice < wanted:
            yield application.finding("W-EXTEND-LATE", ("applied_on",), wanted=wanted, notice=notice, deadline=deadline)


@ledger_rule
def exposures_follow_due_process(ledger: Ledger) -> Iterator[Finding]:
    """An exposure takes every step in order; none is published without notice and a second body's approval."""
    for exposure in ledger.exposures:
        if exposure.fault:
            yield exposure.record.finding(exposure.fault.code, ("steps", exposure.fault.at), **exposure.fault.values)


@ledger_rule
def nil_returns_agree_with_the_ledger(ledger: Ledger) -> Iterator[Finding]:
    """A unit that filed a hazard in a week has something to report for that week."""
    by_org: dict[str, list[Case]] = {}
    for case in ledger.cases:
        by_org.setdefault(case.record.org, []).append(case)
    for item in ledger.returns:
        if item.is_nil:
            yield from _nil(item, by_org.get(item.org.id, []))


def _nil(item: Return, cases: list[Case]) -> Iterator[Finding]:
    period = item.obligation.period
    found = [case for case in cases if period and case.record.filed_on in period]
    if item.record and found:
        yield item.record.finding("W-NIL", ("nil_return",), count=len(found), hazard=found[0].ref)


@ledger_rule
def exposures_are_kept_long_enough(ledger: Ledger) -> Iterator[Finding]:
    """An exposure stays in the list for the campaign's retention time after the hazard was put right."""
    days = ledger.campaign.exposure_retention_days
    for exposure in ledger.exposures:
        archived = exposure.first(Stage.ARCHIVED, date.max)
        since = exposure.first(Stage.RECTIFIED, date.max) or exposure.first_public
        if archived and since and (archived - since).days < days:
            index = next(i for i, step in enumerate(exposure.steps) if step.stage is Stage.ARCHIVED)
            values = {"days": days, "since": since, "archived": archived}
            yield exposure.record.finding("W-EXPOSE-KEEP", ("steps", index), **values)
