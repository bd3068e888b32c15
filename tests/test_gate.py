"""The pull-request gate: what a change may do, and what it is told. Real repositories, nothing checked out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
import yaml
from checkout import taizhang
from pictures import jpeg
from proposing import Proposing
from support import CAMPAIGN, CRITERIA, HAZARD, KINDS, RECORDS, ROOT, Tree, yaml_text

from taizhang.findings import Channel, finding, word
from taizhang.gate import judgement
from taizhang.gate.effects import Effect, EffectKind
from taizhang.gate.report import BadReport, Report, read_report, report_as_json, report_as_markdown
from taizhang.gate.selection import Selection, selections, selects
from taizhang.history import TreeSource
from taizhang.history import proposal as proposals
from taizhang.intake.attachments import dimensions
from taizhang.intake.kinds import Kind
from taizhang.intake.records import Intake, read_files
from taizhang.intake.strict_yaml import load
from taizhang.photos import decoding

EAST = f"submissions/{CAMPAIGN}/east-hospital"
HAZARD_FILE = f"{EAST}/hazards/2023-001.yml"
EXPOSURE = f"submissions/{CAMPAIGN}/bureau/exposures/2023-004.yml"
ROLL_FILE, CAMPAIGN_FILE = f"submissions/{CAMPAIGN}/roll.yml", f"submissions/{CAMPAIGN}/campaign.yml"
CLERKS = {
    "bureau": "Bureau-Clerk",
    "council": "council-clerk",
    "east-hospital": "east-clerk",
    "west-hospital": "west-clerk",
    "north-county": "north-clerk",
}


def base() -> Tree:
    tree = Tree()
    for org, login in CLERKS.items():
        tree.organisation(org)["submitters"] = [login]
    tree.add("east-hospital", "hazards", "2023-001")
    tree.add("bureau", "determinations", "2023-001")
    tree.add("bureau", "exposures", "2023-004")
    tree.files[f"{EAST}/files/after.pdf"] = b"%PDF-1.4 after"
    return tree


@pytest.fixture
def main(tmp_path: Path) -> Proposing:
    return Proposing(tmp_path / "main.git", base())


def hazard(**changes: object) -> str:
    return yaml_text({**RECORDS["hazards"], **changes})


def exposure(*more: dict[str, str], **changes: object) -> str:
    steps = [*RECORDS["exposures"]["steps"], *more]
    return yaml_text({**RECORDS["exposures"], "steps": steps, **changes})


WEEKLY = {f"{EAST}/weekly/2023-W21.yml": yaml_text(RECORDS["weekly"])}


def told(main: Proposing, changes: dict[str, object], actor: str | None = None) -> list[tuple[str, str, str, str]]:
    outcome = main.judge(changes, actor)  # type: ignore[arg-type]
    assert outcome.passed, outcome.findings
    return [(e.what.value, e.subject, e.before, e.after) for e in outcome.effects]


# --- What passes, and what it does -----------------------------------------------------------------


def test_a_weekly_report_is_told_as_the_duty_it_meets(main: Proposing) -> None:
    assert told(main, WEEKLY, "east-clerk") == [
        ("return", "要求weekly（2023年第21周（5月22日至28日））", "未报", "按时")
    ]


def test_logins_are_compared_without_case(main: Proposing) -> None:
    assert told(main, WEEKLY, "East-Clerk")


def test_a_hazard_and_its_progress(main: Proposing) -> None:
    rectification = yaml_text(RECORDS["rectifications"])
    effects = told(main, {f"{EAST}/rectifications/2023-001.yml": rectification}, "east-clerk")
    assert ("state", "east-hospital/2023-001", "判定为重大", "整改中") in effects


def test_a_new_hazard_is_registered(main: Proposing) -> None:
    effects = told(main, {f"{EAST}/hazards/2023-002.yml": hazard(title="又一处出口上锁")}, "east-clerk")
    assert effects == [("registered", "east-hospital/2023-002", "", "重大，已登记，待判定")]


def test_a_correction_lists_the_field_but_not_what_is_private(main: Proposing) -> None:
    effects = told(main, {HAZARD_FILE: hazard(measures="换成电磁锁", cause="钥匙在张某某处")}, "east-clerk")
    measures = f"“{RECORDS['hazards']['measures']}”"
    assert ("corrected", "隐患 2023-001的“整改措施（五落实·措施）”", measures, "“换成电磁锁”") in effects
    assert ("corrected", "隐患 2023-001的“产生原因（不公开）”", "（不公开）", "（不公开）") in effects


def test_an_approved_extension_moves_the_deadline(tmp_path: Path) -> None:
    tree = base()
    tree.add("east-hospital", "extensions", "2023-001")
    main = Proposing(tmp_path / "main.git", tree)
    decision = yaml_text(RECORDS["extension-decisions"])
    effects = told(main, {f"submissions/{CAMPAIGN}/bureau/extension-decisions/2023-001.yml": decision}, "bureau-clerk")
    assert ("deadline", HAZARD, "2023-08-31", "2023-09-30") in effects


def test_a_level_that_a_superior_lowers_is_told(tmp_path: Path) -> None:
    tree = base()
    tree.add("east-hospital", "hazards", "2023-002")
    main = Proposing(tmp_path / "main.git", tree)
    decision = {**RECORDS["determinations"], "hazard": "east-hospital/2023-002", "decision": "general"}
    effects = told(
        main, {f"submissions/{CAMPAIGN}/bureau/determinations/2023-002.yml": yaml_text(decision)}, "bureau-clerk"
    )
    assert ("level", "east-hospital/2023-002", "重大", "一般") in effects


def test_withdrawing_is_told(main: Proposing) -> None:
    withdrawn = {"dated": "2023-06-03", "reason": "报错了"}
    effects = told(main, {EXPOSURE: exposure(withdrawn=withdrawn)}, "bureau-clerk")
    assert ("withdrawn", "曝光 2023-004", "", "") in effects


def test_a_new_attachment_is_told(main: Proposing) -> None:
    effects = told(main, {f"{EAST}/files/after-2.pdf": b"%PDF-1.4 more"}, "east-clerk")
    assert effects == [("attached", "after-2.pdf", "", "")]


def test_a_change_of_the_program_alone_is_for_other_reviewers(main: Proposing) -> None:
    outcome = main.judge({"generator/x.py": "import os\n", "README.md": None}, "anybody")
    assert outcome.passed
    assert not outcome.has_filings


def test_the_first_campaign_is_set_up_by_whoever_sets_it_up(tmp_path: Path) -> None:
    empty = Tree()
    main = Proposing(tmp_path / "main.git", empty)
    main.main = main.commit({"README.md": "x\n"})
    main.git("update-ref", "refs/heads/main", main.main)
    assert main.judge(empty.source().files, "somebody").passed


def test_the_office_changes_registers_and_libraries(main: Proposing) -> None:
    tree = base()
    tree.campaign["short_title"] = "新简称"
    tree.criteria["standard-2025"]["title"] = "更名的标准"
    files = {path: tree.text(path) for path in (CAMPAIGN_FILE, "submissions/criteria/standard-2025.yml")}
    assert main.judge(files, "bureau-clerk").passed


def test_an_approval_by_another_body_in_the_offices_file(tmp_path: Path) -> None:
    tree = base()
    steps = RECORDS["exposures"]["steps"][:3]
    tree.files[EXPOSURE] = exposure(steps=steps)
    main = Proposing(tmp_path / "main.git", tree)
    approval = {"step": "approved", "dated": "2023-07-10", "by": "council"}
    assert told(main, {EXPOSURE: exposure(steps=[*steps, approval])}, "council-clerk") == [
        ("exposure", "bureau/2023-004", "单位说明", "审查同意"),
        ("corrected", "曝光 2023-004的“办理过程”", "（3 条）", "（4 条）"),
    ]
    assert ("E-APPROVER", EXPOSURE) in main.codes({EXPOSURE: exposure(steps=[*steps, approval])}, "bureau-clerk")
    more = exposure(steps=[*steps, approval], title="改了标题")
    assert ("E-OWNER", EXPOSURE) in main.codes({EXPOSURE: more}, "council-clerk")


# --- What is refused -------------------------------------------------------------------------------


def test_another_units_folder(main: Proposing) -> None:
    assert main.codes(WEEKLY, "west-clerk") == [("E-OWNER", f"{EAST}/weekly/2023-W21.yml")]


def test_one_error_is_enough_to_refuse(main: Proposing) -> None:
    outcome = main.judge(WEEKLY, "west-clerk")
    assert (len(outcome.findings), outcome.passed) == (1, False)


def test_the_office_does_not_file_for_a_unit(main: Proposing) -> None:
    assert main.codes(WEEKLY, "bureau-clerk") == [("E-OWNER", f"{EAST}/weekly/2023-W21.yml")]


def test_a_login_on_no_roll(main: Proposing) -> None:
    assert [code for code, _ in main.codes(WEEKLY, "stranger")] == ["E-ACTOR"]


def test_nobody_makes_himself_a_submitter(main: Proposing) -> None:
    tree = base()
    tree.organisation("east-hospital")["submitters"] = ["stranger"]
    assert [code for code, _ in main.codes({ROLL_FILE: tree.text(ROLL_FILE), **WEEKLY}, "stranger")] == ["E-ACTOR"]
    tree.organisation("bureau")["submitters"] = ["east-clerk"]
    assert ("E-REGISTER", ROLL_FILE) in main.codes({ROLL_FILE: tree.text(ROLL_FILE)}, "east-clerk")


@pytest.mark.parametrize("path", ["submissions/calendar/2023.yml", "submissions/criteria/standard-2025.yml"])
def test_libraries_are_the_offices(main: Proposing, path: str) -> None:
    changed = Tree().text(path) + "# more\n"
    assert main.codes({path: changed}, "east-clerk") == [("E-REGISTER", path)]
    assert main.codes({path: changed}, "bureau-clerk") == []


def test_a_new_campaign_is_the_offices(main: Proposing) -> None:
    files = {path.replace(CAMPAIGN, "other-2024"): base().text(path) for path in (CAMPAIGN_FILE, ROLL_FILE)}
    assert {code for code, _ in main.codes(files, "east-clerk")} == {"E-REGISTER"}
    assert main.codes(files, "bureau-clerk") == []


def test_two_organisations_at_once_where_nobody_vouches(main: Proposing) -> None:
    west = f"submissions/{CAMPAIGN}/west-hospital/weekly/2023-W21.yml"
    unvouched = ("W-NO-ACTOR", "submissions")
    assert main.codes(WEEKLY) == [unvouched]
    assert main.codes({**WEEKLY, west: yaml_text(RECORDS["weekly"])}) == [("E-ONE-ORG", "submissions"), unvouched]


def test_what_rests_on_a_login_where_nobody_vouches(main: Proposing) -> None:
    roll = base().text(ROLL_FILE).replace("城东医院", "东城医院")
    assert main.codes({ROLL_FILE: roll}) == [("E-NO-ACTOR", ROLL_FILE)]
    assert main.codes({ROLL_FILE: roll}, "bureau-clerk") == []
    holiday = "submissions/calendar/2031.yml"
    assert ("E-NO-ACTOR", holiday) in main.codes({holiday: "x\n"})
    *steps, approval, _ = RECORDS["exposures"]["steps"]
    copy = EXPOSURE.replace("2023-004", "2023-005")
    assert ("E-NO-ACTOR", copy) in main.codes({copy: exposure(steps=[*steps, approval])})
    assert ("E-NO-ACTOR", copy) not in main.codes({copy: exposure(steps=steps)})


@pytest.mark.parametrize("path", [".github/workflows/check.yml", "generator/x.py", "schemas/hazards.schema.json"])
def test_anything_beside_filings(main: Proposing, path: str) -> None:
    assert main.codes({**WEEKLY, path: "x\n"}, "east-clerk") == [("E-SCOPE", path)]


def test_deletion(main: Proposing) -> None:
    assert ("E-DELETE", HAZARD_FILE) in main.codes({HAZARD_FILE: None}, "east-clerk")


def test_renaming(main: Proposing) -> None:
    changes = {HAZARD_FILE: None, f"{EAST}/hazards/2023-009.yml": hazard()}
    assert ("E-DELETE", HAZARD_FILE) in main.codes(changes, "east-clerk")


@pytest.mark.requirement("A18")
def test_a_deadline_moved_by_hand(main: Proposing) -> None:
    (item,) = main.judge({HAZARD_FILE: hazard(deadline="2023-09-30")}, "east-clerk").findings
    assert (item.code, item.file) == ("E-FROZEN", HAZARD_FILE)
    assert item.line == hazard(deadline="2023-09-30").splitlines().index("deadline: '2023-09-30'") + 1
    assert "入账时是“2023-08-31”，现在是“2023-09-30”" in word(item).found
    assert "extensions" in word(item).fix


def test_the_refused_change_is_in_the_report(main: Proposing) -> None:
    outcome = main.judge({HAZARD_FILE: hazard(deadline="2023-09-30")}, "east-clerk")
    (effect,) = outcome.effects
    assert (effect.what, effect.before, effect.after) == ("refused", "“2023-08-31”", "“2023-09-30”")


def test_a_refused_proposal_is_not_told_as_done(main: Proposing) -> None:
    another = {f"{EAST}/hazards/2023-002.yml": hazard(title="又一处出口上锁")}
    outcome = main.judge({HAZARD_FILE: hazard(deadline="2023-09-30"), **another}, "east-clerk")
    assert not outcome.passed
    assert "registered" not in {effect.what.value for effect in outcome.effects}


@pytest.mark.parametrize("field", ["filed_on", "discovered_on", "registered_on"])
def test_dates_that_were_merged(main: Proposing, field: str) -> None:
    assert ("E-FROZEN", HAZARD_FILE) in main.codes({HAZARD_FILE: hazard(**{field: "2023-05-31"})}, "east-clerk")


def test_what_a_superior_has_determined_stays_as_it_was_read(main: Proposing) -> None:
    changed = {
        "title": "二楼出口上锁",
        "public_summary": "二楼的一扇门。",
        "place": "二楼",
        "claimed_level": "general",
    }
    outcome = main.judge({HAZARD_FILE: hazard(**changed)}, "east-clerk")
    assert [(f.code, word(f).must) for f in outcome.findings] == [
        ("E-DETERMINED", f"上级判定以后，“{KINDS['hazards'].label((name,))}”不能再改")
        for name in sorted(changed, key=lambda name: hazard(**changed).index(f"{name}:"))
    ]


def test_before_it_is_determined_words_may_change_and_a_claim_may_not(tmp_path: Path) -> None:
    tree = base()
    path = tree.add("east-hospital", "hazards", "2023-002")
    general = tree.add("east-hospital", "hazards", "2023-003", claimed_level="general")
    main = Proposing(tmp_path / "main.git", tree)
    assert main.codes({path: hazard(title="二楼东侧安全出口上锁")}, "east-clerk") == []
    assert main.codes({path: hazard(claimed_level="general")}, "east-clerk") == [("E-LOWERED", path)]
    withdrawn = {"dated": "2023-06-03", "reason": "不想报了"}
    assert main.codes({path: hazard(withdrawn=withdrawn)}, "east-clerk") == [("E-WITHDRAW", path)]
    assert main.codes({general: hazard(claimed_level="major")}, "east-clerk") == []


CORRECTED = {"step": "corrected", "dated": "2023-07-20", "by": "bureau", "note": "楼层写错了"}


@pytest.mark.parametrize(
    ("steps", "codes"),
    [
        ((), ["E-CORRECT-OPENLY"]),
        (({"step": "rectified", "dated": "2023-07-20", "by": "bureau"},), ["E-CORRECT-OPENLY"]),
        (({**CORRECTED, "before": "别的话", "after": "三楼"},), ["E-CORRECT-OPENLY"]),
        (({**CORRECTED, "before": "二楼", "after": "三楼"},), []),
    ],
)
def test_published_words_change_in_public(tmp_path: Path, steps: Sequence[dict[str, str]], codes: list[str]) -> None:
    tree = base()
    tree.files[EXPOSURE] = exposure(summary="住院部二楼安全出口上锁。").encode()
    main = Proposing(tmp_path / "main.git", tree)
    changed = {EXPOSURE: exposure(*steps, summary="住院部三楼安全出口上锁。")}
    assert main.codes(changed, "bureau-clerk") == [(code, EXPOSURE) for code in codes]


def test_words_change_freely_until_they_are_published(tmp_path: Path) -> None:
    tree = base()
    steps = RECORDS["exposures"]["steps"][:3]
    tree.files[EXPOSURE] = exposure(steps=steps).encode()
    main = Proposing(tmp_path / "main.git", tree)
    assert main.codes({EXPOSURE: exposure(steps=steps, title="住院部出口上锁")}, "bureau-clerk") == []


def test_a_change_of_the_campaign_is_told_item_by_item(main: Proposing) -> None:
    tree = base()
    weekly = next(duty for duty in tree.campaign["duties"] if duty["id"] == "weekly")
    weekly["due"] = {**weekly["due"], "days_after": weekly["due"].get("days_after", 0) + 1}
    weekly["title"] = "每周报告"
    effects = told(main, {CAMPAIGN_FILE: tree.text(CAMPAIGN_FILE)}, "bureau-clerk")
    assert ("corrected", "专项行动的“报送和工作要求 › 名称（每周报告）”", "“要求weekly”", "“每周报告”") in effects
    (due,) = [effect for effect in effects if effect[0] == "due"]
    assert re.fullmatch("每周报告，[0-9]+ 件", due[1])


def test_a_change_of_the_roll_is_told_item_by_item(main: Proposing) -> None:
    tree = base()
    tree.organisation("west-hospital")["left_on"] = "2023-12-31"
    tree.organisation("north-clinic")["parent"] = "bureau"
    tree.roll["organisations"].insert(
        0, {**tree.organisation("east-hospital"), "id": "new-hospital", "name": "城南医院"}
    )
    effects = told(main, {ROLL_FILE: tree.text(ROLL_FILE)}, "bureau-clerk")
    names = {org: tree.organisation(org)["name"] for org in ("west-hospital", "north-clinic")}
    assert [effect[1:] for effect in effects if effect[0] == "corrected"] == [
        (f"单位名册的“单位 › 退出日期（{names['west-hospital']}）”", "（没有填）", "“2023-12-31”"),
        (f"单位名册的“单位 › 上级（{names['north-clinic']}）”", "“north-county”", "“bureau”"),
        ("单位名册的“单位（城南医院）”", "（没有填）", "“城南医院”"),
    ]


def test_a_decision_is_final(main: Proposing) -> None:
    path = f"submissions/{CAMPAIGN}/bureau/determinations/2023-001.yml"
    changed = {path: yaml_text({**RECORDS["determinations"], "basis": "另一个理由"})}
    assert main.codes(changed, "bureau-clerk") == [("E-FINAL", path)]
    withdrawn = {"dated": "2023-06-06", "reason": "认定有误"}
    assert main.codes({path: yaml_text({**RECORDS["determinations"], "withdrawn": withdrawn})}, "bureau-clerk") == []


def test_what_was_issued_is_final_and_a_draft_is_not(tmp_path: Path) -> None:
    tree = base()
    path = tree.add("bureau", "bulletins", "weekly-2023-W21", issued_on=None)
    main = Proposing(tmp_path / "main.git", tree)
    draft = yaml.safe_load(tree.text(path))
    issued = yaml_text({**draft, "issued_on": "2023-05-30"})
    assert "E-FINAL" not in {code for code, _ in main.codes({path: issued}, "bureau-clerk")}
    main.main = main.commit({path: issued}, main.main)
    main.git("update-ref", "refs/heads/main", main.main)
    changed = yaml_text({**draft, "issued_on": "2023-05-30", "remarks": ["补写一段"]})
    assert ("E-FINAL", path) in main.codes({path: changed}, "bureau-clerk")


def test_steps_only_grow(main: Proposing) -> None:
    steps = [dict(step) for step in RECORDS["exposures"]["steps"]]
    steps[1]["dated"] = "2023-07-01"
    assert main.codes({EXPOSURE: exposure(steps=steps)}, "bureau-clerk") == [("E-APPEND", EXPOSURE)]
    assert ("E-APPEND", EXPOSURE) in main.codes({EXPOSURE: exposure(steps=steps[:4])}, "bureau-clerk")
    rectified = {"step": "rectified", "dated": "2023-07-20", "by": "bureau"}
    assert main.codes({EXPOSURE: exposure(rectified)}, "bureau-clerk") == []


def test_a_withdrawal_stands(tmp_path: Path) -> None:
    tree = base()
    withdrawn = {"dated": "2023-06-03", "reason": "报错了"}
    path = tree.add("east-hospital", "practices", "2023-001", withdrawn=withdrawn)
    main = Proposing(tmp_path / "main.git", tree)
    assert main.codes({path: yaml_text(RECORDS["practices"])}, "east-clerk") == [("E-WITHDRAWN-KEPT", path)]


def test_an_organisation_stays_on_the_roll(main: Proposing) -> None:
    tree = base()
    tree.roll["organisations"] = [o for o in tree.roll["organisations"] if o["id"] != "north-clinic"]
    assert main.codes({ROLL_FILE: tree.text(ROLL_FILE)}, "bureau-clerk") == [("E-ROLL-KEPT", ROLL_FILE)]


def test_the_clock_of_a_campaign_is_not_changed(main: Proposing) -> None:
    tree = base()
    tree.campaign["time"] = "arrival"
    assert ("E-FROZEN", CAMPAIGN_FILE) in main.codes({CAMPAIGN_FILE: tree.text(CAMPAIGN_FILE)}, "bureau-clerk")


def test_attachments_are_kept(main: Proposing) -> None:
    path = f"{EAST}/files/after.pdf"
    assert main.codes({path: b"%PDF-1.4 other"}, "east-clerk") == [("E-FILE-KEPT", path)]


def test_a_photo_is_opened(main: Proposing) -> None:
    path = f"{EAST}/files/after.jpg"
    photo = jpeg()
    assert main.codes({path: photo}, "east-clerk") == []
    assert main.codes({path: photo[: len(photo) // 2]}, "east-clerk") == [("E-IMG-BROKEN", path)]


def test_photos_are_bounded_together(main: Proposing, monkeypatch: pytest.MonkeyPatch) -> None:
    width, height = dimensions(jpeg()) or (0, 0)
    photos = {f"{EAST}/files/after-{number}.jpg": jpeg() for number in range(4)}
    monkeypatch.setattr(judgement, "MOST_PIXELS_TOGETHER", 3 * width * height)
    assert main.codes(dict(list(photos.items())[:3]), "east-clerk") == []
    assert main.codes(photos, "east-clerk") == [("E-IMG-MUCH", f"{EAST}/files/after-3.jpg")]


def test_after_a_photo_that_ends_its_process_no_other_is_decoded(
    main: Proposing, monkeypatch: pytest.MonkeyPatch
) -> None:
    dies = [sys.executable, "-c", "raise SystemExit"]
    monkeypatch.setattr(
        decoding, "_start", lambda *_: subprocess.Popen(dies, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    )
    photos = {f"{EAST}/files/after-{number}.jpg": jpeg() for number in range(4)}
    assert main.codes(photos, "east-clerk") == [("E-IMG-BROKEN", f"{EAST}/files/after-0.jpg")]


@pytest.mark.parametrize("name", ["AFTER.pdf", "After.pdf"])
def test_twins_of_names(main: Proposing, name: str) -> None:
    path = f"{EAST}/files/{name}"
    assert main.codes({path: b"%PDF-1.4 twin"}, "east-clerk") == [("E-TWIN", path)]


@pytest.mark.parametrize("mode", ["120000", "100755", "160000"])
def test_modes_other_than_a_plain_file(main: Proposing, mode: str) -> None:
    path = f"{EAST}/weekly/2023-W21.yml"
    assert ("E-MODE", path) in main.codes({path: (mode, "../../../../etc/passwd")}, "east-clerk")


@pytest.mark.parametrize(
    "name",
    [
        "hazards/CON.yaml",
        "hazards/2023-002.yml ",
        "hazards/a\\b.yml",
        "hazards/k\n::warning::hi.yml",
        "hazards/--help.yml",
        "hazards/\u202e2023-002.yml",
        "hazards/$(touch x).yml",
        f"hazards/{'9' * 290}.yml",
        "hazards/.gitattributes",
        ".mailmap",
        ".gitmodules",
        "files/HEAD",
        "files/.hidden.pdf",
        "hazards/\udcff.yml",
        "hazards.git/objects/ab",
    ],
)
def test_odd_names(main: Proposing, name: str) -> None:
    findings = main.judge({f"{EAST}/{name}": "x\n"}, "east-clerk").findings
    assert {f.code for f in findings} <= {"E-PATH", "E-NAME", "E-KIND"}
    assert findings
    assert all((f.file + word(f).message).isprintable() and len(f.file) <= 300 for f in findings)


def test_a_conflict_names_the_file(main: Proposing) -> None:
    ours = main.commit({HAZARD_FILE: hazard(title="主分支改的")}, main.main)
    theirs = main.commit({HAZARD_FILE: hazard(title="单位改的")}, main.main)
    main.git("update-ref", "refs/heads/main", ours)
    outcome = main.judge({}, "east-clerk", head=theirs)
    assert [(f.code, f.file) for f in outcome.findings] == [("E-CONFLICT", HAZARD_FILE)]
    assert not outcome.passed


def test_two_clean_proposals_that_contradict_each_other(main: Proposing) -> None:
    """Hostile corpus 15: each is sound by itself; merged one after the other they are not."""
    line = "staff_reported_on: '2023-06-02'\n"
    ours = main.commit({HAZARD_FILE: hazard() + line}, main.main)
    theirs = main.commit({HAZARD_FILE: line + hazard()}, main.main)
    assert main.judge({}, "east-clerk", head=ours).passed
    assert main.judge({}, "east-clerk", head=theirs).passed
    main.git("update-ref", "refs/heads/main", ours)
    assert ("E-DUP", HAZARD_FILE) in [(f.code, f.file) for f in main.judge({}, "east-clerk", head=theirs).findings]


def test_too_many_files(main: Proposing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposals, "MOST_CHANGES", 5)
    changes = {f"{EAST}/files/{number}.pdf": "%PDF-" for number in range(6)}
    outcome = main.judge(changes, "east-clerk")
    assert [f.code for f in outcome.findings] == ["E-MANY"]
    assert len(outcome.proposal.changes) == 5


def test_a_huge_object_even_where_a_later_commit_takes_it_away(main: Proposing) -> None:
    huge = main.commit({f"{EAST}/files/big.pdf": b"%PDF-" + bytes(11 * 2**20), **WEEKLY}, main.main)
    gone = main.commit({f"{EAST}/files/big.pdf": None}, huge)
    (item,) = main.judge({}, "east-clerk", head=gone).findings
    assert item.code == "E-HUGE"
    assert "最大的一个有 12 MB" in word(item).found


def test_many_files_of_some_size(main: Proposing) -> None:
    changes = {f"{EAST}/files/{n}.pdf": b"%PDF-" + bytes(6 * 2**20) + bytes([n]) for n in range(4)}
    assert [code for code, _ in main.codes(changes, "east-clerk")] == ["E-MUCH"]


def test_private_values_are_never_repeated(main: Proposing) -> None:
    """Hostile corpus: a canary in every field that is not public, valid and invalid."""
    private = {"responsible_person": "金丝雀", "cause": "金丝雀在此", "location_text": "金丝雀三楼"}
    for extra in ({}, {"deadline": "2023-12-01"}, {"category": "金丝雀"}):
        outcome = main.judge({HAZARD_FILE: hazard(**private, **extra)}, "east-clerk")
        text = "".join(f"{word(f).message}{word(f).fix}" for f in outcome.findings if f.code != "E-ENUM")
        assert "金丝雀" not in text + "".join(f"{e.before}{e.after}{e.subject}" for e in outcome.effects)


def test_reading_a_part_gives_the_verdict_of_the_whole(main: Proposing) -> None:
    """A broken record elsewhere is nobody's concern here; it stops nobody."""
    broken = main.commit({f"submissions/{CAMPAIGN}/west-hospital/weekly/2023-W22.yml": "nonsense\n"}, main.main)
    main.main = broken
    main.git("update-ref", "refs/heads/main", broken)
    assert main.codes(WEEKLY, "east-clerk") == []


