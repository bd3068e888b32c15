"""Rules about what superiors do: orders, visits, tips, receipts; and about units' replies."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.checks.filing import name_of
from taizhang.checks.registry import Hit, Register, record_rule
from taizhang.checks.standing import unfounded
from taizhang.intake.records import Record
from taizhang.ledger.hazards import unit_of
from taizhang.ledger.orders import STANDING, OrderKind


@record_rule("E-ORDER-HAZARD", kinds=("orders",))
def orders_name_the_units_own_hazard(record: Record, register: Register) -> Iterator[Hit]:
    """The hazard that an order names is that of the unit it addresses."""
    hazard = register.hazard_of(record)
    if hazard and unit_of(hazard) != record.data["unit"]:
        yield Hit(("hazard",), {"hazard": record.data["hazard"]})


_NEEDS = {
    OrderKind.SUPERVISE: "supervision_level",
    OrderKind.TRACE_BACK: "accountability",
    OrderKind.RECTIFY: "deadline",
    OrderKind.LIFT: "lifts",
}


@record_rule("E-ORDER-FIELD", kinds=("orders",))
def orders_say_what_their_kind_needs(record: Record, _: Register) -> Iterator[Hit]:
    """挂牌督办 gives its level, 责令整改 its deadline, 责任倒查 its ground, a lifting what it lifts."""
    kind = OrderKind(record.data["order"])
    field = _NEEDS.get(kind)
    if field and field not in record.data:
        labels = record.kind.labels("order")
        yield Hit(("order",), {"order": labels[kind], "field": record.kind.label((field,)), "name": field})


@record_rule("E-LIFT", kinds=("orders",))
def only_what_stands_is_lifted(record: Record, register: Register) -> Iterator[Hit]:
    """A lifting names a suspension or a listing of the same unit, given no later than it is lifted."""
    lifted = register.find("orders", record.data.get("lifts", ""))
    if lifted is None:
        return
    labels = record.kind.labels("order")
    if OrderKind(lifted.data["order"]) not in STANDING:
        yield Hit(("lifts",), {"found": f"它是“{labels[lifted.data['order']]}”，不需要解除"})
    elif lifted.data["unit"] != record.data["unit"]:
        yield Hit(("lifts",), {"found": "它是对另一个单位的决定"})
    elif lifted.filed_on > record.filed_on:
        yield Hit(("lifts",), {"found": "它比解除还晚"})


@record_rule("E-VISIT-BELOW", kinds=("visits",))
def visits_go_to_units_below(record: Record, register: Register) -> Iterator[Hit]:
    """A visit goes to organisations below the visitor, and looks back at hazards of theirs only."""
    for claim in unfounded(record, register):
        yield Hit(claim.field, {"found": f"“{name_of(claim.unit, register)}”不是下级单位"})
    for index, item in enumerate(record.data.get("look_back", ())):
        hazard = register.find("hazards", item["hazard"])
        if hazard and unit_of(hazard) not in record.data["units"]:
            yield Hit(("look_back", index, "hazard"), {"found": f"“{item['hazard']}”不是到访单位的隐患"})


@record_rule("E-RECHECK", kinds=("visits",))
def rechecks_name_a_covert_visit_from_below(record: Record, register: Register) -> Iterator[Hit]:
    """A recheck names a covert visit by an organisation below; nothing else names one. Notice B44."""
    again, earlier = record.data["nature"] == "recheck", register.find("visits", record.data.get("rechecks", ""))
    if again != ("rechecks" in record.data):
        yield Hit(("nature",), {"found": "性质与 rechecks 对不上"})
    elif earlier and (earlier.data["nature"] != "covert" or record.org not in register.roll.above(earlier.org)):
        yield Hit(("rechecks",), {"found": "它不是下级的暗查暗访"})


@record_rule("E-TIP", kinds=("tips",))
def verified_tips_lead_to_a_hazard(record: Record, _: Register) -> Iterator[Hit]:
    """A tip found true names the hazard it led to; one passed on says to whom. 安全生产法 art. 73."""
    needed = {"verified": "hazard", "transferred": "transferred_to"}.get(record.data["outcome"])
    if needed and needed not in record.data:
        labels = record.kind.labels("outcome")
        yield Hit(("outcome",), {"outcome": labels[record.data["outcome"]], "field": record.kind.label((needed,))})


@record_rule("E-RECEIPT", kinds=("receipts",))
def receipts_name_a_record(record: Record, register: Register) -> Iterator[Hit]:
    """A receipt names a record that is there and that arrived no later than it landed."""
    data = record.data
    target = register.find(data["record_kind"], data["record"])
    if target is None and (data["record_kind"], data["record"]) not in register.left_out:
        yield Hit(("record",), {"found": f"没有找到 {data['record_kind']} 里的“{data['record']}”"})
    elif target and target.landed_on < record.day("arrived_on"):
        yield Hit(("arrived_on",), {"found": f"这份记录 {target.landed_on} 已经入账，凭据写的到达日期反而更晚"})


@record_rule("E-PLAN-KIND", kinds=("resources",))
def plans_say_which_plan(record: Record, _: Register) -> Iterator[Hit]:
    """A contingency plan says which of the kinds it is. Notice B32."""
    if record.data["resource"] == "plan" and "plan_kind" not in record.data:
        yield Hit(("resource",), {})


@record_rule("E-GUARANTORS", kinds=("resources",))
def major_hazard_sources_have_guarantors(record: Record, _: Register) -> Iterator[Hit]:
    """A major hazard source says which posts answer for it (包保责任). Notice A24; 安全生产法 art. 40."""
    data = record.data
    if data["resource"] == "major_hazard_source" and "guarantors" not in data:
        yield Hit(("resource",), {})
