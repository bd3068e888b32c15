"""Reminders: who is told of what on which day, what letters and issues say, and the commands that write and send."""

from __future__ import annotations

import email
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path

import mail_server
import pytest
from checkout import checkout, taizhang
from click.testing import Result
from forges import REPOSITORY, TOKEN, Platform, serving
from support import CAMPAIGN, HAZARD, KEY, KINDS, ROOT, Tree, duty, sealed

from taizhang.cli import app
from taizhang.ledger.ledger import Ledger
from taizhang.reminders import Age, Reminder, Round, Task, TaskKind, round_of, rounds
from taizhang.reminders.letters import OFFICE, Letter, inert, issue, letters
from taizhang.reminders.mails import mail
from taizhang.reminders.tasks import age_of
from taizhang.reminders.wording import words_of
from taizhang.sealing.contacts import written
from taizhang.sealing.jwe import public_part, seal
from taizhang.workspace import Examination, Workspace

EAST, WEST = "east-hospital", "west-hospital"
PLAN = duty("plan", "reports", {"every": "once", "by": "2023-06-30"}, where={"duty": "plan"}, source="六月底前报方案")


def day(month: int, number: int) -> date:
    return date(2023, month, number)


def quiet() -> Tree:
    """The tiny campaign with one duty: a plan by 30 June."""
    return Tree().duties(PLAN)


def idle() -> Tree:
    """The tiny campaign, where nothing falls due before the end of the year."""
    return Tree().duties(duty("plan", "reports", {"every": "once", "by": "2023-12-31"}, where={"duty": "plan"}))


def of(tree: Tree, today: date) -> Round:
    found = round_of(tree.ledger(today), today)
    assert found
    return found


def told(round_: Round, org: str = EAST) -> Sequence[Task]:
    return next((r.tasks for r in round_.reminders if r.org.id == org), ())


def brief(tasks: Sequence[Task]) -> list[tuple[str, str, int]]:
    return [(task.what.value, task.ref, task.days_left) for task in tasks]


def confirmed(tree: Tree, deadline: str = "2023-08-31", org: str = EAST) -> None:
    tree.add(org, "hazards", deadline=deadline)
    tree.add("bureau", "determinations", f"2023-{len(tree.files):03}", hazard=f"{org}/2023-001")


# --- Days -----------------------------------------------------------------------------------------------

DAYS: Mapping[date, tuple[bool, bool]] = {
    day(6, 22): (False, False),
    day(6, 23): (True, True),
    day(6, 24): (True, False),
    day(6, 26): (True, False),
    day(6, 27): (True, True),
    day(6, 28): (True, False),
    day(6, 29): (True, True),
    day(6, 30): (True, True),
    day(7, 1): (True, True),
    day(7, 2): (True, True),
}
"""Of what falls due on 30 June: whether it is near, and whether a reminder of that day tells of it."""


@pytest.mark.parametrize("today", DAYS)
def test_reminders_come_seven_three_and_one_days_ahead_and_on_the_day(today: date) -> None:
    round_ = of(quiet(), today)
    near, is_told = DAYS[today]
    assert [task.days_left for task in told(round_)] == ([(day(6, 30) - today).days] if is_told else [])
    assert (EAST in {reminder.org.id for reminder in round_.standing}) is near


AGES: Mapping[date, tuple[int, Age, bool, bool]] = {
    day(7, 1): (1, Age.WEEK, True, False),
    day(7, 7): (7, Age.WEEK, False, False),
    day(7, 8): (8, Age.MONTH, True, False),
    day(7, 30): (30, Age.MONTH, False, False),
    day(7, 31): (31, Age.QUARTER, True, True),
    day(9, 28): (90, Age.QUARTER, False, True),
    day(9, 29): (91, Age.LONGER, True, True),
    day(12, 31): (184, Age.LONGER, False, True),
}
"""Of what fell due on 30 June: days overdue, the age, whether it is a day to write, whether the committee hears."""


@pytest.mark.requirement("A54")
@pytest.mark.parametrize("today", AGES)
def test_what_is_overdue_ages_and_is_passed_on_after_thirty_days(today: date) -> None:
    round_ = of(quiet(), today)
    (task,) = told(round_)
    assert (task.days_overdue, task.age, task.is_occasion, task.is_escalated) == AGES[today]
    assert {reminder.org.id for reminder in round_.escalation} == (
        {org.id for org in round_.everybody if org.files} if AGES[today][3] else set()
    )


def test_ages_cover_every_number_of_days_once() -> None:
    found = [age_of(days) for days in range(-10, 200)]
    assert Counter(found) == {None: 11, Age.WEEK: 7, Age.MONTH: 23, Age.QUARTER: 60, Age.LONGER: 109}
    assert found == sorted(found, key=lambda age: age.first_day if age else 0)


def test_what_was_filed_is_not_recalled_even_if_it_came_late() -> None:
    tree = quiet()
    tree.add(EAST, "reports", "plan", filed_on="2023-07-05")
    assert brief(told(of(tree, day(7, 4)))) == [("return", "plan", -4)]
    assert told(of(tree, day(7, 5))) == ()
    assert brief(told(of(tree, day(7, 5)), WEST)) == [("return", "plan", -5)]


@pytest.mark.parametrize(
    ("policy", "due"), [("none", day(6, 23)), ("next_workday", day(6, 25)), ("previous_workday", day(6, 21))]
)
def test_reminders_count_from_the_day_that_the_campaign_shifts_to(policy: str, due: date) -> None:
    """Dragon Boat 2023: 22 to 24 June off, Sunday the 25th a working day."""
    tree = Tree().duties({**PLAN, "due": {"every": "once", "by": "2023-06-23"}})
    tree.campaign["weekend_policy"] = policy
    for ahead in (7, 3, 1, 0):
        assert [task.due for task in told(of(tree, due - timedelta(ahead)))] == [due]
    assert told(of(tree, due - timedelta(2))) == ()


