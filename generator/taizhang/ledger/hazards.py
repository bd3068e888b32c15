"""Hazards folded through the closed loop: one `Case` a hazard, and the `Hazard` it is at a date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from taizhang.findings import phrase
from taizhang.intake.records import Record
from taizhang.intake.schemas import FieldPath
from taizhang.ledger.closed_loop import LEVELS, TRANSITIONS, Circumstances, Event, Level, State, refusal, ways_on
from taizhang.ledger.orders import Flags, Order, by_hazard, flags_on, read_orders
from taizhang.ledger.statements import Message, messages_in

FIVE_ESSENTIALS: Mapping[str, str] = {
    "responsible_role": "责任",
    "measures": "措施",
    "funds": "资金",
    "deadline": "时限",
    "contingency_plan": "预案",
}
"""五落实: the field that holds each of the five essentials. Notice A17."""

SELF_FOUND = frozenset({"self_check", "internal_report"})


class Step(NamedTuple):
    """A legal move through the loop."""

    day: date
    event: Event
    state: State
    level: Level
    determined: bool
    record: Record

    @property
    def in_major_stock(self) -> bool:
        """Whether the hazard now counts as an open major hazard: determined by a superior, and not closed."""
        return self.state.is_open and self.determined and self.level is Level.MAJOR

    @property
    def in_general_stock(self) -> bool:
        """Whether it counts as an open general hazard, by determination or, until then, by claim."""
        return self.state.is_open and self.level is Level.GENERAL


class Refusal(NamedTuple):
    """What the loop did not accept of a record: the field that says it, the rule, the values of its wording."""

    record: Record
    field: FieldPath
    code: str
    values: Mapping[str, object]


class Extension(NamedTuple):
    """An application to move the deadline, and the decision on it if there is one."""

    application: Record
    decision: Record | None
    later: tuple[Record, ...] = ()
    """Decisions on what was already decided; they have no effect."""


@dataclass(frozen=True)
class Case:
    """The whole known life of one hazard; independent of any date."""

    record: Record
    unit: str
    steps: tuple[Step, ...]
    extensions: tuple[Extension, ...]
    orders: tuple[Order, ...]
    """What superiors ordered about this hazard."""
    refusals: tuple[Refusal, ...] = field(repr=False)

    @property
    def ref(self) -> str:
        return self.record.ref

    @cached_property
    def original_deadline(self) -> date | None:
        """The deadline first filed. It stays for ever."""
        return self.record.optional_day("deadline")

    def deadline_on(self, day: date) -> date | None:
        """The deadline in force: the last one approved by `day`, else the original."""
        granted = [
            (e.decision.filed_on, e.decision.day("new_deadline"))
            for e in self.extensions
            if e.decision and e.decision.filed_on <= day and e.decision.data["decision"] == "approved"
        ]
        return max(granted)[1] if granted else self.original_deadline

    @property
    def found_by_unit(self) -> bool:
        """自查发现, against found by an inspection or a report from outside."""
        return self.record.data["source"] in SELF_FOUND

    @property
    def five_essentials(self) -> Mapping[str, bool]:
        """五落实: each of the five with whether the record has it."""
        return {title: name in self.record.data for name, title in FIVE_ESSENTIALS.items()}

    def last_step(self, day: date) -> Step | None:
        """The last step by `day`, or None if the hazard was not yet filed."""
        return next((step for step in reversed(self.steps) if step.day <= day), None)

    def at(self, day: date) -> Hazard | None:
        """The hazard as it stood at the end of `day`, or None if it was not yet filed."""
        step = self.last_step(day)
        return Hazard(self, step, day) if step else None


@dataclass(frozen=True)
class Hazard:
    """A hazard at the end of one day."""

    case: Case
    step: Step
    day: date

    @property
    def ref(self) -> str:
        return self.case.ref

    @property
    def unit(self) -> str:
        return self.case.unit

    @property
    def state(self) -> State:
        return self.step.state

    @property
    def level(self) -> Level:
        return self.step.level

    @property
    def is_major(self) -> bool:
        """Determined as major by a superior; a claim is not enough."""
        return self.step.determined and self.level is Level.MAJOR

    @property
    def is_pending(self) -> bool:
        """Claimed as major and not yet determined."""
        return self.state is State.REGISTERED and self.level is Level.MAJOR

    @cached_property
    def deadline(self) -> date | None:
        return self.case.deadline_on(self.day)

    @property
    def days_overdue(self) -> int:
        """Days past the deadline in force; 0 if closed, without deadline or not past it (the day itself counts)."""
        if not self.state.is_open or self.deadline is None:
            return 0
        return max(0, (self.day - self.deadline).days)

    @property
    def times_extended(self) -> int:
        return sum(
            1
            for e in self.case.extensions
            if e.decision and e.decision.filed_on <= self.day and e.decision.data["decision"] == "approved"
        )

    @property
    def closed_on(self) -> date | None:
        """销号日期: the day the last acceptance gives, or the day it was fixed on the spot."""
        if self.state is not State.CLOSED:
            return None
        closing = next(s for s in reversed(self.steps) if s.event in (Event.PASSED, Event.FIXED_ON_THE_SPOT))
        if closing.event is Event.PASSED:
            return closing.record.day("accepted_on")
        return date.fromisoformat(closing.record.data["fixed_on_the_spot"]["fixed_on"])

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps taken by that day, oldest first."""
        return tuple(s for s in self.case.steps if s.day <= self.day)

    @property
    def times_failed(self) -> int:
        """How often acceptance failed."""
        return sum(1 for s in self.steps if s.event is Event.FAILED)

    @property
    def times_relapsed(self) -> int:
        return sum(1 for s in self.steps if s.event is Event.RELAPSED)

    @property
    def five_essentials_ok(self) -> bool:
        return all(self.case.five_essentials.values())

    @cached_property
    def flags(self) -> Flags:
        """挂牌督办 and 停产停业, as they stand that day."""
        return flags_on(self.case.orders, self.day)

    @property
    def legacy(self) -> bool:
        """前期已发现未整改: known before the campaign began. Notice A52."""
        return bool(self.case.record.data.get("legacy"))

    @property
    def funds_secured(self) -> int:
        """落实资金, in 元."""
        return int(self.case.record.data.get("funds", {}).get("secured", 0))


