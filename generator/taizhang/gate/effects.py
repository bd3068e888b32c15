"""What a proposal does to the ledger: hazards that move, filings that count, corrections, and what was refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from taizhang.checks.change import Edit, is_submission
from taizhang.checks.differences import changed_fields, differences, shown
from taizhang.findings import Finding, Severity
from taizhang.intake.records import Record, printable
from taizhang.ledger.duties import Return
from taizhang.ledger.exposures import Exposure
from taizhang.ledger.hazards import Hazard
from taizhang.ledger.ledger import Ledger

EVERYBODY = "各单位"
"""Of whom a change of a register is told."""


class EffectKind(StrEnum):
    """Which sentence tells an effect; the sentences are in gate/sentences.yml."""

    REGISTERED = "registered"
    STATE = "state"
    LEVEL = "level"
    DEADLINE = "deadline"
    DUE = "due"
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
            found += [*_hazards(old, ledger), *_returns(old, ledger, edits), *_exposures(old, ledger)]
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


def _returns(old: Ledger, new: Ledger, edits: Sequence[Edit]) -> Iterator[Effect]:
    """What is owed and now stands otherwise: one by one where a filing says so, in sum where a register does."""
    registers = [edit.path for edit in edits if edit.folder == (new.campaign.id, "")]
    was = {_occurrence(item): item for item in old.returns}
    moved: dict[str, list[tuple[date, date]]] = {}
    restated: Counter[tuple[str, str, str]] = Counter()
    for item in new.returns:
        before = was.get(_occurrence(item))
        if before is None:
            continue
        title, states = item.obligation.duty.title, (before.status(old.at).label, item.status(new.at).label)
        if before.obligation.due != item.obligation.due:
            moved.setdefault(title, []).append((before.obligation.due, item.obligation.due))
        if before.status(old.at) is item.status(new.at):
            continue
        if item.record and before.record is not item.record:
            yield Effect(EffectKind.RETURN, item.org.short_name, item.obligation.label, *states, item.record.path)
        else:
            restated[title, *states] += 1
    for path in registers[:1]:
        for title, days in moved.items():
            dues = tuple("、".join(sorted({due.isoformat() for due in side})[:3]) for side in zip(*days, strict=True))
            yield Effect(EffectKind.DUE, EVERYBODY, f"{title}，{len(days)} 件", dues[0], dues[1], path)
        for (title, before_state, state), count in restated.items():
            yield Effect(EffectKind.RETURN, EVERYBODY, f"{title}，{count} 件", before_state, state, path)


def _occurrence(item: Return) -> tuple[str, str, str]:
    """What is owed, whichever day it is due: by whom, which duty, of which period."""
    period = item.obligation.period
    return item.org.id, item.obligation.duty.id, period.key if period else ""


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
    """What is corrected, field by field; in a register, which steers everybody's filings, item by item."""
    if accepted and after.withdrawn and not before.withdrawn:
        yield Effect(EffectKind.WITHDRAWN, org, _title(after), "", "", after.path)
    names = [name for name in changed_fields(before, after) if name != "withdrawn" or not accepted]
    fields = [(after.kind.label((name,)), shown(before, (name,)), shown(after, (name,))) for name in names]
    what = EffectKind.CORRECTED if accepted else EffectKind.REFUSED
    for label, was, now in fields if after.kind.place == "record" else differences(before, after):
        yield Effect(what, org, f"{_title(after)}的“{label}”", was, now, after.path)


def _title(record: Record) -> str:
    return f"{record.kind.title} {record.name}" if record.kind.place == "record" else record.kind.title
