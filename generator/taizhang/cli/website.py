"""Commands about the site: build, serve."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from taizhang.cli.app import FINDINGS, Command, Filled, err, main, pass_workspace, today_option
from taizhang.findings import worded
from taizhang.findings.formats import as_text
from taizhang.publishing.server import LOCAL, local_server
from taizhang.publishing.site import PLACES, Build, BuildStopped, Misplaced
from taizhang.publishing.target import INTERNAL, PUBLIC, NotOurs
from taizhang.workspace import Workspace


def edition_option(command: Command) -> Command:
    """`--edition`: the public one, unless somebody says otherwise."""
    choice = click.Choice([PUBLIC, INTERNAL])
    return click.option("--edition", "edition_name", type=choice, default=PUBLIC, help="公开版（默认）还是内部版")(
        command
    )


@main.command()
@today_option
@click.option("--allow-findings", is_flag=True, help="有错误也生成，并在网站上注明缺了什么")
@click.option("--published", type=Filled("提交"), help="上次发布的提交（见网站的 release.json）；主分支丢了它就不发布")
@click.option(
    "--output", type=click.Path(path_type=Path), help="放在哪里（默认 build/site，内部版 build/internal/site）"
)
@edition_option
@pass_workspace
def build(
    workspace: Workspace,
    today: date,
    allow_findings: bool,
    published: str | None,
    output: Path | None,
    edition_name: str,
) -> None:
    """检查填报并生成公开网站；有错误时保留原来的网站不动。

    加 --edition internal 生成内部版：多出各单位的“我的单位”和全部台账，不得公开；有错误也生成，错误列在各单位的页面上。

    例：taizhang build --today 2023-08-15
    """
    link = (output or workspace.root / PLACES[edition_name]).absolute()
    order = Build(edition_name, link, today, os.environ.get("SITE_URL", ""), allow_findings, published)
    try:
        with _progress() as step:
            built = order.run(workspace, step)
    except Misplaced:
        raise click.UsageError(f"{link} 在公开网站那里，内部版不能放在一起；请用 --output 另选一个文件夹") from None
    except NotOurs as taken:
        what = "是另一个仓库的网站" if taken.is_site else "已经有别的内容，不是这个网站生成的"
        raise click.UsageError(
            f"{taken.place} {what}，没有动它；请用 --output 另选一个文件夹，或先把它移到别处"
        ) from None
    except OSError:
        click.echo("没有生成网站，原来的网站保持不变。", err=True)
        raise
    except BuildStopped as stopped:
        click.echo(as_text(worded(stopped.errors)))
        count = len(stopped.errors)
        if stopped.at_gate:
            click.echo(
                f"发布前检查发现 {count} 处问题，没有发布，原来的网站保持不变。怎么办见“办公室怎么办”的“发布网站”。"
            )
        else:
            click.echo(f"有 {count} 处错误，没有生成网站，原来的网站保持不变。改正后再试，或加 --allow-findings。")
        sys.exit(FINDINGS)
    click.echo("内容没有变化，网站已是最新。" if built.pages is None else f"已生成 {built.pages} 个数据页面。")
    if built.notices:
        click.echo(as_text(worded(built.notices)))
    click.echo(f"首页：{(link / 'index.html').as_uri()}")
    if order.is_internal:
        click.echo("这是内部资料，不得放到公开的网站上。运行 taizhang serve --edition internal 可在浏览器中查看。")
    else:
        click.echo("运行 make serve 可在浏览器中查看。")


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A moving line at a terminal from the first step on, nothing where output is collected."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=20))
    with contextlib.ExitStack() as running:
        progress = Progress(*columns, console=err, transient=True)

        def step(text: str) -> None:
            if not progress.tasks:
                running.enter_context(progress)
                progress.add_task("", total=None)
            progress.update(progress.task_ids[0], description=text)

        yield step


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="端口；0 表示任选一个")
@edition_option
@pass_workspace
def serve(workspace: Workspace, port: int, edition_name: str) -> None:
    """在本机浏览生成好的网站（只对本机开放），按 Ctrl+C 结束。

    例：taizhang serve --port 8080
    """
    folder = workspace.root / PLACES[edition_name]
    if not (folder / "index.html").exists():
        how = "make site" if edition_name == PUBLIC else "make internal"
        raise click.UsageError(f"还没有生成网站；请先运行 {how}")
    try:
        server = local_server(folder, port)
    except OSError:
        raise click.UsageError(f"端口 {port} 已被占用；请用 --port 换一个，例如 --port 0") from None
    with server, contextlib.suppress(KeyboardInterrupt):
        click.echo(f"网站在 http://{LOCAL}:{server.server_port}/ ，按 Ctrl+C 结束")
        server.serve_forever()
