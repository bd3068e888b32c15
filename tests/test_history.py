"""What Git knows, read from real temporary repositories with fixed dates."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from checkout import checkout, taizhang
from repositories import Work
from support import CAMPAIGN, RECORDS, Tree, yaml_text

from taizhang import history
from taizhang.history import HistoryError, Landing, Repository, TipPosition, TreeSource, read_history, read_past

FIRST, SECOND = "submissions/c/org/weekly/2023-W21.yml", "submissions/c/org/weekly/第二 份.yml"
NOW = date(2024, 3, 1)
MAY_25, MAY_27 = date(2023, 5, 25), date(2023, 5, 27)


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path / "repository")


def landed(work: Work) -> Mapping[str, date]:
    return read_past(work.root, NOW).arrivals


# --- The head ------------------------------------------------------------------------------------


def test_a_folder_that_is_no_repository_has_no_head(tmp_path: Path) -> None:
    assert history.read_head(tmp_path) is None


def test_a_repository_without_commits_has_no_head_and_no_past(work: Work) -> None:
    assert history.read_head(work.root) is None
    assert read_past(work.root).line == ()


def test_head_counts_entries_and_sees_what_is_not_committed(work: Work) -> None:
    work.write(FIRST)
    work.commit("2023-05-20T09:00:00+0800")
    work.write(SECOND)
    commit = work.commit("2023-05-21T09:00:00+0800")
    assert history.read_head(work.root) == history.Head(commit, 2, changed=False)
    work.write("README.md")
    assert history.read_head(work.root) == history.Head(commit, 2, changed=False)
    work.write("submissions/new.yml")
    assert history.read_head(work.root) == history.Head(commit, 2, changed=True)


def ignored(work: Work) -> None:
    work.write(".git/info/exclude", "submissions/**/2026-777.yml\n")
    work.write("submissions/c/org/hazards/2026-777.yml")


def sparse(work: Work) -> None:
    work.git("sparse-checkout", "set", "--no-cone", "/*", f"!{SECOND}")
    assert not (work.root / SECOND).exists()


def assumed_unchanged(work: Work) -> None:
    work.git("update-index", "--assume-unchanged", FIRST)
    work.write(FIRST, "y\n")


def skipped(work: Work) -> None:
    work.git("update-index", "--skip-worktree", FIRST)
    work.write(FIRST, "y\n")


def line_ends(work: Work) -> None:
    work.write(".git/info/attributes", "* text eol=lf\n")
    work.write(FIRST, "x\r\n")
    work.git("add", FIRST)


def filtered(work: Work) -> None:
    work.git("config", "filter.fixed.clean", "echo x")
    work.write(".git/info/attributes", "* filter=fixed\n")
    work.write(FIRST, "yes\n")
    work.git("add", FIRST)


@pytest.mark.parametrize("differ", [ignored, sparse, assumed_unchanged, skipped, line_ends, filtered])
def test_what_is_not_the_commits_is_seen_where_git_says_nothing(work: Work, differ: Callable[[Work], None]) -> None:
    work.write(FIRST)
    work.write(SECOND)
    commit = work.commit("2023-05-20T09:00:00+0800")
    assert history.read_head(work.root) == history.Head(commit, 1, changed=False)
    differ(work)
    assert work.git("status", "--porcelain") == ""
    assert history.read_head(work.root) == history.Head(commit, 1, changed=True)


def test_what_was_read_counts_and_not_what_lies_there_since(work: Work) -> None:
    work.write(FIRST)
    commit = work.commit("2023-05-20T09:00:00+0800")
    other = work.git("hash-object", "--stdin", text=b"y\n")
    assert history.read_head(work.root, {FIRST: other}) == history.Head(commit, 1, changed=True)


# --- When a file arrives: however it lands ----------------------------------------------------------


def test_arrival_is_the_committer_date_in_china_and_not_what_the_author_claims(work: Work) -> None:
    work.write(FIRST)
    work.commit("2023-05-25T16:30:00+0000", author="2023-05-01T09:00:00+0800")
    assert landed(work) == {FIRST: date(2023, 5, 26)}


@pytest.mark.parametrize("zone", ["-1200", "+1400", "+9959", "-9999", "+0545"])
def test_the_zone_in_a_commit_does_not_move_its_day(work: Work, zone: str) -> None:
    work.write(FIRST)
    work.forge(f"1684987200 {zone}")  # 2023-05-25 12:00 in China
    assert landed(work) == {FIRST: MAY_25}


def test_a_later_edit_does_not_move_the_arrival(work: Work) -> None:
    work.write(FIRST)
    work.commit("2023-05-25T09:00:00+0800")
    work.write(FIRST, "changed\n")
    work.write(SECOND)
    work.commit("2023-06-25T09:00:00+0800")
    assert landed(work) == {FIRST: MAY_25, SECOND: date(2023, 6, 25)}
    first, second = read_past(work.root, NOW).versions[FIRST]
    assert (first.landing.entry, second.landing.entry) == (1, 2)
    assert second.blob == work.git("rev-parse", f"HEAD:{FIRST}") != first.blob


def branched(work: Work) -> None:
    """A unit's branch, committed in time by its own clock, and main one entry further on."""
    work.write("README.md")
    work.commit("2023-05-01T09:00:00+0800")
    work.git("checkout", "-q", "-b", "unit")
    work.write(FIRST)
    work.commit("2023-05-20T09:00:00+0800")
    work.git("checkout", "-q", "main")
    work.write(SECOND)
    work.commit("2023-05-25T09:00:00+0800")


