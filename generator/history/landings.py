"""When every file landed on main, in which versions: one pass over the first-parent line.

A filing's time is the committer time of the first-parent commit that brought it in (docs/decisions/0007-arrival.md).
Author dates, dates inside files and dates of commits off the line are claims and are never read. Time along the line
does not run backwards: a commit dated before its predecessor, or after today, takes its predecessor's day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from generator.history.repository import SHANGHAI, HistoryError, Repository

_NEVER = "0" * 40


@dataclass(frozen=True)
class Landing:
    """One entry of main's first-parent line. `entry` counts from 1; `on` is the day in China's time zone.

    `is_credible` is false where the commit's own date was not believed.
    """

    entry: int
    commit: str
    on: date
    is_credible: bool = True


@dataclass(frozen=True)
class Version:
    """One state of a path: which entry brought it, and its blob id; None where the entry took the file away."""

    landing: Landing
    blob: str | None


@dataclass(frozen=True)
class History:
    """The first-parent line, the oldest first, and the versions of each path below `submissions/`, the oldest first."""

    line: tuple[Landing, ...]
    versions: Mapping[str, tuple[Version, ...]]

    @property
    def arrivals(self) -> Mapping[str, date]:
        """The day each path first landed. A file put back after a deletion keeps its first day."""
        return {path: versions[0].landing.on for path, versions in self.versions.items()}

    @property
    def lost(self) -> Mapping[str, Landing]:
        """The paths that an entry took away and none brought back, with that entry."""
        return {path: versions[-1].landing for path, versions in self.versions.items() if versions[-1].blob is None}

    @property
    def incredible(self) -> tuple[Landing, ...]:
        """The entries whose own dates were not believed."""
        return tuple(landing for landing in self.line if not landing.is_credible)


def arrivals(root: Path, today: date = date.max) -> Mapping[str, date]:
    """The day each path below `submissions/` first landed on what is checked out at `root`."""
    try:
        repository = Repository(root)
    except HistoryError:
        raise HistoryError("按到达时间判断的行动需要 Git 仓库；请在克隆下来的仓库里运行") from None
    with repository:
        if repository.is_empty:
            return {}
        return read_history(repository, repository.commit("HEAD"), today).arrivals


def read_history(
    repository: Repository, tip: str, today: date = date.max, below: Sequence[str] = ("submissions",)
) -> History:
    """The history that ends in the commit `tip`, of the paths below `below`. Raises HistoryError for a shallow clone.

    Each entry is compared with its first parent, so what a merge commit itself adds or takes away is seen too.
    """
    if repository.is_shallow:
        raise HistoryError("这是浅克隆，看不到填报到达的时间；请先运行 git fetch --unshallow")
    line = tuple(_line(repository, tip, today))
    landings = {landing.commit: landing for landing in line}
    # The log runs from new to old.
    found = list(_changes(repository, tip, below))[::-1]
    versions: dict[str, list[Version]] = {}
    for commit, path, blob in found:
        versions.setdefault(path, []).append(Version(landings[commit], blob))
    return History(line, {path: tuple(states) for path, states in versions.items()})


def _line(repository: Repository, tip: str, today: date) -> Iterator[Landing]:
    output = repository.lines("rev-list", "--first-parent", "--reverse", "--format=%H %ct", "--no-commit-header", tip)
    claims = [(commit, _day(stamp)) for commit, _, stamp in (line.partition(" ") for line in output)]
    # An entry before the first credible one cannot be later than that.
    latest = next((day for _, day in claims if day and day <= today), min(today, date.max))
    for entry, (commit, day) in enumerate(claims, start=1):
        is_credible = day is not None and latest <= day <= today
        latest = day if day and is_credible else latest
        yield Landing(entry, commit, latest, is_credible)


def _day(stamp: str) -> date | None:
    """The day of a Unix time in China, or None for one that no server's clock shows: before Git was made, or huge."""
    seconds = int(stamp) if stamp.lstrip("-").isdigit() else 0
    if not 1_112_000_000 <= seconds <= 253_370_000_000:
        return None
    return (datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)).astimezone(SHANGHAI).date()


def _changes(repository: Repository, tip: str, below: Sequence[str]) -> Iterator[tuple[str, str, str | None]]:
    """Commit, path and new blob of every change along the line, from new to old."""
    pieces = repository.lines(
        *("log", "--first-parent", "-m", "--no-renames", "--raw", "-z", "--abbrev=40", "--format=format:%x01%H"),
        *(tip, "--", *below),
        separator=b"\0",
    )
    commit, blob = "", ""
    for piece in pieces:
        # A new commit starts inside a piece: "\x01<commit>\n:<first change of it>".
        text = piece
        if "\x01" in text and (text.startswith("\x01") or not blob):
            commit, _, text = text.rpartition("\x01")[2].partition("\n")
        if text.startswith(":") and not blob:
            blob = text.split()[3]
        elif blob and text:
            yield commit, text, None if blob == _NEVER else blob
            blob = ""
