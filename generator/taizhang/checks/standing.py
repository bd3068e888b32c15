"""Rules about standing: who may say what about whose hazard, and what a decision must rest on."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.checks.filing import may_file, name_of
from taizhang.checks.registry import Hit, Register, record_rule
from taizhang.intake.records import Record
from taizhang.ledger.closed_loop import WHO, Standing
from taizhang.ledger.hazards import unit_of
from taizhang.ledger.statements import Message, messages_in


@record_rule("E-ABOVE", kinds=("hazards", "extension-decisions", "determinations", "acceptances"))
def decisions_come_from_above(record: Record, register: Register) -> Iterator[Hit]:
    """A decision about a unit counts only from an organisation above that unit in the roll."""
    if not may_file(record, register):
        return
    for unit in _decided_units(record, register):
        if unit in register.roll and record.org not in register.roll.above(unit):
            name = register.roll.by_id[unit].name
            yield Hit((), {"kind": record.kind.title, "unit": name, "org": name_of(record.org, register)})
            return


def _decided_units(record: Record, register: Register) -> Iterator[str]:
    """The units that a record decides about, its own folder excepted where a unit may speak for itself."""
    if record.kind.name == "hazards" and unit_of(record) != record.org:
        yield unit_of(record)
    if record.kind.name == "extension-decisions":
        hazard = register.hazard_of(record)
        yield from [unit_of(hazard)] if hazard else []
    if record.kind.name in ("determinations", "acceptances"):
        for unit, message in _spoken_of(record, register):
            if WHO[message.event] is Standing.ABOVE or unit != record.org:
                yield unit


@record_rule("E-LOOK-BACK", kinds=("inspections",))
def look_backs_are_ones_own_or_from_above(record: Record, register: Register) -> Iterator[Hit]:
    """A look-back speaks of a hazard of one's own or of an organisation below."""
    if not may_file(record, register):
        return
    for unit, message in _spoken_of(record, register):
        if record.org not in (unit, *register.roll.above(unit)):
            index = message.field[1]
            yield Hit(("look_back", index, "hazard"), {"hazard": record.data["look_back"][index]["hazard"]})


@record_rule("E-OWN")
def units_speak_of_their_own_hazards(record: Record, register: Register) -> Iterator[Hit]:
    """Progress and applications for extension come from the unit whose hazard it is."""
    if not may_file(record, register):
        return
    owners = [unit for unit, message in _spoken_of(record, register) if WHO[message.event] is Standing.UNIT]
    hazard = register.hazard_of(record) if record.kind.name == "extensions" else None
    owners += [unit_of(hazard)] if hazard else []
    if owners and owners[0] != record.org:
        yield Hit(("hazard",), {"kind": record.kind.title, "unit": name_of(owners[0], register)})


def _spoken_of(record: Record, register: Register) -> Iterator[tuple[str, Message]]:
    """The units whose hazards a record speaks of, with what it says of each."""
    for ref, message in messages_in(record):
        hazard = register.find("hazards", ref)
        if hazard:
            yield unit_of(hazard), message


@record_rule("E-MERGE-INTO", kinds=("determinations",))
def merging_and_transferring_say_where_to(record: Record, _: Register) -> Iterator[Hit]:
    """A hazard merged names the one that carries on, another than itself; one transferred says to whom."""
    decision = record.data["decision"]
    needed = {"merged": "merged_into", "transferred": "transferred_to"}.get(decision)
    if needed and needed not in record.data:
        yield Hit(("decision",), {"found": f"没有填「{record.kind.label((needed,))}」（{needed}）"})
    elif decision == "merged" and record.data["merged_into"] == record.data["hazard"]:
        yield Hit(("merged_into",), {"found": "写的就是它自己"})


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
