"""Duties as data: every word of docs/duties.md, what contradicts itself, what answers what, and who owes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, PackageLoader
from support import CAMPAIGN, KINDS, ROOT, Data, Tree, duty, place_of, sample, yaml_text

from taizhang.campaign.calendar import WorkCalendar
from taizhang.campaign.due import read_due
from taizhang.campaign.obligations import obligations, read_duty
from taizhang.campaign.periods import Rhythm, containing
from taizhang.checks.duties import WORDS
from taizhang.documents.values import FILTERS
from taizhang.findings import word
from taizhang.ledger.duties import Return, Status
from taizhang.ledger.ledger import Ledger

FIRST, LAST = date(2023, 5, 20), date(2023, 12, 31)
ORG = "east-hospital"
CAMPAIGN_FILE = f"submissions/{CAMPAIGN}/campaign.yml"


def turns(due: Data, first: date = FIRST, last: date = LAST) -> list[str]:
    """Every occurrence as `period due`."""
    found = read_due(due, first, last).occurrences()
    return [f"{o.period.key if o.period else '-'} {o.due}" for o in found]


def put(tree: Tree, org: str, kind: str, name: str, **fields: object) -> str:
    """File a record of any kind as it is given."""
    path = f"submissions/{CAMPAIGN}/{org}/{kind}/{name}.yml"
    tree.files[path] = yaml_text(fields)
    return path


def returns(tree: Tree, org: str = ORG) -> tuple[Return, ...]:
    verdict = tree.verdict()
    assert not verdict.errors
    return verdict.ledgers[0].returns_by_org[org]


def statuses(tree: Tree, org: str = ORG) -> list[str]:
    """How each obligation stands a long time after."""
    return [item.status(date(2024, 12, 31)).value for item in returns(tree, org)]


# --- The words ------------------------------------------------------------------------------------

VOCABULARY: list[tuple[Data, list[str]]] = [
    ({"every": "once", "by": "2023-05-25"}, ["- 2023-05-25"]),
    ({"every": "once", "by": "2023-05-25", "inclusive": False}, ["- 2023-05-24"]),
    ({"every": "week", "until": "2023-06-04"}, ["2023-W20 2023-05-21", "2023-W21 2023-05-28", "2023-W22 2023-06-04"]),
    (
        {"every": "week", "from": "2023-05-22", "until": "2023-06-04", "days_after": 1},
        ["2023-W21 2023-05-29", "2023-W22 2023-06-05"],
    ),
    ({"every": "month", "until": "2023-06-30"}, ["2023-05 2023-05-31", "2023-06 2023-06-30"]),
    ({"every": "month", "day": 24, "until": "2023-06-30"}, ["2023-05 2023-05-24", "2023-06 2023-06-24"]),
    # The 19th of May was over before the campaign began.
    ({"every": "month", "day": 19, "until": "2023-07-31"}, ["2023-06 2023-06-19", "2023-07 2023-07-19"]),
    ({"every": "month", "day": 20, "until": "2023-06-30"}, ["2023-05 2023-05-20", "2023-06 2023-06-20"]),
    ({"every": "month", "day": 31, "from": "2023-06-01", "until": "2023-06-30"}, ["2023-06 2023-06-30"]),
    (
        {"every": "month", "months_after": 1, "day": 5, "from": "2023-11-01"},
        ["2023-11 2023-12-05", "2023-12 2024-01-05"],
    ),
    ({"every": "month", "days_after": 5, "from": "2023-12-01"}, ["2023-12 2024-01-05"]),
    ({"every": "quarter"}, ["2023-Q2 2023-06-30", "2023-Q3 2023-09-30", "2023-Q4 2023-12-31"]),
    (
        {"every": "quarter", "months_after": 1, "day": 15},
        ["2023-Q2 2023-07-15", "2023-Q3 2023-10-15", "2023-Q4 2024-01-15"],
    ),
    (
        {"every": "quarter", "months_after": 1, "day": 15, "inclusive": False, "until": "2023-06-30"},
        ["2023-Q2 2023-07-14"],
    ),
    ({"every": "quarter", "months_after": 2, "day": 31, "until": "2023-06-30"}, ["2023-Q2 2023-08-31"]),
    ({"every": "half_year"}, ["2023-H1 2023-06-30", "2023-H2 2023-12-31"]),
    ({"every": "half_year", "months_after": 1, "day": 10}, ["2023-H1 2023-07-10", "2023-H2 2024-01-10"]),
    ({"every": "year"}, ["2023 2023-12-31"]),
    ({"every": "year", "months_after": 1, "day": 31}, ["2023 2024-01-31"]),
    ({"every": "year", "months_after": 2, "day": 31}, ["2023 2024-02-29"]),
    ({"every": "year", "month": 6}, ["2023-06 2023-06-30"]),
    ({"every": "year", "month": 6, "day": 16}, ["2023-06 2023-06-16"]),
    ({"every": "year", "month": 6, "months_after": 1, "day": 5}, ["2023-06 2023-07-05"]),
    # May began before the campaign and goes on in it; April was over.
    ({"every": "year", "month": 5}, ["2023-05 2023-05-31"]),
    ({"every": "year", "month": 4}, []),
]


@pytest.mark.parametrize(("due", "wanted"), VOCABULARY, ids=lambda value: str(value)[:60])
def test_word(due: Data, wanted: list[str]) -> None:
    assert turns(due) == wanted


def test_a_duty_of_several_years_has_its_month_in_each() -> None:
    """A campaign that begins in the month still has it; one that ends before it has not."""
    june: Data = {"every": "year", "month": 6}
    assert turns(june, date(2024, 6, 30), date(2026, 5, 31)) == ["2024-06 2024-06-30", "2025-06 2025-06-30"]


def test_week_53_of_2026_ends_in_2027() -> None:
    assert turns({"every": "week", "days_after": 1}, date(2026, 12, 21), date(2027, 1, 10)) == [
        "2026-W52 2026-12-28",
        "2026-W53 2027-01-04",
        "2027-W01 2027-01-11",
    ]


def test_half_years_have_their_chinese_names() -> None:
    assert containing(Rhythm.HALF_YEAR, date(2026, 6, 30)).label == "2026年上半年"
    assert containing(Rhythm.HALF_YEAR, date(2026, 7, 1)).label == "2026年下半年"
    assert containing(Rhythm.HALF_YEAR, date(2026, 7, 1)).previous.key == "2026-H1"


WORDED = [
    ({"every": "once", "by": "2023-05-25"}, 1, "2023年5月25日前"),
    ({"every": "once", "by": "2023-05-25", "inclusive": False}, 2, "2023年5月25日前（不含当日）至少2次"),
    ({"every": "week", "from": "2023-05-22", "days_after": 1}, 1, "每周一次，期满后1天内，2023年5月22日起"),
    ({"every": "month", "day": 24}, 1, "每月24日前"),
    ({"every": "month", "months_after": 1, "day": 5}, 1, "每月一次，次月5日前"),
    ({"every": "quarter"}, 2, "每季度至少2次"),
    ({"every": "quarter", "months_after": 1, "day": 15}, 1, "每季度一次，次月15日前"),
    ({"every": "half_year"}, 1, "每半年至少1次"),
    ({"every": "year", "month": 6}, 1, "每年6月至少1次"),
    ({"every": "year", "months_after": 2, "day": 15}, 1, "每年一次，期满后第2个月15日前"),
]


@pytest.mark.parametrize(("due", "count", "words"), WORDED, ids=lambda value: str(value)[:60])
def test_how_a_page_says_it(due: Data, count: int, words: str) -> None:
    pages = Environment(loader=PackageLoader("taizhang.pages"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    pages.filters.update(FILTERS)
    found = read_duty(duty("asked", "reports", due, count=count), FIRST, LAST)
    assert str(pages.get_template("_due.html").module.words(found)) == words  # type: ignore[attr-defined]


def test_every_word_is_explained_and_every_explained_word_is_there() -> None:
    words = set(KINDS["campaign"].field(("duties", 0, "due"))["properties"])
    text = guide()
    table = text.split("## 期限（due）")[1].split("常见的写法")[0]
    assert set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)))) == words
    assert set(WORDS) == words - {"every"}
    owed_by = text.split("## 谁来完成")[1].split("##")[0]
    assert all(f"`{word}" in owed_by for word in KINDS["campaign"].field(("duties", 0, "owed_by"))["properties"])


def guide() -> str:
    return (ROOT / "docs" / "duties.md").read_text(encoding="utf-8")


def test_the_example_of_the_guide_is_a_duty() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", guide(), re.DOTALL)
    (entry,) = yaml.safe_load(example)
    assert told(Tree().duties(entry)) == []
    assert turns(entry["due"])[0] == "2023-Q2 2023-07-15"


SAYINGS = re.findall(r"^\| ([^|`]+) \| `(\{every.*?\})`", guide(), re.MULTILINE)


@pytest.mark.parametrize(("notice", "due"), SAYINGS)
def test_what_the_guide_says_is_no_contradiction(notice: str, due: str) -> None:
    words = {key: int(value) if value.isdecimal() else value for key, value in re.findall(r"(\w+): ([\w-]+)", due)}
    assert told(Tree().duties(duty("asked", "inspections", words))) == [], notice


def test_the_guide_has_many_sayings() -> None:
    assert len(SAYINGS) >= 10


MONTHS = st.sampled_from(["month", "quarter", "half_year", "year"])
DUES = st.one_of(
    st.fixed_dictionaries({"every": st.sampled_from([r.value for r in Rhythm if r is not Rhythm.ONCE])}),
    st.fixed_dictionaries({"every": st.just("week"), "days_after": st.integers(0, 60)}),
    st.fixed_dictionaries({"every": st.just("month"), "day": st.integers(1, 31)}),
    st.fixed_dictionaries({"every": MONTHS, "months_after": st.integers(1, 12), "day": st.integers(1, 31)}),
    st.fixed_dictionaries({"every": st.just("year"), "month": st.integers(1, 12)}),
)


@given(due=DUES, first=st.dates(date(2019, 1, 1), date(2027, 12, 31)), days=st.integers(0, 1200))
def test_occurrences_come_in_order_each_once_and_never_before_the_duty(due: Data, first: date, days: int) -> None:
    last = first + timedelta(days=days)
    found = list(read_due(due, first, last).occurrences())
    keys = [o.period.key for o in found if o.period]
    assert len(keys) == len(set(keys)) == len(found)
    assert all(a.due < b.due for a, b in pairwise(found))
    for occurrence in found:
        assert occurrence.due >= first
        assert occurrence.period
        assert occurrence.period.start <= last
        assert occurrence.period.end >= first
        assert occurrence.due >= occurrence.period.start


# --- What contradicts itself ----------------------------------------------------------------------

Broken = tuple[str, tuple[str | int, ...]]


def told(tree: Tree) -> list[tuple[str, int, int]]:
    """The findings about the campaign's file: code, line and column."""
    return [(f.code, f.line, f.column) for f in tree.verdict().validity if f.file == CAMPAIGN_FILE]


