"""What the public may see: nothing that a schema does not mark public, and nothing of a withdrawn exposure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from checkout import checkout, taizhang
from support import CAMPAIGN, HAZARD, KINDS, RECORDS, Tree, made

from taizhang.disclosure.photos import photos_of
from taizhang.disclosure.projection import public_fields
from taizhang.disclosure.public import campaign_view
from taizhang.disclosure.views import CampaignView
from taizhang.intake.attachments import path_of
from taizhang.intake.kinds import read_kind
from taizhang.intake.schemas import Schema, read_common

STEPS = RECORDS["exposures"]["steps"]


def private_texts(schema: Schema, prefix: str = "", hidden: bool = False) -> Iterator[tuple[str, Schema]]:
    """Every text field of a schema that is not public, by its dotted path."""
    for name, field in schema["properties"].items():
        path = f"{prefix}{name}"
        secret = hidden or field["x-visibility"] != "public"
        inner = field["items"] if field["type"] == "array" else field
        if inner["type"] == "object":
            yield from private_texts(inner, f"{path}.", secret or inner["x-visibility"] != "public")
        elif secret or inner["x-visibility"] != "public":
            yield path, field


def canary(path: str) -> str:
    return "zc" + "".join(c for c in path if c.isalpha()) + "cz"


def with_canaries(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The record with every private top-level text field filled with a text of its own."""
    filled = dict(data)
    for path, field in private_texts(KINDS[kind].schema):
        if "." in path or "pattern" in field.get("items", field):
            continue
        value = canary(f"{kind}{path}")[: field.get("items", field)["maxLength"]]
        filled[path] = [value] if field["type"] == "array" else value
    return filled


@pytest.fixture
def canaries() -> Tree:
    tree = Tree()
    tree.add(
        "east-hospital",
        "rectifications",
        "2023-002",
        stage="completed",
        filed_on="2023-06-15",
        progress_on="2023-06-15",
    )
    for kind, org in {
        "hazards": "east-hospital",
        "determinations": "bureau",
        "rectifications": "east-hospital",
        "acceptances": "bureau",
        "inspections": "east-hospital",
        "activities": "east-hospital",
        "reports": "east-hospital",
        "exposures": "bureau",
    }.items():
        tree.add(org, kind, **with_canaries(kind, RECORDS[kind]))
    return tree


def test_no_private_field_reaches_any_byte_of_the_site(canaries: Tree, tmp_path: Path) -> None:
    root = checkout(tmp_path, canaries.bulletins_from("2023-06-26"))
    planted = sum(text.count("zc") for text in map(str, canaries.files.values()))
    assert planted >= 6
    result = taizhang(root, "build", "--today", "2023-07-20")
    assert result.exit_code == 0, result.output
    for file in (root / "build/site").rglob("*"):
        if file.is_file():
            assert not re.search(rb"zc[a-z]+cz", file.read_bytes()), file


def test_a_field_made_public_by_mistake_is_seen(canaries: Tree, tmp_path: Path) -> None:
    """The test above can fail: mark one private field public and its canary appears in what is projected."""
    root = checkout(tmp_path, canaries)
    file = root / "schemas" / "hazards.schema.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    schema["properties"]["description"]["x-visibility"] = "public"
    file.write_text(json.dumps(schema), encoding="utf-8")
    (record,) = [r for r in canaries.intake().records if r.kind.name == "hazards"]
    assert "description" not in public_fields(record)
    opened = replace(record, kind=read_kind(file.read_bytes(), read_common(file.parent)))
    assert public_fields(opened)["description"] == canary("hazardsdescription")


def view(tree: Tree, at: date = date(2024, 3, 1)) -> CampaignView:
    return campaign_view(tree.ledger(at), KINDS)


def test_only_hazards_determined_as_major_are_shown_one_by_one() -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    assert view(tree).hazards == ()
    tree.add("bureau", "determinations")
    assert [h.ref for h in view(tree).hazards] == [HAZARD]


def test_a_hazard_determined_general_is_only_counted() -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations", decision="general")
    shown = view(tree)
    assert shown.hazards == ()
    assert shown.figures.gen_open == 1


