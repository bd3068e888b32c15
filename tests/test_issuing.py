"""Bulletins in real repositories: drafted from what had arrived, verified later, corrected and still readable."""

from __future__ import annotations

import shutil
import subprocess
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
import yaml
from checkout import taizhang
from issues import GONE, Office, issued
from lxml import html
from support import CAMPAIGN, KINDS, RECORDS, ROOT, Data, Tree, duty, made, yaml_text

from taizhang.bulletins.issuing.archive import Archive
from taizhang.bulletins.issuing.drafting import CannotIssue, Why
from taizhang.bulletins.issuing.verifying import Verification, verify
from taizhang.bulletins.periodic import Bulletin, published
from taizhang.bulletins.writing import record_text
from taizhang.campaign.plans import planned
from taizhang.checks.change import Edit, broken_change
from taizhang.disclosure.public import campaign_view
from taizhang.figures.frozen import Frozen
from taizhang.figures.register import columns, recorded
from taizhang.findings import Severity, word
from taizhang.history import Blob, Change
from taizhang.pages.pages import render
from taizhang.publishing.edition import public_edition
from taizhang.workspace import Examination, Workspace

pytestmark = pytest.mark.apart

FOLDER = f"submissions/{CAMPAIGN}"
W21 = f"{FOLDER}/bureau/bulletins/weekly-2023-W21.yml"
TODAY = date(2024, 3, 1)


def weekly(org: str, week: str = "2023-W21") -> str:
    return f"{FOLDER}/{org}/weekly/{week}.yml"


def filed(**fields: object) -> Data:
    return {**RECORDS["weekly"], **fields}


def arriving() -> Tree:
    """A campaign in which a filing counts when it lands."""
    tree = Tree()
    tree.campaign["time"] = "arrival"
    return tree


