"""The facts of the papers, from the ledger: only fields marked public, offices and roles, never a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from taizhang.campaign.roll import Tier
from taizhang.disclosure.projection import public_fields
from taizhang.documents.values import day, wan
from taizhang.figures.register import FIGURES
from taizhang.intake.records import Record
from taizhang.ledger.closed_loop import Event, Level
from taizhang.ledger.duties import Return, Status
from taizhang.ledger.hazards import Case, Extension, Hazard
from taizhang.ledger.ledger import Ledger
from taizhang.ledger.orders import OrderKind
from taizhang.papers.templates import WORDS, Material

Known = dict[str, str]


class Subject(NamedTuple):
    """Something that a paper can be made about: how it is named, in short and by its path, and what it is."""

    ref: str
    path: str
    label: str
    template: str
    record: Record | None = None


def subjects(ledger: Ledger, kind: str) -> Iterator[Subject]:
    """Everything on file by the ledger's date that a paper of this kind can be made about."""
    match kind:
        case "supervise":
            yield from _orders(ledger, OrderKind.SUPERVISE, kind)
        case "rectify":
            yield from _orders(ledger, OrderKind.RECTIFY, kind)
        case "extension":
            for case, extension in _extensions(ledger):
                yield _of(extension.application, kind, _about(ledger, case))
        case "acceptance-request":
            yield from _steps(ledger, (Event.COMPLETED,), kind)
        case "acceptance":
            yield from _steps(ledger, (Event.PASSED, Event.FAILED), kind)
        case "urge":
            yield from _urgent(ledger)
        case "contacts":
            for org in ledger.roll.units:
                yield Subject(org.id, org.id, org.name, kind)


def gather(ledger: Ledger, subject: Subject) -> Material:
    """The facts of one paper."""
    record = subject.record
    match subject.template:
        case "extension" if record:
            return _extension(ledger, record)
        case "acceptance-request" if record:
            return _completion(ledger, record)
        case "acceptance" if record:
            return _acceptance(ledger, record)
        case "urge":
            return _urging(ledger, subject)
        case "contacts":
            return _contacts(ledger, subject.ref)
        case _ if record:
            return _order(ledger, record)
        case _:
            raise KeyError(subject.template)


def _of(record: Record, template: str, label: str) -> Subject:
    return Subject(record.ref, f"{record.org}/{record.kind.name}/{record.name}", label, template, record)


def _about(ledger: Ledger, case: Case) -> str:
    return f"{ledger.organisation(case.unit).short_name}：{case.record.data['title']}"


def _orders(ledger: Ledger, kind: OrderKind, template: str) -> Iterator[Subject]:
    for record in ledger.filed("orders"):
        if record.data["order"] == kind:
            label = f"{ledger.organisation(record.data['unit']).short_name}：{record.data['content'][:20]}"
            yield _of(record, template, label)


def _extensions(ledger: Ledger) -> Iterator[tuple[Case, Extension]]:
    for case in ledger.cases:
        for extension in case.extensions:
            if extension.application.filed_on <= ledger.at:
                yield case, extension


def _steps(ledger: Ledger, events: tuple[Event, ...], template: str) -> Iterator[Subject]:
    for hazard in ledger.hazards:
        for step in hazard.steps:
            if step.event in events:
                yield _of(step.record, template, _about(ledger, hazard.case))


def _urgent(ledger: Ledger) -> Iterator[Subject]:
    yield from _orders(ledger, OrderKind.URGE, "urge-order")
    for org in ledger.roll.units:
        overdue, missing = _overdue(ledger, org.id), _missing(ledger, org.id)
        if overdue or missing:
            late, owed = FIGURES["overdue_n"].title(), FIGURES["duty_missing_n"].title()
            label = f"{org.short_name}：{late} {len(overdue)} 项，{owed} {len(missing)} 件"
            yield Subject(org.id, org.id, label, "urge")
        for hazard in overdue:
            yield _of(hazard.case.record, "urge", f"{_about(ledger, hazard.case)}，逾期 {hazard.days_overdue} 天")


def _overdue(ledger: Ledger, org: str) -> tuple[Hazard, ...]:
    return tuple(hazard for hazard in ledger.overdue() if hazard.unit == org)


def _missing(ledger: Ledger, org: str) -> tuple[Return, ...]:
    return tuple(item for item in ledger.returns_by_org[org] if item.status(ledger.at) is Status.MISSING)


