"""A checkout on disk: where its folders are, and what its submissions come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from taizhang import history
from taizhang.campaign.plans import BULLETINS
from taizhang.checks.past import broken_past
from taizhang.checks.verdict import Verdict, judge
from taizhang.figures.register import columns
from taizhang.intake.kinds import Kind, read_kinds, read_payloads
from taizhang.intake.records import Intake, by_arrival, read_files, timed
from taizhang.intake.schemas import Schema
from taizhang.intake.source import FolderSource


def made_definitions() -> Schema:
    """What the schemas refer to and the program knows already: the figures of a bulletin, the kinds of bulletin."""
    bulletin = {"type": "string", "enum": [*BULLETINS], "x-labels": BULLETINS}
    return {"$defs": {"figures": columns(), "bulletin": bulletin}}


@dataclass(frozen=True)
class Examination:
    """Submissions as read and as judged at a date."""

    intake: Intake
    verdict: Verdict


@dataclass(frozen=True)
class Workspace:
    """The folder that holds `submissions/`, `schemas/`, `site/` and `mkdocs.yml`."""

    root: Path
    now: date = date.max
    """The day by the clock, whatever day is looked at: nothing is believed to have landed after it."""

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        return read_kinds(self.root / "schemas", made_definitions())

    @cached_property
    def payloads(self) -> Mapping[str, Kind]:
        """What sealed fields hold before they are sealed. Notice A66."""
        return read_payloads(self.root / "schemas")

    def examine(self, today: date, progress: Callable[[], None] = lambda: None) -> Examination:
        """Read and judge everything below `submissions/`. Raises history.HistoryError where arrival counts."""
        past = cache(lambda: history.read_past(self.root, self.now))
        intake = timed(read_files(FolderSource(self.root), self.kinds, progress), lambda: past().arrivals, today)
        if by_arrival(intake):
            findings = {*intake.findings, *broken_past(past(), intake)}
            intake = replace(intake, findings=tuple(sorted(findings)))
        return Examination(intake, judge(intake, self.kinds, today))


def find_workspace(start: Path, now: date = date.max) -> Workspace | None:
    """The workspace that `start` lies in, looking upwards, or None; `now` is the day by the clock."""
    for folder in (start, *start.parents):
        if (folder / "schemas").is_dir() and (folder / "submissions").is_dir():
            return Workspace(folder, now)
    return None


def is_versioned(folder: Path) -> bool:
    """Whether a folder lies in a checkout or in any other Git repository, links resolved."""
    real = folder.resolve()
    return find_workspace(real) is not None or any((f / ".git").exists() for f in (real, *real.parents))
