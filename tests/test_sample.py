"""The sample in `submissions/`: valid, large enough, and showing every case that readers should meet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from support import ROOT

from taizhang.campaign.roll import Tier
from taizhang.ledger.closed_loop import Event, State
from taizhang.ledger.duties import Status
from taizhang.ledger.exposures import Stage
from taizhang.ledger.hazards import Hazard
from taizhang.ledger.ledger import Ledger
from taizhang.workspace import Examination, Workspace

BANNER, CITY = "shili-banner-2023", "shili-city-2019"


@pytest.fixture(scope="module")
def ledgers(sample: Examination) -> dict[str, Ledger]:
    return {ledger.campaign.id: ledger for ledger in sample.verdict.ledgers}


def test_the_sample_is_valid(sample: Examination) -> None:
    assert sample.verdict.errors == ()


def test_it_is_as_large_as_a_real_campaign(ledgers: dict[str, Ledger]) -> None:
    assert len(ledgers[BANNER].roll.organisations) >= 24
    assert len(ledgers[BANNER].cases) >= 120
    assert len(ledgers[CITY].roll.organisations) >= 30
    assert len(ledgers[CITY].cases) >= 80
    assert {org.tier for org in ledgers[CITY].roll.units} == {Tier.COUNTY, Tier.DIRECT, Tier.COUNTY_UNIT}


def test_both_campaigns_are_archives_marked_as_demonstration(ledgers: dict[str, Ledger]) -> None:
    for ledger in ledgers.values():
        assert ledger.campaign.demo
        assert ledger.campaign.archived_on == ledger.at
        assert ledger.campaign.data["time"] == "declared"


def test_weekly_filings_run_to_the_end(ledgers: dict[str, Ledger]) -> None:
    weeks = {record.name for record in ledgers[BANNER].filed("weekly")}
    assert weeks == {f"2023-W{week}" for week in range(21, 53)}


@pytest.mark.parametrize("campaign", [BANNER, CITY])
def test_units_are_on_time_late_and_missing(ledgers: dict[str, Ledger], campaign: str) -> None:
    ledger = ledgers[campaign]
    found = Counter(item.status(ledger.at) for item in ledger.returns)
    assert all(found[status] for status in (Status.ON_TIME, Status.LATE, Status.MISSING))


def test_some_returns_are_nil(ledgers: dict[str, Ledger]) -> None:
    ledger = ledgers[BANNER]
    assert sum(item.status(ledger.at) is Status.NIL for item in ledger.returns) >= 50


STORIES = {
    "rectified on the spot": lambda h: Event.FIXED_ON_THE_SPOT in {s.event for s in h.steps},
    "five essentials and a fund": lambda h: h.is_major and h.five_essentials_ok and h.funds_secured > 0,
    "extended once": lambda h: h.times_extended == 1,
    "extended twice": lambda h: h.times_extended == 2,
    "overdue": lambda h: h.days_overdue > 0,
    "acceptance failed, then passed": lambda h: h.times_failed and h.state is State.CLOSED,
    "relapsed and closed again": lambda h: h.times_relapsed and h.state is State.CLOSED,
    "carried over from before": lambda h: h.legacy and h.is_major,
    "claimed major, determined general": lambda h: (
        h.case.record.data["claimed_level"] == "major" and h.level == "general" and h.step.determined
    ),
    "determined not a hazard": lambda h: h.state is State.REJECTED,
    "withdrawn": lambda h: h.state is State.WITHDRAWN,
    "found by the office": lambda h: h.case.record.org != h.unit,
}


@pytest.mark.parametrize("story", STORIES)
def test_every_story_is_told(ledgers: dict[str, Ledger], story: str) -> None:
    hazards: list[Hazard] = [h for ledger in ledgers.values() for h in ledger.hazards]
    assert any(STORIES[story](h) for h in hazards)


@pytest.mark.parametrize("stages", [(Stage.RECTIFIED, Stage.ARCHIVED), (Stage.CORRECTED,), (Stage.DISPUTED,)])
def test_exposures_of_every_course_are_told(ledgers: dict[str, Ledger], stages: tuple[Stage, ...]) -> None:
    courses = [{s.stage for s in e.steps} for ledger in ledgers.values() for e in ledger.exposures]
    assert any(set(stages) <= course for course in courses)


@pytest.mark.requirement("B19")
def test_the_three_kinds_of_exposure_occur(ledgers: dict[str, Ledger]) -> None:
    kinds = {e.record.data["exposure"] for e in ledgers[CITY].exposures}
    assert kinds == {"hazard", "responsibility", "formalism"}


def test_in_mid_august_the_banner_campaign_is_in_the_middle_of_things() -> None:
    verdict = Workspace(ROOT).examine(date(2023, 8, 15)).verdict
    ledger = next(item for item in verdict.ledgers if item.campaign.id == BANNER)
    states = Counter(h.state for h in ledger.hazards)
    for state in (State.REGISTERED, State.PLAN_FILED, State.RECTIFYING, State.AWAITING_ACCEPTANCE, State.CLOSED):
        assert states[state], state
    assert ledger.overdue()
    assert any(item.status(ledger.at) is Status.NOT_DUE for item in ledger.returns)


def texts() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "submissions").rglob("*.yml")):
        yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")


def test_no_telephone_number_mail_address_or_identity_number_is_in_the_sample() -> None:
    # A commit's id or a digest may have as many digits in a row.
    number = re.compile(r"(?<![0-9a-f])(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{17}[\dXx])(?![0-9a-f])|@[a-z]")
    assert [path for path, text in texts() if number.search(text)] == []
