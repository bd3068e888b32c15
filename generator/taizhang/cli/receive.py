"""The command behind a server without a code platform: receive, the verdict on a push before main moves."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click

from taizhang.cli.app import FINDINGS, main, pass_workspace, today_option
from taizhang.gate.judgement import judge_proposal
from taizhang.gate.owners import reviewers
from taizhang.gate.report import report_as_text, report_of
from taizhang.history import HistoryError, Repository
from taizhang.history.pushes import MOST_ENTRIES, Pushed, pushed
from taizhang.workspace import Workspace

BRANCH = "refs/heads/main"
CLOCK_SLACK = 600
"""Seconds that a pushed commit's own time may differ from the server's clock: it becomes the time of arrival."""
NOBODY = "0" * 40

_AGAIN = "先运行 git fetch origin，再运行 git rebase --force-rebase origin/main，然后重新推送"


class Refused(Exception):
    """Why a push is not taken, and what to do, in one sentence."""


class Move(NamedTuple):
    """One line of what Git asks a pre-receive hook about."""

    old: str
    new: str
    ref: str


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
    moves = [Move(*line.split(maxsplit=2)) for line in sys.stdin.read().splitlines()]
    try:
        if not actor:
            raise Refused("服务器没有说明是谁在推送；请管理员核对 authorized_keys 里的 TAIZHANG_ACTOR")
        with Repository(repository or Path.cwd()) as opened:
            for step in _steps(opened, moves):
                _take(workspace, opened, step, today, actor)
    except (Refused, HistoryError) as error:
        click.echo(f"没有接收：{error}。", err=True)
        sys.exit(FINDINGS)


def _steps(repository: Repository, moves: list[Move]) -> Iterator[Pushed]:
    """Every commit that the push would put on main's own line. Raises Refused."""
    for old, new, ref in moves:
        if ref != BRANCH:
            raise Refused(f"这里只收 main，不收 {ref[:80]!a}；请推送到 main：git push origin HEAD:main")
        if new == NOBODY:
            raise Refused("main 不能删除")
        if old == NOBODY:
            raise Refused("服务器上还没有 main；请管理员先放好第一份（见《主管办公室使用说明》）")
        entries = pushed(repository, old, new)
        if entries is None:
            raise Refused(f"您的历史没有接在服务器的 main 后面（有人先推送了，或者历史被改写过）；{_AGAIN}")
        if len(entries) > MOST_ENTRIES:
            raise Refused(f"一次最多推送 {MOST_ENTRIES} 个提交；请合成一个再推送")
        yield from entries


def _take(workspace: Workspace, repository: Repository, step: Pushed, today: date, actor: str) -> None:
    """Judge one commit as a change to the one before it. Raises Refused."""
    shown = step.commit[:10]
    if abs(step.seconds - time.time()) > CLOCK_SLACK:
        raise Refused(
            f"提交 {shown} 自己写的时间与服务器相差 10 分钟以上，而到达时间要以它为准；请先校准电脑时钟，{_AGAIN}"
        )
    outcome = judge_proposal(repository, step.parent, step.commit, workspace.kinds, today, actor, now=workspace.now)
    report = report_of(outcome)
    if not report.has_filings and actor.casefold() not in _maintainers(workspace, today):
        raise Refused(f"提交 {shown} 改的不是填报；程序、数据格式和其他文件只能由信息技术人员推送")
    click.echo(report_as_text(report), err=True, nl=False)
    if not report.passed:
        raise Refused(f"提交 {shown} 没有通过检查，main 没有变化；改好后请合成一个提交（git commit --amend）再推送")


def _maintainers(workspace: Workspace, today: date) -> frozenset[str]:
    """Who may change what is not a filing, by the campaigns in the server's own checkout."""
    ledgers = workspace.examine(today).verdict.ledgers
    return frozenset(login.casefold() for ledger in ledgers for login in reviewers(ledger.campaign, ledger.roll, "it"))
