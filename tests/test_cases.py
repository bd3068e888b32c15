"""Every case in cases/<kind>: a valid file is accepted; an invalid one is answered with exactly the text beside it.

`UPDATE_CASES=1 pytest tests/test_cases.py` writes the texts anew; read each as a clerk would before keeping it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support import KINDS, MemorySource, home

from taizhang.findings import worded
from taizhang.findings.formats import as_text
from taizhang.intake.records import Intake, read_tree

CASES = Path(__file__).parent / "cases"
UPDATE = "UPDATE_CASES" in os.environ


def cases(verdict: str) -> list[str]:
    return sorted(f"{file.parent.parent.name}/{file.stem}" for file in CASES.glob(f"*/{verdict}/*.yml"))


def read(case: str, verdict: str) -> tuple[Path, str, Intake]:
    kind, name = case.split("/")
    file = CASES / kind / verdict / f"{name}.yml"
    path = home(kind)
    return file, path, read_tree(MemorySource({path: file.read_bytes()}), KINDS)


@pytest.mark.parametrize("case", cases("valid"))
def test_valid_file_is_accepted(case: str) -> None:
    _, path, intake = read(case, "valid")
    assert as_text(worded(intake.findings)) == ""
    assert [record.path for record in intake.records] == [path]


@pytest.mark.parametrize("case", cases("invalid"))
def test_invalid_file_is_answered(case: str) -> None:
    file, _, intake = read(case, "invalid")
    answer = as_text(worded(intake.findings))
    assert answer
    assert intake.records == ()
    expected = file.with_suffix(".txt")
    if UPDATE:
        expected.write_text(answer, encoding="utf-8")
    assert answer == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_cases(kind: str) -> None:
    assert sum(case.startswith(f"{kind}/") for case in cases("valid")) >= 2
    assert sum(case.startswith(f"{kind}/") for case in cases("invalid")) >= 4


def test_every_folder_is_a_kind() -> None:
    assert {folder.name for folder in CASES.iterdir()} - {"bytes"} == set(KINDS)


def test_every_text_has_its_file() -> None:
    stray = [str(text) for text in CASES.glob("*/invalid/*.txt") if not text.with_suffix(".yml").exists()]
    assert stray == []
