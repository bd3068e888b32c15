"""The two sample campaigns against every date and number in the two notices, written down by hand."""

from __future__ import annotations

from datetime import date

import pytest
from support import sample

from taizhang.campaign.campaign import Obligation
from taizhang.campaign.periods import Rhythm, named
from taizhang.ledger.ledger import Ledger

A, B = "shili-banner-2023", "shili-city-2019"


@pytest.fixture(scope="module")
def banner() -> Ledger:
    return sample(A, date(2024, 1, 31))


@pytest.fixture(scope="module")
def city() -> Ledger:
    return sample(B, date(2020, 1, 20))


def due(ledger: Ledger, duty: str) -> list[tuple[str, str]]:
    """The periods and due days of a duty; no period for what is owed once."""
    found = [o for o in ledger.obligations() if o.duty.id == duty]
    return [(o.period.key if o.period else "", o.due.isoformat()) for o in found]


def asked(ledger: Ledger, duty: str) -> Obligation:
    return next(o for o in ledger.obligations() if o.duty.id == duty)


# --- Notice A: 重大事故隐患专项排查整治2023行动 -----------------------------------------------------

DELIVERABLES = [
    pytest.param("plan", "专项行动方案", "2023-05-25", 3, marks=pytest.mark.requirement("A59")),
    pytest.param("mobilisation_report", "动员部署情况", "2023-05-25", 3, marks=pytest.mark.requirement("A60")),
    pytest.param("contact_receipt", "联系人回执", "2023-05-25", 3, marks=pytest.mark.requirement("A61")),
    pytest.param(
        "implementation_report_1", "贯彻落实情况（第一次）", "2023-08-10", 3, marks=pytest.mark.requirement("A62")
    ),
    pytest.param(
        "implementation_report_2", "贯彻落实情况（第二次）", "2023-12-10", 6, marks=pytest.mark.requirement("A63")
    ),
]


@pytest.mark.parametrize(("duty", "title", "by", "weekday"), DELIVERABLES)
def test_deliverable(banner: Ledger, duty: str, title: str, by: str, weekday: int) -> None:
    """Thursday 25 May three times, Thursday 10 August, Sunday 10 December, which is not shifted."""
    assert due(banner, duty) == [("", by)]
    assert date.fromisoformat(by).weekday() == weekday
    assert asked(banner, duty).duty.title == title
    kind, where = ("contacts", {}) if duty == "contact_receipt" else ("reports", {"duty": duty})
    assert (asked(banner, duty).duty.kind, asked(banner, duty).duty.where) == (kind, where)


def test_there_are_five_deliverables_and_no_more(banner: Ledger) -> None:
    filed = [d.id for d in banner.campaign.duties if d.kind in ("reports", "contacts")]
    assert filed == [p.values[0] for p in DELIVERABLES]


PHASES = [
    pytest.param(0, "动员部署", "2023-05-20", 4, marks=pytest.mark.requirement("A37")),
    pytest.param(1, "自查自改和部门帮扶", "2023-07-31", 5, marks=pytest.mark.requirement("A38")),
    pytest.param(2, "部门精准执法", "2023-10-31", 4, marks=pytest.mark.requirement("A43")),
    pytest.param(3, "总结提高", "2023-12-31", 4, marks=pytest.mark.requirement("A48")),
]


@pytest.mark.parametrize(("index", "title", "ends_on", "tasks"), PHASES)
def test_phase(banner: Ledger, index: int, title: str, ends_on: str, tasks: int) -> None:
    phase = banner.campaign.phases[index]
    assert (phase.title, phase.ends_on.isoformat(), len(phase.tasks)) == (title, ends_on, tasks)


@pytest.mark.requirement("A35")
def test_four_phases_that_are_independent_of_what_is_owed(banner: Ledger) -> None:
    """The first ends on the day of issue, before anything is owed; a report is due three weeks before the last ends."""
    campaign = banner.campaign
    assert len(campaign.phases) == 4
    assert campaign.phases[0].ends_on == campaign.starts_on == date(2023, 5, 20)
    assert (asked(banner, "implementation_report_1").due - campaign.phases[1].ends_on).days == 10
    assert (campaign.phases[3].ends_on - asked(banner, "implementation_report_2").due).days == 21