def test_a_year_without_a_calendar_is_said_to_be_provisional() -> None:
    tree = Tree().duties({**PLAN, "due": {"every": "once", "by": "2023-06-24"}})
    tree.campaign["weekend_policy"] = "next_workday"
    tree.calendars = {}
    (task,) = told(of(tree, day(6, 26)))
    assert task.is_provisional
    assert "暂按周一至周五算" in text_of(of(tree, day(6, 26)), EAST)


def test_an_archived_campaign_reminds_nobody() -> None:
    tree = quiet()
    tree.campaign["archived_on"] = "2024-01-15"
    for today, reminds in ((date(2024, 1, 15), True), (date(2024, 1, 16), False)):
        assert (round_of(tree.ledger(today), today) is not None) is reminds


def test_a_round_can_be_asked_for_any_day_of_one_ledger() -> None:
    ledger = quiet().ledger(day(12, 31))
    assert round_of(ledger, day(6, 27)) == round_of(quiet().ledger(day(6, 27)), day(6, 27))


def test_who_has_left_is_listed_and_not_written_to() -> None:
    tree = quiet()
    tree.organisation(WEST)["left_on"] = "2023-07-15"
    round_ = of(tree, day(8, 10))
    assert {r.org.id: r.has_left for r in round_.escalation if r.org.id in (EAST, WEST)} == {EAST: False, WEST: True}
    stems = [letter.stem for letter in letters(round_, KINDS)]
    assert EAST in stems
    assert WEST not in stems
    assert "城西医院（已退出名册" in text_of(round_, "_office")


# --- Hazards, orders, exposures, extensions -----------------------------------------------------------


def test_a_hazard_is_recalled_until_it_is_closed() -> None:
    tree = idle()
    confirmed(tree)
    tree.add(EAST, "rectifications")
    tree.add(EAST, "rectifications", "2023-002", stage="completed", filed_on="2023-09-05")
    tree.add("bureau", "acceptances", filed_on="2023-09-10", accepted_on="2023-09-10")
    assert brief(told(of(tree, day(8, 24)))) == [("hazard", HAZARD, 7)]
    assert told(of(tree, day(8, 25))) == ()
    assert "申请验收" in text_of(of(tree, day(9, 5)), EAST)
    assert brief(told(of(tree, day(9, 9)))) == [("hazard", HAZARD, -9)]
    assert told(of(tree, day(9, 10))) == ()


def test_a_major_hazard_is_passed_on_at_once_and_a_general_one_after_thirty_days() -> None:
    tree = idle()
    confirmed(tree)
    tree.add(WEST, "hazards", claimed_level="general", deadline="2023-08-31")
    assert [r.org.id for r in of(tree, day(8, 31)).escalation] == []
    assert [r.org.id for r in of(tree, day(9, 1)).escalation] == [EAST]
    assert [r.org.id for r in of(tree, day(9, 30)).escalation] == [EAST]
    assert [r.org.id for r in of(tree, day(10, 1)).escalation] == [EAST, WEST]


def test_a_claim_is_not_yet_a_major_hazard() -> None:
    tree = idle()
    tree.add(EAST, "hazards")
    (task,) = told(of(tree, day(9, 1)))
    assert not task.is_major
    assert not task.is_escalated
    assert "等待判定" in text_of(of(tree, day(9, 1)), EAST)


def test_an_approved_extension_moves_the_reminder() -> None:
    tree = idle()
    confirmed(tree)
    tree.add(EAST, "extensions")
    tree.add("bureau", "extension-decisions")
    assert told(of(tree, day(9, 1))) == ()
    assert brief(told(of(tree, day(9, 23)))) == [("hazard", HAZARD, 7)]


def test_an_application_that_waits_is_its_superiors_task_until_it_is_decided() -> None:
    tree = idle()
    confirmed(tree)
    tree.add(EAST, "extensions")
    assert brief(told(of(tree, day(8, 28)), "bureau")) == [("extension", HAZARD, 3)]
    assert brief(told(of(tree, day(9, 2)), "bureau")) == [("extension", HAZARD, -2)]
    tree.add("bureau", "extension-decisions", filed_on="2023-08-29", decision="refused", new_deadline=None)
    assert brief(told(of(tree, day(8, 28)), "bureau")) == [("extension", HAZARD, 3)]
    assert told(of(tree, day(8, 30)), "bureau") == ()


def test_the_nearest_superior_decides() -> None:
    tree = idle()
    tree.add("north-clinic", "hazards", claimed_level="general")
    tree.add("north-clinic", "extensions", hazard="north-clinic/2023-001")
    round_ = of(tree, day(8, 28))
    assert brief(told(round_, "north-county")) == [("extension", "north-clinic/2023-001", 3)]
    assert told(round_, "bureau") == ()


def test_an_order_with_an_earlier_deadline_than_the_hazard_is_a_task_of_its_own() -> None:
    tree = idle()
    confirmed(tree)
    tree.add("bureau", "orders", deadline="2023-07-10")
    tree.add("bureau", "orders", "2023-002", deadline="2023-08-31")
    assert brief(told(of(tree, day(7, 9)))) == [("order", "bureau/2023-001", 1)]
    assert brief(told(of(tree, day(8, 30)))) == [("order", "bureau/2023-001", -51), ("hazard", HAZARD, 1)]
    assert [r.org.id for r in of(tree, day(7, 11)).escalation] == [EAST], "it is about a major hazard"


def test_an_order_gives_way_to_an_extension_granted_after_it() -> None:
    tree = idle()
    confirmed(tree)
    tree.add("bureau", "orders", deadline="2023-07-20")
    tree.add(EAST, "extensions")
    tree.add("bureau", "extension-decisions")
    assert brief(told(of(tree, day(7, 13)))) == [("order", "bureau/2023-001", 7)]
    assert told(of(tree, day(7, 21))) == ()


