"""The command line: the only place with a clock, an environment, standard output and exit codes."""

from __future__ import annotations

import contextlib
import functools
import http.server
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from generator import history
from generator.checks.verdict import Verdict
from generator.findings import RULES
from generator.findings.formats import FORMATS, as_text
from generator.intake.blank import blank
from generator.intake.kinds import Kind
from generator.ledger.duties import Return, Status
from generator.ledger.ledger import Ledger
from generator.ledger.roll import Organisation
from generator.publish.wording import slots
from generator.site import release
from generator.site.build import Stamper, build_site
from generator.site.edition import public_edition
from generator.workspace import Workspace, find_workspace

FINDINGS, USAGE, BUG = 1, 2, 3
"""Exit codes; 0 is fine."""

out, err = Console(highlight=False), Console(stderr=True, highlight=False)


def today_in_china() -> date:
    """Today's date in China, wherever the machine stands."""
    return datetime.now(history.SHANGHAI).date()


class Day(click.ParamType[date]):
    """A date option written as 2023-05-25."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=history.SHANGHAI).date()
        except ValueError:
            self.fail(f"“{value}”不是日期，请写成 2023-05-25 的样子", param, ctx)


Command = TypeVar("Command", bound=Callable[..., Any])


def today_option(command: Command) -> Command:
    """`--today`, wherever a date matters."""
    return click.option(
        "--today", type=Day(), default=today_in_china, metavar="年-月-日", help="把这一天当作今天（默认：今天）"
    )(command)


class Commands(click.Group):
    """A group whose unforeseen errors end in exit code 3 with what to report, never in a bare traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except history.HistoryError as error:
            raise click.UsageError(str(error)) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception:  # noqa: BLE001 - the last line of defence, and it says everything it knows
            err.print(traceback.format_exc(), markup=False)
            err.print(f"程序出错了，不是您的文件的问题。请把上面的内容和版本号 taizhang {version('taizhang')} 报给维护人员。")
            ctx.exit(BUG)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="taizhang", message="taizhang %(version)s")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False, exists=True), help="仓库所在文件夹")
@click.pass_context
def main(ctx: click.Context, root: Path | None) -> None:
    """台账：检查填报、判断期限、生成网站。

    例：taizhang check
    """
    workspace = find_workspace((root or Path.cwd()).resolve())
    if workspace is None:
        raise click.UsageError("这里没有 submissions 和 schemas 文件夹；请进入仓库再运行，或用 --root 指明仓库在哪里")
    ctx.obj = workspace


@main.command()
@today_option
@click.option("--format", "style", type=click.Choice(sorted(FORMATS)), default="text", help="输出格式（默认 text）")
@click.option("--late", is_flag=True, help="逐条列出迟报、未报和逾期，不只是合计")
@click.pass_obj
def check(workspace: Workspace, today: date, style: str, late: bool) -> None:
    """检查全部填报。有错误时退出码为 1；迟报、未报、逾期另行列出，不影响通过。

    例：taizhang check --today 2023-08-15 --late
    """
    verdict = workspace.examine(today).verdict
    told = [*verdict.validity, *(verdict.lateness if late or style == "json" else ())]
    click.echo(FORMATS[style](told), nl=False)
    if style == "text":
        _summary(verdict)
    sys.exit(FINDINGS if verdict.errors else 0)


def _summary(verdict: Verdict) -> None:
    warnings = len(verdict.validity) - len(verdict.errors)
    records = sum(len(ledger.records) for ledger in verdict.ledgers)
    result = f"有 {len(verdict.errors)} 处错误，相关记录没有计入" if verdict.errors else "检查通过"
    click.echo(f"{result}：{records} 份记录计入台账，{warnings} 处提醒。")
    for ledger in verdict.ledgers:
        statuses = Counter(item.status(ledger.at) for item in ledger.returns)
        counts = "、".join(f"{status.label} {statuses[status]}" for status in Status)
        click.echo(f"{ledger.campaign.short_title}（截至 {ledger.at}）：{counts}；逾期隐患 {len(ledger.overdue())}。")


