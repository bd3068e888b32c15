"""Every rule about records, the ledger, the office's files and time: what breaks it, and what just does not."""

from __future__ import annotations

import ast
import inspect
import textwrap
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from rulebook import Broken, Rulebook
from support import CAMPAIGN, HAZARD, KINDS, PHOTO, RECORDS, SCAN, Data, Tree, duty, organisation, place_of, yaml_text

from taizhang.checks.registry import RECORD_RULES, rules_fit
from taizhang.findings import RULES, Finding, Scope, word
from taizhang.intake.schemas import FieldPath

RULEBOOK = Rulebook()
bad, good = RULEBOOK.bad, RULEBOOK.good


@pytest.mark.parametrize("name", RULEBOOK.broken)
def test_broken_rule_is_found_at_its_place(name: str) -> None:
    RULEBOOK.find(name)


@pytest.mark.parametrize("name", RULEBOOK.kept)
def test_kept_rule_is_not_found(name: str) -> None:
    RULEBOOK.keep(name)


# --- What the cases are made of -------------------------------------------------------------------


def confirmed(tree: Tree, org: str = "east-hospital", **fields: object) -> str:
    """A hazard that the bureau determined as major; gives its reference."""
    tree.add(org, "hazards", **fields)
    tree.add("bureau", "determinations", f"2023-{len(tree.files):03}", hazard=f"{org}/2023-001")
    return f"{org}/2023-001"


def closed(tree: Tree, org: str = "east-hospital") -> str:
    """A major hazard that went all the way round to 销号."""
    hazard = confirmed(tree, org)
    tree.add(org, "rectifications", "2023-001", hazard=hazard)
    tree.add(org, "rectifications", "2023-002", hazard=hazard, stage="completed", filed_on="2023-06-15")
    tree.add("bureau", "acceptances", f"2023-{len(tree.files):03}", hazard=hazard)
    return hazard


def steps(*changed: tuple[int, Data | None]) -> list[Data]:
    """The usual steps of an exposure with some changed, or left out."""
    usual: list[Data] = deepcopy(RECORDS["exposures"]["steps"])
    for index, change in changed:
        usual[index] = {} if change is None else {**usual[index], **change}
    return [{key: value for key, value in step.items() if value is not None} for step in usual if step]


# --- Filing: who, where, about whom ---------------------------------------------------------------


@good
def everything_a_unit_files(tree: Tree) -> None:
    closed(tree)
    for kind in ("weekly", "inspections", "activities", "reports"):
        tree.add("east-hospital", kind)
    tree.add("bureau", "exposures", "2023-009")
    tree.add("bureau", "bulletins")


@bad("E-UNIT")
def folder_of_nobody(tree: Tree) -> Broken:
    return tree.add("nobody", "weekly"), ()


@bad("E-PERSONAL")
def a_telephone_in_the_summary(tree: Tree) -> Broken:
    return tree.add("east-hospital", "hazards", public_summary="三楼通道堵塞，找保安 138-0000-0000"), (
        "public_summary",
    )


@bad("E-PERSONAL")
def a_telephone_in_the_reason_for_a_change_of_contacts(tree: Tree) -> Broken:
    tree.add("east-hospital", "contacts")
    return tree.add("east-hospital", "contact-changes", reason="老王调走了，找 138-0000-0000"), ("reason",)


@good
def the_offices_own_telephone_in_a_summary(tree: Tree) -> None:
    tree.campaign["telephones"] = ["0000-0000000"]
    tree.add("east-hospital", "hazards", public_summary="三楼通道堵塞，举报电话 0000 0000000")


@bad("E-FILER")
def order_by_a_unit(tree: Tree) -> Broken:
    return tree.add("east-hospital", "orders", hazard=None), ()


@bad("E-FILER")
def weekly_of_the_bureau(tree: Tree) -> Broken:
    return tree.add("bureau", "weekly"), ()


@bad("E-FILER")
def determination_by_a_unit(tree: Tree) -> Broken:
    tree.add("east-hospital", "hazards", claimed_level="general")
    return tree.add("north-clinic", "determinations"), ()


@bad("E-FILER")
def progress_by_the_bureau(tree: Tree) -> Broken:
    confirmed(tree)
    return tree.add("bureau", "rectifications"), ()


@bad("E-UNIT")
def determination_by_nobody(tree: Tree) -> Broken:
    tree.add("east-hospital", "hazards")
    return tree.add("nobody", "determinations"), ()


@bad("E-FILER")
def exposure_by_a_county(tree: Tree) -> Broken:
    confirmed(tree)
    return tree.add("north-county", "exposures"), ()


@bad("E-FILER")
def bulletin_by_the_council(tree: Tree) -> Broken:
    return tree.add("council", "bulletins"), ()


@good
def a_county_files_as_a_unit(tree: Tree) -> None:
    tree.add("north-county", "weekly")


@bad("E-FILER")
def hazard_by_the_council(tree: Tree) -> Broken:
    return tree.add("council", "hazards"), ()


@bad("E-WHOSE")
def hazard_of_the_bureau_itself(tree: Tree) -> Broken:
    return tree.add("bureau", "hazards"), ()


@good
def hazard_registered_by_the_bureau_for_a_unit(tree: Tree) -> None:
    tree.add("bureau", "hazards", unit="north-clinic", source="superior_inspection")


@good
def hazard_of_a_county_itself(tree: Tree) -> None:
    tree.add("north-county", "hazards")


@bad("E-MATCH")
def inspection_named_after_another_day(tree: Tree) -> Broken:
    return tree.add("east-hospital", "inspections", "2023-06-14"), ("inspected_on",)


@good
def second_inspection_of_a_day(tree: Tree) -> None:
    tree.add("east-hospital", "inspections")
    tree.add("east-hospital", "inspections", "2023-06-15-2")


@bad("E-MATCH")
def activity_named_after_another_day(tree: Tree) -> Broken:
    return tree.add("east-hospital", "activities", "2023-06-17-drill"), ("held_on",)


@bad("E-MATCH")
def bulletin_named_after_another_period(tree: Tree) -> Broken:
    return tree.add("bureau", "bulletins", period="2023-W22"), ("period",)


@bad("E-MATCH")
def calendar_named_after_another_year(tree: Tree) -> Broken:
    tree.calendars["2024"] = {**tree.calendars["2023"], "holidays": []} | {
        "holidays": tree.calendars["2023"]["holidays"]
    }
    return "submissions/calendar/2024.yml", ("year",)


@bad("E-REF")
def progress_on_a_hazard_that_is_not_there(tree: Tree) -> Broken:
    return tree.add("east-hospital", "rectifications"), ("hazard",)


@bad("E-REF")
def second_hazard_of_a_list_is_not_there(tree: Tree) -> Broken:
    tree.add("east-hospital", "hazards")
    found = [HAZARD, "east-hospital/2023-009"]
    return tree.add("east-hospital", "inspections", hazards_found=found), ("hazards_found", 1)


@bad("E-REF")
def look_back_at_a_hazard_that_is_not_there(tree: Tree) -> Broken:
    looked = [{"hazard": HAZARD, "result": "stable"}]
    return tree.add("east-hospital", "inspections", look_back=looked), ("look_back", 0, "hazard")


@bad("E-ORG")
def step_by_nobody(tree: Tree) -> Broken:
    confirmed(tree)
    changed = steps((1, {"by": "nobody"}))
    return tree.add("bureau", "exposures", "2023-009", steps=changed), ("steps", 1, "by")


@bad("E-CLAUSE")
def clause_that_is_not_there(tree: Tree) -> Broken:
    cited = ["standard-2017/7.1", "standard-2017/9.9"]
    return tree.add("east-hospital", "hazards", criteria=cited), ("criteria", 1)


