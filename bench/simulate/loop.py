"""The life of a hazard after its registration: a legal walk through the closed loop, one filing a day at most."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bench.simulate.hazards import SimulatedHazard, citable
from bench.simulate.material import material, pick
from bench.simulate.model import DAY, RecordDraft, World

FAILED_ACCEPTANCE = 0.12
REFUSED_EXTENSION = 0.2
LATE_EXTENSION = 0.15
SECOND_EXTENSION = 0.15

Body = dict[str, Any]


@dataclass
class Walk:
    """The pen that writes one hazard's records in order of time and stops at the last possible day."""

    world: World
    case: SimulatedHazard
    rng: random.Random
    last_day: date
    cursor: date
    spent: float = 0.0

    def file(self, folder: str, kind: str, wanted: date, body: Callable[[date], Body], delay: int = 0) -> bool:
        """File a record about what happened on `wanted` or the first free office day; False when there is none left.

        `body` gets the day of the event; the record is filed `delay` days after it or on the next office day.
        """
        happened = self.world.office_day(max(wanted, self.cursor + DAY))
        filed = self.world.office_day(happened + timedelta(delay))
        if filed > self.last_day:
            self.last_day = self.cursor
            return False
        self.cursor = filed
        self.case.records.append(RecordDraft(folder, kind, filed, body(happened)))
        return True

    def say(self, key: str, *inner: str) -> str:
        """A sentence from the material about this hazard."""
        templates = material()[key]
        for step in inner:
            templates = templates[step]
        return pick(templates, self.rng, self.case.slots)

    def superior(self) -> str:
        """Whoever decides about the unit on the next day."""
        above = self.world.superiors(self.case.unit, self.cursor + DAY)
        return above[0].id if above else ""

    def rectify(self, stage: str, wanted: date, text: str, percent: int) -> bool:
        """File what the unit has done: plan, progress or completed."""
        body: Mapping[str, Any] = {"hazard": self.case.hazard, "stage": stage}
        self.spent = max(self.spent, percent / 100 * self.rng.uniform(0.8, 1.0))
        spent = round(self.case.funds * self.spent / 100) * 100
        more: Body = {"percent": percent} if stage != "plan" else {}
        if self.case.funds and stage != "plan":
            more["funds_spent"] = min(spent, self.case.funds)
        return self.file(
            self.case.unit.id,
            "rectifications",
            wanted,
            lambda day: {**body, "progress_on": day, "progress": text, **more},
            self.rng.choice([0, 0, 1]),
        )


def live(world: World, case: SimulatedHazard, rng: random.Random) -> None:
    """Add to `case` what is filed about it until it is closed, or until the campaign is over."""
    last_day = world.window(case.unit)[1]
    walk = Walk(world, case, rng, last_day, case.hazard.filed_on)
    if case.verdict and not _determine(walk):
        return
    if case.verdict == "not_hazard":
        return
    if case.on_the_spot:
        _confirm_spot(walk)
    elif case.deadline:
        _work(walk, case.deadline)


def relapse(world: World, case: SimulatedHazard, seen_on: date, rng: random.Random) -> None:
    """Work a closed hazard off once more after a look-back filed on `seen_on` found it again."""
    walk = Walk(world, case, rng, world.window(case.unit)[1], seen_on, spent=1.0)
    case.closed_on = None
    _finish(walk, seen_on + timedelta(rng.randint(8, 16)), again=True)


def _determine(walk: Walk) -> bool:
    case, superior = walk.case, walk.superior()
    basis = case.template["doubtful"] if case.verdict == "general" and "doubtful" in case.template else ""
    clauses = citable(case.template, case.hazard.body["discovered_on"], case.unit) if case.verdict == "major" else []

    def body(day: date) -> Body:
        record: Body = {"hazard": case.hazard, "decision": case.verdict, "decided_on": day}
        if clauses:
            record["criteria"] = list(clauses)
        return {**record, "basis": basis or walk.say("determination", case.verdict)}

    days = timedelta(walk.rng.randint(1, 6))
    return bool(superior) and walk.file(
        superior, "determinations", walk.cursor + days, body, walk.rng.choice([0, 0, 1])
    )


def _confirm_spot(walk: Walk) -> None:
    """A general hazard put right on the spot is closed by its own record; one claimed major is still accepted."""
    if not walk.case.verdict:
        walk.case.closed_on = walk.case.hazard.filed_on
        return
    text = walk.case.hazard.body["fixed_on_the_spot"]["measures"]
    if walk.rectify("completed", walk.cursor + timedelta(2), text, 100):
        _accept(walk, walk.cursor + timedelta(walk.rng.randint(1, 4)), "passed")


