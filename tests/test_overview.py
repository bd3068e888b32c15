"""How organisations stand, as rows; and what a check comes to, in a few lines."""

from __future__ import annotations

from datetime import date

from support import Tree, duty

from taizhang.checks.summary import summary
from taizhang.figures.summary import OUTSTANDING, unit_counts
from taizhang.ledger.duties import Status
from taizhang.ledger.overview import outstanding

DAY = date(2023, 7, 10)
PLAN = duty("plan", "reports", {"every": "once", "by": "2023-06-30"}, where={"duty": "plan"})
RESULT = duty("result", "reports", {"every": "once", "by": "2023-07-20"}, where={"duty": "result"})


def tree() -> Tree:
    """Two deadlines, one past; a hazard that is past its own, one without, one closed, one of another unit."""
    made = Tree().duties(PLAN, RESULT)
    made.add("east-hospital", "reports", "plan", filed_on="2023-06-20")
    made.add("east-hospital", "hazards", deadline="2023-07-01")
    made.add("east-hospital", "hazards", "2023-002", claimed_level="general", deadline=None)
    made.add("west-hospital", "hazards", deadline="2023-07-31")
    return made


def test_each_unit_is_counted_by_what_it_returned_and_what_is_open() -> None:
    ledger = tree().ledger(DAY)
    rows = {unit.id: dict(zip(OUTSTANDING, counts, strict=True)) for unit, counts in unit_counts(ledger)}
    assert list(rows) == [unit.id for unit in ledger.roll.units]
    counted = {unit: {name: count for name, count in rows[unit].items() if count} for unit in rows}
    assert counted["east-hospital"] == {"duty_on_time_n": 1, "duty_not_due_n": 1, "open_n": 2, "overdue_n": 1}
    assert counted["west-hospital"] == {"duty_missing_n": 1, "duty_not_due_n": 1, "open_n": 1}


def test_what_is_owed_is_what_is_missing_or_near_and_every_open_hazard() -> None:
    ledger = tree().ledger(DAY)
    east = [(item.due, item.days_left) for item in outstanding(ledger, "east-hospital", 10)]
    assert east == [(date(2023, 7, 20), 10), (date(2023, 7, 1), -9), (None, None)]
    assert [item.due for item in outstanding(ledger, "east-hospital", 9)] == [date(2023, 7, 1), None]
    west = list(outstanding(ledger, "west-hospital", 0))
    assert (west[0].due, west[0].state) == (date(2023, 6, 30), Status.MISSING.label)
    assert west[1].label.startswith("隐患 west-hospital/2023-001：")


def test_a_check_is_summed_up_with_a_line_for_each_campaign() -> None:
    passed, campaign = summary(tree().verdict(DAY)).splitlines()
    assert passed == "检查通过：4 份记录计入台账，0 处提醒。"
    assert campaign.startswith(
        "示例（截至 2023-07-10）：全部事项按时 1、全部事项零报告 0、全部事项迟报 0、全部事项未报 "
    )
    assert campaign.endswith("、未整改重大隐患 0、逾期未整改重大隐患 0、全部未销号隐患 3、全部逾期隐患 1。")
    broken = tree()
    broken.add("west-hospital", "weekly", filed_on="x")
    assert summary(broken.verdict(DAY)).startswith("有 1 处错误，相关记录没有计入：4 份记录")
