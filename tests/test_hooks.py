"""A whole office with nothing but Git: real pushes to a bare repository, judged before main moves, published after."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from served import ENVIRONMENT, clone, commit, git, serve, tree_with_clerks, tried
from support import CAMPAIGN, RECORDS, ROOT, yaml_text

pytestmark = pytest.mark.apart

EAST, WEST = f"submissions/{CAMPAIGN}/east-hospital", f"submissions/{CAMPAIGN}/west-hospital"
WEEKLY = yaml_text(RECORDS["weekly"])
LONG_AGO = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2023-05-28T09:00:00+0800")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return serve(tmp_path_factory.mktemp("office") / "ledger.git", tree_with_clerks())


@pytest.fixture
def office(tmp_path: Path, first: Path) -> Path:
    """A bare repository behind the hook that judges, with the checkout that the hook is linked from."""
    bare, home = tmp_path / "ledger.git", tmp_path / "server"
    git(tmp_path, "clone", "--quiet", "--bare", str(first), str(bare))
    clone(bare, home)
    (bare / "hooks" / "pre-receive").symlink_to(home / "hooks" / "pre-receive")
    return bare


@pytest.fixture
def unit(tmp_path: Path, office: Path) -> Path:
    return clone(office, tmp_path / "unit")


def push(unit: Path, *what: str, actor: str = "east-clerk") -> subprocess.CompletedProcess[str]:
    return tried(unit, "push", "origin", *(what or ("main",)), TAIZHANG_ACTOR=actor)


def main_of(office: Path) -> str:
    return git(office, "rev-parse", "refs/heads/main")


def refused(office: Path, done: subprocess.CompletedProcess[str]) -> str:
    """What a push that was not taken was told, without Git's `remote:`; main must not have moved."""
    assert done.returncode != 0, done.stderr
    assert main_of(office) == git(office, "rev-parse", "begin")
    return "".join(line.removeprefix("remote: ").rstrip() for line in done.stderr.splitlines() if "remote:" in line)


@pytest.fixture(autouse=True)
def begin(office: Path) -> None:
    git(office, "tag", "begin", "main")


def test_own_filing_is_taken_and_told(office: Path, unit: Path) -> None:
    new = commit(unit, {f"{EAST}/weekly/2023-W21.yml": WEEKLY})
    done = push(unit)
    assert done.returncode == 0, done.stderr
    assert main_of(office) == new
    assert "检查通过，可以合并" in done.stderr
    assert "城东医院" in done.stderr


def test_what_is_not_ones_own_is_refused(office: Path, unit: Path) -> None:
    commit(unit, {f"{WEST}/weekly/2023-W21.yml": WEEKLY})
    told = refused(office, push(unit))
    assert "E-OWNER" in told
    assert f"{WEST}/weekly/2023-W21.yml" in told
    assert "main 没有变化" in told


def test_every_commit_of_a_push_is_judged_by_itself(office: Path, unit: Path) -> None:
    """Each becomes an entry of the ledger: what the last one puts right was still said by the one before."""
    commit(unit, {f"{WEST}/weekly/2023-W21.yml": WEEKLY})
    (unit / WEST / "weekly" / "2023-W21.yml").unlink()
    commit(unit, {f"{EAST}/weekly/2023-W21.yml": WEEKLY})
    assert "E-OWNER" in refused(office, push(unit))


def test_nobody_pushes_without_a_name(office: Path, unit: Path) -> None:
    commit(unit, {f"{EAST}/weekly/2023-W21.yml": WEEKLY})
    assert "TAIZHANG_ACTOR" in refused(office, push(unit, actor=""))
    assert "E-ACTOR" in refused(office, push(unit, actor="stranger"))


def test_a_commit_dated_otherwise_is_refused_and_the_advice_helps(office: Path, unit: Path) -> None:
    commit(unit, {f"{EAST}/weekly/2023-W21.yml": WEEKLY}, **LONG_AGO)
    told = refused(office, push(unit))
    assert "相差 10 分钟以上" in told
    advice = "git rebase --force-rebase origin/main"
    assert advice in told
    git(unit, *advice.split()[1:])
    assert push(unit).returncode == 0


