"""The revisions of an issue: which is in force, what changed from one to the next, which 更正 are still to be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from taizhang.campaign.periods import Period, named
from taizhang.campaign.roll import Organisation, Roll
from taizhang.figures.frozen import FILINGS, PREVIOUS, RETURNS, TOTAL, Difference, Frozen, cell_text, column_title
from taizhang.intake.records import Record
from taizhang.ledger.ledger import Ledger

Key = tuple[str, str]
"""A kind of bulletin and the key of its period: ("weekly", "2023-W22")."""


class Withdrawal(NamedTuple):
    """That a revision was taken back, and why."""

    dated: date
    reason: str


@dataclass(frozen=True)
class Revision:
    """One revision of an issue, as its record tells it. `commit` is where its figures can be counted again."""

    path: str
    ref: str
    revision: int
    drafted_on: date
    issued_on: date | None
    """None for a draft."""
    cut_off: date
    commit: str
    entry: int
    digest: str
    register_edition: int
    """Of the register of figures that it was counted by."""
    reason: str
    """Why the revision before it was corrected; empty for the first."""
    withdrawn: Withdrawal | None

    @property
    def is_issued(self) -> bool:
        """Whether it was issued and not taken back."""
        return self.issued_on is not None and self.withdrawn is None


class FigureChange(NamedTuple):
    """A figure that differs between two revisions. `org` is None in the total."""

    org: Organisation | None
    column: str
    title: str
    was: str
    now: str


@dataclass(frozen=True)
class Correction:
    """更正: what a later revision changed in an earlier issue, and why."""

    kind: str
    number: int
    period: Period
    revision: int
    reason: str
    changes: tuple[FigureChange, ...]


def bulletins_of(ledger: Ledger) -> tuple[Record, ...]:
    """Every bulletin on file by the ledger's date, those withdrawn among them: their numbers are not used again."""
    return tuple(r for r in ledger.records if r.kind.name == "bulletins" and r.filed_on <= ledger.at)


def revision_of(record: Record) -> Revision:
    """What a record says of itself."""
    data = record.data
    taken = data.get("withdrawn")
    return Revision(
        path=record.path,
        ref=record.ref,
        revision=data["revision"],
        drafted_on=date.fromisoformat(data["filed_on"]),
        issued_on=record.optional_day("issued_on"),
        cut_off=record.day("cut_off"),
        commit=data["commit"],
        entry=data["entry"],
        digest=data["digest"],
        register_edition=data.get("register_edition", 1),
        reason=data.get("reason", ""),
        withdrawn=Withdrawal(date.fromisoformat(taken["dated"]), taken["reason"]) if taken else None,
    )


def by_period(records: Iterable[Record]) -> Mapping[Key, tuple[Record, ...]]:
    """The bulletins on file by kind and period, the first revision first."""
    found: dict[Key, list[Record]] = {}
    for record in sorted(records, key=lambda r: (r.data["revision"], r.path)):
        found.setdefault((record.data["bulletin"], record.data["period"]), []).append(record)
    return {key: tuple(revisions) for key, revisions in found.items()}


def changes(before: Record, after: Record, roll: Roll, returns: str) -> Iterator[FigureChange]:
    """What the figures of two revisions differ in; nothing where the first was withdrawn, for it is not repeated.

    The figures of the period before are no part of an issue; and where 报送状态 of an organisation differs, the counts
    of its returns only repeat it.
    """
    if before.withdrawn:
        return
    found = [d for d in Frozen.read(before).differences(Frozen.read(after)) if d.row != PREVIOUS]
    restated = {d.row for d in found if d.column == FILINGS}
    for difference in found:
        if not (difference.row in restated and difference.column in RETURNS):
            yield _change(after, difference, roll, returns)


def _change(record: Record, difference: Difference, roll: Roll, returns: str) -> FigureChange:
    kind, column = record.kind, difference.column
    org = None if difference.row == TOTAL else roll.by_id.get(difference.row)
    was, now = (cell_text(kind, column, value) for value in (difference.was, difference.now))
    return FigureChange(org, column, column_title(kind, column, returns), was, now)


def corrections(record: Record, on_file: Mapping[str, Record], roll: Roll, returns: str) -> Iterator[Correction]:
    """What an issue tells of earlier ones that were corrected. `on_file` has the bulletins by their references."""
    for ref in record.data.get("corrections", ()):
        later = on_file.get(ref)
        before = predecessor(later, on_file.values()) if later else None
        if later and before:
            data = later.data
            figure_changes = tuple(changes(before, later, roll, returns))
            yield Correction(
                data["bulletin"],
                data["number"],
                named(data["period"]),
                data["revision"],
                data["reason"],
                figure_changes,
            )


def predecessor(record: Record, on_file: Iterable[Record]) -> Record | None:
    """The revision that a record corrects, None for the first."""
    wanted = (record.data["bulletin"], record.data["period"], record.data["revision"] - 1)
    return next((r for r in on_file if (r.data["bulletin"], r.data["period"], r.data["revision"]) == wanted), None)


def untold(records: Sequence[Record], kind: str, before: Period) -> tuple[str, ...]:
    """The corrections of issues of a kind before a period that no issue has told yet, by their references."""
    named_refs = {ref for record in records for ref in record.data.get("corrections", ())}
    return tuple(
        record.ref
        for record in sorted(records, key=lambda r: (r.data["number"], r.data["revision"]))
        if record.data["bulletin"] == kind
        and record.data["revision"] > 1
        and record.data.get("issued_on")
        and record.ref not in named_refs
        and named(record.data["period"]).end < before.start
    )


def last_number(records: Iterable[Record], kind: str) -> int:
    """The highest number that an issue of a kind bears, 0 where there is none."""
    return max((r.data["number"] for r in records if r.data["bulletin"] == kind), default=0)
