"""A checkout on disk: where its folders are, and what its submissions come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from generator import history
from generator.checks.verdict import Verdict, judge
from generator.intake.kinds import Kind, read_kinds, read_payloads
from generator.intake.records import Intake, read_tree
from generator.intake.source import FolderSource


@dataclass(frozen=True)
class Examination:
    """Submissions as read and as judged at a date."""

    intake: Intake
    verdict: Verdict


@dataclass(frozen=True)
class Workspace:
    """The folder that holds `submissions/`, `schemas/`, `site/` and `mkdocs.yml`."""

    root: Path

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        return read_kinds(self.root / "schemas")

    @cached_property
    def payloads(self) -> Mapping[str, Kind]:
        """What sealed fields hold before they are sealed. Notice A66."""
        return read_payloads(self.root / "schemas")

    def examine(self, today: date, progress: Callable[[], None] = lambda: None) -> Examination:
        """Read and judge everything below `submissions/`. Raises history.HistoryError where arrival counts."""
        intake = read_tree(
            FolderSource(self.root),
            self.kinds,
            arrivals=lambda: history.arrivals(self.root, today),
            today=today,
            progress=progress,
        )
        return Examination(intake, judge(intake, self.kinds, today))


def find_workspace(start: Path) -> Workspace | None:
    """The workspace that `start` lies in, looking upwards, or None."""
    for folder in (start, *start.parents):
        if (folder / "schemas").is_dir() and (folder / "submissions").is_dir():
            return Workspace(folder)
    return None
