"""A whole campaign season: every record of every organisation, numbered after what is there already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from bench.simulate.duties import answers, extras
from bench.simulate.filings import KINDS, returns
from bench.simulate.hazards import SimulatedHazard, cases, shares
from bench.simulate.lookback import look_backs
from bench.simulate.loop import live
from bench.simulate.model import RecordDraft, World, stream, world
from bench.simulate.periods import Duty, owes, periods
from taizhang.intake.writing import document

SERIAL_KINDS = frozenset(
    {"hazards", "determinations", "rectifications", "acceptances", "extensions", "extension-decisions", "resources"}
)
NEWS = frozenset({"hazards", "rectifications", "extensions", "activities"})
LAST_SERIAL = 999


def season(
    campaign_id: str,
    campaign: Mapping[str, Any],
    roll: Mapping[str, Any],
    taken: Collection[str],
    *,
    hazards: int,
    seed: int,
    first_serial: int = 1,
) -> Iterator[tuple[str, str]]:
    """Made-up records of one campaign, as (path, YAML text) in the order of their paths.

    `campaign` and `roll` are the parsed campaign.yml and roll.yml; what the campaign asks for, and of whom, is read
    from them. Paths in `taken` are left alone, and serial numbers go on after the highest one taken in each folder of
    a kind, at `first_serial` at the lowest. The same arguments give the same bytes. Raises ValueError when a folder
    would need more than 999 numbers in a year.
    """
    drafts = _drafts(world(campaign, roll, seed), hazards)
    yield from _written(campaign_id, drafts, taken, first_serial)


def filings(
    campaign_id: str,
    campaign: Mapping[str, Any],
    roll: Mapping[str, Any],
    taken: Collection[str],
    owed: Iterable[tuple[str, Duty]],
    *,
    seed: int,
    first_serial: int = 1,
) -> Iterator[tuple[str, str]]:
    """What organisations file to answer duties that were written down later, as `season` gives it.

    `owed` pairs an organisation with a duty it has not met. Not everybody answers, and not always in time.
    """
    around = world(campaign, roll, seed)
    drafts: list[RecordDraft] = []
    for org, duty in owed:
        drafts += answers(around, around.organisations[org], duty, list(periods(duty, around)), ())
    yield from _written(campaign_id, drafts, taken, first_serial)


def _written(
    campaign_id: str, drafts: Iterable[RecordDraft], taken: Collection[str], first_serial: int
) -> Iterator[tuple[str, str]]:
    for path, draft in sorted(_named(campaign_id, drafts, taken, first_serial), key=lambda pair: pair[0]):
        yield path, document(_resolved({"filed_on": draft.filed_on, **draft.body}))


def _drafts(around: World, hazards: int) -> list[RecordDraft]:
    everything: list[SimulatedHazard] = []
    numbers = shares(around, hazards)
    for unit in around.filing:
        rng = stream(around.seed, unit.id, "life")
        places = range(len(everything), len(everything) + numbers.get(unit.id, 0))
        own = sorted(cases(around, unit, places), key=lambda case: case.hazard.filed_on)
        for case in own:
            live(around, case, rng)
        everything += own
    drafts = list(look_backs(around, everything))
    for case in everything:
        drafts += [case.hazard, *case.records]
    drafts += _duties(around, everything)
    return drafts + _returns(around, everything, drafts)


def _duties(around: World, everything: Iterable[SimulatedHazard]) -> list[RecordDraft]:
    """Reports, inspections and activities of everybody, whoever owes them."""
    own: dict[str, list[SimulatedHazard]] = defaultdict(list)
    for case in everything:
        own[case.hazard.folder].append(case)
    drafts: list[RecordDraft] = []
    for duty in around.campaign["duties"]:
        turns = list(periods(duty, around))
        for unit in around.organisations.values():
            if owes(duty, unit):
                drafts += answers(around, unit, duty, turns, own[unit.id])
    for unit in around.filing:
        drafts += extras(around, unit, own[unit.id])
    return drafts


def _returns(around: World, everything: Iterable[SimulatedHazard], others: Iterable[RecordDraft]) -> list[RecordDraft]:
    """Weekly and monthly returns; a nil return is right only where nothing happened, so they come last."""
    busy: dict[str, list[date]] = defaultdict(list)
    for draft in others:
        if draft.kind in NEWS:
            busy[draft.folder].append(draft.filed_on)
    for case in everything:
        busy[case.unit.id].append(case.hazard.filed_on)
    for days in busy.values():
        days.sort()
    drafts: list[RecordDraft] = []
    for duty in around.campaign["duties"]:
        if duty["answered_by"]["kind"] not in KINDS:
            continue
        turns = list(periods(duty, around))
        for unit in around.organisations.values():
            if owes(duty, unit):
                drafts += returns(around, unit, duty, turns, busy[unit.id])
    return drafts


def _named(
    campaign_id: str, drafts: Iterable[RecordDraft], taken: Collection[str], first_serial: int
) -> Iterator[tuple[str, RecordDraft]]:
    """Drafts with their paths; a name that is taken is passed over, or gets the next free number of its day."""
    highest = _highest(campaign_id, taken)
    used = set(taken)
    for draft in sorted(drafts, key=lambda draft: draft.filed_on):
        home = f"submissions/{campaign_id}/{draft.folder}/{draft.kind}"
        if draft.kind in SERIAL_KINDS:
            year = str(draft.filed_on.year)
            serial = max(highest.get((home, year), 0) + 1, first_serial)
            if serial > LAST_SERIAL:
                raise ValueError(f"{home} would need more than {LAST_SERIAL} numbers in {year}")
            highest[home, year] = serial
            draft.name = f"{year}-{serial:03}"
        elif draft.kind == "inspections":
            draft.name = next((name for name in _days(draft.name) if f"{home}/{name}.yml" not in used), draft.name)
        path = f"{home}/{draft.name}.yml"
        if path not in used:
            used.add(path)
            yield path, draft


def _days(name: str) -> Iterator[str]:
    yield name
    for number in range(2, 10):
        yield f"{name}-{number}"


def _highest(campaign_id: str, taken: Collection[str]) -> dict[tuple[str, str], int]:
    """The highest serial number taken in each folder of a kind, by year."""
    highest: dict[tuple[str, str], int] = {}
    for path in taken:
        home, _, file_name = path.rpartition("/")
        kind = home.rpartition("/")[2]
        year, _, serial = file_name.removesuffix(".yml").partition("-")
        if kind in SERIAL_KINDS and home.startswith(f"submissions/{campaign_id}/") and serial.isdecimal():
            highest[home, year] = max(highest.get((home, year), 0), int(serial))
    return highest


def _resolved(value: Any) -> Any:
    """`value` with every draft in it replaced by the reference to its record."""
    if isinstance(value, RecordDraft):
        return value.reference
    if isinstance(value, Mapping):
        return {key: _resolved(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item) for item in value]
    return value