def test_the_authors_date_is_only_a_claim(office: Path, unit: Path) -> None:
    commit(unit, {f"{EAST}/weekly/2023-W21.yml": WEEKLY}, GIT_AUTHOR_DATE=LONG_AGO["GIT_AUTHOR_DATE"])
    assert push(unit).returncode == 0


def test_main_never_goes_back_or_away(office: Path, unit: Path) -> None:
    git(unit, "checkout", "--quiet", "--orphan", "other")
    commit(unit, {f"{EAST}/weekly/2023-W21.yml": WEEKLY})
    assert "历史被改写过" in refused(office, push(unit, "--force", "other:main"))
    assert "main 不能删除" in refused(office, push(unit, "--delete", "main"))
    for ref in ("refs/heads/side", "refs/tags/v1"):
        assert f"不收 '{ref}'" in refused(office, push(unit, f"HEAD:{ref}"))


def test_a_merge_that_pushes_main_aside_is_refused(office: Path, unit: Path, tmp_path: Path) -> None:
    """Foxtrot: the server's main stays an ancestor, and yet its own line is lost."""
    git(unit, "checkout", "--quiet", "-b", "mine")
    commit(unit, {f"{EAST}/weekly/2023-W21.yml": WEEKLY})
    other = clone(office, tmp_path / "other")
    commit(other, {f"{WEST}/weekly/2023-W21.yml": WEEKLY})
    assert push(other, actor="west-clerk").returncode == 0
    git(office, "tag", "--force", "begin", "main")
    git(unit, "fetch", "--quiet", "origin")
    git(unit, "merge", "--quiet", "--message=merge", "origin/main")
    assert "没有接在服务器的 main 后面" in refused(office, push(unit, "mine:main"))
    # The other way round main's own line goes on.
    git(unit, "checkout", "--quiet", "-B", "main", "origin/main")
    git(unit, "merge", "--quiet", "--no-ff", "--message=merge", "mine~")
    assert push(unit).returncode == 0


def test_only_it_pushes_the_program(office: Path, unit: Path) -> None:
    commit(unit, {"generator/extra.py": "raise SystemExit('taken over')\n"})
    assert "只能由信息技术人员推送" in refused(office, push(unit))
    # Without other names the office's own clerks are its IT.
    assert push(unit, actor="Bureau-Clerk").returncode == 0


def test_a_program_pushed_along_is_never_run(office: Path, unit: Path, tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'sprung')!r}, 'w')\n"
    names = ("generator/taizhang/__init__.py", "sitecustomize.py", "yaml.py", "hooks/pre-receive")
    commit(unit, {f"{EAST}/weekly/2023-W21.yml": WEEKLY, **dict.fromkeys(names, trap)})
    assert "E-SCOPE" in refused(office, push(unit))
    assert not (tmp_path / "sprung").exists()