def at(tree: Tree, *wanted: Broken) -> list[tuple[str, int, int]]:
    """Findings about the first duty as `told` gives them."""
    text = tree.text(CAMPAIGN_FILE)
    places = [(code, *place_of(text, ("duties", 0, *path))) for code, path in wanted]
    return sorted(places, key=lambda found: found[1:])


CONTRADICTIONS: list[tuple[Data, Broken]] = [
    ({"every": "once"}, ("E-DUTY-DUE", ("due",))),
    ({"every": "week", "by": "2023-06-01"}, ("E-DUTY-WORD", ("due", "by"))),
    ({"every": "once", "by": "2023-06-01", "from": "2023-05-20"}, ("E-DUTY-WORD", ("due", "from"))),
    ({"every": "once", "by": "2023-06-01", "until": "2023-06-20"}, ("E-DUTY-WORD", ("due", "until"))),
    ({"every": "once", "by": "2023-06-01", "day": 1}, ("E-DUTY-WORD", ("due", "day"))),
    ({"every": "once", "by": "2023-06-01", "days_after": 1}, ("E-DUTY-WORD", ("due", "days_after"))),
    ({"every": "once", "by": "2023-06-01", "month": 6}, ("E-DUTY-WORD", ("due", "month"))),
    ({"every": "week", "day": 24}, ("E-DUTY-WORD", ("due", "day"))),
    ({"every": "quarter", "day": 15}, ("E-DUTY-WORD", ("due", "day"))),
    ({"every": "half_year", "day": 15}, ("E-DUTY-WORD", ("due", "day"))),
    ({"every": "year", "day": 31}, ("E-DUTY-WORD", ("due", "day"))),
    ({"every": "month", "month": 6}, ("E-DUTY-WORD", ("due", "month"))),
    ({"every": "quarter", "months_after": 1}, ("E-DUTY-WORD", ("due", "months_after"))),
    ({"every": "month", "day": 24, "days_after": 1}, ("E-DUTY-WORD", ("due", "days_after"))),
    ({"every": "quarter", "inclusive": True}, ("E-DUTY-WORD", ("due", "inclusive"))),
    ({"every": "year", "month": 4}, ("E-DUTY-NEVER", ("due", "month"))),
    ({"every": "week", "from": "2024-01-01"}, ("E-DUTY-NEVER", ("due", "from"))),
    ({"every": "week", "until": "2023-05-01"}, ("E-DUTY-NEVER", ("due", "until"))),
]


