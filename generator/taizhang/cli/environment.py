"""What commands take from the environment: the code platform, the mail server."""

from __future__ import annotations

import os
import re

import click

from taizhang.forge import ForgeClient, connect
from taizhang.forge.mail import Postbox

_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")


def connected(author: str | None = None) -> ForgeClient:
    """The platform and repository that the environment names. Ends in a usage error where something is missing."""
    names = {name: os.environ.get(name, "") for name in ("GITHUB_API_URL", "GITHUB_REPOSITORY")}
    names["TAIZHANG_TOKEN"] = os.environ.get("TAIZHANG_TOKEN") or os.environ.get("GITHUB_TOKEN", "")
    missing = "、".join(name for name, value in names.items() if not value)
    if missing:
        raise click.UsageError(f"没有设置环境变量 {missing}")
    return connect(*names.values(), author=author)


def postbox() -> Postbox:
    """The mail server that the environment names. Ends in a usage error where something is missing or wrong."""
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


def committee_address() -> str:
    """Where the safety committee's office gets its list; empty where that is not set."""
    return os.environ.get("TAIZHANG_SMTP_COMMITTEE", "")
