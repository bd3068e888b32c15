"""Commands that remind: remind, deadlines. What is printed names organisations, never a person."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click

from taizhang.cli.app import FINDINGS, main, pass_workspace, today_option
from taizhang.cli.contacts import private_key
from taizhang.cli.environment import committee_address, connected, postbox
from taizhang.forge import ForgeError, Upsert, keep_issues
from taizhang.forge.mail import MailError, OutgoingMail, Postbox, deliver
from taizhang.ledger.ledger import Ledger
from taizhang.publishing.settings import site_of
from taizhang.reminders.issues import issues, prefix_of
from taizhang.reminders.listing import as_json, as_text
from taizhang.reminders.mails import INDEX, AddressedLetter, addressed, mail_files
from taizhang.reminders.rounds import Round, rounds
from taizhang.sealing.contacts import Person, recipients
from taizhang.sealing.jwe import is_pair
from taizhang.workspace import Workspace, is_versioned


@main.command()
@today_option
@click.option("--campaign", help="只看一次行动")
@click.option("--org", help="只看一个单位")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="输出格式（默认 text）")
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False), help="把每封信写成邮件文件（.eml），放进这个空文件夹"
)
@click.option("--key", "key_file", type=click.Path(path_type=Path), help="私钥文件；用它打开联系人，填上收件地址")
@click.option(
    "--send", "sent", type=click.Path(path_type=Path, dir_okay=False), help="发出今天该发的信，已发的记在这个文件里"
)
@pass_workspace
def remind(
    workspace: Workspace,
    today: date,
    campaign: str | None,
    org: str | None,
    style: str,
    output: Path | None,
    key_file: Path | None,
    sent: Path | None,
) -> None:
    """今天该提醒谁：提前 7、3、1 天和当天，以及全部逾期；逾期超过 30 天和逾期的重大隐患另列一份给安委会办公室。

    已归档的行动不再提醒。逾期的事项每次都列出，但只在逾期第 1、8、31、91 天发信，不天天发。

    \b
    发信用的环境变量：
      TAIZHANG_SMTP_HOST、TAIZHANG_SMTP_PORT       邮件服务器和端口（默认 587），必须支持加密
      TAIZHANG_SMTP_USER、TAIZHANG_SMTP_PASSWORD   用户名和密码
      TAIZHANG_SMTP_FROM                           办公室的地址，总表也发到这里
      TAIZHANG_SMTP_COMMITTEE                      安委会办公室的地址（可以不设）

    例：taizhang remind --today 2023-08-15

    例：taizhang remind --output ../tixing --key ~/lanqi-siyao.json
    """
    if output and key_file and is_versioned(output.expanduser().absolute()):
        raise click.UsageError("用私钥写出的邮件里有联系人，不能放在仓库里面；请把 --output 换成仓库外面的文件夹")
    server = postbox() if sent else None
    ledgers, due = _on_the_day(workspace, today, campaign)
    if org and not any(org in ledger.roll for ledger in ledgers):
        raise click.UsageError(f"名册上没有“{org}”")
    people = _people(workspace, ledgers, key_file) if key_file else {}
    office = server.sender if server else ""
    entries = [
        entry
        for round_ in due
        for entry in addressed(round_, workspace.kinds, people.get(round_.campaign.id, {}), office, committee_address())
        if org is None or (entry.letter.org is not None and entry.letter.org.id == org)
    ]
    if output:
        _write(output.expanduser(), entries, today, server)
    if server and sent:
        _send(server, sent.expanduser(), entries, today)
    if style == "json":
        click.echo(as_json(due, workspace.kinds, today, org), nl=False)
    elif not output and not sent:
        running = {round_.campaign.id for round_ in due}
        archived = [ledger.campaign for ledger in ledgers if ledger.campaign.id not in running and _has(ledger, org)]
        click.echo(as_text([entry.letter for entry in entries], archived, today), nl=False)


def _on_the_day(workspace: Workspace, today: date, campaign: str | None) -> tuple[Sequence[Ledger], Sequence[Round]]:
    """Every campaign with its round, or the one that is asked for; an archived one has no round."""
    verdict = workspace.examine(today).verdict
    ledgers = [ledger for ledger in verdict.ledgers if campaign in (None, ledger.campaign.id)]
    if campaign and not ledgers:
        known = "、".join(ledger.campaign.id for ledger in verdict.ledgers)
        raise click.UsageError(f"没有“{campaign}”这次行动。现有：{known or '没有可用的行动'}")
    return ledgers, [r for r in rounds(verdict, today, site_of(workspace.root)) if campaign in (None, r.campaign.id)]


def _has(ledger: Ledger, org: str | None) -> bool:
    return org is None or org in ledger.roll


def _people(workspace: Workspace, ledgers: Sequence[Ledger], key_file: Path) -> Mapping[str, Mapping[str, Person]]:
    """By campaign and unit, whom a reminder reaches. Ends in a usage error where the key opens no campaign."""
    key, payload = private_key(key_file), workspace.payloads["contacts"]
    opened = [ledger for ledger in ledgers if is_pair(key, ledger.campaign.sealing_key or {})]
    if not opened:
        raise click.UsageError("这把私钥和 campaign.yml 里的公钥不是一对")
    return {ledger.campaign.id: recipients(ledger, key, payload) for ledger in opened}


def _write(folder: Path, entries: Sequence[AddressedLetter], today: date, server: Postbox | None) -> None:
    """The mails and their index in a folder of their own, closed to others. Never among old files."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise click.UsageError(f"{folder} 里已经有文件；请换一个空文件夹，例如以日期命名")
        for name, content in mail_files(entries, today, server.sender if server else None).items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
    except OSError as error:
        raise click.UsageError(f"写不了 {folder}：{error.strerror}") from None
    click.echo(f"已写好 {len(entries)} 封邮件，清单在 {folder / INDEX}", err=True)


