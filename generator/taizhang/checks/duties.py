"""Rules about duties: that a campaign's duties can be met at all, and that what is filed answers the one it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from taizhang.campaign.obligations import Duty, read_duty, said
from taizhang.checks.registry import Hit, Register, ledger_rule, record_rule
from taizhang.findings import Finding, Phrase, phrase, several
from taizhang.intake.kinds import Kind
from taizhang.intake.records import Record
from taizhang.intake.schemas import FieldPath, Schema
from taizhang.ledger.ledger import Ledger

Entry = Mapping[str, Any]


class Broken(NamedTuple):
    """A duty that cannot be met as it is written: the rule, the place within the duty, the values of the wording."""

    code: str
    path: FieldPath
    values: Mapping[str, object]


def impossible_duties(record: Record, kinds: Mapping[str, Kind]) -> Iterator[Finding]:
    """Every contradiction in the duties of a campaign."""
    for index, entry in enumerate(record.data["duties"]):
        for code, path, values in _broken(entry, record, kinds):
            yield record.finding(code, ("duties", index, *path), title=entry["title"], **values)


def _broken(entry: Entry, record: Record, kinds: Mapping[str, Kind]) -> Iterator[Broken]:
    kind = kinds.get(entry["answered_by"]["kind"])
    if kind is None or kind.place != "record":
        yield Broken("E-DUTY-KIND", ("answered_by", "kind"), {"kind": entry["answered_by"]["kind"]})
    else:
        yield from _where(entry, kind)
        yield from _contents(entry, kind)
        yield from _turns(entry, kind)
    words = list(_words(entry["due"]))
    yield from words or _never(entry, record)


_MONTHS = ("month", "quarter", "half_year", "year")

WORDS: Mapping[str, Callable[[Entry], bool]] = {
    "by": lambda due: due["every"] == "once",
    "from": lambda due: due["every"] != "once",
    "until": lambda due: due["every"] != "once",
    "month": lambda due: due["every"] == "year",
    "day": lambda due: due["every"] == "month" or "month" in due or ("months_after" in due and due["every"] in _MONTHS),
    "months_after": lambda due: due["every"] in _MONTHS and "day" in due,
    "days_after": lambda due: due["every"] != "once" and "day" not in due,
    "inclusive": lambda due: "by" in due or "day" in due,
}
"""Every word of `due` besides `every`: whether it fits the others that stand with it."""


def _words(due: Entry) -> Iterator[Broken]:
    if due["every"] == "once" and "by" not in due:
        yield Broken("E-DUTY-DUE", ("due",), {})
    for name, fits in WORDS.items():
        if name in due and not fits(due):
            yield Broken("E-DUTY-WORD", ("due", name), {"word": name, "when": phrase(name), "every": due["every"]})


def _never(entry: Entry, record: Record) -> Iterator[Broken]:
    """No occurrence at all within the campaign; where that has no days itself, it is told of that alone."""
    first, last = record.day("starts_on"), record.day("ends_on")
    if first <= last and not any(True for _ in read_duty(entry, first, last).due.occurrences()):
        place = next((name for name in ("month", "from", "until") if name in entry["due"]), None)
        yield Broken("E-DUTY-NEVER", ("due", place) if place else ("due",), {"first": first, "last": last})


def _turns(entry: Entry, kind: Kind) -> Iterator[Broken]:
    """A kind with one file a period answers only duties of that rhythm, once in each."""
    every, count = entry["due"]["every"], entry.get("count", 1)
    values = {"kind": kind.title, "rhythm": kind.period or phrase("any")}
    always_periodic = kind.period_field in kind.schema["required"] and every == "once"
    if always_periodic or (kind.period and every != kind.period):
        yield Broken("E-DUTY-RHYTHM", ("due", "every"), {**values, "found": phrase("every", every=every)})
    elif kind.period and count > 1:
        yield Broken("E-DUTY-RHYTHM", ("count",), {**values, "found": phrase("count", count=count)})


def _where(entry: Entry, kind: Kind) -> Iterator[Broken]:
    """Each field of `where` is one of the kind that holds one value, and can hold this one."""
    for name, value in entry["answered_by"].get("where", {}).items():
        schema = kind.schema["properties"].get(name)
        if schema is None or schema["type"] in ("object", "array"):
            wrong = phrase("no_field")
        elif name == "duty" and value != entry["id"]:
            wrong = phrase("own_id", id=entry["id"])
        elif not _can_be(schema, value):
            wrong = phrase("value", value=value, choices=_choices(schema))
        else:
            continue
        values = {"kind": kind.title, "field": name, "wrong": wrong}
        yield Broken("E-DUTY-WHERE", ("answered_by", "where", name), values)


def _can_be(schema: Schema, value: str) -> bool:
    match schema["type"]:
        case "boolean":
            return value in ("true", "false")
        case "integer":
            return value.isdecimal() and schema["minimum"] <= int(value) <= schema["maximum"]
        case _:
            return value in schema.get("enum", (value,)) and bool(re.search(schema.get("pattern", ""), value))


def _choices(schema: Schema) -> Phrase | str:
    return phrase("choices", choices=several(schema["enum"])) if "enum" in schema else ""


def _contents(entry: Entry, kind: Kind) -> Iterator[Broken]:
    """What must be included is something that the kind's `contents` can say."""
    known = kind.field(("contents", 0)).get("enum", ()) if "contents" in kind.schema["properties"] else ()
    for index, word in enumerate(entry.get("must_include", ())):
        if word not in known:
            values = {"kind": kind.title, "word": word, "known": several(known) if known else phrase("none")}
            yield Broken("E-DUTY-INCLUDE", ("must_include", index), values)