def _order(ledger: Ledger, record: Record) -> Material:
    """责令整改, 挂牌督办, 督促函 as ordered. Notices A54, B37; 安全生产法 art. 41."""
    fields = public_fields(record)
    facts = _offices(ledger, record.org, fields["unit"])
    facts |= _plain(fields, content=_sentence, basis=_phrase)
    facts |= _days(order_deadline=record.optional_day("deadline"))
    if fields["supervision_level"]:
        facts["supervision_level"] = record.kind.labels("supervision_level")[fields["supervision_level"]]
    if fields["hazard"]:
        facts |= _hazard(ledger, fields["hazard"], record.filed_on)
    return Material(facts, record.day("dated"), doc_no=fields["doc_no"])


def _extension(ledger: Ledger, record: Record) -> Material:
    """治理延期申请表: the original deadline beside the one in force. 安监总局令第16号."""
    case, decision = next((c, e.decision) for c, e in _extensions(ledger) if e.application.ref == record.ref)
    fields = public_fields(record)
    applied, deadline = record.day("applied_on"), record.day("current_deadline")
    facts = _offices(ledger, record.org, case.unit) | _hazard(ledger, case.ref, record.filed_on)
    facts |= _plain(fields, reason=_sentence, interim_measures=_sentence)
    facts |= _days(applied_on=applied, requested_deadline=record.day("requested_deadline"))
    days, wanted = ledger.calendar.workdays_between(applied, deadline), ledger.campaign.extension_notice_workdays
    asked = "in_time" if not wanted else "asked_in_time" if days >= wanted else "asked_late"
    facts["notice"] = WORDS[asked].format(days=days, wanted=wanted)
    if decision and decision.filed_on <= ledger.at:
        said = public_fields(decision)
        words = WORDS[said["decision"]]
        facts["decision"] = words.format(until=day(said["new_deadline"]), opinion=_sentence(said["opinion"]))
    return Material(facts, applied)


def _completion(ledger: Ledger, record: Record) -> Material:
    """验收申请书: written application once the work is done. 安监总局令第16号."""
    fields = public_fields(record)
    hazard = ledger.hazard_by_ref[fields["hazard"]]
    facts = _offices(ledger, record.org, hazard.unit) | _hazard(ledger, hazard.ref, record.filed_on)
    facts |= _plain(fields, progress=_sentence)
    facts |= _days(completed_on=record.day("progress_on"))
    above = ledger.roll.above(hazard.unit)
    if above:
        facts["superior"] = ledger.organisation(above[0]).name
    facts |= _funds({**(public_fields(hazard.case.record)["funds"] or {}), "spent": fields["funds_spent"]})
    return Material(facts, record.day("progress_on"))


def _acceptance(ledger: Ledger, record: Record) -> Material:
    """验收意见书: 合格 or 不合格 with the opinion, in three copies. Notice A55; 安监总局令第16号."""
    fields = public_fields(record)
    hazard = ledger.hazard_by_ref[fields["hazard"]]
    facts = _offices(ledger, record.org, hazard.unit) | _hazard(ledger, hazard.ref, record.filed_on)
    facts |= _plain(fields, opinion=_sentence) | _days(accepted_on=record.day("accepted_on"))
    facts["result_boxes"] = WORDS[fields["result"]]
    index = next(i for i, step in enumerate(hazard.steps) if step.record.ref == record.ref and step.event in _JUDGED)
    completed = [step for step in hazard.steps[:index] if step.event is Event.COMPLETED]
    if completed:
        facts |= _days(completed_on=completed[-1].record.day("progress_on"))
    return Material(facts, record.day("accepted_on"))


_JUDGED = (Event.PASSED, Event.FAILED)


def _urging(ledger: Ledger, subject: Subject) -> Material:
    """督促函: what is overdue and what has not come, as the ledger stands. Notice A54."""
    record = subject.record
    unit = ledger.hazard_by_ref[record.ref].unit if record else subject.ref
    overdue = [h for h in _overdue(ledger, unit) if record is None or h.ref == record.ref]
    missing = () if record else _missing(ledger, unit)
    above = ledger.roll.above(unit)
    facts = _offices(ledger, above[0] if above else unit, unit)
    facts |= _days(today=ledger.at)
    facts |= {"overdue_count": str(len(overdue))} if overdue else {}
    facts |= {"missing_count": str(len(missing))} if missing else {}
    lists = {
        "overdue": [_overdue_row(h) for h in overdue],
        "missing": [_missing_row(number, item, ledger.at) for number, item in enumerate(missing, 1)],
    }
    return Material(facts, ledger.at, lists=lists)


def _overdue_row(hazard: Hazard) -> list[str]:
    deadlines = day(hazard.case.original_deadline), day(hazard.deadline)
    title = str(public_fields(hazard.case.record)["title"])
    return [hazard.ref, title, _level(hazard, WORDS["levels"]), *deadlines, f"{hazard.days_overdue}天"]


