"""The documents are true: commands in them run, pins carry hashes, nothing names a machine or a registry."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from importlib.metadata import packages_distributions
from itertools import dropwhile
from pathlib import Path

import pytest
from checkout import taizhang
from support import ROOT

READMES = ("README.md", "README.zh-CN.md")
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(name: str) -> list[list[str]]:
    blocks = SHELL.findall((ROOT / name).read_text(encoding="utf-8"))
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.strip()]


TAIZHANG = sorted({tuple(c[1:]) for name in READMES for c in commands(name) if c[0] == "taizhang" and c[1] != "submit"})
"""Without `submit`, which test_submit runs against real remotes."""


def test_the_two_readmes_give_the_same_commands() -> None:
    assert commands(READMES[0]) == commands(READMES[1])


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("copy")
    for name in ("schemas", "submissions"):
        shutil.copytree(ROOT / name, root / name)
    book = ("export", "ledger", "--campaign", "shili-banner-2023", "--org", "qi-fuyou", "-o", str(root / "台账.xlsx"))
    assert taizhang(root, *book).exit_code == 0
    return root


@pytest.mark.parametrize("arguments", TAIZHANG, ids=" ".join)
def test_every_command_of_the_readmes_runs(
    copy: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copy)
    result = taizhang(copy, *arguments)
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md"])
def test_every_make_target_named_exists(name: str) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"`?make ([a-z]+)", (ROOT / name).read_text(encoding="utf-8"))
    assert named
    assert set(named) <= set(targets)


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md"])
def test_every_file_that_a_document_links_to_is_there(name: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_place_named_in_contributing_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:generator|tests|site|docs)/[^`<…]+)`", text)
    assert named
    assert [place for place in named if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("name", ["site.txt", "dev.txt"])
def test_every_pin_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert "://" not in text
    pins = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(pins) > 20
    for pin in pins:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==", pin), pin.splitlines()[0]
        assert "--hash=sha256:" in pin, pin.splitlines()[0]


def test_every_dependency_is_used() -> None:
    """Each is imported somewhere, or is the theme that mkdocs.yml names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.split(r"[^\w-]", dependency)[0].lower() for dependency in project["dependencies"]}
    code = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "generator").rglob("*.py"))
    imported = set(re.findall(r"^ *(?:from|import) (\w+)", code, re.MULTILINE))
    theme = re.findall(r"^  name: (\w+)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    modules = packages_distributions()
    used = {name.lower().replace("_", "-") for module in [*imported, *theme] for name in modules.get(module, ())}
    assert named - used == set()


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [name for name in listed.decode().split("\0") if name]


def test_no_tracked_text_names_a_path_of_a_machine_or_an_index() -> None:
    pattern = re.compile(r"--(extra-)?index-url|/(work|root|home)/[a-z]|\"resolved\": ")
    found = []
    for name in tracked():
        file = ROOT / name
        if file.suffix in {".png", ".pdf"} or not file.is_file() or name == "tests/test_docs.py":
            continue
        if pattern.search(file.read_text(encoding="utf-8", errors="replace")):
            found.append(name)
    assert found == []


def sections(file: Path) -> list[str]:
    """The lines from the first section on, without anchors and indents, which the site needs otherwise."""
    lines = (re.sub(r"\{[^}]*\}|\s+", "", line) for line in file.read_text(encoding="utf-8").splitlines())
    return list(dropwhile(lambda line: not line.startswith("##"), filter(None, lines)))


def test_the_offices_guide_says_the_same_in_the_repository_and_on_the_site() -> None:
    guide = sections(ROOT / "docs" / "office-guide.md")
    assert len(guide) > 50
    assert guide == sections(ROOT / "site" / "pages" / "help" / "setup.md")