def unit_of(record: Record) -> str:
    """The organisation whose hazard this is: the named unit, or the one that filed it."""
    return str(record.data.get("unit", record.org))


def fold(records: Sequence[Record]) -> tuple[Case, ...]:
    """Every hazard among `records` with everything the other records say about it, in the order of their paths."""
    spoken: dict[str, list[Message]] = {}
    for record in records:
        for ref, message in messages_in(record):
            spoken.setdefault(ref, []).append(message)
    extensions = _extensions(records)
    orders = by_hazard(read_orders(records))
    cases = (
        _case(record, sorted(spoken.get(record.ref, ()), key=lambda m: m[:3]), extensions.get(record.ref, ()))
        for record in records
        if record.kind.name == "hazards"
    )
    return tuple(replace(case, orders=orders[case.ref]) if case.ref in orders else case for case in cases)


def _extensions(records: Sequence[Record]) -> Mapping[str, tuple[Extension, ...]]:
    """Every application by the hazard it is about, in the order of filing, with the decision on it."""
    standing = [r for r in records if r.kind.name in ("extensions", "extension-decisions") and not r.withdrawn]
    decisions: dict[str, tuple[Record, ...]] = {}
    found: dict[str, tuple[Extension, ...]] = {}
    # Decisions sort before applications, and the first decision on an application is the one that counts.
    for record in sorted(standing, key=lambda r: (r.kind.name == "extensions", r.filed_on, r.path)):
        if record.kind.name == "extension-decisions":
            ref = record.data["extension"]
            decisions[ref] = (*decisions.get(ref, ()), record)
        else:
            hazard = record.data["hazard"]
            made = decisions.get(record.ref, ())
            found[hazard] = (*found.get(hazard, ()), Extension(record, made[0] if made else None, made[1:]))
    return found


def _case(record: Record, messages: Sequence[Message], extensions: Sequence[Extension]) -> Case:
    level = Level(record.data["claimed_level"])
    step = Step(record.filed_on, Event.REGISTERED, State.REGISTERED, level, False, record)
    steps, refusals = [step], []
    for message in messages:
        refusal = _refuse(record, step, message)
        if refusal:
            refusals.append(refusal)
            continue
        step = Step(
            message.day,
            message.event,
            TRANSITIONS[step.state, message.event].to,
            LEVELS.get(message.event, step.level),
            step.determined or message.event in LEVELS,
            message.record,
        )
        steps.append(step)
    return _extended(Case(record, unit_of(record), tuple(steps), (), (), tuple(refusals)), extensions)


def _extended(case: Case, extensions: Sequence[Extension]) -> Case:
    """The case with those applications for extension that start from the deadline in force when they were filed."""
    for extension in extensions:
        application = extension.application
        named, in_force = application.day("current_deadline"), case.deadline_on(application.filed_on)
        refused = [_decided_before(extension, record) for record in extension.later]
        if named == in_force:
            case = replace(case, extensions=(*case.extensions, extension))
        else:
            values = {"named": named, "in_force": in_force or "没有时限"}
            refused.append(Refusal(application, ("current_deadline",), "E-EXTEND-FROM", values))
        case = replace(case, refusals=(*case.refusals, *refused))
    return case


def _decided_before(extension: Extension, record: Record) -> Refusal:
    first = extension.decision.filed_on if extension.decision else None
    return Refusal(record, ("extension",), "E-DECIDED", {"first": first})


def _refuse(hazard: Record, step: Step, message: Message) -> Refusal | None:
    """Why the loop does not accept this message now, or None."""

    def because(code: str, **values: object) -> Refusal:
        return Refusal(message.record, message.field, code, {"hazard": hazard.ref, **values})

    event, missing = message.event, [title for name, title in FIVE_ESSENTIALS.items() if name not in hazard.data]
    if message.day < hazard.filed_on:
        return because("E-BEFORE", day=message.day, filed_on=hazard.filed_on)
    if event is Event.WITHDRAWN and step.determined:
        # No step either way; this sentence says whom to ask.
        return because("E-WITHDRAW", standing=phrase("determined"))
    facts = Circumstances(
        is_major=step.level is Level.MAJOR,
        is_determined=step.determined,
        is_on_the_spot="fixed_on_the_spot" in hazard.data,
        has_essentials=not missing,
        is_from_unit=message.record.org == unit_of(hazard),
    )
    code = refusal(step.state, event, facts)
    if code is None:
        return None
    expected = "、".join(f"“{way.label}”" for way in ways_on(step.state, facts)) or "没有下一步（已办结）"
    if code == "E-WITHDRAW":
        return because(code, standing=phrase("claimed"))
    values = {"state": step.state.label, "event": event.label, "expected": expected, "missing": "、".join(missing)}
    return because(code, **values)
