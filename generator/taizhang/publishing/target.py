"""Where a site is put: the link that readers follow, its releases beside it, whose they are, one build at a time."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

PUBLIC, INTERNAL = "public", "internal"
SHELF, MARK = "releases", ".site.json"

_NO_LOCKS = (errno.EBADF, errno.ENOLCK, errno.EOPNOTSUPP)
"""What network file systems answer that cannot lock a folder; there builds are not kept apart."""


class NotOurs(Exception):
    """Something lies at `place` that no build of this site has put there; nothing of it was touched.

    `is_site` tells that it is a site, made from another repository.
    """

    def __init__(self, place: Path, *, is_site: bool = False) -> None:
        super().__init__(str(place))
        self.place, self.is_site = place, is_site


@dataclass(frozen=True)
class ReleaseTarget:
    """A link to the release in place, and what marks the folder of its releases as this site's and no other's."""

    link: Path
    edition: str = PUBLIC
    first_commit: str | None = None
    """The oldest commit of the repository that the site is made from; None where there is none."""

    @property
    def releases(self) -> Path:
        """This link's own releases: what lies beside it for another link is another folder."""
        return self.link.parent / SHELF / f"{self.edition}-{self.link.name}"

    def refuse_if_taken(self) -> None:
        """Raises NotOurs where the link or the folder of its releases is somebody else's."""
        if self.link.is_symlink():
            # Earlier versions kept the releases of all links in one folder.
            ours = (self.releases.resolve(), self.releases.parent.resolve())
            if self.link.resolve().parent not in ours:
                raise NotOurs(self.link)
        elif self.link.exists() and not (self.link.is_dir() and _is_empty(self.link)):
            raise NotOurs(self.link)
        if self.releases.exists() and not (self.releases.is_dir() and _is_empty(self.releases)):
            self._refuse_other(self.releases / MARK)

    def _refuse_other(self, file: Path) -> None:
        try:
            mark = json.loads(file.read_bytes())
            edition, first_commit = mark["edition"], mark["first_commit"]
        except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, KeyError):
            raise NotOurs(self.releases) from None
        # A folder that was no repository may become one, and not the other way round.
        if edition != self.edition or first_commit not in (None, self.first_commit):
            raise NotOurs(self.link, is_site=True)

    def claim(self) -> None:
        """Make the folder of the releases, and mark it as this site's."""
        self.make(self.releases)
        mark = {"version": 1, "edition": self.edition, "first_commit": self.first_commit}
        partial = self.releases / f"{MARK}.part"
        partial.write_text(json.dumps(mark) + "\n", encoding="ascii")
        partial.replace(self.releases / MARK)

    def make(self, folder: Path) -> None:
        """Make a folder that is not there with those above it, for readers to pass through."""
        for missing in reversed([f for f in (folder, *folder.parents) if not f.exists()]):
            missing.mkdir(exist_ok=True)
            self.open_to_readers(missing)

    def open_to_readers(self, top: Path) -> None:
        """Let a web server of another account read what lies at `top`, whatever the umask.

        Who may read the internal edition is for the office's machine to say: it keeps its umask.
        """
        if self.edition == PUBLIC:
            for path in (top, *top.rglob("*")):
                path.chmod(0o755 if path.is_dir() else 0o644)


def _is_empty(folder: Path) -> bool:
    return next(folder.iterdir(), None) is None


@contextlib.contextmanager
def locked(folder: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold a folder against other builds; `waiting` is called first where one of them holds it.

    The system lets go of it with the process, whatever ended that, so that no lock is ever left behind.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
        yield
    finally:
        os.close(descriptor)
