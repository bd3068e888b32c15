"""The only module that talks to Git: which commit is checked out, and when each file arrived on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import git

SHANGHAI = timezone(timedelta(hours=8))
"""China Standard Time. A fixed offset holds for every day since 1992 and needs no time-zone files."""

_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_OPTIONS = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "safe.bareRepository=explicit")


class HistoryError(Exception):
    """The history cannot be read as it must be; the message says what to do."""


@dataclass(frozen=True)
class Head:
    """The commit checked out. `entry` is its position on the first-parent line, from 1."""

    commit: str
    entry: int
    changed: bool
    """Whether anything below `submissions/` differs from the commit."""


def begin(root: Path) -> None:
    """Make `root` a repository without a commit, on a branch called main."""
    git.Repo.init(root, initial_branch="main").close()


def read_head(root: Path) -> Head | None:
    """What is checked out at `root`, or None where that is no repository or holds no commit yet."""
    try:
        repo = git.Repo(root)
        commit = repo.head.commit.hexsha
    except (git.InvalidGitRepositoryError, git.NoSuchPathError, ValueError):
        return None
    with repo:
        entry = int(_run(repo, "rev-list", "--first-parent", "--count", commit))
        changed = bool(_run(repo, "status", "--porcelain", "--untracked-files=all", "-z", "--", "submissions"))
    return Head(commit, entry, changed)


def arrivals(root: Path) -> Mapping[str, date]:
    """The day each path below `submissions/` first landed, in China's time zone.

    It is the committer date of the first-parent commit that brought the path in: on a protected branch only
    the forge's own clock writes that. Nothing has landed where there is no commit yet. Raises HistoryError for a
    shallow clone or a folder without history.
    """
    try:
        repo = git.Repo(root)
    except (git.InvalidGitRepositoryError, git.NoSuchPathError):
        raise HistoryError("按到达时间判断的行动需要 Git 仓库；请在克隆下来的仓库里运行") from None
    with repo:
        if _run(repo, "rev-parse", "--is-shallow-repository") == "true":
            raise HistoryError("这是浅克隆，看不到填报到达的时间；请先运行 git fetch --unshallow")
        if not repo.head.is_valid():
            return {}
        log = _run(
            repo,
            *("log", "--first-parent", "-m", "--no-renames", "--diff-filter=A", "--name-only", "-z"),
            *("--format=format:%x01%ct%x02", "HEAD", "--", "submissions"),
        )
    return _landed(log)


def _landed(log: str) -> Mapping[str, date]:
    found: dict[str, date] = {}
    for entry in log.split("\x01")[1:]:
        stamp, _, paths = entry.partition("\x02")
        day = datetime.fromtimestamp(int(stamp), UTC).astimezone(SHANGHAI).date()
        # The log runs from new to old, so the oldest landing of a path is written last and stays.
        found.update((path.lstrip("\n"), day) for path in paths.split("\0") if path.strip())
    return found


def _run(repo: git.Repo, *arguments: str) -> str:
    output = repo.git.execute(["git", *_OPTIONS, *arguments], env=_ENVIRONMENT, strip_newline_in_stdout=True)
    return str(output)
