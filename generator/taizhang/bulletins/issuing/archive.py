"""The ledger of a campaign as it stood at any commit of main, each file read once and each state folded once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from taizhang.checks.verdict import judge
from taizhang.figures.frozen import digest_of
from taizhang.findings import Finding
from taizhang.history import Blob, History, HistoryError, Landing, Repository, TreeSource, read_history
from taizhang.history.trees import REGULAR
from taizhang.intake.kinds import Kind, parse_date
from taizhang.intake.records import LIBRARIES, Intake, Record, by_arrival, read_files, timed
from taizhang.ledger.ledger import Ledger
from taizhang.workspace import Examination


@dataclass(frozen=True)
class ArchivedState:
    """The records of one campaign, with the libraries, as they stood; and the ledger that they come to.

    The ledger is None where `campaign.yml` or `roll.yml` was missing or broken.
    """

    campaign: str
    intake: Intake
    ledger: Ledger | None

    def digest(self, cut_off: date) -> str:
        """The digest of what was counted at the end of `cut_off`."""
        return digest_of(self.records, cut_off)

    @property
    def records(self) -> Iterable[Record]:
        """The campaign's own records."""
        return (r for r in self.intake.records if r.campaign == self.campaign)


class MainlineCommit(NamedTuple):
    """A commit on main's own line, and its position there from 1."""

    commit: str
    entry: int


_Signature = frozenset[tuple[str, str, date]]


