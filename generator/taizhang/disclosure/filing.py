"""What a form on the public site may offer to choose from: nothing that the public pages do not tell as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from taizhang.campaign.obligations import Duty
from taizhang.campaign.roll import Organisation, Tier
from taizhang.disclosure.projection import may_be_public, public_fields
from taizhang.disclosure.views import CampaignView
from taizhang.ledger.ledger import Ledger


class Filer(NamedTuple):
    """An organisation of the roll, in which parts it files, and what it still owes by duty and period."""

    id: str
    name: str
    region: str
    roles: tuple[str, ...]
    """As `x-kind.filed_by` names them: unit, superior, office, committee, contact_body."""
    periodic: tuple[str, ...]
    """weekly, monthly: the periodic reports that it owes at all."""
    owed: tuple[tuple[str, str], ...]
    """Duty and period of what was not received and has begun to be owed."""
    serials: Mapping[str, Mapping[str, int]]
    """The highest number used, by kind and year."""


class Occasion(NamedTuple):
    """One occurrence of a duty. `key` and `label` are empty for what is owed once."""

    key: str
    label: str
    start: date | None
    due: date


class DutyChoice(NamedTuple):
    """A duty with everything that it comes to."""

    id: str
    title: str
    kind: str
    where: Mapping[str, str]
    occasions: tuple[Occasion, ...]


class RecordChoice(NamedTuple):
    """A public record that another may refer to."""

    ref: str
    unit: str
    title: str
    is_open: bool = True
    discovered_on: date | None = None
    deadline: date | None = None


class ClauseChoice(NamedTuple):
    """A clause of the criteria, with the days between which it is in force."""

    ref: str
    label: str
    text: str
    effective_from: date
    effective_until: date | None


@dataclass(frozen=True)
class FilingView:
    """One campaign as its forms know it."""

    id: str
    title: str
    starts_on: date
    is_archived: bool
    sealing_key: Mapping[str, str] | None
    """The office's public key, for which personal data is sealed before it leaves the browser. Notice A66."""
    telephones: tuple[str, ...]
    """The only numbers that may stand in what is public."""
    filers: tuple[Filer, ...]
    duties: tuple[DutyChoice, ...]
    records: Mapping[str, tuple[RecordChoice, ...]]
    """By kind."""
    clauses: tuple[ClauseChoice, ...]


def filing_view(ledger: Ledger, view: CampaignView) -> FilingView:
    """What the forms of a campaign offer at the ledger's date."""
    campaign = ledger.campaign
    serials = _serials(ledger)
    on_roll = [org for org in ledger.roll.organisations if org.existed_on(ledger.at)]
    return FilingView(
        id=campaign.id,
        title=campaign.short_title,
        starts_on=campaign.starts_on,
        is_archived=view.is_archived,
        sealing_key=campaign.sealing_key,
        telephones=campaign.telephones,
        filers=tuple(_filer(ledger, org, serials.get(org.id, {})) for org in on_roll),
        duties=tuple(_duty(ledger, duty) for duty in campaign.duties),
        records={kind: tuple(choices) for kind, choices in _records(ledger, view)},
        clauses=tuple(
            ClauseChoice(c.ref, c.label, c.text, c.effective_from, c.effective_until) for c in ledger.criteria.values()
        ),
    )


def _serials(ledger: Ledger) -> Mapping[str, Mapping[str, Mapping[str, int]]]:
    """By organisation, kind and year. Withdrawn records keep their number."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for record in ledger.records:
        year, _, number = record.name.partition("-")
        if record.kind.numbers_are_public and number.isdigit():
            years = found.setdefault(record.org, {}).setdefault(record.kind.name, {})
            years[year] = max(years.get(year, 0), int(number))
    return found


def _filer(ledger: Ledger, org: Organisation, serials: Mapping[str, Mapping[str, int]]) -> Filer:
    stands_as = {
        "unit": org.files,
        "superior": bool(ledger.roll.children(org.id)),
        "office": org.tier is Tier.OFFICE,
        "committee": org.tier is Tier.COMMITTEE,
        "contact_body": org.id in ledger.campaign.contact_bodies,
    }
    duties = [duty for duty in ledger.campaign.duties if duty.owed_by(org)]
    return Filer(
        id=org.id,
        name=org.name,
        region=org.region,
        roles=tuple(role for role, is_one in stands_as.items() if is_one),
        periodic=tuple(dict.fromkeys(duty.kind for duty in duties if duty.kind in ("weekly", "monthly"))),
        owed=tuple(_owed(ledger, org)),
        serials=serials,
    )


def _owed(ledger: Ledger, org: Organisation) -> Iterator[tuple[str, str]]:
    for item in ledger.returns_by_org[org.id]:
        period = item.obligation.period
        has_begun = period is None or period.start <= ledger.at
        if has_begun and not item.status(ledger.at).is_received:
            yield item.obligation.duty.id, period.key if period else ""


def _duty(ledger: Ledger, duty: Duty) -> DutyChoice:
    occasions = [o for o in ledger.obligations() if o.duty.id == duty.id]
    return DutyChoice(
        id=duty.id,
        title=duty.title,
        kind=duty.kind,
        where=duty.where,
        occasions=tuple(
            Occasion(o.period.key, o.period.label, o.period.start, o.due) if o.period else Occasion("", "", None, o.due)
            for o in occasions
        ),
    )


def _records(ledger: Ledger, view: CampaignView) -> Iterator[tuple[str, Iterator[RecordChoice]]]:
    hazards = [h for h in ledger.hazards if may_be_public(h)]
    yield (
        "hazards",
        (
            RecordChoice(h.ref, h.unit, h.fields["title"], h.is_open, h.discovered_on, h.deadline)
            for h in sorted(view.hazards, key=lambda h: (not h.is_open, h.ref))
        ),
    )
    pending = [e.application for h in hazards for e in h.case.extensions if e.decision is None]
    yield (
        "extensions",
        (RecordChoice(r.ref, r.org, _title(ledger, r.data["hazard"])) for r in pending if r.filed_on <= ledger.at),
    )
    public = [e for e in ledger.exposures if e.is_public(ledger.at)]
    shown = {e.name: e for e in view.exposures if not e.is_withdrawn}
    yield (
        "exposures",
        (
            RecordChoice(e.record.ref, shown[e.record.name].unit, shown[e.record.name].title)
            for e in public
            if e.record.name in shown
        ),
    )
    yield "orders", (RecordChoice(o.ref, o.unit.id, o.label) for o in view.orders if o.standing and not o.lifted_on)
    covert = [v for v in view.visits if v.nature == "covert"]
    yield "visits", (RecordChoice(v.ref, v.by.id, f"{v.visited_on} {v.by.short_name}{v.label}") for v in covert)
    lessons, drills = ledger.filed("lessons"), ledger.filed("activities")
    yield "lessons", (RecordChoice(r.ref, "", public_fields(r)["title"]) for r in lessons if not r.withdrawn)
    yield (
        "activities",
        (RecordChoice(r.ref, r.org, public_fields(r)["title"]) for r in drills if r.data["activity"] == "drill"),
    )


def _title(ledger: Ledger, ref: str) -> str:
    fields: Mapping[str, Any] = public_fields(ledger.hazard_by_ref[ref].case.record)
    return str(fields["title"])
