"""Rules about filing: who may say what, where, about whom, and in which order of dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from taizhang.campaign.periods import named
from taizhang.campaign.roll import Tier
from taizhang.checks.registry import Hit, Register, record_rule
from taizhang.findings import phrase, several
from taizhang.intake.annotations import ORDER_RULE, After, Need
from taizhang.intake.records import Record
from taizhang.intake.schemas import FieldPath
from taizhang.ledger.hazards import unit_of


@record_rule("E-UNIT")
def organisation_is_on_the_roll(record: Record, register: Register) -> Iterator[Hit]:
    """A record lies in the folder of an organisation of the roll."""
    if record.org not in register.roll:
        yield Hit((), {"org": record.org})


@record_rule("E-FILER")
def filed_by_the_right_organisation(record: Record, register: Register) -> Iterator[Hit]:
    """Each kind is filed by units, by organisations that stand above others, or by the office."""
    if record.org in register.roll and not may_file(record, register):
        who = several((phrase(who) for who in record.kind.filed_by), "或")
        yield Hit((), {"kind": record.kind.title, "who": who, "org": name_of(record.org, register)})


def may_file(record: Record, register: Register) -> bool:
    """Whether an organisation files such records at all. If not, that is told, and nothing else about who said it."""
    org = register.roll.by_id.get(record.org)
    if org is None:
        return False
    fits = {
        "unit": org.files,
        "superior": bool(register.roll.children(org.id)),
        "office": org.tier is Tier.OFFICE,
        "committee": org.tier is Tier.COMMITTEE,
        "contact_body": True,  # E-CONTACT-BODY says it better
    }
    return any(fits[who] for who in record.kind.filed_by)


@record_rule("E-WHOSE", kinds=("hazards",))
def hazards_belong_to_a_unit(record: Record, register: Register) -> Iterator[Hit]:
    """A hazard registered by an organisation that only directs names the unit whose hazard it is."""
    org = register.roll.by_id.get(record.org)
    if org and not org.files and may_file(record, register):
        for _ in unmet(record, "E-WHOSE", "from_above"):
            yield Hit((), {"org": org.name})


@record_rule("E-MATCH")
def names_say_what_is_inside(record: Record, _: Register) -> Iterator[Hit]:
    """A file named after a day or a period is about that day or period."""
    names = record.kind.names
    wanted = names.start(record.data)
    if not record.name.startswith(wanted):
        yield Hit(names.starts_with[-1:], {"name": record.name, "wanted": wanted})


@record_rule("E-REF")
def references_exist(record: Record, register: Register) -> Iterator[Hit]:
    """A record that refers to another names one that is there."""
    for path, to, value in references(record):
        if to not in ("organisation", "clause") and not register.knows(to, value):
            yield Hit(path, {"field": record.kind.label(path), "ref": value})


@record_rule("W-DEPENDS")
def references_count(record: Record, register: Register) -> Iterator[Hit]:
    """A record that refers to one left out for an error is left out with it until that is mended."""
    for path, to, value in references(record):
        if (to, value) in register.left_out:
            yield Hit(path, {"ref": value})


@record_rule("E-ORG")
def organisations_exist(record: Record, register: Register) -> Iterator[Hit]:
    """An organisation named in a record is on the roll."""
    for path, to, value in references(record):
        if to == "organisation" and value not in register.roll:
            yield Hit(path, {"field": record.kind.label(path), "org": value})


@record_rule("E-CLAUSE")
def clauses_exist(record: Record, register: Register) -> Iterator[Hit]:
    """A clause cited is in the criteria library."""
    for path, to, value in references(record):
        if to == "clause" and value not in register.criteria:
            yield Hit(path, {"clause": value})


@record_rule("E-CLAUSE-DATE")
def clauses_were_in_force(record: Record, register: Register) -> Iterator[Hit]:
    """A clause cited was in force on the day the hazard was discovered (standards are replaced: GB 35181)."""
    hazard = record if record.kind.name == "hazards" else register.hazard_of(record)
    if hazard is None:
        return
    found_on = hazard.day("discovered_on")
    for path, to, value in references(record):
        clause = register.criteria.get(value) if to == "clause" else None
        if clause and not clause.in_force(found_on):
            ends = phrase("ends", on=clause.effective_until) if clause.effective_until else ""
            span = phrase("span", begins=clause.effective_from, ends=ends)
            yield Hit(path, {"clause": clause.label, "found_on": found_on, "span": span})


@record_rule("E-EXPOSE-KIND", kinds=("exposures",))
def exposures_are_of_a_kind_the_notice_names(record: Record, register: Register) -> Iterator[Hit]:
    """Only what the campaign's notice says is to be exposed is exposed. Notices A46, B19."""
    kinds = register.campaign.exposure_kinds
    if kinds and record.data["exposure"] not in kinds:
        labels = record.kind.labels("exposure")
        known = several(phrase("choice", code=kind, label=label) for kind, label in labels.items() if kind in kinds)
        yield Hit(("exposure",), {"known": known, "found": labels[record.data["exposure"]]})


