"""Where the forms send a new file: the block `extra.filing` of mkdocs.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping

FORGES = ("github", "gitea", "gitlab", "gitee")
_REPOSITORY = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)+\Z")
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*\Z")


def read_forge(block: object) -> Mapping[str, str] | None:
    """The forge, the repository's address and its branch; None where the block is missing.

    Raises ValueError, with a sentence for whoever writes mkdocs.yml.
    """
    if block is None:
        return None
    if not isinstance(block, Mapping) or set(block) - {"forge", "repository", "branch"}:
        raise ValueError("mkdocs.yml 的 extra.filing 只能有 forge、repository、branch 三项。")
    forge, repository = str(block.get("forge", "")), str(block.get("repository", "")).rstrip("/")
    branch = str(block.get("branch", "main"))
    if forge not in FORGES:
        raise ValueError(f"mkdocs.yml 的 extra.filing.forge 必须是以下之一：{'、'.join(FORGES)}。")
    if not _REPOSITORY.match(repository):
        raise ValueError("mkdocs.yml 的 extra.filing.repository 必须是仓库的网址，例如 https://git.example.org/a/b。")
    if not _BRANCH.match(branch):
        raise ValueError("mkdocs.yml 的 extra.filing.branch 必须是分支名，例如 main。")
    return {"forge": forge, "repository": repository, "branch": branch}