@main.command()
@today_option
@click.option("--allow-findings", is_flag=True, help="有错误也生成，并在网站上注明缺了什么")
@click.option("--output", type=click.Path(path_type=Path), help="放在哪里（默认 build/site）")
@click.pass_obj
def build(workspace: Workspace, today: date, allow_findings: bool, output: Path | None) -> None:
    """检查填报并生成公开网站；有错误时保留原来的网站不动。

    例：taizhang build --today 2023-08-15
    """
    link = (output or workspace.root / "build" / "site").absolute()
    with _progress() as step:
        step("读取并检查填报")
        examination = workspace.examine(today)
        errors = examination.verdict.errors
        if errors and not allow_findings:
            click.echo(as_text(errors))
            click.echo(f"有 {len(errors)} 处错误，没有生成网站，原来的网站保持不变。改正后再试，或加 --allow-findings。")
            sys.exit(FINDINGS)
        step("计算通报和页面")
        edition = public_edition(workspace.root, workspace.kinds, examination)
        name = _release_name(workspace, today, examination.intake.digest, str(edition.provenance))
        if release.is_current(link, name):
            click.echo("内容没有变化，网站已是最新。")
        else:
            stamper = Stamper(edition)
            step(f"生成 {len(stamper.pages)} 页")
            release.publish(link, name, functools.partial(build_site, workspace.root, stamper))
            click.echo(f"已生成 {len(stamper.pages)} 个数据页面。")
    click.echo(f"首页：{(link / 'index.html').as_uri()}")
    click.echo("运行 make serve 可在浏览器中查看。")


def _release_name(workspace: Workspace, today: date, *parts: str) -> str:
    """Names a release after all that goes into it, so that an unchanged site is not built again."""
    root = workspace.root
    mkdocs = (root / "mkdocs.yml").read_text(encoding="utf-8")
    folders = (root / "schemas", root / "site", Path(__file__).parent)
    return release.fingerprint([mkdocs, today.isoformat(), *parts, _versions()], folders)


def _versions() -> str:
    return " ".join(version(name) for name in ("mkdocs", "mkdocs-material", "Markdown", "jinja2"))


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A moving line at a terminal, nothing where output is collected."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=20))
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda text: progress.update(task, description=text)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="端口；0 表示任选一个")
@click.pass_obj
def serve(workspace: Workspace, port: int) -> None:
    """在本机浏览生成好的网站（只对本机开放），按 Ctrl+C 结束。

    例：taizhang serve --port 8080
    """
    folder = workspace.root / "build" / "site"
    if not (folder / "index.html").exists():
        raise click.UsageError("还没有生成网站；请先运行 make site")
    handler = functools.partial(QuietHandler, directory=str(folder))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError:
        raise click.UsageError(f"端口 {port} 已被占用；请用 --port 换一个，例如 --port 0") from None
    with server, contextlib.suppress(KeyboardInterrupt):
        click.echo(f"网站在 http://127.0.0.1:{server.server_port}/ ，按 Ctrl+C 结束")
        server.serve_forever()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line for each, and the site's own page where there is none."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        del format, args

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != http.HTTPStatus.NOT_FOUND or not page.exists():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@main.command()
@click.argument("kind")
@click.option("--org", required=True, help="单位编号，见 roll.yml")
@click.option("--campaign", help="行动编号；只有一次行动时可以不写")
@click.option("--name", help="文件名（不带 .yml）；不写就取下一个编号或本周、本月、今天")
@today_option
@click.pass_obj
def new(workspace: Workspace, kind: str, org: str, campaign: str | None, name: str | None, today: date) -> None:
    """生成一份带说明的空白记录，填好后即可报送。

    例：taizhang new hazards --org lanqi-hospital --campaign shili-banner-2023
    """
    record_kinds = {k.name: k for k in workspace.kinds.values() if k.place == "record"}
    if kind not in record_kinds:
        raise click.UsageError("没有这种记录。可选：" + "、".join(f"{k.name}（{k.title}）" for k in record_kinds.values()))
    ledger = _choose(workspace.examine(today).verdict, campaign)
    if org not in ledger.roll:
        raise click.UsageError(f"名册上没有“{org}”。" + _known(ledger.roll.organisations))
    folder = workspace.root / "submissions" / ledger.campaign.id / org / kind
    file = folder / f"{name or next_name(record_kinds[kind], folder, today)}.yml"
    if not record_kinds[kind].name_pattern.match(file.stem):
        raise click.UsageError(f"文件名必须是{record_kinds[kind].name_help}")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(blank(record_kinds[kind], today))
    except FileExistsError:
        raise click.UsageError(f"{file} 已经有了；请直接修改它，或用 --name 换一个名称") from None
    click.echo(f"已写好空白记录：{file.relative_to(workspace.root)}")
    click.echo("用记事本打开，照说明填写，保存为 UTF-8，再运行 taizhang check。")


