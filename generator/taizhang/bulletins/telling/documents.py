"""Bulletins as official documents: one neutral value, from which page, DOCX and PDF are made, so that all say the same.

What they say stands in `sections` and `sentences`, the columns of their tables in `columns`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import groupby

from taizhang.bulletins.periodic import Bulletin
from taizhang.bulletins.telling import sections
from taizhang.bulletins.telling.columns import (
    FILING_COLUMNS,
    HAZARD_COLUMNS,
    WORDS,
    StatisticsColumn,
    StatisticsTable,
    filing_rows,
    hazard_rows,
    parts,
    statistics,
    statistics_lead,
    text,
    value,
)
from taizhang.bulletins.telling.sentences.notices import opening, replaces
from taizhang.campaign.plans import BULLETINS
from taizhang.campaign.roll import Tier
from taizhang.disclosure.views import CampaignView
from taizhang.documents.official import (
    BLANK_DAY,
    Addressee,
    Align,
    Annex,
    Attachments,
    Block,
    Cell,
    Imprint,
    Line,
    Masthead,
    Note,
    Number,
    OfficialDocument,
    Row,
    Signature,
    Table,
    Title,
)
from taizhang.documents.outline import outlined
from taizhang.documents.sheets import Value
from taizhang.documents.titles import broken
from taizhang.documents.values import day, rate


class IssueStatus(StrEnum):
    """How a bulletin stands: still a draft, issued, or issued and replaced by a later revision."""

    DRAFT = "draft"
    ISSUED = "issued"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Issue:
    """How a bulletin stands and what its figures rest on."""

    standing: IssueStatus
    issued_on: date | None = None
    of_year: int = 1
    """Which issue of its kind within the calendar year, from 1."""
    revision: int = 1
    reason: str = ""
    """Why it replaces the revision before it."""
    commit: str = ""
    """Where its figures can be counted again; empty where no commit holds all that was counted."""
    entry: int = 0
    digest: str = ""

    @property
    def watermark(self) -> str:
        """What stands across the pages of all but an issued bulletin in force."""
        return {"draft": "草稿", "superseded": "已更正"}.get(self.standing.value, "")


UNISSUED = Issue(IssueStatus.DRAFT)


def issue_of(bulletin: Bulletin, series: Iterable[Bulletin], now: Issue = UNISSUED) -> Issue:
    """How a bulletin stands by its own record; by `now` where nobody has drafted it and all is counted at this moment.
    `series` are the campaign's bulletins, among which it is numbered."""
    year = bulletin.period.end.year
    before = (
        b for b in series if b.kind == bulletin.kind and b.period.end.year == year and b.number <= bulletin.number
    )
    of_year = sum(1 for _ in before)
    revision = bulletin.revision
    if revision is None:
        return replace(now, of_year=of_year)
    standing = (
        IssueStatus.SUPERSEDED
        if bulletin.is_superseded
        else IssueStatus.ISSUED
        if bulletin.is_issued
        else IssueStatus.DRAFT
    )
    return Issue(
        standing,
        issued_on=revision.issued_on,
        of_year=of_year,
        revision=revision.revision,
        reason=revision.reason,
        commit=revision.commit,
        entry=revision.entry,
        digest=revision.digest,
    )


def official(bulletin: Bulletin, campaign: CampaignView, issue: Issue) -> OfficialDocument:
    """The bulletin as the office would sign it: 月通报 upright, 周统计 sideways."""
    weekly = bulletin.kind == "weekly"
    scribe = _Scribe(bulletin, campaign, issue)
    blocks = _weekly(scribe) if weekly else _monthly(scribe)
    return scribe.document(tuple(blocks), landscape=weekly)


def newsletter(bulletin: Bulletin, campaign: CampaignView, issue: Issue) -> OfficialDocument:
    """The newsletter (工作简报) of a month: 第N期 in its year, 总第N期 in the campaign."""
    scribe = _Scribe(bulletin, campaign, issue)
    head = Masthead(
        f"{campaign.short_title}\n工作简报",
        f"第{issue.of_year}期（总第{bulletin.number}期）",
        campaign.fields["office"],
        scribe.signed,
    )
    return scribe.document((head, *outlined(sections.newsletter(bulletin, campaign))))