@bad("E-CLAUSE-DATE")
def clause_of_a_standard_not_yet_in_force(tree: Tree) -> Broken:
    return tree.add("east-hospital", "hazards", criteria=["standard-2025/7.1"]), ("criteria", 0)


@bad("E-CLAUSE-DATE")
def clause_of_a_standard_no_longer_in_force(tree: Tree) -> Broken:
    dates = dict.fromkeys(("filed_on", "discovered_on", "registered_on"), "2025-11-01")
    path = tree.add("east-hospital", "hazards", criteria=["standard-2017/7.1"], deadline="2025-12-01", **dates)
    return path, ("criteria", 0)


@bad("E-CLAUSE-DATE")
def determination_cites_a_clause_not_in_force_when_the_hazard_was_found(tree: Tree) -> Broken:
    tree.add("east-hospital", "hazards")
    return tree.add("bureau", "determinations", criteria=["standard-2025/7.1"]), ("criteria", 0)


@good
def clauses_on_the_last_and_the_first_day(tree: Tree) -> None:
    for org, day, clause in (
        ("east-hospital", "2025-10-31", "standard-2017/7.1"),
        ("west-hospital", "2025-11-01", "standard-2025/7.1"),
    ):
        dates = dict.fromkeys(("filed_on", "discovered_on", "registered_on"), day)
        tree.add(org, "hazards", criteria=[clause], deadline="2025-12-01", **dates)


@bad("E-ABOVE")
def county_determines_another_countys_hazard(tree: Tree) -> Broken:
    tree.add("north-clinic", "hazards")
    tree.organisation("north-clinic")["parent"] = "south-county"
    tree.roll["organisations"].append(organisation("north-post", "北县卫生站", "county_unit", "north-county"))
    return tree.add("north-county", "determinations", hazard="north-clinic/2023-001"), ()


@bad("E-ABOVE")
def county_determines_its_own_hazard(tree: Tree) -> Broken:
    tree.add("north-county", "hazards")
    return tree.add("north-county", "determinations", hazard="north-county/2023-001"), ()


@good
def county_and_bureau_both_stand_above_the_countys_clinic(tree: Tree) -> None:
    tree.add("north-clinic", "hazards")
    tree.add("north-clinic", "hazards", "2023-002")
    tree.add("north-county", "determinations", hazard="north-clinic/2023-001")
    tree.add("bureau", "determinations", hazard="north-clinic/2023-002")


@bad("E-ABOVE")
def hospital_accepts_for_another_hospital(tree: Tree) -> Broken:
    tree.add("west-hospital", "hazards", claimed_level="general")
    tree.add("west-hospital", "rectifications", hazard="west-hospital/2023-001", stage="completed")
    return tree.add("east-hospital", "acceptances", hazard="west-hospital/2023-001"), ()


@bad("E-ABOVE")
def county_registers_a_hazard_of_a_unit_not_below_it(tree: Tree) -> Broken:
    return tree.add("north-county", "hazards", unit="east-hospital"), ()


@bad("E-ABOVE")
def unit_decides_on_its_own_extension(tree: Tree) -> Broken:
    confirmed(tree, "north-county")
    tree.add("north-county", "extensions", hazard="north-county/2023-001")
    return tree.add("north-county", "extension-decisions", extension="north-county/2023-001"), ()


@bad("E-LOOK-BACK")
def hospital_looks_back_at_another(tree: Tree) -> Broken:
    closed(tree)
    looked = [{"hazard": HAZARD, "result": "stable"}]
    return tree.add("west-hospital", "inspections", look_back=looked, filed_on="2023-07-01"), ("look_back", 0, "hazard")


@good
def bureau_and_unit_look_back(tree: Tree) -> None:
    closed(tree)
    looked: Any = [{"hazard": HAZARD, "result": "stable"}]
    tree.add("bureau", "inspections", look_back=looked, filed_on="2023-07-01", nature="look_back")
    tree.add("east-hospital", "inspections", look_back=looked, filed_on="2023-07-02", nature="look_back")


@bad("E-OWN")
def progress_on_another_units_hazard(tree: Tree) -> Broken:
    confirmed(tree)
    return tree.add("west-hospital", "rectifications"), ("hazard",)


@bad("E-OWN")
def extension_for_another_units_hazard(tree: Tree) -> Broken:
    confirmed(tree)
    return tree.add("west-hospital", "extensions"), ("hazard",)


@good
def unit_works_on_a_hazard_that_the_bureau_registered(tree: Tree) -> None:
    tree.add("bureau", "hazards", unit="east-hospital")
    tree.add("bureau", "determinations", hazard="bureau/2023-001")
    tree.add("east-hospital", "rectifications", hazard="bureau/2023-001")


@bad("E-EXPOSE-UNIT")
def exposure_of_the_wrong_unit(tree: Tree) -> Broken:
    confirmed(tree)
    return tree.add("bureau", "exposures", "2023-009", unit="west-hospital"), ("unit",)


@bad("E-ORG")
def exposure_of_nobody(tree: Tree) -> Broken:
    confirmed(tree)
    return tree.add("bureau", "exposures", "2023-009", unit="nobody"), ("unit",)


@bad("E-EXPOSE-UNIT")
def exposure_of_a_hazard_without_the_hazard(tree: Tree) -> Broken:
    return tree.add("bureau", "exposures", hazard=None), ("exposure",)


@good
def exposure_of_formalism_without_a_hazard(tree: Tree) -> None:
    tree.add("bureau", "exposures", hazard=None, exposure="formalism")


# --- Dates ----------------------------------------------------------------------------------------

SWAPPED: list[tuple[str, FieldPath, Data]] = [
    ("hazards", ("discovered_on",), {"discovered_on": "2023-05-21", "registered_on": "2023-05-20"}),
    ("hazards", ("discovered_on",), {"deadline": "2023-05-31"}),
    ("hazards", ("registered_on",), {"registered_on": "2023-06-02"}),
    ("hazards", ("discovered_on",), {"fixed_on_the_spot": {"fixed_on": "2023-05-31", "measures": "开锁"}}),
    (
        "hazards",
        ("fixed_on_the_spot", "fixed_on"),
        {"fixed_on_the_spot": {"fixed_on": "2023-06-02", "measures": "开锁"}},
    ),
    ("inspections", ("inspected_on",), {"filed_on": "2023-06-14"}),
    ("activities", ("held_on",), {"filed_on": "2023-06-15"}),
    ("reports", ("signed_on",), {"signed_on": "2023-05-25"}),
]


@pytest.mark.parametrize(("kind", "field", "fields"), SWAPPED)
def test_date_out_of_order(kind: str, field: FieldPath, fields: Data) -> None:
    tree = Tree()
    path = tree.add("east-hospital", kind, **fields)
    (item,) = tree.verdict().validity
    assert (item.code, item.file) == ("E-ORDER", path)
    assert (item.line, item.column) == place_of(tree.text(path), field)


ABOUT_A_HAZARD: list[tuple[str, str, str]] = [
    ("determinations", "decided_on", "bureau"),
    ("rectifications", "progress_on", "east-hospital"),
    ("extensions", "applied_on", "east-hospital"),
]


@pytest.mark.parametrize(("kind", "field", "org"), ABOUT_A_HAZARD)
def test_something_happens_before_the_hazard_was_found(kind: str, field: str, org: str) -> None:
    tree = Tree()
    confirmed(tree)
    path = tree.add(org, kind, "2023-009", **{field: "2023-05-31"})
    found = {item.code: item for item in tree.verdict().validity}
    assert found["E-HAZARD-DATE"].file == path
    assert (found["E-HAZARD-DATE"].line, found["E-HAZARD-DATE"].column) == place_of(tree.text(path), (field,))


