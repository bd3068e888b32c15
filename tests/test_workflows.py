"""The workflows run for real, by act on this machine, against a bare upstream and a bare fork; no network."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from checkout import taizhang
from click.testing import Result
from forges import REPOSITORY, TOKEN, Answer, Platform, serving
from served import ENVIRONMENT, clone, commit, git, serve, tree_with_clerks
from support import CAMPAIGN, RECORDS, ROOT, yaml_text

pytestmark = pytest.mark.apart

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
USED = sorted(
    {
        line.split("uses:")[1].split("#")[0].strip()
        for file in (*WORKFLOWS, *(ROOT / ".github" / "actions").glob("*/action.yml"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if "uses:" in line and "./" not in line
    }
)
EAST, WEST = f"submissions/{CAMPAIGN}/east-hospital", f"submissions/{CAMPAIGN}/west-hospital"
WEEKLY = yaml_text(RECORDS["weekly"])
SUMMARY = "检查通过，可以合并"


@dataclass(frozen=True)
class Run:
    """How a workflow ended; its log without the names of jobs in front, then what its steps printed."""

    code: int
    log: str


KEEPING = """\
#!/bin/bash
bash --noprofile --norc -e -o pipefail "$1" 2>&1 | tee -a "$0.log"
exit "${PIPESTATUS[0]}"
"""
"""The shell of every step. When a command fails, act does not wait for the rest of its terminal, so that the last lines
of a step that fails are now and then missing from its log; what passed through here is whole."""


@dataclass(frozen=True)
class Forge:
    """A platform as far as Git sees it: bare repositories below one folder, and what stands in for its actions."""

    folder: Path

    @property
    def upstream(self) -> Path:
        return self.folder / "served" / REPOSITORY

    @property
    def kept(self) -> Path:
        """Where the stand-ins put what they are given, as `<action>/`."""
        return self.folder / "kept"

    def pull_request(self, number: int, files: Mapping[str, str | bytes], login: str = "east-clerk") -> dict[str, Any]:
        """A commit in a bare fork that upstream knows as a pull request; gives the event."""
        fork = self.folder / "served" / login / f"ledger-{number}"
        git(self.folder, "clone", "--quiet", "--bare", str(self.upstream), str(fork))
        work = clone(fork, self.folder / f"work-{number}")
        head = commit(work, files)
        git(work, "push", "--quiet", "origin", "HEAD:refs/heads/weekly")
        git(self.upstream, "fetch", "--quiet", str(fork), f"weekly:refs/pull/{number}/head")
        source = {"full_name": f"{login}/ledger", "owner": {"login": login}}
        return {
            "action": "opened",
            "number": number,
            "repository": {"full_name": REPOSITORY},
            "pull_request": {
                "number": number,
                "title": "$(touch title) `touch title` ::error::title",
                "user": {"login": login},
                "head": {"sha": head, "ref": "weekly", "repo": source},
                "base": {"sha": git(self.upstream, "rev-parse", "main"), "ref": "main"},
            },
        }

    def run(
        self,
        workflow: str,
        event: str,
        payload: Mapping[str, Any] | None = None,
        api: str = "",
        change: tuple[str, str] = ("", ""),
        **variables: str,
    ) -> Run:
        """Run one workflow as the platform's own runner would."""
        place = self.folder / "runner"
        shutil.rmtree(place, ignore_errors=True)
        (place / ".github" / "workflows").mkdir(parents=True)
        git(place, "init", "--quiet")
        text = (ROOT / ".github" / "workflows" / f"{workflow}.yml").read_text(encoding="utf-8")
        assert change[0] in text
        shell = place / "shell"
        shell.write_text(KEEPING)
        shell.chmod(0o700)
        text = f"defaults:\n  run:\n    shell: {shell} {{0}}\n{text.replace(*change)}"
        (place / ".github" / "workflows" / f"{workflow}.yml").write_text(text, encoding="utf-8")
        (place / "event.json").write_text(json.dumps(payload or {}))
        server = (self.folder / "served").as_uri()
        given = {"TAIZHANG_PYTHON": sys.executable, "TAIZHANG_PROTOCOL": "file", **variables}
        environment = {"GITHUB_SERVER_URL": server, "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_API_URL": api or server}
        command = [str(Path(sys.executable).with_name("act")), event, "--eventpath", "event.json"]
        command += ["--platform", "ubuntu-24.04=-self-hosted", "--pull=false", "--no-cache-server"]
        command += ["--action-cache-path", str(self.folder / "cache"), "--secret", f"GITHUB_TOKEN={TOKEN}"]
        command += [part for name, value in given.items() for part in ("--var", f"{name}={value}")]
        command += [part for name, value in environment.items() for part in ("--env", f"{name}={value}")]
        command += [part for used in USED for part in ("--local-repository", self._stand_in(server, used))]
        home = {"HOME": str(self.folder / "home"), "DOCKER_HOST": ""}
        done = subprocess.run(
            command, cwd=place, env={**ENVIRONMENT, **home}, capture_output=True, text=True, check=False
        )
        lines = [line.partition("] ")[2] or line for line in (done.stdout + done.stderr).splitlines()]
        printed = place / "shell.log"
        lines += printed.read_text(encoding="utf-8").splitlines() if printed.exists() else []
        return Run(done.returncode, "\n".join(line.strip().removeprefix("| ") for line in lines))

    def _stand_in(self, server: str, used: str) -> str:
        """What takes the place of an official action: it keeps, or gives back, the folder that it is given."""
        name, _, _ = used.partition("@")
        short = name.rpartition("/")[2]
        place, kept = self.folder / "actions" / short, self.kept / short
        place.mkdir(parents=True, exist_ok=True)
        keep = f'mkdir -p "{kept}" && cp -rL "$FOLDER"/. "{kept}"'
        ways = {
            "download-artifact": f'mkdir -p "$FOLDER" && cp "{self.kept}/upload-artifact/"* "$FOLDER"',
            "deploy-pages": f'mkdir -p "{kept}"',
        }
        step = {"shell": "bash", "env": {"FOLDER": "${{ inputs.path }}"}, "run": ways.get(short, keep)}
        inputs = {"path": {"description": "path", "default": "."}}
        action = {"name": short, "description": short, "inputs": inputs}
        action["runs"] = {"using": "composite", "steps": [step]}
        (place / "action.yml").write_text(yaml.safe_dump(action))
        return f"{server}/{used}={place}"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tree_with_clerks()
    tree.campaign["ends_on"] = "2099-12-31"
    return serve(tmp_path_factory.mktemp("first") / "ledger", tree)


