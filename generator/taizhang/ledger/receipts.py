"""Receipts: evidence that a filing arrived before it landed, on paper, by mail or in a pull request merged late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from taizhang.intake.records import Record


def receive(records: Iterable[Record]) -> list[Record]:
    """The records with the day they count as filed moved to the arrival that a receipt shows. Notice A64."""
    known = list(records)
    arrived = {
        (r.data["record_kind"], r.data["record"]): r.day("arrived_on")
        for r in known
        if r.kind.name == "receipts" and not r.withdrawn
    }
    return [
        replace(record, filed_on=min(record.filed_on, arrived.get((record.kind.name, record.ref), record.filed_on)))
        for record in known
    ]
