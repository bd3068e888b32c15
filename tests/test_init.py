"""`taizhang init`: a repository of one's own, from the template to a site, and never over anybody's files."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from checkout import fill_in, taizhang
from click.testing import CliRunner, Result
from support import ROOT

from taizhang.cli import main
from taizhang.kit import KIT, TEMPLATES, begin, kit_folder, templates

TODAY = "2026-11-23"


def init(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["init", *map(str, arguments)])


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office") / "zhiben"
    result = init(folder)
    assert result.exit_code == 0, result.output
    assert f"taizhang --root {folder} check" in result.output
    unfilled = taizhang(folder, "check", "--today", TODAY)
    (here,) = (folder / "submissions").glob("zhiben-*")
    written = {file: file.read_text(encoding="utf-8") for file in here.glob("*.yml")}
    wanted = {
        f"{file.relative_to(folder).as_posix()}:{number}"
        for file, text in written.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if re.match(r"[^#]*: 请填写", line)
    }
    assert unfilled.exit_code == 1
    assert set(re.findall(r"^(\S+?:\d+):\d+$", unfilled.output, re.MULTILINE)) == wanted
    assert unfilled.output.count("错误 E-PLACEHOLDER") == len(wanted) == 15
    fill_in(here)
    return folder


def test_what_was_begun_passes_its_check_once_it_is_filled_in(begun: Path) -> None:
    result = taizhang(begun, "check", "--today", TODAY)
    assert result.exit_code == 0, result.output
    assert "检查通过：0 份记录计入台账，0 处提醒" in result.output
    assert "治本攻坚三年行动" in result.output


def test_what_was_begun_gives_a_site(begun: Path) -> None:
    result = taizhang(begun, "build", "--today", TODAY)
    assert result.exit_code == 0, result.output
    page = (begun / "build" / "site" / "campaigns" / "zhiben-2024-2026" / "index.html").read_text(encoding="utf-8")
    assert "每季度一次，次月15日前" in page
    assert "每年6月至少1次" in page
    assert "演示数据" not in page


def test_a_unit_can_file_at_once(begun: Path) -> None:
    result = taizhang(begun, "new", "monthly", "--org", "yiyuan-1", "--today", TODAY)
    assert result.exit_code == 0, result.output
    file = begun / "submissions" / "zhiben-2024-2026" / "yiyuan-1" / "monthly" / "2026-11.yml"
    file.write_text("filed_on: 2026-11-23\nnil_return: true\n", encoding="utf-8")
    assert "零报告 1" in taizhang(begun, "check", "--today", TODAY).output
    file.unlink()


def test_it_is_a_repository_on_main_without_a_commit(begun: Path) -> None:
    git = ["git", "-C", str(begun)]
    branch = subprocess.run([*git, "symbolic-ref", "HEAD"], capture_output=True, text=True, check=True).stdout
    assert branch == "refs/heads/main\n"
    tracked = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=True).stdout
    assert "build/" not in tracked


def test_it_holds_all_that_is_needed_and_nothing_of_the_sample(begun: Path) -> None:
    submissions = {path.name for path in (begun / "submissions").iterdir()}
    assert submissions == {"zhiben-2024-2026", "calendar", "criteria"}
    for name in KIT:
        assert (begun / name).exists()
    assert (begun / "README.md").read_text(encoding="utf-8").startswith("# 安全生产治本攻坚三年行动")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("keep", encoding="utf-8")
    result = init(tmp_path)
    assert result.exit_code == 2
    assert "不是空文件夹" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    assert init(tmp_path).exit_code == 0
    assert (tmp_path / "mkdocs.yml").is_file()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    file = tmp_path / "taken"
    file.touch()
    assert init(file).exit_code == 2


def test_an_unknown_template_names_the_known(tmp_path: Path) -> None:
    result = init(tmp_path / "new", "--template", "none")
    assert result.exit_code == 2
    assert "three-year-2024-2026" in result.stderr
    assert not (tmp_path / "new").exists()


def test_without_the_kit_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taizhang.cli.beginning.kit_folder", lambda: None)
    result = init(tmp_path / "new")
    assert result.exit_code == 2
    assert "找不到模板" in result.stderr


def test_what_init_copies_is_installed_with_the_program() -> None:
    """Every file of the kit and of the templates is in the data files of pyproject.toml, at the same place."""
    data_files = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "data-files"
    ]
    installed = set()
    for target, patterns in data_files.items():
        for pattern in patterns:
            for file in ROOT.glob(pattern):
                assert f"share/taizhang/{file.relative_to(ROOT).parent.as_posix()}".removesuffix("/.") == target
                installed.add(file.relative_to(ROOT).as_posix())
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *KIT, TEMPLATES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert set(listed.split("\0")) - {""} - installed == set()


def test_templates_name_no_institution() -> None:
    kit = kit_folder()
    assert kit == ROOT
    for folder in templates(kit).values():
        for file in folder.glob("submissions/*/roll.yml"):
            for org in yaml.safe_load(file.read_text(encoding="utf-8"))["organisations"]:
                assert org["name"].startswith("请填写")
        for file in folder.glob("submissions/*/campaign.yml"):
            campaign = yaml.safe_load(file.read_text(encoding="utf-8"))
            assert campaign["issuer"].startswith("请填写")
            assert campaign["office"].startswith("请填写")
            assert all("待核对" in duty["source"] for duty in campaign["duties"])
            assert all("待核对" in task for phase in campaign["phases"] for task in phase["tasks"])


def test_a_repository_is_laid_out_from_kit_and_template_in_a_folder_that_need_not_be_there(tmp_path: Path) -> None:
    kit = kit_folder()
    assert kit
    (template, *_) = templates(kit).values()
    folder = tmp_path / "new" / "office"
    count = begin(kit, template, folder)
    assert count == len([file for file in (folder / "submissions").rglob("*") if file.is_file()]) > 0
    assert all((folder / name).exists() for name in (*KIT, "README.md", ".git"))
