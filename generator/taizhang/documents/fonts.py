"""The fonts of official documents in PDF: what a machine has of those that GB/T 9704-2012 asks for, and substitutes.

The fonts of the standard belong to those who licensed them and are not shipped. What a machine lacks is replaced by a
font with the same characters, and the document says so; no character ever becomes a box (see `pdf`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import typst
import yaml

_TEXT = resources.files("taizhang.documents").joinpath("fonts.yml").read_text(encoding="utf-8")
_WORDING: Mapping[str, Any] = yaml.load(_TEXT, Loader=yaml.CSafeLoader)


class Face(NamedTuple):
    """What one part of a document is set in: families in the order they are asked for a character."""

    families: tuple[str, ...]
    weight: int


@dataclass(frozen=True)
class Fonts:
    """The fonts of a machine as far as official documents need them."""

    found: typst.Fonts
    faces: Mapping[str, Face]
    """By part: title, fang, kai, hei, song."""
    note: str
    """Which fonts were replaced by which, as printed; empty where all are there."""


@cache
def fonts_on(folder: Path | None = None) -> Fonts | None:
    """The fonts of this machine and of the extra `taizhang[fonts]`, or of one folder alone; None where no Chinese font
    is among them."""
    paths = [str(folder)] if folder else _packaged()
    found = typst.Fonts(include_system_fonts=folder is None, include_embedded_fonts=False, font_paths=paths)
    faces, note = chosen(frozenset(found.families()))
    return Fonts(found, faces, note) if faces else None


def _packaged() -> list[str]:
    """The folder of the fonts that come as a Python package, where that is installed."""
    package = find_spec(_WORDING["package"])
    return list(package.submodule_search_locations or ()) if package else []


def chosen(there: Set[str]) -> tuple[Mapping[str, Face], str]:
    """For every part the first of its fonts that is there, then whatever has the characters that font lacks; and what
    is printed of replacements. No parts where not one Chinese font is there."""
    last = [family for family in _WORDING["last"] if family in there]
    faces: dict[str, Face] = {}
    replaced: dict[str, list[str]] = {}
    for role, entry in _WORDING["roles"].items():
        wanted = [family for family in entry["wanted"] if family in there]
        others = [family for family in entry["substitutes"] if family in there]
        chain = tuple(dict.fromkeys([*wanted[:1], *others[:1], *last]))
        if not chain:
            return {}, ""
        faces[role] = Face(chain, entry["weight"])
        if not wanted:
            replaced.setdefault(chain[0], []).append(entry["name"])
    return faces, _note(replaced)


def _note(replaced: Mapping[str, Sequence[str]]) -> str:
    said = [_WORDING["replaced"].format(names="、".join(names), family=family) for family, names in replaced.items()]
    return str(_WORDING["note"].format(replaced="；".join(said))) if said else ""