@pytest.mark.parametrize(("due", "wanted"), CONTRADICTIONS, ids=lambda value: str(value)[:70])
def test_contradiction_is_found_at_its_place(due: Data, wanted: Broken) -> None:
    tree = Tree().duties(duty("asked", "inspections", due))
    assert told(tree) == at(tree, wanted)


def test_a_word_in_the_wrong_place_twice_is_told_twice() -> None:
    tree = Tree().duties(duty("asked", "inspections", {"every": "week", "month": 6, "by": "2023-06-01"}))
    assert told(tree) == at(tree, ("E-DUTY-WORD", ("due", "month")), ("E-DUTY-WORD", ("due", "by")))


@pytest.mark.parametrize("due", [due for due, wanted in VOCABULARY if wanted], ids=lambda value: str(value)[:70])
def test_what_the_words_allow_is_not_found(due: Data) -> None:
    assert told(Tree().duties(duty("asked", "inspections", due))) == []


def test_dates_of_a_campaign_the_wrong_way_round_are_told_once() -> None:
    tree = Tree().duties(duty("asked", "inspections", {"every": "week"}))
    tree.campaign |= {"ends_on": "2023-05-01", "issued_on": "2023-05-01", "phases": []}
    assert [f.code for f in tree.verdict().validity] == ["E-ORDER"]


