"""The closed loop (闭环管理) as one table: states, events, which event leads from which state to which, and when.

Rules come from the work-safety law art. 41, 安监总局令第16号 and the state machine that the glossary of the
field names: 登记 → 判定 → 治理方案 → 整改 → 验收 → 销号, with 反弹 after a look-back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Level(StrEnum):
    """The level in force: as determined by a superior, or as claimed until then."""

    MAJOR = "major"
    GENERAL = "general"

    @property
    def label(self) -> str:
        return {"major": "重大", "general": "一般"}[self.value]


class State(StrEnum):
    """Where a hazard stands in the loop."""

    REGISTERED = "registered"
    MAJOR_CONFIRMED = "major_confirmed"
    GENERAL = "general"
    REJECTED = "rejected"
    PLAN_FILED = "plan_filed"
    RECTIFYING = "rectifying"
    AWAITING_ACCEPTANCE = "awaiting_acceptance"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    MERGED = "merged"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_open(self) -> bool:
        """Whether somebody here still has to do something about the hazard."""
        return self not in _SETTLED


_SETTLED = frozenset({State.CLOSED, State.REJECTED, State.WITHDRAWN, State.TRANSFERRED, State.MERGED})

_LABELS = {
    State.REGISTERED: "已登记，待判定",
    State.MAJOR_CONFIRMED: "判定为重大",
    State.GENERAL: "判定为一般",
    State.REJECTED: "不成立",
    State.PLAN_FILED: "治理方案已报",
    State.RECTIFYING: "整改中",
    State.AWAITING_ACCEPTANCE: "待验收",
    State.CLOSED: "已销号",
    State.REOPENED: "反弹，重新整改",
    State.WITHDRAWN: "已撤回",
    State.TRANSFERRED: "已移交",
    State.MERGED: "已合并",
}


class Event(StrEnum):
    """What a record can say about a hazard."""

    REGISTERED = "registered"
    FIXED_ON_THE_SPOT = "fixed_on_the_spot"
    FOUND_MAJOR = "found_major"
    FOUND_GENERAL = "found_general"
    FOUND_NONE = "found_none"
    TRANSFERRED = "transferred"
    MERGED = "merged"
    PLAN = "plan"
    PROGRESS = "progress"
    COMPLETED = "completed"
    PASSED = "passed"
    FAILED = "failed"
    STABLE = "stable"
    RELAPSED = "relapsed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _EVENT_LABELS[self]


_EVENT_LABELS = {
    Event.REGISTERED: "登记",
    Event.FIXED_ON_THE_SPOT: "立行立改",
    Event.FOUND_MAJOR: "判定为重大事故隐患",
    Event.FOUND_GENERAL: "判定为一般事故隐患",
    Event.FOUND_NONE: "判定不成立",
    Event.TRANSFERRED: "移交其他部门",
    Event.MERGED: "合并到另一条隐患",
    Event.PLAN: "报治理方案",
    Event.PROGRESS: "整改进展",
    Event.COMPLETED: "整改完成，申请验收",
    Event.PASSED: "验收合格，销号",
    Event.FAILED: "验收不合格，退回整改",
    Event.STABLE: "回头看：稳固",
    Event.RELAPSED: "回头看：反弹",
    Event.WITHDRAWN: "撤回",
}


class Circumstances(NamedTuple):
    """What a step may hang on beside the state: the hazard as it stands, and who speaks of it."""

    is_major: bool
    """Whether the level in force is major, determined or claimed."""
    is_determined: bool
    is_on_the_spot: bool
    """Whether the unit filed it as put right on the spot."""
    has_essentials: bool
    """Whether the record has all of 五落实."""
    is_from_unit: bool
    """Whether the unit says it of its own hazard, and nobody above it does."""


class Condition(NamedTuple):
    """What a step hangs on: the rule that a refusal names, and when it holds."""

    code: str
    holds: Callable[[Circumstances], bool]


NO_STEP = "E-STEP"
IS_GENERAL = Condition(NO_STEP, lambda facts: not facts.is_major)
IS_DETERMINED = Condition(NO_STEP, lambda facts: facts.is_determined or not facts.is_major)
"""A hazard claimed as major waits for its determination; a general one needs none."""
IS_ON_THE_SPOT = Condition(NO_STEP, lambda facts: facts.is_on_the_spot)
HAS_ESSENTIALS = Condition("E-FIVE", lambda facts: facts.has_essentials or not facts.is_major)
"""明确责任人、措施、资金、期限和应急预案 before a major hazard is worked on. Notice A17."""
IS_FROM_ABOVE = Condition("E-SELF-ACCEPT", lambda facts: not facts.is_major or not facts.is_from_unit)
"""A unit never accepts a major hazard of its own."""


IS_NO_CLAIM = Condition("E-WITHDRAW", lambda facts: not facts.is_major or not facts.is_from_unit)
"""What a unit has claimed as major is for its superior to determine, not for the unit to take back."""


class Transition(NamedTuple):
    """A legal step: the state it leads to, and what it hangs on."""

    to: State
    when: tuple[Condition, ...] = ()


_S, _E = State, Event
_WORKED_ON = (IS_DETERMINED, HAS_ESSENTIALS)

TRANSITIONS: Mapping[tuple[State, Event], Transition] = MappingProxyType(
    {
        (_S.REGISTERED, _E.FIXED_ON_THE_SPOT): Transition(_S.CLOSED, (IS_GENERAL, IS_ON_THE_SPOT)),
        (_S.REGISTERED, _E.FOUND_MAJOR): Transition(_S.MAJOR_CONFIRMED),
        (_S.REGISTERED, _E.FOUND_GENERAL): Transition(_S.GENERAL),
        (_S.REGISTERED, _E.FOUND_NONE): Transition(_S.REJECTED),
        (_S.REGISTERED, _E.PROGRESS): Transition(_S.RECTIFYING, _WORKED_ON),
        (_S.REGISTERED, _E.COMPLETED): Transition(_S.AWAITING_ACCEPTANCE, _WORKED_ON),
        (_S.REGISTERED, _E.WITHDRAWN): Transition(_S.WITHDRAWN, (IS_NO_CLAIM,)),
        (_S.GENERAL, _E.FOUND_MAJOR): Transition(_S.MAJOR_CONFIRMED),
        (_S.GENERAL, _E.FOUND_NONE): Transition(_S.REJECTED),
        (_S.GENERAL, _E.PROGRESS): Transition(_S.RECTIFYING),
        (_S.GENERAL, _E.COMPLETED): Transition(_S.AWAITING_ACCEPTANCE),
        (_S.MAJOR_CONFIRMED, _E.FOUND_GENERAL): Transition(_S.GENERAL),
        (_S.MAJOR_CONFIRMED, _E.FOUND_NONE): Transition(_S.REJECTED),
        (_S.MAJOR_CONFIRMED, _E.PLAN): Transition(_S.PLAN_FILED),
        (_S.MAJOR_CONFIRMED, _E.PROGRESS): Transition(_S.RECTIFYING, (HAS_ESSENTIALS,)),
        (_S.MAJOR_CONFIRMED, _E.COMPLETED): Transition(_S.AWAITING_ACCEPTANCE, (IS_ON_THE_SPOT, HAS_ESSENTIALS)),
        (_S.PLAN_FILED, _E.FOUND_GENERAL): Transition(_S.GENERAL),
        (_S.PLAN_FILED, _E.FOUND_NONE): Transition(_S.REJECTED),
        (_S.PLAN_FILED, _E.PROGRESS): Transition(_S.RECTIFYING, (HAS_ESSENTIALS,)),
        (_S.RECTIFYING, _E.FOUND_MAJOR): Transition(_S.MAJOR_CONFIRMED),
        (_S.RECTIFYING, _E.FOUND_GENERAL): Transition(_S.RECTIFYING),
        (_S.RECTIFYING, _E.PROGRESS): Transition(_S.RECTIFYING, (HAS_ESSENTIALS,)),
        (_S.RECTIFYING, _E.COMPLETED): Transition(_S.AWAITING_ACCEPTANCE, (HAS_ESSENTIALS,)),
        (_S.AWAITING_ACCEPTANCE, _E.PASSED): Transition(_S.CLOSED, (IS_FROM_ABOVE,)),
        (_S.AWAITING_ACCEPTANCE, _E.FAILED): Transition(_S.RECTIFYING),
        (_S.CLOSED, _E.STABLE): Transition(_S.CLOSED),
        (_S.CLOSED, _E.RELAPSED): Transition(_S.REOPENED),
        (_S.REOPENED, _E.PROGRESS): Transition(_S.RECTIFYING, (HAS_ESSENTIALS,)),
        (_S.REOPENED, _E.COMPLETED): Transition(_S.AWAITING_ACCEPTANCE, (HAS_ESSENTIALS,)),
        **{(state, _E.TRANSFERRED): Transition(_S.TRANSFERRED) for state in _S if state.is_open},
        **{(state, _E.MERGED): Transition(_S.MERGED) for state in _S if state.is_open},
    }
)
"""Every legal step. What is not here is refused, and a refused record changes nothing. tests/tables
draws it from the notices by hand."""


LEVELS: Mapping[Event, Level] = MappingProxyType({Event.FOUND_MAJOR: Level.MAJOR, Event.FOUND_GENERAL: Level.GENERAL})
"""The level that a determination puts in force."""


def refusal(state: State, event: Event, facts: Circumstances) -> str | None:
    """The rule for which a step is refused, or None where it may be taken."""
    way = TRANSITIONS.get((state, event))
    if way is None:
        return NO_STEP
    return next((condition.code for condition in way.when if not condition.holds(facts)), None)


def ways_on(state: State, facts: Circumstances) -> tuple[Event, ...]:
    """What may come next, for the sentence that says what was expected; what is lacking has a sentence of its own."""
    known = (event for start, event in TRANSITIONS if start is state)
    return tuple(event for event in known if refusal(state, event, facts) != NO_STEP)
