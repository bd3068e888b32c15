"""The rows behind every figure, as plain public values: what was counted, and where it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import singledispatch

from taizhang.campaign.periods import named
from taizhang.campaign.roll import Organisation
from taizhang.disclosure.hazards import HazardView, order_label
from taizhang.disclosure.oversight import OrderView, Visit, anchor
from taizhang.disclosure.projection import public_fields
from taizhang.disclosure.rows import Behind, Item, Rows, Sort
from taizhang.disclosure.views import CampaignView, ExposureView
from taizhang.figures.counting import Counted, Source
from taizhang.figures.register import FIGURES
from taizhang.figures.tables import CountedRows
from taizhang.intake.records import Record
from taizhang.ledger.duties import Return
from taizhang.ledger.exposures import Exposure
from taizhang.ledger.hazards import Case
from taizhang.ledger.orders import Order


@dataclass(frozen=True)
class Published:
    """What the public can read now of what may have been counted, and the day up to which filings are told.

    A period that is over was judged at the end of that day; one that goes on, within it.
    """

    campaign: str
    until: date
    is_over: bool
    hazards: Mapping[str, HazardView]
    exposures: Mapping[str, ExposureView]
    orders: Mapping[str, OrderView]
    visits: Mapping[str, Visit]


def rows_behind(counted: CountedRows, present: CampaignView, until: date, is_over: bool = True) -> Rows:
    """Everything that was counted by `until`, in the words in which the public may read it now.

    Raises TypeError for a thing that can be counted and has no row: a figure without its rows is not published.
    """
    known = Published(
        present.id,
        until,
        is_over,
        {hazard.ref: hazard for hazard in present.hazards},
        {exposure.name: exposure for exposure in present.exposures},
        {order.ref: order for order in present.orders},
        {visit.ref: visit for visit in present.visits},
    )
    return {org: _by_figure(items, known) for org, items in counted.items()}


def _by_figure(items: Iterable[Counted], known: Published) -> Mapping[str, tuple[Behind, ...]]:
    found: dict[str, list[Behind]] = {}
    for source, adds in items:
        item = item_of(source, known)
        for name, amount in adds.items():
            found.setdefault(name, []).append(Behind(item, amount))
    for name, rows in found.items():
        if FIGURES[name].counts == "tips":
            # The order of their days is not public either.
            rows.sort(key=lambda behind: (behind.item.label, behind.item.title))
    return {name: tuple(rows) for name, rows in found.items()}


@singledispatch
def item_of(source: Source, known: Published) -> Item:
    """What was counted, with a link to where it stands if it is public now. Raises TypeError for what has no row."""
    del known
    raise TypeError(f"no row tells of {source!r}")


@item_of.register
def _(case: Case, known: Published) -> Item:
    view = known.hazards.get(case.ref)
    title = str(view.fields["title"]) if view else ""
    href = f"units/{known.campaign}/{view.unit}/#{view.anchor}" if view else ""
    return Item(Sort.HAZARD, case.record.name, title, case.record.filed_on, href)


@item_of.register
def _(met: Return, known: Published) -> Item:
    filed_on = met.filed_on if met.filed_on and met.filed_on <= known.until else None
    status = met.status_at_close(known.until) if known.is_over else met.status(known.until)
    href = f"units/{known.campaign}/{met.org.id}/#filings"
    return Item(Sort.RETURN, met.obligation.label, status.label, filed_on, href)


@item_of.register
def _(order: Order, known: Published) -> Item:
    view = known.orders.get(order.record.ref)
    href = f"units/{known.campaign}/{view.unit.id}/#{view.anchor}" if view else ""
    return Item(Sort.ORDER, order_label(order.record), "", order.record.filed_on, href)


@item_of.register
def _(exposure: Exposure, known: Published) -> Item:
    view = known.exposures.get(exposure.record.name)
    title, href = (view.title, view.href) if view else ("", "")
    return Item(Sort.EXPOSURE, exposure.record.name, title, exposure.first_public, href)


@item_of.register
def _(org: Organisation, known: Published) -> Item:
    return Item(Sort.ORGANISATION, org.name, "", None, f"units/{known.campaign}/{org.id}/")


@item_of.register
def _(record: Record, known: Published) -> Item:
    if record.kind.name not in _RECORDS:
        raise TypeError(f"no row tells of {record.kind.name}")
    return _RECORDS[record.kind.name](record, known)


def _visit(record: Record, known: Published) -> Item:
    href = f"visits/#{anchor('visit', known.campaign, record.ref)}" if record.ref in known.visits else ""
    return Item(Sort.VISIT, record.kind.labels("nature")[record.data["nature"]], "", record.day("visited_on"), href)


def _inspection(record: Record, known: Published) -> Item:
    del known
    return Item(Sort.INSPECTION, record.kind.title, "", record.day("inspected_on"), "")


def _activity(record: Record, known: Published) -> Item:
    del known
    label, title = record.kind.labels("activity")[record.data["activity"]], public_fields(record)["title"]
    return Item(Sort.ACTIVITY, label, title, record.day("held_on"), "")


def _filing(record: Record, known: Published) -> Item:
    href = f"units/{known.campaign}/{record.org}/#filings"
    return Item(Sort.FILING, record.kind.title, named(record.name).label, record.filed_on, href)


def _tip(record: Record, known: Published) -> Item:
    # Neither day nor anything else that could lead to who gave it. Notices A49, B16 and B42.
    fields = public_fields(record)
    label, title = (record.kind.labels(name)[fields[name]] for name in ("category", "outcome"))
    return Item(Sort.TIP, label, title, None, f"tips/#campaign-{known.campaign}")


_RECORDS: Mapping[str, Callable[[Record, Published], Item]] = {
    "visits": _visit,
    "inspections": _inspection,
    "activities": _activity,
    "weekly": _filing,
    "monthly": _filing,
    "tips": _tip,
}
"""The records that are counted one by one, by their kind."""