MONTH: Data = {"every": "month"}
WEEK: Data = {"every": "week"}


def where(kind: str, due: Data = MONTH, **fields: object) -> Data:
    return duty("asked", kind, due, where=fields)


MISMATCHES: list[tuple[Data, list[Broken]]] = [
    (duty("asked", "week", MONTH), [("E-DUTY-KIND", ("answered_by", "kind"))]),
    (duty("asked", "roll", MONTH), [("E-DUTY-KIND", ("answered_by", "kind"))]),
    (duty("asked", "weekly", MONTH), [("E-DUTY-RHYTHM", ("due", "every"))]),
    (duty("asked", "monthly", {"every": "once", "by": "2023-06-01"}), [("E-DUTY-RHYTHM", ("due", "every"))]),
    (duty("asked", "monthly", MONTH, count=2), [("E-DUTY-RHYTHM", ("count",))]),
    (duty("asked", "monthly", MONTH, count=1), []),
    (duty("asked", "bulletins", {"every": "once", "by": "2023-06-01"}), [("E-DUTY-RHYTHM", ("due", "every"))]),
    (duty("asked", "bulletins", MONTH, count=2), []),
    (where("inspections", led_by="principal", nature="look_back", record_kept=True), []),
    (where("inspections", led_by="boss"), [("E-DUTY-WHERE", ("answered_by", "where", "led_by"))]),
    (where("activities", led_by="principal"), [("E-DUTY-WHERE", ("answered_by", "where", "led_by"))]),
    (where("inspections", places="x1"), [("E-DUTY-WHERE", ("answered_by", "where", "places"))]),
    (where("inspections", record_kept="yes"), [("E-DUTY-WHERE", ("answered_by", "where", "record_kept"))]),
    (where("weekly", WEEK, self_checks=3, nil_return=False), []),
    (where("weekly", WEEK, self_checks="three"), [("E-DUTY-WHERE", ("answered_by", "where", "self_checks"))]),
    (where("resources", resource="plan", plan_kind="overall"), []),
    (where("visits", nature="covert"), []),
    (where("reports", duty="other"), [("E-DUTY-WHERE", ("answered_by", "where", "duty"))]),
    (where("reports", duty="asked", signed_by="principal"), []),
    (duty("asked", "activities", MONTH, must_include=["drill", "drills"]), [("E-DUTY-INCLUDE", ("must_include", 1))]),
    (duty("asked", "inspections", MONTH, must_include=["drill"]), [("E-DUTY-INCLUDE", ("must_include", 0))]),
]


@pytest.mark.parametrize(("entry", "wanted"), MISMATCHES, ids=lambda value: str(value)[:70])
def test_duty_that_no_record_can_answer_is_found(entry: Data, wanted: list[Broken]) -> None:
    tree = Tree().duties(entry)
    assert told(tree) == at(tree, *wanted)


def test_a_list_is_no_value_of_a_field() -> None:
    tree = Tree().duties(where("inspections", nature=["look_back"]))
    (item,) = [f for f in tree.verdict().validity if f.code == "E-TYPE"]
    assert "字段的值」第 1 条（nature）必须是一段文字" in word(item).message


def test_duty_of_nobody_on_the_roll_is_a_warning() -> None:
    tree = Tree().duties({**where("inspections"), "owed_by": {"types": ["nursing"]}})
    assert told(tree) == at(tree, ("W-DUTY-NOBODY", ("owed_by",)))
    assert not tree.verdict().errors


def test_day_of_the_wrong_year_is_a_warning() -> None:
    tree = Tree().duties(duty("asked", "inspections", {"every": "once", "by": "2022-05-25"}))
    assert told(tree) == at(tree, ("W-DUTY-EARLY", ("due", "by")))
    assert not told(Tree().duties(duty("asked", "inspections", {"every": "once", "by": "2023-05-20"})))


# --- What answers a duty --------------------------------------------------------------------------


def test_every_condition_must_hold() -> None:
    asked = where("inspections", {"every": "once", "by": "2023-12-31"}, led_by="principal", nature="look_back")
    tree = Tree().duties(asked)
    tree.add(ORG, "inspections", "2023-06-15")
    tree.add(ORG, "inspections", "2023-06-15-2", led_by="team", nature="look_back")
    assert statuses(tree) == ["missing"]
    tree.add(ORG, "inspections", "2023-06-15-3", nature="look_back")
    assert statuses(tree) == ["on_time"]