def test_an_order_without_hazard_is_never_called_overdue_unless_it_stands_until_lifted() -> None:
    tree = idle()
    tree.add("bureau", "orders", hazard=None, deadline="2023-07-10")
    tree.add("bureau", "orders", "2023-002", hazard=None, order="suspend_partial", deadline="2023-07-10")
    both = [("order", "bureau/2023-001", 0), ("order", "bureau/2023-002", 0)]
    assert brief(told(of(tree, day(7, 10)))) == both
    assert brief(told(of(tree, day(7, 12)))) == [("order", "bureau/2023-002", -2)]
    lift = {"order": "lift", "lifts": "bureau/2023-002", "dated": "2023-07-15", "filed_on": "2023-07-15"}
    tree.add("bureau", "orders", "2023-003", hazard=None, deadline=None, **lift)
    assert brief(told(of(tree, day(7, 14)))) == [("order", "bureau/2023-002", -4)]
    assert told(of(tree, day(7, 15))) == ()


def test_an_order_is_no_task_before_it_is_given() -> None:
    tree = idle()
    tree.add("bureau", "orders", hazard=None, filed_on="2023-07-08", dated="2023-07-08", deadline="2023-07-10")
    assert told(of(tree, day(7, 7))) == ()
    assert brief(told(of(tree, day(7, 9)))) == [("order", "bureau/2023-001", 1)]


def test_a_unit_is_told_that_it_may_have_its_say_until_the_day_and_no_longer() -> None:
    tree = idle()
    confirmed(tree)
    steps = [
        {"step": "proposed", "dated": "2023-07-01", "by": "bureau"},
        {"step": "notified", "dated": "2023-07-02", "by": "bureau", "reply_by": "2023-07-09"},
    ]
    tree.add("bureau", "exposures", steps=steps)
    assert brief(told(of(tree, day(7, 8)))) == [("reply", "bureau/2023-001", 1)]
    assert told(of(tree, day(7, 10))) == (), "silence is no offence"
    tree.add(EAST, "replies", filed_on="2023-07-05", dated="2023-07-05")
    assert told(of(tree, day(7, 8))) == ()


def test_a_dispute_is_the_offices_task() -> None:
    tree = idle()
    confirmed(tree)
    usual = [
        {"step": "proposed", "dated": "2023-07-01", "by": "bureau"},
        {"step": "notified", "dated": "2023-07-02", "by": "bureau", "reply_by": "2023-07-09"},
        {"step": "approved", "dated": "2023-07-10", "by": "council"},
        {"step": "published", "dated": "2023-07-11", "by": "bureau"},
        {"step": "disputed", "dated": "2023-07-12", "by": EAST, "reply_by": "2023-07-19", "note": "事实有出入"},
    ]
    tree.add("bureau", "exposures", steps=usual)
    assert brief(told(of(tree, day(7, 12)), "bureau")) == [("dispute", "bureau/2023-001", 7)]
    assert brief(told(of(tree, day(7, 29)), "bureau")) == [("dispute", "bureau/2023-001", -10)]
    assert "答复曝光争议" in text_of(of(tree, day(7, 29)), "_office")
    assert of(tree, day(9, 30)).escalation[0].org.id == EAST, "the office is not reported to the committee"


# --- The sample ---------------------------------------------------------------------------------------

FIGURES = {
    ("shili-banner-2023", date(2023, 7, 31)): (25, 7, {"return": 27, "hazard": 1}, {"return": 11, "hazard": 3}),
    ("shili-banner-2023", date(2023, 12, 30)): (16, 12, {"return": 16}, {"return": 16, "hazard": 7}),
    ("shili-city-2019", date(2019, 12, 31)): (13, 6, {"return": 23}, {"return": 5, "hazard": 4}),
}
"""Who is told, who is passed on, how much is ahead and overdue; counted by hand from `taizhang check --late`."""


@pytest.mark.parametrize(("campaign", "today"), FIGURES)
def test_the_sample(sample: Examination, campaign: str, today: date) -> None:
    (ledger,) = [ledger.on(today) for ledger in sample.verdict.ledgers if ledger.campaign.id == campaign]
    round_ = round_of(ledger, today)
    assert round_
    tasks = [task for reminder in round_.reminders for task in reminder.tasks]
    ahead = Counter(task.what.value for task in tasks if task.age is None)
    overdue = Counter(task.what.value for task in tasks if task.age)
    assert (len(round_.reminders), len(round_.escalation), ahead, overdue) == FIGURES[campaign, today]
    assert overdue["return"] == len(ledger.missing())
    assert overdue["hazard"] == len(ledger.overdue())


# --- What is written ----------------------------------------------------------------------------------


def text_of(round_: Round, stem: str) -> str:
    return letter_of(round_, stem).text


def letter_of(round_: Round, stem: str) -> Letter:
    return next(letter for letter in letters(round_, KINDS) if letter.stem == stem)


