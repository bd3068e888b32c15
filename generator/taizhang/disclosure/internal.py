"""The internal edition of a ledger: for units and office, with what schemas mark internal and never what is sealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from taizhang.disclosure.filing import FilingView, RecordChoice
from taizhang.disclosure.hazards import hazard_view
from taizhang.disclosure.internal_views import (
    AppliedChange,
    ContactsInForce,
    Errand,
    ExposureNotice,
    FiledRecord,
    Holder,
    InternalCampaign,
    LastAnswer,
    OutstandingDuty,
    OwnHazard,
    OwnPage,
    Waiting,
)
from taizhang.disclosure.labelled import labelled
from taizhang.disclosure.ledger_rows import ledger_rows
from taizhang.disclosure.views import CampaignView, UnitView
from taizhang.findings import Finding
from taizhang.intake.records import Record
from taizhang.ledger.closed_loop import State
from taizhang.ledger.contacts import Role
from taizhang.ledger.duties import Return
from taizhang.ledger.exposures import Stage
from taizhang.ledger.hazards import Hazard
from taizhang.ledger.ledger import Ledger

SOON = timedelta(days=31)
"""What falls due later than this is listed apart."""

Corrections = Mapping[str, tuple[date, ...]]
"""For each path the days on which a later version of it landed."""


def internal_campaign(
    ledger: Ledger, view: CampaignView, filing: FilingView, findings: Iterable[Finding], corrections: Corrections
) -> InternalCampaign:
    """Everything that those inside may see of one campaign at the ledger's date."""
    if ledger.campaign.data["time"] == "declared":
        # Filed elsewhere: the history here tells of the archive and not of the filings.
        corrections = {}
    by_org: dict[str, list[Finding]] = {}
    for item in findings:
        parts = item.file.split("/")
        if len(parts) > 2 and parts[1] == ledger.campaign.id:
            by_org.setdefault(parts[2], []).append(item)
    pages = [_own_page(ledger, unit, tuple(by_org.get(unit.org.id, ())), corrections) for unit in view.units]
    return InternalCampaign(view, tuple(pages), _every_hazard(ledger, filing))


def _own_page(ledger: Ledger, unit: UnitView, findings: tuple[Finding, ...], corrections: Corrections) -> OwnPage:
    org = unit.org.id
    owed = sorted(_owed(ledger, org), key=lambda item: item.due)
    asked = any(duty.kind == "contacts" and duty.owed_by(unit.org) for duty in ledger.campaign.duties)
    asked = asked or ledger.contacts[org].receipt is not None
    return OwnPage(
        unit=unit,
        owed=tuple(item for item in owed if item.due <= ledger.at + SOON),
        ahead=tuple(item for item in owed if item.due > ledger.at + SOON),
        hazards=tuple(_own_hazard(ledger, hazard) for hazard in ledger.hazards_of(org)),
        waiting=tuple(sorted(_waiting(ledger, org), key=lambda item: item.since)),
        notices=tuple(_notices(ledger, org)),
        contacts=_contacts(ledger, org) if asked else None,
        records=tuple(_filed(record, corrections, ledger.at) for record in _records(ledger, org)),
        replies=tuple(reply for exposure in unit.exposures for reply in exposure.replies),
        findings=findings,
        rows=ledger_rows(ledger, org, internal=True),
    )


def _owed(ledger: Ledger, org: str) -> Iterator[OutstandingDuty]:
    for item in ledger.returns_by_org[org]:
        period = item.obligation.period
        has_begun = period is None or period.start <= ledger.at
        if has_begun and not item.status(ledger.at).is_received:
            owed, days_left = item.obligation, item.days_left(ledger.at)
            errand = Errand(owed.duty.kind, known_answers(item), owed.label)
            last = _last_answer(ledger, item, errand)
            yield OutstandingDuty(
                owed.duty.title, errand, owed.duty.source, owed.due, days_left, owed.provisional, last
            )


def known_answers(item: Return) -> Mapping[str, str]:
    """What the duty itself says of the record that answers it; `$name` is the record's own name."""
    duty, period = item.obligation.duty, item.obligation.period
    rhythm = {"$name": period.key} if period and duty.is_return else {}
    named = {"period": period.key} if period and duty.kind == "reports" else {}
    return {**duty.where, **rhythm, **named}


def _last_answer(ledger: Ledger, item: Return, errand: Errand) -> LastAnswer | None:
    """For a duty that comes round: the newest record that answered it before."""
    duty = item.obligation.duty
    if item.obligation.period is None:
        return None
    filed = [record for record in ledger.filed(duty.kind, item.org.id) if duty.answered_by(record)]
    if not filed:
        return None
    record = max(filed, key=lambda r: (r.period_named, r.filed_on, r.path))
    period = record.period_named or record.filed_on.isoformat()
    again = Errand(errand.kind, {**_carried(record), **errand.answers}, errand.title) if record.kind.period else None
    return LastAnswer(period, record.filed_on, tuple(labelled(record, ("public", "internal"))), again)


