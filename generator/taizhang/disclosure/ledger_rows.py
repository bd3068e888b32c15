"""The rows of an exported ledger: what the public may see of each hazard and, within the office, what is internal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from taizhang.disclosure.hazards import HazardView, hazard_view
from taizhang.disclosure.projection import may_be_public
from taizhang.intake.records import Record
from taizhang.ledger.ledger import Ledger


class LedgerRow(NamedTuple):
    """One hazard. `internal` is empty in a public ledger; `pending` is a claim that nobody has determined yet."""

    view: HazardView
    pending: bool
    internal: Mapping[str, Any]


def ledger_rows(ledger: Ledger, org: str | None = None, *, internal: bool = False) -> tuple[LedgerRow, ...]:
    """The hazards of a unit, or of all, in the order of the roll and their numbers. Sealed fields are never in it."""
    order = {organisation.id: index for index, organisation in enumerate(ledger.roll.organisations)}
    hazards = ledger.hazards_of(org) if org else ledger.hazards
    shown = [hazard for hazard in hazards if internal or may_be_public(hazard)]
    shown.sort(key=lambda hazard: (order.get(hazard.unit, len(order)), hazard.ref))
    return tuple(
        LedgerRow(hazard_view(ledger, h), h.is_pending, _internal_fields(h.case.record) if internal else {})
        for h in shown
    )


def _internal_fields(record: Record) -> Mapping[str, Any]:
    """The fields that the schema marks internal, by allow-list: a sealed one is not among them."""
    return {
        name: record.data.get(name)
        for name, schema in record.kind.schema["properties"].items()
        if schema["x-visibility"] == "internal"
    }
