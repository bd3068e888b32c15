"""What an organisation has changed in its checkout, and whether it may be sent off: one folder, and sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from taizhang.checks.registry import is_error
from taizhang.checks.verdict import Verdict
from taizhang.findings import Finding
from taizhang.history.outgoing import LocalChange
from taizhang.intake.kinds import Kind
from taizhang.intake.records import LIBRARIES

NAMED = 3
"""How many files or records one message names."""


class FilingRefused(Exception):
    """Why nothing was sent, and what to do, in one sentence; `findings` are what is to be mended first."""

    def __init__(self, sentence: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(sentence)
        self.findings = findings


class Filing(NamedTuple):
    """What one organisation has changed in its folder."""

    campaign: str
    org: str
    paths: tuple[str, ...]
    stray: tuple[str, ...]
    """New files outside `submissions/`, which do not go along."""

    @property
    def folder(self) -> str:
        return f"submissions/{self.campaign}/{self.org}/"


def filing_of(changes: Sequence[LocalChange]) -> Filing:
    """The one organisation's changes. Raises FilingRefused where anything else was changed."""
    outside = [change for change in changes if not change.path.startswith("submissions/")]
    touched = [change.path for change in outside if not change.is_new]
    if touched:
        raise FilingRefused(f"填报以外的文件也有改动（{some(touched)}）；请先用 git restore 还原，或另外提交")
    below = [change for change in changes if change.path.startswith("submissions/")]
    if not below:
        raise FilingRefused("没有要报的改动；先用 taizhang new 或 taizhang import 写好记录")
    for change in below:
        _refuse_unless_filed(change)
    folders = sorted({tuple(change.path.split("/")[1:3]) for change in below})
    if len(folders) > 1:
        named = "、".join("/".join(folder) for folder in folders)
        raise FilingRefused(f"改动涉及不止一个单位的文件夹（{named}）；一次只报一个单位的")
    campaign, org = folders[0]
    return Filing(campaign, org, tuple(change.path for change in below), tuple(change.path for change in outside))


def _refuse_unless_filed(change: LocalChange) -> None:
    parts = change.path.split("/")
    if len(parts) < 5 or parts[1] in LIBRARIES:
        raise FilingRefused(
            f"{change.path} 不在某个单位的文件夹里；名册、行动、判定标准和日历由主管办公室改，不用这个命令"
        )
    if change.path.endswith("/"):
        raise FilingRefused(f"{change.path} 里面另有一个 Git 仓库；请把它移走")
    if change.is_gone:
        raise FilingRefused(
            f"{change.path} 被删除了；记录不能删除，请用 git restore 找回，不该报的在里面写 withdrawn（撤回）"
        )


def check_filing(filing: Filing, verdict: Verdict) -> Sequence[Finding]:
    """What the check says of the changed files. Raises FilingRefused where something in the folder is wrong.

    What is wrong elsewhere does not keep a filing back.
    """
    own = [item for item in verdict.validity if item.file.startswith(filing.folder)]
    errors = [item for item in own if is_error(item)]
    if errors:
        raise FilingRefused(f"检查发现 {len(errors)} 处错误；照“改法”改好再报", errors)
    changed = [item for item in own if item.file in filing.paths]
    ledger = next((ledger for ledger in verdict.ledgers if ledger.campaign.id == filing.campaign), None)
    if ledger is None or filing.org not in ledger.roll:
        raise FilingRefused(f"行动 {filing.campaign} 的名册上没有单位 {filing.org}；请核对文件夹的名称", changed)
    return changed


def summary_of(filing: Filing, kinds: Mapping[str, Kind]) -> str:
    """What is filed, in a line: 报送：qi-fuyou 周报 2023-W30、隐患 2023-004."""
    titles = {kind.name: kind.title for kind in kinds.values()}
    files = [PurePosixPath(path) for path in filing.paths]
    records = [f"{titles[file.parts[3]]} {file.stem}" for file in files if file.parts[3] in titles]
    named = "、".join(records[:NAMED]) or "附件"
    return f"报送：{filing.org} {named}" + (f" 等{len(files)}份" if len(files) > NAMED else "")


def some(paths: Sequence[str]) -> str:
    """The first of some paths, and how many there are."""
    shown = "、".join(paths[:NAMED])
    return f"{shown} 等 {len(paths)} 个" if len(paths) > NAMED else shown