def test_what_becomes_wrong_elsewhere_through_a_change_is_reported_there(main: Proposing) -> None:
    """The office shortens a standard's life, and a determination that nobody touches rests on it no longer."""
    path = "submissions/criteria/standard-2017.yml"
    shorter = yaml_text({**CRITERIA["standard-2017"], "effective_until": "2020-12-31"})
    assert main.codes({path: shorter}, "Bureau-Clerk") == [
        ("E-CLAUSE-DATE", f"submissions/{CAMPAIGN}/bureau/determinations/2023-001.yml")
    ]


def test_what_was_wrong_elsewhere_before_is_not_reported_again(main: Proposing) -> None:
    """A change of the registers is judged with everything there is; what was broken is not its doing."""
    stray = {
        f"submissions/{CAMPAIGN}/west-hospital/reports/plan.yml": yaml_text({**RECORDS["reports"], "duty": "none"})
    }
    main.main = main.commit(stray, main.main)
    main.git("update-ref", "refs/heads/main", main.main)
    path = "submissions/criteria/standard-2025.yml"
    assert main.codes({path: yaml_text({**CRITERIA["standard-2025"], "note": "已核对"})}, "Bureau-Clerk") == []


def selection_of(tree: Tree, path: str, text: str = "{}") -> Selection:
    found = selections(read_files(tree.source(), KINDS), {path: [text.encode()]})
    assert found
    return found[CAMPAIGN]


