"""One corpus of planted violations: `taizhang check` finds each, by its code and at its file, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import test_checks
import test_contacts
import test_supervision
from checkout import taizhang
from support import CAMPAIGN, ROOT, Tree, yaml_text

RULEBOOKS = (test_checks.RULEBOOK, test_supervision.RULEBOOK, test_contacts.RULEBOOK)
PLANTED = [case for book in RULEBOOKS for case in book.broken.values()]


def planted(number: int) -> str:
    """The campaign's folder in which one violation stands, among as many sound records as it needs."""
    return f"planted-{number:03d}"


def shares_the_libraries(tree: Tree) -> bool:
    """Whether a case leaves criteria and calendars as they are, so that it can stand beside the others."""
    sound = Tree()
    return (tree.criteria, tree.calendars) == (sound.criteria, sound.calendars)


def test_check_finds_every_planted_violation_and_nothing_else(tmp_path: Path) -> None:
    expected = {}
    files: dict[str, str | bytes] = {}
    for number, (code, make) in enumerate(PLANTED):
        tree = Tree()
        path, _ = make(tree)
        if shares_the_libraries(tree) and path.startswith(f"submissions/{CAMPAIGN}"):
            expected[path.replace(CAMPAIGN, planted(number))] = code
            files |= {name.replace(CAMPAIGN, planted(number)): raw for name, raw in tree.source().files.items()}
    for name, raw in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    (tmp_path / "schemas").symlink_to(ROOT / "schemas")

    result = taizhang(tmp_path, "check", "--format", "json", "--today", "2024-03-01")

    told = [f for f in json.loads(result.stdout)["findings"] if f["scope"] != "time"]
    assert {f["file"]: f["code"] for f in told} == expected
    assert len(told) == len(expected)
    assert result.exit_code == 1
    assert len(set(expected.values())) > 60


def test_a_sound_tree_has_no_finding(tmp_path: Path) -> None:
    for name, raw in Tree().source().files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw if isinstance(raw, bytes) else yaml_text(raw).encode())
    (tmp_path / "schemas").symlink_to(ROOT / "schemas")
    assert taizhang(tmp_path, "check", "--today", "2023-05-20").exit_code == 0