@pytest.mark.parametrize(("kept", "status"), [(True, "on_time"), (False, "missing"), (None, "missing")])
def test_yes_and_no_are_conditions_too(kept: bool | None, status: str) -> None:
    tree = Tree().duties(where("inspections", {"every": "once", "by": "2023-12-31"}, record_kept=True))
    tree.add(ORG, "inspections", record_kept=kept)
    assert statuses(tree) == [status]


def test_so_many_in_each_half_year() -> None:
    tree = Tree().duties(duty("asked", "inspections", {"every": "half_year"}, count=2))
    for day in ("2023-06-15", "2023-06-30", "2023-07-01", "2023-12-31"):
        tree.add(ORG, "inspections", day, inspected_on=day, filed_on=day)
    assert statuses(tree) == ["on_time", "on_time"]
    assert [str(item.filed_on) for item in returns(tree)] == ["2023-06-30", "2023-12-31"]


def test_contents_may_come_in_parts() -> None:
    must = ["hazard_work", "plan_revision", "supplies", "works"]
    asked = duty("asked", "activities", {"every": "once", "by": "2023-12-31"}, must_include=must)
    tree = Tree().duties(asked)
    tree.add(ORG, "activities", "2023-06-16-drill", contents=must[:3])
    assert statuses(tree) == ["missing"]
    tree.add(ORG, "activities", "2023-06-17-drill", held_on="2023-06-17", filed_on="2023-06-17", contents=must[3:])
    assert [str(item.filed_on) for item in returns(tree)] == ["2023-06-17"]


# --- Tables that name their period ----------------------------------------------------------------

QUARTERLY = where("reports", {"every": "quarter", "months_after": 1, "day": 15}, duty="asked", signed_by="principal")


def report(tree: Tree, name: str, **fields: object) -> str:
    usual: dict[str, Any] = {"duty": "asked", "period": "2023-Q3", "signed_by": "principal", "filed_on": "2023-10-12"}
    return tree.add(ORG, "reports", name, **{**usual, **fields})


def test_a_periodic_report_answers_the_period_it_names() -> None:
    """Whenever it was filed: the table of the third quarter says so itself."""
    tree = Tree().duties(QUARTERLY)
    report(tree, "third")
    report(tree, "second", period="2023-Q2", filed_on="2023-10-12")
    assert [(i.obligation.period.key, i.status(date(2024, 3, 1))) for i in returns(tree) if i.obligation.period] == [
        ("2023-Q2", Status.LATE),
        ("2023-Q3", Status.ON_TIME),
        ("2023-Q4", Status.MISSING),
    ]


@pytest.mark.parametrize(("filed_on", "status"), [("2023-10-15", "on_time"), ("2023-10-16", "late")])
def test_the_fifteenth_is_the_last_day(filed_on: str, status: str) -> None:
    tree = Tree().duties(QUARTERLY)
    report(tree, "third", filed_on=filed_on)
    assert statuses(tree)[1] == status


def wrong(tree: Tree, path: str) -> tuple[str, tuple[int, int]]:
    (item,) = [f for f in tree.verdict().validity if f.file == path]
    return item.code, (item.line, item.column)


PERIODS = [
    ({"period": "2023-Q1"}, "period"),
    ({"period": "2023"}, "period"),
    ({"period": "2023-09"}, "period"),
    ({"period": None}, "duty"),
]


@pytest.mark.parametrize(("fields", "place"), PERIODS)
def test_a_period_that_is_not_owed_is_found(fields: Data, place: str) -> None:
    tree = Tree().duties(QUARTERLY)
    path = report(tree, "third", **fields)
    assert wrong(tree, path) == ("E-DUTY-PERIOD", place_of(tree.text(path), (place,)))
    assert statuses_of_broken(tree) == ["missing"] * 3


def statuses_of_broken(tree: Tree) -> list[str]:
    (ledger,) = tree.verdict().ledgers
    return [item.status(date(2024, 12, 31)).value for item in ledger.returns_by_org[ORG]]


def test_a_report_filed_once_names_no_period() -> None:
    tree = Tree()
    path = tree.add(ORG, "reports", period="2023-Q2")
    assert wrong(tree, path) == ("E-DUTY-PERIOD", place_of(tree.text(path), ("period",)))


@pytest.mark.parametrize(("signed_by", "place"), [("deputy", "signed_by"), (None, "duty")])
def test_a_table_not_signed_by_the_principal_is_not_filed(signed_by: str | None, place: str) -> None:
    tree = Tree().duties(QUARTERLY)
    path = report(tree, "third", signed_by=signed_by)
    assert wrong(tree, path) == ("E-DUTY-ANSWER", place_of(tree.text(path), (place,)))
    assert statuses_of_broken(tree) == ["missing"] * 3