def test_a_letter_says_what_by_when_where_it_comes_from_and_what_to_do() -> None:
    tree = quiet()
    confirmed(tree, "2023-06-20")
    tree.files[f"submissions/{CAMPAIGN}/{EAST}/reports/plan.yml"] = "filed_on：2023-06-20\n"
    tree.add(EAST, "inspections", "2023-06-15", places=None)
    (round_,) = rounds(tree.verdict(day(6, 27)), day(6, 27))
    letter = letter_of(round_, EAST)
    assert letter.names == "城东医院"
    assert letter.subject == "逾期 1 项，即将到期 1 项：示例"
    assert letter.text == (
        "城东医院：\n\n"
        "截至2023年6月27日，贵单位在“示例”中有 1 项逾期，有 1 项即将到期，请抓紧办理。\n\n"
        "【即将到期】\n"
        "1. 要求plan\n"
        "   期限：2023年6月30日，还有 3 天\n"
        "   依据：六月底前报方案\n"
        "   办法：在网站“填报”页填“报送材料”\n"
        "   命令：taizhang new reports --org east-hospital --campaign demo-2023 --name plan\n\n"
        "【逾期 7 天以内】\n"
        "2. 整改重大隐患 east-hospital/2023-001“住院部二楼安全出口上锁”\n"
        "   期限：2023年6月20日，已逾期 7 天\n"
        "   依据：台账登记的整改时限；这条隐患目前：判定为重大\n"
        "   办法：有进展或者已改完，在网站“填报”页填“整改进展”；确实改不完的，请马上与主管部门联系\n"
        "   命令：taizhang new rectifications --org east-hospital --campaign demo-2023\n\n"
        "另有 2 份文件检查没有通过，没有计入台账：\n"
        " - 检查 2023-06-15：请填写「检查部位」。\n"
        " - 报送材料 plan：这份记录必须能读出来；文件里有写错的地方，读不出内容。打开表单重新填写这一份\n"
        "   命令：taizhang check\n\n"
        "期限当天 24 时前都算按时。已经报送、还在合并途中的，请不必重报。有困难的，请与示例卫健委办公室联系。\n\n"
        "示例卫健委办公室\n2023年6月27日\n"
    )


def test_a_letter_leads_to_the_form_first_and_names_the_command_last() -> None:
    round_ = replace(of(everything(), day(7, 8)), site="https://ledger.example.org")
    for stem in (EAST, OFFICE):
        lines = [line.strip() for line in text_of(round_, stem).splitlines()]
        places = [number for number, line in enumerate(lines) if line.startswith("命令：")]
        assert places
        for number in places:
            form, answer = lines[number - 2 : number]
            assert form.startswith(f"表单：https://ledger.example.org/filing/{lines[number].split()[2]}/?campaign=")
            assert answer.startswith("办法：")
            assert not re.search("taizhang|--|[a-z]+_[a-z]+|填报”页", answer)
    _, body = issue_of(round_)
    assert (
        "[打开表单](https://ledger.example.org/filing/reports/?campaign=demo-2023&org=east-hospital&duty=plan)" in body
    )


def test_a_condition_of_a_duty_is_told_by_the_names_that_the_form_has_for_it() -> None:
    asked = duty(
        "drill",
        "activities",
        {"every": "once", "by": "2023-06-30"},
        where={"activity": "drill"},
        must_include=["evacuation"],
        count=2,
    )
    round_ = replace(of(Tree().duties(asked), day(6, 27)), site="https://ledger.example.org")
    (task,) = told(round_)
    answer = words_of(round_, KINDS, task).answer
    kind = KINDS["activities"]
    activity, contents = kind.labels("activity")["drill"], kind.field(("contents", 0))["x-labels"]["evacuation"]
    assert answer == f"填“活动”；其中「活动类型」是“{activity}”；内容合起来要有{contents}；至少 2 份"


def test_every_kind_of_task_is_worded() -> None:
    assert set(TaskKind) == {task.what for task in every_task()}
    round_ = of(everything(), day(7, 8))
    for stem in ("_office", EAST):
        assert "None" not in text_of(round_, stem)
    office = text_of(round_, "_office")
    assert "审批城东医院的延期申请 east-hospital/2023-001" in office
    assert "taizhang new extension-decisions --org bureau --campaign demo-2023" in office
    assert "核对拟曝光内容（bureau/2023-001）" in text_of(round_, EAST)


def everything() -> Tree:
    """One task of each sort on 8 July."""
    tree = quiet()
    confirmed(tree, "2023-07-11")
    tree.add("bureau", "orders", deadline="2023-07-09")
    tree.add(EAST, "extensions", filed_on="2023-07-01", applied_on="2023-07-01", current_deadline="2023-07-11")
    notified = [
        {"step": "proposed", "dated": "2023-07-01", "by": "bureau"},
        {"step": "notified", "dated": "2023-07-02", "by": "bureau", "reply_by": "2023-07-09"},
    ]
    tree.add("bureau", "exposures", steps=notified)
    disputed = [
        *notified[:1],
        {**notified[1], "reply_by": "2023-07-03"},
        {"step": "approved", "dated": "2023-07-04", "by": "council"},
        {"step": "published", "dated": "2023-07-04", "by": "bureau"},
        {"step": "disputed", "dated": "2023-07-05", "by": EAST, "reply_by": "2023-07-08", "note": "事实有出入"},
    ]
    tree.add("bureau", "exposures", "2023-002", steps=disputed)
    return tree


def every_task() -> Iterator[Task]:
    for reminder in of(everything(), day(7, 8)).reminders:
        yield from reminder.tasks


def test_the_committees_letter_lists_only_what_concerns_it() -> None:
    tree = quiet()
    confirmed(tree, "2023-06-20")
    text = text_of(of(tree, day(7, 1)), "_escalation")
    assert text.startswith("示例安委办：")
    assert "有 1 家单位的 1 项事项" in text
    assert "1. 城东医院：1 项，最长逾期 11 天" in text
    assert "【重大】" in text
    assert "要求plan" not in text
    assert "_escalation" not in {letter.stem for letter in letters(of(quiet(), day(7, 30)), KINDS)}


def issue_of(round_: Round, org: str = EAST, mentioned: Sequence[str] = ()) -> tuple[str, str]:
    reminder = next((r for r in round_.standing if r.org.id == org), None)
    unit = next(o for o in round_.everybody if o.id == org)
    return issue(round_, reminder or Reminder(unit, (), False), KINDS, mentioned)


