"""Checkouts on disk for tests that need real files: the project's own schemas and frame, submissions of one's own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from click.testing import CliRunner, Result
from support import ROOT, Tree

from taizhang.cli import main

MakeOnce = Callable[[str, Callable[[Path], None]], Path]
"""What the fixture `made_once` gives: a folder's name and what fills it become the folder."""


def checkout(folder: Path, tree: Tree) -> Path:
    """Lay out `tree` below `folder` as a checkout that every command works in."""
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    shutil.copytree(ROOT / "site", folder / "site")
    shutil.copy(ROOT / "mkdocs.yml", folder / "mkdocs.yml")
    for path, raw in tree.source().files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)
    return folder


def fill_in(folder: Path) -> None:
    """Put something in every place of a template that is left to the office."""
    for file in folder.rglob("*.yml"):
        file.write_text(file.read_text(encoding="utf-8").replace("请填写", "示例"), encoding="utf-8")


def taizhang(root: Path, *arguments: str) -> Result:
    """Run the command line in-process; its exit code and output are in the result."""
    return CliRunner().invoke(main, ["--root", str(root), *arguments])


def visible(page: str) -> str:
    """What a page of HTML says, without its marks and what they hold."""
    return re.sub(r"<[^>]+>", "", page)


def pages(site: Path) -> Sequence[Path]:
    """Every page of a built site."""
    return sorted(site.rglob("*.html"))