def test_the_office_owes_its_monthly_bulletin() -> None:
    """A kind that always names its period by a field. Notice A56: 月通报."""
    entry = where("bulletins", {"every": "month", "days_after": 5, "until": "2023-06-30"}, bulletin="monthly")
    tree = Tree().duties({**entry, "owed_by": {"tiers": ["office"]}})
    tree.campaign["bulletins"].append({"bulletin": "monthly", "from": "2023-05-01", "cut_off_days": 3})
    may: Data = {"bulletin": "monthly", "period": "2023-05", "filed_on": "2023-06-05", "issued_on": "2023-06-05"}
    tree.add("bureau", "bulletins", "monthly-2023-05", **may)
    tree.add("bureau", "bulletins", "weekly-2023-W24", period="2023-W24", filed_on="2023-07-05", issued_on="2023-07-05")
    assert statuses(tree, "bureau") == ["on_time", "missing"]
    assert statuses(tree) == []


# --- Who owes it ----------------------------------------------------------------------------------

OWED = [
    ({}, ["east-hospital", "west-hospital", "north-county", "south-county", "north-clinic"]),
    ({"peer_groups": ["administration"]}, ["north-county", "south-county"]),
    ({"peer_groups": ["hospital"], "crowded_place": True}, ["west-hospital"]),
    ({"tiers": ["office"], "peer_groups": ["administration"]}, ["bureau"]),
    ({"tiers": ["direct"], "types": ["hospital"], "peer_groups": ["primary"]}, []),
    ({"crowded_place": False}, ["east-hospital", "west-hospital", "north-county", "south-county", "north-clinic"]),
]


@pytest.mark.parametrize(("owed_by", "orgs"), OWED, ids=lambda value: str(value)[:50])
def test_who_owes_it(owed_by: Data, orgs: list[str]) -> None:
    tree = Tree().duties({**where("inspections", {"every": "once", "by": "2023-06-30"}), "owed_by": owed_by})
    assert [item.org.id for item in tree.ledger().returns] == orgs


# --- Special checks that lessons open -------------------------------------------------------------

CHECK: Data = {"topic": "食堂燃气专项排查", "due": "2023-07-14"}


def lesson(tree: Tree, check: Data | None = CHECK, **fields: object) -> str:
    body = {"filed_on": "2023-06-26", "title": "液化气爆炸", "accident": "外地一起事故", "lesson": "要装报警器"}
    return put(tree, "bureau", "lessons", "2023-001", **body, **({"check": check} if check else {}), **fields)


def special_check(tree: Tree, held_on: str = "2023-07-05", **fields: object) -> str:
    body = {"activity": "special_check", "lesson": "bureau/2023-001", "title": "食堂燃气排查", "summary": "查了食堂"}
    whole = {"filed_on": max(held_on, "2023-07-01"), **body, "held_on": held_on, **fields}
    return put(tree, ORG, "activities", f"{held_on}-gas", **{k: v for k, v in whole.items() if v is not None})


def bare() -> Tree:
    """A tree in which nothing else is owed by the hospitals."""
    return Tree().duties({**where("inspections"), "owed_by": {"tiers": ["county"]}})


@pytest.mark.requirement("A20", "B22")
def test_a_lesson_with_a_check_is_owed_by_those_it_addresses() -> None:
    tree = bare()
    lesson(tree, {**CHECK, "owed_by": {"crowded_place": True}})
    assert [i.org.id for i in tree.ledger().returns if i.obligation.duty.kind == "activities"] == ["west-hospital"]
    (item,) = returns(tree, "west-hospital")
    assert (item.obligation.label, str(item.obligation.due)) == ("以案为鉴：食堂燃气专项排查", "2023-07-14")
    assert item.obligation.duty.source == "液化气爆炸"


@pytest.mark.requirement("A20", "B25")
@pytest.mark.parametrize(
    ("held_on", "status"), [("2023-06-26", "on_time"), ("2023-07-14", "on_time"), ("2023-07-15", "late")]
)
def test_a_special_check_that_names_the_lesson_answers_it(held_on: str, status: str) -> None:
    tree = bare()
    lesson(tree)
    special_check(tree, held_on)
    assert statuses(tree) == [status]
    assert statuses(tree, "west-hospital") == ["missing"]


def test_another_special_check_does_not_answer_it() -> None:
    tree = bare()
    lesson(tree)
    special_check(tree, lesson=None)
    assert statuses(tree) == ["missing"]


def test_nothing_is_owed_before_the_lesson_was_drawn_nor_after_it_was_withdrawn() -> None:
    tree = bare()
    lesson(tree)
    ledger = tree.ledger()
    for day, owed in (("2023-06-25", 0), ("2023-06-26", 1), ("2024-03-01", 1)):
        then = ledger.on(date.fromisoformat(day))
        assert len(then.returns_by_org[ORG]) == owed
        assert sum(o.duty.kind == "activities" for o in then.obligations()) == owed
    withdrawn = bare()
    lesson(withdrawn, withdrawn={"dated": "2023-06-27", "reason": "重复"})
    assert returns(withdrawn) == ()


