"""Commands that tell who owes what, and when: status, calendar."""

from __future__ import annotations

from datetime import date

import click
from rich.columns import Columns
from rich.table import Table

from taizhang.cli.app import choose_ledger, main, out, pass_workspace, today_option
from taizhang.figures.register import FIGURES
from taizhang.figures.summary import OUTSTANDING, unit_counts
from taizhang.ledger.ledger import Ledger
from taizhang.ledger.overview import outstanding
from taizhang.workspace import Workspace


@main.command()
@today_option
@click.option("--org", help="只看一个单位")
@click.option("--campaign", help="只看一次行动")
@click.option("--days", default=30, show_default=True, help="看到今后多少天内到期的事项")
@pass_workspace
def status(workspace: Workspace, today: date, org: str | None, campaign: str | None, days: int) -> None:
    """各单位欠报什么、何时到期、还剩几天；未销号的隐患。

    不写 --org 时，每个单位一行。

    例：taizhang status --org lanqi-hospital --today 2023-08-15
    """
    verdict = workspace.examine(today).verdict
    ledgers = [choose_ledger(verdict, campaign)] if campaign else list(verdict.ledgers)
    if org:
        ledgers = [ledger for ledger in ledgers if org in ledger.roll]
        if not ledgers:
            raise click.UsageError(f"名册上没有“{org}”")
    for ledger in ledgers:
        out.print(_one_unit(ledger, org, days) if org else _all_units(ledger))


def _all_units(ledger: Ledger) -> Table:
    table = Table(title=f"{ledger.campaign.short_title}　截至 {ledger.at}", title_justify="left")
    table.add_column("单位")
    for name in OUTSTANDING:
        table.add_column(FIGURES[name].heading, justify="right")
    for unit, counts in unit_counts(ledger):
        table.add_row(unit.name, *(str(count) if count else "" for count in counts))
    return table


def _one_unit(ledger: Ledger, org: str, days: int) -> Table:
    title = f"{ledger.organisation(org).name}　{ledger.campaign.short_title}　截至 {ledger.at}"
    table = _folding(title, "事项", "期限", "状态")
    table.add_column("还剩（天）", justify="right", overflow="fold")
    for item in outstanding(ledger, org, days):
        left = "" if item.days_left is None else str(item.days_left)
        table.add_row(item.label, str(item.due or "未定"), item.state, left)
    if not table.row_count:
        table.caption = f"没有欠报，{days} 天内没有到期的事项，没有未销号的隐患"
    return table


def _folding(title: str, *headings: str) -> Table:
    """An empty table whose cells are told whole, on as many lines as they need."""
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


@main.command()
@today_option
@click.option("--campaign", help="只看一次行动")
@pass_workspace
def calendar(workspace: Workspace, today: date, campaign: str | None) -> None:
    """每次行动的全部期限，按日期先后，各次行动并排。

    例：taizhang calendar --campaign shili-banner-2023
    """
    verdict = workspace.examine(today).verdict
    ledgers = [choose_ledger(verdict, campaign)] if campaign else list(verdict.ledgers)
    out.print(Columns([_calendar(ledger) for ledger in ledgers], padding=(0, 3)))


WEEKDAYS = "一二三四五六日"


def _calendar(ledger: Ledger) -> Table:
    table = _folding(ledger.campaign.short_title, "期限", "星期", "周期", "事项")
    for item in ledger.obligations():
        weekday = WEEKDAYS[item.due.weekday()] + ("（暂定）" if item.provisional else "")
        table.add_row(str(item.due), weekday, item.period.key if item.period else "", item.duty.title)
    return table