def declared() -> Tree:
    """An archive: what each record says of its day is what counts."""
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations")
    tree.add("east-hospital", "weekly", "2023-W21", filed_on="2023-05-29")
    tree.add("north-county", "weekly", "2023-W21", filed_on="2023-05-31")
    return tree


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Where two filings landed in time, and the first week was issued from them."""
    made = Office(tmp_path / "office", arriving())
    made.land("2023-05-28", weekly("east-hospital"), filed(self_checks=3))
    made.land("2023-05-29", weekly("west-hospital"), {"filed_on": "2023-05-29", "nil_return": True})
    made.issue("weekly", "2023-W21", "2023-05-30")
    return made


@pytest.fixture
def archive(tmp_path: Path) -> Office:
    made = Office(tmp_path / "archive", declared())
    made.issue("weekly", "2023-W21", "2023-05-30")
    return made


def examined(office: Office, today: date = TODAY) -> Examination:
    return Workspace(office.root).examine(today)


def verified(office: Office) -> Verification:
    return verify(office.root, KINDS, examined(office))


def found(office: Office) -> list[tuple[str, str]]:
    """Code and sentence of everything that is wrong with a bulletin."""
    return [(item.code, word(item).message) for item in verified(office).findings]


def shown(office: Office, today: date = TODAY) -> tuple[Bulletin, ...]:
    """The bulletins that the public sees."""
    examination = examined(office, today)
    (ledger,) = examination.verdict.ledgers
    sources = verify(office.root, KINDS, examination).sources
    return published(ledger, campaign_view(ledger, KINDS), sources)


def row(bulletin: Bulletin, org: str) -> tuple[list[str], int]:
    """How an organisation filed, and its own checks."""
    (one,) = [row for row in bulletin.table.rows if row.org.id == org]
    return [status.value for status in one.statuses], one.figures.self_checks


# --- Draft and issue ------------------------------------------------------------------------------


def test_a_draft_counts_what_had_arrived_by_the_cut_off(office: Office) -> None:
    data = yaml.safe_load(office.read(W21))
    line = office.git("rev-list", "--first-parent", "--reverse", "HEAD").splitlines()
    assert (data["commit"], data["entry"]) == (line[2], 3)
    assert (data["number"], data["revision"], str(data["cut_off"])) == (1, 1, "2023-05-29")
    rows = {entry.get("unit", entry.get("row")): entry for entry in data["figures"]}
    assert rows["east-hospital"] == {
        "unit": "east-hospital",
        "filings": ["on_time"],
        "self_checks": 3,
        "due_n": 1,
        "on_time_n": 1,
    }
    assert rows["west-hospital"]["filings"] == ["nil"]
    assert rows["north-clinic"] == {"unit": "north-clinic", "filings": ["missing"], "due_n": 1, "missing_n": 1}
    assert rows["total"] == {"row": "total", "self_checks": 3, "due_n": 5, "on_time_n": 1, "nil_n": 1, "missing_n": 3}
    assert "previous" not in rows


def test_late_merges_and_later_corrections_never_change_an_issued_week(office: Office) -> None:
    before = shown(office, date(2023, 5, 31))[0].table
    office.land("2023-06-02", weekly("north-county"), filed(self_checks=9))
    office.land("2023-06-03", weekly("east-hospital"), filed(self_checks=30))
    hazard = {**RECORDS["hazards"], "filed_on": "2023-05-24", "discovered_on": "2023-05-23"}
    office.land("2023-06-04", f"{FOLDER}/east-hospital/hazards/2023-001.yml", hazard | {"registered_on": "2023-05-24"})
    assert found(office) == []
    first, second, *_ = shown(office)
    assert first.table == before
    assert (first.is_issued, second.is_issued) == (True, False)
    assert row(first, "north-county") == (["missing"], 0)
    # What has no record yet is counted as things stand: the corrected report is in it.
    office.git("rm", "-q", W21)
    office.commit("2023-06-05")
    assert row(shown(office)[0], "east-hospital") == (["on_time"], 30)


def test_a_draft_is_no_issue_until_it_is_issued(office: Office) -> None:
    assert office.bulletin("draft", "weekly", "2023-W22", "--today", "2023-06-06").exit_code == 0
    draft = shown(office)[1]
    assert (draft.name, draft.revision is not None, draft.is_issued) == ("weekly-2023-W22", True, False)
    assert office.bulletin("issue", "weekly", "2023-W22", "--on", "2023-06-07", "--today", "2023-06-07").exit_code == 0
    office.commit("2023-06-07")
    assert "issued_on: 2023-06-07\nfigures:\n" in office.read(f"{FOLDER}/bureau/bulletins/weekly-2023-W22.yml")
    assert shown(office)[1].is_issued
    again = office.bulletin("issue", "weekly", "2023-W22", "--today", "2023-06-07")
    assert (again.exit_code, "没有草稿" in again.output) == (2, True)


def test_a_draft_with_another_figure_is_not_issued(office: Office) -> None:
    office.bulletin("draft", "weekly", "2023-W22", "--today", "2023-06-06")
    path = f"{FOLDER}/bureau/bulletins/weekly-2023-W22.yml"
    office.edit(path, "{row: total, due_n: 5", "{row: total, due_n: 6")
    result = office.bulletin("issue", "weekly", "2023-W22", "--today", "2023-06-07")
    assert (result.exit_code, "E-BULLETIN-FIGURE" in result.output) == (1, True)
    assert "issued_on" not in office.read(path)


def test_all_that_is_due_is_drafted_in_the_order_of_the_cut_offs(office: Office) -> None:
    result = office.bulletin("draft", "--all", "--today", "2023-06-14")
    assert result.exit_code == 0, result.output
    folder = office.root / FOLDER / "bureau" / "bulletins"
    numbers = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8"))["number"] for file in folder.glob("*.yml")}
    assert numbers == {"weekly-2023-W21": 1, "weekly-2023-W22": 2, "weekly-2023-W23": 3}


def test_numbers_go_on_from_the_last_one_issued(office: Office) -> None:
    office.issue("weekly", "2023-W23", "2023-06-13")
    by_week = {b.period.key: (b.number, b.is_issued) for b in shown(office, date(2023, 6, 20))}
    assert by_week == {
        "2023-W21": (1, True),
        "2023-W22": (3, False),
        "2023-W23": (2, True),
        "2023-W24": (4, False),
    }


# --- Verify ---------------------------------------------------------------------------------------


def test_one_planted_change_is_found_and_named(office: Office) -> None:
    office.edit(
        W21,
        "{unit: east-hospital, filings: [on_time], self_checks: 3",
        "{unit: east-hospital, filings: [on_time], self_checks: 8",
    )
    (code, sentence), *rest = [item for item in found(office) if item[0] == "E-BULLETIN-FIGURE"]
    assert rest == []
    assert "城东医院的“自查次数”应为“3”" in sentence
    assert "记录里写的是“8”" in sentence
    assert code == "E-BULLETIN-FIGURE"
    item = next(item for item in verified(office).findings if item.code == code)
    line = office.read(W21).splitlines()[item.line - 1]
    assert line[item.column - 1 :].startswith("8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("filings: [nil]", "filings: [on_time]", "城西医院的“报送状态”应为“零报告”；记录里写的是“按时”"),
        ("  - {unit: north-clinic, filings: [missing], due_n: 1, missing_n: 1}\n", "", "北县卫生院的“整行”应为“有”"),
        ("{unit: south-county,", "{unit: council,", "示例安委办的“整行”应为“没有”；记录里写的是“有”"),
        ("entry: 3", "entry: 4", "“台账更新号”应为“3”；记录里写的是“4”"),
        ("cut_off: 2023-05-29", "cut_off: 2023-05-30", "“报送截止日期”应为“2023-05-29”"),
        ("{row: total, self_checks: 3", "{row: total, self_checks: 4", "合计的“自查次数”应为“3”"),
    ],
)
def test_every_part_of_the_record_is_held_against_the_ledger(office: Office, old: str, new: str, told: str) -> None:
    office.edit(W21, old, new)
    assert any(told in sentence for code, sentence in found(office) if code == "E-BULLETIN-FIGURE"), found(office)


def test_many_changes_are_not_all_listed(office: Office) -> None:
    rows = [{"unit": org, "gen_open": count} for count, org in enumerate(("east-hospital", "west-hospital"), 1)]
    rows += [{"unit": f"org-{count}", "gen_open": 1} for count in range(40)]
    text = office.read(W21)
    office.write(W21, text[: text.index("figures:")] + yaml_text({"figures": rows}))
    told = [sentence for code, sentence in found(office) if code == "E-BULLETIN-FIGURE"]
    assert len(told) <= 21 or any("E-ORG" in str(item) for item in examined(office).verdict.errors)


def test_another_commit_or_digest_is_found(office: Office) -> None:
    data = yaml.safe_load(office.read(W21))
    office.edit(W21, data["commit"], office.git("rev-list", "--max-parents=0", "HEAD"))
    assert {"E-BULLETIN-DIGEST", "E-BULLETIN-FIGURE"} <= {code for code, _ in found(office)}
    office.edit(W21, office.git("rev-list", "--max-parents=0", "HEAD"), data["commit"])
    office.edit(W21, data["digest"], "f" * 64)
    assert [code for code, _ in found(office) if code != "E-BULLETIN-EDITED"] == ["E-BULLETIN-DIGEST"]


def test_words_changed_after_the_issue_are_found(office: Office) -> None:
    assert office.bulletin("draft", "weekly", "2023-W22", "--today", "2023-06-06").exit_code == 0
    path = f"{FOLDER}/bureau/bulletins/weekly-2023-W22.yml"
    office.edit(path, "figures:\n", "remarks:\n  - 第一句话。\nfigures:\n")
    office.commit("2023-06-06")
    office.edit(path, "第一句话", "改过的话")
    office.bulletin("issue", "weekly", "2023-W22", "--today", "2023-06-07")
    office.commit("2023-06-07")
    assert found(office) == []
    office.edit(path, "改过的话", "又改了的话")
    ((code, sentence),) = found(office)
    assert code == "E-BULLETIN-EDITED"
    assert "第 6 笔更新" in sentence
    assert "“情况说明”与印发时不同" in sentence


def test_a_squashed_archive_is_verified_by_its_digest(archive: Office, tmp_path: Path) -> None:
    commit = yaml.safe_load(archive.read(W21))["commit"]
    squashed = archive.elsewhere(tmp_path / "squashed")
    assert subprocess.run(["git", "cat-file", "-e", commit], cwd=squashed.root, check=False).returncode != 0
    assert found(squashed) == []
    # What is filed later leaves the digest as it is; so does a later change of what was counted, in a later commit.
    squashed.land("2024-02-02", weekly("north-county", "2023-W23"), filed(filed_on="2023-06-12"))
    squashed.edit(weekly("east-hospital"), "self_checks: 2", "self_checks: 5")
    squashed.commit("2024-02-03")
    assert found(squashed) == []
    assert shown(squashed)[0].total.self_checks == 2


def test_without_any_history_the_files_themselves_must_be_those_counted(archive: Office, tmp_path: Path) -> None:
    shutil.copytree(archive.root, tmp_path / "bare", ignore=shutil.ignore_patterns(".git"))
    bare = Office(tmp_path / "bare")
    assert found(bare) == []
    bare.edit(weekly("east-hospital"), "self_checks: 2", "self_checks: 5")
    ((code, sentence),) = found(bare)
    assert code == "E-BULLETIN-COMMIT"
    assert "没有 Git 历史" in sentence


def test_a_rebased_history_is_verified_where_the_arrivals_are_the_same(office: Office, tmp_path: Path) -> None:
    days = office.git("log", "--first-parent", "--reverse", "--format=%cs %H").splitlines()
    rebased = Office(tmp_path / "rebased")
    rebased.root.mkdir()
    rebased.git("init", "-q", "-b", "main")
    for day, commit in (line.split() for line in days):
        with_files(office, commit, rebased.root)
        rebased.write("NOTE.md", "other commits, other ids\n")
        rebased.commit(day)
    assert found(rebased) == []
    assert row(shown(rebased)[0], "east-hospital") == (["on_time"], 3)


def with_files(office: Office, commit: str, folder: Path) -> None:
    archive = subprocess.run(["git", "archive", commit], cwd=office.root, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x"], cwd=folder, input=archive, check=True)


def test_a_history_that_lost_its_arrivals_is_named(office: Office, tmp_path: Path) -> None:
    """The files are all there, and nothing tells any more when they came."""
    squashed = office.elsewhere(tmp_path / "squashed", ["2024-02-01"])
    ((code, sentence), *_) = found(squashed)
    assert code == "E-BULLETIN-COMMIT"
    assert "历史被改写" in sentence


def test_a_commit_pushed_off_the_line_is_named(office: Office) -> None:
    """A foxtrot merge keeps the commits as ancestors and takes them off main's own line."""
    tip = office.git("rev-parse", "HEAD")
    root = office.git("rev-list", "--max-parents=0", "HEAD")
    office.git("checkout", "-q", "-b", "other", root)
    office.write("NOTE.md", "x\n")
    office.commit("2023-06-01")
    office.git("merge", "-q", "--no-ff", "-m", "m", tip, when="2023-06-02")
    ((code, sentence), *_) = found(office)
    assert code == "E-BULLETIN-COMMIT"
    assert "不在主分支自己的线上" in sentence


