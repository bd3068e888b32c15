"""The command that starts a repository of one's own: init."""

from __future__ import annotations

import shutil
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import click

import taizhang
from taizhang import history
from taizhang.cli.app import main

KIT = ("schemas", "site", "mkdocs.yml", "submissions/criteria")
"""What every repository needs besides its own campaign, by its path here and there."""
TEMPLATES = "docs/templates"


def kit_folder() -> Path | None:
    """Where the kit and the templates lie: the checkout that the program runs from, or what was installed with it."""
    installed = Path(sysconfig.get_path("data")) / "share" / "taizhang"
    folders = (Path(taizhang.__file__).parents[2], installed)
    return next((folder for folder in folders if (folder / TEMPLATES).is_dir()), None)


def templates(kit: Path) -> dict[str, Path]:
    """Every template by its name."""
    return {folder.name: folder for folder in sorted((kit / TEMPLATES).iterdir()) if folder.is_dir()}


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--template", default="three-year-2024-2026", show_default=True, help="从哪个模板开始")
def init(folder: Path, template: str) -> None:
    """新建一个填报仓库：行动、名册、工作日历、判定标准、格式和网站外观。

    文件夹必须是空的，或者还没有。

    例：taizhang init zhiben-taizhang
    """
    kit = kit_folder()
    if kit is None:
        raise click.UsageError("找不到模板；请重新安装，或在克隆下来的仓库里运行")
    known = templates(kit)
    if template not in known:
        raise click.UsageError(f"没有“{template}”这个模板。可选：{'、'.join(known)}")
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"“{folder}”不是空文件夹；请换一个名称，或先移走里面的文件")
    for name in KIT:
        _copy(kit / name, folder / name)
    _copy(known[template], folder)
    history.begin(folder)
    click.echo(
        f"已建好 {folder}：{sum(1 for _ in _files(folder / 'submissions'))} 个数据文件，按 README.md 的步骤填写。"
    )
    click.echo(f"接着运行：taizhang --root {folder} check")


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file())
