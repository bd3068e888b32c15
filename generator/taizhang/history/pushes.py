"""What a push adds to main's own line."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from taizhang.history.repository import Repository

MOST_ENTRIES = 50
"""Commits on main's own line that one push may bring; more are not even listed."""


class Pushed(NamedTuple):
    """One commit that a push puts on main's own line, its first parent, and its committer time in seconds from 1970."""

    parent: str
    commit: str
    seconds: int


def pushed(repository: Repository, old: str, new: str) -> tuple[Pushed, ...] | None:
    """What moving main from `old` to `new` adds to its first-parent line, the oldest first.

    None where `old` is not on the line that ends in `new`: a rewritten history, or one that pushes main's own line
    aside (foxtrot merge). At most `MOST_ENTRIES` + 1 are given.
    """
    if not repository.is_on_line(old, new):
        return None
    listed = repository.lines(
        *("rev-list", "--first-parent", "--reverse", "--format=%H %ct", "--no-commit-header", new, f"^{old}")
    )
    found: list[Pushed] = []
    for line in islice(listed, MOST_ENTRIES + 1):
        commit, _, stamp = line.partition(" ")
        parent = found[-1].commit if found else old
        found.append(Pushed(parent, commit, int(stamp) if stamp.isdecimal() else 0))
    return tuple(found)