def test_a_partial_judgement_reads_what_may_have_spoken_of_the_organisations_touched() -> None:
    """Every organisation above, the safety committee's office and the bodies for contacts; nobody beside."""
    tree = Tree()
    tree.campaign["contact_bodies"] = ["west-hospital", "south-county"]
    clinic = selection_of(tree, f"submissions/{CAMPAIGN}/north-clinic/weekly/2023-W22.yml")
    assert clinic.touched == {"north-clinic"}
    assert clinic.above == {"north-county", "bureau", "council", "west-hospital", "south-county"}
    told = {
        org: selects(f"submissions/{CAMPAIGN}/{org}/orders/2023-001.yml", {CAMPAIGN: clinic})
        for org in ("north-clinic", "north-county", "bureau", "council", "south-county", "east-hospital")
    }
    assert told.pop("north-clinic") is True
    assert told.pop("east-hospital") is False
    assert set(told.values()) == {None}, "only the text can tell"


def test_a_refusal_rests_on_all_there_is(main: Proposing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a selection ever too small, as one without the bureau's determination is, nobody would be refused by it."""
    too_small = {CAMPAIGN: Selection(frozenset({"east-hospital"}), frozenset())}
    monkeypatch.setattr(judgement, "selections", lambda *_: too_small)
    assert main.judge(
        {f"{EAST}/rectifications/2023-001.yml": yaml_text(RECORDS["rectifications"])}, "east-clerk"
    ).passed


def test_an_organisation_named_in_a_change_is_touched_with_all_above_it() -> None:
    path = f"submissions/{CAMPAIGN}/bureau/orders/2023-001.yml"
    named = selection_of(Tree(), path, yaml_text({**RECORDS["orders"], "unit": "north-clinic"}))
    assert named.touched == {"bureau", "north-clinic", "east-hospital"}
    assert "north-county" in named.above


def test_time_is_an_argument(tmp_path: Path) -> None:
    tree = base()
    tree.campaign["time"] = "arrival"
    main = Proposing(tmp_path / "main.git", tree)
    on_time = main.judge(WEEKLY, "east-clerk", today=date(2023, 5, 29)).effects
    late = main.judge(WEEKLY, "east-clerk", today=date(2023, 5, 30)).effects
    assert [(e.before, e.after) for e in on_time] == [("未到期", "按时")]
    assert [(e.before, e.after) for e in late] == [("未报", "迟报")]


# --- A part is read, the whole decides -------------------------------------------------------------

SAMPLE = Path(__file__).parents[1] / "submissions"


FEW = ("qi-wjw", "qi-awb", "qi-renmin-yiyuan", "shi-wjw", "shi-awb", "qingshan-wjw", "qingshan-renmin-yiyuan")
"""Of both campaigns the offices, the committees and a hospital; of the city a county between."""


def of_the_sample(folder: Path, files: Iterable[Path]) -> Proposing:
    proposing = Proposing(folder / "main.git", Tree())
    proposing.main = proposing.commit({f"submissions/{file.relative_to(SAMPLE)}": file.read_bytes() for file in files})
    proposing.git("update-ref", "refs/heads/main", proposing.main)
    return proposing


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Proposing:
    return of_the_sample(tmp_path_factory.mktemp("sample"), (file for file in SAMPLE.rglob("*") if file.is_file()))


@pytest.fixture(scope="module")
def few() -> Sequence[Path]:
    """What a few organisations of the sample filed, without what speaks of others' records."""
    homes = {folder.name for folder in SAMPLE.glob("*/*/")}
    others = re.compile(rf"\b({'|'.join(homes - set(FEW))})/".encode())
    places = [(file, file.relative_to(SAMPLE).parts) for file in sorted(SAMPLE.rglob("*")) if file.is_file()]
    near = (file for file, parts in places if len(parts) < 3 or parts[1] in FEW)
    return [file for file in near if not others.search(file.read_bytes())]


@pytest.fixture(scope="module")
def few_of_the_sample(tmp_path_factory: pytest.TempPathFactory, few: Sequence[Path]) -> Iterator[Proposing]:
    """Their repository. Contents that were read once are not read again: every change has the same base."""
    known: dict[object, Intake] = {}
    real = judgement.read_files

    def read_once(source: TreeSource, kinds: Mapping[str, Kind]) -> Intake:
        key = frozenset((path, blob.ident) for path, blob in source.files.items())
        return known.get(key) or known.setdefault(key, real(source, kinds))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judgement, "read_files", read_once)
        yield of_the_sample(tmp_path_factory.mktemp("few"), few)


