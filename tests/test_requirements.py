"""Sentences of the two notices that no other file of tests proves: each against a record that answers it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from issues import issued
from support import HAZARD, KINDS, LATER, Data, Tree, duty
from support import sample as heads

from taizhang.bulletins.periodic import published as bulletins_of
from taizhang.campaign.periods import Rhythm, containing
from taizhang.disclosure.projection import public_fields
from taizhang.disclosure.public import campaign_view
from taizhang.figures.assessment import score_sheet
from taizhang.figures.figures import Figures
from taizhang.figures.tables import period_figures
from taizhang.findings import worded
from taizhang.findings.formats import as_text
from taizhang.ledger.closed_loop import State
from taizhang.ledger.duties import Status
from taizhang.ledger.ledger import Ledger
from taizhang.pages.pages import CriteriaDocument, Edition, render
from taizhang.workspace import Examination

EAST, WEST = "east-hospital", "west-hospital"
BY_THE_END: Data = {"every": "once", "by": "2023-12-31"}


def sound(tree: Tree, day: date = LATER) -> Ledger:
    """The ledger of a tree in which nothing is wrong."""
    assert as_text(worded(tree.verdict(day).validity)) == ""
    return tree.ledger(day)


def codes(tree: Tree) -> list[str]:
    return [item.code for item in tree.verdict().validity]


def published(tree: Tree) -> str:
    """All that the public site says of a tree's campaign, without the pages that explain the rules."""
    ledger = sound(tree)
    view = campaign_view(ledger, KINDS)
    documents = [CriteriaDocument(record.name, public_fields(record)) for record in tree.intake().of("criteria")]
    sources = {record.path: ledger for record in ledger.filed("bulletins")}
    edition = Edition(campaigns=[(view, bulletins_of(ledger, view, sources))], criteria=documents)
    return "\n".join(page.body for page in render(edition) if not page.href.startswith(("help/", "filing/")))


def stands(tree: Tree, org: str, name: str) -> Status:
    """How an organisation stands with a duty that is owed once."""
    ledger = sound(tree)
    (item,) = [item for item in ledger.returns_by_org[org] if item.obligation.duty.id == name]
    return item.status(ledger.at)


def asking(kind: str, **where: str) -> Tree:
    return Tree().duties(duty("asked", kind, BY_THE_END, where=where))


def determined(tree: Tree, **fields: object) -> Tree:
    """With a hazard of the eastern hospital that the bureau found to be major."""
    tree.add(EAST, "hazards", **fields)
    tree.add("bureau", "determinations")
    return tree


def june(tree: Tree) -> Figures:
    month = containing(Rhythm.MONTH, date(2023, 6, 1))
    return period_figures(sound(tree), month, LATER).total


# --- Activities: each kind can be asked for, is answered by that kind alone, and stands on the unit's page --------


@pytest.mark.parametrize(
    ("activity", "title"),
    [
        pytest.param("on_post", "节日期间在岗值守", marks=pytest.mark.requirement("A23")),
        pytest.param("safety_staffing", "设安全科，配专职两人", marks=pytest.mark.requirement("A27")),
        pytest.param("expert_guidance", "请消防专家到院指导", marks=pytest.mark.requirement("A28")),
        pytest.param("progress_report", "上半月进展", marks=pytest.mark.requirement("A40")),
        pytest.param("taskforce", "成立领导小组和专班", marks=pytest.mark.requirement("A49")),
        pytest.param("publicity", "学习论述和批示精神", marks=pytest.mark.requirement("B14")),
        pytest.param("risk_mechanism", "六项机制制度汇编", marks=pytest.mark.requirement("B15")),
        pytest.param("publicity", "举报奖励办法上墙", marks=pytest.mark.requirement("B16")),
        pytest.param("publicity", "燃气安全专题行", marks=pytest.mark.requirement("B17")),
        pytest.param("publicity", "候诊区安全提示", marks=pytest.mark.requirement("B43")),
    ],
)
def test_an_activity_is_asked_for_by_its_kind_and_shown(activity: str, title: str) -> None:
    tree = asking("activities", activity=activity)
    tree.add(EAST, "activities", activity=activity, title=title)
    tree.add(WEST, "activities", title="无关活动")
    assert stands(tree, EAST, "asked") is Status.ON_TIME
    assert stands(tree, WEST, "asked") is Status.MISSING
    (unit,) = [unit for unit in campaign_view(sound(tree), KINDS).units if unit.org.id == EAST]
    assert title in [event.title for event in unit.events]


