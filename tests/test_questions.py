"""What `taizhang new` asks for and how it reads an answer, without a terminal; and what a new record is called."""

from __future__ import annotations

from datetime import date

import pytest
from support import KINDS, Tree

from taizhang.forms.questions import Interview, entries_of
from taizhang.intake.names import is_serial, last_number, next_name
from taizhang.workbooks.columns import RecordField, fields_of
from taizhang.workbooks.importing import reading_context

TODAY = date(2023, 6, 5)
PUBLIC_HAZARD = {
    "filed_on": "",
    "title": "安全出口上锁",
    "public_summary": "",
    "discovered_on": "5月22日",
    "registered_on": "",
    "source": "1",
    "place": "住院部二楼",
    "category": "消防",
    "nature": "3",
    "claimed_level": "2",
}


def interview(kind: str) -> Interview:
    return Interview(KINDS[kind], reading_context(Tree().ledger(TODAY), "east-hospital", TODAY))


def give(asked: Interview, field: RecordField, text: str) -> list[str]:
    question = asked.question(field)
    return list(asked.answer(question, text or question.default))


def test_a_hazard_comes_of_answers_as_people_give_them() -> None:
    asked = interview("hazards")
    for (field,) in asked.required.values():
        assert give(asked, field, PUBLIC_HAZARD[str(field.path[0])]) == []
    for field, text in zip(asked.optional["funds"], ("1.2万", "3000"), strict=False):
        assert give(asked, field, text) == []
    record = asked.record()
    assert list(record) == [name for name in KINDS["hazards"].schema["properties"] if name in record]
    assert (record["filed_on"], record["discovered_on"]) == ("2023-06-05", "2023-05-22")
    assert record["public_summary"] == "安全出口上锁", "the title is its default"
    assert (record["source"], record["category"], record["claimed_level"]) == ("self_check", "fire", "general")
    assert record["funds"] == {"planned": 12000, "secured": 3000}
    assert KINDS["hazards"].is_valid(record)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("filed_on", "五月底", "必须是真实的日期"),
        ("title", "门", "2 到 60"),
        ("title", "联系保安13800000000", "不能有电话"),
        ("title", "安全出口\ue000上锁", "里面有"),
        ("source", "", "请填写「隐患来源」"),
        ("source", "99", "改法"),
    ],
)
def test_a_wrong_answer_gets_the_sentences_of_the_check_and_is_not_kept(name: str, text: str, problem: str) -> None:
    asked = interview("hazards")
    (field,) = asked.required[name]
    assert problem in "".join(asked.answer(asked.question(field), text))
    assert asked.record() == {}


def test_a_question_says_whether_it_must_be_answered_and_what_there_is_to_choose() -> None:
    asked = interview("contacts")
    (roles,) = asked.required["roles"]
    question = asked.question(roles)
    assert question.text.startswith("已填角色（必填）：")
    assert question.takes_several
    assert list(question.choices.values()) == ["分管领导", "科室负责人", "联络员"]
    assert give(asked, roles, "1、2，联络员") == []
    assert asked.record()["roles"] == ["leader_in_charge", "section_head", "liaison"]
    nil = interview("weekly").optional["nil_return"]
    assert "（选填，直接回车就不填）：" in interview("weekly").question(nil[0]).text


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS.values() if kind.place == "record" and not kind.counted])
def test_every_field_of_every_kind_can_be_asked_for(kind: str) -> None:
    """Also those whose form stands in common.json, with nothing said beside it."""
    asked = interview(kind)
    fields = [field for part in (asked.required, asked.optional) for item in part.values() for field in item]
    assert {field.path for field in fields} == {field.path for field in fields_of(KINDS[kind])}
    for field in fields:
        title, _, about = asked.question(field).text.partition("）：")
        assert title.startswith(field.title)
        assert about.strip(), field.path


def test_entries_of_a_list_are_asked_for_one_after_another_and_closed_up() -> None:
    asked = interview("inspections")
    entries = entries_of(asked.optional["look_back"])
    assert [entry for entry, _ in entries] == [0, 1, 2]
    for _, parts in (entries[0], entries[2]):
        give(asked, parts[0], "2023-001")
    assert [entry["hazard"] for entry in asked.record()["look_back"]] == ["east-hospital/2023-001"] * 2
    assert [entry for entry, _ in entries_of(asked.required["places"])] == [0]


@pytest.mark.parametrize(("found_on", "legacy"), [("2023-05-04", True), ("2023-06-01", None)])
def test_a_hazard_found_before_the_campaign_is_an_old_one(found_on: str, legacy: bool | None) -> None:
    asked = interview("hazards")
    assert asked.context.starts_on > date(2023, 5, 4)
    give(asked, asked.required["discovered_on"][0], found_on)
    assert bool(asked.assume()) is bool(legacy)
    assert asked.record().get("legacy") is legacy
    assert asked.assume() is None, "it is assumed once"


# --- Names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "taken", "name"),
    [
        ("hazards", [], "2023-001"),
        ("hazards", ["2023-001", "2023-007", "2022-090", "notes"], "2023-008"),
        ("weekly", ["2023-W23"], "2023-W23"),
        ("monthly", [], "2023-06"),
    ],
)
def test_a_new_record_is_named_by_its_kind(kind: str, taken: list[str], name: str) -> None:
    assert next_name(KINDS[kind], taken, TODAY) == name


def test_where_only_the_author_can_name_a_record_no_name_is_made() -> None:
    unnamed = {kind.name for kind in KINDS.values() if kind.place == "record" and next_name(kind, [], TODAY) is None}
    assert "reports" in unnamed
    assert not unnamed & {"hazards", "weekly", "monthly", "inspections"}


def test_numbers_are_counted_within_their_year() -> None:
    assert last_number(2023, ["2023-010", "2024-011", "2023-W44", "x"]) == 10
    assert last_number("2025", ["2023-010"]) == 0
    assert is_serial(KINDS["hazards"])
    assert not is_serial(KINDS["weekly"])
