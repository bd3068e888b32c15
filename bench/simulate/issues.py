"""The issued bulletins of the sample, made anew: python -m bench.simulate.issues

To be run when a record of the sample has changed. What the office wrote, and on which days it issued and corrected,
stays; figures, commit and digest are those of what is committed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from taizhang.bulletins.drafts import WORDS
from taizhang.bulletins.issuing.archive import Archive
from taizhang.bulletins.issuing.drafting import Draft, draft, revise, with_draft
from taizhang.bulletins.writing import record_text
from taizhang.campaign.plans import cut_off_of, planned
from taizhang.intake.strict_yaml import REGISTER, load
from taizhang.ledger.ledger import Ledger
from taizhang.workspace import Workspace

_LONG_AFTER = date(2030, 1, 1)
"""A day on which every campaign of the sample is archived."""


class _Issue(NamedTuple):
    """What is known of an issue before it is counted: when it was issued, and in which words."""

    day: date
    kind: str
    key: str
    revision: int
    words: Mapping[str, Any]


def reissue(root: Path) -> Iterator[Draft]:
    """Every bulletin of the archived campaigns below `root`, in the order in which they were issued."""
    workspace = Workspace(root)
    examination = workspace.examine(_LONG_AFTER)
    with Archive(root, workspace.kinds, examination) as archive:
        for ledger in examination.verdict.ledgers:
            if ledger.campaign.archived_on:
                yield from _campaign(archive, ledger, root)


def _campaign(archive: Archive, ledger: Ledger, root: Path) -> Iterator[Draft]:
    issues = sorted(_issues(ledger, root), key=lambda issue: issue[:4])
    ledger = replace(ledger, records=tuple(r for r in ledger.records if r.kind.name != "bulletins"))
    for issue in issues:
        if issue.revision == 1:
            made = draft(archive, ledger, issue.kind, issue.key, issue.day)
        else:
            made = revise(archive, ledger, issue.kind, issue.key, issue.words["reason"], issue.day)
        data = dict(made.data)
        figures = data.pop("figures")
        said = {name: issue.words[name] for name in WORDS if name in issue.words}
        data = {**data, "issued_on": issue.day.isoformat(), **said, "figures": figures}
        made = replace(made, data=data, text=record_text(data))
        yield made
        ledger = with_draft(ledger, archive.kinds["bulletins"], made)


def _issues(ledger: Ledger, root: Path) -> Iterator[_Issue]:
    """Every issue on file, and those that are missing, issued on the day after their cut-off."""
    found = set()
    for file in (root / "submissions" / ledger.campaign.id).glob("*/bulletins/*.yml"):
        data = load(file.read_bytes(), REGISTER).data
        found.add((data["bulletin"], data["period"]))
        day = date.fromisoformat(data["issued_on"])
        yield _Issue(day, data["bulletin"], data["period"], data.get("revision", 1), data)
    for plan in ledger.campaign.bulletins:
        for period in planned(ledger.campaign, plan):
            if (plan.bulletin, period.key) not in found:
                yield _Issue(cut_off_of(period, plan) + timedelta(days=1), plan.bulletin, period.key, 1, {})


if __name__ == "__main__":
    for issued in list(reissue(Path.cwd())):
        file = Path.cwd() / issued.path
        file.write_text(issued.text, encoding="utf-8", newline="\n")
