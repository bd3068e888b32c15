"""A push to a server without a code platform, judged before main moves: every commit as a change of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from taizhang.gate.judgement import judge_proposal
from taizhang.gate.owners import reviewers
from taizhang.gate.report import Report, report_of
from taizhang.history import Repository
from taizhang.history.pushes import MOST_ENTRIES, Pushed, pushed
from taizhang.workspace import Workspace

BRANCH = "refs/heads/main"
CLOCK_SLACK = 600
"""Seconds that a pushed commit's own time may differ from the server's clock: it becomes the time of arrival."""
NO_COMMIT = "0" * 40
"""What Git gives for the side that a ref does not have."""

_AGAIN = "先运行 git fetch origin，再运行 git rebase --force-rebase origin/main，然后重新推送"


class PushRefused(Exception):
    """Why a push is not taken, and what to do, in one sentence."""


class RefUpdate(NamedTuple):
    """One line of what Git asks a pre-receive hook about."""

    old: str
    new: str
    ref: str


def read_updates(lines: Iterable[str]) -> list[RefUpdate]:
    """The updates that Git writes to the hook's standard input."""
    return [RefUpdate(*line.split(maxsplit=2)) for line in lines]


def judge_push(
    workspace: Workspace, repository: Repository, updates: Iterable[RefUpdate], actor: str, today: date, now: float
) -> Iterator[Report]:
    """The report on every commit that the push would put on main's own line; raises PushRefused at the first refused.

    `workspace` is the server's own checkout, whose campaigns say who may change what is not a filing; `actor` is the
    login that pushes, and `now` the server's clock in seconds from 1970.
    """
    if not actor.strip():
        raise PushRefused("服务器没有说明是谁在推送；请管理员核对 authorized_keys 里的 TAIZHANG_ACTOR")
    for entry in (entry for update in updates for entry in _entries(repository, update)):
        shown = entry.commit[:10]
        if abs(entry.seconds - now) > CLOCK_SLACK:
            raise PushRefused(
                f"提交 {shown} 自己写的时间与服务器相差 10 分钟以上，而到达时间要以它为准；请先校准电脑时钟，{_AGAIN}"
            )
        outcome = judge_proposal(
            repository, entry.parent, entry.commit, workspace.kinds, today, actor, now=workspace.now
        )
        report = report_of(outcome)
        if not report.has_filings and actor.casefold() not in _maintainers(workspace, today):
            raise PushRefused(f"提交 {shown} 改的不是填报；程序、数据格式和其他文件只能由信息技术人员推送")
        yield report
        if not report.passed:
            raise PushRefused(
                f"提交 {shown} 没有通过检查，main 没有变化；改好后请合成一个提交（git commit --amend）再推送"
            )


def _entries(repository: Repository, update: RefUpdate) -> tuple[Pushed, ...]:
    """Every commit that an update would put on main's own line. Raises PushRefused."""
    old, new, ref = update
    if ref != BRANCH:
        raise PushRefused(f"这里只收 main，不收 {ref[:80]!a}；请推送到 main：git push origin HEAD:main")
    if new == NO_COMMIT:
        raise PushRefused("main 不能删除")
    if old == NO_COMMIT:
        raise PushRefused("服务器上还没有 main；请管理员先放好第一份（见《主管办公室使用说明》）")
    entries = pushed(repository, old, new)
    if entries is None:
        raise PushRefused(f"您的历史没有接在服务器的 main 后面（有人先推送了，或者历史被改写过）；{_AGAIN}")
    if len(entries) > MOST_ENTRIES:
        raise PushRefused(f"一次最多推送 {MOST_ENTRIES} 个提交；请合成一个再推送")
    return entries


def _maintainers(workspace: Workspace, today: date) -> frozenset[str]:
    """Who may change what is not a filing."""
    ledgers = workspace.examine(today).verdict.ledgers
    return frozenset(login.casefold() for ledger in ledgers for login in reviewers(ledger.campaign, ledger.roll, "it"))
