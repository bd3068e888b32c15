"""What Git knows, read from real temporary repositories with fixed dates."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest
from checkout import checkout, taizhang
from support import CAMPAIGN, RECORDS, Tree, yaml_text

from generator import history

NAMES = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example",
    "GIT_COMMITTER_NAME": "c",
    "GIT_COMMITTER_EMAIL": "c@example",
}
QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


class Repository:
    """A repository whose commits carry the dates a test gives."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, when: str = "2023-05-01T09:00:00+0800", author: str = "") -> str:
        dates = {"GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": author or when}
        environment = {**os.environ, **NAMES, **QUIET, **dates}
        done = subprocess.run(["git", *arguments], cwd=self.root, env=environment, check=True, capture_output=True)
        return done.stdout.decode().strip()

    def write(self, path: str, text: str = "x\n") -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def commit(self, when: str, author: str = "") -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "file", when=when, author=author)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


FIRST, SECOND = "submissions/c/org/weekly/2023-W21.yml", "submissions/c/org/weekly/第二 份.yml"


def test_a_folder_that_is_no_repository_has_no_head(tmp_path: Path) -> None:
    assert history.read_head(tmp_path) is None


def test_a_repository_without_commits_has_no_head(repository: Repository) -> None:
    assert history.read_head(repository.root) is None


def test_head_counts_entries_and_sees_what_is_not_committed(repository: Repository) -> None:
    repository.write(FIRST)
    repository.commit("2023-05-20T09:00:00+0800")
    repository.write(SECOND)
    commit = repository.commit("2023-05-21T09:00:00+0800")
    assert history.read_head(repository.root) == history.Head(commit, 2, changed=False)
    repository.write("README.md")
    assert history.read_head(repository.root) == history.Head(commit, 2, changed=False)
    repository.write("submissions/new.yml")
    assert history.read_head(repository.root) == history.Head(commit, 2, changed=True)


def test_arrival_is_the_committer_date_in_china_and_not_what_the_author_claims(repository: Repository) -> None:
    repository.write(FIRST)
    repository.commit("2023-05-25T16:30:00+0000", author="2023-05-01T09:00:00+0800")
    assert history.arrivals(repository.root) == {FIRST: date(2023, 5, 26)}


def test_a_later_edit_does_not_move_the_arrival(repository: Repository) -> None:
    repository.write(FIRST)
    repository.commit("2023-05-25T09:00:00+0800")
    repository.write(FIRST, "changed\n")
    repository.write(SECOND)
    repository.commit("2023-06-25T09:00:00+0800")
    assert history.arrivals(repository.root) == {FIRST: date(2023, 5, 25), SECOND: date(2023, 6, 25)}


def test_a_merge_counts_when_it_lands_on_main(repository: Repository) -> None:
    repository.write("README.md")
    repository.commit("2023-05-01T09:00:00+0800")
    repository.git("checkout", "-q", "-b", "unit")
    repository.write(FIRST)
    repository.commit("2023-05-20T09:00:00+0800")
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "unit", when="2023-05-27T09:00:00+0800")
    assert history.arrivals(repository.root) == {FIRST: date(2023, 5, 27)}


def test_a_file_put_back_after_deletion_keeps_its_first_arrival(repository: Repository) -> None:
    repository.write(FIRST)
    repository.commit("2023-05-20T09:00:00+0800")
    (repository.root / FIRST).unlink()
    repository.commit("2023-05-21T09:00:00+0800")
    repository.write(FIRST)
    repository.commit("2023-05-22T09:00:00+0800")
    assert history.arrivals(repository.root) == {FIRST: date(2023, 5, 20)}


def test_a_shallow_clone_is_refused_with_the_remedy(repository: Repository, tmp_path: Path) -> None:
    for day in ("20", "21"):
        repository.write(f"submissions/c/org/weekly/{day}.yml")
        repository.commit(f"2023-05-{day}T09:00:00+0800")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{repository.root}", str(clone)], check=True)
    with pytest.raises(history.HistoryError, match="git fetch --unshallow"):
        history.arrivals(clone)


def test_a_campaign_that_judges_by_arrival(tmp_path: Path) -> None:
    tree = Tree()
    tree.campaign["time"] = "arrival"
    root = checkout(tmp_path / "work", tree)
    repository = Repository(root)
    repository.commit("2023-05-20T09:00:00+0800")
    plan = yaml_text({**RECORDS["reports"], "filed_on": "2023-05-20"})
    repository.write(f"submissions/{CAMPAIGN}/east-hospital/reports/plan.yml", plan)
    repository.commit("2023-05-26T00:30:00+0800")
    late = taizhang(root, "check", "--today", "2023-06-01", "--late")
    assert late.exit_code == 0, late.output
    assert "2023-05-26 才报，迟了 1 天" in late.stdout
    repository.write(f"submissions/{CAMPAIGN}/west-hospital/reports/plan.yml", plan)
    today = taizhang(root, "check", "--today", "2023-06-01", "--late")
    assert "2023-06-01 才报，迟了 7 天" in today.stdout


def test_a_campaign_by_arrival_outside_a_repository_says_what_is_wrong(tmp_path: Path) -> None:
    tree = Tree()
    tree.campaign["time"] = "arrival"
    result = taizhang(checkout(tmp_path, tree), "check")
    assert result.exit_code == 2
    assert "需要 Git 仓库" in result.stderr
