"""What superiors do about units: orders and their flags, visits, tips, receipts, replies; and the score sheet."""

from __future__ import annotations

from datetime import date

import pytest
from rulebook import Broken, Rulebook
from support import HAZARD, Tree, empty_ledger

from taizhang.campaign.periods import Rhythm, containing
from taizhang.figures.assessment import rankings, score_sheet
from taizhang.figures.figures import Figures
from taizhang.figures.tables import period_figures
from taizhang.findings import worded
from taizhang.findings.formats import as_text
from taizhang.ledger.closed_loop import State
from taizhang.ledger.duties import Status
from taizhang.ledger.ledger import Ledger
from taizhang.ledger.orders import Flags

RULEBOOK = Rulebook()
bad, good = RULEBOOK.bad, RULEBOOK.good


def determined(tree: Tree) -> None:
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations")


@bad("E-ORDER-FROM")
def an_order_from_beside(tree: Tree) -> Broken:
    determined(tree)
    return tree.add("north-county", "orders"), ("unit",)


@bad("E-ORDER-FROM")
def a_suspension_by_the_committee(tree: Tree) -> Broken:
    determined(tree)
    return tree.add("council", "orders", order="suspend_full", deadline=None), ("unit",)


@bad("E-ORDER-FROM")
def a_suspension_lifted_by_the_committee(tree: Tree) -> Broken:
    determined(tree)
    tree.add("bureau", "orders", order="suspend_full", deadline=None)
    lifting = {"order": "lift", "lifts": "bureau/2023-001", "deadline": None}
    return tree.add("council", "orders", filed_on="2023-06-20", dated="2023-06-20", **lifting), ("unit",)


@bad("E-ORDER-HAZARD")
def an_order_about_another_units_hazard(tree: Tree) -> Broken:
    determined(tree)
    return tree.add("bureau", "orders", unit="west-hospital"), ("hazard",)


@bad("E-ORDER-FIELD")
def a_listing_without_level(tree: Tree) -> Broken:
    determined(tree)
    return tree.add("bureau", "orders", order="supervise"), ("order",)


@bad("E-ORDER-FIELD")
def a_trace_back_without_ground(tree: Tree) -> Broken:
    return tree.add("bureau", "orders", order="trace_back", hazard=None, deadline=None), ("order",)


@bad("E-LIFT")
def lifting_what_does_not_stand(tree: Tree) -> Broken:
    tree.add("bureau", "orders", hazard=None)
    lifting = {"order": "lift", "lifts": "bureau/2023-001", "hazard": None, "deadline": None}
    return tree.add("bureau", "orders", "2023-002", **lifting), ("lifts",)


@bad("E-LIFT")
def lifting_for_another_unit(tree: Tree) -> Broken:
    tree.add("bureau", "orders", order="suspend_full", hazard=None, deadline=None)
    lifting = {"order": "lift", "lifts": "bureau/2023-001", "hazard": None, "deadline": None, "unit": "west-hospital"}
    return tree.add("bureau", "orders", "2023-002", **lifting), ("lifts",)


@bad("E-VISIT-BELOW")
def a_visit_to_a_unit_of_another_county(tree: Tree) -> Broken:
    return tree.add("north-county", "visits", units=["north-clinic", "east-hospital"]), ("units", 1)


@bad("E-VISIT-BELOW")
def a_look_back_where_nobody_went(tree: Tree) -> Broken:
    determined(tree)
    path = tree.add("bureau", "visits", units=["west-hospital"], look_back=[{"hazard": HAZARD, "result": "stable"}])
    return path, ("look_back", 0, "hazard")


@bad("E-RECHECK")
def a_recheck_of_nothing(tree: Tree) -> Broken:
    return tree.add("bureau", "visits", nature="recheck"), ("nature",)


@bad("E-RECHECK")
def a_recheck_of_ones_own_visit(tree: Tree) -> Broken:
    tree.add("bureau", "visits", nature="covert")
    return tree.add("bureau", "visits", "2023-002", nature="recheck", rechecks="bureau/2023-001"), ("rechecks",)


@bad("E-RECHECK")
def a_recheck_of_a_visit_that_was_announced(tree: Tree) -> Broken:
    tree.add("north-county", "visits", nature="supervision", units=["north-clinic"])
    fields = {"nature": "recheck", "rechecks": "north-county/2023-001", "units": ["north-clinic"]}
    return tree.add("bureau", "visits", "2023-002", **fields), ("rechecks",)


@bad("E-TIP")
def a_verified_tip_without_hazard(tree: Tree) -> Broken:
    return tree.add("bureau", "tips", outcome="verified"), ("outcome",)


@bad("E-REPLY")
def a_reply_by_another_unit(tree: Tree) -> Broken:
    determined(tree)
    tree.add("bureau", "exposures")
    return tree.add("west-hospital", "replies"), ("exposure",)


