"""What a proposal does to the ledger: hazards that move, filings that count, corrections, and what was refused."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from taizhang.checks.change import Edit, changed_fields, is_submission, shown
from taizhang.findings import Finding, Severity
from taizhang.intake.records import Record, printable
from taizhang.ledger.exposures import Exposure
from taizhang.ledger.hazards import Hazard
from taizhang.ledger.ledger import Ledger


class EffectKind(StrEnum):
    """Which sentence tells an effect; the sentences are in gate/sentences.yml."""

    REGISTERED = "registered"
    STATE = "state"
    LEVEL = "level"
    DEADLINE = "deadline"
    RETURN = "return"
    EXPOSURE = "exposure"
    FILED = "filed"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    ATTACHED = "attached"
    REFUSED = "refused"


@dataclass(frozen=True, order=True)
class Effect:
    """One thing that changes: of whom, about what, from what to what, in words fit to be read by anybody.

    `before` and `after` are empty where there is no such state. Values of fields that are not public never stand here.
    """

    what: EffectKind
    org: str
    subject: str
    before: str
    after: str
    path: str


def effects(
    before: Sequence[Ledger], after: Sequence[Ledger], edits: Sequence[Edit], findings: Collection[Finding]
) -> tuple[Effect, ...]:
    """Every effect, first on hazards, then on duties, exposures and single records.

    A proposal that is refused does nothing to the ledger; what is told of it is what it tried.
    """
    found: list[Effect] = []
    known = {ledger.campaign.id: ledger for ledger in before}
    refused = {f.file for f in findings if f.severity is Severity.ERROR}
    for ledger in after if not refused else ():
        old = known.get(ledger.campaign.id)
        if old:
            found += [*_hazards(old, ledger), *_returns(old, ledger), *_exposures(old, ledger)]
    names = {(ledger.campaign.id, org.id): org.short_name for ledger in after for org in ledger.roll.organisations}
    registered = {effect.path for effect in found if effect.what in (EffectKind.REGISTERED, EffectKind.RETURN)}
    for edit in edits:
        if is_submission(edit.path):
            found += _record(edit, names.get(edit.folder, edit.folder[1]), edit.path in registered, refused)
    return tuple(found)


def _hazards(old: Ledger, new: Ledger) -> Iterator[Effect]:
    for hazard in new.hazards:
        was, org = old.hazard_by_ref.get(hazard.ref), new.organisation(hazard.unit).short_name
        subject, path = hazard.ref, hazard.case.record.path
        if was is None:
            yield Effect(EffectKind.REGISTERED, org, subject, "", f"{hazard.level.label}，{hazard.state.label}", path)
            continue
        if was.state is not hazard.state:
            yield Effect(EffectKind.STATE, org, subject, was.state.label, hazard.state.label, path)
        if was.level is not hazard.level:
            yield Effect(EffectKind.LEVEL, org, subject, was.level.label, hazard.level.label, path)
        if was.deadline != hazard.deadline and _deadline_kept(was, hazard):
            yield Effect(EffectKind.DEADLINE, org, subject, _day(was.deadline), _day(hazard.deadline), path)


def _deadline_kept(was: Hazard, now: Hazard) -> bool:
    """Whether the deadline first filed stayed, so that a new one is an extension and no edit."""
    return was.case.original_deadline == now.case.original_deadline


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _returns(old: Ledger, new: Ledger) -> Iterator[Effect]:
    was = {(r.org.id, r.obligation.duty.id, r.obligation.due): r for r in old.returns}
    for item in new.returns:
        before = was.get((item.org.id, item.obligation.duty.id, item.obligation.due))
        if item.record and before and before.status(old.at) is not item.status(new.at):
            states = (before.status(old.at).label, item.status(new.at).label)
            yield Effect(EffectKind.RETURN, item.org.short_name, item.obligation.label, *states, item.record.path)


def _exposures(old: Ledger, new: Ledger) -> Iterator[Effect]:
    was = {exposure.record.ref: exposure for exposure in old.exposures}
    for exposure in new.exposures:
        before = was.get(exposure.record.ref)
        if _stage(before, old) != _stage(exposure, new):
            org = new.organisation(exposure.unit).short_name
            states = (_stage(before, old), _stage(exposure, new))
            yield Effect(EffectKind.EXPOSURE, org, exposure.record.ref, *states, exposure.record.path)


def _stage(exposure: Exposure | None, ledger: Ledger) -> str:
    stage = exposure.stage(ledger.at) if exposure else None
    return stage.label if stage else ""


def _record(edit: Edit, org: str, is_told: bool, refused: Collection[str]) -> Iterator[Effect]:
    """What happens to one file: filed, corrected, withdrawn, attached; or refused, where something is wrong with it."""
    path, before, after = printable(edit.path), edit.before, edit.after
    accepted = path not in refused
    if before and after:
        yield from _corrections(org, before, after, accepted)
    elif after and accepted and not is_told:
        yield Effect(EffectKind.FILED, org, _title(after), "", "", path)
    elif "/files/" in edit.path and edit.change.old is None and accepted:
        yield Effect(EffectKind.ATTACHED, org, path.rpartition("/")[2], "", "", path)
    elif not accepted:
        record = after or before
        yield Effect(EffectKind.REFUSED, org, _title(record) if record else path, "", "", path)


def _corrections(org: str, before: Record, after: Record, accepted: bool) -> Iterator[Effect]:
    for name in changed_fields(before, after):
        if name == "withdrawn" and accepted:
            yield Effect(EffectKind.WITHDRAWN, org, _title(after), "", "", after.path)
            continue
        what = EffectKind.CORRECTED if accepted else EffectKind.REFUSED
        subject = f"{_title(after)}的“{after.kind.label((name,))}”"
        yield Effect(what, org, subject, shown(before, name), shown(after, name), after.path)


def _title(record: Record) -> str:
    return f"{record.kind.title} {record.name}" if record.kind.place == "record" else record.kind.title
