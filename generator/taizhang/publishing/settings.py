"""What `mkdocs.yml` says that others than MkDocs need to know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.utils.yaml import yaml_load

from taizhang.forge.address import read_forge
from taizhang.forge.links import OfficeRepository


def forge_of(root: Path) -> OfficeRepository | None:
    """The office's code platform, from `extra.filing`; None where there is none. Raises ValueError with a sentence."""
    found = read_forge((_settings(root).get("extra") or {}).get("filing"))
    return OfficeRepository(found["forge"], found["repository"], found["branch"]) if found else None


def site_of(root: Path) -> str:
    """The published site's address, from `site_url`, without a slash at its end; empty where there is none."""
    address = str(_settings(root).get("site_url") or "").rstrip("/")
    return address if _ADDRESS.fullmatch(address) else ""


_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)*")


def _settings(root: Path) -> Mapping[str, Any]:
    file = root / "mkdocs.yml"
    if not file.exists():
        return {}
    with file.open("rb") as stream:
        return yaml_load(stream) or {}
