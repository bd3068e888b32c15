"""Rules about standing: who may say what about whose hazard, and what a decision must rest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from taizhang.campaign.roll import Tier
from taizhang.checks.filing import may_file, name_of, unmet
from taizhang.checks.registry import Hit, Register, record_rule
from taizhang.findings import phrase, several
from taizhang.intake.records import Record
from taizhang.intake.schemas import FieldPath
from taizhang.ledger.closed_loop import Event
from taizhang.ledger.hazards import unit_of
from taizhang.ledger.orders import OrderKind
from taizhang.ledger.standing import WHO, Standing
from taizhang.ledger.statements import messages_in


class Claim(NamedTuple):
    """What a record says of an organisation: of which, who may say so, and where in the record it stands."""

    unit: str
    standing: Standing
    field: FieldPath


def unfounded(record: Record, register: Register) -> Iterator[Claim]:
    """What a record says of organisations of which its own may not say so. Who may not file it at all is told that."""
    if may_file(record, register):
        for claim in _claims(record, register):
            if claim.unit in register.roll and not _may_say(record.org, claim, register):
                yield claim


def _may_say(org: str, claim: Claim, register: Register) -> bool:
    above = register.roll.above(claim.unit)
    match claim.standing:
        case Standing.UNIT:
            return org == claim.unit
        case Standing.ABOVE:
            return org in above
        case Standing.EITHER:
            return org == claim.unit or org in above
        case Standing.ABOVE_OR_COMMITTEE:
            return org in above or register.roll.by_id[org].tier is Tier.COMMITTEE
        case Standing.CONTACT_BODY:
            return org in register.campaign.contact_bodies


def _claims(record: Record, register: Register) -> Iterator[Claim]:
    kind, data = record.kind.name, record.data
    match kind:
        case "hazards":
            yield Claim(unit_of(record), WHO[Event.REGISTERED], ("unit",))
        case "extensions" | "extension-decisions":
            hazard = register.hazard_of(record)
            yield from [Claim(unit_of(hazard), WHO[kind], ("hazard",))] if hazard else []
        case "visits":
            yield from (Claim(unit, WHO[kind], ("units", index)) for index, unit in enumerate(data["units"]))
        case "orders":
            yield Claim(data["unit"], WHO[_ordered(record, register)], ("unit",))
        case "replies":
            exposure = register.find("exposures", data["exposure"])
            yield from [Claim(exposure.data["unit"], WHO[kind], ("exposure",))] if exposure else []
        case "contact-changes":
            yield Claim(data["contacts"].partition("/")[0], WHO[kind], ("contacts",))
        case "contact-decisions":
            yield Claim(data["change"].partition("/")[0], WHO[kind], ("change",))
        case _:
            for ref, message in messages_in(record):
                hazard = register.find("hazards", ref)
                yield from [Claim(unit_of(hazard), WHO[message.event], message.field)] if hazard else []


def _ordered(record: Record, register: Register) -> str:
    """What an order orders; of one that lifts another, what that one ordered."""
    lifted = register.find("orders", record.data.get("lifts", ""))
    return str(lifted.data["order"] if lifted and record.data["order"] == OrderKind.LIFT else record.data["order"])


@record_rule("E-ABOVE", kinds=("hazards", "determinations", "acceptances", "extension-decisions"))
def decisions_come_from_above(record: Record, register: Register) -> Iterator[Hit]:
    """A decision about a unit counts only from an organisation above that unit in the roll."""
    for claim in unfounded(record, register):
        unit, org = name_of(claim.unit, register), name_of(record.org, register)
        yield Hit((), {"kind": record.kind.title, "unit": unit, "org": org})


@record_rule("E-LOOK-BACK", kinds=("inspections",))
def look_backs_are_ones_own_or_from_above(record: Record, register: Register) -> Iterator[Hit]:
    """A look-back speaks of a hazard of one's own or of an organisation below."""
    for claim in unfounded(record, register):
        index = claim.field[1]
        yield Hit(("look_back", index, "hazard"), {"hazard": record.data["look_back"][index]["hazard"]})


@record_rule("E-OWN", kinds=("rectifications", "extensions"))
def units_speak_of_their_own_hazards(record: Record, register: Register) -> Iterator[Hit]:
    """Progress and applications for extension come from the unit whose hazard it is."""
    for claim in unfounded(record, register):
        yield Hit(("hazard",), {"kind": record.kind.title, "unit": name_of(claim.unit, register)})


@record_rule("E-ORDER-FROM", kinds=("orders",))
def orders_come_from_above(record: Record, register: Register) -> Iterator[Hit]:
    """An order to a unit comes from above it, or, for listing, talks and tracing back, from the committee's office.

    Notice A6; 安全生产法 art. 41. Who gives an order may lift it.
    """
    for claim in unfounded(record, register):
        yield Hit(claim.field, {"unit": name_of(claim.unit, register)})


@record_rule("E-REPLY", kinds=("replies",))
def replies_come_from_the_unit_exposed(record: Record, register: Register) -> Iterator[Hit]:
    """A reply to an exposure comes from the unit that was exposed."""
    for claim in unfounded(record, register):
        yield Hit(claim.field, {"exposure": record.data["exposure"]})


@record_rule("E-CONTACT-OWN", kinds=("contact-changes",))
def changes_are_of_ones_own_contacts(record: Record, register: Register) -> Iterator[Hit]:
    """A unit applies for a change of its own contacts."""
    for claim in unfounded(record, register):
        yield Hit(claim.field, {"ref": record.data["contacts"]})


@record_rule("E-CONTACT-BODY", kinds=("contact-decisions",))
def only_the_two_bodies_decide(record: Record, register: Register) -> Iterator[Hit]:
    """A change is decided by the two bodies that the campaign names. Notice A68: 经旗卫健委、旗安委会办公室同意."""
    for _ in unfounded(record, register):
        named = [name_of(body, register) for body in register.campaign.contact_bodies]
        yield Hit((), {"bodies": several(named) if named else phrase("none"), "org": name_of(record.org, register)})


@record_rule("E-MERGE-INTO", kinds=("determinations",))
def merging_and_transferring_say_where_to(record: Record, _: Register) -> Iterator[Hit]:
    """A hazard merged names the one that carries on, another than itself; one transferred says to whom."""
    for need in unmet(record, "E-MERGE-INTO"):
        yield Hit(
            (need.question,), {"found": phrase("missing", label=record.kind.label((need.field,)), name=need.field)}
        )
    if record.data["decision"] == "merged" and record.data.get("merged_into") == record.data["hazard"]:
        yield Hit(("merged_into",), {"found": phrase("itself")})


@record_rule("E-NO-CRITERIA", kinds=("determinations",))
def major_determinations_cite_a_clause(record: Record, register: Register) -> Iterator[Hit]:
    """A determination as major cites the clause it rests on, itself or in the hazard. 安全生产法 art. 118."""
    if record.data["decision"] == "major":
        hazard = register.hazard_of(record)
        if hazard and not record.data.get("criteria") and not hazard.data.get("criteria"):
            yield Hit(("decision",), {})


@record_rule("E-NO-EVIDENCE", kinds=("acceptances",))
def closures_show_evidence(record: Record, register: Register) -> Iterator[Hit]:
    """An acceptance that closes a hazard shows at least one picture or scan of what was done."""
    closes = record.data["result"] == "passed"
    if closes and not register.campaign.evidence_on_paper and not record.data.get("evidence"):
        yield Hit(("result",), {})
