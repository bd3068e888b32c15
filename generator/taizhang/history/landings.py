"""When every file landed on main, in which versions: one pass over the first-parent line.

A filing's time is the committer time of the first-parent commit that brought it in (docs/decisions/0008-arrival.md).
Author dates, dates inside files and dates of commits off the line are claims and are never read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from taizhang.history.repository import SHANGHAI, HistoryError, Repository

_NEVER = "0" * 40
_EARLIEST, _LATEST = 1_112_000_000, 253_370_000_000
"""Unix times between which a clock can be believed at all: Git was made in April 2005, and years have four digits."""


@dataclass(frozen=True)
class Landing:
    """One entry of main's first-parent line. `entry` counts from 1; `on` is the day in China's time zone.

    `claimed` is the day the commit gives itself, None where that is no date a server's clock can show.
    """

    entry: int
    commit: str
    on: date
    claimed: date | None

    @property
    def is_credible(self) -> bool:
        """Whether the commit's own date was believed."""
        return self.on == self.claimed


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
        """The entries whose own dates were not believed: before an older entry's, after today, before Git was made."""
        return tuple(landing for landing in self.line if not landing.is_credible)


def read_past(root: Path, now: date = date.max) -> History:
    """The history of what is checked out at `root`. Raises HistoryError where that is no repository, or cut short."""
    try:
        repository = Repository(root)
    except HistoryError:
        raise HistoryError("按到达时间判断的行动需要 Git 仓库；请在克隆下来的仓库里运行") from None
    with repository:
        return History((), {}) if repository.is_empty else read_history(repository, repository.commit("HEAD"), now)


def read_history(
    repository: Repository, tip: str, now: date = date.max, below: Sequence[str] = ("submissions",)
) -> History:
    """The history that ends in the commit `tip`, of the paths below `below`. Raises HistoryError for a shallow clone.

    `now` is the day by the clock: no entry is believed to have landed after it. Each entry is compared with its first
    parent, so what a merge commit itself adds or takes away is seen too.
    """
    repository.refuse_if_shallow()
    line = tuple(_line(repository, tip, now))
    landings = {landing.commit: landing for landing in line}
    # The log runs from new to old.
    found = list(_changes(repository, tip, below))[::-1]
    versions: dict[str, list[Version]] = {}
    for commit, path, blob in found:
        versions.setdefault(path, []).append(Version(landings[commit], blob))
    return History(line, {path: tuple(states) for path, states in versions.items()})


def _line(repository: Repository, tip: str, now: date) -> Iterator[Landing]:
    output = repository.lines("rev-list", "--first-parent", "--reverse", "--format=%H %ct", "--no-commit-header", tip)
    claims = [(commit, _day(stamp)) for commit, _, stamp in (line.partition(" ") for line in output)]
    believed = _believed([day if day and day <= now else None for _, day in claims])
    # An entry before the first one believed cannot be later than that.
    on = next((day for day in believed if day), now)
    for entry, ((commit, claimed), day) in enumerate(zip(claims, believed, strict=True), start=1):
        on = day or on
        yield Landing(entry, commit, on, claimed)


def _believed(days: Sequence[date | None]) -> list[date | None]:
    """The largest choice of days that never runs backwards, None for the others; of equal choices the older entries.

    So one clock that is ahead makes nobody late: as soon as two entries contradict it, it is outvoted.
    """
    lengths = _longest_from(days)
    wanted = max(lengths, default=0)
    chosen: list[date | None] = []
    latest = date.min
    for day, length in zip(days, lengths, strict=True):
        is_chosen = day is not None and length == wanted and day >= latest
        chosen.append(day if is_chosen else None)
        if day and is_chosen:
            latest, wanted = day, wanted - 1
    return chosen


def _longest_from(days: Sequence[date | None]) -> list[int]:
    """For each day, how many days at most can be chosen from it onwards so that they never run backwards."""
    ends: list[int] = []
    """For each length, the latest day (negated) on which so many chosen days can begin."""
    lengths = []
    for day in reversed(days):
        place = bisect_right(ends, -day.toordinal()) if day else -1
        lengths.append(place + 1)
        if day:
            ends[place : place + 1] = [-day.toordinal()]
    return lengths[::-1]


def _day(stamp: str) -> date | None:
    """The day of a Unix time in China, or None for one that no server's clock shows."""
    seconds = int(stamp) if stamp.lstrip("-").isdigit() else 0
    if not _EARLIEST <= seconds <= _LATEST:
        return None
    return (datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)).astimezone(SHANGHAI).date()


def _changes(repository: Repository, tip: str, below: Sequence[str]) -> Iterator[tuple[str, str, str | None]]:
    """Commit, path and new blob of every change along the line, from new to old."""
    pieces = repository.lines(
        *("log", "--first-parent", "-m", "--no-renames", "--raw", "-z", "--abbrev=40", "--format=format:%x01%H"),
        *(tip, "--", *below),
        separator=b"\0",
    )
    commit = ""
    for piece in pieces:
        # Changes come as two pieces, what and where; the first one of a commit follows "\x01<commit>\n".
        head, _, change = piece.rpartition("\n")
        commit = head.lstrip("\x01") or commit
        if change.startswith(":"):
            blob, path = change.split()[3], next(pieces)
            yield commit, path, None if blob == _NEVER else blob
