"""The command behind a server without a code platform: receive, the verdict on a push before main moves."""

from __future__ import annotations

import os
import sys
import time
from datetime import date
from pathlib import Path

import click

from taizhang.cli.app import FINDINGS, main, pass_workspace, today_option
from taizhang.gate.push import PushRefused, judge_push, read_updates
from taizhang.gate.report import report_as_text
from taizhang.history import HistoryError, Repository
from taizhang.workspace import Workspace


@main.command()
@click.option("--repository", type=click.Path(path_type=Path, file_okay=False, exists=True), help="收推送的裸仓库")
@today_option
@pass_workspace
def receive(workspace: Workspace, repository: Path | None, today: date) -> None:
    """在服务器上判断一次推送（由 hooks/pre-receive 调用）；不通过就什么也不收。

    只收对 main 的正常推送：不删除、不改写、不绕开主线，每次提交的时间与服务器时钟相差不超过 10 分钟。
    推送的账号取自环境变量 TAIZHANG_ACTOR，由 authorized_keys 里的固定命令设定。

    例：taizhang receive --repository ../ledger.git
    """
    actor = os.environ.get("TAIZHANG_ACTOR", "")
    updates = read_updates(sys.stdin.read().splitlines())
    try:
        with Repository(repository or Path.cwd()) as opened:
            for report in judge_push(workspace, opened, updates, actor, today, time.time()):
                click.echo(report_as_text(report), err=True, nl=False)
    except (PushRefused, HistoryError) as error:
        click.echo(f"没有接收：{error}。", err=True)
        sys.exit(FINDINGS)
