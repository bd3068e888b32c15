"""Rules about what superiors do: orders, visits, tips, receipts; and about units' replies."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.checks.filing import lacking, name_of, unmet
from taizhang.checks.registry import Hit, Register, record_rule
from taizhang.checks.standing import unfounded
from taizhang.findings import phrase
from taizhang.intake.records import Record
from taizhang.ledger.hazards import unit_of
from taizhang.ledger.orders import STANDING, OrderKind


@record_rule("E-ORDER-HAZARD", kinds=("orders",))
def orders_name_the_units_own_hazard(record: Record, register: Register) -> Iterator[Hit]:
    """The hazard that an order names is that of the unit it addresses."""
    hazard = register.hazard_of(record)
    if hazard and unit_of(hazard) != record.data["unit"]:
        yield Hit(("hazard",), {"hazard": record.data["hazard"]})


@record_rule("E-ORDER-FIELD", kinds=("orders",))
def orders_say_what_their_kind_needs(record: Record, _: Register) -> Iterator[Hit]:
    """挂牌督办 gives its level, 责令整改 its deadline, 责任倒查 its ground, a lifting what it lifts."""
    return lacking(record, "E-ORDER-FIELD")


@record_rule("E-LIFT", kinds=("orders",))
def only_what_stands_is_lifted(record: Record, register: Register) -> Iterator[Hit]:
    """A lifting names a suspension or a listing of the same unit, given no later than it is lifted."""
    lifted = register.find("orders", record.data.get("lifts", ""))
    if lifted is None:
        return
    labels = record.kind.labels("order")
    if OrderKind(lifted.data["order"]) not in STANDING:
        yield Hit(("lifts",), {"found": phrase("needless", order=labels[lifted.data["order"]])})
    elif lifted.data["unit"] != record.data["unit"]:
        yield Hit(("lifts",), {"found": phrase("other_unit")})
    elif lifted.filed_on > record.filed_on:
        yield Hit(("lifts",), {"found": phrase("later")})


@record_rule("E-VISIT-BELOW", kinds=("visits",))
def visits_go_to_units_below(record: Record, register: Register) -> Iterator[Hit]:
    """A visit goes to organisations below the visitor, and looks back at hazards of theirs only."""
    for claim in unfounded(record, register):
        yield Hit(claim.field, {"found": phrase("unit", unit=name_of(claim.unit, register))})
    for index, item in enumerate(record.data.get("look_back", ())):
        hazard = register.find("hazards", item["hazard"])
        if hazard and unit_of(hazard) not in record.data["units"]:
            yield Hit(("look_back", index, "hazard"), {"found": phrase("hazard", hazard=item["hazard"])})


@record_rule("E-RECHECK", kinds=("visits",))
def rechecks_name_a_covert_visit_from_below(record: Record, register: Register) -> Iterator[Hit]:
    """A recheck names a covert visit by an organisation below; nothing else names one. Notice B44."""
    earlier = register.find("visits", record.data.get("rechecks", ""))
    if any(unmet(record, "E-RECHECK")) or ("rechecks" in record.data and record.data["nature"] != "recheck"):
        yield Hit(("nature",), {"found": phrase("mismatch")})
    elif earlier and (earlier.data["nature"] != "covert" or record.org not in register.roll.above(earlier.org)):
        yield Hit(("rechecks",), {"found": phrase("not_covert")})


@record_rule("E-TIP", kinds=("tips",))
def verified_tips_lead_to_a_hazard(record: Record, _: Register) -> Iterator[Hit]:
    """A tip found true names the hazard it led to; one passed on says to whom. 安全生产法 art. 73."""
    return lacking(record, "E-TIP")


@record_rule("E-RECEIPT", kinds=("receipts",))
def receipts_name_a_record(record: Record, register: Register) -> Iterator[Hit]:
    """A receipt names a record that is there and that arrived no later than it landed."""
    data = record.data
    target = register.find(data["record_kind"], data["record"])
    if target is None and (data["record_kind"], data["record"]) not in register.left_out:
        yield Hit(("record",), {"found": phrase("missing", kind=data["record_kind"], ref=data["record"])})
    elif target and target.landed_on < record.day("arrived_on"):
        yield Hit(("arrived_on",), {"found": phrase("later", day=target.landed_on)})


@record_rule("E-PLAN-KIND", kinds=("resources",))
def plans_say_which_plan(record: Record, _: Register) -> Iterator[Hit]:
    """A contingency plan says which of the kinds it is. Notice B32."""
    return lacking(record, "E-PLAN-KIND")


@record_rule("E-GUARANTORS", kinds=("resources",))
def major_hazard_sources_have_guarantors(record: Record, _: Register) -> Iterator[Hit]:
    """A major hazard source says which posts answer for it (包保责任). Notice A24; 安全生产法 art. 40."""
    return lacking(record, "E-GUARANTORS")
