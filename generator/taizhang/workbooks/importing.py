"""What `taizhang import` does between reading a workbook and writing files: plans, judges, words for each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from taizhang.checks.verdict import judge
from taizhang.findings import Finding, Severity
from taizhang.intake.kinds import Kind, parse_date
from taizhang.intake.records import Record
from taizhang.intake.writing import document
from taizhang.ledger.ledger import Ledger
from taizhang.spreadsheets.wording import phrase
from taizhang.workbooks.columns import ColumnLayout, normal
from taizhang.workbooks.drafts import RowDraft, Skipped, read_rows
from taizhang.workbooks.headers import LedgerTable
from taizhang.workbooks.identity import MARK, Filed, Plan, RowMatch, differing, plan
from taizhang.workbooks.values import ReadingContext
from taizhang.workbooks.verdicts import RowOutcome, RowResult, letter, reason_of, understood, weigh
from taizhang.workspace import Examination

MOST_LISTED = 30
"""How many rows one remark names."""


@dataclass(frozen=True)
class ImportJob:
    """One import: for whom, of which kind, in which campaign, on which day."""

    layout: ColumnLayout
    ledger: Ledger
    org: str
    today: date
    examined: Examination
    kinds: Mapping[str, Kind]

    @property
    def kind(self) -> Kind:
        return self.layout.kind

    @property
    def folder(self) -> str:
        return f"submissions/{self.ledger.campaign.id}/{self.org}/{self.kind.name}"

    def path(self, name: str) -> str:
        return f"{self.folder}/{name}.yml"


def reading_context(ledger: Ledger, org: str, today: date) -> ReadingContext:
    """What cells and answers of an organisation are read against."""
    campaign, roll = ledger.campaign, ledger.roll
    names = {normal(name): item.id for item in roll.organisations for name in (item.short_name, item.name, item.id)}
    return ReadingContext(org, campaign.starts_on, campaign.ends_on, today, names)


@dataclass(frozen=True)
class Imported:
    """What comes of an import: a result for each row, and the rows that are to be written, by path."""

    results: Sequence[RowResult]
    new: Mapping[str, Plan]

    @property
    def files(self) -> Mapping[str, str]:
        """The records to be written, by path, each with the mark by which its row is known again."""
        return {path: _with_mark(item) for path, item in self.new.items()}

    @property
    def is_whole(self) -> bool:
        """Whether every row that holds an entry is on file now."""
        return all(result.outcome is not RowOutcome.WRONG for result in self.results)

    def summary(self, dry_run: bool) -> str:
        """How many rows came to what, and what to do next."""
        counts = Counter(result.outcome for result in self.results)
        keys = {outcome: f"count_{outcome.value}" for outcome in RowOutcome}
        if dry_run:
            keys[RowOutcome.WRITTEN] = "count_would"
        totals = "，".join(phrase(keys[outcome], count=counts[outcome]) for outcome in RowOutcome)
        lines = [phrase("total", counts=totals)]
        lines += [phrase("look_through")] if counts[RowOutcome.WRITTEN] and not dry_run else []
        return "\n".join(lines)


def _with_mark(item: Plan) -> str:
    return (f"# {phrase('mark', mark=item.mark)}\n" if item.mark else "") + document(item.draft.data)


def records_on_file(job: ImportJob, folder: Path) -> Filed:
    """What lies in the folder already: every name, the records that could be read, and the marks of earlier imports."""
    files = sorted(folder.glob("*.yml")) if folder.is_dir() else []
    marks: dict[str, str] = {}
    for file in files:
        for mark in MARK.findall(file.read_text(encoding="utf-8", errors="replace")):
            marks.setdefault(mark, file.stem)
    records = {
        record.name: record.data
        for record in job.examined.intake.of(job.kind.name, job.ledger.campaign.id)
        if record.org == job.org
    }
    return Filed(frozenset(file.stem for file in files), records, marks)


def run_import(job: ImportJob, table: LedgerTable, given: Mapping[str, str], filed: Filed) -> Imported:
    """Read every row, judge the records they would be beside those on file, and say what becomes of each."""
    rows = list(read_rows(table, job.layout, reading_context(job.ledger, job.org, job.today), given))
    drafts = [row for row in rows if isinstance(row, RowDraft)]
    findings = {draft.row: weigh(draft, job.layout, job.folder) for draft in drafts}
    sound = [draft for draft in drafts if not _wrong(findings[draft.row])]
    plans = list(plan(job.layout, sound, filed))
    for row, found in _judged(job, plans).items():
        findings[row] += found
    # Numbers are given out again, so that a row refused by the rules leaves no gap.
    plans = list(plan(job.layout, [draft for draft in sound if not _wrong(findings[draft.row])], filed))
    by_row = {item.draft.row: item for item in plans}
    results = [
        _skipped(row) if isinstance(row, Skipped) else _result(job, row, by_row.get(row.row), findings, filed)
        for row in rows
    ]
    new = {job.path(item.name): item for item in plans if item.match is RowMatch.NEW}
    return Imported(results, new)


def _wrong(findings: Iterable[Finding]) -> bool:
    return any(item.severity is Severity.ERROR for item in findings)


def _judged(job: ImportJob, plans: Sequence[Plan]) -> Mapping[int, list[Finding]]:
    """What the rules say of the new records, by row. Rules about time speak of the ledger, not of a row."""
    campaign = job.ledger.campaign
    rows, records = {}, []
    for item in plans:
        if item.match is not RowMatch.NEW:
            continue
        path = job.path(item.name)
        claimed = parse_date(str(item.draft.data["filed_on"])) or job.today
        filed_on = job.today if campaign.data["time"] == "arrival" else claimed
        rows[path] = item.draft.row
        names = (campaign.id, job.org, item.name)
        records.append(Record(path, job.kind, *names, item.draft.document, filed_on, filed_on))
    intake = job.examined.intake
    verdict = judge(replace(intake, records=(*intake.records, *records)), job.kinds, job.today)
    found: dict[int, list[Finding]] = {row: [] for row in rows.values()}
    for told_of in verdict.validity:
        if told_of.file in rows:
            found[rows[told_of.file]].append(told_of)
    return found


def _skipped(row: Skipped) -> RowResult:
    return RowResult(row.row, RowOutcome.SKIPPED, phrase("skipped", reason=phrase(row.reason)))


def _result(
    job: ImportJob, draft: RowDraft, planned: Plan | None, findings: Mapping[int, Sequence[Finding]], filed: Filed
) -> RowResult:
    found = findings[draft.row]
    read = understood(draft, job.layout)
    if planned is None:
        return RowResult(draft.row, RowOutcome.WRONG, phrase("wrong"), read, draft.notes, found)
    match planned.match:
        case RowMatch.NEW:
            said = phrase("written", name=planned.name)
            return RowResult(draft.row, RowOutcome.WRITTEN, said, read, draft.notes, found)
        case RowMatch.SAME:
            return _same(job, draft, planned.name, filed)
        case RowMatch.REPEATED:
            return RowResult(draft.row, RowOutcome.REPEATED, phrase("repeated", row=planned.earlier + 1), read)
        case RowMatch.FULL:
            return RowResult(draft.row, RowOutcome.WRONG, phrase("wrong"), read, (phrase("full"),))
        case RowMatch.UNNAMED:
            key = "name_taken" if draft.name else "unnamed"
            note = phrase(key, name=draft.name, help=job.kind.names.help)
            return RowResult(draft.row, RowOutcome.WRONG, phrase("wrong"), read, (note,))


def _same(job: ImportJob, draft: RowDraft, name: str, filed: Filed) -> RowResult:
    record = filed.records.get(name)
    withdrawn = phrase("withdrawn") if record and "withdrawn" in record else ""
    said = phrase("same", name=name, withdrawn=withdrawn)
    fields = [f"“{job.kind.label((field,))}”" for field in differing(draft, record)] if record else []
    notes = (phrase("differs", fields="、".join(fields)),) if fields else ()
    return RowResult(draft.row, RowOutcome.SAME, said, "", notes)


def remarks(table: LedgerTable, container: Sequence[str]) -> list[str]:
    """What is to be said of the workbook as a whole."""
    sheet = table.sheet
    said = [phrase(key) for key in container]
    if sheet.name:
        said.append(phrase("sheet", sheet=sheet.name, head=table.first))
    if table.others:
        said.append(phrase("other_sheets", sheets="、".join(f"“{name}”" for name in table.others)))
    hidden = sorted(row + 1 for row in sheet.hidden_rows if table.first <= row < len(sheet.rows))
    if hidden:
        rows = "、".join(map(str, hidden[:MOST_LISTED])) + ("等" if len(hidden) > MOST_LISTED else "")
        said.append(phrase("hidden_rows", rows=rows))
    if sheet.formulas:
        said.append(phrase("formulas", count=len(sheet.formulas)))
    unused = [c for c in table.columns if c.target.reason and c.target.reason not in ("serial", "own", "untitled")]
    if unused:
        columns = "；".join(f"{letter(c.position)} 列“{c.title}”（{reason_of(c)}）" for c in unused)
        said.append(phrase("unused", columns=columns))
    return said