def respelt(data: Mapping[str, object], random: Random) -> str:
    """The same values spelt otherwise: quoted, escaped, folded, as blocks; keys likewise."""
    return "".join(_entries(data, random, 1))


def _entries(data: Mapping[str, object], random: Random, depth: int) -> Iterator[str]:
    return (f"{_spelt(key, random, keys=True)}:{_node(value, random, depth)}" for key, value in data.items())


def _node(value: object, random: Random, depth: int) -> str:
    pad = "  " * depth
    match value:
        case dict():
            inner = (
                f"{pad}{_spelt(key, random, keys=True)}:{_node(item, random, depth + 1)}" for key, item in value.items()
            )
            return "\n" + "".join(inner)
        case list():
            if any(isinstance(item, dict | list) for item in value):
                return f" {json.dumps(value, ensure_ascii=random.random() < 0.5)}\n"
            return "\n" + "".join(f"{pad}-{_node(item, random, depth + 1)}" for item in value)
        case str():
            return f" {_spelt(value, random, depth=depth)}\n"
        case _:
            return f" {json.dumps(value)}\n"


def _spelt(text: str, random: Random, *, keys: bool = False, depth: int = 1) -> str:
    escaped = "".join(
        f"\\u{ord(c):04x}" if random.random() < 0.3 else json.dumps(c, ensure_ascii=False)[1:-1] for c in text
    )
    pad = "\n" + "  " * (depth + 1)
    ways = [f'"{escaped}"', json.dumps(text), json.dumps(text, ensure_ascii=False)]
    if not keys and "\n" not in text and text.strip() == text and text:
        cut = random.randrange(len(text))
        ways += [f"|-{pad}{text}", f">-{pad}{text}", "'" + text.replace("'", "''") + "'"]
        if text[cut] != " ":
            head, tail = (json.dumps(part, ensure_ascii=False)[1:-1] for part in (text[:cut], text[cut:]))
            ways.append(f'"{head}\\{pad}{tail}"')
    return random.choice(ways)