@pytest.mark.parametrize(
    ("kind", "field", "org"),
    [
        *ABOUT_A_HAZARD,
        ("acceptances", "accepted_on", "bureau"),
        ("extension-decisions", "decided_on", "bureau"),
    ],
)
def test_filed_before_it_happened(kind: str, field: str, org: str) -> None:
    tree = Tree()
    confirmed(tree)
    if kind == "extension-decisions":
        tree.add("east-hospital", "extensions")
    path = tree.add(org, kind, "2023-009", **{field: "2023-12-30"})
    assert [(f.code, f.file) for f in tree.verdict().validity if f.code == "E-ORDER"] == [("E-ORDER", path)]


@bad("E-ORDER")
def extension_to_an_earlier_day(tree: Tree) -> Broken:
    confirmed(tree)
    return tree.add("east-hospital", "extensions", requested_deadline="2023-08-30"), ("current_deadline",)


@good
def everything_on_one_day(tree: Tree) -> None:
    fixed = {"fixed_on": "2023-06-01", "measures": "开锁"}
    tree.add("east-hospital", "hazards", claimed_level="general", deadline="2023-06-01", fixed_on_the_spot=fixed)


# --- What a record says ---------------------------------------------------------------------------


@bad("E-NOTHING")
def weekly_with_nothing_in_it(tree: Tree) -> Broken:
    return tree.add("east-hospital", "weekly", self_checks=None), ()


@bad("E-NOTHING")
def monthly_withdrawn_with_nothing_in_it(tree: Tree) -> Broken:
    withdrawn = {"dated": "2023-06-25", "reason": "报错了"}
    return tree.add("east-hospital", "monthly", work_done=None, withdrawn=withdrawn), ()


@bad("E-NIL")
def nil_return_with_numbers(tree: Tree) -> Broken:
    return tree.add("east-hospital", "weekly", nil_return=True), ("self_checks",)


@bad("E-NIL-EARLY")
def nil_return_on_the_first_day(tree: Tree) -> Broken:
    early = {"nil_return": True, "self_checks": None, "filed_on": "2023-05-22"}
    return tree.add("east-hospital", "weekly", **early), ("nil_return",)


@bad("E-NIL-EARLY")
def nil_return_on_thursday(tree: Tree) -> Broken:
    early = {"nil_return": True, "self_checks": None, "filed_on": "2023-05-25"}
    return tree.add("east-hospital", "weekly", **early), ("nil_return",)


@good
def nil_return_on_friday(tree: Tree) -> None:
    tree.add("east-hospital", "weekly", nil_return=True, self_checks=None, filed_on="2023-05-26")


@bad("E-NIL-EARLY")
def nil_return_four_days_before_the_month_is_due(tree: Tree) -> Broken:
    tree.campaign["duties"].append(duty("monthly", "monthly", {"every": "month", "day": 25}))
    early = {"nil_return": True, "work_done": None, "filed_on": "2023-06-21"}
    return tree.add("east-hospital", "monthly", "2023-06", **early), ("nil_return",)


@good
def nil_return_three_days_before_the_month_is_due(tree: Tree) -> None:
    tree.campaign["duties"].append(duty("monthly", "monthly", {"every": "month", "day": 25}))
    tree.add("east-hospital", "monthly", "2023-06", nil_return=True, work_done=None, filed_on="2023-06-22")


@bad("E-NIL-EARLY")
def nil_return_before_the_end_of_a_month_due_later(tree: Tree) -> Broken:
    tree.campaign["duties"].append(duty("monthly", "monthly", {"every": "month", "day": 5, "months_after": 1}))
    early = {"nil_return": True, "work_done": None, "filed_on": "2023-06-29"}
    return tree.add("east-hospital", "monthly", "2023-06", **early), ("nil_return",)


@good
def nil_return_on_the_last_day_of_a_month(tree: Tree) -> None:
    tree.add("east-hospital", "monthly", "2023-06", nil_return=True, work_done=None, filed_on="2023-06-30")


@good
def a_report_with_content_on_the_first_day(tree: Tree) -> None:
    tree.add("east-hospital", "weekly", filed_on="2023-05-22")


@good
def nil_return(tree: Tree) -> None:
    tree.add("east-hospital", "weekly", nil_return=True, self_checks=None)


@good
def nil_return_denied(tree: Tree) -> None:
    tree.add("east-hospital", "weekly", nil_return=False)


@bad("E-DUTY")
def report_for_no_duty(tree: Tree) -> Broken:
    return tree.add("east-hospital", "reports", duty="fangan"), ("duty",)


def test_a_long_list_of_duties_is_cut() -> None:
    tree = Tree()
    tree.duties(*(duty(f"plan_{n}", "reports", {"every": "once", "by": "2023-05-25"}) for n in range(60)))
    tree.add("east-hospital", "reports", duty="fangan")
    (item,) = tree.verdict().validity
    assert item.code == "E-DUTY"
    assert "plan_9（要求plan_9）等" in word(item).must
    assert "plan_10" not in word(item).must


@bad("E-FUNDS")
def spent_more_than_planned(tree: Tree) -> Broken:
    return tree.add("east-hospital", "hazards", funds={"planned": 120_000, "spent": 120_001}), ("funds", "spent")


@good
def spent_more_than_planned_and_said_why(tree: Tree) -> None:
    tree.add("east-hospital", "hazards", funds={"planned": 12, "spent": 13, "note": "材料涨价"})


@good
def spent_what_was_planned(tree: Tree) -> None:
    tree.add("east-hospital", "hazards", funds={"planned": 12, "spent": 12})


@bad("E-FILE")
def second_photo_is_missing(tree: Tree) -> Broken:
    tree.files[f"submissions/{CAMPAIGN}/east-hospital/files/one.jpg"] = PHOTO
    return tree.add("east-hospital", "hazards", evidence=["one.jpg", "two.jpg"]), ("evidence", 1)


@bad("E-FILE")
def photo_lies_in_anothers_folder(tree: Tree) -> Broken:
    tree.files[f"submissions/{CAMPAIGN}/west-hospital/files/one.jpg"] = PHOTO
    return tree.add("east-hospital", "hazards", evidence=["one.jpg"]), ("evidence", 0)


@bad("E-FILE")
def scan_is_in_other_case(tree: Tree) -> Broken:
    tree.files[f"submissions/{CAMPAIGN}/east-hospital/files/Plan.pdf"] = SCAN
    return tree.add("east-hospital", "reports", attachments=["plan.pdf"]), ("attachments", 0)


@bad("E-FILE")
def signed_month_is_missing(tree: Tree) -> Broken:
    return tree.add("east-hospital", "monthly", document="june.pdf"), ("document",)


@good
def files_are_there(tree: Tree) -> None:
    tree.files[f"submissions/{CAMPAIGN}/east-hospital/files/june.pdf"] = SCAN
    tree.add("east-hospital", "monthly", document="june.pdf")


def shown(file: str, **more: object) -> dict[str, object]:
    """A photo as an exposure cites it."""
    return {"file": file, "caption": "住院部二楼出口", "no_person_no_document": True, **more}


def photographed(tree: Tree, *photos: dict[str, object]) -> str:
    """An exposure with photos; the office, the unit exposed and another unit have one each on file."""
    for org in ("bureau", "east-hospital", "west-hospital"):
        tree.files[f"submissions/{CAMPAIGN}/{org}/files/one.jpg"] = PHOTO
    confirmed(tree)
    return tree.add("bureau", "exposures", photos=list(photos))


@good
def exposure_shows_photos_of_office_and_unit(tree: Tree) -> None:
    photographed(tree, shown("bureau/one.jpg", stage="before"), shown("east-hospital/one.jpg", stage="after"))