@pytest.mark.requirement("A56")
@pytest.mark.requirement("A57")
def test_weekly_reports_from_the_last_third_of_may_to_the_end(banner: Ledger) -> None:
    weeks = due(banner, "weekly")
    assert weeks[0] == ("2023-W21", "2023-05-29")
    assert weeks[-1] == ("2023-W52", "2024-01-01")
    assert [key for key, _ in weeks] == [f"2023-W{week}" for week in range(21, 53)]
    assert (named("2023-W21").start, named("2023-W21").end) == (date(2023, 5, 22), date(2023, 5, 28))
    assert {date.fromisoformat(day).weekday() for _, day in weeks} == {0}, "the Monday after"


@pytest.mark.requirement("A56")
def test_weekly_statistics_and_monthly_bulletins(banner: Ledger) -> None:
    plans = {plan.bulletin: plan for plan in banner.campaign.bulletins}
    assert plans["weekly"].rhythm is Rhythm.WEEK
    assert plans["weekly"].first == date(2023, 5, 22)
    assert plans["monthly"].rhythm is Rhythm.MONTH
    assert plans["monthly"].first == date(2023, 5, 1)


@pytest.mark.requirement("A21")
def test_head_leads_an_inspection_each_quarter(banner: Ledger) -> None:
    wanted = [("2023-Q2", "2023-06-30"), ("2023-Q3", "2023-09-30"), ("2023-Q4", "2023-12-31")]
    assert due(banner, "principal_inspection") == wanted
    duty = asked(banner, "principal_inspection").duty
    assert (duty.kind, dict(duty.where), duty.count) == ("inspections", {"led_by": "principal"}, 1)


@pytest.mark.requirement("A33")
def test_safety_month_is_june_with_three_contents(banner: Ledger) -> None:
    assert due(banner, "safety_month") == [("2023-06", "2023-06-30")]
    assert asked(banner, "safety_month").duty.must_include == {"hazard_work", "warning_education", "drill"}


@pytest.mark.requirement("A29")
def test_one_drill_in_the_year(banner: Ledger) -> None:
    assert due(banner, "drill") == [("2023", "2023-12-31")]
    assert asked(banner, "drill").duty.count == 1


@pytest.mark.requirement("A42")
def test_training_of_safety_staff_by_the_end_of_july(banner: Ledger) -> None:
    assert due(banner, "safety_team_training") == [("", "2023-07-31")]
    assert dict(asked(banner, "safety_team_training").duty.where) == {"activity": "training"}


@pytest.mark.requirement("A3")
def test_every_unit_owes_everything_but_the_visits_of_the_office(banner: Ledger) -> None:
    for duty in banner.campaign.duties:
        owing = {org.id for org in banner.roll.organisations if duty.owed_by(org)}
        assert owing == ({"qi-wjw"} if duty.kind == "visits" else {org.id for org in banner.roll.units})
    assert len(banner.roll.units) >= 10


@pytest.mark.requirement("A4")
def test_priority_categories(banner: Ledger) -> None:
    assert banner.campaign.data["priority_categories"] == ["hazchem", "transport", "fire", "gas"]


@pytest.mark.requirement("A1")
@pytest.mark.requirement("A2")
def test_issue_of_notice_a(banner: Ledger) -> None:
    """No 发文字号 was printed, so none is shown; the basis has one."""
    data = banner.campaign.data
    assert data["issued_on"] == "2023-05-20"
    assert "doc_no" not in data
    assert [basis["doc_no"] for basis in data["basis"]] == ["示例市安发〔2023〕10号"]
    assert (banner.campaign.starts_on, banner.campaign.ends_on) == (date(2023, 5, 20), date(2023, 12, 31))


def test_no_due_day_of_notice_a_is_shifted(banner: Ledger) -> None:
    """Sundays among them: 10 December, 31 December."""
    assert banner.campaign.weekend_policy == "none"
    sundays = {o.due.isoformat() for o in banner.obligations() if o.due.weekday() == 6}
    assert sundays == {"2023-12-10", "2023-12-31"}


