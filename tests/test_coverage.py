"""Every sentence of the two notices is proven by a test or answered in a line; docs/coverage.md says which."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
import yaml
from support import ROOT

PAGE = ROOT / "docs" / "coverage.md"
ROWS: Mapping[str, Mapping[str, str]] = yaml.safe_load((ROOT / "docs" / "requirements.yml").read_text(encoding="utf-8"))


def marks(file: Path) -> Iterator[tuple[str, str]]:
    """The requirement marks in a test file: row and test, read from the source without running it.

    A mark may also stand on one parameter, in the decorator itself or in a list of the module that it names.
    """
    module = ast.parse(file.read_text(encoding="utf-8"))
    lists = {ast.unparse(target): node.value for node in module.body for target in _targets(node)}
    for function in (node for node in module.body if isinstance(node, ast.FunctionDef)):
        named = [lists[name] for name in _names(function.decorator_list) if name in lists]
        for tree in (*function.decorator_list, *named):
            for row in _rows(tree):
                yield row, f"{file.name}::{function.name}"


def _targets(node: ast.stmt) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AnnAssign) and node.value else []


def _names(trees: list[ast.expr]) -> list[str]:
    return [node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)]


def _rows(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.requirement":
            yield from (str(argument.value) for argument in node.args if isinstance(argument, ast.Constant))


@cache
def proven() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for row, test in marks(file):
            found.setdefault(row, []).append(test)
    return found


def page() -> str:
    tests = proven()
    lines = [
        "# What answers each sentence of the two notices",
        "",
        "Made from `docs/requirements.yml` and the marks on the tests. To write it anew:",
        "`UPDATE_COVERAGE=1 make test ARGS=tests/test_coverage.py`.",
        "",
        "| row | sentence | answered by | tests |",
        "|---|---|---|---|",
    ]
    for row, entry in ROWS.items():
        answer = entry.get("by") or f"（无需记录）{entry['reason']}"
        shown = "<br>".join(f"`{test}`" for test in sorted(set(tests.get(row, ()))))
        lines.append(f"| {row} | {entry['text']} | {answer} | {shown} |")
    return "\n".join(lines) + "\n"


def test_all_rows_are_there() -> None:
    assert list(ROWS) == [f"A{n}" for n in range(1, 69)] + [f"B{n}" for n in range(1, 50)]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_proven_by_a_test_or_needs_none(row: str) -> None:
    assert (row in proven()) != ("reason" in ROWS[row]), "a row has tests or a reason, not both and not neither"


def test_no_test_names_a_row_that_is_not_there() -> None:
    assert set(proven()) <= set(ROWS)


def test_the_page_is_up_to_date() -> None:
    if "UPDATE_COVERAGE" in os.environ:
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()
