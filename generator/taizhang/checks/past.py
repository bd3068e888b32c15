"""Rules about the past of main: what landed stays, and every entry is dated by a clock that can be believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from taizhang.findings import Finding, Phrase, finding, phrase
from taizhang.history import History, Landing, TipPosition
from taizhang.intake.records import Intake, by_arrival, is_well_placed, printable

_LOST: Mapping[TipPosition, Phrase] = {
    TipPosition.ASIDE: phrase("aside"),
    TipPosition.GONE: phrase("gone"),
}


def broken_past(history: History, intake: Intake) -> Iterator[Finding]:
    """What is wrong with the history of the campaigns that judge by arrival. design.md §5; decision 8."""
    yield from _lost(history, intake)
    for landing in history.incredible:
        claimed = phrase("claimed", day=landing.claimed) if landing.claimed else phrase("unbelievable")
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


def _named(landing: Landing) -> Phrase:
    return phrase("entry", number=landing.entry, commit=landing.commit[:12])
