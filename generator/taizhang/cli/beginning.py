"""The command that starts a repository of one's own: init."""

from __future__ import annotations

from pathlib import Path

import click

from taizhang.cli.app import main
from taizhang.kit import begin, kit_folder, templates


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
    count = begin(kit, known[template], folder)
    click.echo(f"已建好 {folder}：{count} 个数据文件，按 README.md 的步骤填写。")
    click.echo(f"接着运行：taizhang --root {folder} check")
