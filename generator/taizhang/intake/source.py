"""Where files come from: a folder on disk. Only regular files are read, and none that is too large."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class FileEntry:
    """A file as it is listed, before it is read. `size` is in bytes; `regular` is false for links and devices."""

    path: str
    size: int
    regular: bool = True


class Source(Protocol):
    """A tree of files: something that can list its entries and read one of them, whole or its beginning."""

    def entries(self) -> Iterator[FileEntry]:
        """Every file below `submissions/`, in the order of its path."""

    def read(self, path: str) -> bytes:
        """The bytes of one listed file."""

    def head(self, path: str, count: int) -> bytes:
        """The first `count` bytes of one listed file, or all where it has fewer."""


class FolderSource:
    """`submissions/` below `root`, as it lies on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def entries(self) -> Iterator[FileEntry]:
        yield from sorted(self._walk(), key=lambda entry: entry.path)

    def _walk(self) -> Iterator[FileEntry]:
        # No recursion: a tree may be deeper than Python's stack.
        folders = ["submissions"]
        while folders:
            folder = folders.pop()
            try:
                listing = os.scandir(self.root / folder)
            except FileNotFoundError:
                continue
            with listing:
                for item in listing:
                    path = f"{folder}/{item.name}"
                    if item.is_dir(follow_symlinks=False):
                        folders.append(path)
                    else:
                        info = item.stat(follow_symlinks=False)
                        yield FileEntry(path, info.st_size, stat.S_ISREG(info.st_mode))

    def read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def head(self, path: str, count: int) -> bytes:
        with (self.root / path).open("rb") as file:
            return file.read(count)