def test_a_shallow_clone_says_how_to_get_the_rest(archive: Office, tmp_path: Path) -> None:
    archive.edit(weekly("east-hospital"), "self_checks: 2", "self_checks: 5")
    archive.commit("2024-02-03")
    assert found(archive) == []
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", f"file://{archive.root}", str(tmp_path / "shallow")],
        check=True,
        capture_output=True,
    )
    shallow = Office(tmp_path / "shallow")
    (item,) = verified(shallow).findings
    assert (item.code, word(item).fix) == ("E-BULLETIN-COMMIT", "先运行 git fetch --unshallow")
    result = shallow.bulletin("draft", "weekly", "2023-W22", "--today", "2023-06-06")
    assert (result.exit_code, "git fetch --unshallow" in result.output) == (2, True)


def test_a_state_is_that_of_the_day_asked_for_whatever_was_asked_before(archive: Office) -> None:
    """Two revisions drafted on different days count the same records and share what was folded, but not the day."""
    days = (date(2023, 5, 30), date(2023, 6, 6), date(2023, 5, 30))
    with Archive(archive.root, KINDS, examined(archive)) as opened:
        at = [opened.at("HEAD", CAMPAIGN, day).ledger for day in days]
        present = [opened.present(CAMPAIGN, day).ledger for day in days]
    assert [ledger.at for ledger in (*at, *present) if ledger] == [*days, *days]