def _work(walk: Walk, deadline: date) -> None:
    """Plan, progress, extensions and completion, as the unit's temperament has it."""
    rng, case = walk.rng, walk.case
    major = case.verdict == "major"
    slow = case.unit.temperament.slow * (1.4 if major else 0.7)
    wanted = {"open": 0.06 if major else 0.05, "extended": 0.26 if major else 0.02, "overdue": slow}
    if case.unit.left_on:
        wanted["open"] = 0.0
    mode = rng.choices([*wanted, "on_time"], [*wanted.values(), 1 - sum(wanted.values())])[0]
    if major:
        walk.rectify("plan", walk.cursor + timedelta(rng.randint(2, 8)), walk.say("plan"), 0)
    term = (deadline - walk.cursor).days
    if mode == "extended" or (mode == "open" and rng.random() < 0.4):
        deadline = _extend(walk, deadline)
    if mode == "open":
        _advance(walk, walk.cursor + timedelta(max(4, term // 2)), 2)
        return
    if mode == "overdue":
        target = deadline + timedelta(rng.randint(2, 24))
    else:
        target = deadline - timedelta(rng.randint(2, max(3, term // 4)))
    _advance(walk, target, rng.randint(1, 3) if major else rng.choice([0, 0, 1]))
    _finish(walk, target)


def _advance(walk: Walk, until: date, steps: int) -> None:
    """`steps` progress reports, spread evenly between now and `until`."""
    start, nature = walk.cursor, walk.case.template["nature"]
    days = max(0, (until - start).days)
    for step in range(1, steps + 1):
        share = step / (steps + 1)
        percent = min(95, round((share * 100 + walk.rng.randint(-8, 12)) / 5) * 5)
        text = walk.say("progress", nature, "early" if share <= 0.5 else "late")
        walk.rectify("progress", start + timedelta(round(days * share)), text, max(10, percent))


def _finish(walk: Walk, wanted: date, *, again: bool = False) -> None:
    """Completion and acceptance; a failed one is followed by rework and a second acceptance."""
    rng = walk.rng
    if again:
        walk.rectify("progress", walk.cursor + timedelta(rng.randint(2, 5)), walk.say("rework"), 50)
    if not walk.rectify("completed", wanted, walk.say("reworked" if again else "completed"), 100):
        return
    failed = not again and rng.random() < FAILED_ACCEPTANCE
    visit = walk.cursor + timedelta(rng.randint(1, 7))
    if not _accept(walk, visit, "failed" if failed else "passed") or not failed:
        return
    walk.rectify("progress", walk.cursor + timedelta(rng.randint(2, 6)), walk.say("rework"), 80)
    if walk.rectify("completed", walk.cursor + timedelta(rng.randint(3, 10)), walk.say("reworked"), 100):
        _accept(walk, walk.cursor + timedelta(rng.randint(1, 6)), "passed")


def _accept(walk: Walk, wanted: date, result: str) -> bool:
    """A major hazard is accepted from above; a general one mostly by the unit itself, unless a superior found it."""
    case, superior = walk.case, walk.superior()
    from_above = case.verdict == "major" or walk.rng.random() < (0.7 if case.found_by_superior else 0.15)
    folder = superior if from_above else case.unit.id
    if not folder:
        return False
    opinion = walk.say(result)
    filed = walk.file(
        folder,
        "acceptances",
        wanted,
        lambda day: {"hazard": case.hazard, "result": result, "accepted_on": day, "opinion": opinion},
        walk.rng.choice([0, 0, 1]),
    )
    if filed and result == "passed":
        case.closed_on = walk.cursor
    return filed


def _extend(walk: Walk, deadline: date) -> date:
    """One or two applications, each with its decision; the deadline in force afterwards."""
    in_force = deadline
    for attempt in range(2 if walk.rng.random() < SECOND_EXTENSION else 1):
        apply_on = in_force - timedelta(_notice(walk))
        if apply_on <= walk.cursor + timedelta(4) or walk.world.office_day(apply_on) > in_force:
            return in_force
        if attempt == 0:
            _advance(walk, apply_on, 1)
        decided = _apply(walk, in_force, apply_on)
        if decided == in_force:
            return in_force
        in_force = decided
    return in_force


def _notice(walk: Walk) -> int:
    """Calendar days before the deadline: safely more than the workdays asked for, or clearly fewer for a late one."""
    workdays: int = walk.world.campaign.get("extension_notice_workdays", 0)
    if not workdays:
        return walk.rng.randint(6, 15)
    if walk.rng.random() < LATE_EXTENSION:
        return walk.rng.randint(5, max(6, workdays - 3))
    return workdays * 7 // 5 + walk.rng.randint(12, 18)


def _apply(walk: Walk, in_force: date, apply_on: date) -> date:
    rng, case = walk.rng, walk.case
    requested = in_force + timedelta(rng.choice([20, 30, 30, 45, 60]))
    reason, measures = walk.say("extension", "reason"), walk.say("extension", "measures")

    def application(day: date) -> Body:
        return {
            "hazard": case.hazard,
            "applied_on": day,
            "current_deadline": in_force,
            "requested_deadline": requested,
            "reason": reason,
            "interim_measures": measures,
        }

    if not walk.file(case.unit.id, "extensions", apply_on, application):
        return in_force
    extension = case.records[-1]
    decision = "refused" if rng.random() < REFUSED_EXTENSION else "approved"
    opinion = walk.say("extension", decision)

    def ruling(day: date) -> Body:
        body: Body = {"extension": extension, "decision": decision, "decided_on": day}
        if decision == "approved":
            body["new_deadline"] = requested
        return {**body, "opinion": opinion}

    superior = walk.superior()
    decided = superior and walk.file(
        superior, "extension-decisions", walk.cursor + timedelta(rng.randint(2, 4)), ruling
    )
    return requested if decided and decision == "approved" else in_force