LANDING: Mapping[str, Sequence[Sequence[str]]] = {
    "merge": [("merge", "-q", "--no-ff", "-m", "merge", "unit")],
    "squash": [("merge", "-q", "--squash", "unit"), ("commit", "-q", "-m", "squashed")],
    "rebase": [("rebase", "-q", "main", "unit"), ("checkout", "-q", "main"), ("merge", "-q", "--ff-only", "unit")],
    "cherry-pick": [("cherry-pick", "unit")],
}


@pytest.mark.parametrize("way", LANDING)
def test_a_pull_request_counts_when_it_lands_on_main_and_not_when_it_was_made(work: Work, way: str) -> None:
    branched(work)
    for command in LANDING[way]:
        work.git(*command, when="2023-05-27T09:00:00+0800")
    past = read_past(work.root, NOW)
    assert past.arrivals == {FIRST: MAY_27, SECOND: MAY_25}
    assert [entry.entry for entry in past.line] == [1, 2, 3]
    assert past.incredible == ()


def test_what_a_merge_commit_adds_or_takes_away_by_itself_is_seen(work: Work) -> None:
    branched(work)
    work.git("merge", "-q", "--no-commit", "--no-ff", "unit")
    (work.root / SECOND).unlink()
    third = "submissions/c/org/weekly/2023-W22.yml"
    work.write(third)
    work.git("add", "-A")
    work.git("commit", "-q", "-m", "evil merge", when="2023-05-27T09:00:00+0800")
    past = read_past(work.root, NOW)
    assert past.arrivals == {FIRST: MAY_27, SECOND: MAY_25, third: MAY_27}
    assert {path: landing.entry for path, landing in past.lost.items()} == {SECOND: 3}
    assert past.lost[SECOND].commit == work.head


def test_a_file_put_back_after_deletion_keeps_its_first_arrival(work: Work) -> None:
    work.write(FIRST)
    work.commit("2023-05-25T09:00:00+0800")
    work.git("rm", "-q", FIRST)
    work.commit("2023-05-26T09:00:00+0800")
    assert read_past(work.root, NOW).lost[FIRST].entry == 2
    work.write(FIRST)
    work.commit("2023-05-27T09:00:00+0800")
    past = read_past(work.root, NOW)
    assert past.arrivals == {FIRST: MAY_25}
    assert past.lost == {}
    assert [version.blob is None for version in past.versions[FIRST]] == [False, True, False]