def _carried(record: Record) -> Mapping[str, str]:
    """The answers of a periodic report that may well be the same next time: no dates, nothing sealed."""
    kept = {}
    for name, schema in record.kind.schema["properties"].items():
        value = record.data.get(name)
        if schema["x-visibility"] == "public" and isinstance(value, str | int) and schema.get("format") != "date":
            kept[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return kept


def _own_hazard(ledger: Ledger, hazard: Hazard) -> OwnHazard:
    spoken = dict.fromkeys(step.record.path for step in hazard.steps)
    records = {step.record.path: step.record for step in hazard.steps}
    items = [item for path in spoken for item in labelled(records[path], ("internal",))]
    return OwnHazard(hazard_view(ledger, hazard), hazard.is_pending, tuple(items), tuple(_errands(hazard)))


def _errands(hazard: Hazard) -> Iterator[Errand]:
    """What its unit can file next about a hazard."""
    named = {"hazard": hazard.ref}
    if not hazard.state.is_open:
        return
    if hazard.state is State.AWAITING_ACCEPTANCE and not hazard.is_major:
        yield Errand("acceptances", named)
    elif hazard.state is not State.AWAITING_ACCEPTANCE:
        yield Errand("rectifications", named)
    if hazard.deadline:
        yield Errand("extensions", {**named, "current_deadline": hazard.deadline.isoformat()})


def _waiting(ledger: Ledger, org: str) -> Iterator[Waiting]:
    below = {unit.id for unit in ledger.roll.children(org)}
    for hazard in ledger.hazards:
        if hazard.unit in below:
            yield from _decisions_on(ledger, hazard)
    if org in ledger.campaign.contact_bodies:
        for contacts in ledger.contacts.values():
            for change in contacts.changes:
                decided = {word.record.org for word in change.words if word.is_decision and word.day <= ledger.at}
                if change.is_pending(ledger.at) and org not in decided:
                    errand = Errand("contact-decisions", {"change": change.record.ref})
                    yield Waiting(errand, ledger.organisation(contacts.org).name, change.record.filed_on)


def _decisions_on(ledger: Ledger, hazard: Hazard) -> Iterator[Waiting]:
    """What about a hazard waits for whoever stands above its unit."""
    text = f"{ledger.organisation(hazard.unit).name}：{hazard.case.record.data['title']}"
    if hazard.is_pending:
        yield Waiting(Errand("determinations", {"hazard": hazard.ref}), text, hazard.step.day)
    if hazard.state is State.AWAITING_ACCEPTANCE and hazard.is_major:
        yield Waiting(Errand("acceptances", {"hazard": hazard.ref}), text, hazard.step.day)
    for extension in hazard.case.extensions if hazard.state.is_open else ():
        applied, decision = extension.application, extension.decision
        if applied.filed_on <= ledger.at and not (decision and decision.filed_on <= ledger.at):
            yield Waiting(Errand("extension-decisions", {"extension": applied.ref}), text, applied.filed_on)


def _notices(ledger: Ledger, org: str) -> Iterator[ExposureNotice]:
    """Exposures of which the unit was notified and which it has not answered. Its say ends with the day named."""
    answered = {record.data["exposure"] for record in ledger.filed("replies", org)}
    for exposure in ledger.exposures:
        steps = exposure.by(ledger.at)
        if exposure.unit == org and steps and steps[-1].stage is Stage.NOTIFIED:
            until = date.fromisoformat(steps[-1].data["reply_by"])
            if exposure.record.ref not in answered and until >= ledger.at:
                yield ExposureNotice(exposure.record.ref, exposure.record.data["title"], until)


def _contacts(ledger: Ledger, org: str) -> ContactsInForce:
    contacts, day = ledger.contacts[org], ledger.at
    sources = contacts.sources(day)
    since = {change.record.path: change.in_force_from for change in contacts.changes}
    holders = [
        Holder(role.label, record.ref, since.get(record.path) or record.filed_on)
        if (record := sources.get(role))
        else Holder(role.label, "", None)
        for role in Role
    ]
    changes = [
        AppliedChange(c.record.ref, tuple(role.label for role in Role if role in c.roles), c.record.day("effective_on"))
        for c in contacts.changes
        if c.is_pending(day)
    ]
    return ContactsInForce(contacts.status(day), tuple(holders), tuple(changes))


def _records(ledger: Ledger, org: str) -> Iterator[Record]:
    """The organisation's records on file, by kind, the newest first."""
    filed = [r for r in ledger.records if r.org == org and r.filed_on <= ledger.at]
    yield from sorted(filed, key=lambda r: (r.kind.name, -r.filed_on.toordinal(), r.path))


def _filed(record: Record, corrections: Corrections, at: date) -> FiledRecord:
    withdrawn: Mapping[str, str] = record.data.get("withdrawn", {})
    return FiledRecord(
        kind=record.kind.name,
        kind_title=record.kind.title,
        name=record.name,
        path=record.path,
        filed_on=record.filed_on,
        items=tuple(labelled(record, ("internal",))),
        withdrawn=f"{withdrawn['dated']}：{withdrawn['reason']}" if withdrawn else "",
        corrected_on=tuple(day for day in corrections.get(record.path, ()) if day <= at),
    )


def _every_hazard(ledger: Ledger, filing: FilingView) -> FilingView:
    """The forms' choices with every hazard, also general ones and claims that nobody has determined."""
    hazards = sorted(ledger.hazards, key=lambda h: (not h.state.is_open, h.ref))
    listed = tuple(_choice(hazard) for hazard in hazards)
    applied = [(e.application, h) for h in hazards for e in h.case.extensions if e.decision is None]
    extensions = tuple(
        RecordChoice(record.ref, record.org, hazard.case.record.data["title"])
        for record, hazard in applied
        if record.filed_on <= ledger.at
    )
    return replace(filing, records={**filing.records, "hazards": listed, "extensions": extensions})


def _choice(hazard: Hazard) -> RecordChoice:
    record = hazard.case.record
    title, is_open = record.data["title"], hazard.state.is_open
    return RecordChoice(hazard.ref, hazard.unit, title, is_open, record.day("discovered_on"), hazard.deadline)
