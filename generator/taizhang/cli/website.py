"""Commands about the site: build, serve."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

import taizhang
from taizhang import history
from taizhang.checks.past import broken_publication
from taizhang.cli.app import FINDINGS, Command, err, main, pass_workspace, today_option
from taizhang.findings import Finding
from taizhang.findings.formats import as_text
from taizhang.publishing import release
from taizhang.publishing.edition import public_edition
from taizhang.publishing.internal import internal_edition
from taizhang.publishing.stamping import Stamper, build_site
from taizhang.workspace import Workspace

PUBLIC, INTERNAL = "public", "internal"
PLACES = {PUBLIC: "build/site", INTERNAL: "build/internal/site"}
"""Where an edition lies below the checkout. Each has its own folder of releases beside it."""


def edition_option(command: Command) -> Command:
    """`--edition`: the public one, unless somebody says otherwise."""
    choice = click.Choice([PUBLIC, INTERNAL])
    return click.option("--edition", "edition_name", type=choice, default=PUBLIC, help="公开版（默认）还是内部版")(
        command
    )


@main.command()
@today_option
@click.option("--allow-findings", is_flag=True, help="有错误也生成，并在网站上注明缺了什么")
@click.option("--published", metavar="提交", help="上次发布的提交（见网站的 release.json）；主分支丢了它就不发布")
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
    is_internal = edition_name == INTERNAL
    link = (output or workspace.root / PLACES[edition_name]).absolute()
    if is_internal:
        _keep_from_public(link, workspace.root)
    if published is not None:
        _stop_at(_rewritten(workspace.root, published))
    with _progress() as step:
        step("读取并检查填报")
        examination = workspace.examine(today)
        # The internal edition is where errors are seen; it stops for none.
        stops = not (allow_findings or is_internal)
        if stops:
            _stop_at(examination.verdict.errors)
        step("计算通报和页面，生成通报的 Word、PDF、Excel")
        edition = public_edition(workspace.root, workspace.kinds, examination)
        if stops:
            _stop_at(edition.left_out)
        if is_internal:
            edition = internal_edition(workspace.root, edition, examination)
        files = [f"{file.name} {file.size}" for files in edition.downloads.values() for file in files]
        shown = (examination.intake.digest, str(edition.provenance), *edition.shown_pictures, *files)
        name = _release_name(workspace, today, *shown)
        name = f"{INTERNAL}-{name}" if is_internal else name
        if release.is_current(link, name):
            click.echo("内容没有变化，网站已是最新。")
        else:
            stamper = Stamper(edition)
            step(f"生成 {len(stamper.pages)} 页")
            release.publish(link, name, functools.partial(build_site, workspace.root, stamper))
            click.echo(f"已生成 {len(stamper.pages)} 个数据页面。")
    if edition.notices:
        click.echo(as_text(edition.notices))
    click.echo(f"首页：{(link / 'index.html').as_uri()}")
    if is_internal:
        click.echo("这是内部资料，不得放到公开的网站上。运行 taizhang serve --edition internal 可在浏览器中查看。")
    else:
        click.echo("运行 make serve 可在浏览器中查看。")


def _keep_from_public(link: Path, root: Path) -> None:
    """Raises UsageError where the internal edition would come to lie in, beside, or in place of a public one."""
    place, shelf = link.resolve(), link.parent / "releases"
    inside = any(f.parent.name == "releases" and not _is_internal(f) for f in (place, *place.parents))
    beside = link.parent.resolve() == (root / PLACES[PUBLIC]).parent.resolve() or not all(
        _is_internal(folder) for folder in shelf.glob("[!.]*")
    )
    if inside or beside:
        raise click.UsageError(f"{link} 在公开网站那里，内部版不能放在一起；请用 --output 另选一个文件夹")


def _is_internal(folder: Path) -> bool:
    return folder.name.startswith(f"{INTERNAL}-")


def _rewritten(root: Path, published: str) -> Sequence[Finding]:
    """E-REWRITE, where main's line has lost the commit that was published last."""
    with history.Repository(root) as repository:
        return tuple(broken_publication(published, repository.kept(published, repository.commit("HEAD"))))


def _stop_at(errors: Sequence[Finding]) -> None:
    """End the command where there are errors."""
    if errors:
        click.echo(as_text(errors))
        click.echo(f"有 {len(errors)} 处错误，没有生成网站，原来的网站保持不变。改正后再试，或加 --allow-findings。")
        sys.exit(FINDINGS)


def _release_name(workspace: Workspace, today: date, *parts: str) -> str:
    """Names a release after all that goes into it, so that an unchanged site is not built again."""
    root = workspace.root
    mkdocs = (root / "mkdocs.yml").read_text(encoding="utf-8")
    folders = (root / "schemas", root / "site", Path(taizhang.__file__).parent)
    address = os.environ.get("SITE_URL", "")
    return release.fingerprint([mkdocs, address, today.isoformat(), *parts, _versions()], folders)


def _versions() -> str:
    return " ".join(version(name) for name in ("mkdocs", "mkdocs-material", "Markdown", "jinja2", "Pillow"))


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A moving line at a terminal, nothing where output is collected."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=20))
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda text: progress.update(task, description=text)


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
