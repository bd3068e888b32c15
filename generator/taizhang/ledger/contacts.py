"""Contacts in force (联系人): the first receipt, then the changes to which both named bodies have agreed.

Notice A66 and A68: 联系人一经报送不得随意变更，遇有特殊情况需要调整的，请提前1周提出申请并经旗卫健委、
旗安委会办公室同意。
Who the contacts are is sealed; the ledger only knows which record names them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import NamedTuple

from taizhang.campaign.roll import Roll
from taizhang.intake.records import Record


class Role(StrEnum):
    """The three rows of the receipt."""

    LEADER_IN_CHARGE = "leader_in_charge"
    SECTION_HEAD = "section_head"
    LIAISON = "liaison"

    @property
    def label(self) -> str:
        return {"leader_in_charge": "分管领导", "section_head": "科室负责人", "liaison": "联络员"}[self.value]


class ContactStatus(StrEnum):
    """How an organisation's contacts stand. While a change waits, the contacts before it stay in force."""

    FILED = "filed"
    MISSING = "missing"
    PENDING = "pending"

    @property
    def label(self) -> str:
        return {"filed": "已备案", "missing": "未备案", "pending": "变更待同意"}[self.value]

    @property
    def public_label(self) -> str:
        """All that the public is told: 已备案 or 未备案."""
        return (ContactStatus.MISSING if self is ContactStatus.MISSING else ContactStatus.FILED).label


class What(IntEnum):
    """What happens to a change. On one day it happens in this order, so that one may withdraw and decide anew."""

    RETRACTED = 1
    WITHDRAWN = 2
    AGREED = 3
    REFUSED = 4

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {What.RETRACTED: "撤回决定", What.WITHDRAWN: "撤回申请", What.AGREED: "同意", What.REFUSED: "不同意"}


class ContactEvent(NamedTuple):
    """One thing that happened to a change: a body decided or took its decision back, or the unit withdrew."""

    day: date
    what: What
    record: Record

    @property
    def is_decision(self) -> bool:
        return self.what in (What.AGREED, What.REFUSED)


class ContactFault(NamedTuple):
    """A word that came when it could not count, and is without effect: the rule and the field."""

    record: Record
    code: str
    field: str


@dataclass(frozen=True)
class ContactChange:
    """One change applied for, with everything that counted, oldest first, and what did not."""

    record: Record
    words: tuple[ContactEvent, ...]
    in_force_from: date | None
    """The day from which it holds: both have agreed and 拟生效日期 has come. None while that is open."""
    faults: tuple[ContactFault, ...]

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(role) for role in self.record.data["roles"])

    def is_in_force(self, day: date) -> bool:
        return self.in_force_from is not None and self.in_force_from <= day

    def is_pending(self, day: date) -> bool:
        """变更待同意: applied for by `day`, and neither in force, nor refused, nor withdrawn."""
        said = [w for w in self.words if w.day <= day]
        refused = any(w.what is What.REFUSED for w in _decisions(said).values())
        over = refused or any(w.what is What.WITHDRAWN for w in said)
        return self.record.filed_on <= day and not over and not self.is_in_force(day)


@dataclass(frozen=True)
class Contacts:
    """The contacts of one organisation: its receipt and every change it applied for, for good."""

    org: str
    receipt: Record | None
    changes: tuple[ContactChange, ...]

    def sources(self, day: date) -> Mapping[Role, Record]:
        """By role, the record that names who is in charge at the end of `day`."""
        found: dict[Role, Record] = {}
        if self.receipt and self.receipt.filed_on <= day and not _withdrawn_by(self.receipt, day):
            found = dict.fromkeys(Role, self.receipt)
        for change in self._in_force(day):
            found |= dict.fromkeys(change.roles, change.record)
        return {role: found[role] for role in Role if role in found}

    def _in_force(self, day: date) -> list[ContactChange]:
        changes = [change for change in self.changes if change.is_in_force(day)]
        return sorted(changes, key=lambda c: (c.in_force_from, c.record.filed_on, c.record.path))

    def status(self, day: date) -> ContactStatus:
        """How it stands at the end of `day`."""
        if set(self.sources(day)) != set(Role):
            return ContactStatus.MISSING
        pending = any(change.is_pending(day) for change in self.changes)
        return ContactStatus.PENDING if pending else ContactStatus.FILED

    @property
    def faults(self) -> tuple[ContactFault, ...]:
        return tuple(fault for change in self.changes for fault in change.faults)


