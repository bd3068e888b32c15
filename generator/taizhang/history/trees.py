"""The files of a commit, read from the object store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from taizhang.history.repository import Repository
from taizhang.intake.source import FileEntry

REGULAR = "100644"
"""The one file mode that is accepted: no link, no submodule, nothing executable."""


@dataclass(frozen=True)
class Blob:
    """A file in a tree: its mode, its object id and its size in bytes. A submodule's size is 0."""

    mode: str
    ident: str
    size: int


class TreeSource:
    """Files of a repository by their paths, as an intake.source.Source."""

    def __init__(self, repository: Repository, files: Mapping[str, Blob]) -> None:
        self._repository = repository
        self.files = files

    @classmethod
    def at(cls, repository: Repository, tree: str, below: Sequence[str] = ("submissions",)) -> TreeSource:
        """The files below some folders, or some files, as they stand in a commit or tree, listed in one call."""
        return cls(repository, dict(_listing(repository, tree, below)))

    def only(self, wanted: Callable[[str], bool]) -> TreeSource:
        """Of these files those that are wanted; the others are as if they were not there."""
        return TreeSource(self._repository, {path: blob for path, blob in self.files.items() if wanted(path)})

    def entries(self) -> Iterator[FileEntry]:
        for path, blob in sorted(self.files.items()):
            yield FileEntry(path, blob.size, blob.mode == REGULAR)

    def read(self, path: str) -> bytes:
        return self._repository.blob(self.files[path].ident)

    def head(self, path: str, count: int) -> bytes:
        return self.read(path)[:count]


def _listing(repository: Repository, tree: str, below: Sequence[str]) -> Iterator[tuple[str, Blob]]:
    command = ("ls-tree", "-r", "-z", "-l", "--full-tree", tree, "--", *below)
    for line in repository.lines(*command, separator=b"\0"):
        head, _, path = line.partition("\t")
        mode, _, ident, size = head.split()
        yield path, Blob(mode, ident, int(size) if size.isdigit() else 0)
