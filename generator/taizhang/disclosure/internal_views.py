"""What the internal edition shows an organisation of itself, as plain values: internal fields, never sealed ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from taizhang.disclosure.filing import FilingView
from taizhang.disclosure.hazards import HazardView
from taizhang.disclosure.labelled import LabelledField
from taizhang.disclosure.ledger_rows import LedgerRow
from taizhang.disclosure.views import CampaignView, Reply, UnitView
from taizhang.findings import Finding
from taizhang.ledger.contacts import ContactStatus


class Errand(NamedTuple):
    """One thing to do, answered by filing a record of `kind`. `answers` is what its form can be told beforehand."""

    kind: str
    answers: Mapping[str, str]
    title: str = ""


class LastAnswer(NamedTuple):
    """What the same duty was answered with last time. `errand` files the same again; None where that makes no sense."""

    period: str
    filed_on: date
    items: tuple[LabelledField, ...]
    errand: Errand | None


class OutstandingDuty(NamedTuple):
    """An obligation that has begun and was not met. `days_left` is negative when it is overdue."""

    duty: str
    errand: Errand
    source: str
    due: date
    days_left: int
    provisional: bool
    last: LastAnswer | None


class OwnHazard(NamedTuple):
    """A hazard of the organisation, whatever its level. `pending` is a claim that nobody has determined yet."""

    view: HazardView
    pending: bool
    items: tuple[LabelledField, ...]
    """The internal fields of its record and of everything filed about it."""
    errands: tuple[Errand, ...]


class Waiting(NamedTuple):
    """Something below that waits for the organisation's decision."""

    errand: Errand
    text: str
    since: date


class Holder(NamedTuple):
    """A role of the contacts and the record that names who holds it; empty and None where nobody is named."""

    role: str
    record: str
    since: date | None


class AppliedChange(NamedTuple):
    """A change of contacts that was applied for and is not in force yet."""

    record: str
    roles: tuple[str, ...]
    effective_on: date


class ContactsInForce(NamedTuple):
    """Who is in charge by role, without anybody's name or number."""

    status: ContactStatus
    holders: tuple[Holder, ...]
    changes: tuple[AppliedChange, ...]


class FiledRecord(NamedTuple):
    """A record of the organisation's folder. `corrected_on` are the days on which a later version landed."""

    kind: str
    kind_title: str
    name: str
    path: str
    filed_on: date
    items: tuple[LabelledField, ...]
    withdrawn: str
    """Why and when it was withdrawn; empty for one that stands."""
    corrected_on: tuple[date, ...]


class ExposureNotice(NamedTuple):
    """An exposure that is being prepared: the organisation may have its say until a day."""

    ref: str
    title: str
    reply_by: date


@dataclass(frozen=True)
class OwnPage:
    """Everything 我的单位 shows of one organisation. `unit` is what the public sees of it."""

    unit: UnitView
    owed: tuple[OutstandingDuty, ...]
    ahead: tuple[OutstandingDuty, ...]
    """Begun, and not due for a while yet."""
    hazards: tuple[OwnHazard, ...]
    waiting: tuple[Waiting, ...]
    notices: tuple[ExposureNotice, ...]
    contacts: ContactsInForce | None
    """None where the campaign asks it for none and it filed none."""
    records: tuple[FiledRecord, ...]
    replies: tuple[Reply, ...]
    findings: tuple[Finding, ...]
    """Of the last check, about its files."""
    rows: tuple[LedgerRow, ...]

    @property
    def href(self) -> str:
        return f"my/{self.unit.campaign}/{self.unit.org.id}/"

    @property
    def campaign_href(self) -> str:
        """The campaign's full ledger."""
        return f"my/{self.unit.campaign}/"

    @property
    def workbook(self) -> str:
        return f"{self.href}ledger.xlsx"

    @cached_property
    def overdue(self) -> tuple[OutstandingDuty, ...]:
        return tuple(item for item in self.owed if item.days_left < 0)

    @cached_property
    def overdue_hazards(self) -> tuple[OwnHazard, ...]:
        return tuple(hazard for hazard in self.hazards if hazard.view.days_overdue)

    @cached_property
    def open_hazards(self) -> tuple[OwnHazard, ...]:
        """Open hazards, the one that falls due first on top."""
        found = (hazard for hazard in self.hazards if hazard.view.is_open)
        return tuple(sorted(found, key=lambda h: (h.view.deadline or date.max, h.view.ref)))

    @cached_property
    def settled_hazards(self) -> tuple[OwnHazard, ...]:
        return tuple(hazard for hazard in self.hazards if not hazard.view.is_open)

    @property
    def corrected(self) -> tuple[FiledRecord, ...]:
        """Records that were corrected or withdrawn."""
        return tuple(record for record in self.records if record.corrected_on or record.withdrawn)

    @property
    def by_kind(self) -> Mapping[str, tuple[FiledRecord, ...]]:
        """The records by the title of their kind."""
        found: dict[str, list[FiledRecord]] = {}
        for record in self.records:
            found.setdefault(record.kind_title, []).append(record)
        return {title: tuple(records) for title, records in found.items()}

    @property
    def errors(self) -> int:
        return len({item.file for item in self.findings if item.severity == "error"})

    @property
    def is_busy(self) -> bool:
        """Whether anything is outstanding."""
        return bool(self.owed or self.open_hazards or self.waiting or self.notices or self.errors)


@dataclass(frozen=True)
class InternalCampaign:
    """One campaign for those inside."""

    view: CampaignView
    pages: tuple[OwnPage, ...]
    filing: FilingView
    """What the forms offer: every hazard, where the public ones only offer those the public sees."""

    @property
    def href(self) -> str:
        return f"my/{self.view.id}/"

    @property
    def workbook(self) -> str:
        return f"{self.href}ledger.xlsx"

    @property
    def rows(self) -> tuple[LedgerRow, ...]:
        return tuple(row for page in self.pages for row in page.rows)

    @property
    def busy(self) -> tuple[OwnPage, ...]:
        return tuple(page for page in self.pages if page.is_busy)

    @property
    def quiet(self) -> tuple[OwnPage, ...]:
        return tuple(page for page in self.pages if not page.is_busy)
