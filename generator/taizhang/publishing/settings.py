"""What `mkdocs.yml` says that others than MkDocs need to know."""

from __future__ import annotations

from pathlib import Path

from mkdocs.utils.yaml import yaml_load

from taizhang.forge.address import read_forge
from taizhang.forge.links import OfficeRepository


def forge_of(root: Path) -> OfficeRepository | None:
    """The office's code platform, from `extra.filing`; None where there is none. Raises ValueError with a sentence."""
    file = root / "mkdocs.yml"
    if not file.exists():
        return None
    with file.open("rb") as stream:
        settings = yaml_load(stream) or {}
    found = read_forge((settings.get("extra") or {}).get("filing"))
    return OfficeRepository(found["forge"], found["repository"], found["branch"]) if found else None