def _missing_row(number: int, item: Return, at: date) -> list[str]:
    obligation = item.obligation
    what = f"{obligation.duty.title}，{obligation.period.label}" if obligation.period else obligation.duty.title
    return [str(number), what, day(obligation.due), f"{item.days_late(at)}天"]


def _contacts(ledger: Ledger, org: str) -> Material:
    """联系人回执: the blank form of notice A, annex 1, with its head. Nobody's name. Notice A66–A68."""
    filed = ledger.filed("contacts", org)
    head = public_fields(filed[-1])["region_or_department"] if filed else ledger.organisation(org).name
    facts = _offices(ledger, org, org) | {"region_or_department": head}
    bodies = [ledger.organisation(body).short_name for body in ledger.campaign.contact_bodies if body in ledger.roll]
    if bodies:
        facts["contact_bodies"] = "、".join(bodies)
    return Material(facts, ledger.at)


def _offices(ledger: Ledger, issuer: str, unit: str) -> Known:
    """Who writes and to whom, and the campaign."""
    facts = {
        "issuer": ledger.organisation(issuer).name,
        "unit": ledger.organisation(unit).name,
        "campaign": ledger.campaign.title,
        "campaign_short": ledger.campaign.short_title,
    }
    committee = next((org.short_name for org in ledger.roll.organisations if org.tier is Tier.COMMITTEE), None)
    return facts | ({"committee": committee} if committee else {})


def _hazard(ledger: Ledger, ref: str, on: date) -> Known:
    """The hazard as it stood when the act was filed: 原定时限 for ever, 现行时限 and 延期次数 of that day."""
    now = ledger.hazard_by_ref.get(ref)
    if now is None:
        return {}
    hazard = now.case.at(on) or now
    fields, record = public_fields(hazard.case.record), hazard.case.record
    facts = {
        "hazard": ref,
        "hazard_title": fields["title"],
        "summary": fields["public_summary"],
        "level": _level(hazard, WORDS["levels"]) or WORDS["pending"],
        "hazard_kind": _level(hazard, WORDS["hazard_kinds"]) or WORDS["hazard_kinds"]["pending"],
        "times_extended": WORDS["times"].format(count=hazard.times_extended),
        "plan_made": WORDS["plan_made" if hazard.case.five_essentials["预案"] else "plan_missing"],
    }
    if ledger.campaign.extension_notice_workdays:
        facts["notice_workdays"] = str(ledger.campaign.extension_notice_workdays)
    facts |= {name: record.kind.labels(name)[fields[name]] for name in ("category", "source")}
    facts |= _plain(fields, place=str, responsible_role=str, measures=_sentence)
    facts |= _days(
        discovered_on=record.day("discovered_on"),
        original_deadline=hazard.case.original_deadline,
        deadline_in_force=hazard.deadline,
    )
    facts |= _criteria(ledger, hazard) | _funds(fields["funds"] or {})
    return facts


def _level(hazard: Hazard, words: Mapping[str, str]) -> str:
    """The word for the level, or none while it is only claimed as major."""
    return "" if hazard.level is Level.MAJOR and not hazard.is_major else words[hazard.level]


def _criteria(ledger: Ledger, hazard: Hazard) -> Known:
    """The clauses cited, with a mark on those whose text nobody has yet held against the original."""
    cited = [ref for step in hazard.steps for ref in step.record.data.get("criteria", ())]
    clauses = [ledger.criteria[ref] for ref in dict.fromkeys(cited)]
    marks = (c.label + (WORDS["unverified"] if c.text_status == "unverified" else "") for c in clauses)
    return {"criteria": "；".join(marks)} if clauses else {}


def _funds(funds: Mapping[str, Any]) -> Known:
    """What is planned, secured and spent, in 万元, as far as it is filed."""
    amounts = {name: funds.get(name) for name in ("planned", "secured", "spent")}
    amounts_in_words = [WORDS[name].format(amount=wan(yuan)) for name, yuan in amounts.items() if yuan is not None]
    return {"funds": "，".join(amounts_in_words)} if amounts_in_words else {}


def _plain(fields: Mapping[str, Any], **ways: Any) -> Known:
    """The text fields that are filled in, each in its way."""
    return {name: way(fields[name]) for name, way in ways.items() if fields[name] is not None}


def _days(**days: date | None) -> Known:
    return {name: day(value) for name, value in days.items() if value is not None}


def _sentence(text: str) -> str:
    """A text that ends as a sentence does."""
    text = text.rstrip()
    return text if text.endswith(("。", "！", "？", "”", "）")) else text.rstrip("；;，,.") + "。"


def _phrase(text: str) -> str:
    """A text that stands inside a sentence."""
    return text.strip().rstrip("。；;，,.")
