"""What binds legally, held against tables drawn by hand from the notices: tests/tables, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import NamedTuple

import pytest
from drawn import NO, conditions, drawn, parted
from stories import FIXED, SAYS, case_of, story
from support import Data

from taizhang.ledger.closed_loop import TRANSITIONS, Circumstances, Event, Level, State, refusal, ways_on

# --- The closed loop ------------------------------------------------------------------------------

STATES = {
    "已登记": State.REGISTERED,
    "重大": State.MAJOR_CONFIRMED,
    "一般": State.GENERAL,
    "方案已报": State.PLAN_FILED,
    "整改中": State.RECTIFYING,
    "待验收": State.AWAITING_ACCEPTANCE,
    "销号": State.CLOSED,
    "反弹": State.REOPENED,
    "不成立": State.REJECTED,
    "撤回": State.WITHDRAWN,
    "移交": State.TRANSFERRED,
    "合并": State.MERGED,
}
EVENTS = {
    "立行立改": Event.FIXED_ON_THE_SPOT,
    "判定重大": Event.FOUND_MAJOR,
    "判定一般": Event.FOUND_GENERAL,
    "判定不成立": Event.FOUND_NONE,
    "移交": Event.TRANSFERRED,
    "合并": Event.MERGED,
    "报治理方案": Event.PLAN,
    "报进展": Event.PROGRESS,
    "报完成": Event.COMPLETED,
    "验收合格": Event.PASSED,
    "验收不合格": Event.FAILED,
    "回头看稳固": Event.STABLE,
    "回头看反弹": Event.RELAPSED,
    "撤回": Event.WITHDRAWN,
}


class Cell(NamedTuple):
    """What the drawn table says of one event in one state: the state it leads to, and the marks of its conditions."""

    to: State
    marks: str


def loop() -> Mapping[tuple[State, Event], Cell]:
    found = {}
    for state, cells in drawn("closed-loop"):
        for event, cell in cells.items():
            to, marks = parted(cell)
            if to != NO:
                found[STATES[state], EVENTS[event]] = Cell(STATES[to], marks)
    return found


LOOP = loop()
HOLDS: dict[str, Callable[[Circumstances], bool]] = {
    "①": lambda facts: not facts.is_major,
    "②": lambda facts: facts.is_on_the_spot,
    "③": lambda facts: not facts.is_major or facts.is_determined,
    "④": lambda facts: not facts.is_major or facts.has_essentials,
    "⑤": lambda facts: not facts.is_major or not facts.is_from_unit,
}
"""What the conditions under the table mean."""
BEYOND_THE_STEP = {"④": "E-FIVE", "⑤": "E-SELF-ACCEPT"}
"""Conditions with a rule of their own; where another is not met, the step itself is refused."""


def drawn_refusal(state: State, event: Event, facts: Circumstances) -> str | None:
    cell = LOOP.get((state, event))
    if cell is None:
        return "E-STEP"
    return next((BEYOND_THE_STEP.get(mark, "E-STEP") for mark in cell.marks if not HOLDS[mark](facts)), None)


def test_the_loop_is_drawn_whole() -> None:
    rows = list(drawn("closed-loop"))
    assert [STATES[state] for state, _ in rows] == list(STATES.values())
    assert set(STATES.values()) == set(State)
    assert all([EVENTS[event] for event in cells] == list(EVENTS.values()) for _, cells in rows)
    assert {*EVENTS.values(), Event.REGISTERED} == set(Event)
    assert list(conditions("closed-loop")) == list(HOLDS)


@pytest.mark.requirement("A14")
@pytest.mark.requirement("A55")
@pytest.mark.requirement("B35")
@pytest.mark.parametrize("state", State)
def test_every_step_is_as_drawn_whatever_the_circumstances(state: State) -> None:
    for event in Event:
        for facts in (Circumstances(*values) for values in product((False, True), repeat=5)):
            wanted = drawn_refusal(state, event, facts)
            assert refusal(state, event, facts) == wanted, (state, event, facts)
            assert (event in ways_on(state, facts)) == (wanted != "E-STEP"), (state, event, facts)
        way = TRANSITIONS.get((state, event))
        assert (way.to if way else None) == (LOOP[state, event].to if (state, event) in LOOP else None)


class Walk(NamedTuple):
    """A hazard taken through the drawn table: how it was filed, what was said of it, and how it stands by the table."""

    filed: Data
    events: tuple[Event, ...]
    state: State
    is_major: bool
    is_determined: bool = False

    @property
    def facts(self) -> Circumstances:
        """Only those above speak, and the five essentials are there: other tests take these away."""
        return Circumstances(self.is_major, self.is_determined, "fixed_on_the_spot" in self.filed, True, False)

    def then(self, event: Event) -> Walk:
        """One event further; as it stands where the table refuses that."""
        if drawn_refusal(self.state, event, self.facts):
            return self
        levels = {Event.FOUND_MAJOR: True, Event.FOUND_GENERAL: False}
        return self._replace(
            # What was put right on the spot is said in the hazard itself.
            events=self.events if event is Event.FIXED_ON_THE_SPOT else (*self.events, event),
            state=LOOP[self.state, event].to,
            is_major=levels.get(event, self.is_major),
            is_determined=self.is_determined or event in levels,
        )


SAID = (*SAYS, Event.WITHDRAWN)


def walks() -> Iterator[Walk]:
    """A way to every standing that the drawn table gives a hazard."""
    spot: Data = {"fixed_on_the_spot": FIXED}
    waiting = [
        Walk({"claimed_level": "major"}, (), State.REGISTERED, is_major=True),
        Walk({"claimed_level": "major", **spot}, (), State.REGISTERED, is_major=True),
        Walk({"claimed_level": "general"}, (), State.REGISTERED, is_major=False),
        Walk({"claimed_level": "general", **spot}, (), State.REGISTERED, is_major=False).then(Event.FIXED_ON_THE_SPOT),
    ]
    seen = set()
    while waiting:
        walk = waiting.pop()
        standing = (str(walk.filed), walk.state, walk.is_major, walk.is_determined)
        if standing not in seen:
            seen.add(standing)
            yield walk
            waiting += [walk.then(event) for event in SAID]


WALKS = list(walks())


def test_every_state_is_reached_from_registration() -> None:
    assert {walk.state for walk in WALKS} == set(State)


@pytest.mark.parametrize("event", SAID)
def test_records_move_a_hazard_as_drawn(event: Event) -> None:
    for walk in WALKS:
        if Event.WITHDRAWN in walk.events and event is Event.WITHDRAWN:
            continue
        case, wanted = case_of(story(*walk.events, event, **walk.filed)), walk.then(event)
        last = case.steps[-1]
        assert (last.state, last.level is Level.MAJOR, last.determined) == wanted[2:], (walk, event)
        code = drawn_refusal(walk.state, event, walk.facts)
        if event is Event.WITHDRAWN and walk.is_determined:
            code = "E-WITHDRAW"
        assert [r.code for r in case.refusals] == ([code] if code else []), (walk, event)