@bad("E-PHOTO-FILE")
def exposure_shows_anothers_photo(tree: Tree) -> Broken:
    return photographed(tree, shown("bureau/one.jpg"), shown("west-hospital/one.jpg")), ("photos", 1, "file")


@bad("E-PHOTO-FILE")
def exposure_shows_a_photo_that_is_not_there(tree: Tree) -> Broken:
    return photographed(tree, shown("bureau/One.jpg")), ("photos", 0, "file")


@bad("E-PHOTO-TICK")
def exposure_shows_a_photo_nobody_vouches_for(tree: Tree) -> Broken:
    photos = (shown("bureau/one.jpg"), shown("bureau/one.jpg", no_person_no_document=False))
    return photographed(tree, *photos), ("photos", 1, "no_person_no_document")


def extended(tree: Tree, **decision: object) -> str:
    confirmed(tree)
    tree.add("east-hospital", "extensions")
    return tree.add("bureau", "extension-decisions", **decision)


@bad("E-NEW-DEADLINE")
def approved_without_a_day(tree: Tree) -> Broken:
    return extended(tree, new_deadline=None), ("decision",)


@bad("E-NEW-DEADLINE")
def approved_for_the_same_day(tree: Tree) -> Broken:
    return extended(tree, new_deadline="2023-08-31"), ("new_deadline",)


@good
def approved_for_one_more_day(tree: Tree) -> None:
    extended(tree, new_deadline="2023-09-01")


@good
def refused_without_a_day(tree: Tree) -> None:
    extended(tree, decision="refused", new_deadline=None)


# --- What depends on a broken record --------------------------------------------------------------


def test_what_depends_on_a_broken_record_waits_and_says_so_once() -> None:
    """A hazard with an error takes its determination, progress, extension and the decision with it."""
    tree = Tree()
    hazard = tree.add("east-hospital", "hazards", criteria=["standard-2017/9.9"])
    others = [
        tree.add("bureau", "determinations"),
        tree.add("east-hospital", "rectifications"),
        tree.add("east-hospital", "extensions"),
        tree.add("bureau", "extension-decisions"),
    ]
    found = [(item.code, item.file) for item in tree.verdict().validity]
    assert sorted(found) == sorted([("E-CLAUSE", hazard), *(("W-DEPENDS", path) for path in others)])
    assert tree.ledger().cases == ()


def test_what_depends_on_an_unreadable_record_waits() -> None:
    tree = Tree()
    hazard = tree.add("east-hospital", "hazards", category="fie")
    other = tree.add("east-hospital", "rectifications")
    assert [(f.code, f.file) for f in tree.verdict().validity] == [("E-ENUM", hazard), ("W-DEPENDS", other)]


def test_what_a_gap_makes_illegal_depends_on_the_gap() -> None:
    """Without its determination a claimed major hazard may not be worked on; whose fault that is, is said once."""
    tree = Tree()
    tree.add("east-hospital", "hazards")
    broken = tree.add("bureau", "determinations", criteria=["standard-2017/9.9"])
    step = tree.add("east-hospital", "rectifications")
    assert [(f.code, f.file) for f in tree.verdict().validity] == [("E-CLAUSE", broken), ("W-DEPENDS", step)]


def test_a_broken_file_stops_nobody_else() -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards", category="fie")
    tree.add("west-hospital", "hazards")
    tree.files[f"submissions/{CAMPAIGN}/east-hospital/weekly/2023-W22.yml"] = b"\xff"
    assert [case.ref for case in tree.ledger().cases] == ["west-hospital/2023-001"]


# --- The closed loop ------------------------------------------------------------------------------


@bad("E-STEP")
def progress_before_determination(tree: Tree) -> Broken:
    tree.add("east-hospital", "hazards")
    return tree.add("east-hospital", "rectifications"), ("stage",)


@bad("E-STEP")
def acceptance_before_completion(tree: Tree) -> Broken:
    confirmed(tree)
    tree.add("east-hospital", "rectifications")
    return tree.add("bureau", "acceptances", "2023-009"), ("result",)


@bad("E-STEP")
def determined_again_after_closing(tree: Tree) -> Broken:
    closed(tree)
    later = "2023-07-01"
    return tree.add("bureau", "determinations", "2023-009", filed_on=later, decision="general"), ("decision",)


@bad("E-STEP")
def second_look_back_of_a_list_is_too_early(tree: Tree) -> Broken:
    closed(tree)
    confirmed(tree, "west-hospital")
    looked = [{"hazard": HAZARD, "result": "stable"}, {"hazard": "west-hospital/2023-001", "result": "relapsed"}]
    path = tree.add("bureau", "inspections", look_back=looked, filed_on="2023-07-01")
    return path, ("look_back", 1, "result")


@bad("E-STEP")
def completed_without_progress(tree: Tree) -> Broken:
    confirmed(tree)
    return tree.add("east-hospital", "rectifications", stage="completed"), ("stage",)


@bad("E-STEP")
def fixed_on_the_spot_and_then_determined(tree: Tree) -> Broken:
    fixed = {"fixed_on": "2023-06-01", "measures": "开锁"}
    tree.add("east-hospital", "hazards", claimed_level="general", fixed_on_the_spot=fixed)
    return tree.add("bureau", "determinations"), ("decision",)


@good
def major_fixed_on_the_spot_is_still_determined_and_accepted(tree: Tree) -> None:
    fixed = {"fixed_on": "2023-06-01", "measures": "开锁"}
    confirmed(tree, fixed_on_the_spot=fixed)
    tree.add("east-hospital", "rectifications", stage="completed")
    tree.add("bureau", "acceptances", "2023-009")


@good
def whole_loop_with_a_failed_acceptance_and_a_relapse(tree: Tree) -> None:
    confirmed(tree)
    for number, (stage, day) in enumerate([("plan", "06-06"), ("progress", "06-07"), ("completed", "06-08")], start=1):
        tree.add("east-hospital", "rectifications", f"2023-{number:03}", stage=stage, **on("progress_on", day))
    tree.add("bureau", "acceptances", "2023-011", result="failed", **on("accepted_on", "06-09"))
    tree.add("east-hospital", "rectifications", "2023-004", stage="completed", **on("progress_on", "06-10"))
    tree.add("bureau", "acceptances", "2023-012", **on("accepted_on", "06-11"))
    looked: Any = [{"hazard": HAZARD, "result": "relapsed"}]
    tree.add("bureau", "inspections", look_back=looked)
    tree.add("east-hospital", "rectifications", "2023-005", stage="completed", **on("progress_on", "06-20"))
    tree.add("bureau", "acceptances", "2023-013", **on("accepted_on", "06-21"))


def on(field: str, day: str) -> Data:
    return {field: f"2023-{day}", "filed_on": f"2023-{day}"}


def test_the_sentence_names_only_what_may_really_come_next() -> None:
    tree = Tree()
    progress_before_determination(tree)
    (item,) = tree.verdict().validity
    expected = "“判定为重大事故隐患”、“判定为一般事故隐患”、“判定不成立”、“撤回”、“移交其他部门”、“合并到另一条隐患”"
    assert word(item).must == f"隐患 {HAZARD} 现在是“已登记，待判定”，接下来只能是：{expected}"
    assert word(item).found == "这份记录说的是“整改进展”"


def test_the_sentence_says_when_nothing_may_come() -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations", decision="not_hazard")
    tree.add("east-hospital", "rectifications")
    (item,) = tree.verdict().validity
    assert word(item).must == f"隐患 {HAZARD} 现在是“不成立”，接下来只能是：没有下一步（已办结）"


@bad("E-BEFORE")
def determined_before_it_was_filed(tree: Tree) -> Broken:
    tree.add("east-hospital", "hazards", filed_on="2023-06-06")
    return tree.add("bureau", "determinations"), ("decision",)