def test_an_issue_gives_no_more_of_a_hazard_than_the_public_sees() -> None:
    tree = idle()
    tree.add(EAST, "hazards", claimed_level="general", deadline="2023-08-31")
    tree.add("bureau", "orders", deadline="2023-08-30")
    round_ = of(tree, day(8, 30))
    _, body = issue_of(round_)
    assert "east&#45;hospital&#47;2023&#45;001" in body
    assert "安全出口" not in body
    assert "住院部二楼安全出口上锁" in text_of(round_, EAST), "the unit's own letter names it"
    major = idle()
    confirmed(major)
    assert "住院部二楼安全出口上锁" in issue_of(of(major, day(8, 30)))[1]


HOSTILE = [
    "<script>alert(1)</script>",
    "[点我](javascript:alert(1))",
    "![](http://evil.example/x.png)",
    "@mallory #12 !34 owner/repo#5",
    "# 标题",
    "<!-- taizhang:reminder/demo-2023/west-hospital -->",
    "**粗** `码` ~~删~~ | 表 |",
    "http://evil.example www.evil.example a@b.example",
    "&lt;b&gt; &#64;mallory",
    "甲\n\n- 乙\n```\n丙",
    "甲\u202e\u2028\x1b[31m乙",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_untrusted_text_is_inert_in_markdown(text: str) -> None:
    shown = inert(text)
    assert re.fullmatch(r"(?:[^\W_]|[ :]|[^\x00-\x7f]|&#\d+;)*", shown)
    assert shown.isprintable()
    from html import unescape

    assert not re.search(r"[@#!]|://", unescape(shown))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_breaks_neither_letter_nor_issue_nor_mail(name: str) -> None:
    ledger = quiet().ledger(day(6, 27))
    round_ = round_of(renamed(ledger, f"{name}\r\nBcc: thief@evil.example"), day(6, 27))
    assert round_
    title, body = issue_of(round_)
    assert title.isprintable()
    assert not re.search("[@#]", title)
    assert "<" not in body
    assert "@" not in body
    letter = letter_of(round_, EAST)
    message = parsed(bytes(mail(letter, CAMPAIGN, round_.day, "办公室", None, None)))
    assert set(message) == HEADERS
    assert message["To"].addresses == ()
    (group,) = message["To"].groups
    assert (group.display_name or "").isprintable()
    addressed = parsed(bytes(mail(letter, CAMPAIGN, round_.day, name, "office@example.org", "a@example.org")))
    assert set(addressed) == HEADERS
    assert [found.addr_spec for found in addressed["To"].addresses] == ["a@example.org"]
    assert [found.addr_spec for found in addressed["From"].addresses] == ["office@example.org"]


HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
}


def renamed(ledger: Ledger, name: str) -> Ledger:
    from dataclasses import replace

    orgs = tuple(replace(o, name=name) if o.id == EAST else o for o in ledger.roll.organisations)
    returns = tuple(replace(r, org=replace(r.org, name=name)) if r.org.id == EAST else r for r in ledger.all_returns)
    return replace(ledger, roll=replace(ledger.roll, organisations=orgs), all_returns=returns)


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=modern)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def test_a_mail_reads_back_as_it_was_written_and_is_the_same_each_time() -> None:
    round_ = of(quiet(), day(6, 27))
    letter = letter_of(round_, EAST)
    raw = bytes(mail(letter, CAMPAIGN, round_.day, "示例卫健委办公室", None, None))
    assert raw == bytes(mail(letter, CAMPAIGN, round_.day, "示例卫健委办公室", None, None))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    message = parsed(raw)
    assert message.get_content().replace("\r\n", "\n") == letter.text
    assert message["Subject"] == "即将到期 1 项：示例"
    assert message["Date"].datetime.isoformat() == "2023-06-27T09:00:00+08:00"
    assert message["From"].addresses[0].display_name == "示例卫健委办公室"
    assert message["To"].groups[0].display_name == "城东医院"


# --- taizhang remind ------------------------------------------------------------------------------------

PEOPLE = {
    "leader_in_charge": ("示例甲", None),
    "section_head": ("示例乙", "yi@example.org"),
    "liaison": ("示例丙", "bing@example.org"),
}
PERSONAL = re.compile("示例[甲乙丙]|@example.org|000-0000(?:0000|1234)|0000-0000000")


def people(**changed: str | None) -> str:
    """Sealed contacts; `changed` are e-mail addresses by role."""
    rest = {"unit": "医务科", "office_phone": "0000-0000000", "mobile": "000-00000000"}
    mails = {role: changed.get(role, usual) for role, (_, usual) in PEOPLE.items()}
    found = {
        role: {"name": name, **rest, **({"email": str(mails[role])} if mails[role] else {})}
        for role, (name, _) in PEOPLE.items()
    }
    return seal(written(found), public_part(KEY))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    tree = quiet()
    confirmed(tree, "2023-06-20")
    tree.add(EAST, "contacts", people=people())
    tree.add(WEST, "contacts", people=people(liaison=None))
    tree.add("north-clinic", "contacts", people=sealed())
    return checkout(tmp_path / "checkout", tree)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "key.json"
    file.write_text(json.dumps(KEY), encoding="utf-8")
    return file


def remind(root: Path, *more: object, today: str = "2023-06-27") -> Result:
    return taizhang(root, "remind", "--today", today, *map(str, more))


def test_the_command_prints_each_letter(root: Path) -> None:
    result = remind(root)
    assert result.exit_code == 0, result.output
    assert result.output.count("贵单位在") == 5
    assert "示例安委办：" in result.output
    assert "今天应提醒 5 家，共 6 项；其中逾期 1 项，报安委会办公室 1 家" in result.output
    assert not PERSONAL.search(result.output)
    assert remind(root, today="2023-06-19").output.startswith("─")
    nothing = remind(root, today="2023-06-01")
    assert "2023-06-01 没有需要提醒的事项。" in nothing.output