def test_verify_tells_and_ends_in_an_exit_code(office: Office) -> None:
    result = office.bulletin("verify", "--today", "2024-03-01")
    assert (result.exit_code, result.output) == (0, "核对了 1 份通报，全部与台账一致。\n")
    office.edit(W21, "{row: total, self_checks: 3", "{row: total, self_checks: 4")
    result = office.bulletin("verify", "weekly-2023-W21", "--campaign", CAMPAIGN, "--today", "2024-03-01")
    assert result.exit_code == 1
    assert "1 份与台账不符" in result.output
    assert office.bulletin("verify", "weekly-2023-W40").exit_code == 2
    assert office.bulletin("verify", "--all", "weekly-2023-W21").exit_code == 2


def test_what_does_not_verify_is_not_published(office: Office) -> None:
    office.edit(W21, "{row: total, self_checks: 3", "{row: total, self_checks: 444")
    edition = public_edition(office.root, KINDS, examined(office))
    assert {item.code for item in edition.left_out} == {"E-BULLETIN-FIGURE", "E-BULLETIN-EDITED"}
    pages = {page.href: page.body for page in render(edition)}
    assert not any(href.startswith(f"bulletins/{CAMPAIGN}/weekly-2023-W21/") for href in pages)
    assert "weekly-2023-W21 没有通过核对，不公布" in pages["bulletins/"]
    assert not any("444" in body for href, body in pages.items() if href.startswith("bulletins/"))
    result = taizhang(office.root, "build", "--today", "2024-03-01")
    assert (result.exit_code, "E-BULLETIN-FIGURE" in result.output) == (1, True)
    assert not (office.root / "build" / "site").exists()