@pytest.mark.requirement("A40")
def test_progress_is_reported_at_any_time_without_being_asked() -> None:
    tree = Tree()
    for day in ("2023-06-01", "2023-06-02", "2023-11-30"):
        named = {"activity": "progress_report", "title": f"{day}进展", "held_on": day, "filed_on": day}
        tree.add(EAST, "activities", f"{day}-progress", **named)
    (unit,) = [unit for unit in campaign_view(sound(tree), KINDS).units if unit.org.id == EAST]
    assert [e.title for e in unit.events] == ["2023-11-30进展", "2023-06-02进展", "2023-06-01进展"]


# --- Self-checks and who leads them -------------------------------------------------------------------


@pytest.mark.requirement("A8")
def test_what_the_head_answers_for_is_not_answered_by_a_deputy() -> None:
    tree = Tree().duties(duty("table", "reports", BY_THE_END, where={"duty": "table", "signed_by": "principal"}))
    tree.add(EAST, "reports", "table", duty="table", signed_by="principal")
    tree.add(WEST, "reports", "table", duty="table", signed_by="deputy")
    tree.add(EAST, "inspections")
    tree.add(WEST, "inspections", led_by="deputy")
    (finding,) = tree.verdict().validity
    assert (finding.code, f"/{WEST}/" in finding.file) == ("E-DUTY-ANSWER", True)
    ledger = tree.ledger()
    found = {item.org.id: item.status(ledger.at) for item in ledger.returns if item.org.id in (EAST, WEST)}
    assert found == {EAST: Status.ON_TIME, WEST: Status.MISSING}
    quarter = containing(Rhythm.QUARTER, date(2023, 6, 1))
    rows = {row.org.id: row.figures for row in period_figures(ledger, quarter, LATER).rows}
    assert [rows[org].principal_checks_qtd for org in (EAST, WEST)] == [1, 0]


@pytest.mark.requirement("A13")
@pytest.mark.requirement("B33")
def test_self_checks_are_counted_and_held_against_criteria() -> None:
    tree = determined(Tree(), criteria=["standard-2017/7.1"])
    tree.add(EAST, "weekly", "2023-W23", filed_on="2023-06-11", self_checks=2)
    tree.add(WEST, "monthly", "2023-06", self_checks=3)
    assert june(tree).self_checks == 5
    assert "示例标准（2017）" in published(tree)
    unknown = Tree()
    unknown.add(EAST, "hazards", criteria=["standard-2017/9.9"])
    assert codes(unknown) == ["E-CLAUSE"]


@pytest.mark.requirement("A51")
def test_a_check_names_where_it_was_and_an_empty_report_is_none() -> None:
    nowhere = Tree()
    nowhere.add(EAST, "inspections", places=[])
    assert codes(nowhere) == ["E-LIMIT"]
    empty = Tree()
    empty.add(EAST, "weekly", self_checks=None)
    assert codes(empty) == ["E-NOTHING"]
    half = Tree()
    half.add(EAST, "weekly", nil_return=True, self_checks=None, places_checked=4)
    assert codes(half) == ["E-NIL"]
    full = Tree()
    full.add(EAST, "weekly", self_checks=1, places_checked=4)
    (record,) = sound(full).filed("weekly")
    assert public_fields(record)["places_checked"] == 4


# --- Hazards ------------------------------------------------------------------------------------------


@pytest.mark.requirement("A15")
def test_a_plan_for_treatment_is_a_step_of_its_own_and_comes_before_the_work() -> None:
    tree = determined(Tree())
    tree.add(EAST, "rectifications", stage="plan", progress="分三步更换门锁")
    assert sound(tree).hazard_by_ref[HAZARD].state is State.PLAN_FILED
    assert "分三步更换门锁" in published(tree)
    again = {"stage": "plan", "filed_on": "2023-06-12", "progress_on": "2023-06-12"}
    tree.add(EAST, "rectifications", "2023-002", filed_on="2023-06-11", progress_on="2023-06-11")
    tree.add(EAST, "rectifications", "2023-003", **again)
    assert codes(tree) == ["E-STEP"]


