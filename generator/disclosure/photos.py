"""Photos of exposures as the public sees them: which are published, and under which address."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from generator.disclosure.projection import public_fields
from generator.intake.attachments import dimensions, path_of
from generator.intake.records import Record
from generator.ledger.exposures import Stage
from generator.ledger.ledger import Ledger

AFTER = "after"


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


class Photo(NamedTuple):
    """A photo on a page."""

    href: str
    width: int
    height: int
    caption: str
    label: str
    """整改前, 整改后, or empty."""
    is_after: bool


def picture(raw: bytes) -> Picture:
    """A cleaned copy. Raises ValueError for bytes that `images.clean` did not make."""
    size = dimensions(raw)
    if size is None:
        raise ValueError("not a cleaned photo")
    return Picture(raw, *size)


def published_files(ledger: Ledger) -> Iterator[str]:
    """The path of every photo that an exposure which the public sees at the ledger's date may show."""
    for exposure in ledger.exposures:
        stages = {step.stage for step in exposure.by(ledger.at)}
        if exposure.is_public(ledger.at) and Stage.WITHDRAWN not in stages:
            yield from (path for path, _ in _entries(exposure.record))


def photos_of(record: Record, pictures: Pictures, *, rectified: bool) -> Sequence[Photo]:
    """The photos of an exposure: before and after, the latter only once it is `rectified`."""
    labels = record.kind.field(("photos", 0, "stage"))["x-labels"]
    shown = [
        (pictures[path], fields)
        for path, fields in _entries(record)
        if path in pictures and (rectified or fields["stage"] != AFTER)
    ]
    shown.sort(key=lambda entry: entry[1]["stage"] == AFTER)
    return tuple(
        Photo(c.href, c.width, c.height, fields["caption"], labels.get(fields["stage"], ""), fields["stage"] == AFTER)
        for c, fields in shown
    )


def _entries(record: Record) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each photo that somebody vouched for: its path and its public fields."""
    entries = zip(record.data.get("photos", ()), public_fields(record)["photos"] or (), strict=True)
    for entry, fields in entries:
        if entry["no_person_no_document"] is True:
            yield path_of(record.campaign, entry["file"]), fields
