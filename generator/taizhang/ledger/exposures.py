"""Exposures (曝光): the due process from 拟曝光 to 归档, folded to a date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from taizhang.intake.records import Record


class Stage(StrEnum):
    """One step of the process."""

    PROPOSED = "proposed"
    NOTIFIED = "notified"
    REPLIED = "replied"
    APPROVED = "approved"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    DISPUTED = "disputed"
    RECTIFIED = "rectified"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Stage.PROPOSED: "拟曝光",
    Stage.NOTIFIED: "告知单位",
    Stage.REPLIED: "单位说明",
    Stage.APPROVED: "审查同意",
    Stage.PUBLISHED: "曝光",
    Stage.CORRECTED: "更正",
    Stage.DISPUTED: "争议",
    Stage.RECTIFIED: "已整改",
    Stage.WITHDRAWN: "撤回",
    Stage.ARCHIVED: "归档",
}


_PUBLIC = frozenset({Stage.CORRECTED, Stage.DISPUTED, Stage.RECTIFIED, Stage.WITHDRAWN, Stage.ARCHIVED})

FOLLOWS: Mapping[Stage | None, frozenset[Stage]] = MappingProxyType(
    {
        None: frozenset({Stage.PROPOSED}),
        Stage.PROPOSED: frozenset({Stage.NOTIFIED, Stage.WITHDRAWN}),
        Stage.NOTIFIED: frozenset({Stage.REPLIED, Stage.APPROVED, Stage.WITHDRAWN}),
        Stage.REPLIED: frozenset({Stage.APPROVED, Stage.WITHDRAWN}),
        Stage.APPROVED: frozenset({Stage.PUBLISHED, Stage.WITHDRAWN}),
        Stage.PUBLISHED: _PUBLIC,
        Stage.CORRECTED: _PUBLIC,
        Stage.DISPUTED: _PUBLIC,
        Stage.RECTIFIED: _PUBLIC,
        Stage.ARCHIVED: frozenset({Stage.CORRECTED, Stage.WITHDRAWN}),
        Stage.WITHDRAWN: frozenset(),
    }
)
"""Which step may follow which. No jump is legal; a withdrawn exposure stays as a tombstone."""


class ExposureStep(NamedTuple):
    """One step that was taken, with what the record says of it."""

    stage: Stage
    day: date
    by: str
    data: Mapping[str, Any]


class Fault(NamedTuple):
    """Why the steps of a record are not a legal process: the index of the first bad step, the rule, its values."""

    at: int
    code: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Exposure:
    """One exposure; `steps` holds only legal ones, oldest first."""

    record: Record
    steps: tuple[ExposureStep, ...]
    fault: Fault | None

    @property
    def unit(self) -> str:
        return str(self.record.data["unit"])

    @property
    def hazard(self) -> str | None:
        return self.record.data.get("hazard")

    def by(self, day: date) -> tuple[ExposureStep, ...]:
        """The steps taken by the end of `day`."""
        return tuple(s for s in self.steps if s.day <= day)

    def first(self, stage: Stage, day: date) -> date | None:
        """When a stage was first reached, if it was by `day`."""
        return next((s.day for s in self.by(day) if s.stage is stage), None)

    @property
    def first_public(self) -> date | None:
        """The day it was published, if it ever was."""
        return self.first(Stage.PUBLISHED, date.max)

    def stage(self, day: date) -> Stage | None:
        steps = self.by(day)
        return steps[-1].stage if steps else None

    def answer_due(self, day: date) -> date | None:
        """Until when a dispute that stands at the end of `day` is to be answered."""
        steps = self.by(day)
        last = steps[-1] if steps else None
        return date.fromisoformat(last.data["reply_by"]) if last and last.stage is Stage.DISPUTED else None

    def is_public(self, day: date) -> bool:
        """Whether the public may see the page: from publication on, for good, tombstones included."""
        return self.first(Stage.PUBLISHED, day) is not None

    def is_current(self, day: date) -> bool:
        """Whether it stands in the list of current exposures: public, not withdrawn, not archived."""
        stages = {s.stage for s in self.by(day)}
        return Stage.PUBLISHED in stages and not stages & {Stage.WITHDRAWN, Stage.ARCHIVED}


def read_exposure(record: Record) -> Exposure:
    """The exposure in a record, cut off before its first illegal step."""
    steps: list[ExposureStep] = []
    for index, entry in enumerate(record.data["steps"]):
        step = ExposureStep(Stage(entry["step"]), date.fromisoformat(entry["dated"]), entry["by"], entry)
        fault = _fault(index, step, steps)
        if fault:
            return Exposure(record, tuple(steps), fault)
        steps.append(step)
    return Exposure(record, tuple(steps), None)


_NEEDS_REASON = frozenset({Stage.CORRECTED, Stage.DISPUTED, Stage.WITHDRAWN})


def _fault(index: int, step: ExposureStep, before: list[ExposureStep]) -> Fault | None:
    last = before[-1] if before else None
    if step.stage not in FOLLOWS[last.stage if last else None] or (last and step.day < last.day):
        legal = FOLLOWS[last.stage if last else None]
        expected = "、".join(f"“{stage.label}”" for stage in Stage if stage in legal) or "没有下一步（已撤回）"
        after = f"“{last.stage.label}”（{last.day}）之后" if last else "第一步"
        values = {"after": after, "expected": expected, "step": step.stage.label, "day": step.day}
        return Fault(index, "E-EXPOSE-STEP", values)
    if step.stage is Stage.APPROVED and step.by == before[0].by:
        return Fault(index, "E-EXPOSE-SELF", {"by": step.by})
    if step.stage in _NEEDS_REASON and "note" not in step.data:
        return Fault(index, "E-EXPOSE-REASON", {"step": step.stage.label})
    return _unfair(index, step, last)


def _unfair(index: int, step: ExposureStep, last: ExposureStep | None) -> Fault | None:
    """Why the unit did not get its say, or None: a day to answer by is named, and passes unless it has answered."""
    if step.stage is Stage.NOTIFIED:
        until = step.data.get("reply_by")
        if until is None or date.fromisoformat(until) < step.day:
            return Fault(index, "E-EXPOSE-REPLY", {"found": f"写的是 {until}" if until else "没有写"})
    if step.stage is Stage.DISPUTED:
        until = step.data.get("reply_by")
        if until is None or date.fromisoformat(until) < step.day:
            return Fault(index, "E-EXPOSE-LIMIT", {"found": f"写的是 {until}" if until else "没有写"})
    if step.stage is Stage.APPROVED and last and last.stage is Stage.NOTIFIED:
        until = last.data["reply_by"]
        if step.day <= date.fromisoformat(until):
            return Fault(index, "E-EXPOSE-WAIT", {"until": until, "day": step.day})
    return None