@pytest.mark.requirement("A18")
def test_money_is_secured_counted_and_accounted_for() -> None:
    tree = determined(Tree())
    assert (june(tree).funds_cum, june(tree).maj_five_ok) == (8000, 1)
    assert "计划0.8万元，已落实0.8万元" in published(tree)
    without = determined(Tree(), funds=None)
    assert (june(without).funds_cum, june(without).maj_five_ok) == (0, 0)
    overspent = Tree()
    overspent.add(EAST, "hazards", funds={"planned": 8000, "spent": 9000})
    assert codes(overspent) == ["E-FUNDS"]


@pytest.mark.requirement("A19")
def test_reporting_to_the_regulator_is_dated_and_shown() -> None:
    assert "2023年6月3日" in published(determined(Tree(), regulator_reported_on="2023-06-03"))
    assert "报告监管部门" not in published(determined(Tree()))
    early = Tree()
    early.add(EAST, "hazards", regulator_reported_on="2023-05-31")
    assert codes(early) == ["E-ORDER"]


@pytest.mark.requirement("A39")
@pytest.mark.parametrize(
    ("field", "essential"), [("responsible_role", "责任"), ("measures", "措施"), ("deadline", "时限")]
)
def test_each_hazard_says_who_does_what_by_when(field: str, essential: str) -> None:
    (hazard,) = campaign_view(sound(determined(Tree())), KINDS).hazards
    assert hazard.essentials[essential]
    tree = determined(Tree(), **{field: None})
    (hazard,) = campaign_view(sound(tree), KINDS).hazards
    assert [name for name, told in hazard.essentials.items() if not told] == [essential]
    tree.add(EAST, "rectifications")
    assert codes(tree) == ["E-FIVE"]


@pytest.mark.requirement("A53")
def test_the_ledger_is_kept_by_category() -> None:
    tree = determined(Tree(), category="gas")
    tree.add(WEST, "hazards", category="electrical")
    tree.add("bureau", "determinations", "2023-002", hazard="west-hospital/2023-001")
    words = {h.unit: h.words["category"] for h in campaign_view(sound(tree), KINDS).hazards}
    assert words == {EAST: "燃气", WEST: "电气"}
    for category, code in ((None, "E-REQUIRED"), ("fire-and-gas", "E-ENUM")):
        other = Tree()
        other.add(EAST, "hazards", category=category)
        assert codes(other) == [code]


@pytest.mark.requirement("B12")
def test_the_public_learns_the_place_and_not_the_exact_spot() -> None:
    text = published(determined(Tree(), place="配电房一带", location_text="三号柜背面"))
    assert "配电房一带" in text
    assert "三号柜背面" not in text


@pytest.mark.requirement("B13")
@pytest.mark.parametrize(
    ("category", "word"),
    [("hazchem", "危险化学品"), ("construction_hot_work", "建设施工与动火"), ("natural_disaster", "自然灾害与汛期")],
)
def test_interim_controls_against_heat_and_storm_are_shown_with_the_kind_of_hazard(category: str, word: str) -> None:
    tree = determined(Tree(), category=category, interim_controls=["雷雨前停工", "高温时段喷淋"])
    (hazard,) = campaign_view(sound(tree), KINDS).hazards
    assert hazard.words["category"] == word
    text = published(tree)
    assert "雷雨前停工" in text
    assert "高温时段喷淋" in text


# --- Resources ----------------------------------------------------------------------------------------


@pytest.mark.requirement("A24")
def test_a_major_hazard_source_has_guarantors_and_only_its_number_is_public() -> None:
    tree = asking("resources", resource="major_hazard_source")
    source = {"resource": "major_hazard_source", "location_text": "后院西侧", "quantity": 1}
    tree.add(EAST, "resources", "2023-001", guarantors=["院长", "总务科科长", "供氧站班长"], **source)
    assert stands(tree, EAST, "asked") is Status.ON_TIME
    assert stands(tree, WEST, "asked") is Status.MISSING
    text = published(tree)
    assert not [word for word in ("后院西侧", "供氧站班长") if word in text]
    without = Tree()
    path = without.add(EAST, "resources", **source)
    assert [(f.code, f.file) for f in without.verdict().validity] == [("E-GUARANTORS", path)]


