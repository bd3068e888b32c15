"""Duties and how each organisation met them: 按时, 迟报, 零报告, 未报, 未到期."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from taizhang.campaign.obligations import Duty, Obligation
from taizhang.campaign.roll import Organisation, Roll
from taizhang.intake.records import Record


class Status(StrEnum):
    """How an obligation stands at a date. A nil return in time is NIL; one that came late is LATE."""

    ON_TIME = "on_time"
    NIL = "nil"
    LATE = "late"
    MISSING = "missing"
    NOT_DUE = "not_due"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_received(self) -> bool:
        """实报: filed, whether in time, late or nil."""
        return self in (Status.ON_TIME, Status.NIL, Status.LATE)

    @property
    def is_in_time(self) -> bool:
        return self in (Status.ON_TIME, Status.NIL)


_LABELS = {
    Status.ON_TIME: "按时",
    Status.NIL: "零报告",
    Status.LATE: "迟报",
    Status.MISSING: "未报",
    Status.NOT_DUE: "未到期",
}


@dataclass(frozen=True)
class Return:
    """One obligation of one organisation, with the record that answered it, if any did.

    `filed_on` is the day the obligation was met in full, which for a duty of several parts is the last of them.
    """

    org: Organisation
    obligation: Obligation
    record: Record | None

    @property
    def filed_on(self) -> date | None:
        return self.record.filed_on if self.record else None

    @property
    def is_nil(self) -> bool:
        return bool(self.record and self.record.data.get("nil_return"))

    def status(self, day: date) -> Status:
        """How it stands at the end of `day`. The due day itself is still in time, to 24:00."""
        due = self.obligation.due
        if self.filed_on is None or self.filed_on > day:
            return Status.MISSING if day > due else Status.NOT_DUE
        if self.filed_on > due:
            return Status.LATE
        return Status.NIL if self.is_nil else Status.ON_TIME

    def status_at_close(self, cut_off: date) -> Status:
        """How it stands when `cut_off` is over: what was due that day and did not come is missing by then."""
        status = self.status(cut_off)
        return Status.MISSING if status is Status.NOT_DUE and self.obligation.due <= cut_off else status

    def days_left(self, day: date) -> int:
        """Days until the due day; negative when it has passed."""
        return (self.obligation.due - day).days

    def days_late(self, day: date) -> int:
        """Days between the due day and the filing, or `day` where nothing came; 0 if in time."""
        came = self.filed_on if self.filed_on and self.filed_on <= day else day
        return max(0, (came - self.obligation.due).days)


def returns(roll: Roll, schedule: Sequence[Obligation], records: Iterable[Record]) -> tuple[Return, ...]:
    """Every obligation of every organisation, in the order of the roll and of the due dates."""
    filed: dict[tuple[str, str], list[Record]] = {}
    for record in sorted(records, key=lambda r: (r.filed_on, r.path)):
        if not record.withdrawn:
            filed.setdefault((record.org, record.kind.name), []).append(record)
    return tuple(_all(roll, schedule, filed))


def _all(
    roll: Roll, schedule: Sequence[Obligation], filed: Mapping[tuple[str, str], Sequence[Record]]
) -> Iterator[Return]:
    duties = {o.duty.id: o.duty for o in schedule}
    for org in roll.organisations:
        answers = {key: _by_period(duty, filed.get((org.id, duty.kind), ())) for key, duty in duties.items()}
        for obligation in schedule:
            if obligation.owed_by(org):
                period, fitting = obligation.period, answers[obligation.duty.id]
                named = fitting.get(period.key, ()) if period else ()
                yield Return(org, obligation, _answer(obligation, named or fitting.get("", ())))


def _by_period(duty: Duty, records: Sequence[Record]) -> Mapping[str, Sequence[Record]]:
    """The records that can answer a duty, in the order they came, by the period they name; "" where they name none."""
    found: dict[str, list[Record]] = {}
    for record in records:
        if duty.answered_by(record):
            found.setdefault(record.period_named, []).append(record)
    return found


def _answer(obligation: Obligation, answers: Sequence[Record]) -> Record | None:
    """The record that met the obligation in full: as many as it asks, with all that they must include."""
    count, contents = 0, set[str]()
    for record in answers:
        if not _happened_in_time(obligation, record):
            continue
        count += 1
        contents.update(record.data.get("contents", ()))
        if count >= obligation.duty.count and contents >= obligation.duty.must_include:
            return record
    return None


def _happened_in_time(obligation: Obligation, record: Record) -> bool:
    """Whether what the record tells falls into the period: by the name it bears, else by when it happened."""
    kind, period = record.kind, obligation.period
    if kind.period or kind.period_field:
        return record.period_named == (period.key if period else "")
    happened = record.day(kind.date_field) if kind.date_field else record.filed_on
    return happened >= obligation.opened_on and (period is None or happened in period)
