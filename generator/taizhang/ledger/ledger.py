"""The ledger of one campaign at one date: the aggregate that checks, pages and bulletins ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from taizhang.campaign.calendar import WorkCalendar
from taizhang.campaign.campaign import Campaign
from taizhang.campaign.criteria import Clause
from taizhang.campaign.obligations import Obligation
from taizhang.campaign.roll import Organisation, Roll
from taizhang.intake.records import Record
from taizhang.ledger.contacts import Contacts, read_contacts
from taizhang.ledger.duties import Return, Status, returns
from taizhang.ledger.exposures import Exposure, read_exposure
from taizhang.ledger.hazards import Case, Hazard, fold
from taizhang.ledger.orders import Order, read_orders


@dataclass(frozen=True)
class Ledger:
    """Everything the accepted records of one campaign say, seen at the end of the day `at`.

    The folded parts do not depend on `at`, so looking at another day with `on` costs nothing.
    """

    campaign: Campaign
    roll: Roll
    calendar: WorkCalendar
    criteria: Mapping[str, Clause]
    records: tuple[Record, ...]
    cases: tuple[Case, ...]
    all_returns: tuple[Return, ...]
    """Also those of lessons not yet drawn by `at`; `returns` has what is owed."""
    exposures: tuple[Exposure, ...]
    contacts: Mapping[str, Contacts]
    """Of every organisation of the roll."""
    orders: tuple[Order, ...]
    at: date

    def on(self, day: date) -> Ledger:
        """The same ledger at the end of another day; an archived campaign never moves past its archive day."""
        return replace(self, at=_no_later(self.campaign, day))

    @cached_property
    def hazards(self) -> tuple[Hazard, ...]:
        """Every hazard that was on file by `at`."""
        return tuple(h for h in (case.at(self.at) for case in self.cases) if h)

    @cached_property
    def hazard_by_ref(self) -> Mapping[str, Hazard]:
        return {hazard.ref: hazard for hazard in self.hazards}

    def hazards_of(self, unit: str) -> tuple[Hazard, ...]:
        return tuple(h for h in self.hazards if h.unit == unit)

    @cached_property
    def returns(self) -> tuple[Return, ...]:
        """Every obligation of every organisation that had come to be owed by `at`."""
        return tuple(r for r in self.all_returns if r.obligation.opened_on <= self.at)

    @cached_property
    def returns_by_org(self) -> Mapping[str, tuple[Return, ...]]:
        found: dict[str, list[Return]] = {org.id: [] for org in self.roll.organisations}
        for item in self.returns:
            found[item.org.id].append(item)
        return {org: tuple(items) for org, items in found.items()}

    def missing(self) -> tuple[Return, ...]:
        """未报: what was due by `at` and has not come."""
        return tuple(r for r in self.returns if r.status(self.at) is Status.MISSING)

    def overdue(self) -> tuple[Hazard, ...]:
        """逾期: open hazards past their deadline, the longest first."""
        late = [h for h in self.hazards if h.days_overdue]
        return tuple(sorted(late, key=lambda h: (-h.days_overdue, h.ref)))

    def obligations(self) -> tuple[Obligation, ...]:
        """Every obligation that had come to be owed by `at`, in the order of its due date."""
        schedule = self.campaign.schedule(self.calendar, self.by_kind.get("lessons", ()))
        return tuple(o for o in schedule if o.opened_on <= self.at)

    def filed(self, kind: str, org: str | None = None) -> tuple[Record, ...]:
        """The records of a kind on file by `at`, of one organisation or of all."""
        return tuple(r for r in self.by_kind.get(kind, ()) if r.filed_on <= self.at and org in (None, r.org))

    @cached_property
    def by_kind(self) -> Mapping[str, tuple[Record, ...]]:
        found: dict[str, list[Record]] = {}
        for record in self.records:
            if not record.withdrawn:
                found.setdefault(record.kind.name, []).append(record)
        return {kind: tuple(records) for kind, records in found.items()}

    def organisation(self, org: str) -> Organisation:
        return self.roll.by_id[org]


def open_ledger(
    campaign: Campaign,
    roll: Roll,
    calendar: WorkCalendar,
    criteria: Mapping[str, Clause],
    records: Iterable[Record],
    at: date,
) -> Ledger:
    """Fold the accepted records of one campaign."""
    known = tuple(records)
    return Ledger(
        campaign=campaign,
        roll=roll,
        calendar=calendar,
        criteria=criteria,
        records=known,
        cases=fold(known),
        all_returns=returns(roll, campaign.schedule(calendar, known), known),
        exposures=tuple(read_exposure(r) for r in known if r.kind.name == "exposures"),
        contacts=read_contacts(roll, campaign.contact_bodies, known),
        orders=read_orders(known),
        at=_no_later(campaign, at),
    )


def _no_later(campaign: Campaign, day: date) -> date:
    return min(day, campaign.archived_on) if campaign.archived_on else day
