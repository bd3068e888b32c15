"""Reports, inspections, activities and resources: what the duties ask for, and some that nobody asked for."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bench.simulate.hazards import SimulatedHazard
from bench.simulate.material import material, pick, topic
from bench.simulate.model import DAY, RecordDraft, RollEntry, World, stream
from bench.simulate.periods import Duty, DutyTurn

LATE = 0.06
MISSING = 0.02
LEADERS = ("deputy", "section_head")


def answers(
    world: World, unit: RollEntry, duty: Duty, turns: Sequence[DutyTurn], own: Sequence[SimulatedHazard]
) -> Iterator[RecordDraft]:
    """What `unit` files to answer one duty by reports, inspections, activities or resources; nothing else."""
    make = {"reports": _report, "inspections": _inspections, "activities": _activities, "resources": _resources}
    kind = duty["answered_by"]["kind"]
    if kind not in make:
        return
    rng = stream(world.seed, unit.id, duty["id"])
    first_day, last_day = world.window(unit)
    temper = unit.temperament
    for turn in turns:
        missing = rng.random() < MISSING + temper.missing / 3
        late = rng.random() < LATE + temper.late / 3
        drafts = list(make[kind](world, unit, duty, turn, own, late, rng))
        # Who joins when the term is nearly over is not yet asked for it.
        if missing or turn.last < first_day or turn.due < first_day + timedelta(7) > world.starts_on + timedelta(7):
            continue
        yield from (draft for draft in drafts if _when(draft) >= first_day and draft.filed_on <= last_day)


def extras(world: World, unit: RollEntry, own: Sequence[SimulatedHazard]) -> Iterator[RecordDraft]:
    """Training, checks and rounds beyond the duties; the bigger the organisation, the more."""
    rng = stream(world.seed, unit.id, "extras")
    first, last = world.window(unit)
    last = min(last, world.ends_on)
    whole = DutyTurn("", first, last, last)
    if (last - first).days < 30:
        return
    size = material()["sizes"][unit.type]["weight"]
    for _ in range(rng.randint(0, 1 + size // 20)):
        yield from _activity(world, unit, rng.choice(material()["extras"]), {}, whole, False, rng)
    for _ in range(rng.randint(0, 1 + size // 15)):
        yield _inspection(world, unit, {"led_by": rng.choice(LEADERS)}, whole, own, False, rng)


def _when(draft: RecordDraft) -> date:
    happened: date = draft.body.get("held_on", draft.body.get("inspected_on", draft.filed_on))
    return happened


def _some_day(world: World, first: date, last: date, rng: random.Random) -> date:
    day = first + timedelta(rng.randint(0, max(0, (last - first).days)))
    return world.office_day_before(day, first)


def _filed_after(world: World, held: date, turn: DutyTurn, late: bool, rng: random.Random) -> date:
    """A few days after the event and on time, or a few days late."""
    if late:
        return world.office_day(max(held, turn.due) + timedelta(rng.randint(1, 8)))
    return max(held, world.office_day_before(min(turn.due, held + timedelta(rng.randint(0, 4))), held))


def _report(
    world: World,
    unit: RollEntry,
    duty: Duty,
    turn: DutyTurn,
    _own: Sequence[SimulatedHazard],
    late: bool,
    rng: random.Random,
) -> Iterator[RecordDraft]:
    earliest = max(turn.first + 2 * DAY, turn.due - timedelta(12))
    filed = world.office_day_before(turn.due - timedelta(rng.randint(0, 7)), earliest)
    filed = max(filed, min(earliest, turn.due))
    if late:
        filed = world.office_day(turn.due + timedelta(rng.randint(1, 6)))
    words = _report_words(duty["title"])
    slots = {"name": unit.name, "duty": duty["title"], "topic": topic(filed.month, rng)}
    periodic = turn.label != duty["id"]
    where = duty["answered_by"].get("where", {})
    body = {
        "duty": where.get("duty", duty["id"]),
        **({"period": turn.label} if periodic else {}),
        "title": pick([words["title"]], rng, slots),
        **({"signed_by": where["signed_by"]} if "signed_by" in where else {}),
        "signed_on": max(turn.first, world.office_day_before(filed - timedelta(rng.randint(0, 2)), turn.first)),
        "summary": pick(words["summary"], rng, slots),
    }
    name = duty["id"].replace("_", "-")
    if periodic:
        name = f"{name[:30]}-{turn.label.lower()}"
    yield RecordDraft(unit.id, "reports", filed, body, name)


def _report_words(title: str) -> Mapping[str, Any]:
    entries: Sequence[Mapping[str, Any]] = material()["reports"]
    return next(entry for entry in entries if any(word in title for word in entry.get("match", [""])))


def _inspections(
    world: World,
    unit: RollEntry,
    duty: Duty,
    turn: DutyTurn,
    own: Sequence[SimulatedHazard],
    late: bool,
    rng: random.Random,
) -> Iterator[RecordDraft]:
    where = duty["answered_by"].get("where", {})
    for _ in range(duty.get("count", 1)):
        yield _inspection(world, unit, where, turn, own, late, rng)


def _inspection(
    world: World,
    unit: RollEntry,
    where: Mapping[str, str],
    turn: DutyTurn,
    own: Sequence[SimulatedHazard],
    late: bool,
    rng: random.Random,
) -> RecordDraft:
    first = max(turn.first, world.window(unit)[0])
    day = _some_day(world, first, turn.last, rng)
    found = [case for case in own if first <= case.hazard.body["discovered_on"] <= turn.last]
    if found and rng.random() < 0.6:
        day = rng.choice(found).hazard.body["discovered_on"]
    seen = [case.hazard for case in found if case.hazard.body["discovered_on"] == day]
    filed = _filed_after(world, day, turn, late, rng)
    # The register comes first: an inspection can only cite what is in it.
    seen = [hazard for hazard in seen if hazard.filed_on <= filed]
    led_by = where.get("led_by") or (rng.choice(LEADERS) if "nature" in where else "principal")
    style = where.get("nature") or ("principal" if led_by == "principal" else rng.choice(["routine", "special"]))
    places = material()["inspections"]["places"][unit.type]
    body: dict[str, Any] = {
        "inspected_on": day,
        "led_by": led_by,
        "nature": "routine" if style == "principal" else style,
        "places": rng.sample(places, min(len(places), rng.randint(2, 5))),
        "summary": pick(material()["inspections"][style], rng, {"topic": topic(day.month, rng)}),
    }
    if seen:
        body["hazards_found"] = seen
    return RecordDraft(unit.id, "inspections", filed, {**body, "record_kept": True}, day.isoformat())


def _activities(
    world: World,
    unit: RollEntry,
    duty: Duty,
    turn: DutyTurn,
    _own: Sequence[SimulatedHazard],
    late: bool,
    rng: random.Random,
) -> Iterator[RecordDraft]:
    activity = duty["answered_by"].get("where", {}).get("activity", "other")
    for _ in range(duty.get("count", 1)):
        yield from _activity(world, unit, activity, duty, turn, late, rng)


def _activity(
    world: World, unit: RollEntry, activity: str, duty: Duty, turn: DutyTurn, late: bool, rng: random.Random
) -> Iterator[RecordDraft]:
    words = material()["activities"][activity]
    held = _some_day(world, max(turn.first, world.window(unit)[0]), turn.last, rng)
    lesson = duty.get("answered_by", {}).get("where", {}).get("lesson")
    subject = topic(held.month, rng)
    slots = {"topic": duty.get("topic", subject), "campaign": world.campaign["short_title"]}
    staff = rng.randint(*material()["sizes"][unit.type]["staff"])
    body: dict[str, Any] = {
        "activity": activity,
        **({"lesson": lesson} if lesson else {}),
        "title": pick(words["title"], rng, slots),
        "held_on": held,
        "participants": max(1, staff * rng.randint(*words["share"]) // 100),
    }
    if "staff" in words:
        body["staff"] = _staff(staff, rng)
    must: Sequence[str] = duty.get("must_include", [])
    contents = list(dict.fromkeys([*must, *(text for text in words.get("contents", []) if rng.random() < 0.7)]))
    if contents:
        body["contents"] = contents
    if "channels" in words:
        body["channels"] = rng.sample(words["channels"], rng.randint(1, 3))
    body["summary"] = pick(words["summary"], rng, slots)
    filed = _filed_after(world, held, turn, late, rng)
    yield RecordDraft(unit.id, "activities", filed, body, f"{held}-{activity.replace('_', '-')}")


def _staff(total: int, rng: random.Random) -> dict[str, int]:
    """How many of each sort are covered: nearly everybody."""
    contract, dispatched, trainee = total // 5, total // 12, total // 15
    permanent = total - contract - dispatched - trainee
    return {
        "permanent": permanent - rng.randint(0, permanent // 40),
        "contract": contract,
        "dispatched": dispatched,
        "trainee": trainee,
        "total": total,
    }


def _resources(
    world: World,
    unit: RollEntry,
    duty: Duty,
    turn: DutyTurn,
    _own: Sequence[SimulatedHazard],
    late: bool,
    rng: random.Random,
) -> Iterator[RecordDraft]:
    where = duty["answered_by"]["where"]
    words = material()["resources"][where.get("plan_kind", where["resource"])]
    low, high = words.get("quantity", [1, 1])
    for _ in range(duty.get("count", 1)):
        day = _some_day(world, max(turn.first, world.window(unit)[0]), turn.last, rng)
        body: dict[str, Any] = {
            "resource": where["resource"],
            "name": pick(words["name"], rng, {"name": unit.name}),
            "quantity": rng.randint(low, high),
        }
        if where["resource"] == "plan":
            revised = {"plan_kind": where["plan_kind"], "version": f"{day.year} 年修订", "revised_on": day}
            body |= revised
        elif "location" in words:
            body["location_text"] = pick(words["location"], rng)
        yield RecordDraft(unit.id, "resources", _filed_after(world, day, turn, late, rng), body)