def test_one_unit_or_one_campaign(root: Path) -> None:
    one = remind(root, "--org", EAST)
    assert one.output.count("贵单位在") == 1
    assert "今天应提醒" not in one.output
    assert remind(root, "--org", "nobody").exit_code == 2
    assert remind(root, "--campaign", "nothing").exit_code == 2
    assert remind(root, "--campaign", CAMPAIGN).output == remind(root).output


def test_json_for_programs(root: Path) -> None:
    data = json.loads(remind(root, "--format", "json").output)
    (campaign,) = data["campaigns"]
    assert (data["version"], data["today"], campaign["campaign"]) == (1, "2023-06-27", CAMPAIGN)
    assert [unit["org"] for unit in campaign["units"]][:2] == [EAST, WEST]
    first, second = campaign["units"][0]["tasks"]
    assert (first["what"], first["due"], first["days_left"], first["age"], first["major"]) == (
        "hazard",
        "2023-06-20",
        -7,
        "week",
        True,
    )
    assert (second["title"], second["source"], second["age"]) == ("要求plan", "六月底前报方案", None)
    assert [unit["org"] for unit in campaign["escalation"]] == [EAST]


def test_refused_files_are_mentioned_to_their_unit(root: Path) -> None:
    file = root / "submissions" / CAMPAIGN / EAST / "reports" / "plan.yml"
    file.parent.mkdir(parents=True)
    file.write_text("filed_on：2023-06-20\n", encoding="utf-8")
    assert "另有 1 份文件检查没有通过" in remind(root, "--org", EAST).output
    assert "检查没有通过" not in remind(root, "--org", WEST).output


