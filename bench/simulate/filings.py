"""Weekly and monthly returns: on time, late, missing or nil, as the organisation's temperament has it."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bench.simulate.material import material, pick, topic
from bench.simulate.model import RecordDraft, RollEntry, World, stream
from bench.simulate.periods import Duty, DutyTurn

KINDS = frozenset({"weekly", "monthly"})


def returns(
    world: World, unit: RollEntry, duty: Duty, turns: Sequence[DutyTurn], busy: Sequence[date]
) -> Iterator[RecordDraft]:
    """What `unit` files for one periodic duty; `busy` are, in order, the days on which it had something to report."""
    kind = duty["answered_by"]["kind"]
    rng = stream(world.seed, unit.id, duty["id"])
    first_day, last_day = world.window(unit)
    for turn in turns:
        filed = _filed_on(world, unit, turn, rng)
        nil = rng.random() < unit.temperament.nil
        missing = rng.random() < unit.temperament.missing
        if missing or turn.last < first_day or not first_day <= filed <= last_day:
            continue
        body: Mapping[str, Any]
        if nil and not _anything(busy, turn, filed):
            body = {"nil_return": True}
        else:
            body = _weekly(unit, turn, rng) if kind == "weekly" else _monthly(unit, turn, rng)
        yield RecordDraft(unit.id, kind, filed, dict(body), turn.label)


def _filed_on(world: World, unit: RollEntry, turn: DutyTurn, rng: random.Random) -> date:
    """The day of filing; a return is written in the last days of its period or in the days left after it."""
    if rng.random() < unit.temperament.late:
        return world.office_day(turn.due + timedelta(rng.randint(1, 4)))
    earliest = max(turn.first, min(turn.last - timedelta(2), turn.due - timedelta(4)))
    slack = max(0, (turn.due - earliest).days)
    return world.office_day_before(turn.due - timedelta(rng.randint(0, min(slack, 3))), earliest)


def _anything(busy: Sequence[date], turn: DutyTurn, filed: date) -> bool:
    """Whether something was filed in the period, or before it when the return is due within the period."""
    lead = max(0, (turn.last - turn.due).days)
    start, end = turn.first - timedelta(lead), max(turn.last, filed)
    return bisect_left(busy, start) < bisect_left(busy, end + timedelta(1))


def _counts(unit: RollEntry, most_checks: int, rng: random.Random) -> dict[str, int]:
    checks = rng.randint(1, most_checks)
    staff = material()["sizes"][unit.type]["staff"][0]
    return {"self_checks": checks, "places_checked": checks * rng.randint(1, 2 + min(12, staff // 8))}


def _weekly(unit: RollEntry, turn: DutyTurn, rng: random.Random) -> dict[str, Any]:
    body: dict[str, Any] = _counts(unit, 3, rng)
    if rng.random() < 0.2:
        body["note"] = pick(material()["weekly_notes"], rng, {"topic": topic(turn.last.month, rng)})
    return body


def _monthly(unit: RollEntry, turn: DutyTurn, rng: random.Random) -> dict[str, Any]:
    words = material()["monthly"]
    slots = {"topic": topic(turn.last.month, rng)}
    body: dict[str, Any] = {
        "work_done": pick(words["work_done_county" if unit.tier == "county" else "work_done"], rng, slots)
    }
    if rng.random() < 0.7:
        body["problems"] = pick(words["problems"], rng, slots)
    slots = {"topic": topic(turn.last.month % 12 + 1, rng)}
    return {**body, "next_steps": pick(words["next_steps"], rng, slots), **_counts(unit, 10, rng)}