@record_rule("W-SUPERSEDED")
def clauses_are_still_current(record: Record, register: Register) -> Iterator[Hit]:
    """A clause that has been superseded by the day of filing is pointed out, though it was right when found."""
    hazard = record if record.kind.name == "hazards" else register.hazard_of(record)
    if hazard is None:
        return
    for path, to, value in references(record):
        clause = register.criteria.get(value) if to == "clause" else None
        until = clause.effective_until if clause else None
        if clause and until and clause.in_force(hazard.day("discovered_on")) and until < record.filed_on:
            yield Hit(path, {"clause": clause.label, "until": until})


@record_rule("E-LEGACY", kinds=("hazards",))
def legacy_hazards_are_older_than_the_campaign(record: Record, register: Register) -> Iterator[Hit]:
    """A hazard known before the campaign began is marked as legacy and keeps its age; a new one is not. Notice A52."""
    starts_on = register.campaign.starts_on
    old, marked = record.day("discovered_on") < starts_on, bool(record.data.get("legacy"))
    if old != marked:
        found = phrase("unmarked" if old else "marked", day=record.data["discovered_on"])
        yield Hit(("discovered_on",), {"starts_on": starts_on, "found": found})


@record_rule("E-EXPOSE-UNIT", kinds=("exposures",))
def exposures_name_the_right_unit(record: Record, register: Register) -> Iterator[Hit]:
    """An exposure of a hazard names the unit whose hazard it is, and a hazard where it exposes one."""
    hazard = register.hazard_of(record)
    for need in unmet(record, "E-EXPOSE-UNIT"):
        yield Hit((need.question,), {"found": phrase("no_hazard")})
    if hazard and record.data["unit"] in register.roll and unit_of(hazard) != record.data["unit"]:
        yield Hit(("unit",), {"found": phrase("other_unit", unit=name_of(record.data["unit"], register))})


@record_rule("E-ORDER")
def dates_are_in_order(record: Record, register: Register) -> Iterator[Hit]:
    """What happens first has the earlier date; an application comes before the decision on it."""
    yield from out_of_order(record)
    for after, before in premature(record, register, ORDER_RULE):
        day = str(record.kind.date_field)
        first, second = before.kind.label((after.day,)), record.kind.label((day,))
        values = {"first": first, "second": second, "early": before.data[after.day], "late": record.data[day]}
        yield Hit((day,), values)


def out_of_order(record: Record) -> Iterator[Hit]:
    """Every pair of dates in a record, or in one of the office's files, that contradict each other."""
    label = record.kind.label
    for pair in misordered(record, ORDER_RULE):
        values = {"first": label(pair.first), "second": label(pair.then), "early": pair.early, "late": pair.late}
        yield Hit(pair.first, values)


