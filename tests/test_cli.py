"""The command line as people use it: exit codes, sentences, help, templates."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from checkout import checkout, taizhang
from click.testing import CliRunner
from support import CAMPAIGN, KINDS, ROOT, Tree

from taizhang.cli import main
from taizhang.findings import RULES
from taizhang.forms.blank import blank
from taizhang.intake.strict_yaml import load
from taizhang.workspace import Workspace

RECORD_KINDS = sorted(kind.name for kind in KINDS.values() if kind.place == "record" and not kind.counted)
COMMANDS = sorted(main.homes)


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    tree = Tree()
    tree.add("east-hospital", "hazards")
    tree.add("east-hospital", "weekly", "2023-W21")
    return checkout(tmp_path, tree)


def broken(root: Path, text: str = "filed_on：2023-05-28\n") -> Path:
    file = root / "submissions" / CAMPAIGN / "west-hospital" / "weekly" / "2023-W21.yml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_a_sound_ledger_passes_whatever_is_late(sound: Path) -> None:
    result = taizhang(sound, "check", "--today", "2023-08-15")
    assert result.exit_code == 0
    assert "检查通过：2 份记录计入台账" in result.stdout
    assert re.search(r"未报 [1-9]", result.stdout)


def test_a_broken_record_is_named_and_the_others_still_count(sound: Path) -> None:
    broken(sound)
    result = taizhang(sound, "check", "--today", "2023-08-15")
    assert result.exit_code == 1
    assert f"submissions/{CAMPAIGN}/west-hospital/weekly/2023-W21.yml:1:9" in result.stdout
    assert "E-COLON" in result.stdout
    assert "有 1 处错误，相关记录没有计入：2 份记录计入台账" in result.stdout


def test_lateness_is_listed_apart_and_only_on_request(sound: Path) -> None:
    assert "T-MISSING" not in taizhang(sound, "check", "--today", "2023-08-15").stdout
    late = taizhang(sound, "check", "--today", "2023-08-15", "--late")
    assert late.exit_code == 0
    assert "城西医院应在 2023-05-25 24 时前报送" in late.stdout


def test_validity_does_not_depend_on_the_day(sound: Path) -> None:
    broken(sound)
    found = {
        day: json.loads(taizhang(sound, "check", "--today", day, "--format", "json").stdout)["findings"]
        for day in ("2019-01-01", "2023-08-15", "2030-01-01")
    }
    valid = [[f for f in findings if f["scope"] != "time"] for findings in found.values()]
    assert valid[0] == valid[1] == valid[2] != []


def test_json_names_file_line_and_remedy(sound: Path) -> None:
    file = broken(sound)
    findings = json.loads(taizhang(sound, "check", "--today", "2023-05-20", "--format", "json").stdout)["findings"]
    (finding,) = [f for f in findings if f["severity"] == "error"]
    assert finding["file"] == file.relative_to(sound).as_posix()
    assert (finding["line"], finding["column"], finding["code"]) == (1, 9, "E-COLON")
    assert all(finding[part] for part in ("must", "found", "fix"))


def test_github_annotations_cannot_be_forged_by_what_is_filed(sound: Path) -> None:
    broken(sound, 'filed_on: 2023-05-28\n"k\\n::set-output name=x::y": 1\nself_checks: 1\n')
    result = taizhang(sound, "check", "--format", "github")
    assert result.exit_code == 1
    assert all(line.startswith("::error file=submissions/") for line in result.stdout.splitlines())


def test_every_command_is_found_where_it_is_said_to_be() -> None:
    modules = {file.stem for file in (ROOT / "generator" / "taizhang" / "cli").glob("*.py")} - {"__init__", "app"}
    for module in modules:
        import_module(f"taizhang.cli.{module}")
    assert {
        name: command.callback.__module__.rpartition(".")[2] for name, command in main.commands.items()
    } == main.homes


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert "例：taizhang " + command in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["bogus"], "没有 bogus 这个命令"),
        (["check", "--bogus"], "没有 --bogus 这个选项"),
        (["check", "--today", "2023-02-30"], "“2023-02-30”不是日期"),
        (["new", "weekly"], "缺少 --org"),
        (["new", "bogus", "--org", "east-hospital"], "没有这种记录"),
        (["new", "bulletins", "--org", "bureau"], "taizhang bulletin draft"),
        (["new", "weekly", "--org", "bogus"], "名册上没有“bogus”"),
        (["status", "--org", "bogus"], "名册上没有“bogus”"),
        (["status", "--campaign", "bogus"], "请用 --campaign 指明哪一次行动"),
        (["explain", "E-BOGUS"], "没有编号为“E-BOGUS”的规则"),
        (["serve"], "请先运行 make site"),
    ],
)
def test_wrong_usage_ends_in_a_sentence_and_code_2(sound: Path, arguments: list[str], sentence: str) -> None:
    result = taizhang(sound, *arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_outside_a_checkout_it_says_so(tmp_path: Path) -> None:
    result = taizhang(tmp_path, "check")
    assert result.exit_code == 2
    assert "没有 submissions 和 schemas 文件夹" in result.stderr


def test_a_mistake_of_ours_is_code_3_and_says_what_to_report(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the loop is broken")

    monkeypatch.setattr(Workspace, "examine", fail)
    result = taizhang(sound, "check")
    assert result.exit_code == 3
    assert "the loop is broken" in result.stderr
    assert "不是您的文件的问题" in result.stderr


@pytest.mark.parametrize("code", sorted(RULES))
def test_explain_tells_every_rule(code: str) -> None:
    result = CliRunner().invoke(main, ["explain", code.lower()])
    assert result.exit_code == 0
    assert RULES[code].title in result.stdout
    assert "{" not in result.stdout.split("错误的写法")[0]


def test_explain_lists_all_rules() -> None:
    assert CliRunner().invoke(main, ["explain"]).stdout.count("\n") == len(RULES)


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_new_writes_a_template_that_only_needs_filling_in(tmp_path: Path, kind: str) -> None:
    root = checkout(tmp_path, Tree())
    name = KINDS[kind].names.example
    result = taizhang(root, "new", kind, "--org", "east-hospital", "--name", name, "--today", "2023-06-01")
    assert result.exit_code == 0, result.output
    file = root / "submissions" / CAMPAIGN / "east-hospital" / kind / f"{name}.yml"
    data = load(file.read_bytes()).data
    assert set(data) == set(KINDS[kind].schema["required"])
    assert data["filed_on"] == "2023-06-01"
    for field in KINDS[kind].schema["properties"].values():
        assert field["title"] in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_the_optional_part_of_a_template_is_yaml_too(kind: str) -> None:
    text = blank(KINDS[kind], date(2023, 6, 1))
    names = "|".join(KINDS[kind].schema["properties"])
    shown = re.sub(rf"^# (({names}):|  )", r"\1", text, flags=re.MULTILINE)
    assert set(load(shown.encode()).data) == set(KINDS[kind].schema["properties"])


def test_new_takes_the_next_number_and_never_overwrites(sound: Path) -> None:
    arguments = ["new", "hazards", "--org", "east-hospital", "--today", "2023-07-01"]
    assert "2023-002.yml" in taizhang(sound, *arguments).stdout
    assert "2023-003.yml" in taizhang(sound, *arguments).stdout
    again = taizhang(sound, *arguments, "--name", "2023-002")
    assert again.exit_code == 2
    assert "已经有了" in again.stderr


@pytest.mark.parametrize(
    ("kind", "name"), [("weekly", "2023-W26"), ("monthly", "2023-07"), ("inspections", "2023-07-01")]
)
def test_new_names_periodic_records_after_today(sound: Path, kind: str, name: str) -> None:
    result = taizhang(sound, "new", kind, "--org", "east-hospital", "--today", "2023-07-01")
    assert f"{kind}/{name}.yml" in result.stdout


def test_status_tells_what_one_unit_owes(sound: Path) -> None:
    shown = taizhang(sound, "status", "--org", "east-hospital", "--today", "2023-06-07").stdout
    assert "要求plan" in shown
    for cell in ("2023-05-25", "未报", "-13", "已登记，待判定", "2023-08-31"):
        assert cell in shown


def test_status_has_a_row_for_every_unit(sound: Path) -> None:
    shown = taizhang(sound, "status", "--today", "2023-06-07").stdout
    for name in ("城东医院", "城西医院", "北县卫健委", "南县卫健委", "北县卫生院"):
        assert name in shown


@pytest.fixture
def server(sample_site: Path, tmp_path: Path) -> Iterator[str]:
    root = checkout(tmp_path, Tree())
    (root / "build").mkdir()
    (root / "build" / "site").symlink_to(sample_site)
    command = [
        sys.executable,
        "-c",
        "from taizhang.cli import main; main()",
        "--root",
        str(root),
        "serve",
        "--port",
        "0",
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONUNBUFFERED": "1"}
    ) as process:
        assert process.stdout
        match = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
        assert match
        yield match[0]
        process.terminate()


def test_serve_shows_the_site_and_its_own_page_for_what_is_not_there(server: str) -> None:
    with urllib.request.urlopen(server) as answer:  # noqa: S310
        assert "重大事故隐患排查整治台账" in answer.read().decode()
    with pytest.raises(urllib.error.HTTPError) as missing, urllib.request.urlopen(f"{server}nowhere/"):  # noqa: S310
        pass
    with missing.value as answer:
        assert answer.code == 404
        assert "md-header" in answer.read().decode()
