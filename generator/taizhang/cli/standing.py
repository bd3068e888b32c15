"""Commands that tell who owes what, and when: status, calendar."""

from __future__ import annotations

from collections import Counter
from datetime import date

import click
from rich.columns import Columns
from rich.table import Table

from taizhang.cli.app import choose_ledger, main, out, pass_workspace, today_option
from taizhang.ledger.duties import Return, Status
from taizhang.ledger.ledger import Ledger
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
    for heading in ("单位", *(status.label for status in Status), "未销号隐患", "逾期"):
        table.add_column(heading, justify="left" if heading == "单位" else "right")
    for unit in ledger.roll.units:
        counts = Counter(item.status(ledger.at) for item in ledger.returns_by_org[unit.id])
        hazards = [h for h in ledger.hazards_of(unit.id) if h.state.is_open]
        overdue = sum(1 for h in hazards if h.days_overdue)
        numbers = [*(counts[status] for status in Status), len(hazards), overdue]
        table.add_row(unit.name, *(str(n) if n else "" for n in numbers))
    return table


def _one_unit(ledger: Ledger, org: str, days: int) -> Table:
    unit = ledger.organisation(org)
    table = Table(title=f"{unit.name}　{ledger.campaign.short_title}　截至 {ledger.at}", title_justify="left")
    for heading in ("事项", "期限", "状态", "还剩（天）"):
        table.add_column(heading, justify="right" if heading.startswith("还剩") else "left", overflow="fold")
    for item in ledger.returns_by_org[org]:
        owed = item.status(ledger.at) in (Status.MISSING, Status.NOT_DUE)
        if owed and item.days_left(ledger.at) <= days:
            table.add_row(*_owed(item, ledger.at))
    for hazard in ledger.hazards_of(org):
        if hazard.state.is_open:
            left = str((hazard.deadline - ledger.at).days) if hazard.deadline else ""
            label = f"隐患 {hazard.ref}：{hazard.case.record.data['title']}"
            table.add_row(label, str(hazard.deadline or "未定"), hazard.state.label, left)
    if not table.row_count:
        table.caption = f"没有欠报，{days} 天内没有到期的事项，没有未销号的隐患"
    return table


def _owed(item: Return, day: date) -> tuple[str, str, str, str]:
    return item.obligation.label, str(item.obligation.due), item.status(day).label, str(item.days_left(day))


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
    table = Table(title=ledger.campaign.short_title, title_justify="left")
    for heading in ("期限", "星期", "周期", "事项"):
        table.add_column(heading, overflow="fold")
    for item in ledger.obligations():
        weekday = WEEKDAYS[item.due.weekday()] + ("（暂定）" if item.provisional else "")
        table.add_row(str(item.due), weekday, item.period.key if item.period else "", item.duty.title)
    return table
