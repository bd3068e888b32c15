"""How the files of a kind are named: numbered through each year, after their period, or after what is in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from taizhang.intake.schemas import Schema


@dataclass(frozen=True)
class Naming:
    """`x-kind.names`: which names a kind's files may have, and which one a new file gets."""

    pattern: re.Pattern[str]
    help: str
    example: str
    by: str | None
    """`number`, `week` or `month`; None for names that say what is inside."""
    starts_with: tuple[str, ...]
    """The fields that a name starts with: it is how a record is found, so it must not mislead."""
    made_of: tuple[str, ...]
    """The fields of which a new name is made."""

    @property
    def is_numbered(self) -> bool:
        return self.by == "number"

    @property
    def rhythm(self) -> str | None:
        """`week` or `month`, where a record is named after its period."""
        return None if self.is_numbered else self.by

    def start(self, data: Mapping[str, Any]) -> str:
        """What the name of a record with these answers starts with."""
        return "-".join(data[name] for name in self.starts_with)

    def made(self, data: Mapping[str, Any]) -> str:
        """The name that a record with these answers gets, as far as they tell one."""
        name = "-".join(str(data[name]).replace("_", "-") for name in self.made_of if data.get(name))
        return name if self.pattern.match(name) else name.lower()


def read_naming(kind: Schema) -> Naming:
    """How an `x-kind` block says that its files are named."""
    names = kind.get("names", {})
    return Naming(
        pattern=re.compile(re.sub(r"\$$", r"\\Z", names.get("pattern", "^[a-z0-9-]+$"))),
        help=names.get("help", ""),
        example=names.get("example", ""),
        by=names.get("by"),
        starts_with=tuple(names.get("starts_with", ())),
        made_of=tuple(names.get("made_of", names.get("starts_with", ()))),
    )
