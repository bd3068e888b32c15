"""The command that sends filings off: submit."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import NamedTuple, NoReturn

import click

from taizhang.checks.registry import is_error
from taizhang.checks.verdict import Verdict
from taizhang.cli.app import FINDINGS, main, pass_workspace, today_option
from taizhang.findings.formats import as_text
from taizhang.forge.links import OfficeRepository, forge_behind, read_remote
from taizhang.history import SHANGHAI, HistoryError
from taizhang.history.outgoing import LocalChange, NotSent, Outgoing
from taizhang.intake.records import LIBRARIES
from taizhang.publishing.settings import forge_of
from taizhang.workspace import Workspace

MAIN = "main"
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*\Z")
NAMED = 3
"""How many records the usual message names."""


class Refused(Exception):
    """Why nothing was sent, and what to do, in one sentence."""


class Filing(NamedTuple):
    """What one organisation has changed in its folder."""

    campaign: str
    org: str
    paths: tuple[str, ...]

    @property
    def folder(self) -> str:
        return f"submissions/{self.campaign}/{self.org}/"


@main.command()
@click.option("--message", "-m", help="一句话说明（默认列出报了什么）")
@click.option("--remote", help="推送到哪个远程仓库（默认 origin）")
@click.option("--to", "target", metavar="分支", help="不用合并请求，直接推送到这个分支；没有代码平台时写 --to main")
@today_option
@pass_workspace
def submit(workspace: Workspace, message: str | None, remote: str | None, target: str | None, today: date) -> None:
    """把本单位改动的填报报出去：检查、提交、推送到一个新分支，给出合并请求的网址。

    只报 submissions/行动/单位/ 下面一个单位的改动。不改动您的文件；没有报成的，改好再运行一次就行。

    例：taizhang submit

    例：taizhang submit --to main
    """
    try:
        outgoing = Outgoing(workspace.root)
        filing = _filing(outgoing.edits())
        name = _remote(outgoing.remotes(), remote)
        _check(filing, workspace.examine(today).verdict)
        branch = target or f"{filing.org}-{datetime.now(SHANGHAI):%Y%m%d-%H%M%S}"
        _branch_is_sound(branch)
        told = "".join(c for c in message or "" if c.isprintable()) or _message(workspace, filing)
        click.echo(f"报送 {len(filing.paths)} 份：{told}")
        sent = outgoing.send(filing.paths, told, name, branch, target or _main_branch(workspace))
    except NotSent as error:
        _repeat(error.answer)
        _end(f"{error}")
    except (Refused, HistoryError) as error:
        _end(f"{error}")
    _repeat(sent.answer)
    if target:
        click.echo(f"已经推送到 {name} 的 {target}。提交编号 {sent.commit[:12]}。")
    else:
        _tell_address(workspace, outgoing.address(name), name, branch)


def _end(sentence: str) -> NoReturn:
    click.echo(f"没有报送：{sentence}。您的文件没有动。", err=True)
    sys.exit(FINDINGS)


def _repeat(answer: Sequence[str]) -> None:
    """What the server said, as far as it can be shown on a terminal."""
    for line in answer:
        click.echo("  " + "".join(c for c in line if c.isprintable()))


def _filing(edits: Sequence[LocalChange]) -> Filing:
    """The one organisation's changes. Raises Refused for anything else that was changed."""
    stray = [edit.path for edit in edits if not edit.path.startswith("submissions/")]
    touched = [edit.path for edit in edits if not edit.path.startswith("submissions/") and not edit.is_new]
    if touched:
        raise Refused(f"填报以外的文件也有改动（{_some(touched)}）；请先用 git restore 还原，或另外提交")
    below = [edit for edit in edits if edit.path.startswith("submissions/")]
    if not below:
        raise Refused("没有要报的改动；先用 taizhang new 或 taizhang import 写好记录")
    for edit in below:
        parts = edit.path.split("/")
        if len(parts) < 5 or parts[1] in LIBRARIES:
            raise Refused(f"{edit.path} 不在某个单位的文件夹里；名册、行动、判定标准和日历由主管办公室改，不用这个命令")
        if edit.path.endswith("/"):
            raise Refused(f"{edit.path} 里面另有一个 Git 仓库；请把它移走")
        if edit.is_gone:
            raise Refused(
                f"{edit.path} 被删除了；记录不能删除，请用 git restore 找回，不该报的在里面写 withdrawn（撤回）"
            )
    folders = sorted({tuple(edit.path.split("/")[1:3]) for edit in below})
    if len(folders) > 1:
        named = "、".join("/".join(folder) for folder in folders)
        raise Refused(f"改动涉及不止一个单位的文件夹（{named}）；一次只报一个单位的")
    if stray:
        click.echo(f"没有一起报的新文件：{_some(stray)}")
    campaign, org = folders[0]
    return Filing(campaign, org, tuple(edit.path for edit in below))


