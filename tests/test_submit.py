"""`taizhang submit` against real repositories: one unit's filings, on a clean branch, forced nowhere, lost never."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from checkout import checkout, taizhang
from click.testing import Result
from support import CAMPAIGN, RECORDS, Tree, yaml_text

from taizhang.forge.links import OfficeRepository, forge_behind, read_remote

pytestmark = pytest.mark.apart

TODAY = ("--today", "2023-06-30")
FOLDER = f"submissions/{CAMPAIGN}/east-hospital"
WEEKLY = f"{FOLDER}/weekly/2023-W21.yml"


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user's settings that have nothing to do with whoever runs the tests."""
    settings = tmp_path / "settings"
    settings.write_text("[user]\n\tname = lanqi\n\temail = lanqi@example.invalid\n[init]\n\tdefaultBranch = main\n")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


class Office:
    """A bare repository that holds the tiny campaign, and clones of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bare = folder, folder / "ledger.git"
        first = checkout(folder / "first", Tree())
        git(first, "init", "--quiet")
        git(first, "add", "--all")
        git(first, "commit", "--quiet", "-m", "开始")
        git(folder, "clone", "--quiet", "--bare", str(first), str(self.bare))

    def clone(self, name: str) -> Path:
        git(self.folder, "clone", "--quiet", str(self.bare), name)
        return self.folder / name

    def branches(self) -> list[str]:
        return git(self.bare, "for-each-ref", "--format=%(refname:short)", "refs/heads").splitlines()

    def sent(self) -> str:
        """The one branch that is not main."""
        (branch,) = [name for name in self.branches() if name != "main"]
        return branch

    def changed(self, branch: str) -> list[str]:
        return git(self.bare, "diff", "--name-status", f"main...{branch}").splitlines()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def write(root: Path, path: str, data: Mapping[str, object]) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml_text(data), encoding="utf-8")


def submit(root: Path, *arguments: str) -> Result:
    return taizhang(root, "submit", *TODAY, *arguments)


def state(root: Path) -> tuple[str, str, str]:
    """What is checked out, what differs from it, and every ref."""
    return git(root, "rev-parse", "HEAD"), git(root, "status", "--porcelain"), git(root, "for-each-ref", "refs/heads")


def test_a_new_record_arrives_on_a_branch_of_its_own_named_after_unit_and_time(office: Office) -> None:
    root = office.clone("east")
    write(root, WEEKLY, RECORDS["weekly"])
    result = submit(root)
    assert result.exit_code == 0, result.output
    branch = office.sent()
    assert re.fullmatch(r"east-hospital-[0-9]{8}-[0-9]{6}", branch)
    assert office.changed(branch) == [f"A\t{WEEKLY}"]
    assert git(office.bare, "show", f"{branch}:{WEEKLY}") == (root / WEEKLY).read_text(encoding="utf-8").strip()
    assert git(office.bare, "log", "-1", "--format=%an %s", branch) == "lanqi 报送：east-hospital 周报 2023-W21"
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "branch", "--show-current") == "main"
    assert branch in result.output
    assert "创建合并请求" in result.output


def test_a_second_filing_does_not_drag_the_first_along_and_none_leaves_the_folder(office: Office) -> None:
    root = office.clone("east")
    write(root, WEEKLY, RECORDS["weekly"])
    assert submit(root, "--message", "第一份").exit_code == 0
    first = office.sent()
    git(office.bare, "branch", "-m", first, "first")
    write(root, f"{FOLDER}/hazards/2023-001.yml", RECORDS["hazards"])
    assert submit(root, "--message", "第二份").exit_code == 0
    (second,) = set(office.branches()) - {"main", "first"}
    assert office.changed("first") == [f"A\t{WEEKLY}"]
    assert office.changed(second) == [f"A\t{FOLDER}/hazards/2023-001.yml"]
    assert (root / WEEKLY).exists()
    # Once both are merged, an ordinary pull brings everything together without a conflict.
    other = office.clone("office")
    for branch in ("first", second):
        git(other, "merge", "--quiet", "--no-ff", "--no-edit", f"origin/{branch}")
    git(other, "push", "--quiet", "origin", "main")
    git(root, "pull", "--quiet", "--no-rebase", "--no-edit")
    assert git(root, "status", "--porcelain") == ""


def test_a_filing_that_waits_can_be_corrected(office: Office) -> None:
    root = office.clone("east")
    write(root, WEEKLY, RECORDS["weekly"])
    assert submit(root).exit_code == 0
    git(office.bare, "branch", "-m", office.sent(), "first")
    write(root, WEEKLY, {**RECORDS["weekly"], "self_checks": 5})
    assert submit(root).exit_code == 0
    (second,) = set(office.branches()) - {"main", "first"}
    assert office.changed(second) == [f"A\t{WEEKLY}"]
    assert "self_checks: 5" in git(office.bare, "show", f"{second}:{WEEKLY}")


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(office: Office) -> None:
    one, other = office.clone("one"), office.clone("other")
    write(other, WEEKLY, RECORDS["weekly"])
    assert submit(other, "--to", "main").exit_code == 0
    write(one, WEEKLY, {**RECORDS["weekly"], "self_checks": 9})
    before = state(one)
    result = submit(one, "--to", "main")
    assert result.exit_code == 1
    assert "已经被别人改过" in result.output
    assert state(one) == before
    assert "self_checks: 2" in git(office.bare, "show", f"main:{WEEKLY}")


def test_without_a_platform_it_goes_straight_to_main_on_top_of_what_others_sent(office: Office) -> None:
    east, west = office.clone("east"), office.clone("west")
    write(west, WEEKLY.replace("east", "west"), RECORDS["weekly"])
    assert submit(west, "--to", "main").exit_code == 0
    write(east, WEEKLY, RECORDS["weekly"])
    result = submit(east, "--to", "main")
    assert result.exit_code == 0, result.output
    assert office.branches() == ["main"]
    assert git(office.bare, "log", "--format=%s", "main").splitlines()[:2] == [
        "报送：east-hospital 周报 2023-W21",
        "报送：west-hospital 周报 2023-W21",
    ]
    assert git(east, "status", "--porcelain") == ""


def refused(root: Path, *arguments: str) -> str:
    before = state(root)
    result = submit(root, *arguments)
    assert result.exit_code == 1, result.output
    assert "没有报送" in result.output
    assert state(root) == before
    return result.output


def test_two_units_at_once_are_refused(office: Office) -> None:
    root = office.clone("east")
    write(root, WEEKLY, RECORDS["weekly"])
    write(root, WEEKLY.replace("east", "west"), RECORDS["weekly"])
    assert f"{CAMPAIGN}/east-hospital、{CAMPAIGN}/west-hospital" in refused(root)


@pytest.mark.parametrize(
    "path",
    [f"submissions/{CAMPAIGN}/roll.yml", "submissions/calendar/2023.yml", "submissions/criteria/standard-2017.yml"],
)
def test_what_the_office_keeps_is_refused(office: Office, path: str) -> None:
    root = office.clone("east")
    write(root, WEEKLY, RECORDS["weekly"])
    with (root / path).open("a", encoding="utf-8") as stream:
        stream.write("# \n")
    assert path in refused(root)


def test_a_changed_file_beside_the_filings_is_refused_and_a_new_one_stays_behind(office: Office) -> None:
    root = office.clone("east")
    write(root, WEEKLY, RECORDS["weekly"])
    (root / "台账.校验结果.xlsx").write_bytes(b"PK")
    assert submit(root).exit_code == 0
    assert office.changed(office.sent()) == [f"A\t{WEEKLY}"]
    write(root, f"{FOLDER}/hazards/2023-001.yml", RECORDS["hazards"])
    with (root / "mkdocs.yml").open("a", encoding="utf-8") as stream:
        stream.write("# \n")
    assert "mkdocs.yml" in refused(root)


def test_a_deleted_record_is_refused(office: Office) -> None:
    root = office.clone("east")
    write(root, WEEKLY, RECORDS["weekly"])
    assert submit(root, "--to", "main").exit_code == 0
    (root / WEEKLY).unlink()
    assert "withdrawn" in refused(root)


def test_a_record_with_an_error_is_refused_with_the_finding(office: Office) -> None:
    root = office.clone("east")
    write(root, WEEKLY, {**RECORDS["weekly"], "self_checks": "3次"})
    output = refused(root)
    assert "E-TYPE" in output
    assert "1 处错误" in output
    assert office.branches() == ["main"]


def test_an_error_of_another_unit_does_not_keep_a_filing_back(office: Office) -> None:
    root = office.clone("east")
    write(root, WEEKLY.replace("east", "west"), {"filed_on": "2023-05-28", "self_checks": "3次"})
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", "别人的错误")
    git(root, "push", "--quiet", "origin", "main")
    write(root, WEEKLY, RECORDS["weekly"])
    result = submit(root)
    assert result.exit_code == 0, result.output
    assert "别处还有 1 处错误" in result.output


def test_nothing_changed_and_no_remote_are_each_a_sentence(office: Office) -> None:
    root = office.clone("east")
    assert "没有要报的改动" in refused(root)
    write(root, WEEKLY, RECORDS["weekly"])
    assert "现有：origin" in refused(root, "--remote", "--upload-pack=x")
    assert "分支名" in refused(root, "--to", "--force")
    git(root, "remote", "remove", "origin")
    assert "没有远程仓库" in refused(root)


def test_a_remote_that_cannot_be_reached_loses_nothing(office: Office) -> None:
    root = office.clone("east")
    write(root, WEEKLY, RECORDS["weekly"])
    git(root, "remote", "set-url", "origin", str(office.folder / "gone.git"))
    assert "推送没有成功" in refused(root)
    git(root, "remote", "set-url", "origin", str(office.bare))
    assert submit(root).exit_code == 0


def hook(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def test_a_server_that_refuses_is_heard_and_loses_nothing(office: Office) -> None:
    root = office.clone("east")
    write(root, WEEKLY, RECORDS["weekly"])
    hook(office.bare / "hooks" / "pre-receive", "printf '没有接收：账号不对\\033[31m\\n' >&2; exit 1")
    output = refused(root, "--to", "main")
    assert "没有接收：账号不对" in output
    assert "\033" not in output
    assert "服务器没有接收" in output


def test_only_the_pre_push_hook_of_the_user_runs(office: Office) -> None:
    root = office.clone("east")
    write(root, WEEKLY, RECORDS["weekly"])
    for name in ("pre-commit", "commit-msg", "post-commit", "reference-transaction"):
        hook(root / ".git" / "hooks" / name, f"echo {name} >> {office.folder}/ran")
    (root / ".git" / "hooks" / "reference-transaction").unlink()
    hook(root / ".git" / "hooks" / "pre-push", f"echo pre-push >> {office.folder}/ran; exit 1")
    refused(root)
    assert (office.folder / "ran").read_text() == "pre-push\n"


def test_a_link_in_the_folder_is_refused(office: Office) -> None:
    root = office.clone("east")
    write(root, WEEKLY, RECORDS["weekly"])
    (root / FOLDER / "files").mkdir()
    (root / FOLDER / "files" / "scan.pdf").symlink_to("/etc/hostname")
    refused(root)
    assert office.branches() == ["main"]


def test_without_a_name_the_sentence_says_how_to_give_one(office: Office, tmp_path: Path) -> None:
    root = office.clone("east")
    write(root, WEEKLY, RECORDS["weekly"])
    (tmp_path / "settings").write_text("[user]\n\tuseConfigOnly = true\n")
    assert "git config user.name" in refused(root)


def test_the_address_to_open_comes_from_mkdocs_yml_and_the_remote(office: Office) -> None:
    root = office.clone("east")
    settings = root / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    filing = "  filing: {forge: gitea, repository: https://git.example.org/office/ledger, branch: main}\n"
    settings.write_text(text.replace("extra:\n", f"extra:\n{filing}"), encoding="utf-8")
    git(root, "commit", "--quiet", "--all", "-m", "平台")
    git(root, "push", "--quiet", "origin", "main")
    write(root, WEEKLY, RECORDS["weekly"])
    result = submit(root)
    assert result.exit_code == 0, result.output
    assert f"https://git.example.org/office/ledger/compare/main...{office.sent()}\n" in result.output


HUB = OfficeRepository("github", "https://github.com/office/ledger", "main")
TEA = OfficeRepository("gitea", "https://git.example.org:3000/office/ledger", "main")
LAB = OfficeRepository("gitlab", "https://gitlab.example.org/group/office/ledger", "main")
GITEE = OfficeRepository("gitee", "https://gitee.com/office/ledger", "main")


@pytest.mark.parametrize(
    ("forge", "url", "address"),
    [
        (HUB, "https://github.com/office/ledger.git", "https://github.com/office/ledger/compare/main...b?expand=1"),
        (HUB, "git@github.com:qi/ledger.git", "https://github.com/office/ledger/compare/main...qi:ledger:b?expand=1"),
        (TEA, "ssh://git@git.example.org:22/office/ledger.git", f"{TEA.repository}/compare/main...b"),
        (TEA, "https://u:p@git.example.org:3000/qi/copy", f"{TEA.repository}/compare/main...qi/copy:b"),
        (TEA, "/srv/ledger.git", f"{TEA.repository}/compare/main...b"),
        (
            LAB,
            "git@gitlab.example.org:qi/ledger.git",
            "https://gitlab.example.org/qi/ledger/-/merge_requests/new"
            "?merge_request%5Bsource_branch%5D=b&merge_request%5Btarget_branch%5D=main",
        ),
        (GITEE, "https://gitee.com/qi/ledger.git", f"{GITEE.repository}/pull/new/qi/ledger:b...office/ledger:main"),
    ],
)
def test_every_platform_has_its_own_address(forge: OfficeRepository, url: str, address: str) -> None:
    assert forge.request_address(read_remote(url), "b") == address


@pytest.mark.parametrize(
    "url", ["/srv/ledger.git", "file:///srv/ledger.git", "https://h/only", "ext::sh -c x", "a:b c/d"]
)
def test_an_address_that_no_platform_has_is_none(url: str) -> None:
    assert read_remote(url) is None


def test_a_known_host_tells_its_platform_by_itself() -> None:
    remote = read_remote("git@github.com:office/ledger.git")
    assert remote
    assert forge_behind(remote, "main") == HUB
    unknown = read_remote("git@git.example.org:office/ledger.git")
    assert unknown
    assert forge_behind(unknown, "main") is None
