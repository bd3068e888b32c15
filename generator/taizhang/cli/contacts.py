"""Commands about contacts: keygen, seal, contacts. What is opened goes to the terminal and nowhere else."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from taizhang.cli.app import FINDINGS, choose_ledger, main, out, pass_workspace, today_option
from taizhang.cli.files import write_new
from taizhang.cli.submissions import new_file
from taizhang.findings import say, worded
from taizhang.findings.formats import as_text
from taizhang.intake.advice import how_to_write
from taizhang.intake.kinds import Kind
from taizhang.ledger.contacts import ContactStatus
from taizhang.ledger.ledger import Ledger
from taizhang.sealing.contacts import (
    ContactLine,
    Person,
    changes_of,
    contact_sheet,
    is_answer,
    people_in,
    receipt,
    written,
)
from taizhang.sealing.jwe import BadKey, Jwk, SealingError, is_pair, make_key, public_part, read_key, seal
from taizhang.workspace import Workspace, is_versioned


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def keygen(file: Path) -> None:
    """生成主管办公室的一对钥匙：私钥写进 FILE（必须在仓库外面），公钥打印出来，抄进 campaign.yml。

    私钥丢了，已经加密的联系人就再也打不开；销毁私钥等于删除全部联系人信息。

    例：taizhang keygen ~/lanqi-siyao.json
    """
    folder = file.expanduser().absolute().parent
    if not folder.is_dir():
        raise click.UsageError(f"没有 {folder} 这个文件夹")
    if is_versioned(folder):
        raise click.UsageError("私钥不能放在仓库里面，否则会随提交公开；请换一个仓库外面的文件夹")
    key = make_key()
    target = folder / file.name
    try:
        # Created closed to others, never opened first and closed later; a link in its place is not followed.
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise click.UsageError(f"{target} 已经有了，不会覆盖；请换一个文件名") from None
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(json.dumps(key, indent=2) + "\n")
    click.echo(f"# 私钥已写入 {target}，只有您能读；请另存一份到离线的地方。", err=True)
    click.echo("# 把下面几行抄进 campaign.yml：", err=True)
    click.echo("sealing_key:")
    for name, value in public_part(key).items():
        click.echo(f'  {name}: "{value}"')


@main.command(name="seal")
@click.argument("source", required=False)
@click.option("--org", help="写成这个单位的联系人回执；不写就只打印加密结果")
@click.option("--region", help="回执表头“旗区（部门）”（默认：单位名称）")
@click.option("--campaign", help="行动编号；只有一次行动有公钥时可以不写")
@today_option
@pass_workspace
def seal_command(
    workspace: Workspace, source: str | None, org: str | None, region: str | None, campaign: str | None, today: date
) -> None:
    """加密联系人信息：三个角色（分管领导、科室负责人、联络员），每人姓名、单位、办公电话、手机号码。

    不写 SOURCE 就逐项询问；也可以给一个仓库外面的 YAML 或 JSON 文件，“-”表示从标准输入读。文件里每人还可以写
    电子邮箱（email），用来收提醒。

    例：taizhang seal --org lanqi-hospital

    例：taizhang seal ../lianxiren.yml（打印加密结果，填进联系人变更申请）
    """
    ledger = _ledger_with_key(workspace, today, campaign)
    file = _new_receipt(workspace, ledger, org, today) if org else None
    payload = workspace.payloads["contacts"]
    people = _asked(payload) if source is None else _read(source, payload)
    sealed = seal(written(people), ledger.campaign.sealing_key or {})
    if file is None or org is None:
        click.echo(sealed)
        return
    write_new(file, receipt(sealed, region or ledger.organisation(org).name[:40], today))
    click.echo(f"已写好联系人回执：{file.relative_to(workspace.root)}。再运行 taizhang check。")


def _ledger_with_key(workspace: Workspace, today: date, campaign: str | None) -> Ledger:
    verdict = workspace.examine(today).verdict
    keyed = [ledger.campaign.id for ledger in verdict.ledgers if ledger.campaign.sealing_key]
    ledger = choose_ledger(verdict, campaign or (keyed[0] if len(keyed) == 1 else None))
    if ledger.campaign.sealing_key is None:
        raise click.UsageError("这次行动的 campaign.yml 里没有公钥（sealing_key）；请主管办公室先运行 taizhang keygen")
    return ledger


def _new_receipt(workspace: Workspace, ledger: Ledger, org: str, today: date) -> Path:
    """Where the receipt of `org` will lie. Ends in a usage error where there is one already."""
    if org not in ledger.roll:
        raise click.UsageError(f"名册上没有“{org}”")
    folder = workspace.root / "submissions" / ledger.campaign.id / org / "contacts"
    if any(folder.glob("*.yml")):
        raise click.UsageError(
            "这个单位已经报过联系人回执，不能再报一份；要换人，运行 taizhang new contact-changes 申请变更"
        )
    return new_file(folder, workspace.kinds["contacts"], today)


def _read(source: str, payload: Kind) -> Mapping[str, Person]:
    """The people in a file or on standard input. Says what is wrong with it, and ends."""
    file = Path(source).expanduser()
    if source != "-" and not file.is_file():
        raise click.UsageError(f"没有 {source} 这个文件")
    if source != "-" and is_versioned(file.absolute().parent):
        raise click.UsageError("明文不能放在仓库里面，容易被一起提交；请把它移到仓库外面，加密后删掉")
    raw = sys.stdin.buffer.read() if source == "-" else file.read_bytes()
    people = people_in(raw, source, payload)
    if isinstance(people, Mapping):
        return people
    click.echo(as_text(worded(people)), err=True, nl=False)
    sys.exit(FINDINGS)


def _asked(payload: Kind) -> Mapping[str, Person]:
    """The people, asked for one item at a time; a wrong answer is asked for again."""
    people: dict[str, dict[str, str]] = {}
    for role, person in payload.schema["properties"].items():
        people[role] = {}
        # What need not be told is not asked for; it can be given in a file.
        for name in person["required"]:
            while True:
                answer = click.prompt(payload.label((role, name)), err=True).strip()
                people[role][name] = answer
                if is_answer(answer, payload, role, name):
                    break
                click.echo(f"写法不对：{say(how_to_write(payload.field((role, name))))}", err=True)
    return people


@main.command(name="contacts")
@click.option("--key", "key_file", required=True, type=click.Path(path_type=Path), help="私钥文件")
@click.option("--campaign", help="行动编号；只有一次行动有公钥时可以不写")
@click.option("--org", help="只看一个单位，连同它的变更经过")
@today_option
@pass_workspace
def contacts_command(workspace: Workspace, key_file: Path, campaign: str | None, org: str | None, today: date) -> None:
    """用私钥打开当前有效的联系人，只显示在屏幕上，不写进任何文件；列出未备案的单位。

    例：taizhang contacts --key ~/lanqi-siyao.json --today 2023-08-15
    """
    ledger = _ledger_with_key(workspace, today, campaign)
    if org and org not in ledger.roll:
        raise click.UsageError(f"名册上没有“{org}”")
    key = private_key(key_file)
    if not is_pair(key, ledger.campaign.sealing_key or {}):
        raise click.UsageError("这把私钥和 campaign.yml 里的公钥不是一对")
    lines = [line for line in contact_sheet(ledger, key, workspace.payloads["contacts"]) if org in (None, line.org.id)]
    out.print(_table(ledger, lines))
    if org:
        out.print(_history(ledger, org))
    missing = [line.org.name for line in lines if line.status is ContactStatus.MISSING]
    click.echo(f"未备案 {len(missing)} 家{'：' if missing else ''}{'、'.join(missing)}")


def private_key(file: Path) -> Jwk:
    """The private key in a file. Ends in a usage error where there is none."""
    try:
        return read_key(file.expanduser().read_bytes())
    except OSError:
        raise click.UsageError(f"读不了 {file}") from None
    except BadKey:
        raise click.UsageError(f"{file} 不是 taizhang keygen 生成的私钥") from None


def _table(ledger: Ledger, lines: Sequence[ContactLine]) -> Table:
    """A row a role; below the unit's name stands how its contacts stand."""
    table = Table(title=f"{ledger.campaign.short_title}联系人　截至 {ledger.at}", title_justify="left")
    mailed = any("email" in person for line in lines for person in line.people.values() if isinstance(person, Mapping))
    for heading in ("单位", "角色", "姓名", "所在单位", "办公电话", "手机号码", *(("电子邮箱",) if mailed else ())):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("角色", "办公电话", "手机号码"))
    for line in lines:
        left = iter((line.org.name, line.status.label))
        for role, person in line.people.items() or [(None, {})]:
            # Text, not str: what was sealed must not be read as markup.
            table.add_row(next(left, ""), role.label if role else line.status.label, *map(Text, _cells(person)))
        table.add_section()
    return table


def _cells(person: Person | SealingError) -> list[str]:
    if isinstance(person, SealingError):
        return [person.label]
    return [person[name] for name in ("name", "unit", "office_phone", "mobile", "email") if name in person]


def _history(ledger: Ledger, org: str) -> Table:
    """Every change that the unit applied for, with what became of it by the ledger's date."""
    table = Table(title="变更经过", title_justify="left")
    for heading in ("日期", "申请", "经过"):
        table.add_column(heading, overflow="fold")
    for day, ref, event in changes_of(ledger, org):
        table.add_row(str(day), ref, Text(event))
    return table
