"""Whether every issue can be counted again: from the commit it cites, or wherever the same records stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from taizhang.bulletins.drafts import frozen_figures
from taizhang.bulletins.issuing.archive import Archive, ArchivedState
from taizhang.bulletins.revisions import Revision, revision_of
from taizhang.campaign.plans import NotPlanned, cut_off_of, period_of, plan_of
from taizhang.figures.frozen import PREVIOUS, TOTAL, Difference, Frozen, cell_text, column_title
from taizhang.findings import Finding
from taizhang.history import HistoryError
from taizhang.intake.kinds import Kind
from taizhang.intake.records import Record
from taizhang.intake.schemas import FieldPath
from taizhang.ledger.ledger import Ledger
from taizhang.workspace import Examination

MOST_NAMED = 20
"""Differing figures of one issue that are named one by one."""

_LOST: Mapping[str, str] = {
    "gone": "仓库里没有提交 {commit}（历史被改写，或者不是同一个仓库）",
    "aside": "提交 {commit} 不在主分支自己的线上（历史被改写，或者引用了别的分支）",
    "shallow": "这是浅克隆，看不到提交 {commit}",
    "no_repository": "这里没有 Git 历史，找不到提交 {commit}",
}
_REMEDY: Mapping[str, str] = {
    "gone": "恢复主分支原来的历史",
    "aside": "恢复主分支原来的历史",
    "shallow": "先运行 git fetch --unshallow",
    "no_repository": "在克隆下来的仓库里核对",
}


@dataclass(frozen=True)
class Verification:
    """What was verified: what is wrong, and for each sound record the ledger that its figures come from."""

    findings: tuple[Finding, ...] = ()
    sources: Mapping[str, Ledger] = field(default_factory=dict)
    """By the path of the record."""


def verify(
    root: Path,
    kinds: Mapping[str, Kind],
    examination: Examination,
    wanted: Callable[[Record], bool] = lambda _: True,
) -> Verification:
    """Count every wanted issue and draft again and compare it cell by cell."""
    findings: list[Finding] = []
    sources: dict[str, Ledger] = {}
    with Archive(root, kinds, examination) as archive:
        for ledger in examination.verdict.ledgers:
            for record in ledger.by_kind.get("bulletins", ()):
                if wanted(record):
                    found, source = _verify(archive, record)
                    findings += found
                    if source:
                        sources[record.path] = source
    return Verification(tuple(sorted(findings)), sources)


def _verify(archive: Archive, record: Record) -> tuple[Sequence[Finding], Ledger | None]:
    """What is wrong with one record; and where nothing is, the ledger that it was counted from."""
    revision = revision_of(record)
    lost, state = _state(archive, record, revision)
    if state is None:
        return [_unfounded(record, revision, lost)], None
    found = [*_edited(archive, record), *_differing(archive, record, revision, state, is_cited=not lost)]
    if found and lost and archive.judges_by_arrival(record.campaign):
        # The same files in another history: when they arrived is no longer to be seen.
        found.insert(0, _unfounded(record, revision, lost))
    return found, None if found else state.ledger


def _unfounded(record: Record, revision: Revision, lost: str) -> Finding:
    values = {"found": _LOST[lost].format(commit=revision.commit[:12]), "remedy": _REMEDY[lost]}
    return record.finding("E-BULLETIN-COMMIT", ("commit",), **values)


def _state(archive: Archive, record: Record, revision: Revision) -> tuple[str, ArchivedState | None]:
    """The state to count from, and why it is not that of the commit cited, if it is not."""
    lost = _lost(archive, revision.commit)
    if not lost:
        return "", archive.at(revision.commit, record.campaign, revision.drafted_on)
    return lost, archive.having(revision.digest, record.campaign, revision.cut_off, revision.drafted_on)


def _lost(archive: Archive, commit: str) -> str:
    if not archive.has_history:
        return "no_repository"
    try:
        place = archive.place(commit)
    except HistoryError:
        return "shallow" if archive.is_shallow else "gone"
    return "" if place else "aside"


def _differing(
    archive: Archive, record: Record, revision: Revision, state: ArchivedState, is_cited: bool
) -> Iterator[Finding]:
    """Everything in which the record differs from what is counted again."""
    if state.digest(revision.cut_off) != revision.digest:
        yield record.finding("E-BULLETIN-DIGEST", ("digest",), commit=revision.commit[:12])
    if is_cited and not archive.is_shallow and archive.line[revision.commit] != revision.entry:
        yield _named(record, ("entry",), "", "台账更新号", str(revision.entry), str(archive.line[revision.commit]))
    if state.ledger is None:
        yield record.finding("E-BULLETIN-DIGEST", ("commit",), commit=revision.commit[:12])
        return
    yield from _differing_figures(record, state.ledger)


def _differing_figures(record: Record, ledger: Ledger) -> Iterator[Finding]:
    try:
        plan = plan_of(ledger.campaign, record.data["bulletin"])
        period = period_of(ledger.campaign, plan, record.data["period"])
    except NotPlanned:
        yield record.finding("E-BULLETIN-DIGEST", ("commit",), commit=record.data["commit"][:12])
        return
    cut_off = cut_off_of(period, plan).isoformat()
    if record.data["cut_off"] != cut_off:
        yield _named(record, ("cut_off",), "", record.kind.label(("cut_off",)), record.data["cut_off"], cut_off)
    found = list(Frozen.read(record).differences(frozen_figures(ledger, plan, period)))
    for difference in islice(found, MOST_NAMED):
        yield _figure(record, ledger, difference)
    if len(found) > MOST_NAMED:
        rest = len(found) - MOST_NAMED
        yield _named(record, ("figures",), "", "其余数字", f"还有 {rest} 处不同", "与台账一致")


def _figure(record: Record, ledger: Ledger, difference: Difference) -> Finding:
    kind, column = record.kind, difference.column
    own = {TOTAL: "合计", PREVIOUS: "上期合计"}
    org = ledger.roll.by_id.get(difference.row)
    row = own.get(difference.row) or (org.name if org else "名册以外的单位")
    rows = record.data["figures"]
    at = next((i for i, r in enumerate(rows) if difference.row in (r.get("unit"), r.get("row"))), None)
    path: FieldPath = ("figures",) if at is None else ("figures", at, column)
    was, now = (cell_text(kind, column, value) for value in (difference.was, difference.now))
    return _named(record, path, row, column_title(kind, column, ledger.campaign.returns_name), was, now)


def _named(record: Record, path: FieldPath, row: str, column: str, recorded: str, counted: str) -> Finding:
    where = f"{row}的“{column}”" if row else f"“{column}”"
    return record.finding("E-BULLETIN-FIGURE", path, where=where, recorded=recorded, counted=counted)


def _edited(archive: Archive, record: Record) -> Iterator[Finding]:
    """What was changed after the record had landed as issued. An archive's history is not that of its filings."""
    if not archive.has_history or not archive.judges_by_arrival(record.campaign):
        return
    for landing, before in archive.versions(record.path):
        if "issued_on" in before.data:
            for name in dict.fromkeys([*before.data, *record.data]):
                if name != "withdrawn" and before.data.get(name) != record.data.get(name):
                    values = {"field": record.kind.label((name,)), "entry": landing.entry}
                    yield record.finding("E-BULLETIN-EDITED", (name,), **values)
            return