@pytest.mark.requirement("A31")
def test_a_drill_leads_to_a_revised_plan() -> None:
    revised = {"resource": "plan", "plan_kind": "on_site", "quantity": 1, "after_drill": f"{EAST}/2023-06-16-drill"}
    tree = Tree()
    tree.add(EAST, "resources", **revised)
    assert codes(tree) == ["E-REF"]
    tree.add(EAST, "activities")
    (plan,) = sound(tree).filed("resources")
    assert public_fields(plan)["after_drill"] == f"{EAST}/2023-06-16-drill"


@pytest.mark.requirement("B26")
@pytest.mark.parametrize("resource", ["team", "supply"])
def test_preparedness_is_inventoried(resource: str) -> None:
    tree = asking("resources", resource=resource)
    tree.add(EAST, "resources", resource=resource)
    tree.add(WEST, "resources", resource="plan", plan_kind="overall")
    assert stands(tree, EAST, "asked") is Status.ON_TIME
    assert stands(tree, WEST, "asked") is Status.MISSING


# --- What superiors do and what becomes public --------------------------------------------------------


@pytest.mark.requirement("A6")
def test_responsibility_is_traced_back_on_a_stated_ground() -> None:
    traced = {"order": "trace_back", "hazard": None, "deadline": None}
    tree = Tree()
    tree.add("council", "orders", accountability="not_thorough", **traced)
    (record,) = sound(tree).filed("orders")
    assert record.kind.labels("accountability")[record.data["accountability"]] == "隐患整治不彻底"
    without = Tree()
    without.add("council", "orders", **traced)
    assert codes(without) == ["E-ORDER-FIELD"]


@pytest.mark.requirement("A34")
@pytest.mark.requirement("B41")
def test_good_practices_are_spread() -> None:
    tree = Tree()
    told = {
        "filed_on": "2023-06-30",
        "title": "班前五分钟",
        "summary": "每班交接前用五分钟查看本科室的出口、灭火器和插座，登记在交接本上。",
    }
    tree.add(EAST, "practices", **told)
    tree.add(
        "north-county",
        "practices",
        **{**told, "title": "片区互查", "summary": "相邻两家卫生院结成一组，每月互查一次，发现的问题当天告诉对方。"},
    )
    tree.campaign["bulletins"] = [{"bulletin": "monthly", "from": "2023-06-01", "cut_off_days": 3}]
    issued(tree, "monthly", "2023-06", "2023-07-04", good_practices=["各单位可学城东医院的班前五分钟。"])
    text = published(tree)
    for word in (
        "班前五分钟",
        "登记在交接本上",
        "片区互查",
        "相邻两家卫生院结成一组",
        "各单位可学城东医院的班前五分钟",
    ):
        assert word in text


RUBRIC: list[Data] = [{"title": "事故", "measure": "accident", "points": -30, "limit": 60}]


@pytest.mark.requirement("B5")
@pytest.mark.parametrize(("grade", "points"), [("none", 0), ("ordinary", -30), ("larger", -30), ("major", -30)])
def test_accidents_are_on_file_by_grade_and_cost_points(grade: str, points: int) -> None:
    tree = Tree()
    tree.campaign["assessment"] = {"visibility": "internal", "criteria": RUBRIC}
    tree.add(EAST, "accidents", grade=grade)
    ledger = sound(tree)
    (line,) = score_sheet(ledger, ledger.organisation(EAST), 2023).lines
    assert line.points == points
    ungraded = Tree()
    ungraded.add(EAST, "accidents", grade=None)
    assert codes(ungraded) == ["E-REQUIRED"]


@pytest.mark.requirement("B16")
@pytest.mark.requirement("B42")
def test_a_tip_leads_to_a_hazard_and_never_to_its_informant() -> None:
    tree = Tree()
    tree.add("bureau", "hazards", unit=EAST, source="tip")
    tree.add("bureau", "determinations", hazard="bureau/2023-001")
    tree.add("bureau", "tips", outcome="verified", unit=EAST, hazard="bureau/2023-001", reward=500)
    figures = june(tree)
    assert (figures.maj_new_external, figures.maj_new_self) == (1, 0)
    (tip,) = sound(tree).filed("tips")
    assert tip.data["reward"] == 500
    astray = Tree()
    astray.add("bureau", "tips", outcome="verified")
    assert codes(astray) == ["E-TIP"]
    for field in ("informant", "phone", "content"):
        named = Tree()
        named.add("bureau", "tips", **{field: "示例"})
        assert codes(named) == ["E-FIELD"], field


