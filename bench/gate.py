"""The gate: one record proposed to a large repository, beside reading and judging all of it; whole processes."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.timing import Measurement, fastest
from taizhang.history import Repository, TreeSource, begin, read_history
from taizhang.history.writing import CommitDraft, Ident, check_out, write_commits

ROOT = Path(__file__).parent.parent
ENTRIES = 2000
"""Entries on main after the first, each a merge that files one record."""
ORG = "unit-0001"


def measure_gate(root: Path, at: date, repeat: int) -> Iterator[Measurement]:
    """Make the checkout at `root` a repository with a history, then judge one more record against it."""
    count = write_history(root)
    with Repository(root) as repository:
        tip = repository.commit("main")
        past = fastest(lambda: read_history(repository, tip, at), repeat)
        listing = fastest(lambda: TreeSource.at(repository, tip), repeat)
        source = TreeSource.at(repository, tip)
        paths = list(source.files)
        reading = fastest(lambda: [source.read(path) for path in paths], repeat)
    day = ("--today", at.isoformat())
    one = fastest(lambda: _run(root, "check", *day, "--base", "main", "--head", "proposal"), repeat)
    everything = fastest(lambda: _run(root, "check", *day), 1)
    yield Measurement("files in the repository", count, "files", f"{ENTRIES} entries on main's line")
    yield Measurement("when each of them landed", past, "s")
    yield Measurement("listing them from objects", listing, "s")
    yield Measurement("reading them from objects", count / reading, "files/s")
    yield Measurement("check, everything", everything, "s", "the whole process")
    yield Measurement("check --base, one record", one, "s", f"{one / everything:.3f} x everything")


def write_history(root: Path) -> int:
    """Commit what lies below `root`: most in one entry, the rest by merges; gives the number of submitted files.

    A branch `proposal` files one more record of the unit ORG.
    """
    paths = sorted(file.relative_to(root).as_posix() for file in (root / "submissions").rglob("*") if file.is_file())
    files = {path: (root / path).read_bytes() for path in paths}
    filed = [path for path in files if path.count("/") == 4]
    own = next(path for path in filed if path.split("/")[2:4] == [ORG, "weekly"])
    late = random.Random(1).sample([path for path in filed if path != own], min(ENTRIES, len(filed) // 2))
    proposed = files.pop(own)
    begin(root)
    drafts = list(_drafts(files, late))
    stamp = drafts[-1].committer
    drafts.append(CommitDraft({own: proposed}, stamp, stamp, (0,)))
    write_commits(root, drafts, {"main": len(drafts) - 2, "proposal": len(drafts) - 1})
    check_out(root)
    (root / own).unlink()
    return len(files)


def _drafts(files: Mapping[str, bytes], late: list[str]) -> Iterator[CommitDraft]:
    when = datetime(2023, 5, 20, tzinfo=UTC)
    first, later = Ident.at("office", when), set(late)
    yield CommitDraft({path: raw for path, raw in files.items() if path not in later}, first, first)
    tip = 0
    for number, path in enumerate(late, start=1):
        unit, forge = path.split("/")[2], Ident.at("forge", when + timedelta(hours=2 * number))
        yield CommitDraft({path: files[path]}, Ident.at(unit, when), Ident.at(unit, when), (0,))
        yield CommitDraft({path: files[path]}, forge, forge, (tip, 2 * number - 1))
        tip = 2 * number


def _run(root: Path, *arguments: str) -> None:
    with tempfile.TemporaryFile() as output:
        command = [sys.executable, "-c", "from taizhang.cli import main; main()", "--root", str(root), *arguments]
        done = subprocess.run(command, cwd=ROOT, stdout=output, stderr=output, check=False)
        output.seek(0)
        assert done.returncode == 0, output.read()[-2000:].decode()
