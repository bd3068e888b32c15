"""The command that sends filings off: submit."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from typing import NoReturn

import click

from taizhang.cli.app import FINDINGS, main, pass_workspace, today_option
from taizhang.findings import worded
from taizhang.findings.formats import as_text
from taizhang.forge.links import OfficeRepository, request_page
from taizhang.gate.filing import FilingRefused, check_filing, filing_of, some, summary_of
from taizhang.history import SHANGHAI, HistoryError
from taizhang.history.outgoing import NotSent, Outgoing, is_branch_name
from taizhang.publishing.settings import forge_of
from taizhang.workspace import Workspace

MAIN = "main"


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
        filing = filing_of(outgoing.edits())
        if filing.stray:
            click.echo(f"没有一起报的新文件：{some(filing.stray)}")
        name = outgoing.choose(remote)
        verdict = workspace.examine(today).verdict
        click.echo(as_text(worded(check_filing(filing, verdict))), nl=False)
        if verdict.errors:
            click.echo(f"别处还有 {len(verdict.errors)} 处错误，与这次报送无关。")
        branch = target or f"{filing.org}-{datetime.now(SHANGHAI):%Y%m%d-%H%M%S}"
        if not is_branch_name(branch):
            raise FilingRefused("--to 后面写分支名，例如 main")
        forge = None if target else _forge(workspace)
        line = "".join(c for c in message or "" if c.isprintable()) or summary_of(filing, workspace.kinds)
        click.echo(f"报送 {len(filing.paths)} 份：{line}")
        sent = outgoing.send(filing.paths, line, name, branch, target or (forge.branch if forge else MAIN))
    except NotSent as error:
        _repeat(error.answer)
        _end(f"{error}")
    except FilingRefused as error:
        click.echo(as_text(worded(error.findings)), nl=False)
        _end(f"{error}")
    except HistoryError as error:
        _end(f"{error}")
    _repeat(sent.answer)
    if target:
        click.echo(f"已经推送到 {name} 的 {target}。提交编号 {sent.commit[:12]}。")
    else:
        click.echo(f"已经推送到 {name} 的分支 {branch}。")
        _tell_what_is_left(request_page(forge, outgoing.address(name), branch, MAIN))


def _end(sentence: str) -> NoReturn:
    click.echo(f"没有报送：{sentence}。您的文件没有动。", err=True)
    sys.exit(FINDINGS)


def _repeat(answer: Sequence[str]) -> None:
    """What the server said, as far as it can be shown on a terminal."""
    for line in answer:
        click.echo("  " + "".join(c for c in line if c.isprintable()))


def _forge(workspace: Workspace) -> OfficeRepository | None:
    try:
        return forge_of(workspace.root)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _tell_what_is_left(address: str | None) -> None:
    if address:
        click.echo("还差一步：打开这个网址，看一遍，点“创建合并请求”（Create pull request）：")
        click.echo(address)
    else:
        click.echo("还差一步：在代码平台上打开这个分支，创建合并请求。没有代码平台的，请用 taizhang submit --to main。")
    click.echo("办公室合并以后才算报到。")
