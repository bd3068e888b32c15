"""Whole seasons in real Git: who was on time, late or missing comes out as scripted, and nothing is lost."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from checkout import checkout, taizhang
from repositories import Work
from support import CAMPAIGN, RECORDS, ROOT, Tree, duty, organisation, yaml_text

from bench.simulate.replay import FORGE, MergedRequest, Way, as_filed, in_order, replay
from taizhang.history import SHANGHAI, Repository, TreeSource, read_past
from taizhang.intake.records import Record
from taizhang.ledger.duties import Return, Status
from taizhang.ledger.ledger import Ledger
from taizhang.workspace import Examination, Workspace

SEASON = "shili-banner-2023"
NOW = date(2026, 1, 1)
OFFICE = f"submissions/{SEASON}/qi-wjw"

Duties = Mapping[tuple[str, str, date], Return]


def ledger_of(examination: Examination) -> Ledger:
    return next(ledger for ledger in examination.verdict.ledgers if ledger.campaign.id == SEASON)


def duties(ledger: Ledger) -> Duties:
    """What everybody owed: by organisation, duty and due day."""
    return {(item.org.id, item.obligation.label, item.obligation.due): item for item in ledger.returns}


def statuses(found: Duties, at: date) -> dict[tuple[str, str, date], Status]:
    return {key: item.status(at) for key, item in found.items()}


def read(path: str) -> bytes:
    """A file of the sample, its campaign judged by arrival."""
    raw = (ROOT / path).read_bytes()
    return raw.replace(b"time: declared", b"time: arrival") if path.endswith("/campaign.yml") else raw


@pytest.fixture(scope="module")
def records(sample: Examination) -> list[Record]:
    return [record for record in sample.intake.records if record.campaign in (SEASON, "")]


@pytest.fixture(scope="module")
def declared(sample: Examination) -> Ledger:
    return ledger_of(sample)


def season(folder: Path, sample: Examination, steps: tuple[MergedRequest, ...]) -> Examination:
    """The season as replayed and checked out below `folder`, read and judged by arrival."""
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    pictures = {path: read(path) for path in sample.intake.files if path.startswith(f"submissions/{SEASON}/")}
    opening = replace(steps[0], changes={**steps[0].changes, **pictures})
    entries = replay(folder, (opening, *steps[1:]))
    assert len(entries) == len(steps)
    return Workspace(folder, NOW).examine(NOW)


def test_a_replayed_season_gives_the_same_statuses_as_the_days_it_declares(
    sample: Examination, records: list[Record], declared: Ledger, tmp_path: Path
) -> None:
    steps = as_filed(records, read, seed=2023)
    assert any(step.claimed_at < step.merged_at for step in steps)
    assert any(step.claimed_at.year == 2036 for step in steps)
    examination = season(tmp_path, sample, steps)
    assert examination.verdict.errors == ()
    replayed = ledger_of(examination)
    assert len(replayed.returns) > 1000
    assert statuses(duties(replayed), replayed.at) == statuses(duties(declared), declared.at)
    past = read_past(tmp_path, NOW)
    assert [entry.commit for entry in past.line] == [entry.commit for entry in past.line if entry.is_credible]
    assert {past.arrivals[record.path] - record.filed_on for record in records if record.org} == {timedelta(0)}
    authors = Work(tmp_path, exists=True).git("log", "--format=%an").splitlines()
    assert set(authors) >= {record.org for record in records if record.org} | {FORGE}


def answered(ledger: Ledger, status: Status, kind: str) -> list[tuple[tuple[str, str, date], Record]]:
    """The duties that stand so, each with the record of `kind` that alone answers it."""
    items = [(key, item.record) for key, item in duties(ledger).items() if item.status(ledger.at) is status]
    times = Counter(record.path for _, record in items if record)
    return [(key, record) for key, record in items if record and record.kind.name == kind and times[record.path] == 1]


@pytest.fixture(scope="module")
def script(records: list[Record], declared: Ledger) -> Mapping[str, list[tuple[tuple[str, str, date], Record]]]:
    """Which filings of the season go otherwise than declared."""
    on_time, late = answered(declared, Status.ON_TIME, "weekly"), answered(declared, Status.LATE, "weekly")
    nil = answered(declared, Status.NIL, "weekly")
    rng = random.Random(64)
    chosen = rng.sample(on_time, 24)
    return {
        "late": chosen[:8] + rng.sample(nil, 4),
        "corrected": chosen[8:12],
        "unmerged": chosen[12:16],
        "late, with a receipt": chosen[16:20],
        "early": rng.sample([case for case in late if not case[1].data.get("nil_return")], 3),
        "by a clock ahead": chosen[20:],
    }


SCRIPTED = {"late": Status.LATE, "unmerged": Status.MISSING, "early": Status.ON_TIME}


def scripted(
    steps: tuple[MergedRequest, ...], script: Mapping[str, list[tuple[tuple[str, str, date], Record]]]
) -> list[MergedRequest]:
    by_path = {path: step for step in steps for path in step.changes}
    changed: dict[str, MergedRequest | None] = {}
    more: list[MergedRequest] = []
    for what, cases in script.items():
        for number, ((org, _, due), record) in enumerate(cases):
            step = by_path[record.path]
            due_end = datetime(due.year, due.month, due.day, 23, 59, 59, tzinfo=SHANGHAI)
            match what:
                case "late":
                    changed[record.path] = replace(step, merged_at=due_end + timedelta(seconds=1), claimed_at=due_end)
                case "early":
                    changed[record.path] = replace(step, merged_at=due_end)
                case "corrected":
                    raw = step.changes[record.path]
                    assert raw is not None
                    text = raw + b"# corrected\n"
                    more.append(MergedRequest({record.path: text}, org, due_end + timedelta(days=9), due_end))
                case "unmerged":
                    changed[record.path] = None
                case "late, with a receipt":
                    changed[record.path] = replace(step, merged_at=due_end + timedelta(days=3))
                    more.append(_receipt(record, number, due_end))
                case "by a clock ahead":
                    changed[record.path] = replace(step, merged_at=step.merged_at)
                    ahead = due_end + timedelta(days=20)
                    more.append(MergedRequest({f"docs/{org}.md": b"x"}, org, step.merged_at, ahead, Way.SQUASH))
    kept = [changed.get(next(iter(step.changes)), step) for step in steps]
    return [*in_order([step for step in (*kept, *more) if step])]


def _receipt(record: Record, number: int, arrived: datetime) -> MergedRequest:
    data = {
        **RECORDS["receipts"],
        "filed_on": f"{arrived:%Y-%m-%d}",
        "record_kind": record.kind.name,
        "record": record.ref,
        "arrived_on": f"{arrived:%Y-%m-%d}",
    }
    path = f"submissions/{SEASON}/qi-wjw/receipts/2023-9{number:02}.yml"
    return MergedRequest({path: yaml_text(data).encode()}, "qi-wjw", arrived + timedelta(days=10), arrived)


@pytest.mark.requirement("A64")
def test_a_scripted_season_comes_out_as_scripted_and_changes_nobody_else(
    sample: Examination,
    records: list[Record],
    declared: Ledger,
    script: Mapping[str, list[tuple[tuple[str, str, date], Record]]],
    tmp_path: Path,
) -> None:
    steps = scripted(as_filed(records, read, seed=64), script)
    # A clock that is ahead: after each of these filings one more entry is dated three weeks on.
    line = [replace(s, merged_at=s.claimed_at) if any(p.startswith("docs/") for p in s.changes) else s for s in steps]
    examination = season(tmp_path, sample, tuple(line))
    replayed = ledger_of(examination)
    assert examination.verdict.errors == ()
    expected = statuses(duties(declared), declared.at)
    for what, cases in script.items():
        expected |= {key: SCRIPTED.get(what, expected[key]) for key, _ in cases}
    found = statuses(duties(replayed), replayed.at)
    assert {key: found[key] for key in expected if found[key] is not expected[key]} == {}
    clocks = [finding for finding in examination.verdict.findings if finding.code == "W-CLOCK"]
    assert len(clocks) == len(script["by a clock ahead"])
    for (_, _, due), record in script["late, with a receipt"]:
        (met,) = (r for r in replayed.records if r.path == record.path)
        assert (met.filed_on, met.landed_on) == (due, due + timedelta(days=3))


def test_the_same_steps_give_the_same_commits(records: list[Record], tmp_path: Path) -> None:
    steps = as_filed(records[:60], read, seed=1)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert replay(tmp_path / "a", steps) == replay(tmp_path / "b", as_filed(records[:60], read, seed=1))


def test_a_step_can_take_a_file_away_and_correct_one(tmp_path: Path) -> None:
    start = datetime(2023, 5, 20, 9, tzinfo=SHANGHAI)
    steps = [
        MergedRequest({"submissions/a.yml": b"1\n", "submissions/b.yml": b"1\n"}, "office", start, start),
        MergedRequest({"submissions/a.yml": b"2\n"}, "unit", start + timedelta(days=1), start),
        MergedRequest({"submissions/b.yml": None}, "unit", start + timedelta(days=2), start),
    ]
    entries = replay(tmp_path, steps)
    past = read_past(tmp_path)
    assert tuple(entry.commit for entry in past.line) == entries
    assert [version.landing.entry for version in past.versions["submissions/a.yml"]] == [1, 2]
    assert past.lost["submissions/b.yml"].entry == 3
    assert (tmp_path / "submissions/a.yml").read_bytes() == b"2\n"
    assert not (tmp_path / "submissions/b.yml").exists()


# --- 60 pull requests from 60 units, merged in random order -------------------------------------------

UNITS = [f"unit-{number:02}" for number in range(60)]
MERGED = datetime(2023, 5, 25, 22, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Work:
    """A campaign of sixty units, each with a branch of its own that files its plan and its first hazard."""
    tree = Tree().duties(duty("plan", "reports", {"every": "once", "by": "2023-05-25"}, where={"duty": "plan"}))
    tree.campaign["time"] = "arrival"
    tree.roll["organisations"] += [organisation(unit, f"示例{unit}", "direct", "bureau") for unit in UNITS]
    work = Work(checkout(tmp_path_factory.mktemp("sixty") / "upstream", tree))
    work.commit("2023-05-20T09:00:00+0800")
    plan = yaml_text({**RECORDS["reports"], "filed_on": "2023-05-24"})
    found = dict.fromkeys(("filed_on", "discovered_on", "registered_on"), "2023-05-23")
    hazard = yaml_text({**RECORDS["hazards"], **found})
    for unit in UNITS:
        work.git("checkout", "-q", "-b", unit, "main")
        work.write(f"submissions/{CAMPAIGN}/{unit}/reports/plan.yml", plan)
        work.commit("2023-05-24T09:00:00+0800")
        work.write(f"submissions/{CAMPAIGN}/{unit}/hazards/2023-001.yml", hazard)
        work.commit("2023-05-24T10:00:00+0800")
    work.git("checkout", "-q", "main")
    return work


def land(work: Work, unit: str, way: str, when: str) -> None:
    match way:
        case "merge":
            work.git("merge", "-q", "--no-ff", "-m", f"Merge {unit}", unit, when=when)
        case "squash":
            work.git("merge", "-q", "--squash", unit, when=when)
            work.git("commit", "-q", "-m", f"Squash {unit}", when=when)
        case "rebase":
            # As forges do it: even where nothing lies in between, every commit is made anew by the forge's clock.
            work.git("rebase", "-q", "--force-rebase", "main", unit, when=when)
            work.git("checkout", "-q", "main")
            work.git("merge", "-q", "--ff-only", unit)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sixty_pull_requests_in_random_order_lose_nothing(opened: Work, tmp_path: Path, seed: int) -> None:
    """The first ones land in time; from 24:00 on they are late, whatever the units' own commits say."""
    rng = random.Random(seed)
    shutil.copytree(opened.root, tmp_path / "work", symlinks=True)
    work = Work(tmp_path / "work", exists=True)
    order = rng.sample(UNITS, len(UNITS))
    arrived = {}
    for number, unit in enumerate(order):
        when = MERGED + timedelta(minutes=4 * number)
        arrived[unit] = when.date()
        land(work, unit, rng.choice(["merge", "squash", "rebase"]), when.isoformat())
    past = read_past(work.root, NOW)
    landed = {path.split("/")[2]: day for path, day in past.arrivals.items() if path.endswith("plan.yml")}
    assert landed == arrived
    assert set(arrived.values()) == {date(2023, 5, 25), date(2023, 5, 26)}
    with Repository(work.root) as repository:
        entries = TreeSource.at(repository, "main").entries()
        filed = Counter(entry.path.split("/")[2] for entry in entries if "/unit-" in entry.path)
    assert filed == dict.fromkeys(UNITS, 2)
    assert past.lost == {}
    assert past.incredible == ()
    late = sum(day > date(2023, 5, 25) for day in arrived.values())
    result = taizhang(work.root, "check", "--today", "2023-06-02")
    assert result.exit_code == 0, result.output
    assert f"120 份记录计入台账，0 处提醒。\n示例（截至 2023-06-02）：全部事项按时 {60 - late}、" in result.stdout
    assert f"、全部事项迟报 {late}、" in result.stdout


