"""Releases: a site is built aside and put in place in one step, so readers see the old one or the new one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from taizhang.pages.pages import Edition
from taizhang.publishing.target import ReleaseTarget, locked

KEEP = 2
"""Releases kept: the current one and the one before it."""

VALID_DAYS = 14
"""How long a release may stand before its figures are too old to rely on: two weekly bulletins missed."""
FACTS_FILE = "release.json"


def facts(edition: Edition) -> str:
    """What a release was made from, as one JSON object with stable names: the next one is held against it.

    `entry` is the position of `commit` on main's first-parent line; `built_for` is the day whose state is shown,
    which in an archive stays the same and is valid for good.
    """
    known = edition.provenance
    built_for = max((view.at for view, _ in edition.campaigns), default=None)
    is_final = all(view.is_archived for view, _ in edition.campaigns)
    last = built_for + timedelta(days=VALID_DAYS) if built_for and not is_final else None
    found = {
        "version": 1,
        "commit": known.commit if known else None,
        "entry": known.entry if known else None,
        "uncommitted_changes": known.changed if known else None,
        "digest": edition.digest,
        "built_for": built_for.isoformat() if built_for else None,
        "valid_until": last.isoformat() if last else None,
    }
    return json.dumps(found, indent=2) + "\n"


def fingerprint(parts: Iterable[str], folders: Iterable[Path]) -> str:
    """A digest of everything a site is made from: texts, and the bytes of all files below the folders."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() + b"\0")
    for folder in folders:
        for file in sorted(f for f in folder.rglob("*") if f.is_file() and "__pycache__" not in f.parts):
            digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def is_current(target: ReleaseTarget, name: str) -> bool:
    """Whether the release `name` is the one in place."""
    link = target.link
    return link.is_symlink() and link.resolve() == target.releases.resolve() / name and (link / "index.html").exists()


def publish(target: ReleaseTarget, name: str, build: Callable[[Path], None]) -> None:
    """Build a release aside and switch the link over to it. If the build fails, what was there stays.

    Raises NotOurs, and OSError where the disk does not take it.
    """
    target.make(target.releases)
    # The checkout is locked by who builds; another checkout may publish to the same place.
    with locked(target.releases):
        target.refuse_if_taken()
        target.claim()
        unfinished, finished = target.releases / f".{name}.part", target.releases / name
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            build(unfinished)
            target.open_to_readers(unfinished)
            shutil.rmtree(finished, ignore_errors=True)
            unfinished.rename(finished)
            _switch(target.link, finished)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        _sweep(target.releases, finished)


def _switch(link: Path, finished: Path) -> None:
    if link.is_dir() and not link.is_symlink():
        link.rmdir()
    temporary = link.with_name(f".{link.name}.new")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(os.path.relpath(finished, link.parent), target_is_directory=True)
    temporary.replace(link)


def _sweep(releases: Path, current: Path) -> None:
    """Remove all but the newest releases, and whatever a build that was killed left behind."""
    others = [f for f in releases.iterdir() if f.is_dir() and f != current]
    finished = [f for f in others if not f.name.startswith(".")]
    finished.sort(key=lambda f: f.stat().st_mtime, reverse=True)
    for folder in [*finished[KEEP - 1 :], *(f for f in others if f not in finished)]:
        shutil.rmtree(folder, ignore_errors=True)
