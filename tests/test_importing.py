"""An import without the command line: which files it would write, what it says of each row and of all of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from spreadsheets import HEAD, RECORD, ROW, TODAY, Rows, xlsx
from support import CAMPAIGN, KINDS, Tree

from taizhang.intake.strict_yaml import load
from taizhang.spreadsheets.reading import read_book
from taizhang.workbooks.checked import place_beside
from taizhang.workbooks.columns import UnknownColumn, layout_of
from taizhang.workbooks.headers import LedgerTable, find_table
from taizhang.workbooks.importing import Imported, ImportJob, records_on_file, run_import
from taizhang.workbooks.verdicts import report_of
from taizhang.workspace import Workspace

LAYOUT = layout_of(KINDS["hazards"])
DAY = date.fromisoformat(TODAY)


def imported(root: Path, rows: Rows, **given: str) -> tuple[Imported, LedgerTable]:
    """What becomes of a workbook of hazards where the checkout at `root` has what was filed before."""
    workspace = Workspace(root)
    examined = workspace.examine(DAY)
    (ledger,) = examined.verdict.ledgers
    job = ImportJob(LAYOUT, ledger, "east-hospital", DAY, examined, KINDS)
    table = find_table(read_book(xlsx([HEAD, *rows])), LAYOUT)
    return run_import(job, table, given, records_on_file(job, root / job.folder)), table


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, raw in Tree().source().files.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)
    (tmp_path / "schemas").symlink_to(Path(__file__).parents[1] / "schemas")
    return tmp_path


def test_each_new_row_is_a_file_with_the_mark_by_which_it_is_known_again(root: Path) -> None:
    found, _ = imported(root, [ROW, [*ROW[:1], "门诊一楼", *ROW[2:]]])
    folder = f"submissions/{CAMPAIGN}/east-hospital/hazards"
    assert list(found.files) == [f"{folder}/2023-001.yml", f"{folder}/2023-002.yml"]
    text = found.files[f"{folder}/2023-001.yml"]
    assert text.startswith("# 导入标识 ")
    assert load(text.encode()).data == RECORD
    for path, content in found.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")
    again, _ = imported(root, [ROW])
    assert (dict(again.files), again.is_whole) == ({}, True)
    assert again.summary(dry_run=False) == (
        "合计：新写 0 行，已经有 1 行，重复 0 行，没有导入 0 行，没有读（空行、合计等） 0 行。"
    )


def test_rows_are_counted_by_what_became_of_them(root: Path) -> None:
    found, _ = imported(root, [ROW, ROW, ["合计"], ["没有别的"]])
    assert not found.is_whole
    counted = "新写 1 行，已经有 0 行，重复 1 行，没有导入 1 行，没有读（空行、合计等） 1 行"
    assert found.summary(dry_run=False).splitlines() == [
        f"合计：{counted}。",
        "请看一遍新写的记录，再运行 taizhang check；会公开的文字里不要有人名。",
    ]
    assert found.summary(dry_run=True) == f"合计：{counted.replace('新写', '可以导入')}。"


def test_what_is_said_of_a_row_names_cell_code_and_remedy(root: Path) -> None:
    found, table = imported(root, [[*ROW[:4], "五月底", *ROW[5:]]])
    (result,) = found.results
    said = report_of(result, table).splitlines()
    assert said[0] == "第 2 行：没有导入"
    assert said[1].startswith("  读到：")
    assert said[2].startswith("  第 2 行 E 列“发现日期” 错误 E-DATE：")
    assert said[3].startswith("    改法：")
    assert said[3].endswith("（详见 taizhang explain E-DATE）")


def test_a_field_is_named_by_any_of_its_names_and_nothing_else() -> None:
    assert LAYOUT.dotted("隐患来源") == "source"
    assert {LAYOUT.dotted(title) for title in LAYOUT.titles} >= {"source", "funds.planned", "deadline"}
    for name in ("没有这一栏", "序号"):
        with pytest.raises(UnknownColumn, match=name):
            LAYOUT.dotted(name)
    with pytest.raises(UnknownColumn, match="没有这一栏"):
        layout_of(KINDS["hazards"], {"我的列": "没有这一栏"})
    assert layout_of(KINDS["hazards"], {"我的列": "隐患来源"}).dotted("我的列") == "source"


def test_the_workbook_handed_back_lies_beside_and_over_nothing(tmp_path: Path) -> None:
    names = []
    for _ in range(3):
        place = place_beside(tmp_path / "台账.xls")
        place.touch()
        names.append(place.name)
    assert names == ["台账.校验结果.xlsx", "台账.校验结果-2.xlsx", "台账.校验结果-3.xlsx"]
    assert place_beside(tmp_path / "台账.校验结果-3.xlsx").name == "台账.校验结果-4.xlsx"
