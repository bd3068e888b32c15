"""The command that drafts formal papers: paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from taizhang import papers
from taizhang.cli.app import choose_ledger, main, pass_workspace, today_option
from taizhang.cli.files import write_new
from taizhang.documents.docx_layout import as_docx
from taizhang.ledger.ledger import Ledger
from taizhang.workspace import Workspace

LISTED = 30
"""How many choices one message lists."""


@main.command()
@click.argument("kind", required=False)
@click.argument("ref", required=False)
@click.option("--campaign", help="行动编号；REF 只在一次行动里有时可以不写")
@today_option
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="写成哪个文件（默认放在 build/papers）")
@pass_workspace
def paper(
    workspace: Workspace, kind: str | None, ref: str | None, campaign: str | None, today: date, output: Path | None
) -> None:
    """按台账生成公文草稿（DOCX）：没有印章，文号留空，由签发机关填写。

    \b
    KIND 是哪一种，可以写英文，也可以写中文名称：
      supervise           督办通知书
      rectify             责令整改通知书
      extension           延期申请表
      acceptance-request  验收申请书
      acceptance          验收意见书
      urge                督促函
      contacts            联系人回执（空白表）
    REF 是哪一份记录。不写 REF 就列出可以生成的；不写 KIND 就列出各种公文。

    例：taizhang paper 延期申请表 qi-fuyou/2023-001 --campaign shili-banner-2023
    """
    if kind is None:
        _list_kinds()
        return
    named = papers.kind_named(kind)
    if named is None:
        titles = "、".join(f"{word}（{template.title}）" for word, template in papers.KINDS.items())
        raise click.UsageError(f"没有“{kind}”这种公文。可选：{titles}")
    verdict = workspace.examine(today).verdict
    if ref is None:
        _list_choices(choose_ledger(verdict, campaign), named)
        return
    holding = [ledger for ledger in verdict.ledgers if ref.split("/")[0] in ledger.roll]
    ledger = holding[0] if campaign is None and len(holding) == 1 else choose_ledger(verdict, campaign)
    subject = _one(ledger, named, ref)
    draft = papers.write(ledger, subject)
    file = output or workspace.root / "build" / "papers" / draft.file_name
    write_new(file, as_docx(draft.document), "，可能有人改过；请先移走，或用 --output 换一个文件")
    click.echo(f"已生成草稿：{file}")
    click.echo("请核对内容，填写文号和留空的地方；签发、用印后才有效。印发前删去页眉的“草稿”字样。")


def _list_kinds() -> None:
    for word, template in papers.KINDS.items():
        click.echo(f"{word:<20}{template.title}　REF：{template.ref}")
    click.echo("例：taizhang paper urge 列出现在可以发督促函的单位和隐患")


def _list_choices(ledger: Ledger, kind: str) -> None:
    found = list(papers.choices(ledger, kind))
    title = papers.KINDS[kind].title
    if not found:
        click.echo(f"截至 {ledger.at}，{ledger.campaign.short_title}没有可以生成{title}的记录。")
    for subject in found:
        click.echo(f"{subject.ref:<32}{subject.label}")


def _one(ledger: Ledger, kind: str, ref: str) -> papers.Subject:
    """The one subject that `ref` names. Ends in a usage error that lists what there is."""
    found = papers.find(ledger, kind, ref)
    if len(found) == 1:
        return found[0]
    if found:
        paths = " 或 ".join(subject.path for subject in found)
        raise click.UsageError(f"“{ref}”有不止一份，请写明是哪一份：{paths}")
    known = list(papers.choices(ledger, kind))
    listed = "".join(f"\n  {subject.ref}　{subject.label}" for subject in known[:LISTED])
    more = f"\n  ……共 {len(known)} 份，运行 taizhang paper {kind} 可列出全部" if len(known) > LISTED else ""
    title = papers.KINDS[kind].title
    raise click.UsageError(
        f"截至 {ledger.at}，没有编号为“{ref}”的记录可以生成{title}"
        f"（有错误没有计入台账的不算，可运行 taizhang check）。现有：{listed or '没有'}{more}"
    )