# --- Revise ---------------------------------------------------------------------------------------


@pytest.fixture
def corrected(archive: Office) -> Office:
    """A week that was corrected after a receipt had shown an earlier arrival, and the next week."""
    receipt = {**RECORDS["receipts"], "record_kind": "weekly", "record": "north-county/2023-W21"}
    receipt |= {"filed_on": "2023-06-02", "arrived_on": "2023-05-29"}
    archive.land("2023-06-02", f"{FOLDER}/bureau/receipts/2023-001.yml", receipt)
    done = archive.bulletin("revise", "weekly", "2023-W21", "--reason", "纸质周报当天已到", "--today", "2023-06-03")
    assert done.exit_code == 0, done.output
    assert archive.bulletin("issue", "weekly", "2023-W21", "--today", "2023-06-03").exit_code == 0
    archive.commit("2023-06-03")
    archive.issue("weekly", "2023-W22", "2023-06-06")
    return archive


def test_a_revision_leaves_the_first_one_readable(corrected: Office) -> None:
    assert found(corrected) == []
    first = shown(corrected)[0]
    (old,) = first.others
    assert (first.revision.revision, old.revision.revision) == (2, 1)  # type: ignore[union-attr]
    assert (first.is_superseded, old.is_superseded) == (False, True)
    assert (row(old, "north-county"), row(first, "north-county")) == ((["missing"], 0), (["on_time"], 2))
    assert (old.number, first.number) == (1, 1)
    assert old.href == f"bulletins/{CAMPAIGN}/weekly-2023-W21/r1/"


def test_the_next_issue_tells_the_correction(corrected: Office) -> None:
    first, second, third, *_ = shown(corrected)
    (told,) = second.corrections
    assert (told.number, told.revision, told.reason) == (1, 2, "纸质周报当天已到")
    changes = {(c.org.id if c.org else "total", c.title): (c.was, c.now) for c in told.changes}
    assert changes == {
        ("north-county", "报送状态"): ("未报", "按时"),
        ("north-county", "自查次数"): ("0", "2"),
        ("total", "自查次数"): ("2", "4"),
        ("total", "要求weekly按时"): ("1", "2"),
        ("total", "要求weekly未报"): ("4", "3"),
    }
    assert (first.corrections, third.corrections) == ((), ())
    corrected.bulletin("draft", "weekly", "2023-W23", "--today", "2023-06-13")
    assert "corrections" not in corrected.read(f"{FOLDER}/bureau/bulletins/weekly-2023-W23.yml")


def test_the_site_shows_every_revision_and_what_it_changed(corrected: Office) -> None:
    pages = {page.href: page for page in render(public_edition(corrected.root, KINDS, examined(corrected)))}
    home = f"bulletins/{CAMPAIGN}/weekly-2023-W21/"
    assert {href for href in pages if href.startswith(home)} == {
        *(home, f"{home}rows/", f"{home}r1/", f"{home}r1/rows/", f"{home}r2/"),
    }
    now, old = pages[home].body, pages[f"{home}r1/"].body
    assert "已更正" in old.split("<h1>")[0]
    assert f'href="../../../../{home}"' in old.split("<h1>")[0]
    assert "请勿引用" not in now
    for page in (now, old):
        assert "更正原因：纸质周报当天已到。" in page
        assert '<td data-label="栏目">报送状态</td><td data-label="原来"><del>未报</del></td>' in page
        assert "<del>应报5家，实报1家" in page
        assert "<ins>应报5家，实报2家" in page
        assert f'{home}r1/">第1版</a>' in page
    assert [href for href in (home, f"{home}r1/", f"{home}rows/") if pages[href].is_searched] == [home]


def test_a_draft_of_a_revision_does_not_take_the_place_of_the_issue(archive: Office) -> None:
    archive.bulletin("revise", "weekly", "2023-W21", "--reason", "核对原始记录", "--today", "2023-06-03")
    first = shown(archive)[0]
    assert (first.revision.revision, [b.revision.revision for b in first.others]) == (1, [2])  # type: ignore[union-attr]
    assert not first.others[0].is_issued