def test_a_file_by_another_name_is_another_file(work: Work) -> None:
    work.write(FIRST)
    work.commit("2023-05-25T09:00:00+0800")
    work.git("mv", FIRST, SECOND)
    work.commit("2023-05-27T09:00:00+0800")
    past = read_past(work.root, NOW)
    assert past.arrivals == {FIRST: MAY_25, SECOND: MAY_27}
    assert set(past.lost) == {FIRST}


def test_reverting_brings_a_file_back(work: Work) -> None:
    work.write(FIRST)
    work.commit("2023-05-25T09:00:00+0800")
    work.git("rm", "-q", FIRST)
    work.commit("2023-05-26T09:00:00+0800")
    work.git("revert", "--no-edit", "HEAD", when="2023-05-27T09:00:00+0800")
    assert read_past(work.root, NOW).lost == {}
    assert landed(work) == {FIRST: MAY_25}


ODD_NAMES = [
    "a\nb.yml",
    'a"b.yml',
    "-rf.yml",
    "$(touch x).yml",
    "a\tb.yml",
    ":100644 0 0 0 A.yml",
    "\x01deadbeef\n:x",
    "é",
]


def test_odd_names_are_read_as_they_are(work: Work) -> None:
    names = {f"submissions/c/{name}" for name in ODD_NAMES}
    for name in names:
        work.write(name)
    raw = os.fsencode(work.root) + b"/submissions/c/\xff\xfe.yml"
    Path(os.fsdecode(raw)).write_bytes(b"x\n")
    commit = work.commit("2023-05-25T09:00:00+0800")
    names.add(os.fsdecode(b"submissions/c/\xff\xfe.yml"))
    assert set(landed(work)) == names
    assert set(landed(work).values()) == {MAY_25}
    with Repository(work.root) as repository:
        source = TreeSource.at(repository, commit)
        assert {entry.path for entry in source.entries()} == names
        assert {source.read(name) for name in names} == {b"x\n"}


# --- Clocks ------------------------------------------------------------------------------------------


def lined(work: Work, *days: str) -> Sequence[Landing]:
    """Main's line where each entry claims a day (or raw seconds and zone) and files one record."""
    for number, day in enumerate(days):
        work.write(f"submissions/c/org/weekly/{number}.yml")
        if " " in day:
            work.forge(day, *([work.head] if number else []))
        else:
            work.commit(f"{day}T12:00:00+0800")
    return read_past(work.root, NOW).line


def days(line: Sequence[Landing]) -> list[str]:
    """Each entry's day in May 2023, with a ! where its own date was not believed."""
    return [f"{landing.on.day}{'' if landing.is_credible else '!'}" for landing in line]


BEYOND = ["99999999999999999999 +0000", "18446744073709551615 +0000", "253402300800 +0000", "1 -1200", "0 +0000"]


@pytest.mark.parametrize("stamp", [*BEYOND, "-1684987200 +0800", "1112000000000 +9999", "nonsense +0800"])
def test_a_date_that_no_clock_shows_takes_the_day_before_it(work: Work, stamp: str) -> None:
    line = lined(work, "2023-05-20", stamp, "2023-05-22")
    assert days(line) == ["20", "20!", "22"]
    assert line[1].claimed is None or line[1].claimed > NOW


def test_a_date_after_today_is_not_believed(work: Work) -> None:
    line = lined(work, "2023-05-20", "2031-01-01")
    assert days(line) == ["20", "20!"]
    assert line[1].claimed == date(2031, 1, 1)


def test_a_date_before_an_older_entry_is_not_believed(work: Work) -> None:
    assert days(lined(work, "2023-05-20", "2023-05-25", "2023-05-21")) == ["20", "25", "25!"]