@pytest.fixture
def forge(tmp_path: Path, first: Path) -> Forge:
    forge = Forge(tmp_path)
    forge.upstream.parent.mkdir(parents=True)
    git(tmp_path, "clone", "--quiet", "--bare", str(first), str(forge.upstream))
    return forge


def trap(sprung: Path) -> Mapping[str, str]:
    """Everything that would run if any part of a pull request were checked out, installed or imported."""
    python = f"open({str(sprung)!r}, 'w')\n"
    shell = f"touch '{sprung}'\n"
    names = (
        "setup.py",
        "conftest.py",
        "sitecustomize.py",
        "yaml.py",
        "generator/taizhang/__init__.py",
        "generator/taizhang/__main__.py",
    )
    return {
        **dict.fromkeys(names, python),
        **dict.fromkeys((".github/scripts/python.sh", "hooks/pre-push", "hooks/check-change"), shell),
        "Makefile": f"all check:\n\t{shell}",
        ".github/actions/keep/action.yml": yaml_text(
            {"runs": {"using": "composite", "steps": [{"run": shell, "shell": "sh"}]}}
        ),
        "requirements/site.txt": "-e .\n",
    }


def test_a_good_pull_request_passes_and_is_told_what_it_does(forge: Forge) -> None:
    event = forge.pull_request(7, {f"{EAST}/weekly/2023-W21.yml": WEEKLY})
    run = forge.run("check", "pull_request", event, TAIZHANG_ARTIFACTS="true")
    assert run.code == 0, run.log
    assert SUMMARY in run.log
    kept = forge.kept / "upload-artifact"
    report = json.loads((kept / "report.json").read_text(encoding="utf-8"))
    assert report["passed"] is True
    assert report["head"] == event["pull_request"]["head"]["sha"]
    assert [(e["org"], e["before"], e["after"]) for e in report["effects"]] == [("城东医院", "未报", "按时")]
    assert "城东医院" in (kept / "report.md").read_text(encoding="utf-8")


