"""What bulletins say of themselves and of what comes: revisions, corrections, deadlines, the office's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from taizhang.bulletins.periodic import Bulletin
from taizhang.bulletins.revisions import Correction, FigureChange
from taizhang.campaign.obligations import Obligation
from taizhang.campaign.plans import BULLETINS
from taizhang.documents.linked import NOTHING, LinkedText, joined, one_line
from taizhang.documents.values import day, sentence, short_day

_FILED = ("reports", "weekly", "monthly")
"""The kinds of duties that are met by filing what they name; the others by doing it."""


def opening(bulletin: Bulletin, campaign_title: str) -> LinkedText:
    """The sentences that open a monthly bulletin: what it is about, and up to when it counts."""
    until, cut_off = day(bulletin.period.end), day(bulletin.cut_off)
    return LinkedText(
        f"按照{campaign_title}的安排，现将{bulletin.period.label}份进展情况通报如下。"
        f"隐患情况统计至{until}24时，报送情况统计至{cut_off}24时。"
    )


def replaces(revision: int, reason: str) -> LinkedText:
    """The sentences on what a revision replaces and why; nothing for the first."""
    if revision == 1:
        return NOTHING
    return LinkedText(f"本期为第{revision}版，代替第{revision - 1}版。更正原因：{_told(reason)}")


def corrected(correction: Correction) -> LinkedText:
    """The sentences on an earlier issue that was corrected: which, why, and the figures as they were and are."""
    issue = f"第{correction.number}期{BULLETINS[correction.kind]}（{correction.period.label}）"
    why = f"{issue}印发后作了更正（第{correction.revision}版），原因：{_told(correction.reason)}"
    changed = joined(map(_changed, correction.changes), "；")
    return why + ("更正的数字：" + changed + "。" if changed else NOTHING)


def _changed(change: FigureChange) -> str:
    whose = change.org.short_name if change.org else "合计"
    return f"{whose}“{change.title}”由{change.was or '空白'}改为{change.now or '空白'}"


def _told(reason: str) -> str:
    return one_line(sentence(reason))


def deadlines(coming: Iterable[Obligation], year: int, lead: str = "") -> LinkedText:
    """The sentence on what falls due when, after its lead; days of `year` are written without it. Nothing for none."""
    ordered = sorted(coming, key=lambda obligation: obligation.due)
    days = groupby(ordered, key=lambda obligation: obligation.due)
    body = joined(
        (f"{short_day(due) if due.year == year else day(due)}前" + joined(_owed(list(owed))) for due, owed in days),
        "；",
    )
    return lead + body + "。" if body else NOTHING


def _owed(obligations: Sequence[Obligation]) -> Iterator[str]:
    filed = [obligation for obligation in obligations if obligation.duty.kind in _FILED]
    done = [obligation for obligation in obligations if obligation.duty.kind not in _FILED]
    for verb, some in (("报送", filed), ("完成", done)):
        if some:
            yield verb + "、".join(obligation.label for obligation in some)


def paragraphs(texts: Iterable[str]) -> tuple[LinkedText, ...]:
    """What the office wrote, a paragraph for each line."""
    return tuple(LinkedText(line.strip()) for text in texts for line in text.splitlines())