def test_backdated_entries_among_right_ones_gain_nothing(work: Work) -> None:
    line = lined(work, "2023-05-20", "2023-05-24", "2023-05-01", "2023-05-25", "2023-05-02", "2023-05-26")
    assert days(line) == ["20", "24", "24!", "25", "25!", "26"]


def test_one_clock_that_is_ahead_makes_nobody_late(work: Work) -> None:
    line = lined(work, "2023-05-20", "2023-05-31", "2023-05-21", "2023-05-30", "2023-05-22", "2023-05-23")
    assert days(line) == ["20", "20!", "21", "21!", "22", "23"]


def test_an_entry_before_the_first_one_believed_takes_its_day(work: Work) -> None:
    assert days(lined(work, "1 +0000", "2023-12-30", "2023-05-21", "2023-05-22")) == ["21!", "21!", "21", "22"]


def test_where_no_date_can_be_believed_everything_landed_today(work: Work) -> None:
    assert [(entry.on, entry.is_credible) for entry in lined(work, "1 +0000", "2 +0000")] == [(NOW, False)] * 2


def test_many_entries_on_one_day_are_all_believed(work: Work) -> None:
    assert days(lined(work, *["2023-05-20"] * 4, "2023-05-21", "2023-05-21")) == [*["20"] * 4, "21", "21"]


# --- Histories that are not what they should be -------------------------------------------------------


def test_a_shallow_clone_is_refused_with_the_remedy(work: Work, tmp_path: Path) -> None:
    lined(work, "2023-05-20", "2023-05-21")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{work.root}", str(clone)], check=True)
    with pytest.raises(HistoryError, match="git fetch --unshallow"):
        read_past(clone)
    with Repository(clone) as repository, pytest.raises(HistoryError, match="git fetch --unshallow"):
        repository.kept(work.head, work.head)


def test_a_foxtrot_merge_takes_the_old_tip_off_the_line(work: Work) -> None:
    branched(work)
    tip = work.head
    work.git("checkout", "-q", "unit")
    work.git("merge", "-q", "--no-ff", "-m", "bring up to date", "main", when="2023-05-26T09:00:00+0800")
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--ff-only", "unit")
    with Repository(work.root) as repository:
        assert repository.kept(tip, work.head) is TipPosition.ASIDE
        assert not repository.is_on_line(tip, work.head)
        assert repository.is_on_line(work.head, work.head)


def test_a_rewritten_line_has_lost_its_tip(work: Work) -> None:
    lined(work, "2023-05-20", "2023-05-21")
    old = work.head
    work.git("reset", "-q", "--hard", "HEAD^")
    work.write(SECOND)
    work.commit("2023-05-22T09:00:00+0800")
    with Repository(work.root) as repository:
        assert repository.kept(old, work.head) is TipPosition.GONE
        assert repository.kept("0123456789" * 4, work.head) is TipPosition.GONE
        assert repository.kept(f"{work.head}^", work.head) is TipPosition.ON_LINE
        with pytest.raises(HistoryError, match="找不到提交“no-such-branch”"):
            repository.kept("no-such-branch", work.head)


def test_replace_refs_and_grafts_change_nothing(work: Work) -> None:
    line = lined(work, "2023-05-20", "2023-05-25", "2023-05-27")
    work.write("submissions/c/org/weekly/2.yml", "forged\n")
    work.git("add", "-A")
    forged = work.git("commit-tree", work.git("write-tree"), "-m", "forged", when="2023-05-01T09:00:00+0800")
    work.git("reset", "-q", "--hard")
    work.git("replace", line[2].commit, forged)
    (work.root / ".git" / "info" / "grafts").write_text(f"{line[1].commit}\n")
    assert len(work.git("log", "--format=%H").splitlines()) == 1, "Git itself believes it"
    assert read_past(work.root, NOW).line == line
    with Repository(work.root) as repository:
        assert TreeSource.at(repository, line[2].commit).read("submissions/c/org/weekly/2.yml") == b"x\n"


