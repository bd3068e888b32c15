"""`taizhang export ledger`: a workbook to forward, with public fields only unless the office asks for more."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from checkout import taizhang
from openpyxl import load_workbook
from spreadsheets import Desk
from support import KINDS, ROOT, Tree

SECRETS = {
    "location_text": "三号楼二层东侧二零四",
    "description": "不公开的详细情况",
    "responsible_person": "示例庚",
    "contingency_plan": "不公开的预案内容",
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    tree = Tree()
    five = {"responsible_role": "分管副院长", "measures": '=HYPERLINK("x")', "deadline": "2023-06-30"}
    funds = {"planned": 12500, "secured": 5000}
    tree.add("east-hospital", "hazards", claimed_level="major", funds=funds, **five, **SECRETS)
    tree.add("east-hospital", "hazards", "2023-002", title="一般隐患不单列", claimed_level="general")
    tree.add("west-hospital", "hazards", claimed_level="major")
    tree.add("bureau", "determinations")
    return Desk(tmp_path, tree)


def exported(desk: Desk, *options: str) -> Any:
    file = desk.folder / "out.xlsx"
    file.unlink(missing_ok=True)
    result = taizhang(desk.root, "export", "ledger", "--today", "2023-07-15", "-o", str(file), *options)
    assert result.exit_code == 0, result.output
    return load_workbook(file)


def table(page: Any) -> list[dict[str, Any]]:
    """The rows under the two rows of headings, by title."""
    top = next(row for row in range(1, 9) if page.cell(row, 1).value == "序号")
    titles = [page.cell(top + 1, c).value or page.cell(top, c).value for c in range(1, page.max_column + 1)]
    rows = [row for row in range(top + 2, page.max_row + 1) if isinstance(page.cell(row, 1).value, int)]
    return [{title: page.cell(row, c).value for c, title in enumerate(titles, 1)} for row in rows]


def text_of(book: Any) -> str:
    return "\n".join(str(c.value) for page in book for row in page.iter_rows() for c in row if c.value is not None)


def test_the_public_ledger_has_determined_major_hazards_and_public_fields(desk: Desk) -> None:
    book = exported(desk)
    (row,) = table(book.active)
    assert (row["单位"], row["隐患编号"], row["等级"]) == ("城东医院", "2023-001", "重大")
    assert (row["原定时限"].date(), row["计划资金（万元）"], row["逾期天数"]) == (date(2023, 6, 30), 1.25, 15)
    assert row["有无应急预案"] == "有"
    text = text_of(book)
    assert "一般隐患不单列" not in text
    assert not [secret for secret in SECRETS.values() if secret in text]
    assert "公开版" in text


def test_the_internal_ledger_has_every_hazard_and_the_internal_fields(desk: Desk) -> None:
    book = exported(desk, "--internal")
    rows = table(book.active)
    assert [(row["单位"], row["隐患编号"]) for row in rows] == [
        ("城东医院", "2023-001"),
        ("城东医院", "2023-002"),
        ("城西医院", "2023-001"),
    ]
    assert rows[2]["等级"] == "重大（自报，待认定）"
    text = text_of(book)
    assert all(secret in text for secret in SECRETS.values())
    assert "不得外传" in text


def test_text_is_never_a_formula_and_the_page_is_ready_to_print(desk: Desk) -> None:
    page = exported(desk, "--internal").active
    cells = [cell for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert table(page)[0]["整改措施"] == '=HYPERLINK("x")'
    assert page.page_setup.orientation == "landscape"
    assert page.print_title_rows
    assert page.freeze_panes
    assert page.auto_filter.ref


def test_a_single_unit(desk: Desk) -> None:
    assert [row["单位"] for row in table(exported(desk, "--internal", "--org", "west-hospital").active)] == ["城西医院"]
    result = taizhang(desk.root, "export", "ledger", "--org", "nobody", "-o", str(desk.folder / "y.xlsx"))
    assert "名册上没有“nobody”" in result.output


def test_an_export_of_nothing_is_an_empty_ledger(desk: Desk) -> None:
    assert table(exported(desk, "--org", "north-clinic").active) == []


def test_what_is_exported_imports_again(desk: Desk) -> None:
    """The headings are among those that import knows, so a ledger can travel both ways."""
    exported(desk, "--internal", "--org", "east-hospital")
    result = desk.run("out.xlsx", (desk.folder / "out.xlsx").read_bytes())
    assert "已经有 2 行" in result.output, result.output


def test_no_kind_with_sealed_fields_is_exported() -> None:
    """The ledger is made of hazards, and nothing in them is sealed; what is would not be internal either."""
    assert not KINDS["hazards"].is_sealed


def test_the_sample(tmp_path: Path) -> None:
    file = tmp_path / "台账.xlsx"
    arguments = ["export", "ledger", "--campaign", "shili-banner-2023", "--today", "2023-08-15", "-o", str(file)]
    result = taizhang(ROOT, *arguments)
    assert result.exit_code == 0, result.output
    book = load_workbook(file)
    assert len(table(book.active)) > 10
    assert "演示数据" in text_of(book)
    assert "逾期" in text_of(book)