def exposed(*more: Mapping[str, Any]) -> CampaignView:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations")
    tree.add("bureau", "exposures", steps=[*STEPS, *more])
    return view(tree)


def test_an_exposure_is_public_from_the_day_it_is_published() -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations")
    tree.add("bureau", "exposures")
    assert view(tree, date(2023, 7, 10)).exposures == ()
    (shown,) = view(tree, date(2023, 7, 11)).exposures
    assert shown.is_current
    assert shown.rectified_on is None


def test_an_exposure_says_rectified_as_soon_as_the_hazard_is_closed() -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations")
    tree.add("east-hospital", "rectifications")
    tree.add(
        "east-hospital",
        "rectifications",
        "2023-002",
        stage="completed",
        filed_on="2023-07-18",
        progress_on="2023-07-18",
    )
    tree.add("bureau", "acceptances", filed_on="2023-07-20", accepted_on="2023-07-20")
    tree.add("bureau", "exposures")
    assert view(tree, date(2023, 7, 19)).exposures[0].rectified_on is None
    assert view(tree, date(2023, 7, 20)).exposures[0].rectified_on == date(2023, 7, 20)


def test_a_correction_is_shown_with_its_reason() -> None:
    (shown,) = exposed(
        {
            "step": "corrected",
            "dated": "2023-07-20",
            "by": "bureau",
            "note": "部位有误",
            "before": "三楼",
            "after": "二楼",
        }
    ).exposures
    assert [(c["before"], c["after"], c["note"]) for c in shown.corrections] == [("三楼", "二楼", "部位有误")]
    assert shown.is_current


def test_a_withdrawn_exposure_is_a_tombstone_that_repeats_nothing() -> None:
    (shown,) = exposed({"step": "withdrawn", "dated": "2023-07-20", "by": "bureau", "note": "查无此事"}).exposures
    assert shown.is_withdrawn
    assert not shown.is_current
    assert shown.hazard is None
    assert "安全出口上锁" not in repr((shown.title, shown.fields, shown.events, shown.corrections))
    assert shown.events[-1].text.endswith("查无此事")


def test_a_withdrawn_exposure_tells_two_days_and_nothing_of_what_went_before() -> None:
    """Proposed, answered, corrected and disputed: of all that only the day it appeared and the day it went remain."""
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations")
    more = (
        {
            "step": "corrected",
            "dated": "2023-07-20",
            "by": "bureau",
            "note": "部位有误",
            "before": "三楼",
            "after": "二楼",
        },
        {"step": "withdrawn", "dated": "2023-07-21", "by": "bureau", "note": "查无此事"},
    )
    steps = [{**step, "note": "单位称正在施工"} if step["step"] == "replied" else step for step in STEPS]
    tree.add("bureau", "exposures", steps=[*steps, *more])
    tree.add("east-hospital", "replies")
    before, after = (view(tree, date(2023, 7, day)).exposures[0] for day in (20, 21))
    assert [event.kind for event in before.events] == [
        "proposed",
        "notified",
        "replied",
        "approved",
        "published",
        "corrected",
    ]
    assert (len(before.replies), len(before.corrections)) == (1, 1)
    assert [(event.kind, event.day) for event in after.events] == [
        ("published", date(2023, 7, 11)),
        ("withdrawn", date(2023, 7, 21)),
    ]
    assert (after.replies, after.corrections, after.reply, after.hazard) == ((), (), "", None)
    assert set(after.fields) == {"exposure", "filed_on"}


def test_the_offices_note_of_an_answer_goes_with_a_withdrawn_exposure() -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations")
    steps = [{**step, "note": "单位称正在施工"} if step["step"] == "replied" else step for step in STEPS]
    withdrawn = {"step": "withdrawn", "dated": "2023-07-20", "by": "bureau", "note": "查无此事"}
    tree.add("bureau", "exposures", steps=[*steps, withdrawn])
    notes = [view(tree, date(2023, 7, day)).exposures[0].reply for day in (19, 20)]
    assert notes == ["单位称正在施工", ""]