def test_the_line_of_authorized_keys_says_who_pushes_and_where(office: Path, unit: Path, tmp_path: Path) -> None:
    """The forced command as the guide gives it, with a stand-in for ssh that does what sshd does with it."""
    guide = (ROOT / "site" / "pages" / "help" / "setup.md").read_text(encoding="utf-8")
    (forced,) = re.findall(r'^command="(.*)",restrict ssh-ed25519', guide, re.MULTILINE)
    forced = forced.replace("/srv/taizhang/office", str(tmp_path / "server")).replace("lanqi-clerk", "east-clerk")
    forced = forced.replace("/srv/taizhang/ledger.git", str(office))
    ssh = tmp_path / "ssh"
    ssh.write_text(f"#!/bin/sh\nfor SSH_ORIGINAL_COMMAND; do :; done\nexport SSH_ORIGINAL_COMMAND\n{forced}\n")
    ssh.chmod(0o700)
    # Whatever repository is asked for, it is the ledger, behind its hook.
    git(unit, "remote", "set-url", "origin", f"ledger@server.example:{tmp_path / 'server'}")
    commit(unit, {f"{WEST}/weekly/2023-W21.yml": WEEKLY})
    way = {"GIT_SSH_COMMAND": str(ssh), "TAIZHANG_ACTOR": "west-clerk"}
    assert "E-OWNER" in refused(office, tried(unit, "push", "origin", "main", **way))
    git(unit, "reset", "--quiet", "--hard", "HEAD~")
    new = commit(unit, {f"{EAST}/weekly/2023-W21.yml": WEEKLY})
    assert tried(unit, "push", "origin", "main", **way).returncode == 0
    assert main_of(office) == new
    assert git(unit, "ls-remote", "origin", "refs/heads/main", **way).startswith(new)
    shell = subprocess.run([ssh, "server", "rm -rf /"], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert shell.returncode == 1
    assert "只能用来推送和拉取" in shell.stderr


def test_accepted_pushes_are_published_and_a_rewritten_main_is_not(office: Path, unit: Path, tmp_path: Path) -> None:
    home, site = tmp_path / "server", tmp_path / "www"
    (office / "hooks" / "post-receive").symlink_to(home / "hooks" / "post-receive")
    way = {"TAIZHANG_ACTOR": "east-clerk", "TAIZHANG_SITE_DIR": str(site)}
    begun = main_of(office)
    new = commit(unit, {f"{EAST}/hazards/2023-001.yml": yaml_text(RECORDS["hazards"])})
    done = tried(unit, "push", "origin", "main", **way)
    assert done.returncode == 0
    assert "网站已更新" in done.stderr
    assert new in (site / "release.json").read_text(encoding="utf-8")
    assert git(home, "rev-parse", "HEAD", "refs/taizhang/published").split() == [new, new]
    # Whoever sits at the server can still move main back; the site does not follow.
    git(office, "update-ref", "refs/heads/main", begun)
    environment, hook = {**ENVIRONMENT, **way}, ["sh", "hooks/post-receive"]
    again = subprocess.run(hook, cwd=office, env=environment, capture_output=True, text=True, check=False)
    assert "E-REWRITE" in again.stdout
    assert "网站没有更新" in again.stdout
    assert new in (site / "release.json").read_text(encoding="utf-8")


def test_a_unit_hears_it_before_it_pushes(office: Path, unit: Path) -> None:
    (office / "hooks" / "pre-receive").unlink()
    git(unit, "config", "core.hooksPath", "hooks")
    git(unit, "config", "taizhang.actor", "east-clerk")
    commit(unit, {f"{WEST}/weekly/2023-W21.yml": WEEKLY})
    done = tried(unit, "push", "origin", "HEAD:refs/heads/side")
    assert done.returncode != 0
    assert "E-OWNER" in done.stdout
    git(unit, "reset", "--quiet", "--hard", "origin/main")
    commit(unit, {f"{EAST}/weekly/2023-W21.yml": WEEKLY})
    done = tried(unit, "push", "origin", "HEAD:refs/heads/side")
    assert done.returncode == 0, done.stderr
    assert "检查通过" in done.stdout


def test_the_same_verdict_without_a_server(unit: Path) -> None:
    """What `make check` runs after the check of everything."""
    commit(unit, {f"{EAST}/weekly/2023-W21.yml": WEEKLY, f"{WEST}/weekly/2023-W21.yml": WEEKLY})
    check = ["sh", "hooks/check-change"]
    done = subprocess.run(check, cwd=unit, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "E-ONE-ORG" in done.stdout
    git(unit, "config", "taizhang.actor", "")
    done = subprocess.run(check, cwd=unit, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (done.returncode, "--actor 不对：后面是空的" in done.stderr) == (2, True)
    # `make check` asks for the same, against another main where it is named.
    planned = ["make", "--dry-run", "--no-print-directory", "check", "BASE=upstream/main"]
    done = subprocess.run(planned, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "sh hooks/check-change HEAD upstream/main"
    named = [*check, "HEAD", "upstream/main"]
    unknown = subprocess.run(named, cwd=unit, env=ENVIRONMENT, capture_output=True, check=False)
    assert unknown.returncode == 1
    git(unit, "remote", "remove", "origin")
    alone = subprocess.run(check, cwd=unit, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert alone.returncode == 0
    assert "没有可比较的主分支" in alone.stderr
