"""Drafting, issuing and correcting bulletins: what goes into which of the office's files, counted from a commit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from importlib import resources
from typing import Any

import yaml

from taizhang.bulletins.drafts import Basis, first_draft, moved, revised
from taizhang.bulletins.issuing.archive import Archive, ArchivedState, MainlineCommit
from taizhang.bulletins.periodic import coming_after
from taizhang.bulletins.revisions import by_period
from taizhang.bulletins.writing import record_text
from taizhang.campaign.campaign import BulletinPlan
from taizhang.campaign.obligations import Obligation
from taizhang.campaign.periods import Period
from taizhang.campaign.plans import BULLETINS, NotPlanned, cut_off_of, period_of, plan_of, planned
from taizhang.campaign.roll import Organisation, Tier
from taizhang.figures.frozen import first_filing
from taizhang.intake.kinds import Kind
from taizhang.intake.records import Record
from taizhang.intake.strict_yaml import REGISTER, load
from taizhang.ledger.ledger import Ledger

_SENTENCES: Mapping[str, str] = yaml.load(
    resources.files(__package__).joinpath("refusals.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)


class Why(Enum):
    """Why nothing can be drafted, issued or corrected."""

    NO_PLAN = "no_plan"
    NO_PERIOD = "no_period"
    NOT_OVER = "not_over"
    NOTHING_FILED = "nothing_filed"
    ON_FILE = "on_file"
    NOT_ISSUED = "not_issued"
    NO_DRAFT = "no_draft"
    OFF_LINE = "off_line"
    UNREADABLE = "unreadable"
    ARCHIVED = "archived"


class CannotIssue(Exception):
    """A bulletin cannot be drafted, issued or corrected; its text says why, with `values` filled in."""

    def __init__(self, why: Why, **values: object) -> None:
        if "kind" in values:
            values["kind"] = BULLETINS[str(values["kind"])]
        super().__init__(_SENTENCES[why.value].format_map(values))
        self.why, self.values = why, values


@dataclass(frozen=True)
class Draft:
    """A record to be written: where, and as what text."""

    path: str
    text: str
    data: Mapping[str, Any]
    moved: tuple[Organisation, ...]
    """Who came onto the roll or left it in mid-period."""
    coming: tuple[Obligation, ...]
    """Deadlines that the requirements may speak of."""


def draft(archive: Archive, ledger: Ledger, kind: str, key: str, today: date, commit: str | None = None) -> Draft:
    """The first revision of an issue. Raises CannotIssue or history.HistoryError."""
    plan, period = _planned(ledger, kind, key)
    _over(ledger, period, plan, today)
    existing = _on_file(ledger).get((kind, key))
    if existing:
        raise CannotIssue(Why.ON_FILE, path=existing[-1].path)
    place = _place(archive, ledger, commit, cut_off_of(period, plan))
    state, basis = _basis(archive, ledger, place, cut_off_of(period, plan), today)
    data = first_draft(_ledger(state, place), plan, period, basis, _bulletins(ledger), today)
    return _drafted(ledger, _ledger(state, place), plan, period, data, f"{kind}-{key}")


def revise(
    archive: Archive, ledger: Ledger, kind: str, key: str, reason: str, today: date, commit: str | None = None
) -> Draft:
    """The next revision of an issue, counted from what is known now. Raises CannotIssue or history.HistoryError."""
    plan, period = _planned(ledger, kind, key)
    _over(ledger, period, plan, today)
    records = _on_file(ledger).get((kind, key), ())
    if not records or "issued_on" not in records[-1].data:
        raise CannotIssue(Why.NOT_ISSUED, key=key)
    last = records[-1]
    place = _place(archive, ledger, commit, None)
    state, basis = _basis(archive, ledger, place, cut_off_of(period, plan), today)
    data = revised(_ledger(state, place), plan, period, basis, last, reason, today)
    return _drafted(ledger, _ledger(state, place), plan, period, data, f"{kind}-{key}-r{data['revision']}")


def unissued(ledger: Ledger, today: date) -> Iterator[tuple[str, str]]:
    """Kind and period of everything whose cut-off is over and that has no record, in the order of the cut-offs."""
    on_file = _on_file(ledger)
    found = [
        (cut_off_of(period, plan), plan.bulletin, period.key)
        for plan in ledger.campaign.bulletins
        for period in planned(ledger.campaign, plan)
        if cut_off_of(period, plan) < today and (plan.bulletin, period.key) not in on_file
    ]
    for _, kind, key in sorted(found):
        yield kind, key


def with_draft(ledger: Ledger, kind: Kind, made: Draft) -> Ledger:
    """The ledger with a draft on file, for drafting the next one."""
    _, campaign, org, _, name = made.path.removesuffix(".yml").split("/")
    day = date.fromisoformat(made.data["filed_on"])
    document = load(made.text.encode(), REGISTER)
    record = Record(made.path, kind, campaign, org, name, document, day, day)
    return replace(ledger, records=(*(r for r in ledger.records if r.path != made.path), record))


def open_draft(ledger: Ledger, kind: str, key: str) -> Record:
    """The draft of an issue that is not issued yet. Raises CannotIssue."""
    records = _on_file(ledger).get((kind, key), ())
    found = next((r for r in reversed(records) if "issued_on" not in r.data and not r.withdrawn), None)
    if found is None:
        raise CannotIssue(Why.NO_DRAFT, key=key)
    return found


def issued_text(record: Record, text: str, issued_on: date) -> str:
    """The text of a draft's file with the day of issue in it, before the figures."""
    lines = text.splitlines(keepends=True)
    at = record.document.key_place(("figures",)).line - 1
    return "".join([*lines[:at], f"issued_on: {issued_on.isoformat()}\n", *lines[at:]])