@bad("E-BEFORE")
def withdrawn_before_it_was_filed(tree: Tree) -> Broken:
    withdrawn = {"dated": "2023-05-31", "reason": "报错了"}
    return tree.add("east-hospital", "hazards", withdrawn=withdrawn), ("withdrawn",)


@pytest.mark.requirement("A17")
@pytest.mark.parametrize("essential", ["responsible_role", "measures", "funds", "deadline", "contingency_plan"])
def test_major_hazard_is_not_worked_on_without_the_five_essentials(essential: str) -> None:
    words = {"responsible_role": "责任", "measures": "措施", "funds": "资金", "deadline": "时限"}
    tree = Tree()
    confirmed(tree, **{essential: None})
    path = tree.add("east-hospital", "rectifications")
    (item,) = tree.verdict().validity
    assert (item.code, item.file) == ("E-FIVE", path)
    assert word(item).found == f"还缺：{words.get(essential, '预案')}"
    assert (item.line, item.column) == place_of(tree.text(path), ("stage",))


@good
def plan_may_come_before_the_five_essentials(tree: Tree) -> None:
    confirmed(tree, contingency_plan=None, funds=None)
    tree.add("east-hospital", "rectifications", stage="plan")


@good
def general_hazard_needs_no_five_essentials(tree: Tree) -> None:
    none: dict[str, Any] = dict.fromkeys(("responsible_role", "measures", "funds", "contingency_plan"))
    tree.add("east-hospital", "hazards", claimed_level="general", **none)
    tree.add("east-hospital", "rectifications")


@bad("E-SELF-ACCEPT")
def unit_accepts_its_own_major_hazard(tree: Tree) -> Broken:
    confirmed(tree)
    tree.add("east-hospital", "rectifications", "2023-001")
    tree.add("east-hospital", "rectifications", "2023-002", stage="completed", filed_on="2023-06-12")
    return tree.add("east-hospital", "acceptances"), ("result",)


@good
def unit_accepts_its_own_general_hazard(tree: Tree) -> None:
    tree.add("east-hospital", "hazards", claimed_level="general")
    tree.add("east-hospital", "rectifications", stage="completed")
    tree.add("east-hospital", "acceptances")


@bad("E-WITHDRAW")
def withdrawn_after_it_was_found_major(tree: Tree) -> Broken:
    confirmed(tree, withdrawn={"dated": "2023-06-10", "reason": "不想改了"})
    return f"submissions/{CAMPAIGN}/east-hospital/hazards/2023-001.yml", ("withdrawn",)


@bad("E-WITHDRAW")
def withdrawn_after_it_was_found_general(tree: Tree) -> Broken:
    path = tree.add("east-hospital", "hazards", withdrawn={"dated": "2023-06-10", "reason": "不想改了"})
    tree.add("bureau", "determinations", decision="general")
    return path, ("withdrawn",)


@bad("E-WITHDRAW")
def claimed_as_major_and_taken_back_by_the_unit(tree: Tree) -> Broken:
    path = tree.add("east-hospital", "hazards", withdrawn={"dated": "2023-06-02", "reason": "不想报了"})
    return path, ("withdrawn",)


@good
def claimed_as_major_and_taken_back_by_the_superior_who_filed_it(tree: Tree) -> None:
    withdrawn = {"dated": "2023-06-02", "reason": "单位已经登记过"}
    tree.add("bureau", "hazards", unit="east-hospital", source="superior_inspection", withdrawn=withdrawn)


@good
def withdrawn_before_anybody_looked(tree: Tree) -> None:
    withdrawn = {"dated": "2023-06-01", "reason": "重复登记"}
    tree.add("east-hospital", "hazards", claimed_level="general", withdrawn=withdrawn)


@bad("E-EXTEND-FROM")
def extension_from_a_wrong_day(tree: Tree) -> Broken:
    confirmed(tree)
    return tree.add("east-hospital", "extensions", current_deadline="2023-08-30"), ("current_deadline",)


@bad("E-EXTEND-FROM")
def second_extension_from_the_original_day(tree: Tree) -> Broken:
    extended(tree)
    late = {"applied_on": "2023-08-01", "filed_on": "2023-08-01", "requested_deadline": "2023-10-31"}
    return tree.add("east-hospital", "extensions", "2023-002", **late), ("current_deadline",)


@bad("E-EXTEND-FROM")
def extension_of_no_deadline(tree: Tree) -> Broken:
    confirmed(tree, deadline=None)
    return tree.add("east-hospital", "extensions"), ("current_deadline",)


@bad("E-DECIDED")
def extension_decided_twice(tree: Tree) -> Broken:
    extended(tree, decision="refused", new_deadline=None)
    again = tree.add("bureau", "extension-decisions", "2023-002", filed_on="2023-07-20")
    return again, ("extension",)


@bad("E-ORDER")
def extension_decided_before_it_was_asked_for(tree: Tree) -> Broken:
    return extended(tree, decided_on="2023-07-09"), ("decided_on",)


@good
def second_extension_from_the_day_in_force(tree: Tree) -> None:
    extended(tree)
    more = {"applied_on": "2023-08-01", "filed_on": "2023-08-01"}
    more |= {"current_deadline": "2023-09-30", "requested_deadline": "2023-10-31"}
    tree.add("east-hospital", "extensions", "2023-002", **more)


@good
def second_extension_asked_for_before_the_first_was_decided(tree: Tree) -> None:
    extended(tree)
    tree.add("east-hospital", "extensions", "2023-002", **on("applied_on", "07-13"))


NOTICE = [("2023-08-10", True), ("2023-08-11", False)]
"""15 working days from 10 August end on 31 August: 11, 14-18, 21-25 and 28-31."""


@pytest.mark.parametrize(("applied_on", "early"), NOTICE)
def test_extension_is_asked_for_fifteen_working_days_ahead(applied_on: str, early: bool) -> None:
    tree = Tree()
    confirmed(tree)
    path = tree.add("east-hospital", "extensions", applied_on=applied_on, filed_on=applied_on)
    found = [(f.code, f.file, f.line, f.column) for f in tree.verdict().validity]
    where = place_of(tree.text(path), ("applied_on",))
    assert found == ([] if early else [("W-EXTEND-LATE", path, *where)])


@bad("W-NIL")
def nil_return_for_a_week_with_a_hazard(tree: Tree) -> Broken:
    tree.add("east-hospital", "hazards")
    return tree.add("east-hospital", "weekly", "2023-W22", nil_return=True, self_checks=None, filed_on="2023-06-04"), (
        "nil_return",
    )


@good
def nil_return_for_the_week_after_a_hazard(tree: Tree) -> None:
    tree.add("east-hospital", "hazards")
    tree.add("east-hospital", "weekly", "2023-W23", nil_return=True, self_checks=None, filed_on="2023-06-11")


# --- Exposures ------------------------------------------------------------------------------------


def exposed(tree: Tree, *changed: tuple[int, Data | None], more: tuple[Data, ...] = ()) -> str:
    confirmed(tree)
    return tree.add("bureau", "exposures", "2023-009", steps=[*steps(*changed), *more])


def after(stage: str, day: str = "2023-08-01", **fields: object) -> Data:
    return {"step": stage, "dated": day, "by": "bureau", **fields}


@bad("E-EXPOSE-STEP")
def published_without_notice(tree: Tree) -> Broken:
    return exposed(tree, (1, None), (2, None), (3, None)), ("steps", 1)


@bad("E-EXPOSE-STEP")
def published_without_approval(tree: Tree) -> Broken:
    return exposed(tree, (3, None)), ("steps", 3)


@bad("E-EXPOSE-STEP")
def approved_before_notice(tree: Tree) -> Broken:
    return exposed(tree, (1, None), (2, None)), ("steps", 1)


