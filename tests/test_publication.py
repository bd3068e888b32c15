"""`taizhang build --published`: what was published stays in main's history, or nothing new is published."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path

import pytest
from checkout import checkout, taizhang
from click.testing import Result
from repositories import Work
from support import CAMPAIGN, Tree

from taizhang.history import HistoryError, read_head

pytestmark = pytest.mark.apart

RECORD = f"submissions/{CAMPAIGN}/east-hospital/practices/2023-001.yml"


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """The tiny campaign, published once."""
    work = Work(checkout(tmp_path / "work", Tree()))
    work.write(".gitignore", "build/\n")
    work.commit("2023-05-20T09:00:00+0800")
    work.write("README.md", "one\n")
    work.commit("2023-05-21T09:00:00+0800")
    assert build(work).exit_code == 0
    return work


def build(work: Work, *options: str) -> Result:
    return taizhang(work.root, "build", "--today", "2023-06-01", *options)


def facts(work: Work) -> dict[str, object]:
    found: dict[str, object] = json.loads((work.root / "build/site/release.json").read_text())
    return found


def later(work: Work, text: str) -> str:
    work.write("README.md", text)
    return work.commit("2023-05-22T09:00:00+0800")


def refused(work: Work, published: str) -> str:
    """What the build says when it refuses; the site that was there stays."""
    before = facts(work)
    result = build(work, "--published", published)
    assert result.exit_code == 1
    assert "submissions\n  错误 E-REWRITE：网站已经按提交 " + published[:12] in result.stdout
    assert f"git push --force-with-lease origin {published[:12]}:main" in result.stdout
    assert "原来的网站保持不变" in result.stdout
    assert facts(work) == before
    return result.stdout


def test_a_release_says_what_it_was_made_from(work: Work) -> None:
    found = facts(work)
    assert found.pop("digest") == Tree().intake().digest
    assert found == {
        "version": 1,
        "commit": work.head,
        "entry": 2,
        "uncommitted_changes": False,
        "built_for": "2023-06-01",
        "valid_until": "2023-06-15",
    }
    work.write(RECORD, "filed_on: 2023-06-01\ntitle: x\n")
    build(work, "--allow-findings")
    assert facts(work)["uncommitted_changes"] is True
    assert date.fromisoformat(str(facts(work)["valid_until"])) > date.fromisoformat(str(facts(work)["built_for"]))


def test_an_archive_is_valid_for_good(tmp_path: Path) -> None:
    tree = Tree()
    tree.campaign["archived_on"] = "2024-01-31"
    root = checkout(tmp_path / "work", tree)
    assert taizhang(root, "build", "--today", "2026-01-01").exit_code == 0
    found = json.loads((root / "build/site/release.json").read_text())
    assert (found["built_for"], found["valid_until"]) == ("2024-01-31", None)


def test_outside_a_repository_a_release_names_no_commit(tmp_path: Path) -> None:
    root = checkout(tmp_path / "work", Tree())
    assert taizhang(root, "build", "--today", "2023-06-01").exit_code == 0
    found = json.loads((root / "build/site/release.json").read_text())
    assert (found["commit"], found["entry"]) == (None, None)


def test_main_that_only_grew_is_published(work: Work) -> None:
    published = str(facts(work)["commit"])
    assert build(work, "--published", published).exit_code == 0, "nothing new is no harm"
    later(work, "two\n")
    result = build(work, "--published", published)
    assert result.exit_code == 0, result.output
    assert (facts(work)["commit"], facts(work)["entry"]) == (work.head, 3)
    work.git("checkout", "-q", "-b", "unit", published)
    work.write("other.md")
    work.commit()
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--no-ff", "-m", "merge", "unit")
    assert build(work, "--published", published[:10]).exit_code == 0


def test_a_forced_push_is_refused(work: Work) -> None:
    published = work.head
    work.git("reset", "-q", "--hard", "HEAD^")
    later(work, "rewritten\n")
    assert "现在的历史里没有它（强制推送" in refused(work, published)


def test_going_back_is_refused(work: Work) -> None:
    published = work.head
    work.git("reset", "-q", "--hard", "HEAD^")
    refused(work, published)


def test_squashing_what_was_published_is_refused(work: Work) -> None:
    published = work.head
    work.git("reset", "-q", "--soft", "HEAD^")
    work.git("commit", "-q", "--amend", "-m", "all in one")
    refused(work, published)


def test_a_foxtrot_merge_is_refused_and_told_apart(work: Work) -> None:
    published = work.head
    work.git("checkout", "-q", "-b", "unit", "HEAD^")
    work.write("other.md")
    work.commit()
    work.git("merge", "-q", "--no-ff", "-m", "bring up to date", "main")
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--ff-only", "unit")
    assert "它被挤到了支线上" in refused(work, published)


def test_a_commit_that_nobody_has_any_more_is_refused(work: Work) -> None:
    refused(work, "0123456789" * 4)


def test_findings_allowed_are_not_the_rewriting_of_history(work: Work) -> None:
    published = work.head
    work.git("reset", "-q", "--hard", "HEAD^")
    result = build(work, "--published", published, "--allow-findings")
    assert result.exit_code == 1
    assert "E-REWRITE" in result.stdout


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [("", "后面是空的"), ("no-such-branch", "找不到提交"), ("--output=pwned", "找不到提交")],
)
def test_what_names_no_commit_is_wrong_usage(work: Work, revision: str, sentence: str) -> None:
    result = build(work, f"--published={revision}")
    assert result.exit_code == 2
    assert sentence in result.stderr


@pytest.mark.parametrize("more", [[], ["--published", "HEAD"], ["--edition", "internal"]])
def test_from_a_shallow_clone_no_site_is_built(work: Work, tmp_path: Path, more: list[str]) -> None:
    """Neither what was published can be looked for there, nor is any position on main's line right."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{work.root}", str(clone)], check=True)
    result = taizhang(clone, "build", "--today", "2023-06-01", *more)
    assert result.exit_code == 2
    assert "git fetch --unshallow" in result.stderr
    assert not (clone / "build/site").exists()
    with pytest.raises(HistoryError, match="git fetch --unshallow"):
        read_head(clone)
