"""From the records of superiors, lessons and tips to what the public sees of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from taizhang.disclosure.hazards import HazardView, order_label
from taizhang.disclosure.oversight import (
    Accident,
    Checked,
    Lesson,
    LookBack,
    OrderView,
    Practice,
    Resources,
    Tip,
    Visit,
)
from taizhang.disclosure.projection import public_fields
from taizhang.intake.records import Record
from taizhang.ledger.duties import Return
from taizhang.ledger.ledger import Ledger
from taizhang.ledger.orders import STANDING, Order

Hazards = Mapping[str, HazardView]


class Oversight(NamedTuple):
    """Everything of the kind in one campaign by the ledger's date, the newest first."""

    orders: tuple[OrderView, ...]
    visits: tuple[Visit, ...]
    lessons: tuple[Lesson, ...]
    practices: tuple[Practice, ...]
    tips: tuple[Tip, ...]


def read_oversight(ledger: Ledger, hazards: Hazards) -> Oversight:
    """What superiors ordered, visited, taught and were told; withdrawn records are left out."""
    given = [order for order in ledger.orders if order.record.filed_on <= ledger.at]
    return Oversight(
        orders=tuple(_order(ledger, order, hazards) for order in reversed(given)),
        visits=tuple(_visit(ledger, record, hazards) for record in _newest(ledger, "visits", "visited_on")),
        lessons=tuple(_lesson(ledger, record) for record in _newest(ledger, "lessons", "filed_on")),
        practices=tuple(_practice(ledger, record) for record in _newest(ledger, "practices", "filed_on")),
        tips=tuple(_tip(record) for record in _newest(ledger, "tips", "closed_on")),
    )


def _newest(ledger: Ledger, kind: str, field: str) -> list[Record]:
    return sorted(ledger.filed(kind), key=lambda r: (r.day(field), r.path), reverse=True)


def _order(ledger: Ledger, order: Order, hazards: Hazards) -> OrderView:
    record = order.record
    fields = public_fields(record)
    lifted = order.lifted_by if order.lifted_by and order.lifted_by.filed_on <= ledger.at else None
    accountability = fields["accountability"]
    return OrderView(
        ref=record.ref,
        kind=order.kind.value,
        label=order_label(record),
        unit=ledger.organisation(order.unit),
        by=ledger.organisation(record.org),
        filed_on=record.filed_on,
        dated=record.day("dated"),
        deadline=record.optional_day("deadline"),
        content=fields["content"],
        basis=fields["basis"],
        doc_no=fields["doc_no"],
        published_at=fields["published_at"],
        accountability=record.kind.labels("accountability")[accountability] if accountability else "",
        hazard=hazards.get(order.hazard or ""),
        standing=order.kind in STANDING,
        lifted_on=lifted.day("dated") if lifted else None,
        lifted_why=public_fields(lifted)["content"] if lifted else "",
    )


def _visit(ledger: Ledger, record: Record, hazards: Hazards) -> Visit:
    fields = public_fields(record)
    found = tuple(fields["hazards_found"] or ())
    return Visit(
        campaign=ledger.campaign.id,
        ref=record.ref,
        by=ledger.organisation(record.org),
        filed_on=record.filed_on,
        visited_on=record.day("visited_on"),
        nature=fields["nature"],
        label=record.kind.labels("nature")[fields["nature"]],
        units=tuple(ledger.organisation(unit) for unit in fields["units"]),
        summary=fields["summary"],
        found=found,
        hazards=tuple(hazards[ref] for ref in found if ref in hazards),
        look_back=tuple(_look_back(record, hazards)),
        rechecks=fields["rechecks"],
        agrees=fields["agrees"],
    )


def _look_back(record: Record, hazards: Hazards) -> Iterator[LookBack]:
    labels = record.kind.field(("look_back", 0, "result"))["x-labels"]
    for item in public_fields(record)["look_back"] or ():
        result = item["result"]
        yield LookBack(hazards.get(item["hazard"]), result == "stable", labels[result], item["note"] or "")


def _lesson(ledger: Ledger, record: Record) -> Lesson:
    fields = public_fields(record)
    check = fields["check"] or {}
    checks = [r for r in ledger.returns if r.obligation.duty.where.get("lesson") == record.ref]
    return Lesson(
        campaign=ledger.campaign.id,
        ref=record.ref,
        filed_on=record.filed_on,
        title=fields["title"],
        accident=fields["accident"],
        lesson=fields["lesson"],
        topic=check.get("topic", ""),
        due=checks[0].obligation.due if checks else None,
        checked=tuple(_checked(r, ledger.at) for r in checks),
    )


def _checked(item: Return, at: date) -> Checked:
    filed_on = item.filed_on if item.filed_on and item.filed_on <= at else None
    return Checked(item.org, item.status(at), filed_on)


def _practice(ledger: Ledger, record: Record) -> Practice:
    fields = public_fields(record)
    org = ledger.organisation(record.org)
    return Practice(ledger.campaign.id, record.ref, org, record.filed_on, fields["title"], fields["summary"])


def _tip(record: Record) -> Tip:
    fields = public_fields(record)
    words = {name: record.kind.labels(name)[fields[name]] for name in ("category", "outcome")}
    return Tip(record.filed_on, record.day("closed_on"), words["category"], words["outcome"])


def accidents_of(ledger: Ledger, org: str) -> tuple[Accident, ...]:
    """The accidents that a unit reported, the newest first."""
    found = sorted(ledger.filed("accidents", org), key=lambda r: r.day("happened_on"), reverse=True)
    return tuple(_accident(record) for record in found)


def _accident(record: Record) -> Accident:
    fields = public_fields(record)
    return Accident(
        happened_on=record.day("happened_on"),
        grade=record.kind.labels("grade")[fields["grade"]],
        category=record.kind.labels("category")[fields["category"]],
        deaths=fields["deaths"],
        injured=fields["injured"],
        summary=fields["summary"],
        handling=fields["handling"],
    )


def resources_of(ledger: Ledger, org: str) -> Resources:
    """Counts of a unit's teams, supplies and plans; no team by itself. Sources of major danger are not even counted."""
    by_kind: dict[str, list[Record]] = {}
    for record in ledger.filed("resources", org):
        by_kind.setdefault(record.data["resource"], []).append(record)
    teams, plans = by_kind.get("team", ()), by_kind.get("plan", ())
    return Resources(
        teams=len(teams),
        team_members=sum(record.data["quantity"] for record in teams),
        supplies=len(by_kind.get("supply", ())),
        plans=Counter(_plan(record) for record in plans),
    )


def _plan(record: Record) -> str:
    return record.kind.labels("plan_kind").get(public_fields(record)["plan_kind"] or "", "应急预案")
