"""The sentences of bulletins, each over small figures: none, one and many, with and without a period before.

`marked` shows a text with its links: `[3](maj_new)项` is a 3 that leads to the rows of `maj_new`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import pytest
from support import marked

from taizhang.bulletins.periodic import Bulletin, Named
from taizhang.bulletins.revisions import Correction, FigureChange
from taizhang.bulletins.telling.sentences import filings, hazards, links, notices, oversight
from taizhang.bulletins.telling.sentences.counts import MONTH, WEEK, PeriodCounts
from taizhang.campaign.campaign import Campaign
from taizhang.campaign.obligations import Duty, Obligation
from taizhang.campaign.periods import named
from taizhang.campaign.roll import Organisation
from taizhang.disclosure.hazards import HazardView
from taizhang.disclosure.oversight import LookBack, OrderView, Tip, Visit
from taizhang.disclosure.views import ExposureView
from taizhang.documents.linked import LinkedText
from taizhang.figures.figures import Figures

Before = dict[str, int] | None


def month(before: Before = None, **now: int) -> PeriodCounts:
    """The figures of a month, each number leading to its own name."""
    return PeriodCounts(Figures(**now), None if before is None else Figures(**before), MONTH, lambda figure: figure)


def week(before: Before = None, **now: int) -> PeriodCounts:
    return PeriodCounts(Figures(**now), None if before is None else Figures(**before), WEEK, lambda figure: figure)


def only(cls: type[Any], **given: Any) -> Any:
    """A value of which a sentence reads only what is given; the rest is None."""
    names = [field.name for field in fields(cls)] if is_dataclass(cls) else cls._fields
    return cls(**{**dict.fromkeys(names), **given})


def org(short_name: str, id: str = "a") -> Organisation:  # noqa: A002 - as the field is called
    return only(Organisation, id=id, short_name=short_name, name=f"示例旗{short_name}", submitters=())  # type: ignore[no-any-return]


HOSPITAL, CLINIC = org("旗医院", "hospital"), org("东苑卫生院", "clinic")
OFFICE, COMMITTEE = org("旗卫健委", "bureau"), org("旗安委办", "committee")


# Counts.


def test_a_number_leads_to_its_rows_unless_it_is_zero_or_nobody_knows_them() -> None:
    assert marked(month(late_n=2).number("late_n")) == "[2](late_n)"
    assert marked(month().number("late_n")) == "0"
    assert marked(PeriodCounts(Figures(late_n=2)).number("late_n")) == "2"


def test_a_count_has_a_label_and_a_measure_or_is_not_there() -> None:
    assert marked(month(late_n=2).counted("迟报", "late_n", "份")) == "迟报[2](late_n)份"
    assert not month().counted("迟报", "late_n", "份")


def test_rates_and_amounts_are_rounded() -> None:
    counts = month(maj_cum_found=3, maj_cum_closed=2, funds_cum=125_000)
    assert marked(counts.rate("closure_rate")) == "[66.7%](closure_rate)"
    assert marked(counts.wan("funds_cum")) == "[12.5](funds_cum)"


@pytest.mark.parametrize(
    ("before", "said"), [(None, ""), (0, "比上月增加2项"), (2, "与上月持平"), (5, "比上月减少3项")]
)
def test_a_change_is_told_only_where_a_period_came_before(before: int | None, said: str) -> None:
    counts = month(None if before is None else {"maj_closed": before}, maj_closed=2)
    assert counts.change("maj_closed", counts.words.last) == said


# Hazards.


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (month(), "本月没有新增重大事故隐患"),
        (week(), "本周没有新增重大事故隐患"),
        (month({}), "本月没有新增重大事故隐患"),
        (month({"maj_new_self": 2}), "本月没有新增重大事故隐患，上月新增2项"),
        (month(maj_new_self=1), "本月新增重大事故隐患[1](maj_new)项，由单位自查发现"),
        (month(maj_new_self=3), "本月新增重大事故隐患[3](maj_new)项，均由单位自查发现"),
        (week(maj_new_external=1), "本周新增重大事故隐患[1](maj_new)项，由检查、举报等发现"),
        (month(maj_new_external=2), "本月新增重大事故隐患[2](maj_new)项，均由检查、举报等发现"),
        (
            month({"maj_new_external": 2}, maj_new_self=2, maj_new_external=1),
            "本月新增重大事故隐患[3](maj_new)项，比上月增加1项，其中单位自查发现[2](maj_new_self)项，"
            "检查、举报等发现[1](maj_new_external)项",
        ),
        (week({"maj_new_self": 1}, maj_new_self=1), "本周新增重大事故隐患[1](maj_new)项，与上周持平，由单位自查发现"),
        (month(maj_relapsed=1), "本月没有新增重大事故隐患；回头看发现反弹[1](maj_relapsed)项"),
        (
            month(maj_new_self=1, maj_relapsed=2),
            "本月新增重大事故隐患[1](maj_new)项，由单位自查发现；回头看发现反弹[2](maj_relapsed)项",
        ),
    ],
)
def test_new_hazards(counts: PeriodCounts, said: str) -> None:
    assert marked(hazards.new(counts)) == said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (month(), "没有整改销号"),
        (month({"maj_closed": 4}), "没有整改销号"),
        (month(maj_closed=1), "整改销号[1](maj_closed)项"),
        (week({"maj_closed": 4}, maj_closed=3), "整改销号[3](maj_closed)项，比上周减少1项"),
        (month(maj_removed=1), "没有整改销号；经重新判定核减[1](maj_removed)项"),
        (
            month({}, maj_closed=1, maj_removed=2),
            "整改销号[1](maj_closed)项，比上月增加1项；经重新判定核减[2](maj_removed)项",
        ),
    ],
)
def test_closed_hazards(counts: PeriodCounts, said: str) -> None:
    assert marked(hazards.closed(counts)) == said


Sentence = Callable[[PeriodCounts], LinkedText]


@pytest.mark.parametrize(
    ("sentence", "counts", "said"),
    [
        (hazards.still_open, month(), "月末没有未整改的重大事故隐患"),
        (hazards.still_open, month(maj_open_end=2), "月末未整改[2](maj_open_end)项"),
        (hazards.still_open_weekly, week({"maj_open_end": 2}), "期末没有未整改的重大事故隐患"),
        (hazards.still_open_weekly, week(maj_open_end=1), "[期末未整改](#annex)[1](maj_open_end)项"),
        (
            hazards.still_open_weekly,
            week({"maj_open_end": 2}, maj_open_end=3, maj_overdue=1),
            "[期末未整改](#annex)[3](maj_open_end)项，比上周末增加1项，其中逾期[1](maj_overdue)项",
        ),
        (hazards.still_open_monthly, month(), "月末没有未整改的重大事故隐患"),
        (hazards.still_open_monthly, month({}), "月末没有未整改的重大事故隐患"),
        (hazards.still_open_monthly, month({"maj_open_end": 2}), "月末没有未整改的重大事故隐患，比上月末减少2项"),
        (
            hazards.still_open_monthly,
            month({"maj_open_end": 9}, maj_open_end=9, maj_legacy_open=1, maj_overdue=2, maj_extended=3),
            "[月末未整改](#annex)[9](maj_open_end)项，与上月末持平，其中前期已发现未整改[1](maj_legacy_open)项、"
            "逾期未整改[2](maj_overdue)项、已延期[3](maj_extended)项",
        ),
        (
            hazards.still_open_monthly,
            month(maj_open_end=1, maj_extended=1),
            "[月末未整改](#annex)[1](maj_open_end)项，其中已延期[1](maj_extended)项",
        ),
    ],
)
def test_open_hazards(sentence: Sentence, counts: PeriodCounts, said: str) -> None:
    assert marked(sentence(counts)) == said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (month(), "行动开展以来，没有经判定的重大事故隐患。"),
        (month(maj_cum_found=2), "行动开展以来，累计排查重大事故隐患[2](maj_cum_found)项，尚无整改销号。"),
        (
            month(maj_cum_found=3, maj_cum_closed=1, funds_cum=5_000),
            "行动开展以来，累计排查重大事故隐患[3](maj_cum_found)项，已整改销号[1](maj_cum_closed)项，"
            "整改率[33.3%](closure_rate)，落实整改资金[0.5](funds_cum)万元。",
        ),
        (
            month(fell_due=2),
            "行动开展以来，没有经判定的重大事故隐患。本月到期应完成整改[2](fell_due)项，没有按期完成的。",
        ),
        (
            month(maj_cum_found=2, fell_due=2, closed_in_time=1),
            "行动开展以来，累计排查重大事故隐患[2](maj_cum_found)项，尚无整改销号。本月到期应完成整改[2](fell_due)项，"
            "按期完成[1](closed_in_time)项，按期整改率[50.0%](on_time_closure_rate)。",
        ),
    ],
)
def test_all_hazards_so_far(counts: PeriodCounts, said: str) -> None:
    assert marked(hazards.cumulative(counts)) == said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (month(), ""),
        (month(gen_found=1), "一般事故隐患本月排查[1](gen_found)项，月末全部整改到位。"),
        (month(gen_fixed=2), "一般事故隐患本月整改[2](gen_fixed)项，月末全部整改到位。"),
        (month(gen_open=3), "一般事故隐患月末未整改[3](gen_open)项。"),
        (
            week(gen_found=5, gen_fixed=3, gen_open=2),
            "一般事故隐患本周排查[5](gen_found)项，整改[3](gen_fixed)项，期末未整改[2](gen_open)项。",
        ),
    ],
)
def test_general_hazards(counts: PeriodCounts, said: str) -> None:
    assert marked(hazards.general(counts)) == said


def hazard(number: str, **given: Any) -> HazardView:
    given = {"fields": {"title": f"隐患{number}"}, "unit": "hospital", "unit_name": "旗医院", **given}
    return only(HazardView, ref=f"hospital/{number}", **given)  # type: ignore[no-any-return]


ESSENTIALS = {"责任": True, "措施": False, "资金": True, "时限": True, "预案": False}


def test_hazards_are_named_with_what_is_wrong_with_them() -> None:
    late = [hazard("1", days_overdue=1), hazard("2", days_overdue=30)]
    first = "旗医院“[隐患1](units/c/hospital/#hazard-hospital-1)”"
    second = "旗医院“[隐患2](units/c/hospital/#hazard-hospital-2)”"
    assert marked(hazards.overdue([], "c")) == marked(hazards.essentials([], "c")) == ""
    assert marked(hazards.overdue(late[:1], "c")) == f"{first}逾期1天"
    assert marked(hazards.overdue(late, "c")) == f"{first}逾期1天；{second}逾期30天"
    thin = [hazard("1", essentials=ESSENTIALS), hazard("2", essentials={"责任": False})]
    assert marked(hazards.essentials(thin, "c")) == f"{first}未落实措施、预案；{second}未落实责任"


def test_a_title_over_two_lines_stays_in_its_sentence() -> None:
    late = hazard("1", days_overdue=2, fields={"title": "配电箱\n  没有门"})
    assert marked(hazards.overdue([late], "c")) == "旗医院“[配电箱没有门](units/c/hospital/#hazard-hospital-1)”逾期2天"


@pytest.mark.parametrize(
    ("units", "said"),
    [
        ([], ""),
        ([Named(HOSPITAL, 1)], "，涉及[旗医院](units/c/hospital/)"),
        (
            [Named(HOSPITAL, 1), Named(CLINIC, 2)],
            "，涉及[旗医院](units/c/hospital/)、[东苑卫生院](units/c/clinic/)（2项）",
        ),
    ],
)
def test_what_units_did_not_find_themselves(units: list[Named], said: str) -> None:
    total = sum(unit.times for unit in units)
    many = f"本月由检查、举报等发现，单位自查没有发现的重大事故隐患[{total}](maj_new_external)项"
    found = hazards.found_outside(units, month(maj_new_external=total), "c")
    assert marked(found) == (many + said if units else "")


# Returns.


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (month(), "本月没有到期的定期报送。"),
        (
            month(on_time_n=3),
            "本月应报周报[3](due_n)份，实报[3](received_n)份，报送率[100.0%](submission_rate)；"
            "按时报送[3](in_time_n)份，按时报送率[100.0%](in_time_rate)。",
        ),
        (
            month(missing_n=1),
            "本月应报周报[1](due_n)份，实报0份，报送率[0.0%](submission_rate)；"
            "按时报送0份，按时报送率[0.0%](in_time_rate)；未报送[1](missing_n)份。",
        ),
        (
            month(on_time_n=2, nil_n=2, late_n=1, missing_n=3),
            "本月应报周报[8](due_n)份，实报[5](received_n)份，报送率[62.5%](submission_rate)；"
            "按时报送[4](in_time_n)份（其中零报告[2](nil_n)份），按时报送率[50.0%](in_time_rate)；"
            "迟报[1](late_n)份，未报送[3](missing_n)份。",
        ),
    ],
)
def test_returns_of_a_month(counts: PeriodCounts, said: str) -> None:
    assert marked(filings.filed(counts, "周报")) == said


@pytest.mark.parametrize(
    ("counts", "missing", "late", "said"),
    [
        (week(), [], [], "本周没有到期的报送。"),
        (
            week(on_time_n=2),
            [],
            [],
            "应报[2](due_n)家，实报[2](received_n)家，报送率[100.0%](submission_rate)。各单位均按时报送。",
        ),
        (
            week(nil_n=1, missing_n=1),
            [Named(HOSPITAL, 1)],
            [],
            "应报[2](due_n)家，实报[1](received_n)家，报送率[50.0%](submission_rate)，其中零报告[1](nil_n)家。"
            "未报送的有[旗医院](units/c/hospital/)。",
        ),
        (
            week(late_n=1, missing_n=2),
            [Named(HOSPITAL, 2)],
            [Named(CLINIC, 1)],
            "应报[3](due_n)家，实报[1](received_n)家，报送率[33.3%](submission_rate)。"
            "未报送的有[旗医院](units/c/hospital/)（2次）。迟报的有[东苑卫生院](units/c/clinic/)。",
        ),
    ],
)
def test_returns_of_a_week(counts: PeriodCounts, missing: list[Named], late: list[Named], said: str) -> None:
    assert marked(filings.filed_weekly(counts, missing, late, "c")) == said


def test_who_filed_nothing_new_late_or_not_at_all() -> None:
    both = [Named(HOSPITAL, 1), Named(CLINIC, 3)]
    names = "[旗医院](units/c/hospital/)、[东苑卫生院](units/c/clinic/)（3份）"
    assert not filings.nil_filers([], "c")
    assert marked(filings.nil_filers(both, "c")) == f"上报零报告的单位有{names}。"
    assert not filings.unmet([], [], "c")
    assert marked(filings.unmet(both, [], "c")) == f"未报送的有{names}"
    assert marked(filings.unmet([], both[:1], "c")) == "迟报的有[旗医院](units/c/hospital/)"
    assert marked(filings.unmet(both, both[:1], "c")) == f"未报送的有{names}；迟报的有[旗医院](units/c/hospital/)"


# Superiors and the public.


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (month(), ""),
        (month(drill_n=1), "本月各单位组织应急演练[1](drill_n)次。"),
        (month(principal_checks_qtd=4), "本月各单位主要负责人本季度累计带队检查[4](principal_checks_qtd)次。"),
        (
            month(self_checks=9, train_n=200, drill_n=1, warn_n=2, principal_checks_qtd=4),
            "本月各单位开展自查[9](self_checks)次，培训[200](train_n)人次，组织应急演练[1](drill_n)次，"
            "开展警示教育[2](warn_n)次；主要负责人本季度累计带队检查[4](principal_checks_qtd)次。",
        ),
    ],
)
def test_what_units_did(counts: PeriodCounts, said: str) -> None:
    assert marked(oversight.worked(counts)) == said


def visit(by: Organisation, label: str, found: Iterable[str] = (), *stable: bool) -> Visit:
    looked = tuple(only(LookBack, stable=held) for held in stable)
    return only(Visit, by=by, label=label, found=tuple(found), look_back=looked)  # type: ignore[no-any-return]


PLACE = "visits/#campaign-c"


@pytest.mark.parametrize(
    ("visits", "counts", "said"),
    [
        ([], month(), ""),
        ([visit(OFFICE, "抽查")], month(visited_n=1), f"本月旗卫健委开展[抽查1次]({PLACE})，到访[1](visited_n)家次。"),
        (
            [visit(OFFICE, "督导", ["h/1"]), visit(COMMITTEE, "抽查", ["h/2"]), visit(OFFICE, "督导")],
            month(visited_n=4, checked_hazards_n=2),
            f"本月旗卫健委、旗安委办开展[抽查1次]({PLACE})、[督导2次]({PLACE})，到访[4](visited_n)家次，"
            "发现自查没有发现的隐患[2](checked_hazards_n)项。",
        ),
        (
            [visit(OFFICE, "督导", ["h/1"]), visit(OFFICE, "督导", ["h/1"])],
            month(visited_n=2, checked_hazards_n=1),
            f"本月旗卫健委开展[督导2次]({PLACE})，到访[2](visited_n)家次，"
            "发现自查没有发现的隐患[1](checked_hazards_n)项。",
        ),
        (
            [visit(OFFICE, "回头看", (), True)],
            month(visited_n=1),
            f"本月旗卫健委开展[回头看1次]({PLACE})，到访[1](visited_n)家次；复查已销号隐患1项，没有反弹。",
        ),
        (
            [visit(OFFICE, "回头看", (), True), visit(OFFICE, "回头看", (), True)],
            month(visited_n=2),
            f"本月旗卫健委开展[回头看2次]({PLACE})，到访[2](visited_n)家次；复查已销号隐患2项，均未反弹。",
        ),
        (
            [visit(OFFICE, "回头看", (), True, False)],
            month(visited_n=1),
            f"本月旗卫健委开展[回头看1次]({PLACE})，到访[1](visited_n)家次；复查已销号隐患2项，其中反弹1项。",
        ),
    ],
)
def test_visits(visits: list[Visit], counts: PeriodCounts, said: str) -> None:
    assert marked(oversight.visited(visits, counts, "c")) == said


def order(kind: str, unit: Organisation) -> OrderView:
    return only(OrderView, kind=kind, unit=unit)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("orders", "counts", "said"),
    [
        ([], month(), ""),
        ([order("assign", HOSPITAL)], month(), ""),
        ([order("talk", HOSPITAL)], month(), "本月约谈1次（[旗医院](units/c/hospital/)）。"),
        (
            [order("talk", CLINIC), order("rectify", HOSPITAL), order("rectify", HOSPITAL), order("rectify", CLINIC)],
            month(),
            "本月责令整改3件（[旗医院](units/c/hospital/)、[东苑卫生院](units/c/clinic/)），"
            "约谈1次（[东苑卫生院](units/c/clinic/)）。",
        ),
        (
            [order("suspend_partial", HOSPITAL), order("suspend_full", CLINIC)],
            month(maj_suspended=2),
            "本月责令停产停业2家（[旗医院](units/c/hospital/)、[东苑卫生院](units/c/clinic/)）；"
            "月末未整改的重大事故隐患中，停产停业[2](maj_suspended)项。",
        ),
        (
            [],
            month(maj_supervised=1, maj_suspended=1),
            "月末未整改的重大事故隐患中，挂牌督办[1](maj_supervised)项，停产停业[1](maj_suspended)项。",
        ),
    ],
)
def test_orders(orders: list[OrderView], counts: PeriodCounts, said: str) -> None:
    assert marked(oversight.ordered(orders, counts, "c")) == said


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ([], ""),
        (["属实"], "本月[办结举报1件](tips/#campaign-c)：属实1件。"),
        (["属实", "不属实", "属实"], "本月[办结举报3件](tips/#campaign-c)：不属实1件，属实2件。"),
    ],
)
def test_tips(outcomes: list[str], said: str) -> None:
    tips = [only(Tip, outcome=outcome) for outcome in outcomes]
    assert marked(oversight.tipped(tips, month(), "c")) == said


def exposure(name: str, title: str) -> ExposureView:
    given = {"campaign": "c", "name": name, "unit_name": "示例旗东苑卫生院", "fields": {"title": title}}
    return only(ExposureView, **given)  # type: ignore[no-any-return]


def test_exposures_are_named_the_oldest_first_and_by_their_unit_where_the_headline_is_not() -> None:
    shown = [exposure("2", "东苑卫生院消防通道被堵"), exposure("1", "消防通道被堵")]
    assert not oversight.exposed("本月曝光", [])
    assert marked(oversight.exposed("本月曝光", shown)) == (
        "本月曝光2件：[示例旗东苑卫生院：消防通道被堵](exposures/c/1/)；[东苑卫生院消防通道被堵](exposures/c/2/)。"
    )


def test_an_organisation_is_named_once_with_how_often() -> None:
    once_and_twice = [Named(HOSPITAL, 1), Named(CLINIC, 2)]
    assert not links.organisations([], "c")
    assert marked(links.organisations(once_and_twice, "c")) == (
        "[旗医院](units/c/hospital/)、[东苑卫生院](units/c/clinic/)（2次）"
    )


# Revisions, corrections, deadlines.


def test_a_monthly_bulletin_opens_with_its_occasion_and_its_days() -> None:
    bulletin = only(Bulletin, period=named("2023-08"), cut_off=date(2023, 9, 4))
    assert marked(notices.opening(bulletin, "专项行动")) == (
        "按照专项行动的安排，现将2023年8月份进展情况通报如下。"
        "隐患情况统计至2023年8月31日24时，报送情况统计至2023年9月4日24时。"
    )


@pytest.mark.parametrize(
    ("revision", "reason", "said"),
    [
        (1, "", ""),
        (2, "漏统计一家", "本期为第2版，代替第1版。更正原因：漏统计一家。"),
        (3, "漏报。\n 重报；", "本期为第3版，代替第2版。更正原因：漏报。重报。"),
    ],
)
def test_what_a_revision_replaces(revision: int, reason: str, said: str) -> None:
    assert marked(notices.replaces(revision, reason)) == said


@pytest.mark.parametrize(
    ("kind", "key", "changes", "said"),
    [
        ("monthly", "2023-07", (), "第3期月通报（2023年7月）印发后作了更正（第2版），原因：漏报。"),
        (
            "weekly",
            "2023-W22",
            (FigureChange(HOSPITAL, "x", "期末存量", "3", ""), FigureChange(None, "y", "新增", "", "1")),
            "第3期周统计（2023年第22周（5月29日至6月4日））印发后作了更正（第2版），原因：漏报。"
            "更正的数字：旗医院“期末存量”由3改为空白；合计“新增”由空白改为1。",
        ),
    ],
)
def test_what_was_corrected(kind: str, key: str, changes: tuple[FigureChange, ...], said: str) -> None:
    assert marked(notices.corrected(Correction(kind, 3, named(key), 2, "漏报", changes))) == said


def due(day: str, kind: str, title: str) -> Obligation:
    return Obligation(only(Duty, kind=kind, title=title), None, date.fromisoformat(day))


@pytest.mark.parametrize(
    ("coming", "said"),
    [
        ([], ""),
        ([due("2023-12-01", "reports", "总结")], "12月1日前报送总结。"),
        ([due("2023-12-01", "activities", "演练")], "12月1日前完成演练。"),
        (
            [
                due("2024-01-05", "monthly", "月报"),
                due("2023-12-01", "activities", "演练"),
                due("2023-12-01", "reports", "总结"),
                due("2023-12-01", "weekly", "周报"),
            ],
            "12月1日前报送总结、周报，完成演练；2024年1月5日前报送月报。",
        ),
    ],
)
def test_deadlines(coming: list[Obligation], said: str) -> None:
    assert marked(notices.deadlines(coming, 2023)) == said
    assert marked(notices.deadlines(coming, 2023, "近期：")) == (f"近期：{said}" if said else "")


def test_the_regular_returns_of_a_campaign_are_called_by_their_titles_once() -> None:
    duties = (("weekly", "周报"), ("reports", "总结"), ("weekly", "周报"), ("monthly", "月报"))
    campaign = only(Campaign, duties=[only(Duty, kind=kind, title=title) for kind, title in duties])
    assert campaign.returns_name == "周报、月报"


def test_the_office_is_quoted_line_by_line_and_never_linked() -> None:
    said = notices.paragraphs(["  一句。\n\n二句 <a href='x'>。", ""])
    assert [text for text in said if text] == [LinkedText("一句。"), LinkedText("二句 <a href='x'>。")]
