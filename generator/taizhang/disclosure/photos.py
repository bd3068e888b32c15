"""Photos of exposures as the public sees them: which are published, and under which address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from taizhang.disclosure.projection import public_fields
from taizhang.intake.attachments import path_of
from taizhang.intake.records import Record
from taizhang.ledger.exposures import Stage
from taizhang.ledger.ledger import Ledger
from taizhang.photos.pictures import Pictures

AFTER = "after"


class Photo(NamedTuple):
    """A photo on a page."""

    href: str
    width: int
    height: int
    caption: str
    label: str
    """整改前, 整改后, or empty."""
    is_after: bool


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
