"""Commands about bulletins: draft, issue, revise, verify."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from taizhang.bulletins.issuing import drafting
from taizhang.bulletins.issuing.archive import Archive
from taizhang.bulletins.issuing.drafting import CannotIssue, Draft
from taizhang.bulletins.issuing.verifying import verify as verified
from taizhang.campaign.periods import Rhythm, named, read_key
from taizhang.campaign.plans import BULLETINS
from taizhang.checks.verdict import Verdict
from taizhang.cli.app import FINDINGS, Day, choose_ledger, main, pass_workspace, today_option
from taizhang.cli.files import rewrite
from taizhang.findings import worded
from taizhang.findings.formats import FORMATS
from taizhang.intake.records import Record
from taizhang.workspace import Examination, Workspace

Command = TypeVar("Command", bound=Callable[..., Any])


@main.group()
def bulletin() -> None:
    """起草、印发、更正、核对周统计和月通报。

    例：taizhang bulletin draft weekly 2023-W22
    """


def _issue_arguments(command: Command) -> Command:
    command = click.option("--campaign", help="行动编号；只有一次行动时可以不写")(command)
    command = click.argument("period")(command)
    return click.argument("kind", type=click.Choice(list(BULLETINS)))(command)


@bulletin.command()
@click.argument("kind", type=click.Choice(list(BULLETINS)), required=False)
@click.argument("period", required=False)
@click.option("--all", "every", is_flag=True, help="起草截止日已过、还没有起草的各期")
@click.option("--campaign", help="行动编号；只有一次行动时可以不写")
@click.option("--commit", metavar="提交", help="按主分支的哪一个提交统计（默认：截止时的最后一个提交）")
@today_option
@pass_workspace
def draft(
    workspace: Workspace,
    kind: str | None,
    period: str | None,
    every: bool,
    campaign: str | None,
    commit: str | None,
    today: date,
) -> None:
    """按截止时的台账算出一期的数字，写成草稿，办公室再加上说明和要求。

    KIND 是 weekly（周统计）或 monthly（月通报），PERIOD 写 2023-W22 或 2023-06。

    例：taizhang bulletin draft monthly 2023-06 --campaign shili-banner-2023
    """
    if every == (period is not None):
        raise click.UsageError("请写明种类和周期，例如 weekly 2023-W22；或用 --all 起草全部没有起草的")
    if kind and period:
        _check_key(kind, period)
    examination = workspace.examine(today)
    ledger = choose_ledger(examination.verdict, campaign)
    wanted = drafting.unissued(ledger, today) if every else [(kind or "", period or "")]
    with _explained(), _archive(workspace, examination) as archive:
        for issue in wanted:
            made = drafting.draft(archive, ledger, *issue, today, commit)
            _write(workspace, made)
            ledger = drafting.with_draft(ledger, workspace.kinds["bulletins"], made)


@bulletin.command()
@_issue_arguments
@click.option("--reason", required=True, help="更正原因，会公开")
@click.option("--commit", metavar="提交", help="按主分支的哪一个提交统计（默认：最新的提交）")
@today_option
@pass_workspace
def revise(
    workspace: Workspace, kind: str, period: str, campaign: str | None, reason: str, commit: str | None, today: date
) -> None:
    """为已经印发的一期另出一版：数字按现在的台账重新计算，原来的一版照样看得到。

    例：taizhang bulletin revise weekly 2023-W22 --reason "办公室补登了纸质周报的收文登记"
    """
    _check_key(kind, period)
    examination = workspace.examine(today)
    ledger = choose_ledger(examination.verdict, campaign)
    with _explained(), _archive(workspace, examination) as archive:
        _write(workspace, drafting.revise(archive, ledger, kind, period, reason.strip(), today, commit))


@bulletin.command()
@_issue_arguments
@click.option("--on", "issued_on", type=Day(), metavar="年-月-日", help="印发日期（默认：今天）")
@today_option
@pass_workspace
def issue(
    workspace: Workspace, kind: str, period: str, campaign: str | None, issued_on: date | None, today: date
) -> None:
    """核对草稿的数字，写上印发日期；合并到主分支后不能再改。

    例：taizhang bulletin issue weekly 2023-W22
    """
    _check_key(kind, period)
    examination = workspace.examine(today)
    with _explained():
        record = drafting.open_draft(choose_ledger(examination.verdict, campaign), kind, period)
    _stop_unless_sound(workspace, examination, lambda other: other.path == record.path)
    file = workspace.root / record.path
    rewrite(file, drafting.issued_text(record, _text(file), issued_on or today))
    click.echo(f"已写上印发日期：{record.path}")
    click.echo("把它作为合并请求报到主分支；合并就是印发。")


@bulletin.command()
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="核对全部行动的全部通报（不写名称时也是这样）")
@click.option("--campaign", help="只核对一次行动")
@click.option("--format", "style", type=click.Choice(sorted(FORMATS)), default="text", help="输出格式（默认 text）")
@today_option
@pass_workspace
def verify(
    workspace: Workspace, names: tuple[str, ...], every: bool, campaign: str | None, style: str, today: date
) -> None:
    """从引用的提交重新计算每一期通报，逐个数字比对；不符的逐一指出，退出码为 1。

    NAMES 是通报的文件名，例如 weekly-2023-W22；不写就核对全部。

    例：taizhang bulletin verify weekly-2023-W22 --campaign shili-banner-2023
    """
    if every and names:
        raise click.UsageError("--all 和通报名称只能写一样")
    examination = workspace.examine(today)
    wanted = [r for r in _bulletins(examination.verdict) if campaign in (None, r.campaign)]
    missing = set(names) - {record.name for record in wanted}
    if missing:
        raise click.UsageError(f"没有这样的通报：{'、'.join(sorted(missing))}")
    paths = {record.path for record in wanted if not names or record.name in names}
    found = verified(workspace.root, workspace.kinds, examination, lambda record: record.path in paths).findings
    click.echo(FORMATS[style](worded(found)), nl=False)
    if style == "text":
        wrong = len({finding.file for finding in found})
        result = f"{wrong} 份与台账不符" if wrong else "全部与台账一致"
        click.echo(f"核对了 {len(paths)} 份通报，{result}。")
    sys.exit(FINDINGS if found else 0)


def _archive(workspace: Workspace, examination: Examination) -> Archive:
    return Archive(workspace.root, workspace.kinds, examination, workspace.now)


def _check_key(kind: str, key: str) -> None:
    """Refuse what is no week and no month: 2023-W53, 2023-6."""
    try:
        read_key(Rhythm.WEEK if kind == "weekly" else Rhythm.MONTH, key)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _stop_unless_sound(workspace: Workspace, examination: Examination, wanted: Callable[[Record], bool]) -> None:
    found = verified(workspace.root, workspace.kinds, examination, wanted).findings
    if found:
        click.echo(FORMATS["text"](worded(found)), nl=False)
        click.echo("草稿的数字与台账不符，没有印发。")
        sys.exit(FINDINGS)


def _bulletins(verdict: Verdict) -> Iterator[Record]:
    for ledger in verdict.ledgers:
        yield from ledger.by_kind.get("bulletins", ())


def _write(workspace: Workspace, made: Draft) -> None:
    file = workspace.root / made.path
    rewrite(file, made.text)
    data = made.data
    kind, period = BULLETINS[data["bulletin"]], named(data["period"])
    version = f"第 {data['revision']} 版" if data["revision"] > 1 else "草稿"
    click.echo(f"已写好{kind}第 {data['number']} 期（{period.label}）{version}：{made.path}")
    click.echo(f"数字取自第 {data['entry']} 笔更新（提交 {data['commit'][:12]}），截止 {data['cut_off']}。")
    for org in made.moved:
        move = f"{org.joined_on} 列入" if org.joined_on and org.joined_on in period else f"{org.left_on} 移出"
        click.echo(f"注意：{org.name} {move}名册，本期照列一行，只算它在名册上期间应报的。")
    for ref in data.get("corrections", ()):
        click.echo(f"本期要说明的更正：{ref}")
    for obligation in made.coming:
        click.echo(f"近期到期：{obligation.due} {obligation.label}")
    click.echo("请加上情况说明、好的做法、工作要求，再运行 taizhang bulletin issue 写上印发日期。")


def _text(file: Path) -> str:
    with file.open(encoding="utf-8", newline="") as stream:
        return stream.read()


@contextmanager
def _explained() -> Iterator[None]:
    """Say in a sentence why nothing can be done."""
    try:
        yield
    except CannotIssue as cannot:
        raise click.UsageError(str(cannot)) from None