def _named(record: Record, register: Register) -> Duty | None:
    """The duty that a record says it answers."""
    named = (record.kind.name, record.data.get("duty"))
    return next((duty for duty in register.campaign.duties if (duty.kind, duty.id) == named), None)


@record_rule("E-DUTY-PERIOD")
def periodic_reports_name_their_period(record: Record, register: Register) -> Iterator[Hit]:
    """A report to a duty that comes round names one of its periods; a report to any other names none."""
    duty = _named(record, register)
    if duty is None:
        return
    periods = [o.period.key for o in duty.due.occurrences() if o.period]
    named = record.period_named
    if bool(periods) == bool(named) and (not named or named in periods):
        return
    wanted = phrase("one_of", first=periods[0], last=periods[-1]) if periods else phrase("none")
    found = phrase("written", text=named) if named else phrase("left_blank")
    yield Hit(("period",) if named else ("duty",), {"duty": duty.title, "wanted": wanted, "found": found})


@record_rule("E-DUTY-ANSWER")
def reports_are_as_their_duty_asks(record: Record, register: Register) -> Iterator[Hit]:
    """A report has the fields its duty asks for: the statutory tables are signed by the principal (令第16号)."""
    duty = _named(record, register)
    for name, value in duty.where.items() if duty else ():
        if said(record, name) != value:
            label = record.kind.label((name,))
            wanted = record.kind.labels(name).get(value, value)
            is_there = name in record.data
            found = phrase("written", text=said(record, name)) if is_there else phrase("left_blank")
            place = (name,) if name in record.data else ("duty",)
            values = {"field": label, "name": name, "value": value, "wanted": wanted, "found": found}
            yield Hit(place, {"duty": duty.title if duty else "", **values})


@record_rule("E-LESSON", kinds=("activities",))
def special_checks_answer_a_lesson(record: Record, register: Register) -> Iterator[Hit]:
    """An activity that names a lesson is the special check it asked for, and came after it. Notices A20 and B22."""
    lesson = register.find("lessons", record.data["lesson"]) if "lesson" in record.data else None
    if lesson is None:
        return
    if "check" not in lesson.data:
        yield Hit(("lesson",), {"lesson": lesson.ref, "found": phrase("no_check")})
    elif record.data["activity"] != "special_check":
        label = record.kind.labels("activity")[record.data["activity"]]
        yield Hit(("activity",), {"lesson": lesson.ref, "found": phrase("other", label=label)})
    elif record.day("held_on") < lesson.filed_on:
        found = phrase("early", held_on=record.data["held_on"], filed_on=lesson.filed_on)
        yield Hit(("held_on",), {"lesson": lesson.ref, "found": found})


@ledger_rule
def duties_address_somebody(ledger: Ledger) -> Iterator[Finding]:
    """Each duty is owed by somebody on the roll."""
    for index, duty in enumerate(ledger.campaign.duties):
        if not any(duty.owed_by(org) for org in ledger.roll.organisations):
            yield ledger.campaign.record.finding("W-DUTY-NOBODY", ("duties", index, "owed_by"), title=duty.title)


@ledger_rule
def nothing_is_due_before_the_campaign(ledger: Ledger) -> Iterator[Finding]:
    """What is owed once is due after the campaign has begun: an earlier day has most often the wrong year."""
    starts_on = ledger.campaign.starts_on
    for index, duty in enumerate(ledger.campaign.duties):
        if duty.due.by and duty.due.by < starts_on:
            values = {"title": duty.title, "by": duty.due.by, "first": starts_on}
            yield ledger.campaign.record.finding("W-DUTY-EARLY", ("duties", index, "due", "by"), **values)


@ledger_rule
def shifts_rest_on_a_calendar(ledger: Ledger) -> Iterator[Finding]:
    """Where due days are shifted for days off, the year's holidays are on file."""
    schedule = ledger.campaign.schedule(ledger.calendar, ledger.by_kind.get("lessons", ()))
    unsure = [o.due for o in schedule if o.provisional]
    if unsure:
        years = "、".join(sorted({str(day.year) for day in unsure}))
        yield ledger.campaign.record.finding("W-CALENDAR", ("weekend_policy",), years=years, count=len(unsure))
