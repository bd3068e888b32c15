"""How a rule is written and found: decorate a generator function, and it runs."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from taizhang.campaign.calendar import WorkCalendar
from taizhang.campaign.campaign import Campaign
from taizhang.campaign.criteria import Clause
from taizhang.campaign.roll import Roll
from taizhang.findings import RULES, Finding, Severity
from taizhang.intake.records import Record
from taizhang.intake.schemas import FieldPath
from taizhang.ledger.ledger import Ledger


@dataclass(frozen=True)
class Register:
    """What a record is held against: its campaign, the roll, the criteria and every other record."""

    campaign: Campaign
    roll: Roll
    calendar: WorkCalendar
    criteria: Mapping[str, Clause]
    records: Mapping[tuple[str, str], Record]
    """By kind and reference."""
    files: frozenset[str]
    left_out: frozenset[tuple[str, str]]
    """Kind and reference of records that exist and were left out for an error of their own."""
    unread: Container[tuple[str, str]] = frozenset()
    """Kind and reference of records that exist and were not looked at."""

    @cached_property
    def by_org(self) -> Mapping[tuple[str, str], Sequence[Record]]:
        """By kind and organisation, in the order they were filed."""
        found: dict[tuple[str, str], list[Record]] = {}
        for record in sorted(self.records.values(), key=lambda r: (r.filed_on, r.path)):
            found.setdefault((record.kind.name, record.org), []).append(record)
        return found

    def find(self, kind: str, ref: str) -> Record | None:
        return self.records.get((kind, ref))

    def knows(self, kind: str, ref: str) -> bool:
        """Whether there is such a record, be it left out or not looked at."""
        return any((kind, ref) in known for known in (self.records, self.left_out, self.unread))

    def hazard_of(self, record: Record) -> Record | None:
        """The hazard that a record speaks of, directly or through the extension it decides."""
        if "extension" in record.data:
            extension = self.find("extensions", record.data["extension"])
            return self.hazard_of(extension) if extension else None
        ref = record.data.get("hazard")
        return self.find("hazards", ref) if ref else None


class Hit(NamedTuple):
    """A rule broken: the field, and the values of the rule's wording."""

    path: FieldPath
    values: Mapping[str, object]


RecordCheck = Callable[[Record, Register], Iterator[Hit]]
LedgerRule = Callable[[Ledger], Iterator[Finding]]


@dataclass(frozen=True)
class RecordRule:
    """A rule about one record. It is asked about records of its kinds; of every kind where it names none."""

    check: RecordCheck
    kinds: frozenset[str]

    def concerns(self, record: Record) -> bool:
        return not self.kinds or record.kind.name in self.kinds


RECORD_RULES: dict[str, RecordRule] = {}
LEDGER_RULES: list[LedgerRule] = []
TIME_RULES: list[LedgerRule] = []


def record_rule(code: str, *, kinds: Iterable[str] = ()) -> Callable[[RecordCheck], RecordCheck]:
    """Register a rule about one record and what it refers to. A record that breaks an error is left out."""

    def register(check: RecordCheck) -> RecordCheck:
        RECORD_RULES[code] = RecordRule(check, frozenset(kinds))
        return check

    return register


def rules_fit(kinds: Container[str]) -> None:
    """Raises LookupError for a rule about a kind that there is not. It would never be asked, and nobody would know."""
    for code, rule in RECORD_RULES.items():
        for kind in rule.kinds:
            if kind not in kinds:
                raise LookupError(f"{code} is about “{kind}”, which is no kind of record")


def ledger_rule(rule: LedgerRule) -> LedgerRule:
    """Register a rule about the folded ledger; what it speaks of is already without effect there."""
    LEDGER_RULES.append(rule)
    return rule


def time_rule(rule: LedgerRule) -> LedgerRule:
    """Register a rule about deadlines. Its findings never make a record invalid."""
    TIME_RULES.append(rule)
    return rule


def broken_by(record: Record, register: Register) -> Iterator[Finding]:
    """Every record rule that `record` breaks."""
    for code, rule in RECORD_RULES.items():
        for hit in rule.check(record, register) if rule.concerns(record) else ():
            yield record.finding(code, hit.path, **hit.values)


def is_error(finding: Finding) -> bool:
    """Whether a finding makes its record invalid."""
    return RULES[finding.code].severity is Severity.ERROR
