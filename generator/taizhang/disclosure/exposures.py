"""Exposures as the public sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from taizhang.disclosure.hazards import HazardView, TimelineEvent
from taizhang.disclosure.photos import photos_of
from taizhang.disclosure.projection import public_fields
from taizhang.disclosure.views import ExposureView, Reply
from taizhang.ledger.exposures import Exposure, Stage
from taizhang.ledger.ledger import Ledger
from taizhang.photos.pictures import Pictures


def published_exposures(
    ledger: Ledger, hazards: Mapping[str, HazardView], pictures: Pictures
) -> Iterator[ExposureView]:
    """Every exposure that was ever public, the newest first, with the photos whose cleaned copies are at hand."""
    published = [e for e in ledger.exposures if e.is_public(ledger.at)]
    for exposure in sorted(published, key=lambda e: (e.first_public or date.max, e.record.path), reverse=True):
        yield _exposure(ledger, exposure, hazards, pictures)


def _exposure(
    ledger: Ledger, exposure: Exposure, hazards: Mapping[str, HazardView], pictures: Pictures
) -> ExposureView:
    record, at = exposure.record, ledger.at
    steps = exposure.by(at)
    stage = steps[-1].stage
    fields = dict(public_fields(record))
    shown = fields["steps"][: len(steps)]
    hazard = hazards.get(exposure.hazard or "")
    withdrawn = any(s.stage is Stage.WITHDRAWN for s in steps)
    if withdrawn:
        # A tombstone says that there was an entry and why it went, and repeats none of it.
        fields = {key: fields[key] for key in ("exposure", "filed_on")}
    replies = () if withdrawn else tuple(_replies(ledger, record.ref))
    rectified_on = (hazard.closed_on if hazard else None) or exposure.first(Stage.RECTIFIED, at)
    return ExposureView(
        campaign=ledger.campaign.id,
        name=record.name,
        number=record.name,
        unit=exposure.unit,
        unit_name=ledger.organisation(exposure.unit).name,
        kind=record.kind.labels("exposure")[record.data["exposure"]],
        fields=fields,
        published_on=exposure.first_public or at,
        stage=stage.value,
        stage_label=stage.label,
        is_current=exposure.is_current(at),
        is_withdrawn=withdrawn,
        rectified_on=rectified_on,
        archived_on=exposure.first(Stage.ARCHIVED, at),
        corrections=tuple(s for s in shown if s["step"] == Stage.CORRECTED and not withdrawn),
        disputed=stage is Stage.DISPUTED,
        reply="" if withdrawn else _noted(shown, replies),
        replies=replies,
        events=tuple(
            TimelineEvent(s.day, s.stage.value, s.stage.label, _step_text(ledger, s.by, words["note"]))
            for s, words in zip(steps, shown, strict=True)
            if not withdrawn or s.stage in (Stage.PUBLISHED, Stage.WITHDRAWN)
        ),
        hazard=None if withdrawn else hazard,
        photos=() if withdrawn else photos_of(record, pictures, rectified=rectified_on is not None),
    )


def _step_text(ledger: Ledger, by: str, note: str | None) -> str:
    name = ledger.organisation(by).name
    return f"{name}：{note}" if note else name


def _replies(ledger: Ledger, exposure: str) -> Iterator[Reply]:
    """What the unit wrote about it, the oldest first."""
    found = [r for r in ledger.filed("replies") if r.data["exposure"] == exposure]
    for record in sorted(found, key=lambda r: (r.day("dated"), r.path)):
        fields = public_fields(record)
        kind = fields["reply"]
        yield Reply(kind, record.kind.labels("reply")[kind], record.day("dated"), fields["text"])


def _noted(steps: Sequence[Mapping[str, Any]], replies: Iterable[Reply]) -> str:
    """The office's note of the unit's answer, where the answer itself is not on file."""
    if any(reply.kind == "statement" for reply in replies):
        return ""
    return next((s["note"] or "" for s in reversed(steps) if s["step"] == Stage.REPLIED), "")
