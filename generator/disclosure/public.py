"""The public edition of a ledger: from records with private fields to views without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from generator.disclosure.projection import may_be_public, public_fields
from generator.disclosure.views import CampaignView, DutyRow, Event, ExposureView, HazardView, Tick, UnitView
from generator.intake.kinds import Kind
from generator.intake.records import Record
from generator.ledger.duties import Return
from generator.ledger.exposures import Exposure, Stage
from generator.ledger.figures import Figures, period_figures
from generator.ledger.hazards import Extension, Hazard, Step
from generator.ledger.ledger import Ledger
from generator.ledger.periods import Period, Rhythm
from generator.ledger.roll import Organisation


def campaign_view(ledger: Ledger, kinds: Mapping[str, Kind]) -> CampaignView:
    """Everything the public may see of one campaign at the ledger's date."""
    campaign = ledger.campaign
    hazards = {h.ref: hazard_view(ledger, h) for h in ledger.hazards if may_be_public(h)}
    exposures = tuple(_exposures(ledger, hazards))
    table = since_start(ledger)
    units = _Units(ledger, kinds, hazards, exposures, table)
    return CampaignView(
        id=campaign.id,
        at=ledger.at,
        title=campaign.title,
        short_title=campaign.short_title,
        fields=public_fields(campaign.record),
        demo=campaign.demo,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        archived_on=campaign.archived_on,
        phases=campaign.phases,
        phase=campaign.phase_on(ledger.at),
        obligations=ledger.obligations(),
        figures=sum(table.values(), Figures()),
        units=tuple(units.view(org) for org in ledger.roll.organisations),
        hazards=tuple(hazards.values()),
        exposures=exposures,
    )


def since_start(ledger: Ledger) -> Mapping[str, Figures]:
    """The figures of every unit from the campaign's first day to the ledger's date."""
    if ledger.at < ledger.campaign.starts_on:
        return {}
    whole = Period(ledger.campaign.starts_on, ledger.at, "", Rhythm.ONCE)
    return {row.org.id: row.figures for row in period_figures(ledger, whole, ledger.at).rows}


def hazard_view(ledger: Ledger, hazard: Hazard) -> HazardView:
    """The public side of one hazard."""
    record, case = hazard.case.record, hazard.case
    fields = public_fields(record)
    return HazardView(
        ref=hazard.ref,
        number=record.name,
        unit=hazard.unit,
        unit_name=_name(ledger, hazard.unit),
        fields=fields,
        words={name: record.kind.labels(name)[fields[name]] for name in ("category", "nature", "source")},
        level=hazard.level.label,
        state=hazard.state.value,
        state_label=hazard.state.label,
        is_open=hazard.state.is_open,
        discovered_on=record.day("discovered_on"),
        original_deadline=case.original_deadline,
        deadline=hazard.deadline,
        days_overdue=hazard.days_overdue,
        times_extended=hazard.times_extended,
        times_failed=hazard.times_failed,
        times_relapsed=hazard.times_relapsed,
        closed_on=hazard.closed_on,
        legacy=hazard.legacy,
        essentials=case.five_essentials,
        clauses=tuple(ledger.criteria[ref] for ref in _clauses(hazard)),
        events=tuple(sorted([*_steps(ledger, hazard), *_extensions(ledger, hazard)], key=lambda e: e.day)),
    )


def _clauses(hazard: Hazard) -> list[str]:
    """Clauses that the hazard or its determinations cite, each once."""
    cited = [ref for step in hazard.steps for ref in step.record.data.get("criteria", ())]
    return list(dict.fromkeys([*hazard.case.record.data.get("criteria", ()), *cited]))


_TEXT = {"determinations": "basis", "rectifications": "progress", "acceptances": "opinion"}


def _steps(ledger: Ledger, hazard: Hazard) -> Iterator[Event]:
    for step in hazard.steps:
        yield Event(step.day, step.event.value, step.event.label, _told(ledger, hazard, step))