@pytest.mark.parametrize("seed", range(4))
def test_the_verdict_is_the_same_however_the_values_are_spelt(
    few_of_the_sample: Proposing, few: Sequence[Path], seed: int
) -> None:
    """A decision about another's hazard, in plain letters and in ways that hide its name from a search of bytes."""
    random = Random(seed)
    kind = random.choice(["determinations", "acceptances", "extensions", "visits", "orders", "rectifications"])
    near = [file for file in few if file.parts[-4:-3] == ("shili-banner-2023",)]
    file = random.choice([file for file in near if file.parent.name == kind])
    data = load(file.read_bytes()).data
    unit = random.choice(["xihe-sq", file.parts[-3]])
    path = f"submissions/shili-banner-2023/{unit}/{kind}/{'2023-777' if unit == 'xihe-sq' else file.stem}.yml"
    plain = few_of_the_sample.judge({path: json.dumps(data, ensure_ascii=False)}, "xihe-sq-clerk")
    other = few_of_the_sample.judge({path: respelt(data, random)}, "xihe-sq-clerk")
    for one, same in zip(other.findings, plain.findings, strict=True):
        assert (one.code, one.file, word(one).found) == (same.code, same.file, word(same).found)
    assert other.effects == plain.effects


@pytest.mark.requirement("A55")
def test_an_escaped_reference_hides_nothing(few_of_the_sample: Proposing) -> None:
    text = """filed_on: 2023-08-10
hazard: "\\x71i-renmin-yiyuan/2023-001"
result: passed
accepted_on: 2023-08-09
opinion: 现场核查，整改措施落实到位，同意销号。
acceptors:
  - 示例甲
  - 示例乙
"""
    path = "submissions/shili-banner-2023/xihe-sq/acceptances/2023-777.yml"
    for spelt in (text, text.replace("\\x71", "q")):
        assert ("E-ABOVE", path) in few_of_the_sample.codes({path: spelt})