class _Scribe:
    """What the parts of one document need to know."""

    def __init__(self, bulletin: Bulletin, campaign: CampaignView, issue: Issue) -> None:
        self.bulletin, self.campaign, self.issue = bulletin, campaign, issue
        self.parts = parts(bulletin)

    @property
    def signed(self) -> str:
        """成文日期, or the blank for it."""
        return day(self.issue.issued_on) if self.issue.issued_on else BLANK_DAY

    def document(self, blocks: tuple[Block, ...], landscape: bool = False) -> OfficialDocument:
        title = next(block for block in blocks if isinstance(block, Title | Masthead))
        name = (title.text if isinstance(title, Title) else title.name).replace("\n", "")
        header = "演示数据" if self.campaign.demo else ""
        return OfficialDocument(name, blocks, header, self.issue.watermark, landscape, self.issue.issued_on)

    def imprint(self) -> Iterator[Imprint]:
        """版记: copies go to the committee's office."""
        committees = [unit.org.short_name for unit in self.campaign.units if unit.org.tier is Tier.COMMITTEE]
        yield Imprint("、".join(committees), self.campaign.fields["office"], self.signed)

    def signature(self) -> Iterator[Signature]:
        yield Signature(self.campaign.fields["office"], self.issue.issued_on, seal=False)


def _monthly(scribe: _Scribe) -> Iterator[Block]:
    yield from _monthly_head(scribe)
    yield from outlined(sections.monthly(scribe.bulletin, scribe.campaign))
    annexes = [(WORDS["whole"], True, list(_statistics(scribe)), "table")]
    if scribe.bulletin.open_hazards:
        annexes.append((WORDS["hazards"], True, [_hazards(scribe.bulletin)], "annex"))
    if scribe.bulletin.reporting:
        annexes.append((WORDS["filings"], False, [_filings(scribe.bulletin)], "filings"))
    yield Attachments(tuple(title for title, *_ in annexes))
    yield from scribe.signature()
    yield Note("此件公开发布")
    for number, (title, landscape, blocks, anchor) in enumerate(annexes, 1):
        label = f"附件{number}" if len(annexes) > 1 else "附件"
        yield Annex(label, title, landscape, anchor)
        yield from blocks
    yield from scribe.imprint()


def _monthly_head(scribe: _Scribe) -> Iterator[Block]:
    bulletin, campaign, issue = scribe.bulletin, scribe.campaign, scribe.issue
    month = bulletin.period.label
    yield Title(broken([f"关于{month}份", campaign.short_title, "进展情况的通报"], _TITLE_WIDTH))
    yield Number(f"第{bulletin.number}期" + (f"（第{issue.revision}版）" if issue.revision > 1 else ""))
    # 发文字号 as the office entered it, or the blank it fills in by hand.
    issued = bulletin.words.get("doc_no")
    year = (issue.issued_on or bulletin.cut_off).year
    yield Number(issued) if issued else Number(f"　　　〔{year}〕　号", blank=True)
    yield Addressee("各有关单位：")
    yield from outlined([opening(bulletin, campaign.title), replaces(issue.revision, issue.reason)])


def _weekly(scribe: _Scribe) -> Iterator[Block]:
    bulletin = scribe.bulletin
    revision = f"，第{scribe.issue.revision}版" if scribe.issue.revision > 1 else ""
    table = f"{BULLETINS[bulletin.kind]}表（第{bulletin.number}期{revision}）"
    yield Title(broken([scribe.campaign.short_title, table], _TITLE_WIDTH_SIDEWAYS))
    yield from _statistics(scribe)
    yield from outlined([replaces(scribe.issue.revision, scribe.issue.reason), *sections.weekly(bulletin)])
    if bulletin.open_hazards:
        yield Attachments((WORDS["hazards"],))
    yield from scribe.signature()
    if bulletin.open_hazards:
        yield Annex("附件", WORDS["hazards"], landscape=True, anchor="annex")
        yield _hazards(bulletin)


