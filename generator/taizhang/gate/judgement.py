"""A proposal judged on the tree it would make: what is wrong with it, and what it does to the ledger."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from taizhang.campaign.roll import read_roll
from taizhang.checks.change import Edit, broken_change, is_submission
from taizhang.checks.verdict import Verdict, judge
from taizhang.findings import Finding, Severity, finding
from taizhang.gate.effects import Effect, effects
from taizhang.gate.selection import Selection, Unread, folders, is_register, mentions, selections, selects
from taizhang.history import Change, Proposal, Repository, TreeSource, propose, read_history
from taizhang.history.proposal import LARGEST_OBJECT, MOST_CHANGES
from taizhang.history.trees import REGULAR
from taizhang.intake.attachments import dimensions
from taizhang.intake.kinds import Kind
from taizhang.intake.records import Intake, Record, is_attachment, printable, read_files, timed
from taizhang.photos.decoding import PhotoDecoder, image_findings

MOST_PIXELS_TOGETHER = 400_000_000
"""Pixels of all new photos of one proposal together: thirty of a phone."""
SECONDS_TOGETHER = 60
"""Of processor time for decoding them."""

Kinds = Mapping[str, Kind]


@dataclass(frozen=True)
class Judgement:
    """What the gate says of a proposal. Lateness is among the effects and never among the findings."""

    proposal: Proposal
    actor: str | None
    findings: tuple[Finding, ...]
    effects: tuple[Effect, ...]

    @property
    def passed(self) -> bool:
        return not any(f.severity is Severity.ERROR for f in self.findings)

    @property
    def has_filings(self) -> bool:
        """Whether it files anything; a change of the program alone is for other reviewers."""
        return any(is_submission(change.path) for change in self.proposal.changes)


class Sides(NamedTuple):
    """The submissions before and after, as far as they bear on the proposal."""

    before: Intake
    after: Intake


def judge_proposal(
    repository: Repository,
    base: str,
    head: str,
    kinds: Kinds,
    today: date,
    actor: str | None = None,
    *,
    now: date = date.max,
) -> Judgement:
    """Judge what merging `head` into `base` on `today` would do, by the rules and the roll of `base`.

    `actor` is the login that the forge vouches for; no entry of main is believed to be later than `now`, the day by the
    clock. Raises history.HistoryError where the commits cannot be read.
    """
    proposal = propose(repository, base, head)
    broken = tuple(_unreadable(proposal))
    if broken or not any(is_submission(change.path) for change in proposal.changes):
        return Judgement(proposal, actor, broken, ())
    judging = _Judging(repository, proposal, kinds, today, now, actor)
    part = judging.selections()
    judgement = judging.judge(part)
    if part is not None and not judgement.passed:
        # A refusal rests on everything there is, never on a part of it.
        judgement = judging.judge(None)
    return judgement


def _unreadable(proposal: Proposal) -> Iterable[Finding]:
    """E-HUGE, E-CONFLICT, E-MANY: why nothing more of a proposal is read."""
    if proposal.largest > LARGEST_OBJECT:
        size = -(-proposal.largest // 2**20)
        yield finding("E-HUGE", "submissions", limit=LARGEST_OBJECT // 2**20, size=size)
    for path in proposal.conflicts:
        yield finding("E-CONFLICT", printable(path))
    if proposal.tree is not None and not proposal.is_complete:
        yield finding("E-MANY", "submissions", limit=MOST_CHANGES)


Part = Mapping[str, Selection] | None
"""What of the base is read: the selection of each campaign, or everything."""


@dataclass(frozen=True)
class _Judging:
    """Everything that a proposal is judged with."""

    repository: Repository
    proposal: Proposal
    kinds: Kinds
    today: date
    now: date
    actor: str | None

    def selections(self) -> Part:
        changed = [change for change in self.proposal.changes if is_submission(change.path)]
        registers = read_files(self._base({}).only(is_register), self.kinds)
        return selections(registers, {change.path: self._texts(change) for change in changed})

    def _base(self, part: Part) -> TreeSource:
        """What lies where it can bear on the proposal."""
        campaigns = {change.path.split("/")[1] for change in self.proposal.changes if is_submission(change.path)}
        return TreeSource.at(self.repository, self.proposal.base, folders(part, sorted(campaigns)))

    def _texts(self, change: Change) -> list[bytes]:
        files = [blob for blob in (change.old, change.new) if blob and blob.mode == REGULAR]
        return [self.repository.blob(blob.ident) for blob in files]

    def judge(self, part: Part) -> Judgement:
        base = self._base(part)
        sides = self._timed(self._read(base, part))
        before, after = (judge(side, self.kinds, self.today, with_lateness=False) for side in sides)
        edits = _edits(self.proposal.changes, sides)
        rolls = {record.campaign: read_roll(record) for record in sides.before.of("roll")}
        merged = _merged(base, self.proposal)
        determined = {h.case.record.path for ledger in before.ledgers for h in ledger.hazards if h.step.determined}
        broken = broken_change(edits, rolls, merged, self.actor, determined)
        found = {*broken, *_new(before, after, self.proposal.changes)}
        found.update(self._photos())
        changed = effects(before.ledgers, after.ledgers, edits, found)
        return Judgement(self.proposal, self.actor, tuple(sorted(found)), changed)

    def _read(self, base: TreeSource, part: Part) -> Sides:
        """The base's records that bear on the proposal, and the same with the changed paths put in their place."""
        wanted = {path for path in base.files if _wants(base, path, part)}
        before = read_files(base.only(wanted.__contains__), self.kinds)
        changed = {change.path for change in self.proposal.changes}
        new = {c.path: c.new for c in self.proposal.changes if c.new and is_submission(c.path)}
        changes = read_files(TreeSource(self.repository, new), self.kinds)
        after = Intake(
            tuple(sorted((*_others(before.records, changed), *changes.records), key=lambda r: r.path)),
            tuple(sorted((*(f for f in before.findings if f.file not in changed), *changes.findings))),
            (before.files - changed) | changes.files,
            digest="",
        )
        listed = frozenset(_named(path) for path in base.files if path not in wanted)
        unread = Unread(part, listed) if part is not None else listed
        return Sides(replace(before, unread=unread), replace(after, unread=unread))

    def _photos(self) -> Iterator[Finding]:
        """What is wrong with new attachments when they are opened, and not only looked at from outside."""
        pixels = 0
        with PhotoDecoder(SECONDS_TOGETHER) as decoder:
            for change in self.proposal.changes:
                if change.new and change.new.mode == REGULAR and is_attachment(change.path):
                    raw = self.repository.blob(change.new.ident)
                    width, height = dimensions(raw) or (0, 0)
                    pixels += width * height
                    if pixels > MOST_PIXELS_TOGETHER:
                        yield finding("E-IMG-MUCH", change.path, limit=MOST_PIXELS_TOGETHER // 10_000)
                        return
                    yield from image_findings(change.path, raw, decoder)
                    if decoder.has_died:
                        # It is refused already, and the next might take as long.
                        return

    def _timed(self, sides: Sides) -> Sides:
        """Both sides at the times they count as filed: a path that is new would land today."""
        folders = sorted({"/".join(r.path.split("/")[:3]) for side in sides for r in side.records if r.org})

        @functools.cache
        def arrivals() -> Mapping[str, date]:
            below = folders or ("submissions",)
            return read_history(self.repository, self.proposal.base, self.now, below).arrivals

        return Sides(*(timed(side, arrivals, self.today) for side in sides))


def _wants(base: TreeSource, path: str, part: Part) -> bool:
    answer = True if part is None else selects(path, part)
    return mentions(base.read(path), path, part) if part and answer is None else bool(answer)


def _merged(base: TreeSource, proposal: Proposal) -> set[str]:
    """Every listed path below `submissions/` of the merged tree."""
    gone = {change.path for change in proposal.changes if change.new is None}
    return (set(base.files) - gone) | {change.path for change in proposal.changes if change.new}


def _named(path: str) -> tuple[str, str]:
    """Kind and reference of the record at `path`."""
    parts = path.removesuffix(".yml").split("/")
    return (parts[3], f"{parts[2]}/{parts[4]}") if len(parts) == 5 else ("", path)


def _others(records: Sequence[Record], changed: set[str]) -> Iterable[Record]:
    return (record for record in records if record.path not in changed)


def _edits(changes: Iterable[Change], sides: Sides) -> tuple[Edit, ...]:
    before = {record.path: record for record in sides.before.records}
    after = {record.path: record for record in sides.after.records}
    return tuple(Edit(c, before.get(c.path), after.get(c.path)) for c in changes)


def _new(before: Verdict, after: Verdict, changes: Iterable[Change]) -> Iterable[Finding]:
    """What is wrong in the changed files, and what became wrong elsewhere through them."""
    changed, known = {printable(change.path) for change in changes}, set(before.validity)
    return (f for f in after.validity if f.file in changed or f not in known)
