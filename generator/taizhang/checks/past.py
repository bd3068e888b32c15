"""Rules about the past of main: what landed stays, and every entry is dated by a clock that can be believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from taizhang.findings import Finding, finding
from taizhang.history import History, Landing, TipPosition
from taizhang.intake.records import Intake, by_arrival, is_well_placed, printable

_LOST: Mapping[TipPosition, str] = {
    TipPosition.ASIDE: "它被挤到了支线上（先把主分支合并进别的分支，再让主分支快进到那里）",
    TipPosition.GONE: "现在的历史里没有它（强制推送、重建仓库，或者把已发布的提交压成了一个）",
}


def broken_past(history: History, intake: Intake) -> Iterator[Finding]:
    """What is wrong with the history of the campaigns that judge by arrival. design.md §5; decision 8."""
    yield from _lost(history, intake)
    for landing in history.incredible:
        claimed = f"写的是 {landing.claimed}" if landing.claimed else "写的不是可信的日期"
        yield finding("W-CLOCK", "submissions", entry=_named(landing), claimed=claimed, on=landing.on)


def broken_publication(commit: str, kept: TipPosition) -> Iterator[Finding]:
    """The published commit is no longer on main's first-parent line. design.md §5."""
    if kept is not TipPosition.ON_LINE:
        yield finding("E-REWRITE", "submissions", commit=commit[:12], found=_LOST[kept])


def _lost(history: History, intake: Intake) -> Iterator[Finding]:
    """What once landed and is gone. A file in a place where nothing belongs may go again."""
    judged = by_arrival(intake)
    for path, landing in history.lost.items():
        if is_well_placed(path) and path.split("/")[1] in judged:
            yield finding("E-LOST", printable(path), entry=_named(landing), commit=landing.commit[:12])


def _named(landing: Landing) -> str:
    return f"第 {landing.entry} 笔（{landing.commit[:12]}）"