@bad("E-RECEIPT")
def a_receipt_for_nothing(tree: Tree) -> Broken:
    return tree.add("bureau", "receipts"), ("record",)


@bad("E-RECEIPT")
def a_receipt_later_than_the_record(tree: Tree) -> Broken:
    tree.add("east-hospital", "reports", "plan")
    return tree.add("bureau", "receipts", arrived_on="2023-05-30"), ("arrived_on",)


@bad("E-PLAN-KIND")
def a_plan_of_no_kind(tree: Tree) -> Broken:
    return tree.add("east-hospital", "resources", resource="plan"), ("resource",)


@bad("E-MERGE-INTO")
def merged_into_nothing(tree: Tree) -> Broken:
    tree.add("east-hospital", "hazards")
    return tree.add("bureau", "determinations", decision="merged"), ("decision",)


@bad("E-MERGE-INTO")
def merged_into_itself(tree: Tree) -> Broken:
    tree.add("east-hospital", "hazards")
    return tree.add("bureau", "determinations", decision="merged", merged_into=HAZARD), ("merged_into",)


@bad("E-NO-CRITERIA")
def major_without_a_clause(tree: Tree) -> Broken:
    tree.add("east-hospital", "hazards", criteria=None)
    return tree.add("bureau", "determinations", criteria=None), ("decision",)


@bad("E-NO-EVIDENCE")
def closed_without_evidence(tree: Tree) -> Broken:
    tree.campaign["evidence_on_paper"] = False
    tree.add("east-hospital", "hazards", claimed_level="general")
    tree.add("east-hospital", "rectifications", stage="completed")
    return tree.add("east-hospital", "acceptances"), ("result",)


@bad("E-GUARANTORS")
def a_source_of_danger_without_guarantors(tree: Tree) -> Broken:
    return tree.add("east-hospital", "resources", resource="major_hazard_source"), ("resource",)


@good
def a_source_of_danger_with_guarantors(tree: Tree) -> None:
    tree.add("east-hospital", "resources", resource="major_hazard_source", guarantors=["分管副院长"])


@good
def a_plan_of_a_kind(tree: Tree) -> None:
    tree.add("east-hospital", "resources", resource="plan", plan_kind="overall")


@good
def a_listing_by_the_committee_and_its_end(tree: Tree) -> None:
    determined(tree)
    tree.add("council", "orders", order="supervise", supervision_level="county")
    lifting = {"order": "lift", "lifts": "council/2023-001", "hazard": None, "deadline": None}
    tree.add("council", "orders", "2023-002", filed_on="2023-07-01", dated="2023-07-01", **lifting)


@good
def tips_with_what_came_of_them(tree: Tree) -> None:
    tree.add("bureau", "hazards", unit="east-hospital", source="tip")
    tree.add("bureau", "tips", outcome="verified", hazard="bureau/2023-001", reward=3000)
    tree.add("bureau", "tips", "2023-002", outcome="transferred", transferred_to="生态环境部门")
    tree.add("bureau", "tips", "2023-003")


@good
def a_reply_by_the_unit_itself(tree: Tree) -> None:
    determined(tree)
    tree.add("bureau", "exposures")
    tree.add("east-hospital", "replies")


@good
def a_receipt_for_a_record(tree: Tree) -> None:
    tree.add("east-hospital", "reports", "plan")
    tree.add("bureau", "receipts")


@good
def an_accident_and_a_practice(tree: Tree) -> None:
    tree.add("east-hospital", "accidents")
    tree.add("east-hospital", "practices")
    tree.add("bureau", "practices")


@pytest.mark.parametrize("name", RULEBOOK.broken)
def test_a_broken_rule_is_found_at_its_place(name: str) -> None:
    RULEBOOK.find(name)


@pytest.mark.parametrize("name", RULEBOOK.kept)
def test_a_kept_rule_is_not_found(name: str) -> None:
    RULEBOOK.keep(name)


def sound(tree: Tree, day: date = date(2024, 3, 1)) -> Ledger:
    assert as_text(worded(tree.verdict(day).validity)) == ""
    return tree.ledger(day)


@pytest.mark.requirement("B37")
@pytest.mark.requirement("B38")
def test_a_suspension_stands_until_it_is_lifted() -> None:
    tree = Tree()
    determined(tree)
    tree.add("bureau", "orders", order="suspend_partial", deadline=None)
    tree.add(
        "bureau",
        "orders",
        "2023-002",
        order="lift",
        lifts="bureau/2023-001",
        deadline=None,
        filed_on="2023-07-01",
        dated="2023-07-01",
    )
    found = {
        day: sound(tree, day).hazard_by_ref[HAZARD].flags
        for day in (date(2023, 6, 6), date(2023, 6, 30), date(2023, 7, 1))
    }
    assert list(found.values()) == [Flags(None, "partial"), Flags(None, "partial"), Flags(None, None)]