class Misordered(NamedTuple):
    """Two days that an order of the schema does not allow, with their places; `earliest` is what `late` may be."""

    first: FieldPath
    then: FieldPath
    early: date
    late: date
    earliest: date


def misordered(record: Record, rule: str) -> Iterator[Misordered]:
    """Every pair of dates that breaks an order of the record's schema of which this rule tells."""
    for order in record.kind.order:
        for first, _, text in _values(record.data, order.first, (), "") if order.rule == rule else ():
            # Both stand in the same entries of lists, so the numbers found for one lead to the other.
            then = tuple(first[at] if step == 0 else step for at, step in enumerate(order.then))
            early, late = date.fromisoformat(text), _day(record, then)
            if late and late < early + timedelta(order.days):
                yield Misordered(first, then, early, late, early + timedelta(order.days))


def _day(record: Record, path: FieldPath) -> date | None:
    """The day at a place, None where there is none."""
    if path == ("filed_on",):
        # Where arrival counts, the day in the file is only a claim; `record.filed_on` is the day that is judged.
        return record.filed_on
    node: Any = record.data
    for step in path:
        if isinstance(node, dict) and step not in node:
            return None
        node = node[step]
    return date.fromisoformat(node)


def premature(record: Record, register: Register, rule: str) -> Iterator[tuple[After, Record]]:
    """The records that this one names and precedes, though its schema says that it comes after them."""
    for after in record.kind.after:
        before = register.find(after.to, record.data.get(after.field, "")) if after.rule == rule else None
        day = record.optional_day(record.kind.date_field or "")
        if before and day and day < before.day(after.day):
            yield after, before


@record_rule("E-HAZARD-DATE")
def nothing_happens_before_the_hazard(record: Record, register: Register) -> Iterator[Hit]:
    """Nothing is decided or done about a hazard before it was discovered."""
    hazard, field = register.hazard_of(record), record.kind.date_field
    if hazard and field and field in record.data and record.day(field) < hazard.day("discovered_on"):
        found_on = hazard.day("discovered_on")
        yield Hit((field,), {"field": record.kind.label((field,)), "day": record.data[field], "found_on": found_on})


@record_rule("E-NOTHING")
def reports_say_something(record: Record, _: Register) -> Iterator[Hit]:
    """A weekly or monthly report says something, or says that there is nothing."""
    if record.kind.period and not set(record.data) - {"filed_on", "withdrawn"}:
        yield Hit((), {"kind": record.kind.title})


@record_rule("E-NIL")
def nil_returns_are_nil(record: Record, _: Register) -> Iterator[Hit]:
    """A nil return carries nothing else."""
    alone = record.kind.alone
    extra = sorted(set(record.data) - {"filed_on", "withdrawn", alone})
    if alone and record.data.get(alone) and extra:
        yield Hit((extra[0],), {"extra": "、".join(record.kind.label((name,)) for name in extra)})


@record_rule("E-NIL-EARLY")
def nil_returns_wait_for_their_period(record: Record, register: Register) -> Iterator[Hit]:
    """A nil return comes when its period is all but over: on its first day nobody knows that nothing will happen."""
    alone = record.kind.alone
    if record.kind.period and alone and record.data.get(alone):
        period = named(record.name)
        first = register.campaign.nil_from(record.kind.name, period, register.calendar)
        if record.filed_on < first:
            yield Hit((alone,), {"period": period.label, "first": first, "filed_on": record.filed_on})


def unmet(record: Record, rule: str, circumstance: str = "") -> Iterator[Need]:
    """What an answer of the record, or a circumstance of its filing, needs by this rule and is not filled in."""
    for need in record.kind.needs:
        if need.rule == rule and need.field not in record.data and _applies(record, need, circumstance):
            yield need


def _applies(record: Record, need: Need, circumstance: str) -> bool:
    if not need.question:
        return need.answer == circumstance
    return bool(record.data.get(need.question) == record.kind.answer(need.question, need.answer))