def read_contacts(roll: Roll, bodies: Collection[str], records: Iterable[Record]) -> Mapping[str, Contacts]:
    """The contacts of every organisation of the roll; `bodies` are those that must agree to a change."""
    receipts: dict[str, Record] = {}
    applied: dict[str, list[Record]] = {}
    decided: dict[str, list[Record]] = {}
    for record in sorted(records, key=lambda r: (r.filed_on, r.path)):
        if record.kind.name == "contacts":
            receipts.setdefault(record.org, record)
        elif record.kind.name == "contact-changes":
            applied.setdefault(record.org, []).append(record)
        elif record.kind.name == "contact-decisions":
            decided.setdefault(record.data["change"], []).append(record)
    return {
        org.id: Contacts(
            org.id,
            receipts.get(org.id),
            tuple(_change(record, decided.get(record.ref, ()), bodies) for record in applied.get(org.id, ())),
        )
        for org in roll.organisations
    }


def _change(record: Record, decisions: Iterable[Record], bodies: Collection[str]) -> ContactChange:
    """Take everything said of a change in the order of the days; what could not count is set apart."""
    counted: list[ContactEvent] = []
    faults: list[ContactFault] = []
    for word in sorted(_words(record, decisions), key=lambda w: (w.day, w.what, w.record.path)):
        code = _refused(word, counted, _in_force_from(record, counted, bodies))
        if code is None:
            counted.append(word)
        elif not (word.is_decision and word.record.withdrawn):
            faults.append(ContactFault(word.record, code, "change" if word.is_decision else "withdrawn"))
    return ContactChange(record, tuple(counted), _in_force_from(record, counted, bodies), tuple(faults))


def _words(change: Record, decisions: Iterable[Record]) -> Iterator[ContactEvent]:
    if change.withdrawn:
        yield ContactEvent(_withdrawn_on(change), What.WITHDRAWN, change)
    for decision in decisions:
        decided = max(decision.filed_on, change.filed_on)
        if not _withdrawn_by(decision, decided):
            yield ContactEvent(
                decided, What.AGREED if decision.data["decision"] == "agreed" else What.REFUSED, decision
            )
            if decision.withdrawn:
                yield ContactEvent(_withdrawn_on(decision), What.RETRACTED, decision)


def _refused(word: ContactEvent, before: Iterable[ContactEvent], in_force_from: date | None) -> str | None:
    """The rule for which a word is without effect, or None where it counts."""
    if word.is_decision:
        return "E-CONTACT-TWICE" if word.record.org in _decisions(before) else None
    return "E-CONTACT-WITHDRAW" if in_force_from and in_force_from <= word.day else None


def _decisions(words: Iterable[ContactEvent]) -> Mapping[str, ContactEvent]:
    """By body, the decision that stands."""
    found: dict[str, ContactEvent] = {}
    for word in words:
        if word.is_decision:
            found[word.record.org] = word
        elif found.get(word.record.org, word).record is word.record:
            found.pop(word.record.org, None)
    return found


def _in_force_from(change: Record, words: Collection[ContactEvent], bodies: Collection[str]) -> date | None:
    agreed = {org: word.day for org, word in _decisions(words).items() if word.what is What.AGREED}
    if not bodies or set(agreed) != set(bodies) or any(word.what is What.WITHDRAWN for word in words):
        return None
    return max(change.day("effective_on"), change.filed_on, *agreed.values())


def _withdrawn_on(record: Record) -> date:
    return date.fromisoformat(record.data["withdrawn"]["dated"])


def _withdrawn_by(record: Record, day: date) -> bool:
    return record.withdrawn and _withdrawn_on(record) <= day
