"""Proposals in real repositories: a base with a tree, and changes on top of it that are judged without a checkout."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from support import KINDS, LATER, Tree

from taizhang.gate.judgement import Judgement, judge_proposal
from taizhang.history import Repository

ENVIRONMENT = {
    **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "somebody"),
    **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "somebody@example"),
    **dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2023-06-01T09:00:00+0800"),
}

Content = str | bytes | tuple[str, str] | None
"""What a path becomes: text or bytes, a mode with text, or nothing."""


class Proposing:
    """A bare repository whose `main` holds a tree. Trees are written as objects, so no name is impossible."""

    def __init__(self, folder: Path, tree: Tree) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q", "--bare", "-b", "main")
        self.main = self.commit({**tree.source().files, "README.md": "x\n"})
        self.git("update-ref", "refs/heads/main", self.main)

    def git(self, *arguments: str, given: bytes = b"", **more: str) -> str:
        done = subprocess.run(
            ["git", "--git-dir", str(self.folder), *arguments],
            input=given,
            env={**ENVIRONMENT, **more},
            check=True,
            capture_output=True,
        )
        return done.stdout.decode().strip()

    def commit(self, changes: Mapping[str, Content], parent: str | None = None) -> str:
        """A commit that makes these changes to `parent`; gives its id."""
        index = {"GIT_INDEX_FILE": str(self.folder / "an-index")}
        self.git("read-tree", parent or "--empty", **index)
        raws = {_raw(content) for content in changes.values()}
        blobs = dict(zip(raws, self._blobs(raws), strict=True))
        lines = (_line(path, content, blobs[_raw(content)]) for path, content in changes.items())
        self.git("update-index", "-z", "--index-info", given=b"".join(lines), **index)
        tree = self.git("write-tree", **index)
        return self.git("commit-tree", tree, *(("-p", parent) if parent else ()), "-m", "file")

    def _blobs(self, raws: Iterable[bytes]) -> list[str]:
        """Store contents, however many in one call of Git; gives their ids."""
        with TemporaryDirectory() as folder:
            files = [Path(folder) / str(number) for number, _ in enumerate(raws)]
            for file, raw in zip(files, raws, strict=True):
                file.write_bytes(raw)
            listed = "".join(f"{file}\n" for file in files)
            return self.git("hash-object", "-w", "--no-filters", "--stdin-paths", given=listed.encode()).splitlines()

    def judge(
        self, changes: Mapping[str, Content], actor: str | None = None, *, today: date = LATER, head: str = ""
    ) -> Judgement:
        """What the gate says of these changes to main, or of a commit made already."""
        head = head or self.commit(changes, self.main)
        with Repository(self.folder) as repository:
            return judge_proposal(repository, "main", head, KINDS, today, actor)

    def codes(self, changes: Mapping[str, Content], actor: str | None = None) -> list[tuple[str, str]]:
        """The findings on these changes, as code and file."""
        return [(f.code, f.file) for f in self.judge(changes, actor).findings]


def _raw(content: Content) -> bytes:
    text = content[1] if isinstance(content, tuple) else content or ""
    return text.encode() if isinstance(text, str) else text


def _line(path: str, content: Content, blob: str) -> bytes:
    mode = content[0] if isinstance(content, tuple) else "0" if content is None else "100644"
    ident = {"0": "0" * 40, "160000": "1" * 40}.get(mode, blob)
    return f"{mode} {ident}\t".encode() + path.encode("utf-8", "surrogateescape") + b"\0"
