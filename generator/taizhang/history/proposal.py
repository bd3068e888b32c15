"""What a pull request would make of main: the merged tree and every path it changes, read as objects only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from taizhang.history.repository import HistoryError, Repository
from taizhang.history.trees import Blob

MOST_CHANGES = 300
"""Paths that one pull request may touch; the rest is not even listed."""

LARGEST_OBJECT = 10 * 1024 * 1024
"""Bytes that one file may have, in any commit of the proposal, before anything of it is read."""

_NOTHING, _SUBMODULE = "000000", "160000"


@dataclass(frozen=True)
class Change:
    """One path that differs between base and merged tree. `old` is None for a new file, `new` for one taken away."""

    path: str
    old: Blob | None
    new: Blob | None


@dataclass(frozen=True)
class Proposal:
    """A head to be merged into a base. All ids are full.

    `tree` is the merged tree, None where the two do not merge; `conflicts` are then the paths in the way.
    `changes` holds at most `MOST_CHANGES` paths, `is_complete` says whether these are all of them.
    `largest` is the size in bytes of the largest object that the proposal brings, in any of its commits.
    """

    base: str
    head: str
    tree: str | None
    conflicts: tuple[str, ...]
    changes: tuple[Change, ...]
    is_complete: bool
    largest: int


def propose(repository: Repository, base: str, head: str) -> Proposal:
    """Merge `head` into `base`, in objects that are kept apart. Raises HistoryError where the two share no history."""
    base, head = repository.commit(base), repository.commit(head)
    code, _ = repository.status("merge-base", base, head)
    if code == 1:
        raise HistoryError("要合并的提交与主分支没有共同的历史；请从主分支重新建分支再报送")
    largest = _largest(repository, base, head)
    if largest > LARGEST_OBJECT:
        # Merging may read what both sides changed, so nothing is merged that is too large to be read.
        return Proposal(base, head, None, (), (), is_complete=False, largest=largest)
    tree, conflicts = _merge(repository, base, head)
    if tree is None:
        return Proposal(base, head, None, conflicts, (), is_complete=False, largest=largest)
    changes = list(islice(_differences(repository, base, tree), MOST_CHANGES + 1))
    is_complete = len(changes) <= MOST_CHANGES
    return Proposal(base, head, tree, (), _sized(repository, changes[:MOST_CHANGES]), is_complete, largest)


def _merge(repository: Repository, base: str, head: str) -> tuple[str | None, tuple[str, ...]]:
    repository.keep_apart()
    code, output = repository.status("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", base, head)
    tree, *paths = output.split("\0")
    if code == 0:
        return tree.strip(), ()
    if code == 1:
        # What is in the way and has no path is in the way of everything.
        return None, tuple(dict.fromkeys(path for path in paths if path)) or ("submissions",)
    raise HistoryError("Git 不能试合并；请先运行 git fsck --full，并核对 Git 是 2.38 或更高版本")


def _largest(repository: Repository, base: str, head: str) -> int:
    """The largest of the objects that base lacks, by size as listed; no file is read."""
    objects = repository.lines("rev-list", "--objects", "--no-object-names", head, f"^{base}")
    return max(repository.sizes(objects).values(), default=0)


def _differences(repository: Repository, base: str, tree: str) -> Iterator[Change]:
    pieces = repository.lines(
        "diff-tree", "-r", "-z", "--raw", "--no-renames", "--abbrev=40", base, tree, separator=b"\0"
    )
    for head, path in zip(pieces, pieces, strict=False):
        old_mode, new_mode, old, new, _ = head.lstrip(":").split()
        yield Change(path, _blob(old_mode, old), _blob(new_mode, new))


def _blob(mode: str, ident: str) -> Blob | None:
    return None if mode == _NOTHING else Blob(mode, ident, 0)


def _sized(repository: Repository, changes: list[Change]) -> tuple[Change, ...]:
    idents = [blob.ident for change in changes for blob in (change.old, change.new) if blob]
    sizes = repository.sizes(idents)

    def known(blob: Blob | None) -> Blob | None:
        # A submodule names a commit; if that happens to be here, its size is nobody's.
        return blob and Blob(blob.mode, blob.ident, 0 if blob.mode == _SUBMODULE else sizes.get(blob.ident, 0))

    return tuple(Change(change.path, known(change.old), known(change.new)) for change in changes)
