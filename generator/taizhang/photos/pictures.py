"""Cleaned copies of photos, and the addresses they are published under."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from taizhang.intake.attachments import dimensions


@dataclass(frozen=True)
class Picture:
    """The cleaned copy of a photo, with its width and height in pixels."""

    raw: bytes = field(repr=False)
    width: int
    height: int

    @property
    def href(self) -> str:
        """Its address, which is the hash of what is published and tells nothing of the original."""
        return f"photos/{hashlib.sha256(self.raw).hexdigest()}.jpg"


Pictures = Mapping[str, Picture]
"""Cleaned copies by the path of the original."""

NO_PICTURES: Pictures = MappingProxyType({})


def picture(raw: bytes) -> Picture:
    """A cleaned copy. Raises ValueError for bytes that `cleaning.clean` did not make."""
    size = dimensions(raw)
    if size is None:
        raise ValueError("not a cleaned photo")
    return Picture(raw, *size)