def test_office_and_committee_of_the_banner(banner: Ledger) -> None:
    tiers = {org.tier.value for org in banner.roll.organisations}
    assert tiers == {"office", "committee", "direct"}
    assert {banner.roll.above(org.id) for org in banner.roll.units} == {("qi-wjw",)}


# --- Notice B: “1+7+N” ----------------------------------------------------------------------------

MONTHS = [
    ("2019-09", "2019-09-24", 1),
    ("2019-10", "2019-10-24", 3),
    ("2019-11", "2019-11-24", 6),
    ("2019-12", "2019-12-24", 1),
]


@pytest.mark.requirement("B48")
def test_monthly_report_by_the_24th(city: Ledger) -> None:
    """Tuesday, Thursday, Sunday, which is not shifted, and Tuesday."""
    assert due(city, "monthly") == [(key, day) for key, day, _ in MONTHS]
    assert [date.fromisoformat(day).weekday() for _, day, _ in MONTHS] == [weekday for *_, weekday in MONTHS]
    assert asked(city, "monthly").duty.kind == "monthly"


@pytest.mark.requirement("B3")
def test_counties_and_city_direct_units_owe_and_the_counties_own_units_do_not(city: Ledger) -> None:
    for duty in city.campaign.duties:
        owing = {org.tier.value for org in city.roll.organisations if duty.owed_by(org)}
        assert owing == {"county", "direct"} or duty.kind == "visits"
        assert "county_unit" not in owing
    below = [org for org in city.roll.units if org.tier.value == "county_unit"]
    assert below
    assert all(city.roll.by_id[city.roll.above(org.id)[0]].tier.value == "county" for org in below)
    assert all(city.roll.above(org.id)[-1] == "shi-wjw" for org in city.roll.units)


@pytest.mark.requirement("B7")
@pytest.mark.requirement("B10")
def test_no_phases(city: Ledger) -> None:
    assert city.campaign.phases == ()
    assert city.campaign.phase_on(date(2019, 10, 1)) is None


@pytest.mark.requirement("B6")
def test_from_september_to_the_end_of_the_year(city: Ledger) -> None:
    assert (city.campaign.starts_on, city.campaign.ends_on) == (date(2019, 9, 1), date(2019, 12, 31))


@pytest.mark.requirement("B27")
def test_risks_are_analysed_every_quarter(city: Ledger) -> None:
    assert due(city, "risk_analysis") == [("2019-Q3", "2019-09-30"), ("2019-Q4", "2019-12-31")]


@pytest.mark.requirement("B40")
@pytest.mark.parametrize(("duty", "activity"), [("flood_season", "flood_season"), ("publicity", "publicity")])
def test_what_is_owed_once_by_the_end(city: Ledger, duty: str, activity: str) -> None:
    assert due(city, duty) == [("", "2019-12-31")]
    assert dict(asked(city, duty).duty.where) == {"activity": activity}


@pytest.mark.requirement("B1")
@pytest.mark.requirement("B2")
@pytest.mark.requirement("B4")
def test_issue_of_notice_b(city: Ledger) -> None:
    data = city.campaign.data
    assert data["doc_no"].endswith("〔2019〕31号")
    assert "“1+7+N”" in data["title"]
    assert data["theme"] == "迎大庆、防风险、除隐患、保安全"
    assert data["basis"][0]["doc_no"].endswith("〔2019〕17号")


# --- Both -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("campaign", [A, B])
def test_sample_is_marked_as_invented_and_archived(campaign: str) -> None:
    ledger = sample(campaign, date(2026, 11, 23))
    assert ledger.campaign.demo
    assert ledger.campaign.data["time"] == "declared"
    assert ledger.at == ledger.campaign.archived_on


@pytest.mark.parametrize("campaign", [A, B])
def test_every_duty_quotes_its_notice(campaign: str) -> None:
    for duty in sample(campaign, date(2026, 11, 23)).campaign.duties:
        assert len(duty.source) > 10, duty.id
