"""What the public may see: nothing that a schema does not mark public, and nothing of a withdrawn exposure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from checkout import checkout, taizhang
from support import CAMPAIGN, HAZARD, KINDS, RECORDS, Tree

from taizhang.disclosure.projection import public_fields
from taizhang.disclosure.public import campaign_view
from taizhang.disclosure.views import CampaignView
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


def test_an_archived_exposure_keeps_its_page() -> None:
    (shown,) = exposed({"step": "archived", "dated": "2023-12-20", "by": "bureau"}).exposures
    assert shown.archived_on == date(2023, 12, 20)
    assert not shown.is_current
    assert shown.href == f"exposures/{CAMPAIGN}/2023-001/"
