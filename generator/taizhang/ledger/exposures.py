"""Exposures (曝光): the due process from 拟曝光 to 归档, folded to a date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


class ExposureStep(NamedTuple):
    """One step that was taken, with what the record says of it."""

    stage: Stage
    day: date
    by: str
    data: Mapping[str, Any]


class Safeguard(NamedTuple):
    """What a step hangs on: the rule that a refusal names, and whether it holds."""

    code: str
    holds: Callable[[ExposureStep, Sequence[ExposureStep], str], bool]
    """Given the step, those before it, and the unit that is exposed."""


def _names_a_day(step: ExposureStep, *_: object) -> bool:
    until = step.data.get("reply_by")
    return until is not None and date.fromisoformat(until) >= step.day


def _was_heard(step: ExposureStep, before: Sequence[ExposureStep], _: str) -> bool:
    """Whether the unit has answered, or the last day for that is over."""
    last = before[-1]
    # The last day is the unit's own to its end, so "later than", not "from".
    return last.stage is Stage.REPLIED or step.day > date.fromisoformat(last.data["reply_by"])


HAS_TIME_TO_REPLY = Safeguard("E-EXPOSE-REPLY", _names_a_day)
HAS_LIMIT = Safeguard("E-EXPOSE-LIMIT", _names_a_day)
WAS_HEARD = Safeguard("E-EXPOSE-WAIT", _was_heard)
IS_BY_THE_UNIT = Safeguard("E-EXPOSE-REPLIED", lambda step, _, unit: step.by == unit)
"""Nobody answers for the unit: its answer ends the time that it has."""
IS_BY_ANOTHER = Safeguard("E-EXPOSE-SELF", lambda step, before, _: step.by != before[0].by)
"""Two bodies: who proposes an exposure does not approve it."""
HAS_REASON = Safeguard("E-EXPOSE-REASON", lambda step, *_: "note" in step.data)


class Passage(NamedTuple):
    """How a step may be taken: which steps it follows, and what it hangs on."""

    after: frozenset[Stage | None]
    when: tuple[Safeguard, ...] = ()


_SHOWN = frozenset({Stage.PUBLISHED, Stage.CORRECTED, Stage.DISPUTED, Stage.RECTIFIED})

PASSAGES: Mapping[Stage, Passage] = MappingProxyType(
    {
        Stage.PROPOSED: Passage(frozenset({None})),
        Stage.NOTIFIED: Passage(frozenset({Stage.PROPOSED}), (HAS_TIME_TO_REPLY,)),
        Stage.REPLIED: Passage(frozenset({Stage.NOTIFIED}), (IS_BY_THE_UNIT,)),
        Stage.APPROVED: Passage(frozenset({Stage.NOTIFIED, Stage.REPLIED}), (IS_BY_ANOTHER, WAS_HEARD)),
        Stage.PUBLISHED: Passage(frozenset({Stage.APPROVED})),
        # The page stays for good, so an error on it can be mended even when it is archived.
        Stage.CORRECTED: Passage(_SHOWN | {Stage.ARCHIVED}, (HAS_REASON,)),
        Stage.DISPUTED: Passage(_SHOWN, (HAS_REASON, HAS_LIMIT)),
        Stage.RECTIFIED: Passage(_SHOWN),
        Stage.WITHDRAWN: Passage(frozenset(Stage) - {Stage.WITHDRAWN}, (HAS_REASON,)),
        Stage.ARCHIVED: Passage(_SHOWN),
    }
)
"""Which step may follow which, and when. No jump is legal, and nothing goes back in time; a withdrawn exposure stays
as a tombstone. tests/tables draws it by hand."""


def steps_after(last: Stage | None) -> tuple[Stage, ...]:
    """The steps that may follow one; None stands for the beginning."""
    return tuple(stage for stage, way in PASSAGES.items() if last in way.after)


class ExposureFault(NamedTuple):
    """Why the steps of a record are not a legal process: the index of the first bad step, the rule, its values."""

    at: int
    code: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Exposure:
    """One exposure; `steps` holds only legal ones, oldest first."""

    record: Record
    steps: tuple[ExposureStep, ...]
    fault: ExposureFault | None

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
        fault = _fault(index, step, steps, record.data["unit"])
        if fault:
            # What was lawful stays in force; whatever follows rests on a step that was never taken.
            return Exposure(record, tuple(steps), fault)
        steps.append(step)
    return Exposure(record, tuple(steps), None)


def _fault(index: int, step: ExposureStep, before: Sequence[ExposureStep], unit: str) -> ExposureFault | None:
    """Why a step may not be taken now, or None."""
    last = before[-1] if before else None
    legal = steps_after(last.stage if last else None)
    # Steps of one day count in the order in which they are written: a record knows days, not hours.
    if step.stage not in legal or (last and step.day < last.day):
        expected = "、".join(f"“{stage.label}”" for stage in legal) or "没有下一步（已撤回）"
        after = f"“{last.stage.label}”（{last.day}）之后" if last else "第一步"
        values = {"after": after, "expected": expected, "step": step.stage.label, "day": step.day}
        return ExposureFault(index, "E-EXPOSE-STEP", values)
    unmet = next((guard for guard in PASSAGES[step.stage].when if not guard.holds(step, before, unit)), None)
    if unmet is None:
        return None
    named, until = step.data.get("reply_by"), last.data.get("reply_by") if last else None
    found = f"写的是 {named}" if named else "没有写"
    values = {"by": step.by, "step": step.stage.label, "day": step.day, "until": until, "found": found, "unit": unit}
    return ExposureFault(index, unmet.code, values)
