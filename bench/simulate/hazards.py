"""Which hazards each organisation has, and the records that put them into the ledger."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from math import sqrt
from typing import Any

from bench.simulate.material import expand, material, members, pick
from bench.simulate.model import RecordDraft, RollEntry, World, stream

MAJOR_SHARE = 0.35
ON_THE_SPOT_SHARE = 0.40  # of the general ones
LEGACY_SHARE = 0.07
FOUND_BY_SUPERIOR_SHARE = 0.14
FOUND_BY_TOP_SHARE = 0.08  # of those: the office has one folder for all
PRIORITY_WEIGHT = 2
DAYS_FOR_MAJOR = 60  # a later find is not claimed major: there would be no time to treat it within the campaign
DAYS_FOR_GENERAL = 14

Template = Mapping[str, Any]


@dataclass(eq=False)
class SimulatedHazard:
    """One hazard: its record, what the superior will decide, and what the rest of its life needs to know."""

    hazard: RecordDraft
    unit: RollEntry
    template: Template
    slots: Mapping[str, str]
    verdict: str
    """What the superior decides of a hazard claimed major: major, general or not_hazard; "" when nobody is asked."""
    deadline: date | None
    funds: int
    records: list[RecordDraft] = field(default_factory=list)
    """What was filed about the hazard after its registration, in order of time."""
    closed_on: date | None = None

    @property
    def on_the_spot(self) -> bool:
        """Whether the hazard was put right the day it was found."""
        return "fixed_on_the_spot" in self.hazard.body

    @property
    def found_by_superior(self) -> bool:
        """Whether the record lies in the folder of an organisation above the unit."""
        return self.hazard.folder != self.unit.id


@dataclass(frozen=True)
class Find:
    """When a hazard was found and how serious the finder holds it."""

    discovered_on: date
    registered_on: date
    filed_on: date
    major: bool
    on_the_spot: bool
    legacy: bool


def shares(world: World, total: int) -> Mapping[str, int]:
    """How many of `total` hazards fall to each organisation: by size, by chance, and by how long it takes part."""
    weights: dict[str, float] = {}
    for unit in world.filing:
        first, last = world.window(unit)
        days = (min(last, world.ends_on) - first).days
        size = material()["sizes"][unit.type]["weight"]
        weights[unit.id] = size * stream(world.seed, unit.id, "share").uniform(0.45, 1.55) * max(0, days - 30)
    whole = sum(weights.values())
    if not whole:
        return {}
    exact = {name: total * weight / whole for name, weight in weights.items()}
    given = {name: int(share) for name, share in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (given[name] - exact[name], name))
    for name in by_remainder[: total - sum(given.values())]:
        given[name] += 1
    return given


def cases(world: World, unit: RollEntry, numbers: range) -> Iterator[SimulatedHazard]:
    """The hazards of `unit`, not in order of time; `numbers` are their places among all hazards of the season."""
    rng = stream(world.seed, unit.id, "hazards")
    used: Counter[str] = Counter()
    for number in numbers:
        find = _find(world, unit, number, rng)
        category, template = _choose(world, unit, find, used, rng)
        used[template["title"]] += 1
        yield _case(world, unit, find, category, template, rng)


def _falls(number: int, share: float, step: float) -> bool:
    """Whether the hazard of this number belongs to a `share` of all: spread evenly, so that small seasons fit too."""
    return number * step % 1 < share


def _find(world: World, unit: RollEntry, number: int, rng: random.Random) -> Find:
    first, last = world.window(unit)
    latest = min(world.ends_on, last - timedelta(DAYS_FOR_GENERAL if unit.left_on is None else DAYS_FOR_MAJOR // 2))
    # Most hazards turn up in the first months, and some at any time.
    fraction = rng.betavariate(1.0, 2.6) if rng.random() < 0.75 else rng.random()
    discovered = world.office_day_before(first + timedelta(round(fraction * (latest - first).days)), first)
    legacy = unit.joined_on is None and rng.random() < LEGACY_SHARE
    if legacy:
        discovered, registered = first - timedelta(rng.randint(10, 150)), first + timedelta(rng.randint(0, 9))
    else:
        registered = discovered + timedelta(rng.choice([0, 0, 1, 1, 2, 3]))
    registered = world.office_day(registered)
    filed = world.office_day(registered + timedelta(rng.choice([0, 0, 0, 1])))
    major = (last - filed).days >= DAYS_FOR_MAJOR and _falls(number, MAJOR_SHARE * 1.12, sqrt(5) / 2)
    spot = not legacy and _falls(number, 0.05 if major else ON_THE_SPOT_SHARE * 1.06, sqrt(2))
    return Find(discovered, registered, filed, major, spot, legacy)


@cache
def _templates(kind: str) -> Sequence[tuple[str, Template]]:
    """The hazards an organisation of this type can have, each with its category."""
    book: Mapping[str, Sequence[Template]] = material()["hazards"]
    return [
        (category, item) for category, items in book.items() for item in items if kind in members(tuple(item["units"]))
    ]


def _in_force(clause: str, day: date, unit: RollEntry) -> bool:
    terms = material()["clauses"][clause]
    in_time = terms["from"] <= day <= terms.get("until", date.max)
    return bool(in_time and (unit.crowded_place or not terms.get("crowded_place")))


def citable(template: Template, day: date, unit: RollEntry) -> list[str]:
    """The clauses that make this hazard major, if all of them hold on `day`; a part of them would prove nothing."""
    clauses: list[str] = template.get("clauses", [])
    return clauses if all(_in_force(clause, day, unit) for clause in clauses) else []


def _choose(
    world: World, unit: RollEntry, find: Find, used: Mapping[str, int], rng: random.Random
) -> tuple[str, Template]:
    month = find.discovered_on.month
    fitting = [pair for pair in _templates(unit.type) if month in pair[1].get("months", range(1, 13))]
    sound = [pair for pair in fitting if "doubtful" not in pair[1] and citable(pair[1], find.discovered_on, unit)]
    if find.major:
        doubtful = [pair for pair in fitting if "doubtful" in pair[1]]
        pool = sound if sound and rng.random() < 0.8 else doubtful
    else:
        pool = [pair for pair in fitting if pair not in sound]
    if find.on_the_spot:
        pool = [pair for pair in pool if "spot" in pair[1]] or pool
    rarest = min(used.get(template["title"], 0) for _, template in pool)
    fresh = [pair for pair in pool if used.get(pair[1]["title"], 0) == rarest]
    priority = world.campaign.get("priority_categories", [])
    return rng.choices(fresh, [PRIORITY_WEIGHT if category in priority else 1 for category, _ in fresh])[0]


def _verdict(find: Find, template: Template, clauses: Sequence[str], rng: random.Random) -> str:
    if not find.major:
        return ""
    if "doubtful" in template or not clauses:
        return "not_hazard" if rng.random() < 0.25 else "general"
    return rng.choices(["major", "general", "not_hazard"], [0.94, 0.03, 0.03])[0]


def _slots(unit: RollEntry, template: Template, rng: random.Random) -> dict[str, str]:
    places = template["places"]
    place = pick(material()["pools"][places][unit.type] if isinstance(places, str) else places, rng)
    slots = {"place": place}
    for name, values in template.get("slots", {}).items():
        slots[name] = expand(f"{{{values}}}", rng)
    for name in ("title", "summary", "measures", "done"):
        slots[name] = expand(template[name], rng, slots)
    return slots


def _case(
    world: World, unit: RollEntry, find: Find, category: str, template: Template, rng: random.Random
) -> SimulatedHazard:
    slots = _slots(unit, template, rng)
    clauses = citable(template, find.discovered_on, unit)
    above = world.superiors(unit, find.filed_on)
    found_by_superior = bool(above) and rng.random() < FOUND_BY_SUPERIOR_SHARE
    superior = above[-1] if len(above) > 1 and rng.random() < FOUND_BY_TOP_SHARE else (above or [unit])[0]
    on_the_spot = find.on_the_spot and "spot" in template
    deadline = None if on_the_spot and not find.major else _deadline(world, unit, find, rng)
    funds = _funds(template, find.major, rng)
    body = _opening(find, category, template, slots, rng)
    if found_by_superior:
        body = {"unit": unit.id, **body, "source": rng.choice(material()["sources"]["superior"])}
    if clauses and find.major and rng.random() < 0.6:
        body["criteria"] = list(clauses)
    body |= _inner(template, slots, find.major, rng)
    if deadline:
        body |= _essentials(unit, category, slots, deadline, funds, find, rng)
    if on_the_spot:
        body["fixed_on_the_spot"] = {"fixed_on": find.discovered_on, "measures": expand(template["spot"], rng, slots)}
    if find.major:
        body |= {"regulator_reported_on": find.registered_on, "staff_reported_on": find.registered_on}
    hazard = RecordDraft(superior.id if found_by_superior else unit.id, "hazards", find.filed_on, body)
    return SimulatedHazard(hazard, unit, template, slots, _verdict(find, template, clauses, rng), deadline, funds)


def _opening(
    find: Find, category: str, template: Template, slots: Mapping[str, str], rng: random.Random
) -> dict[str, Any]:
    body: dict[str, Any] = {
        "title": slots["title"],
        "public_summary": slots["summary"],
        "discovered_on": find.discovered_on,
        "registered_on": find.registered_on,
        "source": rng.choice(material()["sources"]["own"]),
        "place": slots["place"],
        "location_text": pick(material()["location"], rng, slots),
        "category": category,
        "nature": template["nature"],
        "claimed_level": "major" if find.major else "general",
    }
    if find.legacy:
        body["legacy"] = True
    return body


def _inner(template: Template, slots: Mapping[str, str], major: bool, rng: random.Random) -> dict[str, Any]:
    """The part for the office only; small things are seldom described at length."""
    if not major and rng.random() < 0.5:
        return {}
    return {
        "description": expand(material()["description"], rng, slots),
        "cause": expand(template["cause"], rng, slots),
        "potential_consequence": expand(template["consequence"], rng, slots),
    }


def _essentials(
    unit: RollEntry,
    category: str,
    slots: Mapping[str, str],
    deadline: date,
    planned: int,
    find: Find,
    rng: random.Random,
) -> dict[str, Any]:
    """五落实: all five for a hazard claimed major, the first four for a smaller one."""
    funds: dict[str, Any] = {"planned": planned}
    if planned:
        funds["secured"] = planned if rng.random() < 0.6 else _rounded(planned * rng.uniform(0.5, 0.95))
        if rng.random() < 0.25:
            funds["note"] = pick(material()["funds_note"], rng)
    body = {
        "responsible_role": rng.choice(material()["roles"][unit.type]),
        "measures": slots["measures"],
        "funds": funds,
        "deadline": deadline,
    }
    controls = material()["interim"][category]
    if find.major:
        body["contingency_plan"] = pick(material()["contingency"], rng)
        body["interim_controls"] = rng.sample(controls, min(len(controls), rng.randint(2, 3)))
    elif rng.random() < 0.4:
        body["interim_controls"] = rng.sample(controls, 1)
    return body


def _deadline(world: World, unit: RollEntry, find: Find, rng: random.Random) -> date:
    room = (world.window(unit)[1] - find.filed_on).days
    if find.major:
        # The room left is used up to a different degree each time, or all late finds would fall due on one day.
        term = min(rng.choice([30, 45, 60, 60, 75, 90, 90, 120]), max(25, room - rng.randint(25, 55)))
    else:
        term = min(rng.choice([7, 10, 15, 15, 20, 30, 30]), max(4, room - 7))
    return find.registered_on + timedelta(term)


def _funds(template: Template, major: bool, rng: random.Random) -> int:
    low, high = template["funds"]
    return _rounded(rng.triangular(low, high, low + (high - low) * (0.35 if major else 0.15)))


def _rounded(amount: float) -> int:
    """Whole yuan, as people plan them."""
    step = 100 if amount < 10_000 else 1_000
    return round(amount / step) * step