def test_of_two_listings_in_force_the_later_one_gives_the_level() -> None:
    tree = Tree()
    determined(tree)
    tree.add("council", "orders", order="supervise", supervision_level="county")
    tree.add(
        "bureau",
        "orders",
        "2023-002",
        order="supervise",
        supervision_level="city",
        filed_on="2023-06-20",
        dated="2023-06-20",
    )
    assert tree.ledger().hazard_by_ref[HAZARD].flags.supervised == "city"


@pytest.mark.requirement("A54")
def test_the_committee_may_list_a_hazard_and_it_is_counted() -> None:
    tree = Tree()
    determined(tree)
    tree.add("council", "orders", order="supervise", supervision_level="county")
    ledger = sound(tree)
    assert ledger.hazard_by_ref[HAZARD].flags.supervised == "county"
    week = containing(Rhythm.WEEK, date(2023, 6, 6))
    assert period_figures(ledger, week, week.end).total.maj_supervised == 1


@pytest.mark.requirement("A9")
@pytest.mark.requirement("A45")
@pytest.mark.requirement("B39")
@pytest.mark.requirement("B47")
def test_penalties_talks_and_tracing_back_are_counted_in_their_week() -> None:
    tree = Tree()
    tree.add("bureau", "orders", order="penalty", hazard=None, deadline=None)
    tree.add("bureau", "orders", "2023-002", order="talk", hazard=None, deadline=None)
    tree.add(
        "bureau", "orders", "2023-003", order="trace_back", accountability="duty_neglected", hazard=None, deadline=None
    )
    weeks = [containing(Rhythm.WEEK, date(2023, 6, day)) for day in (6, 13)]
    totals = [period_figures(sound(tree), week, week.end).total for week in weeks]
    assert [(total.penalty_n, total.talk_n) for total in totals] == [(1, 1), (0, 0)]


@pytest.mark.requirement("A36")
@pytest.mark.requirement("A41")
def test_what_a_visit_found_is_counted_apart_from_self_checks() -> None:
    tree = Tree()
    tree.add(
        "bureau",
        "hazards",
        unit="east-hospital",
        source="superior_inspection",
        filed_on="2023-06-21",
        registered_on="2023-06-21",
    )
    tree.add("bureau", "visits", hazards_found=["bureau/2023-001"])
    week = containing(Rhythm.WEEK, date(2023, 6, 21))
    total = period_figures(sound(tree), week, week.end).total
    assert (total.visited_n, total.checked_hazards_n) == (1, 1)


def test_what_two_visits_found_is_counted_once_and_for_its_own_unit() -> None:
    tree = Tree()
    tree.add("bureau", "hazards", unit="east-hospital", source="superior_inspection")
    both = {"hazards_found": ["bureau/2023-001"], "units": ["east-hospital", "west-hospital"]}
    tree.add("bureau", "visits", **both)
    tree.add("bureau", "visits", "2023-002", **both)
    week = containing(Rhythm.WEEK, date(2023, 6, 21))
    rows = {row.org.id: row.figures for row in period_figures(sound(tree), week, week.end).rows}
    counted = {org: (rows[org].visited_n, rows[org].checked_hazards_n) for org in both["units"]}
    assert counted == {"east-hospital": (2, 1), "west-hospital": (2, 0)}


@pytest.mark.requirement("B21")
def test_a_visit_that_finds_a_relapse_reopens_the_hazard() -> None:
    tree = Tree()
    determined(tree)
    tree.add("east-hospital", "rectifications")
    tree.add(
        "east-hospital",
        "rectifications",
        "2023-002",
        stage="completed",
        filed_on="2023-06-15",
        progress_on="2023-06-15",
    )
    tree.add("bureau", "acceptances")
    tree.add("bureau", "visits", nature="look_back", look_back=[{"hazard": HAZARD, "result": "relapsed"}])
    assert sound(tree, date(2023, 6, 20)).hazard_by_ref[HAZARD].state is State.CLOSED
    assert sound(tree, date(2023, 6, 21)).hazard_by_ref[HAZARD].state is State.REOPENED


@pytest.mark.requirement("B34")
@pytest.mark.requirement("B44")
def test_the_city_rechecks_a_countys_covert_visit() -> None:
    tree = Tree()
    tree.add("north-county", "visits", nature="covert", units=["north-clinic"])
    tree.add(
        "bureau", "visits", nature="recheck", units=["north-clinic"], rechecks="north-county/2023-001", agrees=True
    )
    sound(tree)


