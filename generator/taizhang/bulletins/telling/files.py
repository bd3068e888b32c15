"""The files of a bulletin, to be read, signed and calculated with: DOCX, PDF, XLSX, CSV, all from the same values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from taizhang.bulletins.periodic import Bulletin
from taizhang.bulletins.telling.columns import (
    FILING_COLUMNS,
    HAZARD_COLUMNS,
    WORDS,
    StatisticsColumn,
    StatisticsTable,
    filing_rows,
    flat,
    hazard_rows,
    parts,
    statistics,
    statistics_lead,
    value,
)
from taizhang.bulletins.telling.documents import Issue, newsletter, notes, official
from taizhang.campaign.plans import BULLETINS
from taizhang.disclosure.views import CampaignView
from taizhang.documents.docx_layout import as_docx
from taizhang.documents.fonts import Fonts
from taizhang.documents.official import OfficialDocument
from taizhang.documents.pdf import as_pdf
from taizhang.documents.sheets import Column, Sheet, Value, as_csv, as_xlsx
from taizhang.documents.values import day


class ExportFile(NamedTuple):
    """A file that can be made: its name, what a link to it says, all that its bytes follow from, how to make them."""

    name: str
    label: str
    content: object
    make: Callable[[], bytes]


def files(bulletin: Bulletin, campaign: CampaignView, issue: Issue, fonts: Fonts | None) -> Iterator[ExportFile]:
    """Every file of an issue, in the order they are linked. Without fonts there is no PDF."""
    name = bulletin.name if issue.revision == 1 else f"{bulletin.name}-r{issue.revision}"
    yield from _printed(name, "", official(bulletin, campaign, issue), fonts)
    book = sheets(bulletin, campaign, issue)
    dated = issue.issued_on or bulletin.cut_off
    yield ExportFile(f"{name}.xlsx", "Excel", (book, dated), partial(as_xlsx, book, dated, book[0].title))
    table = _statistics(flat(bulletin), bulletin)
    yield ExportFile(f"{name}.csv", "CSV", table, partial(as_csv, table))
    if bulletin.kind == "monthly":
        brief = newsletter(bulletin, campaign, issue)
        yield from _printed(name.replace("monthly", "newsletter"), "工作简报 ", brief, fonts)


def _printed(name: str, label: str, document: OfficialDocument, fonts: Fonts | None) -> Iterator[ExportFile]:
    yield ExportFile(f"{name}.docx", f"{label}Word", document, partial(as_docx, document))
    if fonts:
        yield ExportFile(f"{name}.pdf", f"{label}PDF", (document, fonts.faces), partial(as_pdf, document, fonts))


def sheets(bulletin: Bulletin, campaign: CampaignView, issue: Issue) -> tuple[Sheet, ...]:
    """The workbook: the statistics, a sheet for each county where there are any, the annexes."""
    table = "表" if bulletin.kind == "weekly" else "统计表"
    title = f"{campaign.short_title}{BULLETINS[bulletin.kind]}{table}（第{bulletin.number}期）"
    notes_ = tuple(notes(bulletin, issue))
    tables = [_statistics(part, bulletin, title, notes_) for part in parts(bulletin)]
    annexes = (
        (WORDS["hazards"], HAZARD_COLUMNS, hazard_rows(bulletin)),
        (WORDS["filings"], FILING_COLUMNS, filing_rows(bulletin)),
    )
    listed = [_listed(name, heads, tuple(rows), bulletin.period.end) for name, heads, rows in annexes]
    return (*tables, *(sheet for sheet in listed if sheet.rows))


def _statistics(part: StatisticsTable, bulletin: Bulletin, title: str = "", below: tuple[str, ...] = ()) -> Sheet:
    columns = statistics(bulletin.edition)
    rows = tuple(tuple(value(head, line) for head in columns) for line in part.lines)
    return Sheet(
        name=part.name or WORDS["whole"],
        columns=tuple(_column(head) for head in columns),
        rows=rows,
        total=tuple(value(head, part.total) for head in columns),
        title=f"{title} {part.name}".strip(),
        lead=statistics_lead(bulletin),
        notes=() if part.name else below,
        fixed=2,
    )


def _listed(name: str, heads: Sequence[StatisticsColumn], rows: Sequence[Sequence[Value]], at: date) -> Sheet:
    until = WORDS["until"].format(day=day(at))
    return Sheet(name, [_column(head, wide=True) for head in heads], rows, title=name, lead=until, fixed=2)


def _column(head: StatisticsColumn, wide: bool = False) -> Column:
    """A column of the workbook. A digit's width is about 2 mm; a narrow column of paper gets a little more here."""
    width = max(head.width / 2, 6) if wide else max(head.width * 0.85, 5.5)
    return Column(head.name, head.kind, round(width, 1), head.group)
