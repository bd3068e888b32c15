"""The command about who reviews what: owners."""

from __future__ import annotations

from datetime import date

import click

from taizhang.cli.app import choose_ledger, main, pass_workspace, today_option
from taizhang.gate.owners import owners
from taizhang.workspace import Workspace


@main.command("owners")
@click.option("--campaign", help="只写一次行动")
@today_option
@pass_workspace
def owners_command(workspace: Workspace, campaign: str | None, today: date) -> None:
    """按名册和审核账号生成 CODEOWNERS：改动哪里必须由谁审核。

    例：taizhang owners > .github/CODEOWNERS
    """
    verdict = workspace.examine(today).verdict
    chosen = [choose_ledger(verdict, campaign)] if campaign else list(verdict.ledgers)
    running = [ledger for ledger in chosen if campaign or ledger.campaign.archived_on is None]
    if not running:
        raise click.UsageError("没有正在进行的行动；要看已归档的行动，请用 --campaign 指明")
    try:
        text = owners([(ledger.campaign, ledger.roll) for ledger in running])
    except LookupError as error:
        raise click.UsageError(
            f"“{error.args[0]}”没有人审核：请在 roll.yml 里给主管办公室写上报送账号（submitters），"
            "或在 campaign.yml 里写上审核账号（reviewers）"
        ) from None
    click.echo(text, nl=False)