def test_a_withdrawn_revision_keeps_its_address_and_repeats_nothing(corrected: Office) -> None:
    path = f"{FOLDER}/bureau/bulletins/weekly-2023-W22.yml"
    text = corrected.read(path) + yaml_text({"withdrawn": {"dated": "2023-06-08", "reason": "印发了错误的一期"}})
    corrected.write(path, text)
    second = shown(corrected)[1]
    assert (second.period.key, second.revision, second.number) == ("2023-W22", None, 2)
    pages = {page.href: page.body for page in render(public_edition(corrected.root, KINDS, examined(corrected)))}
    gone = pages[f"bulletins/{CAMPAIGN}/weekly-2023-W22/r1/"]
    assert "2023年6月8日撤回：印发了错误的一期。" in gone
    assert "应报" not in gone
    assert "未印发" in pages[f"bulletins/{CAMPAIGN}/weekly-2023-W22/"]


def test_in_a_running_campaign_a_receipt_corrects_too(office: Office) -> None:
    office.land("2023-06-01", weekly("north-county"), filed(self_checks=9))
    receipt = {**RECORDS["receipts"], "record_kind": "weekly", "record": "north-county/2023-W21"}
    office.land("2023-06-02", f"{FOLDER}/bureau/receipts/2023-001.yml", receipt | {"arrived_on": "2023-05-29"})
    office.bulletin("revise", "weekly", "2023-W21", "--reason", "补登了纸质周报", "--today", "2023-06-03")
    office.bulletin("issue", "weekly", "2023-W21", "--today", "2023-06-03")
    office.commit("2023-06-03")
    assert found(office) == []
    first = shown(office)[0]
    assert (row(first, "north-county"), row(first.others[0], "north-county")) == ((["on_time"], 9), (["missing"], 0))


def test_a_draft_is_not_revised(office: Office) -> None:
    assert office.bulletin("draft", "weekly", "2023-W22", "--today", "2023-06-06").exit_code == 0
    refused = office.bulletin("revise", "weekly", "2023-W22", "--reason", "更正", "--today", "2023-06-06")
    assert refused.exit_code == 2
    assert "2023-W22 还没有印发，不需要更正" in refused.output


def test_a_draft_cites_the_last_entry_by_the_cut_off(office: Office) -> None:
    office.land("2023-06-04", weekly("north-county"), filed(self_checks=9))
    by_the_cut_off = office.git("rev-parse", "HEAD")
    office.land("2023-06-07", weekly("north-clinic"), filed(self_checks=8))
    assert office.bulletin("draft", "weekly", "2023-W22", "--today", "2023-06-08").exit_code == 0
    path = f"{FOLDER}/bureau/bulletins/weekly-2023-W22.yml"
    assert yaml.safe_load(office.read(path))["commit"] == by_the_cut_off


def test_a_revision_keeps_the_words_of_the_office(office: Office) -> None:
    path = f"{FOLDER}/bureau/bulletins/weekly-2023-W22.yml"
    office.bulletin("draft", "weekly", "2023-W22", "--today", "2023-06-06")
    office.edit(path, "filed_on:", "remarks:\n  - 请各单位继续自查。\nfiled_on:")
    assert office.bulletin("issue", "weekly", "2023-W22", "--today", "2023-06-06").exit_code == 0
    office.commit("2023-06-06")
    done = office.bulletin("revise", "weekly", "2023-W22", "--reason", "核对原始记录", "--today", "2023-06-08")
    assert done.exit_code == 0, done.output
    assert yaml.safe_load(office.read(path.replace(".yml", "-r2.yml")))["remarks"] == ["请各单位继续自查。"]


