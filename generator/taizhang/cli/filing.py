"""Commands for those who keep their ledger in a spreadsheet: import, template, export."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from taizhang.cli.app import FINDINGS, choose_ledger, main, pass_workspace, today_option
from taizhang.disclosure.ledger_rows import ledger_rows
from taizhang.findings import finding
from taizhang.findings.formats import as_text
from taizhang.intake.kinds import Kind
from taizhang.intake.writing import document
from taizhang.ledger.ledger import Ledger
from taizhang.spreadsheets.container import LARGEST_FILE, Unreadable
from taizhang.spreadsheets.reading import read_book
from taizhang.spreadsheets.wording import told
from taizhang.workbooks.checked import checked_workbook
from taizhang.workbooks.columns import Layout, Role, layout_of, normal
from taizhang.workbooks.headers import Table, find_table
from taizhang.workbooks.identity import Plan
from taizhang.workbooks.importing import Errand, Imported, carry_out, filed_by, remarks
from taizhang.workbooks.ledger import ledger_workbook
from taizhang.workbooks.template import template_workbook
from taizhang.workbooks.verdicts import Outcome, RowResult, spot
from taizhang.workspace import Workspace

CHECKED = ".校验结果"
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
    layout = _layout(kind, dict(_pair(item, "--column") for item in options["columns"]))
    settings = dict(_pair(item, "--set") for item in options["settings"])
    given = {_field_named(layout, name): text for name, text in settings.items()}
    errand = Errand(layout, ledger, org, today, examined, workspace.kinds)
    table, said = _read(file, layout, options["sheet"])
    imported = carry_out(errand, table, given, filed_by(errand, workspace.root / errand.folder))
    for line in said:
        click.echo(line)
    for result in imported.results:
        _tell(result, table)
    if not dry_run:
        _write(workspace, imported.new)
        copy = _free_name(file)
        copy.write_bytes(checked_workbook(table, layout, imported.results, said, today))
        click.echo(f"\n校验结果写在：{copy}")
    sys.exit(_summary(imported, dry_run))


def record_kind(workspace: Workspace, name: str) -> Kind:
    """A kind of record by its name or its title. Raises UsageError for one that there is not."""
    kinds = [kind for kind in workspace.kinds.values() if kind.place == "record"]
    found = next((kind for kind in kinds if name in (kind.name, kind.title)), None)
    if found is None:
        raise click.UsageError("没有这种记录。可选：" + "、".join(f"{k.name}（{k.title}）" for k in kinds))
    return found


def on_the_roll(ledger: Ledger, org: str) -> None:
    """Raises UsageError for an organisation that is not on the roll."""
    if org not in ledger.roll:
        known = "、".join(f"{item.id}（{item.short_name}）" for item in ledger.roll.organisations)
        raise click.UsageError(f"名册上没有“{org}”。现有：{known}")


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name.strip() and equals and value.strip()):
        raise click.UsageError(f"{option} 要写成“名称=内容”，写的是“{text}”")
    return name.strip(), value.strip()


def _layout(kind: Kind, columns: Mapping[str, str]) -> Layout:
    known = layout_of(kind)
    for name in columns.values():
        if normal(name) not in known.names:
            raise click.UsageError(f"没有“{name}”这个栏目。可选：{_titles(known)}")
    return layout_of(kind, columns)


def _field_named(layout: Layout, name: str) -> str:
    target = layout.names.get(normal(name))
    if target is None or target.role is not Role.FIELD:
        raise click.UsageError(f"没有“{name}”这个栏目。可选：{_titles(layout)}")
    return ".".join(map(str, target.path))


def _titles(layout: Layout) -> str:
    return "、".join(item.title for item in layout.fields.values())


def _read(file: Path, layout: Layout, sheet: str | None) -> tuple[Table, list[str]]:
    """The table in a file with what is to be said of the workbook. Ends with a finding for one that cannot be read."""
    try:
        with file.open("rb") as stream:
            book = read_book(stream.read(LARGEST_FILE + 1))
        table = find_table(book, layout, sheet)
    except Unreadable as why:
        click.echo(as_text([finding(why.code, file.name, **why.values)]), nl=False)
        sys.exit(FINDINGS)
    return table, remarks(table, book.remarks)


def _tell(result: RowResult, table: Table) -> None:
    click.echo(f"\n第 {result.row + 1} 行：{result.said}")
    if result.understood:
        click.echo(f"  {result.understood}")
    for item in result.findings:
        click.echo(f"  {spot(item, table)} {item.severity.label} {item.code}：{item.message}")
        click.echo(f"    改法：{item.fix}（详见 taizhang explain {item.code}）")
    for note in result.notes:
        click.echo(f"  {note}")


def _write(workspace: Workspace, new: Mapping[str, Plan]) -> None:
    for path, item in new.items():
        file = workspace.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(f"# {told('mark', mark=item.mark)}\n" if item.mark else "")
            stream.write(document(item.draft.data))


def _free_name(file: Path) -> Path:
    """Where the marked copy goes: beside the file, over nothing that is there already."""
    stem = file.name.removesuffix(file.suffix).partition(CHECKED)[0]
    tried = file.with_name(f"{stem}{CHECKED}.xlsx")
    number = 2
    while tried.exists():
        tried = file.with_name(f"{stem}{CHECKED}-{number}.xlsx")
        number += 1
    return tried


def _summary(imported: Imported, dry_run: bool) -> int:
    counts = Counter(result.outcome for result in imported.results)
    words = {
        Outcome.WRITTEN: "可以导入" if dry_run else "新写",
        Outcome.SAME: "已经有",
        Outcome.REPEATED: "重复",
        Outcome.WRONG: "没有导入",
        Outcome.SKIPPED: "没有读（空行、合计等）",
    }
    click.echo("合计：" + "，".join(f"{word} {counts[outcome]} 行" for outcome, word in words.items()) + "。")
    if counts[Outcome.WRITTEN] and not dry_run:
        click.echo("请看一遍新写的记录，再运行 taizhang check；会公开的文字里不要有人名。")
    return FINDINGS if counts[Outcome.WRONG] else 0


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
    _write_file(file, template_workbook(kind, today))
    click.echo(f"已写好空白表：{file}")
    click.echo(f"填好后运行 taizhang import {file.name} --kind {kind.name} --org 单位编号")


def _write_file(file: Path, content: bytes) -> None:
    try:
        with file.open("xb") as stream:
            stream.write(content)
    except FileExistsError:
        raise click.UsageError(f"{file} 已经有了；请先移走它，或用 -o 写成别的文件") from None
    except OSError as error:
        raise click.UsageError(f"{file} 写不了：{error.strerror}") from None


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
    _write_file(file, content)
    click.echo(f"已导出 {len(rows)} 条隐患（截至 {ledger.at}）：{file}")