def _told(ledger: Ledger, hazard: Hazard, step: Step) -> str:
    """Who said it, and in which words."""
    record = step.record
    fields = public_fields(record)
    text = fields.get(_TEXT.get(record.kind.name, "")) or ""
    if record.kind.name == "inspections":
        text = next((i["note"] or "" for i in fields["look_back"] if i["hazard"] == hazard.ref), "")
    if step.event.value == "fixed_on_the_spot":
        text = fields["fixed_on_the_spot"]["measures"]
    name = _name(ledger, record.org)
    return f"{name}：{text}" if text else name


def _extensions(ledger: Ledger, hazard: Hazard) -> Iterator[Event]:
    for extension in hazard.case.extensions:
        yield from _extension(ledger, extension, hazard.day)


def _extension(ledger: Ledger, extension: Extension, day: date) -> Iterator[Event]:
    application, decision = extension.application, extension.decision
    if application.filed_on <= day:
        fields = public_fields(application)
        now, wished = _day(fields["current_deadline"]), _day(fields["requested_deadline"])
        wish = f"申请由{now}延至{wished}。理由：{fields['reason']}"
        yield Event(application.filed_on, "extension", "申请延期", f"{_name(ledger, application.org)}：{wish}")
    if decision and decision.filed_on <= day:
        fields = public_fields(decision)
        title = f"同意延期至{_day(fields['new_deadline'])}" if fields["decision"] == "approved" else "不同意延期"
        yield Event(decision.filed_on, "extension", title, f"{_name(ledger, decision.org)}：{fields['opinion']}")


def _day(text: str) -> str:
    """A day of a record as text has it: 2023年5月25日."""
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def _exposures(ledger: Ledger, hazards: Mapping[str, HazardView]) -> Iterator[ExposureView]:
    published = [e for e in ledger.exposures if e.is_public(ledger.at)]
    for exposure in sorted(published, key=lambda e: (e.first_public or date.max, e.record.path), reverse=True):
        yield _exposure(ledger, exposure, hazards)


def _exposure(ledger: Ledger, exposure: Exposure, hazards: Mapping[str, HazardView]) -> ExposureView:
    record, at = exposure.record, ledger.at
    steps = exposure.by(at)
    stage = steps[-1].stage
    fields = dict(public_fields(record))
    told = fields["steps"][: len(steps)]
    hazard = hazards.get(exposure.hazard or "")
    withdrawn = any(s.stage is Stage.WITHDRAWN for s in steps)
    if withdrawn:
        # A tombstone says that there was an entry and why it went, and repeats none of it.
        fields = {key: fields[key] for key in ("exposure", "filed_on")}
    closed = hazard.closed_on if hazard else None
    return ExposureView(
        campaign=ledger.campaign.id,
        name=record.name,
        number=record.name,
        unit=exposure.unit,
        unit_name=_name(ledger, exposure.unit),
        kind=record.kind.labels("exposure")[record.data["exposure"]],
        fields=fields,
        published_on=exposure.first_public or at,
        stage=stage.value,
        stage_label=stage.label,
        is_current=exposure.is_current(at),
        is_withdrawn=withdrawn,
        rectified_on=closed or exposure.first(Stage.RECTIFIED, at),
        archived_on=exposure.first(Stage.ARCHIVED, at),
        corrections=tuple(s for s in told if s["step"] == Stage.CORRECTED and not withdrawn),
        disputed=stage is Stage.DISPUTED,
        reply=next((s["note"] or "" for s in reversed(told) if s["step"] == Stage.REPLIED and not withdrawn), ""),
        events=tuple(
            Event(s.day, s.stage.value, s.stage.label, _step_text(ledger, s.by, words["note"]))
            for s, words in zip(steps, told, strict=True)
            if not withdrawn or s.stage in (Stage.PUBLISHED, Stage.WITHDRAWN)
        ),
        hazard=None if withdrawn else hazard,
    )


def _step_text(ledger: Ledger, by: str, note: str | None) -> str:
    return f"{_name(ledger, by)}：{note}" if note else _name(ledger, by)