def object_file(work: Work, ident: str) -> Path:
    file = work.root / ".git" / "objects" / ident[:2] / ident[2:]
    file.chmod(0o644)
    return file


@pytest.mark.parametrize("what", ["HEAD^{tree}", "HEAD^", "HEAD^{tree}^0:submissions"])
def test_a_missing_object_is_named_and_half_a_history_is_none(work: Work, what: str) -> None:
    lined(work, "2023-05-20", "2023-05-21", "2023-05-22")
    ident = work.git("rev-parse", what.replace("^0", ""))
    object_file(work, ident).unlink()
    with pytest.raises(HistoryError, match=ident):
        read_past(work.root)


@pytest.mark.parametrize("harm", ["missing", "empty", "cut", "flipped", "other"])
def test_a_damaged_file_is_named(work: Work, harm: str) -> None:
    work.write(FIRST, os.urandom(400).hex())
    work.write(SECOND, "sound\n")
    commit = work.commit()
    ident = work.git("rev-parse", f"HEAD:{FIRST}")
    file = object_file(work, ident)
    raw = file.read_bytes()
    match harm:
        case "missing":
            file.unlink()
        case "empty":
            file.write_bytes(b"")
        case "cut":
            file.write_bytes(raw[:-40])
        case "flipped":
            file.write_bytes(raw[:-60] + bytes(255 - byte for byte in raw[-60:]))
        case "other":
            # A whole object of other content under this name: Git's own reader does not notice.
            file.write_bytes(object_file(work, work.git("rev-parse", f"HEAD:{SECOND}")).read_bytes())
    with Repository(work.root) as repository:
        for _ in range(2):
            with pytest.raises(HistoryError, match=f"{ident} 缺失或已损坏"):
                repository.blob(ident)
        assert repository.blob(work.git("rev-parse", f"{commit}:{SECOND}")) == b"sound\n"


def test_a_corrupt_pack_is_said(work: Work) -> None:
    lined(work, "2023-05-20", "2023-05-21")
    work.git("gc", "-q")
    (pack,) = (work.root / ".git" / "objects" / "pack").glob("*.pack")
    pack.chmod(0o644)
    pack.write_bytes(pack.read_bytes()[:12] + b"\0" * 400)
    with pytest.raises(HistoryError, match=f"{work.git('rev-parse', 'HEAD')} 缺失或已损坏"):
        read_past(work.root)


def test_only_full_sha_1_ids_name_objects(work: Work, tmp_path: Path) -> None:
    lined(work, "2023-05-20")
    with Repository(work.root) as repository:
        for ident in ("HEAD:x", "--output=pwned", "a" * 39, "A" * 40, "a" * 40 + "\n"):
            with pytest.raises(HistoryError, match="40位"):
                repository.blob(ident)
        for revision in ("--output=pwned", "-", "", "no\nsuch", "HEAD:submissions"):
            with pytest.raises(HistoryError, match="找不到提交"):
                repository.commit(revision)
    assert not list(work.root.glob("pwned*"))
    other = tmp_path / "sha256"
    subprocess.run(["git", "init", "-q", "--object-format=sha256", str(other)], check=True)
    made = Work(other)
    made.commit()
    with pytest.raises(HistoryError, match="SHA-1"):
        read_past(other)


# --- Surroundings -----------------------------------------------------------------------------------


def test_a_repository_is_opened_exactly_where_it_is_said_to_be(work: Work) -> None:
    work.write("submissions/c/org/x.yml")
    work.commit()
    with pytest.raises(HistoryError, match="不是 Git 仓库"):
        Repository(work.root / "submissions")