def test_replies_stand_with_the_exposure_they_are_about() -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations")
    tree.add("bureau", "exposures")
    tree.add("bureau", "exposures", "2023-002", hazard=None, exposure="formalism")
    tree.add("east-hospital", "replies")
    found = {shown.name: len(shown.replies) for shown in view(tree).exposures}
    assert found == {"2023-001": 1, "2023-002": 0}


def test_a_dispute_ends_with_the_next_step() -> None:
    disputed = {
        "step": "disputed",
        "dated": "2023-07-20",
        "by": "bureau",
        "note": "与事实不符",
        "reply_by": "2023-08-10",
    }
    corrected = {"step": "corrected", "dated": "2023-07-25", "by": "bureau", "note": "部位有误"}
    assert exposed(disputed).exposures[0].disputed
    assert not exposed(disputed, corrected).exposures[0].disputed


def test_steps_of_an_exposure_are_told_from_their_day_on() -> None:
    archived = {"step": "archived", "dated": "2023-12-20", "by": "bureau"}
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations")
    tree.add("bureau", "exposures", steps=[*STEPS, archived])
    (shown,) = view(tree, date(2023, 12, 19)).exposures
    assert [event.kind for event in shown.events][-1] == "published"
    assert shown.stage == "published"
    assert shown.archived_on is None


def told_of_the_hazard(tree: Tree, day: str) -> list[tuple[str, str]]:
    """The timeline of the only public hazard at a day: each line's day and title."""
    (hazard,) = view(tree, date.fromisoformat(day)).hazards
    return [(event.day.isoformat(), event.title) for event in hazard.events]


def test_an_extension_and_its_decision_are_told_each_from_its_day_on() -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations")
    tree.add("east-hospital", "extensions")
    tree.add("bureau", "extension-decisions")
    known = [("2023-06-01", "登记"), ("2023-06-05", "判定为重大事故隐患")]
    asked, granted = ("2023-07-10", "申请延期"), ("2023-07-14", "同意延期至2023年9月30日")
    assert told_of_the_hazard(tree, "2023-07-09") == known
    assert told_of_the_hazard(tree, "2023-07-10") == [*known, asked]
    assert told_of_the_hazard(tree, "2023-07-13") == [*known, asked]
    assert told_of_the_hazard(tree, "2023-07-14") == [*known, asked, granted]


def test_a_refused_extension_is_told_as_refused_whatever_day_it_names() -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations")
    tree.add("east-hospital", "extensions")
    tree.add("bureau", "extension-decisions", decision="refused")
    assert told_of_the_hazard(tree, "2023-07-14")[-1] == ("2023-07-14", "不同意延期")


def test_an_order_and_its_lifting_are_told_each_from_its_day_on_among_the_steps() -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("bureau", "determinations")
    tree.add("bureau", "orders", order="suspend_full", deadline=None)
    tree.add("east-hospital", "rectifications")
    lifting = {"order": "lift", "lifts": "bureau/2023-001", "deadline": None, "dated": "2023-06-20"}
    tree.add("bureau", "orders", "2023-002", filed_on="2023-06-20", **lifting)
    ordered, lifted = ("2023-06-06", "停产停业（全部）"), ("2023-06-20", "解除停产停业（全部）")
    before, after = told_of_the_hazard(tree, "2023-06-05"), told_of_the_hazard(tree, "2023-06-20")
    assert ordered not in before
    assert lifted not in told_of_the_hazard(tree, "2023-06-19")
    assert after[2:] == [ordered, ("2023-06-10", "整改进展"), lifted]
    suspended = {day: view(tree, date.fromisoformat(day)).hazards[0].suspended for day in ("2023-06-19", "2023-06-20")}
    assert suspended == {"2023-06-19": "全部", "2023-06-20": ""}


def test_orders_show_as_lifted_from_the_day_of_the_lifting_on() -> None:
    tree = Tree()
    tree.add("bureau", "orders", hazard=None, order="suspend_full", deadline=None)
    lifting = {"order": "lift", "lifts": "bureau/2023-001", "deadline": None, "dated": "2023-06-20", "hazard": None}
    tree.add("bureau", "orders", "2023-002", filed_on="2023-06-20", **lifting)
    assert view(tree, date(2023, 6, 5)).orders == ()
    lifted = [view(tree, date(2023, 6, day)).orders[0].lifted_on for day in (19, 20)]
    assert lifted == [None, date(2023, 6, 20)]


