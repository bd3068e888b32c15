"""An office's repository as it is served: bare, with the program, the schemas and a tree of filings on main."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from support import ROOT, Tree

ENVIRONMENT = {
    **{key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "GITHUB_", "TAIZHANG_"))},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "TAIZHANG_PYTHON": sys.executable,
    **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "somebody"),
    **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "somebody@example"),
}
CLERKS = {"bureau": "bureau-clerk", "east-hospital": "east-clerk", "west-hospital": "west-clerk"}
PROGRAM = ("generator", "schemas", "site", "hooks", ".github", "requirements")
SINGLE = ("mkdocs.yml", "pyproject.toml")


def git(folder: Path, *arguments: str, **more: str) -> str:
    """Run Git in `folder`; what it printed. Fails with what it complained of."""
    done = tried(folder, *arguments, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def tried(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run Git in `folder`, whatever comes of it."""
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, env={**ENVIRONMENT, **more}, capture_output=True, text=True, check=False)


def tree_with_clerks() -> Tree:
    """The tiny campaign, with somebody to file for its office and its two hospitals."""
    tree = Tree()
    # Such an office is looked at as of today, years later: it would have hundreds.
    tree.campaign["bulletins"] = []
    for org, login in CLERKS.items():
        tree.organisation(org)["submitters"] = [login]
    return tree


def serve(folder: Path, tree: Tree) -> Path:
    """Lay out a bare repository at `folder` whose main holds the program and `tree`."""
    work = folder.with_name(f"{folder.name}-first")
    work.mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__")
    for name in PROGRAM:
        shutil.copytree(ROOT / name, work / name, ignore=ignored)
    for name in SINGLE:
        shutil.copy(ROOT / name, work / name)
    (work / ".gitignore").write_text("/build/\n__pycache__/\n")
    write(work, tree.source().files)
    git(work, "init", "--quiet", "--initial-branch=main")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message=begin")
    git(work, "clone", "--quiet", "--bare", ".", str(folder))
    shutil.rmtree(work)
    return folder


def clone(served: Path, folder: Path) -> Path:
    """Somebody's clone of a served repository."""
    git(served, "clone", "--quiet", str(served), str(folder))
    return folder


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)


def commit(folder: Path, files: Mapping[str, str | bytes], **more: str) -> str:
    """Commit these files in a clone; gives the commit's id."""
    write(folder, files)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=file", **more)
    return git(folder, "rev-parse", "HEAD")