@bad("E-EXPOSE-STEP")
def steps_go_back_in_time(tree: Tree) -> Broken:
    return exposed(tree, (4, {"dated": "2023-07-09"})), ("steps", 4)


@bad("E-EXPOSE-STEP")
def first_step_is_not_a_proposal(tree: Tree) -> Broken:
    return exposed(tree, (0, None)), ("steps", 0)


@bad("E-EXPOSE-STEP")
def corrected_after_withdrawal(tree: Tree) -> Broken:
    more = (after("withdrawn", note="查无此事"), after("corrected", note="改一个字"))
    return exposed(tree, more=more), ("steps", 6)


@bad("E-EXPOSE-STEP")
def rectified_after_archiving(tree: Tree) -> Broken:
    return exposed(tree, more=(after("archived"), after("rectified"))), ("steps", 6)


@bad("E-EXPOSE-SELF")
def approved_by_the_proposer(tree: Tree) -> Broken:
    return exposed(tree, (3, {"by": "bureau"})), ("steps", 3)


@bad("E-EXPOSE-REPLIED")
def somebody_else_answers_for_the_unit(tree: Tree) -> Broken:
    return exposed(tree, (2, {"by": "bureau"})), ("steps", 2)


@bad("E-EXPOSE-REASON")
def withdrawn_without_a_reason(tree: Tree) -> Broken:
    return exposed(tree, more=(after("withdrawn"),)), ("steps", 5)


@bad("E-EXPOSE-REASON")
def corrected_without_a_reason(tree: Tree) -> Broken:
    return exposed(tree, more=(after("corrected", before="甲", after="乙") | {"before": "甲乙", "after": "丙丁"},)), (
        "steps",
        5,
    )


@bad("E-EXPOSE-REASON")
def disputed_without_a_reason(tree: Tree) -> Broken:
    return exposed(tree, more=(after("disputed"),)), ("steps", 5)


@bad("E-EXPOSE-REPLY")
def notified_without_a_day_for_the_reply(tree: Tree) -> Broken:
    return exposed(tree, (1, {"reply_by": None})), ("steps", 1)


@bad("E-EXPOSE-REPLY")
def day_for_the_reply_lies_before_the_notice(tree: Tree) -> Broken:
    return exposed(tree, (1, {"reply_by": "2023-07-01"})), ("steps", 1)


@bad("W-SUPERSEDED")
def clause_that_was_replaced_before_filing(tree: Tree) -> Broken:
    tree.campaign |= {"ends_on": "2025-12-31", "phases": [], "duties": tree.campaign["duties"][:1], "bulletins": []}
    dates = {"discovered_on": "2025-10-31", "registered_on": "2025-11-03", "filed_on": "2025-11-03", "deadline": None}
    return tree.add("east-hospital", "hazards", "2025-001", criteria=["standard-2017/7.1"], **dates), ("criteria", 0)


@bad("E-LEGACY")
def an_old_hazard_that_is_not_marked(tree: Tree) -> Broken:
    return tree.add("east-hospital", "hazards", discovered_on="2023-03-01"), ("discovered_on",)


@good
def a_hazard_of_the_campaigns_first_day(tree: Tree) -> None:
    tree.add("east-hospital", "hazards", discovered_on="2023-05-20")


@bad("E-LEGACY")
def a_new_hazard_marked_as_old(tree: Tree) -> Broken:
    return tree.add("east-hospital", "hazards", legacy=True), ("discovered_on",)


@good
def an_old_hazard_that_is_marked(tree: Tree) -> None:
    tree.add("east-hospital", "hazards", discovered_on="2023-03-01", legacy=True)


@bad("E-EXPOSE-KIND")
def exposed_for_what_the_notice_does_not_name(tree: Tree) -> Broken:
    tree.campaign["exposure_kinds"] = ["responsibility", "formalism"]
    return exposed(tree), ("exposure",)


@bad("E-EXPOSE-LIMIT")
def disputed_without_a_day_for_the_answer(tree: Tree) -> Broken:
    return exposed(tree, more=(after("disputed", note="与事实不符"),)), ("steps", 5)


@bad("E-EXPOSE-LIMIT")
def day_for_the_answer_lies_before_the_dispute(tree: Tree) -> Broken:
    return exposed(tree, more=(after("disputed", note="与事实不符", reply_by="2023-01-01"),)), ("steps", 5)


@bad("W-EXPOSE-KEEP")
def archived_before_the_retention_is_over(tree: Tree) -> Broken:
    tree.campaign["exposure_retention_days"] = 365
    return exposed(tree, more=(after("archived"),)), ("steps", 5)


@pytest.mark.parametrize(("archived_on", "early"), [("2023-09-29", True), ("2023-09-30", False)])
def test_an_exposure_may_go_when_the_retention_is_over_since_it_was_put_right(archived_on: str, early: bool) -> None:
    tree = Tree()
    tree.campaign["exposure_retention_days"] = 60
    exposed(tree, more=(after("rectified", dated="2023-08-01"), after("archived", dated=archived_on)))
    assert [f.code for f in tree.verdict().validity] == ["W-EXPOSE-KEEP"] * early


@pytest.mark.parametrize(("day", "late"), [(date(2023, 8, 15), False), (date(2023, 8, 16), True)])
def test_a_dispute_is_overdue_from_the_day_after_its_limit(day: date, late: bool) -> None:
    tree = Tree()
    exposed(tree, more=(after("disputed", note="与事实不符", reply_by="2023-08-15"),))
    assert [f.code for f in tree.verdict(day).lateness if f.code == "T-DISPUTE"] == ["T-DISPUTE"] * late


def test_a_dispute_that_was_answered_is_not_overdue() -> None:
    tree = Tree()
    exposed(tree, more=(after("disputed", note="与事实不符", reply_by="2023-08-15"), after("rectified")))
    assert "T-DISPUTE" not in {f.code for f in tree.verdict(date(2024, 1, 1)).lateness}


def test_the_day_for_a_reply_is_no_limit_of_a_dispute() -> None:
    tree = Tree()
    exposed(tree, (2, None), (3, None), (4, None))
    assert "T-DISPUTE" not in {f.code for f in tree.verdict(date(2024, 1, 1)).lateness}


@bad("E-EXPOSE-WAIT")
def approved_on_the_last_day_for_the_reply(tree: Tree) -> Broken:
    return exposed(tree, (2, None), (3, {"dated": "2023-07-09"})), ("steps", 2)


@good
def approved_on_the_day_after_without_a_reply(tree: Tree) -> None:
    exposed(tree, (2, None))


@good
def approved_early_because_the_unit_replied(tree: Tree) -> None:
    exposed(tree, (3, {"dated": "2023-07-06"}))


@good
def exposure_to_the_end(tree: Tree) -> None:
    why = {"note": "原文部位有误"}
    more = (
        after("disputed", reply_by="2023-08-22", **why),
        after("corrected", **why),
        after("rectified"),
        after("archived"),
        after("withdrawn", **why),
    )
    exposed(tree, more=more)


# --- The office's own files -----------------------------------------------------------------------

CAMPAIGN_FILE = f"submissions/{CAMPAIGN}/campaign.yml"
ROLL_FILE = f"submissions/{CAMPAIGN}/roll.yml"


@pytest.mark.parametrize("missing", ["campaign.yml", "roll.yml"])
def test_a_campaign_without_its_files_is_left_out_whole(missing: str) -> None:
    tree = Tree()
    tree.add("east-hospital", "weekly")
    source = tree.source()
    del source.files[f"submissions/{CAMPAIGN}/{missing}"]
    from support import KINDS, LATER

    from taizhang.checks.verdict import judge
    from taizhang.intake.records import read_tree

    verdict = judge(read_tree(source, KINDS), KINDS, LATER)
    (item,) = verdict.findings
    assert (item.code, item.file, item.line) == ("E-NO-CAMPAIGN", f"submissions/{CAMPAIGN}", 0)
    assert word(item).found == f"缺少或读不了 {missing}"
    assert verdict.ledgers == ()