def _statistics(scribe: _Scribe) -> Iterator[Block]:
    bulletin, issue = scribe.bulletin, scribe.issue
    yield Line(statistics_lead(bulletin), _SMALL)
    for part in scribe.parts:
        if part.name:
            yield Line(part.name, 12)
        yield _table(part, statistics(bulletin.edition))
    yield from (Line(note, _SMALL) for note in notes(bulletin, issue))


def notes(bulletin: Bulletin, issue: Issue) -> Iterator[str]:
    """What stands below the statistical table: who filed, how it adds up, which state of the ledger it counts."""
    f = bulletin.total
    if f.due_n:
        yield WORDS["filing"].format(
            due_n=f.due_n,
            received_n=f.received_n,
            on_time=f.on_time_n + f.nil_n,
            submission_rate=rate(f.submission_rate),
            in_time_rate=rate(f.in_time_rate),
            measure="家" if bulletin.kind == "weekly" else "份",
        )
    yield WORDS["balance"]
    if issue.commit:
        digest = WORDS["source_digest"].format(digest=issue.digest[:16]) if issue.digest else ""
        yield WORDS["source"].format(commit=issue.commit[:12], entry=issue.entry) + digest


_TITLE_WIDTH, _TITLE_WIDTH_SIDEWAYS = 20, 28
"""Characters of a title's size that go on a line of a page: one on its side is 40 of the body's wide."""
_SMALL = 10.5
_TINY = 7
"""Of the statistical table's text, in pt, so that its columns go on one page across."""
_SHORT = 15
"""Lines of a table that is not to be broken between two pages."""


def _table(part: StatisticsTable, columns: Sequence[StatisticsColumn]) -> Table:
    top, below = _headings(columns)
    typed = [[value(head, line) for head in columns] for line in (*part.lines, part.total)]
    body = (Row(tuple(_cells(columns, row, left=("unit", "remark")))) for row in typed)
    rows = (top, below, *body)
    short = len(part.lines) <= _SHORT
    return Table(tuple(h.width for h in columns), rows, heads=2, size=_TINY, padding=0.3, leading=1.4, together=short)


def _headings(heads: Sequence[StatisticsColumn]) -> tuple[Row, Row]:
    """Two rows: groups above their columns, and columns without group over both."""
    top: list[Cell] = []
    below: list[Cell] = []
    for group, members in groupby(heads, key=lambda head: head.group):
        inside = [Cell(head.title, align=Align.CENTRE) for head in members]
        if group:
            top.append(Cell(group, span=len(inside), align=Align.CENTRE))
            below += inside
        else:
            top += [cell._replace(down=2) for cell in inside]
    return Row(tuple(top)), Row(tuple(below))


def _cells(heads: Sequence[StatisticsColumn], row: Sequence[Value], left: Sequence[str]) -> Iterator[Cell]:
    for head, cell in zip(heads, row, strict=True):
        yield Cell(text(head, cell), align=Align.LEFT if head.key in left else Align.CENTRE)


def _listed(
    heads: Sequence[StatisticsColumn], rows: Iterable[Sequence[Value]], left: Sequence[str], size: float
) -> Table:
    top = Row(tuple(Cell(head.name, align=Align.CENTRE) for head in heads))
    body = (Row(tuple(_cells(heads, row, left))) for row in rows)
    return Table(tuple(h.width for h in heads), (top, *body), heads=1, size=size, padding=1, leading=1.3)


def _hazards(bulletin: Bulletin) -> Table:
    return _listed(HAZARD_COLUMNS, hazard_rows(bulletin), ("unit", "title", "place", "clauses", "state"), 9)


def _filings(bulletin: Bulletin) -> Table:
    return _listed(FILING_COLUMNS, filing_rows(bulletin), ("unit",), _SMALL)