def lacking(record: Record, rule: str) -> Iterator[Hit]:
    """Every need that is not met, told by its question, its answer and the field that is wanting."""
    label, labels = record.kind.label, record.kind.labels
    for need in unmet(record, rule):
        answer = labels(need.question).get(need.answer) or phrase("shown.yes" if need.answer == "true" else "shown.no")
        facts = {"question": label((need.question,)), "answer": answer, "field": label((need.field,))}
        yield Hit((need.question,), {**facts, "name": need.field})


@record_rule("E-NEEDED")
def answers_bring_what_they_need(record: Record, _: Register) -> Iterator[Hit]:
    """What an answer needs besides is filled in."""
    return lacking(record, "E-NEEDED")


MOST_SHOWN = 10
"""How many choices a sentence lists before it says 等."""


@record_rule("E-DUTY", kinds=("reports",))
def reports_answer_a_duty(record: Record, register: Register) -> Iterator[Hit]:
    """A report names a duty of the campaign."""
    duties = {d.id: d.title for d in register.campaign.duties if d.kind == "reports"}
    if record.data["duty"] not in duties:
        shown = [phrase("choice", code=key, label=title) for key, title in duties.items()]
        listed = several(shown[:MOST_SHOWN])
        known = phrase("more", listed=listed) if len(shown) > MOST_SHOWN else listed
        yield Hit(("duty",), {"duty": record.data["duty"], "known": known})


@record_rule("E-FUNDS")
def overspending_is_explained(record: Record, _: Register) -> Iterator[Hit]:
    """Money spent beyond the plan is explained."""
    funds = record.data.get("funds", {})
    if funds.get("spent", 0) > funds.get("planned", 0) and "note" not in funds:
        yield Hit(("funds", "spent"), {"spent": funds["spent"], "planned": funds["planned"]})


@record_rule("E-FILE")
def attachments_are_there(record: Record, register: Register) -> Iterator[Hit]:
    """A file cited lies in the unit's own `files` folder."""
    folder = f"submissions/{record.campaign}/{record.org}/files"
    for field in ("evidence", "attachments"):
        for index, name in enumerate(record.data.get(field, ())):
            if f"{folder}/{name}" not in register.files:
                yield Hit((field, index), {"folder": folder})
    if "document" in record.data and f"{folder}/{record.data['document']}" not in register.files:
        yield Hit(("document",), {"folder": folder})


@record_rule("E-NEW-DEADLINE", kinds=("extension-decisions",))
def approvals_give_a_later_deadline(record: Record, register: Register) -> Iterator[Hit]:
    """An approved extension gives a new deadline, later than the one it replaces."""
    for need in unmet(record, "E-NEW-DEADLINE"):
        yield Hit((need.question,), {"found": phrase("missing")})
    extension = register.find("extensions", record.data["extension"])
    new = record.optional_day("new_deadline") if record.data["decision"] == "approved" else None
    if new and extension and new <= extension.day("current_deadline"):
        found = phrase("early", new=new, current=extension.data["current_deadline"])
        yield Hit(("new_deadline",), {"found": found})


def references(record: Record) -> Iterator[tuple[FieldPath, str, str]]:
    """Every reference a record makes: the field's place, what it names, the value."""
    for path, to in record.kind.references:
        yield from _values(record.data, path, (), to)


def _values(node: object, path: FieldPath, walked: FieldPath, to: str) -> Iterator[tuple[FieldPath, str, str]]:
    if not path:
        yield walked, to, str(node)
    elif isinstance(node, dict) and path[0] in node:
        yield from _values(node[path[0]], path[1:], (*walked, path[0]), to)
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from _values(item, path[1:], (*walked, index), to)


def name_of(org: str, register: Register) -> str:
    known = register.roll.by_id.get(org)
    return known.name if known else org
