"""How commands reach the code platform that the environment names."""

from __future__ import annotations

import os

import click

from taizhang.forge import ForgeClient, connect


def connected(author: str | None = None) -> ForgeClient:
    """The platform and repository that the environment names. Ends in a usage error where something is missing."""
    names = {name: os.environ.get(name, "") for name in ("GITHUB_API_URL", "GITHUB_REPOSITORY")}
    names["TAIZHANG_TOKEN"] = os.environ.get("TAIZHANG_TOKEN") or os.environ.get("GITHUB_TOKEN", "")
    missing = "、".join(name for name, value in names.items() if not value)
    if missing:
        raise click.UsageError(f"没有设置环境变量 {missing}")
    return connect(*names.values(), author=author)
