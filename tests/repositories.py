"""Real repositories with fixed dates, for tests that need Git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

WHEN = "2023-05-01T09:00:00+0800"


class Work:
    """A repository with a work tree, whose commits carry the dates a test gives; nobody's own settings reach it."""

    def __init__(self, root: Path, *, exists: bool = False) -> None:
        self.root = root
        if not exists:
            root.mkdir(exist_ok=True)
            self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, when: str = WHEN, author: str = "", text: bytes = b"") -> str:
        """What a Git command prints; `when` is the committer's clock, `author` the author's where it differs."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env=_environment(when, author),
            input=text,
            check=True,
            capture_output=True,
        )
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, path: str, text: str | bytes = "x\n") -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    def commit(self, when: str = WHEN, author: str = "") -> str:
        """Commit everything; gives the id."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "file", when=when, author=author)
        return self.head

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def forge(self, when: str, *parents: str, author: str = "a <a@example> 1 +0000") -> str:
        """A commit of what is staged, its dates written raw as nobody's Git would; it becomes main's tip.

        `when` is seconds and zone.
        """
        self.git("add", "-A")
        lines = [f"tree {self.git('write-tree')}", *(f"parent {parent}" for parent in parents)]
        raw = "\n".join([*lines, f"author {author}", f"committer c <c@example> {when}", "", "forged", ""])
        ident = self.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", text=raw.encode())
        self.git("update-ref", "refs/heads/main", ident)
        return ident


def _environment(when: str, author: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    people = {f"GIT_{role}_{part}": "a@example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    dates = {"GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": author or when}
    return {**plain, **people, **dates, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