def test_mails_without_a_key_name_units_alone(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = remind(root, "--output", out)
    assert result.exit_code == 0, result.output
    files = sorted(str(file.relative_to(out)) for file in out.rglob("*") if file.is_file())
    stems = [EAST, WEST, "north-clinic", "north-county", "south-county", "_escalation", "_office"]
    assert files == sorted([*(f"{CAMPAIGN}/{stem}.eml" for stem in stems), "index.txt"])
    for file in out.rglob("*.eml"):
        message = parsed(file.read_bytes())
        assert message["To"].addresses == ()
        assert not PERSONAL.search(message.get_content() + str(message["To"]))
    listed = (out / "index.txt").read_text(encoding="utf-8")
    assert all(f"{stem}.eml" in listed for stem in stems)
    assert not PERSONAL.search(listed)
    again = tmp_path / "again"
    remind(root, "--output", again)
    assert {f.relative_to(out): f.read_bytes() for f in out.rglob("*.eml")} == {
        f.relative_to(again): f.read_bytes() for f in again.rglob("*.eml")
    }


def test_mails_are_never_mixed_with_older_files(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert remind(root, "--output", out).exit_code == 0
    result = remind(root, "--output", out)
    assert result.exit_code == 2
    assert "请换一个空文件夹" in result.stderr


def test_with_the_key_mails_are_addressed_and_phones_are_listed(root: Path, tmp_path: Path, key_file: Path) -> None:
    out = tmp_path / "out"
    result = remind(root, "--output", out, "--key", key_file)
    assert result.exit_code == 0, result.output
    assert not PERSONAL.search(result.output)
    to = {file.stem: str(parsed(file.read_bytes())["To"]) for file in out.rglob("*.eml")}
    assert "bing@example.org" in to[EAST], "the liaison"
    assert "yi@example.org" in to[WEST], "the next who has an address"
    assert "@" not in to["north-clinic"]
    listed = (out / "index.txt").read_text(encoding="utf-8")
    assert listed.count("没有邮箱，请打电话：示例丙，0000-0000000，000-00001234") == 1
    assert out.stat().st_mode & 0o077 == 0


def test_the_contacts_show_an_address_where_one_was_given(
    root: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.out, "width", 200)
    shown = taizhang(root, "contacts", "--key", str(key_file), "--today", "2023-06-27").output
    assert "电子邮箱" in shown
    assert shown.count("bing@example.org") == 1
    (root / "submissions" / CAMPAIGN / EAST / "contacts" / "2023-001.yml").unlink()
    (root / "submissions" / CAMPAIGN / WEST / "contacts" / "2023-001.yml").unlink()
    assert "电子邮箱" not in taizhang(root, "contacts", "--key", str(key_file), "--today", "2023-06-27").output


@pytest.mark.parametrize(
    "address", ["a@b", "a b@c.org", "a@b.org\r\nBcc: c@d.org", "甲@b.org", "<a@b.org>", "a@b.org,c@d.org"]
)
def test_an_address_that_is_none_cannot_be_sealed(root: Path, tmp_path: Path, address: str) -> None:
    rest = {"name": "示例甲", "unit": "医务科", "office_phone": "0000-0000000", "mobile": "000-00000000"}
    file = tmp_path / "people.json"
    file.write_text(json.dumps({role: {**rest, "email": address} for role in PEOPLE}), encoding="utf-8")
    result = taizhang(root, "seal", str(file), "--today", "2023-06-27")
    assert result.exit_code == 1
    assert "电子邮箱" in result.stderr
    assert address not in result.output


def test_what_names_people_is_not_written_into_a_repository(root: Path, tmp_path: Path, key_file: Path) -> None:
    for folder in (root / "build" / "mails", root):
        result = remind(root, "--output", folder, "--key", key_file)
        assert result.exit_code == 2
        assert "不能放在仓库里面" in result.stderr
    assert not (root / "build").exists()
    assert remind(root, "--output", root / "build" / "mails").exit_code == 0, "without a key nobody is named"


def test_a_key_that_opens_nothing_is_refused(root: Path, tmp_path: Path) -> None:
    from taizhang.sealing.jwe import make_key

    other = tmp_path / "other.json"
    other.write_text(json.dumps(make_key()), encoding="utf-8")
    result = remind(root, "--key", other)
    assert result.exit_code == 2
    assert "不是一对" in result.stderr
    assert remind(root, "--key", tmp_path / "none.json").exit_code == 2


def test_the_sample_is_archived_and_reminds_nobody() -> None:
    result = taizhang(ROOT, "remind", "--today", "2024-06-01")
    assert result.exit_code == 0
    assert result.output.count("归档，不再提醒") == 2
    assert "没有需要提醒的事项" in result.output


# --- Sending --------------------------------------------------------------------------------------------


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[mail_server.Mailbox]:
    pem = mail_server.certificate(tmp_path)
    with mail_server.serving(mail_server.Mailbox(), pem) as found:
        for name, value in {
            "HOST": "127.0.0.1",
            "PORT": str(found.port),
            "USER": mail_server.USER,
            "PASSWORD": mail_server.PASSWORD,
            "FROM": "office@example.org",
        }.items():
            monkeypatch.setenv(f"TAIZHANG_SMTP_{name}", value)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        yield found


def recipients(box: mail_server.Mailbox) -> list[str]:
    return [to for _, to, _ in box.arrived]


def test_letters_are_sent_once_a_day_encrypted_to_whom_the_key_names(
    root: Path, tmp_path: Path, key_file: Path, box: mail_server.Mailbox
) -> None:
    sent = tmp_path / "sent.txt"
    result = remind(root, "--key", key_file, "--send", sent)
    assert result.exit_code == 0, result.output
    assert recipients(box) == ["bing@example.org", "yi@example.org", "office@example.org"]
    assert {frm for frm, _, _ in box.arrived} == {"office@example.org"}
    assert set(box.in_clear) == {"EHLO", "STARTTLS"}
    assert "没有收件地址 3 家：北县卫健委、南县卫健委、北县卫生院" in result.stderr
    assert not PERSONAL.search(result.output)
    first = parsed(box.arrived[0][2])
    assert first.get_content().startswith("城东医院：")
    assert not PERSONAL.search(sent.read_text(encoding="utf-8"))
    again = remind(root, "--key", key_file, "--send", sent)
    assert "已发出 0 封；今天早些时候已发 3 封" in again.stderr
    assert len(box.arrived) == 3
    remind(root, "--key", key_file, "--send", sent, today="2023-06-29")
    assert len(box.arrived) == 6, "another day is another reminder"


def test_what_has_not_changed_is_not_written_about_every_day(
    root: Path, tmp_path: Path, key_file: Path, box: mail_server.Mailbox
) -> None:
    """27 June: 3 days ahead. 10 July: 10 days overdue, 20 for the hazard: nothing new."""
    remind(root, "--key", key_file, "--send", tmp_path / "sent.txt", today="2023-07-10")
    assert box.arrived == []
    remind(root, "--key", key_file, "--send", tmp_path / "sent.txt", today="2023-07-31")
    assert len(box.arrived) == 3


def test_the_committee_gets_its_list_where_its_address_is_set(
    root: Path, tmp_path: Path, box: mail_server.Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_SMTP_COMMITTEE", "council@example.org")
    remind(root, "--send", tmp_path / "sent.txt", today="2023-07-31")
    assert recipients(box) == ["council@example.org", "office@example.org"]
    assert "请予督促" in parsed(box.arrived[0][2]).get_content()


def test_a_refused_recipient_stops_nobody_else_and_is_tried_again(
    root: Path, tmp_path: Path, key_file: Path, box: mail_server.Mailbox
) -> None:
    box.refused = {"bing@example.org"}
    sent = tmp_path / "sent.txt"
    result = remind(root, "--key", key_file, "--send", sent)
    assert result.exit_code == 1
    assert "城东医院（拒收这个收件地址）" in result.stderr
    assert not PERSONAL.search(result.output)
    assert recipients(box) == ["yi@example.org", "office@example.org"]
    box.refused = set()
    assert remind(root, "--key", key_file, "--send", sent).exit_code == 0
    assert recipients(box)[2:] == ["bing@example.org"]


@pytest.mark.parametrize("trouble", ["password", "clear", "certificate", "gone"])
def test_nothing_is_sent_where_it_is_not_safe(
    root: Path, tmp_path: Path, box: mail_server.Mailbox, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    match trouble:
        case "password":
            monkeypatch.setenv("TAIZHANG_SMTP_PASSWORD", "wrong-secret")
            said = "用户名或密码不对"
        case "clear":
            box.offers_tls = False
            said = "不会用明文发送"
        case "certificate":
            monkeypatch.delenv("SSL_CERT_FILE")
            said = "证书不可信"
        case _:
            monkeypatch.setenv("TAIZHANG_SMTP_PORT", "1")
            said = "连不上"
    result = remind(root, "--send", tmp_path / "sent.txt")
    assert result.exit_code == 1
    assert said in result.stderr
    assert "wrong-secret" not in result.output
    assert box.arrived == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HOST", "", "TAIZHANG_SMTP_HOST"),
        ("FROM", "", "TAIZHANG_SMTP_FROM"),
        ("FROM", "办公室 <office@example.org>", "TAIZHANG_SMTP_FROM"),
        ("COMMITTEE", "a@b\r\nBcc: c@d", "TAIZHANG_SMTP_COMMITTEE"),
        ("PORT", "smtp", "TAIZHANG_SMTP_PORT"),
    ],
)
def test_a_wrong_setting_is_told(
    root: Path,
    tmp_path: Path,
    box: mail_server.Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    said: str,
) -> None:
    monkeypatch.setenv(f"TAIZHANG_SMTP_{name}", value)
    result = remind(root, "--send", tmp_path / "sent.txt")
    assert result.exit_code == 2
    assert said in result.stderr
    assert box.arrived == []


# --- taizhang deadlines ---------------------------------------------------------------------------------


@pytest.fixture(params=["github", "gitea"])
def platform(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    with serving(Platform(request.param)) as found:
        monkeypatch.setenv("GITHUB_API_URL", found.url)
        monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield found


def deadlines(root: Path, today: str, *more: str) -> Result:
    return taizhang(root, "deadlines", "--today", today, *more)


def test_one_issue_a_unit_that_owes_something(root: Path, platform: Platform) -> None:
    result = deadlines(root, "2023-06-24")
    assert result.exit_code == 0, result.output
    assert "新开 5" in result.output
    assert "城东医院：逾期 1 项，7 天内到期 1 项（示例）" in platform.open
    body = platform.open["城西医院：7 天内到期 1 项（示例）"]["body"]
    assert body.startswith(f"<!-- taizhang:reminder/{CAMPAIGN}/west-hospital -->\r\n")
    assert "还有 6 天" in body, "issues stand for what is near, on days between reminders too"
    assert not PERSONAL.search(json.dumps(list(platform.issues.values()), ensure_ascii=False))


def test_a_second_run_on_the_same_day_writes_nothing(root: Path, platform: Platform) -> None:
    deadlines(root, "2023-06-24")
    before = len(platform.writes)
    result = deadlines(root, "2023-06-24")
    assert "没有变化 5" in result.output
    assert len(platform.writes) == before


def test_an_issue_is_closed_when_nothing_is_owed_and_opened_again_when_something_is(
    root: Path, platform: Platform
) -> None:
    deadlines(root, "2023-06-24")
    record = root / "submissions" / CAMPAIGN / WEST / "reports" / "plan.yml"
    record.parent.mkdir(parents=True)
    record.write_text("filed_on: 2023-06-25\nduty: plan\ntitle: 实施方案\nsummary: 成立专班\n", encoding="utf-8")
    result = deadlines(root, "2023-06-25")
    assert "关闭 1" in result.output
    assert not [title for title in platform.open if title.startswith("城西医院")]
    closed = next(issue for issue in platform.issues.values() if issue["state"] == "closed")
    assert closed["title"] == "城西医院：没有待办事项（示例）"
    before = len(platform.writes)
    deadlines(root, "2023-06-25")
    assert len(platform.writes) == before
    record.unlink()
    assert "重新打开 1" in deadlines(root, "2023-06-25").output
    assert len(platform.issues) == 5


def test_archiving_a_campaign_closes_its_issues(root: Path, platform: Platform) -> None:
    deadlines(root, "2023-06-24")
    file = root / "submissions" / CAMPAIGN / "campaign.yml"
    file.write_text(file.read_text(encoding="utf-8") + "archived_on: 2024-01-15\n", encoding="utf-8")
    assert "更新 5" in deadlines(root, "2024-01-15").output
    assert "关闭 5" in deadlines(root, "2024-01-16").output
    before = len(platform.writes)
    deadlines(root, "2024-01-17")
    assert len(platform.writes) == before


def test_an_archived_campaign_opens_nothing(platform: Platform) -> None:
    result = deadlines(ROOT, "2024-06-01", "--author", "clerk")
    assert result.exit_code == 0
    assert platform.writes == []


@pytest.mark.parametrize("demo", [False, True])
def test_a_units_accounts_are_called_unless_they_are_made_up(tmp_path: Path, platform: Platform, demo: bool) -> None:
    tree = quiet()
    tree.campaign["demo"] = demo
    tree.organisation(EAST)["submitters"] = ["east-clerk", "east_office"]
    deadlines(checkout(tmp_path / "checkout", tree), "2023-06-24")
    body = platform.open["城东医院：7 天内到期 1 项（示例）"]["body"]
    assert ("@east-clerk @east_office" in body) is not demo
    assert ("演示数据" in body) is demo


def test_a_label_is_given_to_new_issues(root: Path, platform: Platform) -> None:
    deadlines(root, "2023-06-24", "--label", "催办")
    assert {tuple(issue["labels"]) for issue in platform.issues.values()} == {("催办",)}


def test_the_token_of_the_office_comes_before_that_of_the_workflow(
    root: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_TOKEN", "expired")
    result = deadlines(root, "2023-06-24")
    assert result.exit_code == 1
    assert "访问令牌不对或已失效" in result.stderr
    assert "expired" not in result.output


@pytest.mark.parametrize("name", ["GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_TOKEN"])
def test_what_is_missing_is_named(root: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for each in ("GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_TOKEN", "TAIZHANG_TOKEN"):
        monkeypatch.setenv(each, "x")
    monkeypatch.delenv("TAIZHANG_TOKEN")
    monkeypatch.delenv(name)
    result = deadlines(root, "2023-06-24")
    assert result.exit_code == 2
    assert name.replace("GITHUB_TOKEN", "TAIZHANG_TOKEN") in result.stderr


def test_reminders_of_the_sample_are_all_worded(sample: Examination) -> None:
    """Every letter and every issue of both campaigns, on a day of each month, holds together."""
    kinds = Workspace(ROOT).kinds
    written_ = 0
    for ledger in sample.verdict.ledgers:
        for month in range(1, 13):
            today = date(ledger.campaign.ends_on.year, month, 28)
            round_ = round_of(ledger.on(today), today)
            for letter in letters(round_, kinds) if round_ else ():
                assert letter.text.endswith("\n")
                assert not re.search(r"\n\n\n|None|\{|<", letter.text), letter.text
                assert all(line.isprintable() for line in letter.text.splitlines())
                written_ += 1
    assert written_ > 100