def test_a_lesson_without_a_check_asks_for_nothing() -> None:
    tree = bare()
    lesson(tree, None)
    assert returns(tree) == ()


def test_an_organisation_that_left_before_the_due_day_owes_nothing() -> None:
    tree = bare()
    tree.organisation(ORG)["left_on"] = "2023-07-13"
    lesson(tree)
    assert returns(tree) == ()


MISNAMED: list[tuple[Callable[[Tree], str], str]] = [
    (lambda tree: special_check(tree, "2023-06-25"), "held_on"),
    (lambda tree: special_check(tree, activity="training"), "activity"),
]


@pytest.mark.parametrize(("make", "place"), MISNAMED)
def test_what_is_not_the_check_of_a_lesson_is_found(make: Callable[[Tree], str], place: str) -> None:
    tree = bare()
    lesson(tree)
    path = make(tree)
    assert wrong(tree, path) == ("E-LESSON", place_of(tree.text(path), (place,)))


def test_a_lesson_that_asked_for_no_check_cannot_be_answered() -> None:
    tree = bare()
    lesson(tree, None)
    path = special_check(tree)
    assert wrong(tree, path) == ("E-LESSON", place_of(tree.text(path), ("lesson",)))


# --- Weekends and years without a calendar --------------------------------------------------------


def shifted(policy: str, due: Data, first: date, last: date, years: frozenset[int]) -> list[str]:
    calendar = WorkCalendar(frozenset(), frozenset(), years)
    found = obligations(read_duty(where("inspections", due), first, last), calendar, policy, date.min)
    return [f"{o.due}{' provisional' if o.provisional else ''}" for o in found]


YEARLY: Data = {"every": "year", "months_after": 1, "day": 31}


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        ("none", ["2026-01-31", "2027-01-31"]),
        # A Saturday and a Sunday.
        ("next_workday", ["2026-02-02", "2027-02-01 provisional"]),
        ("previous_workday", ["2026-01-30", "2027-01-29 provisional"]),
    ],
)
def test_a_year_without_calendar_goes_by_monday_to_friday_and_says_so(policy: str, wanted: list[str]) -> None:
    assert shifted(policy, YEARLY, date(2025, 1, 1), date(2026, 12, 31), frozenset({2025, 2026})) == wanted


def test_a_shift_into_a_year_without_calendar_is_provisional() -> None:
    due: Data = {"every": "month", "day": 31}
    assert shifted("next_workday", due, date(2023, 12, 1), date(2023, 12, 31), frozenset({2023})) == [
        "2024-01-01 provisional"
    ]


@pytest.mark.parametrize(("policy", "warned"), [("none", False), ("next_workday", True)])
def test_a_missing_calendar_is_a_warning_where_it_matters(policy: str, warned: bool) -> None:
    tree = Tree().duties(where("inspections", YEARLY))
    tree.campaign["weekend_policy"] = policy
    text = tree.text(CAMPAIGN_FILE)
    wanted = [("W-CALENDAR", *place_of(text, ("weekend_policy",)))] if warned else []
    assert told(tree) == wanted


# --- The duties of the two notices ----------------------------------------------------------------


@pytest.fixture(scope="module")
def banner() -> Ledger:
    return sample("shili-banner-2023", date(2024, 1, 31))


@pytest.fixture(scope="module")
def city() -> Ledger:
    return sample("shili-city-2019", date(2020, 1, 20))


def asks(ledger: Ledger, name: str) -> tuple[str, dict[str, str], list[str]]:
    """Of a duty: the kind and the fields that answer it, and the days it is due."""
    (asked,) = [d for d in ledger.campaign.duties if d.id == name]
    return asked.kind, dict(asked.where), [str(o.due) for o in ledger.obligations() if o.duty.id == name]


@pytest.mark.requirement("A12")
def test_criteria_are_studied(banner: Ledger) -> None:
    assert asks(banner, "criteria_study") == ("activities", {"activity": "study"}, ["2023-12-31"])


@pytest.mark.requirement("A10", "A11")
def test_responsibility_reaches_everybody(banner: Ledger) -> None:
    found = asks(banner, "responsibility_system")
    assert found == ("activities", {"activity": "responsibility_system"}, ["2023-12-31"])


@pytest.mark.requirement("A25", "A26")
def test_deputies_have_their_lists(banner: Ledger) -> None:
    assert asks(banner, "duty_lists") == ("activities", {"activity": "duty_lists"}, ["2023-12-31"])


