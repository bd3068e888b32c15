"""What records say about hazards, in the order in which it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from taizhang.intake.records import Record
from taizhang.intake.schemas import FieldPath
from taizhang.ledger.closed_loop import Event


class Message(NamedTuple):
    """A record speaking of a hazard: when it counts, what it says. Messages are folded in this order."""

    day: date
    rank: int
    path: str
    event: Event
    record: Record
    field: FieldPath


_SAID: Mapping[str, tuple[str, Mapping[str, Event]]] = {
    "determinations": (
        "decision",
        {
            "major": Event.FOUND_MAJOR,
            "general": Event.FOUND_GENERAL,
            "not_hazard": Event.FOUND_NONE,
            "transferred": Event.TRANSFERRED,
            "merged": Event.MERGED,
        },
    ),
    "rectifications": ("stage", {"plan": Event.PLAN, "progress": Event.PROGRESS, "completed": Event.COMPLETED}),
    "acceptances": ("result", {"passed": Event.PASSED, "failed": Event.FAILED}),
}
"""By kind: the field that says what happened to the hazard, and the event each of its values is."""

_LOOK_BACK = {"stable": Event.STABLE, "relapsed": Event.RELAPSED}
_RANK = {event: rank for rank, event in enumerate(Event)}


def messages_in(record: Record) -> Iterable[tuple[str, Message]]:
    """What one record says, by the reference of the hazard it speaks of."""
    data, kind = record.data, record.kind.name

    def message(event: Event, *where: str | int, day: date = record.filed_on) -> Message:
        return Message(day, _RANK[event], record.path, event, record, where)

    if kind == "hazards":
        if "fixed_on_the_spot" in data and data["claimed_level"] == "general":
            yield record.ref, message(Event.FIXED_ON_THE_SPOT, "fixed_on_the_spot")
        if record.withdrawn:
            dated = date.fromisoformat(data["withdrawn"]["dated"])
            yield record.ref, message(Event.WITHDRAWN, "withdrawn", day=dated)
    elif record.withdrawn:
        return
    elif kind in _SAID:
        name, events = _SAID[kind]
        yield data["hazard"], message(events[data[name]], name)
    elif kind in ("inspections", "visits"):
        for index, item in enumerate(data.get("look_back", ())):
            yield item["hazard"], message(_LOOK_BACK[item["result"]], "look_back", index, "result")