def _some(paths: Sequence[str]) -> str:
    shown = "、".join(paths[:NAMED])
    return f"{shown} 等 {len(paths)} 个" if len(paths) > NAMED else shown


def _remote(known: Sequence[str], wanted: str | None) -> str:
    if not known:
        raise Refused("这个仓库没有远程仓库；请从主管办公室给的地址重新克隆，或运行 git remote add origin 地址")
    name = wanted or ("origin" if "origin" in known else known[0])
    if name not in known or (wanted is None and name != "origin" and len(known) > 1):
        raise Refused(f"请用 --remote 指明推送到哪个远程仓库。现有：{'、'.join(known)}")
    return name


def _branch_is_sound(branch: str) -> None:
    if not _BRANCH.match(branch):
        raise Refused("--to 后面写分支名，例如 main")


def _check(filing: Filing, verdict: Verdict) -> None:
    """The same check as `taizhang check`; what is wrong elsewhere does not keep this filing back."""
    own = [item for item in verdict.validity if item.file.startswith(filing.folder)]
    errors = [item for item in own if is_error(item)]
    changed = [item for item in own if item.file in filing.paths]
    click.echo(as_text(errors or changed), nl=False)
    if errors:
        raise Refused(f"检查发现 {len(errors)} 处错误；照“改法”改好再报")
    ledger = next((ledger for ledger in verdict.ledgers if ledger.campaign.id == filing.campaign), None)
    if ledger is None or filing.org not in ledger.roll:
        raise Refused(f"行动 {filing.campaign} 的名册上没有单位 {filing.org}；请核对文件夹的名称")
    elsewhere = len(verdict.errors)
    if elsewhere:
        click.echo(f"别处还有 {elsewhere} 处错误，与这次报送无关。")


def _message(workspace: Workspace, filing: Filing) -> str:
    """What is filed, in a line: 报送：qi-fuyou 周报 2023-W30、隐患 2023-004."""
    kinds = {kind.name: kind.title for kind in workspace.kinds.values()}
    files = [PurePosixPath(path) for path in filing.paths]
    records = [f"{kinds[file.parts[3]]} {file.stem}" for file in files if file.parts[3] in kinds]
    told = "、".join(records[:NAMED]) or "附件"
    return f"报送：{filing.org} {told}" + (f" 等{len(files)}份" if len(files) > NAMED else "")


def _main_branch(workspace: Workspace) -> str:
    forge = _forge(workspace)
    return forge.branch if forge else MAIN


def _forge(workspace: Workspace) -> OfficeRepository | None:
    try:
        return forge_of(workspace.root)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _tell_address(workspace: Workspace, url: str, remote_name: str, branch: str) -> None:
    remote = read_remote(url)
    forge = _forge(workspace) or (forge_behind(remote, MAIN) if remote else None)
    click.echo(f"已经推送到 {remote_name} 的分支 {branch}。")
    if forge:
        click.echo("还差一步：打开这个网址，看一遍，点“创建合并请求”（Create pull request）：")
        click.echo(forge.request_address(remote, branch))
    else:
        click.echo("还差一步：在代码平台上打开这个分支，创建合并请求。没有代码平台的，请用 taizhang submit --to main。")
    click.echo("办公室合并以后才算报到。")