def _planned(ledger: Ledger, kind: str, key: str) -> tuple[BulletinPlan, Period]:
    try:
        plan = plan_of(ledger.campaign, kind)
    except NotPlanned:
        raise CannotIssue(Why.NO_PLAN, kind=kind, campaign=ledger.campaign.short_title) from None
    try:
        return plan, period_of(ledger.campaign, plan, key)
    except NotPlanned:
        periods = list(planned(ledger.campaign, plan))
        raise CannotIssue(Why.NO_PERIOD, key=key, first=periods[0].key, last=periods[-1].key) from None


def _over(ledger: Ledger, period: Period, plan: BulletinPlan, today: date) -> None:
    """Refuse a day before the cut-off is over, or after the campaign was archived."""
    archived_on = ledger.campaign.archived_on
    if archived_on and today > archived_on:
        raise CannotIssue(Why.ARCHIVED, archived_on=archived_on)
    cut_off = cut_off_of(period, plan)
    if today <= cut_off:
        raise CannotIssue(Why.NOT_OVER, period=period.label, cut_off=cut_off, today=today)


def _place(archive: Archive, ledger: Ledger, commit: str | None, cut_off: date | None) -> MainlineCommit:
    """The commit to count from: the one asked for, the last one by the cut-off where arrival counts, or the newest."""
    if commit is not None:
        place = archive.place(commit)
        if place is None:
            raise CannotIssue(Why.OFF_LINE, commit=commit)
        return place
    if cut_off is None or not archive.judges_by_arrival(ledger.campaign.id):
        newest = archive.place("HEAD")
        if newest is None:
            raise CannotIssue(Why.OFF_LINE, commit="HEAD")
        return newest
    place = archive.last_by(cut_off)
    if place is None:
        raise CannotIssue(Why.NOTHING_FILED, cut_off=cut_off, first="还没有")
    return place


def _basis(
    archive: Archive, ledger: Ledger, place: MainlineCommit, cut_off: date, today: date
) -> tuple[ArchivedState, Basis]:
    archive.repository.refuse_if_shallow()
    state = archive.at(place.commit, ledger.campaign.id, today)
    first = first_filing(state.records)
    if first is None or first > cut_off:
        raise CannotIssue(Why.NOTHING_FILED, cut_off=cut_off, first=first or "还没有")
    return state, Basis(place.commit, place.entry, state.digest(cut_off))


def _ledger(state: ArchivedState, place: MainlineCommit) -> Ledger:
    if state.ledger is None:
        raise CannotIssue(Why.UNREADABLE, commit=place.commit[:12])
    return state.ledger


def _drafted(
    now: Ledger, then: Ledger, plan: BulletinPlan, period: Period, data: Mapping[str, Any], name: str
) -> Draft:
    office = next(org for org in now.roll.organisations if org.tier is Tier.OFFICE)
    path = f"submissions/{now.campaign.id}/{office.id}/bulletins/{name}.yml"
    coming = coming_after(then, cut_off_of(period, plan))
    return Draft(path, record_text(data), data, moved(then, period), coming)


def _on_file(ledger: Ledger) -> Mapping[tuple[str, str], tuple[Record, ...]]:
    return by_period(_bulletins(ledger))


def _bulletins(ledger: Ledger) -> tuple[Record, ...]:
    """Every bulletin of the campaign, whatever the day: no name and no number is given twice."""
    return tuple(record for record in ledger.records if record.kind.name == "bulletins")
