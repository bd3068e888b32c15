"""The command that puts a report under its pull request: comment."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from taizhang.cli.app import FINDINGS, main
from taizhang.cli.environment import connected
from taizhang.forge import ForgeError, Upsert, upsert_comment
from taizhang.gate.report import LARGEST_REPORT, BadReport, Report, read_report, report_as_markdown

DONE = {
    Upsert.CREATED: "已写上评论",
    Upsert.EDITED: "已更新评论",
    Upsert.UNCHANGED: "评论没有变化",
}


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--head", required=True, help="检查的是哪个提交：平台给的编号，不取自报告")
@click.option("--source", required=True, help="这个提交来自哪个仓库：平台给的“所有者/仓库名”")
@click.option("--author", help="令牌所属的账号（默认问平台；工作流的令牌不能问，就是平台的机器人账号）")
def comment(file: Path, head: str, source: str, author: str | None) -> None:
    """把检查报告写成合并请求下的一条评论；再次检查时改同一条。

    报告可能被提交者改过，所以只当作数据：先核对大小和格式，再由本程序重新写成文字。合并请求按提交编号向平台查，
    不看报告里怎么说。平台、仓库和令牌取自环境变量，与 taizhang deadlines 相同。

    例：taizhang comment report.json --head 0123456789abcdef0123456789abcdef01234567 --source lanqi-hospital/taizhang
    """
    try:
        report = _read(file, head)
        with connected(author) as forge:
            number = forge.pull_at(head, source)
            if number is None:
                click.echo("没有开着的合并请求停在这个提交上，可能已有新的提交或已合并；不写评论。")
                return
            outcome = upsert_comment(forge, number, "check", report_as_markdown(report))
    except (BadReport, ForgeError) as error:
        click.echo(str(error), err=True)
        sys.exit(FINDINGS)
    click.echo(f"{DONE[outcome]}：合并请求 {number}。")


def _read(file: Path, head: str) -> Report:
    with file.open("rb") as stream:
        # One byte more than is taken, so that a file that grows is refused as well.
        report = read_report(stream.read(LARGEST_REPORT + 1))
    if report.head != head:
        raise BadReport("检查报告说的是另一个提交，不写评论")
    return report