def test_what_is_merged_after_the_cut_off_does_not_change_an_issued_week(
    sample: Examination, records: list[Record], tmp_path: Path
) -> None:
    """The season known by the cut-off and the whole season, late merges and all, give one and the same issue."""
    steps = as_filed([record for record in records if record.kind.name != "bulletins"], read, seed=22)
    weekly = [number for number, step in enumerate(steps) if any("/weekly/2023-W22" in path for path in step.changes)]
    late = datetime(2023, 6, 20, 9, tzinfo=SHANGHAI)
    whole = in_order(replace(s, merged_at=late) if n in weekly[:5] else s for n, s in enumerate(steps))
    known = tuple(step for step in whole if step.merged_at.date() <= date(2023, 6, 5))
    issues = []
    for name, told in (("known", known), ("whole", whole)):
        season(tmp_path / name, sample, tuple(told))
        made = taizhang(tmp_path / name, "bulletin", "draft", "weekly", "2023-W22", "--today", "2023-06-06")
        assert made.exit_code == 0, made.output
        issues.append((tmp_path / name / OFFICE / "bulletins/weekly-2023-W22.yml").read_text(encoding="utf-8"))
    assert issues[0] == issues[1]
    issue = taizhang(tmp_path / "whole", "bulletin", "issue", "weekly", "2023-W22", "--on", "2023-06-06")
    assert issue.exit_code == 0, issue.output
    Work(tmp_path / "whole", exists=True).commit("2024-01-02T09:00:00+0800")
    verified = taizhang(tmp_path / "whole", "bulletin", "verify", "--all")
    assert verified.exit_code == 0, verified.output
    assert "核对了 1 份通报" in verified.output
