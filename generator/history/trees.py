"""The files of a commit, read from the object store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from generator.history.repository import Repository
from generator.intake.source import Entry

REGULAR = "100644"
"""The one file mode that is accepted: no link, no submodule, nothing executable."""


class TreeSource:
    """`submissions/` as it stands in a commit or tree of `repository`: an intake.source.Source.

    `wanted`, where given, says which paths are looked at; the others are as if they were not there.
    """

    def __init__(self, repository: Repository, tree: str, wanted: Callable[[str], bool] = lambda _: True) -> None:
        self._repository = repository
        self._files = {path: item for path, item in _listing(repository, tree) if wanted(path)}

    @property
    def blobs(self) -> Mapping[str, str]:
        """The blob id of every path."""
        return {path: ident for path, (_, ident, _) in self._files.items()}

    def entries(self) -> Iterator[Entry]:
        for path, (mode, _, size) in self._files.items():
            yield Entry(path, size, mode == REGULAR)

    def read(self, path: str) -> bytes:
        return self._repository.blob(self._files[path][1])


def _listing(repository: Repository, tree: str) -> Iterator[tuple[str, tuple[str, str, int]]]:
    command = ("ls-tree", "-r", "-z", "-l", "--full-tree", tree, "--", "submissions")
    for line in repository.lines(*command, separator=b"\0"):
        head, _, path = line.partition("\t")
        mode, _, ident, size = head.split()
        yield path, (mode, ident, int(size) if size.isdigit() else 0)
