"""A season in Git: records as dated merges by many accounts, one entry of main for each."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from pathlib import Path

from taizhang.history import SHANGHAI, begin
from taizhang.history.writing import CommitDraft, Ident, check_out, write_commits
from taizhang.intake.records import Record

FORGE = "forge"
"""The account that merges: the only one whose clock counts."""


class Way(Enum):
    """How a forge lands a pull request: a merge commit beside the unit's own, or one new commit in its place."""

    MERGE = "merge"
    SQUASH = "squash"


@dataclass(frozen=True)
class MergedRequest:
    """One pull request: what `account` sent and when the forge merged it. None in `changes` takes a file away.

    `claimed_at` is what the account's own commit says about its time, for author and committer alike.
    """

    changes: Mapping[str, bytes | None]
    account: str
    merged_at: datetime
    claimed_at: datetime
    way: Way = Way.MERGE


def replay(folder: Path, steps: Iterable[MergedRequest]) -> tuple[str, ...]:
    """Make `folder` a repository whose main has one entry for each step, in their order; gives the entries' ids.

    What main then holds is checked out. Units never bring their branch up to date: each starts at the first entry.
    """
    begin(folder)
    drafts: list[CommitDraft] = []
    entries: list[int] = []
    for step in steps:
        drafts += _landed(step, entries, len(drafts))
        entries.append(len(drafts) - 1)
    idents = write_commits(folder, drafts, {"main": entries[-1]})
    check_out(folder)
    return tuple(idents[entry] for entry in entries)


def _landed(step: MergedRequest, entries: Sequence[int], position: int) -> Iterator[CommitDraft]:
    """The commits that a step adds; the last of them is the entry."""
    unit, forge = Ident.at(step.account, step.claimed_at), Ident.at(FORGE, step.merged_at)
    if step.way is Way.SQUASH or not entries:
        yield CommitDraft(step.changes, unit, forge, tuple(entries[-1:]))
        return
    known = {path: raw for path, raw in step.changes.items() if raw is not None}
    yield CommitDraft(known, unit, unit, (entries[0],))
    yield CommitDraft(step.changes, forge, forge, (entries[-1], position), f"合并 {step.account} 的填报")


def as_filed(records: Iterable[Record], read: Callable[[str], bytes], *, seed: int) -> tuple[MergedRequest, ...]:
    """The pull requests of a season in which every record lands on the day it says it was filed, at some hour.

    What no unit files (campaign, roll, libraries) lands first, the day before. Units' own clocks say anything.
    The same arguments give the same steps.
    """
    rng = random.Random(seed)
    filed = sorted((r for r in records if r.org), key=lambda r: (r.filed_on, r.path))
    opening = {r.path: read(r.path) for r in records if not r.org}
    opened_at = _moment(filed[0].filed_on - timedelta(days=1), 8 * 3600)
    steps = [MergedRequest(opening, "office", opened_at, opened_at, Way.SQUASH)]
    for record in filed:
        merged_at = _moment(record.filed_on, rng.choice((0, 86_399, rng.randrange(86_400))))
        claimed_at = rng.choice((merged_at, merged_at - timedelta(days=40), datetime(2036, 2, 29, tzinfo=SHANGHAI)))
        way = rng.choice(tuple(Way))
        steps.append(MergedRequest({record.path: read(record.path)}, record.org, merged_at, claimed_at, way))
    return in_order(steps)


def in_order(steps: Iterable[MergedRequest]) -> tuple[MergedRequest, ...]:
    """The steps as a forge with one clock lands them."""
    return tuple(sorted(steps, key=lambda step: step.merged_at))


def _moment(day: date, second: int) -> datetime:
    # The forge runs in UTC, so the last eight hours of its day are the next day in China.
    return (datetime.combine(day, time(), SHANGHAI) + timedelta(seconds=second)).astimezone(UTC)
