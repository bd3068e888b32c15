"""The documents are true: commands in them run, pins carry hashes, nothing names a machine or a registry."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from contextlib import suppress
from importlib.metadata import packages_distributions
from pathlib import Path

import click
import pytest
from checkout import taizhang
from support import ROOT

from taizhang.cli import main

READMES = ("README.md", "README.zh-CN.md")
HELP = tuple(f"site/pages/help/{name}.md" for name in ("units", "files", "office", "setup"))
GUIDES = ("docs/guide.md", *HELP)
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^ {4,}(taizhang .*)$", re.MULTILINE)
INLINE = re.compile(r"`taizhang ([^`\n]+)`")
FINDING = re.compile(r"^```text\n((submissions/\S+):\d+:\d+\n.*?)^```", re.MULTILINE | re.DOTALL)
STANDS_FOR = {"本单位编号": "qi-fuyou", "行动编号": "shili-banner-2023"}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(name: str) -> list[list[str]]:
    """What a document gives to be typed, with the names of the sample where it leaves them open."""
    text = text_of(name)
    lines = [line for block in SHELL.findall(text) for line in block.splitlines()] + INDENTED.findall(text)
    typed = [shlex.split(line.split(" > ")[0], comments=True) for line in lines if line.strip()]
    return [[STANDS_FOR.get(word, word) for word in words] for words in typed]


TYPED = {tuple(c[1:]) for name in GUIDES for c in commands(name) if c[0] == "taizhang"}
TAIZHANG = sorted(command for command in TYPED if command[0] not in ("owners", "submit"))
"""Without two that need a campaign under way: test_roles and test_submit run them, the latter against real remotes."""


def test_the_two_readmes_give_the_same_commands() -> None:
    assert commands(READMES[0]) == commands(READMES[1])


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("copy")
    for name in ("schemas", "submissions"):
        shutil.copytree(ROOT / name, root / name)
    book = ("export", "ledger", "--campaign", "shili-banner-2023", "--org", "qi-fuyou", "-o", str(root / "台账.xlsx"))
    assert taizhang(root, *book).exit_code == 0
    shutil.copy(root / "台账.xlsx", root / "隐患台账.xlsx")
    return root


@pytest.mark.parametrize("arguments", TAIZHANG, ids=" ".join)
def test_every_command_of_the_guides_runs(
    copy: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copy)
    result = taizhang(copy, *arguments)
    assert result.exit_code == 0, result.output


NAMED = sorted({(name, words) for name in [*READMES, *GUIDES] for words in INLINE.findall(text_of(name))})


@pytest.mark.parametrize(("name", "words"), NAMED)
def test_every_command_named_in_a_sentence_has_that_form(name: str, words: str) -> None:
    """A value may be missing or stand for another; no command and no option may be unknown."""
    command: click.Command = main
    arguments = shlex.split(words)
    while isinstance(command, click.Group) and arguments:
        found = command.get_command(click.Context(command), arguments.pop(0))
        assert found
        command = found
    if arguments:
        with suppress(click.BadParameter):
            command.make_context(command.name, arguments)


@pytest.mark.parametrize("name", [*READMES, "site/pages/help/files.md"])
def test_the_finding_that_a_document_shows_is_what_the_check_says(name: str, copy: Path) -> None:
    (shown, path), *_ = FINDING.findall(text_of(name))
    record = f"filed_on: 2023-07-28\nself_checks: {re.findall('现在写的是“(.*?)”', shown)[0]}\n"
    if name in READMES:
        assert f"```yaml\n{record}```" in text_of(name)
    before = (copy / path).read_bytes()
    (copy / path).write_text(record, encoding="utf-8")
    try:
        said = taizhang(copy, "check").output
    finally:
        (copy / path).write_bytes(before)
    assert shown in said


@pytest.mark.parametrize("name", [*READMES, "docs/guide.md", "site/pages/help/setup.md", "CONTRIBUTING.md"])
def test_every_make_target_named_exists(name: str) -> None:
    targets = re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE)
    named = re.findall(r"`?make ([a-z]+)", text_of(name))
    assert named
    assert set(named) <= set(targets)


@pytest.mark.parametrize("name", [*READMES, "docs/guide.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_file_that_a_document_links_to_is_there(name: str) -> None:
    """The site's own pages are held by MkDocs, which knows the stamped ones too."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text_of(name))
    assert links
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md"])
def test_every_place_named_is_there(name: str) -> None:
    named = re.findall(r"`((?:generator|tests|site|docs)/[^`<…]+)`", text_of(name))
    assert named
    assert [place for place in named if not list(ROOT.glob(place))] == []


@pytest.mark.parametrize("name", sorted(file.name for file in (ROOT / "requirements").glob("*.txt")))
def test_every_pin_has_hashes_and_no_address(name: str) -> None:
    text = text_of(f"requirements/{name}")
    assert "://" not in text
    pins = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert pins
    for pin in pins:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==", pin), pin.splitlines()[0]
        assert "--hash=sha256:" in pin, pin.splitlines()[0]


def test_every_dependency_is_used() -> None:
    """Each is imported somewhere, or is the theme that mkdocs.yml names."""
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    named = {re.split(r"[^\w-]", dependency)[0].lower() for dependency in project["dependencies"]}
    code = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "generator").rglob("*.py"))
    imported = set(re.findall(r"^ *(?:from|import) (\w+)", code, re.MULTILINE))
    theme = re.findall(r"^  name: (\w+)$", text_of("mkdocs.yml"), re.MULTILINE)
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