# --- Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("draft weekly 2023-W22 --today 2023-06-05", "报送截止日是 2023-06-05（24 时），今天是 2023-06-05，还没有过完"),
        ("draft weekly 2023-W53 --today 2024-02-01", "2023 年没有第 53 周；那一年只有 52 周"),
        ("draft weekly 2023-06 --today 2024-02-01", "“2023-06”不是一周；请写成 2023-W22 的样子"),
        ("draft monthly 2023-6 --today 2024-02-01", "“2023-6”不是一个月；请写成 2023-06 的样子"),
        ("draft monthly 2023-06 --today 2024-02-01", "示例不出月通报；要出的，先在 campaign.yml 的 bulletins 里写明"),
        ("draft weekly 2023-W20 --today 2024-02-01", "这次行动的第一期是 2023-W21，最后一期是 2023-W52"),
        ("draft weekly 2023-W21 --today 2024-02-01", "这一期已经有了"),
        ("draft weekly", "请写明种类和周期"),
        (f"draft weekly 2023-W22 --commit {GONE} --today 2023-06-06", "仓库里找不到提交"),
        ("draft weekly 2023-W22 --commit side --today 2023-06-06", "提交“side”不在主分支自己的线上"),
        ("revise weekly 2023-W22 --reason 更正 --today 2023-06-06", "2023-W22 还没有印发，不需要更正"),
        ("issue weekly 2023-W21 --today 2023-06-06", "2023-W21 没有草稿"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(office: Office, arguments: str, sentence: str) -> None:
    office.git("branch", "side", office.git("commit-tree", "-m", "side", "HEAD^{tree}"))
    result = office.bulletin(*arguments.split())
    assert (result.exit_code, sentence in result.output) == (2, True), result.output


def test_a_cut_off_before_the_first_filing(tmp_path: Path) -> None:
    late = Office(tmp_path / "late", arriving(), when="2023-06-01")
    result = late.bulletin("draft", "weekly", "2023-W21", "--today", "2023-06-10")
    assert (result.exit_code, "到截止日 2023-05-29 还没有任何填报" in result.output) == (2, True)
    empty = Office(tmp_path / "empty", Tree())
    result = empty.bulletin("draft", "weekly", "2023-W21", "--today", "2023-06-10")
    assert (result.exit_code, "（第一份填报：还没有）" in result.output) == (2, True)


def test_a_repository_without_commits_and_a_folder_without_repository(tmp_path: Path) -> None:
    bare = Office(tmp_path / "a", declared()).elsewhere(tmp_path / "b", [])
    for office in (bare, Office(tmp_path / "b")):
        result = office.bulletin("draft", "weekly", "2023-W21", "--today", "2023-06-10")
        assert (result.exit_code, "还没有一次提交" in result.output) == (2, True), result.output
        shutil.rmtree(tmp_path / "b" / ".git", ignore_errors=True)


def test_an_archived_campaign_asks_for_the_day_of_then(tmp_path: Path) -> None:
    tree = declared()
    tree.campaign["archived_on"] = "2024-01-31"
    office = Office(tmp_path / "office", tree)
    result = office.bulletin("draft", "weekly", "2023-W21", "--today", "2024-02-01")
    assert (result.exit_code, "行动已于 2024-01-31 归档" in result.output) == (2, True)


def test_who_joins_or_leaves_in_mid_period_is_named_and_has_a_row(tmp_path: Path) -> None:
    tree = declared()
    tree.organisation("west-hospital")["left_on"] = "2023-06-01"
    tree.organisation("south-county")["joined_on"] = "2023-06-02"
    office = Office(tmp_path / "office", tree)
    result = office.bulletin("draft", "weekly", "2023-W22", "--today", "2023-06-06")
    assert "城西医院 2023-06-01 移出名册" in result.output
    assert "南县卫健委 2023-06-02 列入名册" in result.output
    data = yaml.safe_load(office.read(f"{FOLDER}/bureau/bulletins/weekly-2023-W22.yml"))
    rows = {entry.get("unit"): entry.get("filings") for entry in data["figures"]}
    assert (rows["west-hospital"], rows["south-county"]) == (None, ["missing"])
    assert "名册，本期照列" not in office.bulletin("draft", "weekly", "2023-W23", "--today", "2023-06-13").output


def test_a_rate_of_nothing_is_a_dash(tmp_path: Path) -> None:
    tree = declared().duties(duty("plan", "reports", {"every": "once", "by": "2023-05-25"}, where={"duty": "plan"}))
    office = Office(tmp_path / "office", tree)
    office.issue("weekly", "2023-W21", "2023-05-30")
    pages = {page.href: page.body for page in render(public_edition(office.root, KINDS, examined(office)))}
    listed = html.fromstring(pages["bulletins/"]).xpath('//tr[contains(., "2023年第21周")]')[0]
    rates = [cell.text_content() for cell in listed.xpath("td") if cell.get("data-label", "").endswith("报送率")]
    assert rates == ["—"]


def test_the_record_of_a_large_roll_can_be_read() -> None:
    full = {"filings": ["on_time"], **dict.fromkeys(columns(), 123_456)}
    rows = [{"unit": f"organisation-number-{count}", **full} for count in range(600)]
    data = {**deepcopy(RECORDS["bulletins"]), "figures": [*rows, {"row": "total", **full}]}
    tree = Tree()
    tree.files[W21] = record_text(data)
    assert not [item for item in tree.intake().findings if item.file == W21]
    (record,) = tree.intake().of("bulletins")
    assert len(Frozen.read(record).rows) == 601


# --- The sample -----------------------------------------------------------------------------------


def test_every_past_bulletin_of_the_sample_is_issued_and_verifies(sample: Examination) -> None:
    assert verify(ROOT, KINDS, sample).findings == ()
    for ledger in sample.verdict.ledgers:
        records = [record for record in ledger.filed("bulletins") if "issued_on" in record.data]
        assert {(record.data["bulletin"], record.data["period"]) for record in records} == {
            (plan.bulletin, period.key)
            for plan in ledger.campaign.bulletins
            for period in planned(ledger.campaign, plan)
        }


def test_the_sample_has_a_correction_and_the_next_issue_tells_it(sample: Examination) -> None:
    sources = verify(ROOT, KINDS, sample).sources
    ledger = next(item for item in sample.verdict.ledgers if item.campaign.id == "shili-banner-2023")
    bulletins = published(ledger, campaign_view(ledger, KINDS), sources)
    (corrected,) = [b for b in bulletins if b.others]
    following = next(b for b in bulletins if b.kind == corrected.kind and b.number == corrected.number + 1)
    assert [(c.number, c.revision) for c in following.corrections] == [(corrected.number, 2)]
    assert corrected.changed


# --- The rows behind the figures --------------------------------------------------------------------


def test_every_figure_is_the_sum_of_the_rows_behind_it(sample: Examination) -> None:
    sources = verify(ROOT, KINDS, sample).sources
    for ledger in sample.verdict.ledgers:
        for bulletin in published(ledger, campaign_view(ledger, KINDS), sources):
            for one in bulletin.table.rows:
                behind = bulletin.behind[one.org.id]
                for figure in recorded():
                    if figure.counts:
                        found = sum(row.amount for row in behind.get(figure.id, ()))
                        assert found == one.figures.count(figure.id)


def test_rates_lead_to_their_own_entry() -> None:
    tree = declared()
    issued(tree, "weekly", "2023-W21", "2023-05-30")
    (first, *_) = shown_in_memory(tree)
    assert first.anchor("total", "submission_rate").endswith("/rows/#total.submission_rate")


def shown_in_memory(tree: Tree) -> tuple[Bulletin, ...]:
    examination = Examination(tree.intake(), tree.verdict())
    (ledger,) = examination.verdict.ledgers
    return published(ledger, campaign_view(ledger, KINDS), verify(ROOT, KINDS, examination).sources)


# --- The gate -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issued_on", "change", "codes"),
    [
        ("2023-05-30", {"remarks": ["改过的说明"]}, {"E-FINAL"}),
        ("2023-05-30", {"figures": [{"row": "total", "due_n": 9}]}, {"E-FINAL"}),
        ("2023-05-30", {"number": 2}, {"E-FROZEN"}),
        ("2023-05-30", {"withdrawn": {"dated": "2023-06-08", "reason": "印发了错误的一期"}}, set()),
        (None, {"remarks": ["改过的说明"], "issued_on": "2023-05-31"}, set()),
        (None, {"period": "2023-W22"}, {"E-FROZEN"}),
    ],
)
def test_a_pull_request_changes_a_draft_and_nothing_that_was_issued(
    issued_on: str | None, change: Data, codes: set[str]
) -> None:
    before = made("bureau", "bulletins", issued_on=issued_on)
    after = made("bureau", "bulletins", **{"issued_on": issued_on, **change})
    blobs = [Blob("100644", digit * 40, 1) for digit in "12"]
    edit = Edit(Change(before.path, *blobs), before, after)
    found = broken_change([edit], {}, [before.path], None)
    assert {item.code for item in found if item.severity is Severity.ERROR} == codes


@pytest.mark.parametrize("why", Why)
def test_every_reason_not_to_issue_is_a_sentence(why: Why) -> None:
    names = ("campaign", "key", "first", "last", "period", "cut_off", "today", "path", "commit", "archived_on")
    said = str(CannotIssue(why, kind="weekly", **dict.fromkeys(names, "某")))
    assert "；" in said
    assert "{" not in said
    assert "weekly" not in said