class _Units:
    """Builds the views of all organisations from what they share."""

    def __init__(
        self,
        ledger: Ledger,
        kinds: Mapping[str, Kind],
        hazards: Mapping[str, HazardView],
        exposures: Iterable[ExposureView],
        table: Mapping[str, Figures],
    ) -> None:
        self.ledger, self.table = ledger, table
        self.words = kinds["roll"].field(("organisations", 0))["properties"]
        self.hazards: dict[str, list[HazardView]] = {}
        for hazard in hazards.values():
            self.hazards.setdefault(hazard.unit, []).append(hazard)
        self.exposures: dict[str, list[ExposureView]] = {}
        for exposure in exposures:
            self.exposures.setdefault(exposure.unit, []).append(exposure)
        self.filed: dict[str, list[Record]] = {}
        for kind in ("reports", "activities", "inspections"):
            for record in ledger.filed(kind):
                self.filed.setdefault(record.org, []).append(record)

    def view(self, org: Organisation) -> UnitView:
        hazards = tuple(self.hazards.get(org.id, ()))
        exposures = tuple(self.exposures.get(org.id, ()))
        return UnitView(
            campaign=self.ledger.campaign.id,
            org=org,
            type_label=self.words["type"]["x-labels"][org.type],
            tier_label=self.words["tier"]["x-labels"][org.tier],
            peer_label=self.words["peer_group"]["x-labels"][org.peer_group],
            parent=self.ledger.roll.by_id.get(org.parent or ""),
            children=self.ledger.roll.children(org.id),
            figures=self.table.get(org.id, Figures()),
            duties=_duties(self.ledger.returns_by_org[org.id], self.ledger.at),
            hazards=hazards,
            exposures=exposures,
            events=self._events(org, hazards, exposures),
        )

    def _events(
        self, org: Organisation, hazards: Iterable[HazardView], exposures: Iterable[ExposureView]
    ) -> tuple[Event, ...]:
        """What happened at the unit, the newest first. What is told in full on a hazard's card is only named here."""
        found = [_filed(record) for record in self.filed.get(org.id, ())]
        here = f"units/{self.ledger.campaign.id}/{org.id}/#"
        for hazard in hazards:
            name, href = hazard.fields["title"], here + hazard.anchor
            found += [e._replace(title=f"{name}：{e.title}", text="", href=href) for e in hazard.events]
        for exposure in exposures:
            found.append(Event(exposure.published_on, "published", f"曝光：{exposure.title}", "", exposure.href))
        return tuple(sorted(found, key=lambda e: e.day, reverse=True))


def _filed(record: Record) -> Event:
    fields = public_fields(record)
    if record.kind.name == "inspections":
        title = f"{record.kind.labels('led_by')[fields['led_by']]}带队检查"
        return Event(record.day("inspected_on"), "inspection", title, fields["summary"])
    if record.kind.name == "activities":
        return Event(record.day("held_on"), "activity", fields["title"], fields["summary"])
    return Event(record.filed_on, "report", f"报送：{fields['title']}", fields["summary"])


def _duties(returns: Iterable[Return], at: date) -> tuple[DutyRow, ...]:
    rows: dict[str, DutyRow] = {}
    for item in returns:
        duty = item.obligation.duty
        label = item.obligation.period.label if item.obligation.period else duty.title
        filed_on = item.filed_on if item.filed_on and item.filed_on <= at else None
        note = _note(item.record) if item.record and filed_on else ""
        tick = Tick(label, item.obligation.due, filed_on, item.status(at), item.days_left(at), note)
        row = rows.get(duty.id) or DutyRow(duty.title, duty.source, ())
        rows[duty.id] = row._replace(ticks=(*row.ticks, tick))
    return tuple(rows.values())


def _note(record: Record) -> str:
    """What a weekly or monthly filing says in words, each part under its title; empty for any other record."""
    if not record.kind.period:
        return ""
    fields = public_fields(record)
    told = [(name, fields[name]) for name in ("note", "work_done", "problems", "next_steps") if fields.get(name)]
    return "".join(text if len(told) == 1 else f"{record.kind.label((name,))}：{text}" for name, text in told)


def _name(ledger: Ledger, org: str) -> str:
    return ledger.roll.by_id[org].name
