"""Who must review what: the CODEOWNERS that `taizhang owners` makes from the roll."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from checkout import checkout, taizhang
from support import CAMPAIGN, KINDS, RECORDS, Tree, home

LOGIN = re.compile(r"@[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9_-]+)?\Z")


def parsed(text: str) -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
    """The rules of a CODEOWNERS file as a forge reads them: patterns from the root, `*` is one folder."""
    rules = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        pattern, *logins = line.split()
        assert logins, f"nobody reviews {pattern}"
        assert all(LOGIN.match(login) for login in logins), line
        anchored = re.escape(pattern.removeprefix("/")).replace(r"\*", "[^/]*") if pattern != "*" else ""
        rules.append((re.compile(anchored), tuple(login.removeprefix("@") for login in logins)))
    return rules


def reviewers(text: str, path: str) -> tuple[str, ...]:
    """Who must review a path: the last rule that matches decides."""
    return [logins for pattern, logins in parsed(text) if pattern.match(path)][-1]


@pytest.fixture
def tree() -> Tree:
    tree = Tree()
    for org, login in {
        "bureau": "bureau-clerk",
        "council": "council-clerk",
        "east-hospital": "east-clerk",
        "north-county": "north-clerk",
        "north-clinic": "clinic-clerk",
    }.items():
        tree.organisation(org)["submitters"] = [login]
    tree.campaign["reviewers"] = {"disclosure": ["openness", "city/openness"], "it": ["engineer"]}
    return tree


def made(tmp_path: Path, tree: Tree, *arguments: str) -> str:
    result = taizhang(checkout(tmp_path / "office", tree), "owners", *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_everyone_reviews_what_is_theirs_to_review(tmp_path: Path, tree: Tree) -> None:
    text = made(tmp_path, tree)
    below = f"submissions/{CAMPAIGN}"
    expected = {
        f"{below}/east-hospital/hazards/2023-001.yml": "bureau-clerk",
        f"{below}/east-hospital/contact-changes/2023-001.yml": "council-clerk",
        f"{below}/north-clinic/weekly/2023-W21.yml": "north-clerk",  # the county looks first
        f"{below}/north-county/determinations/2023-001.yml": "bureau-clerk",
        f"{below}/council/orders/2023-001.yml": "council-clerk",
        f"{below}/bureau/acceptances/2023-001.yml": "bureau-clerk",
        f"{below}/bureau/exposures/2023-001.yml": "openness",
        f"{below}/bureau/bulletins/weekly-2023-W21.yml": "openness",
        f"{below}/roll.yml": "bureau-clerk",
        f"{below}/campaign.yml": "bureau-clerk",
        "submissions/criteria/standard-2017.yml": "bureau-clerk",
        "submissions/calendar/2023.yml": "bureau-clerk",
        "schemas/hazards.schema.json": "engineer",
        "generator/taizhang/cli/app.py": "engineer",
        ".github/workflows/check.yml": "engineer",
        "hooks/pre-receive": "engineer",
        "README.md": "engineer",
    }
    assert {path: reviewers(text, path)[0] for path in expected} == expected
    assert "city/openness" in reviewers(text, f"{below}/bureau/tips/2023-001.yml")


@pytest.mark.parametrize("kind", sorted(RECORDS))
def test_a_unit_never_reviews_itself(tmp_path: Path, tree: Tree, kind: str) -> None:
    text = made(tmp_path, tree)
    for org, clerk in {"east-hospital": "east-clerk", "north-clinic": "clinic-clerk"}.items():
        path = home(kind).replace("east-hospital", org).replace("bureau", org)
        assert KINDS[kind].place == "record"
        assert reviewers(text, path), path
        assert clerk not in reviewers(text, path), path


def test_units_right_below_the_office_are_reviewed_by_its_reviewers(tmp_path: Path, tree: Tree) -> None:
    tree.campaign["reviewers"]["office"] = ["desk"]
    text = made(tmp_path, tree)
    assert reviewers(text, f"submissions/{CAMPAIGN}/east-hospital/weekly/2023-W21.yml") == ("desk",)


def test_roles_fall_back_to_those_who_file_for_the_office(tmp_path: Path, tree: Tree) -> None:
    del tree.campaign["reviewers"], tree.organisation("council")["submitters"]
    text = made(tmp_path, tree)
    everyone = {login for _, logins in parsed(text) for login in logins}
    assert everyone == {"bureau-clerk", "north-clerk"}


def test_a_name_cannot_add_a_line(tmp_path: Path, tree: Tree) -> None:
    """Names come from files; one with a line break in it stays inside its comment."""
    tree.organisation("north-clinic")["short_name"] = "卫生院\n* @intruder"
    result = taizhang(checkout(tmp_path / "office", tree), "owners")
    assert not [line for line in result.stdout.splitlines() if "intruder" in line and not line.startswith("#")]


def test_without_reviewers_it_says_where_to_write_them(tmp_path: Path) -> None:
    result = taizhang(checkout(tmp_path / "office", Tree()), "owners")
    assert result.exit_code == 2
    assert "submitters" in result.stderr
    assert "reviewers" in result.stderr


def test_an_archived_campaign_has_no_reviewers_to_name(tmp_path: Path, tree: Tree) -> None:
    tree.campaign["archived_on"] = "2024-01-31"
    root = checkout(tmp_path / "office", tree)
    assert taizhang(root, "owners").exit_code == 2
    assert taizhang(root, "owners", "--campaign", CAMPAIGN).exit_code == 0
