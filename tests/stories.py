"""Hazards and what is said about them, as records: the stuff of tests of the closed loop."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from support import HAZARD, Data, made

from taizhang.intake.records import Record
from taizhang.ledger.closed_loop import Event
from taizhang.ledger.hazards import Case, fold

DAY = timedelta(days=1)
START = date(2023, 6, 1)
"""The day the hazard is filed."""

FIXED = {"fixed_on": "2023-06-01", "measures": "开锁"}
SAYS: dict[Event, tuple[str, Data]] = {
    Event.FOUND_MAJOR: ("determinations", {"decision": "major"}),
    Event.FOUND_GENERAL: ("determinations", {"decision": "general"}),
    Event.FOUND_NONE: ("determinations", {"decision": "not_hazard"}),
    Event.TRANSFERRED: ("determinations", {"decision": "transferred", "transferred_to": "市场监管部门"}),
    Event.MERGED: ("determinations", {"decision": "merged", "merged_into": "south-county/2023-001"}),
    Event.PLAN: ("rectifications", {"stage": "plan"}),
    Event.PROGRESS: ("rectifications", {"stage": "progress"}),
    Event.COMPLETED: ("rectifications", {"stage": "completed"}),
    Event.PASSED: ("acceptances", {"result": "passed"}),
    Event.FAILED: ("acceptances", {"result": "failed"}),
    Event.STABLE: ("inspections", {"look_back": [{"hazard": HAZARD, "result": "stable"}]}),
    Event.RELAPSED: ("inspections", {"look_back": [{"hazard": HAZARD, "result": "relapsed"}]}),
}
DATED = {
    "determinations": "decided_on",
    "rectifications": "progress_on",
    "acceptances": "accepted_on",
    "inspections": "inspected_on",
}


def said(event: Event, day: date, number: int, hazard: str = HAZARD) -> Record:
    """A record in which the right organisation says that `event` happened to a hazard."""
    kind, fields = SAYS[event]
    org = hazard.partition("/")[0] if kind == "rectifications" else "bureau"
    fields = {**fields, "filed_on": day.isoformat(), DATED[kind]: day.isoformat()}
    if kind == "inspections":
        fields |= {"look_back": [{**fields["look_back"][0], "hazard": hazard}], "led_by": "team", "hazard": None}
    else:
        fields["hazard"] = hazard
    name = f"{day.isoformat()}-{number}" if kind == "inspections" else f"2023-{number:03}"
    return made(org, kind, name, **fields)


def story(*events: Event, **hazard: object) -> list[Record]:
    """A hazard and what is said about it, one event a day from the day after it was filed."""
    records = [made("east-hospital", "hazards", **hazard)]
    for number, event in enumerate(events, start=1):
        if event is Event.WITHDRAWN:
            withdrawn = {"dated": (START + number * DAY).isoformat(), "reason": "报错了"}
            records[0] = made("east-hospital", "hazards", **hazard, withdrawn=withdrawn)
        else:
            records.append(said(event, START + number * DAY, number))
    return records


def case_of(records: Iterable[Record]) -> Case:
    (case,) = fold(list(records))
    return case


WAY_ROUND = (Event.FOUND_MAJOR, Event.PROGRESS, Event.COMPLETED, Event.PASSED)