def _send(server: Postbox, journal: Path, entries: Sequence[AddressedLetter], today: date) -> None:
    """Send what is to be sent today and was not yet. Ends with exit code 1 where a letter did not go out."""
    mails = [
        OutgoingMail(f"{today} {entry.name}", entry.letter.names, entry.address, entry.as_mail(today, server.sender))
        for entry in entries
        if entry.letter.is_occasion
    ]
    try:
        delivery = deliver(server, journal, mails)
    except MailError as error:
        click.echo(f"没有发出：{error}", err=True)
        sys.exit(FINDINGS)
    click.echo(f"已发出 {delivery.sent} 封；今天早些时候已发 {delivery.already} 封。", err=True)
    if delivery.unaddressed:
        click.echo(f"没有收件地址 {len(delivery.unaddressed)} 家：{'、'.join(delivery.unaddressed)}", err=True)
    if delivery.failed:
        click.echo("没有发成：" + "；".join(delivery.failed), err=True)
        sys.exit(FINDINGS)


@main.command()
@today_option
@click.option("--campaign", help="只看一次行动")
@click.option("--label", help="给新开的事项单加上这个标签")
@click.option("--author", help="令牌所属的账号（默认问平台；工作流的令牌不能问，就是平台的机器人账号）")
@pass_workspace
def deadlines(workspace: Workspace, today: date, campaign: str | None, label: str | None, author: str | None) -> None:
    """在代码平台上给每个有待办的单位开一份事项单（issue），随台账更新，办完自动关闭。

    待办是逾期的和 7 天内到期的事项。再运行一次，没有变化就什么也不改。行动归档以后，事项单全部关闭。
    平台和仓库取自环境变量 GITHUB_API_URL、GITHUB_REPOSITORY，令牌取自 TAIZHANG_TOKEN 或 GITHUB_TOKEN；
    GitHub、Gitea、Forgejo 都可以。

    例：taizhang deadlines --label 催办
    """
    ledgers, due = _on_the_day(workspace, today, campaign)
    prefixes = tuple(prefix_of(ledger.campaign.id) for ledger in ledgers)
    wanted = issues(due, workspace.kinds)
    outcomes: Counter[Upsert] = Counter()
    try:
        with connected(author) as forge:
            for kept in keep_issues(forge, prefixes, wanted, [label] if label else []):
                outcomes[kept.outcome] += 1
                if kept.outcome is not Upsert.UNCHANGED:
                    click.echo(f"#{kept.number} {kept.outcome.label}")
    except ForgeError as error:
        click.echo(str(error), err=True)
        sys.exit(FINDINGS)
    click.echo("事项单：" + "，".join(f"{outcome.label} {outcomes[outcome]}" for outcome in Upsert) + "。")
