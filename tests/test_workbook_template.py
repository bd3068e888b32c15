"""`taizhang template`: what it writes can be filled in, and imports back, for every kind a unit files."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from checkout import taizhang
from openpyxl import load_workbook
from spreadsheets import Desk
from support import CAMPAIGN, KINDS, NAMES, RECORDS, Tree

from taizhang.intake.kinds import typed
from taizhang.intake.schemas import FieldPath
from taizhang.workbooks.columns import fields_of
from taizhang.workbooks.template import template_workbook

UNIT_KINDS = sorted(kind.name for kind in KINDS.values() if "unit" in kind.filed_by)
MADE_ON = date(2023, 6, 1)


def value_at(data: Any, path: FieldPath) -> Any:
    for step in path:
        if data is None or (isinstance(step, int) and step >= len(data)):
            return None
        data = data.get(step) if isinstance(data, dict) else data[step]
    return data


def in_words(schema: Any, value: Any) -> object:
    """A value as a clerk would type it under a heading of the template."""
    if value is None:
        return None
    if isinstance(value, list):
        return "、".join(str(in_words(schema["items"], item)) for item in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if "enum" in schema:
        return schema["x-labels"][value]
    return date.fromisoformat(value) if schema.get("format") == "date" else value


def filled(kind: str, name: str) -> bytes:
    """The template of a kind with its usual record in the first row."""
    book = load_workbook(io.BytesIO(template_workbook(KINDS[kind], MADE_ON)))
    page = book["填报"]
    heads = [cell.value.rstrip("*") for cell in page[1]]
    if "文件名" in heads:
        page.cell(2, heads.index("文件名") + 1).value = name
    for item in fields_of(KINDS[kind]):
        value = in_words(item.schema, value_at(RECORDS[kind], item.path))
        page.cell(2, heads.index(item.title) + 1).value = value
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def tree_for(kind: str) -> Tree:
    """A campaign in which the usual record of a kind is in order."""
    tree = Tree()
    if kind not in ("hazards", "contacts"):
        tree.add("east-hospital", "hazards", claimed_level="general" if kind == "acceptances" else "major")
    if kind not in ("hazards", "contacts", "acceptances"):
        tree.add("bureau", "determinations")
    if kind == "contact-changes":
        tree.add("east-hospital", "contacts")
    if kind == "acceptances":
        tree.add("east-hospital", "rectifications", stage="completed")
    if kind == "replies":
        tree.add("bureau", "exposures")
    return tree


@pytest.mark.parametrize("kind", UNIT_KINDS)
def test_a_filled_in_template_gives_the_record_it_was_filled_with(tmp_path: Path, kind: str) -> None:
    desk = Desk(tmp_path, tree_for(kind))
    name = NAMES.get(kind) or KINDS[kind].names.example
    result = desk.run("x.xlsx", filled(kind, name), "--kind", kind, "--today", "2023-08-30")
    assert "没有用到的列" not in result.output
    assert "新写 1 行" in result.output, result.output
    (found,) = desk.records(kind).values()
    assert found == RECORDS[kind]


@pytest.mark.parametrize("kind", sorted(kind.name for kind in KINDS.values() if kind.place == "record"))
def test_limits_and_help_come_from_the_schema(kind: str) -> None:
    book = load_workbook(io.BytesIO(template_workbook(KINDS[kind], MADE_ON)))
    page = book["填报"]
    rules = {str(rule.sqref).split(":")[0].rstrip("0123456789"): rule for rule in page.data_validations.dataValidation}
    heads = {cell.value.rstrip("*"): cell for cell in page[1]}
    for item in fields_of(KINDS[kind]):
        cell = heads[item.title]
        rule = rules[cell.column_letter]
        assert cell.value.endswith("*") == item.required
        assert rule.prompt.startswith(typed(item.schema)[:200])
        if "enum" in item.schema:
            assert rule.type == "list"
            choices = [c.value for c in book["选项"][cell.column_letter] if c.value]
            assert choices == list(item.schema["x-labels"].values())
        elif item.schema.get("format") == "date":
            assert rule.type == "date"
        elif "minLength" in item.schema:
            assert (rule.formula1, rule.formula2) == (str(item.schema["minLength"]), str(item.schema["maxLength"]))
    assert book["选项"].sheet_state == "hidden"
    listed = [cell.value for cell in book["填写说明"]["A"] if cell.value]
    assert set(heads) <= set(listed)


def test_the_same_template_is_the_same_bytes() -> None:
    assert template_workbook(KINDS["hazards"], MADE_ON) == template_workbook(KINDS["hazards"], MADE_ON)


def test_the_command_writes_and_never_overwrites(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    file = tmp_path / "隐患.xlsx"
    result = taizhang(desk.root, "template", "隐患", "-o", str(file))
    assert result.exit_code == 0
    assert "taizhang import 隐患.xlsx --kind hazards" in result.output
    before = file.read_bytes()
    result = taizhang(desk.root, "template", "hazards", "-o", str(file))
    assert result.exit_code == 2
    assert "已经有了" in result.output
    assert file.read_bytes() == before


def test_an_empty_template_imports_as_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    result = desk.run("x.xlsx", template_workbook(KINDS["hazards"], MADE_ON))
    assert result.exit_code == 0, result.output
    assert "新写 0 行" in result.output
    assert not (desk.root / "submissions" / CAMPAIGN / "east-hospital").exists()