@pytest.mark.requirement("B20")
def test_what_the_media_wrote_stands_with_the_exposure() -> None:
    tree = determined(Tree())
    tree.add("bureau", "exposures", media_links=["示例日报2023年7月12日", "示例电视台2023年7月13日"])
    assert "示例日报2023年7月12日；示例电视台2023年7月13日" in published(tree)


@pytest.mark.requirement("B45")
def test_what_a_visit_found_is_public() -> None:
    tree = determined(Tree())
    tree.add("bureau", "hazards", "2023-002", unit=EAST, source="superior_inspection", title="值班室私拉电线")
    told = {"nature": "spot_check", "summary": "抽查发现值班室私拉电线", "hazards_found": ["bureau/2023-002"]}
    tree.add("bureau", "visits", **told)
    (visit,) = sound(tree).filed("visits")
    assert {name: public_fields(visit)[name] for name in told} == told
    text = published(tree)
    assert "抽查发现值班室私拉电线" in text


# --- The two campaigns themselves ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def banner() -> Ledger:
    return heads("shili-banner-2023", date(2024, 1, 31))


PHASES: Mapping[str, tuple[str, ...]] = {
    "mobilisation": ("专题会议", "专项行动方案", "判定标准", "工作机制"),
    "enforcement": ("第一责任人履职情况", "边查边改", "公开曝光", "主动报告"),
    "consolidation": ("互学互鉴", "规章制度", "配套举措", "长效机制"),
}


@pytest.mark.parametrize(
    ("phase", "first", "last"),
    [
        pytest.param("mobilisation", "2023-05-20", "2023-05-20", marks=pytest.mark.requirement("A37")),
        pytest.param("enforcement", "2023-08-01", "2023-10-31", marks=pytest.mark.requirement("A43")),
        pytest.param("consolidation", "2023-11-01", "2023-12-31", marks=pytest.mark.requirement("A48")),
    ],
)
def test_a_phase_runs_to_its_last_day_and_says_what_is_to_be_done(
    banner: Ledger, phase: str, first: str, last: str
) -> None:
    for day in (first, last):
        running = banner.campaign.phase_on(date.fromisoformat(day))
        assert running is not None
        assert running.id == phase
    for task, words in zip(running.tasks, PHASES[phase], strict=True):
        assert words in task


def campaign_of(examination: Examination, name: str) -> Ledger:
    (ledger,) = [ledger for ledger in examination.verdict.ledgers if ledger.campaign.id == name]
    return ledger


ASPECTS: Mapping[str, frozenset[str]] = {
    "汛期安全防范": frozenset({"flood_season"}),
    "安全生产宣传": frozenset({"publicity"}),
    "消除隐患盲区": frozenset({"look_back", "campaign_plan"}),
    "强化排查治理": frozenset({"monthly", "county_supervision"}),
    "提升应急能力": frozenset({"team_inventory", "supply_inventory", "emergency_map", "overall_plan", "duty_roster"}),
}


@pytest.mark.requirement("B9")
def test_each_of_the_five_aspects_is_asked_for_and_answered(sample: Examination) -> None:
    city = campaign_of(sample, "shili-city-2019")
    answered = {item.obligation.duty.id for item in city.returns if item.filed_on}
    for aspect, duties in ASPECTS.items():
        assert duties <= answered, aspect
        assert any(aspect in words["text"] for words in city.campaign.data["plain_words"]), aspect


@pytest.mark.requirement("B23")
@pytest.mark.parametrize("place", ["有限空间", "自建房", "三合一"])
def test_each_of_the_three_accidents_opens_a_special_check_that_units_answer(sample: Examination, place: str) -> None:
    city = campaign_of(sample, "shili-city-2019")
    checks = [item for item in city.returns if item.obligation.duty.id.startswith("lesson-")]
    asked = [item for item in checks if place in item.obligation.duty.title]
    assert asked
    answers = [item.record for item in asked if item.record]
    assert answers
    assert {record.data["activity"] for record in answers} == {"special_check"}
