"""Commands that remind: remind, deadlines. What is printed names organisations, never a person."""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import click

from taizhang.cli.app import FINDINGS, main, pass_workspace, today_option
from taizhang.cli.contacts import fits, is_versioned, private_key
from taizhang.cli.platform import connected
from taizhang.disclosure.contact_sheet import Person, contact_sheet
from taizhang.forge import ForgeError, Upsert, WantedIssue, keep_issues
from taizhang.forge.mail import MailError, Postbox
from taizhang.intake.kinds import Kind
from taizhang.ledger.contacts import Role
from taizhang.ledger.ledger import Ledger
from taizhang.reminders import Reminder, Round, Task, round_of
from taizhang.reminders.letters import Letter, issue, letters, phrases
from taizhang.reminders.mails import Entry, index, mail
from taizhang.workspace import Workspace

Reached = Mapping[str, Person]
"""By organisation, the person a reminder goes to."""

_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")


class Case(NamedTuple):
    """One campaign on the day: its ledger, its round unless archived, how many files of each unit were refused."""

    ledger: Ledger
    round: Round | None
    left_out: Mapping[str, int]


class Post(NamedTuple):
    """One letter, the campaign it belongs to, and the person it goes to where that is known."""

    case: Case
    letter: Letter
    person: Person

    @property
    def name(self) -> str:
        return f"{self.case.ledger.campaign.id}/{self.letter.stem}"


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
    postbox = _postbox() if sent else None
    cases = _examine(workspace, today, campaign)
    if org and not any(org in case.ledger.roll for case in cases):
        raise click.UsageError(f"名册上没有“{org}”")
    people = _people(workspace, cases, key_file) if key_file else {}
    posts = [post for case in cases for post in _posts(case, workspace.kinds, people) if _wanted(post, org)]
    if output:
        _write(output.expanduser(), posts, today, postbox)
    if postbox and sent:
        _send(postbox, sent.expanduser(), posts, today)
    if style == "json":
        click.echo(_as_json(cases, workspace.kinds, today, org), nl=False)
    elif not output and not sent:
        _print(posts, [case for case in cases if org is None or org in case.ledger.roll], today)


def _examine(workspace: Workspace, today: date, campaign: str | None) -> Sequence[Case]:
    """Every campaign on the day, or the one that is asked for."""
    verdict = workspace.examine(today).verdict
    refused: dict[str, Counter[str]] = {}
    for parts in {tuple(item.file.split("/")) for item in verdict.errors}:
        if len(parts) > 3:
            refused.setdefault(parts[1], Counter())[parts[2]] += 1
    ledgers = [ledger for ledger in verdict.ledgers if campaign in (None, ledger.campaign.id)]
    if campaign and not ledgers:
        known = "、".join(ledger.campaign.id for ledger in verdict.ledgers)
        raise click.UsageError(f"没有“{campaign}”这次行动。现有：{known or '没有可用的行动'}")
    return [Case(ledger, round_of(ledger, today), refused.get(ledger.campaign.id, {})) for ledger in ledgers]


def _people(workspace: Workspace, cases: Sequence[Case], key_file: Path) -> Mapping[str, Reached]:
    """By campaign, whom a reminder reaches. Ends in a usage error where the key opens none of the campaigns."""
    key = private_key(key_file)
    opened = [case.ledger for case in cases if fits(key, case.ledger)]
    if not opened:
        raise click.UsageError("这把私钥和 campaign.yml 里的公钥不是一对")
    payload = workspace.payloads["contacts"]
    found: dict[str, dict[str, Person]] = {}
    for ledger in opened:
        for line in contact_sheet(ledger, key, payload):
            readable = {role: person for role, person in line.people.items() if isinstance(person, Mapping)}
            # 联络员 is who 信息报送 falls to; another is asked only where that one has no address.
            order = [
                readable[role] for role in (Role.LIAISON, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE) if role in readable
            ]
            best = next((person for person in order if "email" in person), order[0] if order else None)
            if best:
                found.setdefault(ledger.campaign.id, {})[line.org.id] = best
    return found