@bad("E-DUTY-KIND")
def duty_answered_by_no_kind(tree: Tree) -> Broken:
    tree.campaign["duties"][1]["answered_by"]["kind"] = "week"
    return CAMPAIGN_FILE, ("duties", 1, "answered_by", "kind")


@bad("E-DUTY-DUE")
def duty_once_without_a_day(tree: Tree) -> Broken:
    del tree.campaign["duties"][0]["due"]["by"]
    return CAMPAIGN_FILE, ("duties", 0, "due")


def asked_first(tree: Tree, due: Data, kind: str = "inspections", **more: object) -> None:
    tree.campaign["duties"][0] = duty("plan", kind, due, **more)


@bad("E-DUTY-WORD")
def day_of_the_month_in_a_quarterly_duty(tree: Tree) -> Broken:
    asked_first(tree, {"every": "quarter", "day": 24})
    return CAMPAIGN_FILE, ("duties", 0, "due", "day")


@bad("E-DUTY-NEVER")
def yearly_duty_in_a_month_before_the_campaign(tree: Tree) -> Broken:
    asked_first(tree, {"every": "year", "month": 4})
    return CAMPAIGN_FILE, ("duties", 0, "due", "month")


@bad("E-DUTY-RHYTHM")
def weekly_records_asked_for_every_month(tree: Tree) -> Broken:
    tree.campaign["duties"][1]["due"] = {"every": "month"}
    return CAMPAIGN_FILE, ("duties", 1, "due", "every")


@bad("E-DUTY-WHERE")
def condition_that_no_inspection_can_meet(tree: Tree) -> Broken:
    asked_first(tree, {"every": "quarter"}, where={"led_by": "boss"})
    return CAMPAIGN_FILE, ("duties", 0, "answered_by", "where", "led_by")


@bad("E-DUTY-INCLUDE")
def contents_that_no_activity_can_have(tree: Tree) -> Broken:
    asked_first(tree, {"every": "quarter"}, "activities", must_include=["drill", "drills"])
    return CAMPAIGN_FILE, ("duties", 0, "must_include", 1)


@bad("W-DUTY-EARLY")
def duty_of_last_year(tree: Tree) -> Broken:
    tree.campaign["duties"][0]["due"]["by"] = "2022-05-25"
    return CAMPAIGN_FILE, ("duties", 0, "due", "by")


@bad("W-DUTY-NOBODY")
def duty_of_units_that_there_are_none_of(tree: Tree) -> Broken:
    tree.campaign["duties"][0]["owed_by"] = {"types": ["nursing"]}
    return CAMPAIGN_FILE, ("duties", 0, "owed_by")


@good
def duties_of_every_form(tree: Tree) -> None:
    asked_first(tree, {"every": "quarter"}, "activities", where={"activity": "drill"}, must_include=["drill"])
    tree.campaign["duties"].append(
        duty("led", "inspections", {"every": "year", "month": 6}, where={"led_by": "principal"})
    )


@bad("E-DUTY-PERIOD")
def report_filed_once_names_a_quarter(tree: Tree) -> Broken:
    return tree.add("east-hospital", "reports", period="2023-Q2"), ("period",)


@bad("E-DUTY-ANSWER")
def table_signed_by_a_deputy(tree: Tree) -> Broken:
    tree.campaign["duties"][0]["answered_by"]["where"]["signed_by"] = "principal"
    return tree.add("east-hospital", "reports", signed_by="deputy"), ("signed_by",)


@good
def table_signed_by_the_principal(tree: Tree) -> None:
    tree.campaign["duties"][0]["answered_by"]["where"]["signed_by"] = "principal"
    tree.add("east-hospital", "reports", signed_by="principal")


def drawn(tree: Tree, **fields: object) -> str:
    """A lesson that asks for a check, and the check of a unit."""
    tree.add("bureau", "lessons", check={"topic": "楼道充电", "due": "2023-07-01"})
    usual: Data = {"activity": "special_check", "lesson": "bureau/2023-001"}
    return tree.add("east-hospital", "activities", "2023-06-16-check", **{**usual, **fields})


@bad("E-LESSON")
def training_as_the_check_of_a_lesson(tree: Tree) -> Broken:
    return drawn(tree, activity="training"), ("activity",)


@good
def special_check_of_a_lesson(tree: Tree) -> None:
    drawn(tree)


@bad("E-PHASES")
def second_phase_ends_first(tree: Tree) -> Broken:
    tree.campaign["phases"][1]["ends_on"] = "2023-07-30"
    return CAMPAIGN_FILE, ("phases", 1, "ends_on")


@good
def phases_end_together(tree: Tree) -> None:
    tree.campaign["phases"][1]["ends_on"] = "2023-07-31"


@good
def no_phases(tree: Tree) -> None:
    tree.campaign["phases"] = []


@bad("E-ORDER")
def campaign_ends_before_it_starts(tree: Tree) -> Broken:
    tree.campaign["starts_on"] = "2024-01-01"
    return CAMPAIGN_FILE, ("starts_on",)


@bad("E-ORDER")
def campaign_archived_before_its_end(tree: Tree) -> Broken:
    tree.campaign["archived_on"] = "2023-12-30"
    return CAMPAIGN_FILE, ("ends_on",)


@bad("E-SAME-ID")
def two_duties_of_one_name(tree: Tree) -> Broken:
    tree.campaign["duties"][1]["id"] = "plan"
    return CAMPAIGN_FILE, ("duties", 1, "id")


@bad("E-SAME-ID")
def two_phases_of_one_name(tree: Tree) -> Broken:
    tree.campaign["phases"][1]["id"] = "first"
    return CAMPAIGN_FILE, ("phases", 1, "id")


@bad("E-SAME-ID")
def two_organisations_of_one_name(tree: Tree) -> Broken:
    tree.organisation("west-hospital")["id"] = "east-hospital"
    return ROLL_FILE, ("organisations", 3, "id")


@bad("E-SAME-ID")
def two_clauses_of_one_number(tree: Tree) -> Broken:
    tree.criteria["standard-2017"]["clauses"] *= 2
    return "submissions/criteria/standard-2017.yml", ("clauses", 1, "clause")


@bad("E-PLACEHOLDER")
def a_place_of_the_template_not_filled_in(tree: Tree) -> Broken:
    tree.campaign["office"] = "请填写主管办公室"
    return CAMPAIGN_FILE, ("office",)


@bad("E-PLACEHOLDER")
def a_unit_of_the_template(tree: Tree) -> Broken:
    tree.organisation("west-hospital")["short_name"] = "请填写医院简称"
    return ROLL_FILE, ("organisations", 3, "short_name")


@good
def a_demonstration_names_nobody(tree: Tree) -> None:
    tree.organisation("west-hospital")["short_name"] = "请填写医院简称"
    tree.campaign["demo"] = True


@bad("E-PARENT")
def superior_not_on_the_roll(tree: Tree) -> Broken:
    tree.organisation("west-hospital")["parent"] = "weijianwei"
    return ROLL_FILE, ("organisations", 3, "parent")


@bad("E-CIRCLE")
def above_itself(tree: Tree) -> Broken:
    tree.organisation("west-hospital")["parent"] = "west-hospital"
    return ROLL_FILE, ("organisations", 3, "parent")


