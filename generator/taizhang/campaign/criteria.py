"""The criteria library: clauses by reference, each in force between two dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from taizhang.intake.records import Record


@dataclass(frozen=True)
class Clause:
    """One clause. `text_status` is full (checked), condensed, or unverified (待核对原文)."""

    ref: str
    number: str
    text: str
    text_status: str
    document: str
    effective_from: date
    effective_until: date | None

    def in_force(self, day: date) -> bool:
        """Whether the clause applied on `day`, both ends included."""
        return self.effective_from <= day and (self.effective_until is None or day <= self.effective_until)

    @property
    def label(self) -> str:
        """How a page cites it: the document's short title and the clause number."""
        return f"{self.document} {self.number}"


def read_criteria(records: Iterable[Record]) -> Mapping[str, Clause]:
    """Every clause of every criteria file, by `<file>/<clause>`."""
    clauses = {}
    for record in records:
        title = record.data.get("short_title", record.data["title"])
        for entry in record.data["clauses"]:
            ref = f"{record.name}/{entry['clause']}"
            clauses[ref] = Clause(
                ref=ref,
                number=entry["clause"],
                text=entry["text"],
                text_status=entry["text_status"],
                document=title,
                effective_from=record.day("effective_from"),
                effective_until=record.optional_day("effective_until"),
            )
    return clauses
