"""Bulletins: one for every past period, counted as of its cut-off, never changed by what comes later."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from rulebook import Broken, Rulebook
from support import CAMPAIGN, HAZARD, KINDS, ROOT, Tree, duty

from taizhang.bulletins.issuing.verifying import verify
from taizhang.bulletins.periodic import Bulletin, coming_after, compose, latest, neighbours, published
from taizhang.campaign.periods import named
from taizhang.checks.verdict import judge
from taizhang.disclosure.public import campaign_view
from taizhang.documents import values as wording
from taizhang.workspace import Examination

RULEBOOK = Rulebook()
bad, good = RULEBOOK.bad, RULEBOOK.good


def issues(tree: Tree, at: date) -> tuple[Bulletin, ...]:
    ledger = tree.ledger(at)
    return published(ledger, campaign_view(ledger, KINDS))


def filed() -> Tree:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations")
    tree.add("east-hospital", "weekly", "2023-W21", filed_on="2023-05-29")
    tree.add("west-hospital", "weekly", "2023-W21", filed_on="2023-05-29", self_checks=None, nil_return=True)
    tree.add("north-county", "weekly", "2023-W21", filed_on="2023-05-30")
    return tree


@pytest.mark.requirement("A56")
def test_a_bulletin_appears_when_its_cut_off_has_passed() -> None:
    assert [b.name for b in issues(filed(), date(2023, 5, 28))] == []
    assert [b.name for b in issues(filed(), date(2023, 5, 29))] == ["weekly-2023-W21"]
    assert [b.number for b in issues(filed(), date(2023, 6, 12))] == [1, 2, 3]


@pytest.mark.requirement("A56")
def test_late_missing_and_nil_are_named_apart_as_of_the_cut_off() -> None:
    first = issues(filed(), date(2023, 12, 31))[0]
    assert [n.org.id for n in first.nil] == ["west-hospital"]
    # What came on the 30th had not come by the cut-off of the 29th, whenever the page is built.
    assert "north-county" in [n.org.id for n in first.missing]
    assert first.late == ()
    assert (first.total.due_n, first.total.received_n) == (5, 2)
    assert first.total.submission_rate == Fraction(2, 5)


def test_what_is_filed_after_the_cut_off_never_changes_an_issue() -> None:
    before = issues(filed(), date(2023, 12, 31))[:6]
    tree = filed()
    tree.add("south-county", "weekly", "2023-W21", filed_on="2023-07-30")
    tree.add("west-hospital", "hazards", filed_on="2023-07-30", discovered_on="2023-05-23", registered_on="2023-05-23")
    tree.add(
        "bureau",
        "determinations",
        "2023-002",
        hazard="west-hospital/2023-001",
        filed_on="2023-07-31",
        decided_on="2023-05-24",
    )
    assert [b.table for b in issues(tree, date(2023, 12, 31))[:6]] == [b.table for b in before]


def test_every_organisation_has_a_row_filed_or_not() -> None:
    first = issues(filed(), date(2023, 12, 31))[0]
    assert [row.org.id for row in first.table.rows] == [
        "east-hospital",
        "west-hospital",
        "north-county",
        "south-county",
        "north-clinic",
    ]


def test_a_major_hazard_counts_from_the_week_it_was_determined() -> None:
    by_week = {b.period.key: b.total for b in issues(filed(), date(2023, 12, 31))}
    assert (by_week["2023-W22"].maj_new, by_week["2023-W22"].maj_pending) == (0, 1)
    assert (by_week["2023-W23"].maj_new, by_week["2023-W23"].maj_open_end, by_week["2023-W23"].maj_pending) == (1, 1, 0)
    assert by_week["2023-W24"].maj_open_start == 1


def week(tree: Tree, key: str) -> Bulletin:
    return next(b for b in issues(tree, date(2023, 12, 31)) if b.period.key == key)


def test_an_issue_tells_what_happened_in_its_own_period() -> None:
    tree = filed()
    tree.add("bureau", "orders")
    tree.add("bureau", "tips")
    tree.add("bureau", "visits")
    tree.add("bureau", "exposures")
    for number, (stage, day) in enumerate((("progress", "2023-07-17"), ("completed", "2023-07-18")), 1):
        tree.add("east-hospital", "rectifications", f"2023-{number:03}", stage=stage, filed_on=day, progress_on=day)
    tree.add("bureau", "acceptances", filed_on="2023-07-19", accepted_on="2023-07-19")
    told = {
        b.period.key: tuple(map(len, (b.orders, b.tips, b.visits, b.exposed, b.rectified)))
        for b in issues(tree, date(2023, 8, 7))
    }
    assert {key: counts for key, counts in told.items() if any(counts)} == {
        "2023-W23": (1, 1, 0, 0, 0),
        "2023-W25": (0, 0, 1, 0, 0),
        "2023-W28": (0, 0, 0, 1, 0),
        "2023-W29": (0, 0, 0, 0, 1),
    }


def test_the_hazards_of_an_issue_are_the_major_ones_open_when_its_period_ended() -> None:
    """Closed on the day of the cut-off, the day after the week, it was still open; a general one is only counted."""
    tree = filed()
    tree.add("west-hospital", "hazards", claimed_level="general")
    for number, (stage, day) in enumerate((("progress", "2023-06-10"), ("completed", "2023-06-11")), 1):
        tree.add("east-hospital", "rectifications", f"2023-{number:03}", stage=stage, filed_on=day, progress_on=day)
    tree.add("bureau", "acceptances", filed_on="2023-06-12", accepted_on="2023-06-12")
    assert [h.ref for h in week(tree, "2023-W23").open_hazards] == [HAZARD]
    assert week(tree, "2023-W24").open_hazards == ()


def test_the_longest_overdue_and_each_that_lacks_an_essential_are_named() -> None:
    tree = Tree()
    deadlines = {"2023-001": "2023-06-20", "2023-002": "2023-06-10", "2023-003": "2023-08-31"}
    for name, deadline in deadlines.items():
        lacking = {"contingency_plan": None} if name == "2023-002" else {}
        tree.add("east-hospital", "hazards", name, deadline=deadline, **lacking)
        tree.add("bureau", "determinations", name, hazard=f"east-hospital/{name}")
    seen = week(tree, "2023-W26")
    assert [(h.ref[-3:], h.days_overdue) for h in seen.overdue] == [("002", 22), ("001", 12)]
    assert [h.ref[-3:] for h in seen.essentials_missing] == ["002"]


def test_only_the_first_issue_is_compared_with_nothing() -> None:
    first, second, *_ = issues(filed(), date(2023, 6, 12))
    assert first.previous is None
    assert second.previous == first.total


def test_what_is_coming_is_known_near_and_no_weekly_return() -> None:
    """The cut-off is 29 May, and 13 July lies 45 days after it."""
    once = {"29 May": "2023-05-29", "30 May": "2023-05-30", "13 July": "2023-07-13", "14 July": "2023-07-14"}
    duties = [duty(f"d{n}", "reports", {"every": "once", "by": day}) for n, day in enumerate(once.values())]
    weekly = duty("weekly", "weekly", {"every": "week", "from": "2023-05-22", "days_after": 1})
    tree = Tree().duties(*duties, weekly)
    tree.add("bureau", "lessons", check={"topic": "楼道充电", "due": "2023-06-20"})
    coming = coming_after(tree.ledger(), date(2023, 5, 29))
    assert [str(obligation.due) for obligation in coming] == ["2023-05-30", "2023-07-13"]


def test_a_hazard_is_told_in_the_words_that_it_has_now() -> None:
    """What was corrected or taken back since is not repeated by an old issue."""
    then, now = filed(), filed()
    path = f"submissions/{CAMPAIGN}/east-hospital/hazards/2023-001.yml"
    now.files[path] = str(now.files[path]).replace("住院部二楼北侧", "门诊部一楼东侧")
    ledger = then.ledger(date(2023, 12, 31))
    (plan,) = ledger.campaign.bulletins
    told = compose(ledger, campaign_view(now.ledger(), KINDS), plan, named("2023-W23"), 1)
    assert [h.fields["public_summary"] for h in told.open_hazards] == ["门诊部一楼东侧安全出口上锁，影响疏散。"]


def test_neighbours_are_of_one_kind() -> None:
    tree = filed()
    tree.campaign["bulletins"].append({"bulletin": "monthly", "from": "2023-05-01", "cut_off_days": 3})
    found = issues(tree, date(2023, 6, 12))
    assert [b.kind for b in found] == ["weekly", "weekly", "weekly", "monthly"]
    around = neighbours(found)
    assert around[found[2].href] == (found[1], None)
    assert around[found[3].href] == (None, None)


def test_neighbours_and_latest() -> None:
    found = issues(filed(), date(2023, 6, 12))
    around = neighbours(found)
    assert around[found[0].href] == (None, found[1])
    assert around[found[2].href] == (found[1], None)
    assert latest(found, "weekly") is found[2]
    assert latest(found, "monthly") is None


@pytest.mark.requirement("A56")
def test_the_sample_balances_in_every_unit_and_every_period(sample: Examination) -> None:
    sources = verify(ROOT, KINDS, sample).sources
    for ledger in sample.verdict.ledgers:
        bulletins = published(ledger, campaign_view(ledger, KINDS), sources)
        assert bulletins
        for bulletin in bulletins:
            assert all(row.figures.balances for row in bulletin.table.rows)
            assert bulletin.total.balances
        for kind in ("weekly", "monthly"):
            series = [b.total for b in bulletins if b.kind == kind]
            for before, after in pairwise(series):
                assert before.maj_open_end == after.maj_open_start


# --- Rules of issues ------------------------------------------------------------------------------


@good
def a_week_that_was_corrected(tree: Tree) -> None:
    tree.add("bureau", "bulletins")
    again = {"revision": 2, "reason": "补登了纸质周报", "filed_on": "2023-06-06", "issued_on": "2023-06-06"}
    tree.add("bureau", "bulletins", "weekly-2023-W21-r2", **again)
    tree.add("bureau", "bulletins", "weekly-2023-W22", **_SECOND, corrections=["bureau/weekly-2023-W21-r2"])


@good
def a_draft_of_a_second_week(tree: Tree) -> None:
    tree.add("bureau", "bulletins")
    tree.add("bureau", "bulletins", "weekly-2023-W22", **{**_SECOND, "issued_on": None})


_SECOND = {"period": "2023-W22", "number": 2, "filed_on": "2023-06-06", "issued_on": "2023-06-06"}


@bad("E-BULLETIN-PERIOD")
def bulletin_of_a_kind_that_is_not_published(tree: Tree) -> Broken:
    june = {"bulletin": "monthly", "period": "2023-06", "filed_on": "2023-07-05", "issued_on": "2023-07-05"}
    return tree.add("bureau", "bulletins", "monthly-2023-06", **june), ("period",)


@bad("E-BULLETIN-PERIOD")
def bulletin_of_a_week_before_the_first(tree: Tree) -> Broken:
    return tree.add("bureau", "bulletins", "weekly-2023-W20", period="2023-W20"), ("period",)


@bad("E-BULLETIN-EARLY")
def bulletin_drafted_on_the_day_of_its_cut_off(tree: Tree) -> Broken:
    return tree.add("bureau", "bulletins", filed_on="2023-05-29"), ("filed_on",)


@bad("E-BULLETIN-EARLY")
def bulletin_issued_before_it_was_drafted(tree: Tree) -> Broken:
    return tree.add("bureau", "bulletins", filed_on="2023-06-01"), ("issued_on",)


@bad("E-REVISION")
def first_revision_with_a_reason(tree: Tree) -> Broken:
    return tree.add("bureau", "bulletins", reason="补登了纸质周报"), ("revision",)


@bad("E-REVISION")
def second_revision_in_the_place_of_the_first(tree: Tree) -> Broken:
    return tree.add("bureau", "bulletins", revision=2, reason="补登了纸质周报"), ("revision",)


@bad("E-REVISION")
def second_revision_without_a_reason(tree: Tree) -> Broken:
    tree.add("bureau", "bulletins")
    return tree.add("bureau", "bulletins", "weekly-2023-W21-r2", revision=2), ("revision",)


@bad("E-REVISION")
def second_revision_of_a_draft(tree: Tree) -> Broken:
    tree.add("bureau", "bulletins", issued_on=None)
    again = {"revision": 2, "reason": "补登了纸质周报"}
    return tree.add("bureau", "bulletins", "weekly-2023-W21-r2", **again), ("revision",)


@bad("E-BULLETIN-NUMBER")
def two_weeks_of_one_number(tree: Tree) -> Broken:
    tree.add("bureau", "bulletins")
    return tree.add("bureau", "bulletins", "weekly-2023-W22", **{**_SECOND, "number": 1}), ("number",)


@bad("E-BULLETIN-NUMBER")
def revision_of_another_number(tree: Tree) -> Broken:
    tree.add("bureau", "bulletins")
    again = {"revision": 2, "reason": "补登了纸质周报", "number": 2}
    return tree.add("bureau", "bulletins", "weekly-2023-W21-r2", **again), ("number",)


def test_a_bulletin_of_a_week_that_does_not_exist_is_named() -> None:
    tree = Tree()
    tree.add("bureau", "bulletins", "weekly-2023-W53", period="2023-W53")
    assert [item.code for item in tree.verdict().validity] == ["E-WEEK"]


@pytest.mark.parametrize("name", RULEBOOK.broken)
def test_each_rule_finds_what_breaks_it(name: str) -> None:
    RULEBOOK.find(name)


@pytest.mark.parametrize("name", RULEBOOK.kept)
def test_nothing_is_found_where_nothing_is_wrong(name: str) -> None:
    RULEBOOK.keep(name)


# --- Figures and words ----------------------------------------------------------------------------


def test_a_campaign_without_bulletins_has_none() -> None:
    tree = filed()
    tree.campaign["bulletins"] = []
    (ledger,) = judge(tree.intake(), KINDS, date(2023, 12, 31)).ledgers
    assert published(ledger, campaign_view(ledger, KINDS)) == ()


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(2, 3, "66.7%"), (1, 8, "12.5%"), (1, 2000, "0.1%"), (1, 1, "100.0%"), (0, 7, "0.0%")],
)
def test_rates_have_one_decimal_half_up(part: int, whole: int, shown: str) -> None:
    assert wording.rate(Fraction(part, whole)) == shown


def test_a_rate_without_denominator_is_a_dash() -> None:
    assert wording.rate(None) == "—"


@pytest.mark.parametrize(
    ("yuan", "shown"), [(0, "0"), (12_000, "1.2"), (125_000, "12.5"), (1_280_050, "128.01"), (10_000, "1")]
)
def test_money_is_shown_in_ten_thousands(yuan: int, shown: str) -> None:
    assert wording.wan(yuan) == shown


def test_days_are_written_without_leading_zeros() -> None:
    assert wording.day(date(2023, 5, 5)) == "2023年5月5日"
    assert wording.day("2023-05-05") == "2023年5月5日"
    assert wording.day(None) == "—"


@pytest.mark.parametrize(
    ("now", "before", "shown"), [(3, 1, "比上期增加2项"), (1, 3, "比上期减少2项"), (2, 2, "与上期持平"), (2, None, "")]
)
def test_change_against_the_period_before(now: int, before: int | None, shown: str) -> None:
    assert wording.change(now, before) == shown