def test_a_bad_pull_request_fails_on_the_right_line_and_nothing_of_it_runs(forge: Forge, tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"
    wrong = yaml_text({**RECORDS["weekly"], "self_checks": "两次"})
    files = {f"{WEST}/weekly/2023-W21.yml": WEEKLY, f"{EAST}/weekly/2023-W21.yml": wrong, **trap(sprung)}
    run = forge.run("check", "pull_request", forge.pull_request(8, files))
    assert run.code != 0
    annotations = set(re.findall(r"::error file=([^,]*)(?:,line=(\d+),col=\d+)?,title=([A-Z-]+)::", run.log))
    assert (f"{EAST}/weekly/2023-W21.yml", "2", "E-TYPE") in annotations
    assert (f"{WEST}/weekly/2023-W21.yml", "", "E-OWNER") in annotations
    assert ("generator/taizhang/__init__.py", "", "E-SCOPE") in annotations
    assert not sprung.exists()
    assert not list(tmp_path.rglob("title"))


def test_it_needs_none_of_the_official_actions(forge: Forge) -> None:
    """Where a server has no copy of them, the check runs all the same: a skipped step fetches nothing."""
    event = forge.pull_request(7, {f"{EAST}/weekly/2023-W21.yml": WEEKLY})
    run = forge.run("check", "pull_request", event)
    assert run.code == 0, run.log
    assert "upload-artifact" not in run.log
    assert not forge.kept.exists()


def test_a_pull_request_about_the_program_is_left_to_its_reviewers(forge: Forge) -> None:
    run = forge.run("check", "pull_request", forge.pull_request(7, {"README.md": "你好\n"}, "stranger"))
    assert run.code == 0, run.log
    assert "不归填报检查管" in run.log


def test_a_head_that_is_not_the_announced_one_is_refused(forge: Forge) -> None:
    event = forge.pull_request(7, {f"{EAST}/weekly/2023-W21.yml": WEEKLY})
    event["pull_request"]["head"]["sha"] = event["pull_request"]["base"]["sha"]
    run = forge.run("check", "pull_request", event)
    assert run.code != 0
    assert "请看最新一次检查的结果" in run.log
    assert SUMMARY not in run.log


def test_it_is_judged_against_main_as_it_is_now(forge: Forge, tmp_path: Path) -> None:
    """Clean when it was opened, in conflict once another was merged: running the check again says so."""
    path = f"{EAST}/weekly/2023-W21.yml"
    event = forge.pull_request(7, {path: WEEKLY})
    office = clone(forge.upstream, tmp_path / "office")
    commit(office, {path: yaml_text({**RECORDS["weekly"], "self_checks": 5})})
    git(office, "push", "--quiet", "origin", "main")
    run = forge.run("check", "pull_request", event)
    assert run.code != 0
    assert f"::error file={path},title=E-CONFLICT::" in run.log


def test_a_pull_request_that_would_fill_the_disk_is_not_fetched(forge: Forge) -> None:
    """The limit is lowered for the test; the sentence says what to do."""
    event = forge.pull_request(7, {f"{EAST}/files/scan.pdf": random.Random(1).randbytes(3_000_000)})
    run = forge.run("check", "pull_request", event, change=("ulimit -f 409600", "ulimit -f 1000"))
    assert run.code != 0
    assert "请去掉大文件" in run.log


class Pulls(Platform):
    """A platform that lists its open pull requests too."""

    def __init__(self, flavour: str, *events: Mapping[str, Any]) -> None:
        super().__init__(flavour)
        self.pulls = [event["pull_request"] for event in events]

    def answer(self, method: str, path: str, query: dict[str, str], data: Any) -> Answer:
        if (method, path) == ("GET", f"/repos/{REPOSITORY}/pulls"):
            assert query["state"] == "open"
            return self._list(self.pulls, query)
        return super().answer(method, path, query, data)


def finished(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event that follows a check of a pull request."""
    head = event["pull_request"]["head"]
    run = {"id": 42, "event": "pull_request", "conclusion": "failure", "head_sha": head["sha"]}
    return {"workflow_run": {**run, "head_repository": head["repo"]}, "repository": event["repository"]}


def test_one_comment_is_kept_under_the_pull_request(forge: Forge) -> None:
    event = forge.pull_request(7, {f"{EAST}/weekly/2023-W21.yml": WEEKLY})
    forge.run("check", "pull_request", event, TAIZHANG_ARTIFACTS="true")
    with serving(Pulls("github", event)) as platform:
        for outcome in ("已写上评论", "评论没有变化"):
            run = forge.run("comment", "workflow_run", finished(event), platform.url)
            assert run.code == 0, run.log
            assert f"{outcome}：合并请求 7" in run.log
        (note,) = platform.notes.values()
        assert note["on"] == 7
        assert SUMMARY in note["body"]
        assert len(platform.writes) == 1


HEAD = "2" * 40
REPORT: Mapping[str, Any] = {
    "version": 1,
    "base": "1" * 40,
    "head": HEAD,
    "passed": True,
    "has_filings": True,
    "findings": [],
    "effects": [],
}


def commented(platform: Platform, folder: Path, report: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch) -> Result:
    """What the comment workflow's last step does with a report."""
    file = folder / "report.json"
    file.write_text(json.dumps(report))
    for name, value in {"GITHUB_API_URL": platform.url, "GITHUB_REPOSITORY": REPOSITORY}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TAIZHANG_TOKEN", TOKEN)
    return taizhang(folder, "comment", str(file), "--head", HEAD, "--source", "East-Clerk/ledger")


def opened(number: int, sha: str, source: str | None) -> Mapping[str, Any]:
    repo = {"full_name": source} if source else None
    return {"pull_request": {"number": number, "head": {"sha": sha, "repo": repo}}}


@pytest.mark.parametrize("flavour", ["github", "gitea"])
def test_the_pull_request_is_found_by_commit_and_repository(
    tmp_path: Path, flavour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's pull request with the same commit gets no word of it; nor does one whose fork is gone."""
    others = [opened(3, HEAD, "stranger/ledger"), opened(4, HEAD, None), opened(5, "3" * 40, "east-clerk/ledger")]
    with serving(Pulls(flavour, *others, opened(7, HEAD, "east-clerk/ledger"))) as platform:
        assert commented(platform, tmp_path, REPORT, monkeypatch).exit_code == 0
        longer = {**REPORT, "has_filings": False}
        assert commented(platform, tmp_path, longer, monkeypatch).exit_code == 0
        (note,) = platform.notes.values()
        assert note["on"] == 7
        assert "不归填报检查管" in note["body"]
    with serving(Pulls(flavour, *others)) as platform:
        assert commented(platform, tmp_path, REPORT, monkeypatch).exit_code == 0
        assert not platform.notes


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"number": 3}, "格式不对"),
        ({"passed": "yes"}, "格式不对"),
        ({"head": "0" * 40}, "另一个提交"),
        ({"passed": False}, "前后矛盾"),
        ({"findings": [{"file": "x"}] * 6000}, "格式不对"),
        ({"base": "a" * 5_000_000}, "太大"),
    ],
)
def test_a_forged_report_is_not_repeated(
    tmp_path: Path, change: Mapping[str, Any], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pull request can change check.yml and upload whatever it likes."""
    with serving(Pulls("github", opened(7, HEAD, "east-clerk/ledger"))) as platform:
        result = commented(platform, tmp_path, {**REPORT, **change}, monkeypatch)
        assert result.exit_code == 1
        assert sentence in result.stderr
        assert not platform.writes


def test_markup_in_a_forged_report_stays_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evil = "[点这里](https://evil.example) @office/all <img src=x> ![](//evil.example/p)\n# 检查通过 #1"
    effect = {"what": "filed", "org": evil, "subject": evil, "before": evil, "after": "", "path": evil}
    with serving(Pulls("github", opened(7, HEAD, "east-clerk/ledger"))) as platform:
        assert commented(platform, tmp_path, {**REPORT, "effects": [effect]}, monkeypatch).exit_code == 0
        (note,) = platform.notes.values()
    body = note["body"].replace("<!-- taizhang:check -->", "").replace("<sub>", "").replace("</sub>", "")
    assert "<" not in body
    assert not re.search(r"(?<!\\)[\[\]@]|https://|\n# ", body)


def test_main_is_published_as_it_stands_and_a_rewritten_one_is_not(forge: Forge, tmp_path: Path) -> None:
    site = tmp_path / "www" / "site"
    site.parent.mkdir()
    work = clone(forge.upstream, tmp_path / "office")
    run = forge.run("publish", "push", TAIZHANG_SITE_DIR=str(site), TAIZHANG_SITE_URL="https://ledger.example/")
    assert run.code == 0, run.log
    begun = git(forge.upstream, "rev-parse", "main")
    assert git(forge.upstream, "rev-parse", "published") == begun
    assert begun in (site / "release.json").read_text(encoding="utf-8")
    assert "https://ledger.example/" in (site / "index.html").read_text(encoding="utf-8")

    before = site.resolve()
    run = forge.run("publish", "schedule", TAIZHANG_SITE_DIR=str(site), TAIZHANG_SITE_URL="https://ledger.example/")
    assert run.code == 0, run.log
    assert "网站已是最新" in run.log
    assert site.resolve() == before

    # Records with an error in them leave the site as it is, whoever merged them.
    commit(work, {f"{EAST}/weekly/2023-W21.yml": yaml_text({**RECORDS["weekly"], "self_checks": "两次"})})
    git(work, "push", "--quiet", "origin", "main")
    run = forge.run("publish", "push", TAIZHANG_SITE_DIR=str(site), TAIZHANG_SITE_URL="https://ledger.example/")
    assert run.code != 0
    assert "E-TYPE" in run.log
    assert site.resolve() == before

    # A main that was rewritten has lost what was published.
    git(work, "checkout", "--quiet", "--orphan", "other")
    commit(work, {f"{EAST}/weekly/2023-W21.yml": WEEKLY})
    git(work, "push", "--quiet", "--force", "origin", "other:main")
    run = forge.run("publish", "push", TAIZHANG_SITE_DIR=str(site), TAIZHANG_SITE_URL="https://ledger.example/")
    assert run.code != 0
    assert "E-REWRITE" in run.log
    assert site.resolve() == before
    assert git(forge.upstream, "rev-parse", "published") == begun


def test_pages_gets_the_whole_site_before_it_is_remembered(forge: Forge) -> None:
    run = forge.run("publish", "push", TAIZHANG_PAGES="true")
    assert run.code == 0, run.log
    assert (forge.kept / "upload-pages-artifact" / "units" / CAMPAIGN / "east-hospital" / "index.html").exists()
    assert (forge.kept / "deploy-pages").exists()
    log = run.log
    assert log.index("Deploy") < log.index("Move the branch")
    assert git(forge.upstream, "rev-parse", "published") == git(forge.upstream, "rev-parse", "main")


def test_nothing_is_published_or_opened_where_nobody_asked(forge: Forge) -> None:
    """A unit's fork holds the same workflows, without the variables of the office."""
    for workflow in ("publish", "deadlines"):
        run = forge.run(workflow, "schedule")
        assert run.code == 0, run.log
        assert "Fetch main" not in run.log
    assert not git(forge.upstream, "branch", "--list", "published")


def test_deadlines_open_one_issue_per_unit_and_change_nothing_the_second_time(forge: Forge) -> None:
    with serving(Platform("gitea")) as platform:
        run = forge.run("deadlines", "schedule", api=platform.url, TAIZHANG_DEADLINES="true", TAIZHANG_REMINDERS="true")
        assert run.code == 0, run.log
        opened = platform.open
        assert any("城东医院" in title for title in opened), opened.keys()
        assert (forge.kept / "upload-artifact" / "index.txt").exists()
        written = len(platform.writes)
        assert written == len(opened)
        run = forge.run("deadlines", "schedule", api=platform.url, TAIZHANG_DEADLINES="true")
        assert run.code == 0, run.log
        assert len(platform.writes) == written
        assert TOKEN not in run.log


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_workflows_are_plain(file: Path) -> None:
    """What hostile input and plain servers ask of every workflow, beyond what zizmor and actionlint look at."""
    text = file.read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in text
    assert "GITHUB_ENV" not in text
    for job in workflow["jobs"].values():
        assert job["permissions"]
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), step["name"]
            action = step.get("uses", "")
            assert not action or action.startswith("./trusted/") or re.search(r"^actions/[a-z-]+@[0-9a-f]{40}$", action)


def test_the_check_is_never_skipped() -> None:
    """A required check that is skipped counts as passed, so nothing may skip it."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8"))
    assert workflow[True] == {"pull_request": None}  # YAML 1.1 reads `on` as true
    (job,) = workflow["jobs"].values()
    assert "if" not in job
    assert job["permissions"] == {"contents": "read"}
