"""Files kept under the digest of what they follow from: deletable at any time, and none believed unseen."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

VERSION = b"taizhang kept 1\n"
"""How a kept file begins; after it comes the SHA-256 of the rest. Whoever changes the form counts on."""


class KeptFiles:
    """A folder of files that are dear to make. Several builds may use it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._used: set[Path] = set()

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """The bytes kept under `key`; made, and kept, where there are none or other bytes than were put there.

        Raises OSError where the folder cannot be used.
        """
        file = self.folder / key
        self._used.add(file)
        body = _read(file)
        if body is None:
            body = make()
            self._put(file, body)
        return body

    def sweep(self, rounds: int, fewest: int) -> None:
        """Remove what was not asked for in a long while: all but `rounds` times what was asked for now."""
        kept = sorted(self.folder.glob("*"), key=_age, reverse=True)
        for file in kept[max(rounds * len(self._used), fewest) :]:
            file.unlink(missing_ok=True)

    def _put(self, file: Path, body: bytes) -> None:
        """Put a file aside in one step: builds may run side by side."""
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor, partial = tempfile.mkstemp(dir=self.folder, suffix=".part")
        try:
            with open(descriptor, "wb") as stream:
                stream.write(_head(body) + body)
            Path(partial).replace(file)
        finally:
            Path(partial).unlink(missing_ok=True)


def _read(file: Path) -> bytes | None:
    """What was kept in a file, if it is whole: a disk that was full or an editor may have left anything there."""
    try:
        raw = file.read_bytes()
        file.touch()
    except FileNotFoundError:
        return None
    body = raw[len(_head(b"")) :]
    return body if raw.startswith(_head(body)) else None


def _head(body: bytes) -> bytes:
    return VERSION + hashlib.sha256(body).digest()


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0
