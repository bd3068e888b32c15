"""Rules about a change to main: whose it is, what may never be altered, what may never go.

They hold a proposal against the base it would be merged into. What a merged file means is judged by the other rules,
on the merged tree.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from taizhang.campaign.roll import Roll, Tier
from taizhang.checks.differences import changed_fields, shown
from taizhang.findings import Finding, Phrase, finding, phrase, several
from taizhang.history import Change
from taizhang.intake.records import LIBRARIES, Record, printable
from taizhang.intake.schemas import FieldPath
from taizhang.ledger.closed_loop import Level
from taizhang.ledger.exposures import Stage

LARGEST_PROPOSAL = 20 * 1024 * 1024
"""Bytes of all new files of one proposal together."""

NAMED_PATHS = 20
"""Findings of one rule about paths; more of the same tells nobody anything new."""

Rolls = Mapping[str, Roll]
"""The roll of each campaign as it stands in the base: nobody can make himself a submitter."""


@dataclass(frozen=True)
class Edit:
    """A path that a proposal changes, with the record it held and the one it would hold, where they can be read."""

    change: Change
    before: Record | None
    after: Record | None

    @property
    def path(self) -> str:
        return self.change.path

    @property
    def folder(self) -> tuple[str, str]:
        """Campaign and organisation that the path belongs to; empty texts where it belongs to none."""
        parts = self.path.split("/")
        if len(parts) < 3 or parts[1] in LIBRARIES:
            return "", ""
        return parts[1], parts[2] if len(parts) > 3 else ""


def broken_change(
    edits: Sequence[Edit],
    rolls: Rolls,
    paths: Iterable[str],
    actor: str | None,
    determined: Container[str] = frozenset(),
) -> tuple[Finding, ...]:
    """Everything that is wrong with a change as a change.

    `paths` are all paths of the merged tree; `actor` is the login that the forge vouches for, None where nobody does;
    `determined` are the paths of the hazards that a superior has determined in the base.
    """
    submitted = [edit for edit in edits if is_submission(edit.path)]
    if not submitted:
        return ()
    found = [*_beside(edits), *_too_much(submitted), *_twins(submitted, paths)]
    found += _owners(submitted, rolls, actor) if actor else [*_one_folder(submitted), *_unvouched(submitted, rolls)]
    for edit in submitted:
        found += _kept(edit, edit.path in determined)
        found += _approvals(edit, rolls, actor)
    return tuple(sorted(set(found)))


def is_submission(path: str) -> bool:
    """Whether a path is a filing, and not the program, a schema or a page."""
    return path.startswith("submissions/")


def organisations_of(actor: str, rolls: Rolls) -> frozenset[tuple[str, str]]:
    """Campaign and organisation of every folder that a login may file in. Forges ignore case in logins; so do we."""
    return frozenset(
        (campaign, org.id)
        for campaign, roll in rolls.items()
        for org in roll.organisations
        if actor.casefold() in {login.casefold() for login in org.submitters}
    )


def _beside(edits: Sequence[Edit]) -> Iterator[Finding]:
    """E-SCOPE. A proposal with filings touches nothing else: no program, no schema, no workflow."""
    others = [edit.path for edit in edits if not is_submission(edit.path)]
    for path in others[:NAMED_PATHS]:
        yield finding("E-SCOPE", printable(path), path=printable(path))


def _too_much(edits: Sequence[Edit]) -> Iterator[Finding]:
    """E-MUCH. All new files together stay within what a server can take on the evening of a deadline."""
    size = sum(edit.change.new.size for edit in edits if edit.change.new)
    if size > LARGEST_PROPOSAL:
        yield finding("E-MUCH", "submissions", limit=LARGEST_PROPOSAL // 2**20, size=-(-size // 2**20))


def _twins(edits: Sequence[Edit], paths: Iterable[str]) -> Iterator[Finding]:
    """E-TWIN. No two paths differ only in case or in the form of a letter: Windows would lose one of them."""
    counts = Counter(_folded(path) for path in paths)
    for edit in edits:
        if edit.change.new and counts[_folded(edit.path)] > 1:
            yield finding("E-TWIN", printable(edit.path), name=printable(edit.path.rpartition("/")[2]))


def _folded(path: str) -> str:
    return unicodedata.normalize("NFKC", path).casefold()


def _one_folder(edits: Sequence[Edit]) -> Iterator[Finding]:
    """E-ONE-ORG. Where nobody vouches for a login, a proposal still speaks for one organisation only."""
    folders = sorted({edit.folder for edit in edits})
    if len(folders) > 1 and not all(org == "" for _, org in folders):
        names = several("/".join(part for part in folder if part) or phrase("shared") for folder in folders[:5])
        yield finding("E-ONE-ORG", "submissions", folders=names)


def _unvouched(edits: Sequence[Edit], rolls: Rolls) -> Iterator[Finding]:
    """E-NO-ACTOR, W-NO-ACTOR. Where nobody vouches for a login, nothing passes that rests on one, and it is said."""
    resting = [edit for edit in edits if rolls and (not edit.folder[1] or any(_new_approvals(edit)))]
    for edit in resting[:NAMED_PATHS]:
        yield finding("E-NO-ACTOR", printable(edit.path))
    if not resting:
        yield finding("W-NO-ACTOR", "submissions")


def _owners(edits: Sequence[Edit], rolls: Rolls, actor: str) -> Iterator[Finding]:
    """E-ACTOR, E-OWNER, E-REGISTER. A login files in the folder of its own organisation and nowhere else.

    Registers and libraries are the office's; a repository without any campaign yet is open to whoever sets it up.
    """
    own = organisations_of(actor, rolls)
    if not own and rolls:
        yield finding("E-ACTOR", "submissions/…/roll.yml", actor=actor)
        return
    offices = {campaign for campaign, org in own if rolls[campaign].by_id[org].tier is Tier.OFFICE}
    for edit in edits:
        campaign, org = edit.folder
        if not org:
            is_office = campaign in offices if campaign in rolls else bool(offices)
            if rolls and not is_office:
                yield finding("E-REGISTER", printable(edit.path), actor=actor)
        elif rolls and (campaign, org) not in own and not _is_own_approval(edit, own):
            mine = "、".join(sorted(f"{c}/{o}" for c, o in own))
            yield finding("E-OWNER", printable(edit.path), org=org, actor=actor, mine=mine)


def _kept(edit: Edit, is_determined: bool) -> Iterator[Finding]:
    """What an entry of the ledger keeps once it is merged: its file, its frozen fields, its steps, its withdrawal."""
    if edit.change.old is None:
        return
    if edit.change.new is None:
        yield finding("E-DELETE", printable(edit.path))
    elif "/files/" in edit.path and edit.change.old.ident != edit.change.new.ident:
        yield finding("E-FILE-KEPT", printable(edit.path))
    elif edit.before and edit.after:
        for rule in (_frozen_fields, _fixed_kinds, _grown_lists, _public_words, _withdrawal, _roll_entries):
            yield from rule(edit.before, edit.after)
        yield from (_determined if is_determined else _lowered)(edit.before, edit.after)


def _frozen_fields(before: Record, after: Record) -> Iterator[Finding]:
    """E-FROZEN. A frozen field stays as it was merged; what has changed since is said by a record of its own."""
    for name in after.kind.frozen:
        if before.data.get(name) != after.data.get(name):
            values = {"old": shown(before, (name,)), "new": shown(after, (name,)), "advice": _advice(after, name)}
            yield after.finding("E-FROZEN", (name,), field=after.kind.label((name,)), **values)


def _advice(record: Record, name: str) -> Phrase:
    """Which record says what a frozen field must not. Notice A18: a deadline moves by an approved extension only."""
    return phrase("extend" if (record.kind.name, name) == ("hazards", "deadline") else "withdraw")


def _fixed_kinds(before: Record, after: Record) -> Iterator[Finding]:
    """E-FINAL. A decision is not corrected but withdrawn, and taken anew; what was issued is revised."""
    if after.kind.correctable and after.kind.final_once not in before.data:
        return
    for name in changed_fields(before, after):
        if name != "withdrawn" and name not in after.kind.frozen:
            yield after.finding("E-FINAL", (name,), kind=after.kind.title, field=after.kind.label((name,)))


def _grown_lists(before: Record, after: Record) -> Iterator[Finding]:
    """E-APPEND. In a list of dated steps, what was merged stays, and new steps come after it."""
    for name in after.kind.append_only:
        old, new = before.data.get(name, []), after.data.get(name, [])
        if new[: len(old)] != old:
            first = next((i for i, item in enumerate(old) if i >= len(new) or new[i] != item), 0)
            yield after.finding("E-APPEND", (name, first), field=after.kind.label((name,)), number=first + 1)


def _determined(before: Record, after: Record) -> Iterator[Finding]:
    """E-DETERMINED. What a superior read when it determined a hazard stays as it was read."""
    for name in after.kind.frozen_once_determined:
        if before.data.get(name) != after.data.get(name):
            values = {"old": shown(before, (name,)), "new": shown(after, (name,))}
            yield after.finding("E-DETERMINED", (name,), field=after.kind.label((name,)), **values)


def _lowered(before: Record, after: Record) -> Iterator[Finding]:
    """E-LOWERED. What a unit claims as major is taken down by a superior only."""
    levels = [record.data.get("claimed_level") for record in (before, after)]
    if levels == [Level.MAJOR, Level.GENERAL]:
        yield after.finding("E-LOWERED", ("claimed_level",))


def _public_words(before: Record, after: Record) -> Iterator[Finding]:
    """E-CORRECT-OPENLY. Published words change in public: a step says what was corrected into what.

    The step quotes, so what it says was there must be in the old text, and what it says is there now in the new one.
    """
    names = [name for name in after.kind.corrected_openly if before.data.get(name) != after.data.get(name)]
    known = before.data.get("steps", [])
    if not names or all(step["step"] != Stage.PUBLISHED for step in known):
        return
    corrections = [step for step in after.data["steps"][len(known) :] if step["step"] == Stage.CORRECTED]
    for name in names:
        old, new = before.data.get(name), after.data.get(name)
        quoted = any(_quotes(step, old, new) for step in corrections)
        if not quoted:
            found = phrase("other" if corrections else "silent")
            yield after.finding("E-CORRECT-OPENLY", (name,), field=after.kind.label((name,)), found=found)


def _quotes(step: Mapping[str, Any], old: object, new: object) -> bool:
    """Whether a correction quotes a text as it was and as it is; what is no text can only be described."""
    pairs = ((step.get("before"), old), (step.get("after"), new))
    return all(not isinstance(text, str) or bool(quote and quote in text) for quote, text in pairs)


def _withdrawal(before: Record, after: Record) -> Iterator[Finding]:
    """E-WITHDRAWN-KEPT. A withdrawal stands; what is filed after all is filed anew."""
    if before.withdrawn and before.data["withdrawn"] != after.data.get("withdrawn"):
        yield after.finding("E-WITHDRAWN-KEPT", ("withdrawn",))


def _roll_entries(before: Record, after: Record) -> Iterator[Finding]:
    """E-ROLL-KEPT. An organisation that leaves gets a day of leaving; its entry and its records stay."""
    if after.kind.name != "roll":
        return
    still = {entry["id"] for entry in after.data["organisations"]}
    for entry in before.data["organisations"]:
        if entry["id"] not in still:
            yield after.finding("E-ROLL-KEPT", ("organisations",), org=entry["id"])


def _approvals(edit: Edit, rolls: Rolls, actor: str | None) -> Iterator[Finding]:
    """E-APPROVER. Who approves says so with a login of its own: a name in somebody else's file proves nothing."""
    if not actor or not edit.after:
        return
    own = organisations_of(actor, rolls)
    for place, step in _new_approvals(edit):
        campaign = edit.folder[0]
        if campaign in rolls and (campaign, step.get("by", "")) not in own:
            yield edit.after.finding("E-APPROVER", place, org=step.get("by", ""), actor=actor)


def _is_own_approval(edit: Edit, own: frozenset[tuple[str, str]]) -> bool:
    """Whether an edit of another's record does nothing but add steps of one's own."""
    if not edit.before or not edit.after:
        return False
    lists = edit.after.kind.append_only
    steps = [step for _, step in _new_steps(edit)]
    return (
        bool(steps)
        and set(changed_fields(edit.before, edit.after)) <= set(lists)
        and all((edit.folder[0], step.get("by", "")) in own for step in steps)
    )


def _new_steps(edit: Edit) -> Iterator[tuple[FieldPath, Mapping[str, Any]]]:
    if edit.after:
        for name in edit.after.kind.append_only:
            known = len(edit.before.data.get(name, [])) if edit.before else 0
            for number, step in enumerate(edit.after.data.get(name, [])[known:], start=known):
                yield (name, number), step


def _new_approvals(edit: Edit) -> Iterator[tuple[FieldPath, Mapping[str, Any]]]:
    return ((place, step) for place, step in _new_steps(edit) if step.get("step") == "approved")