def test_a_hazard_merged_into_one_that_is_not_public_does_not_name_it() -> None:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("west-hospital", "hazards", claimed_level="general", title="另一条还没有判定的隐患")
    tree.add("bureau", "determinations")
    merged = {"decision": "merged", "merged_into": "west-hospital/2023-001", "decided_on": "2023-06-20"}
    tree.add("bureau", "determinations", "2023-002", filed_on="2023-06-20", **merged)
    (shown,) = view(tree).hazards
    assert shown.pointer
    assert (shown.pointer.text, shown.pointer.href) == ("已并入另一条隐患", "")


def test_a_filing_shows_from_the_day_it_came() -> None:
    tree = Tree()
    tree.add("east-hospital", "reports", filed_on="2023-05-26")
    ticks = []
    for day in (25, 26):
        unit = next(u for u in view(tree, date(2023, 5, day)).units if u.org.id == "east-hospital")
        ticks.append(unit.duties[0].ticks[0].filed_on)
    assert ticks == [None, date(2023, 5, 26)]


def test_the_public_is_not_told_that_a_change_of_contacts_is_pending() -> None:
    tree = Tree()
    tree.campaign["duties"].append(
        {
            "id": "contacts",
            "title": "联系人回执",
            "answered_by": {"kind": "contacts"},
            "due": {"every": "once", "by": "2023-05-25"},
        }
    )
    tree.add("east-hospital", "contacts")
    tree.add("east-hospital", "contact-changes")
    shown = {unit.org.id: unit.contacts_status for unit in view(tree, date(2023, 6, 2)).units}
    assert (shown["east-hospital"], shown["west-hospital"]) == ("已备案", "未备案")


def test_stocks_are_counted_and_sources_of_danger_are_not() -> None:
    tree = Tree()
    tree.add("east-hospital", "resources", "2023-001", resource="supply", quantity=40)
    source = {"resource": "major_hazard_source", "guarantors": ["分管副院长"]}
    tree.add("east-hospital", "resources", "2023-002", **source)
    tree.add("east-hospital", "resources", "2023-003", quantity=12)
    unit = next(u for u in view(tree).units if u.org.id == "east-hospital")
    assert (unit.resources.supplies, unit.resources.teams, unit.resources.team_members) == (1, 1, 12)


def test_an_archived_exposure_keeps_its_page() -> None:
    (shown,) = exposed({"step": "archived", "dated": "2023-12-20", "by": "bureau"}).exposures
    assert shown.archived_on == date(2023, 12, 20)
    assert not shown.is_current
    assert shown.href == f"exposures/{CAMPAIGN}/2023-001/"


def test_a_list_tells_only_of_items_that_are_public_themselves() -> None:
    schema = deepcopy(KINDS["reports"].schema)
    schema["properties"]["names"] = {
        "type": "array",
        "x-visibility": "public",
        "items": {"type": "string", "x-visibility": "internal"},
    }
    record = made("east-hospital", "reports", names=["某某"])
    assert public_fields(replace(record, kind=replace(KINDS["reports"], schema=schema)))["names"] == []


def test_a_photo_that_nobody_vouched_for_is_not_shown() -> None:
    """The rules leave out a record with one; this holds where one comes in all the same."""
    vouched = {"file": "bureau/a.jpg", "stage": "before", "caption": "二楼安全出口", "no_person_no_document": True}
    photos = [vouched, {**vouched, "file": "bureau/b.jpg", "no_person_no_document": False}]
    record = made("bureau", "exposures", photos=photos)
    cleaned = {
        path_of(CAMPAIGN, photo["file"]): SimpleNamespace(href=photo["file"], width=1, height=1) for photo in photos
    }
    assert [photo.href for photo in photos_of(record, cleaned, rectified=False)] == ["bureau/a.jpg"]  # type: ignore[arg-type]
