"""Writing commits with any dates, thousands in a second: for made-up seasons, tests and measurements.

What real units file is never written by this program.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import git

from taizhang.history.repository import ENVIRONMENT, HistoryError, command, finish


@dataclass(frozen=True)
class Ident:
    """Who and when, as one half of a commit tells it. `seconds` count from 1970 in UTC; `zone` is written as it is."""

    name: str
    seconds: int
    zone: str = "+0000"

    @classmethod
    def at(cls, name: str, moment: datetime) -> Ident:
        """The stamp of `name` at a moment that knows its zone."""
        return cls(name, int(moment.timestamp()), f"{moment:%z}")


@dataclass(frozen=True)
class CommitDraft:
    """A commit to be written: what differs from its first parent, None for a file taken away.

    `parents` are positions in the sequence of drafts that it belongs to, the first parent first.
    """

    changes: Mapping[str, bytes | None]
    author: Ident
    committer: Ident
    parents: tuple[int, ...] = ()
    message: str = "填报"


def write_commits(root: Path, drafts: Iterable[CommitDraft], branches: Mapping[str, int]) -> tuple[str, ...]:
    """Write `drafts` into the repository at `root`; gives their ids. `branches` says which draft each ends in.

    A branch that is there already is moved. Raises HistoryError where Git refuses.
    """
    with git.Repo(root, expand_vars=False) as repository, tempfile.TemporaryDirectory() as folder:
        marks = Path(folder) / "marks"
        asked = ("fast-import", "--quiet", "--force", "--date-format=raw-permissive", f"--export-marks={marks}")
        running: Any = repository.git.execute(
            command(str(repository.git_dir), *asked), env=ENVIRONMENT, as_process=True, istream=subprocess.PIPE
        )
        process = running.proc
        try:
            for piece in _stream(drafts, branches):
                process.stdin.write(piece)
            process.stdin.close()
            if process.wait():
                raise HistoryError(f"Git 没有写入：{process.stderr.read().decode('utf-8', 'replace')[:300]}")
        finally:
            finish(process)
        lines = sorted((int(mark[1:]), ident) for mark, ident in map(str.split, marks.read_text().splitlines()))
    return tuple(ident for _, ident in lines)


def check_out(root: Path) -> None:
    """Make the files below `root` what the current branch holds; files that Git does not know stay."""
    with git.Repo(root, expand_vars=False) as repository:
        asked = (f"--work-tree={root.absolute()}", "reset", "--hard", "--quiet")
        repository.git.execute(command(str(repository.git_dir), *asked), env=ENVIRONMENT)


def _stream(drafts: Iterable[CommitDraft], branches: Mapping[str, int]) -> Iterator[bytes]:
    for number, draft in enumerate(drafts, start=1):
        # Every draft names its parents, so all can be written on one passing branch.
        yield b"reset refs/taizhang/writing\n" if not draft.parents else b""
        yield f"commit refs/taizhang/writing\nmark :{number}\n".encode()
        for role, stamp in (("author", draft.author), ("committer", draft.committer)):
            yield f"{role} {stamp.name} <{stamp.name}@example.invalid> {stamp.seconds} {stamp.zone}\n".encode()
        yield _data(draft.message.encode())
        for word, parent in zip(("from", *["merge"] * len(draft.parents)), draft.parents, strict=False):
            yield f"{word} :{parent + 1}\n".encode()
        for path, raw in draft.changes.items():
            yield b"D " + _quoted(path) + b"\n" if raw is None else b"M 100644 inline " + _quoted(path) + b"\n"
            yield b"" if raw is None else _data(raw)
        yield b"\n"
    for branch, number in branches.items():
        yield f"reset refs/heads/{branch}\nfrom :{number + 1}\n\n".encode()
    # A reset to nothing removes the passing branch.
    yield f"reset refs/taizhang/writing\nfrom {'0' * 40}\n\n".encode()


def _data(raw: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(raw), raw)


def _quoted(path: str) -> bytes:
    raw = path.encode("utf-8", "surrogateescape")
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