@pytest.mark.parametrize("seed", range(24))
def test_reading_a_part_gives_what_reading_everything_gives(
    few_of_the_sample: Proposing, few: Sequence[Path], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records edited at random, in ways that pass and in ways that do not."""
    random = Random(seed)
    kind = random.choice(["hazards", "determinations", "acceptances", "extensions", "visits", "exposures", "orders"])
    file = random.choice([file for file in few if file.parent.name == kind])
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    data = {key: value.isoformat() if isinstance(value, date) else value for key, value in data.items()}
    name = random.choice([*data, "withdrawn"])
    data[name] = (
        {"dated": "2024-01-01", "reason": "核对后撤回"} if name == "withdrawn" else random.choice(["x1", "2023-06-30"])
    )
    changes = {f"submissions/{file.relative_to(SAMPLE)}": json.dumps(data, ensure_ascii=False, default=str)}
    part = few_of_the_sample.judge(changes)
    monkeypatch.setattr(judgement, "selections", lambda *_: None)
    whole = few_of_the_sample.judge(changes)
    assert (part.findings, part.effects) == (whole.findings, whole.effects)


@pytest.mark.parametrize("kind", ["weekly", "hazards", "rectifications"])
def test_a_units_filing_reads_a_small_part(sample: Proposing, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    real = judgement.read_files

    def counting(source: TreeSource, kinds: object) -> Intake:
        read.append(len(source.files))
        return real(source, kinds)  # type: ignore[arg-type]

    monkeypatch.setattr(judgement, "read_files", counting)
    file = min(SAMPLE.glob(f"shili-banner-2023/baiyu-wsy/{kind}/*.yml"))
    path = f"submissions/{file.relative_to(SAMPLE)}"
    assert sample.judge({path: file.read_text(encoding="utf-8") + "# 核对无误\n"}).passed
    assert sum(read) < 400, read


# --- The report ------------------------------------------------------------------------------------

HOSTILE = "<b>@all #1 [x](javascript:alert(1))</b> | ::error::\n# ```"


def reported() -> Report:
    item = word(finding("E-PATH", "submissions/x", 3, 1, found=HOSTILE), Channel.GATE)
    effect = Effect(EffectKind.STATE, HOSTILE, "east/2023-001", "整改中", "待验收", "submissions/x")
    return Report("a" * 40, "b" * 40, False, True, (item,), (effect,))


def test_markdown_shows_text_and_does_nothing() -> None:
    text = report_as_markdown(reported())
    assert "待验收" in text
    for live in ("<b>", "@", "](", "```", " #1", "javascript:"):
        assert live not in text.replace("### ", "")
    assert all(line.count(" | ") == 3 for line in text.splitlines() if line.startswith("| "))


def test_json_is_read_back_as_it_was() -> None:
    assert read_report(report_as_json(reported()).encode()) == reported()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b"\xff\xfe",
        report_as_json(reported()).replace('"passed": false', '"passed": true').encode(),
        report_as_json(reported()).replace("b" * 40, "b" * 39).encode(),
        report_as_json(reported()).replace('"state"', '"exec"').encode(),
        report_as_json(reported()).replace('"E-PATH"', '"<script>"').encode(),
        report_as_json(reported()).replace('"version": 1', '"version": 1, "more": 1').encode(),
        b'{"x": "' + b"y" * (5 * 2**20) + b'"}',
    ],
)
def test_what_is_no_report_is_refused(raw: bytes) -> None:
    with pytest.raises(BadReport):
        read_report(raw)


def test_a_long_report_says_how_much_it_leaves_out() -> None:
    effect = reported().effects[0]
    many = replace(reported(), effects=tuple(replace(effect, subject=f"x/{n}") for n in range(60)))
    text = report_as_markdown(many)
    assert "另有 10 处" in text
    assert len(text) < 60_000


# --- The command -----------------------------------------------------------------------------------


def test_check_base_on_the_command_line(tmp_path: Path) -> None:
    main = Proposing(tmp_path / "main.git", base())
    bad = main.commit({HAZARD_FILE: hazard(deadline="2023-09-30")}, main.main)
    saved = [str(tmp_path / name) for name in ("report.md", "report.json", "report.txt")]
    where = ("--base", "main", "--head", bad, "--repository", str(main.folder), "--actor", "east-clerk")
    done = taizhang(ROOT, "check", *where, *(part for name in saved for part in ("--save", name)))
    assert done.exit_code == 1, done.output
    assert f"{HAZARD_FILE}:" in done.stdout
    assert "没有通过，有 1 处错误" in done.stdout
    assert "不予接受" in Path(saved[0]).read_text(encoding="utf-8")
    assert read_report(Path(saved[1]).read_bytes()).errors == 1
    good = main.commit(WEEKLY, main.main)
    done = taizhang(
        ROOT, "check", "--base", "main", "--head", good, "--repository", str(main.folder), "--format", "github"
    )
    assert done.exit_code == 0
    assert "没有说明由谁报送" in done.stdout
    assert done.stdout.endswith("检查通过，有 1 处提醒。\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--base", "nowhere"), "找不到提交"),
        (("--base", "--output=x"), "找不到提交"),
        (("--head", "main"), "请同时写 --base"),
        (("--format", "markdown"), "请同时写 --base"),
        (("--base", "main", "--save", "report.exe"), "--save 的文件名"),
        (("--base", "main", "--actor", ""), "--actor 不对：后面是空的"),
        (("--base", "main", "--actor", " "), "--actor 不对：后面是空的"),
        (("--base", "main", "--head", ""), "--head 不对：后面是空的"),
        (("--base", ""), "--base 不对：后面是空的"),
        (("--actor", ""), "--actor 不对：后面是空的"),
    ],
)
def test_wrong_usage_ends_in_a_sentence(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    main = Proposing(tmp_path / "main.git", base())
    repository = ("--repository", str(main.folder)) if "--base" in arguments else ()
    done = taizhang(ROOT, "check", *arguments, *repository)
    assert done.exit_code == 2
    assert sentence in done.stderr
