"""Rules about the office's own files: the campaign, the roll, the criteria and the calendars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from taizhang.campaign.campaign import PLACEHOLDER
from taizhang.campaign.roll import Roll, read_roll
from taizhang.checks.duties import impossible_duties
from taizhang.checks.filing import out_of_order
from taizhang.checks.personal import personal_register, texts_of
from taizhang.findings import Finding
from taizhang.intake.kinds import Kind
from taizhang.intake.records import Record


def broken_campaign(record: Record, kinds: Mapping[str, Kind]) -> Iterator[Finding]:
    """A campaign's duties can be met as they are written, its identifiers are unique and its dates are in order."""
    yield from impossible_duties(record, kinds)
    yield from _unique(record, "duties")
    yield from _unique(record, "phases")
    for index, (first, second) in enumerate(pairwise(record.data["phases"])):
        if first["ends_on"] > second["ends_on"]:
            where = ("phases", index + 1, "ends_on")
            yield record.finding("E-PHASES", where, first=first["title"], then=second["title"])
    yield from _in_order(record)
    yield from personal_register(record, record.data.get("telephones", ()))


def broken_roll(record: Record) -> Iterator[Finding]:
    """Identifiers on the roll are unique, every superior is on it, nobody is above himself or leaves before joining."""
    yield from _unique(record, "organisations")
    roll = read_roll(record)
    for index, org in enumerate(roll.organisations):
        if org.parent and org.parent not in roll:
            yield record.finding("E-PARENT", ("organisations", index, "parent"), name=org.name, parent=org.parent)
        elif org.parent and _in_circle(roll, org.id):
            yield record.finding("E-CIRCLE", ("organisations", index, "parent"), name=org.name)
    yield from _in_order(record)
    yield from personal_register(record, ())


def unfilled(record: Record) -> Iterator[Finding]:
    """What the template leaves to the office is filled in: nobody is named, and nothing is owed, by a placeholder."""
    for path, text in texts_of(record.data):
        if text.startswith(PLACEHOLDER):
            yield record.finding("E-PLACEHOLDER", path, field=record.kind.label(path), text=text)


def broken_library(record: Record) -> Iterator[Finding]:
    """A criteria file numbers its clauses apart; a calendar is named after its year; dates are in order."""
    yield from _in_order(record)
    if record.kind.name == "criteria":
        yield from _unique(record, "clauses", "clause")
    elif record.name != str(record.data["year"]):
        yield record.finding("E-MATCH", ("year",), name=record.name, wanted=record.data["year"])
    yield from personal_register(record, ())


def _in_order(record: Record) -> Iterator[Finding]:
    for hit in out_of_order(record):
        yield record.finding("E-ORDER", hit.path, **hit.values)


def _in_circle(roll: Roll, start: str) -> bool:
    """Whether the walk upwards from `start` comes back to it."""
    seen: set[str] = set()
    node = roll.by_id.get(start)
    while node and node.parent and node.parent not in seen:
        if node.parent == start:
            return True
        seen.add(node.parent)
        node = roll.by_id.get(node.parent)
    return False


def _unique(record: Record, name: str, key: str = "id") -> Iterator[Finding]:
    seen: set[str] = set()
    for index, entry in enumerate(record.data[name]):
        if entry[key] in seen:
            yield record.finding("E-SAME-ID", (name, index, key), id=entry[key])
        seen.add(entry[key])