def next_name(kind: Kind, folder: Path, today: date) -> str:
    """The name a new record would get: the next serial number, or this week, month or day."""
    if kind.period == "week":
        year, week, _ = today.isocalendar()
        return f"{year}-W{week:02d}"
    if kind.period == "month":
        return f"{today:%Y-%m}"
    if kind.name_pattern.match(f"{today.year}-001"):
        taken = [int(file.stem[5:]) for file in folder.glob(f"{today.year}-[0-9][0-9][0-9].yml")]
        return f"{today.year}-{max(taken, default=0) + 1:03d}"
    if kind.name_pattern.match(today.isoformat()):
        return today.isoformat()
    raise click.UsageError(f"请用 --name 给出文件名：{kind.name_help}")


def _choose(verdict: Verdict, campaign: str | None) -> Ledger:
    ledgers = {ledger.campaign.id: ledger for ledger in verdict.ledgers}
    if campaign is None and len(ledgers) == 1:
        return next(iter(ledgers.values()))
    if campaign not in ledgers:
        known = "、".join(f"{ledger.campaign.id}（{ledger.campaign.short_title}）" for ledger in verdict.ledgers)
        raise click.UsageError(f"请用 --campaign 指明哪一次行动。现有：{known or '没有可用的行动'}")
    return ledgers[campaign]


def _known(organisations: Sequence[Organisation]) -> str:
    return "现有：" + "、".join(f"{org.id}（{org.short_name}）" for org in organisations)


@main.command()
@today_option
@click.option("--org", help="只看一个单位")
@click.option("--campaign", help="只看一次行动")
@click.pass_obj
def status(workspace: Workspace, today: date, org: str | None, campaign: str | None) -> None:
    """各单位欠报什么、何时到期、还剩几天；逾期的隐患。

    例：taizhang status --org lanqi-hospital --today 2023-08-15
    """
    verdict = workspace.examine(today).verdict
    ledgers = [_choose(verdict, campaign)] if campaign else list(verdict.ledgers)
    if org:
        ledgers = [ledger for ledger in ledgers if org in ledger.roll]
        if not ledgers:
            raise click.UsageError(f"名册上没有“{org}”")
    for ledger in ledgers:
        out.print(_one_unit(ledger, org) if org else _all_units(ledger))


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


def _one_unit(ledger: Ledger, org: str) -> Table:
    unit = ledger.organisation(org)
    table = Table(title=f"{unit.name}　{ledger.campaign.short_title}　截至 {ledger.at}", title_justify="left")
    for heading in ("事项", "期限", "状态", "还剩（天）"):
        table.add_column(heading, justify="right" if heading.startswith("还剩") else "left")
    for item in ledger.returns_by_org[org]:
        if item.status(ledger.at) in (Status.MISSING, Status.NOT_DUE):
            table.add_row(*_owed(item, ledger.at))
    for hazard in ledger.hazards_of(org):
        if hazard.state.is_open and hazard.deadline:
            days = (hazard.deadline - ledger.at).days
            label = f"隐患 {hazard.case.record.name} {hazard.case.record.data['title']}"
            table.add_row(label, str(hazard.deadline), hazard.state.label, str(days))
    return table


def _owed(item: Return, day: date) -> tuple[str, str, str, str]:
    return item.obligation.label, str(item.obligation.due), item.status(day).label, str(item.days_left(day))


@main.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """说明一条检查规则：要求什么、为什么、怎么改；不写编号就列出全部。

    例：taizhang explain E-DATE
    """
    if code is None:
        for rule in RULES.values():
            click.echo(f"{rule.code:<16}{rule.title}")
        return
    found = RULES.get(code.upper())
    if found is None:
        raise click.UsageError(f"没有编号为“{code}”的规则；运行 taizhang explain 可列出全部")
    click.echo(f"{found.code}　{found.title}（{found.severity.label}）\n")
    click.echo(f"要求：{slots(found.must)}\n改法：{slots(found.fix)}\n原因：{found.why}\n")
    click.echo(f"错误的写法：\n{_indented(found.bad)}\n正确的写法：\n{_indented(found.good)}")


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())