class Archive:
    """What Git remembers of the submissions, beside what is checked out. Use it in a `with`."""

    def __init__(self, root: Path, kinds: Mapping[str, Kind], examination: Examination, now: date = date.max) -> None:
        self.kinds, self.now = kinds, now
        self._checked_out = examination.intake
        self._open = ExitStack()
        self._repository = self._opened(root)
        self._read: dict[tuple[str, str], tuple[Record | None, tuple[Finding, ...]]] = {}
        self._ledgers: dict[tuple[str, _Signature, frozenset[str]], Ledger | None] = {}
        self._listed: dict[str, Mapping[str, Blob]] = {}
        # Most of what an older commit holds is still checked out and not read again. When it landed is forgotten, for
        # that is asked of the history up to the commit in question.
        for record in self._checked_out.records:
            self._read[record.path, record.blob] = (_as_declared(record), ())
        for ledger in examination.verdict.ledgers:
            part = _part(self._checked_out, ledger.campaign.id)
            self._ledgers[_key(part, ledger.campaign.id)] = ledger

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._open.close()

    def _opened(self, root: Path) -> Repository | None:
        try:
            repository = self._open.enter_context(Repository(root))
        except HistoryError:
            return None
        return None if repository.is_empty else repository

    @property
    def repository(self) -> Repository:
        """The repository. Raises HistoryError where there is none, or no commit in it."""
        if self._repository is None:
            raise HistoryError(
                "这里不是 Git 仓库，或者还没有一次提交；通报要引用主分支上的提交，请在克隆下来的仓库里运行"
            )
        return self._repository

    @property
    def has_history(self) -> bool:
        """Whether there is a repository with at least one commit."""
        return self._repository is not None

    @cached_property
    def line(self) -> Mapping[str, int]:
        """The position of every commit on main's own line, the oldest first; main is what is checked out."""
        commits = self.repository.lines("rev-list", "--first-parent", "--reverse", "HEAD")
        return {commit: entry for entry, commit in enumerate(commits, start=1)}

    @cached_property
    def is_shallow(self) -> bool:
        """Whether the older part of the line was not cloned, so that positions on it cannot be known."""
        return self._repository is not None and self._repository.is_shallow

    @cached_property
    def history(self) -> History:
        """When everything landed, as far as is known now. Raises HistoryError for a shallow clone."""
        return read_history(self.repository, self.repository.commit("HEAD"), self.now)

    def place(self, revision: str) -> MainlineCommit | None:
        """The commit that `revision` names, None where it is not on main's own line. Raises HistoryError if unknown."""
        commit = self.repository.commit(revision)
        entry = self.line.get(commit)
        return MainlineCommit(commit, entry) if entry else None

    def last_by(self, day: date) -> MainlineCommit | None:
        """The newest commit that had landed at the end of `day`."""
        landed = [landing for landing in self.history.line if landing.on <= day]
        return MainlineCommit(landed[-1].commit, landed[-1].entry) if landed else None

    def judges_by_arrival(self, campaign: str) -> bool:
        """Whether the campaign counts a filing when it lands on main."""
        return campaign in by_arrival(self._checked_out)

    def present(self, campaign: str, known_on: date) -> ArchivedState:
        """What is checked out, as it was known on a day."""
        return self._state(campaign, _part(self._checked_out, campaign), known_on)

    def at(self, commit: str, campaign: str, known_on: date) -> ArchivedState:
        """The campaign as it stood at a commit, judged by what had arrived by then, and known on a day."""
        intake = self._intake(self._files(commit, campaign))
        if campaign in by_arrival(intake):
            intake = timed(intake, lambda: read_history(self.repository, commit, self.now).arrivals, known_on)
        return self._state(campaign, intake, known_on)

    def versions(self, path: str) -> Iterator[tuple[Landing, Record]]:
        """What a path held, the oldest first, as far as it follows its schema."""
        for version in self.history.versions.get(path, ()):
            if version.blob:
                size = self.repository.sizes([version.blob])[version.blob]
                for record in self._intake({path: Blob(REGULAR, version.blob, size)}).records:
                    yield version.landing, record

    def having(self, digest: str, campaign: str, cut_off: date, known_on: date) -> ArchivedState | None:
        """The state in which exactly what was counted once was counted again: what is checked out, or the newest
        commit of main's own line with that digest. None where there is none."""
        state = self.present(campaign, known_on)
        if state.digest(cut_off) == digest:
            return state
        for commit in self._distinct(campaign):
            state = self.at(commit, campaign, known_on)
            if state.digest(cut_off) == digest:
                return state
        return None

    def _distinct(self, campaign: str) -> Iterator[str]:
        """The commits of the line, from new to old, each state of the campaign once."""
        seen: set[frozenset[tuple[str, str]]] = set()
        commits = list(self.line) if self._repository else []
        for commit in reversed(commits):
            files = frozenset((path, blob.ident) for path, blob in self._files(commit, campaign).items())
            if files not in seen:
                seen.add(files)
                yield commit

    def _state(self, campaign: str, intake: Intake, known_on: date) -> ArchivedState:
        known = replace(intake, records=tuple(r for r in intake.records if _is_known(r, known_on)))
        key = _key(known, campaign)
        if key not in self._ledgers:
            found = judge(known, self.kinds, known_on).ledgers
            self._ledgers[key] = next((item for item in found if item.campaign.id == campaign), None)
        ledger = self._ledgers[key]
        # What is folded does not depend on the day, the day that it is looked at does.
        return ArchivedState(campaign, known, ledger.on(known_on) if ledger else None)

    def _files(self, commit: str, campaign: str) -> Mapping[str, Blob]:
        if commit not in self._listed:
            # One listing is kept, for it is large, and a commit's campaigns are asked for one after the other.
            self._listed = {commit: TreeSource.at(self.repository, commit).files}
        return {path: blob for path, blob in self._listed[commit].items() if _is_part(path, campaign)}

    def _intake(self, files: Mapping[str, Blob]) -> Intake:
        """The files as records, in which only what was never read before is read."""
        attached = frozenset(path for path in files if "/files/" in path)
        wanted = {path: blob for path, blob in files.items() if path not in attached}
        unread = {path: blob for path, blob in wanted.items() if (path, blob.ident) not in self._read}
        part = read_files(TreeSource(self.repository, unread), self.kinds)
        records = {record.path: record for record in part.records}
        for path, blob in unread.items():
            findings = tuple(finding for finding in part.findings if finding.file == path)
            self._read[path, blob.ident] = (records.get(path), findings)
        read = [self._read[path, blob.ident] for path, blob in sorted(wanted.items())]
        return Intake(
            records=tuple(record for record, _ in read if record),
            findings=tuple(finding for _, findings in read for finding in findings),
            files=attached,
            digest="",
        )


def _is_part(path: str, campaign: str) -> bool:
    """Whether a file is one of those that a campaign's figures can depend on."""
    parts: Sequence[str] = path.split("/")
    # A bulletin is made from figures: were it a part of what they rest on, issuing it would change what it cites.
    return parts[1] in (*LIBRARIES, campaign) and not (len(parts) > 3 and parts[3] == "bulletins")


def _part(intake: Intake, campaign: str) -> Intake:
    records = tuple(r for r in intake.records if _is_part(r.path, campaign))
    files = frozenset(path for path in intake.files if _is_part(path, campaign))
    return replace(intake, records=records, files=files)


def _is_known(record: Record, day: date) -> bool:
    """Whether a record could be known that day. Only a receipt tells, later, of something earlier."""
    return record.kind.name != "receipts" or record.landed_on <= day


def _as_declared(record: Record) -> Record:
    """The record as it is read from a file, before anybody knows when it landed."""
    day = parse_date(record.data.get("filed_on", "")) or date.min
    return replace(record, filed_on=day, landed_on=day)


def _key(intake: Intake, campaign: str) -> tuple[str, _Signature, frozenset[str]]:
    counted = frozenset((r.path, r.blob, r.filed_on) for r in intake.records)
    return campaign, counted, frozenset(path for path in intake.files if path.split("/")[1] == campaign)
