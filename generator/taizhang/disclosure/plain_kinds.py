"""The default view of a kind: its records on the page of the unit that filed them, field by field under their titles.

It needs no code for the kind: what is shown, and under what names, stands in the schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from taizhang.disclosure.hazards import HazardView
from taizhang.disclosure.labelled import LabelledField, labelled
from taizhang.intake.kinds import Kind
from taizhang.intake.records import Record
from taizhang.ledger.ledger import Ledger

TOLD_OTHERWISE = frozenset(
    {
        *("hazards", "determinations", "rectifications", "extensions", "extension-decisions", "acceptances"),
        *("orders", "visits", "exposures", "replies", "tips", "lessons", "practices", "accidents", "resources"),
        *("reports", "activities", "inspections", "weekly", "monthly", "bulletins", "receipts"),
        *("contacts", "contact-changes", "contact-decisions"),
    }
)
"""The kinds of which the program itself makes what the public sees, or does not see one by one.

It stands here and not in the schemas: an office may bring schemas of its own, and an old or an odd one must not open
what the ledger keeps closed, such as a hazard that nobody has determined as major.
"""


class PlainRecord(NamedTuple):
    """One record as its schema shows it. `number` is empty where numbers of the kind are not public."""

    number: str
    day: date
    fields: tuple[LabelledField, ...]


class PlainKind(NamedTuple):
    """The records of one kind that an organisation filed, the newest first."""

    kind: str
    title: str
    records: tuple[PlainRecord, ...]

    @property
    def anchor(self) -> str:
        """Where on its unit's page it stands."""
        return f"kind-{self.kind}"

    @property
    def heading(self) -> tuple[str, str]:
        """Its place and its title, for the page's list of what it holds."""
        return self.anchor, self.title


class PlainKinds:
    """Shows what has no view of its own, by what all organisations share."""

    def __init__(self, ledger: Ledger, kinds: Mapping[str, Kind], hazards: Mapping[str, HazardView]) -> None:
        self.ledger, self.kinds, self.hazards = ledger, kinds, hazards
        self.shown = tuple(kind for kind in kinds.values() if _is_listed(kind))

    def of(self, org: str) -> Iterator[PlainKind]:
        """What an organisation filed by the ledger's date and did not withdraw, kind by kind."""
        for kind in self.shown:
            records = sorted(self.ledger.filed(kind.name, org), key=attrgetter("filed_on", "path"), reverse=True)
            if records:
                yield PlainKind(kind.name, kind.title, tuple(map(self._record, records)))

    def _record(self, record: Record) -> PlainRecord:
        number = record.name if record.kind.numbers_are_public else ""
        return PlainRecord(number, record.filed_on, tuple(labelled(record, {"public"}, self._name_of)))

    def _name_of(self, to: str, ref: str) -> str:
        """What a record names, as far as the public knows it; a number may betray what is under way."""
        match to:
            case "organisation":
                return self.ledger.organisation(ref).name
            case "clause":
                return self.ledger.criteria[ref].label
            case "hazards":
                return str(self.hazards[ref].fields["title"]) if ref in self.hazards else ""
            case _:
                return ref if self.kinds[to].numbers_are_public else ""


def _is_listed(kind: Kind) -> bool:
    """Whether records of a kind are shown one by one, by default: never where nobody may be recognised by them."""
    if kind.place != "record" or kind.name in TOLD_OTHERWISE or kind.names_nobody:
        return False
    told = [name for name in kind.schema["properties"] if kind.visibility((name,)) == "public"]
    return bool({*told} - {"filed_on", "withdrawn"}) and "filed_on" in told
