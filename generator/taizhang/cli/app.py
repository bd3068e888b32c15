"""The command group: how commands find the checkout, read dates, and end."""

from __future__ import annotations

import errno
import functools
import importlib
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar, cast

import click
from rich.console import Console

from taizhang import history
from taizhang.checks.verdict import Verdict
from taizhang.intake.kinds import Kind
from taizhang.ledger.ledger import Ledger
from taizhang.workspace import Workspace, find_workspace

FINDINGS, USAGE, STOPPED = 1, 2, 3
"""Exit codes; 0 is fine. What stops a command in the middle is the machine's trouble or our own mistake."""

_TROUBLE: Mapping[int, tuple[str, str]] = {
    errno.ENOSPC: ("磁盘满了", "请腾出空间"),
    errno.EDQUOT: ("磁盘配额用完了", "请腾出空间，或请管理员增加配额"),
    errno.EFBIG: ("文件超过了系统允许的大小", "请管理员放宽限制（ulimit -f）"),
    errno.EROFS: ("这里只能读，不能写", "请换一个能写的地方，或请管理员改为可写"),
    errno.EACCES: ("没有权限", "请管理员给这个账户读写的权限"),
    errno.EPERM: ("系统不允许", "请管理员给这个账户读写的权限"),
    errno.ENOTDIR: ("应该是文件夹的地方是一个文件", "请先把那个文件移开"),
    errno.EEXIST: ("应该是文件夹的地方是一个文件", "请先把那个文件移开"),
    errno.EISDIR: ("应该是文件的地方是一个文件夹", "请先把那个文件夹移开"),
    errno.ENOTEMPTY: ("要腾空的文件夹里有别的内容", "请先把它移开"),
    errno.EIO: ("磁盘读写出错", "请管理员检查磁盘"),
    errno.EMFILE: ("打开的文件太多", "请管理员放宽限制（ulimit -n）"),
    errno.ENFILE: ("打开的文件太多", "请关掉别的程序"),
}
"""What a disk or an account may lack: what is the matter, what helps."""

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


class Filled(click.ParamType[str]):
    """An option that says who or which commit: left out or filled in, but never there with nothing behind it.

    A variable that was never set would otherwise pass for one that nobody needs. `name` says what stands there.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not str(value).strip():
            self.fail("后面是空的；请写上内容，不需要的就不写这个选项", param, ctx)
        return str(value)


Command = TypeVar("Command", bound=Callable[..., Any])


def today_option(command: Command) -> Command:
    """`--today`, wherever a date matters."""
    return click.option(
        "--today", type=Day(), default=today_in_china, metavar="年-月-日", help="把这一天当作今天（默认：今天）"
    )(command)


class Commands(click.Group):
    """A group that ends in a sentence: wrong usage in exit code 2; 3 where a disk or an account lacks something,
    or by our own mistake, with what to report.

    `homes` names for each command the module of this package that has it.
    """

    homes: Mapping[str, str] = MappingProxyType({})

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(self.homes)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.homes:
            importlib.import_module(f"taizhang.cli.{self.homes[cmd_name]}")
        return super().get_command(ctx, cmd_name)

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        extra.pop("standalone_mode", None)
        try:
            result = super().main(args, prog_name, standalone_mode=False, **extra)
        except click.ClickException as error:
            _usage(_in_chinese(error), getattr(error, "ctx", None))
        except history.HistoryError as error:
            _usage(str(error), None)
        except click.Abort:
            sys.exit(130)
        except OSError as error:
            _stopped(error)
        except Exception:  # noqa: BLE001 - the last line of defence, and it says everything it knows
            _mistaken()
        sys.exit(result if isinstance(result, int) else 0)


def _usage(sentence: str, ctx: click.Context | None) -> NoReturn:
    click.echo(f"用法不对：{sentence}", err=True)
    if ctx:
        click.echo(f"说明见 {ctx.command_path} --help", err=True)
    sys.exit(USAGE)


def _stopped(error: OSError) -> NoReturn:
    """Say what the disk or the account lacks; any other error of the system is a mistake of ours."""
    if error.errno is None or error.errno not in _TROUBLE:
        _mistaken()
    trouble, remedy = _TROUBLE[error.errno]
    place = f"（{error.filename}）" if error.filename else ""
    click.echo(f"没有做完：{trouble}{place}。{remedy}，然后再试一次。", err=True)
    sys.exit(STOPPED)


def _mistaken() -> NoReturn:
    err.print(traceback.format_exc(), markup=False)
    err.print(f"程序出错了，不是您的文件的问题。请把上面的内容和版本号 taizhang {version('taizhang')} 报给维护人员。")
    sys.exit(STOPPED)


def _in_chinese(error: click.ClickException) -> str:
    """What click says in English, for the mistakes people make."""
    match error:
        case click.NoSuchOption():
            return f"没有 {error.option_name} 这个选项"
        case click.MissingParameter():
            return f"缺少 {_named(error)}"
        case click.BadParameter():
            return f"{_named(error)} 不对：{error.message}"
        case click.exceptions.NoSuchCommand():
            return f"没有 {error.command_name} 这个命令"
        case _:
            return error.format_message()


def _named(error: click.BadParameter) -> str:
    """The option as it is typed, or the argument's name."""
    param = error.param
    if isinstance(param, click.Option):
        return param.opts[-1]
    return param.human_readable_name if param else "参数"


def pass_workspace(command: Command) -> Command:
    """Hand a command the checkout it runs in. Ends in a usage error where there is none."""

    @click.pass_context
    @functools.wraps(command)
    def found(ctx: click.Context, *args: Any, **values: Any) -> Any:
        root: Path | None = ctx.obj
        workspace = find_workspace((root or Path.cwd()).resolve(), today_in_china())
        if workspace is None:
            raise click.UsageError(
                "这里没有 submissions 和 schemas 文件夹；请进入仓库再运行，或用 --root 指明仓库在哪里"
            )
        return ctx.invoke(command, workspace, *args, **values)

    return cast(Command, found)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="taizhang", message="taizhang %(version)s")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False, exists=True), help="仓库所在文件夹")
@click.pass_context
def main(ctx: click.Context, root: Path | None) -> None:
    """台账：检查填报、判断期限、生成网站。

    例：taizhang check
    """
    ctx.obj = root


def choose_ledger(verdict: Verdict, campaign: str | None) -> Ledger:
    ledgers = {ledger.campaign.id: ledger for ledger in verdict.ledgers}
    if campaign is None and len(ledgers) == 1:
        return next(iter(ledgers.values()))
    if campaign not in ledgers:
        known = "、".join(f"{ledger.campaign.id}（{ledger.campaign.short_title}）" for ledger in verdict.ledgers)
        raise click.UsageError(f"请用 --campaign 指明哪一次行动。现有：{known or '没有可用的行动'}")
    return ledgers[campaign]


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