def test_a_bare_repository_and_a_linked_work_tree_tell_the_same(work: Work, tmp_path: Path) -> None:
    line = lined(work, "2023-05-20", "2023-05-21")
    work.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    work.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    for place in ("bare.git", "linked"):
        assert read_past(tmp_path / place, NOW).line == line
    head = history.read_head(tmp_path / "linked")
    assert head == history.Head(work.head, 2, changed=False)


def test_what_a_hook_has_in_its_environment_changes_nothing(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = lined(work, "2023-05-20", "2023-05-21")
    other = Work(tmp_path / "other")
    other.commit()
    touch = tmp_path / "touch"
    touch.write_text(f"#!/bin/sh\ntouch {tmp_path}/pwned\n")
    touch.chmod(0o755)
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_SHALLOW_FILE", str(tmp_path / "shallow"))
    (tmp_path / "shallow").write_text(f"{work.git('rev-parse', 'main')}\n")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(touch))
    assert read_past(work.root, NOW).line == line
    assert history.read_head(work.root) == history.Head(line[-1].commit, 2, changed=False)
    assert not (tmp_path / "pwned").exists()


def test_a_repository_that_a_submission_brings_along_is_never_run(work: Work, tmp_path: Path) -> None:
    work.write(FIRST)
    work.commit("2023-05-25T09:00:00+0800")
    brought = work.root / "submissions" / "c" / "org" / "files"
    subprocess.run(["git", "init", "-q", "--bare", str(brought)], check=True)
    pwned = tmp_path / "pwned"
    with (brought / "config").open("a") as config:
        config.write(f'[core]\n\tbare = false\n\tworktree = "{brought}"\n\tfsmonitor = "touch {pwned};:"\n')
    subprocess.run(["git", "status"], cwd=brought, check=True, capture_output=True)
    assert pwned.exists(), "Git itself runs it"
    pwned.unlink()
    assert landed(work) == {FIRST: MAY_25}
    head = history.read_head(work.root)
    assert head is not None
    assert head.changed
    assert taizhang(work.root, "check").exit_code == 2
    assert not pwned.exists()


def test_the_size_of_a_file_is_known_without_reading_it(work: Work) -> None:
    work.write(FIRST, b"\0" * 1000)
    work.commit()
    ident = work.git("rev-parse", f"HEAD:{FIRST}")
    with Repository(work.root) as repository:
        assert repository.sizes([ident, "0" * 40]) == {ident: 1000}
        past = read_history(repository, work.head, NOW, ("submissions/other",))
    assert past.versions == {}
    assert len(past.line) == 1


# --- A campaign that judges by arrival ----------------------------------------------------------------

PLAN = f"submissions/{CAMPAIGN}/east-hospital/reports/plan.yml"
FILED = yaml_text({**RECORDS["reports"], "filed_on": "2023-05-20"})


@pytest.fixture
def campaign(tmp_path: Path) -> Work:
    """The tiny campaign, judged by arrival, in a repository of its own."""
    tree = Tree()
    tree.campaign["time"] = "arrival"
    work = Work(checkout(tmp_path / "work", tree))
    work.commit("2023-05-20T09:00:00+0800")
    return work


def test_a_filing_counts_when_it_lands(campaign: Work) -> None:
    campaign.write(PLAN, FILED)
    campaign.commit("2023-05-26T00:30:00+0800")
    late = taizhang(campaign.root, "check", "--today", "2023-06-01", "--late")
    assert late.exit_code == 0, late.output
    assert "2023-05-26 才报，迟了 1 天" in late.stdout
    campaign.write(PLAN.replace("east", "west"), FILED)
    today = taizhang(campaign.root, "check", "--today", "2023-06-01", "--late")
    assert "2023-06-01 才报，迟了 7 天" in today.stdout