@pytest.mark.requirement("A30")
def test_supplies_are_added(banner: Ledger) -> None:
    assert asks(banner, "supplies") == ("resources", {"resource": "supply"}, ["2023-12-31"])


@pytest.mark.requirement("A32")
def test_everybody_knows_the_way_out(banner: Ledger) -> None:
    assert asks(banner, "evacuation_training") == ("activities", {"activity": "training"}, ["2023-12-31"])
    (asked,) = [d for d in banner.campaign.duties if d.id == "evacuation_training"]
    assert asked.must_include == {"evacuation"}


@pytest.mark.requirement("A36", "A38", "A41")
def test_the_office_visits_too(banner: Ledger) -> None:
    """抽查 and 帮扶 belong to the phase that ends on 31 July; 督导检查 has no date."""
    assert asks(banner, "spot_check") == ("visits", {"nature": "spot_check"}, ["2023-07-31"])
    assert asks(banner, "assistance") == ("visits", {"nature": "assistance"}, ["2023-07-31"])
    assert asks(banner, "supervision") == ("visits", {"nature": "supervision"}, ["2023-12-31"])
    for asked in banner.campaign.duties:
        owing = {org.tier.value for org in banner.roll.organisations if asked.owed_by(org)}
        assert owing == ({"office"} if asked.kind == "visits" else {"direct"})


@pytest.mark.requirement("B34", "B44")
def test_counties_and_the_city_visit_too(city: Ledger) -> None:
    """Counties by any sort of visit; the city by spot checks of units and of the counties' covert visits."""
    assert asks(city, "county_supervision") == ("visits", {}, ["2019-12-31"])
    assert asks(city, "spot_check") == ("visits", {"nature": "spot_check"}, ["2019-12-31"])
    assert asks(city, "recheck") == ("visits", {"nature": "recheck"}, ["2019-12-31"])
    owing = {
        asked.id: {org.tier.value for org in city.roll.organisations if asked.owed_by(org)}
        for asked in city.campaign.duties
    }
    assert (owing.pop("county_supervision"), owing.pop("spot_check"), owing.pop("recheck")) == (
        {"county"},
        {"office"},
        {"office"},
    )
    assert set(map(frozenset, owing.values())) == {frozenset({"county", "direct"})}


@pytest.mark.requirement("B11")
def test_flood_season_has_four_contents(city: Ledger) -> None:
    assert asks(city, "flood_season") == ("activities", {"activity": "flood_season"}, ["2019-12-31"])
    (asked,) = [d for d in city.campaign.duties if d.id == "flood_season"]
    assert asked.must_include == {"hazard_work", "plan_revision", "supplies", "works"}


@pytest.mark.requirement("B21")
def test_earlier_work_is_looked_back_on(city: Ledger) -> None:
    assert asks(city, "look_back") == ("inspections", {"nature": "look_back"}, ["2019-12-31"])


@pytest.mark.requirement("B24")
def test_plans_of_the_campaign_are_revised(city: Ledger) -> None:
    assert asks(city, "campaign_plan") == ("reports", {"duty": "campaign_plan"}, ["2019-12-31"])


@pytest.mark.requirement("B27", "B28", "B29")
def test_risks_are_analysed_discussed_and_watched(city: Ledger) -> None:
    analysis = ("activities", {"activity": "risk_analysis"}, ["2019-09-30", "2019-12-31"])
    assert asks(city, "risk_analysis") == analysis
    assert asks(city, "risk_consultation") == ("activities", {"activity": "risk_consultation"}, ["2019-12-31"])
    assert asks(city, "duty_roster") == ("activities", {"activity": "duty_roster"}, ["2019-12-31"])


@pytest.mark.requirement("B30", "B31")
def test_forces_and_supplies_are_counted_and_mapped(city: Ledger) -> None:
    assert asks(city, "team_inventory") == ("resources", {"resource": "team"}, ["2019-12-31"])
    assert asks(city, "supply_inventory") == ("resources", {"resource": "supply"}, ["2019-12-31"])
    assert asks(city, "emergency_map") == ("activities", {"activity": "emergency_map"}, ["2019-12-31"])


@pytest.mark.requirement("B32")
@pytest.mark.parametrize("kind", ["overall", "natural_disaster", "work_safety", "departmental"])
def test_four_kinds_of_plan_are_revised(city: Ledger, kind: str) -> None:
    assert asks(city, f"{kind}_plan") == ("resources", {"resource": "plan", "plan_kind": kind}, ["2019-12-31"])


@pytest.mark.requirement("B10")
def test_what_has_no_day_in_the_notices_says_whose_reading_the_end_is(banner: Ledger, city: Ledger) -> None:
    for ledger in (banner, city):
        end = ledger.campaign.ends_on
        for asked in ledger.campaign.duties:
            if asked.due.by == end and asked.id != "publicity":
                assert asked.source.endswith("（通知没有写期限，以行动结束为限）"), asked.id
