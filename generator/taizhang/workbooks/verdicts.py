"""What is said of each row: the findings of the check, with the row and the column they speak of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from taizhang.findings import Channel, Finding, Sentence, Severity, finding, worded
from taizhang.intake import messages
from taizhang.intake.advice import short
from taizhang.intake.characters import first_forbidden
from taizhang.intake.kinds import Kind
from taizhang.intake.schemas import FieldPath
from taizhang.spreadsheets.wording import phrase
from taizhang.workbooks.columns import ColumnLayout, ColumnRole
from taizhang.workbooks.drafts import RowDraft
from taizhang.workbooks.headers import LedgerColumn, LedgerTable


class RowOutcome(Enum):
    """What became of a row."""

    WRITTEN = "written"
    SAME = "same"
    REPEATED = "repeated"
    WRONG = "wrong"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class RowResult:
    """One row of the sheet, from 0, and everything that is to be said of it."""

    row: int
    outcome: RowOutcome
    said: str
    understood: str = ""
    notes: Sequence[str] = ()
    findings: Sequence[Finding] = ()
    """Their line is the row and their column the column of the sheet, from 1; column 0 is the row as a whole."""

    @property
    def errors(self) -> Sequence[Finding]:
        return [item for item in self.findings if item.severity is Severity.ERROR]


def letter(column: int) -> str:
    """The letters of a column, which counts from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def spot(item: Sentence, table: LedgerTable) -> str:
    """Where in the sheet a finding is: 第 5 行 D 列“整改期限”."""
    column = next((c for c in table.columns if c.position + 1 == item.column), None)
    return f"第 {item.line} 行" + (f" {letter(column.position)} 列“{short(column.title)}”" if column else "")


def report_of(result: RowResult, table: LedgerTable) -> str:
    """Everything that is to be said of a row, on lines of their own."""
    lines = [f"第 {result.row + 1} 行：{result.said}"]
    lines += [f"  {result.understood}"] if result.understood else []
    for item in worded(result.findings, Channel.WORKBOOK):
        lines.append(f"  {spot(item, table)} {item.severity.label} {item.code}：{item.message}")
        lines.append(f"    {item.remedy}（详见 taizhang explain {item.code}）")
    return "\n".join([*lines, *(f"  {note}" for note in result.notes)])


def weigh(draft: RowDraft, layout: ColumnLayout, file: str) -> list[Finding]:
    """Everything the schema and the reader of records would say about the record a draft is to be."""
    kind, document = layout.kind, draft.document
    kind.settle(document.data)
    found = list(_forbidden(draft, file, (), document.data))
    for path in sorted(draft.private, key=str):
        label = kind.label(path)
        found.append(finding("E-BOOK-PRIVATE", file, *document.place(path), field=label))
    if not kind.is_valid(document.data):
        # A cell with somebody's number in it is not repeated.
        found += messages.explain(file, kind, document, draft.private)
    return found


def _forbidden(draft: RowDraft, file: str, path: FieldPath, value: object) -> Iterator[Finding]:
    if isinstance(value, str):
        bad = first_forbidden(value)
        if bad:
            values = {"what": bad.what, "point": f"U+{ord(bad.character):04X}", "advice": bad.advice}
            yield finding("E-CHAR", file, *draft.document.place(path), **values)
    elif isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _forbidden(draft, file, (*path, step), inner)


def understood(draft: RowDraft, layout: ColumnLayout) -> str:
    """What was read, field by field; what is not public is named and not repeated."""
    kind, withheld = layout.kind, {path[0] for path in draft.private}
    shown = [
        f"{layout.public[name]} {_words(kind, (name,), value)}"
        for name, value in draft.data.items()
        if name in layout.public and name not in withheld
    ]
    hidden = [kind.label((name,)) for name in draft.data if name not in layout.public]
    return phrase("read", shown="；".join(shown)) + (phrase("read_private", hidden="、".join(hidden)) if hidden else "")


def _words(kind: Kind, path: FieldPath, value: object) -> str:
    if isinstance(value, bool):
        return phrase("yes" if value else "no")
    if isinstance(value, Mapping):
        parts = [
            f"{kind.field((*path, name)).get('title', name)} {_words(kind, (*path, str(name)), inner)}"
            for name, inner in value.items()
            if kind.visibility((*path, str(name))) == "public"
        ]
        return "，".join(parts)
    if isinstance(value, list):
        return "、".join(_words(kind, (*path, index), inner) for index, inner in enumerate(value))
    schema = kind.field(path)
    if "enum" in schema or "format" in schema or not isinstance(value, str):
        return str(schema.get("x-labels", {}).get(value, short(str(value))))
    return f"“{short(value)}”"


def reason_of(column: LedgerColumn) -> str:
    """Why a column is not used."""
    reason, _, other = column.target.reason.partition(":")
    return phrase(reason, title=short(column.title), letter=letter(int(other)) if other else "")


def destination(column: LedgerColumn, layout: ColumnLayout) -> str:
    """Where a column goes, in words."""
    target = column.target
    if target.role is ColumnRole.LEFT_OUT:
        return reason_of(column)
    if target.role is ColumnRole.FIELD:
        return layout.fields[target.path].title
    special = layout.special.get(target.role.value)
    if target.role is ColumnRole.NAME or not special:
        return phrase(target.role.value)
    names = special.get("fills") or [special[key] for key in ("into", "role", "name") if key in special]
    return "、".join(layout.kind.label((name,)) for name in names)