def test_a_circle_is_found_at_everybody_in_it() -> None:
    tree = Tree()
    tree.organisation("bureau")["parent"] = "north-clinic"
    places = [(f.code, f.file, f.line, f.column) for f in tree.verdict().validity]
    wanted = [place_of(tree.text(ROLL_FILE), ("organisations", index, "parent")) for index in (0, 4, 6)]
    assert places == [("E-CIRCLE", ROLL_FILE, *place) for place in wanted]


@bad("E-ORDER")
def standard_ends_before_it_starts(tree: Tree) -> Broken:
    tree.criteria["standard-2017"]["effective_until"] = "2018-06-30"
    return "submissions/criteria/standard-2017.yml", ("effective_from",)


@bad("E-ORDER")
def holiday_ends_before_it_starts(tree: Tree) -> Broken:
    tree.calendars["2023"]["holidays"][3]["to"] = "2023-04-28"
    return "submissions/calendar/2023.yml", ("holidays", 3, "from")


def test_a_broken_standard_cannot_be_cited() -> None:
    tree = Tree()
    standard_ends_before_it_starts(tree)
    tree.add("east-hospital", "hazards", criteria=["standard-2017/7.1"])
    assert [f.code for f in tree.verdict().validity] == ["E-ORDER", "E-CLAUSE"]


# --- Time -----------------------------------------------------------------------------------------


def lateness(tree: Tree, at: date, org: str = "east-hospital") -> list[Finding]:
    return [f for f in tree.verdict(at).lateness if f"/{org}" in f.file]


def test_what_is_missing_is_told_from_the_day_after() -> None:
    tree = Tree()
    assert lateness(tree, date(2023, 5, 25)) == []
    (item,) = lateness(tree, date(2023, 5, 26))
    assert (item.code, item.file, item.line) == ("T-MISSING", f"submissions/{CAMPAIGN}/east-hospital", 0)
    assert word(item).message == "城东医院应在 2023-05-25 24 时前报送：要求plan；至今没有收到，已过期 1 天。"


def test_what_came_late_is_told_at_its_day() -> None:
    tree = Tree()
    path = tree.add("east-hospital", "reports", filed_on="2023-05-27")
    (item,) = lateness(tree, date(2023, 5, 27))
    assert (item.code, item.file) == ("T-LATE", path)
    assert (item.line, item.column) == place_of(tree.text(path), ("filed_on",))
    assert word(item).found == "2023-05-27 才报，迟了 2 天"


def test_what_is_overdue_is_told_from_the_day_after() -> None:
    tree = Tree().duties(duty("plan", "reports", {"every": "once", "by": "2023-12-31"}))
    confirmed(tree)
    path = f"submissions/{CAMPAIGN}/east-hospital/hazards/2023-001.yml"
    assert lateness(tree, date(2023, 8, 31)) == []
    (item,) = lateness(tree, date(2023, 9, 1))
    assert (item.code, item.file) == ("T-OVERDUE", path)
    assert (item.line, item.column) == place_of(tree.text(path), ("deadline",))
    assert word(item).found == "现在是“判定为重大”，已逾期 1 天"


def test_lateness_never_makes_a_record_invalid() -> None:
    tree = Tree()
    tree.add("east-hospital", "reports", filed_on="2023-12-27")
    verdict = tree.verdict()
    assert verdict.lateness
    assert verdict.validity == ()
    assert verdict.errors == ()


def test_validity_does_not_depend_on_the_day() -> None:
    tree = Tree()
    determined_again_after_closing(tree)
    days = [date(2022, 1, 1), date(2023, 6, 30), date(2023, 7, 1), date(2030, 1, 1)]
    assert len({tree.verdict(day).validity for day in days}) == 1


# --- The rules together ---------------------------------------------------------------------------


def test_every_record_rule_says_in_one_sentence_what_it_wants() -> None:
    for code, rule in RECORD_RULES.items():
        text = (rule.check.__doc__ or "").strip()
        assert text.endswith("."), code
        assert len(text) <= 200, code


def test_a_rule_says_of_which_kinds_it_speaks_where_it_is_registered() -> None:
    """A guard in its first line would be a second way to say so."""
    for code, rule in RECORD_RULES.items():
        (function,) = ast.parse(textwrap.dedent(inspect.getsource(rule.check))).body
        assert isinstance(function, ast.FunctionDef)
        first = function.body[1]
        asked = ast.unparse(first.test) if isinstance(first, ast.If) else ""
        assert "record.kind.name" not in asked, code


def test_a_rule_about_a_kind_that_there_is_not_is_a_mistake_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    rules_fit(KINDS)
    rule = RECORD_RULES["E-REPLY"]
    monkeypatch.setitem(RECORD_RULES, "E-REPLY", replace(rule, kinds=frozenset({"replys"})))
    with pytest.raises(LookupError, match=r"E-REPLY.*replys"):
        Tree().verdict()


FOR_KINDS_TO_COME = {"E-NEEDED"}
"""Rules that a schema may name and none of ours does; their test has a kind of its own: test_new_kind."""
MORE_THAN_ONE_FINDING = {"W-DEPENDS", "E-HAZARD-DATE"}
"""Rules that are always broken together with another; each has tests of its own above."""
BY_PARAMETER = {"E-NO-CAMPAIGN", "E-FIVE", "W-EXTEND-LATE", "W-CALENDAR"}
"""Rules with a test of their own that says more than one case could, here or in test_duties."""
BY_HISTORY = {"E-LOST", "W-CLOCK", "E-REWRITE"}
"""Rules about what Git tells; their tests have real repositories: test_history, test_publication."""
BY_FONTS = {"W-FONT", "W-GLYPH"}
"""Notices about what a machine cannot draw; see test_pdf and test_bulletin_documents."""
BY_VERIFYING = {"E-BULLETIN-COMMIT", "E-BULLETIN-DIGEST", "E-BULLETIN-EDITED", "E-BULLETIN-FIGURE"}
"""Rules about issued figures; their tests have real repositories: test_issuing."""
BY_RELEASES = {"E-OUT-PERSONAL", "E-OUT-PRIVATE", "E-OUT-ACTIVE", "E-OUT-FILE"}
"""Rules about what a built site holds: test_release_gate."""


def test_every_rule_has_a_case_that_breaks_it() -> None:
    """All that is no rule of the schemas: those of records, of the ledger and of the office's files."""
    import test_bulletins
    import test_contacts
    import test_supervision

    rules = set(RECORD_RULES) | {code for code, rule in RULES.items() if rule.scope is Scope.LEDGER}
    broken = (
        RULEBOOK.codes | test_bulletins.RULEBOOK.codes | test_supervision.RULEBOOK.codes | test_contacts.RULEBOOK.codes
    )
    elsewhere = BY_PARAMETER | BY_HISTORY | BY_VERIFYING | BY_FONTS | BY_RELEASES
    assert rules - broken == FOR_KINDS_TO_COME | MORE_THAN_ONE_FINDING | elsewhere


def test_findings_are_sorted_and_said_once() -> None:
    tree = Tree()
    for make in (folder_of_nobody, weekly_of_the_bureau, progress_before_determination):
        make(tree)
    findings = tree.verdict().findings
    assert list(findings) == sorted(set(findings))


def test_ledgers_are_in_order_newest_first() -> None:
    tree = Tree()
    files = dict(tree.source().files)
    older = {**tree.campaign, "starts_on": "2019-09-01", "ends_on": "2019-12-31", "issued_on": "2019-09-01"}
    older |= {"phases": [], "duties": tree.campaign["duties"][:1]}
    tree.files["submissions/aaa-2019/campaign.yml"] = yaml_text(older)
    tree.files["submissions/aaa-2019/roll.yml"] = files[ROLL_FILE]
    assert [ledger.campaign.id for ledger in tree.verdict().ledgers] == [CAMPAIGN, "aaa-2019"]
