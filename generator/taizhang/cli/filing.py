"""Commands for those who keep their ledger in a spreadsheet: import, template, export."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from taizhang.cli.app import FINDINGS, choose_ledger, main, on_the_roll, pass_workspace, record_kind, today_option
from taizhang.cli.files import write_new
from taizhang.disclosure.ledger_rows import ledger_rows
from taizhang.findings import Channel, finding, word
from taizhang.findings.formats import as_text
from taizhang.spreadsheets.container import LARGEST_FILE, Unreadable
from taizhang.spreadsheets.reading import read_book
from taizhang.workbooks.checked import checked_workbook, place_beside
from taizhang.workbooks.columns import ColumnLayout, UnknownColumn, layout_of
from taizhang.workbooks.headers import LedgerTable, find_table
from taizhang.workbooks.importing import ImportJob, records_on_file, remarks, run_import
from taizhang.workbooks.ledger import ledger_workbook
from taizhang.workbooks.template import template_workbook
from taizhang.workbooks.verdicts import report_of
from taizhang.workspace import Workspace

OTHER_FILE = "；请先移走它，或用 -o 写成别的文件"
existing_file = click.Path(path_type=Path, dir_okay=False, exists=True)
new_file = click.Path(path_type=Path, dir_okay=False)


@main.command("import")
@click.argument("file", type=existing_file)
@click.option("--org", required=True, help="单位编号，见 roll.yml")
@click.option("--campaign", help="行动编号；只有一次行动时可以不写")
@click.option("--kind", "kind_name", default="hazards", help="记录种类（默认 hazards，隐患）")
@click.option("--sheet", help="读哪个工作表（默认：最像台账的那个）")
@click.option("--column", "columns", multiple=True, metavar="表头=栏目", help="说明一个不认得的列名是什么；可以写几次")
@click.option("--set", "settings", multiple=True, metavar="栏目=内容", help="空着的栏目全表填同一个值；可以写几次")
@click.option("--dry-run", is_flag=True, help="只看结果，一个文件也不写")
@today_option
@pass_workspace
def import_(workspace: Workspace, file: Path, org: str, dry_run: bool, today: date, **options: Any) -> None:
    """读入 Excel 台账（xlsx、xls、ods、csv），一行写成一份记录，逐行说明结果。

    已有的记录从不改动，同一个文件可以反复导入。结果另存为“文件名.校验结果.xlsx”。有没导入的行时退出码为 1。

    例：taizhang import 隐患台账.xlsx --org lanqi-hospital --set 隐患来源=单位自查
    """
    kind = record_kind(workspace, options["kind_name"])
    examined = workspace.examine(today)
    ledger = choose_ledger(examined.verdict, options["campaign"])
    on_the_roll(ledger, org)
    columns = dict(_pair(item, "--column") for item in options["columns"])
    settings = dict(_pair(item, "--set") for item in options["settings"])
    try:
        layout = layout_of(kind, columns)
        given = {layout.dotted(name): text for name, text in settings.items()}
    except UnknownColumn as unknown:
        raise click.UsageError(f"没有“{unknown}”这个栏目。可选：{'、'.join(layout_of(kind).titles)}") from None
    job = ImportJob(layout, ledger, org, today, examined, workspace.kinds)
    table, said = _read(file, layout, options["sheet"])
    imported = run_import(job, table, given, records_on_file(job, workspace.root / job.folder))
    for line in said:
        click.echo(line)
    for result in imported.results:
        click.echo(f"\n{report_of(result, table)}")
    if not dry_run:
        for path, text in imported.files.items():
            write_new(workspace.root / path, text)
        copy = place_beside(file)
        copy.write_bytes(checked_workbook(table, layout, imported.results, said, today))
        click.echo(f"\n校验结果写在：{copy}")
    click.echo(imported.summary(dry_run))
    sys.exit(0 if imported.is_whole else FINDINGS)


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise click.UsageError(f"{option} 要写成“名称=内容”，写的是“{text}”")
    return name.strip(), value.strip()


def _read(file: Path, layout: ColumnLayout, sheet: str | None) -> tuple[LedgerTable, list[str]]:
    """The table in a file with what is to be said of the workbook. Ends with a finding for one that cannot be read."""
    try:
        with file.open("rb") as stream:
            book = read_book(stream.read(LARGEST_FILE + 1))
        table = find_table(book, layout, sheet)
    except Unreadable as why:
        click.echo(as_text([word(finding(why.code, file.name, **why.values), Channel.WORKBOOK)]), nl=False)
        sys.exit(FINDINGS)
    return table, remarks(table, book.remarks)


@main.command()
@click.argument("kind_name", metavar="KIND")
@click.option("-o", "--output", type=new_file, help="写成哪个文件（默认：种类名称加“模板.xlsx”，放在当前文件夹）")
@today_option
@pass_workspace
def template(workspace: Workspace, kind_name: str, output: Path | None, today: date) -> None:
    """生成一份空白的 Excel 表：有下拉列表、限制和说明，填好后用 taizhang import 导入。

    例：taizhang template hazards -o 隐患.xlsx
    """
    kind = record_kind(workspace, kind_name)
    file = output or Path(f"{kind.title}模板.xlsx")
    write_new(file, template_workbook(kind, today), OTHER_FILE)
    click.echo(f"已写好空白表：{file}")
    click.echo(f"填好后运行 taizhang import {file.name} --kind {kind.name} --org 单位编号")


@main.group()
def export() -> None:
    """导出 Excel 表。

    例：taizhang export ledger --org lanqi-hospital
    """


@export.command("ledger")
@click.option("--campaign", help="行动编号；只有一次行动时可以不写")
@click.option("--org", help="只导出这个单位（默认：全部）")
@click.option("--internal", is_flag=True, help="内部使用：列出全部隐患和不公开的栏目；不得外传")
@click.option("-o", "--output", type=new_file, help="写成哪个文件（默认放在当前文件夹）")
@today_option
@pass_workspace
def export_ledger(
    workspace: Workspace, campaign: str | None, org: str | None, internal: bool, output: Path | None, today: date
) -> None:
    """把隐患台账导出为 Excel 表。默认只有可以公开的内容；加密的内容从不导出。

    例：taizhang export ledger --campaign shili-banner-2023 --today 2023-08-15 -o 台账.xlsx
    """
    ledger = choose_ledger(workspace.examine(today).verdict, campaign)
    if org:
        on_the_roll(ledger, org)
    rows = ledger_rows(ledger, org, internal=internal)
    whose = ledger.organisation(org).name if org else ledger.campaign.short_title
    title = f"{whose}{'' if internal else '重大'}事故隐患台账"
    content = ledger_workbook(rows, title=title, at=ledger.at, internal=internal, demo=ledger.campaign.demo)
    file = output or Path(f"{title}-{ledger.at}{'-内部' if internal else ''}.xlsx")
    write_new(file, content, OTHER_FILE)
    click.echo(f"已导出 {len(rows)} 条隐患（截至 {ledger.at}）：{file}")
