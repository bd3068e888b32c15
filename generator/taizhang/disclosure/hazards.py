"""What the public may see of a hazard, and how it comes from the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from taizhang.campaign.criteria import Clause
from taizhang.disclosure.projection import may_be_public, public_fields
from taizhang.intake.records import Record
from taizhang.ledger.closed_loop import State
from taizhang.ledger.hazards import Extension, Hazard, Step
from taizhang.ledger.ledger import Ledger


class TimelineEvent(NamedTuple):
    """A dated line of a timeline. `kind` picks the mark that stands before it."""

    day: date
    kind: str
    title: str
    text: str
    href: str = ""


class Pointer(NamedTuple):
    """Where a hazard went that is no longer worked on here."""

    text: str
    href: str


@dataclass(frozen=True)
class HazardView:
    """A hazard the public may see. Money in 元."""

    ref: str
    number: str
    unit: str
    unit_name: str
    fields: Mapping[str, Any]
    """The public fields of the hazard's record."""
    words: Mapping[str, str]
    """The Chinese words for its choice fields: category, nature, source."""
    level: str
    state: str
    state_label: str
    is_open: bool
    discovered_on: date
    original_deadline: date | None
    deadline: date | None
    days_overdue: int
    times_extended: int
    times_failed: int
    times_relapsed: int
    closed_on: date | None
    legacy: bool
    essentials: Mapping[str, bool]
    clauses: tuple[Clause, ...]
    supervised: str
    """挂牌督办: its level in words; empty where there is none."""
    suspended: str
    """停产停业: 局部 or 全部; empty where there is none."""
    pointer: Pointer | None
    """Where it went, if it was handed over or merged."""
    events: tuple[TimelineEvent, ...]

    @property
    def anchor(self) -> str:
        """Where on its unit's page it stands."""
        return anchor_of(self.ref)


def anchor_of(ref: str) -> str:
    """Where on its unit's page a hazard stands."""
    return "hazard-" + ref.replace("/", "-")


def hazard_view(ledger: Ledger, hazard: Hazard) -> HazardView:
    """The public side of one hazard."""
    record, case = hazard.case.record, hazard.case
    fields = public_fields(record)
    return HazardView(
        ref=hazard.ref,
        number=record.name,
        unit=hazard.unit,
        unit_name=ledger.organisation(hazard.unit).name,
        fields=fields,
        words={name: record.kind.labels(name)[fields[name]] for name in ("category", "nature", "source")},
        level=hazard.level.label,
        state=hazard.state.value,
        state_label=hazard.state.label,
        is_open=hazard.state.is_open,
        discovered_on=record.day("discovered_on"),
        original_deadline=case.original_deadline,
        deadline=hazard.deadline,
        days_overdue=hazard.days_overdue,
        times_extended=hazard.times_extended,
        times_failed=hazard.times_failed,
        times_relapsed=hazard.times_relapsed,
        closed_on=hazard.closed_on,
        legacy=hazard.legacy,
        essentials=case.five_essentials,
        clauses=tuple(ledger.criteria[ref] for ref in _clauses(hazard)),
        supervised=_supervised(hazard),
        suspended={"full": "全部", "partial": "局部"}.get(hazard.flags.suspended or "", ""),
        pointer=_pointer(ledger, hazard),
        events=tuple(sorted(_events(ledger, hazard), key=lambda e: e.day)),
    )


def _events(ledger: Ledger, hazard: Hazard) -> Iterator[TimelineEvent]:
    yield from _steps(ledger, hazard)
    yield from _extensions(ledger, hazard)
    yield from _orders(ledger, hazard)


def _orders(ledger: Ledger, hazard: Hazard) -> Iterator[TimelineEvent]:
    """What superiors ordered about the hazard, and what they lifted again."""
    for order in hazard.case.orders:
        given, lifted = order.record, order.lifted_by
        if given.filed_on <= hazard.day:
            fields = public_fields(given)
            until = f"限{_day(fields['deadline'])}前完成。" if fields["deadline"] else ""
            text = f"{ledger.organisation(given.org).name}：{until}{fields['content']}"
            yield TimelineEvent(given.filed_on, "order", order_label(given), text)
        if lifted and lifted.filed_on <= hazard.day:
            text = f"{ledger.organisation(lifted.org).name}：{public_fields(lifted)['content']}"
            yield TimelineEvent(lifted.filed_on, "lifted", f"解除{order_label(given)}", text)