def _posts(case: Case, kinds: Mapping[str, Kind], people: Mapping[str, Reached]) -> Iterator[Post]:
    reached = people.get(case.ledger.campaign.id, {})
    for letter in letters(case.round, kinds, case.left_out) if case.round else ():
        yield Post(case, letter, reached.get(letter.org.id, {}) if letter.org else {})


def _wanted(post: Post, org: str | None) -> bool:
    return org is None or (post.letter.org is not None and post.letter.org.id == org)


def _print(posts: Sequence[Post], cases: Sequence[Case], today: date) -> None:
    for post in posts:
        click.echo(f"{'─' * 30}\n【{post.letter.subject}】\n{post.letter.text}")
    for case in cases:
        if case.round is None:
            click.echo(f"{case.ledger.campaign.short_title}已于 {case.ledger.campaign.archived_on} 归档，不再提醒。")
    if not posts:
        click.echo(f"{today} 没有需要提醒的事项。")


def _as_json(cases: Sequence[Case], kinds: Mapping[str, Kind], today: date, org: str | None) -> str:
    """One object; field names are stable."""
    rounds = [case.round for case in cases if case.round]
    told = [
        {
            "campaign": round_.campaign.id,
            "units": [_unit(round_, kinds, r) for r in round_.reminders if org in (None, r.org.id)],
            "escalation": [_unit(round_, kinds, r) for r in round_.escalation if org in (None, r.org.id)],
        }
        for round_ in rounds
    ]
    return json.dumps({"version": 1, "today": str(today), "campaigns": told}, ensure_ascii=False, indent=2) + "\n"


def _unit(round_: Round, kinds: Mapping[str, Kind], reminder: Reminder) -> Mapping[str, Any]:
    rows = [_row(round_, kinds, task) for task in reminder.tasks]
    return {"org": reminder.org.id, "name": reminder.org.name, "has_left": reminder.has_left, "tasks": rows}


def _row(round_: Round, kinds: Mapping[str, Kind], task: Task) -> Mapping[str, Any]:
    return {
        "what": task.what.value,
        "ref": task.ref,
        "due": str(task.due),
        "days_left": task.days_left,
        "age": task.age.value if task.age else None,
        "major": task.is_major,
        **phrases(round_, kinds, task),
    }


def _address(post: Post, postbox: Postbox | None) -> str:
    """Where a letter goes: to the unit's contact, to the committee as configured, to the office itself; or nowhere."""
    if post.letter.org:
        return post.person.get("email", "")
    if post.letter.stem == "_escalation":
        return os.environ.get("TAIZHANG_SMTP_COMMITTEE", "")
    return postbox.sender if postbox else ""


def _as_mail(post: Post, today: date, address: str, sender: str | None) -> bytes:
    office = post.case.ledger.campaign.data["office"]
    return bytes(mail(post.letter, post.case.ledger.campaign.id, today, office, sender, address or None))


