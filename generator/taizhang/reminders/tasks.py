"""Tasks: everything with a last day that the ledger knows to be unfinished, and who is to finish it.

Reminders come 7, 3 and 1 days before the last day and on it; after it a task is overdue and ages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from taizhang.campaign.obligations import Duty
from taizhang.campaign.roll import Organisation
from taizhang.disclosure.internal import known_answers
from taizhang.disclosure.internal_views import Errand
from taizhang.disclosure.projection import may_be_public, public_fields
from taizhang.ledger.closed_loop import State
from taizhang.ledger.duties import Return, Status
from taizhang.ledger.exposures import Exposure, Stage
from taizhang.ledger.hazards import Extension, Hazard
from taizhang.ledger.ledger import Ledger
from taizhang.ledger.orders import STANDING, Order

AHEAD = (7, 3, 1, 0)
"""How many days before the last day a reminder comes."""
WINDOW = max(AHEAD)


class TaskKind(StrEnum):
    """The kinds of things to be done."""

    RETURN = "return"
    """File what a duty of the campaign asks for."""
    HAZARD = "hazard"
    """Put a hazard right by its deadline."""
    ORDER = "order"
    """Do what a superior ordered by its deadline, where that is not simply the hazard's."""
    REPLY = "reply"
    """Answer before an exposure is published (单位核对)."""
    DISPUTE = "dispute"
    """Answer a dispute about an exposure; the office's own task."""
    EXTENSION = "extension"
    """Decide on an application for extension before the deadline that it is about; a superior's task."""


class Age(StrEnum):
    """How long a task is overdue. 逾期账龄: ≤7, 8–30, 31–90, >90 days."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    LONGER = "longer"

    @property
    def first_day(self) -> int:
        """With how many days overdue it begins."""
        return {"week": 1, "month": 8, "quarter": 31, "longer": 91}[self.value]


def age_of(days_overdue: int) -> Age | None:
    """The age, or None for what is not overdue."""
    return next((age for age in reversed(Age) if days_overdue >= age.first_day), None)


@dataclass(frozen=True)
class Task:
    """One thing to be done by one organisation, seen on `day`."""

    org: Organisation
    what: TaskKind
    ref: str
    """The duty with its period, or the record, as other records name it."""
    due: date
    """The last day, to 24:00; already shifted where the campaign shifts days off."""
    day: date
    facts: Mapping[str, str] = field(default_factory=dict)
    """What the wording is made from; only public fields."""
    errand: Errand | None = None
    """What is filed to finish it; None where nothing is."""
    duty: Duty | None = None
    """The duty that it answers, where it is a return."""
    is_major: bool = False
    """Whether it is about a hazard that a superior determined as major."""
    is_discreet: bool = False
    """Whether `title` among the facts is for the organisation alone: a hazard that the public sees only as a count."""
    is_provisional: bool = False

    @property
    def days_left(self) -> int:
        """Days until the last day; negative when it has passed."""
        return (self.due - self.day).days

    @property
    def days_overdue(self) -> int:
        return max(0, -self.days_left)

    @property
    def age(self) -> Age | None:
        return age_of(self.days_overdue)

    @property
    def is_told(self) -> bool:
        """Whether a reminder of this day tells of it: 7, 3, 1 days ahead, on the last day, and ever after."""
        return self.age is not None or self.days_left in AHEAD

    @property
    def is_occasion(self) -> bool:
        """Whether it is a reason to write today: so that what stays overdue is not written about every day."""
        return self.days_left in AHEAD or self.days_overdue in {age.first_day for age in Age}

    @property
    def is_escalated(self) -> bool:
        """Whether the safety committee's office hears of it: overdue for more than 30 days, major hazards at once."""
        return self.days_overdue >= Age.QUARTER.first_day or (self.is_major and self.age is not None)


def tasks(ledger: Ledger) -> tuple[Task, ...]:
    """Everything overdue at the ledger's date or due within a week of it, by last day."""
    found = (*_returns(ledger), *_hazards(ledger), *_orders(ledger), *_exposures(ledger), *_extensions(ledger))
    near = [task for task in found if task.days_left <= WINDOW]
    return tuple(sorted(near, key=lambda task: (task.due, task.what, task.ref)))


def _returns(ledger: Ledger) -> Iterator[Task]:
    for item in ledger.returns:
        if item.status(ledger.at) in (Status.MISSING, Status.NOT_DUE):
            yield _return(ledger, item)


def _return(ledger: Ledger, item: Return) -> Task:
    duty, period = item.obligation.duty, item.obligation.period
    return Task(
        item.org,
        TaskKind.RETURN,
        f"{duty.id}/{period.key}" if period else duty.id,
        item.obligation.due,
        ledger.at,
        {"title": item.obligation.label, "source": duty.source},
        Errand(duty.kind, known_answers(item)),
        duty,
        is_provisional=item.obligation.provisional,
    )


def _hazards(ledger: Ledger) -> Iterator[Task]:
    for hazard in ledger.hazards:
        if hazard.state.is_open and hazard.deadline:
            facts = {**_told_of(hazard), "state": hazard.state.label}
            # What waits for a superior is finished by no record of the unit.
            errand = None if facts["waiting"] else _progress(hazard)
            org = ledger.organisation(hazard.unit)
            yield _about(ledger, hazard, org, TaskKind.HAZARD, hazard.deadline, facts, errand)


