"""What a repository of one's own starts from: the kit that every one needs, and a template with a campaign."""

from __future__ import annotations

import shutil
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import taizhang
from taizhang import history

KIT = ("schemas", "site", "mkdocs.yml", "submissions/criteria")
"""What every repository needs besides its own campaign, by its path here and there."""
TEMPLATES = "docs/templates"


def kit_folder() -> Path | None:
    """Where the kit and the templates lie: the checkout that the program runs from, or what was installed with it."""
    installed = Path(sysconfig.get_path("data")) / "share" / "taizhang"
    folders = (Path(taizhang.__file__).parents[2], installed)
    return next((folder for folder in folders if (folder / TEMPLATES).is_dir()), None)


def templates(kit: Path) -> Mapping[str, Path]:
    """Every template by its name."""
    return {folder.name: folder for folder in sorted((kit / TEMPLATES).iterdir()) if folder.is_dir()}


def begin(kit: Path, template: Path, folder: Path) -> int:
    """Lay out a new repository in a folder that is empty or not yet there; gives how many data files it has."""
    for name in KIT:
        _copy(kit / name, folder / name)
    _copy(template, folder)
    history.begin(folder)
    return sum(1 for file in (folder / "submissions").rglob("*") if file.is_file())


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
