"""What is checked out, and whether its bytes are those of the commit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from taizhang.history.repository import HistoryError, Repository, blob_ident
from taizhang.history.trees import REGULAR, TreeSource
from taizhang.intake.source import FolderSource

_NOTHING_READ: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Head:
    """The commit checked out. `entry` is its position on the first-parent line, from 1."""

    commit: str
    entry: int
    changed: bool
    """Whether anything below `submissions/` differs from the commit."""


@contextmanager
def _whole(root: Path) -> Iterator[Repository | None]:
    """The repository at `root`, None where there is none or no commit yet. Raises HistoryError for a shallow clone."""
    try:
        repository = Repository(root)
    except HistoryError:
        yield None
        return
    with repository:
        if repository.is_empty:
            yield None
            return
        repository.refuse_if_shallow()
        yield repository


def read_head(root: Path, read: Mapping[str, str] = _NOTHING_READ) -> Head | None:
    """What is checked out at `root`, or None where that is no repository or holds no commit yet.

    `read` has the object ids of the files that were read from there already; what has changed since does not count.
    Raises HistoryError for a shallow clone, in which every entry number would be too small.
    """
    with _whole(root) as repository:
        if repository is None:
            return None
        commit = repository.commit("HEAD")
        entry = int(repository.run("rev-list", "--first-parent", "--count", commit))
        return Head(commit, entry, _differs(FolderSource(root), TreeSource.at(repository, commit), read))


def first_commit(root: Path) -> str | None:
    """The oldest commit of main's own line, by which one repository is told from another; None where there is none.

    Raises HistoryError for a shallow clone.
    """
    with _whole(root) as repository:
        if repository is None:
            return None
        return repository.run("rev-list", "--first-parent", "--max-parents=0", "HEAD").strip()


def _differs(folder: FolderSource, committed: TreeSource, read: Mapping[str, str]) -> bool:
    """Whether any file is there and not in the commit, or the other way, or has other bytes.

    Git's own answer is not asked: it leaves out what a checkout ignores, never wrote (sparse), was told to believe
    unchanged, or what a filter or a change of line ends makes equal.
    """
    listed = {entry.path: entry for entry in folder.entries()}
    if listed.keys() != committed.files.keys():
        return True
    for path, entry in listed.items():
        blob = committed.files[path]
        if entry.regular != (blob.mode == REGULAR):
            return True
        if entry.regular and path not in read and entry.size != blob.size:
            return True
        if entry.regular and (read.get(path) or blob_ident(folder.read(path))) != blob.ident:
            return True
    return False
