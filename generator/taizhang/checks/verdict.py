"""From what could be read to what counts: the ledgers of all campaigns, and every finding."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from taizhang.campaign.calendar import WorkCalendar, read_calendar
from taizhang.campaign.campaign import read_campaign
from taizhang.campaign.criteria import Clause, read_criteria
from taizhang.campaign.roll import read_roll
from taizhang.checks import (
    bulletins,
    closed_loop,
    contacts,
    deadlines,
    duties,
    filing,
    personal,
    photos,
    registers,
    standing,
    supervision,
)
from taizhang.checks.registry import LEDGER_RULES, TIME_RULES, Register, broken_by, is_error, rules_fit
from taizhang.findings import Finding, Scope, finding
from taizhang.intake.kinds import Kind
from taizhang.intake.records import LIBRARIES, Intake, Record
from taizhang.ledger.hazards import Refusal
from taizhang.ledger.ledger import Ledger, open_ledger
from taizhang.ledger.receipts import receive

RULE_MODULES = (filing, personal, photos, bulletins, standing, supervision, contacts, duties, closed_loop, deadlines)
"""Importing a module registers its rules."""


@dataclass(frozen=True)
class Verdict:
    """The ledgers that stand, in the order of their campaigns' start (newest first), and all findings."""

    ledgers: tuple[Ledger, ...]
    findings: tuple[Finding, ...]

    @property
    def validity(self) -> tuple[Finding, ...]:
        """Findings about what was filed. They do not depend on the day."""
        return tuple(f for f in self.findings if f.scope is not Scope.TIME)

    @property
    def lateness(self) -> tuple[Finding, ...]:
        """Findings about deadlines, apart."""
        return tuple(f for f in self.findings if f.scope is Scope.TIME)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings for which a record was left out."""
        return tuple(f for f in self.findings if is_error(f))


def judge(intake: Intake, kinds: Mapping[str, Kind], at: date, *, with_lateness: bool = True) -> Verdict:
    """Hold every record against the rules; leave out the broken ones; fold the rest into ledgers at `at`.

    Lateness is a matter of whole ledgers: who asks about a part of the records leaves it out.
    """
    rules_fit(kinds)
    findings = set(intake.findings)
    calendar = read_calendar(_sound(intake.of("calendar"), findings))
    criteria = read_criteria(_sound(intake.of("criteria"), findings))
    ledgers = []
    for campaign in sorted({r.campaign for r in intake.records} - {"", *LIBRARIES}):
        records = [r for r in intake.records if r.campaign == campaign]
        ledger = _campaign(records, intake, kinds, calendar, criteria, at, findings)
        if ledger:
            ledgers.append(ledger)
            for rule in (*LEDGER_RULES, *(TIME_RULES if with_lateness else ())):
                findings.update(rule(ledger))
    ledgers.sort(key=lambda item: item.campaign.starts_on, reverse=True)
    return Verdict(tuple(ledgers), tuple(sorted(findings)))


def _sound(library: Iterable[Record], findings: set[Finding]) -> Iterator[Record]:
    """The files of a library that break no rule."""
    for record in library:
        broken = set(registers.broken_library(record))
        findings.update(broken)
        if not broken:
            yield record


def _campaign(
    records: list[Record],
    intake: Intake,
    kinds: Mapping[str, Kind],
    calendar: WorkCalendar,
    criteria: Mapping[str, Clause],
    at: date,
    findings: set[Finding],
) -> Ledger | None:
    """The ledger of one campaign, or None where `campaign.yml` or `roll.yml` is missing or broken."""
    name = records[0].campaign
    head = {r.kind.name: r for r in records if r.kind.place in ("campaign", "roll")}
    if len(head) < 2:
        # Who may speak and what is owed stand only there: better no ledger than one that guesses.
        missing = "、".join(f"{k}.yml" for k in ("campaign", "roll") if k not in head)
        findings.add(finding("E-NO-CAMPAIGN", f"submissions/{name}", missing=missing))
        return None
    broken = [
        *registers.broken_campaign(head["campaign"], kinds),
        *registers.broken_roll(head["roll"]),
        *contacts.broken_campaign(head["campaign"], head["roll"]),
    ]
    if not head["campaign"].data.get("demo"):
        broken += [*registers.unfilled(head["campaign"]), *registers.unfilled(head["roll"])]
        broken += contacts.borrowed_key(head["campaign"])
    findings.update(broken)
    if broken:
        return None
    register = Register(
        campaign=read_campaign(head["campaign"]),
        roll=read_roll(head["roll"]),
        calendar=calendar,
        criteria=criteria,
        records={(r.kind.name, r.ref): r for r in records if r.kind.place == "record"},
        files=intake.files,
        left_out=frozenset(_left_out(intake.findings, name)),
        unread=intake.unread,
    )
    accepted = receive(_accepted(register, findings))
    ledger = open_ledger(register.campaign, register.roll, calendar, criteria, accepted, at)
    return _excused(ledger, _gaps(register, accepted))


def _gaps(register: Register, accepted: Iterable[Record]) -> Mapping[str, Record]:
    """For each hazard that a left-out record speaks of, that record: the loop may seem broken for its lack."""
    counted = {(record.kind.name, record.ref) for record in accepted}
    missing = [record for key, record in register.records.items() if key not in counted]
    return {record.data["hazard"]: record for record in missing if "hazard" in record.data}


def _excused(ledger: Ledger, gaps: Mapping[str, Record]) -> Ledger:
    """The ledger with one cause named once: what a gap made illegal waits for the gap, and is no error itself."""
    cases = [
        replace(case, refusals=tuple(_waiting(refusal, gaps[case.ref]) for refusal in case.refusals))
        if case.ref in gaps
        else case
        for case in ledger.cases
    ]
    return replace(ledger, cases=tuple(cases))


def _waiting(refusal: Refusal, gap: Record) -> Refusal:
    return refusal._replace(code="W-DEPENDS", values={"ref": f"{gap.org}/{gap.kind.name}/{gap.name}"})


def _left_out(findings: Iterable[Finding], campaign: str) -> Iterable[tuple[str, str]]:
    """Kind and reference of files of this campaign that could not be read as records."""
    for item in findings:
        parts = item.file.removesuffix(".yml").split("/")
        if len(parts) == 5 and parts[1] == campaign:
            yield parts[3], f"{parts[2]}/{parts[4]}"


def _accepted(register: Register, findings: set[Finding]) -> list[Record]:
    """The records that break no rule. What depends on a broken one is left out with it, and said once."""
    standing = dict(register.records)
    pending: Collection[tuple[str, str]] = list(standing)
    while pending:
        # All of a round face the same register, so that the outcome does not hang on the order of the files. Each round
        # leaves some out or is the last.
        broken = set()
        for key in pending:
            found = [*broken_by(standing[key], register), *personal.personal_comments(standing[key])]
            findings.update(found)
            if any(is_error(f) or f.code == "W-DEPENDS" for f in found):
                broken.add(key)
        standing = {key: record for key, record in standing.items() if key not in broken}
        register = replace(register, records=standing, left_out=register.left_out | broken)
        # Only what refers to something just left out can change its verdict.
        pending = [
            key
            for key, record in standing.items()
            if broken and any((to, ref) in broken for _, to, ref in filing.references(record))
        ]
    return sorted(standing.values(), key=lambda r: r.path)