@pytest.mark.requirement("A64")
def test_a_receipt_moves_the_arrival_and_both_days_are_kept() -> None:
    tree = Tree()
    tree.add("east-hospital", "reports", "plan", filed_on="2023-06-01")
    late = next(r for r in sound(tree).returns_by_org["east-hospital"] if r.obligation.duty.id == "plan")
    assert late.status(date(2024, 1, 1)) is Status.LATE
    tree.add("bureau", "receipts")
    ledger = sound(tree)
    received = next(r for r in ledger.returns_by_org["east-hospital"] if r.obligation.duty.id == "plan")
    assert received.status(ledger.at) is Status.ON_TIME
    assert received.record is not None
    assert (received.record.filed_on, received.record.landed_on) == (date(2023, 5, 24), date(2023, 6, 1))


def test_a_receipt_never_makes_a_filing_later() -> None:
    tree = Tree()
    tree.add("east-hospital", "reports", "plan", filed_on="2023-05-24")
    tree.add("bureau", "receipts", arrived_on="2023-05-24")
    (record,) = sound(tree).filed("reports")
    assert record.filed_on == date(2023, 5, 24)


@pytest.mark.parametrize("decision", ["transferred", "merged"])
def test_a_hazard_that_went_elsewhere_leaves_the_stock(decision: str) -> None:
    tree = Tree()
    determined(tree)
    tree.add("west-hospital", "hazards")
    more = {"merged_into": "west-hospital/2023-001"} if decision == "merged" else {"transferred_to": "市场监管部门"}
    tree.add(
        "bureau",
        "determinations",
        "2023-002",
        decision=decision,
        filed_on="2023-06-20",
        decided_on="2023-06-20",
        **more,
    )
    ledger = sound(tree)
    assert not ledger.hazard_by_ref[HAZARD].state.is_open
    month = containing(Rhythm.MONTH, date(2023, 6, 1))
    total = period_figures(ledger, month, month.end).total
    assert (total.maj_removed, total.maj_closed, total.maj_open_end, total.maj_cum_found) == (1, 0, 0, 0)
    assert total.balances


RUBRIC = [
    {"title": "未报", "measure": "missing", "points": -5, "limit": 12},
    {"title": "主动报告", "measure": "self_reported", "points": 2, "limit": 10},
]


@pytest.mark.requirement("A47")
@pytest.mark.requirement("B46")
def test_a_score_sheet_rests_every_point_on_evidence_and_keeps_to_its_limits() -> None:
    tree = Tree()
    tree.campaign["assessment"] = {"visibility": "internal", "criteria": RUBRIC}
    determined(tree)
    ledger = sound(tree)
    sheet = score_sheet(ledger, ledger.organisation("east-hospital"), 2023)
    missing, reported = sheet.lines
    assert len(missing.evidence) > 3
    assert missing.points == -12
    assert [e.ref for e in reported.evidence] == [HAZARD]
    assert reported.points == 2
    assert sheet.total == 90


def test_a_score_sheet_counts_its_own_year_and_major_hazards_and_stays_above_zero() -> None:
    measures = ("missing", "missing", "accident", "self_reported")
    tree = Tree()
    tree.campaign["assessment"] = {
        "visibility": "internal",
        "criteria": [{"title": measure, "measure": measure, "points": -50, "limit": 100} for measure in measures],
    }
    tree.add("east-hospital", "accidents", grade="ordinary")
    tree.add("east-hospital", "hazards", claimed_level="general")
    tree.add("east-hospital", "hazards", "2023-002")
    tree.add("bureau", "determinations", hazard="east-hospital/2023-002")
    more = {"decision": "not_hazard", "filed_on": "2023-06-06", "decided_on": "2023-06-06"}
    tree.add("bureau", "determinations", "2023-002", hazard="east-hospital/2023-002", **more)
    ledger = tree.ledger()
    sheets = [score_sheet(ledger, ledger.organisation("east-hospital"), year) for year in (2023, 2022)]
    assert [[len(line.evidence) > 0 for line in sheet.lines] for sheet in sheets] == [
        [True, True, True, False],
        [False, False, False, False],
    ]
    assert [sheet.total for sheet in sheets] == [0, 100]


def test_rankings_share_places_and_leave_out_who_has_no_denominator() -> None:
    ledger = empty_ledger()
    east, west, clinic = (ledger.organisation(o) for o in ("east-hospital", "west-hospital", "north-clinic"))
    full, half, none = Figures(on_time_n=2), Figures(on_time_n=1, missing_n=1), Figures()
    ranked = rankings([(east, half), (west, full), (clinic, full)], "in_time_rate")["hospital"]
    assert [(r.place, r.org.id) for r in ranked] == [(1, "west-hospital"), (1, "north-clinic"), (3, "east-hospital")]
    assert rankings([(east, none)], "in_time_rate") == {}