def _progress(hazard: Hazard) -> Errand:
    return Errand("rectifications", {"hazard": hazard.ref})


def _told_of(hazard: Hazard) -> Mapping[str, str]:
    waiting = {State.AWAITING_ACCEPTANCE: "acceptance"}.get(hazard.state, "determination" if hazard.is_pending else "")
    return {"hazard": hazard.ref, "title": _public(hazard, "title"), "level": hazard.level.label, "waiting": waiting}


def _public(hazard: Hazard, name: str) -> str:
    return str(public_fields(hazard.case.record)[name])


def _about(
    ledger: Ledger,
    hazard: Hazard,
    org: Organisation,
    what: TaskKind,
    due: date,
    facts: Mapping[str, str],
    errand: Errand | None,
    ref: str = "",
) -> Task:
    major, discreet = hazard.is_major, not may_be_public(hazard)
    return Task(org, what, ref or hazard.ref, due, ledger.at, facts, errand, is_major=major, is_discreet=discreet)


def _orders(ledger: Ledger) -> Iterator[Task]:
    for order in ledger.orders:
        due = order.record.optional_day("deadline")
        if due is None or order.record.filed_on > ledger.at:
            continue
        hazard = ledger.hazard_by_ref.get(order.hazard or "")
        if _still_asks(ledger, order, hazard, due):
            yield _order(ledger, order, hazard, due)


def _still_asks(ledger: Ledger, order: Order, hazard: Hazard | None, due: date) -> bool:
    """Whether an order asks for something that the ledger knows to be unfinished, and the hazard's deadline does not.

    Nothing on file tells that an order without hazard was complied with, unless it is lifted: such a one is
    recalled until its last day and never called overdue.
    """
    if order.kind in STANDING and not order.in_force(ledger.at):
        return False
    if hazard is None:
        return order.kind in STANDING or due >= ledger.at
    if not hazard.state.is_open or _extended_since(hazard, order):
        return False
    return hazard.deadline is None or due < hazard.deadline


def _extended_since(hazard: Hazard, order: Order) -> bool:
    """Whether a superior moved the deadline after the order: then the new one counts."""
    decisions = (e.decision for e in hazard.case.extensions if e.decision)
    return any(
        d.data["decision"] == "approved" and order.record.filed_on <= d.filed_on <= hazard.day for d in decisions
    )


def _order(ledger: Ledger, order: Order, hazard: Hazard | None, due: date) -> Task:
    fields, org = public_fields(order.record), ledger.organisation(order.unit)
    facts = {
        "title": order.record.kind.labels("order")[order.kind],
        "content": str(fields["content"]),
        "dated": str(fields["dated"]),
        "by": ledger.organisation(order.record.org).name,
        "basis": str(fields["basis"]),
        "hazard": hazard.ref if hazard else "",
    }
    if hazard:
        return _about(ledger, hazard, org, TaskKind.ORDER, due, facts, _progress(hazard), ref=order.record.ref)
    return Task(org, TaskKind.ORDER, order.record.ref, due, ledger.at, facts)


def _exposures(ledger: Ledger) -> Iterator[Task]:
    for exposure in ledger.exposures:
        ref, facts = exposure.record.ref, {"exposure": exposure.record.ref}
        answer_due, reply_due = exposure.answer_due(ledger.at), _reply_due(ledger, exposure)
        if answer_due:
            yield Task(ledger.organisation(exposure.record.org), TaskKind.DISPUTE, ref, answer_due, ledger.at, facts)
        if reply_due:
            org, errand = ledger.organisation(exposure.unit), Errand("replies", facts)
            yield Task(org, TaskKind.REPLY, ref, reply_due, ledger.at, facts, errand)


def _reply_due(ledger: Ledger, exposure: Exposure) -> date | None:
    """Until when the unit may still have its say; it loses the occasion by silence, and is never overdue."""
    steps = exposure.by(ledger.at)
    if not steps or steps[-1].stage is not Stage.NOTIFIED:
        return None
    if any(reply.data["exposure"] == exposure.record.ref for reply in ledger.filed("replies", exposure.unit)):
        return None
    until = date.fromisoformat(steps[-1].data["reply_by"])
    return until if until >= ledger.at else None


def _extensions(ledger: Ledger) -> Iterator[Task]:
    for hazard in ledger.hazards:
        for extension in hazard.case.extensions:
            decider = next(iter(ledger.roll.above(hazard.unit)), None)
            if hazard.state.is_open and decider and _is_waiting(extension, ledger.at):
                application = extension.application
                facts = {
                    **_told_of(hazard),
                    "unit": ledger.organisation(hazard.unit).name,
                    "extension": application.ref,
                    "requested": str(application.day("requested_deadline")),
                }
                due, org = application.day("current_deadline"), ledger.organisation(decider)
                errand = Errand("extension-decisions", {"extension": application.ref})
                yield _about(ledger, hazard, org, TaskKind.EXTENSION, due, facts, errand, ref=application.ref)


def _is_waiting(extension: Extension, day: date) -> bool:
    decided = extension.decision is not None and extension.decision.filed_on <= day
    return extension.application.filed_on <= day and not decided