def test_the_state_of_an_earlier_day_does_not_know_what_landed_later(campaign: Work) -> None:
    campaign.write(PLAN, FILED)
    campaign.commit("2023-06-10T09:00:00+0800")
    result = taizhang(campaign.root, "check", "--today", "2023-05-30", "--late")
    folder = f"submissions/{CAMPAIGN}/east-hospital"
    assert f"{folder}\n  到期 T-MISSING：城东医院应在 2023-05-25 24 时前报送：要求plan" in result.stdout
    assert "迟报 0、" in result.stdout
    assert "W-CLOCK" not in result.stdout


@pytest.mark.requirement("A64")
def test_a_receipt_overrides_the_landing_and_both_days_are_known(campaign: Work) -> None:
    campaign.write(PLAN, FILED)
    campaign.commit("2023-05-27T09:00:00+0800")
    receipt = f"submissions/{CAMPAIGN}/bureau/receipts/2023-001.yml"
    campaign.write(receipt, yaml_text({**RECORDS["receipts"], "filed_on": "2023-05-28"}))
    campaign.commit("2023-05-28T09:00:00+0800")
    result = taizhang(campaign.root, "check", "--today", "2023-06-01", "--late")
    assert result.exit_code == 0, result.output
    assert PLAN not in result.stdout
    assert "按时 1" in result.stdout


def test_a_filing_that_a_later_entry_deleted_is_an_error_with_the_remedy(campaign: Work) -> None:
    campaign.write(PLAN, FILED)
    campaign.write("submissions/notes.txt")
    campaign.commit("2023-05-21T09:00:00+0800")
    campaign.git("rm", "-q", PLAN, "submissions/notes.txt")
    commit = campaign.commit("2023-05-22T09:00:00+0800")
    result = taizhang(campaign.root, "check", "--today", "2023-06-01")
    assert result.exit_code == 1
    assert f"{PLAN}\n  错误 E-LOST" in result.stdout
    assert f"第 3 笔（{commit[:12]}）删除了这个已入账的文件" in result.stdout
    assert "notes.txt" not in result.stdout, "what never belonged there may go"
    assert taizhang(campaign.root, "build", "--today", "2023-06-01").exit_code == 1
    campaign.git("checkout", f"{commit[:12]}^1", "--", PLAN)
    campaign.commit("2023-05-23T09:00:00+0800")
    again = taizhang(campaign.root, "check", "--today", "2023-06-01")
    assert again.exit_code == 0, again.output
    assert "按时 1" in again.stdout, "it landed on 2023-05-21 and still did"


def test_an_entry_whose_date_is_not_believed_is_named_and_nobody_is_late_for_it(campaign: Work) -> None:
    campaign.write("README.md")
    ahead = campaign.commit("2023-12-30T09:00:00+0800")
    campaign.write(PLAN, FILED)
    campaign.commit("2023-05-25T23:59:59+0800")
    campaign.write("README.md", "y\n")
    campaign.commit("2023-05-26T09:00:00+0800")
    result = taizhang(campaign.root, "check", "--today", "2024-01-31", "--late")
    assert result.exit_code == 0, result.output
    assert "提醒 W-CLOCK" in result.stdout
    assert f"第 2 笔（{ahead[:12]}）写的是 2023-12-30，与前后各笔不符，按 2023-05-20 计" in result.stdout
    assert PLAN not in result.stdout


def test_an_overflow_date_is_named_without_a_date(campaign: Work) -> None:
    campaign.write(PLAN, FILED)
    campaign.forge("99999999999999999999 +0000", campaign.head)
    result = taizhang(campaign.root, "check", "--today", "2023-06-01")
    assert result.exit_code == 0, result.output
    assert "写的不是可信的日期" in result.stdout


def test_a_campaign_by_arrival_outside_a_repository_says_what_is_wrong(tmp_path: Path) -> None:
    tree = Tree()
    tree.campaign["time"] = "arrival"
    result = taizhang(checkout(tmp_path, tree), "check")
    assert result.exit_code == 2
    assert "需要 Git 仓库" in result.stderr
