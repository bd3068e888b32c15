"""What superiors did, lessons, tips and criteria on the site: everything has its place, nothing says too much."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from checkout import checkout, pages, taizhang, visible
from support import CAMPAIGN, HAZARD, KINDS, RECORDS, Tree

from taizhang.disclosure.hazards import HazardView
from taizhang.disclosure.public import campaign_view
from taizhang.disclosure.views import CampaignView
from taizhang.documents.values import file_name, points
from taizhang.workspace import Examination

STEPS = RECORDS["exposures"]["steps"]
BANNER, CITY = "shili-banner-2023", "shili-city-2019"


def text_of(site: Path, href: str) -> str:
    return (site / href / "index.html").read_text(encoding="utf-8")


def view(tree: Tree, at: date = date(2024, 3, 1)) -> CampaignView:
    return campaign_view(tree.ledger(at), KINDS)


def with_major() -> Tree:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations")
    return tree


def order(tree: Tree, name: str, day: str, **fields: Any) -> str:
    data = {"unit": "east-hospital", "dated": day, "content": "内容若干", "basis": "依据若干"}
    return tree.add("bureau", "orders", name, **{"filed_on": day, **data, **fields})


@pytest.mark.requirement("B45")
def test_every_visit_stands_on_the_page_of_visits_and_on_its_units(sample: Examination, sample_site: Path) -> None:
    page = text_of(sample_site, "visits/")
    for ledger in sample.verdict.ledgers:
        found = ledger.filed("visits")
        assert found
        for record in found:
            anchor = f"visit-{ledger.campaign.id}-{record.ref.replace('/', '-')}"
            assert f'id="{anchor}"' in page
            assert record.data["summary"] in page
            for unit in record.data["units"]:
                assert f'visits/#{anchor}"' in text_of(sample_site, f"units/{ledger.campaign.id}/{unit}/")


@pytest.mark.requirement("B44")
def test_a_recheck_says_whether_it_agrees_with_the_covert_visit(sample_site: Path) -> None:
    page = text_of(sample_site, "visits/")
    table = page.split("对暗查暗访成效的抽查</h3>")[1].split("</table>")[0]
    assert ">一致<" in table
    assert ">不一致<" in table


@pytest.mark.requirement("A20")
def test_every_lesson_says_who_has_done_its_check_and_who_has_not(sample: Examination, sample_site: Path) -> None:
    page = text_of(sample_site, "lessons/")
    for ledger in sample.verdict.ledgers:
        for record in ledger.filed("lessons"):
            place = f'id="lesson-{ledger.campaign.id}-{record.ref.replace("/", "-")}"'
            card = page.split(place)[1].split("</article>")[0]
            assert record.data["title"] in card
            owed = [r for r in ledger.returns if r.obligation.duty.where.get("lesson") == record.ref]
            assert owed
            assert all(f"units/{ledger.campaign.id}/{r.org.id}/" in card for r in owed)
        for record in ledger.filed("practices"):
            assert record.data["title"] in page


def test_every_criteria_document_has_a_page_with_what_cites_it(sample: Examination, sample_site: Path) -> None:
    index = text_of(sample_site, "criteria/")
    for record in sample.intake.of("criteria"):
        page = text_of(sample_site, f"criteria/{record.name}/")
        assert f'href="../criteria/{record.name}/"' in index
        for clause in record.data["clauses"]:
            assert f'id="{record.name}-{clause["clause"]}"' in page
        assert ("已被代替" in page or "代替，" in page) or "superseded_by" not in record.data
        assert page.count(">待核对原文</span>") == sum(c["text_status"] == "unverified" for c in record.data["clauses"])
    ledger = next(x for x in sample.verdict.ledgers if x.campaign.id == BANNER)
    cited = next(h for h in ledger.hazards if h.is_major and h.case.record.data.get("criteria"))
    document = cited.case.record.data["criteria"][0].split("/")[0]
    anchor = f"units/{BANNER}/{cited.unit}/#hazard-{cited.ref.replace('/', '-')}"
    assert anchor in text_of(sample_site, f"criteria/{document}/")


def test_names_and_places_of_resources_are_nowhere(sample: Examination, sample_site: Path) -> None:
    told = "".join(file.read_text(encoding="utf-8") for file in pages(sample_site))
    told += (sample_site / "search" / "search_index.json").read_text(encoding="utf-8").replace("\u200b", "")
    public = {text for ledger in sample.verdict.ledgers for r in ledger.records for text in _public_texts(r.data)}
    public |= {org.name for ledger in sample.verdict.ledgers for org in ledger.roll.organisations}
    public |= set(KINDS["resources"].labels("plan_kind").values())
    secret = [
        record.data[field]
        for ledger in sample.verdict.ledgers
        for record in ledger.filed("resources")
        for field in ("name", "location_text")
        if field in record.data
    ]
    assert len(secret) > 100
    # A short name may stand inside an innocent sentence of another record; none may stand as what it names.
    leaked = {text for text in secret if text in told and not any(text in other for other in public)}
    assert leaked == set()


def _public_texts(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [
            text for key, value in data.items() if key not in ("name", "location_text") for text in _public_texts(value)
        ]
    if isinstance(data, list):
        return [text for value in data for text in _public_texts(value)]
    return [str(data)]


def test_resources_come_out_as_counts_and_sources_of_danger_not_at_all() -> None:
    tree = Tree()
    for number, (kind, more) in enumerate(
        [("team", {}), ("supply", {}), ("major_hazard_source", {}), ("plan", {"plan_kind": "overall"})], start=1
    ):
        fields = {"filed_on": "2023-06-01", "resource": kind, "quantity": 7, **more}
        tree.add("east-hospital", "resources", f"2023-00{number}", **fields)
    (unit,) = [u for u in view(tree).units if u.org.id == "east-hospital"]
    assert unit.resources == (1, 7, 1, {"总体应急预案": 1})
    assert RECORDS["resources"]["name"] not in repr(unit)


@pytest.mark.requirement("B42")
def test_the_page_of_tips_has_channels_and_counts_and_no_form(sample: Examination, sample_site: Path) -> None:
    page = text_of(sample_site, "tips/")
    body = page.split('id="tz-content"')[1].split("</main>")[0]
    assert "12350" in body
    assert "12345" in body
    assert "<form" not in body
    assert "<input" not in body
    for ledger in sample.verdict.ledgers:
        assert f"办结举报{len(ledger.filed('tips'))}件" in visible(body)
        for record in ledger.filed("tips"):
            unit = record.data.get("unit")
            assert not unit or ledger.organisation(unit).name not in body


@pytest.mark.requirement("B46")
def test_a_public_assessment_links_every_point_to_its_evidence(sample: Examination, sample_site: Path) -> None:
    ledger = next(x for x in sample.verdict.ledgers if x.campaign.id == CITY)
    index = text_of(sample_site, "assessment/")
    assert "不按查出多少排名" in index
    for org in ledger.roll.units:
        assert f"assessment/{CITY}/{org.id}/" in index
        page = text_of(sample_site, f"assessment/{CITY}/{org.id}/")
        for row in page.split("<tr>")[1:]:
            assert "−" not in row.split("data-label")[-1].split("</td>")[0] or "<a href" in row


def test_an_assessment_that_is_not_public_is_not_shown() -> None:
    criteria = [{"title": "未报送", "measure": "missing", "points": -5, "limit": 30}]
    tree = Tree()
    tree.campaign["assessment"] = {"visibility": "internal", "criteria": criteria}
    assert view(tree).assessment is None
    tree.campaign["assessment"] = {"visibility": "public", "criteria": criteria}
    assert view(tree).assessment is not None


class TestOrders:
    def shown(self, tree: Tree, day: date) -> HazardView:
        (hazard,) = view(tree, day).hazards
        return hazard

    def test_flags_and_timeline_follow_the_orders_about_a_hazard(self) -> None:
        tree = with_major()
        order(tree, "2023-001", "2023-06-20", order="supervise", supervision_level="county", hazard=HAZARD)
        order(tree, "2023-002", "2023-06-21", order="suspend_partial", hazard=HAZARD)
        order(tree, "2023-003", "2023-07-20", order="lift", lifts="bureau/2023-002", hazard=HAZARD)
        before, then, after = (self.shown(tree, date(2023, m, d)) for m, d in ((6, 19), (6, 21), (7, 20)))
        assert (before.supervised, before.suspended) == ("", "")
        assert (then.supervised, then.suspended) == ("县级", "局部")
        assert (after.supervised, after.suspended) == ("县级", "")
        assert [e.title for e in after.events if e.kind in ("order", "lifted")] == [
            "挂牌督办（县级）",
            "停产停业（局部）",
            "解除停产停业（局部）",
        ]
        assert not [e for e in before.events if e.kind == "order"]

    def test_a_withdrawn_order_stays_out(self) -> None:
        tree = with_major()
        withdrawn = {"dated": "2023-06-22", "reason": "发错单位"}
        order(tree, "2023-001", "2023-06-20", order="talk", withdrawn=withdrawn)
        assert view(tree).orders == ()

    def test_a_merged_hazard_points_to_the_other_and_a_transferred_one_to_the_department(self) -> None:
        tree = with_major()
        tree.add("east-hospital", "hazards", "2023-002")
        tree.add("bureau", "determinations", "2023-002", hazard="east-hospital/2023-002")
        tree.add(
            "bureau",
            "determinations",
            "2023-003",
            hazard="east-hospital/2023-002",
            decision="merged",
            merged_into=HAZARD,
            filed_on="2023-06-30",
            decided_on="2023-06-30",
        )
        tree.add(
            "bureau",
            "determinations",
            "2023-004",
            decision="transferred",
            transferred_to="燃气主管部门",
            filed_on="2023-07-30",
            decided_on="2023-07-30",
        )
        first, second = view(tree).hazards
        assert second.pointer is not None
        assert second.pointer.href == f"units/{CAMPAIGN}/east-hospital/#{first.anchor}"
        assert first.pointer is not None
        assert first.pointer.text == "已移交燃气主管部门"
        assert not first.is_open


class TestReplies:
    def exposed(self, *more: dict[str, Any]) -> CampaignView:
        tree = with_major()
        tree.add("bureau", "exposures", steps=[*STEPS, *more])
        fields = {"filed_on": "2023-07-12", "dated": "2023-07-12", "exposure": "bureau/2023-001"}
        tree.add(
            "east-hospital", "replies", "2023-001", **fields, reply="objection", text="曝光内容与检查当天的事实有出入。"
        )
        return view(tree)

    def test_a_reply_stays_beside_the_exposure(self) -> None:
        (shown,) = self.exposed().exposures
        assert [(r.label, r.dated, r.text) for r in shown.replies] == [
            ("异议", date(2023, 7, 12), "曝光内容与检查当天的事实有出入。")
        ]

    def test_a_withdrawn_exposure_repeats_no_reply(self) -> None:
        step = {"step": "withdrawn", "dated": "2023-07-20", "by": "bureau", "note": "查无此事"}
        (shown,) = self.exposed(step).exposures
        assert shown.replies == ()


def test_files_left_out_are_named_at_home_and_counted_at_the_unit(tmp_path: Path) -> None:
    tree = Tree().bulletins_from("2023-12-18")
    tree.add("east-hospital", "weekly", "2023-W21", self_checks="many")
    root = checkout(tmp_path, tree)
    taizhang(root, "build", "--today", "2024-03-01", "--allow-findings")
    site = root / "build/site"
    home = text_of(site, "")
    assert f"submissions/{CAMPAIGN}/east-hospital/weekly/2023-W21.yml" in home
    assert 'href="./help/rules/E-TYPE/"' in home
    assert "本单位有1份记录因填报错误未计入" in text_of(site, f"units/{CAMPAIGN}/east-hospital/")


def test_a_misnamed_file_is_not_named() -> None:
    assert file_name("submissions/demo/a/weekly/2023-W21.yml") == "submissions/demo/a/weekly/2023-W21.yml"
    for name in ("张三.yml", "13812345678.yml", "<b>.yml"):
        assert name not in file_name(f"submissions/demo/a/weekly/{name}")


def test_points_have_a_sign() -> None:
    assert [points(n) for n in (2, 0, -5)] == ["+2", "0", "−5"]


def test_the_monthly_bulletin_tells_visits_orders_and_tips(sample_site: Path) -> None:
    august = text_of(sample_site, f"bulletins/{BANNER}/monthly-2023-08/").split('id="oversight"')[1].split("<h2")[0]
    assert "暗查暗访1次" in august
    assert "责任倒查1件" in august
    assert "办结举报" in august
    assert "0次" not in august