def _write(folder: Path, posts: Sequence[Post], today: date, postbox: Postbox | None) -> None:
    """The mails and their index in a folder of their own, closed to others. Never among old files."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise click.UsageError(f"{folder} 里已经有文件；请换一个空文件夹，例如以日期命名")
        entries = []
        for post in posts:
            address = _address(post, postbox)
            file = folder / f"{post.name}.eml"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(_as_mail(post, today, address, postbox.sender if postbox else None))
            entries.append(Entry(f"{post.name}.eml", post.letter, address, "" if address else _phones(post.person)))
        (folder / "index.txt").write_text(index(entries, today), encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"写不了 {folder}：{error.strerror}") from None
    click.echo(f"已写好 {len(posts)} 封邮件，清单在 {folder / 'index.txt'}", err=True)


def _phones(person: Person) -> str:
    return "，".join(person[name] for name in ("name", "office_phone", "mobile") if name in person)


def _postbox() -> Postbox:
    """The mail server from the environment. Ends in a usage error where something is missing."""
    values = {
        name: os.environ.get(f"TAIZHANG_SMTP_{name}", "") for name in ("HOST", "PORT", "USER", "PASSWORD", "FROM")
    }
    missing = "、".join(f"TAIZHANG_SMTP_{name}" for name in ("HOST", "FROM") if not values[name])
    if missing:
        raise click.UsageError(f"没有设置发信用的环境变量 {missing}")
    for name in ("TAIZHANG_SMTP_FROM", "TAIZHANG_SMTP_COMMITTEE"):
        if not _ADDRESS.fullmatch(os.environ.get(name) or "a@b"):
            raise click.UsageError(f"环境变量 {name} 必须是一个邮箱地址，不带名称")
    port = values["PORT"] or "587"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise click.UsageError("环境变量 TAIZHANG_SMTP_PORT 必须是端口号，例如 587")
    return Postbox(values["HOST"], int(port), values["USER"], values["PASSWORD"], values["FROM"])


def _send(postbox: Postbox, record: Path, posts: Sequence[Post], today: date) -> None:
    """Send what is to be sent today and was not yet. Ends with exit code 1 where a letter did not go out."""
    done = set(record.read_text(encoding="utf-8").splitlines()) if record.exists() else set()
    due = [post for post in posts if post.letter.is_occasion and f"{today} {post.name}" not in done]
    addressed = [post for post in due if _address(post, postbox)]
    without = [post.letter.names for post in due if not _address(post, postbox)]
    failed: list[str] = []
    try:
        if addressed:
            failed = _deliver(postbox, record, addressed, today)
    except MailError as error:
        click.echo(f"没有发出：{error}", err=True)
        sys.exit(FINDINGS)
    already = sum(post.letter.is_occasion for post in posts) - len(due)
    click.echo(f"已发出 {len(addressed) - len(failed)} 封；今天早些时候已发 {already} 封。", err=True)
    if without:
        click.echo(f"没有收件地址 {len(without)} 家：{'、'.join(without)}", err=True)
    if failed:
        click.echo("没有发成：" + "；".join(failed), err=True)
        sys.exit(FINDINGS)


def _deliver(postbox: Postbox, record: Path, posts: Sequence[Post], today: date) -> list[str]:
    """Send each letter and record it at once, so that breaking off sends nothing twice. Gives what failed, and why."""
    failed = []
    record.parent.mkdir(parents=True, exist_ok=True)
    with postbox.open() as server, record.open("a", encoding="utf-8") as done:
        for post in posts:
            address = _address(post, postbox)
            try:
                postbox.send(server, address, _as_mail(post, today, address, postbox.sender))
            except MailError as error:
                failed.append(f"{post.letter.names}（{error}）")
                continue
            done.write(f"{today} {post.name}\n")
            done.flush()
    return failed


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
    cases = _examine(workspace, today, campaign)
    wanted = {mark: text for case in cases for mark, text in _issues(case, workspace.kinds)}
    prefixes = tuple(f"reminder/{case.ledger.campaign.id}/" for case in cases)
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
    told = "，".join(f"{outcome.label} {outcomes[outcome]}" for outcome in Upsert)
    click.echo(f"事项单：{told}。")


def _issues(case: Case, kinds: Mapping[str, Kind]) -> Iterator[tuple[str, WantedIssue]]:
    """How the issue of every organisation on the roll should stand; none where the campaign is archived."""
    round_ = case.round
    if round_ is None:
        return
    standing = {reminder.org.id: reminder for reminder in round_.standing}
    for org in round_.everybody:
        reminder = standing.get(org.id, Reminder(org, (), False))
        # A made-up unit's accounts are nobody's, or worse, somebody's.
        mentioned = () if round_.campaign.demo else org.submitters
        title, body = issue(round_, reminder, kinds, case.left_out.get(org.id, 0), mentioned)
        yield f"reminder/{round_.campaign.id}/{org.id}", WantedIssue(title, body, bool(reminder.tasks))
