"""A push judged before main moves, on a real repository and with a clock that is given."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from checkout import checkout
from proposing import Proposing
from served import tree_with_clerks
from support import CAMPAIGN, RECORDS, yaml_text

from taizhang.gate.push import BRANCH, CLOCK_SLACK, NO_COMMIT, PushRefused, RefUpdate, judge_push, read_updates
from taizhang.gate.report import Report
from taizhang.history import Repository
from taizhang.workspace import Workspace

EAST = f"submissions/{CAMPAIGN}/east-hospital/weekly/2023-W21.yml"
WEEKLY = yaml_text(RECORDS["weekly"])
AT = datetime.fromisoformat("2023-06-01T09:00:00+08:00").timestamp()
"""The committer time of what `Proposing` commits."""


class Server:
    """A bare repository, and the checkout that judges what is pushed to it."""

    def __init__(self, folder: Path) -> None:
        tree = tree_with_clerks()
        tree.organisation("bureau")["submitters"] = ["bureau-clerk"]
        tree.campaign["reviewers"] = {"it": ["it-clerk"]}
        self.repository = Proposing(folder / "ledger.git", tree)
        self.workspace = Workspace(checkout(folder / "server", tree))

    def judge(self, *updates: RefUpdate, actor: str = "east-clerk", now: float = AT) -> list[Report]:
        with Repository(self.repository.folder) as opened:
            return list(judge_push(self.workspace, opened, updates, actor, date(2023, 6, 30), now))

    def update(self, path: str = EAST, text: str | None = WEEKLY) -> RefUpdate:
        return RefUpdate(self.repository.main, self.repository.commit({path: text}, self.repository.main), BRANCH)


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def test_ones_own_filing_is_taken_commit_by_commit(server: Server) -> None:
    first = server.update()
    last = server.repository.commit({EAST.replace("W21", "W22"): WEEKLY}, first.new)
    reports = server.judge(RefUpdate(first.old, last, BRANCH))
    assert [(report.head, report.passed) for report in reports] == [(first.new, True), (last, True)]


@pytest.mark.parametrize(("seconds", "taken"), [(0, True), (CLOCK_SLACK, True), (CLOCK_SLACK + 1, False)])
def test_a_commit_carries_the_time_at_which_it_arrives(server: Server, seconds: int, taken: bool) -> None:
    for now in (AT + seconds, AT - seconds):
        if taken:
            assert server.judge(server.update(), now=now)
        else:
            with pytest.raises(PushRefused, match="请先校准电脑时钟"):
                server.judge(server.update(), now=now)


def test_only_maintainers_change_what_is_no_filing(server: Server) -> None:
    with pytest.raises(PushRefused, match="只能由信息技术人员推送"):
        server.judge(server.update("README.md", "y\n"))
    (report,) = server.judge(server.update("README.md", "y\n"), actor="IT-Clerk")
    assert report.passed


def test_a_report_is_given_before_the_refusal(server: Server) -> None:
    given = []
    with Repository(server.repository.folder) as opened:
        update = server.update(EAST.replace("east", "west"))
        judged = judge_push(server.workspace, opened, [update], "east-clerk", date(2023, 6, 30), AT)
        with pytest.raises(PushRefused, match="没有通过检查，main 没有变化"):
            given.extend(judged)
    assert [report.passed for report in given] == [False]


def test_only_main_moves_and_only_forward(server: Server) -> None:
    main, other = server.repository.main, server.repository.commit({"README.md": "z\n"})
    for update, why in (
        (RefUpdate(main, main, "refs/heads/other"), "这里只收 main"),
        (RefUpdate(main, NO_COMMIT, BRANCH), "main 不能删除"),
        (RefUpdate(NO_COMMIT, main, BRANCH), "服务器上还没有 main"),
        (RefUpdate(main, other, BRANCH), "没有接在服务器的 main 后面"),
    ):
        with pytest.raises(PushRefused, match=why):
            server.judge(update)
    with pytest.raises(PushRefused, match="没有说明是谁在推送"):
        server.judge(server.update(), actor="")


def test_what_git_tells_the_hook_is_read_line_by_line() -> None:
    assert read_updates(["a b refs/heads/main", "c d refs/heads/x y"]) == [
        RefUpdate("a", "b", "refs/heads/main"),
        RefUpdate("c", "d", "refs/heads/x y"),
    ]
