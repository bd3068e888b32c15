"""Commands about what is filed: check, new, explain."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click

from taizhang.checks.summary import summary
from taizhang.cli.app import (
    FINDINGS,
    Filled,
    choose_ledger,
    main,
    on_the_roll,
    pass_workspace,
    record_kind,
    today_option,
)
from taizhang.cli.files import write_new
from taizhang.cli.questions import ask, confirmed
from taizhang.documents.values import slots
from taizhang.findings import RULES, Channel, worded
from taizhang.findings.formats import FORMATS
from taizhang.forms.blank import blank
from taizhang.gate import report as gate
from taizhang.gate.judgement import judge_proposal
from taizhang.history import Repository
from taizhang.intake.kinds import Kind
from taizhang.intake.names import next_name
from taizhang.intake.writing import document
from taizhang.workbooks.importing import reading_context
from taizhang.workspace import Workspace

ANOTHER_NAME = "；请直接修改它，或用 --name 换一个名称"
_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
_FILE = click.Path(path_type=Path, dir_okay=False)


@main.command()
@today_option
@click.option(
    "--format", "style", type=click.Choice(sorted(gate.FORMATS)), default="text", help="输出格式（默认 text）"
)
@click.option("--late", is_flag=True, help="逐条列出迟报、未报和逾期，不只是合计")
@click.option("--base", type=Filled("提交"), help="检查一次报送：要合并到哪个提交（例如 origin/main）")
@click.option("--head", type=Filled("提交"), help="检查一次报送：要合并的提交（默认 HEAD）")
@click.option("--actor", type=Filled("账号"), help="检查一次报送：由谁报送，以代码平台的登录账号为准")
@click.option("--repository", type=_FOLDER, help="检查一次报送：提交在哪个仓库里（默认就是这个仓库）")
@click.option("--save", type=_FILE, multiple=True, help="检查一次报送：另存检查报告，按后缀 .md、.json、.txt 定格式")
@pass_workspace
def check(workspace: Workspace, today: date, style: str, late: bool, base: str | None, **proposed: Any) -> None:
    """检查全部填报；加 --base 时只检查一次报送会带来什么。

    有错误时退出码为 1；迟报、未报、逾期另行列出，不影响通过。

    例：taizhang check --today 2023-08-15 --late

    例：taizhang check --base origin/main --actor lanqi-clerk
    """
    if base is not None:
        _check_proposal(workspace, today, style, base, **proposed)
    if any(proposed.values()) or style == "markdown":
        raise click.UsageError(
            "--head、--actor、--repository、--save 和 markdown 格式只用于检查一次报送，请同时写 --base"
        )
    verdict = workspace.examine(today).verdict
    listed = [*verdict.validity, *(verdict.lateness if late or style == "json" else ())]
    click.echo(FORMATS[style](worded(listed)), nl=False)
    if style == "text":
        click.echo(summary(verdict))
    sys.exit(FINDINGS if verdict.errors else 0)


def _check_proposal(
    workspace: Workspace,
    today: date,
    style: str,
    base: str,
    head: str | None,
    actor: str | None,
    repository: Path | None,
    save: Sequence[Path],
) -> NoReturn:
    unknown = [file for file in save if file.suffix not in gate.SUFFIXES]
    if unknown:
        raise click.UsageError(f"--save 的文件名要以 {'、'.join(gate.SUFFIXES)} 结尾：{unknown[0].name}")
    with Repository(repository or workspace.root) as opened:
        outcome = judge_proposal(opened, base, head or "HEAD", workspace.kinds, today, actor, now=workspace.now)
    report = gate.report_of(outcome)
    for file in save:
        file.write_text(gate.FORMATS[gate.SUFFIXES[file.suffix]](report), encoding="utf-8")
    click.echo(gate.FORMATS[style](report), nl=False)
    sys.exit(0 if report.passed else FINDINGS)


@main.command()
@click.argument("kind")
@click.option("--org", required=True, help="单位编号，见 roll.yml")
@click.option("--campaign", help="行动编号；只有一次行动时可以不写")
@click.option("--name", help="文件名（不带 .yml）；不写就取下一个编号或本周、本月、今天")
@click.option("--blank", "only_blank", is_flag=True, help="不提问，只写空白记录")
@today_option
@pass_workspace
def new(
    workspace: Workspace, kind: str, org: str, campaign: str | None, name: str | None, only_blank: bool, today: date
) -> None:
    """写一份新记录：在终端里逐项提问；加 --blank 或不在终端里运行，就生成带说明的空白记录。

    例：taizhang new hazards --org lanqi-hospital --campaign shili-banner-2023
    """
    chosen = record_kind(workspace, kind)
    if chosen.counted:
        raise click.UsageError("通报的数字由系统统计，请用 taizhang bulletin draft 起草")
    ledger = choose_ledger(workspace.examine(today).verdict, campaign)
    on_the_roll(ledger, org)
    file = new_file(workspace.root / "submissions" / ledger.campaign.id / org / chosen.name, chosen, today, name)
    if file.exists():
        raise click.UsageError(f"{file} 已经有了{ANOTHER_NAME}")
    shown = file.relative_to(workspace.root)
    if only_blank or not sys.stdin.isatty():
        write_new(file, blank(chosen, today), ANOTHER_NAME)
        click.echo(f"已写好空白记录：{shown}")
        click.echo("用记事本打开，照说明填写，保存为 UTF-8，再运行 taizhang check。")
        return
    text = document(ask(chosen, reading_context(ledger, org, today)))
    if confirmed(text, str(shown)):
        write_new(file, text, ANOTHER_NAME)
        click.echo(f"已写好：{shown}。再运行 taizhang check。")
    else:
        click.echo("没有写。")


def new_file(folder: Path, kind: Kind, today: date, name: str | None = None) -> Path:
    """Where a new record of a kind will lie. Ends in a usage error where only its author can name it."""
    named = name or next_name(kind, (file.stem for file in folder.glob("*.yml")), today)
    if named is None:
        raise click.UsageError(f"请用 --name 给出文件名：{kind.names.help}")
    if not kind.names.pattern.match(named):
        raise click.UsageError(f"文件名必须是{kind.names.help}")
    return folder / f"{named}.yml"


@main.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """说明一条检查规则：要求什么、为什么、怎么改；不写编号就列出全部。

    例：taizhang explain E-DATE
    """
    if code is None:
        for rule in RULES.values():
            click.echo(f"{rule.code:<16}{rule.title}")
        return
    found = RULES.get(code.upper())
    if found is None:
        raise click.UsageError(f"没有编号为“{code}”的规则；运行 taizhang explain 可列出全部")
    click.echo(f"{found.code}　{found.title}（{found.severity.label}）\n")
    must, fix = (slots(part.of(Channel.FILE)) for part in (found.must, found.fix))
    click.echo(f"要求：{must}\n改法：{fix}\n原因：{found.why}\n")
    click.echo(f"错误的写法：\n{_indented(found.bad)}\n正确的写法：\n{_indented(found.good)}")


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())
