"""Organisations as the public sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from taizhang.campaign.roll import Organisation
from taizhang.disclosure.hazards import HazardView, TimelineEvent
from taizhang.disclosure.oversight import OrderView, Visit
from taizhang.disclosure.plain_kinds import PlainKinds
from taizhang.disclosure.projection import public_fields
from taizhang.disclosure.scopes import ScopeFigures
from taizhang.disclosure.supervision import Oversight, accidents_of, resources_of
from taizhang.disclosure.views import DutyRow, ExposureView, Tick, UnitView
from taizhang.intake.kinds import Kind
from taizhang.intake.records import Record
from taizhang.ledger.duties import Return
from taizhang.ledger.ledger import Ledger


class Units:
    """Builds the views of all organisations from what they share."""

    def __init__(
        self,
        ledger: Ledger,
        kinds: Mapping[str, Kind],
        hazards: Mapping[str, HazardView],
        exposures: Iterable[ExposureView],
        oversight: Oversight,
        figures: Callable[[str], ScopeFigures],
    ) -> None:
        self.ledger, self.oversight, self.figures = ledger, oversight, figures
        self.plain = PlainKinds(ledger, kinds, hazards)
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
        orders = tuple(order for order in self.oversight.orders if order.unit == org)
        visits = tuple(visit for visit in self.oversight.visits if org in visit.units)
        return UnitView(
            campaign=self.ledger.campaign.id,
            org=org,
            type_label=self.words["type"]["x-labels"][org.type],
            tier_label=self.words["tier"]["x-labels"][org.tier],
            peer_label=self.words["peer_group"]["x-labels"][org.peer_group],
            parent=self.ledger.roll.by_id.get(org.parent or ""),
            children=self.ledger.roll.children(org.id),
            contacts_status=_contacts_status(self.ledger, org),
            since_start=self.figures(org.id),
            duties=_duties(self.ledger.returns_by_org[org.id], self.ledger.at),
            hazards=hazards,
            exposures=exposures,
            orders=orders,
            visits=visits,
            resources=resources_of(self.ledger, org.id),
            practices=tuple(p for p in self.oversight.practices if p.org == org),
            accidents=accidents_of(self.ledger, org.id),
            plain=tuple(self.plain.of(org.id)),
            events=tuple(
                sorted(self._events(org, hazards, exposures, orders, visits), key=lambda e: e.day, reverse=True)
            ),
        )

    def _events(
        self,
        org: Organisation,
        hazards: Iterable[HazardView],
        exposures: Iterable[ExposureView],
        orders: Iterable[OrderView],
        visits: Iterable[Visit],
    ) -> Iterator[TimelineEvent]:
        """What happened at the unit. What is told in full elsewhere is only named here."""
        yield from (_filed(record) for record in self.filed.get(org.id, ()))
        here = f"units/{self.ledger.campaign.id}/{org.id}/#"
        for hazard in hazards:
            name, href = hazard.fields["title"], here + hazard.anchor
            yield from (e._replace(title=f"{name}：{e.title}", text="", href=href) for e in hazard.events)
        for exposure in exposures:
            yield TimelineEvent(exposure.published_on, "published", f"曝光：{exposure.title}", "", exposure.href)
        for visit in visits:
            yield TimelineEvent(visit.visited_on, "visit", f"{visit.by.short_name}{visit.label}", "", visit.href)
        for order in orders:
            # An order about a hazard on this page was told with that hazard.
            if order.hazard is None:
                yield TimelineEvent(
                    order.filed_on, "order", f"{order.by.short_name}：{order.label}", "", here + order.anchor
                )


def _contacts_status(ledger: Ledger, org: Organisation) -> str:
    asked = any(duty.kind == "contacts" and duty.owed_by(org) for duty in ledger.campaign.duties)
    return ledger.contacts[org.id].status(ledger.at).public_label if asked else ""


def _filed(record: Record) -> TimelineEvent:
    fields = public_fields(record)
    if record.kind.name == "inspections":
        title = f"{record.kind.labels('led_by')[fields['led_by']]}带队检查"
        return TimelineEvent(record.day("inspected_on"), "inspection", title, fields["summary"])
    if record.kind.name == "activities":
        return TimelineEvent(record.day("held_on"), "activity", fields["title"], fields["summary"])
    return TimelineEvent(record.filed_on, "report", f"报送：{fields['title']}", fields["summary"])


def _duties(returns: Iterable[Return], at: date) -> tuple[DutyRow, ...]:
    rows: dict[str, DutyRow] = {}
    for item in returns:
        duty = item.obligation.duty
        label = item.obligation.period.label if item.obligation.period else duty.title
        filed_on = item.filed_on if item.filed_on and item.filed_on <= at else None
        note = _note(item.record) if item.record and filed_on else ""
        tick = Tick(label, item.obligation.due, filed_on, item.status(at), item.days_left(at), note)
        row = rows.get(duty.id) or DutyRow(duty.id, duty.title, duty.source, ())
        rows[duty.id] = row._replace(ticks=(*row.ticks, tick))
    return tuple(rows.values())


def _note(record: Record) -> str:
    """What a weekly or monthly filing says in words, each part under its title; empty for any other record."""
    if not record.kind.period:
        return ""
    fields = public_fields(record)
    texts = [(name, fields[name]) for name in ("note", "work_done", "problems", "next_steps") if fields.get(name)]
    return "".join(text if len(texts) == 1 else f"{record.kind.label((name,))}：{text}" for name, text in texts)