def order_label(record: Record) -> str:
    """What an order is called: 挂牌督办（县级）, 停产停业（局部）, 督促函."""
    fields = public_fields(record)
    match fields["order"]:
        case "supervise" if fields["supervision_level"]:
            return f"挂牌督办（{record.kind.labels('supervision_level')[fields['supervision_level']]}）"
        case "suspend_partial":
            return "停产停业（局部）"
        case "suspend_full":
            return "停产停业（全部）"
        case other:
            return record.kind.labels("order")[other]


def _supervised(hazard: Hazard) -> str:
    level = hazard.flags.supervised
    return hazard.case.orders[0].record.kind.labels("supervision_level")[level] if level else ""


def _pointer(ledger: Ledger, hazard: Hazard) -> Pointer | None:
    """For a hazard that was handed over or merged, to whom or into which."""
    fields = public_fields(hazard.step.record)
    if hazard.state is State.TRANSFERRED:
        return Pointer(f"已移交{fields['transferred_to'] or '其他部门'}", "")
    if hazard.state is not State.MERGED:
        return None
    into = ledger.hazard_by_ref.get(fields["merged_into"] or "")
    if into is None or not may_be_public(into):
        return Pointer("已并入另一条隐患", "")
    title = public_fields(into.case.record)["title"]
    return Pointer(f"已并入“{title}”", f"units/{ledger.campaign.id}/{into.unit}/#{anchor_of(into.ref)}")


def _clauses(hazard: Hazard) -> list[str]:
    """Clauses that the hazard or its determinations cite, each once."""
    cited = [ref for step in hazard.steps for ref in step.record.data.get("criteria", ())]
    return list(dict.fromkeys([*hazard.case.record.data.get("criteria", ()), *cited]))


_TEXT = {"determinations": "basis", "rectifications": "progress", "acceptances": "opinion"}


def _steps(ledger: Ledger, hazard: Hazard) -> Iterator[TimelineEvent]:
    for step in hazard.steps:
        yield TimelineEvent(step.day, step.event.value, step.event.label, _told(ledger, hazard, step))


def _told(ledger: Ledger, hazard: Hazard, step: Step) -> str:
    """Who said it, and in which words."""
    record = step.record
    fields = public_fields(record)
    text = fields.get(_TEXT.get(record.kind.name, "")) or ""
    if record.kind.name == "inspections":
        text = next((i["note"] or "" for i in fields["look_back"] if i["hazard"] == hazard.ref), "")
    if step.event.value == "fixed_on_the_spot":
        text = fields["fixed_on_the_spot"]["measures"]
    name = ledger.organisation(record.org).name
    return f"{name}：{text}" if text else name


def _extensions(ledger: Ledger, hazard: Hazard) -> Iterator[TimelineEvent]:
    for extension in hazard.case.extensions:
        yield from _extension(ledger, extension, hazard.day)


def _extension(ledger: Ledger, extension: Extension, day: date) -> Iterator[TimelineEvent]:
    application, decision = extension.application, extension.decision
    if application.filed_on <= day:
        fields = public_fields(application)
        current, wanted = _day(fields["current_deadline"]), _day(fields["requested_deadline"])
        wish = f"申请由{current}延至{wanted}。理由：{fields['reason']}"
        yield TimelineEvent(
            application.filed_on, "extension", "申请延期", f"{ledger.organisation(application.org).name}：{wish}"
        )
    if decision and decision.filed_on <= day:
        fields = public_fields(decision)
        title = f"同意延期至{_day(fields['new_deadline'])}" if fields["decision"] == "approved" else "不同意延期"
        yield TimelineEvent(
            decision.filed_on, "extension", title, f"{ledger.organisation(decision.org).name}：{fields['opinion']}"
        )


def _day(text: str) -> str:
    """A day of a record as text has it: 2023年5月25日."""
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"
