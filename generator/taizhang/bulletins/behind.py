"""The rows behind every figure of a bulletin, as plain public values: what was counted, and where it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import singledispatchmethod
from typing import Any, NamedTuple

from taizhang.campaign.periods import named
from taizhang.disclosure.hazards import order_label
from taizhang.disclosure.oversight import anchor
from taizhang.disclosure.projection import public_fields
from taizhang.disclosure.views import CampaignView
from taizhang.figures.counting import Counted
from taizhang.figures.figures import CountedRows
from taizhang.intake.records import Record
from taizhang.ledger.duties import Return
from taizhang.ledger.exposures import Exposure
from taizhang.ledger.hazards import Case
from taizhang.ledger.orders import Order

SUMS: Mapping[str, tuple[str, ...]] = {
    "maj_new": ("maj_new_self", "maj_new_external"),
    "maj_come": ("maj_new_self", "maj_new_external", "maj_relapsed"),
    "in_time_n": ("on_time_n", "nil_n"),
    "received_n": ("on_time_n", "nil_n", "late_n"),
}
"""Figures that are told as one number and counted in several columns."""

RATES: Mapping[str, str] = {
    "closure_rate": "cum_found",
    "on_time_closure_rate": "fell_due",
    "submission_rate": "due_n",
    "in_time_rate": "due_n",
}
"""For each rate the column of its denominator."""


class Source(StrEnum):
    """What kind of thing was counted."""

    HAZARD = "hazard"
    RETURN = "return"
    FILING = "filing"
    INSPECTION = "inspection"
    ACTIVITY = "activity"
    ORDER = "order"
    VISIT = "visit"
    EXPOSURE = "exposure"


class Item(NamedTuple):
    """One row behind a figure. A hazard that the public does not see one by one has neither title nor address."""

    source: Source
    label: str
    title: str
    day: date | None
    href: str


class Behind(NamedTuple):
    """An item, and how much it adds to a figure."""

    item: Item
    amount: int


Rows = Mapping[str, Mapping[str, tuple[Behind, ...]]]
"""By organisation and figure."""


def rows_behind(counted: CountedRows, present: CampaignView, cut_off: date) -> Rows:
    """Everything that was counted at `cut_off`, in the words in which the public may read it now."""
    teller = _Teller(present, cut_off)
    return {org: _by_figure(items, teller) for org, items in counted.items()}


def _by_figure(items: Iterable[Counted], teller: _Teller) -> Mapping[str, tuple[Behind, ...]]:
    found: dict[str, list[Behind]] = {}
    for source, adds in items:
        item = teller.told(source)
        for name, amount in adds.items():
            found.setdefault(name, []).append(Behind(item, amount))
    for name, parts in SUMS.items():
        together = [behind for part in parts for behind in found.get(part, ())]
        if together:
            found[name] = together
    return {name: tuple(rows) for name, rows in found.items()}


class _Teller:
    """Says what was counted, and links to where it stands if it is public now."""

    def __init__(self, present: CampaignView, cut_off: date) -> None:
        self.campaign, self.cut_off = present.id, cut_off
        self.hazards = {h.ref: h for h in present.hazards}
        self.exposures = {e.name: e for e in present.exposures}
        self.orders = {o.ref: o for o in present.orders}
        self.visits = {v.ref for v in present.visits}

    @singledispatchmethod
    def told(self, source: Any) -> Item:
        """One thing that was counted."""
        raise TypeError(source)

    @told.register
    def _(self, case: Case) -> Item:
        view = self.hazards.get(case.ref)
        title = str(view.fields["title"]) if view else ""
        href = f"units/{self.campaign}/{view.unit}/#{view.anchor}" if view else ""
        return Item(Source.HAZARD, case.record.name, title, case.record.filed_on, href)

    @told.register
    def _(self, met: Return) -> Item:
        filed_on = met.filed_on if met.filed_on and met.filed_on <= self.cut_off else None
        href = f"units/{self.campaign}/{met.org.id}/#filings"
        return Item(Source.RETURN, met.obligation.label, met.status_at_close(self.cut_off).label, filed_on, href)

    @told.register
    def _(self, order: Order) -> Item:
        view = self.orders.get(order.record.ref)
        href = f"units/{self.campaign}/{view.unit.id}/#{view.anchor}" if view else ""
        return Item(Source.ORDER, order_label(order.record), "", order.record.filed_on, href)

    @told.register
    def _(self, exposure: Exposure) -> Item:
        view = self.exposures.get(exposure.record.name)
        title, href = (view.title, view.href) if view else ("", "")
        return Item(Source.EXPOSURE, exposure.record.name, title, exposure.first_public, href)

    @told.register
    def _(self, record: Record) -> Item:
        kind = record.kind
        match kind.name:
            case "visits":
                href = f"visits/#{anchor('visit', self.campaign, record.ref)}" if record.ref in self.visits else ""
                label = kind.labels("nature")[record.data["nature"]]
                return Item(Source.VISIT, label, "", record.day("visited_on"), href)
            case "inspections":
                return Item(Source.INSPECTION, kind.title, "", record.day("inspected_on"), "")
            case "activities":
                label, title = kind.labels("activity")[record.data["activity"]], public_fields(record)["title"]
                return Item(Source.ACTIVITY, label, title, record.day("held_on"), "")
            case _:
                href = f"units/{self.campaign}/{record.org}/#filings"
                return Item(Source.FILING, kind.title, named(record.name).label, record.filed_on, href)
