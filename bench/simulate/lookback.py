"""回头看: inspections of hazards already closed, a few of which have relapsed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from bench.simulate.hazards import SimulatedHazard
from bench.simulate.loop import relapse
from bench.simulate.material import material, pick
from bench.simulate.model import RecordDraft, RollEntry, World, stream

VISITED = 0.4  # of the hazards worked off
RELAPSED = 0.09
EVERY_DAYS = 21
AFTER_DAYS = 12
ROOM_FOR_REWORK = timedelta(40)
MOST_IN_ONE_VISIT = 30


def look_backs(world: World, cases: Iterable[SimulatedHazard]) -> Iterator[RecordDraft]:
    """The look-back inspections of every folder; a relapsed hazard gets its second round of records."""
    by_visit: dict[tuple[str, date], list[SimulatedHazard]] = defaultdict(list)
    for number, case in enumerate(cases):
        rng = stream(world.seed, case.unit.id, "look_back", str(number))
        if case.closed_on is None or case.on_the_spot or rng.random() >= VISITED:
            continue
        above = world.superiors(case.unit, case.closed_on)
        visitor = above[0] if above and rng.random() < 0.65 else case.unit
        day = _visit_day(world, visitor, case.closed_on)
        while len(by_visit.get((visitor.id, day), ())) >= MOST_IN_ONE_VISIT:
            day = _visit_day(world, visitor, day)
        last = min(world.window(visitor)[1], world.window(case.unit)[1])
        if _filed_on(world, day) <= last:
            by_visit[visitor.id, day].append(case)
    for (folder, day), visited in by_visit.items():
        yield _inspection(world, folder, day, visited)


def _visit_day(world: World, visitor: RollEntry, after: date) -> date:
    """The visitor's next day for such rounds: every three weeks, on days of its own."""
    offset = stream(world.seed, visitor.id, "rounds").randrange(EVERY_DAYS)
    first = world.starts_on + timedelta(offset)
    rounds = -(-(after + timedelta(AFTER_DAYS) - first).days // EVERY_DAYS)
    return world.office_day(first + timedelta(rounds * EVERY_DAYS))


def _filed_on(world: World, day: date) -> date:
    return world.office_day(day + timedelta(1))


def _inspection(world: World, folder: str, day: date, visited: Sequence[SimulatedHazard]) -> RecordDraft:
    rng = stream(world.seed, folder, "visit", day.isoformat())
    words = material()["look_back"]
    filed = _filed_on(world, day)
    results = []
    for case in visited:
        again = rng.random() < RELAPSED and world.window(case.unit)[1] - filed >= ROOM_FOR_REWORK
        result = "relapsed" if again else "stable"
        results.append({"hazard": case.hazard, "result": result, "note": pick(words[result], rng)})
        if again:
            relapse(world, case, filed, rng)
    body = {
        "inspected_on": day,
        "led_by": rng.choice(["deputy", "section_head", "team"]),
        "nature": "look_back",
        "places": list(dict.fromkeys(case.slots["place"] for case in visited)),
        "summary": pick(words["summary"], rng),
        "look_back": results,
        "record_kept": True,
    }
    return RecordDraft(folder, "inspections", filed, body, name=day.isoformat())
